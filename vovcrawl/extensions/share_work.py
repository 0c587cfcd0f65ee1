"""Says to the other workers of a store that this one lives, and goes on when one of them has left work to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.downloader.slots import ask_for_next
from vovcrawl.store.workers import RENEWED_EVERY

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.store.workers import Workers

_LOOKED_EVERY = 0.25
"""Seconds between two looks for work by one that has none: Scrapy by itself looks every five."""


class ShareWork:
    """A worker among others, of a store on a server."""

    def __init__(self, crawler: Crawler, workers: Workers) -> None:
        self._crawler = crawler
        self._workers = workers
        self._renewals = create_looping_call(self._renew)
        self._looks = create_looping_call(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ShareWork:
        """The extension, for a crawl into such a store."""
        workers = CrawlContext.of(crawler).database.workers
        if workers is None:
            raise NotConfigured
        extension = cls(crawler, workers)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begins to say so."""
        self._renewals.start(RENEWED_EVERY)
        self._looks.start(_LOOKED_EVERY, now=False)

    def _renew(self) -> None:
        try:
            self._workers.renew()
        except SQLAlchemyError as error:
            self._renewals.stop()
            stop_for_store(self._crawler, error)

    def _look(self) -> None:
        ask_for_next(self._crawler)

    def spider_closed(self) -> None:
        """Says nothing more."""
        for task in (self._renewals, self._looks):
            if task.running:
                task.stop()
