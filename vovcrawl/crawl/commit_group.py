"""Results that are committed together, in one transaction."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING

from vovcrawl.store import KeptVisit
from vovcrawl.visits import VisitResult

if TYPE_CHECKING:
    from vovcrawl.crawl.visit_results import VisitResults


class CommitGroup:
    """Waits until every article of a group has come through the pipelines, or been dropped there, and commits once.

    Args:
        results: of the crawl.
        without: results that wait for no article.
        articles: how many articles are in the pipelines.
    """

    def __init__(self, results: VisitResults, without: list[VisitResult], articles: int) -> None:
        self._results = results
        self._gathered = list(without)
        self._articles = articles
        self._waiting: list[asyncio.Future[KeptVisit | None]] = []
        self._passed = 0
        self._is_committed = False

    def __enter__(self) -> CommitGroup:
        self._results.commit_group = self
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._results.commit_group = None
        if error is None and not self._is_committed:
            self._commit()
        for future in self._waiting:
            if not future.done():
                future.cancel()

    async def add(self, result: VisitResult) -> KeptVisit | None:
        """Waits for the commit; None where the store failed."""
        self._gathered.append(result)
        future: asyncio.Future[KeptVisit | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
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
        kept = self._results.keep_all(self._gathered)
        with_article = kept[len(kept) - len(self._waiting) :]
        for future, result in zip(self._waiting, with_article, strict=True):
            if not future.done():
                future.set_result(result)
