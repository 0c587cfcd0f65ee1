"""What a store in PostgreSQL has beside what every store has: a server, schemas, roles, and its own types."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, text

from tests.postgresql import Reached, schema_of, server
from tests.stores import change
from vovcrawl.store import Database, StoreError, open_database, read_database
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import pages, runs


@pytest.fixture(scope="module")
def here() -> Reached:
    """The server of the tests."""
    return server()


@pytest.fixture
def url(here: Reached) -> Iterator[str]:
    """The url of a store that is not made yet."""
    made = here.new_store()
    yield made
    here.drop_store(made)


@pytest.fixture
def opened(url: str) -> Iterator[Database]:
    """A new store."""
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def lowly(here: Reached) -> Iterator[str]:
    """A role that may do nothing."""
    here.run("CREATE ROLE lowly LOGIN")
    yield "lowly"
    here.run("DROP OWNED BY lowly; DROP ROLE lowly")


def said(url: str, opens: object = open_database) -> str:
    """The one line that refuses a store."""
    assert callable(opens)
    with pytest.raises(StoreError) as caught:
        opens(url).close()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def as_role(url: str, role: str) -> str:
    return url.replace("postgres@", f"{role}@")


def test_two_stores_share_a_database(here: Reached, url: str) -> None:
    other = here.new_store()
    first, second = open_database(url), open_database(other)
    first.connection.execute(insert(runs), {"arguments": "{}", "started_at": ""})
    first.connection.commit()
    assert second.connection.execute(select(runs)).all() == []
    first.close()
    second.close()
    here.drop_store(other)


def test_the_plain_name_of_the_database_is_enough(url: str) -> None:
    open_database(url.replace("+psycopg", "")).close()
    read_database(url.replace("+psycopg", "")).close()


@pytest.mark.parametrize("opens", [open_database, read_database])
class TestRefused:
    """Each is one line that says what would be right."""

    def test_a_server_that_does_not_run(self, here: Reached, url: str, opens: object) -> None:
        assert "Connection refused" in said(url.replace(f":{here.port}", ":1"), opens)

    def test_a_database_that_is_not_there(self, url: str, opens: object) -> None:
        assert 'database "nowhere" does not exist; right would be' in said(url.replace("/tests", "/nowhere"), opens)

    def test_a_role_that_is_not_there(self, url: str, opens: object) -> None:
        line = said(as_role(url, "nobody:mat-khau"), opens)
        assert 'role "nobody" does not exist; right would be' in line
        assert "mat-khau" not in line

    def test_a_database_that_holds_something_else(self, here: Reached, url: str, opens: object) -> None:
        here.run(f"CREATE TABLE {schema_of(url)}.songs (title text)")
        assert "is a database, but no vovcrawl store" in said(url, opens)

    def test_a_schema_that_is_not_there(self, url: str, opens: object) -> None:
        assert "schema" in said(url.replace(schema_of(url), "nowhere"), opens)

    def test_a_role_without_a_right_to_the_tables(self, here: Reached, url: str, lowly: str, opens: object) -> None:
        open_database(url).close()
        here.run(f"GRANT USAGE ON SCHEMA {schema_of(url)} TO {lowly}")
        assert "permission denied for table" in said(as_role(url, lowly), opens)

    def test_another_driver(self, url: str, opens: object) -> None:
        assert "right would be a path, sqlite:///... or postgresql://" in said(
            url.replace("psycopg", "psycopg2"), opens
        )

    @pytest.mark.parametrize("version", ["9", "999"])
    def test_a_version_that_cannot_be_brought_up(self, url: str, opens: object, version: str) -> None:
        open_database(url).close()
        change(url, "UPDATE store_properties SET value = ? WHERE name = 'schema_version'", version)
        line = said(url, opens)
        assert f"has schema version {version}" in line
        assert "will bring it up" not in line


def test_a_store_that_is_not_there_is_not_made_by_reading(here: Reached, url: str) -> None:
    assert "there is no store" in said(url, read_database)
    found = here.run("SELECT count(*) FROM pg_tables WHERE schemaname = %(schema)s", schema=schema_of(url))
    assert found == [(0,)]


def test_a_role_that_may_make_no_tables_makes_no_store(here: Reached, url: str, lowly: str) -> None:
    here.run(f"GRANT USAGE ON SCHEMA {schema_of(url)} TO {lowly}")
    assert "permission denied for schema" in said(as_role(url, lowly))


def test_a_database_that_cannot_hold_vietnamese_is_refused(here: Reached) -> None:
    here.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    try:
        assert "a database in LATIN1; right would be one in UTF8" in said(here.url().replace("/tests", "/latin"))
    finally:
        here.run("DROP DATABASE latin WITH (FORCE)")


def test_texts_are_in_the_order_of_their_characters_whatever_the_database_says(opened: Database) -> None:
    words = ["z", "A", "đ", "a", "á", "~", "Z", ""]
    store_run(opened, *words)
    ordered = opened.connection.scalars(select(runs.c.arguments).order_by(runs.c.arguments)).all()
    assert ordered == sorted(words)
    after = select(runs.c.arguments).where(runs.c.arguments >= "~").order_by(runs.c.arguments)
    assert opened.connection.scalars(after).all() == ["~", "á", "đ"]


def store_run(database: Database, *arguments: str, **values: object) -> None:
    """Runs with these arguments."""
    database.connection.execute(insert(runs), [{"arguments": one, "started_at": "", **values} for one in arguments])


def test_whole_numbers_have_64_bits(opened: Database) -> None:
    store_run(opened, "{}", bytes=1 << 40)
    assert opened.connection.scalar(select(runs.c.bytes)) == 1 << 40


def test_a_character_that_postgresql_has_not_is_replaced(opened: Database) -> None:
    store_run(opened, "a\0b")
    made = Prepared(opened.connection, insert(runs), ["arguments", "started_at"])
    made.run({"arguments": "\0", "started_at": ""})
    assert opened.connection.scalars(select(runs.c.arguments)).all() == ["a\ufffdb", "\ufffd"]


def test_whoever_only_reads_cannot_write_and_keeps_nobody_from_it(url: str, opened: Database) -> None:
    reader = read_database(url)
    reader.hold_view()
    assert reader.connection.scalar(select(runs.c.id)) is None
    store_run(opened, "{}")
    opened.connection.commit()
    assert reader.connection.scalar(select(runs.c.id)) is None
    reader.connection.rollback()
    with pytest.raises(Exception, match="read-only transaction"):
        store_run(reader, "{}")
    reader.close()


def test_a_store_that_refuses_writes_takes_them_again_when_it_is_told_to(opened: Database) -> None:
    opened.refuse_writes()
    with pytest.raises(Exception, match="read-only transaction"):
        store_run(opened, "{}")
    opened.refuse_writes(False)
    store_run(opened, "{}")
    opened.connection.commit()
    assert opened.connection.scalar(select(runs.c.arguments)) == "{}"


def test_rows_that_are_streamed_stay_on_the_server(opened: Database) -> None:
    store_run(opened, *map(str, range(600)))
    held = text("SELECT count(*) FROM pg_cursors")
    rows = Prepared(opened.connection, select(runs.c.arguments)).stream()
    next(rows)
    assert opened.connection.scalar(held) == 1
    assert len(list(rows)) == 599
    assert opened.connection.scalar(held) == 0


def test_two_streams_are_read_side_by_side_while_something_is_written(opened: Database) -> None:
    store_run(opened, *map(str, range(600)))
    statement = Prepared(opened.connection, select(runs.c.arguments).order_by(runs.c.id))
    found: list[bool] = []
    for one, other in zip(statement.stream(), statement.stream(), strict=True):
        if len(found) % 100 == 0:
            store_run(opened, "more")
        found.append(one == other)
    assert found == [True] * 600


def test_a_store_that_is_closed_leaves_no_connection(here: Reached, url: str) -> None:
    url += "&application_name=leaves-nothing"
    open_database(url).close()
    database = read_database(url)
    database.connection.execute(select(pages.c.url)).all()
    database.close()
    asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'leaves-nothing'"
    # The server takes a moment to see that a connection has ended.
    deadline = time.monotonic() + 10
    while here.run(asked) != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
