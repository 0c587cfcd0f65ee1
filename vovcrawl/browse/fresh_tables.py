"""Has the tables of a store on a server be at most a minute old whenever somebody looks at them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from vovcrawl.store.table_copy import CopyFailed, TableCopy

OLDEST = timedelta(minutes=1)
"""How old what is shown may be."""

_WAITED = 15.0
"""Seconds that a request waits until the tables are fresh; a first copy may take longer."""


class FreshTables:
    """Brings a copy up to date when it is looked at, in a thread of its own.

    Args:
        copy: what is looked at.
    """

    def __init__(self, copy: TableCopy) -> None:
        self.copy = copy
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copy")
        self._refreshing: asyncio.Future[None] | None = None
        self._is_closed = False

    def begin(self) -> None:
        """Begins to bring the copy up to date, unless that goes on already."""
        if self._refreshing is None or self._refreshing.done():
            loop = asyncio.get_running_loop()
            self._refreshing = loop.run_in_executor(self._thread, self.copy.refresh, lambda: not self._is_closed)
            # Who looks at the tables next is told; nobody may have waited.
            self._refreshing.add_done_callback(lambda ended: ended.cancelled() or ended.exception())

    async def why_not(self) -> str | None:
        """Brings the copy up to date; None once it is, or the one line that says why nothing can be shown."""
        fresh_at = self.copy.fresh_at
        if fresh_at is not None and datetime.now(UTC) - fresh_at < OLDEST:
            return None
        self.begin()
        assert self._refreshing is not None
        try:
            await asyncio.wait_for(asyncio.shield(self._refreshing), _WAITED)
        except TimeoutError:
            return f"the tables are being copied, {self.copy.progress:,} articles so far; look again in a while"
        except CopyFailed as error:
            return str(error)
        return None

    def close(self) -> None:
        """Ends what goes on, and waits for it."""
        self._is_closed = True
        self._thread.shutdown()
