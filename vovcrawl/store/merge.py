"""Taking another store into one: every article once, with what both know of it, and what both know of pages.

A crawl that follows asks for nothing that either of the two holds. Of the other store come its articles with their
revisions, its pages that were visited, and its crawls, since those say what is covered. Its runs, its feeds and what
its unfinished crawls had left to do stay with it, and so do files of archives, which are on its own machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from vovcrawl.items import Article
from vovcrawl.store.articles import ArticleStore
from vovcrawl.store.database import Database, commit
from vovcrawl.store.history import NEW, Revision, Text, arranged, has_captures, read_again, united
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import articles, crawls, feeds, pages, revisions, sightings
from vovcrawl.visits import FAILURES, Outcome, State

_BATCH = 200

_ABOUT = select(
    *(articles.c[name] for name in ("canonical_url", "record_hash", "page_hash", "revision")),
    *(articles.c[name] for name in ("first_seen", "last_seen", "gone_at")),
    exists(sightings.c.number).where(sightings.c.canonical_url == articles.c.canonical_url).label("has_sightings"),
).where(articles.c.canonical_url.in_(bindparam("urls", expanding=True)))

_PENDING = (State.QUEUED, State.IN_FLIGHT)


@dataclass(slots=True)
class Merged:
    """What a merge did."""

    new: int = 0
    """Articles that the store did not hold."""
    revised: int = 0
    """Articles that have other texts than before, or were read by a later reader."""
    unchanged: int = 0
    pages: int = 0
    """Pages of which the other store knew more."""


def merge(into: Database, other: Database) -> Merged:
    """Takes what `other` holds into the store `into`, in one transaction. To do so twice changes nothing.

    Args:
        into: the store, held by this process, with no transaction open.
        other: a store that is open to be read; a crawl may be writing to it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: one of the two failed; nothing is changed.
    """
    merged = Merged()
    other.hold_view()
    try:
        taken = _Articles(into.connection, other.connection, merged)
        taken.merge()
        _Pages(into.connection, other.connection, merged).merge()
        taken.lead_pages()
        commit(into.connection)
    except BaseException:
        into.connection.rollback()
        raise
    finally:
        other.connection.rollback()
    return merged


class _Articles:
    """The articles of two stores."""

    def __init__(self, connection: Connection, other: Connection, merged: Merged) -> None:
        self._merged = merged
        self._store = ArticleStore(connection)
        self._other = ArticleStore(other)
        self._about = Prepared(connection, _ABOUT)
        self._about_other = Prepared(other, _ABOUT)
        of_url = articles.c.canonical_url == bindparam("key")
        of_number = (revisions.c.canonical_url == bindparam("key"), revisions.c.number == bindparam("of_number"))
        of_text = ["first_seen", "last_seen", "run"]
        self._delete = Prepared(connection, delete(articles).where(of_url))
        self._set_gone = Prepared(connection, update(articles).where(of_url), ["gone_at"])
        self._set_seen = Prepared(connection, update(articles).where(of_url), ["first_seen", "last_seen"])
        self._set_current = Prepared(connection, update(articles).where(of_url), of_text)
        self._set_earlier = Prepared(connection, update(revisions).where(*of_number), of_text)
        written = select(feeds.c.run, func.min(feeds.c.sequence).label("sequence")).group_by(feeds.c.run)
        self._written = {row.run: row.sequence for row in connection.execute(written)}
        self._moved: dict[str, str] = {}
        """Where articles are kept that the other store has under another url."""

    def merge(self) -> None:
        """Takes the other store's articles over, in the order in which it kept them."""
        found = self._other.stream()
        while batch := list(islice(found, _BATCH)):
            urls = {"urls": [article.canonical_url for article in batch]}
            known = {row.canonical_url: row for row in self._about.rows(urls)}
            given = {row.canonical_url: row for row in self._about_other.rows(urls)}
            for article in batch:
                url = article.canonical_url
                elsewhere = self._store.elsewhere(article) if url not in known else None
                if elsewhere is None:
                    self._take(url, known.get(url), given[url])
                else:
                    self._take_moved(elsewhere, url)

    def lead_pages(self) -> None:
        """Has the pages that came from the other store lead to where their articles are kept."""
        for given, url in self._moved.items():
            self._store.lead_pages(given, url)

    def _take_moved(self, url: str, given_url: str) -> None:
        """Takes over an article that the site has moved, which both stores have: the one before, the other after it."""
        before = self._store.texts(url)
        texts = _joined(before, self._other.texts(given_url))
        latest = texts[-1].current.article.canonical_url
        if latest != given_url:
            self._moved[given_url] = url
        elif latest != url:
            self._store.rename(url, latest)
            url = latest
        if self._keep(url, before, texts):
            self._merged.revised += 1
        else:
            self._merged.unchanged += 1

    def _take(self, url: str, known: Any, given: Any) -> None:
        is_kept = False
        if known is not None and _is_same(known, given):
            self._see(url, known, given)
        else:
            before = self._store.texts(url)
            is_kept = self._keep(url, before, _joined(before, self._other.texts(url)))
        if known is None:
            self._merged.new += 1
        elif is_kept:
            self._merged.revised += 1
        else:
            self._merged.unchanged += 1
        gone_at = given.gone_at if known is None or _heard_at(given) > _heard_at(known) else known.gone_at
        # An article that was kept anew is there for all that is said of it.
        if gone_at != (None if known is None or is_kept else known.gone_at):
            self._set_gone.run({"key": url, "gone_at": gone_at})

    def _see(self, url: str, known: Any, given: Any) -> None:
        """Notes when the text that both stores have was seen."""
        seen = (min(known.first_seen, given.first_seen), max(known.last_seen, given.last_seen))
        if seen != (known.first_seen, known.last_seen):
            self._set_seen.run({"key": url, "first_seen": seen[0], "last_seen": seen[1]})

    def _keep(self, url: str, before: Sequence[Text], texts: Sequence[Text]) -> bool:
        """Keeps the history of an article as both stores know it; whether it says other than before."""
        is_same = _contents(before) == _contents(texts)
        if is_same:
            rows = [reading for text in texts for reading in text.readings]
            for number, row in enumerate(rows, 1):
                values = {"key": url, "first_seen": row.first_seen, "last_seen": row.last_seen, "run": row.run}
                if number == len(rows):
                    self._set_current.run(values)
                else:
                    self._set_earlier.run({**values, "of_number": number})
            self._store.remember(url, texts)
        else:
            self._store.forget_words(url)
            self._delete.run({"key": url})
            for text in texts:
                text.readings = [replace(one, run=self._owed_to(one), sequence=NEW) for one in text.readings]
            # What the current text was kept under before is no other article's.
            current = texts[-1].current
            texts[-1].readings[-1] = replace(current, article=replace(current.article, canonical_url=url))
            self._store.put_texts(url, texts)
        return not is_same

    def _owed_to(self, known: Revision) -> int | None:
        """The run whose feeds have still to get a text, which is the last of all from now on; None where they have."""
        if known.run not in self._written or known.sequence <= self._written[known.run]:
            return None
        return known.run


def _is_same(known: Any, given: Any) -> bool:
    """Whether both stores have one and the same text, read in the same way, and have never had another."""
    is_single = known.revision == given.revision == 1 and not (known.has_sightings or given.has_sightings)
    is_single = is_single and (known.page_hash is not None or given.page_hash is None)
    return is_single and known.record_hash is not None and known.record_hash == given.record_hash


def _heard_at(row: Any) -> str:
    """When the store heard last of an article: that it is there, or that it is gone."""
    return str(max(row.last_seen, row.gone_at or ""))


def _contents(texts: Sequence[Text]) -> list[Any]:
    """What a history says, but for when its texts were seen, and what an article repeats in its store."""
    is_dated = has_captures(texts)
    return [
        (one.page_hash, {**one.article.to_dict(), "duplicate_of": None, **({} if is_dated else {"fetched_at": None})})
        for text in texts
        for one in text.readings
    ]


def _joined(known: Sequence[Text], given: Sequence[Text]) -> list[Text]:
    """The texts of two stores in the order in which one crawl would have kept them, each once in a row."""
    for text in given:
        # Their places and runs are those of another store.
        text.readings = [replace(one, sequence=NEW, run=None) for one in text.readings]
    known, given = _read_alike(known, given)
    if has_captures([*known, *given]):
        return arranged([*known, *given])
    ordered = list(known)
    covered: dict[int, list[Text]] = {}
    least = 0
    for text in given:
        covering = next((own for own in known if _covers(own.current, text.current)), None)
        if covering is not None:
            covered.setdefault(id(covering), []).append(text)
            continue
        place = len(ordered)
        while place > least and _comes_before(text.current, ordered[place - 1].current):
            place -= 1
        ordered.insert(place, text)
        least = place + 1
    texts: list[Text] = []
    for text in ordered:
        earlier = text.readings[:-1]
        for other in covered.get(id(text), ()):
            earlier = united(earlier, other.readings[:-1])
        current = text.current
        last = texts[-1].current if texts else None
        if last is None or last.article.content_hash != current.article.content_hash:
            texts.append(Text([*earlier, current]))
            continue
        mine = last if last.sequence != NEW else current
        first_seen, last_seen = min(last.first_seen, current.first_seen), max(last.last_seen, current.last_seen)
        page_hash = current.page_hash or last.page_hash
        both = replace(mine, article=current.article, first_seen=first_seen, last_seen=last_seen, page_hash=page_hash)
        texts[-1].readings = [*united(texts[-1].readings[:-1], earlier), both]
    return texts


def _read_alike(known: Sequence[Text], given: Sequence[Text]) -> tuple[Sequence[Text], Sequence[Text]]:
    """The texts of two stores, where pages that both have read are read as the later reader did, else as this store."""
    pages_of = ({one.current.page_hash for one in texts if one.current.page_hash} for texts in (known, given))
    for page_hash in sorted(set.intersection(*pages_of)):
        mine, theirs = (
            next(text.current.article for text in reversed(texts) if text.current.page_hash == page_hash)
            for texts in (known, given)
        )
        if mine.reader_version < theirs.reader_version:
            known = read_again(known, theirs, page_hash)
        else:
            given = read_again(given, mine, page_hash)
    return known, given


def _covers(known: Revision, given: Revision) -> bool:
    """Whether the store has seen a text all the while that the other one has."""
    is_same = known.article.content_hash == given.article.content_hash
    return is_same and known.first_seen <= given.first_seen and given.last_seen <= known.last_seen


def _comes_before(given: Revision, known: Revision) -> bool:
    """Whether one crawl would have had a text of the other store before one of its own."""
    if _yields(given.article, known.article) or _yields(known.article, given.article):
        return _yields(given.article, known.article)
    return given.last_seen < known.last_seen


def _yields(article: Article, known: Article) -> bool:
    """Whether a text does not replace another one though it was seen later, as in `ArticleStore.keep`."""
    dates = article.date_modified, known.date_modified
    if dates[0] and dates[1] and dates[0] != dates[1]:
        return dates[0] < dates[1]
    return article.source == "archive" and known.source == "live"


class _Pages:
    """The pages of two stores, and the crawls that discovered them."""

    def __init__(self, connection: Connection, other: Connection, merged: Merged) -> None:
        self._connection = connection
        self._other = other
        self._merged = merged
        self._names = [column.name for column in pages.columns if column.name != "number"]
        self._known = Prepared(connection, select(pages).where(pages.c.url.in_(bindparam("urls", expanding=True))))
        self._add = Prepared(connection, insert(pages), self._names)
        of_url = pages.c.url == bindparam("key")
        self._replace = Prepared(
            connection, update(pages).where(of_url), [name for name in self._names if name != "url"]
        )
        self._numbers: dict[int, int] = {}
        """The numbers of sitemaps in the store, by those in the other one."""

    def merge(self) -> None:
        """Takes over what the other store knows better."""
        crawl_of = self._crawls()
        # Other pages name the sitemap that lists them.
        for condition in (pages.c.kind == "sitemap", pages.c.kind.not_in(["sitemap", "file"])):
            visited = select(pages).where(condition, pages.c.outcome.is_not(None)).order_by(pages.c.number)
            for batch in _batches(self._other, visited):
                self._take(batch, crawl_of)

    def _crawls(self) -> dict[int, int]:
        """Takes the other store's crawls over; their numbers, by those in the other store.

        One that is not finished there is finished here, as one that was not whole: nothing of it is left to do.
        """
        of_crawl = ("arguments", "started_at", "reckoned_at")
        known = {
            tuple(getattr(row, name) for name in of_crawl): row for row in self._connection.execute(select(crawls))
        }
        now = datetime.now(UTC).isoformat(timespec="seconds")
        numbers: dict[int, int] = {}
        for row in self._other.execute(select(crawls).order_by(crawls.c.id)).all():
            same = known.get(tuple(getattr(row, name) for name in of_crawl))
            if same is None:
                values = {name: value for name, value in row._mapping.items() if name != "id"}
                ended = {"finished_at": row.finished_at or now, "is_whole": bool(row.finished_at and row.is_whole)}
                made = self._connection.execute(insert(crawls).values({**values, **ended}))
                assert made.inserted_primary_key is not None
                numbers[row.id] = int(made.inserted_primary_key[0])
            else:
                numbers[row.id] = same.id
                if row.is_whole and same.finished_at is not None and not same.is_whole:
                    self._connection.execute(update(crawls).where(crawls.c.id == same.id).values(is_whole=True))
        return numbers

    def _take(self, batch: Sequence[Any], crawl_of: dict[int, int]) -> None:
        urls = {"urls": [row.url for row in batch]}
        known = {row.url: row for row in self._known.rows(urls)}
        new = []
        for row in batch:
            mine = known.get(row.url)
            if mine is not None and not _knows_more(row, mine):
                continue
            values = {name: getattr(row, name) for name in self._names}
            values["first_crawl"], values["crawl"] = crawl_of[row.first_crawl], crawl_of[row.crawl]
            values["listed_by"] = self._numbers.get(row.listed_by)
            if row.state in _PENDING:
                # What it was before another crawl came to it.
                values["state"] = Outcome(row.outcome).state
            if mine is None:
                new.append(values)
            else:
                discovered_at = min(mine.discovered_at, row.discovered_at)
                kept = {"first_crawl": mine.first_crawl, "discovered_at": discovered_at, "requested": mine.requested}
                self._replace.run({**values, **kept, "key": row.url})
            self._merged.pages += 1
        self._add.run_many(new)
        number_of = {row.url: row.number for row in self._known.rows(urls)}
        self._numbers |= {row.number: number_of[row.url] for row in batch if row.kind == "sitemap"}


def _knows_more(row: Any, mine: Any) -> bool:
    """Whether another store's page says more than the store's own, which a crawl may still have to visit."""
    return mine.state not in _PENDING and _weight(row) > _weight(mine)


def _weight(row: Any) -> tuple[int, str, str]:
    """How much a page says: whether it was read, or is accounted for; then, when that was."""
    is_read = row.outcome is not None and row.outcome not in FAILURES
    said = 0 if not is_read else 1 if row.outcome == Outcome.OUTSIDE_WINDOW else 2
    return said, row.visited_at or "", row.changed_at


def _batches(connection: Connection, statement: Any) -> Iterator[Sequence[Any]]:
    """The rows of a statement, a few of them in memory at a time."""
    yield from connection.execute(statement, execution_options={"yield_per": _BATCH}).partitions()
