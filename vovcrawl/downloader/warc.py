"""`VOV_WARC`: writes every response of a crawl, as it came, with the request that asked for it.

It wraps the handler that downloads, below every middleware, so that it sees all that is asked for: robots.txt, each
attempt at a page, redirects, and pages that have not changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.utils.misc import build_from_crawler, load_object

from vovcrawl import urls
from vovcrawl.crawl.components import WRAPPED
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.downloader.bounded_http import keep_heads, take_head
from vovcrawl.visits import NOT_MODIFIED, RECORD

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.archives.warc_writing import Exchange

_SECRET = ("authorization", "proxy-authorization")
"""Headers of a request that are of this machine alone."""

_LOCATION = b"location:"

_TRUNCATED = {"download_stopped": "unspecified", "dataloss": "disconnect"}
"""What `WARC-Truncated` says where Scrapy has flagged a response so."""


class WarcHandler(BaseDownloadHandler):
    """Has another handler download, and writes what comes of it."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        context = CrawlContext.of(crawler)
        self._crawler = crawler
        self._responses = context.responses
        self._has_mirror = context.configuration.mirror is not None
        if self._responses is not None:
            keep_heads(crawler)
        self._inner: BaseDownloadHandler = build_from_crawler(load_object(crawler.settings[WRAPPED]), crawler)

    async def download_request(self, request: Request) -> Response:
        """The response to `request`, once it is written; that it is on the disk is seen to before its page is kept."""
        sent_at = datetime.now(UTC)
        response = await self._inner.download_request(request)
        if self._responses is None:
            return response
        exchange = self._exchange(request, response, sent_at)
        try:
            request.meta[RECORD] = self._responses.write(exchange)
        except OSError as error:
            # What it gives is not kept either: nothing is, from here on.
            stop_for_store(self._crawler, error)
        return response

    async def close(self) -> None:
        """Closes the wrapped handler; pages may still be kept, so that the files are closed with the store."""
        await self._inner.close()

    def _exchange(self, request: Request, response: Response, sent_at: datetime) -> Exchange:
        from vovcrawl.archives.warc_writing import Exchange

        url = urldefrag(request.url).url
        host = urlsplit(url).hostname
        is_from_site = (
            not (self._has_mirror and host in urls.HOSTS | urls.SERVICE_HOSTS) and "proxy" not in request.meta
        )
        return Exchange(
            url,
            sent_at,
            _request_head(request, url),
            request.body,
            _response_head(response),
            response.body,
            is_not_modified=response.status == NOT_MODIFIED,
            ip_address=str(response.ip_address) if is_from_site and response.ip_address is not None else None,
            truncated=next((_TRUNCATED[flag] for flag in response.flags if flag in _TRUNCATED), None),
        )


def _request_head(request: Request, url: str) -> bytes:
    """The head of a request as Twisted sends it to the site itself, without what is secret."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {target} HTTP/1.1".encode(), *_lines(request.headers, _SECRET)]
    if "Host" not in request.headers:
        lines.append(b"Host: " + parts.netloc.rpartition("@")[2].encode())
    if request.body and "Content-Length" not in request.headers:
        lines.append(b"Content-Length: %d" % len(request.body))
    return b"\r\n".join(lines) + b"\r\n"


def _response_head(response: Response) -> bytes:
    """The head of a response; it leads nowhere but where the crawler sees it lead, which is never to a mirror."""
    head = take_head(response)
    if head is None:
        status = f"{response.protocol or 'HTTP/1.1'} {response.status} {_phrase(response.status)}"
        head = b"\r\n".join([status.encode("latin-1"), *_lines(response.headers)]) + b"\r\n"
    location = response.headers.get("Location")
    if location is None:
        return head
    lines = head.split(b"\r\n")
    named = [line[: len(_LOCATION)].lower() == _LOCATION for line in lines]
    if sum(named) == 1:
        place = named.index(True)
        if lines[place][len(_LOCATION) :].strip() != location:
            lines[place] = lines[place][: len(_LOCATION)] + b" " + location
    return b"\r\n".join(lines)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _lines(headers: Headers, without: tuple[str, ...] = ()) -> list[bytes]:
    return [
        name + b": " + b" ".join(value.split())
        for name, values in headers.items()
        if name.decode("latin-1").lower() not in without
        for value in values
    ]
