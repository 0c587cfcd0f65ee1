"""`Retry-After`: a server that says when to come back is not asked again before.

The pause is for the whole host and begins before the next waiting request can leave, which is sooner than any
downloader middleware sees the response; asking the page again stays with Scrapy's retries.
"""

from __future__ import annotations

import logging
import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.http import Response

from vovcrawl import urls
from vovcrawl.crawl.stopping import stop
from vovcrawl.downloader.slots import Pauses

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LONGEST_WAIT = 300.0
"""Seconds; a page that is to be asked for later than this is left to the next crawl."""

ASKED_TO_WAIT = "asked to wait"
"""Finish reason of a crawl that the server asks to come back much later."""

_BUSY = frozenset((429, 503))
_PAGES_IN_A_ROW = 2
"""So many pages in a row that are to be asked for much later speak for the whole site, not for themselves."""
_FIRST_PAUSE = 1.0
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


def wanted_pause(response: Response) -> float | None:
    """The seconds that a response asks to wait; None where it does not say, or says what makes no sense.

    A date is reckoned from the server's own clock, where the response shows it. One that has passed, like 0 seconds,
    says no more than that the server is busy.
    """
    written = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if _SECONDS.fullmatch(written):
        return float(written) or None
    then, now = _timestamp(written), _timestamp((response.headers.get("Date") or b"").decode("latin-1"))
    if then is None:
        return None
    seconds = then - (time.time() if now is None else now)
    return seconds if seconds > 0 else None


def _timestamp(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


class RetryAfter:
    """Leaves a host alone that answers 429 or 503: as long as it says, else longer with each attempt at a page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pauses = Pauses(crawler)
        self._much_later: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        """The extension, listening for responses."""
        extension = cls(crawler)
        crawler.signals.connect(extension.response_downloaded, signal=signals.response_downloaded)
        return extension

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Pauses the host where the response says so."""
        host = request.meta["download_slot"]
        if host in urls.SERVICE_HOSTS:
            # Pages do without it: whoever asked sees to it that it is left alone.
            request.meta["dont_retry"] = request.meta.get("dont_retry", False) or response.status in _BUSY
            return
        seconds = wanted_pause(response) if response.status in _BUSY else None
        if seconds is not None and seconds > LONGEST_WAIT:
            self._leave(host, response, request, seconds)
            return
        self._much_later.pop(host, None)
        if seconds is not None:
            self._crawler.stats.inc_value("vov/politeness/retry_after")
            logger.info("%s answers %d and asks to wait %.0f s: waiting", host, response.status, seconds)
            self._pauses.extend(host, seconds, request)
        elif response.status in _BUSY and self._is_asked_again(response, request):
            self._crawler.stats.inc_value("vov/politeness/back_off")
            self._pauses.extend(host, self._growing_pause(host, request), request)

    def _leave(self, host: str, response: Response, request: Request, seconds: float) -> None:
        self._crawler.stats.inc_value("vov/politeness/retry_after_too_long")
        logger.warning(
            "%s answers %d and asks to wait %.0f s, more than %.0f: left for the next crawl: %s",
            host,
            response.status,
            seconds,
            LONGEST_WAIT,
            request.url,
        )
        request.meta["dont_retry"] = True
        self._much_later[host] = self._much_later.get(host, 0) + 1
        if self._much_later[host] == _PAGES_IN_A_ROW:
            logger.error("Giving up: %s asks to be left alone for longer than a crawl waits", host)
            # What waits in the slot already is not to be sent while the crawl ends.
            self._pauses.extend(host, LONGEST_WAIT, request)
            stop(self._crawler, ASKED_TO_WAIT)

    def _is_asked_again(self, response: Response, request: Request) -> bool:
        settings = self._crawler.settings
        most = int(request.meta.get("max_retry_times", settings.getint("RETRY_TIMES")))
        return (
            settings.getbool("RETRY_ENABLED")
            and str(response.status) in map(str, settings.getlist("RETRY_HTTP_CODES"))
            and not request.meta.get("dont_retry", False)
            and int(request.meta.get("retry_times", 0)) < most
        )

    def _growing_pause(self, host: str, request: Request) -> float:
        slot = self._crawler.engine.downloader.slots.get(host)
        usual = slot.delay if slot is not None else 0.0
        attempts = int(request.meta.get("retry_times", 0))
        return min(max(2 * usual, _FIRST_PAUSE) * 2.0 ** min(attempts, 10), LONGEST_WAIT)
