"""The files of `VOV_WARC`: one at a time is written, by whole records, and one that a kill has torn is repaired.

While a file is written a marker, `NAME.open`, stands beside it, locked as long as the process lives. A marker that
nobody locks is of a process that died: the next crawl cuts what is torn off the file, and removes the marker.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from vovcrawl.archives.whole_records import whole_length
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.opening import open_regular
from vovcrawl.store.place import MODE

LARGEST = 1_000_000_000
"""Bytes after which another file is begun: the size that the WARC guidelines of the IIPC recommend."""

SUFFIX = ".warc.gz"
_MARKER = ".open"
_OURS = re.compile(r"vovcrawl-[0-9]{14}-[0-9a-f]{8}-[0-9]{5}\.warc\.gz")

_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_TRIES = 10
"""Markers that are made at most: one may be taken for that of a dead process before it is locked."""


class UnwrittenResponse(OSError):
    """A response cannot be written; its text is the one line to show."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"the responses cannot be written to {path}: {error.strerror or error}")


def prepare_folder(folder: Path) -> None:
    """Makes the folder of `VOV_WARC` where there is none.

    Raises:
        ArgumentError: it cannot be made, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        why = (error.strerror or str(error)) if isinstance(error, OSError) else "no folder can have that name"
        raise ArgumentError(f"-s VOV_WARC: the folder {quoted(str(folder))} cannot be made: {why}") from None
    if not is_writable:
        raise ArgumentError(f"-s VOV_WARC: nothing may be written into the folder {quoted(str(folder))}")


class WarcFiles:
    """The files of one run, each begun when the one before it is full.

    Args:
        folder: an existing one.
        begin: what a file of a given name begins with.
        largest: bytes after which a file takes nothing more.
    """

    def __init__(self, folder: Path, begin: Callable[[str], bytes], largest: int = LARGEST) -> None:
        self._folder = folder
        self._begin = begin
        self._largest = largest
        self._run = token_hex(4)
        self._serial = 0
        self._path = folder
        self._file: int | None = None
        self._lock: int | None = None
        self._length = 0
        self._is_synced = True
        self._is_torn = False
        self._failure: UnwrittenResponse | None = None

    def append(self, records: Callable[[], bytes], *, is_in_same_file: bool = False) -> None:
        """Writes whole records to the end of the file.

        Args:
            records: called once the file is there that they are written to.
            is_in_same_file: whether they are to stand in the file of what was written last, however long that is.

        Raises:
            UnwrittenResponse: they cannot be written, and none of them is; nor is anything after that.
        """
        with self._failing():
            if self._file is not None and self._length >= self._largest and not is_in_same_file:
                self._end_file()
            if self._file is None:
                self._begin_file()
            self._write(records())

    def sync(self) -> None:
        """Has all that was written be on the disk.

        Raises:
            UnwrittenResponse: something is not, now or ever since it failed.
        """
        with self._failing():
            self._sync()

    def close(self) -> None:
        """Ends the file; one that is torn, or cannot be ended, is left to be repaired by the next crawl."""
        with suppress(OSError):
            if self._file is not None and not self._is_torn:
                self._end_file()
        for descriptor in (self._file, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._file = self._lock = None

    @contextmanager
    def _failing(self) -> Iterator[None]:
        if self._failure is not None:
            raise self._failure
        try:
            yield
        except OSError as error:
            self._failure = UnwrittenResponse(self._path, error)
            raise self._failure from None

    def _begin_file(self) -> None:
        for _ in range(_TRIES):
            self._serial += 1
            name = f"vovcrawl-{datetime.now(UTC):%Y%m%d%H%M%S}-{self._run}-{self._serial:05}{SUFFIX}"
            self._path = self._folder / name
            marker = self._path.with_name(f"{name}{_MARKER}")
            self._lock = os.open(marker, os.O_RDWR | os.O_CLOEXEC | _NEW, MODE)
            if _is_locked_by_us(marker, self._lock):
                break
            os.close(self._lock)
            self._lock = None
        else:
            raise OSError(errno.EBUSY, "other crawls keep taking its files for those of a dead one")
        self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC | _NEW, MODE)
        self._length = 0
        _sync_folder(self._folder)
        self._write(self._begin(name))

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        self._is_synced = False
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            # Whoever reads the file meets whole records only.
            self._is_torn = True
            os.ftruncate(self._file, self._length)
            self._is_torn = False
            raise
        self._length += len(data)

    def _sync(self) -> None:
        if self._file is not None and not self._is_synced:
            os.fsync(self._file)
            self._is_synced = True

    def _end_file(self) -> None:
        assert self._file is not None
        assert self._lock is not None
        self._sync()
        os.close(self._file)
        self._file = None
        self._path.with_name(f"{self._path.name}{_MARKER}").unlink()
        os.close(self._lock)
        self._lock = None


def repair(folder: Path) -> list[str]:
    """Cuts what is torn off the files of crawls that were killed; what no crawl of this project left stays as it is.

    Returns:
        A line for each file that was repaired.

    Raises:
        OSError: a file cannot be repaired.
    """
    lines = []
    for marker in sorted(folder.iterdir()):
        if marker.name.endswith(_MARKER) and _OURS.fullmatch(marker.name.removesuffix(_MARKER)):
            line = _repair_marked(marker)
            if line is not None:
                lines.append(line)
    return lines


def _repair_marked(marker: Path) -> str | None:
    try:
        lock = open_regular(marker, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        # Its crawl has just ended.
        return None
    try:
        if not _is_locked_by_us(marker, lock):
            return None
        line = _cut_torn(marker.with_name(marker.name.removesuffix(_MARKER)))
        marker.unlink()
        return line
    finally:
        os.close(lock)


def _cut_torn(path: Path) -> str | None:
    try:
        descriptor = open_regular(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        length, whole = os.fstat(descriptor).st_size, whole_length(file)
        if whole == 0:
            path.unlink()
            return f"Removed {path.name}, which holds no whole record: its crawl was killed"
        if whole == length:
            return None
        os.ftruncate(descriptor, whole)
        os.fsync(descriptor)
    return f"Cut {length - whole:,} bytes of a torn record off {path.name}: its crawl was killed"


def _is_locked_by_us(marker: Path, lock: int) -> bool:
    """Locks a marker, if nobody else has; false where it is locked, or another process has removed it meanwhile."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(lock), marker.lstat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
