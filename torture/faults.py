"""Faults of a site that pass: which request meets one, and which."""

from __future__ import annotations

import threading
from collections import Counter
from enum import StrEnum
from random import Random

_STORY = ".vov"


class Fault(StrEnum):
    """What the site does instead of answering well."""

    ERROR = "500"
    BAD_GATEWAY = "502"
    BUSY = "503, Retry-After: 0"
    BUSY_FOR_A_SECOND = "503, Retry-After: 1"
    RESET = "connection reset"
    TRUNCATED = "body cut short"
    SHELL = "empty article"
    BLOCKED = "Attention Required"
    SLOW = "slow answer"

    @property
    def spoils(self) -> bool:
        """Whether the page has to be asked for again."""
        return self is not Fault.SLOW


class Faults:
    """A share of all requests meets a fault, by the url and by how often it was asked for: no fault lasts."""

    def __init__(self, share: float, seed: int) -> None:
        self._share = share
        self._seed = seed
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def next(self, path: str) -> Fault | None:
        """The fault that the next request for a url meets, if any."""
        with self._lock:
            self._asked[path] += 1
            times = self._asked[path]
        random = Random(f"{self._seed} {path} {times}")
        if random.random() >= self._share:
            return None
        # An article without text can be recognised; a listing without articles may be its end.
        kinds = [fault for fault in Fault if fault is not Fault.SHELL or path.endswith(_STORY)]
        return random.choice(kinds)
