"""Waiting until another program lets go of a store in SQLite: a shell with an open transaction, a backup that restores.

SQLite's own waiting says nothing while it lasts and cannot be called off. Here it waits a short time at a time, and
what failed before its transaction began is run again. That is safe: nothing of it is done yet.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar, overload

PATIENCE = 90.0
"""Seconds that a statement waits for another program's transaction, and a crawl that begins for its store."""

STEP = 0.25
"""Seconds that SQLite waits at a time; after so long a change of mind is heard."""

_TOLD_AFTER = 2.0
"""Seconds after which the log says that the crawl waits."""

_PAUSE = 0.02
"""Seconds between two tries, since SQLite does not wait for every lock."""

_Cursor = TypeVar("_Cursor", bound=sqlite3.Cursor)

logger = logging.getLogger(__name__)


class _Process:
    """What holds for all connections of the process."""

    ends_at = math.inf
    """When all waiting ends, by the monotonic clock."""


def stop_waiting(seconds: float) -> None:
    """Has no statement of this process wait longer than that from now on, those at work included. For any thread."""
    _Process.ends_at = min(_Process.ends_at, time.monotonic() + seconds)


class WaitingConnection(sqlite3.Connection):
    """A connection whose statements and commits wait patiently.

    It is to be opened with `timeout=STEP` and `isolation_level="IMMEDIATE"`: so a transaction that writes takes the
    lock as it begins, and nothing of it is lost where that fails.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.patience = PATIENCE
        """Seconds that each statement waits at most: none, once one has waited in vain, until this is set anew."""
        self.called = "The store"
        """What to call it at the beginning of a line in the log."""

    @overload
    def cursor(self, factory: None = None) -> sqlite3.Cursor: ...

    @overload
    def cursor(self, factory: Callable[[sqlite3.Connection], _Cursor]) -> _Cursor: ...

    def cursor(self, factory: Any = None) -> Any:
        """A cursor that waits."""
        return sqlite3.Connection.cursor(self, factory or _WaitingCursor)

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """Runs a statement; Python's own takes no other cursor than its own."""
        cursor = self.cursor()
        try:
            return cursor.execute(*given)
        except BaseException:
            # One that is left open keeps the file open after the connection is closed.
            cursor.close()
            raise

    def commit(self) -> None:
        """Commits; outside of WAL mode readers may have to be waited for."""
        commit = super().commit
        try:
            commit()
        except sqlite3.OperationalError as error:
            self.run_when_free(commit, error, is_commit=True)

    def run_when_free(
        self, run: Callable[[], object], error: sqlite3.OperationalError, *, is_commit: bool = False
    ) -> None:
        """Runs again what another program's lock has made fail, until the store is free.

        Args:
            run: what failed: a commit, or what had begun no transaction yet.
            error: by which.
            is_commit: whether it is a commit.

        Raises:
            sqlite3.OperationalError: something else is wrong, or the store was not free in time.
        """
        began = time.monotonic()
        told = False
        try:
            while is_locked(error) and (is_commit or not self.in_transaction):
                if time.monotonic() >= min(began + self.patience, _Process.ends_at):
                    self.patience = 0
                    break
                if not told and time.monotonic() - began >= _TOLD_AFTER:
                    told = True
                    logger.warning(
                        "%s is locked by another program: waiting for up to %.0f s", self.called, self.patience
                    )
                time.sleep(_PAUSE)
                try:
                    run()
                except sqlite3.OperationalError as again:
                    error = again
                else:
                    if told:
                        logger.warning("%s is free again, after %.0f s", self.called, time.monotonic() - began)
                    return
            raise error
        finally:
            # Its traceback holds this frame: together they would hold the cursor, and so the file.
            del error


class _WaitingCursor(sqlite3.Cursor):
    """A cursor of a `WaitingConnection`."""

    connection: WaitingConnection

    def execute(self, *given: Any) -> _WaitingCursor:
        try:
            _execute(self, *given)
        except sqlite3.OperationalError as error:
            self.connection.run_when_free(lambda: _execute(self, *given), error)
        return self

    def executemany(self, *given: Any) -> _WaitingCursor:
        try:
            _execute_many(self, *given)
        except sqlite3.OperationalError as error:
            self.connection.run_when_free(lambda: _execute_many(self, *given), error)
        return self


# Looked up once: they run a dozen times a page.
_execute = sqlite3.Cursor.execute
_execute_many = sqlite3.Cursor.executemany


def is_locked(error: BaseException | None) -> bool:
    """Whether another program's lock is what is wrong."""
    # The higher bits tell locks apart.
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
