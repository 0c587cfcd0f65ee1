"""The walk's memory: which pages are known, which are waiting, and what came of each.

Invariant: a page turns done in the same transaction that keeps its article or its failure, and never before every
page found on it is in `pages`. So a crawl that dies at any moment loses nothing but the visits it was making; what
was in flight is queued again when the walk goes on.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, union_all, update

from vovcrawl import addresses
from vovcrawl.store.database import wait_for_the_disk
from vovcrawl.store.tables import articles, claims, lists, pages, walks
from vovcrawl.visits import FAILURES, Found, Outcome, Reach, State, Visit

_CHUNK = 400
"""Addresses asked for in one statement; databases bound the number of values."""

_MOST_REDIRECTS = 20

_BEFORE_BY_ID = "its id is older than the window"
_AFTER_BY_ID = "its id is younger than the window"

_WITNESSES = 5
"""So many stories must agree before an id counts: single ones are given long before publication."""

_EVERYTHING = Reach()
_KNOWN_OUTCOMES = frozenset({Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW, Outcome.NO_ARTICLE, Outcome.ALIAS})
_SETTLED = tuple(outcome for outcome in Outcome if outcome not in FAILURES)
_PENDING = (State.QUEUED, State.IN_FLIGHT)
_UNFINISHED = (*_PENDING, State.FAILED)
"""What an interrupted walk visits when it goes on: what it could not read is tried again too."""


# Prepared once: building a statement costs more than running it.
_QUEUED = (
    select(
        pages.c.address,
        pages.c.kind,
        pages.c.depth,
        pages.c.found_on,
        pages.c.attempts,
        pages.c.asked_for,
        pages.c.waits_for,
        pages.c.outcome,
        pages.c.canonical_url,
        pages.c.etag,
        pages.c.last_modified,
        pages.c.source_modified,
        pages.c.published,
    )
    .where(pages.c.walk == bindparam("this_walk"), pages.c.state == State.QUEUED)
    .order_by(pages.c.priority.desc(), pages.c.number)
)
_NEXT = _QUEUED.where(pages.c.waits_for.is_(None)).limit(1)
_NEXT_WAITING = _QUEUED.where(pages.c.waits_for.is_not(None))
_SET = update(pages).where(pages.c.address == bindparam("key"))
_WAITING = select(pages.c.number).where(pages.c.walk == bindparam("this_walk"), pages.c.state == State.QUEUED).limit(1)
_FIND = (
    select(
        pages.c.address,
        pages.c.kind,
        pages.c.state,
        pages.c.outcome,
        pages.c.walk,
        pages.c.depth,
        pages.c.priority,
        pages.c.published,
        pages.c.canonical_url,
        pages.c.source_modified,
        articles.c.date_modified,
    )
    .join(articles, articles.c.canonical_url == pages.c.canonical_url, isouter=True)
    .where(pages.c.address.in_(bindparam("addresses", expanding=True)))
)
_REMAINING = (
    select(func.count()).select_from(pages).where(pages.c.walk == bindparam("this_walk"), pages.c.state == State.QUEUED)
)
_ADD = insert(pages)
_WELL_KNOWN = 2_000
_DATED = (
    select(pages.c.source_modified, pages.c.published, articles.c.date_modified)
    .join(articles, articles.c.canonical_url == pages.c.canonical_url)
    .where(pages.c.source_modified.is_not(None), articles.c.date_modified > pages.c.published)
    .order_by(pages.c.published.desc())
    .limit(_WELL_KNOWN)
)
"""The latest edited stories, with the date of change that a source gave and the one that the page gives."""

_KNOWN = 200
"""So many stories on either side of the window are looked at for what their ids tell."""
_NEAR_THE_WINDOW = union_all(
    select(
        select(pages.c.address, pages.c.published)
        .where(pages.c.published < bindparam("long_before"))
        .order_by(pages.c.published.desc())
        .limit(_KNOWN)
        .subquery()
    ),
    select(
        select(pages.c.address, pages.c.published)
        .where(pages.c.published >= bindparam("long_after"))
        .order_by(pages.c.published)
        .limit(_KNOWN)
        .subquery()
    ),
)


@dataclass(slots=True)
class Page:
    """A page in flight."""

    address: str
    kind: str
    depth: int
    found_on: str | None
    attempts: int
    asked_for: bool
    outcome: str | None = None
    """What came of the visit before."""
    canonical_url: str | None = None
    etag: str | None = None
    """What the server said of its answer, then of the one to come: by these it tells whether the page has changed."""
    last_modified: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the store holds the page's article, so that only a change of it is of interest."""
        return self.outcome == Outcome.ARTICLE


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A walk that was interrupted."""

    walk: int
    seeded: bool
    since: str | None
    """The day on which its window began as its arguments were understood then."""
    keeps_from: str | None
    """The ISO time from which on it keeps stories; None without a limit."""


def unfinished(connection: Connection, arguments: str) -> Unfinished | None:
    """The last walk with these arguments, as typed, if it was interrupted."""
    row = connection.execute(
        select(walks.c.id, walks.c.seeded, walks.c.since, walks.c.keeps_from)
        .where(walks.c.arguments == arguments, walks.c.finished_at.is_(None))
        .order_by(walks.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Unfinished(*row) if row is not None else None


@dataclass(frozen=True, slots=True)
class OtherWork:
    """Unfinished work of a crawl with other arguments."""

    arguments: str
    pages: int


def _claimed(row: Any) -> Found:
    """A page of `claims` as the walk had found it."""
    here = addresses.read(row.address)
    return Found(
        row.address,
        row.kind,
        found_on=row.found_on,
        steps=row.depth,
        priority=row.priority,
        asked_for=row.asked_for,
        modified=row.source_modified,
        next_of=here.listing if here is not None and here.page else None,
        # That of a listing's first page says what has been kept of the listing, which is known without it.
        covered=Reach(*json.loads(row.covered)) if here is not None and here.page and row.covered else None,
        waits_for=tuple(json.loads(row.waits_for)) if row.waits_for else (),
    )


def _written(reach: Reach | None) -> str | None:
    return json.dumps(astuple(reach)) if reach is not None else None


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class IdBounds:
    """What ids tell of publication: they rise with it, but for a few stories that were begun long before."""

    def __init__(self, long_before: str, long_after: str) -> None:
        self._long_before = long_before
        self._long_after = long_after
        # Ids of each form of address, the most telling ones first.
        self._latest_before: dict[bool, list[int]] = {True: [], False: []}
        self._earliest_after: dict[bool, list[int]] = {True: [], False: []}

    def learn(self, address: str, published: str) -> None:
        """Takes note of a story whose publication time is known."""
        form, number = _id(address)
        if number is None:
            return
        if published >= self._long_after:
            insort(self._earliest_after[form], number)
            del self._earliest_after[form][_WITNESSES:]
        elif published < self._long_before:
            insort(self._latest_before[form], -number)
            del self._latest_before[form][_WITNESSES:]

    def is_after(self, address: str) -> bool:
        """Whether enough stories with an earlier id were published long after the window."""
        form, number = _id(address)
        known = self._earliest_after[form]
        return number is not None and len(known) == _WITNESSES and number > known[-1]

    def is_before(self, address: str) -> bool:
        """Whether enough stories with a later id were published long before the window."""
        form, number = _id(address)
        known = self._latest_before[form]
        return number is not None and len(known) == _WITNESSES and -number > known[-1]


def _id(address: str) -> tuple[bool, int | None]:
    """Whether the address has the form with "post", and the number of its story."""
    name = addresses.story_id(address) or ""
    digits = name.removeprefix("post")
    return name != digits, int(digits) if digits.isascii() and digits.isdigit() else None


class Frontier:
    """The pages of an open store, as one walk sees them.

    Args:
        connection: of the open store.
        arguments: the walk's arguments as typed; an unfinished walk with the same ones is gone on with.
        reach: what the walk keeps of a listing; its `related` says how many steps it goes from where it starts.
        in_window: says of a known publication time whether its article is asked for.
        before_window: says of a known publication time whether it is older than everything asked for.
        may_have_changed: says of a known publication time whether its article is young enough to be asked for again
            where no source tells when it was changed.
        reads_dates_of_change: whether a source of this walk gives dates of change.
        long_before: stories with an earlier id than those published before this time lie before the window; as
            records write times, '' for none.
        long_after: stories with a later id than those published from this time on lie behind it; '~' for none.
        since: the day on which the window begins as the arguments are understood now; None without a limit.
        fresh: whether to forget an unfinished walk with the same arguments and begin anew.
    """

    def __init__(
        self,
        connection: Connection,
        arguments: str,
        *,
        reach: Reach = _EVERYTHING,
        in_window: Callable[[str], bool] = lambda published: True,
        before_window: Callable[[str], bool] = lambda published: False,
        may_have_changed: Callable[[str], bool] = lambda published: False,
        reads_dates_of_change: bool = False,
        long_before: str = "",
        long_after: str = "~",
        since: str | None = None,
        fresh: bool = False,
    ) -> None:
        self._connection = connection
        self._since = since
        self._reach = reach
        self._in_window = in_window
        self._before_window = before_window
        self._may_have_changed = may_have_changed
        self.reads_dates_of_change = reads_dates_of_change
        self.trusts_dates = self._dates_are_of_change()
        """Whether the dates that sources give are those of the last change, and not of publication."""
        self._ids = IdBounds(long_before, long_after)
        for row in self._connection.execute(_NEAR_THE_WINDOW, {"long_before": long_before, "long_after": long_after}):
            self._ids.learn(row.address, row.published)
        self.in_flight: dict[str, Page] = {}
        """Pages that have been handed out and not finished, by address."""
        self.left_out_by_id = 0
        """Stories that were not visited because their id lies outside the window."""
        self._found: list[Found] = []
        self.forgotten_pages = self._forget(arguments) if fresh else None
        """How many pages an interrupted run of the same arguments left and this one forgot; None where it was not
        asked to."""
        self.needs_seeds = True
        """Whether the walk's starting points have still to be found."""
        self.resumed_pages: int | None
        self.walk, self.resumed_pages = self._go_on(arguments) or (self._begin(arguments), None)
        """The walk's number, and how many pages an interrupted run of it left; None where it is a new one."""
        self._connection.commit()

    def _go_on(self, arguments: str) -> tuple[int, int] | None:
        """Takes up an unfinished walk with the same arguments: its number and the pages left; None if none is left.

        One that was begun when the arguments meant another day (`7d`) has read sources that know nothing of the days
        since: what it had left is taken into a new walk, which reads them again.
        """
        found = unfinished(self._connection, arguments)
        if found is None:
            return None
        self.walk, self.needs_seeds = found.walk, not found.seeded
        self._connection.execute(
            update(pages).where(pages.c.walk == found.walk, pages.c.state.in_(_UNFINISHED)).values(state=State.QUEUED)
        )
        self._take_back()
        waiting = self.remaining()
        if found.since == self._since and (waiting or self.needs_seeds):
            return found.walk, waiting
        self._finish_walk()
        self.needs_seeds = True
        if not waiting:
            return None
        self.walk = self._begin(arguments)
        mine = and_(pages.c.walk == found.walk, pages.c.state == State.QUEUED)
        self._connection.execute(update(pages).where(mine).values(walk=self.walk))
        return self.walk, waiting

    def _begin(self, arguments: str) -> int:
        """Begins a walk; its number."""
        made = self._connection.execute(
            insert(walks).values(
                arguments=arguments,
                started_at=_utc_now(),
                seeded=False,
                since=self._since,
                keeps_from=self._reach.since or None,
            )
        )
        key = made.inserted_primary_key
        assert key is not None
        return int(key[0])

    def _forget(self, arguments: str) -> int:
        """Ends unfinished walks with the same arguments as they are; the number of pages that were left.

        What a page was before such a walk came to it, it is again; one that was never visited is not known any more.
        """
        forgotten = 0
        while (found := unfinished(self._connection, arguments)) is not None:
            self.walk = found.walk
            mine = and_(pages.c.walk == found.walk, pages.c.state.in_(_PENDING))
            for state in (State.DONE, State.FAILED, State.GONE):
                before = pages.c.outcome.in_([outcome for outcome in Outcome if outcome.state is state])
                forgotten += self._connection.execute(update(pages).where(mine, before).values(state=state)).rowcount
            forgotten += self._connection.execute(delete(pages).where(mine)).rowcount
            forgotten += self._connection.execute(delete(claims).where(claims.c.walk == found.walk)).rowcount
            self._finish_walk()
        return forgotten

    def _finish_walk(self) -> None:
        self._connection.execute(update(walks).where(walks.c.id == self.walk).values(finished_at=_utc_now()))

    def _dates_are_of_change(self) -> bool:
        """Whether sources have dated edited stories by their edits; what nothing contradicts is believed."""
        rows = self._connection.execute(_DATED).all()
        by_edit = sum(row.source_modified >= row.date_modified for row in rows)
        return bool(len(rows) - by_edit < _WITNESSES or by_edit > len(rows) / 2)

    def other_work(self) -> list[OtherWork]:
        """Unfinished work that belongs to other arguments, left where it is."""
        queued = select(pages.c.walk, pages.c.address).where(pages.c.state.in_(_PENDING))
        left = union_all(queued, select(claims.c.walk, claims.c.address)).subquery()
        rows = self._connection.execute(
            select(walks.c.arguments, func.count(left.c.address))
            .join(left, left.c.walk == walks.c.id, isouter=True)
            .where(walks.c.finished_at.is_(None), walks.c.id != self.walk)
            .group_by(walks.c.id, walks.c.arguments, walks.c.seeded)
            # One without pages that has not found all its starting points was interrupted just as much.
            .having((func.count(left.c.address) > 0) | walks.c.seeded.is_(False))
            .order_by(walks.c.id)
        )
        return [OtherWork(arguments, count) for arguments, count in rows]

    def seeded(self) -> None:
        """Says that every starting point has been added."""
        self._settle_found()
        self.needs_seeds = False
        self._connection.execute(update(walks).where(walks.c.id == self.walk).values(seeded=True))
        self._connection.commit()

    def discover(self, found: Found) -> None:
        """Adds a page with the next ones, in one statement; at the latest where the visit that found it ends."""
        self._found.append(found)

    def _settle_found(self) -> None:
        if self._found:
            found, self._found = self._found, []
            self.add(found)

    def add(self, found: Iterable[Found]) -> int:
        """Queues what is to be visited among `found`; the number of pages queued.

        A page is visited at most once a walk. A source is visited anew by each walk; an article that is known only if
        it failed, if it was left out as outside another window, if the source says that it has been changed or no
        source says when and it is young, or if the user named it.
        """
        waiting: dict[str, Found] = {}
        for page in found:
            known = waiting.get(page.address)
            as_listing = known is not None and known.kind == "article" and page.kind == "listing"
            if known is None or page.steps < known.steps or as_listing:
                waiting[page.address] = page
            elif known.modified is None:
                known.modified = page.modified
        queued = 0
        while waiting:
            batch = list(waiting.values())[:_CHUNK]
            for page in batch:
                del waiting[page.address]
            count, further = self._add_batch(batch)
            queued += count
            for page in further:
                waiting.setdefault(page.address, page)
        return queued

    def _add_batch(self, batch: Sequence[Found]) -> tuple[int, list[Found]]:
        depths = {page.address: self._depth(page) for page in batch}
        within = [page for page in batch if depths[page.address] <= self._reach.related or page.kind != "article"]
        rows = {
            row.address: row
            for row in self._connection.execute(_FIND, {"addresses": [page.address for page in within]})
        }
        new: list[dict[str, Any]] = []
        further: list[Found] = []
        queued = 0
        now = _utc_now()
        for page in within:
            depth = depths[page.address]
            row = rows.get(page.address)
            if row is None:
                new.append(self._new_row(page, depth, now))
            elif self._is_wanted(row, page):
                if row.walk != self.walk and row.state in _UNFINISHED:
                    self._leave_claims(pages.c.address == page.address)
                self._queue_again(page, depth, now)
                queued += 1
            else:
                if row.state == State.QUEUED and page.priority > row.priority:
                    self._connection.execute(_SET, {"key": page.address, "priority": page.priority})
                if page.modified is not None and row.source_modified is None:
                    self._connection.execute(_SET, {"key": page.address, "source_modified": page.modified})
                if depth < row.depth or row.walk != self.walk:
                    nearer = min(depth, row.depth) if row.walk == self.walk else depth
                    self._connection.execute(
                        update(pages).where(pages.c.address == page.address).values(walk=self.walk, depth=nearer)
                    )
                    if page.address in self.in_flight:
                        self.in_flight[page.address].depth = nearer
                    if row.outcome == Outcome.ARTICLE and row.state == State.DONE:
                        further.extend(self._related_of(row, nearer))
                    if row.outcome == Outcome.ALIAS and row.state == State.DONE:
                        # Where it leads may have failed, or lain outside an earlier walk's window.
                        further.append(replace(page, address=row.canonical_url, found_on=row.address, steps=nearer))
        if new:
            self._connection.execute(_ADD, new)
        return queued + len(new), further

    def _leave_claims(self, taken: ColumnElement[bool]) -> None:
        """Keeps for other unfinished walks that they have still to visit pages that this one comes to."""
        names = [column.name for column in claims.columns]
        owed = (
            select(*(pages.c[name] for name in names))
            .join(walks, walks.c.id == pages.c.walk)
            .where(taken, pages.c.state.in_(_UNFINISHED), pages.c.walk != self.walk, walks.c.finished_at.is_(None))
        )
        self._connection.execute(insert(claims).from_select(names, owed))

    def _take_back(self) -> None:
        """Finds anew what other walks came to while this one was interrupted; they may have settled it by now."""
        claimed = self._connection.execute(select(claims).where(claims.c.walk == self.walk)).all()
        self._connection.execute(delete(claims).where(claims.c.walk == self.walk))
        self.add(_claimed(row) for row in claimed)

    def _depth(self, page: Found) -> int:
        parent = self.in_flight.get(page.found_on) if page.found_on else None
        return page.steps + (parent.depth if parent is not None else 0)

    def _is_wanted(self, row: Any, page: Found) -> bool:
        """Whether a known page is to be visited again."""
        if row.walk == self.walk:
            # An address may be named as a page and turn out to be a listing of the walk.
            return bool(page.kind == "listing" and row.kind == "article" and row.state != State.IN_FLIGHT)
        if row.state in _PENDING or page.kind != "article" or page.asked_for:
            return True
        if row.outcome == Outcome.OUTSIDE_WINDOW:
            # One that only its id left out has no date yet.
            return not row.published or self._in_window(row.published)
        if row.outcome == Outcome.ARTICLE:
            return self._has_changed(row, page)
        if row.outcome == Outcome.GONE and page.modified is not None:
            return bool(row.source_modified != page.modified)
        return row.outcome not in _KNOWN_OUTCOMES

    def _has_changed(self, row: Any, page: Found) -> bool:
        """Whether a known article may be another than the store holds."""
        if not row.published or not self._in_window(row.published):
            return False
        if page.modified is None or not self.trusts_dates:
            # A story that a sitemap dates has its word from there, before or after it is met elsewhere.
            dated = self.reads_dates_of_change and self.trusts_dates and row.source_modified is not None
            return not dated and self._may_have_changed(row.published)
        # A source met for the first time says nothing new where it gives a date that the page gave itself.
        known = row.source_modified or max(row.date_modified or "", row.published)
        return bool(page.modified > known) if row.source_modified is None else bool(page.modified != known)

    def _related_of(self, row: Any, depth: int) -> list[Found]:
        """What a known article points to: it is not fetched again, but the walk goes on behind it."""
        if depth >= self._reach.related or not row.canonical_url:
            return []
        if row.published and not self._in_window(row.published):
            return []
        table = lists["related"].table
        urls = self._connection.scalars(select(table.c.url).where(table.c.canonical_url == row.canonical_url))
        stories = [addresses.article(url) for url in urls if url is not None]
        return [
            Found(story.url, "article", found_on=row.address, steps=depth + 1) for story in stories if story is not None
        ]

    def _new_row(self, page: Found, depth: int, now: str) -> dict[str, Any]:
        return {
            "address": page.address,
            "kind": page.kind,
            "state": State.QUEUED,
            "depth": depth,
            "priority": page.priority,
            "asked_for": page.asked_for,
            "found_on": page.found_on,
            "first_walk": self.walk,
            "walk": self.walk,
            "waits_for": json.dumps(page.waits_for) if page.waits_for else None,
            "covered": _written(page.covered),
            "source_modified": page.modified,
            "attempts": 0,
            "discovered_at": now,
            "changed_at": now,
        }

    def _queue_again(self, page: Found, depth: int, now: str) -> None:
        values: dict[str, Any] = {
            "kind": page.kind,
            "state": State.QUEUED,
            "walk": self.walk,
            "depth": depth,
            "priority": page.priority,
            "asked_for": page.asked_for,
            "waits_for": json.dumps(page.waits_for) if page.waits_for else None,
            "changed_at": now,
        }
        if page.next_of is not None:
            values["covered"] = _written(page.covered)
        if page.modified is not None:
            values["source_modified"] = page.modified
        self._connection.execute(update(pages).where(pages.c.address == page.address).values(values))

    def next(self) -> Page | None:
        """The next page to visit, now in flight; None if there is none that may be visited yet."""
        self._settle_found()
        while True:
            row = self._connection.execute(_NEXT, {"this_walk": self.walk}).first() or self._next_waiting()
            if row is None:
                return None
            reason = self._outside_by_id(row)
            if reason is None:
                break
            self._connection.execute(
                _SET,
                {
                    "key": row.address,
                    "state": State.DONE,
                    "outcome": Outcome.OUTSIDE_WINDOW,
                    "reason": reason,
                    "changed_at": _utc_now(),
                },
            )
            self.left_out_by_id += 1
        self._set_off(row)
        page = Page(
            row.address,
            row.kind,
            row.depth,
            row.found_on,
            row.attempts + 1,
            row.asked_for,
            row.outcome,
            row.canonical_url,
            row.etag,
            row.last_modified,
        )
        self.in_flight[page.address] = page
        return page

    def _set_off(self, row: Any) -> None:
        """Marks a page as in flight, for all to see where no other visit's transaction is going on.

        So a kill leaves the mark, and nobody else who writes to the store has to wait for the page.
        """
        self._connection.execute(_SET, {"key": row.address, "state": State.IN_FLIGHT, "attempts": row.attempts + 1})
        if not self.in_flight:
            self._connection.commit()
            wait_for_the_disk(self._connection, True)

    def _outside_by_id(self, row: Any) -> str | None:
        """Why a story that nothing dates certainly lies outside the window; None where it may lie within."""
        if row.kind != "article" or row.asked_for or row.published is not None or row.source_modified is not None:
            return None
        if self._ids.is_after(row.address):
            return _AFTER_BY_ID
        return _BEFORE_BY_ID if self._ids.is_before(row.address) else None

    def _next_waiting(self) -> Any:
        """The first listing's page that has waited for the stories before it and is to be visited all the same."""
        for row in self._connection.execute(_NEXT_WAITING, {"this_walk": self.walk}).all():
            verdict = self._waited(row)
            if verdict:
                return row
            if verdict is False:
                self._skip_rest(row)
        return None

    def _waited(self, row: Any) -> bool | None:
        """Whether a listing's page is to be visited, now that the stories before it are known; None: not yet."""
        target = pages.alias("target")
        stories = self._connection.execute(
            select(pages.c.state, pages.c.walk, pages.c.published, pages.c.reason, target.c.published.label("led_to"))
            .join(target, target.c.address == pages.c.canonical_url, isouter=True)
            .where(pages.c.address.in_(json.loads(row.waits_for)))
        ).all()
        if any(story.state in _PENDING and story.walk == self.walk for story in stories):
            return None
        dates = [published for story in stories if (published := story.published or story.led_to)]
        told = dates or any(story.reason == _BEFORE_BY_ID for story in stories)
        return not told or not all(self._before_window(published) for published in dates)

    def _skip_rest(self, row: Any) -> None:
        """Ends a listing whose stories have all become older than the window."""
        here = addresses.read(row.address)
        assert here is not None
        self.cover(here.listing, whole=True)
        self._connection.execute(
            update(pages)
            .where(pages.c.address == row.address)
            .values(state=State.DONE, outcome=Outcome.LISTING, reason="older than the window", changed_at=_utc_now())
        )
        self._connection.commit()

    def has_pending(self) -> bool:
        """Whether pages of this walk wait to be visited."""
        self._settle_found()
        row = self._connection.execute(_WAITING, {"this_walk": self.walk}).first()
        return row is not None

    def remaining(self) -> int:
        """How many pages of this walk wait to be visited, without those that no statement has written yet."""
        return self._connection.scalar(_REMAINING, {"this_walk": self.walk}) or 0

    def all_known(self, stories: Sequence[str]) -> bool:
        """Whether every one of these stories was settled by an earlier walk."""
        self._settle_found()
        known = self._connection.scalar(
            select(func.count())
            .select_from(pages)
            .where(
                pages.c.address.in_(stories),
                pages.c.first_walk < self.walk,
                pages.c.outcome.in_(_SETTLED),
            )
        )
        return bool(stories) and known == len(stories)

    def any_read(self, stories: Sequence[str]) -> bool:
        """Whether one of these stories was read, by this walk or an earlier one."""
        self._settle_found()
        read = (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW, Outcome.ALIAS)
        for start in range(0, len(stories), _CHUNK):
            batch = stories[start : start + _CHUNK]
            found = select(pages.c.number).where(pages.c.address.in_(batch), pages.c.outcome.in_(read)).limit(1)
            if self._connection.execute(found).first() is not None:
                return True
        return False

    def coverage(self, page: str) -> Reach | None:
        """What earlier walks have kept of the whole listing that `page` belongs to; None where a gap may be left."""
        written = self._connection.scalar(select(pages.c.covered).where(pages.c.address == page))
        return Reach(*json.loads(written)) if written else None

    def suffices(self, covered: Reach | None) -> bool:
        """Whether this walk would keep nothing of the known part of a listing that is covered so far.

        Only then may it end at a page of known stories.
        """
        return covered is not None and covered.contains(self._reach)

    def cover(self, listing: str, *, whole: bool) -> None:
        """Says that this walk has seen the whole listing, or that it has begun to and leaves a gap until it has."""
        covered = _written(self._reach) if whole else None
        self._connection.execute(update(pages).where(pages.c.address == listing).values(covered=covered))

    def redirects(self, page: str, target: str) -> int | None:
        """How many redirects led to `page`, which redirects to `target`; None if they lead in a circle."""
        count = 0
        row = self._redirect(pages.c.address == target)
        while row is not None and count < _MOST_REDIRECTS:
            if row.canonical_url == page:
                return None
            row = self._redirect(pages.c.address == row.canonical_url)
            count += 1
        count = 1
        row = self._redirect(pages.c.canonical_url == page)
        while row is not None and count < _MOST_REDIRECTS:
            row = self._redirect(pages.c.canonical_url == row.address)
            count += 1
        return count

    def _redirect(self, condition: ColumnElement[bool]) -> Any:
        return self._connection.execute(
            select(pages.c.address, pages.c.canonical_url)
            .where(condition, pages.c.outcome == Outcome.ALIAS, pages.c.walk == self.walk)
            .limit(1)
        ).one_or_none()

    def retry_failed(self, listing: str) -> int:
        """Queues again what an earlier walk could not read of a listing whose known part is not walked again.

        That is what was found on the listing, on its stories, or lies below its path; the number of pages.
        """
        of_listing = (pages.c.found_on == listing) | pages.c.found_on.startswith(f"{listing}?", autoescape=True)
        listed = select(pages.c.address).where(of_listing)
        failed = and_(
            pages.c.state == State.FAILED,
            pages.c.kind == "article",
            pages.c.walk != self.walk,
            pages.c.depth <= self._reach.related,
            of_listing | pages.c.found_on.in_(listed) | pages.c.address.startswith(f"{listing}/", autoescape=True),
        )
        self._leave_claims(failed)
        again = update(pages).where(failed).values(state=State.QUEUED, walk=self.walk, changed_at=_utc_now())
        return self._connection.execute(again).rowcount

    def release(self, address: str) -> None:
        """Puts a page back into the queue whose visit was called off before it was asked for."""
        page = self.in_flight.pop(address, None)
        if page is not None:
            values = {"state": State.QUEUED, "attempts": page.attempts - 1}
            self._connection.execute(_SET, {"key": address, **values})
            self._connection.commit()

    def finish(self, visit: Visit) -> None:
        """Ends a visit, with everything written since the last end of a transaction."""
        self._settle_found()
        page = self.in_flight.pop(visit.address, None)
        if visit.unchanged and page is not None:
            row = self._connection.execute(_FIND, {"addresses": [visit.address]}).one()
            self.add(self._related_of(row, page.depth))
        now = _utc_now()
        values = {
            "state": visit.outcome.state,
            "outcome": visit.outcome,
            "reason": visit.reason,
            "status": visit.status,
            "changed_at": now,
        }
        for name in ("canonical_url", "published"):
            if (value := getattr(visit, name)) is not None:
                values[name] = value
        if visit.published is not None:
            self._ids.learn(visit.canonical_url or visit.address, visit.published)
        if page is not None and visit.outcome is Outcome.ARTICLE:
            values |= {"etag": page.etag, "last_modified": page.last_modified}
        self._connection.execute(_SET, {"key": visit.address, **values})
        read = visit.outcome in (Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW)
        if read and page is not None and visit.canonical_url and visit.canonical_url != visit.address:
            self._settle_canonical(visit, page, now)
        if visit.outcome is Outcome.GONE or (page is not None and page.outcome == Outcome.GONE):
            self._mark_gone(visit, page, now)
        self._connection.commit()
        if not self.in_flight:
            # A power cut may take the mark of the page that is set off next.
            wait_for_the_disk(self._connection, False)

    def _mark_gone(self, visit: Visit, page: Page | None, now: str) -> None:
        """Says of a kept article that the site has it no more, or has it again."""
        key = visit.canonical_url or (page.canonical_url if page is not None else None) or visit.address
        gone = now if visit.outcome is Outcome.GONE else None
        condition = articles.c.gone_at.is_(None) if gone else articles.c.gone_at.is_not(None)
        statement = update(articles).where(articles.c.canonical_url == key, condition)
        self._connection.execute(statement.values(gone_at=gone))

    def _settle_canonical(self, visit: Visit, page: Page, now: str) -> None:
        """The page's canonical address, when it is another one, needs no visit of its own."""
        target = visit.canonical_url
        assert target is not None
        if target in self.in_flight:
            return
        settled = {
            "state": visit.outcome.state,
            "outcome": visit.outcome,
            "canonical_url": target,
            "published": visit.published,
            "changed_at": now,
        }
        known = self._connection.execute(select(pages.c.number).where(pages.c.address == target)).first()
        if known is not None:
            self._leave_claims(pages.c.address == target)
            self._connection.execute(
                update(pages).where(pages.c.address == target).values(walk=self.walk, depth=page.depth, **settled)
            )
        elif target.startswith("https://"):
            row = self._new_row(Found(target, page.kind, found_on=visit.address), page.depth, now)
            self._connection.execute(insert(pages), [{**row, **settled}])

    def end_walk(self) -> None:
        """Marks the walk finished if nothing of it is left to do."""
        left = self._connection.execute(
            select(pages.c.number).where(pages.c.walk == self.walk, pages.c.state.in_(_PENDING)).limit(1)
        ).first()
        if left is None and not self.needs_seeds:
            self._finish_walk()
        self._connection.commit()
