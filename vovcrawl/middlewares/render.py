"""`VOV_RENDER`: pages as a browser leaves them that has run their scripts.

A page comes here when all is done that is done with a response: it is whole, unpacked, and no redirect. So whatever
becomes of the browser, the page as it was served is there to be read, and status and url are those of the server.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response, TextResponse

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.downloader.slots import LeftForLater, host_turn, is_closing
from vovcrawl.masking import masked
from vovcrawl.middlewares.robots import RobotsMiddleware
from vovcrawl.pages.bounds import is_oversized
from vovcrawl.pages.served_kind import served_kind
from vovcrawl.render.browser import BrowserDied, BrowserGone, Rendered, RenderError
from vovcrawl.render.engines import open_browser
from vovcrawl.text import shown
from vovcrawl.visits import PAGE, RECORD, RENDERED, SERVED, UNRENDERED

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.render.browser import Browser

logger = logging.getLogger(__name__)

PAUSES = (1.0, 3.0, 9.0)
"""Seconds before a browser that does not answer is asked again for a page: it may be started anew meanwhile."""

IN_A_ROW = 3
"""After so many pages without an answer of the browser it is asked for a page only every `REST` seconds, and once."""

REST = 60.0
"""Seconds."""

_GRACE = 15.0
"""Seconds beyond its time for a page that a browser has to say that the time is over."""

_MOST_DEATHS = 2
"""So often may a browser end with a page before it is the page that is to blame."""

_TICK = 1.0
"""Seconds at most until a crawl that is to end notices it while a page is rendered."""

_OK = 200
_LONGEST_REASON = 300


class RenderMiddleware:
    """Has a browser render the pages of the kinds asked for, one at a time."""

    def __init__(self, crawler: Crawler) -> None:
        context = CrawlContext.of(crawler)
        rendering = context.configuration.rendering
        if rendering is None:
            raise NotConfigured("no page is rendered")
        self._crawler = crawler
        self._context = context
        self._rendering = rendering
        self._browser: Browser = open_browser(rendering.engine, crawler, self._rules_of)
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._turn = asyncio.Lock()
        self._gone_in_a_row = 0
        self._rests_until = 0.0
        self._has_said = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RenderMiddleware:
        """The middleware of a crawler, whose browser is let go of in the end."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    async def spider_closed(self) -> None:
        """Lets go of the browser."""
        await self._browser.close()

    async def _rules_of(self, host: str) -> str | None:
        robots = self._crawler.get_downloader_middleware(RobotsMiddleware)
        return await robots.rules_of(host) if robots is not None else ""

    async def process_response(self, request: Request, response: Response) -> Response:
        """The page as it has become, or the response itself.

        Raises:
            LeftForLater: the crawl ended before the page was rendered.
        """
        if not self._is_wanted(request, response):
            return response
        # What the page asks for comes between two pages, whoever asks for the next one.
        async with self._turn, host_turn(self._crawler, request):
            try:
                rendered = await self._rendered(response.url, _decoded(response))
            except RenderError as error:
                self._say(response.url, error)
                return response.replace(flags=[*response.flags, UNRENDERED])
        html = rendered.html.encode("utf-8", "replace")
        self._count(rendered)
        self._keep(request, response.url, html)
        # A page that scripts have spoilt is read as it was served.
        request.meta[SERVED] = response.replace(flags=[*response.flags, UNRENDERED])
        headers = Headers(response.headers)
        headers["Content-Type"] = "text/html; charset=utf-8"
        flags = [*response.flags, RENDERED]
        return response.replace(body=html, encoding="utf-8", headers=headers, flags=flags)

    def _is_wanted(self, request: Request, response: Response) -> bool:
        page = self._context.frontier.in_flight.get(str(request.meta.get(PAGE)))
        if page is None or response.status != _OK or not isinstance(response, TextResponse):
            return False
        kinds = self._rendering.kinds
        if page.kind != "article":
            return page.kind in kinds
        return served_kind(response.body, response.url) in kinds and not is_oversized(response.body)

    async def _rendered(self, url: str, html: str) -> Rendered:
        """The page, after as many attempts as a browser is given.

        Raises:
            RenderError: none of them succeeded.
        """
        is_down = self._gone_in_a_row >= IN_A_ROW
        if is_down and monotonic() < self._rests_until:
            raise BrowserGone("the browser did not answer before")
        pauses = list(() if is_down else PAUSES)
        deaths = 0
        while True:
            try:
                rendered = await self._attempt(url, html)
            except BrowserGone as error:
                deaths += isinstance(error, BrowserDied)
                if deaths >= _MOST_DEATHS:
                    raise RenderError(f"the browser ended {deaths} times with it: {error}") from None
                if not pauses:
                    self._gone_in_a_row += 1
                    self._rests_until = monotonic() + REST
                    raise
                self._crawler.stats.inc_value("vov/render/retries")
                await self._pause(pauses.pop(0))
            else:
                self._gone_in_a_row = 0
                return rendered

    async def _attempt(self, url: str, html: str) -> Rendered:
        """One attempt, within its time.

        Raises:
            LeftForLater: the crawl is to end.
            BrowserGone: the browser does not answer.
            RenderError: the page was not rendered.
        """
        attempt = asyncio.ensure_future(self._browser.render(url, html))
        end = monotonic() + self._rendering.timeout + _GRACE
        try:
            while not (await asyncio.wait({attempt}, timeout=_TICK))[0]:
                self._check_going_on()
                if monotonic() > end:
                    raise BrowserGone("the browser does not answer")
            rendered = attempt.result()
        finally:
            attempt.cancel()
        if 0 < self._largest < len(rendered.html):
            raise RenderError(f"rendered, it is larger than {self._largest} bytes")
        return rendered

    async def _pause(self, seconds: float) -> None:
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._check_going_on()
            await asyncio.sleep(min(left, _TICK))

    def _check_going_on(self) -> None:
        if is_closing(self._crawler):
            raise LeftForLater("the crawl ended before the page was rendered")

    def _say(self, url: str, error: RenderError) -> None:
        """Counts a page that stays as it was served, and tells of the first one."""
        self._crawler.stats.inc_value(f"vov/render/failed/{'gone' if isinstance(error, BrowserGone) else 'page'}")
        reason = shown(masked(str(error)))[:_LONGEST_REASON]
        level = logging.DEBUG if self._has_said else logging.WARNING
        logger.log(level, "Not rendered, and read as served: %s (%s)", url, reason)
        self._has_said = True

    def _count(self, rendered: Rendered) -> None:
        stats = self._crawler.stats
        stats.inc_value("vov/render/rendered")
        stats.inc_value("vov/render/asked", rendered.asked)
        for why, count in rendered.blocked.items():
            stats.inc_value(f"vov/render/blocked/{why}", count)

    def _keep(self, request: Request, url: str, html: bytes) -> None:
        """Writes what the page has become beside the response, where responses are written."""
        responses, written = self._context.responses, request.meta.get(RECORD)
        if responses is None or written is None:
            return
        try:
            responses.write_conversion(written, url, datetime.now(UTC), html)
        except OSError as error:
            stop_for_store(self._crawler, error)


def _decoded(response: Response) -> str:
    """The text of a page: in UTF-8 if it can be, as it is read, and else as it declares."""
    try:
        return response.body.decode("utf-8")
    except UnicodeDecodeError:
        return response.text
