"""Keeping an article on its way to the feeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import select

from tests.crawlers import make_crawler
from vovcrawl.items import Article, content_hash
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.pipelines.keep_article import KeepArticle, Unchanged
from vovcrawl.store.tables import articles, pages
from vovcrawl.visits import Found

ADDRESS = "https://vov.vn/xa-hoi/cau-moi-post1.vov"


@pytest.fixture
def crawler(tmp_path: Path) -> Iterator[Crawler]:
    made, job, _ = make_crawler(tmp_path)
    yield made
    job.close()


def article(headline: str = "Cầu mới", url: str | None = ADDRESS) -> Article:
    return Article(
        id="post1",
        url=url,
        canonical_url=ADDRESS,
        content_type="article",
        headline=headline,
        date_published="2026-07-16T08:00:00+07:00",
        content_hash=content_hash(headline, None, ""),
        template="drupal-2026",
    )


def in_flight(crawler: Crawler) -> CrawlContext:
    job = CrawlContext.of(crawler)
    job.frontier.add([Found(ADDRESS, "article")])
    job.frontier.next()
    return job


def test_a_new_article_goes_on_and_is_committed_with_the_end_of_its_visit(crawler: Crawler) -> None:
    job = in_flight(crawler)
    kept = article()
    kept.page = ADDRESS
    assert KeepArticle.from_crawler(crawler).process_item(kept) is kept
    job.database.connection.rollback()
    assert job.database.connection.scalar(select(articles.c.headline)) == "Cầu mới"
    row = job.database.connection.execute(select(pages.c.state, pages.c.canonical_url, pages.c.published)).one()
    assert tuple(row) == ("done", ADDRESS, "2026-07-16T08:00:00+07:00")


def test_an_unchanged_article_goes_to_no_feed(crawler: Crawler) -> None:
    pipeline = KeepArticle.from_crawler(crawler)
    pipeline.process_item(article())
    with pytest.raises(Unchanged):
        pipeline.process_item(article())
    assert crawler.stats.get_value("vov/articles/unchanged") == 1


def test_a_revised_article_goes_on(crawler: Crawler) -> None:
    pipeline = KeepArticle.from_crawler(crawler)
    pipeline.process_item(article())
    edited = article("Cầu mới thông xe")
    assert pipeline.process_item(edited) is edited
    assert crawler.stats.get_value("vov/articles/revised") == 1


def test_an_article_without_a_page_is_kept_too(crawler: Crawler) -> None:
    KeepArticle.from_crawler(crawler).process_item(article(url=None))
    connection = CrawlContext.of(crawler).database.connection
    connection.rollback()
    assert connection.scalar(select(articles.c.headline)) == "Cầu mới"
