"""From meanings to TIMEX3 values, by the day of publication and by what the text named before.

Without a reference, days and months that lack a year stay open in TIMEX3's way (`XXXX-10-14`), and what only a
reference could resolve has no value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from vovcrawl.dates import calendar, periods
from vovcrawl.dates.clauses import Clauses, Tense
from vovcrawl.dates.meanings import (
    Century,
    Clock,
    Date,
    Day,
    Decade,
    ModCode,
    Month,
    Months,
    Now,
    Quarter,
    Season,
    Shift,
    Weekday,
    Weekend,
    Year,
)
from vovcrawl.dates.reading import Expression, Point


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


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression comes to."""

    type: Literal["DATE", "TIME", "DURATION", "SET"]
    text: str
    mod: ModCode | None = None
    conflict: bool = False


class Resolver:
    """Resolves the expressions of one text in their order."""

    def __init__(self, reference: datetime | None, clauses: Clauses) -> None:
        self._moment = reference
        self._today = reference.date() if reference is not None else None
        self._clauses = clauses
        self._mention: When | None = None
        self._mention_sentence = -1

    def values(self, expressions: list[Expression]) -> list[Value | None]:
        """The value of each expression, None where it has none."""
        found: list[Value | None] = []
        position = 0
        while position < len(expressions):
            end = position + 1
            while end < len(expressions) and expressions[end].in_list:
                end += 1
            members = expressions[position:end]
            _borrow(members)
            found += [self._value(one) for one in members]
            position = end
        return found

    def _value(self, one: Expression) -> Value | None:
        if one.length is not None:
            return Value("DURATION", one.length.value)
        if one.every is not None:
            return Value("SET", one.every.value)
        assert one.first is not None
        tense = self._clauses.tense(one.start, one.end)
        if one.last is not None:
            return self._range(one, tense)
        point = one.first
        if point.weekday is not None and point.weekday.every:
            day = When(f"XXXX-WXX-{point.weekday.number}")
            return Value("SET", (self._timed_open(point, day) if point.is_timed else day).text)
        return self._point_value(point, tense)

    def _point_value(self, point: Point, tense: Tense | None) -> Value | None:
        mod = point.mod.code if point.mod is not None else None
        told = _told_by_gloss(point)
        if told is not None:
            bare = self._when(replace(point, gloss=[]), tense)
            if bare is not None:
                # What the parenthesis leaves out, "(15h cùng ngày giờ Việt Nam)", it takes from what it explains.
                self._remember(point.start, bare)
            ends = [end for one in told for end in (one.first, one.last) if end is not None]
            if len(ends) > 1:
                return self._gloss_range(point, ends, mod, tense)
            glossed = _merged(point, ends[0])
            when = self._when(glossed, tense)
            conflict = self._disagrees(replace(point, date=glossed.date), when)
        else:
            when = self._when(point, tense)
            conflict = self._disagrees(point, when)
        if when is None:
            return None
        self._remember(point.start, when)
        return Value("TIME" if "T" in when.text else "DATE", when.text, mod, conflict)

    def _gloss_range(self, point: Point, ends: list[Point], mod: ModCode | None, tense: Tense | None) -> Value | None:
        _borrow([Expression(end.start, end.end, end) for end in ends])
        if point.part is not None:
            ends = [replace(end, part=end.part or point.part) for end in ends]
        first = self._when(ends[0], tense)
        last = self._when(ends[-1], tense, after=first.day if first else None)
        if first is None or last is None:
            return None
        self._remember(point.start, last)
        text = f"{first.text}/{last.text}"
        return Value("TIME" if "T" in text else "DATE", text, mod)

    def _disagrees(self, point: Point, when: When | None) -> bool:
        """Whether a weekday or a word like "hôm nay" says another day than the date beside it."""
        if when is None or when.day is None or not isinstance(point.date, Day):
            return False
        if point.weekday is not None and point.weekday.number != when.day.isoweekday():
            return True
        if point.near is not None:
            near = self._shift(point.near)
            return near is not None and near.day is not None and near.day != when.day
        return False

    def _range(self, one: Expression, tense: Tense | None) -> Value | None:
        first, last = one.first, one.last
        assert first is not None and last is not None
        told = _told_by_gloss(last)
        if told is not None and len(ends := [end for each in told for end in (each.first, each.last) if end]) > 1:
            return self._gloss_range(last, ends, None, tense)
        shares_day = not first.has_day and last.has_day
        first, last = _complete_range(_explained(first), _explained(last))
        if shares_day:
            first = replace(first, weekday=last.weekday, near=last.near, date=last.date)
            if first.part is None and first.clock and last.clock and first.clock.hour <= last.clock.hour:
                first = replace(first, part=last.part)
        begin = self._when(first, tense)
        if begin is None:
            return None
        self._remember(one.start, begin)
        end = self._when(last, tense, after=begin.day, begin=begin)
        if end is None:
            return None
        if begin.day is not None and end.day is not None and begin.day > end.day:
            begin = self._earlier(first, end) or begin
        elif shares_day and begin.moment is not None and end.moment is not None and begin.moment > end.moment:
            # "23h đến 1h ngày 9/6": the day is that of the end, the night began before.
            begin = self._moved(begin, -1)
        elif not last.has_day and begin.moment is not None and end.moment is not None and end.moment < begin.moment:
            end = self._moved(end, 1)
        self._remember(one.start, end)
        text = f"{begin.text}/{end.text}" if begin.text != end.text else begin.text
        return Value("TIME" if "T" in text else "DATE", text)

    def _moved(self, when: When, days: int) -> When:
        moved = calendar.add(when.day, days=days) if when.day is not None else None
        return self._at(moved, when.text.partition("T")[2]) if moved is not None else when

    def _earlier(self, first: Point, end: When) -> When | None:
        """The first end again, as the last such day before the second one."""
        assert end.day is not None
        if (
            isinstance(first.date, Day)
            and first.date.month
            and not first.date.lunar
            and (first.date.year is None or first.date.year.number)
        ):
            for year in (end.day.year, end.day.year - 1):
                candidate = calendar.day(year, first.date.month, first.date.day)
                if candidate is not None and candidate <= end.day:
                    return self._timed(first, candidate)
        if first.weekday is not None and first.date is None:
            back = (end.day.isoweekday() - first.weekday.number) % 7
            day = calendar.add(end.day, days=-back)
            return self._timed(first, day) if day is not None else None
        return None

    # A point

    def _when(
        self,
        point: Point,
        tense: Tense | None,
        after: date | None = None,
        begin: When | None = None,
    ) -> When | None:
        """The value of a point; `after` is the day that a range begins, from which its end is counted."""
        if isinstance(point.date, Day) or (point.near is None and point.weekday is None):
            if point.date is None:
                return self._time_of_no_day(point, begin)
            when = self._date(point.date, tense, after, begin)
        elif point.near is not None:
            when = self._shift(point.near)
        else:
            assert point.weekday is not None
            when = self._weekday(point.weekday, tense, after)
        if when is None or not point.is_timed:
            return when
        if when.moment is not None:
            return when
        if when.day is not None:
            return self._timed(point, when.day)
        if when.month_day is not None or when.text.startswith("XXXX-W"):
            return self._timed_open(point, when)
        return None

    def _timed(self, point: Point, day: date) -> When | None:
        if point.clock is None:
            return self._at(day, point.part.code) if point.part is not None else self._at(day, "")
        hour, days = _hour(point.clock, point.part.code if point.part is not None else None)
        moment = datetime(day.year, day.month, day.day, hour, point.clock.minute)
        if point.zone is not None and point.zone.kind == "utc":
            days_and_hours = timedelta(days=days, hours=7 - point.zone.hours)
        else:
            days_and_hours = timedelta(days=days)
        try:
            moment += days_and_hours
        except OverflowError:
            return None
        return self._at(moment.date(), f"{moment:%H:%M}")

    def _timed_open(self, point: Point, when: When) -> When:
        if point.clock is None:
            return replace(when, text=f"{when.text}T{point.part.code if point.part is not None else ''}")
        hour, _ = _hour(point.clock, point.part.code if point.part is not None else None)
        return replace(when, text=f"{when.text}T{hour:02}:{point.clock.minute:02}")

    def _at(self, day: date, time: str) -> When:
        moment = None
        if ":" in time:
            hour, _, minute = time.partition(":")
            moment = datetime(day.year, day.month, day.day, int(hour), int(minute))
        return When(f"{day}T{time}" if time else f"{day}", day, None, day.year, day.month, moment)

    def _time_of_no_day(self, point: Point, begin: When | None) -> When | None:
        """An hour or a part of day without a day: that of the sentence's last date, else the day of publication."""
        if begin is not None:
            base: When | None = begin
        elif self._mention is not None and self._mention_sentence == self._clauses.sentence(point.start):
            base = self._mention
        else:
            base = None
        if base is not None and base.day is not None:
            return self._timed(point, base.day)
        if base is not None and base.month_day is not None:
            return self._timed_open(point, replace(base, text=base.text.partition("T")[0]))
        return self._timed(point, self._today) if self._today is not None else None

    # Dates

    def _date(self, meaning: Date, tense: Tense | None, after: date | None, begin: When | None) -> When | None:
        match meaning:
            case Day():
                return self._day(meaning, tense, after, begin)
            case Month():
                return self._month(meaning, tense, begin)
            case Quarter():
                return self._quarter(meaning, tense, begin)
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
                return self._shift(meaning)
            case Year():
                return self._plain_year(meaning, begin)
            case Now():
                return self._at(self._today, "") if self._today is not None else None
            case _:
                return None

    def _year(self, year: Year | None, begin: When | None = None) -> int | None:
        """The number of a year that is told; None where it is not told or cannot be known."""
        if year is None:
            return None
        if year.number is not None:
            return year.number
        shift = year.shift or 0
        if year.base == "mention":
            if self._mention is not None and self._mention.year is not None:
                return self._mention.year + shift
        elif begin is not None and begin.year is not None and shift == 1:
            # "tháng 12/2023 đến tháng 3 năm sau": the year after that of the beginning.
            return begin.year + 1
        return self._today.year + shift if self._today is not None else None

    def _plain_year(self, meaning: Year, begin: When | None) -> When | None:
        year = self._year(meaning, begin)
        return When(f"{year:04}", year=year) if year is not None and 0 < year <= 9999 else None

    def _day(self, meaning: Day, tense: Tense | None, after: date | None, begin: When | None) -> When | None:
        if meaning.month_shift is not None:
            base = (
                calendar.add(self._today.replace(day=1), months=meaning.month_shift)
                if self._today is not None
                else None
            )
            day = calendar.day(base.year, base.month, meaning.day) if base is not None else None
            return self._at(day, "") if day is not None else None
        if meaning.month is None:
            return self._day_of_no_month(meaning.day, after)
        if meaning.lunar:
            return self._lunar_day(meaning, tense, after, begin)
        if meaning.year is not None:
            year = self._year(meaning.year, begin)
            if year is None:
                return None
            day = calendar.day(year, meaning.month, meaning.day)
            return self._at(day, "") if day is not None else None
        if self._today is None:
            known = calendar.day(2000, meaning.month, meaning.day)
            if known is None:
                return None
            return When(f"XXXX-{meaning.month:02}-{meaning.day:02}", None, (meaning.month, meaning.day))
        if after is not None:
            years = range(after.year, after.year + 9)
            days = (calendar.day(year, meaning.month, meaning.day) for year in years if year <= 9999)
            return next((self._at(day, "") for day in days if day is not None and day >= after), None)
        # Nine years hold a 29 February, whatever the century does.
        near = (0, -1, 1) if (meaning.month, meaning.day) != (2, 29) else range(-8, 9)
        candidates = [
            day
            for step in near
            if (day := calendar.day(self._today.year + step, meaning.month, meaning.day)) is not None
        ]
        if meaning.recent in ("last", "next"):
            candidates = [day for day in candidates if (day > self._today) == (meaning.recent == "next")]
        found = calendar.nearest(candidates, self._today, tense == "future")
        return self._at(found, "") if found is not None else None

    def _day_of_no_month(self, number: int, after: date | None) -> When | None:
        """A day that names no month: the month named before, else the nearest such day."""
        if after is not None:
            same = calendar.day(after.year, after.month, number)
            return self._at(same, "") if same is not None else None
        mention = self._mention
        if mention is not None and mention.year is not None and mention.month is not None:
            day = calendar.day(mention.year, mention.month, number)
            if day is not None:
                return self._at(day, "")
        if self._today is None:
            return When(f"XXXX-XX-{number:02}") if number <= 31 else None
        first = self._today.replace(day=1)
        months = [month for step in (-1, 0, 1) if (month := calendar.add(first, months=step)) is not None]
        days = [day for month in months if (day := calendar.day(month.year, month.month, number)) is not None]
        found = calendar.nearest(days, self._today, False)
        return self._at(found, "") if found is not None else None

    def _lunar_day(self, meaning: Day, tense: Tense | None, after: date | None, begin: When | None) -> When | None:
        assert meaning.month is not None
        if meaning.year is not None:
            year = self._lunar_year(meaning.year, begin)
            day = calendar.lunar_day(year, meaning.month, meaning.day) if year is not None else None
            return self._at(day, "") if day is not None else None
        if self._today is None:
            return None
        base = (after or self._today).year
        days = [
            day
            for step in (-1, 0, 1)
            if (day := calendar.lunar_day(base + step, meaning.month, meaning.day)) is not None
        ]
        if after is not None:
            later = [day for day in days if day >= after]
            return self._at(min(later), "") if later else None
        found = calendar.nearest(days, self._today, tense == "future")
        return self._at(found, "") if found is not None else None

    def _lunar_year(self, year: Year, begin: When | None) -> int | None:
        """The lunar year; one known by its name alone is the nearest of those sixty years apart."""
        if year.number is None or year.base == "reference":
            return self._year(year, begin)
        if self._today is None:
            return None
        today = self._today.year
        return min((year.number + 60 * step for step in range(-3, 4)), key=lambda number: abs(number - today))

    def _month(self, meaning: Month, tense: Tense | None, begin: When | None) -> When | None:
        year = self._year(meaning.year, begin)
        if year is None and meaning.year is not None:
            return None
        if year is None:
            if self._today is None:
                return None if meaning.lunar else When(f"XXXX-{meaning.month:02}")
            year = self._year_of(meaning.month, self._today.month, meaning.recent, tense, begin)
        if meaning.lunar:
            first = calendar.lunar_day(year, meaning.month, 1)
            last = calendar.lunar_day(year, meaning.month, 30)
            return When(f"{first}/{last}") if first is not None and last is not None else None
        return When(f"{year:04}-{meaning.month:02}", year=year, month=meaning.month)

    def _year_of(self, number: int, current: int, recent: str | None, tense: Tense | None, begin: When | None) -> int:
        """The year of a month, by the number of the current one."""
        assert self._today is not None
        year = self._today.year
        if begin is not None and begin.year is not None and begin.month is not None:
            return begin.year if number >= begin.month else begin.year + 1
        if recent == "last":
            return year if number <= current else year - 1
        if recent == "next":
            return year if number > current else year + 1
        if recent == "current":
            return year
        if tense == "past" and number > current:
            return year - 1
        if tense == "future":
            return year + 1 if number < current else year
        return year - 1 if current <= 3 and number >= 10 else year

    def _quarter(self, meaning: Quarter, tense: Tense | None, begin: When | None) -> When | None:
        year = self._year(meaning.year, begin)
        first_month = 3 * meaning.quarter - 2
        if year is None:
            if meaning.year is not None:
                return None
            if self._today is None:
                return When(f"XXXX-Q{meaning.quarter}")
            current = (self._today.month - 1) // 3 * 3 + 1
            year = self._year_of(first_month, current, meaning.recent, tense, begin)
        return When(f"{year:04}-Q{meaning.quarter}", year=year, month=first_month)

    def _months(self, meaning: Months) -> When | None:
        year = self._year(meaning.year)
        if year is None:
            if meaning.year is not None or self._today is None:
                return None
            year = self._today.year
        if (meaning.first, meaning.last) == (1, 6):
            return When(f"{year:04}-H1", year=year)
        if (meaning.first, meaning.last) == (7, 12):
            return When(f"{year:04}-H2", year=year)
        return When(f"{year:04}-{meaning.first:02}/{year:04}-{meaning.last:02}", year=year)

    def _season(self, meaning: Season) -> When | None:
        if meaning.year is not None:
            year = self._year(meaning.year)
        elif self._today is not None:
            year = self._year_of(periods.SEASONS[meaning.season][0], self._today.month, meaning.recent, None, None)
        else:
            year = None
        return When(f"{year:04}-{meaning.season}", year=year) if year is not None else None

    def _weekday(self, meaning: Weekday, tense: Tense | None, after: date | None) -> When | None:
        if self._today is None:
            return When(f"XXXX-WXX-{meaning.number}") if meaning.tail in (None, "past") else None
        monday = calendar.add(self._today, days=-self._today.weekday())
        ahead = (meaning.number - self._today.isoweekday()) % 7
        back = (self._today.isoweekday() - meaning.number) % 7
        weeks = {"this week": 0, "week before": -1, "week after": 1}
        if meaning.tail in weeks:
            day = calendar.add(monday, weeks=weeks[meaning.tail], days=meaning.number - 1) if monday else None
        elif meaning.tail == "last":
            day = calendar.add(self._today, days=-(back or 7))
        elif meaning.tail == "next":
            day = calendar.add(self._today, days=ahead or 7)
        elif after is not None:
            day = calendar.add(after, days=(meaning.number - after.isoweekday()) % 7)
        elif tense == "future" and meaning.tail != "past":
            day = calendar.add(self._today, days=ahead)
        else:
            day = calendar.add(self._today, days=-back)
        return self._at(day, "") if day is not None else None

    def _weekend(self, meaning: Weekend) -> When | None:
        if self._today is None:
            return None
        weeks = {"this": 0, "past": -1, "next": 1}[meaning.which]
        week = calendar.add(self._today, weeks=weeks)
        return When(f"{calendar.iso_week(week)}-WE") if week is not None else None

    def _shift(self, meaning: Shift) -> When | None:
        base_when = self._mention if meaning.base == "mention" else None
        if base_when is not None:
            return self._shift_from(meaning, base_when)
        if self._today is None or self._moment is None:
            return None
        return self._shifted(meaning, self._today, self._moment.replace(tzinfo=None))

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
                return self._at(day, "") if day is not None else None
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
        return self._at(there.date(), f"{there:%H:%M}")

    def _remember(self, start: int, when: When) -> None:
        self._mention = when
        self._mention_sentence = self._clauses.sentence(start)


def _hour(clock: Clock, part: str | None) -> tuple[int, int]:
    """The hour of 24 that a clock time with a part of day means, and how many days later it falls."""
    hour = clock.hour
    if hour == 24 or (hour == 12 and part in ("NI", "EV")):
        return 0, 1
    afternoon = {"AF": range(1, 12), "EV": range(5, 12), "NI": range(6, 12), "MI": range(1, 3)}
    return (hour + 12, 0) if part in afternoon and hour in afternoon[part] else (hour, 0)


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


def _told_by_gloss(point: Point) -> list[Expression] | None:
    """What the parenthesis adds to the value, None where it only repeats it in other words."""
    if not point.gloss:
        return None
    told = point.gloss[0].first
    assert told is not None
    if isinstance(point.date, Day) and point.date.month is not None:
        foreign = point.zone is not None and point.zone.kind != "here"
        if told.zone is not None and told.zone.kind == "here" and (foreign or told.is_timed):
            return point.gloss
        if isinstance(told.date, Day) and point.date.lunar and not told.date.lunar:
            return point.gloss
        return None
    return point.gloss


def _merged(point: Point, told: Point) -> Point:
    """One point of an expression and its explanation: the written date, and the time from whichever has one."""
    if told.zone is not None and told.zone.kind == "here" and told.is_timed:
        return told
    return replace(
        told,
        start=point.start,
        clock=point.clock or told.clock,
        part=point.part or told.part,
        zone=point.zone or told.zone,
        gloss=[],
    )


def _explained(point: Point) -> Point:
    """A point with what its parenthesis tells, if that is one time."""
    told = _told_by_gloss(point)
    if told is None or len(told) != 1 or told[0].first is None or told[0].last is not None:
        return point
    return _merged(point, told[0].first)


def _borrow(members: list[Expression]) -> None:
    """Gives the members of a list what they leave to their right neighbour."""
    for left, right in zip(reversed(members[:-1]), reversed(members[1:]), strict=True):
        receiver, giver = left.final, right.final if right.last is None else right.last
        if receiver is not None and giver is not None:
            _complete(receiver, giver)


def _complete_range(first: Point, last: Point) -> tuple[Point, Point]:
    first = replace(first)
    if isinstance(first.date, Day) and isinstance(last.date, Day):
        begins, ends = first.date, last.date
        if (
            begins.month is not None
            and ends.month is not None
            and begins.year is None
            and ends.year is not None
            and ends.year.number
        ):
            # The year that the end names counts back to the beginning: "30/12 đến 4/1/2024".
            wraps = (begins.month, begins.day) > (ends.month, ends.day)
            return replace(first, date=replace(begins, year=Year(ends.year.number - wraps))), last
        if ends.month is None and begins.month is not None:
            last = replace(last, date=replace(ends, month=begins.month, year=begins.year, lunar=begins.lunar))
            return first, last
    if (
        isinstance(first.date, Month)
        and isinstance(last.date, Month)
        and first.date.year is None
        and last.date.year is not None
    ):
        number = last.date.year.number
        if number is not None and first.date.month > last.date.month:
            return replace(first, date=replace(first.date, year=Year(number - 1))), last
        if first.date.month > last.date.month and last.date.year.shift == 1:
            return first, last
    if (
        isinstance(first.date, Month)
        and isinstance(last.date, Month)
        and first.date.year is None
        and last.date.recent is not None
    ):
        first.date = replace(first.date, recent=last.date.recent)
    _complete(first, last)
    return first, last


def _complete(receiver: Point, giver: Point) -> None:
    """Takes over from `giver` what `receiver` leaves open."""
    if not receiver.has_day:
        if receiver.is_timed and giver.names_a_day:
            receiver.weekday, receiver.near, receiver.date = giver.weekday, giver.near, giver.date
            if giver.gloss and giver.gloss[0].first is not None:
                receiver.date = giver.gloss[0].first.date or receiver.date
        return
    match receiver.date, giver.date:
        case Day(month=None, month_shift=None) as mine, Day() as theirs:
            receiver.date = replace(
                mine, month=theirs.month, year=theirs.year, lunar=theirs.lunar, month_shift=theirs.month_shift
            )
        case Day(year=None, lunar=lunar) as mine, Day(year=Year(), lunar=same) as theirs if lunar == same:
            receiver.date = replace(mine, year=theirs.year)
        case Month(year=None, recent=None) as mine, Month(year=Year()) as theirs:
            receiver.date = replace(mine, year=theirs.year)
        case Quarter(year=None, recent=None) as mine, Quarter(year=Year()) as theirs:
            receiver.date = replace(mine, year=theirs.year)
    weekday, other = receiver.weekday, giver.weekday
    if weekday is not None and other is not None and weekday.tail is None and receiver.date is None:
        receiver.weekday = replace(weekday, tail=other.tail, every=weekday.every or other.every)
