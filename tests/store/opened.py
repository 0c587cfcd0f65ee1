"""An open store as one crawl sees it, for tests of its parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from vovcrawl.items import Article, Related
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store import ArticleStore, CrawlStore, Frontier, IdOrder, ListingStore, RevisitPolicy, VisitStore
from vovcrawl.store.crawls import begin_or_resume
from vovcrawl.store.frontier import trusts_dates
from vovcrawl.store.tables import pages
from vovcrawl.visits import Discovered, Outcome, Reach, VisitResult

ANYTHING: Callable[[str], bool] = lambda published: True  # noqa: E731
NOTHING: Callable[[str], bool] = lambda published: False  # noqa: E731


class OpenedCrawl:
    """A crawl that has begun or been resumed.

    Args:
        connection: of the open store.
        arguments: as typed.
    """

    def __init__(
        self,
        connection: Connection,
        arguments: str = "{}",
        *,
        reach: Reach | None = None,
        in_window: Callable[[str], bool] = ANYTHING,
        before_window: Callable[[str], bool] = NOTHING,
        may_have_changed: Callable[[str], bool] = NOTHING,
        reads_dates_of_change: bool = False,
        long_before: str = "",
        long_after: str = "~",
        since: str | None = None,
        fresh: bool = False,
        keeps_fresh: Callable[[str], bool] = NOTHING,
        now: datetime | None = None,
    ) -> None:
        reach = reach or Reach()
        ids = IdOrder(long_before, long_after)
        ids.learn_known(connection)
        policy = RevisitPolicy(
            in_window,
            may_have_changed,
            reads_dates_of_change,
            trusts_dates(connection),
            keeps_fresh=keeps_fresh,
            now=now,
        )
        moment = now or datetime.now(UTC)
        self.connection = connection
        self.crawls = CrawlStore(connection)
        self.beginning, self.frontier = begin_or_resume(
            self.crawls,
            arguments,
            lambda crawl: Frontier(
                connection,
                crawl,
                reach=reach,
                policy=policy,
                ids=ids,
                before_window=before_window,
                clock=lambda: moment,
                names_sources=fresh,
            ),
            since=since,
            reach=reach,
            reckoned_at=to_iso(moment.astimezone(VIETNAM)),
            fresh=fresh,
        )
        connection.commit()
        self.number = self.frontier.crawl
        self.listings = ListingStore(connection, self.number, reach, policy)
        self.articles = ArticleStore(connection)
        self.visits = VisitStore(connection, self.frontier, self.listings, self.articles)
        self.next = self.frontier.next

    def add(self, *found: Discovered) -> int:
        """Discovers pages; how many of them are queued."""
        return self.frontier.add(found)

    def keep(self, result: VisitResult) -> None:
        """Ends a visit."""
        self.visits.keep(result)

    def seeded(self) -> None:
        """Says that all seeds are queued."""
        self.crawls.seeded(self.number)
        self.connection.commit()

    def end(self) -> None:
        """Ends the run, and the crawl if nothing of it is left."""
        self.seeded()
        self.crawls.finish_if_done(self.number, self.frontier.sources_read)
        self.connection.commit()

    def urls(self) -> list[str]:
        """All pages that are handed out, in their order."""
        return [page.url for page in iter(self.next, None)]

    def other_work(self) -> list[tuple[str, int]]:
        """Arguments and pages of other unfinished crawls."""
        return [(other.arguments, other.pages) for other in self.crawls.other_work(self.number)]


Begin = Callable[..., OpenedCrawl]


def article_at(url: str, **options: Any) -> Discovered:
    """An article's page as discovered."""
    return Discovered(url, "article", **options)


A = "https://vov.vn/xa-hoi/a-post1.vov"
B = "https://vov.vn/xa-hoi/b-post2.vov"
C = "https://vov.vn/xa-hoi/c-post3.vov"
LISTING = "https://vov.vn/xa-hoi"


PUBLISHED = "2026-07-10T08:00:00+07:00"
EDITED = "2026-07-12T09:00:00+07:00"


def state_of(connection: Connection, url: str) -> str | None:
    return connection.scalar(select(pages.c.state).where(pages.c.url == url))


def attempts_at(connection: Connection, url: str) -> int | None:
    return connection.scalar(select(pages.c.attempts).where(pages.c.url == url))


def read(crawl: OpenedCrawl, url: str, published: str | None = None) -> None:
    """Visits `url`, which must be next."""
    page = crawl.next()
    assert page is not None
    assert page.url == url
    crawl.keep(VisitResult(url, Outcome.ARTICLE, canonical_url=url, published=published))


def pointing(url: str, *others: str) -> Article:
    """An article that points to others."""
    return Article(
        id="post0",
        url=url,
        canonical_url=url,
        content_type="article",
        headline="Tin",
        template="drupal-2026",
        related=[Related("post9", other, "Tin khác", None, "related") for other in others],
    )


def keep_one(crawl: OpenedCrawl, url: str, modified: str | None = None, **headers: str) -> None:
    """A crawl of one article, which is kept with what the server sent with it."""
    crawl.add(article_at(url, modified=modified))
    assert crawl.next() is not None
    crawl.keep(VisitResult(url, Outcome.ARTICLE, canonical_url=url, published=PUBLISHED, **headers))  # type: ignore[arg-type]
    crawl.end()
