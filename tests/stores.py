"""Where tests keep their stores: in files of SQLite, or in a PostgreSQL where `VOVCRAWL_TEST_STORE=postgresql`.

A test calls its store by a path in both cases. In PostgreSQL that is a database, made when it is first called.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from tests import postgresql
from vovcrawl.store import Database, open_database

ON_POSTGRESQL = os.environ.get("VOVCRAWL_TEST_STORE", "sqlite") == "postgresql"

_made: dict[str, str] = {}
"""The urls of the databases that there are, by the paths that tests call them by."""


def store_at(path: Path | str) -> str:
    """What vovcrawl is given for the store that a test calls so: the path itself, or the url of a database.

    The url of a store stays as it is.
    """
    return _store_at(path, None)


def made_store_at(path: Path | str) -> str:
    """As `store_at`; a new database has the tables of a store, as a copy takes less time than to make them."""
    return _store_at(path, postgresql.MADE)


def open_store(path: Path | str) -> Database:
    """Opens the store that a test calls so, a new one if there is none."""
    return open_database(made_store_at(path))


def _store_at(path: Path | str, template: str | None) -> str:
    if not ON_POSTGRESQL or "://" in str(path):
        return str(path)
    name = os.path.abspath(path)  # noqa: PTH100 - a store that is a link to another is no other name of it
    if name not in _made:
        _made[name] = postgresql.server().new_database(template)
    return _made[name]


@contextmanager
def dropping_stores() -> Iterator[None]:
    """Removes in the end what has been made in PostgreSQL meanwhile; files are in folders that are removed."""
    before = set(_made)
    yield
    for name in _made.keys() - before:
        postgresql.server().drop_database(_made.pop(name))


def rows(store: Path | str, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What a store answers to a statement, whose values stand as `?` in it."""
    return _run(store_at(store), statement, values)


def change(store: Path | str, statement: str, *values: object) -> None:
    """Changes a store by a statement, as a program of somebody else's does."""
    _run(store_at(store), statement, values)


def tables(store: Path | str) -> set[str]:
    """The names of a store's tables; none where there is no store."""
    store = store_at(store)
    if "://" in store:
        found = rows(store, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    else:
        found = rows(store, "SELECT name FROM sqlite_master WHERE type = 'table'") if Path(store).exists() else []
    return {name for (name,) in found}


def damage(store: Path | str) -> list[tuple[Any, ...]]:
    """What SQLite finds wrong with a store; PostgreSQL keeps its own files."""
    if "://" in store_at(store):
        return []
    checks = [rows(store, f"PRAGMA {check}") for check in ("integrity_check", "foreign_key_check")]
    return [row for found in checks for row in found if row != ("ok",)]


def wait_until_let_go(store: Path | str) -> None:
    """Waits until PostgreSQL has ended the transactions of a program that was killed; SQLite has none without it."""
    store = store_at(store)
    if "://" not in store:
        return
    held = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 30
    while rows(store, held) != [(0,)]:
        assert time.monotonic() < deadline, "a transaction does not end"
        time.sleep(0.01)


def copy_store(store: Path | str, path: Path) -> str:
    """Makes a store that holds what another one does, at a path where there is none; what vovcrawl is given for it.

    Nothing may be connected to the other one.
    """
    if not ON_POSTGRESQL:
        shutil.copy(store, path)
        return str(path)
    return _store_at(path, make_url(store_at(store)).database)


def _run(store: str, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    if "://" not in store:
        with closing(sqlite3.connect(store)) as file, file:
            return file.execute(statement, values).fetchall()
    import psycopg

    with psycopg.connect(store.replace("+psycopg", "")) as connection:
        cursor = connection.execute(_named(statement) if values else statement, values or None)
        return cursor.fetchall() if cursor.description is not None else []


def _named(statement: str) -> str:
    """A statement as psycopg takes it with values."""
    return statement.replace("%", "%%").replace("?", "%s")
