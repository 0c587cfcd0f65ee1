"""A Scrapy add-on that swaps files of an archive after a crawl has checked them, and before it reads the first."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

from vovcrawl.archives.files import FILE
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.visits import Discovered

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

SECRET = "secret.html"
"""An article outside the archive that nobody named."""

QUEUED = "file:///etc/passwd"
"""What nobody named either, though the queue does."""


class Addon:
    """Adds the swap to whatever extensions the project has."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before it makes the crawler's parts."""
        settings["EXTENSIONS"]["tests.hostile.swapping.Swap"] = 1000


class Swap:
    """Swaps the files below the folder `SWAP_FOLDER` when the spider is opened."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Swap:
        """The swap in a crawler."""
        made = cls(crawler)
        crawler.signals.connect(made.swap, signal=signals.spider_opened)
        return made

    def swap(self) -> None:
        """Puts something else in the place of every file whose name says what, and queues a file that nobody named."""
        CrawlContext.of(self._crawler).frontier.add([Discovered(QUEUED, FILE)])
        outside = Path(os.environ["SWAP_FOLDER"])
        given = outside / "given"
        for name in "to-secret.html to-passwd.txt to-zero.txt to-healthy.html link.html pipe.html folder.html".split():
            (given / name).unlink()
        (given / "to-secret.html").symlink_to(outside / SECRET)
        (given / "link.html").symlink_to(outside / SECRET)
        (given / "to-passwd.txt").symlink_to("/etc/passwd")
        (given / "to-zero.txt").symlink_to("/dev/zero")
        (given / "to-healthy.html").symlink_to("healthy-0.html")
        os.mkfifo(given / "pipe.html")
        (given / "folder.html").mkdir()
        (given / "gone.html").unlink()
        os.truncate(given / "grown.html", 1_000_001)
        # What lies in their places has the same names.
        for folder in (given / "room", given / "rooms" / "deep", outside / "second"):
            folder.rename(folder.with_name(f"{folder.name}-before"))
            folder.symlink_to(outside / "elsewhere")
        (outside / "alone.html").unlink()
        (outside / "alone.html").symlink_to(SECRET)
        (outside / "named.html").unlink()
        (outside / "named.html").symlink_to(SECRET)
