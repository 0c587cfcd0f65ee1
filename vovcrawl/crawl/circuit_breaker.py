"""Ends a crawl that comes to nothing but blocks, or to no response at all but errors of the server."""

from __future__ import annotations

from vovcrawl.visits import Outcome

IN_A_ROW = 10
"""So many visits in a row that failed alike end the crawl: further requests would be no use and no courtesy."""

_SERVER_ERROR = 500
"""The lowest status by which a server says that it fails."""


class CircuitBreaker:
    """Counts visits in a row that ended alike."""

    def __init__(self) -> None:
        self._last: Outcome | None = None
        self._in_a_row = 0

    def record(self, outcome: Outcome, status: int | None = None) -> Outcome | None:
        """Counts a visit.

        Returns:
            `BLOCKED` or `UNREACHABLE` at the visit that is to end the crawl, else None.
        """
        if status is not None and status >= _SERVER_ERROR:
            outcome = Outcome.UNREACHABLE
        self._in_a_row = self._in_a_row + 1 if outcome is self._last else 1
        self._last = outcome
        opens = outcome in (Outcome.BLOCKED, Outcome.UNREACHABLE) and self._in_a_row == IN_A_ROW
        return outcome if opens else None
