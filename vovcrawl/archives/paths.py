"""The files that the argument `archive` names."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vovcrawl.crawl.values import ArgumentError, items, quoted, why_unreadable

HTML_SUFFIXES = (".html", ".htm")
TEXT_SUFFIXES = (".txt",)
WARC_SUFFIXES = (".warc", ".warc.gz")
WACZ_SUFFIXES = (".wacz",)
JSON_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_READABLE = (*HTML_SUFFIXES, *TEXT_SUFFIXES, *WARC_SUFFIXES, *WACZ_SUFFIXES, *JSON_SUFFIXES)
READABLE = ".html, .txt, .warc[.gz], .wacz or .jsonl[.gz|.zst]"
"""What is read, for messages."""

CONTAINER_SUFFIXES = (*WARC_SUFFIXES, *WACZ_SUFFIXES, *JSON_SUFFIXES)
"""Of files that hold many pages."""

_BYTES_OF_A_PAGE = 5_000
"""Packed, at least."""

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of an archive, as it was checked."""

    name: str
    """Its own name; a link's target may have another one."""
    folder: str
    """Real path of the folder that was named, or that holds the file that was."""
    place: str
    """Path of what is read from there, with no link on the way."""

    @classmethod
    def of(cls, path: Path) -> ArchiveFile:
        """A file that the user named, wherever links lead to it."""
        folder, place = os.path.split(os.path.realpath(path))
        return cls(path.name, folder, place)


@dataclass(frozen=True, slots=True)
class ArchivePaths:
    """Files to read."""

    found: dict[Path, ArchiveFile | None] = field(default_factory=dict)
    """By their absolute paths, in order; None is a link that leads out of the folder that was named: it is not read."""
    skipped: int = 0
    """Files of the folders that have no readable kind."""

    container_bytes: int = 0
    """How large those are together that hold many pages."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The paths alone."""
        return tuple(self.found)

    @property
    def pages_expected(self) -> int:
        """How many pages there may be, for whoever prepares to read them."""
        return len(self.found) + self.container_bytes // _BYTES_OF_A_PAGE


def archive_paths(text: str) -> ArchivePaths:
    """The files that a comma-separated list of files and folders names; a path that exists as a whole is one.

    Names need not be UTF-8: their other bytes are lone surrogates, as Python has them of the command line.

    Raises:
        ArgumentError: a file or folder is not there, cannot be read, or holds nothing readable.
    """
    found: dict[Path, ArchiveFile | None] = {}
    skipped = 0
    for item in [text] if _mode(Path(text)) else items(text):
        path = Path(item)
        mode = _mode(path)
        if stat.S_ISDIR(mode):
            members = _members(path)
            readable = [member for member in members if member.name.lower().endswith(_READABLE)]
            skipped += len(members) - len(readable)
            if not readable:
                raise ArgumentError(f"-a archive: the folder {quoted(item)} holds no file that is {READABLE}")
            folder = os.path.realpath(path)
            for member in readable:
                # What is named by itself too, the user wants.
                found.setdefault(member.absolute(), _inside(folder, member.relative_to(path)))
        elif stat.S_ISREG(mode):
            if not path.name.lower().endswith(_READABLE):
                raise ArgumentError(f"-a archive: {quoted(item)} is not {READABLE}")
            if not os.access(path, os.R_OK):
                raise ArgumentError(f"-a archive: cannot read {quoted(item)}: permission denied")
            found[path.absolute()] = ArchiveFile.of(path)
        else:
            raise ArgumentError(f"-a archive: there is no file or folder {quoted(item)}")
    return ArchivePaths(
        found, skipped, sum(size_of(path) for path in found if path.name.lower().endswith(CONTAINER_SUFFIXES))
    )


def written_to(path: Path) -> str | None:
    """When a file of many pages was last written to, by which it is told whether it is to be read again: ISO 8601 in
    UTC. None of other files."""
    if not path.name.lower().endswith(CONTAINER_SUFFIXES):
        return None
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    except (OSError, ValueError, OverflowError):
        return None


def size_of(path: Path) -> int:
    """How many bytes a file has; 0 where that cannot be known: reading it says what is wrong."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _members(folder: Path) -> list[Path]:
    """Everything below a folder that may be read: no folders, pipes or devices, but links that lead nowhere."""

    def refuse(error: OSError) -> None:
        raise ArgumentError(f"-a archive: cannot read {quoted(str(error.filename))}: {why_unreadable(error)}") from None

    members = (Path(parent, name) for parent, _, names in os.walk(folder, onerror=refuse) for name in names)
    return sorted(member for member in members if _may_be_file(member))


def _may_be_file(member: Path) -> bool:
    """Whether it is a file, as far as can be seen."""
    try:
        mode = member.stat().st_mode
    except OSError:
        # Reading it says what is wrong.
        return True
    return stat.S_ISREG(mode)


def _mode(path: Path) -> int:
    """The mode of a file or folder; 0 where there is none."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return 0
        raise ArgumentError(f"-a archive: cannot read {quoted(str(path))}: {why_unreadable(error)}") from None
    except ValueError:
        # No name of a file holds a null character.
        return 0


def _inside(folder: str, place: Path) -> ArchiveFile | None:
    """A file of a folder; None for a link to something outside.

    A folder may come from anybody; its links are not to fetch the user's own files.

    Args:
        folder: its real path.
        place: path of the file from there; only the file itself may be a link.
    """
    member = Path(folder, place)
    if not member.is_symlink():
        return ArchiveFile(place.name, folder, str(place))
    real = Path(os.path.realpath(member))
    return ArchiveFile(place.name, folder, str(real.relative_to(folder))) if real.is_relative_to(folder) else None
