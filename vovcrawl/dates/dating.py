"""From the meaning of a date to the day or period, by the day of publication and by what the text named before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vovcrawl.dates import calendar, periods
from vovcrawl.dates.clauses import Clause
from vovcrawl.dates.meanings import (
    Century,
    Date,
    Day,
    Decade,
    EveryDay,
    Month,
    Months,
    Now,
    Quarter,
    Season,
    Shift,
    Weekday,
    Weekend,
    Year,
    Years,
)

EVERY_DAY = "XXXX-XX-XX"
"""The value of a day that recurs."""


@dataclass(frozen=True, slots=True)
class When:
    """A value, and what later words can count from it."""

    text: str
    day: date | None = None
    """The day, where the value is one (or a time on one)."""
    month_day: tuple[int, int] | None = None
    """Month and day of a value whose year is open."""
    year: int | None = None
    month: int | None = None
    moment: datetime | None = None


def at(day: date, time: str) -> When:
    """A day with a time of day, `14:05` or `MO`, or with none."""
    moment = None
    if ":" in time:
        hour, _, minute = time.partition(":")
        moment = datetime(day.year, day.month, day.day, int(hour), int(minute))
    return When(f"{day}T{time}" if time else f"{day}", day, None, day.year, day.month, moment)


def at_moment(moment: datetime) -> When:
    """A day with an hour and minute."""
    day = moment.date()
    return When(f"{day}T{moment.hour:02}:{moment.minute:02}", day, None, day.year, day.month, moment)


class Dating:
    """Finds the day or period that a meaning stands for in one text."""

    def __init__(self, reference: datetime | None) -> None:
        self._moment = reference
        self.today = reference.date() if reference is not None else None
        """The day of publication."""
        self.mention: When | None = None
        """What the text named last, which "cùng ngày" and the like count from."""
        self.names_lunar = False
        """Whether that was a day of the lunar calendar."""

    def find(self, meaning: Date, clause: Clause, after: date | None, begin: When | None) -> When | None:
        """The day or period of `meaning`; `begin` is that of the range that it ends, and `after` the day of it."""
        match meaning:
            case Day():
                found = self._day(meaning, clause, after, begin)
                self.names_lunar = meaning.lunar
                return found
            case Month():
                return self._month(meaning, clause, begin)
            case Quarter():
                return self._quarter(meaning, clause, begin)
            case Months():
                return self._months(meaning)
            case Season():
                return self._season(meaning)
            case Decade():
                return When(f"{meaning.prefix:03}")
            case Century():
                return When(f"{meaning.prefix:02}")
            case Weekend():
                return self._weekend(meaning)
            case Shift():
                return self.shift(meaning)
            case Year():
                return self._plain_year(meaning, begin)
            case Now():
                return at(self.today, "") if self.today is not None else None
            case Years():
                return When(f"{meaning.first:04}/{meaning.last:04}", year=meaning.last)
            case EveryDay():
                return When(EVERY_DAY)
            case _:
                return None

    def _year(self, year: Year | None, begin: When | None = None) -> int | None:
        """The number of a year that is given; None where it is not given or cannot be known."""
        if year is None:
            return None
        if year.number is not None:
            return year.number
        shift = year.shift or 0
        if year.base == "mention":
            if self.mention is not None and self.mention.year is not None:
                return self.mention.year + shift
        elif begin is not None and begin.year is not None and shift == 1:
            # "tháng 12/2023 đến tháng 3 năm sau": the year after that of the beginning.
            return begin.year + 1
        return self.today.year + shift if self.today is not None else None

    def _plain_year(self, meaning: Year, begin: When | None) -> When | None:
        year = self._year(meaning, begin)
        return When(f"{year:04}", year=year) if year is not None and 0 < year <= 9999 else None

    def _day(self, meaning: Day, clause: Clause, after: date | None, begin: When | None) -> When | None:
        if meaning.month_shift is not None:
            base = (
                calendar.add(self.today.replace(day=1), months=meaning.month_shift) if self.today is not None else None
            )
            day = calendar.day(base.year, base.month, meaning.day) if base is not None else None
            return at(day, "") if day is not None else None
        if meaning.month is None:
            return self._lunar_day_of_no_month(meaning) if meaning.lunar else self._day_of_no_month(meaning.day, after)
        if meaning.lunar:
            return self._lunar_day(meaning, clause, after, begin)
        if meaning.year is not None:
            year = self._year(meaning.year, begin)
            if year is None:
                return None
            day = calendar.day(year, meaning.month, meaning.day)
            return at(day, "") if day is not None else None
        if self.today is None:
            known = calendar.day(2000, meaning.month, meaning.day)
            if known is None:
                return None
            return When(f"XXXX-{meaning.month:02}-{meaning.day:02}", None, (meaning.month, meaning.day))
        if after is not None:
            years = range(after.year, after.year + 9)
            days = (calendar.day(year, meaning.month, meaning.day) for year in years if year <= 9999)
            return next((at(day, "") for day in days if day is not None and day >= after), None)
        # Nine years hold a 29 February, whatever the century does.
        near = (0, -1, 1) if (meaning.month, meaning.day) != (2, 29) else range(-8, 9)
        candidates = [
            day
            for step in near
            if (day := calendar.day(self.today.year + step, meaning.month, meaning.day)) is not None
        ]
        if meaning.recent in ("last", "next"):
            candidates = [day for day in candidates if (day > self.today) == (meaning.recent == "next")]
        found = self._nearest(candidates, clause)
        return at(found, "") if found is not None else None

    def _nearest(self, candidates: list[date], clause: Clause) -> date | None:
        """The candidate nearest to the day of publication; the clause is read only where two are about equally far."""
        assert self.today is not None
        today = self.today
        nearest = min(candidates, key=lambda one: abs(one - today), default=None)
        if nearest is None or abs(nearest - today).days < calendar.DOUBTFUL.start:
            return nearest
        return calendar.nearest(candidates, today, clause.tense == "future")

    def _day_of_no_month(self, number: int, after: date | None) -> When | None:
        """A day that names no month: the month named before, else the nearest such day."""
        if after is not None:
            same = calendar.day(after.year, after.month, number)
            return at(same, "") if same is not None else None
        mention = self.mention
        if mention is not None and mention.year is not None and mention.month is not None:
            day = calendar.day(mention.year, mention.month, number)
            if day is not None:
                return at(day, "")
        if self.today is None:
            return When(f"XXXX-XX-{number:02}") if number <= 31 else None
        first = self.today.replace(day=1)
        months = [month for step in (-1, 0, 1) if (month := calendar.add(first, months=step)) is not None]
        days = [day for month in months if (day := calendar.day(month.year, month.month, number)) is not None]
        found = calendar.nearest(days, self.today, False)
        return at(found, "") if found is not None else None

    def _lunar_day_of_no_month(self, meaning: Day) -> When | None:
        """A day of the lunar month named last: what else "mùng 8" could be of, nobody can tell."""
        mention = self.mention
        if mention is None or mention.day is None or not self.names_lunar:
            return None
        number = calendar.lunar_number(mention.day)
        day = calendar.add(mention.day, days=meaning.day - number) if number is not None else None
        return at(day, "") if day is not None and calendar.lunar_number(day) == meaning.day else None

    def _lunar_day(self, meaning: Day, clause: Clause, after: date | None, begin: When | None) -> When | None:
        assert meaning.month is not None
        if meaning.year is not None:
            year = self._lunar_year(meaning.year, begin)
            day = calendar.lunar_day(year, meaning.month, meaning.day) if year is not None else None
            return at(day, "") if day is not None else None
        if self.today is None:
            return None
        base = (after or self.today).year
        days = [
            day
            for step in (-1, 0, 1)
            if (day := calendar.lunar_day(base + step, meaning.month, meaning.day)) is not None
        ]
        if after is not None:
            later = [day for day in days if day >= after]
            return at(min(later), "") if later else None
        found = self._nearest(days, clause)
        return at(found, "") if found is not None else None

    def _lunar_year(self, year: Year, begin: When | None) -> int | None:
        """The lunar year; one known by its name alone is the nearest of those sixty years apart."""
        if year.number is None or year.base == "reference":
            return self._year(year, begin)
        if self.today is None:
            return None
        today = self.today.year
        return min((year.number + 60 * step for step in range(-3, 4)), key=lambda number: abs(number - today))

    def _month(self, meaning: Month, clause: Clause, begin: When | None) -> When | None:
        year = self._year(meaning.year, begin)
        if year is None and meaning.year is not None:
            return None
        if year is None:
            if self.today is None:
                return None if meaning.lunar else When(f"XXXX-{meaning.month:02}")
            year = self._year_of(meaning.month, self.today.month, meaning.recent, clause, begin)
        if meaning.lunar:
            first = calendar.lunar_day(year, meaning.month, 1)
            last = calendar.lunar_day(year, meaning.month, 30)
            return When(f"{first}/{last}") if first is not None and last is not None else None
        return When(f"{year:04}-{meaning.month:02}", year=year, month=meaning.month)

    def _year_of(self, number: int, current: int, recent: str | None, clause: Clause | None, begin: When | None) -> int:
        """The year of a month, by the number of the current one."""
        assert self.today is not None
        year = self.today.year
        if begin is not None and begin.year is not None and begin.month is not None:
            return begin.year if number >= begin.month else begin.year + 1
        if recent == "last":
            return year if number <= current else year - 1
        if recent == "next":
            return year if number > current else year + 1
        if recent == "current":
            return year
        tense = clause.tense if clause is not None else None
        if tense == "past" and number > current:
            return year - 1
        if tense == "future":
            return year + 1 if number < current else year
        return year - 1 if current <= 3 and number >= 10 else year

    def _quarter(self, meaning: Quarter, clause: Clause, begin: When | None) -> When | None:
        year = self._year(meaning.year, begin)
        first_month = 3 * meaning.quarter - 2
        if year is None:
            if meaning.year is not None:
                return None
            if self.today is None:
                return When(f"XXXX-Q{meaning.quarter}")
            current = (self.today.month - 1) // 3 * 3 + 1
            year = self._year_of(first_month, current, meaning.recent, clause, begin)
        return When(f"{year:04}-Q{meaning.quarter}", year=year, month=first_month)

    def _months(self, meaning: Months) -> When | None:
        year = self._year(meaning.year)
        if year is None:
            if meaning.year is not None or self.today is None:
                return None
            year = self.today.year
        if (meaning.first, meaning.last) == (1, 6):
            return When(f"{year:04}-H1", year=year)
        if (meaning.first, meaning.last) == (7, 12):
            return When(f"{year:04}-H2", year=year)
        return When(f"{year:04}-{meaning.first:02}/{year:04}-{meaning.last:02}", year=year)

    def _season(self, meaning: Season) -> When | None:
        if meaning.year is not None:
            year = self._year(meaning.year)
        elif self.today is not None:
            year = self._year_of(periods.SEASONS[meaning.season][0], self.today.month, meaning.recent, None, None)
        else:
            year = None
        return When(f"{year:04}-{meaning.season}", year=year) if year is not None else None

    def weekday(self, meaning: Weekday, clause: Clause, after: date | None) -> When | None:
        """The day of a weekday."""
        if self.today is None:
            return When(f"XXXX-WXX-{meaning.number}") if meaning.tail in (None, "past") else None
        monday = calendar.add(self.today, days=-self.today.weekday())
        ahead = (meaning.number - self.today.isoweekday()) % 7
        back = (self.today.isoweekday() - meaning.number) % 7
        weeks = {"this week": 0, "week before": -1, "week after": 1}
        if meaning.tail in weeks:
            day = calendar.add(monday, weeks=weeks[meaning.tail], days=meaning.number - 1) if monday else None
        elif meaning.tail == "last":
            day = calendar.add(self.today, days=-(back or 7))
        elif meaning.tail == "next":
            day = calendar.add(self.today, days=ahead or 7)
        elif after is not None:
            day = calendar.add(after, days=(meaning.number - after.isoweekday()) % 7)
        elif clause.tense == "future" and meaning.tail != "past":
            day = calendar.add(self.today, days=ahead)
        else:
            day = calendar.add(self.today, days=-back)
        return at(day, "") if day is not None else None

    def _weekend(self, meaning: Weekend) -> When | None:
        if self.today is None:
            return None
        weeks = {"this": 0, "past": -1, "next": 1}[meaning.which]
        week = calendar.add(self.today, weeks=weeks)
        return When(f"{calendar.iso_week(week)}-WE") if week is not None else None

    def shift(self, meaning: Shift) -> When | None:
        """The day or period at a distance."""
        base_when = self.mention if meaning.base == "mention" else None
        if base_when is not None:
            return self._shift_from(meaning, base_when)
        if self.today is None or self._moment is None:
            return None
        return self._shifted(meaning, self.today, self._moment.replace(tzinfo=None))

    def _shift_from(self, meaning: Shift, mention: When) -> When | None:
        if mention.day is not None:
            moment = mention.moment or datetime(mention.day.year, mention.day.month, mention.day.day)
            if meaning.unit in ("hour", "minute") and mention.moment is None:
                return None
            return self._shifted(meaning, mention.day, moment)
        if mention.month_day is not None and meaning.unit == "day":
            return _shifted_open(mention.month_day, meaning.count)
        if mention.year is not None and meaning.unit in ("year", "decade", "century"):
            return self._shifted(meaning, date(mention.year, 1, 1), None)
        if mention.year is not None and mention.month is not None and meaning.unit == "month":
            return self._shifted(meaning, date(mention.year, mention.month, 1), None)
        return None

    def _shifted(self, meaning: Shift, base: date, moment: datetime | None) -> When | None:
        count = meaning.count
        match meaning.unit:
            case "day":
                day = calendar.add(base, days=count)
                return at(day, "") if day is not None else None
            case "week":
                if meaning.at_weekend and base.isoweekday() >= 6:
                    count += 1
                day = calendar.add(base, weeks=count)
                return When(calendar.iso_week(day)) if day is not None else None
            case "month":
                day = calendar.add(base, months=count)
                return When(f"{day:%Y-%m}", year=day.year, month=day.month) if day is not None else None
            case "quarter":
                day = calendar.add(base, months=3 * count)
                return When(f"{day.year:04}-Q{(day.month + 2) // 3}", year=day.year) if day is not None else None
            case "year":
                year = base.year + count
                return When(f"{year:04}", year=year) if 0 < year <= 9999 else None
            case "decade":
                return When(f"{base.year // 10 + count:03}")
            case "century":
                return When(f"{base.year // 100 + count:02}")
        if moment is None:
            return None
        try:
            there = moment + timedelta(**{f"{meaning.unit}s": count})
        except OverflowError:
            return None
        return at_moment(there)


def _shifted_open(month_day: tuple[int, int], days: int) -> When | None:
    """A day some days from one whose year is open, where leap years do not matter."""
    month, number = month_day
    moved = {
        (day.month, day.day)
        for year in (2000, 2001)
        if (start := calendar.day(year, month, number)) is not None
        and (day := calendar.add(start, days=days)) is not None
    }
    if len(moved) != 1:
        return None
    month, number = moved.pop()
    return When(f"XXXX-{month:02}-{number:02}", None, (month, number))
