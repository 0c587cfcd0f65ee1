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
from dataclasses import fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from vovcrawl import sections, urls
from vovcrawl.dates.periods import days
from vovcrawl.evidence import Evidence
from vovcrawl.items import TAGGED, UNTAGGED, Article, encoded, mark_tagged, texts, to_plain
from vovcrawl.search_tokens import document
from vovcrawl.store.duplicates import DuplicateStore
from vovcrawl.store.history import (
    EDIT,
    NEW,
    NOT_SAID,
    READING,
    Revision,
    Sighting,
    Text,
    arranged,
    read_again,
    reading_of,
    remembered,
    texts_of,
)
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.rereadings import Rereading
from vovcrawl.store.search_index import SearchIndex
from vovcrawl.store.tables import LEADS_ELSEWHERE, REDIRECTED, ListTable, articles, lists, pages, revisions, sightings
from vovcrawl.store.workers import lock_writes
from vovcrawl.text import distinct, sentence_around
from vovcrawl.urls import SiteUrl
from vovcrawl.visits import RENDERED, UNRENDERED

_BATCH = 200
"""Articles read at a time, with one statement a list."""

_HOW_READ = (RENDERED, UNRENDERED, TAGGED, UNTAGGED)
"""Warnings that say how a page came to its reader, which its bytes do not show."""

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
_LAST_SEQUENCES = union_all(
    select(func.max(articles.c.sequence).label("sequence")), select(func.max(revisions.c.sequence))
)

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
_CURRENT = select(*(articles.c[name] for name in (*_OF_THE_TEXT, "page_hash"))).where(
    articles.c.canonical_url == bindparam("key")
)
_SIGHTINGS = (
    select(sightings)
    .where(sightings.c.canonical_url == bindparam("key"))
    .order_by(sightings.c.number, sightings.c.seen_at, sightings.c.page_hash)
)
_IS_SEEN_ON = select(literal(1)).where(
    or_(
        select(revisions.c.number)
        .where(revisions.c.canonical_url == bindparam("key"), revisions.c.page_hash == bindparam("page"))
        .exists(),
        select(sightings.c.number)
        .where(sightings.c.canonical_url == bindparam("key"), sightings.c.page_hash == bindparam("page"))
        .exists(),
    )
)
_PAGES = union_all(*(select(table.c.page_hash, table.c.canonical_url) for table in (articles, revisions, sightings)))
_HAS_SIGHTINGS = select(literal(1)).where(sightings.c.canonical_url == bindparam("key")).limit(1)


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
    EARLIER = "earlier"
    """An earlier text than the current one, or a later one that has been replaced since, was added to its history."""
    REREAD = "reread"
    """The same page was read otherwise than before."""

    @property
    def is_line(self) -> bool:
        """Whether a feed gets a line for it."""
        return self in (Kept.NEW, Kept.REVISED)


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

    def keep(self, article: Article, evidence: Evidence | None = None) -> Kept:
        """Stores `article`; says what that did.

        A text that is replaced goes to `revisions`. `article` is given its `duplicate_of` as it is known now, by all
        articles that are kept.

        A capture of an archive that says when the site sent it has its place by that time, whatever comes first, and
        its time is that at which the text was seen. A saved copy that does not say so never replaces what is known
        from the site or from such a capture.

        Another reading of a page that is known by its `page_hash` is no other text: what it was read as before goes to
        `revisions` as a reading. One by an earlier reader is left out. An unchanged article from another page that was
        read otherwise is stored as it was read last, with all its fields; one that was read the same leaves only a
        later `last_seen`.

        An article that the store has under another url moves to its `canonical_url`, and is revised. One whose page
        names the canonical link of another article gets its own url as `canonical_url`; so does one that is kept under
        the url of the article that comes.
        """
        lock_writes(self._connection)
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
            if not _is_dated(evidence):
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
        if _is_dated(evidence):
            return self._keep_sighting(article, known, evidence)
        is_same_page = evidence is not None and evidence.page_hash == known.page_hash
        if article.source == "archive":
            if evidence is not None and (is_same_page or self._is_seen_on(known, evidence)):
                return self.reread(known.canonical_url, evidence.page_hash, article)
            if self._is_older_copy(article, known):
                return Kept.UNCHANGED
        elif not is_same_page and _is_older(article, known.date_modified, known.source):
            return Kept.UNCHANGED
        article.duplicate_of = known.duplicate_of
        record_hash = _record_hash(article)
        if known.record_hash == record_hash:
            self.seen(article.canonical_url)
            return Kept.UNCHANGED
        if is_same_page:
            return self._keep_sighting(article, known, evidence)
        kept = Kept.UNCHANGED if known.content_hash == article.content_hash else Kept.REVISED
        if kept is Kept.UNCHANGED and self._has_sightings(known):
            return self._keep_sighting(article, known, evidence)
        self._replace(article, known, kept, evidence.page_hash if evidence is not None else None, record_hash)
        return kept

    def _keep_new(self, article: Article, evidence: Evidence | None) -> Kept:
        """Keeps an article whose `canonical_url` is new."""
        before = self.elsewhere(article)
        if before is None:
            self._add(article, evidence)
            return Kept.NEW
        known = self._find.first({"key": before})
        assert known is not None
        if _is_dated(evidence):
            return self._keep_sighting(article, known, evidence)
        if self._is_older_copy(article, known) or _yields(article, known):
            article.canonical_url = before
            return Kept.UNCHANGED
        article.duplicate_of = known.duplicate_of
        self._move(article, known, evidence.page_hash if evidence is not None else None)
        return Kept.REVISED

    def _keep_sighting(self, article: Article, known: Any, evidence: Evidence | None) -> Kept:
        """Keeps what a page showed at one moment, in its place among the texts of a known article."""
        page_hash = evidence.page_hash if evidence is not None else None
        texts = self.texts(known.canonical_url)
        count = sum(len(text.readings) for text in texts)
        seen = copy(article)
        before = reading_of(texts, page_hash) if page_hash is not None else None
        if before is not None and page_hash is not None:
            if seen.reader_version < before.reader_version:
                seen = replace(before, fetched_at=seen.fetched_at, source=seen.source)
            else:
                _take_tags(seen, before)
            if _record_hash(replace(before, fetched_at=None, source=seen.source)) != _record_hash(seen):
                texts = read_again(texts, seen, page_hash)
        at = (evidence.captured_at if evidence is not None else None) or _seen_at(article)
        is_reread = sum(len(text.readings) for text in texts) > count
        if not any(at == known.at and page_hash == known.page_hash for text in texts for known in text.sightings):
            texts = arranged(texts, [Sighting(at, seen, page_hash)])
        last = texts[-1]
        is_revised = last.current.sequence == NEW and len(last.readings) == 1
        if is_revised:
            last.readings[-1] = replace(last.current, run=self.run)
        sequence = self._write_texts(known, texts)
        if is_revised:
            self._count(sequence)
        current = last.current.article
        article.canonical_url, article.duplicate_of = current.canonical_url, current.duplicate_of
        if is_revised:
            return Kept.REVISED
        if is_reread:
            return Kept.REREAD
        return Kept.EARLIER if sum(len(text.readings) for text in texts) > count else Kept.UNCHANGED

    def reread(self, canonical_url: str, page_hash: str, article: Article) -> Kept:
        """Keeps another reading of a page that a text of an article was seen on; says whether it is one.

        When the page was seen, and whether by the site itself, stays as it is known; so does what the article is kept
        under. A reading by an earlier reader is left out.
        """
        known = self._find.first({"key": canonical_url})
        texts = self.texts(canonical_url)
        before = reading_of(texts, page_hash)
        article.duplicate_of = known.duplicate_of if known is not None else None
        if known is None or before is None or article.reader_version < before.reader_version:
            return Kept.UNCHANGED
        seen = replace(as_kept(article, before), extra=article.extra)
        if _record_hash(before) == _record_hash(seen):
            return Kept.UNCHANGED
        count = sum(len(text.readings) for text in texts)
        texts = read_again(texts, seen, page_hash)
        self._write_texts(known, texts)
        article.canonical_url = canonical_url
        return Kept.REREAD if sum(len(text.readings) for text in texts) > count else Kept.UNCHANGED

    def reading_of(self, canonical_url: str, page_hash: str) -> Article | None:
        """What a page was read as that a text of an article was seen on; None where none was."""
        return reading_of(self.texts(canonical_url), page_hash)

    def apply(self, rereading: Rereading) -> Kept:
        """Keeps what reading a page again found, unless the article has been read otherwise since; as `reread`."""
        before = self.reading_of(rereading.canonical_url, rereading.page_hash)
        if before is None:
            return Kept.UNCHANGED
        record = before.to_dict()
        values = {**rereading.changed, **rereading.unsaid}
        if any(record[name] != known for name, (known, _) in values.items()):
            return Kept.UNCHANGED
        again = Article.from_dict({**record, **{name: read for name, (_, read) in values.items()}})
        return self.reread(rereading.canonical_url, rereading.page_hash, again)

    def pages(self) -> Iterator[tuple[str | None, str]]:
        """The hash of each page that a text was seen on, with the canonical url of its article; None where the page of
        an article is not known. A few of them are in memory at a time."""
        for row in self._reader.pages.stream():
            yield row.page_hash, row.canonical_url

    def _is_older_copy(self, article: Article, known: Any) -> bool:
        """Whether what comes from a page without a date of its own is left out."""
        source = known.source
        if article.source == "archive" and source == "archive" and self._has_sightings(known):
            source = "live"
        return _is_older(article, known.date_modified, source)

    def _has_sightings(self, known: Any) -> bool:
        return self._reader.has_sightings.first({"key": known.canonical_url}) is not None

    def _is_seen_on(self, known: Any, evidence: Evidence) -> bool:
        """Whether another than the current text was seen on the page."""
        values = {"key": known.canonical_url, "page": evidence.page_hash}
        return self._reader.is_seen_on.first(values) is not None

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
        earlier = _differing(last, first)
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
                "replaced_by": EDIT,
            }
        )
        writer.renumber_sightings.run({"key": new, "later_by": before.revision})
        writer.rename_sightings.run({"key": old, "canonical_url": new})
        self.forget_words(old)
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
        self._move(article, known, known.page_hash)
        self.kept[Kept.REVISED] += 1
        self.set_apart.append(article)

    def _move(self, article: Article, known: Any, page_hash: str | None) -> None:
        """Stores a text of an article that has been kept under another url."""
        old, new = known.canonical_url, article.canonical_url
        self.rename(old, new)
        self._replace(article, known, Kept.REVISED, page_hash, _record_hash(article), former_url=old)

    def rename(self, old: str, new: str) -> None:
        """Gives what is kept under one url another one, under which nothing is kept."""
        self.forget_words(old)
        names = [column.name for column in articles.columns if column.name != "gone_at"]
        copied = select(*(literal(new) if name == "canonical_url" else articles.c[name] for name in names))
        self._connection.execute(insert(articles).from_select(names, copied.where(articles.c.canonical_url == old)))
        for rename in self._writer.rename_elements.values():
            rename.run({"key": old, "canonical_url": new})
        self._writer.rename_revisions.run({"key": old, "canonical_url": new})
        self._writer.rename_sightings.run({"key": old, "canonical_url": new})
        self._writer.delete.run({"key": old})
        self.duplicates.remove(old)
        moved = self.read(new)
        assert moved is not None
        self._writer.set_mark.run({"key": new, "duplicate_of": self.duplicates.put(moved)})
        self.search.put(moved, document(moved))
        self.lead_pages(old, new)

    def lead_pages(self, old: str, new: str) -> None:
        """Has the pages lead to the article that led to it under its former url."""
        leads = pages.c.canonical_url == old
        for condition in (pages.c.url == old, REDIRECTED, LEADS_ELSEWHERE):
            self._connection.execute(update(pages).where(leads, condition).values(canonical_url=new))

    def forget_words(self, canonical_url: str) -> None:
        """Takes an article out of the search index, while it is still kept."""
        article = self.read(canonical_url)
        if article is not None:
            self.search.remove(canonical_url, document(article))

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
        of_the_text = (current.sequence, current.run, current.first_seen, current.last_seen)
        found = [Revision(current.revision, *of_the_text, article, current.page_hash)]
        record = article.to_dict()
        for row in self._reader.earlier.rows({"key": canonical_url}):
            record = {**record, **json.loads(row.earlier), "content_hash": row.content_hash}
            of_the_text = (row.sequence, row.run, row.first_seen, row.last_seen)
            before = Article.from_dict(record)
            found.append(Revision(row.number, *of_the_text, before, row.page_hash, row.replaced_by))
        return found[::-1]

    def texts(self, canonical_url: str) -> list[Text]:
        """The texts of an article with their readings and sightings, in their order."""
        history = self.history(canonical_url)
        by_number = {revision.number: revision.article for revision in history}
        seen: dict[int, list[Sighting]] = {}
        for row in self._reader.sightings.rows({"key": canonical_url}):
            article = by_number[row.number]
            if differing := json.loads(row.differing):
                article = Article.from_dict({**article.to_dict(), **differing})
            seen.setdefault(row.number, []).append(Sighting(row.seen_at, article, row.page_hash or None))
        return texts_of(history, seen)

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
    def search(self) -> SearchIndex:
        """What the articles are searched by."""
        return SearchIndex(self._connection)

    @cached_property
    def _reader(self) -> _Reader:
        return _Reader(self._connection)

    @cached_property
    def _writer(self) -> _Writer:
        return _Writer(self._connection)

    def _add(self, article: Article, evidence: Evidence | None) -> None:
        seen_at = _seen_at(article)
        page_hash = evidence.page_hash if evidence is not None else None
        row = {
            **columns_of(article),
            "sequence": self._writer.next_sequence(),
            "run": self.run,
            "revision": 1,
            "first_seen": seen_at,
            "last_seen": seen_at,
            "record_hash": _record_hash(article),
            "page_hash": page_hash,
        }
        if evidence is not None and evidence.captured_at is not None:
            row["first_seen"] = row["last_seen"] = evidence.captured_at
        elements = {name: rows_of(article, name) for name in lists if getattr(article, name)}
        self.duplicates.wording(article)
        words = self.search.document(article)
        # From here on only the store can fail: a failure of the program leaves nothing half kept.
        row["duplicate_of"] = article.duplicate_of = self.duplicates.put(article)
        self.search.put(article, words)
        self._writer.add.run(row)
        for name, rows in elements.items():
            self._writer.add_elements[name].run_many(rows)
        if evidence is not None and evidence.captured_at is not None:
            seen = Sighting(evidence.captured_at, article, page_hash)
            self._writer.add_sighting.run(_sighting_row(article.canonical_url, 1, seen, article))
        self._count(row["sequence"])

    def _replace(
        self,
        article: Article,
        known: Any,
        kept: Kept,
        page_hash: str | None,
        record_hash: str,
        former_url: str | None = None,
    ) -> None:
        """Stores a text or a reading in place of the known one, which the site may have had under another url."""
        url = article.canonical_url
        before = self.read(url)
        assert before is not None
        words_before, words = document(before), self.search.document(article)
        before.canonical_url = former_url or url
        earlier = _differing(before, article)
        seen_at = _seen_at(article)
        of_the_text: dict[str, Any] = {name: getattr(known, name) for name in _OF_THE_TEXT} | {"last_seen": seen_at}
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
                "replaced_by": EDIT,
            }
            of_the_text |= {
                "sequence": self._writer.next_sequence(),
                "run": self.run,
                "revision": known.revision + 1,
                "first_seen": seen_at,
            }
        elif known.revision > 1:
            amended = self._amended(url, known.revision - 1, earlier, article)
        row = {**columns_of(article), **of_the_text, "record_hash": record_hash, "page_hash": page_hash, "key": url}
        elements = _changed_rows(article, earlier)
        self.duplicates.wording(article)
        # As in `_add`, only the store can fail from here on.
        row["duplicate_of"] = article.duplicate_of = self.duplicates.put(article)
        self.search.put(article, words, words_before)
        if revision:
            self._writer.add_revision.run(revision)
        if amended:
            self._writer.amend_revision.run(amended)
        self._put(row, elements)
        if revision:
            self._count(of_the_text["sequence"])

    def _put(self, row: Mapping[str, Any], elements: Mapping[str, list[Mapping[str, Any]]]) -> None:
        """Writes a current text, with the lists that have changed."""
        self._writer.replace.run(row)
        for name, rows in elements.items():
            self._writer.delete_elements[name].run({"key": row["key"]})
            self._writer.add_elements[name].run_many(rows)

    def put_texts(self, url: str, texts: Sequence[Text]) -> None:
        """Keeps an article with its whole history, of which nothing is kept yet; no feed gets a line for it."""
        current = texts[-1].current.article
        rows = self._revision_rows(url, texts)
        row = {**columns_of(current), **rows.pop(), "record_hash": _record_hash(current)}
        words = self.search.document(current)
        self.duplicates.wording(current)
        row["duplicate_of"] = current.duplicate_of = self.duplicates.put(current)
        self.search.put(current, words)
        self._writer.add.run(row)
        for name in lists:
            self._writer.add_elements[name].run_many(rows_of(current, name))
        self._writer.add_revision.run_many(rows)
        self.remember(url, texts)

    def _write_texts(self, known: Any, texts: Sequence[Text]) -> int:
        """Writes the whole history of a known article anew; the sequence of the current text."""
        current = texts[-1].current.article
        if (
            known.canonical_url != current.canonical_url
            and self._find.first({"key": current.canonical_url}) is not None
        ):
            # Its page names the url of another article, which keeps that.
            current.canonical_url = known.canonical_url
        if known.canonical_url != (url := current.canonical_url):
            self.rename(known.canonical_url, url)
        before = self.read(url)
        assert before is not None
        words_before, words = document(before), self.search.document(current)
        before.canonical_url = known.canonical_url
        current.duplicate_of = known.duplicate_of
        changed = _differing(before, current)
        elements = _changed_rows(current, changed)
        rows = self._revision_rows(url, texts)
        last = rows.pop()
        row = {**columns_of(current), **last, "record_hash": _record_hash(current), "key": url}
        self.duplicates.wording(current)
        # As in `_add`, only the store can fail from here on.
        if changed or url != known.canonical_url:
            row["duplicate_of"] = current.duplicate_of = self.duplicates.put(current)
            self.search.put(current, words, words_before)
        self._writer.delete_revisions.run({"key": url})
        self._writer.add_revision.run_many(rows)
        self._put(row, elements)
        self.remember(url, texts)
        return int(last["sequence"])

    def _revision_rows(self, url: str, texts: Sequence[Text]) -> list[dict[str, Any]]:
        """The rows of `revisions`, and what `articles` holds beside the record of the current text."""
        flat = [(reading, reading is text.current) for text in texts for reading in text.readings]
        rows: list[dict[str, Any]] = []
        for number, (revision, is_current) in enumerate(flat, 1):
            row: dict[str, Any] = {
                "sequence": revision.sequence or self._writer.next_sequence(),
                "run": revision.run,
                "first_seen": revision.first_seen,
                "last_seen": revision.last_seen,
                "page_hash": revision.page_hash,
            }
            if number == len(flat):
                row["revision"] = number
            else:
                earlier = _differing(revision.article, flat[number][0].article)
                row |= {"canonical_url": url, "number": number, "content_hash": revision.article.content_hash}
                row |= {"earlier": encoded(earlier).decode(), "replaced_by": EDIT if is_current else READING}
            rows.append(row)
        return rows

    def remember(self, url: str, texts: Sequence[Text]) -> None:
        """Keeps when the texts of an article were seen, in place of what was kept of that."""
        self._writer.delete_sightings.run({"key": url})
        numbers = list(accumulate(len(text.readings) for text in texts))
        rows = {
            (row["number"], row["seen_at"], row["page_hash"]): row
            for place, seen in remembered(texts)
            for row in [_sighting_row(url, numbers[place], seen, texts[place].current.article)]
        }
        self._writer.add_sighting.run_many(list(rows.values()))

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
        self.sightings = Prepared(connection, _SIGHTINGS)
        self.has_sightings = Prepared(connection, _HAS_SIGHTINGS)
        self.pages = Prepared(connection, _PAGES)
        self.is_seen_on = Prepared(connection, _IS_SEEN_ON)
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
        self.delete_revisions = Prepared(connection, delete(revisions).where(of_article))
        seen = sightings.c.canonical_url == bindparam("key")
        self.add_sighting = Prepared(connection, insert(sightings), [column.name for column in sightings.columns])
        self.delete_sightings = Prepared(connection, delete(sightings).where(seen))
        self.rename_sightings = Prepared(connection, update(sightings).where(seen), ["canonical_url"])
        later = sightings.c.number + bindparam("later_by", type_=Integer)
        self.renumber_sightings = Prepared(connection, update(sightings).where(seen).values(number=later))
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
        self._connection = connection
        self._last = Prepared(connection, _LAST_SEQUENCES)
        self._is_shared = connection.dialect.name != "sqlite"
        self._counted_in: object = None
        self._sequence = self._last_sequence()

    def next_sequence(self) -> int:
        """The place of the text that is kept next; one transaction at a time keeps texts."""
        if self._is_shared and self._counted_in is not (transaction := self._connection.get_transaction()):
            # Others may have kept some since.
            self._sequence, self._counted_in = self._last_sequence(), transaction
        self._sequence += 1
        return self._sequence

    def _last_sequence(self) -> int:
        # That of an earlier text which was kept later may be more than any current one's.
        return max(row.sequence or 0 for row in self._last.rows())


def _elements(listed: ListTable) -> Any:
    table = listed.table
    return (
        select(table.c.canonical_url, *(table.c[column] for column in listed.columns))
        .where(table.c.canonical_url.in_(bindparam("urls", expanding=True)))
        .order_by(table.c.canonical_url, table.c.position)
    )


def _is_dated(evidence: Evidence | None) -> bool:
    """Whether an archive says when the site sent the page."""
    return evidence is not None and evidence.captured_at is not None


def _seen_at(article: Article) -> str:
    return article.fetched_at or _utc_now()


def _differing(article: Article, other: Article) -> dict[str, Any]:
    """The fields of an article that another one changes, with the values that they have."""
    return {
        name: value
        for name in _FIELDS
        if (value := getattr(article, name)) != getattr(other, name) and name not in _OF_NO_TEXT
    }


def _changed_rows(article: Article, changed: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of the lists that are to be written again."""
    # A sentence may be another one though the expression in it is the same.
    return {name: rows_of(article, name) for name in lists if name in changed or name == "time_expressions"}


def _sighting_row(url: str, number: int, seen: Sighting, kept: Article) -> dict[str, Any]:
    differing = encoded(_differing(seen.article, kept)).decode()
    return {
        "canonical_url": url,
        "number": number,
        "seen_at": seen.at,
        "page_hash": seen.page_hash or "",
        "differing": differing,
    }


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


def as_kept(article: Article, before: Article) -> Article:
    """A page's reading as the store keeps it that has another one of the same page: when it was seen, what its article
    is kept under, and what pipelines have added stay."""
    article = copy(article)
    article.url = before.url
    own = _own(article)
    if own is not None and own.url == before.canonical_url and _names_another(article):
        _put_apart(article)
    for name in ("canonical_url", "id", "fetched_at", "source", "extra", "duplicate_of"):
        setattr(article, name, getattr(before, name))
    how = [warning for warning in before.warnings if warning in _HOW_READ]
    article.warnings = how + [warning for warning in article.warnings if warning not in _HOW_READ]
    _take_tags(article, before)
    return article


def _take_tags(article: Article, before: Article) -> None:
    """Gives a reading of a page the tags that the tag service named for it at another one: no page holds them."""
    if TAGGED in before.warnings:
        article.keywords = distinct([*article.keywords, *before.keywords])
        mark_tagged(article)


def differences(before: Article, article: Article) -> tuple[dict[str, tuple[Any, Any]], dict[str, tuple[Any, Any]]]:
    """The fields in which one reading of a page differs from that before, each with both plain values: those that say
    something of the page, and the others."""
    records = before.to_dict(), article.to_dict()
    differing = {name: (records[0][name], records[1][name]) for name in _FIELDS if records[0][name] != records[1][name]}
    said = {name: values for name, values in differing.items() if name not in NOT_SAID}
    return said, {name: values for name, values in differing.items() if name in NOT_SAID}


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


def columns_of(article: Article) -> dict[str, Any]:
    """The columns of an article."""
    return {**vars(article), _OBJECT: encoded(article.extra).decode()}


def rows_of(article: Article, name: str) -> list[Mapping[str, Any]]:
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
