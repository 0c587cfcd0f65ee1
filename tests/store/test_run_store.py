"""The runs of a store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stores import open_store, store_at, tables
from vovcrawl.store import Counts, Database, RunStore, StoreError, is_held, open_database, read_database

COUNTS = Counts(requests=12, bytes=3456, new=4, revised=3, unchanged=2, failed=1)


def test_a_run_is_in_the_store_as_soon_as_it_begins(tmp_path: Path) -> None:
    held = open_store(tmp_path / "vov.sqlite")
    number = RunStore(held.connection).begin(None, '{"since": "2d"}')
    other = read_database(store_at(tmp_path / "vov.sqlite"))
    (run,) = RunStore(other.connection).last(20)
    assert (run.id, run.arguments, run.ended_at, run.exit_status) == (number, '{"since": "2d"}', None, None)
    assert run.started_at.endswith("+00:00")
    other.close()
    held.close()


def test_its_end_brings_the_counts(tmp_path: Path) -> None:
    held = open_store(tmp_path / "vov.sqlite")
    runs = RunStore(held.connection)
    number = runs.begin(None, "{}")
    runs.end(number, outcome="finished", exit_status=3, counts=COUNTS)
    held.connection.rollback()
    (run,) = runs.last(1)
    assert (run.outcome, run.exit_status, run.counts) == ("finished", 3, COUNTS)
    assert run.ended_at is not None
    assert run.ended_at >= run.started_at
    held.close()


def test_the_last_runs_come_newest_first(tmp_path: Path) -> None:
    held = open_store(tmp_path / "vov.sqlite")
    runs = RunStore(held.connection)
    numbers = [runs.begin(None, "{}") for _ in range(5)]
    assert [run.id for run in runs.last(3)] == numbers[:1:-1]
    assert len(runs.last(20)) == 5
    held.close()


@pytest.mark.sqlite("files")
def test_looking_whether_a_store_is_held_neither_holds_nor_makes_it(tmp_path: Path) -> None:
    target = store_at(tmp_path / "vov.sqlite")
    assert is_held(target) is False
    assert list(tmp_path.iterdir()) == []
    held = open_database(target)
    assert is_held(target) is True
    assert is_held(target) is True
    held.close()
    assert is_held(target) is False
    open_database(target).close()


def test_nobody_can_tell_of_a_store_that_is_no_file() -> None:
    assert is_held("postgresql://u@h/d") is None


def test_a_store_that_is_read_cannot_be_written(tmp_path: Path) -> None:
    target = store_at(tmp_path / "vov.sqlite")
    open_database(target).close()
    reading = read_database(target)
    with pytest.raises(Exception, match=r"readonly database|read-only transaction"):
        RunStore(reading.connection).begin(None, "{}")
    reading.close()


def test_reading_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        read_database(store_at(tmp_path / "vov.sqlite"))
    assert tables(tmp_path / "vov.sqlite") == set()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite("files")
def test_reading_what_is_no_store_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no database")
    (tmp_path / "empty.sqlite").touch()
    for name, words in (("a.txt", "not a database"), ("empty.sqlite", "no vovcrawl store"), (".", "it is a folder")):
        with pytest.raises(StoreError, match=words):
            read_database(str(tmp_path / name))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "empty.sqlite"]


def test_a_store_of_another_schema_is_not_read(tmp_path: Path) -> None:
    target = store_at(tmp_path / "vov.sqlite")
    held = open_database(target)
    held.connection.exec_driver_sql("UPDATE store_properties SET value = '999' WHERE name = 'schema_version'")
    held.connection.commit()
    held.close()
    with pytest.raises(StoreError, match="schema version 999"):
        read_database(target)


@pytest.mark.parametrize("opens", [open_database, read_database])
def test_a_database_whose_package_is_missing_is_one_line(
    monkeypatch: pytest.MonkeyPatch, opens: Callable[[str], Database]
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"needs the Python package psycopg: pip install 'psycopg\[binary\]'"):
        opens("postgresql://u@127.0.0.1:1/d")
