"""Where tests keep their stores: in files of SQLite, or in a PostgreSQL where `VOVCRAWL_TEST_STORE=postgresql`.

A test calls its store by a path in both cases. In PostgreSQL that is a schema, made when it is first called.
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

from tests import postgresql
from vovcrawl.store import open_database
from vovcrawl.store.tables import metadata

ON_POSTGRESQL = os.environ.get("VOVCRAWL_TEST_STORE", "sqlite") == "postgresql"

_made: dict[str, str] = {}
"""The urls of the schemas that there are, by the paths that tests call them by."""


def store_at(path: Path | str) -> str:
    """What vovcrawl is given for the store that a test calls so: the path itself, or the url of a schema.

    The url of a store stays as it is.
    """
    if not ON_POSTGRESQL or "://" in str(path):
        return str(path)
    name = os.path.abspath(path)  # noqa: PTH100 - a store that is a link to another is no other name of it
    if name not in _made:
        _made[name] = postgresql.server().new_store()
    return _made[name]


@contextmanager
def dropping_stores() -> Iterator[None]:
    """Removes in the end what has been made in PostgreSQL meanwhile; files are in folders that are removed."""
    before = set(_made)
    yield
    for name in _made.keys() - before:
        postgresql.server().drop_store(_made.pop(name))


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
        "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation "
        "WHERE relnamespace = to_regnamespace(current_schema()) AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 30
    while rows(store, held) != [(0,)]:
        assert time.monotonic() < deadline, "a transaction does not end"
        time.sleep(0.01)


def copy_store(store: Path | str, path: Path) -> str:
    """Makes a store that holds what another one does, at a path where there is none; what vovcrawl is given for it."""
    made = store_at(path)
    if not ON_POSTGRESQL:
        shutil.copy(store, made)
        return made
    open_database(made).close()
    names = [f'"{name}"' for name in sorted(tables(made))]
    before, after = (postgresql.schema_of(each) for each in (store_at(store), made))
    # In this role tables may come in any order, and nothing is derived from them anew.
    statements = ["SET session_replication_role = replica", f"TRUNCATE {', '.join(names)}"]
    statements += [f"INSERT INTO {after}.{name} SELECT * FROM {before}.{name}" for name in names]  # noqa: S608
    for table in metadata.tables.values():
        key = table.autoincrement_column
        if key is not None:
            last = f"SELECT max({key.name}) FROM {table.name}"  # noqa: S608
            statements.append(f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), ({last}))")
    change(made, "; ".join(statements))
    return made


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
