"""What a page costs a crawl whose store is in PostgreSQL, beside one whose store is a file of SQLite.

Run as `python -m benchmarks.postgresql_crawl`. Both fetch the same pages, as large as the real site's, from another
process on loopback, in turns and without a delay. The server is one of the benchmark's own on the same machine, with
the settings that PostgreSQL has by default: what it needs itself is shown beside.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.crawl_speed import Run, crawl
from benchmarks.report import Check, report, table
from sample_site.apart import served_apart
from sample_site.full_pages import FullServer
from tests.postgresql import Server, need_server

MOST = 1.5
"""So many times as much CPU as with SQLite at most."""

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_CPU_TIMES = slice(11, 15)
"""Fields of `/proc/PID/stat` after the name: of the process and of its children that have ended."""

_DEFAULTS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_HEAD = ("store", "round", "pages", "CPU ms a page", "CPU ms of the server", "wall s")


def server_cpu_s(server: Server) -> float:
    """CPU seconds that a server and its processes have needed so far."""
    first = int((server.data / "postmaster.pid").read_text().split()[0])
    running = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return sum(_cpu_s(pid) for pid in (str(first), *running))


def _cpu_s(pid: str) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        # It has ended, and its parent counts it.
        return 0.0
    return sum(map(int, text.rpartition(")")[2].split()[_CPU_TIMES])) * _TICK_S


def measured(rounds: int = 3, full: int = 300, folder: Path | None = None) -> list[Check]:
    """The comparison.

    Args:
        rounds: of each.
        full: pages of the site.
        folder: where stores and feeds are written, on a disk; None is the system's own for such files.
    """
    database = Server(need_server(), **_DEFAULTS)
    rows: list[tuple[str, ...]] = []
    found: list[tuple[Run, Run]] = []
    try:
        with tempfile.TemporaryDirectory(dir=folder) as name, served_apart(FullServer, full) as site:
            # Not measured: the site renders each page once.
            crawl(site, Path(name), 1)
            for number in range(1, rounds + 1):
                runs = {}
                for store in ("SQLite", "PostgreSQL") if number % 2 else ("PostgreSQL", "SQLite"):
                    url = database.new_store() if store == "PostgreSQL" else None
                    before = server_cpu_s(database)
                    run = runs[store] = crawl(site, Path(name), 1, store=url)
                    of_server = f"{1000 * (server_cpu_s(database) - before) / run.pages:.2f}" if url else ""
                    a_page = f"{1000 * run.cpu_s / run.pages:.2f}"
                    rows.append((store, str(number), str(run.pages), a_page, of_server, f"{run.wall_s:.2f}"))
                if runs["SQLite"].items != runs["PostgreSQL"].items:
                    raise SystemExit("the crawls did not keep the same articles")
                found.append((runs["SQLite"], runs["PostgreSQL"]))
    finally:
        database.remove()
    print(table(_HEAD, rows))
    ratio = median((other.cpu_s / other.pages) / (one.cpu_s / one.pages) for one, other in found)
    what = "a page with a store in PostgreSQL: times the CPU of one with SQLite"
    return [Check("crawl", what, f"{ratio:.2f}", f"at most {MOST}", ratio <= MOST)]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.postgresql_crawl", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", type=int, default=300, help="pages as large as real ones")
    parser.add_argument("--folder", type=Path, help="where stores and feeds are written, a folder on disk")
    arguments = parser.parse_args()
    checks = measured(arguments.rounds, arguments.full, arguments.folder)
    print()
    report(checks)


if __name__ == "__main__":
    main()
