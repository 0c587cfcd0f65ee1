"""A file that appears whole or not at all.

It is written beside its place under a temporary name, locked while its process lives, and renamed once it is on the
disk. What a process left that was killed is removed by the next one that writes to the same place.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import BinaryIO

from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.opening import open_regular
from vovcrawl.store.place import MODE


class NewFile:
    """A file to be made; within `with` it is written.

    Args:
        given: its path.
        force: whether a file that is there is replaced.
    """

    file: BinaryIO
    """To write to and seek in."""

    def __init__(self, given: str, *, force: bool) -> None:
        self._given = given
        self.path = Path(given).absolute()
        self.folder = self.path.parent
        self._force = force
        self._work = self.path

    def check(self) -> None:
        """Sees to it that the file may be put there.

        Raises:
            ArgumentError: something is there that is not to be replaced, or nothing can be written there.
        """
        given = quoted(self._given)
        try:
            if not self.folder.is_dir():
                raise ArgumentError(f"-o: there is no folder {quoted(str(self.folder))}")
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise ArgumentError(f"-o: nothing may be written into the folder {quoted(str(self.folder))}")
            found = _status(self.path)
            if found is not None and not self._force:
                raise ArgumentError(
                    f"-o: {given} is there already; right would be another path, or --force to replace it"
                )
            if found is not None and not stat.S_ISREG(found.st_mode):
                raise ArgumentError(f"-o: {given} is no file, and is not replaced by one")
        except (OSError, ValueError) as error:
            if isinstance(error, ArgumentError):
                raise
            why = error.strerror if isinstance(error, OSError) else "no file can have that name"
            raise ArgumentError(f"-o: {given} cannot be written: {why}") from None

    def __enter__(self) -> NewFile:
        self._remove_remains()
        self._work = self.path.with_name(f".{self.path.name}.{token_hex(4)}.part")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._work, flags, MODE)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self.file = os.fdopen(descriptor, "w+b")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._work.unlink(missing_ok=True)
        with suppress(OSError):
            self.file.close()

    def install(self) -> None:
        """Puts what was written in its place.

        Raises:
            ArgumentError: something has come there meanwhile that is not to be replaced.
            OSError: it cannot be put there.
        """
        self.file.flush()
        os.fsync(self.file.fileno())
        self.check()
        self._work.replace(self.path)
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _remove_remains(self) -> None:
        named = re.compile(rf"\.{re.escape(self.path.name)}\.[0-9a-f]{{8}}\.part")
        for left in [path for path in self.folder.iterdir() if named.fullmatch(path.name)]:
            # Nothing of it matters to this file.
            with suppress(OSError):
                descriptor = open_regular(left, os.O_RDWR | os.O_NOFOLLOW)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    left.unlink()
                finally:
                    os.close(descriptor)


def _status(path: Path) -> os.stat_result | None:
    """What is there by that very name; None for nothing."""
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
