"""Stretches of time as columns and rows: their days, weeks and months, and the labels of a few of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from vovcrawl.report.language import Language

MOST_MONTHS = 360
"""Months of a table; the last ones."""
MOST_PERIODS = 240
"""Columns of a figure; the last ones."""

_DAY = timedelta(days=1)
_LABELS = 5


def each_day(first: date, last: date) -> Iterator[date]:
    """Each day of a stretch, the last one included."""
    for place in range((last - first).days + 1):
        yield first + place * _DAY


def months_of(first: date, last: date) -> Iterator[date]:
    """The first day of each month; of a stretch of centuries of each of the last years."""
    begin = max(first.year * 12 + first.month - 1, last.year * 12 + last.month - MOST_MONTHS)
    for month in range(begin, last.year * 12 + last.month):
        yield date(month // 12, month % 12 + 1, 1)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of `day`."""
    number = max(12, day.year * 12 + day.month - 1 - months)
    return date(number // 12, number % 12 + 1, 1)


def periods_of(first: date, last: date) -> tuple[str, list[date]]:
    """Days, weeks or months, by which so many columns are enough for a stretch of time, and the first day of each."""
    days = (last - first).days + 1
    if days <= 62:
        return "day", list(each_day(first, last))
    if days <= 63 * 7:
        begin = begin_of(first, "week")
        return "week", [begin + place * 7 * _DAY for place in range((last - begin).days // 7 + 1)]
    return "month", list(months_of(first, last))[-MOST_PERIODS:]


def begin_of(day: date, unit: str) -> date:
    """The first day of the week or month that `day` lies in."""
    if unit == "week":
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    return day.replace(day=1) if unit == "month" else day


def labels_of(periods: Sequence[date], unit: str, language: Language) -> dict[date, str]:
    """Labels for a few of the periods."""
    if unit == "month":
        return labels_of_months(periods, language)
    if unit == "day":
        every = -(-len(periods) // _LABELS)
        return {
            day: f"{day.day}/{day.month}" if language.code == "vi" else f"{day.day} {language.month(day.month)}"
            for day in periods[every // 2 :: every]
        }
    first_of_months = [one for before, one in pairwise(periods) if one.month != before.month]
    return labels_of_months(first_of_months, language)


def labels_of_months(months: Sequence[date], language: Language) -> dict[date, str]:
    """A few of the months, evenly: of many the Januaries, by their year alone."""
    if len(months) > 36:
        months = [month for month in months if month.month == 1]
        every = -(-len(months) // _LABELS)
        return {month: str(month.year) for month in months[::every]}
    every = -(-len(months) // _LABELS)
    return {month: language.month_of(month.year, month.month) for month in months[every // 2 :: every]}
