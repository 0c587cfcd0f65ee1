"""What a response gave reaches the store whole, whatever a user's own parts do with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from sqlalchemy import select
from twisted.python.failure import Failure

from tests.crawlers import make_crawler
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.requests import request_of
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.items import Article
from vovcrawl.middlewares.visit_results import VisitResultMiddleware
from vovcrawl.pipelines.keep_article import KeepArticle
from vovcrawl.store.tables import articles, pages
from vovcrawl.visits import PAGE, Discovered, Outcome

URL = "https://vov.vn/xa-hoi/cau-moi-post1.vov"
OTHER = "https://vov.vn/xa-hoi/cau-cu-post2.vov"


@pytest.fixture
def crawler(tmp_path: Path) -> Iterator[Crawler]:
    made, context, _ = make_crawler(tmp_path, urls=URL, related="1")
    context.frontier.add([Discovered(URL, "article")])
    assert context.frontier.next() is not None
    VisitResults.of(made).open(URL)
    yield made
    context.close()


def article() -> Article:
    return Article(
        id="post1", url=URL, canonical_url=URL, content_type="article", headline="Cầu mới", template="drupal-2026"
    )


def link(crawler: Crawler) -> Request:
    assert crawler.spider is not None
    return request_of(Discovered(OTHER, "article", discovered_on=URL), crawler.spider)


def response() -> Response:
    return Response(URL, request=Request(URL, meta={PAGE: URL}))


def failure(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]


def gathered(crawler: Crawler, outputs: Iterable[Any], middleware: VisitResultMiddleware | None = None) -> list[Any]:
    """What the middleware passes on of what a callback yields."""
    middleware = middleware or VisitResultMiddleware.from_crawler(crawler)

    async def given() -> AsyncIterator[Any]:
        for output in outputs:
            yield output

    async def passed() -> list[Any]:
        return [output async for output in middleware.process_spider_output(response(), given())]

    return asyncio.run(passed())


def states(crawler: Crawler) -> dict[str, str]:
    """The pages as committed."""
    connection = CrawlContext.of(crawler).database.connection
    connection.rollback()
    return {row.url: row.state for row in connection.execute(select(pages.c.url, pages.c.state))}


def kept(crawler: Crawler, item: Any) -> Any:
    return asyncio.run(KeepArticle.from_crawler(crawler).process_item(item))


def test_a_page_without_an_article_is_kept_with_its_links(crawler: Crawler) -> None:
    VisitResults.of(crawler).open(URL).outcome = Outcome.LISTING
    assert gathered(crawler, [link(crawler)]) == []
    assert states(crawler) == {URL: "done", OTHER: "queued"}


def test_nothing_of_a_page_is_kept_before_its_article_has_come_through_the_pipelines(crawler: Crawler) -> None:
    made = article()
    assert gathered(crawler, [made, link(crawler)]) == [made]
    assert states(crawler) == {URL: "in flight"}
    kept(crawler, made)
    assert states(crawler) == {URL: "done", OTHER: "queued"}


def test_an_article_that_a_pipeline_copied_ends_its_visit_all_the_same(crawler: Crawler) -> None:
    made = article()
    gathered(crawler, [link(crawler), made])
    kept(crawler, replace(made, headline="Cầu mới thông xe"))
    assert states(crawler) == {URL: "done", OTHER: "queued"}
    connection = CrawlContext.of(crawler).database.connection
    assert connection.scalar(select(articles.c.headline)) == "Cầu mới thông xe"


def test_an_article_that_a_pipeline_dropped_accounts_for_its_page_and_its_links_stay(crawler: Crawler) -> None:
    middleware = VisitResultMiddleware.from_crawler(crawler)
    made = article()
    gathered(crawler, [made, link(crawler)], middleware)
    middleware.item_dropped(made, response(), DropItem("not of interest"))
    assert states(crawler) == {URL: "done", OTHER: "queued"}
    connection = CrawlContext.of(crawler).database.connection
    reason = connection.scalar(select(pages.c.reason).where(pages.c.url == URL))
    assert reason == "dropped by a pipeline: not of interest"


def test_an_article_on_which_a_pipeline_failed_leaves_its_page_failed(crawler: Crawler) -> None:
    middleware = VisitResultMiddleware.from_crawler(crawler)
    made = article()
    gathered(crawler, [made], middleware)
    middleware.item_error(failure(KeyError("name")), response())
    assert states(crawler) == {URL: "failed"}


def test_an_article_that_a_pipeline_made_another_thing_of_is_kept_as_it_was_read(crawler: Crawler) -> None:
    middleware = VisitResultMiddleware.from_crawler(crawler)
    gathered(crawler, [article()], middleware)
    middleware.item_scraped({"headline": "Cầu mới"}, response())
    assert states(crawler) == {URL: "done"}


def test_what_is_counted_is_counted_after_the_commit(crawler: Crawler, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    VisitResults.of(crawler).after_keep.insert(0, lambda result, kept: seen.append(states(crawler)[URL]))
    VisitResults.of(crawler).open(URL).outcome = Outcome.LISTING
    gathered(crawler, [])
    assert seen == ["done"]
    assert crawler.stats.get_value("vov/pages/listing") == 1


def test_another_attempt_leaves_the_page_in_flight_and_keeps_none_of_its_links(crawler: Crawler) -> None:
    again = Request(URL, meta={PAGE: URL}, dont_filter=True)
    assert gathered(crawler, [link(crawler), again]) == [again]
    assert states(crawler) == {URL: "in flight"}


def test_what_is_the_user_s_own_passes(crawler: Crawler) -> None:
    own = [{"any": "item"}, Request("https://vov.vn/rss", callback=print)]
    assert gathered(crawler, own) == own


def test_a_callback_that_fails_leaves_its_page_failed_with_the_reason(crawler: Crawler) -> None:
    VisitResultMiddleware.from_crawler(crawler).spider_error(failure(KeyError("headline")), response())
    assert states(crawler) == {URL: "failed"}
    connection = CrawlContext.of(crawler).database.connection
    assert connection.scalar(select(pages.c.reason)) == "KeyError: 'headline'"
