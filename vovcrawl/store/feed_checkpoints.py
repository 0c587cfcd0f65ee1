"""How far the feeds are written: by this a start after a kill completes them."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import articles, feeds


@dataclass(frozen=True, slots=True)
class Position:
    """The end of a line in a feed's file."""

    size: int
    """Bytes from the beginning of the file."""
    mark: str
    """SHA-256 of what stands before, in hexadecimal: by it the file is known again."""
    sequence: int
    """The last text among the lines so far, by its `sequence` in the store."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the store knows of a feed."""

    path: str
    """The file that was written last."""
    run: int
    """The run whose articles the feed gets."""
    written: Position
    """The last line that was handed to the system: a kill leaves it, a power cut may not."""
    synced: Position
    """The last line that was seen to be on the disk."""
    boot: str
    """The machine's start in which it was written; '' where the machine tells none."""


_LAST = select(func.max(articles.c.sequence))
_WROTE = update(feeds).where(feeds.c.name == bindparam("feed"))


def _written(end: Position) -> dict[str, int | str]:
    return {"size": end.size, "mark": end.mark, "sequence": end.sequence}


def _synced(end: Position) -> dict[str, int | str]:
    return {f"synced_{name}": value for name, value in _written(end).items()}


class FeedCheckpoints:
    """How far the feeds of an open store are written. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # The same path names other files on the other machines that write to a store on a server.
        self._here = "" if connection.dialect.name == "sqlite" else f"{platform.node()}:"
        written = [f"{prefix}{name}" for prefix in ("", "synced_") for name in ("size", "mark", "sequence")]
        self._wrote = Prepared(connection, _WROTE, written[:3])
        self._wrote_and_synced = Prepared(connection, _WROTE, written)

    def last(self, name: str) -> Checkpoint | None:
        """How far the feed `name` is written; None where the store has not written it yet."""
        # One that a store in SQLite has brought along is this machine's.
        names = [f"{self._here}{name}", name]
        found = {row.name: row for row in self._connection.execute(select(feeds).where(feeds.c.name.in_(names)))}
        row = found.get(names[0], found.get(name))
        if row is None:
            return None
        return Checkpoint(
            row.path,
            row.run,
            Position(row.size, row.mark, row.sequence),
            Position(row.synced_size, row.synced_mark, row.synced_sequence),
            row.boot,
        )

    def open(self, name: str, checkpoint: Checkpoint) -> None:
        """Takes note of a feed that is going to be written."""
        own = f"{self._here}{name}"
        self._connection.execute(delete(feeds).where(feeds.c.name.in_([own, name])))
        values = {"name": own, "path": checkpoint.path, "run": checkpoint.run, "boot": checkpoint.boot}
        self._connection.execute(
            insert(feeds), {**values, **_written(checkpoint.written), **_synced(checkpoint.synced)}
        )

    def wrote(self, name: str, end: Position, *, synced: bool) -> None:
        """Takes note of a line that was written to the feed `name`, or seen to be on the disk as well."""
        name = f"{self._here}{name}"
        if synced:
            self._wrote_and_synced.run({"feed": name, **_written(end), **_synced(end)})
        else:
            self._wrote.run({"feed": name, **_written(end)})

    def last_sequence(self) -> int:
        """That of the last text of all; 0 where there is none."""
        return self._connection.scalar(_LAST) or 0
