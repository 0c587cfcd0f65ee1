"""The processes of a browser: what memory they take, and ending them. Where there is no /proc, neither is done."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PAGE = resource.getpagesize()
_MOST_PARENTS = 50


def parent(pid: int) -> int | None:
    """The process that has started another one; None where that is not known."""
    try:
        # What comes before the last bracket is a name, which may hold anything.
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def is_below(pid: int, ancestor: int) -> bool:
    """Whether a process was started by another, or by one that this one has started, and so on."""
    above: int | None = pid
    for _ in range(_MOST_PARENTS):
        above = parent(above) if above else None
        if above == ancestor:
            return True
    return False


def own_memory(pids: Iterable[int]) -> int:
    """Bytes that processes take beside what they share with others."""
    return sum(map(_own_memory, pids))


def _own_memory(pid: int) -> int:
    try:
        _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
    except (OSError, ValueError):
        return 0
    return (resident - shared) * _PAGE


def kill(pid: int | None, ancestor: int) -> None:
    """Ends a process at once if it is below another one: an id may be wrong, or that of a process of long ago."""
    if pid is not None and is_below(pid, ancestor):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
