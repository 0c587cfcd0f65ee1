"""Where the files of a store are, whatever it is called, and noticing that they were deleted, moved or overwritten.

SQLite does not: it writes on to files that have no name any more, or to another store. And it looks for its log beside
the name that it was given, so that a file with two names (hard links) could have two logs, and be destroyed by them.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

from sqlalchemy.exc import SQLAlchemyError

OPENED = "opened"
"""Name of the store's property that is another one each time that a crawl opens it."""

OPENED_AS = "opened_as"
"""Name of the store's property that says by which name a crawl opened it last, as a `file:` url."""

MODE = 0o640
"""What files are made with, where the umask is no stricter: their group may read them, and others nothing."""

_UMASK = 0o027

_BESIDE = (".lock", ".waiting", "-wal", "-shm", "-journal")
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
}


class NoFile(OSError):
    """Something else is where a file is to be.

    Args:
        name: of what is there.
        mode: its mode.
        called: what to call it.
    """

    def __init__(self, name: str | Path, mode: int, called: str | None = None) -> None:
        what = _KINDS.get(stat.S_IFMT(mode), "a device")
        super().__init__(None, f"{called or Path(name).name} is {what}", str(name))


def real_path(path: Path) -> Path:
    """The one name by which the store at `path` is opened and locked, whichever of its names that is.

    Symbolic links are followed. Of several hard links it is the one by which a crawl opened the store last: beside that
    lies SQLite's log, if one was left.

    Raises:
        OSError: a link leads to itself.
    """
    try:
        real = path.resolve()
    except RuntimeError:
        raise OSError(None, "it is a link that leads to itself", str(path)) from None
    try:
        found = real.stat()
    except OSError:
        return real
    if found.st_nlink > 1 and stat.S_ISREG(found.st_mode):
        last = _opened_as(real)
        with suppress(OSError):
            if last is not None and os.path.samestat(last.stat(), found):
                return last
    return real


def _opened_as(path: Path) -> Path | None:
    try:
        # By SQLite: any other descriptor of the file, once closed, takes the process's locks of it along. And without a
        # log beside a name that may be the wrong one.
        url = f"{path.as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(url, uri=True)) as connection:
            row = connection.execute("SELECT value FROM store_properties WHERE name = ?", (OPENED_AS,)).fetchone()
    except sqlite3.Error:
        return None
    return Path(os.fsdecode(unquote_to_bytes(str(row[0]).removeprefix("file://")))) if row is not None else None


def check_beside(real: Path) -> None:
    """Sees to it that what is beside a store by the names of its files are files.

    Raises:
        NoFile: one is something else, which SQLite or a lock would follow or wait for.
    """
    for suffix in _BESIDE:
        name = f"{real}{suffix}"
        with suppress(FileNotFoundError, NotADirectoryError):
            mode = os.lstat(name).st_mode
            if not stat.S_ISREG(mode):
                raise NoFile(name, mode)


def restrict_umask() -> None:
    """Has files that this process makes from now on be made with `MODE` at most, those of libraries and logs included.

    It is for a command, whose process is its own; in a script of the user's, the umask is the user's.
    """
    os.umask(os.umask(_UMASK) | _UMASK)


def open_file(name: str | Path, flags: int) -> int:
    """Opens a file by its own name, and nothing else: no link is followed, and no pipe waited for; its descriptor.

    Raises:
        NoFile: it is no file.
        OSError: it cannot be opened.
    """
    descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, MODE)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise NoFile(name, mode)
    return descriptor


class StoreReplaced(SQLAlchemyError):
    """The files of the store are not those that were opened: what is written cannot be found where it belongs."""


class Place:
    """Where the files of an open store in WAL mode are, and which they are.

    Args:
        path: of the store, which is open, as it was given.
        real: the name by which it is open, see `real_path`.
        opened: what its property `OPENED` says.
    """

    def __init__(self, path: Path, real: Path, opened: str) -> None:
        self._path = path
        self._real = real
        self._opened = opened
        self._store, self._log = str(path), f"{real}-wal"
        self._identity, self._written = _look(self._store)
        others = {str(real)} - {self._store} | {self._log, f"{real}-shm"}
        beside = {name: _look(name)[0] for name in others}
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
            with closing(sqlite3.connect(f"{self._real.as_uri()}?mode=ro", uri=True)) as connection:
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
