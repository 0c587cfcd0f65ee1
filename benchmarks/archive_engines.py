"""Engines that read an archive on several processes: pages a second, processor a page, start and memory of each.

Run as `python -m benchmarks.archive_engines`; engines that are not installed are left out, with a line that says so.
Each reads the same WARC files with the same function, a file a task, on one worker and on two, after a first task that
has all imported. `ProcessPoolExecutor` is the floor: what two processors of this machine are worth, which are often two
threads of one. Seconds are by the wall, since that is what a second worker is for; processor seconds stand beside them,
of all processes together.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.archive_reading import write_warc
from sample_site.full_pages import full_pages

TWO_BESIDE_ONE = 1.6
"""Target: so many times the pages a second with two workers."""

Run = Callable[[Sequence[str]], list[int]]


def read_file(path: str) -> int:
    """Reads the articles of a WARC file, dates and all; how many there are."""
    from vovcrawl.archives.dataset import inputs
    from vovcrawl.archives.dataset.choosing import options_of
    from vovcrawl.archives.dataset.slices import Seen, Slice, read_slice
    from vovcrawl.pages.publication import from_iso

    now = from_iso("2026-07-20")
    assert now is not None
    (file,) = inputs.find([path])
    seen = read_slice(Slice((file,)), options_of(now=now))
    return sum(isinstance(one, Seen) and one.capture is not None for one in seen)


@contextmanager
def process_pool(workers: int) -> Iterator[Run]:
    """Python's own."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield lambda paths: list(pool.map(read_file, paths))


@contextmanager
def dask_workers(workers: int) -> Iterator[Run]:
    """Dask, as `vovcrawl.archives` starts it."""
    from vovcrawl.archives.dataset import engine

    with engine.workers_of_this_machine(workers) as client:
        yield lambda paths: engine.run(client, read_file, [(path,) for path in paths], "files")


@contextmanager
def ray_workers(workers: int) -> Iterator[Run]:
    """Ray, without its dashboard."""
    import ray

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=workers, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
    task = ray.remote(read_file)
    try:
        yield lambda paths: list(ray.get([task.remote(path) for path in paths]))
    finally:
        ray.shutdown()


@contextmanager
def spark_workers(workers: int) -> Iterator[Run]:
    """PySpark on this machine, which needs Java 17."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
    local = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    session = local.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield lambda paths: list(session.sparkContext.parallelize(paths, len(paths)).map(read_file).collect())
    finally:
        session.stop()


ENGINES: dict[str, tuple[str | None, Callable[[int], Any]]] = {
    "ProcessPoolExecutor": (None, process_pool),
    "Dask": ("distributed", dask_workers),
    "Ray": ("ray", ray_workers),
    "PySpark": ("pyspark", spark_workers),
}


@dataclass(frozen=True)
class Measured:
    """One run of an engine."""

    start_s: float
    wall_s: float
    cpu_s: float
    memory_mb: float
    """Of all processes, at the end; what they share is counted for each."""


def measure(engine: str, workers: int, paths: Sequence[str], pages: int) -> Measured:
    """Starts an engine, has it read the files, and ends it."""
    begin = time.monotonic()
    with ENGINES[engine][1](workers) as run:
        run([paths[0]] * workers)
        start_s = time.monotonic() - begin
        cpu, begin = _cpu_s(), time.monotonic()
        found = run(paths)
        wall_s, cpu_s = time.monotonic() - begin, _cpu_s() - cpu
        memory = sum(_of_all(lambda process: process.memory_info().rss)) / 1e6
    if sum(found) != pages:
        raise SystemExit(f"{engine}: {sum(found)} articles of {pages}")
    return Measured(start_s, wall_s, cpu_s, memory)


def _of_all(what: Callable[[psutil.Process], float]) -> Iterator[float]:
    own = psutil.Process()
    for process in [own, *own.children(recursive=True)]:
        try:
            yield what(process)
        except psutil.NoSuchProcess:
            continue


def _cpu_s() -> float:
    return sum(_of_all(lambda process: sum(process.cpu_times()[:2])))


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=800, help="full pages, in 16 files (default: 800)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is taken (default: 3)")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "WORKERS", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        engine, workers, folder = given.one
        found = measure(engine, int(workers), sorted(map(str, Path(folder).iterdir())), given.pages)
        print(found.start_s, found.wall_s, found.cpu_s, found.memory_mb)
        return
    with tempfile.TemporaryDirectory() as name:
        pages = full_pages(given.pages)
        for number in range(16):
            write_warc(Path(name, f"{number:02}.warc.gz"), ((page.url, page.html) for page in pages[number::16]))
        print(f"{len(pages)} pages of {sum(len(page.html) for page in pages) // len(pages):,} bytes, in 16 WARC files")
        print(
            "| engine | pages/s, 1 worker | 2 workers | times | CPU ms a page, 1 | 2 | start s | memory MB, 2 workers |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for engine, (module, _) in ENGINES.items():
            if module is not None and find_spec(module) is None:
                print(f"{engine} is not installed")
                continue
            _print(engine, Path(name), len(pages), given.rounds)


def _print(engine: str, folder: Path, pages: int, rounds: int) -> None:
    runs: dict[int, list[Measured]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, found in runs.items():
            line = [sys.executable, "-m", "benchmarks.archive_engines", "--pages", str(pages)]
            done = subprocess.run(
                [*line, "--one", engine, str(workers), str(folder)], capture_output=True, text=True, timeout=600
            )
            if done.returncode:
                print(f"{engine} ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
                return
            found.append(Measured(*map(float, done.stdout.split()[-4:])))
    speed = {workers: pages / median(run.wall_s for run in found) for workers, found in runs.items()}
    cpu = {workers: median(run.cpu_s for run in found) / pages * 1000 for workers, found in runs.items()}
    start = median(run.start_s for run in runs[2])
    memory = median(run.memory_mb for run in runs[2])
    print(
        f"| {engine} | {speed[1]:.0f} | {speed[2]:.0f} | {speed[2] / speed[1]:.2f} | {cpu[1]:.2f} | {cpu[2]:.2f} "
        f"| {start:.1f} | {memory:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
