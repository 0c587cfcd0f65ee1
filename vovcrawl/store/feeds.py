"""How far the feeds are written: by this a start after a kill completes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from vovcrawl.store.tables import feeds, revisions


@dataclass(frozen=True, slots=True)
class Position:
    """The end of a line in a feed's file."""

    size: int
    """Bytes from the beginning of the file."""
    mark: str
    """SHA-256 of what stands before, in hexadecimal: by it the file is known again."""
    sequence: int
    """The last revision among the lines so far."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the store knows of a feed."""

    path: str
    """The file that was written last."""
    run: int
    """The run whose revisions the feed gets."""
    written: Position
    """The last line that was handed to the system: a kill leaves it, a power cut may not."""
    synced: Position
    """The last line that was seen to be on the disk."""
    boot: str
    """The machine's start in which it was written; '' where the machine tells none."""


# Prepared once: building a statement costs more than running it.
_OWED = (
    select(revisions.c.record)
    .where(revisions.c.run == bindparam("of_run"), revisions.c.sequence > bindparam("after"))
    .order_by(revisions.c.sequence)
)
_LAST = select(func.max(revisions.c.sequence))
_WROTE = update(feeds).where(feeds.c.name == bindparam("feed"))


def _written(end: Position) -> dict[str, int | str]:
    return {"size": end.size, "mark": end.mark, "sequence": end.sequence}


def _synced(end: Position) -> dict[str, int | str]:
    return {f"synced_{name}": value for name, value in _written(end).items()}


class FeedStore:
    """The accounts of an open store's feeds. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def account(self, name: str) -> Account | None:
        """What is known of the feed `name`; None where the store has not written it yet."""
        row = self._connection.execute(select(feeds).where(feeds.c.name == name)).one_or_none()
        if row is None:
            return None
        return Account(
            row.path,
            row.run,
            Position(row.size, row.mark, row.sequence),
            Position(row.synced_size, row.synced_mark, row.synced_sequence),
            row.boot,
        )

    def open(self, name: str, account: Account) -> None:
        """Takes note of a feed that is going to be written."""
        self._connection.execute(delete(feeds).where(feeds.c.name == name))
        values = {"name": name, "path": account.path, "run": account.run, "boot": account.boot}
        self._connection.execute(insert(feeds), {**values, **_written(account.written), **_synced(account.synced)})

    def wrote(self, name: str, end: Position, *, synced: bool) -> None:
        """Takes note of a line that was written to the feed `name`, or seen to be on the disk as well."""
        values = _written(end) | _synced(end) if synced else _written(end)
        self._connection.execute(_WROTE, {"feed": name, **values})

    def owed(self, run: int, after: int) -> Iterator[str]:
        """The records, as JSON, of the revisions that a run kept behind the revision `after`, in order."""
        yield from self._connection.scalars(_OWED, {"of_run": run, "after": after})

    def last_sequence(self) -> int:
        """The last revision of all; 0 where there is none."""
        return self._connection.scalar(_LAST) or 0
