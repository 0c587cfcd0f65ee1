"""The files that a dataset is made of, on this machine or on object storage."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fsspec

from vovcrawl.archives.containers import is_container
from vovcrawl.archives.paths import CONTAINER_SUFFIXES, ArchiveFile, archive_paths, size_of
from vovcrawl.archives.unpacking import FileSource, Source
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.masking import masked
from vovcrawl.opening import open_inside

READABLE_ELSEWHERE = ".warc[.gz], .wacz or .jsonl[.gz|.zst]"
"""What is read on object storage, for messages."""

_PATTERN = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Input:
    """One file. It can be handed over to another process, which opens it anew."""

    path: str
    """Where it is, for people: a path, or a url without secrets."""
    name: str
    """Its own name, by whose suffix it is read."""
    size: int
    """In bytes."""
    local: ArchiveFile | None = None
    """None of a file on object storage, and of a link that leads out of the folder that was named."""
    url: str | None = None
    """None of a file on this machine."""
    storage_options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What fsspec gets beside the url, such as keys."""
    is_named: bool = False
    """Whether the user named it, and no folder that it is in."""

    @property
    def holds_many(self) -> bool:
        """Whether it holds many pages."""
        return is_container(self.name)


class _RemoteSource:
    """A file on object storage."""

    def __init__(self, opened: Any, size: int) -> None:
        self._opened = opened
        self.size = size

    def read_at(self, offset: int, count: int) -> bytes:
        """See `Source`."""
        try:
            if self._opened.tell() != offset:
                self._opened.seek(offset)
            found: bytes = self._opened.read(max(0, min(count, self.size - offset)))
        except OSError:
            raise
        except Exception as error:
            raise _failed(error) from None
        return found


@contextmanager
def opened(one: Input) -> Iterator[Source]:
    """The bytes of a file, as long as it is open.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    if one.url is not None:
        try:
            files, path = fsspec.core.url_to_fs(one.url, **one.storage_options)
            file = files.open(path, "rb")
        except OSError:
            raise
        except Exception as error:
            raise _failed(error) from None
        with file:
            yield _RemoteSource(file, int(file.size))
        return
    if one.local is None:
        raise OSError("a link that leads out of the archive's folder")
    descriptor = open_inside(one.local.folder, one.local.place)
    try:
        yield FileSource(descriptor)
    finally:
        os.close(descriptor)


def find(paths: Sequence[str | os.PathLike[str]], storage_options: Mapping[str, Any] | None = None) -> list[Input]:
    """The files that are named: each once, those of a folder by name.

    Args:
        paths: files and folders; urls of files, folders or patterns, as fsspec has them: `s3://bucket/*.warc.gz`.
        storage_options: what fsspec gets beside each url.

    Raises:
        ArgumentError: one is not there, cannot be read, or holds nothing readable.
    """
    if not paths:
        raise ArgumentError("no archive is named; right would be the paths of files or folders")
    found: dict[str, Input] = {}
    for path in [os.fspath(path) for path in paths]:
        for one in _elsewhere(path, storage_options or {}) if "://" in path else _here(path):
            found.setdefault(one.path, one)
    return list(found.values())


def _here(path: str) -> Iterator[Input]:
    try:
        listed = archive_paths(path)
    except ArgumentError as error:
        raise ArgumentError(str(error).removeprefix("-a archive: ")) from None
    for place, file in listed.found.items():
        is_named = place == Path(path).absolute()
        yield Input(str(place), place.name, size_of(place), file, is_named=is_named)


def _elsewhere(url: str, storage_options: Mapping[str, Any]) -> Iterator[Input]:
    try:
        files, path = fsspec.core.url_to_fs(url, **storage_options)
        is_folder = not _PATTERN.intersection(path) and files.isdir(path)
        places = sorted(files.glob(path)) if _PATTERN.intersection(path) else sorted(files.find(path))
        sizes = {place: int(files.size(place) or 0) for place in places if place.lower().endswith(CONTAINER_SUFFIXES)}
    except ImportError as error:
        raise ArgumentError(f"{quoted(url)} cannot be read: {masked(str(error))}") from None
    except Exception as error:
        raise ArgumentError(f"{quoted(url)} cannot be read: {_failed(error)}") from None
    if not places:
        raise ArgumentError(f"there is no file or folder {quoted(url)}")
    if not sizes:
        what = "the folder " if is_folder else ""
        raise ArgumentError(f"{what}{quoted(url)} holds no file that is {READABLE_ELSEWHERE}")
    for place, size in sizes.items():
        whole = files.unstrip_protocol(place)
        yield Input(masked(whole), place.rpartition("/")[2], size, None, whole, storage_options, len(places) == 1)


def _failed(error: Exception) -> OSError:
    """What a library for some object storage says, in one line without secrets: each has errors of its own."""
    if isinstance(error, FileNotFoundError):
        return OSError("no such file")
    text = ""
    with suppress(Exception):
        text = " ".join(str(error).split())[:200]
    return OSError(masked(f"{type(error).__name__}: {text}" if text else type(error).__name__))
