"""The marks of near-duplicates: what `duplicate_of` says depends on the set of articles alone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from benchmarks.near_duplicate_texts import Text, edited
from benchmarks.near_duplicate_texts import article as text_of
from tests.conftest import PROJECT
from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.stores import open_store, store_at
from vovcrawl import near_duplicates as texts
from vovcrawl.items import Article, content_hash
from vovcrawl.store import ArticleStore, Database, Kept, StoreError, read_database
from vovcrawl.store import duplicates as store_of_duplicates
from vovcrawl.store.duplicates import WINDOW, seconds_of
from vovcrawl.store.merge import merge
from vovcrawl.store.tables import UNDATED, articles, bands, fingerprints, near_duplicates, revisions


def a_text(seed: str, words: int = 160) -> Text:
    return text_of(seed, words, 3)


def near(text: Text, seed: int) -> Text:
    """A re-issue of a text."""
    return edited(text, 0.06, Random(seed))


def at(number: int, text: Text, published: str | None = "2026-07-10", **changes: object) -> Article:
    """An article of a number, published on a day at 08:00."""
    url = f"https://vov.vn/xa-hoi/a-post{number}.vov"
    made = Article(
        id=f"post{number}",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=text.headline,
        description=text.description,
        body=text.body,
        date_published=f"{published}T08:00:00+07:00" if published and "T" not in published else published,
        template="drupal-2026",
        content_hash=content_hash(*text.parts),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def url(number: int) -> str:
    return f"https://vov.vn/xa-hoi/a-post{number}.vov"


def marks(database: Database) -> dict[str, str | None]:
    found = database.connection.execute(select(articles.c.canonical_url, articles.c.duplicate_of))
    return {row.canonical_url: row.duplicate_of for row in found}


def expected(kept: list[Article]) -> dict[str, str | None]:
    """The marks by the definition: every two articles are compared, and what is connected is one group."""
    wordings = {each.canonical_url: texts.read(each.headline, each.description, each.body) for each in kept}
    moment = {each.canonical_url: seconds_of(each.date_published) for each in kept}
    group = {each.canonical_url: {each.canonical_url} for each in kept}
    for one, other in combinations(group, 2):
        is_near = UNDATED in (moment[one], moment[other]) or abs(moment[one] - moment[other]) <= WINDOW.total_seconds()
        if is_near and texts.are_near_duplicates(wordings[one], wordings[other]):
            joined = group[one] | group[other]
            for each in joined:
                group[each] = joined
    leaders = {
        each: min(members, key=lambda each: (moment[each] == UNDATED, moment[each], each))
        for each, members in group.items()
    }
    return {each: None if leader == each else leader for each, leader in leaders.items()}


ORIGINAL = a_text("original")


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database.connection)


def test_a_re_issue_is_marked_with_the_earlier_article(database: Database, store: ArticleStore) -> None:
    store.keep(at(2, ORIGINAL, "2026-07-10"))
    again = at(1, near(ORIGINAL, 1), "2026-07-12")
    store.keep(again)
    assert again.duplicate_of == url(2)
    assert marks(database) == {url(2): None, url(1): url(2)}


def test_an_earlier_article_that_comes_later_takes_the_lead(database: Database, store: ArticleStore) -> None:
    store.keep(at(1, near(ORIGINAL, 1), "2026-07-12"))
    store.keep(at(2, ORIGINAL, "2026-07-10"))
    assert marks(database) == {url(2): None, url(1): url(2)}


def test_the_mark_of_another_article_is_no_revision(database: Database, store: ArticleStore) -> None:
    store.keep(at(1, near(ORIGINAL, 1), "2026-07-12"))
    store.keep(at(2, ORIGINAL, "2026-07-10"))
    assert store.revisions_kept == 2
    assert database.connection.scalar(select(func.count()).select_from(revisions)) == 0
    assert store.keep(at(1, near(ORIGINAL, 1), "2026-07-12")) is Kept.UNCHANGED


def test_dates_are_compared_as_moments_and_then_urls(database: Database, store: ArticleStore) -> None:
    store.keep(at(1, ORIGINAL, "2026-07-10T08:00:00+07:00"))
    store.keep(at(2, ORIGINAL, "2026-07-10T02:00:00+01:00"))
    store.keep(at(3, ORIGINAL, "2026-07-10T00:59:00Z"))
    assert marks(database) == {url(1): url(3), url(2): url(3), url(3): None}
    store.keep(at(3, a_text("another"), "2026-07-10T00:59:00Z"))
    assert marks(database) == {url(1): None, url(2): url(1), url(3): None}


def test_an_article_without_a_date_leads_none_that_has_one(database: Database, store: ArticleStore) -> None:
    store.keep(at(1, ORIGINAL, None))
    store.keep(at(2, near(ORIGINAL, 1), "2012-07-10"))
    store.keep(at(3, near(ORIGINAL, 2), None))
    assert marks(database) == {url(1): url(2), url(2): None, url(3): url(2)}


@pytest.mark.parametrize(("day", "is_marked"), [("2026-08-09", True), ("2026-08-09T08:00:01+07:00", False)])
def test_articles_more_than_thirty_days_apart_are_not_compared(
    database: Database, store: ArticleStore, day: str, is_marked: bool
) -> None:
    store.keep(at(1, ORIGINAL, "2026-07-10"))
    store.keep(at(2, ORIGINAL, day))
    assert marks(database)[url(2)] == (url(1) if is_marked else None)


def test_a_group_is_what_pairs_connect(database: Database, store: ArticleStore) -> None:
    for number, day in enumerate(("2026-06-01", "2026-07-20", "2026-06-25"), 1):
        store.keep(at(number, ORIGINAL, day))
    assert marks(database) == {url(1): None, url(2): url(1), url(3): url(1)}


def test_a_revision_that_says_something_else_parts_a_group(database: Database, store: ArticleStore) -> None:
    for number, day in enumerate(("2026-06-01", "2026-06-25", "2026-07-20"), 1):
        store.keep(at(number, ORIGINAL, day))
    store.keep(at(2, a_text("another"), "2026-06-25"))
    assert marks(database) == {url(1): None, url(2): None, url(3): None}
    store.keep(at(2, near(ORIGINAL, 3), "2026-06-25"))
    assert marks(database) == {url(1): None, url(2): url(1), url(3): url(1)}


def test_an_article_that_moves_takes_its_group_with_it(database: Database, store: ArticleStore) -> None:
    store.keep(at(1, ORIGINAL, "2026-07-10"))
    store.keep(at(2, near(ORIGINAL, 1), "2026-07-12"))
    moved = "https://vov.vn/kinh-te/b-post1.vov"
    store.keep(at(1, ORIGINAL, "2026-07-10", canonical_url=moved, url=moved))
    assert marks(database) == {moved: None, url(2): moved}


def test_two_records_that_are_joined_leave_no_pair_behind(database: Database, store: ArticleStore) -> None:
    store.keep(at(1, ORIGINAL, "2026-07-10"))
    store.keep(at(2, ORIGINAL, "2026-07-11"))
    store.lead(url(1), url(2))
    assert marks(database) == {url(2): None}
    for table, left in ((fingerprints, 1), (near_duplicates, 0)):
        assert database.connection.scalar(select(func.count()).select_from(table)) == left


def test_what_another_process_read_holds_for_these_texts_alone(database: Database, store: ArticleStore) -> None:
    one, other = at(1, a_text("một")), at(2, a_text("hai"))
    store.duplicates.have_at_hand(other, texts.words_of(one.headline, one.description, one.body))
    # A pipeline may have changed the text since.
    other.body += " Thêm một câu ở cuối bài."
    store.keep(one)
    store.keep(other)
    assert marks(database) == expected([one, other]) == {url(1): None, url(2): None}


def test_short_texts_are_not_compared(database: Database, store: ArticleStore) -> None:
    for number in (1, 2):
        store.keep(at(number, Text("Bản tin thời sự sáng", "Mời xem bản tin.", "")))
    assert marks(database) == {url(1): None, url(2): None}
    assert database.connection.scalar(select(func.count()).select_from(bands)) == 0


@dataclass(frozen=True)
class Step:
    """An article that a crawl keeps."""

    number: int
    text: int
    edit: int
    day: int | None

    def article(self) -> Article:
        text = TEXTS[self.text] if not self.edit else EDITS[self.text, self.edit]
        day = None if self.day is None else f"2026-{1 + self.day // 28:02}-{1 + self.day % 28:02}"
        return at(self.number, text, day)


TEXTS = [a_text(f"text {number}", 100) for number in range(3)]
EDITS = {(text, edit): near(TEXTS[text], 10 * text + edit) for text in range(3) for edit in (1, 2)}

STEPS = st.lists(
    st.builds(
        Step,
        number=st.integers(1, 8),
        text=st.integers(0, 2),
        edit=st.integers(0, 2),
        day=st.none() | st.integers(0, 90),
    ),
    max_size=14,
)


def is_found() -> bool:
    """Whether bands find every pair of the texts."""
    return all(
        {*texts.read(*one.parts).fingerprint.bands} & {*texts.read(*other.parts).fingerprint.bands}
        for text in range(3)
        for one, other in combinations([TEXTS[text], EDITS[text, 1], EDITS[text, 2]], 2)
    )


@pytest.mark.long
@settings(deadline=None, max_examples=12, suppress_health_check=ONE_FIXTURE_FOR_ALL)
@pytest.mark.parametrize("neighbours", [64, 2])
@given(steps=STEPS, chance=st.randoms(use_true_random=False))
def test_the_marks_are_those_of_the_set_of_articles(
    monkeypatch: pytest.MonkeyPatch, neighbours: int, steps: list[Step], chance: Random
) -> None:
    assert is_found()
    monkeypatch.setattr(store_of_duplicates, "NEIGHBOURS", neighbours)
    last = {step.number: step for step in steps}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("a.sqlite", "b.sqlite", "c.sqlite", "d.sqlite")]
        found = []
        ordered = list(last.values())
        chance.shuffle(ordered)
        for path, kept in ((paths[0], steps), (paths[1], ordered)):
            database = open_store(path)
            for step in kept:
                # Each run has its own memory of texts.
                ArticleStore(database.connection).keep(step.article())
            database.connection.commit()
            found.append(marks(database))
            database.close()
        half = len(ordered) // 2
        for path, kept in ((paths[2], ordered[:half]), (paths[3], ordered[half:])):
            database = open_store(path)
            for step in kept:
                ArticleStore(database.connection).keep(step.article())
            database.connection.commit()
            database.close()
        into, other = open_store(paths[2]), read_database(store_at(paths[3]))
        merge(into, other)
        found.append(marks(into))
        store = ArticleStore(into.connection)
        pairs = into.connection.execute(select(near_duplicates)).all()
        store.duplicates.fill()
        found.append(marks(into))
        assert sorted(into.connection.execute(select(near_duplicates)).all()) == sorted(pairs)
        into.close()
        other.close()
    wanted = expected([step.article() for step in last.values()]) if neighbours == 64 else found[1]
    assert found == [wanted] * 4


def test_a_flood_of_copies_is_one_group_with_few_pairs_each(
    database: Database, store: ArticleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_of_duplicates, "NEIGHBOURS", 3)
    monkeypatch.setattr(store_of_duplicates, "_MOST_ROWS", 100)
    numbers = list(range(10, 60))
    Random(1).shuffle(numbers)
    for number in numbers:
        store.keep(at(number, ORIGINAL, "2026-07-10"))
    assert {mark for mark in marks(database).values() if mark} == {url(10)}
    pairs = database.connection.scalar(select(func.count()).select_from(near_duplicates))
    assert pairs == 3 * 50 - (1 + 2 + 3)


def of_version_8(path: Path, kept: list[Article]) -> None:
    """A store as version 8 left it: without marks, and without what they follow from."""
    database = open_store(path)
    store = ArticleStore(database.connection)
    for each in kept:
        store.keep(each)
    for name in ("near_duplicates", "bands", "fingerprints"):
        database.connection.exec_driver_sql(f"DROP TABLE {name}")
    for statement in (
        "DROP VIEW article_links",
        "UPDATE articles SET duplicate_of = NULL",
        "UPDATE store_properties SET value = '8' WHERE name = 'schema_version'",
    ):
        database.connection.exec_driver_sql(statement)
    database.connection.commit()
    database.close()


@pytest.mark.sqlite("a schema version that was never in PostgreSQL")
def test_a_store_of_version_8_gets_its_marks(tmp_path: Path) -> None:
    kept = [at(1, ORIGINAL, "2026-07-12"), at(2, near(ORIGINAL, 1), "2026-07-10"), at(3, a_text("other"), None)]
    of_version_8(tmp_path / "a.sqlite", kept)
    database = open_store(tmp_path / "a.sqlite")
    assert marks(database) == {url(1): url(2), url(2): None, url(3): None}
    assert database.connection.exec_driver_sql("SELECT count(*) FROM article_links").scalar() == 0
    ArticleStore(database.connection).keep(at(3, near(ORIGINAL, 2), None))
    assert marks(database)[url(3)] == url(2)
    database.close()


@pytest.mark.sqlite("a schema version that was never in PostgreSQL")
def test_a_store_whose_marks_cannot_all_be_made_stays_of_version_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sqlite"
    of_version_8(path, [at(1, ORIGINAL), at(2, ORIGINAL)])
    with monkeypatch.context() as patched:
        patched.setattr(store_of_duplicates.DuplicateStore, "_regroup", lambda self, touched: int("no"))
        with pytest.raises(StoreError, match="invalid literal"):
            open_store(path)
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert not names & {"fingerprints", "bands", "near_duplicates", "article_links"}
    database = open_store(path)
    assert marks(database) == {url(1): None, url(2): url(1)}
    database.close()


_KEEPING = """
import sys
from tests.store.test_duplicate_store import ArticleStore, Random, TEXTS, at, near
from vovcrawl.store import open_database
database = open_database(sys.argv[1])
store = ArticleStore(database.connection)
numbers = list(range(1, 400))
Random(1).shuffle(numbers)
for number in numbers:
    store.keep(at(number, near(TEXTS[number % 3], number), f"2026-0{1 + number % 7}-{1 + number % 28:02}"))
    database.connection.commit()
    print(number, flush=True)
"""


def test_a_store_that_was_killed_while_it_was_written_has_the_marks_of_what_it_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    child = subprocess.Popen(
        [sys.executable, "-c", _KEEPING, store_at(path)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    assert child.stdout is not None
    for _ in range(25):
        child.stdout.readline()
    child.kill()
    child.communicate()
    database = open_store(path)
    kept = list(ArticleStore(database.connection).stream())
    assert 25 <= len(kept) < 399
    assert marks(database) == expected(kept)
    database.close()
