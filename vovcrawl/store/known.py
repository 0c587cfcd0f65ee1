"""What the store knows of urls, for those who only look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from vovcrawl.store.revisit import CONFIRMED_AFTER
from vovcrawl.store.tables import UNFINISHED, articles, pages
from vovcrawl.visits import Reach, State

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Known:
    """A url in the store."""

    outcome: str | None
    """What came of the last visit; None where there was none yet."""
    reason: str | None
    canonical_url: str | None
    published: str | None
    is_stored: bool
    """Whether the article it leads to is kept."""
    unread_since: str | None = None
    """Since when every visit has ended without the page, in UTC."""
    visited_at: str | None = None
    """When the last visit ended, in UTC."""

    @property
    def is_confirmed(self) -> bool:
        """Whether the site has said twice that an article is gone, long enough apart."""
        if self.unread_since is None or self.visited_at is None:
            return False
        first, last = datetime.fromisoformat(self.unread_since), datetime.fromisoformat(self.visited_at)
        return last - first >= CONFIRMED_AFTER


_FIND = (
    select(
        pages.c.url,
        pages.c.outcome,
        pages.c.reason,
        pages.c.canonical_url,
        pages.c.published,
        pages.c.unread_since,
        pages.c.visited_at,
        articles.c.canonical_url.label("kept"),
        articles.c.date_published,
    )
    .join(articles, articles.c.canonical_url == pages.c.canonical_url, isouter=True)
    .where(pages.c.url.in_(bindparam("urls", expanding=True)))
)
_FIND_ARTICLES = select(articles.c.canonical_url, articles.c.date_published).where(
    articles.c.canonical_url.in_(bindparam("urls", expanding=True))
)


def _chunks(wanted: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(wanted)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def known(connection: Connection, wanted: Iterable[str]) -> dict[str, Known]:
    """What is known of those urls that are; an article may be kept without a visit, from a saved copy."""
    found: dict[str, Known] = {}
    for chunk in _chunks(wanted):
        for kept in connection.execute(_FIND_ARTICLES, {"urls": chunk}):
            found[kept.canonical_url] = Known("article", None, kept.canonical_url, kept.date_published, is_stored=True)
        for row in connection.execute(_FIND, {"urls": chunk}):
            if row.url not in found:
                published = row.date_published or row.published
                found[row.url] = Known(
                    row.outcome,
                    row.reason,
                    row.canonical_url,
                    published,
                    is_stored=row.kept is not None,
                    unread_since=row.unread_since,
                    visited_at=row.visited_at,
                )
    return found


def kept_earlier(
    connection: Connection, crawls: Sequence[int], run: int, reach: Reach, below: Sequence[str] = ()
) -> list[str]:
    """The articles that crawls have met and that another run kept, in the order in which they were kept.

    Args:
        connection: of the open store.
        crawls: numbers of the crawls.
        run: the run whose own articles are left out.
        reach: only articles published within it.
        below: urls of sections whose articles count as met; '' is every section.
    """
    met = select(pages.c.canonical_url).where(pages.c.crawl.in_(crawls))
    wanted: list[ColumnElement[bool]] = [articles.c.canonical_url.in_(met)]
    wanted += [articles.c.canonical_url.startswith(f"{url}/" if url else "https:", autoescape=True) for url in below]
    published = func.coalesce(articles.c.date_published, "")
    found = (
        select(articles.c.canonical_url)
        .where(func.coalesce(articles.c.run, 0) != run, published >= reach.since, published < reach.until)
        .where(or_(*wanted))
        .order_by(articles.c.sequence)
    )
    return list(connection.scalars(found))


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that every visit since some time has left unread."""

    url: str
    kind: str
    reason: str | None
    unread_since: str | None
    """As `visited_at`, when the last visit ended: in UTC."""
    visited_at: str | None


def unread(connection: Connection) -> list[Unread]:
    """The pages that are unread, those that have been for the longest time first."""
    columns = (pages.c.url, pages.c.kind, pages.c.reason, pages.c.unread_since, pages.c.visited_at)
    found = select(*columns).where(UNFINISHED, pages.c.state == State.FAILED)
    return [Unread(*row) for row in connection.execute(found.order_by(pages.c.unread_since, pages.c.number))]


def unread_articles(connection: Connection) -> dict[str, int]:
    """How many urls of articles in an open store were left unread by their last visit, or found gone, by outcome."""
    count = func.count().label("urls")
    unread = (
        select(pages.c.outcome, count)
        .where(pages.c.kind == "article", pages.c.state.in_((State.FAILED, State.GONE)), pages.c.outcome.is_not(None))
        .group_by(pages.c.outcome)
    )
    return {str(outcome): urls for outcome, urls in connection.execute(unread)}
