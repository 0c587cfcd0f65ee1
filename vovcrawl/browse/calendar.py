"""A year as a calendar of weeks, with how many articles each day has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_SHADES = 4
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar."""

    day: date
    articles: int
    is_hole: bool
    """Whether it has no article, though the days before and after do, see `holes`."""
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
    holes: list[date]

    @classmethod
    def of(cls, year: int, counts: Mapping[str, int]) -> Year:
        """The calendar of a year.

        Args:
            year: which one.
            counts: articles by day, `2023-10-07`, also of some days before and after; days without any may be left out.
        """
        most = _full(number for day, number in counts.items() if day.startswith(f"{year:04}"))
        empty = set(holes(year, counts))
        months = []
        for number in range(1, 13):
            days = []
            for day in _days(year, number):
                count = counts.get(day.isoformat(), 0)
                days.append(Day(day, count, day in empty, _shade(count, most)))
            padded: list[Day | None] = [*([None] * days[0].day.weekday()), *days]
            padded += [None] * (-len(padded) % 7)
            weeks = [padded[start : start + 7] for start in range(0, len(padded), 7)]
            months.append(Month(number, weeks, sum(day.articles for day in days)))
        return cls(year, months, sum(month.articles for month in months), sorted(empty))


def holes(year: int, counts: Mapping[str, int]) -> list[date]:
    """The days of a year without an article that stand out, in order: those of stretches with days before and after
    them of which most have articles.

    Args:
        year: which one.
        counts: as of `Year.of`, up to a week before and after the year.
    """
    found: list[date] = []
    stretch: list[date] = []
    begin, end = _week_before(year), _week_after(year)
    day = begin
    while day <= end:
        if counts.get(day.isoformat()):
            if stretch and _is_filled(stretch[0], -1, counts) and _is_filled(stretch[-1], 1, counts):
                found += [empty for empty in stretch if empty.year == year]
            stretch = []
        else:
            stretch.append(day)
        if day == date.max:
            break
        day += timedelta(1)
    return found


def _is_filled(day: date, step: int, counts: Mapping[str, int]) -> bool:
    """Whether most days of the week before or after a day have articles."""
    filled = 0
    for place in range(1, _WEEK + 1):
        try:
            beside = day + timedelta(step * place)
        except OverflowError:
            return False
        filled += bool(counts.get(beside.isoformat()))
    return filled > _WEEK // 2


def _week_before(year: int) -> date:
    begin = date(year, 1, 1)
    return begin - timedelta(2 * _WEEK) if year > 1 else begin


def _week_after(year: int) -> date:
    end = date(year, 12, 31)
    return end + timedelta(2 * _WEEK) if year < date.max.year else end


def years(first: date, last: date) -> list[int]:
    """The years from one day to another, the latest first."""
    return list(range(last.year, first.year - 1, -1))


def _days(year: int, month: int) -> list[date]:
    begin = date(year, month, 1)
    return [day for place in range(31) if (day := begin + timedelta(place)).month == month]


def _full(counts: Iterable[int]) -> int:
    """So many articles as one day in ten has, or more: a single day of thousands would pale all others."""
    filled = sorted(number for number in counts if number)
    return filled[len(filled) * 9 // 10] if filled else 0


def _shade(count: int, most: int) -> int:
    return min(_SHADES, -(-count * _SHADES // most)) if count and most else 0
