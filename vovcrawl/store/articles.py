"""Keeping articles: one row each, upserted by `canonical_url`, with its lists beside it."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from vovcrawl.dates.periods import days
from vovcrawl.items import Article, plain, texts
from vovcrawl.store.tables import articles, lists, revisions
from vovcrawl.text import sentence_around

_NOT_CONTENT = frozenset({"fetched_at", "source", "reader_version", "schema_version", "duplicate_of", "content_hash"})
_CONTENT = tuple(f.name for f in fields(Article) if f.name not in _NOT_CONTENT)
"""Fields that say what the newspaper published, and not how it was read."""

_SCALARS = tuple(f.name for f in fields(Article) if f.name not in lists)


# Prepared once: building a statement costs more than running it.
_FIND = select(articles.c.content_hash, articles.c.date_modified, articles.c.source).where(
    articles.c.canonical_url == bindparam("key")
)
_LAST_REVISION = (
    select(revisions.c.number, revisions.c.record)
    .where(revisions.c.canonical_url == bindparam("key"))
    .order_by(revisions.c.number.desc())
    .limit(1)
)
_ADD_REVISION = insert(revisions)
_INSERTS = {name: insert(listed.table) for name, listed in lists.items()}


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Kept(StrEnum):
    """What keeping an article did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


class ArticleStore:
    """The articles of an open store. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.run: int | None = None
        """The run that keeps articles now."""
        self.revisions_kept = 0
        """How many it has kept that were new or revised: each becomes a line in the feeds."""
        self.last_sequence = 0
        """The last of them."""
        table = articles
        # Both dialects spell the upsert alike, and a value is bound, never written into the statement.
        build = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = build(table)
        self._upsert = statement.on_conflict_do_update(
            index_elements=[table.c.canonical_url],
            set_={name: statement.excluded[name] for name in _SCALARS if name != "canonical_url"},
        )

    def keep(self, article: Article) -> Kept:
        """Stores `article`; says whether it is new, revised (another `content_hash`), or unchanged.

        Every text that an article has had stays in `revisions`. What a saved copy says never replaces what is known
        from the site or from a later copy.
        """
        known = self._connection.execute(_FIND, {"key": article.canonical_url}).one_or_none()
        if known is not None and _is_older(article, known.date_modified, known.source):
            return Kept.UNCHANGED
        if known is None:
            kept = Kept.NEW
        else:
            kept = Kept.UNCHANGED if known.content_hash == article.content_hash else Kept.REVISED
        rows = {name: _rows(article.canonical_url, getattr(article, name), name) for name in lists}
        _add_days_and_sentences(rows["time_expressions"], article)
        record = "" if kept is Kept.UNCHANGED else json.dumps(article, default=plain, ensure_ascii=False)
        # From here on only the store can fail: a failure of the program leaves nothing half kept.
        self._connection.execute(self._upsert, {name: getattr(article, name) for name in _SCALARS})
        for name, listed in lists.items():
            if known is not None:
                self._connection.execute(
                    delete(listed.table).where(listed.table.c.canonical_url == article.canonical_url)
                )
            if rows[name]:
                self._connection.execute(_INSERTS[name], rows[name])
        if kept is Kept.UNCHANGED:
            self.seen(article.canonical_url)
        else:
            self._add_revision(article, record, is_first=kept is Kept.NEW)
            self.revisions_kept += 1
        return kept

    def seen(self, canonical_url: str) -> None:
        """Says that the site still has the text that the store holds."""
        last = select(func.max(revisions.c.number)).where(revisions.c.canonical_url == canonical_url).scalar_subquery()
        self._connection.execute(
            update(revisions)
            .where(revisions.c.canonical_url == canonical_url, revisions.c.number == last)
            .values(last_seen=_utc_now())
        )

    def _add_revision(self, article: Article, record: str, *, is_first: bool) -> None:
        before = None if is_first else self._connection.execute(_LAST_REVISION, {"key": article.canonical_url}).first()
        changed: list[str] = []
        if before is not None:
            old, new = json.loads(before.record), json.loads(record)
            changed = [name for name in _CONTENT if old.get(name) != new[name]]
        now = _utc_now()
        made = self._connection.execute(
            _ADD_REVISION,
            {
                "run": self.run,
                "canonical_url": article.canonical_url,
                "number": before.number + 1 if before is not None else 1,
                "content_hash": article.content_hash,
                "first_seen": now,
                "last_seen": now,
                "changed": json.dumps(changed),
                "record": record,
            },
        )
        key = made.inserted_primary_key
        assert key is not None
        self.last_sequence = int(key[0])


def _is_older(article: Article, known_modified: str | None, known_source: str) -> bool:
    if article.date_modified and known_modified and article.date_modified != known_modified:
        return article.date_modified < known_modified
    return article.source == "archive" and known_source == "live"


def _add_days_and_sentences(rows: list[dict[str, Any]], article: Article) -> None:
    """What the store holds beyond the record: the days that a value covers, and the sentence it stands in."""
    named = texts(article)
    for row in rows:
        covered = days(row["value"])
        row["first_day"], row["last_day"] = (day.isoformat() for day in covered) if covered else (None, None)
        row["sentence"] = sentence_around(named[row["field"]], row["start"], row["end"])


def _rows(canonical_url: str, elements: list[Any], name: str) -> list[dict[str, Any]]:
    listed = lists[name]
    rows = []
    for position, element in enumerate(elements):
        row: dict[str, Any] = {"canonical_url": canonical_url, "position": position}
        if listed.plain:
            row[listed.columns[0]] = element
        else:
            for column in listed.columns:
                row[column] = getattr(element, column)
        rows.append(row)
    return rows
