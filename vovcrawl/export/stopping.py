"""Signals that end an export: what is half written is removed, what is being put in its place is finished first."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from vovcrawl.crawl.signals import SIGNALS


class Stopped(BaseException):
    """A signal came."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Waiting:
    """Signals that wait. A mask would not do: it is a thread's own, and the system hands a signal to any thread."""

    depth = 0
    number: int | None = None


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Has signals that end the process raise `Stopped`; in the main thread only."""
    before = {each: handler for each in SIGNALS if (handler := signal.getsignal(each)) != signal.SIG_IGN}
    try:
        for each in before:
            signal.signal(each, _stop)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    if _Waiting.depth:
        _Waiting.number = number
    else:
        raise Stopped(number)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Has signals that `stopped_by_signals` hears wait until this is done, and raises `Stopped` then."""
    _Waiting.depth += 1
    try:
        yield
    finally:
        _Waiting.depth -= 1
        if not _Waiting.depth and (number := _Waiting.number) is not None:
            _Waiting.number = None
            raise Stopped(number)
