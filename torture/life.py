"""Weeks of crawls by cron, on a site that publishes, edits, removes and restores, fails and recovers.

Whenever a crawl ends with status 0, every article that was there all the while, and that its arguments ask for, must
be in the store as it is. A life is drawn from its seed: what happens to the site, to its answers and to the crawls.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check
from sample_site.expected import expected_record
from sample_site.pages import Page
from sample_site.replica import Replica
from sample_site.server import RequestRecord
from sample_site.site import FORBIDDEN_FOLDER
from sample_site.story import VIETNAM, Story
from tests.stores import rows, store_at, tables
from torture.server import HostileServer, Moment, Trap

_TIMEOUT_S = 300.0
_DAY = timedelta(days=1)
_BACKFILL_BEGINS_S = 3.0
_ROTATED = 0.05
"""So often a feed is moved away between two runs."""

_REVISIT = timedelta(days=30)
_EDITED_AGO = timedelta(days=12)
"""Stories are edited so long after they were published, at most."""

_FORBIDDEN = FORBIDDEN_FOLDER.strip("/")

Answers = Callable[[RequestRecord], Page | None]
"""What the site answers instead, for as long as a run lasts."""


def _refused(record: RequestRecord) -> Page | None:
    return Page(b"<html><body><h1>403 Forbidden</h1></body></html>\n", status=403)


def _failing(record: RequestRecord) -> Page | None:
    return Page(b"<html><body><h1>500</h1></body></html>\n", status=500) if record.path != "/robots.txt" else None


def _without_sitemaps(record: RequestRecord) -> Page | None:
    is_one = record.path.startswith("/sitemap")
    return Page(b"<html><body><h1>404</h1></body></html>\n", status=404) if is_one else None


def _without_front_page(record: RequestRecord) -> Page | None:
    is_one = record.path == "/" or record.path.startswith("/sitemap")
    return Page(b"<html><body><h1>500</h1></body></html>\n", status=500) if is_one else None


def _losing(share: float, seed: str) -> Answers:
    """A site that says of a share of its stories that they are not there."""

    def answer(record: RequestRecord) -> Page | None:
        lost = record.path.endswith(".vov") and Random(f"{seed} {record.path}").random() < share
        return Page(b"<html><body><h1>404 Not Found</h1></body></html>\n", status=404) if lost else None

    return answer


class _LivingServer(HostileServer):
    """The site of a life; what else it answers is set for each run."""

    instead: Answers | None = None

    def respond(self, record: RequestRecord) -> Page:
        """The response to a request."""
        page = super().respond(record)
        other = self.instead(record) if self.instead is not None else None
        return other or page


@dataclass(frozen=True)
class Kind:
    """A kind of life: what cron runs, and what the site's sitemaps say."""

    name: str
    cron: tuple[str, ...]
    sitemap_dates: str = "modified"


KINDS = (
    Kind("sitemaps", ("since=2d",)),
    Kind("listings", ("since=2d", "sources=listing", "related=0")),
    Kind("sitemaps that date publication", ("since=3d",), "published"),
    Kind("sitemaps without dates", ("since=2d",), "none"),
    Kind("sections", ("since=3d", "sections=xa-hoi,the-gioi", "related=0")),
)


@dataclass(frozen=True)
class Plan:
    """How a run goes."""

    name: str
    arguments: tuple[str, ...]
    instead: Answers | None = None
    faults: float = 0.0
    kill: int | None = None
    """The request around which it is killed."""
    signal: bool = False
    """Whether it gets SIGTERM then, in place of SIGKILL."""
    beside: tuple[str, ...] = ()
    """The arguments of a slow crawl that is going on when the run begins, and is to make room for it."""


@dataclass
class Run:
    """What came of a run."""

    plan: Plan
    now: datetime
    status: int
    requests: int
    missing: list[str] = field(default_factory=list)
    """Urls of articles that the run should have kept."""
    stale: list[str] = field(default_factory=list)
    """Urls of articles that it should have kept as they are."""

    @property
    def lies(self) -> bool:
        """Whether it says that all is there though something is lacking."""
        return self.status == 0 and bool(self.missing or self.stale)

    def __str__(self) -> str:
        lacking = f", {len(self.missing)} missing, {len(self.stale)} stale" if self.missing or self.stale else ""
        return f"{self.now:%m-%d %H:%M} {self.plan.name}: {self.status}, {self.requests} requests{lacking}"


class Life:
    """A site and the crawls of it.

    Args:
        seed: of everything that happens.
        folder: an existing one, empty, where store, feed and log are kept.
        days: how long it lasts.
        a_day: stories that are published in a day.
        runs_a_day: crawls by cron.
        start: when it begins.
        kind: what cron runs.
    """

    def __init__(
        self,
        seed: int,
        folder: Path,
        *,
        days: int = 40,
        a_day: int = 18,
        runs_a_day: int = 3,
        start: datetime | None = None,
        kind: Kind = KINDS[0],
    ) -> None:
        self._random = Random(f"{seed} life")
        self._seed = seed
        self._folder = folder
        self._store = store_at(folder / "vov.sqlite")
        self._days = days
        self._a_day = a_day
        self._step = _DAY / runs_a_day
        begins = start or datetime(2026, 6, 20, 7, 10, tzinfo=VIETNAM) + timedelta(days=self._random.randint(0, 25))
        self._cron = kind.cron
        self.site = Replica(
            days=4,
            a_day=a_day,
            older=8,
            words=(120, 200),
            seed=seed,
            now=begins,
            sitemap_dates=kind.sitemap_dates,
        )
        # So that the days of a window take more than one page of a listing.
        self.site.page_size = 4
        self.begun = begins
        self.runs: list[Run] = []
        self.removed: dict[str, datetime] = {}
        """When stories were removed that are not there, by url."""
        self.restored: set[str] = set()
        self._outage_until: datetime | None = None
        self._outage: Answers | None = None

    def live(self) -> None:
        """Lets the days go by, then has one more run for all that is left."""
        with _LivingServer(self.site, self._seed) as server:
            end = self.begun + self._days * _DAY
            while self.site.now < end:
                for plan in self._plans():
                    self.runs.append(self._run(server, plan))
                if self._random.random() < _ROTATED:
                    self._rotate()
                self._pass(self._step)
            for _ in range(2):
                self.runs.append(self._run(server, Plan("at the end", self._cron)))

    def _pass(self, span: timedelta) -> None:
        """Some hours, in which the site changes."""
        random = self._random
        share = span / _DAY
        new = round(self._a_day * share * random.uniform(0.5, 1.5))
        since = self.site.now - _EDITED_AGO
        there = self.site.published_between(since, self.site.now)
        edited = min(len(there), round(self._a_day * 0.5 * share * random.uniform(0, 2)))
        for url in random.sample(there, min(len(there), random.choice((0, 0, 1)))):
            self.site.remove(url)
            self.removed[url] = self.site.now
        for url in [url for url in self.removed if random.random() < 0.1 * share]:
            del self.removed[url]
            self.restored.add(url)
            self.site.restore(url)
        edited = min(edited, len(self.site.published_between(since, self.site.now)))
        self.site.advance(new, edited, span=span, edited_since=since, edited_until=self.site.now)

    def _plans(self) -> Iterator[Plan]:
        """What happens at this hour: most runs are as cron starts them."""
        random, now, cron = self._random, self.site.now, self._cron
        if self._outage_until is not None:
            if now < self._outage_until:
                yield Plan("outage", cron, instead=self._outage)
                return
            self._outage_until = None
        draw = random.random()
        if draw < 0.02:
            self._outage_until = now + timedelta(days=random.uniform(0.5, 5))
            self._outage = random.choice((_refused, _failing))
            yield Plan("outage begins", cron, instead=self._outage)
        elif draw < 0.06:
            # The machine is off.
            return
        elif draw < 0.18:
            kill = random.randint(1, 12)
            yield Plan("killed", cron, kill=kill, signal=random.random() < 0.3)
            if random.random() < 0.5:
                yield Plan("resumed at once", cron)
        elif draw < 0.24:
            yield Plan("faults", cron, faults=random.choice((0.05, 0.3)))
        elif draw < 0.29:
            share = random.choice((1.0, 0.1, 0.3))
            yield Plan(f"{share:.0%} of stories lost", cron, instead=_losing(share, f"{self._seed} {now}"))
        elif draw < 0.32:
            yield Plan("no sitemap", cron, instead=random.choice((_without_sitemaps, _without_front_page)))
        elif draw < 0.36:
            kill = random.randint(2, 10)
            yield Plan("killed", cron, kill=kill)
            yield Plan("fresh", (*cron, "fresh=1"))
        elif draw < 0.42:
            since = (now - timedelta(days=random.randint(1, 6))).date()
            arguments = (f"since={since}", *random.choice(((), ("sources=listing", "related=0"))))
            if random.random() < 0.5:
                yield Plan("killed, other arguments", arguments, kill=random.randint(2, 40))
            yield Plan("other arguments", arguments)
        elif draw < 0.45:
            since = (now - timedelta(days=random.randint(8, 20))).date()
            yield Plan("beside a backfill", cron, beside=(f"since={since}",))
        else:
            yield Plan("cron", cron)

    def _run(self, server: _LivingServer, plan: Plan) -> Run:
        settings = {
            "VOV_MIRROR": server.url,
            "VOV_NOW": self.site.now.isoformat(),
            "VOV_DATABASE": self._store,
            "DOWNLOAD_DELAY": "0",
            "AUTOTHROTTLE_ENABLED": "False",
            "RETRY_TIMES": "1",
        }
        feed = self._folder / "vov.jsonl"
        command = crawl_command(plan.arguments, settings, feed)
        server.instead = plan.instead
        server.fault(plan.faults)
        server.begin()
        with (self._folder / "log.txt").open("ab") as log, ExitStack() as beside:
            log.write(f"\n=== {self.site.now} {plan.name} {plan.arguments}\n".encode())
            log.flush()
            if plan.beside:
                slow = {**settings, "DOWNLOAD_DELAY": "0.1"}
                backfill = subprocess.Popen(
                    crawl_command(plan.beside, slow, feed), cwd=ROOT, env=environment(), stdout=log, stderr=log
                )
                beside.callback(self._end_backfill, backfill, plan)
                time.sleep(_BACKFILL_BEGINS_S)
            process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)
            try:
                if plan.kill is not None:
                    server.begin(Trap(process.pid, plan.kill, Moment.ASKED, by_term=plan.signal))
                status = process.wait(_TIMEOUT_S)
            finally:
                process.kill()
                process.wait()
        asked = server.end()
        run = Run(plan, self.site.now, status, len(asked))
        if status == 0:
            self._judge(run, plan)
        return run

    def _end_backfill(self, backfill: subprocess.Popen[bytes], plan: Plan) -> None:
        try:
            status = backfill.wait(_TIMEOUT_S)
        finally:
            backfill.kill()
            backfill.wait()
        run = Run(Plan("backfill", plan.beside), self.site.now, status, 0)
        if status == 0:
            self._judge(run, run.plan)
        self.runs.append(run)

    def _rotate(self) -> None:
        """Moves the feed away, as logrotate does."""
        feed = self._folder / "vov.jsonl"
        if feed.exists():
            feed.rename(self._folder / f"vov-{self.site.now:%m%d%H}.jsonl")

    def lines_lacking(self) -> int:
        """Texts that the store keeps, current or earlier ones, that no feed has a line of."""
        lines = Counter(
            (record["canonical_url"], record["content_hash"])
            for feed in self._folder.glob("vov*.jsonl")
            for record in map(json.loads, feed.read_text(encoding="utf-8").splitlines())
        )
        kept = Counter(
            row
            for name in ("articles", "revisions")
            for row in rows(self._store, f"SELECT canonical_url, content_hash FROM {name}")  # noqa: S608
        )
        return (kept - lines).total()

    def _judge(self, run: Run, plan: Plan) -> None:
        """What the store lacks of what the run was to keep."""
        given = dict(argument.split("=") for argument in plan.arguments)
        start = _start(given["since"], self.site.now)
        held = self._held()
        for story in self.site.newest:
            asked = plan.instead(RequestRecord("GET", "vov.vn", story.address, {})) if plan.instead else None
            if story.published < start or _is_forbidden(story) or asked is not None:
                continue
            if "sections" in given and not set(given["sections"].split(",")) & set(self.site.listings_of(story)):
                continue
            self._compare(story, held, run)

    def _compare(self, story: Story, held: Mapping[str, tuple[str, ...]], run: Run) -> None:
        wanted = expected_record(story, self.site)
        found = held.get(wanted["canonical_url"])
        if found is None:
            run.missing.append(story.url)
        elif found != (wanted["headline"], wanted["description"], wanted["body"]):
            run.stale.append(story.url)

    def _held(self) -> dict[str, tuple[str, ...]]:
        if "articles" not in tables(self._store):
            return {}
        held = rows(self._store, "SELECT canonical_url, headline, description, body FROM articles")
        return {url: (headline, description, body) for url, headline, description, body in held}

    def lacking_at_the_end(self) -> Run:
        """What the store lacks of all that was published in the life, and of the current versions of what is young."""
        run = Run(Plan("all of it", self._cron), self.site.now, 0, 0)
        held = self._held()
        given = dict(argument.split("=") for argument in self._cron)
        reads_dates = self.site.sitemap_dates == "modified" and not given.keys() & {"sources", "sections"}
        revisited = self.site.now - _REVISIT
        fresh_from = revisited if reads_dates else _start(given["since"], self.site.now)
        published = {story.url: story.published for story in self.site.newest}
        for story in self.site.newest:
            # One that came back when its days in the window were over is in nobody's arguments.
            if story.published < self.begun - 2 * _DAY or _is_forbidden(story) or story.url in self.restored:
                continue
            if "sections" in given and not set(given["sections"].split(",")) & set(self.site.listings_of(story)):
                continue
            self._compare(story, held, run)
        run.stale = [url for url in run.stale if published[url] >= fresh_from]
        return run

    def marked_gone(self) -> tuple[int, int, int]:
        """Of the stories that were removed a day ago or more: how many are marked and are kept; and wrongly marked."""
        marks = dict(rows(self._store, "SELECT canonical_url, gone_at FROM articles"))
        kept = [url for url, at in self.removed.items() if url in marks and at < self.site.now - _DAY]
        wrong = [url for url, gone in marks.items() if gone and url not in self.removed and url not in self.restored]
        return sum(marks[url] is not None for url in kept), len(kept), len(wrong)


def _start(since: str, now: datetime) -> datetime:
    if since.endswith("d"):
        day = now.astimezone(VIETNAM).date() - timedelta(days=int(since[:-1]))
    else:
        day = datetime.fromisoformat(since).date()
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _is_forbidden(story: Story) -> bool:
    return _FORBIDDEN in f"/{story.path}/".strip("/")


def live(folder: Path, *, seed: int, days: int, kind: Kind = KINDS[0]) -> Iterator[Check]:
    """A life, and what came of it."""
    life = Life(seed, folder, days=days, kind=kind)
    life.live()
    yield from judge(life, f"life: {kind.name}, seed {seed}")


def judge(life: Life, name: str) -> Iterator[Check]:
    """Whether what its runs said was true."""
    ended = Counter(run.status for run in life.runs)
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(ended.items()))
    lies = [run for run in life.runs if run.lies]
    yield Check(
        name,
        f"runs that say 0 though something is lacking, of {len(life.runs)} ({statuses})",
        "; ".join(map(str, lies[:5])) or "0",
        "0",
        not lies,
    )
    end = life.lacking_at_the_end()
    yield Check(
        name,
        "articles missing at the end, and edits of young ones unseen",
        f"{len(end.missing)} and {len(end.stale)}",
        "0 and 0",
        not end.missing and not end.stale,
    )
    lacking = life.lines_lacking()
    yield Check(name, "texts of which no feed has a line", str(lacking), "0", not lacking)
    held = sum(run.status == 75 for run in life.runs)
    yield Check(name, "runs that another crawl did not let in", str(held), "0", not held)
    marked, removed, wrong = life.marked_gone()
    yield Check(
        name,
        "removed articles that are marked, and others that are",
        f"{marked} of {removed}, {wrong}",
        "",
        None,
    )
