"""Days without articles, or with few, although the days around them have many. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

_DAY = timedelta(days=1)

_AROUND = 14
"""Days on either side that say what is usual: two weeks, so that weekends weigh as they do."""
_MANY = 3
_FEWEST_LACKING = 9
"""At least 3 articles a day, and 9 lacking in all: by Poisson's law chance empties such days once in 8,000 times."""

_WEEK = 7
_WEEKS = 4

_STEADY_DAYS = 3
_FEWEST_CLOSE = 10
"""Where each of at least 10 of the 14 nearest days has an article, 3 days in a row without any are a gap too."""

_THIN_SHARE = 0.25
_THIN_FROM = 20
"""Fewer than a quarter of at least 20 articles are hardly chance: once in 50,000 days by Poisson's law."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row without an article, although the days around them have many."""

    first: date
    last: date
    usual: float
    """Articles a day around them."""

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    @property
    def expected(self) -> int:
        """How many articles would be usual in them."""
        return round(self.usual * self.days)


@dataclass(frozen=True, slots=True)
class ThinDay:
    """A day with less than a quarter of what is usual around it."""

    day: date
    count: int
    usual: float


def gaps(counts: Mapping[date, int], until: date | None = None) -> list[Gap]:
    """The gaps between days with articles, in their order.

    Args:
        counts: articles of each day that has any.
        until: the last day of which articles are to be expected, where that is after the last one that has any.
    """
    days = sorted(counts)
    found = []
    for before, after in pairwise(days):
        if (after - before).days > 1:
            gap = _gap(counts, days[0], days[-1], before + _DAY, after - _DAY)
            found += [gap] if gap is not None else []
    if days and until is not None and until > days[-1]:
        gap = _gap(counts, days[0], days[-1], days[-1] + _DAY, until)
        found += [gap] if gap is not None else []
    return found


def thin_days(counts: Mapping[date, int]) -> list[ThinDay]:
    """The days with far fewer articles than usual; the first and the last one are never whole, and are left out."""
    days = sorted(counts)
    found = []
    for day in days[1:-1]:
        around = _before(counts, days[0], day) + _after(counts, days[-1], day)
        usual = median(around)
        if usual >= _THIN_FROM and counts[day] < usual * _THIN_SHARE:
            found.append(ThinDay(day, counts[day], usual))
    return found


def _gap(counts: Mapping[date, int], first: date, last: date, start: date, end: date) -> Gap | None:
    before, after = _before(counts, first, start), _after(counts, last, end)
    gap = Gap(start, end, median(before + after))
    # Both sides must have many: else one article with a wrong date would make a gap of years.
    has_many = min(median(side) for side in (before, after) if side) >= _MANY and gap.expected >= _FEWEST_LACKING
    close = before[:_WEEK] + after[:_WEEK]
    is_steady = gap.days >= _STEADY_DAYS and len(close) >= _FEWEST_CLOSE and min(close) > 0
    if is_steady or (has_many and _expected_by_weekday(counts, first, last, gap) >= _FEWEST_LACKING):
        return gap
    return None


def _expected_by_weekday(counts: Mapping[date, int], first: date, last: date, gap: Gap) -> float:
    """How many articles would be usual by the same days of the weeks around: many a section has no weekends."""
    if gap.days >= _WEEK:
        return gap.expected
    expected = 0.0
    for place in range(gap.days):
        day = gap.first + place * _DAY
        distances = [week * _WEEK for week in range(-_WEEKS, _WEEKS + 1) if week]
        near = [
            counts.get(day + distance * _DAY, 0)
            for distance in distances
            if -(day - first).days <= distance <= (last - day).days
        ]
        expected += median(near) if near else gap.usual
    return expected


def _before(counts: Mapping[date, int], first: date, day: date) -> list[int]:
    """Articles of the days before `day`, the nearest first."""
    near = min(_AROUND, (day - first).days)
    return [counts.get(day - place * _DAY, 0) for place in range(1, near + 1)]


def _after(counts: Mapping[date, int], last: date, day: date) -> list[int]:
    near = min(_AROUND, (last - day).days)
    return [counts.get(day + place * _DAY, 0) for place in range(1, near + 1)]
