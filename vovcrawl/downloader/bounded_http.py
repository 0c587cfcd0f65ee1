"""HTTP responses whose head has an end: Twisted bounds each of its lines, but not how many there are.

Twisted names the class of its parser in the code that makes one, so that Scrapy replaces it afterwards, and
this module does as Scrapy does; whatever reaches into either for that is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers import http11

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_BYTES = 256 * 1024
"""Bytes of the lines before a body, interim responses included; real ones have two or three thousand."""

_A_LINE = 100
"""Bytes that a line takes in memory beyond its own."""


class EndlessHead(Exception):
    """The server sends more header lines than any response has."""


class _Parser(http11._LenientHTTPClientParser):
    _room = MOST_BYTES

    def lineReceived(self, line: bytes) -> None:
        self._room -= len(line) + _A_LINE
        if self._room < 0:
            raise EndlessHead(f"more than {MOST_BYTES} bytes of headers")
        super().lineReceived(line)


class _Protocol(http11._LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = _Parser
        return answer


class _Factory(http11._LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedHandler(http11.HTTP11DownloadHandler):
    """Scrapy's own handler, which gives up a response whose head does not end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
