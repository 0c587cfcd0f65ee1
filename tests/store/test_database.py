"""Opening the store."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from tests import stores
from tests.stores import change, open_store, store_at, tables
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore, Kept, Revision, StoreError, StoreHeld, open_database, read_database
from vovcrawl.store.history import NEW, Text
from vovcrawl.store.tables import STORE_VERSION


def leave(path: Path) -> None:
    """Makes a store, or opens the one that is there, and closes it."""
    open_database(store_at(path)).close()


def test_a_store_is_made_and_opens_again(tmp_path: Path) -> None:
    leave(tmp_path / "a.sqlite")
    leave(tmp_path / "a.sqlite")
    found = stores.rows(tmp_path / "a.sqlite", "SELECT value FROM store_properties WHERE name = 'schema_version'")
    assert found == [(str(STORE_VERSION),)]


@pytest.mark.sqlite("its file")
def test_a_database_url_names_the_same_store_as_its_path(tmp_path: Path) -> None:
    leave(tmp_path / "a.sqlite")
    open_database(f"sqlite:///{tmp_path / 'a.sqlite'}").close()


def test_a_store_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first = open_store(tmp_path / "a.sqlite")
    with pytest.raises(StoreHeld, match="another crawl holds"):
        open_store(tmp_path / "a.sqlite")
    first.close()
    leave(tmp_path / "a.sqlite")


def test_a_reader_is_not_kept_out(tmp_path: Path) -> None:
    held = open_store(tmp_path / "a.sqlite")
    assert stores.rows(tmp_path / "a.sqlite", "SELECT count(*) FROM articles") == [(0,)]
    held.close()


def test_who_holds_a_view_reads_one_moment_whatever_is_written(tmp_path: Path) -> None:
    held = open_store(tmp_path / "a.sqlite")
    reader = read_database(store_at(tmp_path / "a.sqlite"))
    count = text("SELECT count(*) FROM store_properties")
    reader.hold_view()
    before = reader.connection.scalar(count)
    held.connection.execute(text("INSERT INTO store_properties VALUES ('a', 'b')"))
    held.connection.commit()
    assert reader.connection.scalar(count) == before
    reader.connection.rollback()
    assert reader.connection.scalar(count) != before
    reader.close()
    held.close()


@pytest.mark.parametrize("name", ["missing/a.sqlite", "", "text.txt/a.sqlite"])
@pytest.mark.sqlite("its file")
def test_a_place_that_cannot_hold_a_store_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("no folder")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match="cannot open the store") as caught:
        open_database(str(tmp_path / name) if name else str(tmp_path))
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.sqlite("its file")
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Đây là ghi chép, không phải cơ sở dữ liệu. " * 40)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        open_database(str(file))
    assert file.read_bytes() == before


@pytest.mark.sqlite("its file")
def test_a_database_of_something_else_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
        connection.commit()
    before = other.read_bytes()
    with pytest.raises(StoreError, match="no vovcrawl store"):
        open_database(str(other))
    assert list(tmp_path.iterdir()) == [other]
    assert other.read_bytes() == before


@pytest.mark.parametrize("statement", ["PRAGMA journal_mode = WAL", "CREATE TABLE a (b); DROP TABLE a"])
@pytest.mark.sqlite("its file")
def test_a_store_that_was_being_made_when_its_maker_was_killed_is_made(tmp_path: Path, statement: str) -> None:
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection:
        connection.executescript(statement)
    assert (tmp_path / "a.sqlite").stat().st_size
    leave(tmp_path / "a.sqlite")
    leave(tmp_path / "a.sqlite")


def test_a_store_is_made_in_one_transaction(tmp_path: Path) -> None:
    seen = set()

    @event.listens_for(Engine, "before_cursor_execute")
    def look(*_: object) -> None:
        seen.add(len(tables(tmp_path / "a.sqlite")))

    try:
        leave(tmp_path / "a.sqlite")
    finally:
        event.remove(Engine, "before_cursor_execute", look)
    assert 0 in seen
    assert seen <= {0, len(tables(tmp_path / "a.sqlite"))}


def test_a_store_of_another_schema_is_refused(tmp_path: Path) -> None:
    leave(tmp_path / "a.sqlite")
    change(tmp_path / "a.sqlite", "UPDATE store_properties SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(StoreError, match="schema version 99"):
        open_store(tmp_path / "a.sqlite")


@pytest.mark.parametrize("url", ["nonsense://x", "://", "mysql+none://x/y"])
def test_an_unknown_database_url_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(url)
    assert "\n" not in str(caught.value)


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    database = open_store(tmp_path / "a.sqlite")
    with pytest.raises(IntegrityError):
        database.connection.execute(text("INSERT INTO claims VALUES (1, '', '', 0, 0, FALSE, '', FALSE, '', '', '')"))
    database.close()


def damaged(path: Path) -> None:
    """A store some pages of which hold something else."""
    leave(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO crawls (arguments, started_at, seeded) VALUES (?, '', 1)", [("x" * 3000,)] * 50
        )
        connection.commit()
    with path.open("r+b") as file:
        file.seek(-40 * 4096, 2)
        file.write(b"\x5a" * 8192)


@pytest.mark.sqlite("its file")
def test_a_damaged_store_is_refused_in_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    damaged(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"damaged|malformed") as caught:
        open_database(str(path))
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.sqlite("its file")
def test_an_index_that_lost_an_entry_is_found_after_a_run_that_died(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    leave(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO runs (arguments, started_at, requests, bytes, new, revised, unchanged, failed) "
            "VALUES ('{}', '', 0, 0, 0, 0, 0, 0)"
        )
        connection.execute("INSERT INTO crawls (id, arguments, started_at, seeded) VALUES (1, '{}', '', 1)")
        connection.execute(
            "INSERT INTO claims (crawl, url, kind, depth, priority, requested, listed) "
            "VALUES (1, 'a', 'article', 0, 0, 0, 0)"
        )
        connection.commit()
        connection.execute("PRAGMA writable_schema = 1")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = "
            "'articles_sequence') WHERE name = 'sqlite_autoindex_claims_1'"
        )
        connection.commit()
    with pytest.raises(StoreError, match="damaged"):
        open_database(str(path))


@pytest.mark.sqlite("its file")
def test_what_a_program_left_half_written_is_taken_back(tmp_path: Path) -> None:
    path, left = tmp_path / "a.sqlite", tmp_path / "left.sqlite"
    leave(path)
    with closing(sqlite3.connect(path)) as dying:
        dying.execute("PRAGMA cache_size = 1")
        dying.executemany("INSERT INTO crawls (arguments, started_at, seeded) VALUES (?, '', 1)", [("x" * 3000,)] * 50)
        for suffix in ("", "-journal"):
            Path(f"{left}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
    assert left.read_bytes() != path.read_bytes()
    leave(left)
    assert rows(left, "SELECT count(*) FROM crawls") == [(0,)]


def of_version_3(path: Path) -> Path:
    """A store as version 3 made it, of its own statements; `version_3.sql` holds what sqlite3 dumped of it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((Path(__file__).parent / "version_3.sql").read_text(encoding="utf-8"))
    return path


def rows(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@pytest.mark.sqlite("a schema version that was never in PostgreSQL")
class TestOfVersion2:
    """A store that an earlier version made."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """As version 2 left it: two texts of an article, and crawls of the last two days and of a week, unfinished."""
        path = of_version_3(tmp_path / "a.sqlite")
        lists = ("audios", "authors", "blocks", "breadcrumbs", "images", "keywords", "links", "related", "videos")
        with closing(sqlite3.connect(path)) as connection:
            for name in (*lists, "time_expressions", "warnings", "pages", "runs", "walks", "articles"):
                connection.execute(f"DELETE FROM {name}")  # noqa: S608 - the names stand above
            connection.commit()
            connection.executescript(
                """
                DROP TABLE revisions; DROP TABLE claims; DROP TABLE feeds;
                ALTER TABLE walks DROP COLUMN since; ALTER TABLE walks DROP COLUMN keeps_from;
                CREATE TABLE revisions (
                    canonical_url TEXT NOT NULL REFERENCES articles (canonical_url) ON DELETE CASCADE,
                    number INTEGER NOT NULL, content_hash TEXT NOT NULL, first_seen TEXT NOT NULL,
                    last_seen TEXT NOT NULL, changed TEXT NOT NULL, record TEXT NOT NULL,
                    PRIMARY KEY (canonical_url, number));
                INSERT INTO articles (id, canonical_url, content_type, headline, body, in_language, content_hash,
                    source, template, reader_version, schema_version)
                    VALUES ('post1', 'a', 'article', 'Cầu', '', 'vi', 'x', 'live', 'drupal-2026', 2, 2);
                INSERT INTO revisions VALUES ('a', 2, 'y', '2026-07-16', '2026-07-16', '[]', '{}');
                INSERT INTO revisions VALUES ('a', 1, 'x', '2026-07-15', '2026-07-15', '[]', '{}');
                INSERT INTO walks (arguments, started_at, seeded)
                    VALUES ('{"since": "the last two days from 2026-07-14"}', '', 1),
                           ('{"sections": "xa-hoi", "since": "7d from 2026-07-09"}', '', 1),
                           ('{"since": "2026-07-01"}', '', 1), ('{"since": "all"}', '', 1);
                UPDATE store_properties SET value = '2' WHERE name = 'schema_version';
                """
            )
            connection.commit()
        return path

    def test_it_is_brought_up_and_keeps_every_text_in_order(self, path: Path) -> None:
        leave(path)
        assert rows(path, "SELECT sequence, canonical_url, number FROM revisions") == [(1, "a", 1)]
        assert rows(path, "SELECT sequence, canonical_url, revision, first_seen FROM articles") == [
            (2, "a", 2, "2026-07-16")
        ]
        assert rows(path, "SELECT value FROM store_properties WHERE name = 'schema_version'") == [(str(STORE_VERSION),)]
        assert rows(path, "PRAGMA foreign_key_check") == []

    def test_it_has_the_tables_of_a_new_store(self, path: Path, tmp_path: Path) -> None:
        leave(path)
        leave(tmp_path / "new.sqlite")
        names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
        assert rows(path, names) == rows(tmp_path / "new.sqlite", names)

    def test_its_unfinished_work_belongs_to_the_arguments_as_typed(self, path: Path) -> None:
        leave(path)
        assert rows(path, "SELECT arguments, since FROM crawls ORDER BY id") == [
            ("{}", "2026-07-14"),
            ('{"sections": "xa-hoi", "since": "7d"}', "2026-07-09"),
            ('{"since": "2026-07-01"}', "2026-07-01"),
            ('{"since": "all"}', None),
        ]

    def test_who_only_reads_it_is_told_what_brings_it_up(self, path: Path) -> None:
        with pytest.raises(StoreError, match="the next crawl into it will bring it up"):
            read_database(str(path))


BRIDGE = "https://vov.vn/xa-hoi/cau-moi-post{}.vov"


@pytest.mark.sqlite("a schema version that was never in PostgreSQL")
class TestOfVersion3:
    """A store in which three articles are kept, two of them revised, one of these read again by a later reader."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return of_version_3(tmp_path / "a.sqlite")

    @pytest.fixture
    def records(self, path: Path) -> dict[tuple[str, int], dict[str, Any]]:
        """What version 3 holds of each text, by article and number."""
        return {
            (url, number): Article.from_dict(json.loads(record)).to_dict()
            for url, number, record in rows(path, "SELECT canonical_url, number, record FROM revisions")
        }

    def histories(self, path: Path) -> dict[str, list[Revision]]:
        database = open_database(str(path))
        store = ArticleStore(database.connection)
        found = {BRIDGE.format(number): store.history(BRIDGE.format(number)) for number in (1, 2, 3)}
        database.close()
        return found

    def test_every_text_can_still_be_read(self, path: Path, records: dict[tuple[str, int], dict[str, Any]]) -> None:
        found = {
            (url, revision.number): revision.article.to_dict()
            for url, history in self.histories(path).items()
            for revision in history
        }
        # The last text of the second article is as the later reader read it.
        current = found[BRIDGE.format(2), 3]
        assert (current["keywords"], current["reader_version"]) == (["cầu", "sông"], 4)
        again = {name: current[name] for name in ("keywords", "reader_version", "fetched_at")}
        assert found == {**records, (BRIDGE.format(2), 3): {**records[BRIDGE.format(2), 3], **again}}

    def test_every_text_keeps_its_place_its_run_and_its_times(self, path: Path) -> None:
        before = rows(path, "SELECT canonical_url, number, sequence, run, first_seen, last_seen FROM revisions")
        after = [
            (url, revision.number, revision.sequence, revision.run, revision.first_seen, revision.last_seen)
            for url, history in self.histories(path).items()
            for revision in history
        ]
        assert sorted(after) == sorted(before)

    def test_an_article_that_was_never_revised_has_no_row_in_revisions(self, path: Path) -> None:
        leave(path)
        assert rows(path, "SELECT canonical_url, number FROM revisions ORDER BY sequence") == [
            (BRIDGE.format(2), 1),
            (BRIDGE.format(3), 1),
            (BRIDGE.format(2), 2),
        ]

    def test_a_difference_holds_what_changed_and_nothing_else(self, path: Path) -> None:
        leave(path)
        ((earlier,),) = rows(path, "SELECT earlier FROM revisions WHERE sequence = 3")
        assert json.loads(earlier) == {
            "description": "Cây cầu nối hai bờ sông.",
            "fetched_at": "2026-07-15T08:00:00+00:00",
        }

    def test_the_rows_of_lists_are_as_they_were(self, path: Path) -> None:
        names = ("blocks", "authors", "time_expressions", "related", "videos", "breadcrumbs")
        before = [rows(path, f"SELECT * FROM {name} ORDER BY 1, 2") for name in names]  # noqa: S608 - they stand above
        leave(path)
        assert [rows(path, f"SELECT * FROM {name} ORDER BY 1, 2") for name in names] == before  # noqa: S608

    def test_it_has_the_tables_of_a_new_store(self, path: Path, tmp_path: Path) -> None:
        leave(path)
        leave(tmp_path / "new.sqlite")
        names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
        assert rows(path, names) == rows(tmp_path / "new.sqlite", names)
        articles = "SELECT sql FROM sqlite_master WHERE tbl_name IN ('articles', 'revisions', 'keywords') ORDER BY name"
        assert rows(path, articles) == rows(tmp_path / "new.sqlite", articles)

    def test_its_queue_is_as_it_was_under_the_names_of_a_new_store(self, path: Path, tmp_path: Path) -> None:
        before = rows(path, "SELECT * FROM pages ORDER BY number")
        leave(path)
        leave(tmp_path / "new.sqlite")
        # What is added to a table stands at its end.
        assert [row[: len(before[0])] for row in rows(path, "SELECT * FROM pages ORDER BY number")] == before
        assert rows(path, "SELECT url FROM pages WHERE crawl = 1 AND state = 'in flight'") == [(BRIDGE.format(3),)]
        for name in ("pages", "claims", "runs", "crawls"):
            names = f"SELECT name FROM pragma_table_info('{name}') ORDER BY 1"  # noqa: S608 - they stand above
            assert rows(path, names) == rows(tmp_path / "new.sqlite", names)

    def test_its_references_hold(self, path: Path) -> None:
        leave(path)
        assert rows(path, "PRAGMA foreign_key_check") == []
        assert rows(path, "PRAGMA integrity_check") == [("ok",)]

    def test_what_fails_on_the_way_leaves_it_as_it_was(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE revisions SET record = '{' WHERE sequence = 2")
            connection.commit()
            before = list(connection.iterdump())
        with pytest.raises(StoreError, match="cannot open the store"):
            open_database(str(path))
        with closing(sqlite3.connect(path)) as connection:
            assert list(connection.iterdump()) == before

    def test_the_same_page_read_again_is_unchanged(self, path: Path) -> None:
        (current,) = self.histories(path)[BRIDGE.format(1)]
        database = open_database(str(path))
        store = ArticleStore(database.connection)
        assert store.keep(current.article) is Kept.UNCHANGED
        assert store.read(BRIDGE.format(1)) == current.article
        database.close()


@pytest.mark.sqlite("a schema version that was never in PostgreSQL")
def test_an_article_that_version_7_kept_under_two_urls_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    database = open_database(str(path))
    store = ArticleStore(database.connection)
    for url in (BRIDGE.format(1), BRIDGE.format(1).replace("/xa-hoi/", "/kinh-te/"), BRIDGE.format(2)):
        article = Article(
            id=url.rpartition("-")[2].removesuffix(".vov"),
            url=url,
            canonical_url=url,
            content_type="article",
            headline="Cầu mới",
            body="Thông xe.",
            content_hash="x",
            template="drupal-2026",
        )
        seen = "2026-07-16T01:00:00+00:00"
        store.put_texts(url, [Text([Revision(1, NEW, None, seen, seen, article)])])
    database.connection.exec_driver_sql("UPDATE store_properties SET value = '7' WHERE name = 'schema_version'")
    for index in ("pages_elsewhere", "articles_id"):
        database.connection.exec_driver_sql(f"DROP INDEX {index}")
    database.connection.commit()
    database.close()
    leave(path)
    kept = rows(path, "SELECT canonical_url, revision FROM articles ORDER BY 1")
    assert kept == [(BRIDGE.format(1).replace("/xa-hoi/", "/kinh-te/"), 2), (BRIDGE.format(2), 1)]
    assert rows(path, "SELECT number, json_extract(earlier, '$.canonical_url') FROM revisions") == [
        (1, BRIDGE.format(1))
    ]


@pytest.mark.sqlite("a schema version that was never in PostgreSQL")
class TestOfVersion4:
    """A store that version 4 left, with a crawl that ended well and one that did not."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "a.sqlite"
        leave(path)
        added = {
            "pages": ("listed", "listed_modified", "listed_by", "visited_at", "unread_since", "kills"),
            "crawls": ("reckoned_at", "is_whole"),
            "claims": ("listed",),
        }
        with closing(sqlite3.connect(path)) as connection:
            for index in ("pages_listed_by", "pages_elsewhere", "articles_id"):
                connection.execute(f"DROP INDEX {index}")
            for name, columns in added.items():
                for column in columns:
                    connection.execute(f"ALTER TABLE {name} DROP COLUMN {column}")
            connection.executescript(
                """
                ALTER TABLE claims RENAME COLUMN listed_modified TO source_modified;
                INSERT INTO crawls (id, arguments, started_at, finished_at, seeded) VALUES
                    (1, '{}', '2026-07-10T01:00:00+00:00', '2026-07-10T02:00:00+00:00', 1),
                    (2, '{}', '2026-07-11T01:00:00+00:00', '2026-07-11T02:00:00+00:00', 1),
                    (3, '{}', '2026-07-12T01:00:00+00:00', NULL, 1);
                INSERT INTO runs (crawl, arguments, started_at, exit_status, requests, bytes, new, revised, unchanged,
                    failed) VALUES (1, '{}', '', 0, 0, 0, 0, 0, 0, 0), (2, '{}', '', 4, 0, 0, 0, 0, 0, 0);
                INSERT INTO pages (url, kind, state, outcome, attempts, depth, priority, requested, first_crawl, crawl,
                    source_modified, discovered_at, changed_at) VALUES
                    ('a', 'article', 'done', 'article', 1, 0, 0, 0, 1, 1, 'x', '', '2026-07-10T01:00:00+00:00'),
                    ('b', 'article', 'gone', 'gone', 1, 0, 0, 0, 1, 1, 'x', '', '2026-07-10T01:00:00+00:00'),
                    ('c', 'article', 'queued', 'article', 1, 0, 0, 0, 1, 3, 'x', '', '2026-07-10T01:00:00+00:00');
                ALTER TABLE articles DROP COLUMN extra;
                UPDATE store_properties SET value = '4' WHERE name = 'schema_version';
                """
            )
            connection.commit()
        leave(path)
        return path

    def test_it_has_the_columns_and_indexes_of_a_new_store(self, path: Path, tmp_path: Path) -> None:
        leave(tmp_path / "new.sqlite")
        for name in ("articles", "pages", "claims", "crawls"):
            names = f"SELECT name FROM pragma_table_info('{name}') ORDER BY 1"  # noqa: S608 - they stand above
            assert rows(path, names) == rows(tmp_path / "new.sqlite", names)
        indexes = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY 1"
        assert rows(path, indexes) == rows(tmp_path / "new.sqlite", indexes)

    def test_crawls_that_ended_well_were_whole(self, path: Path) -> None:
        assert rows(path, "SELECT id, reckoned_at, is_whole FROM crawls") == [
            (1, "2026-07-10T08:00:00+07:00", 1),
            (2, "2026-07-11T08:00:00+07:00", 0),
            (3, "2026-07-12T08:00:00+07:00", None),
        ]

    def test_a_date_is_known_of_what_was_visited_with_it(self, path: Path) -> None:
        assert rows(path, "SELECT url, source_modified, listed_modified, unread_since FROM pages") == [
            ("a", "x", "x", None),
            ("b", "x", "x", "2026-07-10T01:00:00+00:00"),
            ("c", None, "x", None),
        ]
