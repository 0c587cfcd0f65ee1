"""How long it takes to bring the copy of a PostgreSQL's tables up to date, which `scrapy browse` serves.

Run as `python -m benchmarks.table_copy_speed --articles 100000`: a server of this program's own gets so many articles.
The figures are seconds of the processor, of this process and of the server's for it. The floor: the server hands over
what is copied, and nothing is kept.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time, sleep

from sqlalchemy import select, update

from benchmarks.report import Check, report
from benchmarks.search_speed import fill
from tests.postgresql import Server, need_server
from vovcrawl.store import open_database, read_database
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.table_copy import TableCopy
from vovcrawl.store.tables import articles, lists

MUST = 5.0
"""Seconds that a second start may take with 100,000 articles."""


def main() -> None:
    """Fills a store, copies it again and again, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    count = parser.parse_args().articles
    server = Server(need_server(), autovacuum="off")
    try:
        with tempfile.TemporaryDirectory() as folder:
            report(_measured(server, Path(folder) / "copies", count))
    finally:
        server.remove()


def _measured(server: Server, folder: Path, count: int) -> list[Check]:
    url = server.new_store()
    database = open_database(url)
    fill(database, count)

    def change() -> None:
        some = articles.c.sequence <= 100
        database.connection.execute(update(articles).where(some).values(headline=articles.c.headline))
        database.connection.commit()

    def read() -> None:
        reading = read_database(url)
        for table in (articles, *(each.table for each in lists.values())):
            for _ in Prepared(reading.connection, select(table)).stream():
                pass
        reading.close()

    def copy() -> None:
        TableCopy(url, folder).refresh()

    found = [
        _check(f"floor: {count:,} articles read and not kept", server, read),
        _check("first copy", server, copy),
        _check("nothing has changed", server, copy, MUST),
    ]
    change()
    found.append(_check("100 articles have changed", server, copy, MUST))
    database.close()
    return found


def _check(what: str, server: Server, act: Callable[[], object], must: float | None = None) -> Check:
    before = process_time() + _of_server(server)
    act()
    # What a process of the server's has used is known once it has ended.
    sleep(1)
    took = process_time() + _of_server(server) - before
    target = f"under {must:.0f}" if must is not None else ""
    return Check("CPU s", what, f"{took:.2f}", target, took < must if must is not None else None)


def _of_server(server: Server) -> float:
    """Seconds of the processor that the server has used, with its processes that have ended."""
    pid = (server.data / "postmaster.pid").read_text("ascii").split()[0]
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    # User and system time of its ended children, in hundredths of a second.
    return (int(fields[13]) + int(fields[14])) / 100


if __name__ == "__main__":
    main()
