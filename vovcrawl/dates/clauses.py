"""What the words around an expression say of past and future."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import Literal

from vovcrawl.dates.patterns import VOCABULARY, Patterns

Tense = Literal["past", "future"]

_PATTERNS = Patterns()
_FUTURE = _PATTERNS.compiled("{future}")
_PAST = _PATTERNS.compiled("{past}")
_PURPOSE = re.compile(
    _PATTERNS.expression("{purpose}", capture=False)
    + f"|{VOCABULARY.code('chọn')}[^!]{{0,4}}![^!]{{0,4}}{VOCABULARY.code('để')}"
)
"""What is chosen, or opens, is still to come where nothing says that it has been; `!` stands for the date."""
_ONCE = _PATTERNS.compiled("từng")
_SINCE = _PATTERNS.compiled("hồi")
_DAY_PAST = VOCABULARY.code("hôm")
"""Begins "hôm 10/3", which nobody says of a day to come."""
_SENTENCE_END = re.compile("!")
# What was said, "rằng ...", is another clause than who said it when.
_CLAUSE_END = re.compile(f"[!,;{VOCABULARY.code('rằng')}]")


class Clauses:
    """The sentences and clauses of a row of syllables."""

    def __init__(self, codes: str) -> None:
        self._codes = codes
        self._sentences = [match.start() for match in _SENTENCE_END.finditer(codes)]

    @cached_property
    def _clauses(self) -> list[int]:
        return [match.start() for match in _CLAUSE_END.finditer(self._codes)]

    def sentence(self, start: int) -> int:
        """The number of the sentence that the syllable at `start` is in."""
        return bisect_left(self._sentences, start)

    def sentence_bounds(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence around a stretch begins and ends."""
        return self._bounds(self._sentences, start, end)

    def around(self, start: int, end: int) -> Clause:
        """The clause around a stretch."""
        return Clause(self, start, end)

    def tense(self, start: int, end: int) -> Tense | None:
        """Whether the clause around a stretch speaks of what was or of what is to come.

        A clause that is next to nothing beside the stretch ("Dự kiến, tháng 3 ...", "Từ thứ Hai, ...") is read with its
        neighbour. "Từng" counts in the rest of the sentence as well, if nothing there is to come.
        """
        codes = self._codes
        if codes[start] == _DAY_PAST or _SINCE.search(codes, max(0, start - 1), start):
            return "past"
        first, last = self._bounds(self._clauses, start, end)
        opening, closing = self.sentence_bounds(start, end)
        if start - first + last - end <= _SHORT:
            last = self._bounds(self._clauses, start, min(last + 1, closing))[1]
        if first > opening:
            before = self._bounds(self._clauses, first - 1, first - 1)[0]
            if first - 1 - before <= _SHORT:
                first = before
        clause = codes[first:start] + "!" + codes[end:last]
        if _FUTURE.search(clause):
            return "future"
        if _PAST.search(clause):
            return "past"
        if _PURPOSE.search(clause):
            return "future"
        sentence = codes[opening:start] + "!" + codes[end:closing]
        return "past" if _ONCE.search(sentence) and not _FUTURE.search(sentence) else None

    def _bounds(self, marks: list[int], start: int, end: int) -> tuple[int, int]:
        before = bisect_left(marks, start)
        after = bisect_left(marks, end)
        first = marks[before - 1] + 1 if before else 0
        last = marks[after] if after < len(marks) else len(self._codes)
        # A clause is no longer than this in any prose; the bound keeps a text without a full stop linear.
        return max(first, start - _LONGEST), min(last, end + _LONGEST)


class Clause:
    """The clause around a stretch of a row."""

    def __init__(self, clauses: Clauses, start: int, end: int) -> None:
        self._clauses = clauses
        self._start = start
        self._end = end

    @cached_property
    def tense(self) -> Tense | None:
        """Whether it speaks of what was or of what is to come; few dates need to know."""
        return self._clauses.tense(self._start, self._end)


_LONGEST = 200
_SHORT = 3
"""How many syllables a clause may have that says little by itself."""
