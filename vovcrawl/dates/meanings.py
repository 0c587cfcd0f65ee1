"""What a stretch of text says of time, before anyone asks when it was written.

Recognition (rules.py, reading.py) makes these; normalization.py turns them into values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Base = Literal["reference", "mention"]
"""What a distance counts from: the day of publication, or the date named last in the text."""

ModCode = Literal["START", "MID", "END"]

Unit = Literal["minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock, as written: the part of day may still add twelve hours."""

    hour: int
    minute: int = 0
    bare: bool = False
    """Written as "N giờ", which may be a length of time as well."""
    second: int = 0
    """Counts only where the words turn out to be a length of time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of day: MO, MI, AF, EV or NI."""

    code: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year: its number, or how many from the current or the last-named one."""

    number: int | None = None
    shift: int | None = None
    base: Base = "reference"


@dataclass(frozen=True, slots=True)
class Years:
    """Years `first` to `last`, of which the last one is not written in full: "mùa giải 2018/19"."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month; what is None is left open by the text."""

    day: int
    month: int | None = None
    year: Year | None = None
    month_shift: int | None = None
    lunar: bool = False
    recent: str | None = None
    """`current`, `last` or `next`, from "này", "vừa qua", "tới"."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its number."""

    month: int
    year: Year | None = None
    recent: str | None = None
    """`current`, `last` or `next`, from "này", "vừa qua", "tới"."""
    lunar: bool = False


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter by its number."""

    quarter: int
    year: Year | None = None
    recent: str | None = None


@dataclass(frozen=True, slots=True)
class Months:
    """Months `first` to `last` of a year; six at either end are a half year."""

    first: int
    last: int
    year: Year | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A season: SP, SU, FA or WI."""

    season: str
    year: Year | None
    recent: str | None = None
    """`current`, `last` or `next`, from "này", "vừa qua", "tới"."""


@dataclass(frozen=True, slots=True)
class Decade:
    """A decade by the first three digits of its years."""

    prefix: int


@dataclass(frozen=True, slots=True)
class Century:
    """A century by the first two digits of most of its years."""

    prefix: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, Monday 1, with the word after it (the meanings of [weekday_tail])."""

    number: int
    tail: str | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Weekend:
    """A weekend: `this`, `past` or `next`."""

    which: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A distance from the day of publication or from the date named last: "hôm qua", "3 năm trước", "tháng sau"."""

    unit: Unit
    count: int
    base: Base = "reference"
    at_weekend: bool = False
    """The current week where the text was written on a weekend ("tuần qua")."""


@dataclass(frozen=True, slots=True)
class EveryDay:
    """The day of an hour that recurs: "18h-23h mỗi tối"."""


@dataclass(frozen=True, slots=True)
class Now:
    """The day of publication as the end of a range: "đến nay"."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, as an ISO 8601 duration."""

    value: str


@dataclass(frozen=True, slots=True)
class Every:
    """A recurring time, as its TIMEX3 value."""

    value: str


@dataclass(frozen=True, slots=True)
class Mod:
    """Which part of a period is meant: START, MID or END."""

    code: ModCode


@dataclass(frozen=True, slots=True)
class Zone:
    """Whose clock a time is given by: `here`, `local` (somewhere else), or `utc` with its offset in hours."""

    kind: Literal["here", "local", "utc"]
    hours: int = 7


@dataclass(frozen=True, slots=True)
class Bare:
    """A number that a neighbour explains: "13" in "13, 14 và 21/2", "8" in "8-11h"."""

    number: int


Date = (
    Day
    | Month
    | Quarter
    | Months
    | Season
    | Decade
    | Century
    | Weekday
    | Weekend
    | Shift
    | Year
    | Years
    | Now
    | EveryDay
    | Bare
)
"""What can say which day or period."""

Piece = Date | Clock | Part | Length | Every | Mod | Zone
