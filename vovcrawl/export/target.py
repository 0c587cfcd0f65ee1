"""Where an export is to stand: it appears there whole, or not at all.

It is written into a folder with a temporary name beside the target, and renamed once it is on the disk. At every
moment a kill leaves what was there before or what is new. That folder is locked while its process lives; the next
export to the same target removes those that are not.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any

from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.export.manifest import NAME as MANIFEST
from vovcrawl.export.manifest import fits, is_manifest, write_manifest
from vovcrawl.export.stopping import uninterrupted
from vovcrawl.opening import open_regular
from vovcrawl.work_folders import EXCHANGE, NO_REPLACE, locked, rename, sync

_CONTENT, _REPLACED = "content", "replaced"
"""Names in a temporary folder: what is written, and a folder that had to make room for it."""

_TRIES = 10
"""Temporary folders that are made at most: one may be taken for that of a dead process before it is locked."""

_SQLITE = b"SQLite format 3\0"


class Target:
    """Where an export is to stand; within `with`, a place where it is written.

    Args:
        given: its path.
        is_folder: whether the export is a folder.
        force: whether an export that is there is replaced.
    """

    def __init__(self, given: str, *, is_folder: bool, force: bool) -> None:
        self._given = given
        self.path = Path(given).absolute()
        self._is_folder = is_folder
        self._force = force
        self._manifest = self.path / MANIFEST if is_folder else self.path.parent / f"{self.path.name}.{MANIFEST}"
        self._work = self.path
        self._lock = -1

    def check(self) -> None:
        """Sees to it that the export may be put there.

        Raises:
            ArgumentError: something is there that is not to be replaced, or nothing can be written there.
        """
        folder = self.path.parent
        if self.path.name in ("", ".."):
            raise ArgumentError(f"-o: {quoted(self._given)} names no {'folder' if self._is_folder else 'file'} to make")
        try:
            if not folder.is_dir():
                raise ArgumentError(f"-o: there is no folder {quoted(str(folder))}")
            if not os.access(folder, os.W_OK | os.X_OK):
                raise ArgumentError(f"-o: nothing may be written into the folder {quoted(str(folder))}")
            self._remove_remains()
            self._check_what_is_there()
        except (OSError, ValueError) as error:
            if isinstance(error, ArgumentError):
                raise
            why = error.strerror if isinstance(error, OSError) else "no file can have that name"
            raise ArgumentError(f"-o: {quoted(self._given)} cannot be written: {why}") from None

    def _check_what_is_there(self) -> None:
        found = _status(self.path)
        called = f"-o: {quoted(self._given)}"
        if found is not None:
            if not self._force:
                raise ArgumentError(f"{called} is there already; right would be another path, or --force to replace it")
            if stat.S_ISLNK(found.st_mode):
                raise ArgumentError(f"{called} is a symbolic link; right would be the path that it leads to")
            if self._is_folder:
                if not stat.S_ISDIR(found.st_mode):
                    raise ArgumentError(f"{called} is no folder, and is not replaced by one")
                if not is_manifest(self._manifest) and any(self.path.iterdir()):
                    raise ArgumentError(f"{called} is a folder without the {MANIFEST} of an export: not replaced")
            elif not stat.S_ISREG(found.st_mode):
                raise ArgumentError(f"{called} is no file, and is not replaced by one")
            elif _is_database(self.path) and not is_manifest(self._manifest):
                raise ArgumentError(f"{called} is a database without the manifest of an export: not replaced")
        if not self._is_folder and _status(self._manifest) is not None and not is_manifest(self._manifest):
            raise ArgumentError(f"{quoted(str(self._manifest))} is no manifest of an export, and is not replaced")

    def __enter__(self) -> Target:
        try:
            self._make_work()
            if self._is_folder:
                self.place.mkdir()
        except BaseException:
            self._clear()
            raise
        return self

    def _make_work(self) -> None:
        for _ in range(_TRIES):
            # A signal in between would leave the folder; one that has waited is raised at the end of this.
            with uninterrupted():
                work = self.path.with_name(f".{self.path.name}.{token_hex(4)}.export")
                work.mkdir(0o700)
                if (lock := locked(work)) is not None:
                    self._work, self._lock = work, lock
                    return
        raise OSError(errno.EBUSY, "other exports to the same path keep removing what is written", self._given)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def _clear(self) -> None:
        if self._lock < 0:
            return
        with uninterrupted():
            shutil.rmtree(self._work, ignore_errors=True)
            os.close(self._lock)

    @property
    def place(self) -> Path:
        """The file to write, or the folder to fill."""
        return self._work / _CONTENT

    def beside(self, name: str) -> Path:
        """A path for what is needed only while the export is made."""
        return self._work / name

    def _files(self) -> Iterator[tuple[str, Path]]:
        """What was written, by the names that the manifest has for it, in the order of these."""
        if not self._is_folder:
            yield self.path.name, self.place
            return
        for name in sorted(_files_below(self.place)):
            yield name, self.place / name

    def install(self, said: dict[str, Any]) -> None:
        """Puts what was written in its place, and its manifest beside or into it.

        Args:
            said: what the manifest says, see `vovcrawl.export.manifest.described`.

        Raises:
            ArgumentError: something has come there in the meantime that is not to be replaced.
            OSError: it cannot be put there.
        """
        written = self._work / MANIFEST
        write_manifest(written, said, self._files())
        if self._is_folder:
            written.rename(self.place / MANIFEST)
            # One call for a hundred thousand files; each by itself would take minutes.
            os.sync()
        else:
            sync(self.place)
            sync(written)
        with uninterrupted():
            self.check()
            if self._is_folder:
                self._put_folder()
            else:
                # In this order no manifest ever stands beside a file that it does not fit.
                self._manifest.unlink(missing_ok=True)
                self._put_new() if not self._force else self.place.replace(self.path)
                written.replace(self._manifest)
            sync(self.path.parent)

    def _put_folder(self) -> None:
        if _status(self.path) is None:
            self._put_new()
        elif not rename(self.place, self.path, EXCHANGE):
            self.path.rename(self._work / _REPLACED)
            self.place.rename(self.path)

    def _put_new(self) -> None:
        try:
            if not rename(self.place, self.path, NO_REPLACE):
                self.place.rename(self.path)
        except FileExistsError:
            raise ArgumentError(f"-o: {quoted(self._given)} was made by another program in the meantime") from None

    def _remove_remains(self) -> None:
        """Removes what exports to the same target left that were killed."""
        named = re.compile(rf"\.{re.escape(self.path.name)}\.[0-9a-f]{{8}}\.export")
        # Nothing of it matters to this export.
        with suppress(OSError):
            for work in [path for path in self.path.parent.iterdir() if named.fullmatch(path.name)]:
                lock = locked(work)
                if lock is None:
                    continue
                with suppress(OSError):
                    self._complete(work)
                shutil.rmtree(work, ignore_errors=True)
                os.close(lock)

    def _complete(self, work: Path) -> None:
        """Does what a process that was killed between two renames had still to do."""
        if _status(self.path) is None and _status(work / _REPLACED) is not None:
            # The system knows no exchange.
            (work / _REPLACED).rename(self.path)
        elif not self._is_folder and _status(self._manifest) is None and fits(work / MANIFEST, self.path):
            (work / MANIFEST).rename(self._manifest)


def _is_database(path: Path) -> bool:
    """Whether a file is one of SQLite, as stores are."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _status(path: Path) -> os.stat_result | None:
    """What is there by that very name; None for nothing."""
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _files_below(folder: Path) -> Iterator[str]:
    """The files in a folder and in those within, by their paths from there with slashes."""
    for parent, _, names in os.walk(folder):
        above = Path(parent).relative_to(folder).as_posix()
        yield from (name if above == "." else f"{above}/{name}" for name in names)
