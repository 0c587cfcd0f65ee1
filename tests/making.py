"""Crawlers whose download slots can be looked into."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.robotstxt import ProtegoRobotParser

from vovcrawl.downloader.slots import CountingDownloader
from vovcrawl.extensions.crawl_delay import CrawlDelay

HOST = "vov.vn"
PAGE = Request(f"https://{HOST}/xa-hoi")

Making = Callable[..., Crawler]


class _Downloader(CountingDownloader):
    """Without the housekeeping that needs a running loop."""

    def _start_slot_gc(self) -> None:
        pass


def give_downloader(crawler: Crawler) -> None:
    """Gives a crawler that crawls nothing a downloader with slots."""
    crawler.engine = SimpleNamespace(downloader=_Downloader(crawler))  # type: ignore[assignment]


def read_robots(crawler: Crawler, rules: str) -> None:
    """Has the crawler read a robots.txt."""
    CrawlDelay(crawler).robots_parsed(ProtegoRobotParser.from_crawler(crawler, rules.encode()), PAGE)


def pace(crawler: Crawler) -> tuple[float, float]:
    """The least and the most that lie between two requests to the host."""
    _, slot = crawler.engine.downloader._get_slot(PAGE)
    return slot.delay * (1 - slot.jitter), slot.delay * (1 + slot.jitter)
