"""The files that the argument `archive` names."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from vovcrawl.crawl.values import ArgumentError, items, quoted, why_unreadable

HTML_SUFFIXES = (".html", ".htm")
TEXT_SUFFIXES = (".txt",)
LATER_SUFFIXES = (".warc", ".warc.gz", ".wacz", ".jsonl", ".jsonl.gz", ".jsonl.zst")

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


@dataclass(frozen=True, slots=True)
class ArchivePaths:
    """Files to read, absolute, each once, in order."""

    files: tuple[Path, ...] = ()
    outside: frozenset[Path] = frozenset()
    """Those of them that are links which lead out of the folder that was named: they are not read."""
    skipped: int = 0
    """Files of the folders that have no readable kind."""


def archive_paths(text: str) -> ArchivePaths:
    """The files that a comma-separated list of files and folders names; a path that exists as a whole is one.

    Names need not be UTF-8: their other bytes are lone surrogates, as Python has them of the command line.

    Raises:
        ArgumentError: a file or folder is not there, cannot be read, or holds nothing readable.
    """
    files: dict[Path, None] = {}
    outside: set[Path] = set()
    skipped = 0
    for item in [text] if _mode(Path(text)) else items(text):
        path = Path(item)
        mode = _mode(path)
        if stat.S_ISDIR(mode):
            members = _members(path)
            readable = [member for member in members if member.suffix.lower() in HTML_SUFFIXES + TEXT_SUFFIXES]
            skipped += len(members) - len(readable)
            if not readable:
                raise ArgumentError(f"-a archive: the folder {quoted(item)} holds no .html or .txt file")
            files.update(dict.fromkeys(member.absolute() for member in readable))
            outside.update(member.absolute() for member in readable if _leads_out(member, path))
        elif stat.S_ISREG(mode):
            name = path.name.lower()
            if name.endswith(LATER_SUFFIXES):
                raise ArgumentError(f"-a archive: reading {quoted(path.name)} is not available in this version")
            if path.suffix.lower() not in HTML_SUFFIXES + TEXT_SUFFIXES:
                raise ArgumentError(f"-a archive: {quoted(item)} is neither .html nor .txt")
            if not os.access(path, os.R_OK):
                raise ArgumentError(f"-a archive: cannot read {quoted(item)}: permission denied")
            files[path.absolute()] = None
        else:
            raise ArgumentError(f"-a archive: there is no file or folder {quoted(item)}")
    return ArchivePaths(tuple(files), frozenset(outside), skipped)


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


def _leads_out(member: Path, folder: Path) -> bool:
    """Whether a file is a link to something outside the folder.

    A folder may come from anybody; its links are not to fetch the user's own files.
    """
    return member.is_symlink() and not Path(os.path.realpath(member)).is_relative_to(os.path.realpath(folder))
