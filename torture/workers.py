"""Several workers on one store in PostgreSQL: killed and replaced, and polite together."""

from __future__ import annotations

import json
import math
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from random import Random

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check
from sample_site.apart import served_apart
from sample_site.pages import Page
from sample_site.server import RequestRecord, SampleServer
from sample_site.site import Site
from torture.kills import replica
from vovcrawl.store import read_database

_TIMEOUT_S = 900.0
_ARGUMENTS = ("sections=all", "since=all", "sources=listing")

_EARLY_S = 0.1
"""Seconds by which a request may arrive sooner after the one before it than it was sent after that."""


@dataclass(frozen=True)
class Visit:
    """A request as the site saw it."""

    path: str
    began: float
    """By the monotonic clock, which all processes of a machine share."""
    ended: float


class WatchedServer(SampleServer):
    """The site, which notes when each request came and when it was answered.

    Args:
        site: what is served.
        latency: seconds that it takes to answer.
    """

    def __init__(self, site: Site, latency: float = 0.0) -> None:
        super().__init__(site)
        self._latency = latency
        self._visits: list[Visit] = []
        self._current = threading.local()

    def respond(self, record: RequestRecord) -> Page:
        """The response to a request."""
        self._current.visit = record.path, time.monotonic()
        if self._latency:
            time.sleep(self._latency)
        return super().respond(record)

    def transmit(self, body: bytes, client: BaseHTTPRequestHandler) -> None:
        """Sends a response, which counts as answered before its last byte: the next request may come before this thread
        goes on after that.
        """
        path, began = self._current.visit
        try:
            if body:
                client.wfile.write(body[:-1])
                client.wfile.flush()
        finally:
            self._visits.append(Visit(path, began, time.monotonic()))
        super().transmit(body[-1:], client)

    def visits(self) -> list[Visit]:
        """The requests so far, in the order in which they came."""
        return sorted(self._visits, key=lambda visit: visit.began)


def watched_server(articles: int, seed: int, latency: float = 0.0) -> WatchedServer:
    """The server of the site that `torture.kills` crawls too."""
    return WatchedServer(replica(articles, seed), latency)


@dataclass
class Team:
    """Workers at one crawl.

    Args:
        store: the url of a store in PostgreSQL.
        folder: an existing one for feeds and logs.
        settings: of every worker.
    """

    store: str
    folder: Path
    settings: dict[str, str]
    kills: list[tuple[float, float]] = field(default_factory=list)
    """Between which moments a worker was killed, by the monotonic clock."""
    statuses: list[int] = field(default_factory=list)
    """With which those ended that nobody killed."""
    first_end: float = math.inf
    """When the first of those was seen to have ended, by the monotonic clock."""
    _running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, place: int, **settings: str) -> None:
        """Starts the worker of a place, each of which has a feed of its own."""
        given = {**self.settings, "VOV_DATABASE": self.store, **settings}
        command = crawl_command(_ARGUMENTS, given, self.folder / f"{place}.jsonl")
        with (self.folder / f"{place}.log").open("ab") as log:
            self._running[place] = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)

    def kill(self, place: int) -> None:
        """Kills the worker of a place at once."""
        process = self._running.pop(place)
        before = time.monotonic()
        process.kill()
        process.wait()
        if process.returncode == -signal.SIGKILL:
            self.kills.append((before, time.monotonic()))
        else:
            self._note_end(process.returncode)

    def running(self) -> list[int]:
        """The places whose workers have not ended."""
        for place, process in list(self._running.items()):
            if process.poll() is not None:
                self._note_end(process.returncode)
                del self._running[place]
        return list(self._running)

    def _note_end(self, status: int) -> None:
        self.statuses.append(status)
        self.first_end = min(self.first_end, time.monotonic())

    def wait(self) -> None:
        """Waits until all have ended."""
        deadline = time.monotonic() + _TIMEOUT_S
        while self.running():
            if time.monotonic() > deadline:
                raise TimeoutError(f"workers do not end; see {self.folder}")
            time.sleep(0.05)

    def end(self) -> None:
        """Leaves nothing running."""
        for process in self._running.values():
            process.kill()
            process.wait()

    def lines(self) -> Counter[str]:
        """How often each article stands in the feeds."""
        count: Counter[str] = Counter()
        for feed in self.folder.glob("*.jsonl"):
            count.update(json.loads(line)["canonical_url"] for line in feed.read_text(encoding="utf-8").splitlines())
        return count


def meetings(visits: Sequence[Visit], kills: Sequence[tuple[float, float]]) -> list[str]:
    """Pairs of requests that were with the site at the same time, but for those of a worker that was killed.

    The site answers such a one all the same, while another worker asks.
    """
    found = []
    for earlier, later in pairwise(visits):
        is_met = later.began < earlier.ended
        if is_met and not any(earlier.began <= killed and before <= later.began for before, killed in kills):
            found.append(f"{earlier.path} was not answered yet when {later.path} was asked for")
    return found


def kill_workers(
    store: str, folder: Path, *, articles: int, workers: int, every_s: float, seed: int
) -> Iterator[Check]:
    """Workers of which one is killed every few seconds, and replaced, until the site is crawled.

    Args:
        store: the url of an empty store in PostgreSQL.
        folder: an existing one, empty.
        articles: how many the site has.
        workers: how many there are at a time.
        every_s: seconds from one kill to the next.
        seed: of the site and the kills.
    """
    random = Random(seed)
    part = f"{workers} workers"
    site = replica(articles, seed)
    with served_apart(watched_server, articles, seed) as server:
        team = Team(store, folder, {"VOV_MIRROR": server.url, "VOV_NOW": site.now.isoformat(), "DOWNLOAD_DELAY": "0"})
        try:
            for place in range(workers):
                team.start(place)
            due = time.monotonic() + every_s
            while running := team.running():
                if len(running) == workers and time.monotonic() > due:
                    place = random.choice(running)
                    team.kill(place)
                    team.start(place)
                    due = time.monotonic() + every_s
                time.sleep(0.05)
        finally:
            team.end()
        visits = server.call("visits")
    wanted = {story.url for story in site.newest}
    kept, twice, unfinished = _kept(store)
    yield Check(part, "workers killed", f"{len(team.kills)}", "at least 1", bool(team.kills))
    yield Check(part, "statuses of the others", f"{sorted(set(team.statuses))}", "0", set(team.statuses) == {0})
    missing = sorted(wanted - kept)
    yield Check(part, "articles kept", f"{len(wanted & kept)} of {len(wanted)}", "all", not missing, tuple(missing[:5]))
    yield Check(part, "articles with more than one text", f"{twice}", "0", not twice)
    yield Check(part, "pages and crawls left unfinished", f"{unfinished}", "0", not unfinished)
    lines = team.lines()
    wrong = sorted(url for url in wanted | set(lines) if lines[url] != 1)
    yield Check(part, "articles not in just one feed, once", f"{len(wrong)}", "0", not wrong, tuple(wrong[:5]))
    met = meetings(visits, team.kills)
    yield Check(part, "requests that met at the site", f"{len(met)} of {len(visits)}", "0", not met, tuple(met[:5]))
    # A worker that is started when the crawl has ended begins the next one. One that is killed has one page with the
    # site, and the one before it may not be kept yet.
    pages = [visit.path for visit in visits if visit.began < team.first_end and visit.path != "/robots.txt"]
    again = len(pages) - len(set(pages))
    most = 2 * len(team.kills)
    yield Check(part, "pages asked for again", f"{again} of {len(pages)}", f"at most 2 a kill: {most}", again <= most)


def _kept(store: str) -> tuple[set[str], int, int]:
    """The articles of a store, how many have more than one text, and how many pages and crawls are not finished."""
    database = read_database(store)
    try:
        read = database.connection.exec_driver_sql
        kept = {url for (url,) in read("SELECT canonical_url FROM articles")}
        twice = read("SELECT count(*) FROM articles WHERE revision > 1").scalar()
        pages = read("SELECT count(*) FROM pages WHERE state IN ('queued', 'in flight', 'failed')").scalar()
        crawls = read("SELECT count(*) FROM crawls WHERE finished_at IS NULL").scalar()
        return kept, int(twice or 0), int(pages or 0) + int(crawls or 0)
    finally:
        database.close()


def keep_delay(store: str, folder: Path, *, articles: int, workers: int, delay_s: float, seed: int) -> Iterator[Check]:
    """Workers that keep one delay between them.

    Args:
        store: the url of an empty store in PostgreSQL.
        folder: an existing one, empty.
        articles: how many the site has.
        workers: how many there are.
        delay_s: seconds from one request to the next.
        seed: of the site.
    """
    part = f"{workers} workers, a delay of {delay_s} s"
    site = replica(articles, seed)
    delay = {"DOWNLOAD_DELAY": str(delay_s), "DOWNLOAD_DELAY_JITTER": "0", "AUTOTHROTTLE_ENABLED": "0"}
    with served_apart(watched_server, articles, seed) as server:
        team = Team(store, folder, {"VOV_MIRROR": server.url, "VOV_NOW": site.now.isoformat(), **delay})
        try:
            for place in range(workers):
                team.start(place)
            team.wait()
        finally:
            team.end()
        visits = server.call("visits")
    gaps = [later.began - earlier.began for earlier, later in pairwise(visits)]
    least = min(gaps)
    yield Check(part, "statuses", f"{sorted(set(team.statuses))}", "0", set(team.statuses) == {0})
    yield Check(part, "requests", f"{len(visits)}")
    yield Check(part, "shortest time between two", f"{least:.3f} s", f">= {delay_s} s", least >= delay_s - _EARLY_S)
    met = meetings(visits, ())
    yield Check(part, "requests that met at the site", f"{len(met)}", "0", not met, tuple(met[:5]))
