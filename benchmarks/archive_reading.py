"""Saved pages read a CPU second, store and feed included, on one processor and on two; beside trafilatura on two.

Run as `python -m benchmarks.archive_reading`. The pages are as large as the site's own, with texts of about 2,500
characters, in files of their own and as records of one WARC file; the sample site's short ones stand beside them. One
process at a time is measured, its start left out.
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
from io import BytesIO
from pathlib import Path
from statistics import median

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.crawling import ROOT, environment
from benchmarks.read_articles import HOW_TO_MAKE_PEERS, PEERS_PYTHON
from benchmarks.report import Check, report
from sample_site.full_pages import full_pages
from sample_site.pages import Pages
from sample_site.site import load_site

FILES_A_CPU_SECOND = 220
"""Target for full pages on one processor."""
TWO_BESIDE_ONE = 1.6
"""Target: so many times the files a second by the wall on two processors."""

WARC_TWO_BESIDE_ONE = 1.5
"""The same of a WARC file."""
BESIDE_TRAFILATURA = 3.0
"""Target: so many times trafilatura's pages a second, both on two processors."""

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


def trafilatura_s(folder: Path, processors: int, peers: Path) -> float:
    """Seconds by the wall that trafilatura takes for a folder of pages, without a store."""
    mine = sorted(os.sched_getaffinity(0))[:processors]
    done = subprocess.run(
        [str(peers), "-m", "benchmarks.peers.run_trafilatura_pool", str(folder), str(processors)],
        cwd=ROOT,
        timeout=_TIMEOUT_S,
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, mine),
    )
    if done.returncode:
        raise SystemExit(f"trafilatura ended with {done.returncode}\n{done.stderr[-2000:]}")
    return float(done.stdout)


def write_warc(path: Path, pages: Iterable[tuple[str, bytes]]) -> int:
    """Writes pages as records of a WARC file, gzipped by record; how many. The first of each pair is its url."""
    count = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, html in pages:
            header = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=UTF-8")], protocol="HTTP/1.1")
            made = writer.create_warc_record(url, "response", payload=BytesIO(html), http_headers=header)
            writer.write_record(made)
            count += 1
    return count


def measured_warc(count: int, rounds: int, peers: Path) -> list[Check]:
    """A WARC file on one processor and on two, and trafilatura on two."""
    full = full_pages(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "pages")
        folder.mkdir()
        lay_out(folder, ((str(number), page.html) for number, page in enumerate(full)))
        path = Path(name, "pages.warc.gz")
        records = write_warc(path, ((page.url, page.html) for page in full))
        one = [read(path, records, 1) for _ in range(rounds)]
        speed = median(run.files / run.cpu_s for run in one)
        what = "full pages of a WARC file a CPU second on one processor"
        checks = [Check("archive", what, f"{speed:.0f}")]
        if len(os.sched_getaffinity(0)) > 1:
            two = [read(path, records, 2) for _ in range(rounds)]
            times = median(run.wall_s for run in one) / median(run.wall_s for run in two)
            what = "full pages of a WARC file a second on two processors beside one, by the wall"
            target = f"at least {WARC_TWO_BESIDE_ONE}"
            checks.append(Check("archive", what, f"{times:.2f} times", target, times >= WARC_TWO_BESIDE_ONE))
            if peers.exists():
                peer_s = median(trafilatura_s(folder, 2, peers) for _ in range(rounds))
                beside = peer_s / median(run.wall_s for run in two)
                what = f"the same beside trafilatura ({records / peer_s:.0f} pages a second), both on two processors"
                target = f"at least {BESIDE_TRAFILATURA}"
                checks.append(Check("archive", what, f"{beside:.1f} times", target, beside >= BESIDE_TRAFILATURA))
            else:
                print(f"Without trafilatura; to make its environment: {HOW_TO_MAKE_PEERS}")
    return checks


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
    parser.add_argument("--only", choices=("files", "warc"))
    parser.add_argument("--peers", type=Path, default=PEERS_PYTHON, help="Python of the peers' environment")
    arguments = parser.parse_args()
    checks = measured(arguments.files, arguments.rounds) if arguments.only != "warc" else []
    if arguments.only != "files":
        checks += measured_warc(arguments.files, arguments.rounds, arguments.peers)
    report(checks)


if __name__ == "__main__":
    main()
