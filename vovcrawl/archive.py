"""Reading saved pages and flat texts from files: no network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from vovcrawl.arguments import TEXT_SUFFIXES
from vovcrawl.pages import Reading, flat_text
from vovcrawl.pages import read as read_page

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is read, as for a page of the site."""


class Unreadable(Exception):
    """A file that cannot be read; its text says why."""


def read(path: Path, published: datetime | None = None) -> Reading:
    """The article in a file, marked as from an archive.

    Args:
        path: a saved page (`.html`, `.htm`) or a flat text (`.txt`).
        published: publication time of a flat text that carries none.

    Raises:
        Unreadable: the file cannot be opened, is too large, or is a text in no known encoding.
        NotAnArticle: it holds no article.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"larger than {LARGEST // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None
    if path.suffix.lower() in TEXT_SUFFIXES:
        return flat_text.read(_decoded(data), published=published)
    reading = read_page(data, "")
    reading.article.source = "archive"
    return reading


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise Unreadable(f"not {name} text: byte {error.start} cannot be read") from None
