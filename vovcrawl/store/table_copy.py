"""The tables of a store on a server as a file of SQLite, for programs that read SQLite alone; cheap to keep fresh.

An article is copied again where its row is another one than the one that was copied, by PostgreSQL's own number of the
transaction that wrote it: so whatever changes an article is seen, and where nothing has changed one column is read.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, MetaData, Table, bindparam, delete, insert, literal_column, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ClauseElement

from vovcrawl.store.article_database import VIEWS
from vovcrawl.store.database import StoreError, explain, read_database
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import STORE_VERSION, articles, crawls, lists, runs

_FORMAT = STORE_VERSION * 100 + 1
"""What the file says of its tables: one with another number is made anew."""

_OF_ARTICLES: tuple[Table, ...] = (articles, *(each.table for each in lists.values()))

_FEW_ROWS: tuple[Table, ...] = (crawls, runs)
"""Tables that are copied whole each time."""

TABLES = tuple(table.name for table in (*_OF_ARTICLES, *_FEW_ROWS))
"""The tables that are copied."""

_BATCH = 200
_PATIENCE = 30.0
"""Seconds that one program waits for another one which brings the same file up to date."""

_LOOKED_AT = 10_000
_STEPS_A_COMMIT = 25

_COPIED = "copied_rows"
"""The table that says which row of each article was copied."""

_ABOUT = "about_this_copy"
"""The table that says whose copy it is, and of which moment."""

_BESIDE = ("", "-wal", "-shm", "-journal")


class CopyFailed(Exception):
    """The copy cannot be made or brought up to date; its text is the one line to show."""


class TableCopy:
    """The file that holds the copy of one store; no other user may read it.

    Args:
        target: the store's URL.
        folder: where the file is, made if there is none.

    Raises:
        CopyFailed: the file cannot be made there.
    """

    def __init__(self, target: str, folder: Path) -> None:
        self._target = target
        self.path = folder / f"{_name_of(target)}.sqlite"
        self.fresh_at: datetime | None = None
        """The moment of the store that the file shows, in UTC; None before `refresh` has ended once."""
        self.progress = 0
        """Articles that were copied since it was begun to bring the file up to date."""
        try:
            _make_private(folder)
            if not self._is_usable():
                self._remove()
                # SQLite makes what is beside a file with the file's own rights.
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
                with self._writing() as file:
                    _make_tables(file)
        except (OSError, sqlite3.Error) as error:
            raise CopyFailed(f"cannot keep a copy of the tables in {folder}: {_said(error)}") from None

    def refresh(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """Brings the file up to date, as the store is at one moment.

        Args:
            wanted: asked again and again; where it says False, nothing is changed.

        Raises:
            CopyFailed: the store cannot be read, or the file cannot be written.
        """
        self.progress = 0
        moment = datetime.now(UTC)
        try:
            database = read_database(self._target)
            try:
                database.hold_view()
                with self._writing() as file:
                    for count in _copied(database.connection, file):
                        self.progress += count
                        if not wanted():
                            raise CopyFailed("stopped before the copy of the tables was whole")
                    file.execute(f"DELETE FROM {_ABOUT}")  # noqa: S608
                    about = (database.name.partition("?")[0], moment.isoformat(timespec="seconds"))
                    file.execute(f"INSERT INTO {_ABOUT} VALUES (?, ?)", about)  # noqa: S608
            finally:
                database.close()
        except StoreError as error:
            raise CopyFailed(str(error)) from None
        except SQLAlchemyError as error:
            raise CopyFailed(f"cannot read the store: {explain(error)}") from None
        except (OSError, sqlite3.Error) as error:
            raise CopyFailed(f"cannot write {self.path}: {_said(error)}") from None
        self.fresh_at = moment

    def _is_usable(self) -> bool:
        """Whether the file is there, is this user's alone, and has the tables of this version."""
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            return False
        try:
            with self._writing() as file:
                (version,) = file.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError:
            return False
        return bool(version == _FORMAT)

    def _remove(self) -> None:
        for suffix in _BESIDE:
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction in the file, that others do not see before its end."""
        file = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
        try:
            # The tables are read meanwhile; what a loss of power leaves is copied again.
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute("BEGIN IMMEDIATE")
            yield file
            file.execute("COMMIT")
        finally:
            file.close()


def cache_folder() -> Path:
    """Where the copies of this user's stores are: below `XDG_CACHE_HOME`, or `~/.cache`."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # What is no absolute path is to be ignored, says the XDG Base Directory Specification.
    base = Path(given) if given.startswith("/") else Path.home() / ".cache"
    return base / "vovcrawl" / "browse"


def _name_of(target: str) -> str:
    """The database's name, for whoever looks into the folder, and what tells it from others."""
    url = make_url(target)
    # A role may have a schema of its own; a password is no part of what a store is known by.
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    place = place.difference_update_query(("password", "passfile", "sslpassword"))
    name = re.sub(r"[^A-Za-z0-9_-]", "_", url.database or "store")[:40]
    mark = hashlib.sha256(place.render_as_string().encode(errors="replace")).hexdigest()[:12]
    return f"{name}-{mark}"


def _make_private(folder: Path) -> None:
    """Sees to it that there is a folder that no other user may look into."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(None, "it is no folder")
    if found.st_uid != os.geteuid():
        raise PermissionError(None, "it belongs to another user")
    if found.st_mode & 0o077:
        folder.chmod(0o700)


def _make_tables(file: sqlite3.Connection) -> None:
    made = MetaData()
    for table in (*_OF_ARTICLES, *_FEW_ROWS):
        table.to_metadata(made)
    for table in made.sorted_tables:
        file.execute(_sql(CreateTable(table)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            file.execute(_sql(CreateIndex(index)))
    file.execute(f"CREATE TABLE {_COPIED} (canonical_url TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID")
    file.execute(f"CREATE TABLE {_ABOUT} (store TEXT NOT NULL, as_it_was_at TEXT NOT NULL)")
    for statement, _ in VIEWS:
        file.execute(statement)
    file.execute(f"PRAGMA user_version = {_FORMAT}")


def _copied(connection: Connection, file: sqlite3.Connection) -> Iterator[int]:
    """Copies what has changed; gives the number of articles of each step, 0 while it looks for them."""
    file.execute("CREATE TEMP TABLE found (canonical_url TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID")
    version: ColumnElement[int] = literal_column("CAST(CAST(articles.xmin AS TEXT) AS BIGINT)")
    rows = Prepared(connection, select(articles.c.canonical_url, version.label("version"))).stream()
    while batch := list(islice(rows, _LOOKED_AT)):
        file.executemany("INSERT INTO found VALUES (?, ?)", batch)
        yield 0
    for table in (*(each.name for each in _OF_ARTICLES), _COPIED):
        file.execute(
            f"DELETE FROM {table} WHERE canonical_url IN (SELECT canonical_url FROM {_COPIED} AS copied "  # noqa: S608
            "LEFT JOIN found USING (canonical_url) WHERE found.version IS NOT copied.version)"
        )
    new = file.execute(f"SELECT * FROM found WHERE canonical_url NOT IN (SELECT canonical_url FROM {_COPIED})")  # noqa: S608
    has_none = file.execute(f"SELECT count(*) FROM {_ABOUT}").fetchone() == (0,)  # noqa: S608
    copying = [
        (
            Prepared(connection, select(table).where(table.c.canonical_url.in_(bindparam("urls", expanding=True)))),
            _sql(insert(table)),
        )
        for table in _OF_ARTICLES
    ]
    for step, chosen in enumerate(iter(lambda: new.fetchmany(_BATCH), []), 1):
        for read, write in copying:
            file.executemany(write, read.rows({"urls": [url for url, _ in chosen]}))
        file.executemany(f"INSERT INTO {_COPIED} VALUES (?, ?)", chosen)  # noqa: S608
        if has_none and step % _STEPS_A_COMMIT == 0:
            # Nobody looks at the first copy before it is whole: what there is of it is kept, and no log grows.
            file.execute("COMMIT")
            file.execute("BEGIN IMMEDIATE")
        yield len(chosen)
    for whole in _FEW_ROWS:
        file.execute(_sql(delete(whole)))
        file.executemany(_sql(insert(whole)), Prepared(connection, select(whole)).stream())


def _sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))


def _said(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).replace("\n", " ")
