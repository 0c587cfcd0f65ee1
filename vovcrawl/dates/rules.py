"""What a rule of the grammar is, and how the one that fits is found."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict, Unpack

from vovcrawl.dates.meanings import Mod, Piece
from vovcrawl.dates.patterns import Reader, beginnings, captures, expression, read
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
class Rule:
    """One pattern and what it makes."""

    name: str
    regex: re.Pattern[str]
    captures: list[tuple[str, str, Reader]]
    make: Callable[..., Made] | None
    """None for words that only look like a time."""
    after: re.Pattern[str] | None = None
    not_after: re.Pattern[str] | None = None
    before: re.Pattern[str] | None = None
    not_before: re.Pattern[str] | None = None
    where: Callable[[Row, int, int], bool] | None = None
    extend: Callable[[Row, int], int] | None = None

    def read(self, row: Row, match: re.Match[str]) -> tuple[int, Made] | None:
        """The end and the meaning of a match, if the rule fits; None as meaning where the words are no time."""
        start, end = match.span()
        if self.extend is not None:
            end = self.extend(row, end)
            if end == match.end():
                return None
        if not self._holds(row, start, end):
            return None
        if self.make is None:
            return end, None
        values = read(row, match, self.captures)
        if values is None:
            return None
        mod = values.pop("mod", None)
        made = self.make(**values)
        if made is None:
            return None
        return end, made if mod is None else (Mod(mod), *(made if isinstance(made, tuple) else (made,)))

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
        return self.where is None or self.where(row, start, end)


RULES: list[Rule] = []


def rule(
    *patterns: str, into: list[Rule] | None = None, **guards: Unpack[Guards]
) -> Callable[..., Callable[..., Made]]:
    """Adds a rule for each of `patterns`; the function makes the meaning from what they capture.

    A pattern may begin with `{mod}`: the part of the period ("đầu", "cuối") that it names is added to the meaning.
    """

    def add(make: Callable[..., Made]) -> Callable[..., Made]:
        known = {*inspect.signature(make).parameters, "mod"}
        rules = RULES if into is None else into
        for pattern in patterns:
            one = _rule(make.__name__, pattern, make, guards)
            unknown = {key for _, key, _ in one.captures} - known
            if unknown:
                raise ValueError(f"{make.__name__} has no argument for {sorted(unknown)} of the pattern {pattern!r}")
            rules.append(one)
        return make

    return add


def lookalike(*patterns: str, **guards: Unpack[Guards]) -> None:
    """Words that look like a time and are none: nothing is read from them."""
    RULES.extend(_rule("lookalike", pattern, None, guards) for pattern in patterns)


def _rule(name: str, pattern: str, make: Callable[..., Made] | None, guards: Guards) -> Rule:
    regex = re.compile(expression(pattern, capture=make is not None))

    def left(guard: str | None) -> re.Pattern[str] | None:
        return re.compile(f"(?:{expression(guard, capture=False)})$") if guard else None

    def right(guard: str | None) -> re.Pattern[str] | None:
        return re.compile(expression(guard, capture=False)) if guard else None

    return Rule(
        name,
        regex,
        captures(regex),
        make,
        left(guards.get("after")),
        left(guards.get("not_after")),
        right(guards.get("before")),
        right(guards.get("not_before")),
        guards.get("where"),
        guards.get("extend"),
    )


class Grammar:
    """Rules, found by the first two syllables that they can begin with."""

    def __init__(self, rules: list[Rule]) -> None:
        starts = [(one, beginnings(one.regex.pattern)) for one in rules]
        codes = sorted({beginning[0] for _, found in starts for beginning in found})
        self.trigger = re.compile("[" + "".join(re.escape(code) for code in codes) + "]")
        """Where a rule can begin."""
        pairs = {beginning for _, found in starts for beginning in found} | set(codes)
        # The matching method beside its rule: nearly all rules fail, and that must cost little.
        self._by_beginning: dict[str, list[tuple[Callable[[str, int], re.Match[str] | None], Rule]]] = {
            pair: [] for pair in pairs
        }
        by_code: dict[str, list[str]] = {}
        for pair in pairs:
            by_code.setdefault(pair[0], []).append(pair)
        for one, found in starts:
            # A rule that is content with one syllable fits whatever follows.
            reached = {pair for beginning in found if len(beginning) == 1 for pair in by_code[beginning]} | found
            for pair in reached:
                self._by_beginning[pair].append((one.regex.match, one))

    def match(self, row: Row, start: int) -> tuple[int, tuple[Piece, ...]] | None:
        """The end and the pieces of the longest rule that fits at `start`; no pieces where it is a lookalike.

        Among rules that reach equally far the one added first wins.
        """
        best_end = start
        best: Made = None
        codes = row.codes
        beginning = codes[start : start + 2]
        if beginning not in self._by_beginning:
            beginning = codes[start]
        for fits, one in self._by_beginning.get(beginning, ()):
            match = fits(codes, start)
            if match is not None and (found := one.read(row, match)) is not None and found[0] > best_end:
                best_end, best = found
        if best_end == start:
            return None
        if best is None:
            return best_end, ()
        return best_end, best if isinstance(best, tuple) else (best,)
