"""How a crawl ends: ending it early, what it says in the end, and its exit status."""

from __future__ import annotations

import logging
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.job import Job
from vovcrawl.store.database import explain
from vovcrawl.visits import FAILURES, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
_SIGNAL_LOG = logging.getLogger("scrapy.utils.signal")

STORE_FAILED = "store failed"
"""Finish reason of a crawl whose store failed."""

STORE_ERRORS = "vov/store/errors"
FEED_ERRORS = "vov/feed/errors"
OTHER_ERRORS = "vov/errors"


class ExitStatus(IntEnum):
    """The statuses of `scrapy crawl vov`."""

    COMPLETE = 0
    ERROR = 1
    WRONG_ARGUMENTS = 2
    INCOMPLETE = 3
    BLOCKED = 4
    UNREACHABLE = 5
    STORE = 6
    HELD = 75


def stop(crawler: Crawler, reason: str) -> None:
    """Ends the crawl once what is in hand is done; what is queued stays queued."""
    deferred_from_coro(crawler.engine.close_spider_async(reason=reason))


def stop_for_store(crawler: Crawler, error: Exception) -> None:
    """Ends the crawl because the store failed: whatever is not committed is done again by the next one."""
    crawler.stats.inc_value(STORE_ERRORS)
    if crawler.stats.get_value(STORE_ERRORS) == 1:
        logger.error("The store failed: %s", explain(error))
        stop(crawler, STORE_FAILED)


def exit_status(stats: Mapping[str, Any], signal_number: int | None = None) -> int:
    """The status of a crawl that has ended, the worst that applies.

    Args:
        stats: of the crawl.
        signal_number: of the signal that stopped it, if one did.
    """

    def pages(*outcomes: Outcome) -> int:
        return sum(int(stats.get(f"vov/pages/{outcome.value}", 0)) for outcome in outcomes)

    if signal_number is not None:
        return 128 + signal_number
    reason = stats.get("finish_reason")
    feed_failed = bool(stats.get(FEED_ERRORS)) or any(name.startswith("feedexport/failed_count") for name in stats)
    if stats.get(STORE_ERRORS) or reason == STORE_FAILED:
        return ExitStatus.STORE
    unexpected = stats.get(OTHER_ERRORS) or stats.get("spider_exceptions/count") or pages(Outcome.ERROR)
    if unexpected or reason in (None, "start_error"):
        return ExitStatus.ERROR
    if feed_failed:
        return ExitStatus.STORE
    answered = int(stats.get("downloader/response_count", 0))
    if reason == Outcome.UNREACHABLE or (pages(Outcome.UNREACHABLE) and not answered):
        return ExitStatus.UNREACHABLE
    if stats.get("vov/robots/unavailable"):
        return ExitStatus.UNREACHABLE
    if reason == Outcome.BLOCKED or pages(Outcome.BLOCKED):
        return ExitStatus.BLOCKED
    # A limit such as CLOSESPIDER_TIMEOUT leaves work behind.
    if pages(*FAILURES) or reason != "finished":
        return ExitStatus.INCOMPLETE
    return ExitStatus.COMPLETE


class _HandlerErrors(logging.Handler):
    """Counts what failed in handlers of Scrapy's signals, which Scrapy itself only logs: a feed's writing above all."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self._crawler = crawler

    def emit(self, record: logging.LogRecord) -> None:
        of_feed = "FeedExporter" in record.getMessage()
        self._crawler.stats.inc_value(FEED_ERRORS if of_feed else OTHER_ERRORS)


class Summary:
    """Lets go of the store when the crawl ends, and says in one line what it brought."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._errors = _HandlerErrors(crawler)
        _SIGNAL_LOG.addHandler(self._errors)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        """The extension, listening for the crawl's end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        return extension

    def spider_closed(self, spider: Spider) -> None:
        """Says what the crawl brought."""
        stats = self._crawler.stats.get_stats()

        def count(name: str) -> int:
            return int(stats.get(f"vov/{name}", 0))

        failed = sum(count(f"pages/{outcome.value}") for outcome in FAILURES)
        logger.info(
            "%d articles: %d new, %d revised, %d unchanged; %d outside the window, %d gone, %d without an article, "
            "%d forbidden, %d not read; kept in %s",
            count("pages/article"),
            count("articles/new"),
            count("articles/revised"),
            count("articles/unchanged"),
            count("pages/outside window"),
            count("pages/gone"),
            count("pages/no article") + count("pages/out of scope"),
            count("pages/forbidden by robots.txt"),
            failed,
            Job.of(self._crawler).database.name,
        )

    def engine_stopped(self) -> None:
        """Lets go of the store, after the last pipeline."""
        _SIGNAL_LOG.removeHandler(self._errors)
        try:
            Job.of(self._crawler).close()
        except SQLAlchemyError as error:
            self._crawler.stats.inc_value(STORE_ERRORS)
            logger.error("The store failed: %s", explain(error))
