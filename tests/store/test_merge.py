"""Taking one store into another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.store.dumped import dumped
from tests.stores import open_store, store_at
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore, Database, Kept, Revision, StoreError, read_database
from vovcrawl.store.merge import Merged, merge
from vovcrawl.store.tables import articles, crawls, feeds, pages, runs

URL = "https://vov.vn/xa-hoi/cau-moi-post1.vov"
OTHER = "https://vov.vn/xa-hoi/cho-noi-post2.vov"

Seen = Sequence[tuple[str, int]]
"""Texts of an article, each with the minute in which it was seen."""


def minute(number: int) -> str:
    return f"2026-07-15T08:{number:02}:00+00:00"


def article(words: str, *, at: int = 0, url: str = URL, **fields: Any) -> Article:
    return Article(
        id="post1",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=words,
        body=f"{words} bên sông.",
        content_hash=f"hash of {words}",
        template="drupal-2026",
        fetched_at=minute(at),
        **fields,
    )


def make(path: Path, seen: Seen, url: str = URL) -> Path:
    """A store in which an article had these texts."""
    database = open_store(path)
    store = ArticleStore(database.connection)
    for words, at in seen:
        store.keep(article(words, at=at, url=url))
        times = {"first_seen": minute(at), "last_seen": minute(at)}
        database.connection.execute(update(articles).where(articles.c.canonical_url == url).values(times))
    database.connection.commit()
    database.close()
    return path


def merged(into: Path, other: Path) -> Merged:
    database, given = open_store(into), read_database(store_at(other))
    try:
        return merge(database, given)
    finally:
        given.close()
        database.close()


def history(path: Path, url: str = URL) -> list[Revision]:
    database = read_database(store_at(path))
    found = ArticleStore(database.connection).history(url)
    database.close()
    return found


def said(path: Path) -> list[str]:
    return [revision.article.headline for revision in history(path)]


def change(path: Path, act: Callable[[Database], object]) -> None:
    database = open_store(path)
    act(database)
    database.connection.commit()
    database.close()


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ([], [("a", 1)], "a"),
        ([("a", 1)], [], "a"),
        ([("a", 1)], [("a", 2)], "a"),
        ([("a", 1)], [("b", 2)], "ab"),
        ([("b", 2)], [("a", 1)], "ab"),
        ([("a", 1), ("b", 3)], [("a", 2), ("b", 4)], "ab"),
        ([("a", 1), ("c", 5)], [("a", 2), ("b", 3)], "abc"),
        ([("b", 3)], [("a", 1), ("c", 5)], "abc"),
        ([("a", 1), ("b", 2), ("a", 3)], [("c", 4)], "abac"),
    ],
)
def test_the_texts_of_both_are_kept_in_the_order_in_which_they_were_seen(
    tmp_path: Path, mine: Seen, theirs: Seen, both: str
) -> None:
    into, other = make(tmp_path / "a.sqlite", mine), make(tmp_path / "b.sqlite", theirs)
    merged(into, other)
    assert "".join(said(into)) == both
    assert [revision.number for revision in history(into)] == list(range(1, len(both) + 1))


def test_what_was_done_is_counted(tmp_path: Path) -> None:
    into = make(tmp_path / "a.sqlite", [("a", 1)])
    make(into, [("x", 1)], "https://vov.vn/xa-hoi/x-post3.vov")
    other = make(tmp_path / "b.sqlite", [("b", 2)])
    make(other, [("n", 1)], OTHER)
    make(other, [("x", 5)], "https://vov.vn/xa-hoi/x-post3.vov")
    assert merged(into, other) == Merged(new=1, revised=1, unchanged=1)


def test_a_text_was_seen_first_and_last_by_either(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", [("a", 3)]), make(tmp_path / "b.sqlite", [("a", 1), ("b", 5)])
    merged(into, other)
    assert [(text.first_seen, text.last_seen) for text in history(into)] == [
        (minute(1), minute(3)),
        (minute(5), minute(5)),
    ]


def test_a_saved_copy_does_not_replace_what_the_site_said(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", [("live", 1)]), tmp_path / "b.sqlite"
    change(other, lambda store: ArticleStore(store.connection).keep(article("saved", source="archive")))
    merged(into, other)
    assert said(into) == ["saved", "live"]


def test_an_edit_of_a_later_date_stays_the_current_text(tmp_path: Path) -> None:
    into, other = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    for path, words, day, at in ((into, "edited", 16, 1), (other, "first", 15, 2)):
        edited = article(words, at=at, date_modified=f"2026-07-{day}T08:00:00+07:00")
        change(path, lambda store, edited=edited: ArticleStore(store.connection).keep(edited))  # type: ignore[misc]
    merged(into, other)
    assert said(into) == ["first", "edited"]


def test_what_a_later_reader_read_of_the_same_text_is_taken(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", [("a", 1)]), make(tmp_path / "b.sqlite", [])
    read_later = article("a", at=5, keywords=["cầu"])
    change(other, lambda store: ArticleStore(store.connection).keep(read_later))
    assert merged(into, other).revised == 1
    (text,) = history(into)
    assert text.article.keywords == ["cầu"]
    assert merged(into, other).unchanged == 1


def test_the_text_that_is_kept_next_has_a_place_of_its_own(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", [("b", 2)]), make(tmp_path / "b.sqlite", [("a", 1)])
    merged(into, other)
    for words in ("c", "d"):
        change(into, lambda store, words=words: ArticleStore(store.connection).keep(article(words)))  # type: ignore[misc]
    assert said(into) == ["a", "b", "c", "d"]
    assert [revision.sequence for revision in history(into)] == sorted({one.sequence for one in history(into)})


@pytest.mark.parametrize(("written", "owed"), [(0, ["b"]), (1, [])])
def test_a_feed_gets_what_it_is_owed_and_nothing_of_the_other_store(
    tmp_path: Path, written: int, owed: list[str]
) -> None:
    into, other = make(tmp_path / "a.sqlite", [("b", 2)]), make(tmp_path / "b.sqlite", [("a", 1)])
    make(other, [("n", 1)], OTHER)

    def feed(store: Database) -> None:
        store.connection.execute(update(articles).values(run=1))
        end = {"size": 0, "mark": "", "sequence": written, "synced_size": 0, "synced_mark": "", "synced_sequence": 0}
        store.connection.execute(insert(feeds).values(name="f", path="f", boot="", run=1, **end))

    change(into, feed)
    merged(into, other)
    database = read_database(store_at(into))
    store = ArticleStore(database.connection)
    assert [one.headline for one in store.owed(1, written)] == owed
    database.close()


@pytest.mark.parametrize(("mine", "theirs", "gone"), [(1, 5, False), (5, 1, True)])
def test_whether_an_article_is_gone_is_said_by_who_heard_of_it_last(
    tmp_path: Path, mine: int, theirs: int, gone: bool
) -> None:
    into, other = make(tmp_path / "a.sqlite", [("a", 0)]), make(tmp_path / "b.sqlite", [("a", theirs)])
    change(into, lambda store: store.connection.execute(update(articles).values(gone_at=minute(mine))))
    merged(into, other)
    database = read_database(store_at(into))
    assert database.connection.scalar(select(articles.c.gone_at)) == (minute(mine) if gone else None)
    database.close()


# Pages


def visit(path: Path, url: str = URL, **values: Any) -> None:
    """A page of a store, as a finished crawl left it."""
    row = {
        "url": url,
        "kind": "article",
        "state": "done",
        "outcome": "article",
        "visited_at": minute(1),
        "first_crawl": 1,
        "crawl": 1,
        "discovered_at": minute(1),
        "changed_at": minute(1),
        **values,
    }

    def act(store: Database) -> None:
        if store.connection.scalar(select(crawls.c.id)) is None:
            began = {"arguments": "{}", "started_at": str(path), "reckoned_at": minute(0), "seeded": True}
            store.connection.execute(insert(crawls).values(finished_at=minute(1), is_whole=True, **began))
        store.connection.execute(insert(pages).values(row))

    change(path, act)


def page(path: Path, url: str = URL) -> Any:
    database = read_database(store_at(path))
    found = database.connection.execute(select(pages).where(pages.c.url == url)).one_or_none()
    database.close()
    return found


LATER = {"visited_at": minute(9), "changed_at": minute(9)}


@pytest.mark.parametrize(
    ("mine", "theirs", "outcome"),
    [
        ({"outcome": "unreadable", "state": "failed", **LATER}, {}, "article"),
        ({"outcome": "outside window", **LATER}, {}, "article"),
        ({}, {"outcome": "outside window", **LATER}, "article"),
        ({}, {"outcome": "blocked", "state": "failed", **LATER}, "article"),
        ({}, {"outcome": "gone", "state": "gone", **LATER}, "gone"),
        ({"outcome": "gone", "state": "gone"}, LATER, "article"),
        ({"outcome": "gone", "state": "gone", **LATER}, {}, "gone"),
        ({"outcome": None, "state": "queued"}, LATER, None),
    ],
)
def test_a_page_is_as_who_knows_more_of_it_says(
    tmp_path: Path, mine: dict[str, Any], theirs: dict[str, Any], outcome: str | None
) -> None:
    visit(tmp_path / "a.sqlite", **mine)
    visit(tmp_path / "b.sqlite", **theirs)
    merged(tmp_path / "a.sqlite", tmp_path / "b.sqlite")
    assert page(tmp_path / "a.sqlite").outcome == outcome


def test_a_page_comes_with_its_dates_and_validators(tmp_path: Path) -> None:
    make(tmp_path / "a.sqlite", [])
    known: dict[str, Any] = {
        "etag": '"x"',
        "last_modified": "Wed",
        "source_modified": minute(3),
        "published": minute(2),
        "depth": 1,
    }
    visit(tmp_path / "b.sqlite", **known)
    merged(tmp_path / "a.sqlite", tmp_path / "b.sqlite")
    taken = page(tmp_path / "a.sqlite")
    assert {name: getattr(taken, name) for name in known} == known


def test_an_article_is_listed_by_the_same_sitemap(tmp_path: Path) -> None:
    sitemap = "https://vov.vn/sitemaps/2026/7/article.xml"
    into, other = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    visit(into, OTHER)
    visit(into, "https://vov.vn/kinh-te", kind="listing", outcome="listing")
    visit(other, sitemap, kind="sitemap", outcome="sitemap")
    visit(other, URL, listed_by=1, listed=True)
    merged(into, other)
    assert page(into, URL).listed_by == page(into, sitemap).number != 1


def test_pages_that_were_never_visited_and_files_stay_with_the_other_store(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", []), tmp_path / "b.sqlite"
    visit(other, OTHER, state="queued", outcome=None)
    visit(other, "file:///saved/page.html", kind="file")
    visit(other, URL, state="queued", outcome="article")
    merged(into, other)
    assert page(into, OTHER) is page(into, "file:///saved/page.html") is None
    assert page(into, URL).state == "done"


def test_crawls_come_once_and_are_all_finished_and_runs_stay(tmp_path: Path) -> None:
    into, other = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    visit(into, OTHER)
    visit(other, URL)
    began = {"arguments": '{"since": "2d"}', "started_at": minute(2), "reckoned_at": minute(2), "seeded": False}
    change(other, lambda store: store.connection.execute(insert(crawls).values(began)))
    change(other, lambda store: store.connection.execute(insert(runs).values(arguments="{}", started_at=minute(2))))
    for _ in range(2):
        merged(into, other)
        database = read_database(store_at(into))
        found = database.connection.execute(select(crawls.c.finished_at.is_not(None), crawls.c.is_whole))
        assert [tuple(row) for row in found] == [(True, True), (True, True), (True, False)]
        assert database.connection.scalar(text("SELECT count(*) FROM runs")) == 0
        database.close()


def test_what_fails_on_the_way_changes_nothing(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", [("a", 1)]), make(tmp_path / "b.sqlite", [("b", 2)])
    visit(into, "https://vov.vn/xa-hoi")
    visit(other, URL)
    # No second page can be kept.
    refuse = "CREATE UNIQUE INDEX only_one ON pages (kind)"
    change(into, lambda store: store.connection.exec_driver_sql(refuse))
    before = dumped(into)
    with pytest.raises(IntegrityError):
        merged(into, other)
    assert dumped(into) == before


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    other = make(tmp_path / "b.sqlite", [("b", 2)])
    change(other, lambda store: store.connection.exec_driver_sql("UPDATE store_properties SET value = '3'"))
    with pytest.raises(StoreError, match="schema version 3"):
        read_database(store_at(other))


_SEEN = st.lists(st.sampled_from("abc"), max_size=4).flatmap(
    lambda words: st.lists(st.integers(0, 20), min_size=len(words), max_size=len(words), unique=True).map(
        lambda moments: [
            (word, at)
            for place, (word, at) in enumerate(zip(words, sorted(moments), strict=True))
            if place == 0 or words[place - 1] != word
        ]
    )
)


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(mine=_SEEN, theirs=_SEEN)
def test_no_text_is_lost_and_a_second_merge_changes_nothing(mine: Seen, theirs: Seen) -> None:
    with TemporaryDirectory() as folder:
        into, other = make(Path(folder) / "a.sqlite", mine), make(Path(folder) / "b.sqlite", theirs)
        merged(into, other)
        kept = said(into)
        assert set(kept) == {word for word, _ in [*mine, *theirs]}
        assert all(before != after for before, after in pairwise(kept))
        latest = max([*mine, *theirs], key=lambda each: each[1], default=None)
        ties = {word for word, at in [*mine, *theirs] if latest and at == latest[1]}
        assert (not kept and latest is None) or kept[-1] in ties
        before = dumped(into)
        assert merged(into, other).revised == 0
        assert merged(into, into).revised == 0
        assert dumped(into) == before


def test_an_article_is_kept_as_it_was_after_a_merge(tmp_path: Path) -> None:
    into, other = make(tmp_path / "a.sqlite", [("b", 2)]), make(tmp_path / "b.sqlite", [("a", 1)])
    merged(into, other)
    database = open_store(into)
    assert ArticleStore(database.connection).keep(article("b", at=9)) is Kept.UNCHANGED
    database.close()


@pytest.mark.parametrize("mine_is_later", [True, False])
def test_an_article_that_the_site_moved_is_one_article(tmp_path: Path, mine_is_later: bool) -> None:
    moved = "https://vov.vn/kinh-te/cau-moi-post1.vov"
    before, after = make(tmp_path / "a.sqlite", [("a", 1)]), make(tmp_path / "b.sqlite", [("b", 2)], moved)
    into, other = (after, before) if mine_is_later else (before, after)
    assert merged(into, other) == Merged(revised=1)
    assert history(into) == []
    assert [text.article.headline for text in history(into, moved)] == ["a", "b"]
    once = dumped(into)
    assert merged(into, other).new == 0
    assert dumped(into) == once
