"""Keeping what a visit gave: everything in one transaction.

Invariant: a page is marked done in the same transaction that keeps its article or its failure and every page discovered
on it. So a crawl that dies at any moment loses nothing but the visits it was making; what was in flight is queued again
when the crawl is resumed; a page that was so at three kills in a row is given up instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from vovcrawl import urls
from vovcrawl.store.archive_files import ArchiveFileStore, ArchiveProgress
from vovcrawl.store.articles import DISAGREES, ArticleStore, Kept
from vovcrawl.store.crawls import leave_claims
from vovcrawl.store.database import commit, wait_for_the_disk
from vovcrawl.store.frontier import Frontier, Page, utc_now
from vovcrawl.store.listings import ListingStore
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.revisit import CONFIRMED_AFTER
from vovcrawl.store.tables import REDIRECTED, articles, pages
from vovcrawl.store.workers import lock_writes
from vovcrawl.visits import FAILURES, ArchiveRecord, Discovered, Outcome, State, VisitResult

_MOST_REDIRECTS = 20


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """What keeping a visit's result did."""

    article: Kept | None = None
    """What became of its article; None where it gave none."""
    queued_again: int = 0
    """Failed pages of a listing that are to be tried again."""
    newly_gone: bool = False
    """Whether an article that a source lists is gone, and the visit before did not say so."""
    fails_anew: bool = False
    """Whether the page stayed unread, and the visit before had not ended in the same way."""
    is_read_again: bool = False
    """Whether the page is accounted for, and the visit before left it unread."""


_NUMBER = re.compile("[0-9]+")


def _is_same(page: Page, result: VisitResult) -> bool:
    """Whether a page failed as it did before, numbers such as seconds aside."""
    before, now = (_NUMBER.sub("0", reason or "") for reason in (page.reason, result.reason))
    return page.outcome == result.outcome and before == now


def _is_of_another(result: VisitResult, target: str) -> bool:
    """Whether the canonical url is that of a page with another article, which has to be looked at by itself."""
    if result.article is not None:
        return DISAGREES in result.article.warnings
    own, named = urls.article(result.url), urls.article(target)
    is_left_out = result.outcome is Outcome.OUTSIDE_WINDOW
    return is_left_out and own is not None and named is not None and own.number != named.number


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
        self._archive_files = ArchiveFileStore(connection)
        of_url = update(pages).where(pages.c.url == bindparam("key"))
        ended = ["state", "outcome", "reason", "status", "visited_at", "unread_since", "changed_at"]
        known = ["canonical_url", "published"]
        dated = [*ended, "listed_by", "source_modified"]
        self._number_of = Prepared(connection, select(pages.c.number).where(pages.c.url == bindparam("key")))
        self._end = Prepared(connection, of_url, ended)
        self._end_source = Prepared(connection, of_url, [*ended, "etag", "last_modified"])
        self._end_dated = Prepared(connection, of_url, dated)
        self._forget_kills = Prepared(connection, of_url, ["kills"])
        self._end_with_article = Prepared(connection, of_url, [*dated, *known, "etag", "last_modified"])

    def keep(self, result: VisitResult) -> KeptVisit:
        """Keeps a result and marks its page, committed at once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the store failed, or is not in its place any more; nothing of the result is
                kept there.
        """
        kept = self._write(result)
        commit(self._connection)
        if not self._frontier.in_flight:
            # The next mark "in flight" need not survive a power cut: a page without it is queued still.
            wait_for_the_disk(self._connection, False)
        return kept

    def keep_all(self, results: list[VisitResult], progress: Iterable[ArchiveProgress] = ()) -> list[KeptVisit]:
        """Keeps several results in one transaction; as `keep`.

        Args:
            results: of visits.
            progress: how far the files are read whose records were visited.
        """
        kept = [self._write(result) for result in results]
        for one in progress:
            self._archive_files.write(one)
            self._note_kills(one)
        commit(self._connection)
        return kept

    def _note_kills(self, progress: ArchiveProgress) -> None:
        """Has the kills of a file's row be those of the record that is the next one."""
        page = self._frontier.in_flight.get(progress.url)
        if page is not None and page.kills != progress.kills:
            # One that was given up is not marked as in flight yet.
            values = {"kills": progress.kills, "state": State.IN_FLIGHT}
            self._connection.execute(update(pages).where(pages.c.url == page.url).values(**values))
            page.kills = progress.kills

    def _write(self, result: VisitResult) -> KeptVisit:
        if result.record is not None:
            return self._write_record(result, result.record)
        lock_writes(self._connection)
        page = self._frontier.in_flight.get(result.url)
        if page is not None:
            # First of all: nothing of a page is kept that another worker has by now.
            self._frontier.end_lease(page)
        self._frontier.settle()
        self._frontier.add(result.discovered)
        if result.unchanged and page is not None and page.kind == "article":
            self._frontier.add(self._frontier.related_of(result.url))
            self._articles.seen(page.canonical_url or result.url)
        kept = self._articles.keep(result.article, result.evidence) if result.article is not None else None
        if result.article is not None:
            result.canonical_url = result.article.canonical_url
            result.published = result.article.date_published
            self._follow_redirects(result, kept)
        elif result.outcome is Outcome.ALIAS and result.canonical_url is not None:
            before = page.canonical_url if page is not None and page.is_known else None
            self._articles.lead(before or result.url, self._kept_under(result.canonical_url))
        again = self._listings.end(result.listing) if result.listing is not None else 0
        now = utc_now()
        if result.published is not None:
            self._frontier.ids.learn(result.canonical_url or result.url, result.published)
        is_confirmed = result.outcome is not Outcome.GONE or self._is_confirmed(page)
        self._mark(result, page, now, is_confirmed=is_confirmed)
        if result.outcome in (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW):
            self._settle_canonical(result, page, now)
        if result.outcome is Outcome.ARCHIVE:
            self._archive_files.settle_earlier(result.url, self._frontier.crawl)
        if result.outcome is Outcome.GONE:
            if is_confirmed:
                self._mark_gone(result, page, self._frontier.moment())
        elif result.outcome is Outcome.ARTICLE and (page is None or page.unread_since is not None):
            self._mark_gone(result, page, None)
        if page is not None:
            if page.kills and not page.is_given_up:
                self._forget_kills.run({"key": page.url, "kills": 0})
            self._frontier.visited(page, result)
        self._frontier.in_flight.pop(result.url, None)
        is_listed = page is not None and page.listed and not page.requested
        is_new = result.outcome is Outcome.GONE and is_listed and page is not None and page.outcome != Outcome.GONE
        had_failed = page is not None and page.outcome in FAILURES
        fails = result.outcome in FAILURES
        return KeptVisit(
            kept,
            again,
            newly_gone=is_new,
            fails_anew=fails and not (had_failed and page is not None and _is_same(page, result)),
            is_read_again=had_failed and not fails,
        )

    def _write_record(self, result: VisitResult, record: ArchiveRecord) -> KeptVisit:
        """As `_write`, of a record, which needs no row of its own but one that says that it is unread."""
        lock_writes(self._connection)
        kept = self._articles.keep(result.article, result.evidence) if result.article is not None else None
        if result.article is not None:
            result.canonical_url = result.article.canonical_url
            result.published = result.article.date_published
        if result.published is not None and result.canonical_url is not None:
            self._frontier.ids.learn(result.canonical_url, result.published)
        now = utc_now()
        container = self._frontier.in_flight.get(record.container)
        if result.outcome in (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW):
            self._settle_canonical(result, container, now)
        if result.outcome not in FAILURES:
            return KeptVisit(kept)
        moment = self._frontier.moment()
        row = {
            "url": result.url,
            "kind": "file",
            "state": State.FAILED,
            "outcome": result.outcome,
            "reason": result.reason,
            "attempts": 1,
            "discovered_on": record.container,
            "first_crawl": self._frontier.crawl,
            "crawl": self._frontier.crawl,
            "canonical_url": record.target,
            "visited_at": moment,
            "unread_since": moment,
            "discovered_at": now,
            "changed_at": now,
        }
        return KeptVisit(kept, fails_anew=self._archive_files.fail(row))

    def _kept_under(self, url: str) -> str:
        """The canonical url of the article to which a page leads, as far as it is known."""
        found = self._connection.scalar(select(pages.c.canonical_url).where(pages.c.url == url))
        return found or url

    def _follow_redirects(self, result: VisitResult, kept: Kept | None) -> None:
        """Joins a new article with those that are kept under urls which redirect to it."""
        if kept is not Kept.NEW or result.canonical_url is None:
            return
        leading = select(pages.c.url).where(REDIRECTED, pages.c.canonical_url.in_((result.url, result.canonical_url)))
        for url in self._connection.scalars(leading).all():
            self._articles.lead(url, result.canonical_url)

    def _is_confirmed(self, page: Page | None) -> bool:
        """Whether an article that the site says is gone is taken for gone.

        One that a source still lists is only when the site said so before, long enough ago.
        """
        if page is None or not page.listed or page.requested:
            return True
        if page.unread_since is None or page.outcome != Outcome.GONE:
            return False
        first, now = (datetime.fromisoformat(moment) for moment in (page.unread_since, self._frontier.moment()))
        return now - first >= CONFIRMED_AFTER

    def _mark(self, result: VisitResult, page: Page | None, now: str, *, is_confirmed: bool) -> None:
        values: dict[str, Any] = {
            "key": result.url,
            # An article that a source lists is unread until its end is certain.
            "state": result.outcome.state if is_confirmed else State.FAILED,
            "outcome": result.outcome,
            "reason": result.reason,
            "status": result.status,
            "visited_at": self._frontier.moment(),
            "unread_since": None,
            "changed_at": now,
        }
        is_hidden = result.outcome is Outcome.NO_ARTICLE and page is not None and page.listed and not result.dropped
        if is_hidden or result.outcome.state is not State.DONE:
            goes_on = page is not None and (result.outcome is not Outcome.GONE or page.outcome == Outcome.GONE)
            before = page.unread_since if page is not None and goes_on else None
            values["unread_since"] = before or values["visited_at"]
        if page is not None and page.kind in ("article", "file") and result.outcome not in FAILURES:
            # Only now is the date of change known that the source gave.
            values |= {"source_modified": page.listed_modified, "listed_by": page.listed_by if page.listed else None}
            if result.outcome is Outcome.ARTICLE and not result.unchanged:
                values |= {"etag": result.etag, "last_modified": result.last_modified}
                values |= {"canonical_url": result.canonical_url, "published": result.published}
                self._end_with_article.run(values)
                return
            self._end_dated.run(values)
        elif result.etag or result.last_modified:
            self._end_source.run({**values, "etag": result.etag, "last_modified": result.last_modified})
        else:
            self._end.run(values)
        known = {name: value for name in ("canonical_url", "published") if (value := getattr(result, name)) is not None}
        if known:
            self._connection.execute(update(pages).where(pages.c.url == result.url).values(known))

    def _mark_gone(self, result: VisitResult, page: Page | None, gone: str | None) -> None:
        """Says of a kept article since when the site has it no more; None: it has it."""
        key = result.canonical_url or (page.canonical_url if page is not None else None) or result.url
        condition = articles.c.gone_at.is_(None) if gone else articles.c.gone_at.is_not(None)
        statement = update(articles).where(articles.c.canonical_url == key, condition)
        self._connection.execute(statement.values(gone_at=gone))

    def _settle_canonical(self, result: VisitResult, page: Page | None, now: str) -> None:
        """The page's canonical url, when it is another one, needs no visit of its own."""
        target = result.canonical_url
        if page is None or not target or target == result.url or target in self._frontier.in_flight:
            return
        if _is_of_another(result, target):
            return
        settled = {
            "state": result.outcome.state,
            "outcome": result.outcome,
            "canonical_url": target,
            "published": result.published,
            "kills": 0,
            "changed_at": now,
        }
        if self._number_of.first({"key": target}) is not None:
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
