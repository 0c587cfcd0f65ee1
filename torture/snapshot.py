"""What a crawl's store and feed hold, looked at without touching them."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from tests import stores
from tests.stores import store_at
from vovcrawl.store.tables import articles, lists
from vovcrawl.visits import MOST_KILLS, State

STORE = "vov.sqlite"
FEED = "vov.jsonl"
_CHANGING = frozenset({"fetched_at", "gone_at", "first_seen", "last_seen", "sequence", "run"})
"""What differs between two crawls of the same pages, and by how often they were interrupted."""

_SOURCES = frozenset({"menu", "listing", "sitemap", "feeds", "feed"})
_ACCOUNTED = frozenset({"done", "gone"})


@dataclass(frozen=True)
class Snapshot:
    """A store at rest: where each page stands, and what is wrong with the file."""

    states: dict[str, str] = field(default_factory=dict)
    """By url."""
    kinds: dict[str, str] = field(default_factory=dict)
    """By url."""
    damage: tuple[str, ...] = ()
    """What SQLite's checks of integrity and foreign keys say; PostgreSQL's has none."""
    is_unfinished: bool = False
    """Whether work is left, which the next start resumes."""
    kills: dict[str, int] = field(default_factory=dict)
    """At how many kills a page was in flight since a visit to it last ended, by url."""

    @property
    def is_on_the_brink(self) -> bool:
        """Whether one more kill would have a page given up, as one that is to blame for them."""
        return any(count >= MOST_KILLS - 1 for count in self.kills.values())

    @property
    def done(self) -> frozenset[str]:
        """Urls of the pages that are accounted for."""
        return frozenset(address for address, state in self.states.items() if state in _ACCOUNTED)

    @property
    def failed(self) -> frozenset[str]:
        """Urls of the pages that count as not read."""
        return frozenset(address for address, state in self.states.items() if state == "failed")

    def is_source(self, address: str) -> bool:
        """Whether other pages are discovered on this one rather than an article read."""
        return self.kinds.get(address) in _SOURCES


def take_snapshot(folder: Path) -> Snapshot:
    """The store in a folder, or the one in PostgreSQL that is called by that.

    Of a file a copy is read: SQLite would mend the store after a kill, and so hide what the next crawl has to.
    """
    with tempfile.TemporaryDirectory() as name:
        store = store_at(folder / STORE)
        if "://" in store:
            stores.wait_until_let_go(store)
        else:
            copy = _copied(folder, Path(name))
            if copy is None:
                return Snapshot()
            store = str(copy)
        damage = tuple(" ".join(map(str, row)) for row in stores.damage(store))
        if "pages" not in stores.tables(store):
            # Killed while it was made.
            return Snapshot(damage=damage)
        rows = stores.rows(store, "SELECT url, kind, state, kills FROM pages")
        unfinished = stores.rows(store, "SELECT 1 FROM crawls WHERE finished_at IS NULL")
    return Snapshot(
        {address: state for address, _, state, _ in rows},
        {address: kind for address, kind, _, _ in rows},
        damage,
        bool(unfinished),
        # The next start counts the kill that ended this one.
        {address: kills + (state == State.IN_FLIGHT) for address, _, state, kills in rows},
    )


def _copied(folder: Path, target: Path) -> Path | None:
    for suffix in ("", "-wal"):
        part = folder / f"{STORE}{suffix}"
        if part.exists():
            shutil.copy(part, target / part.name)
    return target / STORE if (target / STORE).exists() else None


def stored_articles(folder: Path) -> dict[str, dict[str, Any]]:
    """Every article of a store by its key, with all its tables' rows, but for the times of this crawl.

    Nothing of a store that was never finished.
    """
    store = store_at(folder / STORE)
    if "articles" not in stores.tables(store):
        return {}
    kept = {row["canonical_url"]: _lasting(row) for row in _read(store, articles)}
    for name, listed in lists.items():
        for row in _read(store, listed.table):
            kept[row["canonical_url"]].setdefault(name, []).append(_lasting(row))
    return kept


def _read(store: str, table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table in the order of its key."""
    names = [column.name for column in table.columns]
    order = ", ".join(column.name for column in table.primary_key)
    columns = ", ".join(f'"{name}"' for name in names)
    for row in stores.rows(store, f"SELECT {columns} FROM {table.name} ORDER BY {order}"):  # noqa: S608 - a table's own
        yield dict(zip(names, row, strict=True))


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _CHANGING}


@dataclass(frozen=True)
class Lines:
    """The lines of a feed."""

    records: tuple[dict[str, Any], ...]
    """Of the valid ones, but for the times of this crawl."""
    invalid: int
    """Lines that are no JSON object, a torn last one included."""

    @property
    def by_key(self) -> dict[str, dict[str, Any]]:
        """A record for each article."""
        return {record["canonical_url"]: record for record in self.records}


def read_lines(folder: Path) -> Lines:
    """The feed in a folder; of a missing one nothing."""
    feed = folder / FEED
    if not feed.exists():
        return Lines((), 0)
    records, invalid = [], 0
    for line in feed.read_bytes().splitlines(keepends=True):
        try:
            record = json.loads(line)
            if not line.endswith(b"\n"):
                raise ValueError("no end of line")
            records.append({name: value for name, value in record.items() if name not in _CHANGING})
        except ValueError:
            invalid += 1
    return Lines(tuple(records), invalid)


@dataclass(frozen=True)
class Kept:
    """What a crawl has kept: articles by their key in the store, and the feed."""

    stored: dict[str, dict[str, Any]]
    lines: Lines

    @classmethod
    def in_folder(cls, folder: Path) -> Kept:
        """What the store and the feed of a folder hold."""
        return cls(stored_articles(folder), read_lines(folder))
