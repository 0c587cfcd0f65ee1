"""What a window of the archive costs: first, repeated and next-day crawls, broken sitemaps, a store of a million pages.

Run as `python -m benchmarks.archive_crawl`, or with letters (`a b c d e f`) for some parts of it. The real command
crawls a replica of a month on loopback, without delays; what it asked for is read from the server's own record. Part f
is the same window by Fundus, where `make peers` has installed it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import insert

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check, report
from sample_site.pages import Page
from sample_site.replica import Day, Replica
from sample_site.server import RequestRecord, SampleServer
from vovcrawl.store import CrawlStore, Frontier, open_database
from vovcrawl.store.tables import crawls, pages
from vovcrawl.visits import Discovered, Outcome, Reach, State

PARTS = "abcdef"
FUNDUS_PYTHON = ROOT / ".venv-fundus" / "bin" / "python"
HOW_TO_MAKE_FUNDUS = "make peers"

REQUESTS_AN_ARTICLE = 1.10
REQUESTS_UNCHANGED = 6
REQUESTS_BESIDES_CHANGED = 15
STARTUP_S = 2.0
MEMORY_MB = 100.0
LOOK_UP_TIMES = 2.0
"""Targets; a look-up among a hundred times as many urls may take twice as long, for the deeper index."""

NEW, EDITED = 66, 40
REVISITED = timedelta(days=7)
WINDOW_DAYS = 5

_KNOWN = 1_000_000
_FEWER_KNOWN = 10_000
_LOOK_UPS = 2_000
_A_LISTING = 20
_ROUNDS = 5
_TIMEOUT_S = 600


@dataclass(frozen=True)
class Crawl:
    """A crawl that has ended."""

    status: int
    wall_s: float
    memory_mb: float
    requests: tuple[RequestRecord, ...]
    log: Path


@dataclass(frozen=True)
class Case:
    """A site, and a folder with a store and a feed for crawls of it."""

    site: Replica
    server: SampleServer
    folder: Path
    since: date

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "vov.sqlite"

    def crawl(self, *arguments: str) -> Crawl:
        """The real command with arguments as `name=value`."""
        return run(self.server, self.site.now, self.folder, self.store, arguments)

    def crawl_window(self, until: date | None = None) -> Crawl:
        """The window's articles, by default up to now."""
        return self.crawl(f"since={self.since}", f"until={until or self.site.now.date()}")

    def wanted(self, until: date | None = None) -> set[str]:
        """Urls of the window's articles."""
        return set(self.site.published_between(self.since, until or self.site.now.date()))

    def stored(self) -> set[str]:
        """Urls of the articles in the store."""
        return {str(row[0]) for row in rows(self.store, "SELECT canonical_url FROM articles")}

    def later_revisions(self) -> int:
        """Texts in the store that replaced another one."""
        return len(rows(self.store, "SELECT number FROM revisions"))

    def fetched(self, crawl: Crawl, status: int = 200) -> list[str]:
        """Urls of the stories that were answered so, as often as they were."""
        paths = (record.path.partition("?")[0] for record in crawl.requests if record.status == status)
        return ["https://vov.vn" + path for path in paths if path in self.site.story_by_address]


def rows(store: Path, statement: str) -> list[tuple[Any, ...]]:
    """What a store answers; nothing where there is none."""
    if not store.exists():
        return []
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute(statement).fetchall()


def run(server: SampleServer, now: datetime, folder: Path, store: Path, arguments: Sequence[str]) -> Crawl:
    """`scrapy crawl vov` without delays, its log and its feed in `folder`."""
    server.requests.clear()
    settings = {
        "VOV_MIRROR": server.url,
        "VOV_NOW": now.isoformat(),
        "VOV_DATABASE": str(store),
        "DOWNLOAD_DELAY": "0",
        "AUTOTHROTTLE_ENABLED": "False",
    }
    command = crawl_command(arguments, settings, folder / "vov.jsonl")
    log = folder / "log.txt"
    with log.open("ab") as output:
        start = perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=output, stderr=output)
        watch = threading.Timer(_TIMEOUT_S, process.kill)
        watch.start()
        # Not `wait`: only so is the memory that of this process alone.
        _, ended, usage = os.wait4(process.pid, 0)
        wall_s = perf_counter() - start
        watch.cancel()
    process.returncode = os.waitstatus_to_exitcode(ended)
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Crawl(process.returncode, wall_s, usage.ru_maxrss / unit, tuple(server.requests), log)


class Bench:
    """Makes sites and folders for the parts, and closes them in the end."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed

    def case(self, name: str, *, dates: str = "modified", validators: bool = True, ago: int = 0) -> Case:
        """A new site, whose window of days ends so many days ago, and a store that does not exist yet."""
        site = Replica(seed=self._seed, sitemap_dates=dates, article_validators=validators)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._folder))
        since = site.now.date() - timedelta(days=ago + WINDOW_DAYS - 1)
        return Case(site, SampleServer(site), folder, since)


def first_crawl(case: Case, label: str, until: date | None = None) -> Iterator[Check]:
    """(a) A window into an empty store."""
    crawl = case.crawl_window(until)
    wanted, stored = case.wanted(until), case.stored()
    yield Check(
        "a",
        f"{label}: articles stored",
        f"{len(wanted & stored)} of {len(wanted)}, {len(stored - wanted)} outside, status {crawl.status}",
        "all, 0 outside, status 0",
        stored == wanted and crawl.status == 0,
    )
    ratio = len(crawl.requests) / len(wanted)
    # A sitemap without dates cannot tell the window from the rest of its month.
    dated = case.site.sitemap_dates != "none"
    yield Check(
        "a",
        f"{label}: requests an article, all included",
        f"{ratio:.3f} ({len(crawl.requests)} requests, {crawl.wall_s:.1f} s)",
        f"at most {REQUESTS_AN_ARTICLE:.2f}" if dated else "",
        ratio <= REQUESTS_AN_ARTICLE if dated else None,
    )


def _young(case: Case, now: datetime) -> int:
    """How many of the window's articles may be asked for again where no source says when they were changed."""
    return len(set(case.site.published_between(now - REVISITED, now)) & case.wanted())


def second_crawl(case: Case, label: str) -> Iterator[Check]:
    """(b) The same again."""
    crawl = case.crawl_window()
    full, asked = case.fetched(crawl), case.fetched(crawl, 304)
    most = REQUESTS_UNCHANGED + (_young(case, case.site.now) if case.site.sitemap_dates == "none" else 0)
    can_tell = case.site.article_validators or case.site.sitemap_dates == "modified"
    yield Check(
        "b",
        f"{label}: articles fetched in full",
        f"{len(full)}, status {crawl.status}",
        "0, status 0" if can_tell else "",
        not full and crawl.status == 0 if can_tell else None,
    )
    judged = can_tell and case.site.sitemap_dates != "published"
    yield Check(
        "b",
        f"{label}: requests",
        f"{len(crawl.requests)}, of which {len(asked)} answered 304",
        f"at most {most}" if judged else "",
        len(crawl.requests) <= most if judged else None,
    )


def next_day(case: Case, label: str) -> Iterator[Check]:
    """(c) The window a day longer, with new articles and edited ones."""
    before = case.later_revisions()
    day: Day = case.site.advance(NEW, EDITED, edited_since=case.since)
    crawl = case.crawl_window()
    changed = {*day.new, *day.edited}
    fetched = case.fetched(crawl)
    revised = case.later_revisions() - before
    stored = case.stored()
    # Where no source tells of a change, the edited ones cannot be told from the others without fetching them.
    can_tell = case.site.sitemap_dates != "published"
    exactly = can_tell and (case.site.article_validators or case.site.sitemap_dates == "modified")
    yield Check(
        "c",
        f"{label}: articles fetched in full",
        f"{len(fetched)}: {len(set(day.new) & set(fetched))} of {NEW} new, "
        f"{len(set(day.edited) & set(fetched))} of {EDITED} edited, {len(fetched) - len(changed & set(fetched))} else",
        f"exactly these {NEW + EDITED}" if exactly else "",
        sorted(fetched) == sorted(changed) if exactly else None,
    )
    yield Check(
        "c",
        f"{label}: revisions more of known articles",
        f"{revised}, {len(stored & set(day.new))} of {NEW} new stored, status {crawl.status}",
        f"{EDITED}, {NEW} stored, status 0" if can_tell else "",
        revised == EDITED and set(day.new) <= stored and crawl.status == 0 if can_tell else None,
    )
    most = NEW + EDITED + REQUESTS_BESIDES_CHANGED
    if case.site.sitemap_dates == "none":
        most += _young(case, case.site.now) - NEW - EDITED
    yield Check(
        "c",
        f"{label}: requests",
        f"{len(crawl.requests)}",
        f"at most {most}" if exactly else "",
        len(crawl.requests) <= most if exactly else None,
    )


_SCRIPT = '<html><head></head><body><script>window.location.href="https%3A%2F%2Fvov.vn%2F";</script></body></html>\n'
_CUT = (
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    " <url><loc>https://vov.vn/xa-hoi/mot-tin-post1315000.vov</loc><lastmod>2026-07-1"
)


def _entities(secret: Path, server: SampleServer) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE urlset [<!ENTITY file SYSTEM "{secret.as_uri()}"><!ENTITY far SYSTEM "{server.url}/outside-entity">
<!ENTITY a "tintintintintintintintin"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">]>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
 <url><loc>https://vov.vn/xa-hoi/&file;-post1315000.vov</loc></url>
 <url><loc>https://vov.vn/xa-hoi/&far;-post1315001.vov</loc></url>
 <url><loc>https://vov.vn/xa-hoi/&f;-post1315002.vov</loc></url>
</urlset>
"""


def broken_sitemap(bench: Bench, label: str, body: Callable[[Case], tuple[int, str]]) -> Iterator[Check]:
    """(d) All sitemaps answer something else."""
    case = bench.case("d")
    with case.server:
        status, text = body(case)
        paths = ["/sitemap.xml", *(f"/sitemaps/{year}/{month}/article.xml" for year, month in case.site.months())]
        for path in paths:
            case.server.answer(path, status=status, body=text, headers={"Content-Type": "text/xml; charset=UTF-8"})
        crawl = case.crawl_window()
        wanted, stored = case.wanted(), case.stored()
        leaked = any(record.path == "/outside-entity" for record in crawl.requests)
        secret = case.folder / "secret.txt"
        if secret.exists():
            word = secret.read_bytes().strip()
            leaked |= any(word in file.read_bytes() for file in case.folder.iterdir() if file != secret)
        yield Check(
            "d",
            f"sitemaps are {label}",
            f"{len(wanted & stored)} of {len(wanted)}, {len(stored - wanted)} outside, status {crawl.status}; "
            f"{len(crawl.requests)} requests, {crawl.wall_s:.1f} s{'; AN ENTITY WAS READ' if leaked else ''}",
            "all, 0 outside, status 3",
            stored == wanted and crawl.status == 3 and not leaked,
        )


def _refused(case: Case) -> tuple[int, str]:
    return 403, "<html><body><h1>403 Forbidden</h1></body></html>\n"


def _script(case: Case) -> tuple[int, str]:
    return 200, _SCRIPT


def _cut_short(case: Case) -> tuple[int, str]:
    return 200, _CUT


def _hostile(case: Case) -> tuple[int, str]:
    secret = case.folder / "secret.txt"
    secret.write_text("word-from-a-local-file\n", encoding="utf-8")
    return 200, _entities(secret, case.server)


def _address(number: int) -> str:
    return f"https://vov.vn/xa-hoi/tin-da-doc-tu-lau-so-{number}-post{number}.vov"


_FIRST_ID = 2_000_000


def know(store: Path, count: int) -> None:
    """Puts so many articles, read by earlier crawls, into the pages that an existing or new store knows."""
    database = open_database(str(store))
    try:
        moment = datetime(2026, 7, 1, tzinfo=UTC)
        begun = {"arguments": "{}", "started_at": moment.isoformat(), "finished_at": moment.isoformat(), "seeded": True}
        made = database.connection.execute(insert(crawls).values(begun)).inserted_primary_key
        assert made is not None
        for start in range(0, count, 20_000):
            database.connection.execute(
                insert(pages),
                [_row(number, made[0], moment) for number in range(start, min(count, start + 20_000))],
            )
        database.connection.commit()
    finally:
        database.close()


def _row(number: int, crawl: int, moment: datetime) -> dict[str, object]:
    address = _address(_FIRST_ID + number)
    published = (moment - timedelta(minutes=number)).isoformat()
    return {
        "url": address,
        "canonical_url": address,
        "kind": "article",
        "state": State.DONE,
        "outcome": Outcome.ARTICLE,
        "status": 200,
        "attempts": 1,
        "depth": 0,
        "priority": 0,
        "requested": False,
        "discovered_on": "https://vov.vn/sitemaps/2026/6/article.xml",
        "first_crawl": crawl,
        "crawl": crawl,
        "published": published,
        "source_modified": published,
        "etag": f'"{number:020x}"',
        "last_modified": "Wed, 01 Jul 2026 00:00:00 GMT",
        "discovered_at": moment.isoformat(),
        "changed_at": moment.isoformat(),
    }


def look_ups_ms(store: Path, known: int) -> float:
    """Milliseconds for adding known urls as sources do, some at a time; the median of several rounds."""
    database = open_database(str(store))
    try:
        frontier = Frontier(database.connection, CrawlStore(database.connection).begin("{}", None, Reach()))
        database.connection.commit()
        taken = []
        for number in range(_ROUNDS):
            random = Random(number)
            found = [
                Discovered(_address(_FIRST_ID + place), "article", modified=_changed(place))
                for place in random.sample(range(known), _LOOK_UPS)
            ]
            start = perf_counter()
            queued = sum(frontier.add(found[place : place + _A_LISTING]) for place in range(0, len(found), _A_LISTING))
            taken.append(1000 * (perf_counter() - start))
            database.connection.rollback()
            if queued:
                raise SystemExit(f"{queued} of {len(found)} known urls were queued again")
        return median(taken)
    finally:
        database.close()


def _changed(number: int) -> str:
    return (datetime(2026, 7, 1, tzinfo=UTC) - timedelta(minutes=number)).isoformat()


def large_store(bench: Bench, known: int, rounds: int) -> Iterator[Check]:
    """(e) A store that knows a million urls."""
    case = bench.case("e")
    large, fewer = case.folder / "large.sqlite", case.folder / "fewer.sqlite"
    url = case.site.newest[0].url
    with case.server:
        # Both stores know the url that is asked for.
        case.crawl(f"urls={url}", "since=all")
        for store, count in ((large, known), (fewer, _FEWER_KNOWN)):
            shutil.copy(case.store, store)
            know(store, count)
        runs: dict[Path, list[Crawl]] = {case.store: [], large: []}
        for _ in range(rounds):
            for store, crawls in runs.items():
                crawl = run(case.server, case.site.now, case.folder, store, (f"urls={url}", "since=all"))
                crawls.append(crawl)
                if not {200, 304} & {record.status for record in crawl.requests if url.endswith(record.path)}:
                    raise SystemExit(f"{url} was not asked for")
    statuses = {crawl.status for crawls in runs.values() for crawl in crawls}
    small_s, large_s = (median(crawl.wall_s for crawl in crawls) for crawls in runs.values())
    small_mb, large_mb = (max(crawl.memory_mb for crawl in crawls) for crawls in runs.values())
    yield Check(
        "e",
        f"{known:,} urls known: a crawl of one takes longer by",
        f"{large_s - small_s:+.2f} s ({small_s:.2f} to {large_s:.2f} s), status {max(statuses)}",
        f"under {STARTUP_S:.0f} s, status 0",
        large_s - small_s < STARTUP_S and statuses == {0},
    )
    yield Check(
        "e",
        f"{known:,} urls known: peak memory more by",
        f"{large_mb - small_mb:+.1f} MB ({small_mb:.0f} to {large_mb:.0f} MB)",
        f"at most {MEMORY_MB:.0f} MB",
        large_mb - small_mb <= MEMORY_MB,
    )
    few_ms, many_ms = look_ups_ms(fewer, _FEWER_KNOWN), look_ups_ms(large, known)
    yield Check(
        "e",
        f"{_LOOK_UPS:,} look-ups among {known:,} take times those among {_FEWER_KNOWN:,}",
        f"{many_ms / few_ms:.2f} ({few_ms:.0f} to {many_ms:.0f} ms)",
        f"at most {LOOK_UP_TIMES:.1f}",
        many_ms / few_ms <= LOOK_UP_TIMES,
    )


def windows(bench: Bench, parts: str) -> Iterator[Check]:
    """(a) to (c), for sites that tell of changes in different ways."""
    variants: tuple[tuple[str, str, bool], ...] = (
        ("last 5 days", "modified", True),
        ("no ETag", "modified", False),
        ("lastmod absent", "none", True),
        ("lastmod = published", "published", True),
        ("lastmod absent, no ETag", "none", False),
    )
    for label, dates, validators in variants:
        case = bench.case("abc", dates=dates, validators=validators)
        with case.server:
            first = list(first_crawl(case, label))
            if "a" in parts:
                yield from first
            if "b" in parts:
                yield from second_crawl(case, label)
            if "c" in parts:
                yield from next_day(case, label)
    if "a" in parts:
        # Across the end of a month, with younger articles after it.
        case = bench.case("a", ago=14)
        with case.server:
            yield from first_crawl(case, "5 days in the middle", case.since + timedelta(days=WINDOW_DAYS - 1))


def broken_sitemaps(bench: Bench) -> Iterator[Check]:
    """(d) Sitemaps that cannot be used."""
    kinds = (
        ("refused with 403", _refused),
        ("a page that redirects by JavaScript", _script),
        ("invalid XML", _cut_short),
        ("XML with outside entities", _hostile),
    )
    for label, body in kinds:
        yield from broken_sitemap(bench, label, body)


class _LocalServer(SampleServer):
    """Serves pages whose urls are its own, to crawlers that know no mirror."""

    def respond(self, record: RequestRecord) -> Page:
        """The answer to a request."""
        page = super().respond(record)
        return replace(page, body=page.body.replace(b"https://vov.vn", self.url.encode()))


def fundus(bench: Bench) -> Iterator[Check]:
    """(f) The same window by Fundus, which knows no windows: all its sitemaps list, chosen by date afterwards."""
    case = bench.case("f")
    wanted = {urlsplit(address).path for address in case.wanted()}
    month = f"/sitemaps/{case.since.year}/{case.since.month}/article.xml"
    with _LocalServer(case.site) as server:
        for label, sitemap in (("the index", "/sitemap.xml"), ("the window's month", month), ("it again", month)):
            server.requests.clear()
            command = [str(FUNDUS_PYTHON), "-m", "benchmarks.peers.run_fundus", server.url, sitemap]
            start = perf_counter()
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
            wall_s = perf_counter() - start
            given = [urlsplit(json.loads(line)["url"]).path for line in done.stdout.splitlines()]
            found = [path for path in given if path in wanted]
            asked = [record.path for record in server.requests]
            full = sum(record.status == HTTPStatus.OK for record in server.requests if record.path in wanted)
            ratio = f"{len(asked) / len(found):.2f} an article" if found else "no article"
            yield Check(
                "f",
                f"Fundus, {label}: of {len(wanted)} articles missed",
                f"{len(wanted - set(found))}, {len(found) - len(set(found))} twice, status {done.returncode}",
            )
            yield Check(
                "f",
                f"Fundus, {label}: requests",
                f"{len(asked)}, {ratio}; {full} of the window in full ({wall_s:.1f} s)",
            )


def measured(
    parts: str = PARTS,
    *,
    seed: int = 1,
    known: int = _KNOWN,
    rounds: int = 3,
    folder: Path | None = None,
    keep: bool = False,
) -> list[Check]:
    """The parts named by their letters.

    Args:
        parts: any of `PARTS`.
        seed: of the invented month.
        known: urls that the large store knows.
        rounds: crawls of the large store and of the small one.
        folder: where stores and feeds are written, on a disk; None is the system's own for such files.
        keep: whether to leave stores, feeds and logs there.
    """
    made = Path(tempfile.mkdtemp(prefix="archive-crawl-", dir=folder))
    bench = Bench(made, seed)
    jobs: list[Callable[[], Iterator[Check]]] = []
    if set(parts) & set("abc"):
        jobs.append(partial(windows, bench, parts))
    if "d" in parts:
        jobs.append(partial(broken_sitemaps, bench))
    if "e" in parts:
        jobs.append(partial(large_store, bench, known, rounds))
    if "f" in parts:
        if FUNDUS_PYTHON.exists():
            jobs.append(partial(fundus, bench))
        else:
            print(f"Without Fundus: {HOW_TO_MAKE_FUNDUS}.", file=sys.stderr)
    checks: list[Check] = []
    try:
        for job in jobs:
            for check in job():
                checks.append(check)
                check.tell()
    finally:
        if keep:
            print(f"stores, feeds and logs: {made}", file=sys.stderr)
        else:
            shutil.rmtree(made)
    checks.sort(key=lambda check: check.part)
    return checks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive_crawl", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="parts to run; all of them by default")
    parser.add_argument("--seed", type=int, default=1, help="of the invented month")
    parser.add_argument("--known", type=int, default=_KNOWN, help="urls that the large store knows")
    parser.add_argument("--rounds", type=int, default=3, help="crawls of the large store and of the small one")
    parser.add_argument("--folder", type=Path, help="where stores and feeds are written, a folder on disk")
    parser.add_argument("--keep", action="store_true", help="leave stores, feeds and logs in the folder")
    arguments = parser.parse_args()
    parts = "".join(arguments.parts) or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    checks = measured(
        parts,
        seed=arguments.seed,
        known=arguments.known,
        rounds=arguments.rounds,
        folder=arguments.folder,
        keep=arguments.keep,
    )
    report(checks)


if __name__ == "__main__":
    main()
