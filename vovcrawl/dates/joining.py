"""Which meanings can join: pieces into a point, two points into a range, a date and what explains it."""

from __future__ import annotations

from vovcrawl.dates.meanings import (
    Century,
    Clock,
    Date,
    Day,
    Decade,
    Every,
    Length,
    Mod,
    Month,
    Months,
    Now,
    Part,
    Piece,
    Quarter,
    Season,
    Shift,
    Weekday,
    Year,
    Zone,
)
from vovcrawl.dates.points import Expression, Point


def fits(point: Point, piece: Piece, comma: bool) -> bool:
    """Whether `piece` can join what the words before it say."""
    match piece:
        case Length() | Every():
            return False
        case Mod():
            return point.start == point.end
        case Zone():
            return point.is_timed or point.has_day
        case Clock():
            if point.clock is not None:
                return False
            if comma:
                return (point.weekday is not None and not piece.bare) or _is_full(point.date)
            return point.start == point.end or point.weekday is not None or _is_full(point.date)
        case Part():
            return point.part is None and not point.has_day and (not comma or point.clock is not None)
        case Weekday():
            if point.weekday is not None or point.date is not None or point.mod is not None:
                return False
            return not comma or point.is_timed or point.near is not None
        case Shift(unit="day"):
            return not point.has_day and point.mod is None and (not comma or point.clock is not None)
        case Day():
            if point.date is not None:
                return False
            if comma:
                begun = point.clock is not None or point.weekday is not None or point.near is not None
                return begun and piece.month is not None
            return True
        case Now():
            return point.start == point.end
        case _:
            return not point.has_day and not point.is_timed and not comma


def _is_full(date: Date | None) -> bool:
    return isinstance(date, Day) and date.year is not None


def put(point: Point, piece: Piece) -> None:
    """Adds `piece` to what `point` says."""
    match piece:
        case Clock():
            point.clock = piece
        case Part():
            point.part = piece
        case Weekday():
            point.weekday = piece
        case Mod():
            point.mod = piece
        case Zone():
            point.zone = piece
        case Shift(unit="day") if point.date is None:
            point.near = piece
        case Length() | Every():
            raise TypeError(f"{piece} is no part of a point")
        case _:
            point.date = piece


def pair(first: Point, last: Point, sure: bool, dashed: bool, slash: bool) -> bool:
    """Whether the two can be the ends of one range."""
    if slash:
        # "mùa giải 2015/2016"
        years = first.date, last.date
        return all(isinstance(one, Year) and one.number is not None for one in years)
    if isinstance(last.date, Now):
        return first.has_day and not isinstance(first.date, Now)
    if isinstance(first.date, Now):
        return last.has_day
    if first.clock is not None and not first.has_day and first.part is None:
        sure = sure or last.has_day or last.part is not None
        return last.clock is not None and (sure or not (last.clock.bare and first.clock.bare))
    if first.part is not None and not first.has_day:
        return last.is_timed
    if last.clock is not None and not last.has_day and first.clock is None:
        return False
    if last.part is not None and not last.has_day:
        return first.is_timed
    if isinstance(last.date, Day) and last.date.month is None and last.date.month_shift is None:
        return isinstance(first.date, Day)
    if dashed:
        return (first.is_timed or first.names_a_day) == (last.is_timed or last.names_a_day)
    return True


def explains(point: Point, gloss: list[Expression]) -> bool:
    """Whether dates in parentheses say the same as what stands before them."""
    explanation = gloss[0].first
    if explanation is None:
        return False
    if explanation.zone is not None and explanation.is_timed:
        return True
    if isinstance(point.date, Day) and point.date.month is not None:
        if (
            explanation.zone is not None
            or point.zone is not None
            or (explanation.weekday is not None and explanation.date is None)
        ):
            return True
        return isinstance(explanation.date, Day) and explanation.date.lunar != point.date.lunar
    if isinstance(point.date, Year):
        return isinstance(explanation.date, Year)
    if isinstance(point.date, Month | Quarter | Months) and point.mod is None:
        return isinstance(explanation.date, Month | Year)
    if isinstance(point.date, Shift | Month) and point.mod is not None and isinstance(explanation.date, Day):
        # "cuối tháng này (30/6)": a certain day of it.
        return True
    if isinstance(point.date, Shift) and point.date.unit != "week":
        return isinstance(explanation.date, Month | Quarter | Year)
    if isinstance(point.date, Season | Decade | Century):
        return False
    return explanation.names_a_day or isinstance(explanation.date, Day)


def kind(point: Point) -> str | None:
    """Which rules continue a list that has this member."""
    match point.date:
        case Now():
            return "now"
        case Day():
            return "day"
        case Year(number=int()):
            return "year"
        case Month():
            return "month"
        case Quarter():
            return "quarter"
        case Century():
            return "century"
        case Decade():
            return "decade"
    return "weekday" if point.weekday is not None and point.date is None else None
