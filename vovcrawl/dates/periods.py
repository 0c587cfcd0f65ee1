"""The days that a TIMEX3 value covers."""

from __future__ import annotations

import re
from datetime import date, timedelta

from vovcrawl.dates import calendar

SEASONS = {"SP": (2, 4), "SU": (5, 6), "FA": (8, 8), "WI": (11, 8)}
"""Month and day on which a season begins: lập xuân, lập hạ, lập thu and lập đông, give or take a day."""

_FORMS = re.compile(
    r"""
    (?P<year>\d{4})
    (?: -(?P<month>\d\d) (?: -(?P<day>\d\d) (?:T.+)? )?
      | -Q(?P<quarter>[1-4])
      | -H(?P<half>[12])
      | -W(?P<week>\d\d) (?P<weekend>-WE)?
      | -(?P<season>SP|SU|FA|WI)
    )?
    | (?P<prefix>\d{2,3})
    """,
    re.VERBOSE,
)


def days(value: str) -> tuple[date, date] | None:
    """The first and the last day of a value, both inclusive; None for lengths, recurring times and open years.

    A century is what its two digits say (`19`: 1900 to 1999), a decade likewise. Of an interval the first end's first
    and the last end's last day count.
    """
    first, _, last = value.partition("/")
    begin = _one(first)
    end = _one(last) if last else begin
    if begin is None or end is None or begin[0] > end[1]:
        return None
    return begin[0], end[1]


_PARTS = ("MO", "MI", "AF", "EV", "NI")


def in_order(begin: str, end: str) -> bool:
    """Whether the end of a range comes no sooner than its beginning; taken for granted where a year is open."""
    first, last = _one(begin.partition("/")[0]), _one(end.rpartition("/")[2])
    if first is None or last is None:
        return True
    if first[0] != last[1]:
        return first[0] < last[1]
    one, other = begin.partition("T")[2], end.partition("T")[2]
    if one in _PARTS and other in _PARTS:
        return _PARTS.index(one) <= _PARTS.index(other)
    return not one or not other or one in _PARTS or other in _PARTS or one <= other


def _one(value: str) -> tuple[date, date] | None:
    match = _FORMS.fullmatch(value)
    if match is None:
        return None
    try:
        if match["prefix"]:
            years = 10 ** (4 - len(match["prefix"]))
            year = int(match["prefix"]) * years
            return date(max(year, 1), 1, 1), date(year + years - 1, 12, 31)
        year = int(match["year"])
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return day, day
        if match["month"]:
            return _months(year, int(match["month"]), 1)
        if match["quarter"]:
            return _months(year, 3 * int(match["quarter"]) - 2, 3)
        if match["half"]:
            return _months(year, 6 * int(match["half"]) - 5, 6)
        if match["week"]:
            monday = date.fromisocalendar(year, int(match["week"]), 1)
            return monday + timedelta(days=5 if match["weekend"] else 0), monday + timedelta(days=6)
        if match["season"]:
            names = list(SEASONS)
            place = names.index(match["season"])
            begin = date(year, *SEASONS[names[place]])
            following = date(year + (place == 3), *SEASONS[names[(place + 1) % 4]])
            return begin, following - timedelta(days=1)
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


def _months(year: int, month: int, count: int) -> tuple[date, date] | None:
    first = date(year, month, 1)
    end = calendar.add(first, months=count)
    # The last month of the year 9999 has no day after it.
    return first, end - timedelta(days=1) if end is not None else date(year, 12, 31)
