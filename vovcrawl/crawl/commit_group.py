"""Results that are committed together, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from vovcrawl.store import ArchiveProgress, KeptVisit
from vovcrawl.visits import VisitResult

if TYPE_CHECKING:
    from vovcrawl.crawl.visit_results import VisitResults

Progress = Callable[[Sequence[VisitResult]], Sequence[ArchiveProgress]]
"""Says how far the files of an archive are read with these results, as they ended."""


class CommitGroup:
    """Waits until every article of a group has come through the pipelines, or been dropped there, and commits once.

    Args:
        results: of the crawl.
        visits: those of the group, in the order in which they are kept; those with an article are in the pipelines.
        progress: what is committed with them.
    """

    def __init__(self, results: VisitResults, visits: Sequence[VisitResult], progress: Progress) -> None:
        self._results = results
        self._order = {visit.key: place for place, visit in enumerate(visits)}
        self._gathered = {visit.key: visit for visit in visits if visit.article is None}
        self._articles = len(visits) - len(self._gathered)
        self._progress = progress
        self._waiting: dict[str, asyncio.Future[KeptVisit | None]] = {}
        self._passed = 0
        self._is_committed = False

    def __enter__(self) -> CommitGroup:
        self._results.commit_group = self
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._results.commit_group = None
        if error is None and not self._is_committed:
            self._commit()
        for future in self._waiting.values():
            if not future.done():
                future.cancel()

    def gathers(self, result: VisitResult) -> bool:
        """Whether a result is one of the group; if so, it is committed with it."""
        if self._is_committed or result.key not in self._order:
            return False
        self._gathered[result.key] = result
        return True

    def has_gathered(self, result: VisitResult) -> bool:
        """Whether a result waits for the commit."""
        return result.key in self._gathered

    async def add(self, result: VisitResult) -> KeptVisit | None:
        """Waits for the commit; None where the store failed."""
        self._gathered[result.key] = result
        future: asyncio.Future[KeptVisit | None] = asyncio.get_running_loop().create_future()
        self._waiting[result.key] = future
        self._commit_if_all_came()
        return await future

    def passed(self, _: object) -> None:
        """Notes that an article has left the pipelines: before the commit only one that was dropped there can."""
        self._passed += 1
        self._commit_if_all_came()

    def _commit_if_all_came(self) -> None:
        if not self._is_committed and len(self._waiting) + self._passed >= self._articles:
            self._commit()

    def _commit(self) -> None:
        self._is_committed = True
        gathered = sorted(self._gathered.values(), key=lambda result: self._order[result.key])
        kept = self._results.keep_all(gathered, self._progress(gathered))
        for result, became in zip(gathered, kept, strict=True):
            future = self._waiting.get(result.key)
            if future is not None and not future.done():
                future.set_result(became)
