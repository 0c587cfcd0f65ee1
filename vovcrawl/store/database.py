"""Opening the store: a file of SQLite by default, or a schema of a PostgreSQL database."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import randbits, token_hex
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from vovcrawl import __version__
from vovcrawl.masking import masked
from vovcrawl.store.place import OPENED, OPENED_AS, NoFile, Place, check_beside, open_file, real_path
from vovcrawl.store.tables import STORE_VERSION, create_views, metadata, properties, runs
from vovcrawl.store.token_index import create_search_index
from vovcrawl.store.turns import Held, StoreLock, Turn, begin_of_waiting, make_room, take
from vovcrawl.store.upgrades import upgrade
from vovcrawl.store.waiting import PATIENCE, STEP, WaitingConnection
from vovcrawl.store.workers import Workers, any_at_work, create_shared_tables, lock_writes

_SCHEMA = "schema_version"

_FIRST_IN_POSTGRESQL = 11
"""The first schema version that stores in PostgreSQL have had."""

_OLDEST_SERVER = (15,)

_KNOWN = "right would be a path, sqlite:///... or postgresql://..."

_PATIENCE_OF_READERS = 10.0
"""Seconds that who only reads waits for the store, where a transaction shuts readers out."""

_IN_WAL_MODE = slice(18, 20)
"""Bytes of a file of SQLite that say whether it is in WAL mode."""

_PATIENCE_AT_THE_END = 1.0
"""Seconds that a store which is closed waits for its readers, to become one file; else it stays in WAL mode."""

_AS_CLIENT = {
    "connect_timeout": 10,
    # Who looks at the server's connections knows them by this, unless the url or the environment says otherwise.
    "fallback_application_name": "vovcrawl",
    # A network that is cut is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
"""What a connection to PostgreSQL is asked for, but for what the store's url says."""

_PATIENCE_OF_WORKERS = 30
"""Seconds that a statement waits for somebody else's lock on a server: fewer than make a worker count as dead."""

_STEP = 0.5
"""Seconds between two tries to reach a server."""

_PLACE = "vovcrawl_place"
"""Key of what a connection knows of the files of its store."""


class StoreError(Exception):
    """The store cannot be opened or used; its text is the one line to show, without secrets."""

    def __init__(self, line: str) -> None:
        super().__init__(masked(line))


class NoStore(StoreError):
    """There is none where it is looked for, but one could be made there."""


class StoreHeld(StoreError):
    """Another crawl holds the store."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a store is opened for by a crawl."""

    arguments: str
    """As typed: on a server, crawls with the same ones share their work."""
    shares: bool = True
    """Whether it does so."""


class Database:
    """An open store that this process holds alone, or on a server with others at the same work.

    One connection serves the whole crawl, since everything that writes runs in one thread; a transaction ends
    where a page is finished.
    """

    def __init__(
        self,
        engine: Engine,
        connection: Connection,
        lock: StoreLock | None,
        name: str,
        workers: Workers | None = None,
    ) -> None:
        self._engine = engine
        self._lock = lock
        self.connection = connection
        self.workers = workers
        """Those at work on a store on a server; None in SQLite, and where it is only read."""
        self.name = name
        """What to call the store in messages: its path, or its URL without secrets."""
        self._file = _waiting(connection)
        self._place: Place | None = connection.info.get(_PLACE)

    @property
    def is_on_server(self) -> bool:
        """Whether several crawls may be at work on it."""
        return self.connection.dialect.name == "postgresql"

    def wait_for_others(self, seconds: float) -> None:
        """Has each statement wait so long for another program's transaction, also after one has waited in vain."""
        if self._file is not None:
            self._file.patience = seconds

    def check_place(self) -> None:
        """Sees to it that the store is still where it was opened.

        Raises:
            StoreReplaced: it was deleted, moved or replaced.
        """
        if self._place is not None:
            self._place.check()

    def is_asked_for_room(self, begins: datetime | None) -> bool:
        """Whether a crawl waits for which one makes room whose window begins at `begins`."""
        path = self._path
        if self.workers is not None:
            waiting = self.workers.begin_of_waiting()
        else:
            waiting = begin_of_waiting(path) if path is not None else None
        return waiting is not None and Turn(waiting).is_before(begins)

    def make_room(self) -> None:
        """Tells whoever waits that the store will be free soon."""
        if self.workers is not None:
            self.workers.make_room()
        elif self._path is not None:
            make_room(self._path)

    @property
    def _path(self) -> Path | None:
        return self._lock.path if self._lock is not None else None

    def refuse_writes(self, refuse: bool = True) -> None:
        """Takes back what is not committed, and refuses whatever would be written after it, until it is told not to.

        After a statement that failed nothing may be committed: it would keep half of what belongs together.
        """
        self.connection.rollback()
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql(f"PRAGMA query_only = {int(refuse)}")
        else:
            self.connection.execution_options(postgresql_readonly=refuse)

    def hold_view(self) -> None:
        """Has everything that is read from now on be of one moment, until the transaction ends; none may be open."""
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql("BEGIN")
        else:
            # The transaction's first statement: so it is a matter of that one alone.
            self.connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    def close(self) -> None:
        """Commits nothing: what is unfinished is rolled back. Safe to call twice.

        A store in SQLite is one file then, that anyone may read who may read the file.
        """
        if self._file is not None and not self.connection.closed:
            with suppress(SQLAlchemyError):
                self.connection.rollback()
            _put_to_rest(self._file, self._place)
        if self.workers is not None:
            with suppress(SQLAlchemyError):
                self.connection.rollback()
            self.workers.leave()
        self.connection.close()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()


def open_database(target: str, turn: Turn | None = None, work: Work | None = None) -> Database:
    """The store at `target`, an absolute path or a database URL; made if there is none.

    Args:
        target: where it is.
        turn: says of a crawl whether another one makes room for it; None: no one does.
        work: what a crawl opens it for: on a server a transaction is left open, until whose end nobody else can join.
            None: for something else, which nobody shares.

    Raises:
        StoreHeld: another crawl holds it.
        StoreError: it cannot be opened, is damaged, or is of another schema version.
    """
    located = _locate(target)
    path, name = located.path, located.name
    if path is not None:
        _check_path(path, name)
        _look_at(path, PATIENCE)
    lock = _hold(path, name, turn or Turn()) if path is not None else None
    try:
        return _connect(located, lock, turn or Turn(), work)
    except Held:
        raise StoreHeld(f"another crawl holds the store {name}") from None
    except (SQLAlchemyError, sqlite3.Error, StoreError, ImportError, ValueError) as error:
        if lock is not None:
            lock.release()
            if lock.has_made_store:
                _remove(lock.path)
            if not lock.path.exists():
                lock.remove()
        if isinstance(error, StoreError):
            raise
        if isinstance(error, ImportError):
            raise _needs_driver(name) from None
        raise StoreError(f"cannot open the store {name}: {explain(error)}") from None


def read_database(target: str) -> Database:
    """The store at `target`, to be read only and without holding it: a crawl may be writing to it, or begin to.

    Raises:
        StoreError: there is none, or it cannot be read, is damaged, or is of another schema version.
    """
    located = _locate(target)
    path, name = located.path, located.name
    if path is not None:
        if not path.exists():
            raise NoStore(f"there is no store {name}")
        _check_path(path, name)
        _look_at(path, _PATIENCE_OF_READERS)
    try:
        engine = _reading_engine(located)
    except ImportError:
        raise _needs_driver(name) from None
    try:
        connection = engine.connect()
        _check_version(connection, name)
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(f"cannot read the store {name}: {explain(error)}") from None
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, connection, None, name)


def _reading_engine(located: _Located) -> Engine:
    path = located.path
    if path is None:
        return _server_engine(located.url).execution_options(postgresql_readonly=True)
    return create_engine("sqlite://", creator=lambda: _connect_to_read(path, _PATIENCE_OF_READERS))


def _server_engine(url: URL) -> Engine:
    """What connects to a store on a server, which notices when that is gone."""
    asked = {name: value for name, value in _AS_CLIENT.items() if name not in url.query}
    engine = create_engine(url, connect_args=asked)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _needs_driver(name: str) -> StoreError:
    return StoreError(f"the store {name} needs the Python package psycopg: pip install 'psycopg[binary]'")


def _connect_to_read(path: Path, patience: float, *, check_same_thread: bool = True) -> sqlite3.Connection:
    """A connection to a file that is there, by which nothing is written."""
    url = f"{path.absolute().as_uri()}?mode=ro"
    if _is_at_rest_in_wal_mode(path):
        # Who may not write into the folder could not read it otherwise. No program has it open that writes to it.
        url += "&immutable=1"
    connection = sqlite3.connect(
        url, uri=True, timeout=STEP, factory=WaitingConnection, check_same_thread=check_same_thread
    )
    connection.patience = patience
    connection.called = f"The store {path}"
    return connection


def _is_at_rest_in_wal_mode(path: Path) -> bool:
    """Whether a store was left in WAL mode with nothing beside it, in a folder where nothing can be made."""
    if os.access(path.parent, os.W_OK) or Path(f"{path}-wal").exists() or Path(f"{path}-shm").exists():
        return False
    try:
        with path.open("rb") as file:
            return file.read(_IN_WAL_MODE.stop)[_IN_WAL_MODE] == b"\x02\x02"
    except OSError:
        return False


def wait_for_store(target: str, seconds: float, is_called_off: Callable[[], bool]) -> bool:
    """Waits until a store on a server can be read; whether it can within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not is_called_off():
        try:
            read_database(target).close()
        except StoreError:
            time.sleep(_STEP)
        else:
            return True
    return False


def file_of(target: str) -> Path | None:
    """The file of the store at `target`, as `read_database` opens it; None of a store on a server.

    Raises:
        StoreError: `target` names no store.
    """
    return _locate(target).path


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection to the file of a store for programs that read SQLite by themselves, in whatever thread; nothing is
    written by it.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    return _connect_to_read(path, _PATIENCE_OF_READERS, check_same_thread=False)


def is_held(target: str) -> bool | None:
    """Whether a crawl holds the store at `target` right now; None where that cannot be told."""
    located = _locate(target)
    path = located.path
    if path is None:
        return _is_at_work(located)
    try:
        with os.fdopen(open_file(f"{path}.lock", os.O_RDONLY), "rb") as lock:
            # Given back at once, by closing the file.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


def _is_at_work(located: _Located) -> bool | None:
    """Whether a crawl is at work on a store on a server; None where it cannot be asked."""
    try:
        engine = _server_engine(located.url)
        with engine.connect() as connection:
            return any_at_work(connection)
    except (SQLAlchemyError, ImportError):
        return None


@dataclass(frozen=True, slots=True)
class _Located:
    """Which store is meant."""

    url: URL
    name: str
    """What to call it in messages: as it was given, without secrets."""
    given: Path | None = None
    """Its file, if it has one, by the name that was given."""
    path: Path | None = None
    """The same by the name by which it is opened, see `real_path`."""


def _locate(target: str) -> _Located:
    if "://" not in target:
        return _at(make_url("sqlite://"), target, Path(target))
    try:
        url = make_url(target)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise StoreError(f"SQLAlchemy does not know the store's URL; {_KNOWN}") from None
    name = masked(url.render_as_string(hide_password=True))
    if url.get_backend_name() == "postgresql" and url.get_driver_name() == "psycopg":
        return _Located(url, name)
    if url.get_backend_name() != "sqlite":
        raise StoreError(f"cannot open the store {name}: no store can be kept there; {_KNOWN}")
    if not url.database or ":memory:" in url.database:
        raise StoreError("a store in memory would be lost; right would be a path")
    if url.database.startswith("file:") or "uri" in url.query:
        raise StoreError(f"cannot open the store {name}: a URI of SQLite's own is not taken; right would be a path")
    return _at(url, name, Path(url.database))


def _at(url: URL, name: str, given: Path) -> _Located:
    given = given.absolute()
    try:
        path = real_path(given)
    except OSError as error:
        raise StoreError(f"cannot open the store {name}: {error.strerror}") from None
    return _Located(url.set(database=str(path)), name, given, path)


def explain(error: Exception) -> str:
    """What a database's error says, on one line, without the statement."""
    original = getattr(error, "orig", None) or error
    # psycopg's text has a piece of the statement as well.
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    said = masked(" ".join((primary or str(original)).split())) or type(original).__name__
    state = getattr(original, "sqlstate", None)
    hint = _HINTS_BY_STATE.get(state) if state else next((hint for sign, hint in _HINTS if sign in said), None)
    return f"{said}; {hint}" if hint is not None else said


_HINTS_BY_STATE = {
    # No such schema is in the search path.
    "3F000": "right would be a schema that is there (CREATE SCHEMA) and that the role may use (GRANT USAGE, CREATE)",
    # No right to do that.
    "42501": "right would be a role that may do that, by GRANT",
}
"""What would be right, by PostgreSQL's code of an error."""

_HINTS = (
    ("fe_sendauth: no password supplied", "right would be a password in PGPASSWORD or in the file of PGPASSFILE"),
    ("password authentication failed", "right would be the role's password in PGPASSWORD or in the file of PGPASSFILE"),
    ('database "', "right would be a database that is there: createdb makes one"),
    ('role "', "right would be a role that is there: createuser makes one"),
)
"""The same by what is said where nobody is connected yet, and there is no code."""


def _check_path(path: Path, name: str) -> None:
    wrong = None
    if not path.parent.is_dir():
        wrong = f"there is no folder {path.parent}"
    else:
        try:
            if path.exists() and not path.is_file():
                raise NoFile(path, path.stat().st_mode, "it")
            check_beside(path)
        except OSError as error:
            wrong = error.strerror
    if wrong is not None:
        raise StoreError(f"cannot open the store {name}: {wrong}")


def _look_at(path: Path, patience: float) -> None:
    """Refuses a file that is no store before anything about it is changed, its journal or a lock beside it included."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(_connect_to_read(path, patience)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK:
            # A program died while it wrote; who may write takes back what it left, as the file is opened.
            return
        raise StoreError(f"cannot open the store {path}: {explain(error)}") from None
    # One without any table is a store that was being made when the crawl was killed.
    if found and (properties.name,) not in found:
        raise StoreError(f"{path} is a database, but no vovcrawl store")


def _hold(path: Path, name: str, turn: Turn) -> StoreLock:
    try:
        return take(path, turn)
    except Held:
        raise StoreHeld(f"another crawl holds the store {name}") from None
    except OSError as error:
        raise StoreError(f"cannot open the store {name}: {error.strerror}") from None


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _connect(located: _Located, lock: StoreLock | None, turn: Turn, work: Work | None) -> Database:
    url, name, path = located.url, located.name, located.path
    workers = None
    if path is None:
        engine = _server_engine(url)
    else:
        waiting = {"factory": WaitingConnection, "timeout": STEP, "isolation_level": "IMMEDIATE"}
        engine = create_engine(url, connect_args=waiting)
        event.listen(engine, "connect", _prepare_sqlite)
    connection = engine.connect()
    file = _waiting(connection)
    try:
        if file is not None:
            file.called = f"The store {name}"
        check_integrity(connection, name)
        if file is None:
            _check_server(connection, name)
        if file is not None:
            _write_ahead(file)
        _check_schema(connection, name)
        if path is not None and located.given is not None and file is not None:
            connection.info[_PLACE] = Place(located.given, path, _mark(file, path))
        if path is None:
            workers = _join(engine, connection, turn, work)
    except BaseException:
        if file is not None:
            _put_to_rest(file)
        connection.close()
        engine.dispose()
        raise
    return Database(engine, connection, lock, name, workers)


def _join(engine: Engine, connection: Connection, turn: Turn, work: Work | None) -> Workers | None:
    if connection.dialect.name != "postgresql":
        return None
    connection.exec_driver_sql(f"SET lock_timeout = '{_PATIENCE_OF_WORKERS}s'")
    # Nobody else makes them meanwhile.
    lock_writes(connection)
    create_shared_tables(connection)
    connection.commit()
    workers = Workers(engine, connection)
    try:
        if work is None:
            workers.join("", shares=False, turn=turn)
            connection.commit()
        else:
            workers.join(work.arguments, shares=work.shares, turn=turn)
    except BaseException:
        workers.leave()
        raise
    return workers


def _prepare_postgresql(connection: Any, _: object) -> None:
    # Only where the package is there.
    from psycopg.types.string import StrDumperUnknown

    class WithoutNull(StrDumperUnknown):
        """PostgreSQL's texts hold no U+0000, which a hostile server may send: so one page would end the crawl."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)

    connection.adapters.register_dumper(str, WithoutNull)


def _check_server(connection: Connection, name: str) -> None:
    """Refuses a server or a database of a kind in which no store can be kept."""
    version = connection.dialect.server_version_info
    if version is not None and version < _OLDEST_SERVER:
        wanted, found = (".".join(map(str, each)) for each in (_OLDEST_SERVER, version))
        raise StoreError(f"cannot open the store {name}: PostgreSQL {found}; right would be {wanted} or later")
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise StoreError(f"cannot open the store {name}: a database in {encoding}; right would be one in UTF8")


def _waiting(connection: Connection) -> WaitingConnection | None:
    """SQLite's own connection; None where it is another database, or cannot be written."""
    driver = connection.connection.dbapi_connection
    return driver if isinstance(driver, WaitingConnection) and driver.isolation_level else None


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    cursor = connection.cursor()
    # A transaction is on the disk when it ends.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # An article touches some thirty pages of the file: by default the log would be copied back every thirtieth time.
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")
    cursor.close()


def _write_ahead(file: WaitingConnection) -> None:
    """Keeps readers welcome while the crawl writes; those who read already are waited for.

    To go on without that would not help: each transaction would have to wait for the same readers.
    """
    file.execute("PRAGMA journal_mode = WAL").close()
    # Makes the log's files.
    file.execute("SELECT count(*) FROM sqlite_master").close()


def _mark(file: WaitingConnection, path: Path) -> str:
    """Writes into the file what it is known by while it is open, and by which name that is."""
    opened = token_hex(8)
    for row in ((OPENED, opened), (OPENED_AS, path.as_uri())):
        file.execute("INSERT OR REPLACE INTO store_properties (name, value) VALUES (?, ?)", row).close()
    file.commit()
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return opened


def _put_to_rest(file: WaitingConnection, place: Place | None = None) -> None:
    """Makes the store one file, which can be copied as it is and be read by those who may write nothing beside it.

    What cannot be done, as while others read it, is left to the next crawl.
    """
    file.patience = _PATIENCE_AT_THE_END
    with suppress(sqlite3.Error):
        file.execute("PRAGMA query_only = 0")
        if place is None or place.is_kept():
            file.execute("PRAGMA journal_mode = DELETE").close()
            return
        if not place.is_overwritten:
            # The log belongs to a file that is elsewhere by now: what is in it is written there.
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    if place is not None and not place.is_kept():
        place.leave_nothing_to_others()


def commit(connection: Connection) -> None:
    """Commits, and sees to it that what was committed is in the store.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the store failed; or it was deleted, moved or replaced (`StoreReplaced`).
    """
    connection.commit()
    place = connection.info.get(_PLACE)
    if place is not None:
        place.check()


def has_written(connection: Connection) -> bool:
    """Whether the open transaction has written anything; True where the database cannot say so, as only SQLite can."""
    driver = connection.connection.driver_connection
    return driver.in_transaction if isinstance(driver, sqlite3.Connection) else True


def wait_for_the_disk(connection: Connection, wait: bool) -> None:
    """Whether a transaction is on the disk when it ends, or survives a kill but no power cut; none may be open."""
    if connection.dialect.name == "sqlite":
        # On the driver's cursor: it runs twice a page.
        connection.connection.cursor().execute(f"PRAGMA synchronous = {'FULL' if wait else 'NORMAL'}").close()


def check_integrity(connection: Connection, name: str) -> None:
    """Refuses a damaged SQLite file before anything is built on it; more closely where the last run had no end.

    Every page is read, 0.4 s for a store of 550 MB on a fast disk, and 1.7 s with all entries of the indexes.

    Raises:
        StoreError: it is damaged.
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
        if version == STORE_VERSION:
            return
    _begin(connection)
    if inspect(connection).get_table_names():
        # Another crawl may have made them or brought them up to date since.
        version = _version(connection, name)
        if version != STORE_VERSION:
            if not _has_been(version, connection) or not upgrade(connection, version, STORE_VERSION):
                raise _other_version(version, name, can_upgrade=_has_been(version, connection))
            connection.execute(update(properties).where(properties.c.name == _SCHEMA).values(value=str(STORE_VERSION)))
        connection.commit()
        return
    metadata.create_all(connection, checkfirst=False)
    create_views(connection)
    create_shared_tables(connection)
    create_search_index(connection)
    connection.execute(
        insert(properties),
        [{"name": _SCHEMA, "value": str(STORE_VERSION)}, {"name": "made_by", "value": f"vovcrawl {__version__}"}],
    )
    connection.commit()


def _begin(connection: Connection) -> None:
    """Begins a transaction before tables are made or changed, which one program does at a time."""
    connection.rollback()
    if connection.dialect.name == "sqlite":
        # Python's module for SQLite would begin none.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        lock_writes(connection)


def _check_version(connection: Connection, name: str) -> None:
    """Refuses a store that is to be read only and has not the tables of this version."""
    version = _version(connection, name)
    connection.rollback()
    if version != STORE_VERSION:
        raise _other_version(version, name, can_upgrade=_has_been(version, connection))


def _has_been(version: int, connection: Connection) -> bool:
    """Whether a database like this one may hold a store of a version that can be brought up to date."""
    return connection.dialect.name == "sqlite" or version >= _FIRST_IN_POSTGRESQL


def _version(connection: Connection, name: str) -> int:
    tables = inspect(connection).get_table_names()
    if not tables and connection.dialect.name != "sqlite":
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
        if schema is None:
            raise StoreError(f"there is no store {name}, nor a schema that its role may use")
        raise NoStore(f"there is no store {name}")
    if properties.name not in tables:
        raise StoreError(f"{name} is a database, but no vovcrawl store")
    version = connection.scalar(select(properties.c.value).where(properties.c.name == _SCHEMA))
    return int(version) if version and version.isdecimal() else 0


def _other_version(version: int, name: str, *, can_upgrade: bool) -> StoreError:
    hint = "; the next crawl into it will bring it up to that" if can_upgrade and version < STORE_VERSION else ""
    return StoreError(f"the store {name} has schema version {version}, this vovcrawl works with {STORE_VERSION}{hint}")


def begin_on_server(target: str) -> tuple[Connection, str]:
    """A connection to the server that is to get a store, and what to call that.

    A transaction is open in it, in which no other program makes or changes a store there.

    Raises:
        StoreError: it cannot be reached, or is of a kind in which no store can be kept.
    """
    connection, name = _connect_to_server(target)
    try:
        _check_server(connection, name)
        _begin(connection)
    except SQLAlchemyError as error:
        close(connection)
        raise StoreError(f"cannot open the store {name}: {explain(error)}") from None
    except BaseException:
        close(connection)
        raise
    return connection, name


def _connect_to_server(target: str) -> tuple[Connection, str]:
    located = _locate(target)
    try:
        return _server_engine(located.url).connect(), located.name
    except ImportError:
        raise _needs_driver(located.name) from None
    except SQLAlchemyError as error:
        raise StoreError(f"cannot open the store {located.name}: {explain(error)}") from None


def close(connection: Connection) -> None:
    """Closes a connection that has an engine of its own; what it has not committed is not kept."""
    with suppress(SQLAlchemyError):
        connection.close()
    connection.engine.dispose()


def holds_store(connection: Connection, name: str) -> bool:
    """Whether the schema that a connection to a server is in holds a store; else it holds nothing.

    Raises:
        StoreError: it holds something else, or a store of another schema version.
    """
    inspector = inspect(connection)
    if not (inspector.get_table_names() or inspector.get_view_names()):
        return False
    version = _version(connection, name)
    if version != STORE_VERSION:
        raise _other_version(version, name, can_upgrade=_has_been(version, connection))
    return True


def is_same_on_server(connection: Connection, target: str) -> bool:
    """Whether an open store on a server is that at the url `target`, by whatever name the server is called.

    Raises:
        StoreError: that server cannot be reached.
    """
    other, name = _connect_to_server(target)
    # Locks of this kind are known in one database alone, and a number at random is in no other one's use.
    key, schema = randbits(62), "SELECT current_schema()"
    try:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({key})")
        is_free = other.exec_driver_sql(f"SELECT pg_try_advisory_lock({key})").scalar_one()
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({key})")
        same_schema = connection.exec_driver_sql(schema).scalar() == other.exec_driver_sql(schema).scalar()
        connection.rollback()
        return not is_free and same_schema
    except SQLAlchemyError as error:
        raise StoreError(f"cannot open the store {name}: {explain(error)}") from None
    finally:
        close(other)
