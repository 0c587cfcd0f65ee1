"""What it costs to render a page (`VOV_RENDER`), beside the same crawl without a browser as the floor.

Run as `python -m benchmarks.render_cost ENGINE ...`, by default `splash`, which must listen at `SPLASH_URL` of the
environment or at http://127.0.0.1:8050. The same pages of the sample site are crawled without and with each engine, by
turns: the time of a page on the clock, and the CPU time of the crawler, to which that of the engine comes; that of a
browser which the crawler starts itself is given too.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check, report
from sample_site.apart import served_apart
from sample_site.replica import Replica
from sample_site.server import SampleServer

_ROUNDS = 3
_ARTICLES = 40
_KINDS = "article,photo,video,podcast,emagazine,infographic,live"


def replica() -> Replica:
    """The site that is crawled."""
    return Replica(days=2, a_day=_ARTICLES // 2, older=12, seed=1)


def server() -> SampleServer:
    """The server of that site."""
    return SampleServer(replica())


def main() -> None:
    """Measures and prints the table."""
    report(measured(sys.argv[1:] or ["splash"]))


def measured(engines: Sequence[str]) -> list[Check]:
    """The figures."""
    spent: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ("", *engines)}
    with served_apart(server) as site:
        for _ in range(_ROUNDS):
            for name, figures in spent.items():
                figures.append(_crawl(site.url, name))
    floor = tuple(map(median, zip(*spent[""], strict=True)))
    checks = []
    for name, figures in spent.items():
        clock, cpu, below = map(median, zip(*figures, strict=True))
        more = f", {clock - floor[0]:.0f} ms and {cpu - floor[1]:.1f} ms more" if name else ""
        said = f"{clock:.0f} ms, of which the crawler's CPU {cpu:.1f} ms{more}"
        if below > floor[2] + 1:
            said += f"; CPU of the processes that it started {below - floor[2]:.0f} ms"
        checks.append(Check("a page", f"rendered by {name}" if name else "without a browser", said))
    return checks


def _crawl(mirror: str, engine: str) -> tuple[float, float, float]:
    """Milliseconds a page on the clock, of the crawler's CPU, and of all that it started and that has ended."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = folder / "result.json"
        settings = {
            "VOV_MIRROR": mirror,
            "VOV_NOW": replica().now.isoformat(),
            "VOV_DATABASE": str(folder / "vov.sqlite"),
            "DOWNLOAD_DELAY": "0",
            "ADDONS": json.dumps({"benchmarks.stopwatch.Addon": 1}),
            "BENCHMARK_RESULT": str(result),
        }
        if engine:
            splash = os.environ.get("SPLASH_URL", "http://127.0.0.1:8050")
            settings |= {"VOV_RENDER": engine, "VOV_RENDER_KINDS": _KINDS, "SPLASH_URL": splash}
        line = crawl_command(["since=all", "sources=sitemap"], settings, folder / "vov.jsonl")
        before = _cpu_of_children()
        ended = subprocess.run(line, cwd=ROOT, env=environment(), check=True, capture_output=True, text=True)
        if "'vov/render/failed" in ended.stderr:
            sys.exit(f"{engine} did not render every page: is it running?")
        said = json.loads(result.read_text(encoding="utf-8"))
    pages = int(said["pages"])
    below = _cpu_of_children() - before - float(said["cpu_s"]) - float(said["startup_cpu_s"])
    return 1000 * float(said["wall_s"]) / pages, 1000 * float(said["cpu_s"]) / pages, 1000 * below / pages


def _cpu_of_children() -> float:
    """Seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
