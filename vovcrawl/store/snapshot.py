"""Reading a store for a long time without keeping crawls from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from vovcrawl.store.database import Database, read_database

_PAGES = 4_000
"""Pages that are copied between two looks for a signal."""


def undisturbed(database: Database, copy: Path) -> Database:
    """A store that may be read for hours: the same one where a crawl can begin meanwhile, else a copy of it.

    A store in SQLite at rest is locked for who reads it: a crawl that begins would wait in vain. Where a crawl is going
    on already, readers are no obstacle.

    Args:
        database: open to be read, its view held. It is closed where it is copied.
        copy: the file to make; who calls removes it.

    Returns:
        A store whose view is held.

    Raises:
        OSError: the copy cannot be written.
        sqlalchemy.exc.SQLAlchemyError: the store cannot be read.
        StoreError: the copy cannot be opened.
    """
    source = database.connection.connection.driver_connection
    if not isinstance(source, sqlite3.Connection) or _takes_writers(source):
        return database
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as made:
            # It is thrown away in the end.
            made.execute("PRAGMA synchronous = OFF")
            source.backup(made, pages=_PAGES, progress=lambda *counts: None)
    except sqlite3.Error as error:
        raise OSError(None, f"the store cannot be copied: {error}") from None
    database.close()
    copied = read_database(str(copy))
    copied.name = database.name
    copied.hold_view()
    return copied


def _takes_writers(connection: sqlite3.Connection) -> bool:
    with closing(connection.execute("PRAGMA journal_mode")) as rows:
        return bool(rows.fetchone() == ("wal",))
