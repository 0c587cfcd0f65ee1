"""Crawlers that crawl nothing, for tests of single parts."""

from __future__ import annotations

from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from tests.stores import made_store_at
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.spiders.vov import VovSpider


def make_crawler(
    folder: Path, *, own: dict[str, object] | None = None, **given: str
) -> tuple[Crawler, CrawlContext, VovSpider]:
    """A crawler with its context and spider, its store in `folder`; `own` are settings, `given` the arguments."""
    settings = get_project_settings()
    settings.setdict(
        {"VOV_DATABASE": made_store_at(folder / "vov.sqlite"), "VOV_NOW": "2026-07-16T12:00:00+07:00", "FEEDS": {}},
        priority="cmdline",
    )
    settings.setdict(own or {}, priority="cmdline")
    crawler = Crawler(VovSpider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    context = CrawlContext.prepare(settings, given)
    context.give_to(crawler)
    spider = VovSpider.from_crawler(crawler, **given)
    crawler.spider = spider
    return crawler, context, spider
