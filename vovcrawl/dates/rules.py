"""What a rule of the grammar is, and how the one that fits is found."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vovcrawl.dates.meanings import Piece
from vovcrawl.dates.patterns import Reader, expression, first_codes, reader
from vovcrawl.dates.syllables import Row

Made = Piece | tuple[Piece, ...] | None
"""What a rule makes: a piece, several that belong together, or None where the words mean no time after all."""

GUARD_LENGTH = 12
"""How many syllables to the left a guard can see."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern and what it makes."""

    name: str
    regex: re.Pattern[str]
    captures: tuple[tuple[str, str, Reader], ...]
    """Group, argument and reader of each capture."""
    make: Callable[..., Made] | None
    """None for words that only look like a time."""
    after: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    where: Callable[[Row, int, int], bool] | None
    extend: Callable[[Row, int], int] | None

    def match(self, row: Row, start: int) -> tuple[int, Made] | None:
        """The end and the meaning if the rule fits at `start`; None as meaning where the words are a trap."""
        codes = row.codes
        match = self.regex.match(codes, start)
        if match is None:
            return None
        end = match.end()
        if self.extend is not None:
            end = self.extend(row, end)
            if end == match.end():
                return None
        if self.before is not None and not self.before.match(codes, end):
            return None
        if self.not_before is not None and self.not_before.match(codes, end):
            return None
        if self.after is not None or self.not_after is not None:
            left = codes[max(0, start - GUARD_LENGTH) : start]
            if self.after is not None and not self.after.search(left):
                return None
            if self.not_after is not None and self.not_after.search(left):
                return None
        if self.where is not None and not self.where(row, start, end):
            return None
        if self.make is None:
            return end, None
        values = {
            key: read(match[group], row.folded.text[row.starts[match.start(group)] : row.ends[match.end(group) - 1]])
            for group, key, read in self.captures
            if match[group] is not None
        }
        if None in values.values():
            return None
        made = self.make(**values)
        return None if made is None else (end, made)


RULES: list[Rule] = []


def rule(
    *patterns: str,
    after: str | None = None,
    not_after: str | None = None,
    before: str | None = None,
    not_before: str | None = None,
    where: Callable[[Row, int, int], bool] | None = None,
    extend: Callable[[Row, int], int] | None = None,
    into: list[Rule] | None = None,
) -> Callable[[Callable[..., Made]], Callable[..., Made]]:
    """Adds a rule for each of `patterns`; the function makes the meaning from what they capture.

    `after` and `not_after` are patterns of what must and must not stand directly to the left, `before` and `not_before` to the
    right; `where` looks at the text itself; `extend` says how far the words reach beyond the pattern.
    """

    def add(make: Callable[..., Made]) -> Callable[..., Made]:
        wanted = set(inspect.signature(make).parameters)
        for pattern in patterns:
            (RULES if into is None else into).append(
                _rule(make.__name__, pattern, make, wanted, after, not_after, before, not_before, where, extend)
            )
        return make

    return add


def trap(
    *patterns: str,
    after: str | None = None,
    not_after: str | None = None,
    before: str | None = None,
    not_before: str | None = None,
    where: Callable[[Row, int, int], bool] | None = None,
) -> None:
    """Words that look like a time and are none: nothing is read from them."""
    for pattern in patterns:
        RULES.append(_rule("trap", pattern, None, set(), after, not_after, before, not_before, where, None))


def _rule(
    name: str,
    pattern: str,
    make: Callable[..., Made] | None,
    wanted: set[str],
    after: str | None,
    not_after: str | None,
    before: str | None,
    not_before: str | None,
    where: Callable[[Row, int, int], bool] | None,
    extend: Callable[[Row, int], int] | None,
) -> Rule:
    regex = re.compile(expression(pattern, capture=make is not None))
    captures = []
    for group in regex.groupindex:
        key, listed, _ = group.split("__")
        if key not in wanted:
            raise ValueError(f"the rule {name} has no argument {key!r}, which its pattern {pattern!r} captures")
        captures.append((group, key, reader(listed)))
    return Rule(
        name,
        regex,
        tuple(captures),
        make,
        *(re.compile(f"(?:{expression(guard, False)})$") if guard else None for guard in (after, not_after)),
        *(re.compile(expression(guard, False)) if guard else None for guard in (before, not_before)),
        where,
        extend,
    )


class Grammar:
    """Rules, found by the first syllable that they can begin with."""

    def __init__(self, rules: list[Rule]) -> None:
        starts: dict[str, list[Rule]] = {}
        for one in rules:
            for code in first_codes(one.regex.pattern):
                starts.setdefault(code, []).append(one)
        self._by_code = {code: tuple(found) for code, found in starts.items()}
        self.trigger = re.compile("[" + "".join(re.escape(code) for code in starts) + "]")
        """Where a rule can begin."""

    def match(self, row: Row, start: int) -> tuple[int, tuple[Piece, ...]] | None:
        """The end and the pieces of the longest rule that fits at `start`; no pieces where it is a trap."""
        best_end = start
        best: Made = None
        for one in self._by_code.get(row.codes[start], ()):
            found = one.match(row, start)
            if found is not None and found[0] > best_end:
                best_end, best = found
        if best_end == start:
            return None
        if best is None:
            return best_end, ()
        return best_end, best if isinstance(best, tuple) else (best,)
