"""The files that the argument `archive` names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from vovcrawl.crawl.values import ArgumentError, items, quoted, why_unreadable

HTML_SUFFIXES = (".html", ".htm")
TEXT_SUFFIXES = (".txt",)
LATER_SUFFIXES = (".warc", ".warc.gz", ".wacz", ".jsonl", ".jsonl.gz", ".jsonl.zst")

_LONGEST_NAME = 255
"""Bytes in the longest name of a file that usual file systems hold."""


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

    Raises:
        ArgumentError: a file or folder is not there, cannot be read, or holds nothing readable.
    """
    files: dict[Path, None] = {}
    outside: set[Path] = set()
    skipped = 0
    whole = len(Path(text).name.encode()) <= _LONGEST_NAME and Path(text).exists()
    for item in [text] if whole else items(text):
        path = Path(item)
        if len(path.name.encode()) > _LONGEST_NAME:
            raise ArgumentError(f"-a archive: there is no file or folder {quoted(item)}")
        if path.is_dir():
            members = _members(path)
            readable = [member for member in members if member.suffix.lower() in HTML_SUFFIXES + TEXT_SUFFIXES]
            skipped += len(members) - len(readable)
            if not readable:
                raise ArgumentError(f"-a archive: the folder {quoted(item)} holds no .html or .txt file")
            files.update(dict.fromkeys(member.absolute() for member in readable))
            outside.update(member.absolute() for member in readable if _leads_out(member, path))
        elif path.is_file():
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

    return sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=refuse)
        for name in names
        if (member := Path(parent, name)).is_file() or not member.exists()
    )


def _leads_out(member: Path, folder: Path) -> bool:
    """Whether a file is a link to something outside the folder.

    A folder may come from anybody; its links are not to fetch the user's own files.
    """
    return member.is_symlink() and not Path(os.path.realpath(member)).is_relative_to(os.path.realpath(folder))
