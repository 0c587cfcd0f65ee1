"""The queue of a crawl: which pages are waiting, and which of them comes next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from vovcrawl import urls
from vovcrawl.store.crawls import leave_claims
from vovcrawl.store.database import has_written, wait_for_the_disk
from vovcrawl.store.id_order import IdOrder
from vovcrawl.store.listings import write_reach
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.revisit import RevisitPolicy, dates_are_of_change
from vovcrawl.store.tables import UNFINISHED, archive_files, articles, crawls, lists, pages
from vovcrawl.store.workers import Workers, lock_writes
from vovcrawl.visits import GIVEN_UP, MOST_KILLS, Discovered, Outcome, Reach, State, VisitResult

_CHUNK = 400
"""Urls asked for in one statement; databases bound the number of values."""

_BEFORE_BY_ID = "its id is older than the window"
_AFTER_BY_ID = "its id is younger than the window"
_OLDER = "older than the window"

_PENDING = (State.QUEUED, State.IN_FLIGHT)
# Written out: only so SQLite takes the index of unfinished pages.
_IS_QUEUED = text("state = 'queued'")
_QUEUED = (
    select(
        pages.c.number,
        pages.c.url,
        pages.c.kind,
        pages.c.depth,
        pages.c.discovered_on,
        pages.c.attempts,
        pages.c.kills,
        pages.c.requested,
        pages.c.waits_for,
        pages.c.outcome,
        pages.c.canonical_url,
        pages.c.etag,
        pages.c.last_modified,
        pages.c.listed,
        pages.c.listed_modified,
        pages.c.listed_by,
        pages.c.unread_since,
        pages.c.published,
        pages.c.reason,
    )
    .where(pages.c.crawl == bindparam("this_crawl"), _IS_QUEUED)
    .order_by(pages.c.priority.desc(), pages.c.number)
)
_KNOWN = (
    select(
        pages.c.url,
        pages.c.kind,
        pages.c.state,
        pages.c.outcome,
        pages.c.crawl,
        pages.c.depth,
        pages.c.priority,
        pages.c.published,
        pages.c.canonical_url,
        pages.c.source_modified,
        pages.c.listed_modified,
        pages.c.listed_by,
        pages.c.visited_at,
        pages.c.unread_since,
        pages.c.kills,
        pages.c.reason,
        articles.c.date_modified,
    )
    .join(articles, articles.c.canonical_url == pages.c.canonical_url, isouter=True)
    .where(pages.c.url.in_(bindparam("urls", expanding=True)))
)
_NEW = (
    "url kind state depth priority requested discovered_on first_crawl crawl listed listed_modified listed_by waits_for"
    " covered attempts discovered_at changed_at".split()
)


_SETTLED = ("outcome", "canonical_url", "published", "kills")
"""Columns of a page that needs no visit, beside those of a new one."""

_LISTED_BY = (
    select(pages.c.url)
    .join(articles, articles.c.canonical_url == pages.c.canonical_url)
    .where(
        pages.c.listed_by == bindparam("sitemap"),
        pages.c.outcome.in_([Outcome.ARTICLE, Outcome.GONE]),
        articles.c.gone_at.is_(None),
    )
    .order_by(pages.c.published.desc())
)
"""The kept articles that a sitemap lists or has listed, but for those known to be gone."""

_SITEMAPS_OF = select(pages.c.url).where(
    pages.c.kind == "sitemap",
    pages.c.number.in_(
        select(pages.c.listed_by).where(pages.c.published >= bindparam("since"), pages.c.listed_by.is_not(None))
    ),
)
"""The sitemaps that list articles published since then."""

_MOST_DATED = 2_000
_DATED = (
    select(pages.c.source_modified, articles.c.date_modified)
    .join(articles, articles.c.canonical_url == pages.c.canonical_url)
    .where(pages.c.source_modified.is_not(None), articles.c.date_modified > pages.c.published)
    .order_by(pages.c.published.desc())
    .limit(_MOST_DATED)
)
"""The latest edited articles, with the date of change that a source gave and the one that the page gives."""

_MOST_REMEMBERED = 10_000


def trusts_dates(connection: Connection) -> bool:
    """Whether the dates that sources gave so far are those of the last change, and not of publication."""
    return dates_are_of_change((row.source_modified, row.date_modified) for row in connection.execute(_DATED))


def utc_now() -> str:
    """This moment as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Page:
    """A page in flight."""

    url: str
    kind: str
    depth: int
    discovered_on: str | None
    attempts: int
    requested: bool
    outcome: str | None = None
    """How the visit before ended."""
    canonical_url: str | None = None
    etag: str | None = None
    """What the server sent with the page before: by these it tells whether the page has changed."""
    last_modified: str | None = None
    listed: bool = False
    """Whether a source of the crawl lists it."""
    listed_modified: str | None = None
    """The date of change that the source gave."""
    listed_by: int | None = None
    """The number of the sitemap that listed it last."""
    unread_since: str | None = None
    """Since when every visit has ended without the page: ISO 8601 in UTC."""
    number: int = 0
    """In the order of discovery."""
    reason: str | None = None
    """Why the visit before gave no article."""
    kills: int = 0
    """How often the crawl was killed with the page in flight since a visit to it last ended."""

    @property
    def is_given_up(self) -> bool:
        """Whether the page is not to be asked for, since it has killed the crawl too often."""
        return self.kills >= MOST_KILLS

    @property
    def is_known(self) -> bool:
        """Whether the store holds the page's article, so that only a change of it is of interest."""
        return self.outcome == Outcome.ARTICLE


def _gives_itself(row: Any, modified: str) -> bool:
    """Whether the article that was read tells as much of its last change as a source does now."""
    return row.outcome == Outcome.ARTICLE and modified <= max(row.date_modified or "", row.published or "")


class Frontier:
    """The queued pages of an open store, as one crawl sees them.

    Args:
        connection: of the open store.
        crawl: the crawl's number.
        reach: what the crawl keeps of a listing; its `related` says how many steps it goes from its seeds.
        policy: which known pages are visited again.
        ids: which ids certainly lie outside the window.
        before_window: says of a known publication time whether it is older than everything asked for.
        clock: the moment from which ages are reckoned.
        names_sources: whether the user names the crawl's sources and files anew, by `fresh`: those that were given up
            are asked for again.
        workers: those who may take pages of the same queue; None where nobody else can.
    """

    def __init__(
        self,
        connection: Connection,
        crawl: int,
        *,
        reach: Reach | None = None,
        policy: RevisitPolicy | None = None,
        ids: IdOrder | None = None,
        before_window: Any = lambda published: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        names_sources: bool = False,
        workers: Workers | None = None,
    ) -> None:
        self._connection = connection
        self.workers = workers
        self.crawl = crawl
        self._reach = reach if reach is not None else Reach()
        self.policy = policy if policy is not None else RevisitPolicy()
        self.ids = ids if ids is not None else IdOrder()
        self._before_window = before_window
        self._clock = clock
        self._names_sources = names_sources
        self.in_flight: dict[str, Page] = {}
        """Pages that have been handed out and whose result is not kept yet, by url."""
        self.left_out_by_id = 0
        """Articles that were not visited because their id lies outside the window."""
        self.sources_read = 0
        """Pages that list others, as far as they were read."""
        self._discovered: list[Discovered] = []
        self.articles_queued = 0
        """In this round of the crawl."""
        self._is_another_round = False
        self._read_before: set[str] = set()
        self._unread: set[str] = set()
        queued = _QUEUED if workers is None else _QUEUED.with_for_update(skip_locked=True)
        self._next = Prepared(connection, queued.where(pages.c.waits_for.is_(None)).limit(1))
        self._next_rows = Prepared(connection, queued.limit(bindparam("count")))
        self._waiting = Prepared(connection, _QUEUED.where(pages.c.waits_for.is_not(None)))
        self._any_queued = Prepared(
            connection, select(pages.c.number).where(pages.c.crawl == bindparam("this_crawl"), _IS_QUEUED).limit(1)
        )
        self._count_queued = Prepared(
            connection,
            select(func.count()).select_from(pages).where(pages.c.crawl == bindparam("this_crawl"), _IS_QUEUED),
        )
        self._known = Prepared(connection, _KNOWN)
        self._insert = Prepared(connection, insert(pages), _NEW)
        self._insert_settled = Prepared(connection, insert(pages), [*_NEW, *_SETTLED])
        of_url = update(pages).where(pages.c.url == bindparam("key"))
        self._set_state = Prepared(connection, of_url, ["state", "attempts"])
        self._leave_out = Prepared(connection, of_url, ["state", "outcome", "reason", "changed_at"])
        self._set_priority = Prepared(connection, of_url, ["priority"])
        self._set_source_modified = Prepared(connection, of_url, ["source_modified"])
        self._set_listed = Prepared(connection, of_url, ["listed", "listed_modified"])
        self._set_listed_by = Prepared(connection, of_url, ["listed_by"])
        self._listed_by = Prepared(connection, _LISTED_BY)
        self._sitemaps_of = Prepared(connection, _SITEMAPS_OF)
        self._set_place = Prepared(connection, of_url, ["crawl", "depth"])
        related = lists["related"].table
        self._related = Prepared(
            connection,
            select(related.c.url).where(related.c.canonical_url == bindparam("key"), related.c.url.is_not(None)),
        )

    def moment(self) -> str:
        """The moment from which ages are reckoned, as the store writes it."""
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    def begin_another_round(self, crawl: int) -> None:
        """Goes on as another crawl with the same arguments, which reads the sources again."""
        if self._is_another_round:
            self._read_before.clear()
        self.crawl = crawl
        self.articles_queued = 0
        self._is_another_round = True

    def visited(self, page: Page, result: VisitResult) -> None:
        """Remembers what another round within the run leaves out: a page that stayed unread, and in the first round a
        source that was read.

        A source that names others is asked again, since those may have been read before the run.
        """
        failed = result.outcome.state is State.FAILED
        is_source = page.kind not in ("article", "file")
        self.sources_read += is_source and not failed
        if is_source and self._is_another_round:
            return
        if is_source and all(found.kind == "article" or found.next_of for found in result.discovered):
            remembered = self._read_before
        elif failed and not is_source:
            remembered = self._unread
        else:
            return
        if len(remembered) < _MOST_REMEMBERED:
            remembered.add(page.url)

    def was_asked_for(self, url: str, published: str) -> bool:
        """Whether a page lay in the window of the crawl that discovered it."""
        first = select(crawls.c.keeps_from).join(pages, pages.c.first_crawl == crawls.c.id).where(pages.c.url == url)
        row = self._connection.execute(first).first()
        return row is not None and published >= (row.keeps_from or "")

    def delisted(self, sitemap: str, listed: Set[str]) -> list[str]:
        """Urls of kept articles that a sitemap in flight has listed and lists no more, the latest first."""
        page = self.in_flight.get(sitemap)
        if page is None:
            return []
        return [row.url for row in self._listed_by.rows({"sitemap": page.number}) if row.url not in listed]

    def sitemaps_of(self, since: str) -> list[str]:
        """Urls of the sitemaps that list known articles published since then, a time as records write it."""
        return [row.url for row in self._sitemaps_of.rows({"since": since})]

    def failed_articles(self) -> list[str]:
        """Urls of the articles that no visit could read yet, or since they were read, in the order of discovery."""
        failed = select(pages.c.url).where(UNFINISHED, pages.c.state == State.FAILED, pages.c.kind == "article")
        return list(self._connection.scalars(failed.order_by(pages.c.number)))

    def discover(self, found: Discovered) -> None:
        """Adds a page with those discovered after it, in one statement, before the next one is handed out."""
        self._discovered.append(found)

    def settle(self) -> None:
        """Writes what has been discovered."""
        if self._discovered:
            found, self._discovered = self._discovered, []
            self.add(found)

    def add(self, found: Iterable[Discovered]) -> int:
        """Queues what is to be visited among `found`; the number of pages queued."""
        waiting: dict[str, Discovered] = {}
        for page in found:
            known = waiting.get(page.url)
            as_listing = known is not None and known.kind == "article" and page.kind == "listing"
            if known is None or page.steps < known.steps or as_listing:
                waiting[page.url] = page
            else:
                known.modified = known.modified or page.modified
                known.listed = known.listed or page.listed
        queued = 0
        if waiting:
            lock_writes(self._connection)
        while waiting:
            batch = list(waiting.values())[:_CHUNK]
            for page in batch:
                del waiting[page.url]
            count, further = self._add_batch(batch)
            queued += count
            for page in further:
                waiting.setdefault(page.url, page)
        return queued

    def _add_batch(self, batch: Sequence[Discovered]) -> tuple[int, list[Discovered]]:
        depths = {page.url: self._depth(page) for page in batch}
        within = [page for page in batch if depths[page.url] <= self._reach.related or page.kind != "article"]
        known = {row.url: row for row in self._known.rows({"urls": [page.url for page in within]})} if within else {}
        new: list[dict[str, Any]] = []
        further: list[Discovered] = []
        queued = 0
        now = utc_now()
        for page in within:
            depth = depths[page.url]
            row = known.get(page.url)
            if row is None:
                if not page.if_known:
                    new.append(self._new_row(page, depth, now))
            elif self._is_another_round and (page.url in self._read_before or page.url in self._unread):
                continue
            elif self.policy.wants(row, page, self.crawl):
                if row.crawl != self.crawl and row.state in (*_PENDING, State.FAILED):
                    leave_claims(self._connection, self.crawl, pages.c.url == page.url)
                self._queue_again(row, page, depth, now)
                self.articles_queued += page.kind == "article"
                queued += 1
            else:
                further += self._note(row, page, depth)
        if new:
            self._insert.run_many(new)
            self.articles_queued += sum(row["kind"] == "article" for row in new)
        return queued + len(new), further

    def _note(self, row: Any, page: Discovered, depth: int) -> list[Discovered]:
        """Notes that a page which is not visited again was met; what the crawl is to look at in its place."""
        if row.state == State.QUEUED and page.priority > row.priority:
            self._set_priority.run({"key": page.url, "priority": page.priority})
        sitemap = self._sitemap_of(page)
        if sitemap is not None and row.listed_by != sitemap:
            self._set_listed_by.run({"key": page.url, "listed_by": sitemap})
        if row.state == State.QUEUED and page.listed:
            modified = page.modified or row.listed_modified
            self._set_listed.run({"key": page.url, "listed": True, "listed_modified": modified})
        elif page.modified is not None and row.source_modified is None and _gives_itself(row, page.modified):
            self._set_source_modified.run({"key": page.url, "source_modified": page.modified})
        if page.if_known:
            return []
        if depth >= row.depth and row.crawl == self.crawl:
            return []
        nearer = min(depth, row.depth) if row.crawl == self.crawl else depth
        self._set_place.run({"key": page.url, "crawl": self.crawl, "depth": nearer})
        if page.url in self.in_flight:
            self.in_flight[page.url].depth = nearer
        if row.state != State.DONE:
            return []
        if row.outcome == Outcome.ALIAS:
            # The page that it redirects to may have failed, or lain outside an earlier crawl's window.
            return [replace(page, url=row.canonical_url, discovered_on=row.url, steps=nearer)]
        return self._related_of(row, nearer) if row.outcome == Outcome.ARTICLE else []

    def _sitemap_of(self, page: Discovered) -> int | None:
        """The number of the sitemap that lists a page; None where none does."""
        parent = self.in_flight.get(page.discovered_on) if page.listed and page.discovered_on else None
        return parent.number if parent is not None and parent.kind == "sitemap" else None

    def _depth(self, page: Discovered) -> int:
        parent = self.in_flight.get(page.discovered_on) if page.discovered_on else None
        return page.steps + (parent.depth if parent is not None else 0)

    def related_of(self, url: str) -> list[Discovered]:
        """What a known article in flight points to: it is not read again, but the crawl goes on from it."""
        row = self._known.first({"urls": [url]})
        return self._related_of(row, self.in_flight[url].depth) if row is not None else []

    def _related_of(self, row: Any, depth: int) -> list[Discovered]:
        if depth >= self._reach.related or not row.canonical_url:
            return []
        if row.published and not self.policy.in_window(row.published):
            return []
        parsed = [urls.article(related.url) for related in self._related.rows({"key": row.canonical_url})]
        return [
            Discovered(article.url, "article", discovered_on=row.url, steps=depth + 1)
            for article in parsed
            if article is not None
        ]

    def _new_row(self, page: Discovered, depth: int, now: str) -> dict[str, Any]:
        return {
            "url": page.url,
            "kind": page.kind,
            "state": State.QUEUED,
            "depth": depth,
            "priority": page.priority,
            "requested": page.requested,
            "discovered_on": page.discovered_on,
            "first_crawl": self.crawl,
            "crawl": self.crawl,
            "waits_for": json.dumps(page.waits_for) if page.waits_for else None,
            "covered": write_reach(page.covered),
            "listed": page.listed,
            "listed_modified": page.modified,
            "listed_by": self._sitemap_of(page),
            "attempts": 0,
            "discovered_at": now,
            "changed_at": now,
        }

    def insert_settled(self, page: Discovered, depth: int, settled: dict[str, Any]) -> None:
        """Adds a page that needs no visit, with the columns that say why."""
        self._insert_settled.run({**self._new_row(page, depth, utc_now()), **settled})

    def _queue_again(self, row: Any, page: Discovered, depth: int, now: str) -> None:
        values: dict[str, Any] = {
            "kind": page.kind,
            "state": State.QUEUED,
            "crawl": self.crawl,
            "depth": depth,
            "priority": page.priority,
            "requested": page.requested,
            "listed": page.listed,
            "waits_for": json.dumps(page.waits_for) if page.waits_for else None,
            "changed_at": now,
        }
        if page.next_of is not None:
            values["covered"] = write_reach(page.covered)
        if page.modified is not None:
            values["listed_modified"] = page.modified
        if (sitemap := self._sitemap_of(page)) is not None:
            values["listed_by"] = sitemap
        if page.kind != "article" and not self._is_another_round:
            # Only the crawl that read a source may hear that it is as it was.
            values |= {"etag": None, "last_modified": None}
        # Not before somebody was told: a cron job that says `fresh` at every start would have it asked for for ever.
        is_named = page.requested or (self._names_sources and page.kind != "article")
        if is_named and row.kills >= MOST_KILLS and row.reason == GIVEN_UP:
            values |= {"kills": 0, "reason": None}
        self._connection.execute(update(pages).where(pages.c.url == page.url).values(values))
        if page.kind == "file":
            self._connection.execute(delete(archive_files).where(archive_files.c.url == page.url))

    def next(self) -> Page | None:
        """The next page to visit, now in flight; None if there is none that may be visited yet.

        A page that was in flight at a kill is in flight alone, so that the next kill tells it from its neighbours.
        """
        is_within_another = bool(self.in_flight) and has_written(self._connection)
        self.settle()
        if self._reads_alone():
            self._leave_to_others()
            return None
        while True:
            row = self._next.first({"this_crawl": self.crawl}) or self._next_waiting()
            if row is None or (row.kills and self.in_flight):
                self._leave_to_others()
                return None
            reason = self._outside_by_id(row)
            if reason is not None:
                self._end_without_visit(row.url, Outcome.OUTSIDE_WINDOW, reason)
                self.left_out_by_id += 1
            elif self._lease(row.number):
                break
        page = self._page(row)
        if not page.is_given_up or self.workers is not None:
            self._set_off(page, is_within_another=is_within_another)
        self.in_flight[page.url] = page
        return page

    def _lease(self, page: int) -> bool:
        """Whether no other worker has taken a page in the meantime."""
        return self.workers is None or self.workers.lease(page, self.crawl)

    def _leave_to_others(self) -> None:
        """Commits what was done so far, where others would have to wait for that."""
        if self.workers is not None:
            self._connection.commit()

    def _reads_alone(self) -> bool:
        return any(page.kills for page in self.in_flight.values())

    def take(self, count: int, is_apart: Callable[[str], bool] = lambda url: False) -> list[Page]:
        """The next pages to visit, at most so many, all in flight: for files, which cost no server anything.

        None of them as long as one is in flight that was so at a kill; such a one comes alone, as in `next`.

        Args:
            count: how many at most.
            is_apart: says of a url that its page comes alone too, since a kill while it is read is none of others.
        """
        self.settle()
        if self._reads_alone():
            self._leave_to_others()
            return []
        rows = self._next_rows.rows({"this_crawl": self.crawl, "count": count})
        suspect = next((place for place, row in enumerate(rows) if row.kills), None)
        if suspect is not None:
            # Those before it come first, and it has to wait until they are kept.
            rows = rows[: suspect or int(not self.in_flight)]
        apart = next((place for place, row in enumerate(rows) if is_apart(row.url)), len(rows))
        rows = rows[: apart or 1]
        taken = [self._page(row) for row in rows if self._lease(row.number)]
        marks = [
            {"key": page.url, "state": State.IN_FLIGHT, "attempts": page.attempts}
            for page in taken
            if not page.is_given_up or self.workers is not None
        ]
        self._set_state.run_many(marks)
        self._connection.commit()
        self.in_flight.update((page.url, page) for page in taken)
        return taken

    @staticmethod
    def _page(row: Any) -> Page:
        return Page(
            row.url,
            row.kind,
            row.depth,
            row.discovered_on,
            row.attempts + 1,
            row.requested,
            row.outcome,
            row.canonical_url,
            row.etag,
            row.last_modified,
            row.listed,
            row.listed_modified,
            row.listed_by,
            row.unread_since,
            row.number,
            row.reason,
            row.kills,
        )

    def _set_off(self, page: Page, *, is_within_another: bool) -> None:
        """Marks a page as in flight, for all to see unless the open transaction is that of another visit.

        So a kill leaves the mark, and nobody else who writes to the store has to wait for the page.
        """
        self._set_state.run({"key": page.url, "state": State.IN_FLIGHT, "attempts": page.attempts})
        if not is_within_another:
            self._connection.commit()
        if not self.in_flight:
            wait_for_the_disk(self._connection, True)

    def _outside_by_id(self, row: Any) -> str | None:
        """Why an article that nothing dates certainly lies outside the window; None where it may lie within."""
        if row.kind != "article" or row.requested or row.published is not None or row.listed_modified is not None:
            return None
        if self.ids.is_after(row.url):
            return _AFTER_BY_ID
        return _BEFORE_BY_ID if self.ids.is_before(row.url) else None

    def _end_without_visit(self, url: str, outcome: Outcome, reason: str) -> None:
        values = {"state": State.DONE, "outcome": outcome, "reason": reason, "changed_at": utc_now()}
        self._leave_out.run({"key": url, **values})

    def _next_waiting(self) -> Any:
        """The first listing's page that has waited for the articles before it and is to be visited all the same."""
        for row in self._waiting.rows({"this_crawl": self.crawl}):
            verdict = self._waited(row)
            if verdict:
                return row
            if verdict is False:
                self._skip_rest(row)
        return None

    def _waited(self, row: Any) -> bool | None:
        """Whether a listing's page is to be visited, now that the articles before it are known; None: not yet."""
        target = pages.alias("target")
        found = self._connection.execute(
            select(pages.c.state, pages.c.crawl, pages.c.published, pages.c.reason, target.c.published.label("led_to"))
            .join(target, target.c.url == pages.c.canonical_url, isouter=True)
            .where(pages.c.url.in_(json.loads(row.waits_for)))
        ).all()
        if any(article.state in _PENDING and article.crawl == self.crawl for article in found):
            return None
        dates = [published for article in found if (published := article.published or article.led_to)]
        told = dates or any(article.reason == _BEFORE_BY_ID for article in found)
        return not told or not all(self._before_window(published) for published in dates)

    def _skip_rest(self, row: Any) -> None:
        """Ends a listing whose articles have all become older than the window."""
        parsed = urls.parse(row.url)
        assert parsed is not None
        whole = update(pages).where(pages.c.url == parsed.listing).values(covered=write_reach(self._reach))
        self._connection.execute(whole)
        self._end_without_visit(row.url, Outcome.LISTING, _OLDER)
        self._connection.commit()

    def has_pending(self) -> bool:
        """Whether pages of this crawl wait to be visited, or others may be discovered by those who work with it."""
        self.settle()
        found = self._any_queued.first({"this_crawl": self.crawl}) is not None
        self._leave_to_others()
        return found or self.waits_for_others()

    def waits_for_others(self) -> bool:
        """Whether other workers have pages of this crawl in flight: these may lead to more, or come back."""
        return self.workers is not None and self.workers.others_in_flight(self.crawl)

    def remaining(self) -> int:
        """How many pages of this crawl wait to be visited, without those that no statement has written yet."""
        return int(self._count_queued.scalar({"this_crawl": self.crawl}))

    def release(self, url: str) -> None:
        """Puts a page back into the queue whose visit was called off before it was asked for."""
        page = self.in_flight.pop(url, None)
        if page is not None:
            self._set_state.run({"key": url, "state": State.QUEUED, "attempts": page.attempts - 1})
            self.end_lease(page)
            self._connection.commit()

    def end_lease(self, page: Page) -> None:
        """Says that a page in flight is not this worker's any more; not committed.

        Raises:
            LeaseLost: it is another one's by now.
        """
        if self.workers is not None:
            self.workers.end_lease(page.number)
