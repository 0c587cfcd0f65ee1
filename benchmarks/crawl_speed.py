"""Pages per second of `scrapy crawl vov`, feed and store on disk included, against a bare Scrapy spider.

Run as `python -m benchmarks.crawl_speed`. Both fetch the same pages of an enlarged sample site from another process on
loopback, in turns, at the same concurrency and without a delay.
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
from benchmarks.report import table
from sample_site.apart import ServerApart, served_apart
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

AT_LEAST = 0.4
"""The target: this share of the bare spider's pages per second."""

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
    """The enlarged site."""

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


def crawl(server: ServerApart, folder: Path, concurrency: int, profile: Path | None = None) -> Run:
    """Our spider over every section, into a new store and a new feed."""
    made = Path(tempfile.mkdtemp(dir=folder))
    # The bare spider crawls listings; sitemaps would be fewer pages.
    arguments = [part for one in ("sections=all", "since=all", "sources=listing") for part in ("-a", one)]
    command = ["crawl", "vov", *arguments, "-O", f"{made / 'vov.jsonl'}:jsonlines"]
    settings = {"VOV_MIRROR": server.url, "VOV_DATABASE": str(made / "vov.sqlite")}
    if profile:
        command += ["--profile", str(profile)]
    run = _run("vovcrawl", command, settings, made, ROOT, concurrency)
    lines = (made / "vov.jsonl").read_bytes().count(b"\n")
    if lines != run.items:
        raise SystemExit(f"{run.items} articles, but {lines} lines in the feed")
    return run


def crawl_bare(addresses: Path, folder: Path, concurrency: int) -> Run:
    """The bare spider over a list of addresses."""
    made = Path(tempfile.mkdtemp(dir=folder))
    spider = Path(__file__).with_name("bare_spider.py")
    # Its folder is outside the project, whose settings it must not have; a redirect would lead to the real site.
    settings = {"REDIRECT_ENABLED": "False", "TELNETCONSOLE_ENABLED": "False", "LOG_LEVEL": "INFO"}
    command = ["runspider", str(spider), "-a", f"addresses={addresses}"]
    return _run("bare", command, settings, made, made, concurrency)


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


def compare(server: ServerApart, addresses: Path, folder: Path, concurrency: int, rounds: int) -> list[tuple[Run, Run]]:
    """Rounds of our crawl and the bare one, taking turns at being first."""
    found = []
    for number in range(rounds):
        asked = []
        runs: dict[str, Run] = {}
        for name in ("vovcrawl", "bare") if number % 2 == 0 else ("bare", "vovcrawl"):
            ours = name == "vovcrawl"
            runs[name] = crawl(server, folder, concurrency) if ours else crawl_bare(addresses, folder, concurrency)
            asked.append(Counter(server.call("asked")))
        if asked[0] != asked[1]:
            raise SystemExit(f"the two did not fetch the same pages: {(asked[0] - asked[1]) | (asked[1] - asked[0])}")
        found.append((runs["vovcrawl"], runs["bare"]))
    return found


HEAD = ("spider", "round", "pages", "CPU ms a page", "pages a CPU s", "wall s", "pages a s", "start-up CPU s")


def report(concurrency: int, rounds: Sequence[tuple[Run, Run]]) -> None:
    """Every round, the median ratios, and whether the target is reached."""
    print(f"\nConcurrency per domain {concurrency}:\n")
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
        for number, pair in enumerate(rounds, 1)
        for run in pair
    ]
    print(table(HEAD, rows))
    by_cpu = median(ours.pages_per_cpu_second / bare.pages_per_cpu_second for ours, bare in rounds)
    by_wall = median(ours.pages_per_second / bare.pages_per_second for ours, bare in rounds)
    print(f"\nvovcrawl at least {AT_LEAST:.0%} of the bare spider's pages, median of {len(rounds)} rounds:")
    for what, ratio in (("per CPU second", by_cpu), ("per second by the wall", by_wall)):
        print(f"  {what}: {ratio:.1%}: {'PASS' if ratio >= AT_LEAST else 'NOT REACHED'}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl_speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--copies", type=int, default=6, help="copies of the sample's stories beside themselves")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 8], help="requests at a time per domain")
    parser.add_argument("--folder", type=Path, help="where stores and feeds are written, a folder on disk")
    parser.add_argument("--profile", type=Path, help="only one crawl, its cProfile statistics into this file")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=arguments.folder) as name,
        served_apart(EnlargedServer, arguments.copies) as server,
    ):
        folder = Path(name)
        # Not measured: the server renders each page once, and the list of what our crawl asks for is taken.
        first = crawl(server, folder, arguments.concurrency[0], arguments.profile)
        if arguments.profile:
            print(f"{first.pages} pages in {first.cpu_s:.2f} CPU s with the profiler; see {arguments.profile}")
            return
        asked = server.call("asked")
        if wrong := {status for _, status in asked} - {200}:
            raise SystemExit(f"the enlarged site answers {sorted(wrong)}")
        addresses = folder / "addresses.txt"
        addresses.write_text("".join(f"{server.url}{path}\n" for path, _ in asked), encoding="utf-8")
        print(f"{server.call('stories')} stories; {first.pages} pages fetched, {first.items} articles kept")
        for concurrency in arguments.concurrency:
            report(concurrency, compare(server, addresses, folder, concurrency, arguments.rounds))


if __name__ == "__main__":
    main()
