"""Noticing that the files of an open store were deleted, moved, replaced or overwritten.

SQLite does not: it writes on to files that have no name any more, or to another store.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

OPENED = "opened"
"""Name of the store's property that is another one each time that a crawl opens it."""


class StoreReplaced(SQLAlchemyError):
    """The files of the store are not those that were opened: what is written cannot be found where it belongs."""


class Place:
    """Where the files of an open store in WAL mode are, and which they are.

    Args:
        path: of the store, which is open.
        opened: what its property `OPENED` says.
    """

    def __init__(self, path: Path, opened: str) -> None:
        self._path = path
        self._opened = opened
        real = path.resolve()
        self._store, self._log = str(path), f"{real}-wal"
        self._identity, self._written = _look(self._store)
        beside = {name: _look(name)[0] for name in (self._log, f"{real}-shm")}
        self._known = {name: known for name, known in beside.items() if known is not None}
        self._is_overwritten = False

    def is_kept(self) -> bool:
        """Whether all files are still where they were, and what they were."""
        identity, written = _look(self._store)
        if identity != self._identity:
            return False
        for name, known in self._known.items():
            if _look(name)[0] != known:
                return False
        # Only when SQLite copies its log back, once in many transactions, it has been written to by this process.
        if written != self._written:
            self._written = written
            self._is_overwritten = self._is_overwritten or self._read_opened() != self._opened
        return not self._is_overwritten

    def check(self) -> None:
        """Sees to it that the store is still what it was, where it was.

        Raises:
            StoreReplaced: it was deleted, moved, replaced or overwritten.
        """
        if not self.is_kept():
            raise StoreReplaced(
                f"the store {self._path} was deleted, moved or replaced while the crawl ran; what was fetched since is "
                "not kept"
            )

    def leave_nothing_to_others(self) -> None:
        """Sees to it that SQLite's log of this store is not taken for that of one that was put in its place."""
        if self._log not in self._known or _look(self._log)[0] != self._known[self._log]:
            return
        with suppress(OSError):
            os.truncate(self._log, 0)

    @property
    def is_overwritten(self) -> bool:
        """Whether the very file holds something else than this store."""
        return self._is_overwritten

    def _read_opened(self) -> str | None:
        """What the file says now; None where it cannot be read."""
        try:
            # What another connection holds in memory this one does not know.
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                row = connection.execute("SELECT value FROM store_properties WHERE name = ?", (OPENED,)).fetchone()
        except sqlite3.Error:
            return None
        return str(row[0]) if row is not None else None


def _look(name: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """By what a file is known whatever it is called, and what is another one once it has been written to.

    Both are None where there is no file.
    """
    try:
        # Three times a page: a Path takes longer than the system.
        found = os.stat(name)  # noqa: PTH116
    except OSError:
        return None, None
    return (found.st_dev, found.st_ino), (found.st_mtime_ns, found.st_size)
