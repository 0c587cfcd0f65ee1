"""What a crawl says while it runs: a bar on a terminal, elsewhere a line of the log once a minute."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.archives.stat_names import BYTES_READ, BYTES_TOTAL
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.visits import FAILURES, Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_MINUTE = 60.0
_REFRESH = 1.0
"""Seconds between two looks at the store for the bar."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a crawl has come."""

    done: int
    """Visits that ended in this run, those that failed included."""
    queued: int
    failed: int
    a_minute: float
    """Pages done in the last minute, or in as much of it as has passed, reckoned up to a minute."""
    bytes_read: int = 0
    """Of the files of an archive that hold many pages, those that earlier runs have read included."""
    bytes_total: int = 0
    """How large those files are; 0 where the crawl reads none."""
    bytes_a_minute: float = 0.0
    """As `a_minute`."""

    @property
    def minutes_left(self) -> float | None:
        """What the queued pages will take; more may be discovered on them. None where no page is done yet.

        Of an archive with files of many pages, what the rest of those files will take: nobody knows their pages.
        """
        if self.bytes_total:
            return (self.bytes_total - self.bytes_read) / self.bytes_a_minute if self.bytes_a_minute else None
        return self.queued / self.a_minute if self.a_minute else None

    @property
    def share(self) -> str:
        """How much of an archive is read, in words; '' where it is no such archive."""
        if not self.bytes_total:
            return ""
        return f"{self.bytes_read / self.bytes_total:.0%} of {self.bytes_total / 1e6:,.0f} MB read"


class Meter:
    """Counts and speed of a crawl.

    Args:
        stats: gives the crawl's stats.
        remaining: gives the number of pages queued; it is asked once a look.
        clock: gives seconds.
    """

    def __init__(
        self,
        stats: Callable[[], Mapping[str, Any]],
        remaining: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stats = stats
        self._remaining = remaining
        self._clock = clock
        self._looks: deque[tuple[float, int, int]] = deque([(clock(), 0, 0)])
        self._queued = 0
        self._has_read = False

    def look(self) -> State:
        """How far the crawl has come by now."""
        stats = self._stats()
        done = sum(int(stats.get(f"vov/pages/{outcome.value}", 0)) for outcome in Outcome)
        failed = sum(int(stats.get(f"vov/pages/{outcome.value}", 0)) for outcome in FAILURES)
        try:
            self._queued = self._remaining()
        except SQLAlchemyError as error:
            # Whoever needs the store reports its failure.
            logger.debug("The number of queued pages is not known: %s", error)
        now = self._clock()
        total, read = int(stats.get(BYTES_TOTAL, 0)), int(stats.get(BYTES_READ, 0))
        if read and not self._has_read:
            # What an earlier run read says nothing of the speed of this one.
            self._has_read = True
            self._looks = deque((moment, count, read) for moment, count, _ in self._looks)
        self._looks.append((now, done, read))
        while len(self._looks) > 2 and self._looks[1][0] <= now - _MINUTE:
            self._looks.popleft()
        since, done_before, read_before = self._looks[0]
        minutes = (now - since) / _MINUTE
        speed = (done - done_before) / minutes if minutes > 0 else 0.0
        bytes_a_minute = (read - read_before) / minutes if minutes > 0 else 0.0
        return State(done, self._queued, failed, speed, read, total, bytes_a_minute)


class _Display(Protocol):
    def show(self, state: State) -> None: ...

    def close(self) -> None: ...


class _Lines:
    """Lines of the log."""

    def show(self, state: State) -> None:
        left = state.minutes_left
        logger.info(
            "%s pages a minute: %s done, %s queued, %s failed%s%s",
            f"{state.a_minute:,.0f}",
            f"{state.done:,}",
            f"{state.queued:,}",
            f"{state.failed:,}",
            f", {state.share}" if state.share else "",
            f", {_span(left)} left" if state.share and left is not None else "",
        )

    def close(self) -> None:
        pass


class _Bar:
    """A bar below the lines of the log."""

    def __init__(self, terminal: IO[str]) -> None:
        # Only where there is a terminal to draw on: it is the slowest of all imports.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = Console(file=terminal, force_terminal=True, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[left]}"),
            console=self._console,
            # Drawn where the numbers change: no thread of its own, and nothing between the parts of a line.
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            transient=True,
        )
        self._task = self._progress.add_task("Starting", total=1, left="")
        self._progress.start()
        # A crawl that is killed is to leave the terminal as it was.
        self._console.show_cursor(True)
        self._log = _log_on(terminal)
        if self._log is not None:
            self._log.setStream(_AboveBar(self._print, terminal))
        self._terminal = terminal
        atexit.register(self.close)

    def _print(self, text: str) -> None:
        # As it is, and left to the terminal to wrap: neither markup nor a line's end is to be put into it.
        self._console.print(text.removesuffix("\n"), markup=False, emoji=False, soft_wrap=True)

    def show(self, state: State) -> None:
        left = state.minutes_left
        self._progress.update(
            self._task,
            description=(
                f"{state.done:,} done, {state.queued:,} queued, {state.failed:,} failed, {state.a_minute:,.0f} a minute"
            ),
            completed=state.bytes_read if state.bytes_total else state.done,
            total=max(1, state.bytes_total or state.done + state.queued),
            left=f"{_span(left)} left" if left is not None and (state.queued or state.bytes_total) else "",
        )
        self._progress.refresh()

    def close(self) -> None:
        atexit.unregister(self.close)
        if self._log is not None:
            self._log.setStream(self._terminal)
        self._progress.stop()


class _AboveBar:
    """The stream of the log while a bar is drawn."""

    def __init__(self, write: Callable[[str], None], terminal: IO[str]) -> None:
        self._write = write
        self._terminal = terminal

    def write(self, text: str) -> None:
        self._write(text)

    def flush(self) -> None:
        self._terminal.flush()


def _span(minutes: float) -> str:
    if minutes < 1:
        return "<1 min"
    if minutes < 100:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:,.0f} h" if minutes < 100 * 60 else f"{minutes / 60 / 24:,.0f} days"


def _log_on(terminal: IO[str]) -> logging.StreamHandler[Any] | None:
    """Scrapy's handler of the log, if it writes to the terminal."""
    handler = get_scrapy_root_handler()
    return handler if isinstance(handler, logging.StreamHandler) and handler.stream is terminal else None


class Progress:
    """Shows how far the crawl has come, from its beginning to its end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._task = create_looping_call(self.show)
        self._meter: Meter | None = None
        self._display: _Display | None = None
        self._interval = crawler.settings.getfloat("LOGSTATS_INTERVAL")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """The extension, listening for the crawl's beginning and end."""
        quiet = CrawlContext.of(crawler).configuration.quiet
        if quiet or not (_draws(sys.stderr) or crawler.settings.getfloat("LOGSTATS_INTERVAL")):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Begins to show."""
        self._meter = Meter(self._crawler.stats.get_stats, CrawlContext.of(self._crawler).frontier.remaining)
        if _draws(sys.stderr):
            self._display = _Bar(sys.stderr)
            self._task.start(_REFRESH)
        else:
            self._display = _Lines()
            self._task.start(self._interval, now=False)

    def show(self) -> None:
        """Shows the state of this moment."""
        if self._meter is not None and self._display is not None:
            self._display.show(self._meter.look())

    def spider_closed(self) -> None:
        """Leaves the terminal to what is said in the end."""
        if self._task.running:
            self._task.stop()
        if self._display is not None:
            self._display.close()


def _draws(terminal: IO[str]) -> bool:
    """Whether a bar can be drawn on it."""
    return terminal.isatty() and os.environ.get("TERM", "") not in ("", "dumb", "unknown")
