"""What reading kept pages again found, until all of them are read: in a temporary file of this process alone.

However many pages there are, memory holds a few. The file has no name, and is gone with the process.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_TABLES = """
CREATE TABLE pages (page_hash TEXT, canonical_url TEXT, PRIMARY KEY (page_hash, canonical_url)) WITHOUT ROWID;
CREATE INDEX pages_canonical_url ON pages (canonical_url);
CREATE TABLE looked_at (page_hash TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE found (page_hash TEXT, canonical_url TEXT, place TEXT, changed TEXT, unsaid TEXT);
"""


@dataclass(frozen=True, slots=True)
class Rereading:
    """A kept page that is read otherwise than before."""

    canonical_url: str
    """What its article is kept under."""
    page_hash: str
    where: str
    """The file and the place in it, for people."""
    changed: dict[str, tuple[Any, Any]]
    """The fields of the record that another reading changes, each as it is kept and as it is read: plain values."""
    unsaid: dict[str, tuple[Any, Any]]
    """The same of fields that say nothing of the page, such as `reader_version`."""


class Rereadings:
    """The pages that a store has, and what reading them again found.

    Args:
        pages: the hash of each page with the canonical url of its article, in any order and as often as they come; the
            hash is None for an article whose page is not known.

    Raises:
        sqlite3.Error: the disk for temporary files is full.
    """

    def __init__(self, pages: Iterable[tuple[str | None, str]]) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(_TABLES)
        self._file.execute("BEGIN")
        self._file.executemany("INSERT OR IGNORE INTO pages VALUES (coalesce(?, ''), ?)", pages)

    def close(self) -> None:
        """Gives the file up."""
        self._file.close()

    def articles_of(self, page_hash: str) -> list[str]:
        """Canonical urls of the articles that have a text from this page."""
        found = self._file.execute("SELECT canonical_url FROM pages WHERE page_hash = ? ORDER BY 1", (page_hash,))
        return [url for (url,) in found]

    def holds(self, canonical_url: str) -> bool:
        """Whether the store has the article."""
        found = self._file.execute("SELECT 1 FROM pages WHERE canonical_url = ? LIMIT 1", (canonical_url,))
        return found.fetchone() is not None

    def is_first(self, page_hash: str) -> bool:
        """Whether this is asked of a page for the first time: archives hold some pages more than once."""
        return self._file.execute("INSERT OR IGNORE INTO looked_at VALUES (?)", (page_hash,)).rowcount == 1

    def add(self, found: Rereading) -> None:
        """Remembers what one page is read as."""
        written = (json.dumps(found.changed), json.dumps(found.unsaid))
        values = (found.page_hash, found.canonical_url, found.where.encode(errors="surrogateescape"), *written)
        self._file.execute("INSERT INTO found VALUES (?, ?, ?, ?, ?)", values)

    def __iter__(self) -> Iterator[Rereading]:
        """All of them, in the order in which they came."""
        for page_hash, url, where, *written in self._file.execute("SELECT * FROM found ORDER BY rowid"):
            changed, unsaid = ({name: tuple(pair) for name, pair in json.loads(one).items()} for one in written)
            yield Rereading(url, page_hash, where.decode(errors="surrogateescape"), changed, unsaid)
