"""Slower where the server is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.settings import SETTINGS_PRIORITIES

from vovcrawl.downloader.slots import least_delay

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Throttle(AutoThrottle):
    """Scrapy's AutoThrottle, which by itself lets the delay fall below a host's own, and below its own maximum.

    Without any delay it has nothing to adjust, unless it was asked for by name.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        asked_for = (settings.getpriority("AUTOTHROTTLE_ENABLED") or 0) > SETTINGS_PRIORITIES["project"]
        if not settings.getfloat("DOWNLOAD_DELAY") and not asked_for:
            raise NotConfigured
        super().__init__(crawler)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if key is not None and slot is not None:
            slot.delay = max(slot.delay, least_delay(self.crawler, key))
