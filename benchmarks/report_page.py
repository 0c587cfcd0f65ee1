"""What `scrapy report` costs: CPU time, memory at its highest and size of the page, for a small store and a large one.

Run as `python -m benchmarks.report_page`; `--articles 1000000` fills the large store further. The floor is one query
that reads the texts of all articles once, in SQLite alone.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import process_time

from benchmarks.newspaper_year import Year, fill
from benchmarks.report import Check, report
from vovcrawl.store import open_database

SECONDS, MEGABYTES, PAGE_MEGABYTES = 60.0, 300.0, 3.0

_DAYS = 365
_SMALL = 1_000


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000, help="of the large store (default: 100,000)")
    large = parser.parse_args().articles
    checks = []
    for wanted in (_SMALL, large):
        with tempfile.TemporaryDirectory() as folder:
            checks += measured(Path(folder), wanted)
    report(checks)


def measured(folder: Path, wanted: int) -> list[Check]:
    """The figures of a store of about so many articles."""
    path, page = folder / "vov.sqlite", folder / "report.html"
    database = open_database(str(path))
    count = fill(database.connection, Year(days=_DAYS, a_day=max(1, round(wanted / _DAYS * 1.02))))
    database.connection.commit()
    database.close()
    floor = _floor(path)
    made = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "report", "-s", f"VOV_DATABASE={path}", "-o", str(page)], cwd=Path.cwd()
    )
    _, status, used = os.wait4(made.pid, 0)
    if status:
        raise SystemExit("scrapy report failed")
    seconds = used.ru_utime + used.ru_stime
    megabytes, page_megabytes = used.ru_maxrss / 1024, page.stat().st_size / 1e6
    name = f"{count:,} articles"
    return [
        Check("CPU s", name, f"{seconds:.1f}", f"< {SECONDS:.0f}", seconds < SECONDS),
        Check("CPU s", f"(floor) their texts read once by SQLite, {name}", f"{floor:.2f}"),
        Check("MB", f"memory at its highest, {name}", f"{megabytes:.0f}", f"< {MEGABYTES:.0f}", megabytes < MEGABYTES),
        Check(
            "MB",
            f"the page, {name}",
            f"{page_megabytes:.2f}",
            f"< {PAGE_MEGABYTES:.0f}",
            page_megabytes < PAGE_MEGABYTES,
        ),
    ]


def _floor(path: Path) -> float:
    with closing(sqlite3.connect(path)) as connection:
        begun = process_time()
        connection.execute("SELECT sum(length(body)) FROM articles").fetchone()
        return process_time() - begun


if __name__ == "__main__":
    main()
