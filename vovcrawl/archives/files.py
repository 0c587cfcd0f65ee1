"""Saved pages and flat texts in files: one file in, its article out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from vovcrawl.archives.paths import TEXT_SUFFIXES, ArchiveFile
from vovcrawl.cleaning.rules import Rule, use_also
from vovcrawl.opening import open_inside, read_at_most
from vovcrawl.pages import NotAnArticle, Reading, flat_text
from vovcrawl.pages import read as read_page
from vovcrawl.pages.time_expressions import tag

FILE = "file"
"""Kind of the pages of a crawl that are files of an archive."""


class UnreadableFile(Exception):
    """A file that cannot be read; its text says why."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How the files of an archive are read."""

    published: datetime | None = None
    """Publication time of flat texts that carry none."""
    largest: int = 0
    """Bytes that a file may have; 0 is no limit."""
    dates: bool = False
    """Whether the time expressions of the texts are read too."""
    own_rules: tuple[Rule, ...] = ()
    """What the user's own file adds to the rules of cleaning."""


def read_file(file: ArchiveFile, options: FileOptions) -> Reading | NotAnArticle | UnreadableFile:
    """What a file holds, or why there is no article in it. It raises neither, so that it can run in another process."""
    use_also(options.own_rules)
    try:
        reading = read(content(file, options.largest), file.name, options.published)
    except OSError as error:
        return UnreadableFile(error.strerror or str(error))
    except (NotAnArticle, UnreadableFile) as error:
        return error
    # A crawl does not ask for it, and another process would have to hand it over.
    reading.stripped.clear()
    if options.dates:
        reading.article.time_expressions = tag(reading.article)
    return reading


def read(data: bytes, name: str, published: datetime | None = None) -> Reading:
    """The article in a file, marked as from an archive.

    Args:
        data: what the file holds.
        name: its name, by whose suffix it is a saved page (`.html`, `.htm`) or a flat text (`.txt`).
        published: publication time of a flat text that carries none.

    Raises:
        UnreadableFile: it is a text in no known encoding.
        NotAnArticle: it holds no article.
    """
    if name.lower().endswith(TEXT_SUFFIXES):
        return flat_text.read(decoded(data), published=published)
    reading = read_page(data, "")
    reading.article.source = "archive"
    return reading


def content(file: ArchiveFile, largest: int) -> bytes:
    """All bytes of a file, if it still is where and what it was when it was checked."""
    descriptor = open_inside(file.folder, file.place)
    try:
        size = os.fstat(descriptor).st_size
        if not largest:
            # Whoever writes to it meanwhile could go on for ever.
            return read_at_most(descriptor, size)
        data = read_at_most(descriptor, largest + 1) if size <= largest else b""
    finally:
        os.close(descriptor)
    if size > largest or len(data) > largest:
        raise UnreadableFile(f"larger than {largest} bytes")
    return data


def decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise UnreadableFile(f"not {name} text: byte {error.start} cannot be read") from None
