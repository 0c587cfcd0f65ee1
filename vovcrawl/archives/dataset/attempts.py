"""What kills the process that reads it: found by what each attempt left of where it was, and read no more.

An attempt writes where it is into a file of its own, which it removes when it ends. A process that is killed removes
nothing, so the files that are there tell the next attempt where others died.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self

from vovcrawl.visits import MOST_KILLS

SECONDS = 60
"""Of the processor that reading one page may take: thousands of times what an ordinary one takes."""

_ENDED_BY = f"reading it ended the process that read it {MOST_KILLS} times, or took more than {SECONDS} s"
_BEGIN, _AFTER = "begin", "after "
_LONGEST = 200


class GivenUp(Exception):
    """What comes next cannot be found: looking for it kills the process."""


class Attempt:
    """One attempt at a task, within `with`.

    Args:
        folder: where those of all tasks leave their files.
        task: the name of the task.
        is_limited: whether a page that takes too long kills the process: only if another one is started in its place.
    """

    def __init__(self, folder: Path, task: str, *, is_limited: bool) -> None:
        died = Counter(path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob(f"{task}.*.attempt")))
        self._given_up = {position for position, kills in died.items() if kills >= MOST_KILLS}
        self._path = folder / f"{task}.{token_hex(8)}.attempt"
        self._descriptor = -1
        self._is_limited = is_limited

    def __enter__(self) -> Self:
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            self._go_to(_BEGIN)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._limit(0)
        os.close(self._descriptor)
        self._path.unlink(missing_ok=True)

    def before(self, position: str) -> str | None:
        """Notes that a page is read; a reason is why it is not to be."""
        if _known_as(position) in self._given_up:
            return _ENDED_BY
        self._write(position)
        self._limit(SECONDS)
        return None

    def after(self, position: str) -> None:
        """Notes that a page was read, and the next one is looked for.

        Raises:
            GivenUp: that has killed too many attempts.
        """
        self._limit(0)
        self._go_to(f"{_AFTER}{position}")

    def _go_to(self, place: str) -> None:
        if _known_as(place) in self._given_up:
            raise GivenUp(_ENDED_BY)
        self._write(place)

    def _write(self, place: str) -> None:
        os.pwrite(self._descriptor, f"{_known_as(place):{_LONGEST}}".encode(), 0)

    def _limit(self, seconds: int) -> None:
        if self._is_limited:
            # Its signal ends the process whatever that is busy with: nothing in Python could.
            signal.setitimer(signal.ITIMER_PROF, seconds)


def _known_as(place: str) -> str:
    """A place as a file has it, in so many bytes at most."""
    if place.isascii() and place.isprintable() and len(place) <= _LONGEST:
        return place
    return blake2b(place.encode(errors="surrogateescape")).hexdigest()
