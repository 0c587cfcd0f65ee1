"""From the row of syllables to expressions: pieces joined, ranges, lists and parentheses recognised.

Nothing here asks when the text was written; what comes out are meanings with their extent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vovcrawl.dates.grammar import CONTINUING
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
from vovcrawl.dates.patterns import VOCABULARY, expression
from vovcrawl.dates.rules import GUARD_LENGTH, RULES, Grammar
from vovcrawl.dates.syllables import DIGITS, YEAR, Row

LONGEST_PARENTHESIS = 40
"""How many syllables a parenthesis may have that explains a date."""

DEEPEST_GLOSS = 2
"""How many explanations may stand within each other; prose has one in another at most."""

LONGEST_TITLE = 6
"""How many syllables a title in quotation marks may have."""

LONGEST_LIST = 12
"""How many members of a list can explain each other."""


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(expression(pattern, capture=False))


_RANGE = _compiled("(- | ~ | đến | tới | cho đến | cho tới | /) (tận | khoảng)? hết? | kéo dài đến hết?")
_LIST = _compiled(",? (và | hoặc | hay | cùng | lẫn) (vào | từ)? | , (rồi | đến | tới)? | <,> | ;")
_GLOSS_WORDS = _compiled("tức (là | vào | nhằm)? | nhằm vào? | là | trùng với? | đúng vào? | từ | rơi vào | các")
_SOLAR = _compiled("dương lịch | dl")
_SPOKEN_GLOSS = _compiled(",? (tức là? | nhằm) (vào)?")
_POINTING = re.compile(f"(?:{expression('{pointing}', False)})$")
_LASTING = re.compile(f"(?:{expression('({lasting}) {about}?', False)})$")
_SINCE_AN_EVENT = _compiled("(sau | trước) ({event} | {word} | {name}) | liền | liên tục")
_NOW = VOCABULARY.code("nay")


@dataclass(slots=True)
class Point:
    """One time or period, as far as the words around one place tell it."""

    start: int
    end: int
    clock: Clock | None = None
    part: Part | None = None
    weekday: Weekday | None = None
    near: Shift | None = None
    """A day by its distance; beside a date it only comments."""
    date: Date | None = None
    mod: Mod | None = None
    zone: Zone | None = None
    gloss: list[Expression] = field(default_factory=list)
    """The same time in other words, in parentheses or behind "tức"."""

    @property
    def has_day(self) -> bool:
        """Whether a day is told, not only an hour or a part of day."""
        return self.date is not None or self.weekday is not None or self.near is not None

    @property
    def is_timed(self) -> bool:
        """Whether there is an hour or a part of day."""
        return self.clock is not None or self.part is not None

    @property
    def names_a_day(self) -> bool:
        """Whether a single day is told."""
        return self.weekday is not None or self.near is not None or isinstance(self.date, Day)


@dataclass(slots=True)
class Expression:
    """A stretch of text that tells a time: a point, a range of two, a length, or a recurring time."""

    start: int
    end: int
    first: Point | None = None
    last: Point | None = None
    """The second end of a range."""
    length: Length | None = None
    every: Every | None = None
    in_list: bool = False
    """Whether the expression before it is of the same list."""

    @property
    def final(self) -> Point | None:
        """The point at the right side, which neighbours to the left borrow from."""
        return self.last or self.first


_GRAMMAR = Grammar(RULES)
_CONTINUING = {kind: Grammar(rules) for kind, rules in CONTINUING.items()}


class Reader:
    """Reads the expressions of one row of syllables."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._codes = row.codes
        self._length = len(row.codes)
        self._atoms: dict[int, tuple[int, tuple[Piece, ...]] | None] = {}
        self._gloss_depth = 0

    def expressions(self) -> list[Expression]:
        """All expressions in order; they do not overlap."""
        found: list[Expression] = []
        position = 0
        search = _GRAMMAR.trigger.search
        while (trigger := search(self._codes, position)) is not None:
            start = trigger.start()
            if self._is_inside_a_number(start):
                position = start + 1
                continue
            members = self._list(start)
            if members:
                found += members
                position = members[-1].end
            else:
                atom = self._atom(start)
                # Words that were understood together and came to nothing are not read again piecemeal.
                trapped = atom is not None and not atom[1]
                position = atom[0] if atom is not None and trapped else start + 1
        return found

    def _is_inside_a_number(self, start: int) -> bool:
        """Whether figures go on here that began before: "100/2019" is not read from its middle."""
        codes = self._codes
        return start > 1 and codes[start] in DIGITS and codes[start - 1] in "-.d/:" and codes[start - 2] in DIGITS

    def _atom(self, start: int) -> tuple[int, tuple[Piece, ...]] | None:
        if start >= self._length:
            return None
        if start not in self._atoms:
            self._atoms[start] = _GRAMMAR.match(self._row, start)
        return self._atoms[start]

    def _list(self, start: int) -> list[Expression]:
        """The expressions of the list that begins at `start`, with those members that others complete."""
        first = self._expression(start)
        if first is None:
            return []
        members = [first]
        while len(members) < LONGEST_LIST:
            glue = _LIST.match(self._codes, members[-1].end)
            if glue is None:
                break
            follower = self._expression(glue.end()) or self._continuation(members[-1], glue.end())
            if follower is None:
                break
            follower.in_list = True
            members.append(follower)
        while members and not self._is_complete(members[-1]):
            members.pop()
        # A member that stays incomplete between complete ones borrows from the right, as the first one may.
        kept = [
            member
            for place, member in enumerate(members)
            if self._is_complete(member) or self._can_borrow(member, members[place + 1])
        ]
        for member, before in zip(kept, [None, *kept], strict=False):
            member.in_list = member.in_list and before is not None
        return kept

    def _is_complete(self, one: Expression) -> bool:
        """Whether the expression tells a time without its neighbours."""
        if one.first is None or one.last is not None:
            return True
        point = one.first
        if point.clock is not None and point.clock.bare and not point.has_day and point.part is None:
            return point.zone is not None or self._reads_as_clock(one)
        return point.has_day or point.clock is not None or bool(point.gloss)

    def _can_borrow(self, one: Expression, follower: Expression) -> bool:
        if one.first is None or follower.first is None:
            return False
        return one.first.part is not None and follower.first.part is not None and follower.first.names_a_day

    def _reads_as_clock(self, one: Expression) -> bool:
        left = self._codes[max(0, one.start - GUARD_LENGTH) : one.start]
        point = one.first
        if point is not None and point.clock is not None and point.clock.minute and point.clock.hour > 12:
            return True
        if _SINCE_AN_EVENT.match(self._codes, one.end):
            return False
        return _POINTING.search(left) is not None and _LASTING.search(left) is None

    def _expression(self, start: int) -> Expression | None:
        atom = self._atom(start)
        if atom is None or not atom[1]:
            return None
        end, pieces = atom
        piece = pieces[0]
        if isinstance(piece, Length):
            return Expression(start, end, length=piece)
        if isinstance(piece, Every):
            return Expression(start, end, every=piece)
        point = self._point(start)
        if point is None:
            return None
        one = Expression(start, point.end, point)
        self._add_gloss(one)
        if not self._extend_to_range(one):
            if isinstance(point.date, Now):
                return None
            if point.clock is not None and point.clock.bare and not (point.has_day or point.part or point.zone):
                return self._length_or_clock(one)
        else:
            self._add_gloss(one)
        return None if self._is_title(one) else one

    def _is_title(self, one: Expression) -> bool:
        """Whether the words are within a short quotation that begins with a capital: a song, a film, a shop."""
        point = one.first
        if point is None or point.near is not None or not isinstance(point.date, Month | Season | None):
            return False
        codes = self._codes
        opening = codes.rfind('"', max(0, one.start - LONGEST_TITLE), one.start)
        if opening < 0 or opening + 1 == len(codes) or not self._row.is_capital(opening + 1):
            return False
        closing = codes.find('"', one.end, opening + LONGEST_TITLE + 2)
        inside = codes[opening + 1 : closing]
        return closing > 0 and not any(code in DIGITS or code in "!," for code in inside)

    def _length_or_clock(self, one: Expression) -> Expression | None:
        """ "N giờ" by itself: a time where a word like "lúc" says so, else a length."""
        point = one.first
        assert point is not None and point.clock is not None
        if self._reads_as_clock(one):
            return one
        if self._codes[point.end - 1] in DIGITS:
            return None
        clock = point.clock
        hours, minutes = f"{clock.hour}H" if clock.hour else "", f"{clock.minute}M" if clock.minute else ""
        return Expression(one.start, one.end, length=Length(f"PT{hours}{minutes}")) if hours or minutes else None

    def _continuation(self, before: Expression, start: int) -> Expression | None:
        """A further member of a list that leaves out its first word, with its range: "năm 2010, 2012-2014"."""
        follower = self._follower(before.final, start)
        if follower is None:
            return None
        one = Expression(start, follower.end, follower)
        self._extend_to_range(one)
        return one

    def _follower(self, before: Point | None, start: int) -> Point | None:
        """A further time of a list or range that leaves out its first word."""
        if before is None or start >= self._length:
            return None
        kind = _kind(before)
        if kind is None:
            return None
        match = _CONTINUING[kind].match(self._row, start)
        if match is None or not match[1]:
            return None
        end, pieces = match
        follower = Point(start, end)
        for piece in pieces:
            self._put(follower, piece)
        return follower

    def _point(self, start: int) -> Point | None:
        """The longest row of pieces from `start` that tell one time."""
        point = Point(start, start)
        position = start
        comma = False
        while True:
            atom = self._atom(position)
            if atom is None or not atom[1]:
                break
            end, pieces = atom
            if not all(self._fits(point, piece, comma) for piece in pieces):
                break
            if comma and isinstance(pieces[-1], Part) and not self._begins_a_day(end):
                break
            for piece in pieces:
                self._put(point, piece)
            point.end = position = end
            comma = position < self._length and self._codes[position] == ","
            if comma:
                position += 1
        if point.end == start or not (point.has_day or point.is_timed):
            return None
        return point

    def _begins_a_day(self, start: int) -> bool:
        atom = self._atom(start)
        return atom is not None and bool(atom[1]) and isinstance(atom[1][0], Day | Weekday | Shift)

    def _fits(self, point: Point, piece: Piece, comma: bool) -> bool:
        """Whether `piece` can join what the words before it told."""
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
                    return (point.weekday is not None and not piece.bare) or self._is_full(point.date)
                return point.start == point.end or point.weekday is not None or self._is_full(point.date)
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
                    told = point.clock is not None or point.weekday is not None or point.near is not None
                    return told and (piece.month is not None)
                return True
            case Now():
                return point.start == point.end
            case _:
                return not point.has_day and not point.is_timed and not comma

    def _is_full(self, date: Date | None) -> bool:
        return isinstance(date, Day) and date.year is not None

    def _put(self, point: Point, piece: Piece) -> None:
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

    def _extend_to_range(self, one: Expression) -> bool:
        """Adds the second end of a range, if one follows."""
        point = one.first
        assert point is not None
        glue = _RANGE.match(self._codes, one.end)
        if glue is None:
            return False
        start = glue.end()
        last: Point | None = None
        if start < self._length and self._codes[start] == _NOW:
            last = Point(start, start + 1, date=Now())
        else:
            last = self._point(start)
            if last is None or isinstance(last.date, Now):
                last = self._follower(point, start)
        sign = self._codes[one.end]
        sure = self._reads_as_clock(one)
        if last is None or not self._pairs(point, last, sure, sign in "-~", sign == "/"):
            return False
        one.last = last
        one.end = last.end
        return True

    def _pairs(self, first: Point, last: Point, sure: bool, dashed: bool, slash: bool) -> bool:
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
            told = sure or last.has_day or last.part is not None
            return last.clock is not None and (told or not (last.clock.bare and first.clock.bare))
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

    def _add_gloss(self, one: Expression) -> None:
        """Adds the parenthesis and the "tức ..." behind the expression, if they explain it."""
        if self._gloss_depth == DEEPEST_GLOSS:
            return
        self._gloss_depth += 1
        while self._add_one_gloss(one):
            pass
        self._gloss_depth -= 1

    def _add_one_gloss(self, one: Expression) -> bool:
        point = one.final
        assert point is not None
        if (not point.has_day and point.clock is None) or point.gloss:
            return False
        position = one.end
        if position < self._length and self._codes[position] == "(":
            close = self._codes.find(")", position, position + LONGEST_PARENTHESIS)
            if close < 0:
                return False
            inside = self._inside(position + 1, close)
            if inside is None:
                return False
            expressions, zone = inside
            end = close + 1
        else:
            spoken = _SPOKEN_GLOSS.match(self._codes, position)
            if spoken is None:
                return False
            explained = self._expression(spoken.end())
            if explained is None or explained.first is None:
                return False
            expressions, zone, end = [explained], None, explained.end
        if expressions and not self._explains(point, expressions):
            return False
        if zone is not None:
            point.zone = zone
        point.gloss = expressions
        point.end = one.end = end
        return True

    def _inside(self, start: int, close: int) -> tuple[list[Expression], Zone | None] | None:
        """What a parenthesis holds, if it is nothing but dates and a zone."""
        words = _GLOSS_WORDS.match(self._codes, start, close)
        position = words.end() if words is not None else start
        found: list[Expression] = []
        zone: Zone | None = None
        while position < close:
            atom = self._atom(position)
            if atom is not None and atom[1] and isinstance(atom[1][0], Zone) and zone is None:
                zone, position = atom[1][0], atom[0]
            else:
                member = self._expression(position)
                if member is None and found:
                    member = self._continuation(found[-1], position)
                if member is None and not found and self._codes[position] in DIGITS:
                    member = self._bare_year(position)
                if member is None or member.first is None or member.end > close:
                    return None
                found.append(member)
                position = member.end
            solar = _SOLAR.match(self._codes, position, close)
            if solar is not None:
                position = solar.end()
            if position < close:
                glue = _LIST.match(self._codes, position) or _RANGE.match(self._codes, position)
                if glue is not None:
                    position = glue.end()
        return found, zone

    def _bare_year(self, start: int) -> Expression | None:
        if self._codes[start] != YEAR:
            return None
        return Expression(start, start + 1, Point(start, start + 1, date=Year(int(self._row.token(start)))))

    def _explains(self, point: Point, gloss: list[Expression]) -> bool:
        """Whether dates in parentheses say the same as what stands before them."""
        told = gloss[0].first
        if told is None:
            return False
        if told.zone is not None and told.is_timed:
            return True
        if isinstance(point.date, Day) and point.date.month is not None:
            if told.zone is not None or point.zone is not None or (told.weekday is not None and told.date is None):
                return True
            return isinstance(told.date, Day) and told.date.lunar != point.date.lunar
        if isinstance(point.date, Year):
            return isinstance(told.date, Year)
        if isinstance(point.date, Month | Quarter | Months) and point.mod is None:
            return isinstance(told.date, Month | Year)
        if isinstance(point.date, Shift | Month) and point.mod is not None and isinstance(told.date, Day):
            # "cuối tháng này (30/6)": a certain day of it.
            return True
        if isinstance(point.date, Shift) and point.date.unit != "week":
            return isinstance(told.date, Month | Quarter | Year)
        if isinstance(point.date, Season | Decade | Century):
            return False
        return told.names_a_day or isinstance(told.date, Day)


def _kind(point: Point) -> str | None:
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
