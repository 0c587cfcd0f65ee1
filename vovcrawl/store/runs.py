"""The runs of a store: one row for every crawl that has held it, begun when it opens and ended when it closes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from vovcrawl.store.database import commit
from vovcrawl.store.tables import runs
from vovcrawl.text import encodable


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run did."""

    requests: int = 0
    """Every request that was sent, robots.txt and repeated attempts included."""
    bytes: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    failed: int = 0
    """Pages that stayed unread."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the store knows it."""

    id: int
    crawl: int | None
    arguments: str
    """As typed: a JSON object."""
    started_at: str
    ended_at: str | None
    """None where the run goes on, was killed, or could not write to the store in the end."""
    outcome: str | None
    """Scrapy's finish reason."""
    exit_status: int | None
    counts: Counts


_COUNTS = tuple(field.name for field in fields(Counts))


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class RunStore:
    """The runs kept in an open store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, crawl: int | None, arguments: str) -> int:
        """Begins a run of `crawl` with `arguments`, a JSON object, committed at once; the run's number."""
        values = {"crawl": crawl, "arguments": encodable(arguments), "started_at": _utc_now()}
        made = self._connection.execute(insert(runs).values(**values))
        commit(self._connection)
        key = made.inserted_primary_key
        assert key is not None
        return int(key[0])

    def move(self, run: int, crawl: int) -> None:
        """Says that a run works on another crawl by now; not committed."""
        self._connection.execute(update(runs).where(runs.c.id == run).values(crawl=crawl))

    def end(self, run: int, *, outcome: str | None, exit_status: int, counts: Counts) -> None:
        """Ends a run, committed at once."""
        values = {name: getattr(counts, name) for name in _COUNTS}
        self._connection.execute(
            update(runs)
            .where(runs.c.id == run)
            .values(ended_at=_utc_now(), outcome=outcome, exit_status=exit_status, **values)
        )
        commit(self._connection)

    def status_before(self, run: int, arguments: str) -> int | None:
        """The exit status of the last run before `run` with the same arguments that had an end; None without one."""
        found = select(runs.c.exit_status).where(
            runs.c.id < run, runs.c.arguments == encodable(arguments), runs.c.ended_at.is_not(None)
        )
        return self._connection.execute(found.order_by(runs.c.id.desc()).limit(1)).scalar()

    def was_killed_before(self, run: int, at_work: Collection[int] = ()) -> bool:
        """Whether the last run before `run` had no end, so that nobody was told of what it met.

        Those that are at work have none yet, and are left out.
        """
        before = (runs.c.id < run, runs.c.id.not_in(at_work))
        found = select(runs.c.id, runs.c.ended_at).where(*before).order_by(runs.c.id.desc()).limit(1)
        row = self._connection.execute(found).first()
        return row is not None and row.ended_at is None

    def last(self, number: int) -> list[Run]:
        """The last so many runs, newest first."""
        rows = self._connection.execute(select(runs).order_by(runs.c.id.desc()).limit(number)).all()
        found = [
            Run(
                row.id,
                row.crawl,
                row.arguments,
                row.started_at,
                row.ended_at,
                row.outcome,
                row.exit_status,
                Counts(*(getattr(row, name) for name in _COUNTS)),
            )
            for row in rows
        ]
        self._connection.rollback()
        return found
