"""What Scrapy says of each response and item: nothing, unless it is shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy import logformatter

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class LogFormatter(logformatter.LogFormatter):
    """Scrapy's own, which makes a record for every response and item even where the log's level leaves both out."""

    def __init__(self, *, shows_details: bool) -> None:
        self._shows_details = shows_details

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LogFormatter:
        """The formatter of a crawler, by its `LOG_LEVEL`."""
        level = crawler.settings.get("LOG_LEVEL")
        number = level if isinstance(level, int) else logging.getLevelNamesMapping().get(level, logging.DEBUG)
        return cls(shows_details=number <= logging.DEBUG)

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        """A response that was received."""
        return super().crawled(request, response, spider) if self._shows_details else None

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        """An item that came out of the pipelines."""
        return super().scraped(item, response, spider) if self._shows_details else None
