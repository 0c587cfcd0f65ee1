"""Keeping articles: one row each, keyed by `canonical_url`, with its lists beside it and its history in `revisions`.

The current text of an article stands in `articles` and the tables of its lists, and nowhere else. A text that it had
before is a row of `revisions`: what the next one changed, with the values from before, so that all of them can be put
together from the current one backwards.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, null, select, union_all, update

from vovcrawl.dates.periods import days
from vovcrawl.items import Article, encoded, texts, to_plain
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import ListTable, articles, lists, revisions
from vovcrawl.text import sentence_around

_BATCH = 200
"""Articles read at a time, with one statement a list."""

_FIELDS = tuple(f.name for f in fields(Article))
_SCALARS = tuple(name for name in _FIELDS if name not in lists)
_OBJECT = "extra"
"""The field that is written as JSON."""
_OF_THE_TEXT = ("sequence", "run", "revision", "first_seen", "last_seen")

_FIND = select(
    *(articles.c[name] for name in ("content_hash", "record_hash", "date_modified", "source", "duplicate_of")),
    *(articles.c[name] for name in _OF_THE_TEXT),
).where(articles.c.canonical_url == bindparam("key"))
_SEEN = update(articles).where(articles.c.canonical_url == bindparam("key"))
_LAST_SEQUENCE = select(func.max(articles.c.sequence))

_RECORDS = select(*(articles.c[name] for name in _SCALARS), articles.c.sequence)
_RECORD = _RECORDS.where(articles.c.canonical_url.in_(bindparam("urls", expanding=True)))
_NEXT_RECORDS = (
    _RECORDS.where(
        articles.c.sequence > bindparam("after"),
        func.coalesce(articles.c.date_published, "") >= bindparam("since"),
        func.coalesce(articles.c.date_published, "") < bindparam("until"),
    )
    .order_by(articles.c.sequence)
    .limit(_BATCH)
)
_EARLIER = select(revisions).where(revisions.c.canonical_url == bindparam("key")).order_by(revisions.c.number.desc())
_ONE = (revisions.c.canonical_url == bindparam("key"), revisions.c.number == bindparam("of_number"))
_CURRENT = select(*(articles.c[name] for name in _OF_THE_TEXT)).where(articles.c.canonical_url == bindparam("key"))


def _owed_of(table: Any, number: Any) -> Any:
    return select(table.c.sequence, table.c.canonical_url, number.label("number")).where(
        table.c.run == bindparam("of_run"), table.c.sequence > bindparam("after")
    )


_OWED = (
    union_all(_owed_of(articles, null()), _owed_of(revisions, revisions.c.number)).order_by("sequence").limit(_BATCH)
)


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Kept(StrEnum):
    """What keeping an article did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Revision:
    """A text that an article has, or had."""

    number: int
    """From 1 on."""
    sequence: int
    """Its place among all texts that the store kept, of whichever article."""
    run: int | None
    """The run that kept it; None where that is not known."""
    first_seen: str
    """When the crawler saw it first, in UTC."""
    last_seen: str
    article: Article


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
        self.kept: Counter[Kept] = Counter()
        """What keeping articles did in this run."""
        self._find = Prepared(connection, _FIND)
        self._seen = Prepared(connection, _SEEN, ["last_seen"])

    def keep(self, article: Article) -> Kept:
        """Stores `article`; says whether it is new, revised (another `content_hash`), or unchanged.

        A text that is replaced goes to `revisions`. What a saved copy says never replaces what is known from the site
        or from a later copy. What later work has found out about an article stays, and is given to `article`.

        An unchanged article that was read otherwise, as by a later reader, is stored as it was read last, with all its
        fields; one that was read the same leaves only a later `last_seen`.
        """
        kept = self._keep(article)
        self.kept[kept] += 1
        return kept

    def _keep(self, article: Article) -> Kept:
        url = article.canonical_url
        known = self._find.first({"key": url})
        if known is None:
            self._add(article)
            return Kept.NEW
        if _is_older(article, known.date_modified, known.source):
            return Kept.UNCHANGED
        article.duplicate_of = article.duplicate_of or known.duplicate_of
        if known.record_hash == _record_hash(article):
            self.seen(url)
            return Kept.UNCHANGED
        kept = Kept.UNCHANGED if known.content_hash == article.content_hash else Kept.REVISED
        self._replace(article, known, kept)
        return kept

    def holds(self, canonical_url: str) -> bool:
        """Whether the article is kept."""
        return self._find.first({"key": canonical_url}) is not None

    def seen(self, canonical_url: str) -> None:
        """Says that the site still has the text that the store holds."""
        self._seen.run({"key": canonical_url, "last_seen": _utc_now()})

    def read(self, canonical_url: str) -> Article | None:
        """The article as it was kept last; None where there is none."""
        return self._reader.articles([canonical_url]).get(canonical_url)

    def read_all(self, canonical_urls: Sequence[str]) -> Iterator[Article]:
        """Those articles that are kept, in the order given, a few of them in memory at a time."""
        for start in range(0, len(canonical_urls), _BATCH):
            batch = canonical_urls[start : start + _BATCH]
            found = self._reader.articles(batch)
            yield from (found[url] for url in batch if url in found)

    def stream(self, since: str | None = None, until: str | None = None) -> Iterator[Article]:
        """The articles in the order in which their current texts were kept, a few of them in memory at a time.

        Args:
            since: only articles published then or later, as records write times: a day or a time in +07:00.
            until: only articles published before that day or time.

        Articles without a date come where no bound is given. One that is revised while this goes on comes, or comes
        again, with its later text.
        """
        # No date is less than '', nor more than '~'; '0' is more than none.
        bounds = {"since": since or ("0" if until else ""), "until": until or "~"}
        after = 0
        while batch := self._reader.next_records.rows({"after": after, **bounds}):
            yield from self._reader.completed(batch).values()
            after = batch[-1].sequence

    def history(self, canonical_url: str) -> list[Revision]:
        """All texts of an article, the first one first and the current one last; none where there is no article."""
        article = self.read(canonical_url)
        if article is None:
            return []
        current = self._reader.current.first({"key": canonical_url})
        assert current is not None
        found = [
            Revision(current.revision, current.sequence, current.run, current.first_seen, current.last_seen, article)
        ]
        record = article.to_dict()
        for row in self._reader.earlier.rows({"key": canonical_url}):
            record = {**record, **json.loads(row.earlier), "content_hash": row.content_hash}
            before = Article.from_dict(record)
            found.append(Revision(row.number, row.sequence, row.run, row.first_seen, row.last_seen, before))
        return found[::-1]

    def owed(self, run: int, after: int) -> Iterator[Article]:
        """The texts that a run kept after the one with the sequence `after`, in order: what a feed gets of it."""
        while batch := self._reader.owed.rows({"of_run": run, "after": after}):
            current = self._reader.articles([row.canonical_url for row in batch if row.number is None])
            for row in batch:
                if row.number is None:
                    yield current[row.canonical_url]
                else:
                    history = self.history(row.canonical_url)
                    yield next(revision.article for revision in history if revision.number == row.number)
            after = batch[-1].sequence

    @cached_property
    def _reader(self) -> _Reader:
        return _Reader(self._connection)

    @cached_property
    def _writer(self) -> _Writer:
        return _Writer(self._connection)

    def _add(self, article: Article) -> None:
        now = _utc_now()
        row = {
            **_scalars(article),
            "sequence": self._writer.next_sequence(),
            "run": self.run,
            "revision": 1,
            "first_seen": now,
            "last_seen": now,
            "record_hash": _record_hash(article),
        }
        elements = {name: _rows(article, name) for name in lists if getattr(article, name)}
        # From here on only the store can fail: a failure of the program leaves nothing half kept.
        self._writer.add.run(row)
        for name, rows in elements.items():
            self._writer.add_elements[name].run_many(rows)
        self._count(row["sequence"])

    def _replace(self, article: Article, known: Any, kept: Kept) -> None:
        """Stores a text or a reading in place of the known one."""
        url = article.canonical_url
        before = self.read(url)
        assert before is not None
        earlier = {
            name: value
            for name in _FIELDS
            if (value := getattr(before, name)) != getattr(article, name) and name != "content_hash"
        }
        now = _utc_now()
        of_the_text: dict[str, Any] = {name: getattr(known, name) for name in _OF_THE_TEXT} | {"last_seen": now}
        revision: dict[str, Any] = {}
        amended: dict[str, Any] = {}
        if kept is Kept.REVISED:
            revision = {
                **{name: getattr(known, name) for name in _OF_THE_TEXT},
                "canonical_url": url,
                "number": known.revision,
                "content_hash": before.content_hash,
                "earlier": encoded(earlier).decode(),
            }
            of_the_text |= {
                "sequence": self._writer.next_sequence(),
                "run": self.run,
                "revision": known.revision + 1,
                "first_seen": now,
            }
        elif known.revision > 1:
            amended = self._amended(url, known.revision - 1, earlier, article)
        row = {**_scalars(article), **of_the_text, "record_hash": _record_hash(article), "key": url}
        # A sentence may be another one though the expression in it is the same.
        stale = {name for name in lists if name in earlier} | {"time_expressions"}
        elements = {name: _rows(article, name) for name in stale}
        # As in `_add`, only the store can fail from here on.
        if revision:
            self._writer.add_revision.run(revision)
        if amended:
            self._writer.amend_revision.run(amended)
        self._writer.replace.run(row)
        for name, rows in elements.items():
            self._writer.delete_elements[name].run({"key": url})
            self._writer.add_elements[name].run_many(rows)
        if revision:
            self._count(of_the_text["sequence"])

    def _amended(self, url: str, number: int, earlier: dict[str, Any], article: Article) -> dict[str, Any]:
        """The last difference, which was to the reading before, as one to the reading `article` of the same text."""
        said = json.loads(self._reader.last_earlier.scalar({"key": url, "of_number": number}) or "{}")
        record = article.to_dict()
        differing = {name: value for name, value in {**to_plain(earlier), **said}.items() if value != record[name]}
        return {"key": url, "of_number": number, "earlier": encoded(differing).decode()}

    def _count(self, sequence: int) -> None:
        self.revisions_kept += 1
        self.last_sequence = sequence


class _Reader:
    """What reads articles."""

    def __init__(self, connection: Connection) -> None:
        self._record = Prepared(connection, _RECORD)
        self._elements = {name: Prepared(connection, _elements(listed)) for name, listed in lists.items()}
        self.next_records = Prepared(connection, _NEXT_RECORDS)
        self.current = Prepared(connection, _CURRENT)
        self.earlier = Prepared(connection, _EARLIER)
        self.last_earlier = Prepared(connection, select(revisions.c.earlier).where(*_ONE))
        self.owed = Prepared(connection, _OWED)

    def articles(self, urls: Sequence[str]) -> dict[str, Article]:
        """Those articles, at most 400, that are there, by `canonical_url`."""
        return self.completed(self._record.rows({"urls": urls})) if urls else {}

    def completed(self, rows: Sequence[Any]) -> dict[str, Article]:
        """The articles of some rows, with their lists, by `canonical_url` and in the rows' order."""
        records: dict[str, dict[str, Any]] = {}
        for row in rows:
            record = dict(zip(_SCALARS, row, strict=False))
            record[_OBJECT] = json.loads(record[_OBJECT])
            records[row.canonical_url] = record
        for name, listed in lists.items():
            found: dict[str, list[Any]] = {url: [] for url in records}
            for url, *values in self._elements[name].rows({"urls": list(records)}):
                found[url].append(listed.element(*values))
            for url, elements in found.items():
                records[url][name] = elements
        return {url: Article(**record) for url, record in records.items()}


class _Writer:
    """What writes articles."""

    def __init__(self, connection: Connection) -> None:
        names = [column.name for column in articles.columns if column.name != "gone_at"]
        self.add = Prepared(connection, insert(articles), names)
        by_key = articles.c.canonical_url == bindparam("key")
        self.replace = Prepared(
            connection, update(articles).where(by_key), [name for name in names if name != "canonical_url"]
        )
        self.add_revision = Prepared(connection, insert(revisions), [column.name for column in revisions.columns])
        self.amend_revision = Prepared(connection, update(revisions).where(*_ONE), ["earlier"])
        self.add_elements: dict[str, Prepared] = {}
        self.delete_elements: dict[str, Prepared] = {}
        for name, listed in lists.items():
            table = listed.table
            self.add_elements[name] = Prepared(connection, insert(table), [column.name for column in table.columns])
            self.delete_elements[name] = Prepared(
                connection, delete(table).where(table.c.canonical_url == bindparam("key"))
            )
        self._sequence: int = Prepared(connection, _LAST_SEQUENCE).scalar() or 0

    def next_sequence(self) -> int:
        """The place of the text that is kept next; one process at a time writes to a store."""
        self._sequence += 1
        return self._sequence


def _elements(listed: ListTable) -> Any:
    table = listed.table
    return (
        select(table.c.canonical_url, *(table.c[column] for column in listed.columns))
        .where(table.c.canonical_url.in_(bindparam("urls", expanding=True)))
        .order_by(table.c.canonical_url, table.c.position)
    )


def _is_older(article: Article, known_modified: str | None, known_source: str) -> bool:
    if article.date_modified and known_modified and article.date_modified != known_modified:
        return article.date_modified < known_modified
    return article.source == "archive" and known_source == "live"


def _record_hash(article: Article) -> str:
    """What a record says, whenever it was fetched, and apart from what later work finds out about it."""
    said = copy(article)
    said.fetched_at = said.duplicate_of = None
    return blake2b(encoded(said), digest_size=16).hexdigest()


def _scalars(article: Article) -> dict[str, Any]:
    """The columns of an article."""
    return {**vars(article), _OBJECT: encoded(article.extra).decode()}


def _rows(article: Article, name: str) -> list[Mapping[str, Any]]:
    """The rows of a list."""
    url, elements = article.canonical_url, getattr(article, name)
    listed = lists[name]
    if listed.element is str:
        (column,) = listed.columns
        return [
            {"canonical_url": url, "position": position, column: element} for position, element in enumerate(elements)
        ]
    columns = ("canonical_url", "position", *listed.columns)
    values = attrgetter(*listed.columns)
    rows = [
        dict(zip(columns, (url, position, *values(element)), strict=True)) for position, element in enumerate(elements)
    ]
    if name == "time_expressions":
        _add_days_and_sentences(rows, article)
    return rows  # type: ignore[return-value]


def _add_days_and_sentences(rows: list[dict[str, Any]], article: Article) -> None:
    """What the store holds beyond the record: the days that a value covers, and the sentence it stands in."""
    named = texts(article)
    for row in rows:
        covered = days(row["value"])
        row["first_day"], row["last_day"] = (day.isoformat() for day in covered) if covered else (None, None)
        row["sentence"] = sentence_around(named[row["field"]], row["start"], row["end"])
