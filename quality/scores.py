"""How well records agree with their gold: exact matches and F1, field by field."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from quality.generator.evaluation_set import Page
from vovcrawl.pages import NotAnArticle, parse_article, parse_text

Record = dict[str, Any]

CURRENT = ("drupal-2026", "drupal-2022", "drupal-2020")
"""Layouts that the site serves today."""


@dataclass(frozen=True)
class Score:
    """Shares between 0 and 1 of one field over some pages."""

    exact: float
    f1: float


@dataclass(frozen=True)
class Difference:
    """A field of a page that was read otherwise than its gold says."""

    page: Page
    field: str
    gold: Any
    read: Any


def read(page: Page) -> Record | None:
    """What the reader makes of a page; None where it finds no article."""
    try:
        if page.layout == "text":
            published = datetime.fromisoformat(page.published) if page.published else None
            article = parse_text(page.content, page.url, published)
        else:
            article = parse_article(page.content, page.url or "")
    except NotAnArticle:
        return None
    return article.to_dict()


def is_exact(field: str, gold: Any, found: Any) -> bool:
    """Whether a value is the one wanted; warnings stand in no order."""
    return sorted(found or []) == sorted(gold) if field == "warnings" else bool(found == gold)


def f1(gold: Any, found: Any) -> float:
    """Harmonic mean of precision and recall: of a text's words, of a list's items, or of the value as a whole."""
    wanted, got = Counter(_items(gold)), Counter(_items(found))
    if not wanted and not got:
        return 1.0
    return 2 * (wanted & got).total() / (wanted.total() + got.total())


def _items(value: Any) -> Iterable[str]:
    if value is None:
        return ()
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list):
        return (json.dumps(one, ensure_ascii=False, sort_keys=True) for one in value)
    return (repr(value),)


class Scores:
    """The scores of records, in the order of their pages."""

    def __init__(self, pages: Sequence[Page], records: Sequence[Record | None]) -> None:
        self.differences: list[Difference] = []
        self._values: dict[str, list[tuple[str, bool, float]]] = defaultdict(list)
        self._whole: list[tuple[str, bool]] = []
        for page, record in zip(pages, records, strict=True):
            whole = True
            for field, gold in page.record.items():
                found = record[field] if record is not None else None
                exact = record is not None and is_exact(field, gold, found)
                self._values[field].append((page.layout, exact, f1(gold, found) if record is not None else 0.0))
                if not exact:
                    whole = False
                    self.differences.append(Difference(page, field, gold, found))
            self._whole.append((page.layout, whole))

    @property
    def fields(self) -> dict[str, Score]:
        """Every field over all pages."""
        return {field: self._score(field) for field in self._values}

    @property
    def layouts(self) -> dict[str, float]:
        """The share of pages that are exact in every field, by layout."""
        return {layout: self.whole(layout) for layout in dict.fromkeys(layout for layout, _ in self._whole)}

    def field(self, field: str, *layouts: str) -> Score:
        """A field over the pages of some layouts."""
        return self._score(field, *layouts)

    def whole(self, *layouts: str) -> float:
        """The share of pages that are exact in every field; of all layouts unless some are named."""
        return mean(whole for layout, whole in self._whole if not layouts or layout in layouts)

    def count(self, *layouts: str) -> int:
        """How many pages there are; of all layouts unless some are named."""
        return sum(not layouts or layout in layouts for layout, _ in self._whole)

    def _score(self, field: str, *layouts: str) -> Score:
        chosen = [(exact, f) for layout, exact, f in self._values[field] if not layouts or layout in layouts]
        return Score(mean(exact for exact, _ in chosen), mean(f for _, f in chosen))
