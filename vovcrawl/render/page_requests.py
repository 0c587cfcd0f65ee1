"""What a page asks for while it is rendered, where the crawler asks in the browser's place.

A request goes the way of the crawl's own downloads, so that the mirror, bounds, and the files of responses hold for it
too. It does not wait for its turn as pages do: it comes between a page and the next one, and requests of one page come
one after another.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.http import Response

from vovcrawl.render.scope import Blocked, Rules, allows, why_blocked

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

Fetch = Callable[[Request], Awaitable[Response]]
"""Gives the response to a request, unpacked, or raises whatever a download may."""

MOST_MADE = 600
"""Requests of one page, sent or not: real ones make some two hundred."""

MOST_CHARACTERS = 4_000_000
"""Characters of all urls of them."""

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)

_SENT = ("accept", "origin", "referer", "x-requested-with")
"""Headers of the browser's that are sent on. Whatever else a script sets, and cookies, stays here."""


def downloads_of(crawler: Crawler) -> Fetch:
    """Fetches as a crawl does, through the user's proxy and to the files of responses where there are any."""

    async def fetch(request: Request) -> Response:
        assert crawler.engine is not None
        proxy = crawler.get_downloader_middleware(HttpProxyMiddleware)
        if proxy is not None:
            proxy.process_request(request)
        response = await crawler.engine.downloader.handlers.download_request_async(request)
        compression = crawler.get_downloader_middleware(HttpCompressionMiddleware)
        unpacked = compression.process_response(request, response) if compression is not None else response
        assert isinstance(unpacked, Response)
        return unpacked

    return fetch


class TooMuch(Exception):
    """The page asks for more than any page does."""


class PageRequests:
    """The requests of one page.

    Args:
        fetch: sends a request.
        rules: of the hosts that are asked.
        headers: of every request, as the crawl's settings have them.
        timeout: seconds for a request.
        largest: bytes of all responses together; 0 where there is no bound.
    """

    def __init__(self, fetch: Fetch, rules: Rules, *, headers: Mapping[str, str], timeout: float, largest: int) -> None:
        self._fetch = fetch
        self._rules = rules
        self._headers = headers
        self._timeout = timeout
        self._room = self._largest = largest
        self._turn = asyncio.Lock()
        self._characters = 0
        self._made = 0
        self._sending: asyncio.Future[Response] | None = None
        self._has_ended = False
        self.blocked: Counter[str] = Counter()
        """How many were not sent, by the words of `scope.Blocked`."""
        self.asked = 0
        """How many were sent."""
        self.pending = 0
        """How many are not answered yet."""

    def block(self, why: Blocked) -> None:
        """Counts a request that is not sent.

        Raises:
            TooMuch: there were too many.
        """
        self._count("")
        self.blocked[str(why)] += 1

    def end(self) -> None:
        """Calls off what is on its way; nothing more is sent."""
        self._has_ended = True
        if self._sending is not None:
            self._sending.cancel()

    async def answer(self, url: str, kind: str, method: str, headers: Mapping[str, str]) -> Response | None:
        """The response to a request of the page; None where it is not sent, or fails.

        Args:
            url: as the browser has it.
            kind: what for, by Playwright's names of resource types.
            method: of HTTP.
            headers: of the browser's, by lower-case name.

        Raises:
            TooMuch: the page asks for more than any page does.
        """
        self._count(url)
        self.pending += 1
        try:
            async with self._turn:
                return await self._followed(url, kind, method, headers)
        finally:
            self.pending -= 1

    def _count(self, url: str) -> None:
        self._made += 1
        self._characters += len(url)
        if self._made > MOST_MADE or self._characters > MOST_CHARACTERS:
            raise TooMuch

    async def _followed(self, url: str, kind: str, method: str, headers: Mapping[str, str]) -> Response | None:
        """The response that redirects lead to: the browser would follow them past the crawler."""
        sent = {**self._headers, **{name: value for name, value in headers.items() if name in _SENT}}
        for _ in range(_MOST_REDIRECTS + 1):
            why = why_blocked(url, kind, method, self.asked)
            if why is None and not allows(await self._rules_of(url), url):
                why = Blocked.ROBOTS
            if why is not None:
                self.blocked[str(why)] += 1
                return None
            response = await self._sent(url, method, sent)
            location = response.headers.get("Location") if response is not None else None
            if response is None or location is None or response.status not in _REDIRECTS:
                return response
            url = urljoin(url, location.decode("latin-1"))
        return None

    async def _rules_of(self, url: str) -> str | None:
        # They are everybody's: a page that ends calls off its own requests alone.
        return await asyncio.shield(asyncio.ensure_future(self._rules(urlsplit(url).hostname or "")))

    async def _sent(self, url: str, method: str, headers: Mapping[str, str]) -> Response | None:
        if self._has_ended:
            return None
        if self._largest and self._room <= 0:
            self.blocked[str(Blocked.NUMBER)] += 1
            return None
        self.asked += 1
        meta = {"download_timeout": self._timeout, "download_maxsize": self._room, "download_warnsize": 0}
        request = Request(url, method=method, headers=dict(headers), meta=meta)
        self._sending = sending = asyncio.ensure_future(self._fetch(request))
        try:
            await asyncio.wait({sending})
        finally:
            sending.cancel()
        if sending.cancelled():
            return None
        if (error := sending.exception()) is not None:
            # Whatever a download comes to is the page's to cope with, as in any browser.
            logger.debug("A request of a rendered page failed: %s", type(error).__name__)
            return None
        response = sending.result()
        if self._largest:
            self._room -= len(response.body)
        return response
