"""The pages of the manual, taken apart: headings, tables, blocks and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PROJECT

PAGES = (
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "CHANGELOG.md",
    *sorted((PROJECT / "docs").glob("*.md")),
    PROJECT / "data" / "README.md",
    PROJECT / "vovcrawl" / "dates" / "README.md",
)

_HEADING = re.compile(r"^(#+) +(.+?) *$")
_FENCE = re.compile(r"^ *```(\w*) *$")
_CELLS = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^()\s]+)\)")
_NO_LETTER_OF_AN_ANCHOR = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    page: Path
    line: int
    """Number of its first line."""
    language: str
    text: str

    @property
    def name(self) -> str:
        """What tests call it."""
        return f"{self.page.name}:{self.line}"


def read(page: Path) -> str:
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def _lines(page: Path) -> Iterator[tuple[int, str, str | None]]:
    """Number and text of each line, and the language of the block it stands in; None outside of blocks."""
    language: str | None = None
    for number, line in enumerate(read(page).splitlines(), 1):
        fence = _FENCE.match(line)
        if fence:
            language = fence[1] if language is None else None
        else:
            yield number, line, language


def prose(page: Path) -> str:
    """A page without its blocks."""
    return "\n".join(line for _, line, language in _lines(page) if language is None)


def blocks(*languages: str) -> list[Block]:
    """The blocks of these languages on all pages."""
    found: list[Block] = []
    for page in PAGES:
        last = 0
        for number, line, language in _lines(page):
            if language in languages:
                if last and last == number - 1:
                    before = found.pop()
                    found.append(Block(page, before.line, before.language, f"{before.text}{line}\n"))
                else:
                    found.append(Block(page, number, str(language), f"{line}\n"))
                last = number
    return found


def anchors(page: Path) -> set[str]:
    """What links can name on a page, as GitHub makes it of the headings."""
    headings = (match[2] for line in prose(page).splitlines() if (match := _HEADING.match(line)))
    return {_NO_LETTER_OF_AN_ANCHOR.sub("", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """The targets of a page's links."""
    return _LINK.findall(prose(page))


def section(page: Path, heading: str) -> str:
    """What stands under a heading, up to the next one of its rank or a higher one."""
    found: list[str] = []
    rank = 0
    for line in prose(page).splitlines():
        match = _HEADING.match(line)
        if match and rank and len(match[1]) <= rank:
            break
        if rank:
            found.append(line)
        elif match and match[2] == heading:
            rank = len(match[1])
    assert rank, f"{page.name} has no heading {heading}"
    return "\n".join(found)


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text: rows of cells, without their heads."""
    found: list[list[list[str]]] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("|"):
            if not inside:
                found.append([])
            inside = True
            found[-1].append([cell.strip() for cell in _CELLS.split(line)[1:-1]])
        else:
            inside = False
    return [rows[2:] for rows in found]


def code(text: str) -> list[str]:
    """What stands in a text as code."""
    return _CODE.findall(text)


def all_code(page: Path) -> str:
    """What stands on a page as code, in its sentences and in its blocks."""
    in_blocks = [line for _, line, language in _lines(page) if language is not None]
    return "\n".join([*code(prose(page)), *in_blocks])


def named(rows: list[list[str]]) -> list[str]:
    """What the first column of a table names as code."""
    return [name for row in rows for name in code(row[0])]
