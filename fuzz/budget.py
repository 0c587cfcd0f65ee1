"""How much CPU time an input may take: no more than 100 times its fair share.

The fair share is what a target, or its yardstick, takes for a byte of its seeds, in the process that measures and
under the same instrumentation. Short inputs count as 2,000 bytes, since every call has a cost of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import process_time_ns

from fuzz.invariants import Broken

MOST = 100
"""Times the fair share that an input may take."""

SHORT = 2000
"""Bytes that an input counts as having at least."""

_ATTEMPTS = 4
"""How often a slow input is measured before it is called slow: other work on the machine is no finding."""


class Slow(Broken):
    """Raised for an input that takes too long."""


class Budget:
    """The fair share of one target, and the slowest input so far.

    Args:
        read: the target.
        seeds: ordinary inputs.
        yardstick: reads them for the fair share instead, where the target has a short way for ordinary inputs that
            others cannot take.
    """

    def __init__(
        self,
        read: Callable[[bytes], object],
        seeds: Sequence[bytes],
        yardstick: Callable[[bytes], object] | None = None,
    ) -> None:
        self._read = yardstick or read
        self.worst = 0.0
        """Times the fair share that the slowest input took."""
        total = sum(max(len(seed), SHORT) for seed in seeds)
        for seed in seeds:
            read(seed)
        rounds = [sum(self._measured(seed) for seed in seeds) for _ in range(3)]
        self.nanoseconds_a_byte = max(min(rounds) / total, 0.1)
        self._read = read

    def _measured(self, data: bytes) -> int:
        start = process_time_ns()
        self._read(data)
        return process_time_ns() - start

    def share(self, data: bytes, nanoseconds: int) -> float:
        """Times the fair share of `data` that so much CPU time is."""
        return nanoseconds / (self.nanoseconds_a_byte * max(len(data), SHORT))

    def check(self, data: bytes, nanoseconds: int) -> bool:
        """Whether `data`, which took so much CPU time, is the slowest input so far.

        Raises:
            Slow: it took too long, and took it again each time.
        """
        share = self.share(data, nanoseconds)
        if share <= self.worst:
            return False
        for _ in range(_ATTEMPTS):
            share = min(share, self.share(data, self._measured(data)))
            if share <= self.worst:
                return False
        self.worst = share
        if share > MOST:
            raise Slow(f"{share:.0f} times the fair share of {len(data)} bytes")
        return True
