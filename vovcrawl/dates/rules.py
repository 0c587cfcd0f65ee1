"""What a rule of the grammar is, and how the one that fits is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypedDict, Unpack

from vovcrawl.dates.meanings import Mod, Piece
from vovcrawl.dates.patterns import Capture, Definition, Patterns, read
from vovcrawl.dates.syllables import Row

Made = Piece | tuple[Piece, ...] | None
"""What a rule makes: a piece, several that belong together, or None where the words mean no time after all."""

GUARD_LENGTH = 12
"""How many syllables to the left a guard can see."""


class Guards(TypedDict, total=False):
    """What must hold around the words of a rule."""

    after: str
    """Pattern of what must stand directly to the left."""
    not_after: str
    before: str
    """Pattern of what must stand directly to the right."""
    not_before: str
    where: Callable[[Row, int, int], bool]
    """Looks at the text between two places itself, where capitals or figures decide."""
    extend: Callable[[Row, int], int]
    """How far the words reach beyond the pattern; the rule does not fit where they do not."""


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """One pattern and what it makes, as a file of the grammar has it."""

    name: str
    pattern: str
    make: Callable[..., Made] | None
    """None for words that only look like a time."""
    guards: Guards


class Rules:
    """The rules of one file of the grammar in their order, and the patterns that it gives a name."""

    def __init__(self) -> None:
        self.definitions: dict[str, Definition] = {}
        self.written: list[WrittenRule] = []

    def define(self, name: str, pattern: str, make: Callable[..., object] | None = None) -> None:
        """Gives `pattern` a name, by which the patterns of every file can use it.

        With `make`, what it makes of the captures is handed on under that name; without, the captures themselves are.
        """
        self.definitions[name] = Definition(pattern, make)

    def rule(self, *patterns: str, **guards: Unpack[Guards]) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
        """Adds a rule for each of `patterns`; the function makes the meaning from what they capture.

        A pattern may begin with `{mod}`: the part of the period ("đầu", "cuối") that it names is added to the meaning.
        Of several decorators the one next to the function adds its rules first.
        """

        def add(make: Callable[..., Made]) -> Callable[..., Made]:
            self.written += [WrittenRule(make.__name__, pattern, make, guards) for pattern in patterns]
            return make

        return add

    def lookalike(self, *patterns: str, **guards: Unpack[Guards]) -> None:
        """Adds words that look like a time and are none: nothing is read from them."""
        self.written += [WrittenRule("lookalike", pattern, None, guards) for pattern in patterns]


class Rule:
    """A rule as regular expressions, each compiled when it is first needed."""

    def __init__(self, written: WrittenRule, patterns: Patterns) -> None:
        self.name = written.name
        self.make = written.make
        self._written = written
        self._patterns = patterns
        self._where = written.guards.get("where")
        self._extend = written.guards.get("extend")
        self.extends = self._extend is not None
        """Whether the words reach beyond the pattern."""
        self._source = patterns.expression(written.pattern, capture=written.make is not None)

        def guard(pattern: str | None, frame: str) -> str | None:
            return frame.format(patterns.expression(pattern, capture=False)) if pattern else None

        # All are put together here, so that the vocabulary is whole before the first text is read.
        self._sources = {
            "after": guard(written.guards.get("after"), "(?:{})$"),
            "not_after": guard(written.guards.get("not_after"), "(?:{})$"),
            "before": guard(written.guards.get("before"), "(?:{})"),
            "not_before": guard(written.guards.get("not_before"), "(?:{})"),
        }

    def beginnings(self) -> set[str]:
        """The first two characters that the words can have, with what must follow them."""
        before = self._written.guards.get("before")
        return self._patterns.beginnings(f"({self._written.pattern}) ({before})" if before else self._written.pattern)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The words themselves."""
        return re.compile(self._source)

    @cached_property
    def captures(self) -> list[Capture]:
        """What is read from the words."""
        return self._patterns.captures(self.regex)

    @cached_property
    def after(self) -> re.Pattern[str] | None:
        """What must stand before the words."""
        return self._guard("after")

    @cached_property
    def not_after(self) -> re.Pattern[str] | None:
        """What must not stand before the words."""
        return self._guard("not_after")

    @cached_property
    def before(self) -> re.Pattern[str] | None:
        """What must follow the words."""
        return self._guard("before")

    @cached_property
    def not_before(self) -> re.Pattern[str] | None:
        """What must not follow the words."""
        return self._guard("not_before")

    def _guard(self, name: str) -> re.Pattern[str] | None:
        source = self._sources[name]
        return re.compile(source) if source is not None else None

    def end(self, row: Row, match: re.Match[str]) -> int:
        """Where the words of a match end; where they begin if they do not reach beyond the pattern as they must."""
        if self._extend is None:
            return match.end()
        end = self._extend(row, match.end())
        return end if end > match.end() else match.start()

    def read(self, row: Row, match: re.Match[str], end: int) -> tuple[Piece, ...] | None:
        """The meaning of words that end at `end`; empty where they are no time, None where the rule does not fit."""
        if not self._holds(row, match.start(), end):
            return None
        if self.make is None:
            return ()
        values = read(row, match, self.captures)
        if values is None:
            return None
        mod = values.pop("mod", None)
        made = self.make(**values)
        if made is None:
            return None
        pieces = made if isinstance(made, tuple) else (made,)
        return pieces if mod is None else (Mod(mod), *pieces)

    def _holds(self, row: Row, start: int, end: int) -> bool:
        codes = row.codes
        if self.before is not None and not self.before.match(codes, end):
            return False
        if self.not_before is not None and self.not_before.match(codes, end):
            return False
        if self.after is not None or self.not_after is not None:
            left = codes[max(0, start - GUARD_LENGTH) : start]
            if self.after is not None and not self.after.search(left):
                return False
            if self.not_after is not None and self.not_after.search(left):
                return False
        return self._where is None or self._where(row, start, end)


_by_end = itemgetter(0)

Fits = Callable[[str, int], re.Match[str] | None]


class Grammar:
    """Rules, found by the first two syllables that they can begin with."""

    def __init__(self, rules: Iterable[Rules], patterns: Patterns) -> None:
        self.rules = [Rule(one, patterns) for some in rules for one in some.written]
        found = [(one, one.beginnings()) for one in self.rules]
        following: dict[str, set[str]] = {}
        for beginning in {each for _, some in found for each in some}:
            following.setdefault(beginning[0], set()).add(beginning)
        self._rules: dict[str, list[Rule]] = {}
        """The rules by what they can begin with: two characters, or one for what is not listed with a second one."""
        for one, some in found:
            # A rule that is content with one syllable fits whatever follows.
            reached = {each for beginning in some if len(beginning) == 1 for each in following[beginning]} | some
            for each in reached:
                self._rules.setdefault(each, []).append(one)
        self._making = {each for one, some in found if one.make is not None for each in some}
        # The matching method beside its rule: nearly all rules fail, and that must cost little.
        self._fitting: dict[str, list[tuple[Fits, Rule]]] = {}

    @cached_property
    def _first(self) -> re.Pattern[str]:
        return _first_of(self._rules)

    @cached_property
    def _first_making(self) -> re.Pattern[str]:
        return _first_of(self._making)

    def find_time(self, codes: str, position: int) -> int:
        """Where, from `position` on, the words of a time may begin first; -1 where none do."""
        making = self._making
        for match in self._first_making.finditer(codes, position):
            start = match.start()
            if codes[start : start + 2] in making or codes[start] in making:
                return start
        return -1

    def places(self, codes: str) -> list[int]:
        """Where the words of a rule may begin, those of lookalikes included."""
        fitting = self._rules
        starts = [match.start() for match in self._first.finditer(codes)]
        return [start for start in starts if codes[start : start + 2] in fitting or codes[start] in fitting]

    def match(self, row: Row, start: int) -> tuple[int, tuple[Piece, ...]] | None:
        """The end and the pieces of the longest rule that fits at `start`; no pieces where it is a lookalike.

        Among rules that reach equally far the one added first wins.
        """
        codes = row.codes
        beginning = codes[start : start + 2]
        rules = self._rules.get(beginning)
        if rules is None:
            beginning = beginning[:1]
            rules = self._rules.get(beginning)
            if rules is None:
                return None
        fitting = self._fitting.get(beginning)
        if fitting is None:
            fitting = self._fitting[beginning] = [(one.regex.match, one) for one in rules]
        matches = [
            (one.end(row, match) if one.extends else match.end(), match, one)
            for fits, one in fitting
            if (match := fits(codes, start)) is not None
        ]
        if len(matches) > 1:
            # Equals keep their order.
            matches.sort(key=_by_end, reverse=True)
        for end, match, one in matches:
            if end > start and (pieces := one.read(row, match, end)) is not None:
                return end, pieces
        return None


def _first_of(beginnings: Collection[str]) -> re.Pattern[str]:
    """Matches nearly only the first of two characters that are a beginning; what it lets pass must be looked up."""
    lone = _one_of(each for each in beginnings if len(each) == 1)
    first = _one_of(each[0] for each in beginnings)
    second = _one_of(each[1] for each in beginnings if len(each) == 2)
    return re.compile(f"{first}(?:(?={second})|(?<={lone}))")


def _one_of(codes: Iterable[str]) -> str:
    """The expression for any of some characters; for none where there are none."""
    return "[" + "".join(re.escape(code) for code in sorted(set(codes))) + "]" if (codes := list(codes)) else "(?!)"
