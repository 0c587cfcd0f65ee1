"""Nothing off the site is fetched, whatever asks for it: a link, a redirect, robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from vovcrawl import urls
from vovcrawl.crawl import configuration
from vovcrawl.pages.tag_service import is_tag_service

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_ROBOTS_OF_SERVICES = frozenset(f"https://{host}/robots.txt" for host in urls.SERVICE_HOSTS)
"""A page that is rendered, and whoever asks for tags, asks these hosts only by their rules."""


class OutOfScope(IgnoreRequest):
    """The url is not the newspaper's."""


class ScopeMiddleware:
    """Refuses every request whose url is not vov.vn in Vietnamese.

    Args:
        asks_for_tags: whether the tag service may be asked, at its one url.
    """

    def __init__(self, *, asks_for_tags: bool = False) -> None:
        self._asks_for_tags = asks_for_tags

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware of a crawler."""
        return cls(asks_for_tags=configuration.asks_for_tags(crawler.settings))

    def process_request(self, request: Request) -> None:
        """Raises `OutOfScope` for a url that is not the newspaper's."""
        if urls.in_scope(request.url) is not None or request.url in _ROBOTS_OF_SERVICES:
            return
        if not (self._asks_for_tags and is_tag_service(request.url)):
            raise OutOfScope(f"leads out of vov.vn: {request.url[:200]}")
