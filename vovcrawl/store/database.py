"""Opening the store: SQLite by default, any database that SQLAlchemy reaches by URL."""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from vovcrawl import __version__
from vovcrawl.store.tables import STORE_VERSION, metadata, properties, runs
from vovcrawl.store.turns import Held, Turn, begin_of_waiting, make_room, take
from vovcrawl.store.upgrades import upgrade

_SCHEMA = "schema_version"

BUSY_TIMEOUT = 5.0
"""Seconds that a statement waits for another program's transaction; a crawl that is told to end has 10 in all."""


class StoreError(Exception):
    """The store cannot be opened or used; its text is the one line to show."""


class StoreHeld(StoreError):
    """Another crawl holds the store."""


class Database:
    """An open store that this process holds alone.

    One connection serves the whole crawl, since everything that writes runs in one thread; a transaction ends
    where a page is finished.
    """

    def __init__(self, engine: Engine, connection: Connection, lock: filelock.BaseFileLock | None, name: str) -> None:
        self._engine = engine
        self._lock = lock
        self.connection = connection
        self.name = name
        """What to call the store in messages: its path, or its URL without the password."""

    def wait_for_others(self, seconds: float) -> None:
        """Has statements wait so long for another program's transaction."""
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql(f"PRAGMA busy_timeout = {1000 * seconds:.0f}")

    def is_asked_for_room(self, begins: datetime | None) -> bool:
        """Whether a crawl waits for which one makes room whose window begins at `begins`."""
        path = self._path
        waiting = begin_of_waiting(path) if path is not None else None
        return waiting is not None and Turn(waiting).is_before(begins)

    def make_room(self) -> None:
        """Tells whoever waits that the store will be free soon."""
        if self._path is not None:
            make_room(self._path)

    @property
    def _path(self) -> Path | None:
        return Path(self._lock.lock_file.removesuffix(".lock")) if self._lock is not None else None

    def refuse_writes(self, refuse: bool = True) -> None:
        """Takes back what is not committed, and refuses whatever would be written after it, until it is told not to.

        After a statement that failed nothing may be committed: it would keep half of what belongs together.
        """
        self.connection.rollback()
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql(f"PRAGMA query_only = {int(refuse)}")
        else:
            access = "READ ONLY" if refuse else "READ WRITE"
            self.connection.exec_driver_sql(f"SET SESSION CHARACTERISTICS AS TRANSACTION {access}")
            self.connection.commit()

    def hold_view(self) -> None:
        """Has everything that is read from now on be of this moment, until the transaction ends."""
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql("BEGIN")
        else:
            self.connection.execution_options(isolation_level="REPEATABLE READ")

    def close(self) -> None:
        """Commits nothing: what is unfinished is rolled back. Safe to call twice."""
        self.connection.close()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()


def open_database(target: str, turn: Turn | None = None) -> Database:
    """The store at `target`, an absolute path or a database URL; made if there is none.

    `turn` says of the crawl whether another one makes room for it; None: no one does.

    Raises:
        StoreHeld: another crawl holds it.
        StoreError: it cannot be opened, is damaged, or is of another schema version.
    """
    url, path, name = _locate(target)
    if path is not None:
        _check_path(path)
        _look_at(path)
    lock = _hold(path, turn or Turn()) if path is not None else None
    new = path is not None and not path.exists()
    try:
        return _connect(url, lock, name)
    except (SQLAlchemyError, sqlite3.Error, StoreError, ImportError, ValueError) as error:
        if lock is not None:
            lock.release()
        if path is not None and new:
            _remove(path)
        if path is not None and lock is not None and not path.exists():
            Path(lock.lock_file).unlink(missing_ok=True)
        if isinstance(error, StoreError):
            raise
        if isinstance(error, ImportError):
            raise StoreError(f"the store {name} needs the Python package {error.name}: pip install it") from None
        raise StoreError(f"cannot open the store {name}: {explain(error)}") from None


def read_database(target: str) -> Database:
    """The store at `target`, to be read only and without holding it: a crawl may be writing to it, or begin to.

    Raises:
        StoreError: there is none, or it cannot be read, is damaged, or is of another schema version.
    """
    url, path, name = _locate(target)
    if path is not None:
        if not path.exists():
            raise StoreError(f"there is no store {path}")
        _check_path(path)
        _look_at(path)
    try:
        engine = create_engine(url) if path is None else _reading_engine(path)
        connection = engine.connect()
        _check_version(connection, name)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"cannot read the store {name}: {explain(error)}") from None
    except ImportError as error:
        raise StoreError(f"the store {name} needs the Python package {error.name}: pip install it") from None
    return Database(engine, connection, None, name)


def _reading_engine(path: Path) -> Engine:
    url = f"{path.absolute().as_uri()}?mode=ro"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(url, uri=True))


def is_held(target: str) -> bool | None:
    """Whether a crawl holds the store at `target` right now; None where that cannot be told."""
    _, path, _ = _locate(target)
    if path is None:
        return None
    try:
        with Path(f"{path}.lock").open("rb") as lock:
            # Given back at once, by closing the file.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


def _locate(target: str) -> tuple[URL, Path | None, str]:
    """The store's URL, its file if it has one, and what to call it in messages."""
    if "://" not in target:
        return make_url("sqlite://").set(database=target), Path(target), target
    try:
        url = make_url(target)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError):
        known = "a path, sqlite:///... or postgresql://..."
        raise StoreError(f"SQLAlchemy does not know the store's URL; right would be {known}") from None
    if url.get_backend_name() == "sqlite" and (not url.database or ":memory:" in url.database):
        raise StoreError("a store in memory would be lost; right would be a path")
    path = Path(url.database).absolute() if url.get_backend_name() == "sqlite" and url.database else None
    return url, path, url.render_as_string(hide_password=True)


def explain(error: Exception) -> str:
    """What a database's error says, on one line, without the statement."""
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split()) or type(original).__name__


def _check_path(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise StoreError(f"cannot open the store {path}: it is a {'folder' if path.is_dir() else 'device'}")
    if not path.parent.is_dir():
        raise StoreError(f"cannot open the store {path}: there is no folder {path.parent}")


def _look_at(path: Path) -> None:
    """Refuses a file that is no store before anything about it is changed, its journal or a lock beside it included."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"cannot open the store {path}: {explain(error)}") from None
    # One without any table is a store that was being made when the crawl was killed.
    if found and (properties.name,) not in found:
        raise StoreError(f"{path} is a database, but no vovcrawl store")


def _hold(path: Path, turn: Turn) -> filelock.BaseFileLock:
    try:
        return take(path, turn)
    except Held:
        raise StoreHeld(f"another crawl holds the store {path}") from None
    except OSError as error:
        raise StoreError(f"cannot open the store {path}: {error.strerror}") from None


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _connect(url: Any, lock: filelock.BaseFileLock | None, name: str) -> Database:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    connection = engine.connect()
    try:
        _check_integrity(connection, name)
        _check_schema(connection, name)
    except BaseException:
        connection.close()
        engine.dispose()
        raise
    return Database(engine, connection, lock, name)


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    cursor = connection.cursor()
    # Readers stay welcome while a crawl writes, and a transaction is on the disk when it ends.
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # An article touches some thirty pages of the file: by default the log would be copied back every thirtieth time.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000:.0f}")
    cursor.close()


def wait_for_the_disk(connection: Connection, wait: bool) -> None:
    """Whether a transaction is on the disk when it ends, or survives a kill but no power cut; none may be open."""
    if connection.dialect.name == "sqlite":
        # On the driver's cursor: it runs twice a page.
        connection.connection.cursor().execute(f"PRAGMA synchronous = {'FULL' if wait else 'NORMAL'}").close()


def _check_integrity(connection: Connection, name: str) -> None:
    """Refuses a damaged SQLite file before anything is built on it; more closely where the last run had no end.

    Every page is read, 0.4 s for a store of 550 MB on a fast disk, and 1.7 s with all entries of the indexes.
    """
    if connection.dialect.name != "sqlite":
        return
    died = False
    if runs.name in inspect(connection).get_table_names():
        last = connection.execute(select(runs.c.ended_at).order_by(runs.c.id.desc()).limit(1)).first()
        died = last is not None and last.ended_at is None
    (found,) = connection.exec_driver_sql(f"PRAGMA {'integrity_check' if died else 'quick_check'}(1)").one()
    connection.rollback()
    # Else what is damaged from now on would be read from memory, as if it were whole.
    connection.exec_driver_sql("PRAGMA shrink_memory")
    if found != "ok":
        detail = " ".join(str(found).removeprefix("*** in database main ***").split())
        raise StoreError(
            f"the store {name} is damaged ({detail}); put a copy of it in its place, or save what can be read with "
            "sqlite3's .recover"
        )


def _check_schema(connection: Connection, name: str) -> None:
    """Sees to it that the store has the tables of this version: made in an empty one, brought up to it in an older."""
    if inspect(connection).get_table_names():
        version = _version(connection, name)
        connection.rollback()
        if version != STORE_VERSION:
            _begin(connection)
            if not upgrade(connection, version, STORE_VERSION):
                raise _other_version(version, name)
            connection.execute(update(properties).where(properties.c.name == _SCHEMA).values(value=str(STORE_VERSION)))
            connection.commit()
        return
    connection.rollback()
    _begin(connection)
    metadata.create_all(connection)
    connection.execute(
        insert(properties),
        [{"name": _SCHEMA, "value": str(STORE_VERSION)}, {"name": "made_by", "value": f"vovcrawl {__version__}"}],
    )
    connection.commit()


def _begin(connection: Connection) -> None:
    """Begins a transaction where Python's module for SQLite would not: before tables are made or changed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_version(connection: Connection, name: str) -> None:
    """Refuses a store that is to be read only and has not the tables of this version."""
    version = _version(connection, name)
    connection.rollback()
    if version != STORE_VERSION:
        raise _other_version(version, name)


def _version(connection: Connection, name: str) -> int:
    if properties.name not in inspect(connection).get_table_names():
        raise StoreError(f"{name} is a database, but no vovcrawl store")
    version = connection.scalar(select(properties.c.value).where(properties.c.name == _SCHEMA))
    return int(version) if version and version.isdecimal() else 0


def _other_version(version: int, name: str) -> StoreError:
    hint = "; the next crawl into it will bring it up to that" if version < STORE_VERSION else ""
    return StoreError(f"the store {name} has schema version {version}, this vovcrawl works with {STORE_VERSION}{hint}")
