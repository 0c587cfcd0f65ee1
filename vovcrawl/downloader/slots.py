"""How many requests a host gets at a time, and how long it is left alone between two and after one.

Scrapy keeps a host's pace in its download slot and offers nothing public to change it while a crawl runs; whatever
reaches into slots is here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from vovcrawl.downloader.turns import CalledOff, HostTurns

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_TICK = 1.0
"""Seconds at most until a crawl that is to end notices it during a pause."""

_ENDED = "the crawl ended before the page was asked for"


class LeftForLater(IgnoreRequest):
    """The crawl ended before the request was sent."""


class CountingDownloader(Downloader):
    """Scrapy's downloader, held to the concurrency that the settings give.

    Without a delay Scrapy sends all requests that wait for a host at once: it counts one only when the task that sends
    it has begun, and by then has taken the next one too. Nor does Scrapy wait until a response is kept before it sends
    more requests, which a kill would make it send again.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.turns = HostTurns.of(crawler, lambda: is_closing(crawler))

    def needs_backout(self) -> bool:
        """Whether enough pages are in flight, from the request until they are kept."""
        engine = self.crawler.engine
        answered = engine.scraper.slot.active if engine is not None and engine.scraper.slot is not None else ()
        return super().needs_backout() or 0 < self.total_concurrency <= len(self.active) + len(answered)

    def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)

    async def _download(self, slot: Slot, request: Request) -> Response:
        if self.turns is None:
            return await super()._download(slot, request)
        try:
            async with self.turns.taken(request, slot):
                return await super()._download(slot, request)
        except CalledOff:
            # As Scrapy's own does in any case.
            slot.transferring.discard(request)
            raise LeftForLater(_ENDED) from None


@asynccontextmanager
async def host_turn(crawler: Crawler, request: Request) -> AsyncIterator[None]:
    """Has no other worker ask a request's host for anything meanwhile, as Scrapy has no other request of this one.

    Raises:
        LeftForLater: the crawl ended before.
    """
    downloader = crawler.engine.downloader if crawler.engine is not None else None
    if not isinstance(downloader, CountingDownloader) or downloader.turns is None:
        yield
        return
    _, slot = downloader._get_slot(request)
    try:
        async with downloader.turns.taken(request, slot):
            yield
    except CalledOff:
        raise LeftForLater(_ENDED) from None


def least_delay(crawler: Crawler, key: str) -> float:
    """The delay that a slot's own must not fall below."""
    own = crawler.engine.downloader.per_slot_settings.get(key, {})
    return float(own.get("delay", crawler.settings.getfloat("DOWNLOAD_DELAY")))


def lengthen_delay(crawler: Crawler, key: str, seconds: float) -> bool:
    """Sees to it that no two requests of a slot are less than `seconds` apart; whether that changes anything.

    Jitter takes from a delay as much as it adds, so that `seconds` becomes the lower end of the range.
    """
    downloader = crawler.engine.downloader
    own = downloader.per_slot_settings.get(key, {})
    delay, jitter = least_delay(crawler, key), float(own.get("jitter", downloader._jitter))
    if seconds <= delay * (1 - jitter):
        return False
    longest = max(delay, seconds) * (1 + jitter)
    delay, jitter = (seconds + longest) / 2, (longest - seconds) / (longest + seconds)
    # Scrapy drops a slot that was idle for a minute; the next one is made from these.
    downloader.per_slot_settings[key] = {**own, "delay": delay, "jitter": jitter}
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay, slot.jitter = max(slot.delay, delay), jitter
    return True


def ask_for_next(crawler: Crawler) -> None:
    """Has Scrapy look for the next request, which by itself it does when a response has come."""
    engine = crawler.engine
    if engine is not None and engine._slot is not None and not is_closing(crawler):
        engine._slot.nextcall.schedule()


def is_closing(crawler: Crawler) -> bool:
    """Whether the crawl is to end."""
    engine = crawler.engine
    return engine is None or engine._slot is None or engine._slot.closing is not None


def call_off_waiting(crawler: Crawler) -> None:
    """Calls off what waits for its turn: a crawl that is to end sends nothing more."""
    engine = crawler.engine
    for slot in engine.downloader.slots.values() if engine is not None else ():
        if slot.latercall is not None:
            slot.latercall.cancel()
            slot.latercall = None
        _call_off(slot)


def _call_off(slot: Slot) -> None:
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Failure(LeftForLater(_ENDED)))  # type: ignore[no-untyped-call]


class Pauses:
    """Times in which nothing is sent to a host, whatever waits for it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._turns = HostTurns.of(crawler, lambda: is_closing(crawler))
        self._until: dict[str, float] = {}
        crawler.signals.connect(self._request_waits, signal=signals.request_reached_downloader)

    def extend(self, key: str, seconds: float, request: Request) -> None:
        """Sends nothing to the slot's host for so long, or longer where that was promised before.

        Args:
            key: of the slot.
            seconds: for how long.
            request: by which the host asked for that; workers that share it are told.
        """
        if self._turns is not None:
            self._turns.pause(request, seconds)
        self._until[key] = max(self._until.get(key, 0.0), monotonic() + seconds)
        self._hold(key)

    def _hold(self, key: str) -> None:
        slot = self._crawler.engine.downloader.slots.get(key)
        if slot is None:
            return
        if slot.latercall is not None:
            slot.latercall.cancel()
        left = max(0.0, self._until[key] - monotonic())
        # Scrapy takes nothing from the queue of a slot that waits for a call.
        slot.latercall = call_later(min(left, _TICK), self._go_on, key, slot)

    def _go_on(self, key: str, slot: Slot) -> None:
        slot.latercall = None
        engine = self._crawler.engine
        if is_closing(self._crawler):
            _call_off(slot)
        elif self._until[key] > monotonic():
            self._hold(key)
        else:
            engine.downloader._process_queue(slot)

    def _request_waits(self, request: Request) -> None:
        """Holds a slot that was dropped and made anew during the pause."""
        key = request.meta["download_slot"]
        if self._until.get(key, 0.0) > monotonic():
            self._hold(key)
