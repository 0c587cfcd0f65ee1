"""Stores that reports are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.newspaper_year import Year, fill
from tests.stores import open_store, store_at
from vovcrawl.crawl.window import Window
from vovcrawl.items import Article, content_hash
from vovcrawl.report.facts import Facts, gather
from vovcrawl.report.language import Language
from vovcrawl.report.page import render
from vovcrawl.store import ArticleStore, Database, read_database

VIETNAMESE, ENGLISH = Language("vi"), Language("en")

SMALL = Year(
    first=date(2026, 1, 1), days=60, a_day=12, hole=(date(2026, 1, 20), 3), changes=date(2026, 2, 10), words=60
)
"""Two months with a hole of three days and a template that changes."""


def article(number: int, published: str | None = "2026-07-10T08:00:00+07:00", **changes: object) -> Article:
    """An article of a number."""
    url = f"https://vov.vn/xa-hoi/bai-post{number}.vov"
    made = Article(
        id=f"post{number}",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=f"Bài {number}",
        description="Sapo.",
        body=f"Chữ của bài {number}.",
        section="xa-hoi",
        date_published=published,
        template="drupal-2026",
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made


def keep(database: Database, *articles: Article) -> None:
    """Keeps articles."""
    store = ArticleStore(database.connection)
    for each in articles:
        store.keep(each)
    database.connection.commit()


def filled(path: Path, year: Year = SMALL) -> Path:
    """A new store with the articles and runs of an invented newspaper."""
    database = open_store(path)
    fill(database.connection, year)
    database.connection.commit()
    database.close()
    return path


def facts_of(path: Path, window: Window = Window()) -> Facts:  # noqa: B008 - it cannot change
    """The numbers of a store."""
    database = read_database(store_at(path))
    try:
        return gather(database.connection, window)
    finally:
        database.close()


def page_of(articles: Iterable[Article], path: Path, language: Language = ENGLISH) -> str:
    """The page of a new store with these articles."""
    database = open_store(path)
    keep(database, *articles)
    database.close()
    return render(facts_of(path), language, str(path))
