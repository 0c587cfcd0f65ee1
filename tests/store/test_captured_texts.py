"""Captures of an archive that say when the site sent them: their place among the texts of an article."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.stores import open_store
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.items import Article, content_hash
from vovcrawl.store import ArticleStore, Database, Kept, Revision, history
from vovcrawl.store.merge import merge
from vovcrawl.store.tables import articles, revisions, sightings

URL = "https://vov.vn/xa-hoi/cau-moi-post1.vov"
MOVED = "https://vov.vn/kinh-te/cau-moi-post1.vov"


def minute(number: int) -> str:
    return f"2024-07-15T08:{number:02}:00+00:00"


def article(words: str, url: str = URL, template: str = "drupal-2026", **fields: Any) -> Article:
    body = " ".join([f"{words} bên sông."] * 30)
    return Article(
        id="post1",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=words,
        body=body,
        content_hash=content_hash(words, None, body),
        template=template,
        **fields,
    )


@dataclass(frozen=True)
class Capture:
    at: int
    words: str
    keywords: tuple[str, ...] = ()
    modified: int | None = None
    url: str = URL

    @property
    def page(self) -> str:
        """The page is known by all that it says."""
        return page_hash(repr((self.words, self.keywords, self.modified, self.url)).encode())

    def article(self) -> Article:
        modified = f"2024-07-15T15:{self.modified:02}:00+07:00" if self.modified is not None else None
        named: dict[str, Any] = {"keywords": list(self.keywords), "date_modified": modified}
        return article(self.words, self.url, source="archive", fetched_at=minute(self.at), **named)

    def keep(self, store: ArticleStore) -> Kept:
        return store.keep(self.article(), Evidence(self.page, minute(self.at)))


def keep_live(store: ArticleStore, words: str, at: int, **fields: Any) -> Kept:
    return store.keep(article(words, fetched_at=minute(at), **fields), Evidence(page_hash(f"live {words}".encode())))


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database.connection)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """Another store."""
    opened = open_store(tmp_path / "b.sqlite")
    yield opened
    opened.close()


def seen(store: ArticleStore, url: str = URL) -> list[tuple[str, int, int]]:
    """The texts of the article, each with the minutes in which it was seen first and last."""
    return [(one.article.headline, int(one.first_seen[14:16]), int(one.last_seen[14:16])) for one in store.history(url)]


def everything(database: Database) -> dict[str, Any]:
    """What the store holds of its articles, but for the order in which it was kept."""
    store = ArticleStore(database.connection)
    found: dict[str, Any] = {}
    for one in store.stream():
        texts = [replace(revision, sequence=0) for revision in store.history(one.canonical_url)]
        found[one.canonical_url] = (texts, one.duplicate_of)
    rows = database.connection.execute(select(sightings)).all()
    return {**found, "sightings": [tuple(row) for row in rows]}


class TestPlace:
    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
    def test_the_newest_capture_wins_whatever_comes_first(self, store: ArticleStore, order: tuple[int, ...]) -> None:
        captures = [Capture(1, "một"), Capture(2, "hai"), Capture(3, "ba")]
        for place in order:
            captures[place].keep(store)
        assert seen(store) == [("một", 1, 1), ("hai", 2, 2), ("ba", 3, 3)]
        kept = store.read(URL)
        assert kept is not None
        assert (kept.headline, kept.fetched_at, kept.source) == ("ba", minute(3), "archive")

    def test_it_is_said_what_became_of_each(self, store: ArticleStore) -> None:
        store.run = 1
        assert Capture(2, "hai").keep(store) is Kept.NEW
        assert Capture(1, "một").keep(store) is Kept.EARLIER
        assert Capture(3, "ba").keep(store) is Kept.REVISED
        assert Capture(3, "ba").keep(store) is Kept.UNCHANGED
        assert Capture(4, "ba").keep(store) is Kept.UNCHANGED
        assert [one.headline for one in store.owed(1, 0)] == ["hai", "ba"]
        assert store.revisions_kept == 2

    def test_a_text_equal_to_its_neighbour_only_widens_the_time_in_which_it_was_seen(self, store: ArticleStore) -> None:
        for at in (3, 5, 1):
            Capture(at, "một").keep(store)
        assert seen(store) == [("một", 1, 5)]

    def test_a_text_that_another_one_parts_is_seen_before_and_after_it(self, store: ArticleStore) -> None:
        for at in (1, 2, 4, 5):
            Capture(at, "một").keep(store)
        Capture(3, "hai").keep(store)
        assert seen(store) == [("một", 1, 2), ("hai", 3, 3), ("một", 4, 5)]

    def test_a_date_of_change_goes_before_the_time_of_a_capture(self, store: ArticleStore) -> None:
        Capture(1, "sau", modified=9).keep(store)
        Capture(5, "trước", modified=2).keep(store)
        assert [words for words, _, _ in seen(store)] == ["trước", "sau"]

    def test_a_former_url_stands_in_the_history(self, store: ArticleStore) -> None:
        Capture(5, "một", url=MOVED).keep(store)
        given = Capture(1, "một").article()
        assert store.keep(given, Evidence(Capture(1, "một").page, minute(1))) is Kept.EARLIER
        assert given.canonical_url == MOVED
        assert [one.article.canonical_url for one in store.history(MOVED)] == [URL, MOVED]
        Capture(9, "một").keep(store)
        assert [one.article.canonical_url for one in store.history(URL)] == [URL, MOVED, URL]


class TestBesideOthers:
    def test_one_that_is_older_than_what_the_site_said_is_an_earlier_text(self, store: ArticleStore) -> None:
        keep_live(store, "nay", 5)
        assert Capture(2, "xưa").keep(store) is Kept.EARLIER
        assert seen(store) == [("xưa", 2, 2), ("nay", 5, 5)]

    def test_one_that_is_newer_replaces_what_the_site_said(self, store: ArticleStore) -> None:
        keep_live(store, "nay", 5)
        assert Capture(7, "sau").keep(store) is Kept.REVISED
        assert seen(store) == [("nay", 5, 5), ("sau", 7, 7)]

    @pytest.mark.parametrize("live_first", [True, False])
    def test_the_same_text_is_kept_as_the_site_itself_showed_it(self, store: ArticleStore, live_first: bool) -> None:
        for is_live in (live_first, not live_first):
            if is_live:
                keep_live(store, "một", 5, keywords=["cầu"])
            else:
                Capture(7, "một").keep(store)
        (kept,) = store.history(URL)
        assert (kept.article.source, kept.article.keywords) == ("live", ["cầu"])
        assert (kept.first_seen, kept.last_seen) == (minute(5), minute(7))

    def test_what_the_site_shows_later_goes_on_from_a_capture(self, store: ArticleStore) -> None:
        Capture(1, "một").keep(store)
        keep_live(store, "một", 3)
        keep_live(store, "hai", 4)
        assert seen(store) == [("một", 1, 3), ("hai", 4, 4)]

    def test_a_saved_copy_without_a_date_never_replaces_a_dated_one(self, store: ArticleStore) -> None:
        Capture(1, "một").keep(store)
        saved = article("lạ", source="archive", fetched_at=minute(9))
        assert store.keep(saved, Evidence(page_hash(b"saved"))) is Kept.UNCHANGED
        assert seen(store) == [("một", 1, 1)]

    def test_a_dated_capture_replaces_a_saved_copy_without_a_date(self, store: ArticleStore) -> None:
        store.keep(article("lạ", source="archive", fetched_at=minute(9)), Evidence(page_hash(b"saved")))
        assert Capture(1, "một").keep(store) is Kept.REVISED
        assert [words for words, _, _ in seen(store)] == ["lạ", "một"]


def test_the_captures_of_one_article_that_are_remembered_are_bounded(
    store: ArticleStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_SIGHTINGS", 10)
    for at in range(25):
        Capture(at, "một").keep(store)
    assert database.connection.scalar(select(func.count()).select_from(sightings)) in range(2, 11)
    assert seen(store) == [("một", 0, 24)]


CAPTURES = st.lists(
    st.builds(
        Capture,
        at=st.integers(0, 12),
        words=st.sampled_from(["một", "hai"]),
        keywords=st.sampled_from([(), ("cầu",), ("sông",)]),
        modified=st.sampled_from([None, None, 3, 6]),
        url=st.sampled_from([URL, URL, MOVED]),
    ),
    min_size=1,
    max_size=7,
    unique=True,
)


@pytest.mark.long
class TestAnyOrder:
    """The final state follows from the captures alone."""

    @staticmethod
    def kept(database: Database, captures: Sequence[Capture], *, in_runs: bool = False) -> dict[str, Any]:
        database.connection.execute(delete(articles))
        store = ArticleStore(database.connection)
        other = Capture(1, "một").article()
        other.canonical_url = other.url = "https://vov.vn/xa-hoi/ban-goc-post2.vov"
        other.id, other.date_published = "post2", "2020-01-01T08:00:00+07:00"
        store.keep(other)
        for capture in captures:
            if in_runs and capture.at % 4 == 0:
                store = ArticleStore(database.connection)
            capture.keep(store)
        return everything(database)

    @given(captures=CAPTURES, data=st.data())
    @settings(
        deadline=None,
        max_examples=50,
        suppress_health_check=ONE_FIXTURE_FOR_ALL,
    )
    def test_order_runs_and_repetition_make_no_difference(
        self, database: Database, captures: list[Capture], data: st.DataObject
    ) -> None:
        shuffled = data.draw(st.permutations(captures))
        again = data.draw(st.lists(st.sampled_from(captures), max_size=2))
        assert self.kept(database, captures) == self.kept(database, [*shuffled, *again], in_runs=True)
        database.connection.rollback()

    @given(captures=CAPTURES)
    @settings(
        deadline=None,
        max_examples=40,
        suppress_health_check=ONE_FIXTURE_FOR_ALL,
    )
    def test_no_text_stands_beside_its_equal_and_every_one_was_captured(
        self, database: Database, captures: list[Capture]
    ) -> None:
        held = self.kept(database, captures)
        (texts,) = (value[0] for key, value in held.items() if key in (URL, MOVED))
        database.connection.rollback()
        said = [(one.article.headline, one.article.canonical_url) for one in texts]
        assert all(before != after for before, after in pairwise(said))
        assert set(said) == {(capture.words, capture.url) for capture in captures}
        assert min(one.first_seen for one in texts) == minute(min(capture.at for capture in captures))


V1, V2 = 5, 6


def read_by(version: int, words: str, **fields: Any) -> Article:
    return article(words, reader_version=version, **fields)


class TestReadAgain:
    """The same page, read by a later reader."""

    PAGE = Evidence(page_hash(b"page"))

    @pytest.fixture(autouse=True)
    def first(self, store: ArticleStore) -> None:
        store.run = 1
        store.keep(read_by(V1, "một", fetched_at=minute(1)), self.PAGE)
        store.run = 2

    def test_what_changes_is_a_reading_and_no_edit(self, store: ArticleStore, database: Database) -> None:
        assert store.keep(read_by(V2, "một", keywords=["cầu"], fetched_at=minute(4)), self.PAGE) is Kept.REREAD
        before, now = store.history(URL)
        assert (before.replaced_by, now.replaced_by) == ("reading", None)
        assert (before.page_hash, now.page_hash) == (self.PAGE.page_hash, self.PAGE.page_hash)
        assert (before.article.keywords, now.article.keywords) == ([], ["cầu"])
        assert (now.number, now.first_seen, now.last_seen) == (2, minute(1), minute(4))
        edits = select(func.count()).select_from(revisions).where(revisions.c.replaced_by == "edit")
        assert database.connection.scalar(edits) == 0

    def test_it_is_no_line_of_a_feed(self, store: ArticleStore) -> None:
        store.keep(read_by(V2, "hai"), self.PAGE)
        assert list(store.owed(2, 0)) == []
        assert store.revisions_kept == 1
        assert not Kept.REREAD.is_line

    def test_one_of_the_same_version_that_reads_otherwise_counts_too(self, store: ArticleStore) -> None:
        assert store.keep(read_by(V1, "một sạch", fetched_at=minute(2)), self.PAGE) is Kept.REREAD

    @pytest.mark.parametrize("words", ["một", "khác"])
    def test_one_by_an_earlier_reader_changes_nothing(self, store: ArticleStore, words: str) -> None:
        store.keep(read_by(V2, "một", keywords=["cầu"], fetched_at=minute(2)), self.PAGE)
        assert store.keep(read_by(V1, words, fetched_at=minute(3)), self.PAGE) is Kept.UNCHANGED
        kept = store.read(URL)
        assert kept is not None
        assert (kept.reader_version, kept.headline, kept.keywords) == (V2, "một", ["cầu"])

    def test_one_that_only_names_another_reader_makes_no_row(self, store: ArticleStore) -> None:
        later = read_by(V2, "một", fetched_at=minute(5), template="drupal-2027")
        assert store.keep(later, self.PAGE) is Kept.UNCHANGED
        (kept,) = store.history(URL)
        assert (kept.article.reader_version, kept.last_seen) == (V2, minute(5))

    def test_an_edit_after_it_is_an_edit(self, store: ArticleStore) -> None:
        store.keep(read_by(V2, "một", keywords=["cầu"]), self.PAGE)
        assert store.keep(read_by(V2, "hai"), Evidence(page_hash(b"other"))) is Kept.REVISED
        assert [one.replaced_by for one in store.history(URL)] == ["reading", "edit", None]

    @pytest.mark.parametrize("captured_at", [minute(1), None])
    def test_an_older_text_is_amended_in_its_place(self, store: ArticleStore, captured_at: str | None) -> None:
        store.keep(read_by(V1, "hai", fetched_at=minute(5)), Evidence(page_hash(b"other")))
        saved = read_by(V2, "một", keywords=["cầu"], source="archive", fetched_at=captured_at or minute(9))
        assert store.keep(saved, replace(self.PAGE, captured_at=captured_at)) is Kept.REREAD
        assert [(one.article.headline, one.article.keywords, one.replaced_by) for one in store.history(URL)] == [
            ("một", [], "reading"),
            ("một", ["cầu"], "edit"),
            ("hai", [], None),
        ]
        amended = store.history(URL)[1]
        assert (amended.article.source, amended.article.fetched_at) == ("live", minute(1))
        assert (amended.first_seen, amended.last_seen) == (minute(1), minute(1))

    def test_two_texts_that_a_later_reader_reads_alike_are_one(self, store: ArticleStore) -> None:
        other = Evidence(page_hash(b"other"))
        store.keep(read_by(V1, "một.", fetched_at=minute(5)), other)
        store.reread(URL, self.PAGE.page_hash, read_by(V2, "chung"))
        store.reread(URL, other.page_hash, read_by(V2, "chung"))
        assert [(one.article.headline, one.replaced_by) for one in store.history(URL)] == [
            ("một", "reading"),
            ("một.", "reading"),
            ("chung", None),
        ]

    def test_a_page_that_is_not_known_is_not_read_again(self, store: ArticleStore) -> None:
        assert store.reread(URL, page_hash(b"unknown"), read_by(V2, "lạ")) is Kept.UNCHANGED
        assert [one.article.headline for one in store.history(URL)] == ["một"]

    @given(st.permutations(range(3)))
    @settings(deadline=None, suppress_health_check=ONE_FIXTURE_FOR_ALL)
    def test_captures_read_again_in_any_order_end_the_same(self, database: Database, order: list[int]) -> None:
        captures = [Capture(1, "một"), Capture(2, "hai"), Capture(3, "một", ("cầu",))]
        database.connection.execute(delete(articles))
        store = ArticleStore(database.connection)
        for capture in captures:
            capture.keep(store)
        for place in order:
            again = replace(captures[place].article(), reader_version=V2, headline=f"{captures[place].words}!")
            again.content_hash = content_hash(again.headline, None, again.body)
            assert store.reread(URL, captures[place].page, again) is Kept.REREAD
        told = [(one.article.headline, one.replaced_by) for one in store.history(URL)]
        database.connection.rollback()
        assert told == [
            *(("một", "reading"), ("một!", "edit"), ("hai", "reading"), ("hai!", "edit")),
            *(("một", "reading"), ("một!", None)),
        ]


class TestMerging:
    @staticmethod
    def merged(database: Database, other: Database) -> list[Revision]:
        database.connection.commit()
        other.connection.commit()
        merge(database, other)
        return ArticleStore(database.connection).history(URL)

    def test_the_captures_of_two_stores_are_those_of_one(self, database: Database, other: Database) -> None:
        captures = [Capture(1, "một"), Capture(2, "hai", ("cầu",)), Capture(3, "một"), Capture(4, "hai")]
        for capture in captures:
            capture.keep(ArticleStore(database.connection))
        expected = everything(database)
        database.connection.execute(delete(articles))
        for place, capture in enumerate(captures):
            capture.keep(ArticleStore((database, other)[place % 2].connection))
        self.merged(database, other)
        assert everything(database) == expected
        assert merge(database, other).revised == 0

    @pytest.mark.parametrize("mine_is_later", [True, False])
    def test_the_later_reading_of_a_page_stays_and_the_earlier_one_stands_before_it(
        self, database: Database, other: Database, mine_is_later: bool
    ) -> None:
        page = Evidence(page_hash(b"page"))
        early, late = (database, other)[:: -1 if mine_is_later else 1]
        ArticleStore(early.connection).keep(read_by(V1, "một", fetched_at=minute(1)), page)
        ArticleStore(late.connection).keep(read_by(V2, "hai", fetched_at=minute(1)), page)
        merged = self.merged(database, other)
        assert [(one.article.headline, one.replaced_by, one.page_hash) for one in merged] == [
            ("một", "reading", page.page_hash),
            ("hai", None, page.page_hash),
        ]
        assert merge(database, other).revised == 0

    def test_readings_come_with_their_texts(self, database: Database, other: Database) -> None:
        page = Evidence(page_hash(b"page"))
        for version, words in ((V1, "một"), (V2, "hai")):
            ArticleStore(other.connection).keep(read_by(version, words, fetched_at=minute(1)), page)
        ArticleStore(database.connection).keep(read_by(V2, "ba", fetched_at=minute(5)), Evidence(page_hash(b"b")))
        merged = self.merged(database, other)
        assert [(one.article.headline, one.replaced_by) for one in merged] == [
            ("một", "reading"),
            ("hai", "edit"),
            ("ba", None),
        ]


def test_what_a_sighting_differs_in_can_be_read_by_people(store: ArticleStore, database: Database) -> None:
    for capture in (Capture(1, "một", ("cầu",)), Capture(2, "một")):
        capture.keep(store)
    rows = database.connection.execute(select(sightings.c.seen_at, sightings.c.differing)).all()
    assert [(at, json.loads(differing)) for at, differing in rows] == [
        (minute(1), {"keywords": ["cầu"], "fetched_at": minute(1)}),
        (minute(2), {}),
    ]


def numbered(number: int) -> str:
    return f"https://vov.vn/xa-hoi/bai-post{number}.vov"


@pytest.mark.long
@settings(max_examples=60, suppress_health_check=ONE_FIXTURE_FOR_ALL, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 5), st.sampled_from(["Cầu mới", "Chợ nổi"])),
        max_size=8,
    )
)
def test_captures_that_name_the_urls_of_others_are_kept_all_the_same(
    tmp_path: Path, captures: list[tuple[int, int, int, str]]
) -> None:
    opened = open_store(tmp_path / f"{token_hex(8)}.sqlite")
    kept = ArticleStore(opened.connection)
    for own, named, at, words in captures:
        said = article(words, numbered(own), source="archive", fetched_at=minute(at))
        said.canonical_url, said.id = numbered(named), f"post{named}"
        said.warnings = ["disagree:canonical_url"] if own != named else []
        kept.keep(said, Evidence(page_hash(repr((own, named, words)).encode()), minute(at)))
        opened.connection.commit()
    urls = {found.canonical_url for found in kept.stream()}
    assert len(urls) <= 3
    assert bool(urls) == bool(captures)
    opened.close()
