"""Where in a text that what was searched for stands, how much of it there is, and the piece of the text to show.

Texts are looked at as they are written, so that what is shown is what the newspaper printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from vovcrawl.folding import LONGEST, WORD, Word, forms, pattern_of
from vovcrawl.queries import Query, Term

LENGTH = 220
"""Characters of a snippet at most, without what says that the text goes on."""

_BEFORE = 60
"""Characters that are shown before the first place, if no sentence begins there."""

_GOES_ON = "…"
_MOST_PLACES = 2_000
"""Places of a text that are looked at."""

_SENTENCE = re.compile(r"[.!?…][\"”»’)\]]*+\s++")


class Place(NamedTuple):
    """Where a term stands."""

    start: int
    end: int
    term: int
    """Which of the query's terms."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text as it is written, with the places of what was found."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of each place, as offsets in `text` in code points."""
    field: str
    """`headline`, `description`, `body`, `caption`, `author` or `tag`."""


class Finder:
    """Finds the terms of a query in texts.

    Args:
        query: what was searched for.
        ignores_marks: whether words with other marks than those that were typed are found.
    """

    def __init__(self, query: Query, *, ignores_marks: bool = False) -> None:
        self.terms: Sequence[Term] = query.terms
        self._ignores_marks = ignores_marks
        patterns: dict[str, None] = {}
        for term in self.terms:
            for word in term.words:
                is_begin = len(word.folded) >= LONGEST or (term.is_prefix and word is term.words[-1])
                patterns[pattern_of(word.folded) + ("" if is_begin else r"(?![^\W_])")] = None
        # A longer word before one that it begins with.
        choices = "|".join(sorted(patterns, key=len, reverse=True))
        self._words = re.compile(rf"(?<![^\W_])(?:{choices})", re.IGNORECASE) if patterns else None

    def places(self, text: str, field: str = "") -> list[Place]:
        """Where the terms stand in a text, in its order.

        Args:
            text: as it is written.
            field: of which it is; terms that must stand in another one are not looked for.
        """
        if self._words is None:
            return []
        found: list[Word] = []
        for match in self._words.finditer(text):
            # The rest of a word that was found by its begin is part of it.
            whole = WORD.match(text, match.start())
            assert whole is not None
            found.append(Word(whole.start(), whole.end(), *forms(whole[0])))
            if len(found) == _MOST_PLACES:
                break
        places = [
            Place(found[at].start, found[at + len(term.words) - 1].end, number)
            for at in range(len(found))
            for number, term in enumerate(self.terms)
            if (not term.field or term.field == field) and self._stands_at(text, term, found, at)
        ]
        return sorted(places)

    def _stands_at(self, text: str, term: Term, found: Sequence[Word], at: int) -> bool:
        """Whether a term stands where the word with the number `at` does."""
        if at + len(term.words) > len(found):
            return False
        there = found[at : at + len(term.words)]
        last = len(term.words) - 1
        for place, (typed, word) in enumerate(zip(term.words, there, strict=True)):
            is_begin = term.is_prefix and place == last
            if not (word.folded.startswith(typed.folded) if is_begin else word.folded == typed.folded):
                return False
            has_marks = typed.spelling != typed.folded and not is_begin and not term.field
            if has_marks and not self._ignores_marks and word.spelling not in (typed.spelling, typed.folded):
                return False
        return all(
            "\n" not in (between := text[one.end : other.start]) and WORD.search(between) is None
            for one, other in pairwise(there)
        )

    def excerpt(self, text: str, field: str) -> Excerpt:
        """The whole of a short text."""
        return Excerpt(text, _joined(self.places(text, field)), field)

    def snippet(self, texts: Iterable[tuple[str, str]]) -> Excerpt:
        """The piece where most of the terms stand close together, the earliest among equals.

        Args:
            texts: name and text of each field, the one first that is shown where nothing is found.
        """
        first: tuple[str, str] | None = None
        best: tuple[tuple[int, int], str, str, int, Sequence[Place]] | None = None
        for field, text in texts:
            first = first or (field, text)
            places = self.places(text, field)
            for at, place in enumerate(places):
                near = [each for each in places[at : at + 40] if each.end <= place.start + LENGTH - _BEFORE]
                near = [each for each in near if "\n" not in text[place.start : each.start]] or [place]
                worth = (len({each.term for each in near}), _close(near))
                if best is None or worth > best[0]:
                    best = worth, field, text, place.start, places
        if best is None:
            field, text = first or ("body", "")
            return _cut(text, 0, field, ())
        _, field, text, start, there = best
        return _cut(text, start, field, there)


def _close(places: Sequence[Place]) -> int:
    """How often a term stands beside another one."""
    return sum(other.start - one.end <= 2 and one.term != other.term for one, other in pairwise(places))


def _joined(
    places: Iterable[Place], begin: int = 0, end: int | None = None, shift: int = 0
) -> tuple[tuple[int, int], ...]:
    """Places without their terms, those that overlap as one, as offsets in the piece from `begin` to `end`."""
    marks: list[tuple[int, int]] = []
    for place in places:
        if place.start < begin or (end is not None and place.end > end):
            continue
        start, stop = place.start - begin + shift, place.end - begin + shift
        if marks and start < marks[-1][1]:
            marks[-1] = marks[-1][0], max(marks[-1][1], stop)
        else:
            marks.append((start, stop))
    return tuple(marks)


def _cut(text: str, start: int, field: str, places: Sequence[Place]) -> Excerpt:
    """The piece of a line around a place: from the begin of its sentence if that is near, and up to a blank."""
    line_begin = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    begin = line_begin
    if start - line_begin > _BEFORE:
        begin = start - _BEFORE
        sentences = [match.end() for match in _SENTENCE.finditer(text, begin, start)]
        if sentences:
            begin = sentences[-1]
        else:
            blank = text.find(" ", begin, start)
            begin = blank + 1 if blank >= 0 else begin
    end = min(line_end, begin + LENGTH)
    if end < line_end:
        blank = text.rfind(" ", max(begin, start), end)
        end = blank if blank > begin else end
    before = _GOES_ON if begin > line_begin and not _SENTENCE.search(text, max(line_begin, begin - 3), begin) else ""
    after = _GOES_ON if end < line_end else ""
    piece = text[begin:end]
    return Excerpt(f"{before}{piece}{after}", _joined(places, begin, end, len(before)), field)


def score(found: Mapping[str, Sequence[Place]], weights: Sequence[float]) -> float:
    """How well an article answers: rare terms and frequent ones in it count for more, and so do headline and head.

    It is BM25's measure with fields, without the length of the text, plus a word for terms that stand together.

    Args:
        found: where the terms stand, by field.
        weights: of each term.
    """
    total = 0.0
    counts = [0.0] * len(weights)
    beside: dict[tuple[int, int], float] = {}
    for field, places in found.items():
        worth = _WORTH.get(field, 1.0)
        for place in places:
            counts[place.term] += worth
        for one, other in pairwise(places):
            if other.term == one.term + 1 and other.start - one.end <= 2:
                pair = (one.term, other.term)
                beside[pair] = max(beside.get(pair, 0.0), worth)
    for weight, count in zip(weights, counts, strict=True):
        total += weight * count * _SATURATION / (count + _SATURATION)
    for (first, second), worth in beside.items():
        total += (weights[first] + weights[second]) * worth**0.5
    return total


_WORTH = {"headline": 8.0, "tag": 4.0, "description": 4.0, "author": 4.0}
_SATURATION = 6.0
