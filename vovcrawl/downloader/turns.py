"""A host's turn, where several workers ask it: one request at a time, and the delay kept, whoever sends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import maybe_deferred_to_future
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred

from vovcrawl import urls
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.stopping import stop_for_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler

_SHORTEST, _LONGEST = 0.004, 0.064
"""Seconds between two looks at a turn that another worker has: a request takes some tens of milliseconds at least."""

_TICK = 1.0
"""Seconds at most until a crawl that is to end notices it while it waits."""


class CalledOff(Exception):
    """The crawl ends: the request is not to be sent."""


class HostTurns:
    """The turns of the newspaper's hosts, as one worker takes them.

    Args:
        crawler: whose requests they are.
        is_closing: says whether the crawl is to end.
    """

    def __init__(self, crawler: Crawler, is_closing: Callable[[], bool]) -> None:
        context = CrawlContext.of(crawler)
        assert context.database.workers is not None
        self._crawler = crawler
        self._is_closing = is_closing
        self._workers = context.database.workers
        mirror = context.configuration.mirror
        self._mirror = urlsplit(mirror).netloc.rpartition("@")[2] if mirror is not None else None

    @classmethod
    def of(cls, crawler: Crawler, is_closing: Callable[[], bool]) -> HostTurns | None:
        """Those of a crawl that is one of several workers; None of every other one."""
        if not CrawlContext.is_given_to(crawler) or CrawlContext.of(crawler).database.workers is None:
            return None
        return cls(crawler, is_closing)

    def host(self, request: Request) -> str | None:
        """The server that is asked, which may be a mirror; None of what is not the newspaper's."""
        parts = urlsplit(request.url)
        if parts.hostname not in urls.HOSTS | urls.SERVICE_HOSTS:
            return None
        return self._mirror or parts.netloc.rpartition("@")[2]

    @asynccontextmanager
    async def taken(self, request: Request, slot: Slot) -> AsyncIterator[None]:
        """Waits for the turn, and has it until the response is there.

        Raises:
            CalledOff: the crawl ends before.
        """
        host = self.host(request)
        if host is None:
            yield
            return
        try:
            await self._take(host, slot)
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            raise CalledOff from None
        try:
            yield
        finally:
            try:
                self._workers.end_turn(host)
            except SQLAlchemyError as error:
                stop_for_store(self._crawler, error)

    async def _take(self, host: str, slot: Slot) -> None:
        step = _SHORTEST
        while not self._is_closing():
            left = self._workers.take_turn(host, slot.download_delay())
            if left is None:
                return
            await _sleep(min(max(left, step), _TICK))
            step = min(step * 2, _LONGEST)
        raise CalledOff

    def pause(self, request: Request, seconds: float) -> None:
        """Has no worker send anything to the host for so long."""
        host = self.host(request)
        if host is None:
            return
        try:
            self._workers.pause(host, seconds)
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)


async def _sleep(seconds: float) -> None:
    passed: Deferred[None] = Deferred()
    call_later(seconds, passed.callback, None)
    await maybe_deferred_to_future(passed)
