"""What `scrapy export parquet` costs, and what pandas costs to make Parquet of the same articles.

Run as `python -m benchmarks.export_parquet [--articles N] [--rounds N] [--readers PYTHON]`. In each round each way is a
process of its own, one after the other: the command, pandas with the feed in JSON Lines, and as a floor pandas with the
table of articles alone, without the lists. The times are those of whole processes, the memory is the most that each
had. pandas runs where `make readers` has installed it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.big_store import ARTICLES
from benchmarks.crawling import ROOT
from benchmarks.report import Check, report, table

READERS_PYTHON = ROOT / ".venv-readers" / "bin" / "python"

MEMORY_MB = 300.0
"""Target."""

_ROUNDS = 3
_PEER = ROOT / "benchmarks" / "peers" / "run_pandas_parquet.py"
_OURS, _FEED, _TABLE = "scrapy export parquet", "pandas, of the feed", "pandas, of the articles without their lists"


@dataclass(frozen=True)
class _Run:
    cpu_s: float
    wall_s: float
    memory_mb: float
    size_mb: float


def measured(articles: int = ARTICLES, rounds: int = _ROUNDS, readers: Path = READERS_PYTHON) -> list[Check]:
    """Writes the same articles in each way; prints the table.

    Args:
        articles: how many.
        rounds: how often; the medians are shown.
        readers: the Python that has pandas.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, feed = folder / "vov.sqlite", folder / "vov.jsonl"
        # A process begins with the memory of the one that makes it, as Linux counts, so that this one stays small.
        subprocess.run([sys.executable, "-m", "benchmarks.big_store", str(store), str(articles)], check=True, cwd=ROOT)
        export = [sys.executable, "-m", "scrapy", "export", "-s", f"VOV_DATABASE={store}", "--force", "-o"]
        _run([*export, str(feed), "jsonl"], feed)
        target = folder / "made.parquet"
        ways = {_OURS: [*export, str(target), "parquet"]}
        if readers.exists():
            ways[_FEED] = [str(readers), str(_PEER), str(feed), str(target)]
            ways[_TABLE] = [str(readers), str(_PEER), str(store), str(target)]
        runs: dict[str, list[_Run]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, command in ways.items():
                runs[way].append(_run(command, target))
    found = {way: _medians(each) for way, each in runs.items()}
    rows = [
        (way, f"{run.cpu_s:.1f}", f"{run.wall_s:.1f}", f"{run.memory_mb:.0f}", f"{run.size_mb:.0f}")
        for way, run in found.items()
    ]
    print(f"{articles:,} articles, medians of {rounds}\n")
    print(table(("way", "CPU s", "s", "MB of memory", "MB of the file"), rows))
    if _FEED not in found:
        print(f"\n{readers} is not there, so that pandas is left out: make readers")
    ours, peer = found[_OURS], found.get(_FEED)
    checks = [
        Check("parquet", "MB of memory", f"{ours.memory_mb:.0f}", f"under {MEMORY_MB:.0f}", ours.memory_mb < MEMORY_MB)
    ]
    if peer is not None:
        ratio = peer.cpu_s / ours.cpu_s
        checks.append(Check("parquet", "times as fast as pandas, CPU", f"{ratio:.1f}", "over 1", ratio > 1))
    return checks


def _run(command: list[str], made: Path) -> _Run:
    """Runs a process to its end, and says what it took."""
    start = perf_counter()
    process = os.posix_spawn(command[0], command, {**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, used = os.wait4(process, 0)
    wall = perf_counter() - start
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return _Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, made.stat().st_size / 1e6)


def _medians(runs: Sequence[_Run]) -> _Run:
    return _Run(
        median(run.cpu_s for run in runs),
        median(run.wall_s for run in runs),
        median(run.memory_mb for run in runs),
        median(run.size_mb for run in runs),
    )


def main() -> None:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export_parquet", description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--readers", type=Path, default=READERS_PYTHON)
    given = parser.parse_args()
    checks = measured(given.articles, given.rounds, given.readers)
    print()
    report(checks)


if __name__ == "__main__":
    main()
