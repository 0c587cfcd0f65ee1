"""Saved pages and flat texts in files: one file in, its article out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vovcrawl import search_tokens
from vovcrawl.archives.paths import TEXT_SUFFIXES, ArchiveFile
from vovcrawl.archives.records import Capture, Packed, Skipped, unpack
from vovcrawl.cleaning.rules import Rule, use_also
from vovcrawl.evidence import Evidence
from vovcrawl.near_duplicates import Words, words_of
from vovcrawl.opening import open_inside, read_at_most
from vovcrawl.pages import NotAnArticle, Reading
from vovcrawl.pages.time_expressions import tag
from vovcrawl.search_tokens import Document

FIELDS = ("text", "url", "published", "captured")
"""What a line of JSON Lines can say: the text, its url, when it was published, and when it was captured."""

FILE = "file"
"""Kind of the pages of a crawl that are files of an archive."""


class UnreadableFile(Exception):
    """A file that cannot be read; its text says why."""


class OwnRecords(UnreadableFile):
    """A file of records that this program wrote: there is no page or text in it to read."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How the files of an archive are read."""

    published: datetime | None = None
    """Publication time of flat texts that carry none."""
    largest: int = 0
    """Bytes that a file may have; 0 is no limit."""
    dates: bool = False
    """Whether the time expressions of the texts are read too."""
    document: bool = False
    """Whether what a search index has of an article is made too."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """By which names the fields of JSON Lines are found, where they have other ones than usual; keys as in `FIELDS`."""
    own_rules: tuple[Rule, ...] = ()
    """What the user's own file adds to the rules of cleaning."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article, and what it was read from."""

    reading: Reading
    evidence: Evidence
    words: Words
    """By what near-duplicates of its text are found."""
    document: Document | None
    """What a search index has of it, if that was asked for."""


def read_one(one: ArchiveFile | Packed, options: FileOptions) -> Found | NotAnArticle | UnreadableFile | Skipped:
    """What a file or a record holds, or why there is no article in it. It raises neither, so that it can run in another
    process."""
    use_also(options.own_rules)
    try:
        if isinstance(one, Packed):
            capture = unpack(one, options.largest)
            if isinstance(capture, Skipped):
                return capture
        else:
            capture = capture_of(one, options, one.name)
        reading = capture.read()
    except OSError as error:
        return UnreadableFile(error.strerror or str(error))
    except (NotAnArticle, UnreadableFile) as error:
        return error
    # A crawl does not ask for it, and another process would have to hand it over.
    reading.stripped.clear()
    if options.dates:
        reading.article.time_expressions = tag(reading.article)
    article = reading.article
    return Found(
        reading,
        capture.evidence,
        words_of(article.headline, article.description, article.body),
        search_tokens.document(article) if options.document else None,
    )


def capture_of(file: ArchiveFile, options: FileOptions, where: str) -> Capture:
    """The page or text that is a file by itself.

    Args:
        file: where it is.
        options: how it is read.
        where: the same, for people.

    Raises:
        UnreadableFile: it is too large, or a text in no known encoding.
        OSError: it cannot be read.
    """
    data = content(file, options.largest)
    if file.name.lower().endswith(TEXT_SUFFIXES):
        return Capture(None, decoded(data).encode(), where, is_text=True, published=options.published)
    return Capture(None, data, where)


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
        return Capture(None, decoded(data).encode(), name, is_text=True, published=published).read()
    return Capture(None, data, name).read()


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
