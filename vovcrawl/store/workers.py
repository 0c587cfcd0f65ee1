"""Several crawls at work on one store on a server: they share its queue, and the pace at which a host is asked.

The store is the queue, so that nothing can be lost between two systems. Each crawl is a worker, with a row that it
renews every few seconds. A page that it has taken is leased to it: the lease ends in the transaction that ends the
visit, which fails where another worker has the page by then. A worker whose row is not renewed any more is dead, and
at once so where its process ran on this machine and is gone: its pages go back into the queue.

Whoever asks a host for something takes the host's turn before, and gives it back with the response: so no two requests
are with a host at a time, and each is sent no sooner than the delay of the one before it says.

All moments are the server's. A store in SQLite has one crawl at a time instead, see `vovcrawl.store.turns`.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from vovcrawl.store.turns import UNTIL_ANSWER, UNTIL_ROOM, Held, Turn

LEASE = 60.0
"""Seconds after which a worker that does not renew its row is dead. Its turn with a host ends with it, so that they are
more than the 30 that a request takes at most."""

RENEWED_EVERY = 2.0
"""Seconds between two renewals."""

_STEP = 0.5

_TOKEN = token_hex(4)
"""Tells a program from the one that began anew as it, which the system takes for the same process."""

metadata = MetaData()

_workers = Table(
    "workers",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # As typed: those with the same ones share their work.
    Column("arguments", Text, nullable=False),
    # Whether it shares its work with others.
    Column("shares", Boolean, nullable=False),
    # The beginning of its window; NULL for one without.
    Column("begins", Text),
    Column("run", Integer),
    # The machine that it runs on and its process there, '' where that cannot be told.
    Column("machine", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
"""The crawls that are at work; one that is dead has its row until another one finds it out."""

leases = Table(
    "leases",
    metadata,
    # The number of a row of `pages` that is in flight.
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("crawl", Integer, nullable=False),
    Column("worker", BigInteger, ForeignKey("workers.id"), nullable=False),
)
"""Which worker has which page."""

Index("leases_worker", leases.c.worker)

_hosts = Table(
    "hosts",
    metadata,
    Column("host", Text, primary_key=True),
    # That asks it for something right now.
    Column("worker", BigInteger),
    # Before this nothing is sent to it.
    Column("free_at", DateTime(timezone=True), nullable=False),
)
"""The hosts that workers ask."""

_waiting = Table(
    "waiting",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # The beginning of the window of a crawl that waits for those at work to make room.
    Column("begins", Text, nullable=False),
    Column("is_answered", Boolean, nullable=False),
    Column("machine", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
"""Crawls that wait for room, see `vovcrawl.store.turns`."""

_LOCK = "SELECT pg_advisory_xact_lock(1986360184, hashtext(current_schema()))"
"""The first number is this program's own; the second one tells stores of one database apart."""
_HOLD = text("SELECT pg_try_advisory_lock(1986360185, hashtext(current_schema() || ' ' || :name))")
_TRY_LOCK = _LOCK.replace("pg_advisory", "pg_try_advisory")
_LOCKED_IN = "vovcrawl_locked_in"

_IS_LATE = f"seen_at < clock_timestamp() - interval '{LEASE} s' AS is_late"
_LIVE = text(f"SELECT id, machine, process, {_IS_LATE}, arguments, shares, begins, run FROM workers ORDER BY id")  # noqa: S608
_ENTER = text(
    "INSERT INTO workers (arguments, shares, begins, machine, process, seen_at)"
    " VALUES (:arguments, :shares, :begins, :machine, :process, clock_timestamp()) RETURNING id"
)
_RENEW = text("UPDATE workers SET seen_at = clock_timestamp() WHERE id = :me")
_LEASED = "number IN (SELECT page FROM leases WHERE worker = ANY(:these)) AND state = 'in flight'"
_GIVE_BACK = text(f"UPDATE pages SET state = 'queued', kills = kills + :kills WHERE {_LEASED}")  # noqa: S608
_END_LEASES = text("DELETE FROM leases WHERE worker = ANY(:these)")
_LEAVE = text("DELETE FROM workers WHERE id = ANY(:these)")
_LET_GO_OF_HOSTS = text("UPDATE hosts SET worker = NULL WHERE worker = ANY(:these)")
_OTHERS = text("SELECT EXISTS (SELECT FROM leases WHERE crawl = :crawl AND worker <> :me)")
_LEASE = text("INSERT INTO leases (page, crawl, worker) VALUES (:page, :crawl, :me) ON CONFLICT DO NOTHING")
_END_LEASE = text("DELETE FROM leases WHERE page = :page AND worker = :me")
_TAKE_TURN = text(
    """
    WITH taken AS (
        INSERT INTO hosts (host, worker, free_at)
        VALUES (:host, :me, clock_timestamp() + make_interval(secs => :delay))
        ON CONFLICT (host) DO UPDATE
        SET worker = excluded.worker, free_at = excluded.free_at
        WHERE hosts.free_at <= clock_timestamp() AND (hosts.worker IS NULL OR hosts.worker = excluded.worker)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM taken), extract(epoch FROM coalesce(max(free_at), now()) - clock_timestamp())
    FROM hosts WHERE host = :host
    """
)
_END_TURN = text("UPDATE hosts SET worker = NULL WHERE host = :host AND worker = :me")
_PAUSE = text(
    "INSERT INTO hosts (host, free_at) VALUES (:host, clock_timestamp() + make_interval(secs => :seconds))"
    " ON CONFLICT (host) DO UPDATE SET free_at = greatest(hosts.free_at, excluded.free_at)"
)
_WAITERS = text(f"SELECT begins, machine, process, {_IS_LATE} FROM waiting ORDER BY id")  # noqa: S608
_WAIT = text(
    "INSERT INTO waiting (begins, is_answered, machine, process, seen_at)"
    " VALUES (:begins, false, :machine, :process, clock_timestamp()) RETURNING id"
)


class LeaseLost(SQLAlchemyError):
    """The worker was taken for dead: what it had taken is another one's by now, and must not be kept twice."""

    def __init__(self) -> None:
        super().__init__("other workers took this one for dead, since it did not answer for a while")


def lock_writes(connection: Connection) -> None:
    """Has this transaction be the only one that keeps anything, in a store that several processes may write to.

    What is kept follows from what is there: which pages are known, the order of texts, near-duplicates. A transaction
    takes some milliseconds.
    """
    if connection.dialect.name == "sqlite":
        return
    transaction = connection.get_transaction()
    if transaction is not None and connection.info.get(_LOCKED_IN) is transaction:
        return
    connection.exec_driver_sql(_LOCK)
    connection.info[_LOCKED_IN] = connection.get_transaction()


class Workers:
    """The crawls at work on an open store, as one of them sees them.

    Args:
        engine: of the store.
        connection: of the store, on which the crawl keeps what it finds.
    """

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self._connection = connection
        # What is written here must be seen by others at once, whatever the crawl has not committed yet.
        self._own = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # A turn that a crash of the server forgets does no harm.
        self._own.exec_driver_sql("SET synchronous_commit = off")
        # Renewals must not wait for a crawl's transaction, which may be this one's.
        self._own.exec_driver_sql("SET lock_timeout = '2s'")
        self._machine, self._process = machine(), _this_process()
        self._me: int | None = None
        self.others = 0
        """How many others were at the same work when this one joined."""
        self._turns: dict[str, int] = {}

    def join(self, arguments: str, *, shares: bool, turn: Turn) -> None:
        """Takes up work, alone or with those that are at the same.

        The transaction stays open, and nobody else can join until it ends.

        Args:
            arguments: as typed.
            shares: whether others may be at the same work.
            turn: what decides whether those at other work make room.

        Raises:
            Held: the store is held by crawls of other arguments, or by one that does not share its work.
        """
        company = self._company(arguments, shares=shares)
        if company is None:
            self._connection.rollback()
            self._wait(arguments, turn, shares=shares)
            company = self._company(arguments, shares=shares)
            if company is None:
                self._connection.rollback()
                raise Held
        begins = turn.begins.isoformat() if turn.begins is not None else None
        values = {"arguments": arguments, "shares": shares, "begins": begins}
        self._me = self._connection.scalar(_ENTER, {**values, "machine": self._machine, "process": self._process})
        self.others = company

    def _company(self, arguments: str, *, shares: bool) -> int | None:
        """How many others are at the same work; None where those at work hold the store. Nobody can join meanwhile."""
        lock_writes(self._connection)
        live = self._bury_the_dead(self._connection)
        if any(row.arguments != arguments or not row.shares for row in live) or (live and not shares):
            return None
        return len(live)

    def _bury_the_dead(self, connection: Connection) -> list[Any]:
        """Gives back what dead workers had taken; those that live, but for this one. The store is locked meanwhile."""
        rows = connection.execute(_LIVE).all()
        # A process that has begun anew was this one before.
        former = [row.id for row in rows if row.id != self._me and self._was_this(row)]
        dead = [row.id for row in rows if row.id not in (self._me, *former) and self._is_dead(row)]
        for these, kills in ((former, 0), (dead, 1)):
            if these:
                self._end(connection, these, kills)
        gone = {self._me, *former, *dead}
        return [row for row in rows if row.id not in gone]

    def _was_this(self, row: Any) -> bool:
        """Whether a row is of the program that this process was before it began anew."""
        if row.machine != self._machine or row.process == self._process:
            return False
        return bool(self._process) and row.process.split()[:2] == self._process.split()[:2]

    def _is_dead(self, row: Any) -> bool:
        return row.is_late or _is_gone(row, self._machine)

    def _end(self, connection: Connection, these: Sequence[int], kills: int) -> None:
        values = {"these": list(these)}
        connection.execute(_GIVE_BACK, {**values, "kills": kills})
        for statement in (_END_LEASES, _LET_GO_OF_HOSTS, _LEAVE):
            connection.execute(statement, values)

    def _wait(self, arguments: str, turn: Turn, *, shares: bool) -> None:
        """Waits until those at other work have made room, if they do.

        Raises:
            Held: they do not.
        """
        if turn.has_made_room:
            turn.say("made room for a crawl of later days; resumed when that has ended")
            while self.begin_of_waiting() is not None or not self._is_free_for(arguments, shares=shares):
                time.sleep(_STEP)
            return
        begins = [row.begins for row in self._alive(self._own.execute(_LIVE).all())]
        holders = [datetime.fromisoformat(begin) if begin else None for begin in begins]
        if turn.begins is None or not all(turn.is_before(holder) for holder in holders):
            raise Held
        turn.say("waiting for a crawl of earlier days to make room")
        values = {"begins": turn.begins.isoformat(), "machine": self._machine, "process": self._process}
        mine = {"mine": self._own.scalar(_WAIT, values)}
        began = time.monotonic()
        try:
            while not self._is_free_for(arguments, shares=shares):
                answered = self._own.scalar(
                    text("UPDATE waiting SET seen_at = clock_timestamp() WHERE id = :mine RETURNING is_answered"), mine
                )
                waited = time.monotonic() - began
                if waited > UNTIL_ROOM or (waited > UNTIL_ANSWER and not answered):
                    raise Held
                time.sleep(_STEP)
        finally:
            with suppress(SQLAlchemyError):
                self._own.execute(text("DELETE FROM waiting WHERE id = :mine"), mine)

    def _is_free_for(self, arguments: str, *, shares: bool) -> bool:
        live = self._alive(self._own.execute(_LIVE).all())
        return not live or (shares and all(row.arguments == arguments and row.shares for row in live))

    def _alive(self, rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if not self._was_this(row) and not self._is_dead(row)]

    def begin_of_waiting(self) -> datetime | None:
        """The beginning of the window of a crawl that waits for room; None where none waits."""
        rows = self._alive(self._own.execute(_WAITERS).all())
        return datetime.fromisoformat(rows[0].begins) if rows else None

    def make_room(self) -> None:
        """Tells whoever waits that the store will be free soon."""
        self._own.execute(text("UPDATE waiting SET is_answered = true"))

    def hold(self, name: str) -> bool:
        """Has nobody else on this machine use something, such as a file, until this worker ends; whether that was free.

        Args:
            name: what it is called on the machine.
        """
        return bool(self._own.scalar(_HOLD, {"name": f"{platform.node()}:{name}"}))

    def begin_run(self, run: int) -> None:
        """Says which run the worker's is; not committed."""
        self._connection.execute(text("UPDATE workers SET run = :run WHERE id = :me"), {"run": run, "me": self._me})

    def renew(self) -> None:
        """Says that the worker lives, and gives back what dead ones had taken.

        Raises:
            LeaseLost: others took it for dead.
        """
        if not self._own.execute(_RENEW, {"me": self._me}).rowcount:
            raise LeaseLost
        rows = self._own.execute(_LIVE).all()
        if not any(row.id != self._me and (self._is_dead(row) or self._was_this(row)) for row in rows):
            return
        with self._own.engine.connect() as connection, connection.begin():
            # Whoever has the lock keeps something, or does the same.
            if connection.exec_driver_sql(_TRY_LOCK).scalar():
                self._bury_the_dead(connection)

    def leave(self) -> None:
        """Gives back what the worker has taken; safe to call twice."""
        if self._me is not None:
            with suppress(SQLAlchemyError), self._own.engine.connect() as connection, connection.begin():
                self._end(connection, [self._me], 0)
            self._me = None
        if not self._own.closed:
            with suppress(SQLAlchemyError):
                # The server notices a while later that a connection was closed.
                self._own.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            self._own.close()

    def others_in_flight(self, crawl: int) -> bool:
        """Whether other workers have pages of a crawl in flight, which may lead to more."""
        return bool(self._own.scalar(_OTHERS, {"crawl": crawl, "me": self._me}))

    def lease(self, page: int, crawl: int) -> bool:
        """Takes a page; whether no other worker has it. Not committed."""
        values = {"page": page, "crawl": crawl, "me": self._me}
        return bool(self._connection.execute(_LEASE, values).rowcount)

    def end_lease(self, page: int) -> None:
        """Gives a page back; not committed.

        Raises:
            LeaseLost: another worker has it by now.
        """
        if not self._connection.execute(_END_LEASE, {"page": page, "me": self._me}).rowcount:
            raise LeaseLost

    def take_turn(self, host: str, delay: float) -> float | None:
        """Takes a host's turn, if it is free.

        Args:
            host: of the server that is to be asked.
            delay: seconds before which nobody sends it another request.

        Returns:
            None if the turn is taken; else the seconds for which nothing is to be sent in any case, which may be less
            than none: somebody has the turn then.
        """
        row = self._own.execute(_TAKE_TURN, {"host": host, "me": self._me, "delay": delay}).one()
        if not row[0]:
            return float(row[1])
        self._turns[host] = self._turns.get(host, 0) + 1
        return None

    def end_turn(self, host: str) -> None:
        """Gives a turn back, with the last of the requests for which it was taken."""
        self._turns[host] -= 1
        if not self._turns[host]:
            self._own.execute(_END_TURN, {"host": host, "me": self._me})

    def pause(self, host: str, seconds: float) -> None:
        """Has nobody send anything to a host for so long, or longer where that was said before."""
        self._own.execute(_PAUSE, {"host": host, "seconds": seconds})


def create_shared_tables(connection: Connection) -> None:
    """Makes what workers need, where several may be at work and it is not there."""
    if connection.dialect.name == "sqlite":
        return
    metadata.create_all(connection)


def live_runs(connection: Connection) -> list[int]:
    """The runs of the workers that are at work on an open store."""
    here = machine()
    rows = connection.execute(_LIVE)
    return [row.run for row in rows if row.run is not None and not (row.is_late or _is_gone(row, here))]


def any_at_work(connection: Connection) -> bool:
    """Whether a worker is at work on an open store."""
    here = machine()
    return any(not (row.is_late or _is_gone(row, here)) for row in connection.execute(_LIVE))


def is_lost(error: BaseException) -> bool:
    """Whether an error says that the connection to the server is gone, or the worker's place, and nothing worse."""
    if isinstance(error, LeaseLost):
        return True
    if not isinstance(error, DBAPIError):
        return False
    # Of classes 08 (connection) and 57P (the server was told to end, crashed, or is just starting).
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(("08", "57P"))


def machine() -> str:
    """What tells this start of the machine, and the namespace of its processes, from others; '' where the system does
    not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.stat('/proc/self/ns/pid').st_ino}"  # noqa: PTH116
    except (OSError, ValueError):
        return ""


def _this_process() -> str:
    known = _process(os.getpid())
    return f"{known} {_TOKEN}" if known else ""


def _process(number: int) -> str:
    """The number of a process of this machine and when it began; '' where it does not run, or the system does not say
    so."""
    try:
        # After the name, which may hold anything: the state is the first field, the start the twentieth.
        fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return f"{number} {fields[19]}" if fields[0] not in "ZX" else ""
    except (OSError, IndexError):
        return ""


def _is_gone(row: Any, here: str) -> bool:
    """Whether a worker ran on this machine and does not any more."""
    if not here or not row.process or row.machine != here:
        return False
    number, start, _ = row.process.split()
    return _process(int(number)) != f"{number} {start}"
