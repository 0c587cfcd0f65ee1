"""Normalization: from complete expressions to TIMEX3 values.

Without a reference, days and months that lack a year stay open in TIMEX3's way (`XXXX-10-14`), and what only a
reference could give has no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from vovcrawl.dates import calendar, periods
from vovcrawl.dates.clauses import Clause, Clauses
from vovcrawl.dates.completion import Complete
from vovcrawl.dates.dating import EVERY_DAY, Dating, When, at, at_moment
from vovcrawl.dates.meanings import Clock, Day, EveryDay, ModCode
from vovcrawl.dates.points import Point


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression comes to."""

    type: Literal["DATE", "TIME", "DURATION", "SET"]
    text: str
    mod: ModCode | None = None
    conflict: bool = False


class Normalizer:
    """Gives the expressions of one text their values, in their order."""

    def __init__(self, reference: datetime | None) -> None:
        self._dating = Dating(reference)
        self._sentence = 0
        self._mention_sentence: int | None = None

    def values(self, expressions: Iterable[Complete], clauses: Clauses) -> Iterator[Value | None]:
        """The value of each expression of the next row, None where it has none."""
        # A date is not remembered as one of the same sentence from one row to the next.
        self._mention_sentence = None
        for one in expressions:
            yield self._value(one, clauses)

    def _value(self, one: Complete, clauses: Clauses) -> Value | None:
        if one.length is not None:
            return Value("DURATION", one.length.value)
        if one.every is not None:
            return Value("SET", one.every.value)
        self._sentence = clauses.sentence(one.start)
        clause = clauses.around(one.start, one.end)
        if one.first is not None and one.last is not None:
            return self._range(one.first, one.last, one.shares_day, clause)
        point = one.first
        if point is not None and point.weekday is not None and point.weekday.every:
            day = When(f"XXXX-WXX-{point.weekday.number}")
            return Value("SET", (self._timed_open(point, day) if point.is_timed else day).text)
        if one.explained:
            return self._explained(point, one.explained, clause)
        assert point is not None
        when = self._when(point, clause)
        return self._point(point, when, self._disagrees(point, when))

    def _point(self, point: Point, when: When | None, conflict: bool) -> Value | None:
        if when is None:
            return None
        if when.text.startswith(EVERY_DAY):
            return Value("SET", when.text)
        self._remember(when)
        mod = point.mod.code if point.mod is not None else None
        return Value("TIME" if "T" in when.text else "DATE", when.text, mod, conflict)

    def _explained(self, point: Point | None, explanation: tuple[Point, ...], clause: Clause) -> Value | None:
        bare = self._when(point, clause) if point is not None else None
        if bare is not None:
            # What the parenthesis leaves out, "(15h cùng ngày giờ Việt Nam)", it takes from what it explains.
            self._remember(bare)
        if point is not None and len(explanation) == 1:
            when = self._when(explanation[0], clause)
            return self._point(point, when, self._disagrees(replace(point, date=explanation[0].date), when))
        first = self._when(explanation[0], clause)
        last = self._when(explanation[-1], clause, after=first.day if first else None)
        if first is None or last is None:
            return None
        if not periods.in_order(first.text, last.text):
            return None
        self._remember(last)
        text = _from_to(first, last)
        mod = point.mod.code if point is not None and point.mod is not None else None
        return Value("TIME" if "T" in text else "DATE", text, mod)

    def _disagrees(self, point: Point, when: When | None) -> bool:
        """Whether a weekday or a word like "hôm nay" says another day than the date beside it."""
        if when is None or when.day is None or not isinstance(point.date, Day):
            return False
        if point.weekday is not None and point.weekday.number != when.day.isoweekday():
            return True
        if point.near is not None:
            near = self._dating.shift(point.near)
            return near is not None and near.day is not None and near.day != when.day
        return False

    def _recurring_range(self, first: Point, last: Point) -> Value | None:
        ends = []
        for point in (first, last):
            if isinstance(point.date, EveryDay):
                day = When(EVERY_DAY)
            elif point.weekday is not None and point.date is None:
                day = When(f"XXXX-WXX-{point.weekday.number}")
            else:
                return None
            ends.append((self._timed_open(point, day) if point.is_timed else day).text)
        return Value("SET", "/".join(ends))

    def _range(self, first: Point, last: Point, shares_day: bool, clause: Clause) -> Value | None:
        if isinstance(last.date, EveryDay) or (last.weekday is not None and last.weekday.every):
            return self._recurring_range(first, last)
        begin = self._when(first, clause)
        if begin is None:
            return None
        self._remember(begin)
        end = self._when(last, clause, after=begin.day, begin=begin)
        if end is None:
            return None
        if begin.day is not None and end.day is not None and begin.day > end.day:
            begin = self._earlier(first, end) or begin
        elif shares_day and begin.moment is not None and end.moment is not None and begin.moment > end.moment:
            # "23h đến 1h ngày 9/6": the day is that of the end, the night began before.
            begin = _moved(begin, -1)
        elif not last.has_day and begin.moment is not None and end.moment is not None and end.moment < begin.moment:
            end = _moved(end, 1)
        if not periods.in_order(begin.text, end.text):
            return None
        self._remember(end)
        text = _from_to(begin, end) if begin.text != end.text else begin.text
        return Value("TIME" if "T" in text else "DATE", text)

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

    def _when(
        self,
        point: Point,
        clause: Clause,
        after: date | None = None,
        begin: When | None = None,
    ) -> When | None:
        """The value of a point; `after` is the day that a range begins, from which its end is counted."""
        if isinstance(point.date, Day) or (point.near is None and point.weekday is None):
            if point.date is None:
                return self._time_of_no_day(point, begin)
            when = self._dating.find(point.date, clause, after, begin)
        elif point.near is not None:
            when = self._dating.shift(point.near)
        else:
            assert point.weekday is not None
            when = self._dating.weekday(point.weekday, clause, after)
        if when is None or not point.is_timed:
            return when
        if when.moment is not None:
            return when
        if when.day is not None:
            return self._timed(point, when.day)
        if when.month_day is not None or when.text.startswith(("XXXX-W", EVERY_DAY)):
            return self._timed_open(point, when)
        return None

    def _timed(self, point: Point, day: date) -> When | None:
        part = point.part.code if point.part is not None else ""
        if point.clock is None:
            return at(day, part)
        hour, days = _hour(point.clock, part)
        moment = datetime(day.year, day.month, day.day, hour, point.clock.minute)
        hours = 7 - point.zone.hours if point.zone is not None and point.zone.kind == "utc" else 0
        try:
            moment += timedelta(days=days, hours=hours)
        except OverflowError:
            return None
        return at_moment(moment)

    def _timed_open(self, point: Point, when: When) -> When:
        part = point.part.code if point.part is not None else ""
        if point.clock is None:
            return replace(when, text=f"{when.text}T{part}")
        hour, _ = _hour(point.clock, part)
        return replace(when, text=f"{when.text}T{hour:02}:{point.clock.minute:02}")

    def _time_of_no_day(self, point: Point, begin: When | None) -> When | None:
        """An hour or a part of day without a day: that of the sentence's last date, else the day of publication."""
        base = begin
        if base is None and self._mention_sentence == self._sentence:
            base = self._dating.mention
        if base is not None and base.day is not None:
            return self._timed(point, base.day)
        if base is not None and base.month_day is not None:
            return self._timed_open(point, replace(base, text=base.text.partition("T")[0]))
        return self._timed(point, self._dating.today) if self._dating.today is not None else None

    def _remember(self, when: When) -> None:
        self._dating.mention = when
        self._mention_sentence = self._sentence


def _from_to(begin: When, end: When) -> str:
    """The interval from one time to another; a lunar month is one of solar days already, of which one end counts."""
    return f"{begin.text.partition('/')[0]}/{end.text.rpartition('/')[2]}"


def _moved(when: When, days: int) -> When:
    moved = calendar.add(when.day, days=days) if when.day is not None else None
    return at(moved, when.text.partition("T")[2]) if moved is not None else when


def _hour(clock: Clock, part: str) -> tuple[int, int]:
    """The hour of 24 that a clock time with a part of day means, and how many days later it falls."""
    hour = clock.hour
    if hour == 24 or (hour == 12 and part in ("NI", "EV")):
        return 0, 1
    return (hour + 12, 0) if hour in _AFTERNOON.get(part, ()) else (hour, 0)


_AFTERNOON = {"AF": range(1, 12), "EV": range(5, 12), "NI": range(6, 12), "MI": range(1, 3)}
"""The hours that mean twelve more with a part of day."""
