"""What a crawl's store and feed hold, looked at without touching them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    """What SQLite's checks of integrity and foreign keys say."""
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
    """The store in a folder.

    A copy is read: SQLite would mend the store after a kill, and so hide what the next crawl has to.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = _copied(folder, Path(name))
        if copy is None:
            return Snapshot()
        with closing(sqlite3.connect(copy)) as connection:
            sound = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            damage = [line for line in sound if line != "ok"] + [f"foreign key of {row[0]}" for row in orphans]
            try:
                rows = connection.execute("SELECT url, kind, state, kills FROM pages").fetchall()
                unfinished = connection.execute("SELECT 1 FROM crawls WHERE finished_at IS NULL").fetchone()
            except sqlite3.OperationalError:
                # Killed while it was made.
                return Snapshot(damage=tuple(damage))
    return Snapshot(
        {address: state for address, _, state, _ in rows},
        {address: kind for address, kind, _, _ in rows},
        tuple(damage),
        unfinished is not None,
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
    with closing(sqlite3.connect(folder / STORE)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if "articles" not in names:
            return {}
        kept = {row["canonical_url"]: _lasting(row) for row in connection.execute("SELECT * FROM articles")}
        for name in names:
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            if {"canonical_url", "position"} <= columns:
                rows = connection.execute(f"SELECT * FROM {name} ORDER BY canonical_url, position")  # noqa: S608 - SQLite's own names
                for row in rows:
                    kept[row["canonical_url"]].setdefault(name, []).append(_lasting(row))
    return kept


def _lasting(row: sqlite3.Row) -> dict[str, Any]:
    return {name: row[name] for name in row.keys() if name not in _CHANGING}  # noqa: SIM118 - a row's own are values


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
