"""What the visits of a crawl give, from the first attempt at a page until everything is committed.

A spider middleware gathers what a response gave into one `VisitResult`; `keep` commits it whole. Counters, log lines
and the circuit breaker follow the commit.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy import signals
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.circuit_breaker import IN_A_ROW, CircuitBreaker
from vovcrawl.crawl.commit_group import CommitGroup
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.drift import Observed
from vovcrawl.crawl.exit_status import (
    GONE_THOUGH_LISTED,
    GONE_THOUGH_LISTED_IN_A_ROW,
    contradicts_itself,
    pages_stat,
)
from vovcrawl.crawl.failures import Failure
from vovcrawl.crawl.stopping import stop, stop_for_store
from vovcrawl.masking import masked
from vovcrawl.store import ArchiveProgress, Kept, KeptVisit
from vovcrawl.store.database import commit
from vovcrawl.text import shown
from vovcrawl.visits import FAILURES, Outcome, State, VisitResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.items import Article

logger = logging.getLogger(__name__)

BeforeKeep = Callable[[], None]
"""Called before results are committed; an OSError that it raises is a failure of the store: nothing is committed."""

AfterKeep = Callable[[VisitResult, KeptVisit], None]
"""Called with each result once it is committed."""

NAMED = 20
"""Pages of a kind that are named for whoever gets a cron job's mail."""

_MOST_REMEMBERED = 100_000

_ACCOUNTED = (Outcome.GONE, Outcome.NO_ARTICLE, Outcome.FORBIDDEN, Outcome.OUT_OF_SCOPE)


class News(StrEnum):
    """What is new of a page, as a mail says it."""

    NOT_READ = "not read"
    GONE = "gone though listed"
    READ_AGAIN = "read again"


class VisitResults:
    """The results of a crawl's visits."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = CrawlContext.of(crawler)
        self._open: dict[str, VisitResult] = {}
        self._breaker = CircuitBreaker()
        self._read: Counter[str] = Counter()
        self.observed = Observed()
        """What the pages of the run look like."""
        self._gone_in_a_row = 0
        self.news: dict[News, list[str]] = {kind: [] for kind in News}
        """The first pages of which a cron job's mail tells, with the reason."""
        self.news_counts: Counter[News] = Counter()
        """How many there are."""
        crawler.signals.connect(self._count_readings, signal=signals.spider_closed)
        self._unread_anew: set[str] = set()
        """Urls of records of archives that no crawl before this run has found to be unread."""
        self.commit_group: CommitGroup | None = None
        """Where results wait for each other, if they are committed in groups."""
        self.before_keep: list[BeforeKeep] = []
        if self._context.responses is not None:
            # An article whose response is lost cannot be checked.
            self.before_keep.append(self._context.responses.sync)
        self.after_keep: list[AfterKeep] = [self._count, self._tell, self._watch]

    @classmethod
    def of(cls, crawler: Crawler) -> VisitResults:
        """Those of `crawler`."""
        if crawler not in _results:
            _results[crawler] = cls(crawler)
        return _results[crawler]

    def open(self, url: str) -> VisitResult:
        """The result of the visit to a page, as far as it is known."""
        if url not in self._open:
            self._open[url] = VisitResult(url)
        return self._open[url]

    def begin(self, result: VisitResult) -> None:
        """Takes in the result of a visit to a record of an archive."""
        self._open[result.key] = result

    def pending(self, key: str | None) -> VisitResult | None:
        """The result of a visit that has begun and is not kept yet; None where there is none."""
        return self._open.get(key) if key is not None else None

    def any_pending(self) -> bool:
        """Whether a visit has begun and is not kept yet."""
        return bool(self._open)

    def awaiting(self, article: Article) -> VisitResult | None:
        """The visit that gave an article which comes out of the pipelines; None where no visit gave it.

        A pipeline may have put a copy in its place.
        """
        group = self.commit_group
        waiting = [
            result
            for result in self._open.values()
            if result.article is not None and not (group is not None and group.has_gathered(result))
        ]
        for result in waiting:
            if result.article is article:
                return result
        for result in waiting:
            if result.article is not None and result.article.canonical_url == article.canonical_url:
                return result
        return None

    def keep(self, result: VisitResult) -> KeptVisit | None:
        """Commits a result, then lets the crawl know; None where the store failed, or where the result waits for the
        others of its group."""
        if result.reason is not None:
            # What a server says is kept and shown, and must not steer the terminal that shows it.
            result.reason = shown(masked(result.reason))
        if self.commit_group is not None and self.commit_group.gathers(result):
            return None
        try:
            self._prepare_to_keep()
            kept = self._context.visits.keep(result)
        except (SQLAlchemyError, OSError) as error:
            stop_for_store(self._crawler, error)
            return None
        self._open.pop(result.key, None)
        self.committed(result, kept)
        return kept

    async def keep_soon(self, result: VisitResult) -> KeptVisit | None:
        """As `keep`, once the group is complete where results are committed in groups."""
        return self.keep(result) if self.commit_group is None else await self.commit_group.add(result)

    def keep_all(self, results: list[VisitResult], progress: Sequence[ArchiveProgress] = ()) -> list[KeptVisit | None]:
        """As `keep`, all of them in one transaction, with how far files of an archive are read."""
        for result in results:
            if result.reason is not None:
                result.reason = shown(masked(result.reason))
        try:
            self._prepare_to_keep()
            kept = self._context.visits.keep_all(results, progress)
        except (SQLAlchemyError, OSError) as error:
            stop_for_store(self._crawler, error)
            return [None] * len(results)
        for result, became in zip(results, kept, strict=True):
            self._open.pop(result.key, None)
            self.committed(result, became)
        return list(kept)

    def _prepare_to_keep(self) -> None:
        for prepare in self.before_keep:
            prepare()

    def committed(self, result: VisitResult, kept: KeptVisit) -> None:
        """Lets the crawl know of a result that is committed."""
        for follow in self.after_keep:
            follow(result, kept)

    def keep_article(self, article: Article) -> Kept | None:
        """Commits an article that no page of the crawl gave; None where the store failed."""
        try:
            self._prepare_to_keep()
            kept = self._context.articles.keep(article)
            commit(self._context.database.connection)
        except (SQLAlchemyError, OSError) as error:
            stop_for_store(self._crawler, error)
            return None
        self._crawler.stats.inc_value(f"vov/articles/{kept.value}")
        return kept

    def fail(self, key: str, failure: Failure) -> None:
        """Ends a visit that gave nothing but a reason."""
        pending = self._open.get(key)
        url, record = (pending.url, pending.record) if pending is not None else (key, None)
        result = VisitResult(url, failure.outcome, failure.reason, failure.status, record=record)
        self._open[key] = result
        self.keep(result)

    def release(self, url: str) -> None:
        """Puts a page back into the queue that was not asked for after all."""
        self._open.pop(url, None)
        self._context.frontier.release(url)

    def _count(self, result: VisitResult, kept: KeptVisit) -> None:
        stats = self._crawler.stats
        if result.record is None or result.outcome in (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW):
            # What else becomes of records is counted apart: another capture may give the article that one does not.
            stats.inc_value(pages_stat(result.outcome))
        became = Kept.UNCHANGED if result.unchanged else kept.article
        if became is not None:
            stats.inc_value(f"vov/articles/{became.value}")
        self._count_gone(result, kept)
        for shape in result.shapes:
            self.observed.add(shape, result.url)
        if result.article is not None:
            self._read[f"vov/template/{result.article.template}"] += 1
            self._read.update(f"vov/field/{name}/from/{source}" for name, source in result.sources.items())
            self._read.update(f"vov/warning/{warning}" for warning in result.article.warnings)

    def _count_gone(self, result: VisitResult, kept: KeptVisit) -> None:
        self._gone_in_a_row = self._gone_in_a_row + 1 if kept.newly_gone else 0
        if kept.newly_gone:
            self._note(News.GONE, result)
            self._crawler.stats.inc_value(GONE_THOUGH_LISTED)
            self._crawler.stats.max_value(GONE_THOUGH_LISTED_IN_A_ROW, self._gone_in_a_row)

    def _count_readings(self) -> None:
        """Writes how articles were read into the stats: once, since there is much of it for each."""
        stats = self._crawler.stats
        for name, count in self._read.items():
            stats.set_value(name, count)
        if contradicts_itself(stats.get_stats()):
            logger.warning(
                "%d articles are gone that the site's sources list: they are asked for again",
                stats.get_value(GONE_THOUGH_LISTED),
            )

    def _tell(self, result: VisitResult, kept: KeptVisit) -> None:
        reason = result.reason or result.outcome.value
        if result.record is not None:
            if kept.fails_anew and len(self._unread_anew) < _MOST_REMEMBERED:
                self._unread_anew.add(result.url)
            return
        if kept.is_read_again:
            logger.info("Read again: %s", result.url)
            self._note(News.READ_AGAIN, result)
        has_failed = result.outcome.state is State.FAILED
        # Of what a run met that was killed, nobody has been told.
        if kept.fails_anew or (has_failed and result.outcome in FAILURES and self._context.follows_a_kill):
            logger.warning("Not read: %s (%s)", result.url, reason)
            self._note(News.NOT_READ, result)
        elif has_failed:
            logger.info("Still not read: %s (%s)", result.url, reason)
        elif result.outcome in _ACCOUNTED:
            logger.info("No article: %s (%s)", result.url, reason)
        if kept.queued_again and result.listing is not None:
            listing = result.listing.first
            logger.info("Trying %d pages of %s again that could not be read before", kept.queued_again, listing)

    def settle_records(self, containers: frozenset[str]) -> None:
        """Tells of the records of these files that are unread now that all of them are read: no other capture gave
        their articles."""
        try:
            self._context.archive_files.settle_read()
            commit(self._context.database.connection)
            unread = self._context.archive_files.unread(containers)
            self._context.database.connection.rollback()
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            return
        for record in unread:
            self._crawler.stats.inc_value(pages_stat(Outcome.UNREADABLE))
            if record.url in self._unread_anew or self._context.follows_a_kill:
                logger.warning("Not read: %s (%s)", shown(record.url), record.reason)
                self._note(News.NOT_READ, VisitResult(record.url, Outcome.UNREADABLE, record.reason))
            else:
                logger.info("Still not read: %s (%s)", shown(record.url), record.reason)

    def _note(self, kind: News, result: VisitResult) -> None:
        self.news_counts[kind] += 1
        if len(self.news[kind]) < NAMED:
            self.news[kind].append(f"{result.url} ({result.reason})" if result.reason else result.url)

    def _watch(self, result: VisitResult, kept: KeptVisit) -> None:
        opened = self._breaker.record(result.outcome, result.status)
        if opened is not None:
            words = "blocked" if opened is Outcome.BLOCKED else "unreachable or failing on the server's side"
            logger.error("Giving up: %d pages in a row %s", IN_A_ROW, words)
            stop(self._crawler, opened.value)


_results: WeakKeyDictionary[Crawler, VisitResults] = WeakKeyDictionary()
