"""A crawl that is killed and started again until it ends by itself."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from time import monotonic

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.crawling import ROOT, crawl_command, environment
from sample_site.apart import ServerApart, served_apart
from sample_site.pages import Pages
from sample_site.replica import Replica
from tests.stores import store_at
from torture.plan import CLOCK, EVERY_KIND, OF_RESPONSES, WITHOUT_SERVER, Kill, plan, sparing, within
from torture.responses import Responses
from torture.self_killing import Point
from torture.server import Asked, HostileServer, Moment, Trap
from torture.snapshot import FEED, STORE, Kept, Snapshot, take_snapshot
from vovcrawl.archives.groups import GROUP

_TIMEOUT_S = 300.0
"""A start that takes longer hangs."""

_FIRST_PAGES = Kill(Point.COMMIT, 8)

_RUNS_TO_THE_END = 5
"""So often a crawl of a faulty site may be started after its last kill: a page can meet faults at all its attempts."""


def replica(articles: int, seed: int) -> Replica:
    """A site with so many articles, a twelfth of them older than its last days."""
    older = articles // 12
    days = max(1, (articles - older) // 46)
    a_day, rest = divmod(articles - older, days)
    return Replica(days=days, a_day=a_day, older=older + rest, seed=seed)


def hostile_server(articles: int, seed: int) -> HostileServer:
    """The server of that site."""
    return HostileServer(replica(articles, seed), seed)


@dataclass(frozen=True)
class Variant:
    """A way to reach every article of the site."""

    name: str
    arguments: tuple[str, ...]
    group: int = 1
    """How many of its pages are committed together."""
    keeps_responses: bool = False
    """Whether every response is written to `RESPONSES`."""


LISTING = Variant("listing", ("sections=all", "since=all", "sources=listing"))
SITEMAP = Variant("sitemap", ("since=all", "sources=sitemap"))
FEEDS = Variant("rss", ("since=all", "sources=rss,listing"))
_URLS = "urls.txt"
URLS = Variant("urls", (f"urls={{folder}}/{_URLS}",))
_PAGES = "pages"
ARCHIVE = Variant("archive", (f"archive={{folder}}/{_PAGES}",), group=GROUP)
_WARC = "pages.warc.gz"
WARC = Variant("warc", (f"archive={{folder}}/{_WARC}",), group=GROUP)
OF_FILES = (ARCHIVE, WARC)
"""They ask no server for anything."""
KEEPING = Variant("responses", LISTING.arguments, keeps_responses=True)
VARIANTS = {variant.name: variant for variant in (LISTING, SITEMAP, FEEDS, URLS, ARCHIVE, WARC, KEEPING)}

RESPONSES = "warc"
"""The folder, beside store and feed, of the responses."""


def lay_out(site: Replica, folder: Path) -> None:
    """Writes what variants read from a folder: the urls of all articles, and their pages, in files of their own and as
    records of one."""
    named = [story.url for story in site.newest]
    (folder / _URLS).write_text("\n".join(named) + "\n", encoding="utf-8")
    saved, pages = folder / _PAGES, Pages(site)
    saved.mkdir()
    with (folder / _WARC).open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for story in site.newest:
            body = pages.get(story.address).body
            (saved / f"{story.id}.html").write_bytes(body)
            header = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=UTF-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(story.url, "response", payload=BytesIO(body), http_headers=header)
            )


@dataclass
class Start:
    """One start of the crawl, to its kill or its end."""

    status: int
    """As Python gives it: -9 if it was killed."""
    kill: Kill | None
    asked: tuple[Asked, ...]
    before: Snapshot
    after: Snapshot

    @property
    def was_killed(self) -> bool:
        """Whether a kill hit."""
        return self.status == -signal.SIGKILL

    @property
    def is_anew(self) -> bool:
        """Whether there was no unfinished work to resume, but a finished crawl to repeat."""
        return bool(self.before.states) and not self.before.is_unfinished


@dataclass
class Campaign:
    """A crawl, from its first start to its last."""

    folder: Path
    starts: list[Start] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many starts were killed."""
        return sum(start.was_killed for start in self.starts)


class Crawler:
    """Starts the same crawl as often as wanted, and kills it.

    Args:
        variant: what it is given.
        site: what it crawls.
        server: which serves that site.
        given: the folder laid out by `lay_out`.
        folder: where it keeps store and feed; made if there is none.
    """

    def __init__(self, variant: Variant, site: Replica, server: ServerApart, given: Path, folder: Path) -> None:
        self.campaign = Campaign(folder)
        self._where = ROOT
        self._server = server
        folder.mkdir(exist_ok=True)
        self._arguments = [argument.format(folder=given) for argument in variant.arguments]
        self._settings = {
            "VOV_MIRROR": server.url,
            "VOV_NOW": site.now.isoformat(),
            "VOV_DATABASE": store_at(folder / STORE),
            "DOWNLOAD_DELAY": "0",
        }
        if variant.keeps_responses:
            self._settings["VOV_WARC"] = str(folder / RESPONSES)

    def start(self, kill: Kill | None = None, startup_s: float = 0.0) -> Start:
        """Starts it, and kills it if that is wanted.

        Args:
            kill: what happens to it.
            startup_s: the time that a start takes, by which the clock kills.
        """
        starts = self.campaign.starts
        before = starts[-1].after if starts else Snapshot()
        self._server.call("begin")
        status = self._run(kill, startup_s)
        asked = tuple(self._server.call("end"))
        starts.append(Start(status, kill, asked, before, take_snapshot(self.campaign.folder)))
        return starts[-1]

    def _command(self, kill: Kill | None) -> list[str]:
        by: tuple[str, ...] = ("-m", "scrapy")
        if kill is not None and isinstance(kill.kind, Point):
            by = ("-m", "torture.self_killing", kill.kind.value, str(kill.number))
        return crawl_command(self._arguments, self._settings, self.campaign.folder / FEED, by=by)

    def _run(self, kill: Kill | None, startup_s: float) -> int:
        with (self.campaign.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(self._command(kill), cwd=self._where, env=environment(), stdout=log, stderr=log)
            try:
                if kill is not None and isinstance(kill.kind, Moment):
                    self._server.call("begin", Trap(process.pid, kill.number, kill.kind, kill.after))
                by_clock = kill is not None and kill.kind == CLOCK
                return process.wait(kill.after * startup_s if kill is not None and by_clock else _TIMEOUT_S)
            except subprocess.TimeoutExpired:
                if kill is None or kill.kind != CLOCK:
                    raise
            finally:
                process.kill()
                process.wait()
            return process.returncode


def startup_s(crawler: Crawler) -> float:
    """The seconds that a start takes until the first pages are kept."""
    began = monotonic()
    crawler.start(_FIRST_PAGES)
    return monotonic() - began


def undisturbed(crawler: Crawler) -> Snapshot:
    """What a crawl comes to that nothing disturbs."""
    start = crawler.start()
    if start.status:
        raise SystemExit(f"an undisturbed crawl ended with status {start.status}; see {crawler.campaign.folder}")
    return start.after


def endure(
    crawler: Crawler,
    kills: Sequence[Kill],
    startup: float,
    *,
    pages: int,
    group: int = 1,
    runs_to_the_end: int = 1,
) -> Campaign:
    """Starts and kills the crawl by a plan, then leaves it to finish.

    A page that two kills in a row have met is left to be kept before the next one: at a third one it would be given up,
    which is right, and not what is looked for here.

    Args:
        startup: seconds that a start takes.
        pages: how many pages the whole crawl has.
        group: how many of them are committed together.
        runs_to_the_end: how often it may be started after its last kill until its status is 0.
    """
    for place, kill in enumerate(kills):
        left = pages - len(crawler.campaign.starts[-1].after.done if place else ())
        # A faulty site may end a crawl before it can be killed: by its robots.txt, or by errors in a row.
        for _ in range(runs_to_the_end):
            starts = crawler.campaign.starts
            meant = within(kill, left, len(kills) - place, group)
            is_on_the_brink = bool(starts) and starts[-1].after.is_on_the_brink
            start = crawler.start(sparing(meant) if is_on_the_brink else meant, startup)
            if start.status == 0:
                return crawler.campaign
            if start.was_killed:
                break
    for _ in range(runs_to_the_end):
        if crawler.start().status == 0:
            break
    return crawler.campaign


@dataclass(frozen=True)
class Killed:
    """A crawl that was killed again and again, beside one of the same site that nothing disturbed."""

    name: str
    campaign: Campaign
    kills: int
    """How many were planned."""
    kept: Kept
    undisturbed: Kept
    responses: Responses | None = None
    """Those that were kept, if they were."""


def kill_crawl(variant: Variant, folder: Path, *, articles: int, kills: int, seed: int, faults: float = 0.0) -> Killed:
    """Crawls a site undisturbed, then again with kills and faults.

    Args:
        variant: how the site is crawled.
        folder: an existing one, empty, which keeps everything.
        articles: how many the site has.
        kills: how many.
        seed: of the site, the kills and the faults.
        faults: the share of requests that meet one.
    """
    site = replica(articles, seed)
    lay_out(site, folder)
    with served_apart(hostile_server, articles, seed) as server:

        def crawler(name: str) -> Crawler:
            return Crawler(variant, site, server, folder, folder / name)

        first = crawler("undisturbed")
        whole = undisturbed(first)
        startup = startup_s(crawler("startup"))
        sources = sum(whole.is_source(address) for address in whole.states)
        kinds = WITHOUT_SERVER if variant in OF_FILES else OF_RESPONSES if variant.keeps_responses else EVERY_KIND
        server.call("fault", faults)
        campaign = endure(
            crawler("killed"),
            plan(seed, kills, len(whole.states), sources, kinds=kinds, group=variant.group),
            startup,
            pages=len(whole.states),
            group=variant.group,
            runs_to_the_end=_RUNS_TO_THE_END if faults else 1,
        )
    return Killed(
        f"{variant.name}, {faults:.0%} faults" if faults else variant.name,
        campaign,
        kills,
        Kept.in_folder(campaign.folder),
        Kept.in_folder(first.campaign.folder),
        Responses.in_folder(campaign.folder / RESPONSES) if variant.keeps_responses else None,
    )
