"""The window of publication times that a crawl is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.pages.publication import VIETNAM, from_iso

if TYPE_CHECKING:
    from collections.abc import Mapping

_RELATIVE = re.compile(r"(?P<number>[0-9]{1,5})\s*(?P<unit>[hdw])")
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_DEFAULT = "2d"
"""What `since` means for a crawl that is asked for nothing at all."""


@dataclass(frozen=True, slots=True)
class Window:
    """The publication times asked for: from `start`, inclusive, to `end`, exclusive; None is no limit."""

    start: datetime | None = None
    end: datetime | None = None
    moves: bool = field(default=False, compare=False)
    """Whether its start is a span back from now."""

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` lies in the window."""
        return not self.is_before(moment) and (self.end is None or moment < self.end)

    def is_before(self, moment: datetime) -> bool:
        """Whether `moment` is older than the window."""
        return self.start is not None and moment < self.start

    def holds_iso(self, published: str) -> bool:
        """As `holds`, for a time as records write it."""
        moment = from_iso(published)
        return moment is not None and self.holds(moment)

    def is_before_iso(self, published: str) -> bool:
        """As `is_before`, for a time as records write it."""
        moment = from_iso(published)
        return moment is not None and self.is_before(moment)

    @property
    def is_open(self) -> bool:
        """Whether every time lies in the window."""
        return self.start is None and self.end is None


def read_window(value: Mapping[str, str], now: datetime, *, nothing_asked: bool = False) -> Window:
    """The window that `since` and `until` in `value` give.

    Args:
        value: arguments by name, as typed.
        now: the moment that a relative `since` counts from.
        nothing_asked: whether the crawl was given no argument at all.

    Raises:
        ArgumentError: one of them is no day, month or year, or `since` is after `until`.
    """
    since = value.get("since", _DEFAULT if nothing_asked else "all")
    start = _since(since, now)
    end: datetime | None = None
    if "until" in value:
        stretch = _days(value["until"])
        if stretch is None:
            raise ArgumentError(
                f"-a until: {quoted(value['until'])} is no date; right would be 2023-10-31, 2023-10 or 2023"
            )
        end = stretch.end
    if start is not None and end is not None and start >= end:
        raise ArgumentError(f"-a since={value.get('since')} lies after -a until={value['until']}")
    return Window(start, end, moves=_RELATIVE.fullmatch(since) is not None)


def _since(text: str, now: datetime) -> datetime | None:
    if text == "all":
        return None
    match = _RELATIVE.fullmatch(text)
    try:
        if match:
            number = int(match["number"])
            if match["unit"] == "h":
                return now.astimezone(VIETNAM) - relativedelta(hours=number)
            days = number * (7 if match["unit"] == "w" else 1)
            # Whole days: two days ago means from that day's midnight on.
            return datetime.combine(now.astimezone(VIETNAM).date() - relativedelta(days=days), time(), VIETNAM)
        stretch = _days(text)
        if stretch is not None:
            return stretch.start
    except (ValueError, OverflowError):
        pass
    raise ArgumentError(
        f"-a since: {quoted(text)} is neither a date like 2023-10-01, 2023-10 or 2023 nor one of 12h, 7d, 2w, all"
    )


def _days(text: str) -> Window | None:
    """The day, month or year that `text` names; None where there is no such one."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        start = datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1), tzinfo=VIETNAM)
    except ValueError:
        return None
    if match["day"]:
        length = relativedelta(days=1)
    else:
        length = relativedelta(months=1) if match["month"] else relativedelta(years=1)
    try:
        return Window(start, start + length)
    except (ValueError, OverflowError):
        # Nothing comes after the last year there is.
        return Window(start)
