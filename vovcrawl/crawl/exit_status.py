"""The exit status of a crawl, and how it ended in words. Pure: all that `runs` and `coverage` need."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from vovcrawl.visits import FAILURES, Outcome

STORE_FAILED = "store failed"
"""Finish reason of a crawl whose store failed."""
FEED_FAILED = "feed failed"
"""Finish reason of a crawl whose feed could not be written."""
MADE_ROOM = "made room"
"""Finish reason of a run that ended for another crawl's sake, and is resumed after that."""

STORE_ERRORS = "vov/store/errors"
FEED_ERRORS = "vov/feed/errors"
OTHER_ERRORS = "vov/errors"
ROBOTS_UNAVAILABLE = "vov/robots/unavailable"
LEFT_OUT = "vov/sources/sitemap/left out"
"""Listed articles that were changed within the window and taken for older."""
GONE_THOUGH_LISTED = "vov/pages/gone though listed"
"""Articles that are gone since this run, though a source lists them."""
GONE_THOUGH_LISTED_IN_A_ROW = "vov/pages/gone though listed in a row"
CHANGED_FIELDS = "vov/drift/changed fields"
"""Fields that pages no longer show as expected."""
"""Names in the stats of what decides an exit status, beside `pages_stat`."""

EXIT_STATUS = "vov/exit_status"
"""Name in the stats of the exit status itself, once the crawl has ended."""

SEVERAL = 3
"""So many listed articles that are gone are a fault of the site, if they come in a row or are `LARGE_SHARE` of all."""
LARGE_SHARE = 0.05


class ExitStatus(IntEnum):
    """The statuses of the project's commands."""

    COMPLETE = 0
    ERROR = 1
    WRONG_ARGUMENTS = 2
    INCOMPLETE = 3
    BLOCKED = 4
    UNREACHABLE = 5
    STORE = 6
    CHANGED = 7
    HELD = 75


def pages_stat(outcome: Outcome) -> str:
    """The name in the stats of the number of visits that ended so."""
    return f"vov/pages/{outcome.value}"


def count_pages(stats: Mapping[str, Any], *outcomes: Outcome) -> int:
    """How many visits ended in one of these ways."""
    return sum(int(stats.get(pages_stat(outcome), 0)) for outcome in outcomes)


def contradicts_itself(stats: Mapping[str, Any]) -> bool:
    """Whether the site says of so many articles that they are gone, though its sources list them, that it errs."""
    gone = int(stats.get(GONE_THOUGH_LISTED, 0))
    asked = count_pages(stats, Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW, Outcome.NO_ARTICLE, Outcome.GONE)
    in_a_row = int(stats.get(GONE_THOUGH_LISTED_IN_A_ROW, 0))
    return in_a_row >= SEVERAL or (gone >= SEVERAL and gone >= asked * LARGE_SHARE)


def exit_status(stats: Mapping[str, Any], signal_number: int | None = None) -> int:
    """The status of a crawl that has ended, the worst that applies.

    Args:
        stats: of the crawl.
        signal_number: of the signal that stopped it, if one did.
    """
    if signal_number is not None:
        return 128 + signal_number
    reason = stats.get("finish_reason")
    feed_failed = bool(stats.get(FEED_ERRORS)) or any(name.startswith("feedexport/failed_count") for name in stats)
    if stats.get(STORE_ERRORS) or reason == STORE_FAILED:
        return ExitStatus.STORE
    unexpected = stats.get(OTHER_ERRORS) or stats.get("spider_exceptions/count") or count_pages(stats, Outcome.ERROR)
    if unexpected or reason in (None, "start_error"):
        return ExitStatus.ERROR
    if feed_failed:
        return ExitStatus.STORE
    if reason == MADE_ROOM:
        return ExitStatus.HELD
    answered = int(stats.get("downloader/response_count", 0))
    if reason == Outcome.UNREACHABLE or (count_pages(stats, Outcome.UNREACHABLE) and not answered):
        return ExitStatus.UNREACHABLE
    if stats.get(ROBOTS_UNAVAILABLE):
        return ExitStatus.UNREACHABLE
    if reason == Outcome.BLOCKED or count_pages(stats, Outcome.BLOCKED):
        return ExitStatus.BLOCKED
    if stats.get(CHANGED_FIELDS):
        # Before what is unread: pages that are not recognised are both.
        return ExitStatus.CHANGED
    # A limit such as CLOSESPIDER_TIMEOUT leaves work undone.
    if count_pages(stats, *FAILURES) or contradicts_itself(stats) or reason != "finished":
        return ExitStatus.INCOMPLETE
    return ExitStatus.COMPLETE


_ENDS: dict[int, str] = {
    ExitStatus.COMPLETE: "complete",
    ExitStatus.ERROR: "an error in the program",
    ExitStatus.INCOMPLETE: "finished, but some pages or a source could not be read",
    ExitStatus.BLOCKED: "blocked by the site",
    ExitStatus.UNREACHABLE: "the site cannot be reached",
    ExitStatus.STORE: "the store or a feed could not be written",
    ExitStatus.CHANGED: "the pages no longer look as expected",
}


def how_it_ended(status: int, reason: str | None) -> str:
    """What an exit status and Scrapy's finish reason say, in words."""
    if status > 128:
        return f"stopped by {signal.Signals(status - 128).name}; the work is saved"
    if reason == MADE_ROOM and status == ExitStatus.HELD:
        return "made room for a crawl of later days, to be resumed after it"
    if status == ExitStatus.INCOMPLETE and reason and reason != "finished":
        return f"stopped before its end ({reason})"
    return _ENDS.get(status, f"exit status {status}")
