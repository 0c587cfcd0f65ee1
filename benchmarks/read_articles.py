"""How well and how fast article pages are read: vovcrawl, trafilatura and newspaper4k against the same gold.

Run as `python -m benchmarks.read_articles`. Times are CPU time of the reading process, the best of some rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

from lxml import etree

from benchmarks import judging
from benchmarks.peers.timed import Reading, cpu_ms
from benchmarks.report import Check, report, table
from sample_site.expected import expected_record
from sample_site.full_pages import full_pages
from sample_site.pages import Pages
from sample_site.site import load_site
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, parse_article

ROOT = Path(__file__).resolve().parent.parent
FROZEN = ROOT / "tests" / "frozen"
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
HOW_TO_MAKE_PEERS = "make peers"
PEERS = {"trafilatura": "benchmarks.peers.run_trafilatura", "newspaper4k": "benchmarks.peers.run_newspaper"}
AT_MOST = 4.0
"""The target over all pages: so many times the floor."""
FULL = "full"
"""The pages as large as real ones, which have targets of their own."""
FULL_MUST, FULL_GOAL = 1.6, 1.25

_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')


@dataclass
class Page:
    """A page and what must be read from it; without gold it counts for speed only."""

    source: str
    url: str
    html: bytes
    gold: dict[str, Any] | None


@dataclass
class Row:
    """A reader's line of the table: per page its best time, its reading, and its related stories if it reads them."""

    name: str
    cpu_ms: list[float]
    wall_s: float
    readings: list[Reading] = field(default_factory=list)
    related: list[list[str]] | None = None


def load_pages() -> list[Page]:
    """Every article page of the sample site and of the frozen pages, pages as large as real ones, and the real ones of
    the folder that is named."""
    site = load_site()
    rendered = Pages(site)
    pages = [
        Page("sample site", story.url, rendered.get(story.address).body, expected_record(story, site))
        for story in site.stories.values()
    ]
    for path in sorted(FROZEN.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        if "record" in gold:
            pages.append(Page("frozen", gold["url"], path.with_suffix(".html").read_bytes(), gold["record"]))
    pages += [Page(FULL, made.url, made.html, made.record) for made in full_pages(100)]
    if folder := os.environ.get("VOVCRAWL_REAL_INPUT"):
        for path in sorted(Path(folder).glob("pages/*.html")):
            html = path.read_bytes()
            canonical = _CANONICAL.search(html.decode("utf-8", "replace"))
            url = canonical[1] if canonical else f"https://vov.vn/xa-hoi/trang-{path.stem}.vov"
            pages.append(Page("real", url, html, None))
    return pages


def measure_here(pages: Sequence[Page], rounds: int) -> tuple[Row, Row]:
    """The floor and vovcrawl, turn by turn on each page."""
    floor = Row("lxml parse alone", [float("inf")] * len(pages), 0.0)
    ours = Row("vovcrawl", [float("inf")] * len(pages), 0.0, related=[])
    _parse(pages[0].html)
    _read(pages[0])
    for _ in range(rounds):
        for number, page in enumerate(pages):
            floor.wall_s += _timed(floor, number, lambda page=page: _parse(page.html))  # type: ignore[misc]
            ours.wall_s += _timed(ours, number, lambda page=page: _read(page))  # type: ignore[misc]
    floor.wall_s /= rounds
    ours.wall_s /= rounds
    for page in pages:
        article = _read(page)
        ours.readings.append(_reading(article) if article else Reading())
        assert ours.related is not None
        ours.related.append([related.url or related.headline for related in article.related] if article else [])
    return floor, ours


def _timed(row: Row, number: int, run: Callable[[], object]) -> float:
    start = perf_counter()
    row.cpu_ms[number] = min(row.cpu_ms[number], cpu_ms(run))
    return perf_counter() - start


def _parse(html: bytes) -> None:
    etree.fromstring(html, etree.HTMLParser(encoding="utf-8"))


def _read(page: Page) -> Article | None:
    try:
        return parse_article(page.html, page.url)
    except NotAnArticle:
        return None


def _reading(article: Article) -> Reading:
    return Reading(
        article.headline,
        article.description,
        article.body,
        article.date_published,
        [author.name for author in article.authors],
    )


def measure_peer(name: str, module: str, folder: Path, python: Path, rounds: int) -> Row:
    """A peer, in its own environment."""
    start = perf_counter()
    done = subprocess.run(
        [str(python), "-W", "ignore", "-m", module, str(folder), str(rounds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=1800,
    )
    row = Row(name, [], (perf_counter() - start) / rounds)
    for line in done.stdout.splitlines():
        values = json.loads(line)
        row.cpu_ms.append(values.pop("cpu_ms"))
        row.readings.append(Reading(**values))
    return row


def score(row: Row, pages: Sequence[Page]) -> list[str]:
    """The quality columns of a row."""
    if not row.readings:
        return ["-"] * 7
    columns: list[list[float]] = [[] for _ in range(7)]
    for number, (page, reading) in enumerate(zip(pages, row.readings, strict=True)):
        if page.gold is None:
            continue
        gold = page.gold
        # The lead is cut from what peers give as text; our body never holds one, and is taken as it is.
        tokens = (
            judging.plain(reading.body).split() if row.related is not None else judging.body_tokens(reading.body, gold)
        )
        wanted = judging.plain(gold["body"]).split()
        scores: list[float] = [
            tokens == wanted,
            judging.f1(tokens, wanted),
            judging.plain(reading.headline) == judging.plain(gold["headline"]),
            judging.lead(reading.lead) == judging.lead(gold["description"]),
            judging.minute(reading.date) == judging.minute(gold["date_published"]),
            judging.authors_right(reading.authors, gold["authors"]),
        ]
        if row.related is not None:
            scores.append(
                judging.f1(row.related[number], (story["url"] or story["headline"] for story in gold["related"]))
            )
        for column, value in zip(columns, scores, strict=False):
            column.append(value)
    shown = [f"{100 * mean(column):.1f}" if column else "-" for column in columns]
    shown[1] = f"{mean(columns[1]):.3f}"
    if columns[6]:
        shown[6] = f"{mean(columns[6]):.3f}"
    return shown


def times_the_floor(chosen: Sequence[int], floor: Row, ours: Row) -> float:
    """How many times the floor's time our reader takes for some pages."""
    return sum(ours.cpu_ms[number] for number in chosen) / sum(floor.cpu_ms[number] for number in chosen)


def group(source: str, pages: Sequence[Page], floor: Row, ours: Row) -> list[str]:
    """The line of the pages of one source."""
    chosen = [number for number, page in enumerate(pages) if page.source == source]
    size = mean(len(pages[number].html) for number in chosen) / 1000
    parse, reading = (mean(row.cpu_ms[number] for number in chosen) for row in (floor, ours))
    times = times_the_floor(chosen, floor, ours)
    targets = f"{FULL_MUST:g}, goal {FULL_GOAL:g}" if source == FULL else "-"
    return [source, str(len(chosen)), f"{size:.1f}", f"{parse:.3f}", f"{reading:.3f}", f"{times:.2f}", targets]


GROUP_HEAD = ("pages", "number", "kB a page", "parse ms", "parse_article ms", "times", "at most")
HEAD = (
    "reader",
    "CPU ms a page",
    "times the floor",
    "wall ms a page",
    "body right %",
    "body F1",
    "headline right %",
    "lead right %",
    "date right %",
    "authors right %",
    "related F1",
)


def measured(rounds: int = 5, peers: Path = PEERS_PYTHON) -> list[Check]:
    """All readers; prints the tables.

    Args:
        rounds: over all pages, of which the best counts.
        peers: Python of the peers' environment.
    """
    pages = load_pages()
    sources = Counter(page.source for page in pages)
    size = sum(len(page.html) for page in pages) / len(pages) / 1000
    print(
        f"{len(pages)} pages of {size:.1f} kB on average ("
        + ", ".join(f"{count} {source}" for source, count in sources.items())
        + f"), best of {rounds} rounds, Python {sys.version.split()[0]}, lxml {etree.__version__}"
    )
    floor, ours = measure_here(pages, rounds)
    rows = [floor, ours]
    if peers.exists():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "index.json").write_text(json.dumps([page.url for page in pages]), encoding="utf-8")
            for number, page in enumerate(pages):
                (folder / f"{number}.html").write_bytes(page.html)
            rows += [measure_peer(peer, module, folder, peers, rounds) for peer, module in PEERS.items()]
    else:
        print(f"Without the peers; to make their environment: {HOW_TO_MAKE_PEERS}")
    lowest = sum(floor.cpu_ms)
    print()
    print(
        table(
            HEAD,
            (
                [
                    row.name,
                    f"{mean(row.cpu_ms):.2f}",
                    f"{sum(row.cpu_ms) / lowest:.1f}",
                    f"{1000 * row.wall_s / len(pages):.2f}",
                    *score(row, pages),
                ]
                for row in rows
            ),
        )
    )
    print()
    print(table(GROUP_HEAD, [group(source, pages, floor, ours) for source in sources]))
    full = [number for number, page in enumerate(pages) if page.source == FULL]
    checks = [
        Check(
            "read",
            f"parse_article beside lxml alone, same bytes{what}",
            f"{times:.2f} times",
            f"at most {most:g}",
            times <= most,
        )
        for what, most, times in (
            ("", AT_MOST, sum(ours.cpu_ms) / lowest),
            (f", {FULL} pages", FULL_MUST, times_the_floor(full, floor, ours)),
            (f", {FULL} pages, as a goal", FULL_GOAL, times_the_floor(full, floor, ours)),
        )
    ]
    right = score(ours, pages)[0]
    checks.append(Check("read", "bodies exactly right", f"{right} %", "100.0 %", right == "100.0"))
    return checks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.read_articles", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds over all pages, of which the best counts")
    parser.add_argument("--peers", type=Path, default=PEERS_PYTHON, help="Python of the peers' environment")
    arguments = parser.parse_args()
    checks = measured(arguments.rounds, arguments.peers)
    print()
    report(checks)


if __name__ == "__main__":
    main()
