"""Scrapy's scheduler on the store: requests are rows of `pages`, so that nothing in memory is worth keeping."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.archive import FILE, FILE_META
from vovcrawl.job import Job
from vovcrawl.stopping import stop_for_store
from vovcrawl.store import Page
from vovcrawl.visits import FOUND, NOT_MODIFIED, PAGE, Found

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)


class StoreScheduler(BaseScheduler):
    """Hands out the pages of the walk, each as a request to the spider's callback for its kind."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._frontier = Job.of(crawler).frontier
        self._going_on: deque[Request] = deque()
        self._spider: Spider | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreScheduler:
        """The scheduler of the crawler's job."""
        return cls(crawler)

    def open(self, spider: Spider) -> Deferred[None] | None:
        """Remembers whose callbacks to use."""
        self._spider = spider
        return None

    def close(self, reason: str) -> Deferred[None] | None:
        """Nothing to save: everything is in the store."""
        return None

    def has_pending_requests(self) -> bool:
        """Whether visits are to be made or gone on with."""
        try:
            return bool(self._going_on) or self._frontier.has_pending()
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            return False

    def enqueue_request(self, request: Request) -> bool:
        """Goes on with a visit, or leaves it to the store whether a page is to be visited at all."""
        if request.meta.get(PAGE) is not None:
            self._going_on.append(request)
            return True
        found = request.meta.get(FOUND)
        if not isinstance(found, Found):
            logger.error("A request without an origin was left out: %s", request.url)
            return False
        self._frontier.discover(found)
        return True

    def next_request(self) -> Request | None:
        """The next visit, or None if there is none to make yet."""
        if self._going_on:
            return self._going_on.popleft()
        try:
            page = self._frontier.next()
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            return None
        return self._request(page) if page is not None else None

    def _request(self, page: Page) -> Request:
        conditions = {}
        if page.is_known:
            # The server need not send what the store holds.
            conditions = {
                name: value
                for name, value in (("If-None-Match", page.etag), ("If-Modified-Since", page.last_modified))
                if value
            }
        return Request(
            page.address,
            headers=conditions,
            callback=getattr(self._spider, f"read_{page.kind}"),
            errback=getattr(self._spider, "failed"),  # noqa: B009 - any spider of this project has it
            # The store keeps one row an address; Scrapy's own filter would only forget what a new start allows.
            dont_filter=True,
            meta={
                PAGE: page.address,
                **({"handle_httpstatus_list": [NOT_MODIFIED]} if conditions else {}),
                **(FILE_META if page.kind == FILE else {}),
            },
        )
