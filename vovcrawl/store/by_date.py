"""The keys of all articles by day of publication, by which exports choose and order them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, collate, select

from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import articles


class Listed(NamedTuple):
    """What decides whether an article is chosen, and what is counted."""

    canonical_url: str
    section: str | None
    content_type: str
    date_published: str | None
    duplicate_of: str | None
    reader_version: int


def by_date(connection: Connection, since: str | None = None, until: str | None = None) -> Iterator[Listed]:
    """All articles by `date_published`, then `canonical_url`; those without a date come last.

    Args:
        connection: of an open store, whose view should be held.
        since: only articles with this or a later `date_published`, compared as text.
        until: only articles with an earlier `date_published`, compared as text.

    Articles without a date come where no bound is given. Only a few rows are in memory at a time: where many articles
    have the same date, the database orders their keys, not their texts.
    """
    columns: Any = articles.c
    url = columns.canonical_url
    if connection.dialect.name != "sqlite":
        # Elsewhere the order of texts is that of a language.
        url = collate(url, "C")
    listed = select(*(columns[name] for name in Listed._fields))
    dated = listed.where(columns.date_published.is_not(None)).order_by(columns.date_published, url)
    if since is not None:
        dated = dated.where(columns.date_published >= since)
    if until is not None:
        dated = dated.where(columns.date_published < until)
    statements = [dated]
    if since is None and until is None:
        statements.append(listed.where(columns.date_published.is_(None)).order_by(url))
    for statement in statements:
        for row in Prepared(connection, statement).stream():
            yield cast("Listed", row)
