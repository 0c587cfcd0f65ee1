"""`VOV_MIRROR`: another server in the newspaper's place, for tests, demonstrations and replays.

The mirror stands below every middleware, so that robots.txt, pages and redirects all come through it while the rest
of the crawler sees only the original urls. It wraps the handler that does the download, and can be wrapped itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler

from vovcrawl import urls
from vovcrawl.crawl import configuration
from vovcrawl.downloader.bounded_http import BoundedHandler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class MirrorHandler(BaseDownloadHandler):
    """Downloads over HTTP and HTTPS; from the mirror where one is set and the host is the newspaper's."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._inner = build_from_crawler(BoundedHandler, crawler)
        self._mirror = configuration.mirror(crawler.settings)

    async def download_request(self, request: Request) -> Response:
        """The response to `request`, under its original url."""
        parts = urlsplit(request.url)
        if self._mirror is None or parts.hostname not in urls.HOSTS:
            return await self._inner.download_request(request)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = request.replace(url=self._mirror + path, meta={**request.meta, "verbatim_url": True})
        sent.headers["Host"] = parts.netloc
        sent.meta.pop("proxy", None)
        response = await self._inner.download_request(sent)
        if "download_latency" in sent.meta:
            request.meta["download_latency"] = sent.meta["download_latency"]
        location = (response.headers.get("Location") or b"").decode("latin-1")
        rest = location.removeprefix(self._mirror)
        if rest != location and rest[:1] in ("", "/", "?", "#"):
            response.headers["Location"] = f"{parts.scheme}://{parts.netloc}{rest}"
        return response.replace(url=request.url)

    async def close(self) -> None:
        """Closes the wrapped handler."""
        await self._inner.close()
