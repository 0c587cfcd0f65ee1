"""Recognition: from a row of syllables to expressions, with ranges, lists and parentheses.

Nothing here asks when the text was written; what comes out are meanings with their extent.
"""

from __future__ import annotations

import re

from vovcrawl.dates.completion import kept
from vovcrawl.dates.grammar import CONTINUING, GRAMMAR
from vovcrawl.dates.joining import explains, fits, kind, pair, put
from vovcrawl.dates.meanings import (
    Clock,
    Day,
    Every,
    EveryDay,
    Length,
    Month,
    Now,
    Part,
    Piece,
    Season,
    Shift,
    Weekday,
    Year,
    Zone,
)
from vovcrawl.dates.patterns import VOCABULARY, Patterns
from vovcrawl.dates.points import Expression, Point
from vovcrawl.dates.rules import GUARD_LENGTH
from vovcrawl.dates.syllables import DIGITS, NAME, SMALL, WORD, YEAR, Row

LONGEST_PARENTHESIS = 40
"""How many syllables a parenthesis may have that explains a date."""

DEEPEST_GLOSS = 2
"""How many explanations may stand within each other; prose has one in another at most."""

LONGEST_TITLE = 6
"""How many syllables a title in quotation marks may have."""

LONGEST_LIST = 12
"""How many members of a list can explain each other."""


MOST_ATOMS = 10_000
"""How many matches of rules are remembered; a list with all its explanations looks ahead over fewer."""

_PATTERNS = Patterns()
_RANGE = _PATTERNS.compiled("(- | ~ | đến | tới | cho đến | cho tới | /) (tận | khoảng)? hết? | kéo dài đến hết?")
_LIST = _PATTERNS.compiled(",? (và | hoặc | hay | cùng | lẫn) (vào | từ)? | , (rồi | đến | tới)? | <,> | ;")
_NIGHT = "{part_of_day} ngày? {day}"
_NEXT_NIGHT = _PATTERNS.compiled(_NIGHT)
_NEXT_NIGHTS = frozenset(beginning[0] for beginning in _PATTERNS.beginnings(_NIGHT))
"""What a part of day begins with, which may follow another one with nothing between."""
_GLOSS_WORDS = _PATTERNS.compiled(
    "(tức (là | nhằm)? | nhằm | là | trùng với? | đúng | rơi)? vào? (lúc | các)? (khoảng | từ)?"
)
_SOLAR = _PATTERNS.compiled("dương lịch | dl")
_SPOKEN_GLOSS = _PATTERNS.compiled(",? (tức là? | nhằm) (vào)?")
_POINTING = re.compile(_PATTERNS.expression("({pointing})", capture=False) + "$")
_LASTING = re.compile(_PATTERNS.expression("({lasting}) {about}?", capture=False) + "$")
_SINCE_AN_EVENT = _PATTERNS.compiled("(sau | trước) ({event} | {word} | {name}) | liền | liên tục")
_NOW = VOCABULARY.code("nay")
_MONTH = VOCABULARY.code("tháng")
_WORDS = WORD + NAME
_NUMBERED = re.compile(_PATTERNS.expression("({numbered})", capture=False) + "$")
_GOES_ON = _PATTERNS.compiled(
    "(năm | tháng | tuần | quý | ngày | hôm) ({year} | {month} | {period_tail} | {day_tail} | thứ | chủ)"
)
_YEARS = _PATTERNS.compiled("{year} (- | ~ | đến | tới) {year}")


def _is_abbreviation(row: Row, place: int) -> bool:
    """Whether capitals alone stand there: "F" of "F1", "A" of "A50"."""
    token = row.written(place)
    return token.isalpha() and token.isupper()


class Reader:
    """Reads the expressions of one row of syllables."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._codes = row.codes
        self._length = len(row.codes)
        self._atoms: dict[int, tuple[int, tuple[Piece, ...]] | None] = {}
        self._gloss_depth = 0

    def expressions(self, most: int | None = None) -> list[Expression]:
        """The expressions in order; they do not overlap.

        After `most` of them no more is read; the list that the last one stands in is given whole.
        """
        found: list[Expression] = []
        position = 0
        codes = self._codes
        for start in GRAMMAR.places(codes):
            if start < position or (codes[start] in DIGITS and self._is_inside_a_number(start)):
                continue
            atom = self._atom(start)
            if atom is None:
                continue
            if not atom[1]:
                # Words that were understood together and came to nothing are not read again piecemeal.
                position = atom[0]
            elif codes[start] in DIGITS and self._is_part_of_a_name(start, atom):
                continue
            elif members := self._list(start):
                found += members
                position = members[-1].end
                if most is not None and len(found) >= most:
                    break
                if len(self._atoms) > MOST_ATOMS:
                    self._atoms = {place: one for place, one in self._atoms.items() if place >= position}
        return found

    def _is_inside_a_number(self, start: int) -> bool:
        """Whether figures go on here that began before: "100/2019" is not read from its middle."""
        codes = self._codes
        return start > 1 and codes[start - 1] in "-.d/:" and codes[start - 2] in DIGITS

    def _is_part_of_a_name(self, start: int, atom: tuple[int, tuple[Piece, ...]]) -> bool:
        """Whether the number that begins here belongs to the name before it: "U23 năm nay", "số 45 năm 2019"."""
        codes, row = self._codes, self._row
        if start and self._is_glued(start):
            return True
        if isinstance(atom[1][0], Day) and (atom[1][0].month is None or codes[start + 1] == _MONTH):
            # "Theo Chỉ thị 16 đến ngày 1/8", "gói thầu số 5 tháng 8".
            return _NUMBERED.search(codes[max(0, start - GUARD_LENGTH) : start]) is not None
        if not isinstance(atom[1][0], Length) or _GOES_ON.match(codes, start + 1) is None:
            return False
        other = self._atom(start + 1)
        if other is None or not other[1] or isinstance(other[1][0], Length | Every | Clock | Now):
            return False
        numbered = _NUMBERED.search(codes[max(0, start - GUARD_LENGTH) : start]) is not None
        if not numbered and row.token(other[0] - 1) in ("sau", "trước", "tới"):
            return False
        if other[0] > atom[0]:
            # "Kế hoạch 5 năm 2016-2020" has a length of time before its years.
            return numbered or _YEARS.match(codes, other[0] - 1) is None
        return other[0] == atom[0] and (numbered or (codes[max(0, start - 1)] == NAME and codes[start] != SMALL))

    def _is_glued(self, start: int) -> bool:
        """Whether a name stands before the number with no blank, or a dash without one: "U23", "Covid-19"."""
        row = self._row
        before = start - 1
        dashed = self._codes[before] == "~" and before > 0
        before -= dashed
        if self._codes[before] not in _WORDS and not (row.is_capital(before) and _is_abbreviation(row, before)):
            return False
        return row.is_joined(start) and (not dashed or row.is_joined(start - 1))

    def _atom(self, start: int) -> tuple[int, tuple[Piece, ...]] | None:
        try:
            return self._atoms[start]
        except KeyError:
            atom = self._atoms[start] = GRAMMAR.match(self._row, start)
            return atom

    def _list(self, start: int) -> list[Expression]:
        """The expressions of the list that begins at `start`, with those members that others complete."""
        first = self._expression(start)
        if first is None:
            return []
        members = [first]
        while len(members) < LONGEST_LIST:
            end = members[-1].end
            glue = _LIST.match(self._codes, end)
            if glue is not None:
                end = glue.end()
            elif end == self._length or self._codes[end] not in _NEXT_NIGHTS or not self._is_next_night(members[-1]):
                break
            follower = self._expression(end) or self._continuation(members[-1], end)
            if follower is None:
                break
            follower.in_list = True
            members.append(follower)
        return kept(members)

    def _is_next_night(self, one: Expression) -> bool:
        """Whether a day without its month and the next day's part stand side by side: "đêm 30 rạng sáng 1/10"."""
        point = one.final
        if point is None or point.part is None or not isinstance(point.date, Day) or point.date.month is not None:
            return False
        return _NEXT_NIGHT.match(self._codes, one.end) is not None

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
            if one.every is not None or (point.clock is not None and self._recurs(one)):
                return one
            if isinstance(point.date, Now):
                return None
            if point.clock is not None and point.clock.bare and not (point.has_day or point.part or point.zone):
                return self._length_or_clock(one)
        elif point.clock is None or not self._recurs(one):
            self._add_gloss(one)
        return None if self._is_title(one) else one

    def _recurs(self, one: Expression) -> bool:
        """Adds "mỗi tối" or "hằng ngày" after an hour, if it follows: the hour recurs then."""
        point = one.final
        if point is None or point.clock is None or point.has_day or (one.first is not None and one.first.has_day):
            return False
        atom = self._atom(one.end)
        if atom is None or not atom[1] or not isinstance(atom[1][0], Every):
            return False
        first = one.first
        assert first is not None and first.clock is not None
        bare = (first.clock.bare and point.clock.bare) or not (one.last or first.clock.minute)
        if bare and first.part is None and not self._reads_as_clock(one):
            # "8 giờ mỗi ngày" is as long as somebody works.
            return False
        value = atom[1][0].value
        if value != "P1D" and not value.startswith("XXXX-XX-XXT"):
            return False
        point.date = EveryDay()
        if point.part is None and value != "P1D":
            point.part = Part(value[-2:])
        point.end = one.end = atom[0]
        return True

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
        counts = ((clock.hour, "H"), (clock.minute, "M"), (clock.second, "S"))
        length = "".join(f"{count}{unit}" for count, unit in counts if count)
        return Expression(one.start, one.end, length=Length(f"PT{length}")) if length else None

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
        name = kind(before)
        if name is None:
            return None
        match = CONTINUING[name].match(self._row, start)
        if match is None or not match[1]:
            return None
        end, pieces = match
        follower = Point(start, end)
        for piece in pieces:
            put(follower, piece)
        return follower

    def _point(self, start: int) -> Point | None:
        """The longest row of pieces from `start` that say one time."""
        point = Point(start, start)
        position = start
        comma = False
        while True:
            atom = self._atom(position)
            if atom is None or not atom[1]:
                break
            end, pieces = atom
            if not all(fits(point, piece, comma) for piece in pieces):
                break
            if comma and isinstance(pieces[-1], Part) and not self._begins_a_day(end):
                break
            for piece in pieces:
                put(point, piece)
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
            if self._recurs_between(one, start):
                return False
            last = self._point(start)
            if last is None or isinstance(last.date, Now):
                last = self._follower(point, start)
        sign = self._codes[one.end]
        sure = self._reads_as_clock(one)
        if last is None or not pair(point, last, sure, sign in "-~", sign == "/"):
            return False
        one.last = last
        one.end = last.end
        return True

    def _recurs_between(self, one: Expression, start: int) -> bool:
        """Makes the expression recur, if a recurring date follows as its end: "tháng 5 đến tháng 10 hằng năm"."""
        atom = self._atom(start)
        if atom is None or not atom[1] or not isinstance(atom[1][0], Every) or one.first is None:
            return False
        end = atom[1][0].value
        match one.first.date:
            case Day(month=None) as day:
                begin = f"XXXX-XX-{day.day:02}"
            case Day(month=int()) as day:
                begin = f"XXXX-{day.month:02}-{day.day:02}"
            case Month(year=None) as month:
                begin = f"XXXX-{month.month:02}"
            case _:
                return False
        if (
            len(begin) != len(end)
            or not end.startswith("XXXX-")
            or begin.startswith("XXXX-XX") != end.startswith("XXXX-XX")
        ):
            return False
        one.every, one.first, one.end = Every(f"{begin}/{end}"), None, atom[0]
        return True

    def _add_gloss(self, one: Expression) -> None:
        """Adds the parenthesis and the "tức ..." after the expression, if they explain it."""
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
        if expressions and not explains(point, expressions):
            return False
        if zone is not None:
            point.zone = zone
        point.gloss = expressions
        point.end = one.end = end
        return True

    def _inside(self, start: int, close: int) -> tuple[list[Expression], Zone | None] | None:
        """What a parenthesis holds, if it is nothing but dates and a zone."""
        words = _GLOSS_WORDS.match(self._codes, start, close)
        position = start if words is None else words.end()
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
