"""`Crawl-delay` of robots.txt, which Scrapy reads and leaves at that."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.robotstxt import RobotParser
from scrapy.settings import SETTINGS_PRIORITIES

from vovcrawl.downloader.slots import lengthen_delay

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LONGEST_DELAY = 60.0
"""Seconds; robots.txt may ask for more, and gets this."""


class CrawlDelay:
    """Keeps the distance between requests that a host's robots.txt asks for, unless the user set one."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._user_agent: str = settings.get("ROBOTSTXT_USER_AGENT") or settings.get("USER_AGENT")
        self._given = (settings.getpriority("DOWNLOAD_DELAY") or 0) > SETTINGS_PRIORITIES["project"]
        self._slots_given = {key for key, own in settings.getdict("DOWNLOAD_SLOTS").items() if "delay" in own}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDelay:
        """The extension, listening for rules."""
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        return extension

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Lengthens the delay for the host of `request`, whose rules these are."""
        asked = robotparser.crawl_delay(self._user_agent)
        host = self._crawler.engine.downloader.get_slot_key(request)
        if asked is None or self._given or host in self._slots_given:
            return
        if asked > LONGEST_DELAY:
            logger.warning(
                "robots.txt of %s asks for %g s between requests: keeping to %g s", host, asked, LONGEST_DELAY
            )
        if lengthen_delay(self._crawler, host, min(asked, LONGEST_DELAY)):
            self._crawler.stats.inc_value("vov/politeness/crawl_delay")
            if asked <= LONGEST_DELAY:
                logger.info("robots.txt of %s asks for %g s between requests: obeyed", host, asked)
