"""A Scrapy add-on that takes the time of a crawl, start-up left out."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class Addon:
    """Adds the stopwatch to whatever extensions a project has."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before it makes the crawler's parts."""
        settings["EXTENSIONS"]["benchmarks.stopwatch.Stopwatch"] = 1000


class Stopwatch:
    """Writes the crawl's CPU seconds, wall seconds and number of answers to the file `BENCHMARK_RESULT`.

    From the opening of the spider until everything is closed, feeds and store included; `startup_cpu_s` is what the
    process had used before.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._wall = self._cpu = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Stopwatch:
        """The stopwatch of a crawler."""
        watch = cls(crawler)
        crawler.signals.connect(watch.start, signal=signals.spider_opened)
        crawler.signals.connect(watch.stop, signal=signals.engine_stopped)
        return watch

    def start(self) -> None:
        """The first request is still to come."""
        self._wall, self._cpu = perf_counter(), process_time()

    def stop(self) -> None:
        """Everything is written."""
        stats = self._crawler.stats
        assert stats is not None
        result = {
            "wall_s": perf_counter() - self._wall,
            "cpu_s": process_time() - self._cpu,
            "startup_cpu_s": self._cpu,
            "pages": stats.get_value("downloader/response_count", 0),
            "items": stats.get_value("item_scraped_count", 0),
        }
        Path(self._crawler.settings["BENCHMARK_RESULT"]).write_text(json.dumps(result), encoding="utf-8")
