"""The scheduler on the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.utils.request import RequestFingerprinter

from tests.crawlers import make_crawler
from vovcrawl.crawl.scheduler import StoreScheduler
from vovcrawl.spiders.vov import VovSpider
from vovcrawl.visits import DISCOVERED, PAGE, Discovered

STORY = "https://vov.vn/xa-hoi/cau-moi-post1.vov"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[StoreScheduler, VovSpider]]:
    crawler, context, spider = make_crawler(tmp_path)
    scheduler = StoreScheduler.from_crawler(crawler)
    scheduler.open(spider)
    yield scheduler, spider
    context.close()


def found(kind: str) -> Request:
    return Request(STORY, meta={DISCOVERED: Discovered(STORY, kind)})


@pytest.mark.parametrize("kind", ["menu", "listing", "sitemap", "feeds", "feed", "article"])
def test_a_page_found_comes_back_as_a_request_to_the_callback_of_its_kind(
    opened: tuple[StoreScheduler, VovSpider], kind: str
) -> None:
    scheduler, spider = opened
    assert scheduler.enqueue_request(found(kind))
    assert scheduler.has_pending_requests()
    request = scheduler.next_request()
    assert request is not None
    assert request.url == STORY
    assert request.callback == getattr(spider, f"parse_{kind}")
    assert request.errback == spider.failed
    assert not scheduler.has_pending_requests()


def test_a_retry_goes_on_with_its_visit_before_anything_else(opened: tuple[StoreScheduler, VovSpider]) -> None:
    scheduler, _ = opened
    scheduler.enqueue_request(found("article"))
    first = scheduler.next_request()
    assert first is not None
    assert scheduler.enqueue_request(first.copy())
    assert scheduler.has_pending_requests()
    again = scheduler.next_request()
    assert again is not None
    assert again.meta[PAGE] == STORY


def test_a_request_of_the_user_s_own_is_sent_once(opened: tuple[StoreScheduler, VovSpider]) -> None:
    scheduler, spider = opened
    spider.crawler.request_fingerprinter = RequestFingerprinter()
    own = Request(STORY, callback=print)
    assert scheduler.enqueue_request(own)
    assert not scheduler.enqueue_request(own.copy())
    assert scheduler.next_request() is own
    assert scheduler.next_request() is None


def test_a_request_to_a_callback_of_the_spider_is_a_page_of_the_crawl(
    opened: tuple[StoreScheduler, VovSpider],
) -> None:
    scheduler, spider = opened
    scheduler.enqueue_request(Request(f"{STORY}?utm_source=x", callback=spider.parse_article))
    request = scheduler.next_request()
    assert request is not None
    assert request.meta[PAGE] == STORY
