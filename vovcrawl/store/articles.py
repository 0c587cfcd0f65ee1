"""Keeping articles: one row each, keyed by `canonical_url`, with its lists beside it and its history in `revisions`.

The current text of an article stands in `articles` and the tables of its lists, and nowhere else. A text that it had
before is a row of `revisions`: what the next one changed, with the values from before, so that all of them can be put
together from the current one backwards.

One article has one record. Where the site moves it, by a redirect or by another canonical link, the record moves with
it. Where the pages of two articles name one canonical link, which then is a mistake of one of them at least, each is
kept under its own url.
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

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, null, or_, select, union_all, update

from vovcrawl import sections, urls
from vovcrawl.dates.periods import days
from vovcrawl.evidence import Evidence
from vovcrawl.items import Article, encoded, texts, to_plain
from vovcrawl.store.duplicates import DuplicateStore
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import LEADS_ELSEWHERE, REDIRECTED, ListTable, articles, lists, pages, revisions
from vovcrawl.text import sentence_around
from vovcrawl.urls import SiteUrl

_BATCH = 200
"""Articles read at a time, with one statement a list."""

_FIELDS = tuple(f.name for f in fields(Article))
_SCALARS = tuple(name for name in _FIELDS if name not in lists)
_OBJECT = "extra"
"""The field that is written as JSON."""
_OF_THE_TEXT = ("sequence", "run", "revision", "first_seen", "last_seen")

_OF_NO_TEXT = ("content_hash", "duplicate_of")
"""Fields that a difference between two texts does not hold: a row has the hash, and the mark is no part of a text."""

DISAGREES = "disagree:canonical_url"
"""The warning of a page that names another article's url as its own."""
_WHAT_IT_SAYS = ("canonical_url", "url", "id", "content_hash", "headline", "description", "date_published")

_FOUND = select(
    *(articles.c[name] for name in ("record_hash", "page_hash", "date_modified", "source", "duplicate_of")),
    *(articles.c[name] for name in (*_WHAT_IT_SAYS, *_OF_THE_TEXT)),
)
_FIND = _FOUND.where(articles.c.canonical_url == bindparam("key"))
_LED_TO = select(pages.c.canonical_url).where(pages.c.url == bindparam("own")).scalar_subquery()
_FIND_ELSEWHERE = _FOUND.where(
    or_(
        articles.c.id == bindparam("with_post"),
        articles.c.id == bindparam("without"),
        articles.c.canonical_url == bindparam("own"),
        articles.c.canonical_url == _LED_TO,
    )
)
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
        self.set_apart: list[Article] = []
        """Articles that keeping others has put under their own urls: each becomes a line in the feeds."""
        self._find = Prepared(connection, _FIND)
        self._find_elsewhere = Prepared(connection, _FIND_ELSEWHERE)
        self._seen = Prepared(connection, _SEEN, ["last_seen"])

    def keep(self, article: Article, evidence: Evidence | None = None, *, is_settled: bool = False) -> Kept:
        """Stores `article`; says whether it is new, revised (another `content_hash`), or unchanged.

        A text that is replaced goes to `revisions`. What a saved copy says never replaces what is known from the site
        or from a later copy. `article` is given its `duplicate_of` as it is known now, by all articles that are kept.

        An unchanged article that was read otherwise, as by a later reader, is stored as it was read last, with all its
        fields; one that was read the same leaves only a later `last_seen`.

        An article that the store has under another url moves to its `canonical_url`, and is revised. One whose page
        names the canonical link of another article gets its own url as `canonical_url`; so does one that is kept under
        the url of the article that comes. One that `is_settled` is kept as it is, whatever else there is.
        """
        if is_settled:
            known = self._find.first({"key": article.canonical_url})
            kept = Kept.NEW if known is None else self._keep_again(article, known, evidence)
            if known is None:
                self._add(article, evidence)
        else:
            kept = self._keep(article, evidence)
        self.kept[kept] += 1
        return kept

    def _keep(self, article: Article, evidence: Evidence | None) -> Kept:
        known = self._find.first({"key": article.canonical_url})
        if known is not None and known.url == article.url:
            return self._keep_again(article, known, evidence)
        if self._is_copy(article, known):
            own = _own(article)
            if own is not None:
                self.lead(own.url, article.canonical_url)
            self.seen(article.canonical_url)
            return Kept.UNCHANGED
        if not self._is_of_one(article, known):
            if known is not None and self._is_misfit(known):
                self._set_apart(known)
            if self._is_misfit(article):
                _put_apart(article)
            known = self._find.first({"key": article.canonical_url})
        return self._keep_new(article, evidence) if known is None else self._keep_again(article, known, evidence)

    def _keep_again(self, article: Article, known: Any, evidence: Evidence | None) -> Kept:
        """Keeps an article whose `canonical_url` is known."""
        if _is_older(article, known.date_modified, known.source):
            return Kept.UNCHANGED
        article.duplicate_of = known.duplicate_of
        if known.record_hash == _record_hash(article):
            self.seen(article.canonical_url)
            return Kept.UNCHANGED
        kept = Kept.UNCHANGED if known.content_hash == article.content_hash else Kept.REVISED
        self._replace(article, known, kept, evidence)
        return kept

    def _keep_new(self, article: Article, evidence: Evidence | None) -> Kept:
        """Keeps an article whose `canonical_url` is new."""
        before = self.elsewhere(article)
        if before is None:
            self._add(article, evidence)
            return Kept.NEW
        known = self._find.first({"key": before})
        assert known is not None
        if _is_older(article, known.date_modified, known.source) or _yields(article, known):
            article.canonical_url = before
            return Kept.UNCHANGED
        article.duplicate_of = known.duplicate_of
        self._move(article, known, evidence)
        return Kept.REVISED

    def _is_copy(self, article: Article, known: Any) -> bool:
        """Whether the text is that of the article to which its page's canonical link leads, kept from its own page."""
        if known is None or not self._is_misfit(article) or not _is_same_text(article, known):
            return False
        own, kept = _own(article), _own(known)
        return (
            own is not None and kept is not None and own != kept and (not self._is_misfit(known) or kept.url < own.url)
        )

    def _is_of_one(self, article: Article, known: Any) -> bool:
        """Whether what is kept under the article's `canonical_url`, if anything is, is the same article."""
        if known is not None:
            own, kept = _own(article), _own(known)
            is_one_page = own is None or kept is None or own.number == kept.number
            return (
                is_one_page or not (self._is_misfit(article) or self._is_misfit(known)) or _is_same_text(article, known)
            )
        # What was found to name another article's url still does.
        return not self._is_misfit(article) or not self._is_apart(article)

    def _is_misfit(self, article: Any) -> bool:
        """Whether an article is, or would be, kept under the url of another one, and its page was found to say so."""
        if not _names_another(article):
            return False
        if isinstance(article, Article):
            return DISAGREES in article.warnings
        kept = self.read(article.canonical_url)
        return kept is not None and DISAGREES in kept.warnings

    def _is_apart(self, article: Article) -> bool:
        own = _own(article)
        kept = self.read(own.url) if own is not None else None
        return kept is not None and DISAGREES in kept.warnings

    def elsewhere(self, article: Article) -> str | None:
        """The other url under which an article is kept, if it is: from the same page, with the same id, or with the
        same number and text.

        Ids with "post" are the site's own. Those without were given twice, by two systems.
        """
        named, own = urls.article(article.canonical_url), _own(article)
        if named is None or named.number is None:
            return None
        is_from_own_page = own is not None and (own.number == named.number or self._is_misfit(article))
        with_post = f"post{named.number}"
        values = {"with_post": with_post, "without": named.number, "own": own.url if own is not None else ""}
        rows = [row for row in self._find_elsewhere.rows(values) if row.canonical_url != article.canonical_url]
        rows.sort(key=attrgetter("sequence"), reverse=True)
        from_own = [row for row in rows if is_from_own_page and _own(row) == own]
        for row in (*from_own, *rows):
            is_same = named.has_post and urls.article_id(row.canonical_url) == named.id
            if row in from_own or is_same or (row.id in (with_post, named.number) and _is_same_text(article, row)):
                return str(row.canonical_url)
        return None

    def lead(self, old: str, new: str) -> None:
        """Says that the site leads from one url to another: what is kept under both becomes one article, if it is."""
        before, known = self._find.first({"key": old}), self._find.first({"key": new})
        if before is None or known is None or old == new:
            return
        numbers = [parsed.number if (parsed := urls.article(url)) is not None else None for url in (old, new)]
        if numbers[0] == numbers[1] or _is_same_text(before, known):
            self._join(before, known)

    def _join(self, before: Any, known: Any) -> None:
        """Puts the texts of one record before those of another."""
        old, new = before.canonical_url, known.canonical_url
        last, first = self.read(old), self.history(new)[0].article
        assert last is not None
        earlier = {
            name: value
            for name in _FIELDS
            if (value := getattr(last, name)) != getattr(first, name) and name not in _OF_NO_TEXT
        }
        writer = self._writer
        for number in range(known.revision - 1, 0, -1):
            writer.renumber.run({"key": new, "of_number": number, "number": number + before.revision})
        writer.set_revision.run({"key": new, "revision": known.revision + before.revision})
        writer.rename_revisions.run({"key": old, "canonical_url": new})
        of_the_text = {name: getattr(before, name) for name in _OF_THE_TEXT}
        writer.add_revision.run(
            {
                **of_the_text,
                "canonical_url": new,
                "number": before.revision,
                "content_hash": before.content_hash,
                "earlier": encoded(earlier).decode(),
                "page_hash": before.page_hash,
                "replaced_by": "edit",
            }
        )
        for delete_elements in writer.delete_elements.values():
            delete_elements.run({"key": old})
        writer.delete.run({"key": old})
        self.duplicates.remove(old)
        self.lead_pages(old, new)

    def _set_apart(self, known: Any) -> None:
        """Puts a kept article under its own url, so that the one of another gets free."""
        article = self.read(known.canonical_url)
        assert article is not None
        _put_apart(article)
        other = self._find.first({"key": article.canonical_url})
        if other is not None:
            self._join(known, other)
            return
        self._move(article, known, None)
        self.kept[Kept.REVISED] += 1
        self.set_apart.append(article)

    def _move(self, article: Article, known: Any, evidence: Evidence | None) -> None:
        """Stores a text of an article that has been kept under another url."""
        old, new = known.canonical_url, article.canonical_url
        self.rename(old, new)
        self._replace(article, known, Kept.REVISED, evidence, former_url=old)

    def rename(self, old: str, new: str) -> None:
        """Gives what is kept under one url another one, under which nothing is kept."""
        names = [column.name for column in articles.columns if column.name != "gone_at"]
        copied = select(*(literal(new) if name == "canonical_url" else articles.c[name] for name in names))
        self._connection.execute(insert(articles).from_select(names, copied.where(articles.c.canonical_url == old)))
        for rename in self._writer.rename_elements.values():
            rename.run({"key": old, "canonical_url": new})
        self._writer.rename_revisions.run({"key": old, "canonical_url": new})
        self._writer.delete.run({"key": old})
        self.duplicates.remove(old)
        moved = self.read(new)
        assert moved is not None
        self._writer.set_mark.run({"key": new, "duplicate_of": self.duplicates.put(moved)})
        self.lead_pages(old, new)

    def lead_pages(self, old: str, new: str) -> None:
        """Has the pages lead to the article that led to it under its former url."""
        leads = pages.c.canonical_url == old
        for condition in (pages.c.url == old, REDIRECTED, LEADS_ELSEWHERE):
            self._connection.execute(update(pages).where(leads, condition).values(canonical_url=new))

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
    def duplicates(self) -> DuplicateStore:
        """Which of the articles nearly repeat each other."""
        return DuplicateStore(self._connection)

    @cached_property
    def _reader(self) -> _Reader:
        return _Reader(self._connection)

    @cached_property
    def _writer(self) -> _Writer:
        return _Writer(self._connection)

    def _add(self, article: Article, evidence: Evidence | None) -> None:
        now = _utc_now()
        row = {
            **_scalars(article),
            "sequence": self._writer.next_sequence(),
            "run": self.run,
            "revision": 1,
            "first_seen": now,
            "last_seen": now,
            "record_hash": _record_hash(article),
            "page_hash": evidence.page_hash if evidence is not None else None,
        }
        elements = {name: _rows(article, name) for name in lists if getattr(article, name)}
        self.duplicates.wording(article)
        # From here on only the store can fail: a failure of the program leaves nothing half kept.
        row["duplicate_of"] = article.duplicate_of = self.duplicates.put(article)
        self._writer.add.run(row)
        for name, rows in elements.items():
            self._writer.add_elements[name].run_many(rows)
        self._count(row["sequence"])

    def _replace(
        self, article: Article, known: Any, kept: Kept, evidence: Evidence | None, former_url: str | None = None
    ) -> None:
        """Stores a text or a reading in place of the known one, which the site may have had under another url."""
        url = article.canonical_url
        before = self.read(url)
        assert before is not None
        before.canonical_url = former_url or url
        earlier = {
            name: value
            for name in _FIELDS
            if (value := getattr(before, name)) != getattr(article, name) and name not in _OF_NO_TEXT
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
                "page_hash": known.page_hash,
                "replaced_by": "edit",
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
        row["page_hash"] = evidence.page_hash if evidence is not None else None
        # A sentence may be another one though the expression in it is the same.
        stale = {name for name in lists if name in earlier} | {"time_expressions"}
        elements = {name: _rows(article, name) for name in stale}
        self.duplicates.wording(article)
        # As in `_add`, only the store can fail from here on.
        row["duplicate_of"] = article.duplicate_of = self.duplicates.put(article)
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
        self.renumber = Prepared(connection, update(revisions).where(*_ONE), ["number"])
        self.set_mark = Prepared(connection, update(articles).where(by_key), ["duplicate_of"])
        self.set_revision = Prepared(connection, update(articles).where(by_key), ["revision"])
        of_article = revisions.c.canonical_url == bindparam("key")
        self.rename_revisions = Prepared(connection, update(revisions).where(of_article), ["canonical_url"])
        self.delete = Prepared(connection, delete(articles).where(by_key))
        self.add_elements: dict[str, Prepared] = {}
        self.delete_elements: dict[str, Prepared] = {}
        self.rename_elements: dict[str, Prepared] = {}
        for name, listed in lists.items():
            table = listed.table
            self.add_elements[name] = Prepared(connection, insert(table), [column.name for column in table.columns])
            self.delete_elements[name] = Prepared(
                connection, delete(table).where(table.c.canonical_url == bindparam("key"))
            )
            self.rename_elements[name] = Prepared(
                connection, update(table).where(table.c.canonical_url == bindparam("key")), ["canonical_url"]
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


def _yields(article: Article, known: Any) -> bool:
    """Whether one of two saved copies under different urls, which no date tells apart, is the former one: that without
    "post", or else that with the smaller url, so that it does not matter which is read first."""
    if article.source != "archive" or article.date_modified != known.date_modified:
        return False
    is_former = [(not (urls.article_id(url) or "").startswith("post"), url) for url in _urls(article, known)]
    return is_former[0][0] > is_former[1][0] or (
        is_former[0][0] == is_former[1][0] and is_former[0][1] < is_former[1][1]
    )


def _urls(article: Article, known: Any) -> tuple[str, str]:
    return article.canonical_url, str(known.canonical_url)


def _own(article: Any) -> SiteUrl | None:
    """The article's page that answered; None for a text without a url."""
    return urls.article(article.url) if article.url else None


def _names_another(article: Any) -> bool:
    """Whether the url that answered and the canonical one have different numbers."""
    if article.url is None or article.url == article.canonical_url:
        return False
    own, named = _own(article), urls.article(article.canonical_url)
    return own is not None and named is not None and own.number != named.number


def _is_same_text(one: Any, other: Any) -> bool:
    """Whether two texts are of one article, edits aside."""
    if one.content_hash == other.content_hash:
        return True
    is_alike = one.description == other.description or one.date_published == other.date_published
    return bool(is_alike and one.headline.casefold() == other.headline.casefold())


def _put_apart(article: Article) -> None:
    """Gives an article its own url, and what follows from that."""
    own = _own(article)
    assert own is not None
    assert own.id is not None
    article.canonical_url, article.id = own.url, own.id
    if article.section != own.section:
        article.section = own.section
        article.section_name = sections.name_of(own.section) if own.section else None
    if DISAGREES not in article.warnings:
        article.warnings = [*article.warnings, DISAGREES]


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
