"""Running text being gathered, with its links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias
from unicodedata import combining, is_normalized, normalize

from vovcrawl.pages.bounds import check_characters
from vovcrawl.pages.document import Element, text_of
from vovcrawl.text import clean, folded_text, visible, without_prefix

_BOLD_TAGS = frozenset(("strong", "b"))
_ITALIC_TAGS = frozenset(("em", "i", "small"))

LinkRange: TypeAlias = tuple[str, int, int]
"""A link as its `href`, and where its words begin and end."""


@dataclass(slots=True)
class Run:
    """Pieces of text, and for each link the range of pieces that it covers."""

    pieces: list[str] = field(default_factory=list)
    links: list[LinkRange] = field(default_factory=list)

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
        for href, first, last in self.links:
            start, end = places[first], places[last]
            while start < end and text[start] == " ":
                start += 1
            while end > start and text[end - 1] == " ":
                end -= 1
            if end > start:
                links.append((href, start, end))
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


def plain_text(element: Element) -> str:
    """The clean text of an element.

    Raises:
        PageError: OVERSIZED, it is longer than all texts of an article may be.
    """
    text = text_of(element)
    check_characters(len(text))
    return clean(text)


def summary(element: Element) -> str:
    """The text of an element as a lead: clean, without the newspaper's prefix.

    Raises:
        PageError: as `plain_text` says.
    """
    return without_prefix(plain_text(element))


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
