"""Keeping what a visit gave: everything in one transaction.

Invariant: a page is marked done in the same transaction that keeps its article or its failure and every page discovered
on it. So a crawl that dies at any moment loses nothing but the visits it was making; what was in flight is queued again
when the crawl is resumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from vovcrawl.store.articles import ArticleStore, Kept
from vovcrawl.store.crawls import leave_claims
from vovcrawl.store.database import wait_for_the_disk
from vovcrawl.store.frontier import Frontier, Page, utc_now
from vovcrawl.store.listings import ListingStore
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import REDIRECTED, articles, pages
from vovcrawl.visits import Discovered, Outcome, VisitResult

_MOST_REDIRECTS = 20


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """What keeping a visit's result did."""

    article: Kept | None = None
    """What became of its article; None where it gave none."""
    queued_again: int = 0
    """Failed pages of a listing that are to be tried again."""


class VisitStore:
    """The one place that ends visits.

    Args:
        connection: of the open store.
        frontier: the queue that handed the pages out.
        listings: what the crawl knows of listings.
        article_store: keeps the articles.
    """

    def __init__(
        self, connection: Connection, frontier: Frontier, listings: ListingStore, article_store: ArticleStore
    ) -> None:
        self._connection = connection
        self._frontier = frontier
        self._listings = listings
        self._articles = article_store
        of_url = update(pages).where(pages.c.url == bindparam("key"))
        ended = ["state", "outcome", "reason", "status", "changed_at"]
        known = ["canonical_url", "published"]
        self._end = Prepared(connection, of_url, ended)
        self._end_with_article = Prepared(connection, of_url, [*ended, *known, "etag", "last_modified"])

    def keep(self, result: VisitResult) -> KeptVisit:
        """Keeps a result and marks its page, committed at once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the store failed; nothing of the result is kept.
        """
        kept = self._write(result)
        self._connection.commit()
        if not self._frontier.in_flight:
            # The next mark "in flight" need not survive a power cut: a page without it is queued still.
            wait_for_the_disk(self._connection, False)
        return kept

    def keep_all(self, results: list[VisitResult]) -> list[KeptVisit]:
        """Keeps several results in one transaction; as `keep`."""
        kept = [self._write(result) for result in results]
        self._connection.commit()
        return kept

    def _write(self, result: VisitResult) -> KeptVisit:
        self._frontier.settle()
        self._frontier.add(result.discovered)
        page = self._frontier.in_flight.get(result.url)
        if result.unchanged and page is not None:
            self._frontier.add(self._frontier.related_of(result.url))
            self._articles.seen(page.canonical_url or result.url)
        kept = self._articles.keep(result.article) if result.article is not None else None
        if result.article is not None:
            result.canonical_url = result.article.canonical_url
            result.published = result.article.date_published
        again = self._listings.end(result.listing) if result.listing is not None else 0
        now = utc_now()
        if result.published is not None:
            self._frontier.ids.learn(result.canonical_url or result.url, result.published)
        self._mark(result, page, now)
        if result.outcome in (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW):
            self._settle_canonical(result, page, now)
        if result.outcome is Outcome.GONE or (page is not None and page.outcome == Outcome.GONE):
            self._mark_gone(result, page, now)
        self._frontier.in_flight.pop(result.url, None)
        return KeptVisit(kept, again)

    def _mark(self, result: VisitResult, page: Page | None, now: str) -> None:
        values: dict[str, Any] = {
            "key": result.url,
            "state": result.outcome.state,
            "outcome": result.outcome,
            "reason": result.reason,
            "status": result.status,
            "changed_at": now,
        }
        if result.outcome is Outcome.ARTICLE and not result.unchanged and page is not None:
            values |= {"etag": result.etag, "last_modified": result.last_modified}
            values |= {"canonical_url": result.canonical_url, "published": result.published}
            self._end_with_article.run(values)
            return
        self._end.run(values)
        known = {name: value for name in ("canonical_url", "published") if (value := getattr(result, name)) is not None}
        if known:
            self._connection.execute(update(pages).where(pages.c.url == result.url).values(known))

    def _mark_gone(self, result: VisitResult, page: Page | None, now: str) -> None:
        """Says of a kept article that the site has it no more, or has it again."""
        key = result.canonical_url or (page.canonical_url if page is not None else None) or result.url
        gone = now if result.outcome is Outcome.GONE else None
        condition = articles.c.gone_at.is_(None) if gone else articles.c.gone_at.is_not(None)
        statement = update(articles).where(articles.c.canonical_url == key, condition)
        self._connection.execute(statement.values(gone_at=gone))

    def _settle_canonical(self, result: VisitResult, page: Page | None, now: str) -> None:
        """The page's canonical url, when it is another one, needs no visit of its own."""
        target = result.canonical_url
        if page is None or not target or target == result.url or target in self._frontier.in_flight:
            return
        settled = {
            "state": result.outcome.state,
            "outcome": result.outcome,
            "canonical_url": target,
            "published": result.published,
            "changed_at": now,
        }
        known = self._connection.execute(select(pages.c.number).where(pages.c.url == target)).first()
        if known is not None:
            leave_claims(self._connection, self._frontier.crawl, pages.c.url == target)
            place = {"crawl": self._frontier.crawl, "depth": page.depth}
            self._connection.execute(update(pages).where(pages.c.url == target).values(**place, **settled))
        elif target.startswith("https://"):
            self._frontier.insert_settled(Discovered(target, page.kind, discovered_on=result.url), page.depth, settled)

    def redirects(self, url: str, target: str) -> int | None:
        """How many redirects of this crawl led to `url`, which redirects to `target`; None if they lead in a circle."""
        count = 0
        row = self._redirect(pages.c.url == target)
        while row is not None and count < _MOST_REDIRECTS:
            if row.canonical_url == url:
                return None
            row = self._redirect(pages.c.url == row.canonical_url)
            count += 1
        count = 1
        row = self._redirect(pages.c.canonical_url == url)
        while row is not None and count < _MOST_REDIRECTS:
            row = self._redirect(pages.c.canonical_url == row.url)
            count += 1
        return count

    def _redirect(self, condition: ColumnElement[bool]) -> Any:
        return self._connection.execute(
            select(pages.c.url, pages.c.canonical_url)
            .where(condition, REDIRECTED, pages.c.crawl == self._frontier.crawl)
            .limit(1)
        ).one_or_none()
