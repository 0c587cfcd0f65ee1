"""HTTP responses whose head has an end: Twisted bounds each of its lines, but not how many there are.

Twisted names the class of its parser in the code that makes one, so that Scrapy replaces it afterwards, and
this module does as Scrapy does; whatever reaches into either for that is here.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from scrapy.core.downloader.handlers import http11
from scrapy.http import Response
from twisted.web._newclient import STATUS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_BYTES = 256 * 1024
"""Bytes of the lines before a body, interim responses included; real ones have two or three thousand."""

_A_LINE = 100
"""Bytes that a line takes in memory beyond its own."""

_HEAD = "X-Vovcrawl-Head"
"""A header that brings a response's head past Scrapy, which has no other place for it; taken off by `take_head`."""


class EndlessHead(Exception):
    """The server sends more header lines than any response has."""


class _Parser(http11._LenientHTTPClientParser):
    _room = MOST_BYTES

    def lineReceived(self, line: bytes) -> None:
        self._room -= len(line) + _A_LINE
        if self._room < 0:
            raise EndlessHead(f"more than {MOST_BYTES} bytes of headers")
        super().lineReceived(line)


class _HeadKeepingParser(_Parser):
    _head: list[bytes]

    def lineReceived(self, line: bytes) -> None:
        if self.state == STATUS:
            # Anew after an interim response.
            self._head = []
        self._head.append(line.removesuffix(b"\r"))
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:
        self.headers.setRawHeaders(_HEAD.encode(), [b64encode(b"\r\n".join(self._head))])
        super().allHeadersReceived()  # type: ignore[no-untyped-call]


class _Protocol(http11._LenientHTTP11ClientProtocol):
    _parser_class: type[_Parser] = _Parser

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = self._parser_class
        return answer


class _HeadKeepingProtocol(_Protocol):
    _parser_class = _HeadKeepingParser


class _Factory(http11._LenientHTTP11ClientFactory):
    _protocol_class: type[_Protocol] = _Protocol

    def buildProtocol(self, addr: Any) -> _Protocol:
        return self._protocol_class(self._quiescentCallback)


class _HeadKeepingFactory(_Factory):
    _protocol_class = _HeadKeepingProtocol


class BoundedHandler(http11.HTTP11DownloadHandler):
    """Scrapy's own handler, which gives up a response whose head does not end."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _HeadKeepingFactory if crawler in _keeping_heads else _Factory


def keep_heads(crawler: Crawler) -> None:
    """Has the handlers that are made for `crawler` from now on keep the head of each response for `take_head`."""
    _keeping_heads.add(crawler)


def take_head(response: Response) -> bytes | None:
    """The head of a response as it came, taken off it: status line and header lines, each with CR LF, without the empty
    line after them. None where another handler than `BoundedHandler` has made the response."""
    encoded = response.headers.get(_HEAD)
    response.headers.pop(_HEAD, None)
    return b64decode(encoded) if encoded is not None else None


_keeping_heads: WeakSet[Crawler] = WeakSet()
