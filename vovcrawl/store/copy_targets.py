"""Where the copy of a store is written: it appears there whole, or not at all."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Protocol

from sqlalchemy import Connection, Table, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.masking import masked
from vovcrawl.store.database import (
    StoreError,
    StoreHeld,
    begin_on_server,
    close,
    explain,
    holds_store,
    is_held,
    read_database,
)
from vovcrawl.store.place import MODE, check_beside
from vovcrawl.store.table_rows import Row
from vovcrawl.store.tables import metadata
from vovcrawl.store.token_index import token_index
from vovcrawl.store.turns import Held, StoreLock, Turn, take
from vovcrawl.work_folders import NO_REPLACE, locked, rename, sync

_SETTINGS = (
    # Nobody reads the file before it is whole, and it is on the disk before it gets its name.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    # Rows of some tables go to where their key stands in the alphabet: 64 MB hold the way there.
    "PRAGMA cache_size = -65536",
)

_UNTIL_FREE_S = 90
"""Seconds that the tables of a store are waited for that is replaced, as long as a crawl waits for a locked store."""

_LINE = re.compile(r"\bline (\d+)")
"""How PostgreSQL says which row of those that it was given is wrong, counted from 1."""


class TargetTaken(StoreError):
    """Something is where the copy is to be."""


class UnfitRow(Exception):
    """The database does not take a row.

    Args:
        place: of the row among those that were written together, from 0; None where that is not known.
        why: what the database says.
    """

    def __init__(self, place: int | None, why: str) -> None:
        super().__init__(why)
        self.place = place


class CopyTarget(Protocol):
    """Where a copy is written; within `with`, by an open connection."""

    connection: Connection
    name: str
    """What to call it in messages."""

    def __enter__(self) -> CopyTarget: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def beside(self, name: str) -> Path:
        """A path for what is needed only while the copy is made."""

    def write(self, table: Table, rows: Sequence[Row]) -> None:
        """Adds rows to a table.

        Raises:
            UnfitRow: the database does not take one of them.
        """

    def install(self) -> None:
        """Has what was written appear."""


class _File:
    """A new file of SQLite.

    Args:
        path: of the store, by the name by which it is opened.
        force: whether a store that is there is replaced.
    """

    connection: Connection

    def __init__(self, path: Path, *, force: bool) -> None:
        self._path = path
        self._force = force
        self._lock: StoreLock | None = None
        self._work = path
        self._work_lock = -1
        self.name = masked(str(path))

    def __enter__(self) -> _File:
        try:
            self._check()
            self._remove_remains()
            self._make_work()
        except OSError as error:
            self._let_go()
            raise StoreError(f"cannot write the store {self.name}: {error.strerror}") from None
        except BaseException:
            self._let_go()
            raise
        self.connection = create_engine("sqlite://", creator=self._open).connect()
        self.connection.exec_driver_sql("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        close(self.connection)
        self._let_go()

    def _check(self) -> None:
        if not self._path.parent.is_dir():
            raise StoreError(f"cannot write the store {self.name}: there is no folder {masked(str(self._path.parent))}")
        check_beside(self._path)
        if not self._path.exists():
            for left in (Path(f"{self._path}{suffix}") for suffix in ("-wal", "-journal")):
                if left.exists():
                    raise StoreError(
                        f"cannot write the store {self.name}: {masked(left.name)}, left of a store that is gone, is "
                        "beside it, and SQLite would take it for that of the copy; right would be to remove it"
                    )
            return
        if self._path.stat().st_size:
            # A database that is no store, or a store of another version, is nothing to be replaced.
            read_database(str(self._path)).close()
            if not self._force:
                raise _taken(self.name)
        try:
            self._lock = take(self._path, Turn())
        except Held:
            raise StoreHeld(f"another crawl holds the store {self.name}") from None
        if self._path.stat().st_nlink > 1:
            raise StoreError(f"cannot replace the store {self.name}: its file has other names (hard links)")
        self._put_to_rest()

    def _put_to_rest(self) -> None:
        """Leaves no log of the store that is there, which SQLite could take for that of the new one."""
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as there:
                (mode,) = there.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"cannot replace the store {self.name}: {explain(error)}") from None
        if mode != "delete":
            raise StoreError(f"cannot replace the store {self.name}: another program has it open")

    def _make_work(self) -> None:
        work = self._path.with_name(f".{self._path.name}.{token_hex(4)}.copy")
        work.mkdir(0o700)
        self._work = work
        lock = locked(work)
        if lock is None:
            raise FileNotFoundError(None, f"{work.name} was removed by another program", str(work))
        self._work_lock = lock

    def _remove_remains(self) -> None:
        """Removes what copies to the same path left that were killed."""
        named = re.compile(rf"\.{re.escape(self._path.name)}\.[0-9a-f]{{8}}\.copy")
        for left in [path for path in self._path.parent.iterdir() if named.fullmatch(path.name)]:
            # Nothing of it matters to this copy.
            with suppress(OSError):
                lock = locked(left)
                if lock is not None:
                    shutil.rmtree(left, ignore_errors=True)
                    os.close(lock)

    def _open(self) -> sqlite3.Connection:
        place = self.beside("store")
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, MODE))
        connection = sqlite3.connect(place, isolation_level=None)
        for statement in _SETTINGS:
            connection.execute(statement)
        return connection

    def beside(self, name: str) -> Path:
        """See `CopyTarget`."""
        return self._work / name

    def write(self, table: Table, rows: Sequence[Row]) -> None:
        """See `CopyTarget`."""
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join("?" * len(table.columns))
        driver: Any = self.connection.connection.driver_connection
        try:
            driver.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({values})', rows)  # noqa: S608
        except (sqlite3.IntegrityError, OverflowError) as error:
            raise UnfitRow(None, explain(error)) from None

    def install(self) -> None:
        """See `CopyTarget`."""
        self.connection.exec_driver_sql("COMMIT")
        self.connection.close()
        place = self.beside("store")
        try:
            sync(place)
            if self._lock is not None:
                self._put_to_rest()
                place.replace(self._path)
            elif not rename(place, self._path, NO_REPLACE):
                # Where the system knows no other way.
                os.link(place, self._path)
            sync(self._path.parent)
        except FileExistsError:
            raise TargetTaken(f"the store {self.name} was made by another program in the meantime") from None
        except OSError as error:
            raise StoreError(f"cannot write the store {self.name}: {error.strerror}") from None

    def _let_go(self) -> None:
        if self._work != self._path:
            shutil.rmtree(self._work, ignore_errors=True)
        if self._work_lock != -1:
            os.close(self._work_lock)
            self._work_lock = -1
        if self._lock is not None:
            self._lock.release()
            self._lock = None


class _Schema:
    """The schema of a database in PostgreSQL; all is one transaction there.

    Args:
        target: the url of the store.
        force: whether a store that is there is replaced.
    """

    connection: Connection

    def __init__(self, target: str, *, force: bool) -> None:
        self._target = target
        self._force = force
        self._work: Path | None = None
        self.name = target

    def __enter__(self) -> _Schema:
        self.connection, self.name = begin_on_server(self._target)
        try:
            if holds_store(self.connection, self.name):
                self._remove()
        except BaseException as error:
            self._let_go()
            if isinstance(error, SQLAlchemyError):
                raise StoreError(f"cannot replace the store {self.name}: {explain(error)}") from None
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._let_go()

    def _remove(self) -> None:
        """Removes the tables of the store that is there, and no other."""
        if not self._force:
            raise _taken(self.name)
        if is_held(self._target):
            raise StoreHeld(f"another crawl holds the store {self.name}")
        self.connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_UNTIL_FREE_S}s'")
        self.connection.exec_driver_sql("DROP VIEW IF EXISTS article_links")
        token_index(self.connection).drop()
        metadata.drop_all(self.connection)
        self.connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")

    def beside(self, name: str) -> Path:
        """See `CopyTarget`."""
        if self._work is None:
            self._work = Path(mkdtemp(prefix="vovcrawl-copy-"))
        return self._work / name

    def write(self, table: Table, rows: Sequence[Row]) -> None:
        """See `CopyTarget`."""
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        driver: Any = self.connection.connection.driver_connection
        errors: Any = self.connection.dialect.loaded_dbapi
        try:
            with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        except (errors.DataError, errors.IntegrityError) as error:
            found = _LINE.search(error.diag.context or "")
            detail = f": {error.diag.message_detail}" if error.diag.message_detail else ""
            raise UnfitRow(int(found.group(1)) - 1 if found else None, explain(error) + detail) from None

    def install(self) -> None:
        """See `CopyTarget`."""
        for table in metadata.sorted_tables:
            key = table.autoincrement_column
            if key is not None:
                # The next row gets a number that none has.
                sequence = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
                # Of rows that nobody has made by hand the first one is 1.
                last = f"(SELECT max({key.name}) FROM {table.name} WHERE {key.name} > 0)"  # noqa: S608 - names of tables above
                self.connection.execute(text(f"SELECT setval({sequence}, {last})"))
        # Else the first queries know nothing of what is in the tables.
        names = [*(table.name for table in metadata.sorted_tables), "search_index"]
        self.connection.exec_driver_sql("ANALYZE " + ", ".join(f'"{name}"' for name in names))
        self.connection.commit()

    def _let_go(self) -> None:
        close(self.connection)
        if self._work is not None:
            shutil.rmtree(self._work, ignore_errors=True)


def _taken(name: str) -> TargetTaken:
    return TargetTaken(f"{name} is a store already; right would be another one, or --force to replace it")


def copy_target(target: str, path: Path | None, *, force: bool) -> CopyTarget:
    """Where a copy is to be written.

    Args:
        target: the store, an absolute path or a database url.
        path: its file, as `vovcrawl.store.database.file_of` says; None of a store on a server.
        force: whether a store that is there is replaced.
    """
    return _Schema(target, force=force) if path is None else _File(path, force=force)
