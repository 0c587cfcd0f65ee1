"""How fast a whole store is copied from SQLite to PostgreSQL and back, with all that is read back and compared.

Run as `python -m benchmarks.copy_store`. Beside it, two floors, which compare nothing: SQLAlchemy inserting the same
rows one by one, of a part of the store, and SQLite's own backup. The server is one of the benchmark's own on the same
machine, with the settings that PostgreSQL has by default. CPU is that of this process.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

from sqlalchemy import Boolean, create_engine, func, insert, select

from benchmarks.big_store import make
from benchmarks.report import Check, report, table
from tests.postgresql import Server, need_server
from vovcrawl.store import ArticleStore, open_database, read_database
from vovcrawl.store.copying import copy_store
from vovcrawl.store.search_index import SearchIndex
from vovcrawl.store.table_rows import rows_of
from vovcrawl.store.tables import metadata

ARTICLES = 20_000
_PART = 20
"""One row in so many is inserted by itself."""

MOST_MEMORY_MB = 400
"""As much as a crawl may take."""

_DEFAULTS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Timed:
    """A way to copy, and what it took."""

    what: str
    rows: int
    size_mb: float
    """Of the file that holds these rows."""
    wall_s: float
    cpu_s: float
    memory_mb: float
    """The most that the process has taken, which did nothing else."""

    def row(self) -> tuple[str, ...]:
        """The row of the table."""
        speeds = (self.rows / self.wall_s, self.size_mb / self.wall_s, self.rows / self.cpu_s)
        times = (f"{self.wall_s:.1f}", f"{self.cpu_s:.1f}")
        return self.what, f"{self.rows:,}", *times, *(f"{speed:,.0f}" for speed in (*speeds, self.memory_mb))


_HEAD = ("way", "rows", "wall s", "CPU s", "rows/s", "MB/s", "rows/s of CPU", "memory MB")


def timed(what: str, size_mb: float, copy: Callable[..., int], *given: object) -> Timed:
    """Runs a copy in a process of its own; it says how many rows it has written."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        rows, *took = apart.submit(_run, copy, *given).result()
    return Timed(what, int(rows), size_mb, *took)


def _run(copy: Callable[..., int], *given: object) -> tuple[float, float, float, float]:
    wall, cpu = perf_counter(), process_time()
    rows = copy(*given)
    return rows, perf_counter() - wall, process_time() - cpu, getrusage(RUSAGE_SELF).ru_maxrss / 1024


def copied(source: str, target: str) -> int:
    """Copies a store by the command's own way; how many rows it has."""
    made = copy_store(source, target)
    assert made.is_same
    return sum(each.rows for each in made.tables)


def insert_one_by_one(path: str, counts: Mapping[str, int], target: str) -> int:
    """Inserts a part of each table's rows by themselves, in one transaction; how many."""
    done = 0
    source = read_database(path)
    with create_engine(target).begin() as connection:
        metadata.create_all(connection)
        # A part of the articles is not all that lists refer to.
        connection.exec_driver_sql("SET session_replication_role = replica")
        for each in metadata.sorted_tables:
            flags = [column.name for column in each.columns if isinstance(column.type, Boolean)]
            for row in islice(rows_of(source.connection, each), counts[each.name] // _PART):
                values = dict(zip(each.columns.keys(), row, strict=True))
                connection.execute(insert(each), values | {name: bool(values[name]) for name in flags})
                done += 1
    source.close()
    return done


def back_up(source: str, target: Path) -> int:
    """Copies a file as SQLite does by itself; no rows are counted."""
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)
    return 0


def measured(count: int = ARTICLES, folder: Path | None = None) -> list[Check]:
    """The comparison.

    Args:
        count: articles of the store.
        folder: where stores are written, on a disk; None is the system's own for such files.
    """
    server = Server(need_server(), **_DEFAULTS)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            here = Path(name)
            source = str(here / "vov.sqlite")
            make(Path(source), count)
            database = open_database(source)
            SearchIndex(database.connection).fill(ArticleStore(database.connection).read_all)
            database.connection.commit()
            database.close()
            size = Path(source).stat().st_size / _MB
            there = server.new_store()
            found = [
                timed("SQLite to PostgreSQL", size, copied, source, there),
                timed("PostgreSQL to SQLite", size, copied, there, str(here / "back.sqlite")),
                timed("PostgreSQL to PostgreSQL", size, copied, there, server.new_store()),
                timed("SQLite to SQLite", size, copied, source, str(here / "other.sqlite")),
            ]
            url = server.new_store()
            given = read_database(source)
            counts = {
                each.name: given.connection.scalar(select(func.count()).select_from(each)) or 0
                for each in metadata.sorted_tables
            }
            part = size / _PART
            given.close()
            floor = timed("floor: one by one", part, insert_one_by_one, source, counts, url)
            backup = timed("floor: SQLite's backup", size, back_up, source, here / "backup.sqlite")
    finally:
        server.remove()
    print(f"{count:,} articles, {size:,.0f} MB as a file of SQLite")
    memory = max(each.memory_mb for each in found)
    print(table(_HEAD, [each.row() for each in (*found, floor, backup)]))
    times = (found[0].rows / found[0].cpu_s) / (floor.rows / floor.cpu_s)
    return [
        Check("copy", "SQLite to PostgreSQL, times the rows of the floor in a second of CPU", f"{times:.1f}"),
        Check("copy", "memory, MB", f"{memory:.0f}", f"at most {MOST_MEMORY_MB}", memory <= MOST_MEMORY_MB),
    ]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copy_store", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--folder", type=Path, help="where stores are written, a folder on disk")
    arguments = parser.parse_args()
    checks = measured(arguments.articles, arguments.folder)
    print()
    report(checks)


if __name__ == "__main__":
    main()
