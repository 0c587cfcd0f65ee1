"""Crawls of a store: beginning one, resuming, forgetting and ending it.

A crawl is what one set of arguments asks for; it may take several runs. A page belongs to the crawl that came to it
last, and `claims` keeps what other unfinished crawls have still to visit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, not_, select, union_all, update

from vovcrawl import urls
from vovcrawl.store.archive_files import IS_RECORD
from vovcrawl.store.tables import UNFINISHED, archive_files, claims, crawls, pages, runs
from vovcrawl.store.workers import lock_writes
from vovcrawl.visits import Discovered, Outcome, Reach, State

_EVERYTHING = Reach()
_FINAL = (State.DONE, State.FAILED, State.GONE)
_NO_SOURCES = ("article", "file")
_KILLED = "the crawl was killed while reading it"
_UNREAD_SHARE = 0.1
"""So large a part of its sources may be unread for a crawl to be whole: what those list is in others, or comes with the
next crawl, and one section that never answers must not make every crawl a long one."""


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _unfinished_of(crawl: int) -> ColumnElement[bool]:
    """The pages that an interrupted crawl visits when it is resumed: what it could not read is tried again too."""
    return and_(UNFINISHED, pages.c.crawl == crawl)


def _pending_of(crawl: int) -> ColumnElement[bool]:
    return and_(_unfinished_of(crawl), pages.c.state != State.FAILED)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A crawl that was interrupted."""

    crawl: int
    reckoned_at: str | None
    """The moment from which it reckoned its window: ISO 8601 in +07:00; None where it is not known."""
    seeded: bool
    since: str | None
    """The day on which its window began as its arguments were understood then."""
    keeps_from: str | None
    """The ISO time from which on it keeps articles; None without a limit."""


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a crawl's arguments since a crawl with them was last whole."""

    whole_at: str | None
    """The moment from which that one reckoned; None where none was whole yet. Both are ISO 8601 in +07:00."""
    keeps_from: str | None
    """The earliest time from which on that one, or any after it, was to keep articles."""


class WholeCrawl(NamedTuple):
    """A crawl whose sources were read."""

    arguments: str
    """As typed: a JSON object."""
    keeps_from: str | None
    """The ISO time from which on it keeps articles; None without a limit."""
    reckoned_at: str


@dataclass(frozen=True, slots=True)
class OtherWork:
    """Unfinished work of a crawl with other arguments."""

    arguments: str
    """As typed: a JSON object."""
    pages: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a run takes up its crawl."""

    crawl: int
    needs_seeds: bool
    """Whether the crawl's seeds have still to be queued."""
    resumed_pages: int | None = None
    """How many pages an interrupted run of it left; None where it is a new one."""
    reckoned_at: str | None = None
    """Of one whose seeds were visited by an earlier run: the moment from which that reckoned, in +07:00."""
    forgotten_pages: int | None = None
    """How many pages an interrupted run left and this one forgot; None where it was not asked to."""
    others: int = 0
    """How many workers are at the crawl already."""


class Queue(Protocol):
    """What resuming a crawl needs of its queue; see `vovcrawl.store.Frontier`."""

    crawl: int

    def add(self, found: Iterable[Discovered]) -> int:
        """Queues what is to be visited."""

    def remaining(self) -> int:
        """How many pages wait to be visited."""


_Q = TypeVar("_Q", bound=Queue)


class CrawlStore:
    """The crawls of an open store. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unfinished(self, arguments: str) -> Unfinished | None:
        """The last crawl with these arguments, as typed, if it was interrupted."""
        row = self._connection.execute(
            select(crawls.c.id, crawls.c.reckoned_at, crawls.c.seeded, crawls.c.since, crawls.c.keeps_from)
            .where(crawls.c.arguments == arguments, crawls.c.finished_at.is_(None))
            .order_by(crawls.c.id.desc())
            .limit(1)
        ).one_or_none()
        return Unfinished(*row) if row is not None else None

    def since_whole(self, arguments: str, now: str) -> Since:
        """What became of crawls with these arguments up to `now` since one of them was last whole."""
        mine = and_(crawls.c.arguments == arguments, crawls.c.reckoned_at <= now)
        whole = self._connection.execute(
            select(crawls.c.id, crawls.c.reckoned_at).where(mine, crawls.c.is_whole).order_by(crawls.c.id.desc())
        ).first()
        since = and_(mine, crawls.c.id >= (whole.id if whole is not None else 0))
        kept_from = self._connection.scalar(select(func.min(crawls.c.keeps_from)).where(since))
        return Since(whole.reckoned_at if whole is not None else None, kept_from)

    def begin(self, arguments: str, since: str | None, reach: Reach, reckoned_at: str | None = None) -> int:
        """Begins a crawl; its number.

        Args:
            arguments: as typed.
            since: the day on which the window begins as the arguments are understood now; None without a limit.
            reach: what it keeps.
            reckoned_at: the moment from which windows and ages are reckoned, in +07:00.
        """
        values = {"arguments": arguments, "started_at": _utc_now(), "reckoned_at": reckoned_at, "seeded": False}
        made = self._connection.execute(insert(crawls).values(**values, since=since, keeps_from=reach.since or None))
        key = made.inserted_primary_key
        assert key is not None
        return int(key[0])

    def queue_in_flight(self) -> None:
        """Queues what the last run left in flight, and counts a kill for each of these pages where it had no end.

        To be called once by whoever takes the store alone: a run that was cut off by a second signal has an end, and
        says nothing of the pages that it left.
        """
        last = self._connection.execute(select(runs.c.ended_at).order_by(runs.c.id.desc()).limit(1)).first()
        was_killed = last is not None and last.ended_at is None
        in_flight = update(pages).where(UNFINISHED, pages.c.state == State.IN_FLIGHT)
        self._connection.execute(in_flight.values(state=State.QUEUED, kills=pages.c.kills + int(was_killed)))

    def requeue(self, crawl: int) -> list[Discovered]:
        """Queues again what an interrupted crawl had left; gives back what others came to in the meantime.

        Those pages may have been settled by now: they are to be discovered anew.
        """
        # A record of an archive is read with its file.
        again = update(pages).where(_unfinished_of(crawl), not_(IS_RECORD)).values(state=State.QUEUED)
        self._connection.execute(again)
        claimed = self._connection.execute(select(claims).where(claims.c.crawl == crawl)).all()
        self._connection.execute(delete(claims).where(claims.c.crawl == crawl))
        return [_claimed(row) for row in claimed]

    def hand_over(self, crawl: int, successor: int) -> None:
        """Gives what a crawl has queued to another one."""
        mine = and_(_unfinished_of(crawl), pages.c.state == State.QUEUED)
        self._connection.execute(update(pages).where(mine).values(crawl=successor))

    def forget(self, arguments: str) -> int:
        """Ends unfinished crawls with the same arguments as they are; the number of pages that were left.

        What a page was before such a crawl came to it, it is again; one that was never visited is not known any more,
        but for one that was in flight at a kill: how often that has happened must not be forgotten.
        """
        forgotten = 0
        while (found := self.unfinished(arguments)) is not None:
            mine = _pending_of(found.crawl)
            files = select(pages.c.url).where(mine, pages.c.kind == "file")
            self._connection.execute(delete(archive_files).where(archive_files.c.url.in_(files)))
            for state in _FINAL:
                before = pages.c.outcome.in_([outcome for outcome in Outcome if outcome.state is state])
                forgotten += self._connection.execute(update(pages).where(mine, before).values(state=state)).rowcount
            forgotten += self._connection.execute(delete(pages).where(mine, pages.c.kills == 0)).rowcount
            now = _utc_now()
            killed = {"state": State.FAILED, "outcome": Outcome.UNREADABLE, "reason": _KILLED}
            moments = {"visited_at": now, "unread_since": now}
            forgotten += self._connection.execute(update(pages).where(mine).values(**killed, **moments)).rowcount
            forgotten += self._connection.execute(delete(claims).where(claims.c.crawl == found.crawl)).rowcount
            self.finish(found.crawl)
        return forgotten

    def seeded(self, crawl: int) -> None:
        """Says that every seed has been queued."""
        self._connection.execute(update(crawls).where(crawls.c.id == crawl).values(seeded=True))

    def sources_read(self, crawl: int) -> int:
        """How many of the pages that a crawl came to, and that list others, were read by whoever worked at it."""
        began = select(crawls.c.started_at).where(crawls.c.id == crawl).scalar_subquery()
        read = and_(pages.c.crawl == crawl, pages.c.kind.not_in(_NO_SOURCES), pages.c.state == State.DONE)
        found = select(func.count()).select_from(pages).where(read, pages.c.visited_at >= began)
        return self._connection.execute(found).scalar_one()

    def finish(self, crawl: int, *, whole: bool = False) -> None:
        """Says that nothing of a crawl is left to do, or is to be done.

        Args:
            crawl: its number.
            whole: whether its sources were read.
        """
        values = {"finished_at": _utc_now(), "is_whole": whole}
        self._connection.execute(update(crawls).where(crawls.c.id == crawl).values(**values))

    def finish_if_done(self, crawl: int, sources_read: int = 0) -> bool:
        """Finishes a crawl whose seeds are all queued and whose pages are all visited; whether this did.

        It is whole if its sources were read, but for one in ten at most. What earlier crawls with the same arguments
        could not read of theirs is of no more interest then.

        Args:
            crawl: its number.
            sources_read: how many pages that list others were read.
        """
        lock_writes(self._connection)
        left = self._connection.execute(select(pages.c.number).where(_pending_of(crawl)).limit(1)).first()
        known = select(crawls.c.seeded, crawls.c.arguments, crawls.c.finished_at).where(crawls.c.id == crawl)
        row = self._connection.execute(known).one()
        if left is not None or not row.seeded or row.finished_at is not None:
            return False
        unread = and_(UNFINISHED, pages.c.state == State.FAILED, pages.c.kind.not_in(_NO_SOURCES))
        count = select(func.count()).select_from(pages).where(unread, pages.c.crawl == crawl)
        left_unread = self._connection.execute(count).scalar_one()
        if left_unread > sources_read * _UNREAD_SHARE and self._connection.dialect.name != "sqlite":
            # Others may have read them.
            sources_read = max(sources_read, self.sources_read(crawl))
        whole = left_unread <= sources_read * _UNREAD_SHARE
        self.finish(crawl, whole=whole)
        if whole:
            same = select(crawls.c.id).where(crawls.c.arguments == row.arguments, crawls.c.finished_at.is_not(None))
            earlier = and_(pages.c.crawl.in_(same), pages.c.crawl < crawl)
            settled = update(pages).where(unread, earlier).values(state=State.DONE)
            self._connection.execute(settled)
        return True

    def other_work(self, crawl: int) -> list[OtherWork]:
        """Unfinished work that belongs to other arguments than those of `crawl`, left where it is."""
        pending = and_(UNFINISHED, pages.c.state != State.FAILED)
        queued = select(pages.c.crawl, pages.c.url).where(pending)
        left = union_all(queued, select(claims.c.crawl, claims.c.url)).subquery()
        rows = self._connection.execute(
            select(crawls.c.arguments, func.count(left.c.url))
            .join(left, left.c.crawl == crawls.c.id, isouter=True)
            .where(crawls.c.finished_at.is_(None), crawls.c.id != crawl)
            .group_by(crawls.c.id, crawls.c.arguments, crawls.c.seeded)
            # One without pages whose seeds are not all queued was interrupted just as much.
            .having((func.count(left.c.url) > 0) | crawls.c.seeded.is_(False))
            .order_by(crawls.c.id)
        )
        return [OtherWork(arguments, count) for arguments, count in rows]


def begin_or_resume(
    store: CrawlStore,
    arguments: str,
    queue_of: Callable[[int], _Q],
    *,
    since: str | None = None,
    reach: Reach = _EVERYTHING,
    reckoned_at: str | None = None,
    fresh: bool = False,
    others: int = 0,
) -> tuple[Beginning, _Q]:
    """Takes up the unfinished crawl with the same arguments, or begins one; how, and its queue.

    One that was begun when the arguments meant another day (`7d`) has read sources that know nothing of the days since:
    what it had left is taken into a new crawl, which reads them again.

    Args:
        store: the crawls of the open store.
        arguments: as typed.
        queue_of: makes the queue of a crawl by its number.
        since: the day on which the window begins as the arguments are understood now; None without a limit.
        reach: what the crawl keeps.
        reckoned_at: the moment from which windows and ages are reckoned, in +07:00.
        fresh: whether to forget an unfinished crawl and begin anew.
        others: how many workers are at it already: what they have in flight, or could not read, is left to them.
    """
    if others and (found := store.unfinished(arguments)) is not None:
        return Beginning(found.crawl, not found.seeded, others=others), queue_of(found.crawl)
    if not others:
        store.queue_in_flight()
    forgotten = store.forget(arguments) if fresh else None
    found = store.unfinished(arguments)
    if found is None:
        queue = queue_of(store.begin(arguments, since, reach, reckoned_at))
        return Beginning(queue.crawl, needs_seeds=True, forgotten_pages=forgotten), queue
    queue = queue_of(found.crawl)
    queue.add(store.requeue(found.crawl))
    waiting = queue.remaining()
    if found.since == since and (waiting or not found.seeded):
        before = found.reckoned_at
        return Beginning(found.crawl, not found.seeded, resumed_pages=waiting, reckoned_at=before), queue
    store.finish(found.crawl)
    queue.crawl = store.begin(arguments, since, reach, reckoned_at)
    store.hand_over(found.crawl, queue.crawl)
    return Beginning(queue.crawl, needs_seeds=True, resumed_pages=waiting or None), queue


def whole_crawls(connection: Connection) -> list[WholeCrawl]:
    """The crawls of an open store whose sources were read."""
    found = select(crawls.c.arguments, crawls.c.keeps_from, crawls.c.reckoned_at)
    return [
        WholeCrawl(*row)
        for row in connection.execute(found.where(crawls.c.is_whole, crawls.c.reckoned_at.is_not(None)))
    ]


def leave_claims(connection: Connection, crawl: int, taken: ColumnElement[bool]) -> None:
    """Keeps for other unfinished crawls that they have still to visit pages that `crawl` comes to.

    Args:
        connection: of the open store.
        crawl: the crawl that comes to them.
        taken: which pages, a condition on `pages`.
    """
    names = [column.name for column in claims.columns]
    owed = (
        select(*(pages.c[name] for name in names))
        .join(crawls, crawls.c.id == pages.c.crawl)
        .where(taken, UNFINISHED, pages.c.crawl != crawl, crawls.c.finished_at.is_(None))
    )
    connection.execute(insert(claims).from_select(names, owed))


def _claimed(row: Any) -> Discovered:
    """A page of `claims` as the crawl had discovered it."""
    parsed = urls.parse(row.url)
    is_further = parsed is not None and bool(parsed.page)
    return Discovered(
        row.url,
        row.kind,
        discovered_on=row.discovered_on,
        steps=row.depth,
        priority=row.priority,
        requested=row.requested,
        modified=row.listed_modified,
        listed=row.listed,
        next_of=parsed.listing if parsed is not None and is_further else None,
        # That of a listing's first page says what has been kept of the listing, which is known without it.
        covered=Reach(*json.loads(row.covered)) if is_further and row.covered else None,
        waits_for=tuple(json.loads(row.waits_for)) if row.waits_for else (),
    )
