"""Opening the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from vovcrawl.items import SCHEMA_VERSION
from vovcrawl.store import StoreError, StoreHeld, open_database


def leave(path: Path) -> None:
    open_database(str(path)).close()


def test_a_store_is_made_and_opens_again(tmp_path: Path) -> None:
    leave(tmp_path / "a.sqlite")
    leave(tmp_path / "a.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection:
        assert connection.execute("SELECT value FROM store_properties WHERE name = 'schema_version'").fetchall() == [
            (str(SCHEMA_VERSION),)
        ]


def test_a_database_url_names_the_same_store_as_its_path(tmp_path: Path) -> None:
    leave(tmp_path / "a.sqlite")
    open_database(f"sqlite:///{tmp_path / 'a.sqlite'}").close()


def test_a_store_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first = open_database(str(tmp_path / "a.sqlite"))
    with pytest.raises(StoreHeld, match="another crawl holds"):
        open_database(str(tmp_path / "a.sqlite"))
    first.close()
    leave(tmp_path / "a.sqlite")


def test_a_reader_is_not_kept_out(tmp_path: Path) -> None:
    held = open_database(str(tmp_path / "a.sqlite"))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as reader:
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    held.close()


@pytest.mark.parametrize("name", ["missing/a.sqlite", "", "text.txt/a.sqlite"])
def test_a_place_that_cannot_hold_a_store_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("no folder")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match="cannot open the store") as caught:
        open_database(str(tmp_path / name) if name else str(tmp_path))
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Đây là ghi chép, không phải cơ sở dữ liệu. " * 40)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="not a database"):
        open_database(str(file))
    assert file.read_bytes() == before


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


def test_a_store_of_another_schema_is_refused(tmp_path: Path) -> None:
    leave(tmp_path / "a.sqlite")
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as connection:
        connection.execute("UPDATE store_properties SET value = '99' WHERE name = 'schema_version'")
        connection.commit()
    with pytest.raises(StoreError, match="schema version 99"):
        open_database(str(tmp_path / "a.sqlite"))


@pytest.mark.parametrize("url", ["nonsense://x", "://", "mysql+none://x/y"])
def test_an_unknown_database_url_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(url)
    assert "\n" not in str(caught.value)


def test_foreign_keys_are_enforced(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "a.sqlite"))
    assert database.connection.scalar(text("PRAGMA foreign_keys")) == 1
    database.close()
