"""Files of saved pages read a CPU second, store and feed included, on one processor and on two.

Run as `python -m benchmarks.archive_reading`. The pages are as large as the site's own, with texts of about 2,500
characters; the sample site's short ones stand beside them. One process at a time is measured, its start left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.crawling import ROOT, environment
from benchmarks.report import Check, report
from sample_site.full_pages import full_pages
from sample_site.pages import Pages
from sample_site.site import load_site

FILES_A_CPU_SECOND = 220
"""Target for full pages on one processor."""
TWO_BESIDE_ONE = 1.6
"""Target: so many times the files a second by the wall on two processors."""

_TIMEOUT_S = 600


@dataclass(frozen=True)
class Run:
    """One reading, its start-up apart."""

    files: int
    cpu_s: float
    """Of the process that keeps the articles, and on one processor of all there is."""
    wall_s: float


def read(folder: Path, files: int, processors: int) -> Run:
    """Reads a folder of saved pages into a new store and feed, on so many processors."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        result = made / "result.json"
        settings = {
            "VOV_DATABASE": str(made / "vov.sqlite"),
            "ADDONS": json.dumps({"benchmarks.stopwatch.Addon": 1}),
            "BENCHMARK_RESULT": str(result),
            "LOG_FILE": str(made / "log.txt"),
        }
        given = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        command = [sys.executable, "-m", "scrapy", "crawl", "vov", "-a", f"archive={folder}"]
        mine = sorted(os.sched_getaffinity(0))[:processors]
        done = subprocess.run(
            [*command, "-o", f"{made / 'vov.jsonl'}:jsonlines", *given],
            cwd=ROOT,
            env=environment(),
            timeout=_TIMEOUT_S,
            capture_output=True,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, mine),
        )
        if done.returncode or not result.exists():
            raise SystemExit(f"the reading ended with {done.returncode}\n{done.stderr[-2000:]}")
        measured = json.loads(result.read_text(encoding="utf-8"))
        if measured["items"] != files:
            raise SystemExit(f"{files} files, but {measured['items']} articles")
    return Run(files, measured["cpu_s"], measured["wall_s"])


def lay_out(folder: Path, pages: Iterable[tuple[str, bytes]]) -> int:
    """Writes pages as files; how many."""
    for name, html in pages:
        (folder / f"{name}.html").write_bytes(html)
    return len(list(folder.iterdir()))


def measured(count: int = 600, rounds: int = 3) -> list[Check]:
    """All readings."""
    checks = []
    site = load_site()
    rendered = Pages(site)
    short = [
        (f"{story.id}-{copy}", rendered.get(story.address).body) for copy in range(1) for story in site.stories.values()
    ]
    full = ((str(number), page.html) for number, page in enumerate(full_pages(count)))
    for kind, pages in (("full", full), ("short", iter(short))):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            files = lay_out(folder, pages)
            one = [read(folder, files, 1) for _ in range(rounds)]
            speed = median(run.files / run.cpu_s for run in one)
            target = FILES_A_CPU_SECOND if kind == "full" else None
            checks.append(
                Check(
                    "archive",
                    f"{kind} pages: files a CPU second on one processor",
                    f"{speed:.0f}",
                    f"at least {target}" if target else "",
                    speed >= target if target else None,
                )
            )
            if kind == "full" and len(os.sched_getaffinity(0)) > 1:
                two = [read(folder, files, 2) for _ in range(rounds)]
                times = median(run.wall_s for run in one) / median(run.wall_s for run in two)
                what = "full pages: files a second on two processors beside one, by the wall"
                reached = times >= TWO_BESIDE_ONE
                checks.append(Check("archive", what, f"{times:.2f} times", f"at least {TWO_BESIDE_ONE}", reached))
    return checks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive_reading", description=__doc__)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    report(measured(arguments.files, arguments.rounds))


if __name__ == "__main__":
    main()
