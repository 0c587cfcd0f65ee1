"""A text cut into pieces, so that a page can mark what it says of time, and link what it links. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from vovcrawl.dates.periods import days
from vovcrawl.items import Article, Link, TimeExpression

_Mark = TypeVar("_Mark", TimeExpression, Link)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a text."""

    text: str
    time: TimeExpression | None = None
    """The time expression that they belong to."""
    link: Link | None = None
    """The link that they belong to."""

    @property
    def day(self) -> date | None:
        """The one day that the time expression names, if it does."""
        return day_of(self.time) if self.time is not None else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the body, or several list items that follow each other."""

    type: str
    lines: list[list[Piece]]
    """One for a block, and one an item of a list."""
    rows: list[list[str]] = field(default_factory=list)
    """The cells of a table."""


def day_of(expression: TimeExpression) -> date | None:
    """The one day that a time expression names; None where it names none, or more."""
    covered = days(expression.value)
    return covered[0] if covered and covered[0] == covered[1] else None


def pieces(
    text: str, times: Sequence[TimeExpression] = (), links: Sequence[Link] = (), start: int = 0, end: int | None = None
) -> list[Piece]:
    """A stretch of a text in pieces, in order; joined, they are the stretch.

    Args:
        text: the whole text.
        times: time expressions of that text, in order.
        links: links of that text, in order.
        start: where the stretch begins.
        end: where it ends; None: with the text.
    """
    end = len(text) if end is None else end
    times, links = _within(times, start, end), _within(links, start, end)
    marks: list[TimeExpression | Link] = [*times, *links]
    ends = {place for mark in marks for place in (mark.start, mark.end) if start < place < end}
    places = sorted({start, end} | ends)
    of_time, of_link = _Sweep(times), _Sweep(links)
    return [Piece(text[before:after], of_time.at(before), of_link.at(before)) for before, after in pairwise(places)]


def paragraphs(article: Article) -> list[Paragraph]:
    """The body of an article, block by block, items of one list together."""
    times = sorted((each for each in article.time_expressions if each.field == "body"), key=lambda each: each.start)
    links = sorted(article.links, key=lambda each: each.start)
    found: list[Paragraph] = []
    for block in article.blocks:
        line = pieces(article.body, times, links, block.start, block.end)
        if block.type == "table":
            rows = [row.split("\t") for row in article.body[block.start : block.end].split("\n")]
            found.append(Paragraph(block.type, [line], rows))
        elif block.type == "list_item" and found and found[-1].type == "list_item":
            found[-1].lines.append(line)
        else:
            found.append(Paragraph(block.type, [line]))
    return found if found or not article.body else [Paragraph("paragraph", [pieces(article.body, times, links)])]


class _Sweep(Generic[_Mark]):
    """Marks in the order of their beginnings, asked for at places that only go forward."""

    def __init__(self, marks: Sequence[_Mark]) -> None:
        self._marks: Sequence[_Mark] = marks
        self._next = 0
        self._current: _Mark | None = None

    def at(self, place: int) -> _Mark | None:
        while self._next < len(self._marks) and self._marks[self._next].start <= place:
            mark = self._marks[self._next]
            if mark.end > place and (self._current is None or self._current.end <= place):
                self._current = mark
            self._next += 1
        return self._current if self._current is not None and self._current.end > place else None


def _within(marks: Sequence[_Mark], start: int, end: int) -> Sequence[_Mark]:
    """The marks that touch a stretch, out of some in the order of their beginnings."""
    first = bisect_left(marks, start + 1, key=lambda mark: mark.end)
    return marks[first : bisect_left(marks, end, first, key=lambda mark: mark.start)]
