"""Ends the visit of a page that gave no article to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.job import Job
from vovcrawl.stopping import stop_for_store
from vovcrawl.visits import Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.items import Article


class VisitEnded(DropItem):
    """The visit is kept in the store; it is no item for a feed."""


class EndVisit:
    """Keeps what came of a visit, in one transaction with everything found on the page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._frontier = Job.of(crawler).frontier

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> EndVisit:
        """The pipeline of a crawler."""
        return cls(crawler)

    def process_item(self, item: Article | Visit) -> Article:
        """An article goes on; a visit ends here."""
        if not isinstance(item, Visit):
            return item
        try:
            self._frontier.finish(item)
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
        raise VisitEnded(f"{item.outcome.value}: {item.address}", log_level="DEBUG")
