"""Keeps an article in the store, and ends the visit that gave it, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.items import Article
from vovcrawl.job import Job
from vovcrawl.stopping import stop_for_store
from vovcrawl.store import Kept
from vovcrawl.visits import Outcome, Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Unchanged(DropItem):
    """The store holds the article as it is: no line in the feed."""


class KeepArticle:
    """Upserts an article; the feeds get it only when it is new or revised, and only once it is committed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._job = Job.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepArticle:
        """The pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """The article, if it is new or revised."""
        try:
            kept = self._job.articles.keep(item)
            if item.page is not None:
                self._job.frontier.finish(
                    Visit(
                        item.page,
                        Outcome.ARTICLE,
                        status=200,
                        canonical_url=item.canonical_url,
                        published=item.date_published,
                    )
                )
            else:
                self._job.database.connection.commit()
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            raise DropItem(f"not kept: {item.canonical_url}", log_level="DEBUG") from None
        self._crawler.stats.inc_value(f"vov/pages/{Outcome.ARTICLE.value}")
        self._crawler.stats.inc_value(f"vov/articles/{kept.value}")
        if kept is Kept.UNCHANGED:
            raise Unchanged(f"unchanged: {item.canonical_url}", log_level="DEBUG")
        return item
