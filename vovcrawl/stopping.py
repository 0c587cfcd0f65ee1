"""How a crawl ends: ending it early, what it says in the end, and its exit status."""

from __future__ import annotations

import logging
import signal
from contextlib import suppress
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.job import Job
from vovcrawl.store import Counts
from vovcrawl.store.database import explain
from vovcrawl.visits import FAILURES, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)
_SIGNAL_LOG = logging.getLogger("scrapy.utils.signal")

STORE_FAILED = "store failed"
"""Finish reason of a crawl whose store failed."""
FEED_FAILED = "feed failed"
"""Finish reason of a crawl whose feed could not be written."""

STORE_ERRORS = "vov/store/errors"
FEED_ERRORS = "vov/feed/errors"
OTHER_ERRORS = "vov/errors"


_PATIENCE = 10.0
"""Seconds that the end of a run waits for another program's transaction, unless a signal hurries it."""


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


class _WithoutStoreErrors(logging.Filter):
    """A store that fails is told once, by `stop_for_store`, and not with a traceback for every page in hand."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is None or not isinstance(record.exc_info[1], SQLAlchemyError)


logging.getLogger("scrapy.core.scraper").addFilter(_WithoutStoreErrors())


def stop(crawler: Crawler, reason: str) -> None:
    """Ends the crawl once what is in hand is done; what is queued stays queued."""
    deferred_from_coro(crawler.engine.close_spider_async(reason=reason))


def stop_for_store(crawler: Crawler, error: Exception) -> None:
    """Ends the crawl because the store failed: whatever is not committed is done again by the next one."""
    crawler.stats.inc_value(STORE_ERRORS)
    if crawler.stats.get_value(STORE_ERRORS) == 1:
        logger.error("The store failed: %s", explain(error))
        with suppress(SQLAlchemyError):
            Job.of(crawler).database.refuse_writes()
        stop(crawler, STORE_FAILED)


def stop_for_feed(crawler: Crawler, line: str) -> None:
    """Ends the crawl because a feed cannot be written: what it lacks is in the store, and the next crawl adds it."""
    crawler.stats.inc_value(FEED_ERRORS)
    if crawler.stats.get_value(FEED_ERRORS) == 1:
        logger.error("%s", line)
        stop(crawler, FEED_FAILED)


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


_ENDS: dict[int, str] = {
    ExitStatus.COMPLETE: "complete",
    ExitStatus.ERROR: "an error in the program",
    ExitStatus.INCOMPLETE: "finished, but some pages or a source could not be read",
    ExitStatus.BLOCKED: "blocked by the site",
    ExitStatus.UNREACHABLE: "the site cannot be reached",
    ExitStatus.STORE: "the store or a feed could not be written",
}


def how_it_ended(status: int, reason: str | None) -> str:
    """What an exit status and Scrapy's finish reason say, in words."""
    if status > 128:
        return f"stopped by {signal.Signals(status - 128).name}; the work is saved"
    if status == ExitStatus.INCOMPLETE and reason and reason != "finished":
        return f"stopped before its end ({reason})"
    return _ENDS.get(status, f"exit status {status}")


def end_run(crawler: Crawler, signal_number: int | None = None, *, failed: bool = False) -> tuple[int, str]:
    """Ends the walk if nothing of it is left, and the run; then lets go of the store, whether or not it can be written.

    Args:
        crawler: whose run ends.
        signal_number: of the signal that stopped it, if one did.
        failed: whether the program failed outside the crawl.

    Returns:
        The exit status, and how the run ended in words.
    """
    job = Job.of(crawler)
    stats = _stats_of(crawler)

    def status() -> int:
        return ExitStatus.ERROR if failed or stats is None else exit_status(stats.get_stats(), signal_number)

    def failing(error: SQLAlchemyError) -> None:
        if stats is not None:
            stats.inc_value(STORE_ERRORS)
        logger.error("The store failed: %s", explain(error))
        with suppress(SQLAlchemyError):
            job.database.connection.rollback()

    try:
        if signal_number is None:
            job.database.wait_for_others(_PATIENCE)
        if stats is None or stats.get_value(STORE_ERRORS):
            # What a failing statement left half done is not to be kept with the end.
            job.database.refuse_writes(False)
        job.frontier.end_walk()
    except SQLAlchemyError as error:
        failing(error)
    ended = status()
    values = stats.get_stats() if stats is not None else {}
    reason = values.get("finish_reason")
    try:
        if job.run is not None:
            job.runs.end(job.run, outcome=reason, exit_status=ended, counts=_counts(values))
    except SQLAlchemyError as error:
        failing(error)
        ended = status()
    finally:
        job.close()
    return ended, how_it_ended(ended, reason)


def _stats_of(crawler: Crawler) -> StatsCollector | None:
    """The crawl's stats; None where it failed before it had any, for which Scrapy has no question."""
    try:
        return crawler.stats
    except RuntimeError:
        return None


def _counts(stats: Mapping[str, Any]) -> Counts:
    def count(name: str) -> int:
        return int(stats.get(name, 0))

    return Counts(
        requests=count("downloader/request_count"),
        bytes=count("downloader/response_bytes"),
        new=count("vov/articles/new"),
        revised=count("vov/articles/revised"),
        unchanged=count("vov/articles/unchanged"),
        failed=sum(count(f"vov/pages/{outcome.value}") for outcome in FAILURES),
    )


class _HandlerErrors(logging.Handler):
    """Counts what failed in handlers of Scrapy's signals, which Scrapy itself only logs: a feed's writing above all."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self._crawler = crawler

    def emit(self, record: logging.LogRecord) -> None:
        of_feed = "FeedWriter" in record.getMessage()
        self._crawler.stats.inc_value(FEED_ERRORS if of_feed else OTHER_ERRORS)


class Summary:
    """Says in one line what the crawl brought, and ends its run."""

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
        """Ends the run, after the last pipeline."""
        _SIGNAL_LOG.removeHandler(self._errors)
        if not Job.of(self._crawler).ended_by_command:
            end_run(self._crawler)
