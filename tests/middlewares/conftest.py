"""What tests of middlewares share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from tests.crawlers import make_crawler
from tests.middlewares.making import Making, give_downloader
from vovcrawl.crawl.context import CrawlContext


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    """Makes crawlers with a downloader, of settings given."""
    jobs: list[CrawlContext] = []

    def make(**settings: object) -> Crawler:
        crawler, job, _ = make_crawler(tmp_path, own=settings)
        jobs.append(job)
        give_downloader(crawler)
        return crawler

    yield make
    for job in jobs:
        job.close()
