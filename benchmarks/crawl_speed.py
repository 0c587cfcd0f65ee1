"""Pages per second of `scrapy crawl vov`, feed and store on disk included, against a bare Scrapy spider.

Run as `python -m benchmarks.crawl_speed`. Both fetch the same pages from another process on loopback, in turns and
without a delay: those of an enlarged sample site, which are short, and pages as large as the real site's, with texts of
about 2,500 characters. The feed is appended to, so that the account of its lines is included. There are two yardsticks:
Scrapy as shipped, and Scrapy with `CONCURRENT_ITEMS=1`, which spares it a hundred tasks a response.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.crawling import ROOT, environment
from benchmarks.report import Check, report, table
from sample_site.apart import ServerApart, served_apart
from sample_site.full_pages import FullServer
from sample_site.server import SampleServer
from sample_site.site import Site
from sample_site.story import (
    Block,
    ItemList,
    LiveEntry,
    Paragraph,
    Quote,
    RichText,
    Story,
    Subhead,
    Teaser,
    load_stories,
)

TARGETS = {"short": 0.55, "full": 0.33}
"""At least this share of the pages a CPU second of Scrapy as shipped, one request at a time."""

_COPY = 10_000_000
_TIMEOUT_S = 600


@dataclass(frozen=True)
class Run:
    """One crawl, its start-up apart."""

    spider: str
    pages: int
    items: int
    wall_s: float
    cpu_s: float
    startup_cpu_s: float

    @property
    def pages_per_second(self) -> float:
        """By the clock on the wall."""
        return self.pages / self.wall_s

    @property
    def pages_per_cpu_second(self) -> float:
        """By the CPU time of the crawling process."""
        return self.pages / self.cpu_s


def enlarged_site(copies: int) -> Site:
    """The sample's stories and copies of them, each set with ids, addresses and times of its own.

    Links within a copy stay within it. No story has an old address: a bare spider would follow the redirect to the
    real site.
    """
    originals, foreign = load_stories()
    ids = frozenset(story.id for story in originals)
    stories = [replace(story, old_addresses=()) for story in originals]
    for number in range(1, copies + 1):
        stories += [_copy(story, number, ids) for story in originals]
    return Site(stories, foreign)


def _copy(story: Story, number: int, ids: frozenset[str]) -> Story:
    def other(target: str) -> str:
        if target not in ids:
            return target
        prefix = "post" if target.startswith("post") else ""
        return f"{prefix}{number * _COPY + int(target.removeprefix('post'))}"

    earlier = timedelta(hours=7 * number)
    return replace(
        story,
        id=other(story.id),
        slug=f"{story.slug}-ban-{number}",
        published=story.published - earlier,
        modified=story.modified - earlier,
        blocks=tuple(_retargeted(block, other) for block in story.blocks),
        related=tuple(other(target) for target in story.related),
        old_addresses=(),
    )


def _retargeted(block: Block, other: Callable[[str], str]) -> Block:
    def text(rich: RichText) -> RichText:
        return RichText(tuple(replace(span, target=other(span.target)) if span.target else span for span in rich.spans))

    match block:
        case Paragraph(rich):
            return Paragraph(text(rich))
        case Subhead(rich):
            return Subhead(text(rich))
        case ItemList(items):
            return replace(block, items=tuple(text(item) for item in items))
        case Quote(paragraphs):
            return Quote(tuple(text(paragraph) for paragraph in paragraphs))
        case LiveEntry(title, paragraphs):
            return LiveEntry(text(title), tuple(text(paragraph) for paragraph in paragraphs))
        case Teaser(story_id):
            return Teaser(other(story_id))
    return block


class EnlargedServer(SampleServer):
    """The enlarged site, whose pages are short."""

    def __init__(self, copies: int) -> None:
        super().__init__(enlarged_site(copies))

    def stories(self) -> int:
        """How many stories there are."""
        return len(self.site.stories)

    def asked(self) -> list[tuple[str, int]]:
        """What was asked for since the last time, and the statuses of the answers."""
        asked = [(record.path, record.status) for record in self.requests]
        self.reset()
        return asked


def crawl(
    server: ServerApart, folder: Path, concurrency: int, profile: Path | None = None, store: str | None = None
) -> Run:
    """Our spider over every section, into a new feed and a new store: `store`, or else a file."""
    made = Path(tempfile.mkdtemp(dir=folder))
    # The bare spider crawls listings; sitemaps would be fewer pages.
    arguments = [part for one in ("sections=all", "since=all", "sources=listing") for part in ("-a", one)]
    command = ["crawl", "vov", *arguments, "-o", f"{made / 'vov.jsonl'}:jsonlines"]
    settings = {"VOV_MIRROR": server.url, "VOV_DATABASE": store or str(made / "vov.sqlite")}
    if profile:
        command += ["--profile", str(profile)]
    run = _run("vovcrawl", command, settings, made, ROOT, concurrency)
    lines = (made / "vov.jsonl").read_bytes().count(b"\n")
    if lines != run.items:
        raise SystemExit(f"{run.items} articles, but {lines} lines in the feed")
    return run


def crawl_bare(addresses: Path, folder: Path, concurrency: int, *, items: int | None = None) -> Run:
    """The bare spider over a list of addresses; `items` is its `CONCURRENT_ITEMS`, None as shipped."""
    made = Path(tempfile.mkdtemp(dir=folder))
    spider = Path(__file__).with_name("bare_spider.py")
    # Its folder is outside the project, whose settings it must not have; a redirect would lead to the real site.
    settings = {"REDIRECT_ENABLED": "False", "TELNETCONSOLE_ENABLED": "False", "LOG_LEVEL": "INFO"}
    if items is not None:
        settings["CONCURRENT_ITEMS"] = str(items)
    command = ["runspider", str(spider), "-a", f"urls={addresses}"]
    name = "bare" if items is None else f"bare, CONCURRENT_ITEMS={items}"
    return _run(name, command, settings, made, made, concurrency)


def _run(name: str, command: Sequence[str], settings: dict[str, str], made: Path, where: Path, concurrency: int) -> Run:
    result = made / "result.json"
    settings |= {
        "DOWNLOAD_DELAY": "0",
        "CONCURRENT_REQUESTS": "16",
        "CONCURRENT_REQUESTS_PER_DOMAIN": str(concurrency),
        "ADDONS": json.dumps({"benchmarks.stopwatch.Addon": 1}),
        "BENCHMARK_RESULT": str(result),
        "LOG_FILE": str(made / "log.txt"),
    }
    given = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *command, *given],
        cwd=where,
        env=environment(),
        timeout=_TIMEOUT_S,
        capture_output=True,
        text=True,
    )
    if done.returncode or not result.exists():
        log = (made / "log.txt").read_text(encoding="utf-8") if (made / "log.txt").exists() else ""
        raise SystemExit(f"{name} ended with {done.returncode}\n{done.stderr[-2000:]}\n{log[-2000:]}")
    return Run(name, **json.loads(result.read_text(encoding="utf-8")))


Round = tuple[Run, Run, Run]
"""Our crawl, the bare one as shipped, and the bare one with one item at a time."""


def compare(server: ServerApart, addresses: Path, folder: Path, concurrency: int, rounds: int) -> list[Round]:
    """Rounds of the crawls, taking turns at being first."""
    found = []
    for number in range(rounds):
        asked = []
        runs: dict[str, Run] = {}
        names = ("ours", "shipped", "one item")
        for name in names if number % 2 == 0 else reversed(names):
            if name == "ours":
                runs[name] = crawl(server, folder, concurrency)
            else:
                runs[name] = crawl_bare(addresses, folder, concurrency, items=None if name == "shipped" else 1)
            asked.append(Counter(server.call("asked")))
        if any(each != asked[0] for each in asked):
            raise SystemExit("the crawls did not fetch the same pages")
        found.append((runs["ours"], runs["shipped"], runs["one item"]))
    return found


HEAD = ("spider", "round", "pages", "CPU ms a page", "pages a CPU s", "wall s", "pages a s", "start-up CPU s")


def shown(site: str, concurrency: int, rounds: Sequence[Round]) -> list[Check]:
    """Prints every round; the median shares and whether the target is reached."""
    print(f"\n{site} pages, {concurrency} at a time:\n")
    rows = [
        (
            run.spider,
            str(number),
            str(run.pages),
            f"{1000 * run.cpu_s / run.pages:.2f}",
            f"{run.pages_per_cpu_second:.0f}",
            f"{run.wall_s:.2f}",
            f"{run.pages_per_second:.0f}",
            f"{run.startup_cpu_s:.2f}",
        )
        for number, each in enumerate(rounds, 1)
        for run in each
    ]
    print(table(HEAD, rows))
    checks = []
    target = TARGETS[site] if concurrency == 1 else None
    for place, yardstick in ((1, "Scrapy as shipped"), (2, "Scrapy with CONCURRENT_ITEMS=1")):
        by_cpu = median(each[0].pages_per_cpu_second / each[place].pages_per_cpu_second for each in rounds)
        by_wall = median(each[0].pages_per_second / each[place].pages_per_second for each in rounds)
        what = f"{site} pages, {concurrency} at a time, beside {yardstick}"
        wanted = target if place == 1 else None
        checks += [
            Check(
                "crawl",
                f"{what}: share of its pages a CPU second",
                f"{by_cpu:.2f}",
                f"at least {wanted}" if wanted else "",
                by_cpu >= wanted if wanted else None,
            ),
            Check("crawl", f"{what}: by the wall", f"{by_wall:.2f}"),
        ]
    startup = median(each[0].startup_cpu_s for each in rounds)
    bare = median(each[1].startup_cpu_s for each in rounds)
    checks.append(Check("crawl", f"{site} pages: CPU s before the first request (bare {bare:.2f})", f"{startup:.2f}"))
    return checks


def measured(
    rounds: int = 3, copies: int = 6, full: int = 300, concurrency: Sequence[int] = (1, 8), folder: Path | None = None
) -> list[Check]:
    """All comparisons.

    Args:
        rounds: of each.
        copies: of the sample's stories, beside themselves.
        full: pages as large as real ones.
        concurrency: requests at a time.
        folder: where stores and feeds are written, on a disk; None is the system's own for such files.
    """
    checks = []
    for site, kind, size in (("short", EnlargedServer, copies), ("full", FullServer, full)):
        with tempfile.TemporaryDirectory(dir=folder) as name, served_apart(kind, size) as server:
            made = Path(name)
            # Not measured: the server renders each page once, and the list of what our crawl asks for is taken.
            first = crawl(server, made, concurrency[0])
            asked = server.call("asked")
            if wrong := {status for _, status in asked} - {200}:
                raise SystemExit(f"the site answers {sorted(wrong)}")
            addresses = made / "addresses.txt"
            addresses.write_text("".join(f"{server.url}{path}\n" for path, _ in asked), encoding="utf-8")
            print(f"\n{server.call('stories')} stories; {first.pages} pages fetched, {first.items} articles kept")
            for at_a_time in concurrency:
                checks += shown(site, at_a_time, compare(server, addresses, made, at_a_time, rounds))
    return checks


def profiled(site: str, size: int, into: Path) -> None:
    """One crawl, its cProfile statistics into a file."""
    kind = EnlargedServer if site == "short" else FullServer
    with tempfile.TemporaryDirectory() as name, served_apart(kind, size) as server:
        crawl(server, Path(name), 1)
        run = crawl(server, Path(name), 1, into)
        print(f"{run.pages} pages in {run.cpu_s:.2f} CPU s with the profiler; see {into}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl_speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=6, help="copies of the sample's stories beside themselves")
    parser.add_argument("--full", type=int, default=300, help="pages as large as real ones")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8], help="requests at a time per domain")
    parser.add_argument("--folder", type=Path, help="where stores and feeds are written, a folder on disk")
    parser.add_argument(
        "--profile", type=Path, nargs=2, metavar=("SITE", "FILE"), help="only one crawl, of short or full"
    )
    arguments = parser.parse_args()
    if arguments.profile:
        site, into = arguments.profile
        profiled(str(site), arguments.copies if str(site) == "short" else arguments.full, into)
        return
    checks = measured(arguments.rounds, arguments.copies, arguments.full, arguments.concurrency, arguments.folder)
    print()
    report(checks)


if __name__ == "__main__":
    main()
