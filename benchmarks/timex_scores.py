"""Scores of time expressions against gold, as in TempEval-3: extents strict and relaxed, and values.

A prediction and a gold expression match relaxed where they overlap, one to one, those of equal extent first; the value
counts on relaxed matches. Notations of the same time are equal: `H1` and its months, a weekend and its two days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Mark:
    """An expression in a text: its extent and its value."""

    start: int
    end: int
    value: str


@dataclass(slots=True)
class Score:
    """Counts over some sentences."""

    sentences: int = 0
    gold: int = 0
    predicted: int = 0
    strict: int = 0
    relaxed: int = 0
    values: int = 0
    false_alarms: int = 0
    """Sentences without any expression in which one was found."""

    def add(self, gold: Iterable[Mark], predicted: Iterable[Mark]) -> None:
        """Counts one sentence."""
        wanted, found = list(gold), list(predicted)
        pairs = _pairs(wanted, found)
        self.sentences += 1
        self.gold += len(wanted)
        self.predicted += len(found)
        self.relaxed += len(pairs)
        self.strict += sum((one.start, one.end) == (other.start, other.end) for one, other in pairs)
        self.values += sum(canonical(one.value) == canonical(other.value) for one, other in pairs)
        self.false_alarms += not wanted and bool(found)

    def f1(self, right: int) -> float | None:
        """The F1 of a count of right ones; None where there is nothing to find and nothing was found."""
        total = self.gold + self.predicted
        return 2 * right / total if total else None


def _pairs(gold: list[Mark], predicted: list[Mark]) -> list[tuple[Mark, Mark]]:
    candidates = []
    for place, one in enumerate(gold):
        for number, other in enumerate(predicted):
            overlap = min(one.end, other.end) - max(one.start, other.start)
            if overlap > 0:
                exact = (one.start, one.end) == (other.start, other.end)
                same = canonical(one.value) == canonical(other.value)
                candidates.append((exact, same, overlap, -number, place, number))
    taken_gold: set[int] = set()
    taken: set[int] = set()
    pairs = []
    for *_, place, number in sorted(candidates, reverse=True):
        if place not in taken_gold and number not in taken:
            taken_gold.add(place)
            taken.add(number)
            pairs.append((gold[place], predicted[number]))
    return pairs


_RECURRING = {"XXXX-XX-XX": "P1D", "XXXX-WXX": "P1W", "XXXX-XX": "P1M", "XXXX": "P1Y"}


def canonical(value: str) -> str:
    """One notation for values that mean the same."""
    first, _, last = value.partition("/")
    begin = _one(first)
    if not last:
        return begin
    # An end that is itself an interval gives its outer side.
    begin, end = begin.split("/")[0], _one(last).split("/")[-1]
    return begin if begin == end else f"{begin}/{end}"


def _one(value: str) -> str:
    value = re.sub(r"(T\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$", r"\1", value.strip())
    value = re.sub(r"T(\d\d)$", r"T\1:00", value)
    if match := re.fullmatch(r"(\d{4})-H([12])", value):
        first, last = ("01", "06") if match[2] == "1" else ("07", "12")
        return f"{match[1]}-{first}/{match[1]}-{last}"
    if match := re.fullmatch(r"(\d{4})-W(\d\d)-WE", value):
        saturday = date.fromisocalendar(int(match[1]), int(match[2]), 6)
        return f"{saturday}/{saturday + timedelta(days=1)}"
    if match := re.fullmatch(r"(\d{2,3})X{1,2}", value):
        return match[1]
    if match := re.fullmatch(r"P(\d+)Q", value):
        return f"P{3 * int(match[1])}M"
    value = re.sub(r"^P(T?)X+", r"P\1X", value)
    return _RECURRING.get(value, value)
