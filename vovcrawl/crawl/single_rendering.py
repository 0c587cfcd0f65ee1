"""Rendering a page outside of a crawl, as a crawl renders it: for `scrapy inspect` and `scrapy doctor`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from w3lib.encoding import html_to_unicode

from vovcrawl.crawl.configuration import Rendering
from vovcrawl.middlewares.robots import RobotsMiddleware
from vovcrawl.render.browser import BrowserGone
from vovcrawl.render.engines import open_browser

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.render.browser import Browser, Rendered

GRACE = 15.0
"""Seconds beyond its time for a page that a browser has to say that the time is over."""


async def render_once(crawler: Crawler, rendering: Rendering, url: str, page: bytes, charset: str | None) -> Rendered:
    """What a page becomes.

    Args:
        crawler: that asks for what the page asks for.
        rendering: by which browser, and for how long.
        url: of the page.
        page: as it was served, unpacked.
        charset: the encoding that the server declares.

    Raises:
        RenderError: it is not rendered; `BrowserGone` where the browser does not answer.
    """
    browser = _browser(crawler, rendering)
    try:
        return await asyncio.wait_for(browser.render(url, _decoded(page, charset)), rendering.timeout + GRACE)
    except TimeoutError:
        raise BrowserGone("the browser does not answer") from None
    finally:
        await browser.close()


async def check_browser(crawler: Crawler, rendering: Rendering) -> None:
    """Asks the browser for a sign of life.

    Raises:
        BrowserGone: it gives none.
    """
    browser = _browser(crawler, rendering)
    try:
        await asyncio.wait_for(browser.check(), rendering.timeout)
    except TimeoutError:
        raise BrowserGone(f"no answer within {rendering.timeout:g} seconds") from None
    finally:
        await browser.close()


def _browser(crawler: Crawler, rendering: Rendering) -> Browser:
    async def rules_of(host: str) -> str | None:
        robots = crawler.get_downloader_middleware(RobotsMiddleware)
        return await robots.rules_of(host) if robots is not None else ""

    return open_browser(rendering.engine, crawler, rules_of)


def _decoded(page: bytes, charset: str | None) -> str:
    """The text of a page: in UTF-8 if it can be, as it is read, and else as it declares."""
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError:
        declared = f"text/html; charset={charset}" if charset else None
        return str(html_to_unicode(declared, page, default_encoding="utf-8")[1])
