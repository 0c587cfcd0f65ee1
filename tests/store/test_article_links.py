"""The view of who points to whom, and the queries of the manual on it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text, update

from tests.docs import manual
from tests.store.opened import OpenedCrawl
from vovcrawl.items import Article, Link, Related
from vovcrawl.store import ArticleStore, Database
from vovcrawl.store.tables import pages
from vovcrawl.visits import Discovered


def url(number: int, slug: str = "a") -> str:
    return f"https://vov.vn/xa-hoi/{slug}-post{number}.vov"


def to(number: int | None, placement: Any = "related", slug: str = "a", headline: str = "Tin") -> Related:
    if number is None:
        return Related(None, None, headline, None, placement)
    return Related(f"post{number}", url(number, slug), headline, None, placement)


def article(number: int, *related: Related, links: tuple[str, ...] = (), slug: str = "a") -> Article:
    return Article(
        id=f"post{number}",
        url=url(number, slug),
        canonical_url=url(number, slug),
        content_type="article",
        headline=f"Bài {number}",
        related=list(related),
        links=[Link(target, "xem", 0, 3) for target in links],
        template="drupal-2026",
        content_hash=str(number),
    )


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database.connection)


def links(database: Database) -> list[tuple[Any, ...]]:
    found = database.connection.execute(text("SELECT canonical_url, target, url, placement FROM article_links"))
    return sorted((tuple(row) for row in found), key=str)


def test_what_the_store_has_is_named_and_what_it_lacks_is_null(database: Database, store: ArticleStore) -> None:
    store.keep(article(2))
    store.keep(article(1, to(2, "inline"), to(3)))
    assert links(database) == [(url(1), url(2), url(2), "inline"), (url(1), None, url(3), "related")]


def test_links_of_running_text_count_if_they_lead_to_articles(database: Database, store: ArticleStore) -> None:
    store.keep(article(2))
    store.keep(article(1, links=(url(2), "https://vov.vn/xa-hoi", "https://example.org/b-post3.vov")))
    assert links(database) == [(url(1), url(2), url(2), "link")]


def test_an_article_is_pointed_to_once_and_none_points_to_itself(database: Database, store: ArticleStore) -> None:
    store.keep(article(2))
    store.keep(article(1, to(2, "related"), to(2, "inline", slug="b"), to(1), to(1, slug="b"), links=(url(2), url(1))))
    assert [row[:2] + row[3:] for row in links(database)] == [(url(1), url(2), "inline")]


def test_an_article_that_moved_is_found_by_its_id(database: Database, store: ArticleStore) -> None:
    store.keep(article(2))
    store.keep(article(1, to(2), links=(url(2),)))
    store.keep(article(2, slug="moi"))
    assert links(database) == [(url(1), url(2, "moi"), url(2), "related")]


def test_one_that_moved_to_another_id_is_found_by_the_page_that_leads_there(database: Database) -> None:
    crawl = OpenedCrawl(database.connection)
    crawl.frontier.add([Discovered(url(2), "article")])
    database.connection.execute(update(pages).values(canonical_url=url(5)))
    store = ArticleStore(database.connection)
    store.keep(article(5))
    store.keep(article(1, to(2)))
    assert links(database) == [(url(1), url(5), url(2), "related")]


def test_an_article_without_a_url_is_named_by_its_headline(database: Database, store: ArticleStore) -> None:
    store.keep(article(1, to(None, headline="Một"), to(None, headline="Hai")))
    found = database.connection.execute(text("SELECT target, url, headline FROM article_links ORDER BY headline"))
    assert [tuple(row) for row in found] == [(None, None, "Hai"), (None, None, "Một")]


def test_the_queries_of_the_manual_say_what_is_pointed_to_most_and_what_is_lacking(
    database: Database, store: ArticleStore
) -> None:
    store.keep(article(9))
    store.keep(article(1, to(9), to(7, headline="Tin b")))
    store.keep(article(2, to(9), to(7, headline="Tin a"), to(8)))
    most, lacking = (
        [tuple(row) for row in database.connection.execute(text(block.text.rstrip("; \n")))]
        for block in manual.blocks("sql")
        if "article_links" in block.text
    )
    assert most == [(url(9), 2)]
    assert lacking == [(url(7), "Tin a", 2), (url(8), "Tin", 1)]
