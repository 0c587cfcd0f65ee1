"""Ending a crawl before its queue is empty, and ending its run."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from scrapy.utils.defer import deferred_from_coro
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.exit_status import (
    EXIT_STATUS,
    FEED_ERRORS,
    FEED_FAILED,
    STORE_ERRORS,
    STORE_FAILED,
    ExitStatus,
    count_pages,
    exit_status,
    how_it_ended,
)
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.store import Counts, Kept, StoreError, StoreHeld
from vovcrawl.store.database import commit, explain
from vovcrawl.store.place import StoreReplaced
from vovcrawl.store.workers import is_lost
from vovcrawl.visits import FAILURES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)

_PATIENCE = 10.0
"""Seconds that the end of a run waits for another program's transaction, unless a signal hurries it."""


def refusal(error: ArgumentError | StoreError) -> ExitStatus:
    """The exit status of a crawl that does not begin because of `error`."""
    if isinstance(error, StoreHeld):
        return ExitStatus.HELD
    return ExitStatus.STORE if isinstance(error, StoreError) else ExitStatus.WRONG_ARGUMENTS


def stop(crawler: Crawler, reason: str) -> None:
    """Ends the crawl once what is in flight is done; what is queued stays queued."""
    deferred_from_coro(crawler.engine.close_spider_async(reason=reason))


def stop_for_store(crawler: Crawler, error: Exception) -> None:
    """Ends the crawl because the store failed: whatever is not committed is done again by the next one."""
    crawler.stats.inc_value(STORE_ERRORS)
    if crawler.stats.get_value(STORE_ERRORS) == 1:
        logger.error("The store failed: %s", explain(error))
        context = CrawlContext.of(crawler)
        context.has_lost_store = is_lost(error)
        with suppress(SQLAlchemyError):
            context.database.refuse_writes()
        stop(crawler, STORE_FAILED)


def stop_for_feed(crawler: Crawler, line: str) -> None:
    """Ends the crawl because a feed cannot be written: what it lacks is in the store, and the next crawl adds it."""
    crawler.stats.inc_value(FEED_ERRORS)
    if crawler.stats.get_value(FEED_ERRORS) == 1:
        logger.error("%s", line)
        stop(crawler, FEED_FAILED)


def end_run(crawler: Crawler, signal_number: int | None = None, *, failed: bool = False) -> tuple[int, str]:
    """Ends the crawl if nothing of it is left, and the run; then lets go of the store, even one that cannot be written.

    A store that is not where it was opened gets no end: another may be in its place.

    Args:
        crawler: whose run ends.
        signal_number: of the signal that stopped it, if one did.
        failed: whether the program failed outside the crawl.

    Returns:
        The exit status, and how the run ended in words.
    """
    context = CrawlContext.of(crawler)
    stats = _stats_of(crawler)

    def status() -> int:
        return ExitStatus.ERROR if failed or stats is None else exit_status(stats.get_stats(), signal_number)

    is_in_place = True

    def failing(error: SQLAlchemyError) -> None:
        nonlocal is_in_place
        is_in_place = not isinstance(error, StoreReplaced)
        if stats is not None:
            stats.inc_value(STORE_ERRORS)
        if is_in_place or stats is None or stats.get_value(STORE_ERRORS) == 1:
            logger.error("The store failed: %s", explain(error))
        with suppress(SQLAlchemyError):
            context.database.connection.rollback()

    try:
        context.database.check_place()
        if signal_number is None:
            context.database.wait_for_others(_PATIENCE)
        if stats is None or stats.get_value(STORE_ERRORS):
            # What a failing statement left half done is not to be kept with the end.
            context.database.refuse_writes(False)
        context.crawls.finish_if_done(context.frontier.crawl, context.frontier.sources_read)
        commit(context.database.connection)
    except SQLAlchemyError as error:
        failing(error)
    ended = status()
    values = stats.get_stats() if stats is not None else {}
    reason = values.get("finish_reason")
    try:
        if context.run is not None and is_in_place:
            context.runs.end(context.run, outcome=reason, exit_status=ended, counts=_counts(values))
    except SQLAlchemyError as error:
        failing(error)
        ended = status()
    finally:
        context.close()
    if stats is not None:
        stats.set_value(EXIT_STATUS, ended)
    words = how_it_ended(ended, reason)
    # A command's caller has the exit status, and is not to be mailed a log for it.
    level = logging.ERROR if ended and not context.ended_by_command else logging.INFO
    logger.log(level, "Ended: %s (exit status %d)", words, ended)
    return ended, words


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
        unchanged=sum(count(f"vov/articles/{kept.value}") for kept in Kept if not kept.is_line),
        failed=count_pages(stats, *FAILURES),
    )
