"""Running text being gathered, with its links."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from unicodedata import combining, is_normalized, normalize

from vovcrawl.cleaning.blocks import LinkRange
from vovcrawl.pages.bounds import check_characters
from vovcrawl.pages.document import Element, text_of
from vovcrawl.text import clean, folded_text, visible

_BOLD_TAGS = frozenset(("strong", "b"))
_ITALIC_TAGS = frozenset(("em", "i", "small"))


class Break(str):
    """The blank that a line break leaves."""


BREAK = Break(" ")


@dataclass(slots=True)
class Run:
    """Pieces of text, and for each link the range of pieces that it covers."""

    pieces: list[str] = field(default_factory=list)
    links: list[tuple[Element, int, int]] = field(default_factory=list)
    bold: list[tuple[int, int]] = field(default_factory=list)
    """The ranges of pieces that are set in bold."""
    breaks: int = 0

    def add_bold(self, first: int) -> None:
        """Takes the pieces from `first` on for bold, and forgets the bold words among them."""
        while self.bold and self.bold[-1][0] >= first:
            self.bold.pop()
        self.bold.append((first, len(self.pieces)))

    def lines(self) -> list[tuple[Run, bool]]:
        """The lines that have words, each with whether an empty one stands before it."""
        ends = [place for place, piece in enumerate(self.pieces) if type(piece) is Break]
        ranges: list[tuple[int, int]] = []
        gaps: list[bool] = []
        begin, gap = 0, False
        for end in [*ends, len(self.pieces)]:
            if any(clean(piece) for piece in self.pieces[begin:end]):
                ranges.append((begin, end))
                gaps.append(gap)
                gap = False
            else:
                gap = bool(ranges)
            begin = end + 1
        return list(zip(self._cut(ranges), gaps, strict=True))

    def _cut(self, ranges: list[tuple[int, int]]) -> list[Run]:
        """The parts in these ranges of pieces, which stand in order."""
        parts = [Run(self.pieces[first:last]) for first, last in ranges]
        ends = [last for _, last in ranges]

        def shares(first: int, last: int) -> Iterator[tuple[Run, int, int]]:
            number = bisect_right(ends, first)
            while number < len(ranges) and ranges[number][0] < last:
                begin, end = ranges[number]
                yield parts[number], max(first, begin) - begin, min(last, end) - begin
                number += 1

        for link, first, last in self.links:
            for part, start, stop in shares(first, last):
                part.links.append((link, start, stop))
        for first, last in self.bold:
            for part, start, stop in shares(first, last):
                part.bold.append((start, stop))
        return parts

    @classmethod
    def joined(cls, lines: list[Run]) -> Run:
        """Lines as one run, with a blank between them; a link or bold words that go on over a break are one."""
        run = cls()
        for line in lines:
            if run.pieces:
                run.pieces.append(BREAK)
            offset = len(run.pieces)
            run.pieces += line.pieces
            for link, first, last in line.links:
                if run.links and run.links[-1][0] is link and first == 0:
                    run.links[-1] = (link, run.links[-1][1], offset + last)
                else:
                    run.links.append((link, offset + first, offset + last))
            run.bold += [(offset + first, offset + last) for first, last in line.bold]
        return run

    def is_bold(self) -> bool:
        """Whether all its words are bold."""
        bold: set[int] = set()
        for first, last in self.bold:
            bold.update(range(first, last))
        return all(place in bold or not clean(piece) for place, piece in enumerate(self.pieces))

    def settle(self) -> tuple[str, list[LinkRange]]:
        """The clean text, and its links with their places in it.

        Raises:
            PageError: OVERSIZED, it is longer than all texts of an article may be.
        """
        check_characters(sum(map(len, self.pieces)))
        if not self.links:
            return clean("".join(self.pieces)), []
        text, places = self._joined(sorted({edge for _, first, last in self.links for edge in (first, last)}))
        if not is_normalized("NFC", text):
            text, places = _composed(text, places)
        links = []
        for link, first, last in self.links:
            start, end = places[first], places[last]
            while start < end and text[start] == " ":
                start += 1
            while end > start and text[end - 1] == " ":
                end -= 1
            if end > start:
                links.append((href_of(link), start, end))
        return text.rstrip(), links

    def _joined(self, edges: Iterable[int]) -> tuple[str, dict[int, int]]:
        """The text, and the places in it of those between pieces."""
        text = ""
        places: dict[int, int] = {}
        position = 0
        for edge in [*edges, len(self.pieces)]:
            folded = folded_text("".join(self.pieces[position:edge]))
            text += folded.lstrip() if not text or text[-1] == " " else folded
            places.setdefault(edge, len(text))
            position = edge
        return text, places


def _composed(text: str, places: dict[int, int]) -> tuple[str, dict[int, int]]:
    """`text` in NFC, and the same places in it: a mark after one belongs to the letter before it.

    Each piece between two places is composed by itself, so that the time does not grow with their number.
    """
    pieces: list[str] = []
    moved: dict[int, int] = {}
    begin = length = 0
    for edge, place in sorted(places.items(), key=lambda one: one[1]):
        end = max(place, begin)
        while end < len(text) and combining(text[end]):
            end += 1
        pieces.append(visible(text[begin:end]))
        length += len(pieces[-1])
        moved[edge] = length
        begin = end
    # Hangul syllables alone compose with what is no mark.
    whole = normalize("NFC", "".join([*pieces, visible(text[begin:])]))
    return whole, {edge: min(place, len(whole)) for edge, place in moved.items()}


def href_of(link: Element) -> str:
    """What a link leads to, as written."""
    return (link.get("href") or "").strip()


def plain_text(element: Element) -> str:
    """The clean text of an element.

    Raises:
        PageError: OVERSIZED, it is longer than all texts of an article may be.
    """
    text = text_of(element)
    check_characters(len(text))
    return clean(text)


def is_only_caption(element: Element) -> bool:
    """Whether a paragraph that holds a picture holds nothing else but words in italics."""
    if element.text and element.text.strip():
        return False
    return all(
        (child.tag in _ITALIC_TAGS or not text_of(child).strip()) and not (child.tail and child.tail.strip())
        for child in element
    )


def is_bold(element: Element) -> bool:
    """Whether all the text in `element` is bold."""
    return _bold_parts(element) == (True, False)


def _bold_parts(element: Element) -> tuple[bool, bool]:
    """(some text is bold, some text is not) for what stands in `element`."""
    bold, plain = False, bool(element.text and element.text.strip())
    for child in element:
        if child.tag in _BOLD_TAGS:
            bold = bold or bool(text_of(child).strip())
        elif child.tag != "br":
            inner = _bold_parts(child)
            bold, plain = bold or inner[0], plain or inner[1]
        plain = plain or bool(child.tail and child.tail.strip())
        if plain:
            break
    return bold, plain
