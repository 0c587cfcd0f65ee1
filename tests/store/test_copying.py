"""Copying a whole store, between SQLite and PostgreSQL and between two of a kind."""

from __future__ import annotations

import os
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, LargeBinary, Table, UniqueConstraint, insert, select, text

from tests.postgresql import server
from tests.store.dumped import dumped
from tests.stores import change, rows, tables, wait_until_let_go
from vovcrawl.items import Article, Author, Image, content_hash
from vovcrawl.queries import parse
from vovcrawl.store import (
    ArticleStore,
    CrawlStore,
    RunStore,
    StoreError,
    StoreHeld,
    copying,
    open_database,
    read_database,
)
from vovcrawl.store.copy_targets import TargetTaken
from vovcrawl.store.copying import SEARCH_INDEX, copy_store
from vovcrawl.store.place import OPENED, OPENED_AS
from vovcrawl.store.search import SearchStore
from vovcrawl.store.table_rows import Digest
from vovcrawl.store.tables import crawls, metadata, pages, runs
from vovcrawl.visits import Reach

pytestmark = [pytest.mark.long, pytest.mark.sqlite("names stores in both databases by itself")]

KINDS = ["sqlite", "postgresql"]

New = Callable[[str], str]
"""Makes the name of a store of a kind, where nothing is yet."""


@pytest.fixture
def new(tmp_path: Path) -> Iterator[New]:
    """Names of stores, which end with the test."""
    made: list[str] = []
    numbers = count()

    def name(kind: str) -> str:
        if kind == "sqlite":
            return str(tmp_path / f"{next(numbers)}.sqlite")
        made.append(server().new_store())
        return made[-1]

    yield name
    for url in made:
        server().drop_store(url)


def article(number: int, words: str = "Cầu mới bắc qua sông", **fields: Any) -> Article:
    url = f"https://vov.vn/xa-hoi/cau-moi-post{number}.vov"
    body = f"{words}, dài {number} mét.\n\nNgười dân hai bờ đi lại dễ hơn."
    made = Article(
        id=f"post{number}",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=f"{words} {number}",
        body=body,
        authors=[Author("Lê Na", None, "Lê Na")],
        images=[Image("https://media.vov.vn/cau.jpg", "Cây cầu “mới”\t'đỏ'", None)],
        keywords=["cầu", "sông"],
        date_published=f"2026-07-{number % 28 + 1:02}T08:00:00+07:00",
        template="drupal-2026",
        fetched_at="2026-07-15T08:00:00+00:00",
        **fields,
    )
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made


def fill(target: str, count: int = 8) -> str:
    """A store with articles, of which some were revised and some are gone, a crawl that goes on, and a run."""
    database = open_database(target)
    crawl = CrawlStore(database.connection).begin('{"since": "2d"}', "2026-07-14", Reach("2026-07-14"))
    RunStore(database.connection).begin(crawl, "{}")
    store = ArticleStore(database.connection)
    for number in range(count):
        store.keep(article(number))
    store.keep(article(1, "Cầu cũ bên sông"))
    of_page = {"first_crawl": crawl, "crawl": crawl, "discovered_at": "", "changed_at": "", "kind": "article"}
    for number, state in enumerate(("queued", "in flight", "done")):
        values = {"url": article(number).url, "state": state, "listed": number > 0, **of_page}
        database.connection.execute(insert(pages).values(values))
    database.connection.execute(text("DELETE FROM articles WHERE id = 'post7'"))
    database.connection.commit()
    database.close()
    return target


def held(store: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables that both databases have, but for what says where a file was open last."""
    database = read_database(store)
    found = {}
    for table in metadata.sorted_tables:
        lines = [tuple(row) for row in database.connection.execute(select(table))]
        found[table.name] = sorted((row for row in lines if row[0] not in (OPENED, OPENED_AS)), key=repr)
    database.close()
    return found


def found(store: str, words: str) -> list[str]:
    """The urls of the articles that a search finds."""
    database = read_database(store)
    urls = sorted(hit.canonical_url for hit in SearchStore(database.connection).find(parse(words), limit=100).hits)
    database.close()
    return urls


def index_of(path: str) -> set[tuple[Any, ...]]:
    """All that SQLite's search index says: each token, and where it stands."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE VIRTUAL TABLE temp.said USING fts5vocab('main', 'search_index', 'instance')")
        numbers = "SELECT number FROM search_articles WHERE canonical_url IS NOT NULL"
        return set(file.execute(f"SELECT term, doc, offset FROM said WHERE doc IN ({numbers})"))  # noqa: S608


def is_there(store: str) -> bool:
    return bool(tables(store)) if "://" in store else Path(store).exists()


def said(error: type[Exception], source: str, target: str, **given: Any) -> str:
    """The one line that refuses a copy."""
    with pytest.raises(error) as caught:
        copy_store(source, target, **given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("before", KINDS)
@pytest.mark.parametrize("after", KINDS)
class TestEveryWay:
    """From each database to each."""

    def test_every_row_of_every_table_is_in_the_copy(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), new(after)
        copied = copy_store(source, target)
        assert copied.is_same
        assert [each.name for each in copied.tables] == [*(t.name for t in metadata.sorted_tables), SEARCH_INDEX]
        assert held(target) == held(source)
        assert {each.name: each.rows for each in copied.tables if each.name in held(source)} == {
            name: len(lines) for name, lines in held(source).items()
        }

    def test_a_search_finds_in_the_copy_what_it_finds_in_the_store(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), new(after)
        copy_store(source, target)
        for words in ("cau cu", '"bên sông"', "cầu -cũ", "author:na"):
            assert found(target, words) == found(source, words)
        assert len(found(target, "cau")) == 7

    def test_what_is_kept_after_it_gets_numbers_that_nothing_has(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), new(after)
        copy_store(source, target)
        database = open_database(target)
        known = [set(database.connection.scalars(select(key))) for key in (crawls.c.id, runs.c.id)]
        crawl = CrawlStore(database.connection).begin("{}", None, Reach())
        assert crawl not in known[0]
        assert RunStore(database.connection).begin(crawl, "{}") not in known[1]
        store = ArticleStore(database.connection)
        store.keep(article(90))
        store.keep(article(1, "Cầu sửa xong"))
        database.connection.commit()
        assert len(store.history(article(1).canonical_url)) == 3
        database.close()
        assert article(90).url in found(target, "cau")
        assert found(target, '"cau cu"') == []

    def test_a_store_that_is_there_is_left_as_it_is(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), fill(new(after), 3)
        kept = held(target)
        assert "is a store already; right would be another one, or --force" in said(TargetTaken, source, target)
        assert held(target) == kept

    def test_a_store_that_is_there_is_replaced_where_that_is_wanted(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), fill(new(after), 3)
        assert copy_store(source, target, force=True).is_same
        assert held(target) == held(source)
        assert len(found(target, "cau")) == 7

    def test_a_store_of_an_older_version_is_not_replaced(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), fill(new(after), 3)
        change(target, "UPDATE store_properties SET value = '9' WHERE name = 'schema_version'")
        assert "has schema version 9" in said(StoreError, source, target, force=True)
        assert rows(target, "SELECT count(*) FROM articles") == [(3,)]

    def test_a_copy_that_is_not_the_same_is_not_kept(
        self, new: New, before: str, after: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source, target, other = fill(new(before)), new(after), fill(new(after), 3)
        kept = held(other)
        read_back = copying._Copying._made

        def lose_a_row(self: Any, table: Table) -> Digest:
            if table.name == "keywords":
                self._target.connection.execute(text("DELETE FROM keywords WHERE position = 1"))
            return read_back(self, table)

        monkeypatch.setattr(copying._Copying, "_made", lose_a_row)
        for store in (target, other):
            copied = copy_store(source, store, force=True)
            assert [each.name for each in copied.tables if not each.is_same] == ["keywords"]
        assert not is_there(target)
        assert held(other) == kept

    def test_a_copy_that_is_killed_leaves_what_was_there_and_is_made_again(
        self, new: New, before: str, after: str
    ) -> None:
        source, other = fill(new(before)), fill(new(after), 3)
        kept = held(other)
        steps = 0
        while True:
            target = new(after)
            if not killed_at(steps, source, target):
                break
            assert not is_there(target)
            assert killed_at(steps, source, other, force=True)
            assert held(other) == kept
            steps += 12
        assert steps > 12
        assert held(target) == held(source)
        assert copy_store(source, other, force=True).is_same
        if after == "sqlite":
            assert list(Path(other).parent.glob(f".{Path(other).name}.*")) == []

    def test_what_a_crawl_writes_meanwhile_is_not_in_the_copy(self, new: New, before: str, after: str) -> None:
        source, target = fill(new(before)), new(after)
        database = open_database(source)
        known = held(source)
        store = ArticleStore(database.connection)

        def keep(words: str) -> None:
            store.keep(article(100 + store.revisions_kept))
            database.connection.commit()

        assert copy_store(source, target, say=keep).is_same
        assert store.revisions_kept > 10
        assert held(target) == known
        database.close()


@pytest.mark.parametrize("after", KINDS)
def test_a_crawl_begins_while_a_store_at_rest_is_copied(new: New, after: str) -> None:
    source, target = fill(new("sqlite")), new(after)
    known = held(source)
    written: list[int] = []

    def crawl(words: str) -> None:
        database = open_database(source)
        ArticleStore(database.connection).keep(article(100 + len(written)))
        database.connection.commit()
        database.close()
        written.append(1)

    assert copy_store(source, target, say=crawl).is_same
    assert written
    assert held(target) == known
    assert rows(source, "SELECT count(*) FROM articles") == [(7 + len(written),)]


def killed_at(step: int, source: str, target: str, **given: Any) -> bool:
    """Copies in a process that is killed at the step with this number; whether there is such a step."""
    child = os.fork()
    if child == 0:
        left = [step]

        def step_on(words: str) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            copy_store(source, target, say=step_on, **given)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    wait_until_let_go(target)
    return os.WIFSIGNALED(status)


def test_a_store_comes_back_from_postgresql_as_it_went_there(new: New) -> None:
    source, there, back = fill(new("sqlite")), new("postgresql"), new("sqlite")
    assert copy_store(source, there).is_same
    assert copy_store(there, back).is_same

    def lines(path: str) -> list[str]:
        # By which name a file was open, and how the index is cut into blocks, is not what a store says.
        return sorted(line for line in dumped(path) if OPENED_AS not in line and '"search_index' not in line)

    assert lines(back) == lines(source)
    assert index_of(back) == index_of(source)
    assert len(index_of(back)) > 100


def test_a_copy_between_two_of_sqlite_has_the_very_index(new: New) -> None:
    source, target = fill(new("sqlite")), new("sqlite")
    copied = copy_store(source, target)
    assert copied.tables[-1].rows == rows(target, "SELECT count(*) FROM search_index_data")[0][0]
    assert index_of(target) == index_of(source)


def test_the_copy_is_one_file_that_its_owner_s_group_may_read(new: New, tmp_path: Path) -> None:
    source, target = fill(new("sqlite")), new("sqlite")
    database = open_database(source)
    copy_store(source, target)
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith(Path(target).name)} == {Path(target).name}
    assert Path(target).stat().st_mode & 0o777 == 0o640
    assert rows(target, "PRAGMA journal_mode") == [("delete",)]
    database.close()


class TestOntoItself:
    """A store is not copied onto itself, whatever it is called."""

    def test_a_file_by_another_name(self, new: New, tmp_path: Path) -> None:
        source = fill(new("sqlite"))
        (tmp_path / "link").symlink_to(source)
        (tmp_path / "hard").hardlink_to(source)
        (tmp_path / "folder").symlink_to(tmp_path)
        for name in (source, "link", "hard", f"folder/{Path(source).name}"):
            target = str(tmp_path / name)
            assert "onto itself" in said(TargetTaken, source, target, force=True)
        assert "onto itself" in said(TargetTaken, f"sqlite:///{source}", source, force=True)

    def test_a_schema_by_another_name(self, new: New) -> None:
        source = fill(new("postgresql"))
        for target in (source, source.replace("127.0.0.1", "localhost"), source.replace("+psycopg", "")):
            assert "onto itself" in said(TargetTaken, source, target, force=True)
        assert len(held(source)["articles"]) == 7


class TestRefused:
    """Each is one line, and nothing is changed."""

    def test_a_folder_that_is_not_there(self, new: New, tmp_path: Path) -> None:
        assert "there is no folder" in said(StoreError, fill(new("sqlite")), str(tmp_path / "nowhere" / "a.sqlite"))

    def test_a_store_that_is_not_there(self, new: New) -> None:
        target = new("sqlite")
        assert "there is no store" in said(StoreError, new("sqlite"), target)
        assert not is_there(target)

    @pytest.mark.parametrize("suffix", ["-wal", "-journal"])
    def test_a_file_whose_log_is_left_of_another(self, new: New, suffix: str) -> None:
        source, target = fill(new("sqlite")), new("sqlite")
        Path(target + suffix).write_bytes(b"left")
        assert "right would be to remove it" in said(StoreError, source, target, force=True)
        assert not is_there(target)

    def test_a_server_that_does_not_run(self, new: New) -> None:
        target = new("postgresql").replace(f":{server().port}", ":1")
        assert "Connection refused" in said(StoreError, fill(new("sqlite")), target)

    def test_a_file_that_is_no_store(self, new: New, tmp_path: Path) -> None:
        source = fill(new("sqlite"))
        songs, words = tmp_path / "songs.sqlite", tmp_path / "words.txt"
        with closing(sqlite3.connect(songs)) as file:
            file.execute("CREATE TABLE songs (title TEXT)")
        words.write_text("Không phải cơ sở dữ liệu.", encoding="utf-8")
        for target in (songs, words):
            before = target.read_bytes()
            said(StoreError, source, str(target), force=True)
            assert target.read_bytes() == before
        said(StoreError, source, str(tmp_path), force=True)

    def test_a_schema_with_tables_of_another_program(self, new: New) -> None:
        source, target = fill(new("sqlite")), new("postgresql")
        change(target, "CREATE TABLE songs (title text)")
        assert "is a database, but no vovcrawl store" in said(StoreError, source, target, force=True)
        assert tables(target) == {"songs"}

    def test_a_store_that_a_crawl_holds(self, new: New) -> None:
        source, target = fill(new("sqlite")), fill(new("sqlite"), 3)
        database = open_database(target)
        assert "another crawl holds the store" in said(StoreHeld, source, target, force=True)
        database.close()
        assert rows(target, "SELECT count(*) FROM articles") == [(3,)]

    def test_a_store_that_another_program_reads(self, new: New) -> None:
        source, target = fill(new("sqlite")), fill(new("sqlite"), 3)
        database = open_database(target)
        with closing(sqlite3.connect(target, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM articles").fetchone()
            database.close()
            said(StoreError, source, target, force=True)
        assert rows(target, "SELECT count(*) FROM articles") == [(3,)]

    @pytest.mark.parametrize(
        ("statement", "line"),
        [
            ("UPDATE articles SET headline = 'a' || char(0) || 'b' WHERE id = 'post3'", "U+0000 in headline"),
            (
                "UPDATE articles SET sequence = 'many' WHERE id = 'post3'",
                "text in sequence; right would be a whole number",
            ),
            ("UPDATE articles SET headline = CAST('số' AS BLOB) WHERE id = 'post3'", "bytes in headline"),
            ("UPDATE images SET position = 0.5 WHERE canonical_url LIKE '%post3.vov'", "a number with a fraction"),
            ("UPDATE pages SET listed = 5 WHERE url LIKE '%post2.vov'", "invalid input syntax for type boolean"),
            ("UPDATE images SET canonical_url = canonical_url || '?' WHERE canonical_url LIKE '%post3.vov'", "foreign"),
        ],
    )
    def test_what_postgresql_cannot_hold_is_named_with_its_article(self, new: New, statement: str, line: str) -> None:
        source, target = fill(new("sqlite")), new("postgresql")
        change(source, statement)
        found = said(StoreError, source, target)
        assert "https://vov.vn/xa-hoi/cau-moi-post" in found
        assert line in found
        assert not is_there(target)

    def test_text_that_is_not_utf_8(self, new: New) -> None:
        source, target = fill(new("sqlite")), new("postgresql")
        change(source, "UPDATE articles SET headline = CAST(x'ff' AS TEXT) WHERE id = 'post3'")
        assert "cannot read the store" in said(StoreError, source, target)


def test_tables_of_others_beside_a_store_that_is_replaced_stay(new: New) -> None:
    source, target = fill(new("sqlite")), fill(new("postgresql"), 3)
    change(target, "CREATE TABLE songs (title text); INSERT INTO songs VALUES ('Trống cơm')")
    assert copy_store(source, target, force=True).is_same
    assert rows(target, "SELECT title FROM songs") == [("Trống cơm",)]


def test_a_table_of_others_that_depends_on_the_store_keeps_it_from_being_replaced(new: New) -> None:
    source, target = fill(new("sqlite")), fill(new("postgresql"), 3)
    change(target, "CREATE TABLE notes (url text REFERENCES articles)")
    assert "depend" in said(StoreError, source, target, force=True)
    assert rows(target, "SELECT count(*) FROM articles") == [(3,)]


def test_an_empty_file_becomes_the_copy(new: New) -> None:
    source, target = fill(new("sqlite")), new("sqlite")
    Path(target).touch()
    assert copy_store(source, target).is_same
    assert held(target) == held(source)


def test_the_log_of_a_store_that_was_killed_does_not_come_into_the_copy_that_replaces_it(new: New) -> None:
    source, target = fill(new("sqlite")), fill(new("sqlite"), 3)
    child = os.fork()
    if child == 0:
        database = open_database(target)
        ArticleStore(database.connection).keep(article(50))
        database.connection.commit()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert Path(f"{target}-wal").stat().st_size > 0
    copy_store(source, target, force=True)
    assert held(target) == held(source)
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]


def test_a_digest_tells_rows_apart_and_not_their_order() -> None:
    def hash_of(*lines: tuple[Any, ...]) -> tuple[int, str]:
        digest = Digest()
        for line in lines:
            digest.add(line)
        return digest.rows, digest.hash

    one, other = ("a", 1, None), ("b", 1, None)
    assert hash_of(one, other) == hash_of(other, one)
    apart = [
        hash_of(one),
        hash_of(one, one),
        hash_of(one, other),
        hash_of(("a", "1", None)),
        hash_of(("a", 1, "None")),
        hash_of(("a1", None, None)),
        hash_of((b"a", 1, None)),
        hash_of(),
    ]
    assert len(set(apart)) == len(apart)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
WHOLE = st.integers(-(2**63), 2**63 - 1)


@st.composite
def any_rows(draw: st.DrawFn) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of each table, with any value that its columns take, which refer to each other as tables do."""
    made: dict[str, list[tuple[Any, ...]]] = {}
    for table in metadata.sorted_tables:
        uniques = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
        keys = [list(key) for key in (table.primary_key.columns, *uniques)]
        places = [[list(table.columns).index(column) for column in key] for key in keys]
        known: list[set[tuple[Any, ...]]] = [set() for _ in places]
        made[table.name] = []
        for _ in range(draw(st.integers(0, 3))):
            row = tuple(draw(value_of(column, made)) for column in table.columns)
            held_by = [tuple(row[place] for place in each) for each in places]
            if MISSING in row or any(key in seen for key, seen in zip(held_by, known, strict=True)):
                continue
            for key, seen in zip(held_by, known, strict=True):
                seen.add(key)
            made[table.name].append(row)
    # An article's tokens are made of its record, which says something.
    made["search_articles"] = [(row[0], None, *row[2:]) for row in made["search_articles"]]
    return made


MISSING = object()
"""Instead of a row that another one needs."""


def value_of(column: Any, made: dict[str, list[tuple[Any, ...]]]) -> st.SearchStrategy[Any]:
    for key in column.foreign_keys:
        place = list(key.column.table.columns).index(key.column)
        known = [row[place] for row in made[key.column.table.name]]
        return st.sampled_from([*known, None] if column.nullable else known or [MISSING])
    if isinstance(column.type, Boolean):
        values: st.SearchStrategy[Any] = st.integers(0, 1)
    elif isinstance(column.type, LargeBinary):
        values = st.binary(max_size=40)
    else:
        values = WHOLE if column.type.python_type is int else TEXTS
    return values | st.none() if column.nullable else values


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_rows())
def test_rows_of_any_values_survive(made: dict[str, list[tuple[Any, ...]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, back = f"{folder}/a.sqlite", f"{folder}/b.sqlite"
        open_database(source).close()
        with closing(sqlite3.connect(source)) as file:
            for name, lines in made.items():
                values = ", ".join("?" * len(metadata.tables[name].columns))
                file.executemany(f"INSERT INTO {name} VALUES ({values})", lines)  # noqa: S608
            file.commit()
        there = server().new_store()
        try:
            assert copy_store(source, there).is_same
            assert copy_store(there, back).is_same
        finally:
            server().drop_store(there)
        assert held(back) == held(source)
