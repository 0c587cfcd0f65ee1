"""Frees the memory of pages that were not read: Python counts objects, not their size, before it looks for garbage.

What is there when the crawl begins stays to its end, and is not looked through again and again.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from scrapy import signals

from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.store import KeptVisit
from vovcrawl.visits import State, VisitResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_MUCH = 4 * 1024 * 1024
"""Bytes of responses after which it is worth the time to look for what can be freed."""

_OK = 200


class FreeMemory:
    """Collects garbage after failed visits whose responses may have been large."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._received = 0
        VisitResults.of(crawler).after_keep.append(self.collect)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FreeMemory:
        """The extension, at work after each visit."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        """Leaves out of account what has been imported and made by now."""
        gc.freeze()

    def collect(self, result: VisitResult, kept: KeptVisit) -> None:
        """Collects garbage where that may free much."""
        if result.outcome.state not in (State.FAILED, State.GONE):
            return
        received = self._crawler.stats.get_value("downloader/response_bytes", 0)
        if result.status in (None, _OK) or received - self._received > _MUCH:
            self._received = received
            gc.collect()
