"""Gathers what a response gave: one `VisitResult` in place of many requests and items, each on its own way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.http import Response
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from vovcrawl.crawl import failures
from vovcrawl.crawl.requests import discovered
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.items import Article
from vovcrawl.visits import PAGE, Outcome, VisitResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class VisitResultMiddleware:
    """Keeps the result of a page without an article; one with an article waits for the pipelines to complete that.

    It stands closest to the engine, so that a user's own middlewares see ordinary requests and articles.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._results = VisitResults.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> VisitResultMiddleware:
        """The middleware of a crawler, listening for what becomes of its pages and articles."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_error, signal=signals.spider_error)
        crawler.signals.connect(middleware.item_error, signal=signals.item_error)
        crawler.signals.connect(middleware.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(middleware.item_scraped, signal=signals.item_scraped)
        return middleware

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """What does not belong to the visit: another attempt at the page, the article, and whatever is the user's."""
        visit = self._results.pending(_page(response))
        if visit is None:
            async for output in result:
                yield output
            return
        passed: list[Any] = []
        goes_on = False
        async for output in result:
            if isinstance(output, Request):
                found = discovered(output, self._crawler.spider, visit.url)  # type: ignore[arg-type]
                if found is not None:
                    visit.discovered.append(found)
                    continue
                goes_on = goes_on or output.meta.get(PAGE) == visit.url
            elif isinstance(output, Article) and visit.article is None:
                visit.article = output
                visit.outcome = Outcome.ARTICLE
            passed.append(output)
        if goes_on:
            visit.discovered.clear()
        elif visit.article is None:
            self._results.keep(visit)
        for output in passed:
            yield output

    def spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        """A page on which the program itself failed."""
        self._broke(failure, _page(response))

    def item_error(self, failure: Failure, response: Response | Failure | None) -> None:
        """An article on which a pipeline failed."""
        self._broke(failure, _page(response))

    def _broke(self, failure: Failure, url: str | None) -> None:
        if isinstance(failure.value, SQLAlchemyError):
            stop_for_store(self._crawler, failure.value)
        elif url is not None and failure.value is not None and self._results.pending(url) is not None:
            self._results.fail(url, failures.of_program(failure.value, failure.getErrorMessage()))

    def item_dropped(self, item: Any, response: Response | Failure | None, exception: BaseException) -> None:
        """An article that a user's pipeline dropped: its page is accounted for, and what it points to stays known."""
        visit = self._waiting(item, response)
        if visit is not None:
            visit.article, visit.dropped = None, True
            visit.outcome, visit.reason = Outcome.NO_ARTICLE, f"dropped by a pipeline: {exception}"
            self._results.keep(visit)

    def item_scraped(self, item: Any, response: Response | Failure | None) -> None:
        """An article that came out of the pipelines without having been kept, as where one made another thing of it."""
        visit = self._waiting(item, response)
        if visit is not None:
            self._results.keep(visit)

    def _waiting(self, item: Any, response: Response | Failure | None) -> VisitResult | None:
        """The visit that waits for this item."""
        visit = self._results.pending(_page(response))
        if visit is None or visit.article is None:
            return None
        is_another = isinstance(item, Article) and item.canonical_url != visit.article.canonical_url
        return None if is_another else visit


def _page(response: Response | Failure | None) -> str | None:
    """The page that was visited; None where the request was for none."""
    request = getattr(response, "request", None)
    return request.meta.get(PAGE) if request is not None else None
