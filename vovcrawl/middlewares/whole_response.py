"""Responses that cannot be unpacked to what was sent: that break off and do not show it, or are packed many times over.

Half a page would be read as a short article. Scrapy itself sees where fewer bytes came than were announced, or a chunk
is missing. It does not see where a packed body was cut before it was sent, or where no length was announced and the
connection was closed.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Response

from vovcrawl.pages.page_end import ends
from vovcrawl.visits import PAGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_OK = 200
_MOST_ENCODINGS = 3
"""Encodings of one response, each of which is unpacked by itself; servers use one."""


class WholeResponseMiddleware:
    """Asks again for a page whose response breaks off, as Scrapy does after other losses, and gives none in the end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._retries = crawler.settings.getbool("RETRY_ENABLED")
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WholeResponseMiddleware:
        """The middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response if it is whole, else another attempt.

        Raises:
            IgnoreRequest: it is packed more often than any server does.
            ResponseDataLossError: no attempt is left.
        """
        if len(_encodings(response)) > _MOST_ENCODINGS:
            raise IgnoreRequest(f"packed in more than {_MOST_ENCODINGS} encodings")
        if response.status != _OK or not response.body or PAGE not in request.meta or self._is_whole(response):
            return response
        error = ResponseDataLossError("the response breaks off")
        again = None
        if self._retries and not request.meta.get("dont_retry"):
            assert self._crawler.spider is not None
            again = get_retry_request(request, spider=self._crawler.spider, reason=error)
        if again is None:
            raise error
        return again

    def _is_whole(self, response: Response) -> bool:
        encodings = _encodings(response)
        if encodings:
            return unpacks(response.body, encodings[-1], self._largest)
        return "partial" not in response.flags or ends(response.body)


def _encodings(response: Response) -> list[bytes]:
    """The names of a response's encodings, the first one applied first."""
    written = b",".join(response.headers.getlist("Content-Encoding"))
    return [name for name in (part.strip().lower() for part in written.split(b",")) if name]


def unpacks(body: bytes, encoding: bytes, largest: int) -> bool:
    """Whether packed data comes to its end, or to more than `largest` bytes, which is for others to judge.

    Args:
        body: the data.
        encoding: as HTTP names it; only what this crawler asks servers for can be judged, gzip and deflate.
        largest: 0 is no limit.
    """
    if encoding not in (b"gzip", b"x-gzip", b"deflate"):
        return True
    raw = encoding == b"deflate" and not _has_header(body)
    unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS if raw else zlib.MAX_WBITS + 32)
    try:
        unpacked = unpacking.decompress(body, largest + 1 if largest else 0)
    except zlib.error:
        return False
    return unpacking.eof or 0 < largest < len(unpacked)


def _has_header(body: bytes) -> bool:
    """Whether data begins as RFC 1950 has it; some servers send "deflate" without."""
    return len(body) >= 2 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
