"""Scrapy's own way to go on with a crawl, `JOBDIR`, under the same kills."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from benchmarks.report import Check
from sample_site.apart import ServerApart, served_apart
from sample_site.replica import Replica
from torture.checks import ROBOTS
from torture.kills import LISTING, Crawler, endure, hostile_server, replica
from torture.plan import FROM_OUTSIDE, Kill, plan
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
    """Crawls the site undisturbed and killed, and counts the articles in the feed."""
    site = replica(articles, seed)
    with served_apart(hostile_server, articles, seed) as server:
        whole = JobdirCrawler(site, server, folder / "undisturbed")
        first = whole.start()
        pages = sum(asked.path != ROBOTS for asked in first.asked)
        # Started again it finds that everything was seen, so that it does nothing but start.
        began = monotonic()
        whole.start()
        startup = monotonic() - began
        killed = JobdirCrawler(site, server, folder / "killed")
        campaign = endure(killed, plan(seed, kills, pages, kinds=FROM_OUTSIDE), startup)
    found = [
        len({record["url"] for record in read_lines(crawler.campaign.folder).records}) for crawler in (whole, killed)
    ]
    last = campaign.starts[-1]
    yield Check(
        "peer",
        "bare Scrapy with JOBDIR, undisturbed: articles in JSON Lines",
        f"{found[0]} of {articles}, status {first.status}",
    )
    yield Check(
        "peer",
        "the same, killed and started again until it says that it is finished",
        f"{found[1]} of {articles} after {campaign.kills} kills, status {last.status}",
    )
