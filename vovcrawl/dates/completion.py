"""Completion: what the members of lists and ranges, and the words before a parenthesis, leave to their neighbours.

It stands between recognition and normalization, and changes nothing that it is given: one recognition can be normalized
by several times of publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vovcrawl.dates.meanings import Day, Every, Length, Month, Quarter, Weekday, Year
from vovcrawl.dates.points import Expression, Point


@dataclass(frozen=True, slots=True)
class Complete:
    """An expression that says its time without its neighbours."""

    start: int
    end: int
    first: Point | None = None
    """The point that is meant, or the first end of a range."""
    last: Point | None = None
    """The second end of a range."""
    shares_day: bool = False
    """Whether the first end of the range has its day from the second."""
    explained: tuple[Point, ...] = ()
    """The same time as a parenthesis has it, where that says more: one point, or the two ends of a range."""
    length: Length | None = None
    every: Every | None = None


def kept(members: list[Expression]) -> list[Expression]:
    """Those members of a list that are complete or can be completed."""
    while members and not _is_complete(members[-1]):
        members = members[:-1]
    if len(members) < 2:
        return members
    # A member that stays incomplete between complete ones borrows from the right, as the first one may.
    found = [
        member
        for place, member in enumerate(members)
        if _is_complete(member) or _can_borrow(member, members[place + 1])
    ]
    if found and found[0].in_list:
        found[0] = replace(found[0], in_list=False)
    return found


def _is_complete(one: Expression) -> bool:
    """Whether the expression says a time without its neighbours."""
    if one.first is None or one.last is not None:
        return True
    return one.first.has_day or one.first.clock is not None or bool(one.first.gloss)


def _can_borrow(one: Expression, follower: Expression) -> bool:
    if one.first is None or follower.first is None:
        return False
    return one.first.part is not None and follower.first.part is not None and follower.first.names_a_day


def complete(expressions: list[Expression]) -> list[Complete]:
    """The expressions of a sentence, each with what it takes from the others."""
    if len(expressions) == 1:
        return [_complete(expressions[0])]
    found: list[Complete] = []
    position = 0
    while position < len(expressions):
        end = position + 1
        while end < len(expressions) and expressions[end].in_list:
            end += 1
        found += map(_complete, _completed_list(expressions[position:end]))
        position = end
    return found


def _completed_list(members: list[Expression]) -> list[Expression]:
    """The members of a list with what they leave to their right neighbours."""
    found = members[-1:]
    for member in reversed(members[:-1]):
        receiver, giver = member.final, found[-1].final
        if receiver is not None and giver is not None:
            completed = _completed(receiver, giver)
            member = replace(member, last=completed) if member.last is not None else replace(member, first=completed)
        found.append(member)
    return found[::-1]


def _complete(one: Expression) -> Complete:
    first, last = one.first, one.last
    if first is None:
        return Complete(one.start, one.end, length=one.length, every=one.every)
    if last is None:
        explained = _ends(first)
        if len(explained) == 1:
            explained = [_merged(first, explained[0])]
        elif explained:
            explained = _explained_range(first, explained)
        return Complete(one.start, one.end, first, explained=tuple(explained))
    explained = _ends(last)
    if len(explained) > 1:
        return Complete(one.start, one.end, explained=tuple(_explained_range(last, explained)))
    return _range(one, first, last)


def _range(one: Expression, first: Point, last: Point) -> Complete:
    # "Từ 18h đến 2h hôm sau": the end counts from the day of the beginning.
    follows = last.near is not None and last.near.base == "mention" and last.near.count > 0 and last.date is None
    shares_day = not first.has_day and last.has_day and not follows
    first, last = _explained(first), _explained(last)
    if first.has_day or not follows:
        first, last = _completed_range(first, last)
    if shares_day:
        first = replace(first, weekday=last.weekday, near=last.near, date=last.date)
        if first.part is None and first.clock and last.clock and first.clock.hour <= last.clock.hour:
            first = replace(first, part=last.part)
    return Complete(one.start, one.end, first, last, shares_day)


# Parentheses


def _ends(point: Point) -> list[Point]:
    """The points of the explanation, where it adds to the value."""
    return [end for one in _gloss(point) for end in (one.first, one.last) if end is not None]


def _gloss(point: Point) -> Sequence[Expression]:
    """What explains the point; nothing where that only repeats it in other words."""
    if not point.gloss:
        return ()
    explanation = point.gloss[0].first
    assert explanation is not None
    if isinstance(point.date, Day) and point.date.month is not None:
        foreign = point.zone is not None and point.zone.kind != "here"
        if explanation.zone is not None and explanation.zone.kind == "here" and (foreign or explanation.is_timed):
            return point.gloss
        if isinstance(explanation.date, Day) and point.date.lunar and not explanation.date.lunar:
            return point.gloss
        return ()
    return point.gloss


def _merged(point: Point, explanation: Point) -> Point:
    """One point of an expression and its explanation: the written date, and the time from whichever has one."""
    if explanation.zone is not None and explanation.zone.kind == "here" and explanation.is_timed:
        return _in_year_of(explanation, point)
    return replace(
        explanation,
        start=point.start,
        clock=point.clock or explanation.clock,
        part=point.part or explanation.part,
        zone=point.zone or explanation.zone,
        gloss=(),
    )


def _in_year_of(explanation: Point, point: Point) -> Point:
    """The explanation with the year that the explained date names, or the one beside it around New Year."""
    theirs, mine = point.date, explanation.date
    if not isinstance(theirs, Day) or not isinstance(mine, Day) or theirs.year is None or theirs.year.number is None:
        return explanation
    if mine.year is not None or mine.month is None or theirs.month is None:
        return explanation
    year = theirs.year.number + ((theirs.month, mine.month) == (12, 1)) - ((theirs.month, mine.month) == (1, 12))
    return replace(explanation, date=replace(mine, year=Year(year)))


def _explained(point: Point) -> Point:
    """A point with what its explanation says, if that is one time."""
    gloss = _gloss(point)
    if len(gloss) != 1 or gloss[0].first is None or gloss[0].last is not None:
        return point
    return _merged(point, gloss[0].first)


def _explained_range(point: Point, ends: list[Point]) -> list[Point]:
    """The ends of a range that explains a point, each with what it leaves to the next one."""
    found = ends[-1:]
    for end in reversed(ends[:-1]):
        found.append(_completed(end, found[-1]))
    return [end if point.part is None else replace(end, part=end.part or point.part) for end in (found[-1], found[0])]


# What a point takes from its neighbour


def _completed_range(first: Point, last: Point) -> tuple[Point, Point]:
    begins, ends = first.date, last.date
    if isinstance(begins, Day) and isinstance(ends, Day):
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
            date = replace(ends, month=begins.month, year=begins.year, lunar=begins.lunar)
            return first, replace(last, date=date)
    if isinstance(begins, Month) and isinstance(ends, Month) and begins.year is None:
        if ends.year is not None and begins.month > ends.month:
            if ends.year.number is not None:
                return replace(first, date=replace(begins, year=Year(ends.year.number - 1))), last
            if ends.year.shift == 1:
                return first, last
        if ends.recent is not None:
            first = replace(first, date=replace(begins, recent=ends.recent))
    return _completed(first, last), last


def _completed(receiver: Point, giver: Point) -> Point:
    """`receiver` with what it leaves open taken from `giver`."""
    if not receiver.has_day:
        if not receiver.is_timed or not giver.names_a_day:
            return receiver
        date = giver.date
        if giver.gloss and giver.gloss[0].first is not None:
            date = giver.gloss[0].first.date or date
        return replace(receiver, weekday=giver.weekday, near=giver.near, date=date)
    date = receiver.date
    match receiver.date, giver.date:
        case Day(month=None, month_shift=None) as mine, Day() as theirs:
            date = _with_month_of(mine, theirs)
        case Day(year=None, lunar=lunar) as mine, Day(year=Year(), lunar=same) as theirs if lunar == same:
            later = mine.month is not None and theirs.month is not None and mine.month > theirs.month
            date = replace(mine, year=_year_of_neighbour(theirs.year, later=later))
        case Month(year=None, recent=None) as mine, Month(year=Year()) as theirs:
            date = replace(mine, year=_year_of_neighbour(theirs.year, later=mine.month > theirs.month))
        case Quarter(year=None, recent=None) as mine, Quarter(year=Year()) as theirs:
            date = replace(mine, year=_year_of_neighbour(theirs.year, later=mine.quarter > theirs.quarter))
    weekday: Weekday | None = receiver.weekday
    other = giver.weekday
    if weekday is not None and other is not None and weekday.tail is None and date is None:
        weekday = replace(weekday, tail=other.tail, every=weekday.every or other.every)
    if date is receiver.date and weekday is receiver.weekday:
        return receiver
    return replace(receiver, date=date, weekday=weekday)


def _year_of_neighbour(year: Year | None, *, later: bool) -> Year | None:
    """The year of the member to the right, or the one before where this one is later: "quý IV và quý I/2022"."""
    if not later or year is None:
        return year
    if year.number is not None:
        return replace(year, number=year.number - 1)
    return replace(year, shift=year.shift - 1) if year.shift is not None else year


def _with_month_of(mine: Day, theirs: Day) -> Day:
    """A day with the month of a later one, or the month before: "đêm 30, rạng sáng 1/10"."""
    month, year = theirs.month, theirs.year
    if month is not None and mine.day > theirs.day:
        month = month - 1 or 12
        year = _year_of_neighbour(year, later=month == 12)
    return replace(mine, month=month, year=year, lunar=theirs.lunar, month_shift=theirs.month_shift)
