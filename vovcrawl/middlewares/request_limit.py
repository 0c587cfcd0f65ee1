"""No more requests than a spider may make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self, cast

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LimitedSpider(Protocol):
    """A spider that may make some requests only."""

    most_requests: int
    requests: int
    """Made so far."""


class LimitReached(IgnoreRequest):
    """As many requests were made as are allowed."""


class RequestLimit:
    """Counts what is sent, also for robots.txt and after redirects, and sends nothing beyond what is allowed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware of a crawler, whose spider is a `LimitedSpider`."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises `LimitReached` where no request is left."""
        spider = cast("LimitedSpider", self._crawler.spider)
        if spider.requests >= spider.most_requests:
            raise LimitReached(f"{spider.most_requests} requests were made, and no more are")
        spider.requests += 1
