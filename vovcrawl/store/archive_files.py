"""How far the files of an archive are read that hold many pages, and which of their records are unread.

Such a file has one row in `pages`. A record has one of its own only as long as it is unread: its url is the file's with
what the record is behind a `#`, which the path of a file never holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, select, update

from vovcrawl.store.tables import UNFINISHED, archive_files, articles, pages
from vovcrawl.visits import Outcome, State

_FRAGMENT = "#"
_AFTER_FRAGMENT = chr(ord(_FRAGMENT) + 1)
"""Sorts after every url of a record, and before those of files whose path goes on."""

IS_RECORD: ColumnElement[bool] = and_(pages.c.kind == "file", pages.c.url.contains(_FRAGMENT, autoescape=True))
"""A condition on `pages`: the row is that of a record."""


@dataclass(frozen=True, slots=True)
class ArchiveProgress:
    """How far a file is read."""

    url: str
    """Of its row in `pages`."""
    size: int
    mark: str
    """By these it is known again, see `vovcrawl.archives.containers.Identity`."""
    position: str
    """The next record to read; '' is the first one."""
    counts: Mapping[str, int]
    """How many records were read or left out so far, by what became of them."""
    kills: int = 0
    """At how many kills the record at the position may have been in flight, as far as is known."""


@dataclass(frozen=True, slots=True)
class UnreadRecord:
    """A record that no crawl could read, and no other capture of which gave the article."""

    url: str
    reason: str | None


class ArchiveFileStore:
    """The files of archives in an open store. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, url: str) -> ArchiveProgress | None:
        """How far a file is read; None where that has not begun."""
        row = self._connection.execute(select(archive_files).where(archive_files.c.url == url)).one_or_none()
        if row is None:
            return None
        return ArchiveProgress(row.url, row.size, row.mark, row.position, json.loads(row.counts))

    def write(self, progress: ArchiveProgress) -> None:
        """Says how far a file is read."""
        values = {
            "size": progress.size,
            "mark": progress.mark,
            "position": progress.position,
            "counts": json.dumps(progress.counts, sort_keys=True),
        }
        known = update(archive_files).where(archive_files.c.url == progress.url).values(**values)
        if not self._connection.execute(known).rowcount:
            self._connection.execute(insert(archive_files).values(url=progress.url, **values))

    def queued(self, crawl: int) -> set[str]:
        """Urls of the files that a crawl has still to read."""
        waiting = select(pages.c.url).where(UNFINISHED, pages.c.state == State.QUEUED, pages.c.kind == "file")
        return set(self._connection.scalars(waiting.where(pages.c.crawl == crawl)))

    def fail(self, row: Mapping[str, Any]) -> bool:
        """Keeps a record that cannot be read, as a row of `pages`; whether that is news."""
        known = self._connection.execute(
            select(pages.c.state, pages.c.reason, pages.c.unread_since).where(pages.c.url == row["url"])
        ).one_or_none()
        if known is None:
            self._connection.execute(insert(pages).values(**row))
            return True
        values = dict(row)
        is_news = bool(known.state != State.FAILED or known.reason != row["reason"])
        if known.state == State.FAILED:
            values["unread_since"] = known.unread_since or row["unread_since"]
        for name in ("url", "first_crawl", "discovered_at"):
            del values[name]
        self._connection.execute(update(pages).where(pages.c.url == row["url"]).values(**values))
        return is_news

    def settle_earlier(self, url: str, crawl: int) -> None:
        """Settles what earlier crawls could not read of a file that this one has read to its end."""
        within = and_(pages.c.url >= url + _FRAGMENT, pages.c.url < url + _AFTER_FRAGMENT)
        self._settle(and_(within, pages.c.crawl != crawl))

    def settle_read(self) -> None:
        """Settles the unread records of articles that another capture, or the site itself, has given."""
        other = pages.alias("other")
        accounted = (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW)
        is_kept = exists().where(articles.c.canonical_url == pages.c.canonical_url)
        is_known = exists().where(other.c.url == pages.c.canonical_url, other.c.outcome.in_(accounted))
        self._settle(and_(IS_RECORD, is_kept | is_known))

    def _settle(self, which: ColumnElement[bool]) -> None:
        failed = and_(UNFINISHED, pages.c.state == State.FAILED, which)
        values = {"state": State.DONE, "outcome": Outcome.ARCHIVE, "reason": None, "unread_since": None}
        self._connection.execute(update(pages).where(failed).values(**values))

    def unread(self, urls: frozenset[str]) -> list[UnreadRecord]:
        """The unread records of these files, in the order in which they were met."""
        failed = select(pages.c.url, pages.c.reason).where(UNFINISHED, pages.c.state == State.FAILED, IS_RECORD)
        return [
            UnreadRecord(row.url, row.reason)
            for row in self._connection.execute(failed.order_by(pages.c.number))
            if row.url.partition(_FRAGMENT)[0] in urls
        ]
