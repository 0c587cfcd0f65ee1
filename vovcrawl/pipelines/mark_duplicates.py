"""Makes ready by what an article is compared with others, of which it may be a near-duplicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class MarkDuplicates:
    """Reads the words of an article before the store is locked for writing.

    `duplicate_of` itself is filled where the article is kept, in the same transaction, since it depends on all others.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._duplicates = CrawlContext.of(crawler).articles.duplicates

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MarkDuplicates:
        """The pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """The article as it is; an item of the user's own too."""
        if isinstance(item, Article):
            self._duplicates.wording(item)
        return item
