"""A year as a calendar of weeks, with how many articles each day has. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from vovcrawl.report.days import Gap, gaps

_SHADES = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar."""

    day: date
    articles: int
    is_missing: bool
    """Whether it lies in a gap, as the report judges it too."""
    shade: int
    """0 for none, up to 4 for the fullest days of the year."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday on, None for the days of the months beside it."""

    number: int
    weeks: list[list[Day | None]]
    articles: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a calendar."""

    year: int
    months: list[Month]
    articles: int
    missing: list[date]

    @classmethod
    def of(cls, year: int, counts: Mapping[date, int]) -> Year:
        """The calendar of a year.

        Args:
            year: which one.
            counts: articles of each day that has any, of all years: a gap is judged by the days around it.
        """
        most = _full(number for day, number in counts.items() if day.year == year)
        missing = {day for gap in gaps(counts) for day in _days_of(gap, year)}
        months = []
        for number in range(1, 13):
            days = []
            for day in _days(year, number):
                count = counts.get(day, 0)
                days.append(Day(day, count, day in missing, _shade(count, most)))
            padded: list[Day | None] = [*([None] * days[0].day.weekday()), *days]
            padded += [None] * (-len(padded) % 7)
            weeks = [padded[start : start + 7] for start in range(0, len(padded), 7)]
            months.append(Month(number, weeks, sum(day.articles for day in days)))
        return cls(year, months, sum(month.articles for month in months), sorted(missing))


def years(first: date, last: date) -> list[int]:
    """The years from one day to another, the latest first."""
    return list(range(last.year, first.year - 1, -1))


def _days_of(gap: Gap, year: int) -> Iterator[date]:
    """The days of a gap that lie in a year."""
    first, last = max(gap.first, date(year, 1, 1)), min(gap.last, date(year, 12, 31))
    return (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def _days(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _full(counts: Iterable[int]) -> int:
    """So many articles as one day in ten has, or more: a single day of thousands would pale all others."""
    filled = sorted(number for number in counts if number)
    return filled[len(filled) * 9 // 10] if filled else 0


def _shade(count: int, most: int) -> int:
    return min(_SHADES, -(-count * _SHADES // most)) if count and most else 0
