"""Ends a long crawl at the next page where one of later days waits for the store; the command resumes it after that."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.exit_status import MADE_ROOM
from vovcrawl.crawl.stopping import stop, stop_for_store
from vovcrawl.downloader.slots import call_off_waiting

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_EVERY = 3.0
"""Seconds between two looks."""


class MakeRoom:
    """Looks whether another crawl waits."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = CrawlContext.of(crawler)
        self._task = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MakeRoom:
        """The extension, for a crawl that can be resumed by itself."""
        if not CrawlContext.of(crawler).can_begin_again:
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begins to look."""
        self._task.start(_EVERY, now=False)

    def look(self) -> None:
        """Ends the crawl if one of later days waits."""
        try:
            is_asked = self._context.database.is_asked_for_room(self._context.arguments.window.start)
            if is_asked:
                self._context.database.make_room()
        except SQLAlchemyError as error:
            self._task.stop()
            stop_for_store(self._crawler, error)
            return
        if is_asked:
            self._task.stop()
            logger.info("Making room for a crawl of later days: resumed when that has ended")
            call_off_waiting(self._crawler)
            stop(self._crawler, MADE_ROOM)

    def spider_closed(self) -> None:
        """Looks no more."""
        if self._task.running:
            self._task.stop()
