"""Keeps an article in the store, with all else that its page gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Unchanged(DropItem):
    """The store holds the article's current text already: no line in the feed."""


class KeepArticle:
    """Commits an article; the feeds get it only when it is new or revised, and only once it is committed."""

    def __init__(self, crawler: Crawler) -> None:
        self._results = VisitResults.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepArticle:
        """The pipeline of a crawler."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """The article, if it is new or revised; an item of the user's own as it is.

        Raises:
            Unchanged: the store holds it already.
            DropItem: the store failed.
            TypeError: what a pipeline has added cannot be written as JSON.
        """
        if not isinstance(item, Article):
            return item
        if not isinstance(item.extra, dict):
            raise TypeError(f"extra is to be a dict of what JSON can hold, not {type(item.extra).__name__}")
        visit = self._results.awaiting(item)
        if visit is None:
            kept = self._results.keep_article(item)
        else:
            visit.article = item
            committed = await self._results.keep_soon(visit)
            kept = committed.article if committed is not None else None
        if kept is None:
            raise DropItem(f"not kept: {item.canonical_url}", log_level="DEBUG")
        if not kept.is_line:
            raise Unchanged(f"{kept.value}: {item.canonical_url}", log_level="DEBUG")
        return item
