"""SIGHUP, SIGINT and SIGTERM: the first one ends the crawl once the pages in flight are kept, the second one at once.

A thread of its own waits for them, so that neither a slow server nor a statement that waits for the store keeps a
signal from being heard. Whatever has not ended in time is cut off: what is committed is safe, what is not is done again
by the next crawl.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from vovcrawl.crawl.stopping import end_run
from vovcrawl.downloader.slots import call_off_waiting
from vovcrawl.feeds.writer import FeedWriter
from vovcrawl.store.waiting import stop_waiting

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

GRACE = 7.0
"""Seconds that pages in flight have to arrive and be kept; with the cut that follows, a crawl ends within 10."""
PATIENCE = 5.0
"""Seconds that pages have to be kept where another program locks the store: the run's end is written after that."""
CUT = 1.2
"""Seconds for what a cut itself has to write; a second signal ends the crawl within 2."""


class Signals:
    """Ends a crawl on a signal.

    Args:
        crawler: whose run it is.
        stop: asks Scrapy to end in its own time; it is called with the signal, in the reactor's thread.
        call: runs a function in the reactor's thread, as `reactor.callFromThread` does.
    """

    def __init__(self, crawler: Crawler, stop: Callable[[int], None], call: Callable[..., Any]) -> None:
        self._crawler = crawler
        self._stop = stop
        self._call = call
        self._watched: list[signal.Signals] = []
        self.signal: int | None = None
        """The first signal that came."""

    def watch(self) -> None:
        """Begins to wait. Threads that are started from now on leave these signals alone, as this one does."""
        # `nohup` has a program ignore SIGHUP, which is to stay so.
        self._watched = [each for each in SIGNALS if signal.getsignal(each) != signal.SIG_IGN]
        signal.pthread_sigmask(signal.SIG_BLOCK, self._watched)
        threading.Thread(target=self._wait, name="signals", daemon=True).start()

    def _wait(self) -> None:
        self.signal = signal.sigwait(self._watched)
        # Here, since the reactor's thread may be waiting for the store.
        stop_waiting(PATIENCE)
        self._call(self._end)
        again = signal.sigtimedwait(self._watched, GRACE)
        stop_waiting(CUT / 4)
        self._call(self._cut, "the signal came again" if again else f"not ended within {GRACE:.0f} s")
        time.sleep(CUT)
        # Nothing is written any more: the main thread may be in the middle of something.
        os._exit(128 + self.signal)

    def _end(self) -> None:
        assert self.signal is not None
        self._stop(self.signal)
        call_off_waiting(self._crawler)

    def _cut(self, reason: str) -> None:
        """Ends the run and the process, whatever else is still at work."""
        assert self.signal is not None
        logger.warning("Cut off: %s; pages in flight are asked for again by the next crawl", reason)
        feeds = self._crawler.get_extension(FeedWriter)
        if feeds is not None:
            feeds.finish_at_once()
        status, _ = end_run(self._crawler, self.signal)
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)
