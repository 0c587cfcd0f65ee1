"""Whose turn it is to crawl into a store: one crawl at a time holds it, and a long one makes room for a later one.

A crawl of earlier days, as a backfill of years, makes room for one whose window begins more than a day later, as the
hourly run's does: it ends at the next page, and is resumed when the other one has ended. Whoever waits says so in a
file beside the store, which it keeps locked meanwhile, so that a file without a lock says nothing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import filelock

from vovcrawl.store.place import open_file

_PATIENCE = 0.5
"""Seconds until a store counts as held: a look at whether it is takes it for a moment, see `is_held`."""

UNTIL_ROOM = 150.0
"""Seconds that a crawl waits for room: the other one looks every few seconds, and finishes its page in at most 30."""

UNTIL_ANSWER = 15.0
"""Seconds until a crawl that does not answer is taken for one that cannot be resumed by itself."""

_ANSWER = b" soon"
_STEP = 0.5
_LATER = timedelta(days=1)
_HOLDER = """
    SELECT runs.ended_at, crawls.keeps_from FROM runs JOIN crawls ON crawls.id = runs.crawl
    ORDER BY runs.id DESC LIMIT 1
"""
# Linux alone has locks that closing another descriptor of the file leaves in place.
_SET_LOCK = getattr(fcntl, "F_OFD_SETLK", None)
# One byte far beyond those that SQLite locks, and beyond the largest store. Type, whence, start, length, process.
_WHOLE_STORE = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1 << 62, 1, 0)


class Held(Exception):
    """Another crawl holds the store, and makes no room."""


class StoreLock:
    """The lock of a store, taken by a file beside it, and by the store's own file, which may have other names.

    Args:
        path: of the store, see `vovcrawl.store.place.real_path`.

    Raises:
        OSError: the file beside it cannot be made, or is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.has_made_store = False
        """Whether there was no store, and its file was made to be locked."""
        self._beside = filelock.FileLock(f"{path}.lock", timeout=_PATIENCE)
        os.close(open_file(self._beside.lock_file, os.O_RDWR | os.O_CREAT))
        self._store: int | None = None

    def acquire(self, timeout: float = _PATIENCE) -> None:
        """Takes the lock; -1 seconds are for ever.

        Raises:
            filelock.Timeout: another crawl has it.
            OSError: the store cannot be opened to write.
        """
        self._beside.acquire(timeout=timeout)
        try:
            is_new = not self.path.exists()
            self._store = open_file(self.path, os.O_RDWR | os.O_CREAT)
            self.has_made_store = is_new
            _lock(self._store)
        except BlockingIOError:
            self.release()
            raise filelock.Timeout(str(self.path)) from None
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Gives the lock back, after SQLite has closed the store: it loses its own locks with this descriptor."""
        if self._store is not None:
            os.close(self._store)
            self._store = None
        self._beside.release()

    def remove(self) -> None:
        """Removes the file beside the store."""
        Path(self._beside.lock_file).unlink(missing_ok=True)


def _lock(descriptor: int) -> None:
    """Raises `BlockingIOError` where another crawl has the file, by whatever name."""
    if _SET_LOCK is None:
        return
    try:
        fcntl.fcntl(descriptor, _SET_LOCK, _WHOLE_STORE)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise BlockingIOError(error.errno, error.strerror) from None
        # Some file systems have no such locks; the file beside the store remains.
        if error.errno not in (errno.EINVAL, errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            raise


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides whether a crawl is let in before another one."""

    begins: datetime | None = None
    """The beginning of its window; None for one without."""
    has_made_room: bool = False
    """Whether it waits for as long as the other crawl takes, to be resumed then."""
    say: Callable[[str], None] = lambda line: None
    """Gets the line that says that it waits."""

    def is_before(self, holder: datetime | None) -> bool:
        """Whether a crawl whose window begins at `holder` makes room for this one."""
        return self.begins is not None and (holder is None or self.begins - holder > _LATER)


def take(path: Path, turn: Turn) -> StoreLock:
    """The lock of the store at `path`, which is its real one.

    Raises:
        Held: another crawl holds it, and makes no room.
        OSError: the lock cannot be made.
    """
    lock = StoreLock(path)
    if turn.has_made_room:
        turn.say("made room for a crawl of later days; resumed when that has ended")
        while begin_of_waiting(path) is not None:
            time.sleep(_STEP)
        try:
            lock.acquire(timeout=-1)
        except filelock.Timeout:
            raise Held from None
        return lock
    try:
        lock.acquire()
    except filelock.Timeout:
        holder = _begin_of_holder(path) if turn.begins is not None else None
        if holder is None or not turn.is_before(holder.begins):
            raise Held from None
        turn.say("waiting for a crawl of earlier days to make room")
        with _asking(path, turn):
            _wait_for_room(path, lock)
    return lock


def _wait_for_room(path: Path, lock: StoreLock) -> None:
    began = time.monotonic()
    while True:
        with suppress(filelock.Timeout):
            lock.acquire(timeout=_STEP)
            return
        waited = time.monotonic() - began
        if waited > UNTIL_ROOM or (waited > UNTIL_ANSWER and not _is_answered(path)):
            raise Held


def make_room(path: Path) -> None:
    """Answers whoever waits for room that it will be there soon."""
    with suppress(OSError), os.fdopen(_open_asked(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab") as file:
        file.write(_ANSWER)


def _is_answered(path: Path) -> bool:
    with suppress(OSError), os.fdopen(_open_asked(path, os.O_RDONLY), "rb") as file:
        return file.read().endswith(_ANSWER)
    return False


def begin_of_waiting(path: Path) -> datetime | None:
    """The beginning of the window of a crawl that waits for room; None where none waits."""
    try:
        with os.fdopen(_open_asked(path, os.O_RDONLY), "rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return datetime.fromisoformat(file.read().removesuffix(_ANSWER).decode())
    except (OSError, ValueError):
        pass
    return None


@contextmanager
def _asking(path: Path, turn: Turn) -> Iterator[None]:
    """Asks for room; where another crawl does already, that one's word stands."""
    assert turn.begins is not None
    with os.fdopen(_open_asked(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "ab") as file:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate(0)
            file.write(turn.begins.isoformat().encode())
            file.flush()
        try:
            yield
        finally:
            _asked(path).unlink(missing_ok=True)


def _asked(path: Path) -> Path:
    return Path(f"{path}.waiting")


def _open_asked(path: Path, flags: int) -> int:
    return open_file(_asked(path), flags)


def _begin_of_holder(path: Path) -> Turn | None:
    """The crawl that holds the store, as its run says; None where that has not begun."""
    deadline = time.monotonic() + 4 * _PATIENCE
    while time.monotonic() < deadline:
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as read:
            row = read.execute(_HOLDER).fetchone()
            if row is not None and row[0] is None:
                return Turn(datetime.fromisoformat(row[1]) if row[1] else None)
        time.sleep(_STEP)
    return None
