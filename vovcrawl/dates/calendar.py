"""Calendar arithmetic: months, ISO weeks, seasons and the Vietnamese lunar calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

VIETNAM = timezone(timedelta(hours=7))
"""Indochina Time, without daylight saving; what a Vietnamese date without an offset means."""

FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1901, 2099
"""The years that the lunar tables hold in full."""


DOUBTFUL = range(150, 216)
"""Of two days that are so many days from a reference, one before and one after it, either may be meant."""


def in_vietnam(moment: datetime) -> datetime:
    """`moment` by the Vietnamese clock; without an offset it is by that already."""
    try:
        return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)
    except OverflowError:
        # The last hours of the year 9999 elsewhere have no date here.
        return moment.replace(tzinfo=VIETNAM)


def day(year: int, month: int, number: int) -> date | None:
    """That day, or None where the calendar has none."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def add(start: date, *, days: int = 0, weeks: int = 0, months: int = 0, years: int = 0) -> date | None:
    """`start` moved; a day that the month lacks becomes its last one. None outside the years 1 to 9999."""
    try:
        if months or years:
            count = 12 * (start.year + years) + start.month - 1 + months
            year, month = count // 12, count % 12 + 1
            start = date(year, month, min(start.day, monthrange(year, month)[1]))
        return start + timedelta(days=days, weeks=weeks)
    except (ValueError, OverflowError):
        return None


def iso_week(when: date) -> str:
    """`2023-W41`."""
    year, week, _ = when.isocalendar()
    return f"{year:04}-W{week:02}"


@lru_cache(maxsize=1024)
def lunar_day(year: int, month: int, number: int) -> date | None:
    """The solar date of a day in the lunar calendar; day 30 is the last one of a month that has 29.

    Leap months are not meant by a plain "tháng N". None outside the years of the tables.
    """
    if not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        return None
    # Few texts have a lunar date, and the import takes longer than that of this whole package.
    from lunar_vn import LunarDate, lunar_to_solar, solar_to_lunar

    for wanted in (number, number - 1) if number == 30 else (number,):
        try:
            found = lunar_to_solar(LunarDate(wanted, month, year))
        except ValueError:
            continue
        # The library counts on into the next month where this one has no day 30.
        if solar_to_lunar(found).day == wanted:
            return found
    return None


def lunar_number(when: date) -> int | None:
    """The day's number in its lunar month; None outside the years of the tables."""
    if not FIRST_LUNAR_YEAR < when.year <= LAST_LUNAR_YEAR:
        return None
    from lunar_vn import solar_to_lunar

    return solar_to_lunar(when).day


def nearest(candidates: list[date], reference: date, future: bool) -> date | None:
    """The candidate nearest to the reference day.

    Where the two best are both 150 to 215 days away, the clause decides: the later one if it speaks of what is to
    come, else the earlier one.
    """
    ranked = sorted(candidates, key=lambda one: abs((one - reference).days))
    if not ranked:
        return None
    if len(ranked) > 1:
        near, far = (abs((one - reference).days) for one in ranked[:2])
        if near in DOUBTFUL and far in DOUBTFUL:
            return max(ranked[:2]) if future else min(ranked[:2])
    return ranked[0]
