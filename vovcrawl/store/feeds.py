"""How far the feeds are written: by this a start after a kill completes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from vovcrawl.store.tables import feeds, revisions


@dataclass(frozen=True, slots=True)
class Account:
    """What the store knows of a feed."""

    path: str
    """The file that was written last."""
    size: int
    """Bytes of it that were safely on the disk when the store took note."""
    mark: str
    """SHA-256 of the end of those bytes, in hexadecimal: by it the file is known again."""
    sequence: int
    """The last revision among the lines within those bytes."""
    run: int
    """The run whose revisions the feed gets."""


# Prepared once: building a statement costs more than running it.
_OWED = (
    select(revisions.c.sequence, revisions.c.record)
    .where(revisions.c.run == bindparam("of_run"), revisions.c.sequence > bindparam("after"))
    .order_by(revisions.c.sequence)
)
_LAST = select(func.max(revisions.c.sequence))


class FeedStore:
    """The accounts of an open store's feeds. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def account(self, name: str) -> Account | None:
        """What is known of the feed `name`; None where the store has not written it yet."""
        row = self._connection.execute(select(feeds).where(feeds.c.name == name)).one_or_none()
        return Account(row.path, row.size, row.mark, row.sequence, row.run) if row is not None else None

    def note(self, name: str, account: Account) -> None:
        """Takes note of how far the feed `name` is written."""
        self._connection.execute(delete(feeds).where(feeds.c.name == name))
        self._connection.execute(
            insert(feeds).values(
                name=name,
                path=account.path,
                size=account.size,
                mark=account.mark,
                sequence=account.sequence,
                run=account.run,
            )
        )

    def owed(self, account: Account) -> Iterator[tuple[int, str]]:
        """The revisions that the feed's run kept behind the last one noted: sequence and record, as JSON, in order."""
        for row in self._connection.execute(_OWED, {"of_run": account.run, "after": account.sequence}):
            yield row.sequence, row.record

    def last_sequence(self) -> int:
        """The last revision of all; 0 where there is none."""
        return self._connection.scalar(_LAST) or 0
