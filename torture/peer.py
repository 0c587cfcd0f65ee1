"""Scrapy's own way to resume a crawl, `JOBDIR`, under the same kills."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from benchmarks.report import Check
from sample_site.apart import ServerApart, served_apart
from sample_site.replica import Replica
from torture.checks import ROBOTS
from torture.kills import LISTING, Crawler, endure, hostile_server, replica
from torture.plan import FROM_OUTSIDE, Kill, plan
from torture.server import Moment
from torture.snapshot import FEED, read_lines

_SPIDER = "jobdir_spider.py"


class JobdirCrawler(Crawler):
    """Starts the bare spider, which keeps its requests in a `JOBDIR`."""

    def __init__(self, site: Replica, server: ServerApart, folder: Path) -> None:
        super().__init__(LISTING, site, server, folder, folder)
        # Outside the project, whose settings it must not have.
        self._where = folder
        self._url = server.url

    def _command(self, kill: Kill | None) -> list[str]:
        spider = str(Path(__file__).with_name(_SPIDER))
        settings = {"JOBDIR": "job", "DOWNLOAD_DELAY": "0", "TELNETCONSOLE_ENABLED": "0", "REMOTE_CONTROL_ENABLED": "0"}
        command = [sys.executable, "-m", "scrapy", "runspider", spider, "-a", f"site={self._url}", "-o", FEED]
        return command + [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


def kill_jobdir(folder: Path, *, articles: int, kills: int, seed: int) -> Iterator[Check]:
    """Kills the bare spider as this project's crawls are killed, then both of them twice, far into the crawl.

    Kills that come soon after a start hurt it less: what it has not written to its `JOBDIR` yet it begins anew.
    """
    site = replica(articles, seed)
    with served_apart(hostile_server, articles, seed) as server:
        whole = JobdirCrawler(site, server, folder / "undisturbed")
        pages = sum(asked.path != ROBOTS for asked in whole.start().asked)
        yield _told("bare Scrapy with JOBDIR, undisturbed", whole, articles)
        # Started again it finds that everything was seen, so that it does nothing but start.
        began = monotonic()
        whole.start()
        startup = monotonic() - began
        often = JobdirCrawler(site, server, folder / "often")
        endure(often, plan(seed, kills, pages, kinds=FROM_OUTSIDE), startup, pages=pages)
        yield _told("the same, killed again and again", often, articles)
        twice = [Kill(Moment.ANSWERED, pages // 3)] * 2
        bare = JobdirCrawler(site, server, folder / "twice")
        endure(bare, twice, startup, pages=pages)
        yield _told(f"the same, killed at request {pages // 3} of two starts", bare, articles)
        ours = Crawler(LISTING, site, server, folder, folder / "ours")
        endure(ours, twice, startup, pages=pages)
        yield _told("vovcrawl, killed like that", ours, articles)


def _told(what: str, crawler: Crawler, articles: int) -> Check:
    campaign = crawler.campaign
    found = Counter(str(record["url"]) for record in read_lines(campaign.folder).records)
    asked = Counter(asked.path for start in campaign.starts for asked in start.asked if asked.path != ROBOTS)
    again, twice = asked.total() - len(asked), sum(times > 1 for times in found.values())
    return Check(
        "peer",
        f"{what}: articles in JSON Lines",
        f"{len(found)} of {articles}, {twice} twice, {again} requests repeated; {campaign.kills} kills, "
        f"status {campaign.starts[-1].status}",
    )
