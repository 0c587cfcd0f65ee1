"""What figures are made of: drawings, words, tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from vovcrawl.report import charts
from vovcrawl.report.charts import Bar
from vovcrawl.report.facts import day_of
from vovcrawl.report.language import Language
from vovcrawl.report.verdict import plain
from vovcrawl.store.report import Counted


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    url: str | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a figure. The first cell of a row names it."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG, with what stands above it."""

    svg: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour means."""

    colour: str
    """The name of its variable: `c1`."""
    text: str


@dataclass(slots=True)
class Figure:
    """A figure, what it shows in words, and its numbers."""

    name: str
    title: str
    texts: list[str]
    drawings: list[Drawing] = field(default_factory=list)
    folded: list[Drawing] = field(default_factory=list)
    """Further ones, behind `fold`."""
    fold: str = ""
    tables: list[Table] = field(default_factory=list)
    """Behind "As a table"."""
    lists: list[Table] = field(default_factory=list)
    """Tables that are shown at once."""
    keys: list[Key] = field(default_factory=list)
    is_wide: bool = False


def largest(counts: Counter[str]) -> list[tuple[str, int]]:
    """What there is any of, the largest number first."""
    return sorted(((name, count) for name, count in counts.items() if count), key=lambda each: (-each[1], each[0]))


def add_bars(
    figure: Figure, found: Sequence[tuple[str, int]], name: str, counted: str, total: int | None, language: Language
) -> None:
    """Draws bars, with their numbers as a table; with shares where there is a total."""
    if not found:
        return
    rows = [
        Bar(label, count, language.number(count) if total is None else with_share(count, total, language))
        for label, count in found
    ]
    figure.drawings.append(Drawing(charts.bars(rows)))
    cells = [
        [Cell(label), number_cell(count, language), *([] if total is None else [share_cell(count, total, language)])]
        for label, count in found
    ]
    figure.tables.append(Table([name, counted, *([] if total is None else [language("share")])], cells))


def with_share(count: int, total: int, language: Language) -> str:
    """A number with its share: `24,764 · 25%`."""
    return f"{language.number(count)} · {language.percent(count / total)}"


def number_cell(count: int, language: Language) -> Cell:
    """A number in a table."""
    return Cell(language.number(count), is_number=True)


def share_cell(count: int, total: int, language: Language) -> Cell:
    """A share in a table."""
    return Cell(language.percent(count / total), is_number=True)


def table_of_articles(found: Sequence[Counted], counted: str, caption: str, language: Language) -> Table:
    """Articles with what is counted of them."""
    rows = []
    for each in found:
        day = day_of((each.date_published or "")[:10])
        published = Cell(language.day(day) if day is not None else "–")
        headline = Cell(plain(each.headline) or plain(each.canonical_url), link(each.canonical_url))
        rows.append([headline, published, number_cell(each.count, language)])
    return Table([language("headline"), language("published"), counted], rows, caption)


def link(url: str) -> str | None:
    """The url, if it is one that may be followed."""
    return url if url.startswith(("https://", "http://")) else None
