"""Whose turn it is to crawl into a store: one crawl at a time holds it, and a long one makes room for a later one.

A crawl of earlier days, as a backfill of years, makes room for one whose window begins more than a day later, as the
hourly run's does: it ends at the next page, and is resumed when the other one has ended. Whoever waits says so in a
file beside the store, which it keeps locked meanwhile, so that a file without a lock says nothing.
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import filelock

_PATIENCE = 0.5
"""Seconds until a store counts as held: a look at whether it is takes it for a moment, see `is_held`."""

_UNTIL_ROOM = 150.0
"""Seconds that a crawl waits for room: the other one looks every few seconds, and finishes its page in at most 30."""

_UNTIL_ANSWER = 15.0
"""Seconds until a crawl that does not answer is taken for one that cannot be resumed by itself."""

_ANSWER = b" soon"
_STEP = 0.5
_LATER = timedelta(days=1)
_HOLDER = """
    SELECT runs.ended_at, crawls.keeps_from FROM runs JOIN crawls ON crawls.id = runs.crawl
    ORDER BY runs.id DESC LIMIT 1
"""


class Held(Exception):
    """Another crawl holds the store, and makes no room."""


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


def take(path: Path, turn: Turn) -> filelock.BaseFileLock:
    """The lock of the store at `path`.

    Raises:
        Held: another crawl holds it, and makes no room.
        OSError: the lock cannot be made.
    """
    lock = filelock.FileLock(f"{path}.lock", timeout=_PATIENCE)
    if turn.has_made_room:
        turn.say("made room for a crawl of later days; resumed when that has ended")
        while begin_of_waiting(path) is not None:
            time.sleep(_STEP)
        lock.acquire(timeout=-1)
        return lock
    try:
        lock.acquire()
    except filelock.Timeout:
        holder = _begin_of_holder(path)
        if holder is None or not turn.is_before(holder.begins):
            raise Held from None
        turn.say("waiting for a crawl of earlier days to make room")
        with _asking(path, turn):
            _wait_for_room(path, lock)
    return lock


def _wait_for_room(path: Path, lock: filelock.BaseFileLock) -> None:
    began = time.monotonic()
    while True:
        with suppress(filelock.Timeout):
            lock.acquire(timeout=_STEP)
            return
        waited = time.monotonic() - began
        if waited > _UNTIL_ROOM or (waited > _UNTIL_ANSWER and not _is_answered(path)):
            raise Held


def make_room(path: Path) -> None:
    """Answers whoever waits for room that it will be there soon."""
    with suppress(OSError), _asked(path).open("ab") as file:
        file.write(_ANSWER)


def _is_answered(path: Path) -> bool:
    with suppress(OSError):
        return _asked(path).read_bytes().endswith(_ANSWER)
    return False


def begin_of_waiting(path: Path) -> datetime | None:
    """The beginning of the window of a crawl that waits for room; None where none waits."""
    try:
        with _asked(path).open("rb") as file:
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
    asked = _asked(path)
    with asked.open("ab") as file:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate(0)
            file.write(turn.begins.isoformat().encode())
            file.flush()
        try:
            yield
        finally:
            asked.unlink(missing_ok=True)


def _asked(path: Path) -> Path:
    return Path(f"{path}.waiting")


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
