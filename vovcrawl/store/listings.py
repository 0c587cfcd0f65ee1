"""What is known of whole listings: how much of each has been kept, and what waits for its articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from vovcrawl.store.crawls import leave_claims
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.revisit import RevisitPolicy
from vovcrawl.store.tables import UNFINISHED, pages
from vovcrawl.visits import FAILURES, ListingEnd, Outcome, Reach, State

_CHUNK = 400
"""Urls asked for in one statement; databases bound the number of values."""

_SETTLED = tuple(outcome for outcome in Outcome if outcome not in FAILURES)
_READ = (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW, Outcome.ALIAS)


class ListingStore:
    """The listings of an open store, as one crawl sees them.

    Args:
        connection: of the open store.
        crawl: the crawl's number.
        reach: what the crawl keeps of a listing.
        policy: which known pages the crawl visits again.
    """

    def __init__(
        self,
        connection: Connection,
        crawl: int,
        reach: Reach,
        policy: RevisitPolicy | None = None,
    ) -> None:
        self._connection = connection
        self.crawl = crawl
        self.reach = reach
        self._policy = policy if policy is not None else RevisitPolicy()
        listed = pages.c.url.in_(bindparam("urls", expanding=True))
        self._covered = Prepared(connection, select(pages.c.covered).where(pages.c.url == bindparam("key")))
        self._cover = Prepared(connection, update(pages).where(pages.c.url == bindparam("key")), ["covered"])
        self._count_known = Prepared(
            connection,
            select(func.count())
            .select_from(pages)
            .where(listed, pages.c.first_crawl < bindparam("this_crawl"), pages.c.outcome.in_(_SETTLED)),
        )
        self._find_published = Prepared(
            connection, select(pages.c.published).where(listed, pages.c.outcome == Outcome.ARTICLE)
        )
        self._find_read = Prepared(
            connection, select(pages.c.number).where(listed, pages.c.outcome.in_(_READ)).limit(1)
        )

    def covered(self, page: str) -> Reach | None:
        """What earlier crawls have kept of the whole listing that `page` belongs to; None where a gap may be left."""
        return read_reach(self._covered.scalar({"key": page}))

    def suffices(self, covered: Reach | None) -> bool:
        """Whether this crawl would keep nothing of the known part of a listing that is covered so far.

        Only then may it end at a page of known articles.
        """
        return covered is not None and covered.contains(self.reach)

    def all_known(self, articles: Sequence[str]) -> bool:
        """Whether every one of these articles was settled by an earlier crawl."""
        known = 0
        for start in range(0, len(articles), _CHUNK):
            batch = articles[start : start + _CHUNK]
            known += self._count_known.scalar({"urls": batch, "this_crawl": self.crawl})
        return bool(articles) and known == len(articles)

    def any_edited(self, articles: Sequence[str]) -> bool:
        """Whether one of these articles may have been edited since it was read, and nothing but a visit can tell."""
        return any(
            row.published and self._policy.may_be_stale(row.published)
            for start in range(0, len(articles), _CHUNK)
            for row in self._find_published.rows({"urls": articles[start : start + _CHUNK]})
        )

    def any_read(self, articles: Sequence[str]) -> bool:
        """Whether one of these articles was read, by this crawl or an earlier one."""
        return any(
            self._find_read.first({"urls": articles[start : start + _CHUNK]}) is not None
            for start in range(0, len(articles), _CHUNK)
        )

    def end(self, end: ListingEnd) -> int:
        """Keeps what a page said of the whole listing; the number of failed pages that are queued again."""
        self._cover.run({"key": end.first, "covered": write_reach(self.reach if end.whole else None)})
        return self._retry_failed(end.first) if end.retry_failed else 0

    def _retry_failed(self, listing: str) -> int:
        """Queues again what an earlier crawl could not read of a listing whose known part is not walked again.

        That is what was discovered on the listing, on its articles, or lies below its path.
        """
        of_listing = (pages.c.discovered_on == listing) | pages.c.discovered_on.startswith(
            f"{listing}?", autoescape=True
        )
        listed = select(pages.c.url).where(of_listing)
        failed = and_(
            UNFINISHED,
            pages.c.state == State.FAILED,
            pages.c.kind == "article",
            pages.c.crawl != self.crawl,
            pages.c.depth <= self.reach.related,
            of_listing | pages.c.discovered_on.in_(listed) | pages.c.url.startswith(f"{listing}/", autoescape=True),
        )
        rows = self._connection.execute(
            select(pages.c.number, pages.c.outcome, pages.c.visited_at, pages.c.unread_since).where(failed)
        )
        # What the site says is gone has its pauses; what failed is tried again by every crawl.
        due = [row.number for row in rows if row.outcome != Outcome.GONE or self._policy.is_due(row)]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for start in range(0, len(due), _CHUNK):
            these = pages.c.number.in_(due[start : start + _CHUNK])
            leave_claims(self._connection, self.crawl, these)
            values = {"state": State.QUEUED, "crawl": self.crawl, "changed_at": now}
            self._connection.execute(update(pages).where(these).values(**values))
        return len(due)


def write_reach(reach: Reach | None) -> str | None:
    """A reach as the store holds it."""
    return json.dumps(astuple(reach)) if reach is not None else None


def read_reach(written: Any) -> Reach | None:
    """A reach from the store."""
    return Reach(*json.loads(written)) if written else None
