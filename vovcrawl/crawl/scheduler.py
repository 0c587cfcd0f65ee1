"""Scrapy's scheduler on the store: requests are rows of `pages`, so that nothing in memory is worth keeping."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.requests import discovered, request_for
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.visits import PAGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred


class StoreScheduler(BaseScheduler):
    """Hands out the queued pages, each as a request to the spider's callback for its kind.

    Requests that are for no page of the crawl, as a user's own callback makes them, wait in memory: each is sent once.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        context = CrawlContext.of(crawler)
        self._frontier = context.frontier
        # Files are pages as well, and no request reads them.
        self._has_requests = context.arguments.uses_network
        self._results = VisitResults.of(crawler)
        self._in_memory: deque[Request] = deque()
        self._sent: set[bytes] = set()
        self._spider: Spider | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreScheduler:
        """The scheduler of a crawler."""
        return cls(crawler)

    def open(self, spider: Spider) -> Deferred[None] | None:
        """Remembers whose callbacks to use."""
        self._spider = spider
        return None

    def close(self, reason: str) -> Deferred[None] | None:
        """Nothing to save: everything is in the store."""
        return None

    def has_pending_requests(self) -> bool:
        """Whether pages wait, or other requests do."""
        try:
            return bool(self._in_memory) or (self._has_requests and self._frontier.has_pending())
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            return False

    def enqueue_request(self, request: Request) -> bool:
        """Takes another attempt at a page, leaves a discovered page to the store, or takes a request once."""
        assert self._spider is not None
        found = discovered(request, self._spider)
        if found is not None:
            self._frontier.discover(found)
            return True
        if PAGE not in request.meta and not request.dont_filter:
            assert self._crawler.request_fingerprinter is not None
            fingerprint = self._crawler.request_fingerprinter.fingerprint(request)
            if fingerprint in self._sent:
                return False
            self._sent.add(fingerprint)
        self._in_memory.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request, or None if there is none to send yet."""
        if self._in_memory:
            return self._in_memory.popleft()
        try:
            page = self._frontier.next() if self._has_requests else None
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            return None
        if page is None:
            return None
        assert self._spider is not None
        self._results.open(page.url)
        return request_for(page, self._spider)
