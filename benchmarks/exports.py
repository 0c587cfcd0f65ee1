"""What an export takes, in memory and CPU seconds, beside reading the same articles and writing nothing.

Run as `python -m benchmarks.exports [ARTICLES]`. A store of so many articles is made, and one of a fifth of that: flat
memory is about the same for both. Each export is a process of its own, of which the system tells the peak.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import big_store
from benchmarks.report import Check, report

FORMATS = ("jsonl", "csv", "txt", "sqlite")
MOST_MB = 300
"""Target for the peak of a process, Python and Scrapy included."""

_PARTS = 5
_READ = """
import sys
from vovcrawl.commands import export
from vovcrawl.export.request import ExportRequest
from vovcrawl.store import read_database

database = read_database(sys.argv[1])
database.hold_view()
for article in ExportRequest("jsonl", database).articles():
    pass
"""


def measured(count: int = big_store.ARTICLES) -> list[Check]:
    """Both stores, every format."""
    checks = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in (count // _PARTS, count):
            store = folder / f"{number}.sqlite"
            big_store.make(store, number)
            megabytes, seconds = _taken([sys.executable, "-c", _READ, str(store)])
            checks.append(_check("reading alone", number, megabytes, seconds))
            for format in FORMATS:
                place = folder / f"{number}.{format}.out"
                words = ["export", format, "-o", str(place), "-s", f"VOV_DATABASE={store}"]
                megabytes, seconds = _taken([sys.executable, "-m", "scrapy", *words])
                checks.append(_check(format, number, megabytes, seconds, MOST_MB))
                subprocess.run(["rm", "-r", str(place)], check=True)
    return checks


def _taken(command: list[str]) -> tuple[float, float]:
    """Megabytes and CPU seconds of a process and its children."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def _check(what: str, count: int, megabytes: float, seconds: float, most: int | None = None) -> Check:
    check = Check(
        what,
        f"{count:,} articles",
        f"{megabytes:.0f} MB, {seconds:.1f} s",
        f"at most {most} MB" if most else "",
        megabytes <= most if most else None,
    )
    check.tell()
    return check


if __name__ == "__main__":
    report(measured(int(sys.argv[1]) if len(sys.argv) > 1 else big_store.ARTICLES))
