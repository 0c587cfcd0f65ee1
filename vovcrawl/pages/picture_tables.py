"""Tables with pictures: those that only lay them out with their captions, boxes of text, and data with photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vovcrawl.cleaning.credits import names_picture
from vovcrawl.pages import captions, picture_urls
from vovcrawl.pages.document import Element, text_of
from vovcrawl.text import clean

_ROW_GROUPS = ("tbody", "thead", "tfoot")
_PARTS = frozenset(("tr", "caption", "colgroup", "col", *_ROW_GROUPS))
CELL_TAGS = frozenset(("td", "th"))

Kind: TypeAlias = Literal["pictures", "box", "data"]
"""Whether a table holds pictures and nothing but their captions, or one thing below the other, text among them, or
rows of data."""

_ENDS = (".", "!", "?", "…", "”", '"')
_LONGEST_BESIDE = 150
"""Characters of a caption at the side of its picture."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, with its pictures and its clean text."""

    element: Element
    pictures: list[Element]
    text: str

    @property
    def is_header(self) -> bool:
        """Whether it names what stands below or beside it."""
        return self.element.tag == "th"


def rows_of(table: Element) -> list[list[Cell]] | None:
    """The rows of a table that has pictures, no table within it and nothing outside of cells; None for any other."""
    if next(table.iterdescendants("table"), None) is not None or next(table.iter("img"), None) is None:
        return None
    if any(_has_strays(part) for part in (table, *table.iter(*_ROW_GROUPS))):
        return None
    return [[_cell(cell) for cell in row if cell.tag in CELL_TAGS] for row in table.iter("tr")]


def kind_of(rows: list[list[Cell]]) -> Kind:
    """What a table is for, by its rows."""
    if _has_flags(rows):
        return "data"
    if _lays_out_pictures(rows):
        return "pictures"
    return "box" if all(sum(bool(cell.text) for cell in row) <= 1 for row in rows) else "data"


def is_data(rows: list[list[Cell]]) -> bool:
    """Whether the pictures of a table may be flags or icons beside what it lists."""
    return sum(sum(bool(cell.text) for cell in row) > 1 for row in rows) > 1 or _has_flags(rows)


def _has_flags(rows: list[list[Cell]]) -> bool:
    """Whether pictures stand row after row beside what they mark, and not all of them are photos."""
    mixed = sum(any(cell.pictures for cell in row) and any(cell.text for cell in row) for row in rows)
    return mixed > 1 and not all(picture_urls.is_photo(img) for row in rows for cell in row for img in cell.pictures)


def _has_strays(part: Element) -> bool:
    """Whether something stands in a table, or in a group of its rows, that is in no row."""
    texts = (part.text, *(child.tail for child in part))
    return any(text and not text.isspace() for text in texts) or any(
        isinstance(child.tag, str) and child.tag not in _PARTS for child in part
    )


def _cell(element: Element) -> Cell:
    pictures = [
        img
        for img in element.iter("img")
        if not picture_urls.is_furniture(img) and next(img.iterancestors("noscript"), None) is None
    ]
    return Cell(element, pictures, clean(text_of(element)))


def _lays_out_pictures(rows: list[list[Cell]]) -> bool:
    above = 0
    texts = sum(bool(cell.text) for row in rows for cell in row)
    for row in rows:
        beside = [cell for cell in row if cell.text and not cell.pictures]
        below = [cell for cell in row if cell.text and cell.pictures]
        in_row = sum(bool(cell.pictures) for cell in row)
        if in_row:
            if any(_runs_on(cell) for cell in below) or any(_runs_on_beside(cell) for cell in beside):
                return False
            if len(beside) > in_row or any(cell.is_header for cell in beside) or (beside and below):
                return False
            above = in_row
        elif beside:
            if any(map(_runs_on, beside)) or len(beside) not in (1, above or 1):
                return False
            if not above and texts > 1:
                return False
    return above > 0


def _runs_on(cell: Cell) -> bool:
    if names_picture(cell.text) or captions.runs_on(cell.text):
        return captions.runs_on(cell.text)
    ended = sum(text_of(p).rstrip().endswith(_ENDS) for p in cell.element.iter("p"))
    return ended > max(1, len(cell.pictures))


def _runs_on_beside(cell: Cell) -> bool:
    if names_picture(cell.text):
        return captions.runs_on(cell.text)
    return _runs_on(cell) or len(cell.text) > _LONGEST_BESIDE or captions.sentences(cell.text) > 1
