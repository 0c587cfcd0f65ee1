"""The marks of near-duplicates in a dataset are those of a store with the same articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from benchmarks.near_duplicate_texts import article as text_of
from benchmarks.near_duplicate_texts import edited
from vovcrawl.archives.dataset import marking
from vovcrawl.archives.dataset.making import ranges
from vovcrawl.archives.dataset.merging import Part, PartWriter, place_of
from vovcrawl.items import Article, content_hash
from vovcrawl.near_duplicates import words_of
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store import ArticleStore, Database
from vovcrawl.store.tables import articles as articles_table

pytestmark = pytest.mark.long


def invented(count: int, seed: int, span_days: int = 90, floods: int = 0) -> list[Article]:
    """Articles of which some nearly repeat others, near in time and far from it, and some have no date."""
    random = Random(seed)
    texts = [
        text_of(f"{seed} {number}", random.randint(40, 160), random.choice((0, 2, 8))) for number in range(count // 2)
    ]
    texts += [edited(random.choice(texts), random.uniform(0, 0.1), random) for _ in range(count - len(texts) - floods)]
    texts += [texts[0]] * floods
    made = []
    for text in texts:
        moment = datetime(2026, 1, 1, tzinfo=VIETNAM) + timedelta(hours=random.randint(0, 24 * span_days))
        url = f"https://vov.vn/xa-hoi/a-post{100_000 + random.randint(0, 10**9)}.vov"
        made.append(
            Article(
                id=url.rpartition("-")[2].removesuffix(".vov"),
                url=url,
                canonical_url=url,
                content_type="article",
                headline=text.headline,
                description=text.description,
                body=text.body,
                date_published=None if random.random() < 0.1 else to_iso(moment),
                template="drupal-2026",
                content_hash=content_hash(*text.parts),
            )
        )
    return made


def marks_of(folder: Path, articles: Sequence[Article], parts: int) -> dict[str, str | None]:
    """What a dataset marks, with its articles in so many parts."""
    made: list[Part] = []
    for number in range(parts):
        with PartWriter(folder, number) as into:
            for one in articles[number::parts]:
                into.add(one, words_of(one.headline, one.description, one.body).fingerprint)
        made.append(into.part)
    pairs = [
        marking.pairs(folder, number, least, most, made)
        for number, (least, most) in enumerate(ranges((1 << 48) - 1, parts))
    ]
    found = [
        marking.compare(folder, number, least, most, pairs, made)
        for number, (least, most) in enumerate(ranges((1 << 63) - 1, parts))
    ]
    marks = marking.mark(folder, found, made)
    return {
        one.canonical_url: marking.mark_of(place_of(number, place), marks, read)
        for number in range(parts)
        for place, one in enumerate(articles[number::parts])
        for read in [marking.Articles(made)]
    }


def kept_marks(database: Database, articles: Sequence[Article]) -> dict[str, str | None]:
    store = ArticleStore(database.connection)
    for one in articles:
        store.keep(replace(one))
    columns = articles_table.c
    rows = database.connection.execute(
        articles_table.select().with_only_columns(columns.canonical_url, columns.duplicate_of)
    )
    return {row.canonical_url: row.duplicate_of for row in rows}


@pytest.mark.parametrize("parts", [1, 5])
def test_marks_are_those_of_a_store(database: Database, tmp_path: Path, parts: int) -> None:
    articles = invented(600, seed=parts)
    expected = kept_marks(database, articles)
    assert sum(mark is not None for mark in expected.values()) > 100
    assert marks_of(tmp_path, articles, parts) == expected


@pytest.mark.long
def test_marks_of_some_thousand_articles_are_those_of_a_store(database: Database, tmp_path: Path) -> None:
    articles = invented(3_000, seed=7, span_days=400)
    assert marks_of(tmp_path, articles, 7) == kept_marks(database, articles)


def test_a_flood_of_copies_has_the_marks_of_a_store(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking, "_MOST_PAIRS", 500)
    monkeypatch.setattr(marking, "_MOST_RUNS", 3)
    articles = invented(260, seed=9, span_days=60, floods=150)
    assert marks_of(tmp_path, articles, 3) == kept_marks(database, articles)
