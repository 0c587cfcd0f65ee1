"""`VOV_MIRROR`: another server in the newspaper's place, for tests, demonstrations and replays.

The mirror stands below every middleware, so that robots.txt, pages and redirects all come through it while the rest
of the crawler sees only the original urls. It wraps the handler that does the download, and can be wrapped itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler
from w3lib.http import basic_auth_header

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
        self._authorization: bytes | None = None
        if self._mirror is not None:
            self._mirror, self._authorization = _without_user(self._mirror)

    async def download_request(self, request: Request) -> Response:
        """The response to `request`, under its original url."""
        parts = urlsplit(request.url)
        if self._mirror is None or parts.hostname not in urls.HOSTS | urls.SERVICE_HOSTS:
            return await self._inner.download_request(request)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = request.replace(url=self._mirror + path, meta={**request.meta, "verbatim_url": True})
        sent.headers["Host"] = parts.netloc
        if self._authorization is not None:
            sent.headers["Authorization"] = self._authorization
        sent.meta.pop("proxy", None)
        sent.headers.pop("Proxy-Authorization", None)
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


def _without_user(mirror: str) -> tuple[str, bytes | None]:
    """The mirror's url without user and password, and the header that says them; None where there are none."""
    parts = urlsplit(mirror)
    _, at, host = parts.netloc.rpartition("@")
    header = basic_auth_header(unquote(parts.username or ""), unquote(parts.password or "")) if at else None
    return urlunsplit(parts._replace(netloc=host)), header
