"""By which urls the kept articles were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, union_all

from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import articles, pages


class ArticleUrl(NamedTuple):
    """A url at which an article has answered, or that led to it."""

    url: str
    canonical_url: str
    headline: str
    date_published: str | None
    has_answered: bool
    """Whether the current text of the article came from there."""


def article_urls(connection: Connection) -> Iterator[ArticleUrl]:
    """Every url by which an article was asked for, also through redirects, in no order; some come more than once.

    Args:
        connection: of an open store, whose view should be held.

    Articles that were given without a url have none.
    """
    held: Any = articles.c
    page: Any = pages.c
    named = (held.canonical_url, held.headline, held.date_published, held.url.label("own"))
    # From the pages that named an article back to those that led to these.
    led = (
        select(page.url, held.canonical_url.label("article"))
        .join(articles, held.canonical_url == page.canonical_url)
        .cte("led", recursive=True)
    )
    led = led.union(select(page.url, led.c.article).join(led, page.canonical_url == led.c.url))
    statement = union_all(
        select(held.url.label("asked"), *named).where(held.url.is_not(None)),
        select(held.canonical_url.label("asked"), *named).where(held.url.is_not(None)),
        select(led.c.url.label("asked"), *named).join(led, led.c.article == held.canonical_url),
    )
    for row in Prepared(connection, statement).stream():
        yield ArticleUrl(row.asked, row.canonical_url, row.headline, row.date_published, row.asked == row.own)
