"""One crawl of very many pages: how much memory it takes, and whether that grows."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check
from sample_site.apart import ServerApart, served_apart
from sample_site.pages import Page, Pages
from sample_site.replica import Replica
from sample_site.server import RequestRecord, SampleServer
from sample_site.site import NOW
from torture.snapshot import FEED, STORE, read_lines, take_snapshot

MOST_MB = 250.0
MOST_GROWTH = 0.05
"""Targets: of resident memory, and by how much the last quarter's mean may exceed the second's."""

_A_DAY = 66
_PAGES_AN_ARTICLE = 1.08
"""Listings and sitemaps included, at least."""

_WORDS = (500, 700)
_EVERY_S = 0.2
_PATIENCE_S = 120.0
"""A crawl that asks for nothing so long hangs."""


class ForgetfulServer(SampleServer):
    """Renders each page when it is asked for, and keeps none: nobody asks twice."""

    def __init__(self, articles: int, seed: int) -> None:
        days, rest = divmod(articles, _A_DAY)
        super().__init__(Replica(days=days, a_day=_A_DAY, older=rest, seed=seed, words=_WORDS))
        self._answered = 0

    def respond(self, record: RequestRecord) -> Page:
        """The response to a request."""
        page = super().respond(record)
        self.pages = Pages(self.site)
        self._answered += 1
        return page

    def answered(self) -> int:
        """How many requests there were."""
        return self._answered


@dataclass(frozen=True)
class Sample:
    """The crawler's memory at a moment."""

    pages: int
    """Asked for so far."""
    resident_mb: float


def crawl_long(folder: Path, pages: int, seed: int) -> Iterator[Check]:
    """Crawls a site of at least so many pages by sitemaps and listings.

    Args:
        folder: an existing one, empty, for store, feed and log.
        pages: listings and sitemaps included.
        seed: of the site.
    """
    articles = round(pages / _PAGES_AN_ARTICLE)
    with served_apart(ForgetfulServer, articles, seed) as server:
        began = time.monotonic()
        status, samples = watch(server, folder, "since=all", "sources=sitemap,listing")
        wall_s = time.monotonic() - began
    yield from judge("long", samples, MOST_MB)
    kept, read = take_snapshot(folder), samples[-1].pages
    stored = sum(kept.kinds[address] == "article" for address in kept.done)
    lines = read_lines(folder)
    yield Check(
        "long",
        "pages read in one crawl, articles in SQLite and in JSON Lines",
        f"{read:,}, {stored:,} and {len(lines.by_key):,} of {articles:,}, status {status}",
        f"at least {pages:,}, all, status 0",
        read >= pages and {stored, len(lines.by_key), len(lines.records)} == {articles} and status == 0,
    )
    yield Check("long", "time", f"{wall_s:,.0f} s, {read / wall_s:.0f} pages a second")


def watch(server: ServerApart, folder: Path, *arguments: str) -> tuple[int, list[Sample]]:
    """Crawls a site whose server can say how much it has answered; the exit status, and the memory over time."""
    settings = {
        "VOV_MIRROR": server.url,
        "VOV_NOW": NOW.isoformat(),
        "VOV_DATABASE": str(folder / STORE),
        "DOWNLOAD_DELAY": "0",
        "AUTOTHROTTLE_ENABLED": "False",
    }
    command = crawl_command(arguments, settings, folder / FEED)
    samples: list[Sample] = []
    got_on = time.monotonic()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        try:
            while process.poll() is None:
                resident = _resident_mb(process.pid)
                if resident is None:
                    continue
                answered = int(server.call("answered"))
                if not samples or answered > samples[-1].pages:
                    got_on = time.monotonic()
                elif time.monotonic() - got_on > _PATIENCE_S:
                    raise SystemExit(f"nothing was asked for in {_PATIENCE_S:.0f} s; see {folder}")
                samples.append(Sample(answered, resident))
                time.sleep(_EVERY_S)
        finally:
            process.kill()
            process.wait()
    samples.append(Sample(int(server.call("answered")), samples[-1].resident_mb))
    return process.returncode, samples


def _resident_mb(process: int) -> float | None:
    """What a process holds in memory, by Linux; None once it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) / 1024 if found else None


def judge(part: str, samples: Sequence[Sample], most_mb: float) -> Iterator[Check]:
    """Whether memory stays low, and does not grow with the pages."""
    peak = max(sample.resident_mb for sample in samples)
    yield Check(part, "resident memory at its highest", f"{peak:.0f} MB", f"under {most_mb:.0f} MB", peak < most_mb)
    quarters = [_mean_of_quarter(samples, quarter) for quarter in range(4)]
    growth = quarters[3] / quarters[1] - 1
    yield Check(
        part,
        "resident memory by quarters of the pages; the last above the second by",
        f"{', '.join(f'{quarter:.0f}' for quarter in quarters)} MB; {growth:+.1%}",
        f"at most {MOST_GROWTH:.0%}",
        growth <= MOST_GROWTH,
    )


def _mean_of_quarter(samples: Sequence[Sample], quarter: int) -> float:
    total = samples[-1].pages
    return mean(
        sample.resident_mb
        for sample in samples
        if total * quarter / 4 <= sample.pages < total * (quarter + 1) / 4 or (quarter == 3 and sample.pages == total)
    )
