"""Keeping an article on its way to the feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import select

from tests.crawlers import make_crawler
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.items import Article, content_hash
from vovcrawl.pipelines.keep_article import KeepArticle, Unchanged
from vovcrawl.store.tables import articles, pages
from vovcrawl.visits import Discovered

ADDRESS = "https://vov.vn/xa-hoi/cau-moi-post1.vov"


@pytest.fixture
def crawler(tmp_path: Path) -> Iterator[Crawler]:
    made, context, _ = make_crawler(tmp_path)
    yield made
    context.close()


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


def kept_by(crawler: Crawler, item: Article) -> Article:
    """What the pipeline makes of an article."""
    made: Article = asyncio.run(KeepArticle.from_crawler(crawler).process_item(item))
    return made


def in_flight(crawler: Crawler) -> CrawlContext:
    context = CrawlContext.of(crawler)
    context.frontier.add([Discovered(ADDRESS, "article")])
    context.frontier.next()
    return context


def test_a_new_article_goes_on_and_is_committed_with_the_end_of_its_visit(crawler: Crawler) -> None:
    context = in_flight(crawler)
    kept = article()
    VisitResults.of(crawler).open(ADDRESS).article = kept
    assert kept_by(crawler, kept) is kept
    context.database.connection.rollback()
    assert context.database.connection.scalar(select(articles.c.headline)) == "Cầu mới"
    row = context.database.connection.execute(select(pages.c.state, pages.c.canonical_url, pages.c.published)).one()
    assert tuple(row) == ("done", ADDRESS, "2026-07-16T08:00:00+07:00")


def test_an_unchanged_article_goes_to_no_feed(crawler: Crawler) -> None:
    kept_by(crawler, article())
    with pytest.raises(Unchanged):
        kept_by(crawler, article())
    assert crawler.stats.get_value("vov/articles/unchanged") == 1


def test_an_article_that_is_only_read_otherwise_goes_to_no_feed_and_is_counted(crawler: Crawler) -> None:
    context = in_flight(crawler)
    page = Evidence(page_hash(b"page"))
    context.articles.keep(article(), page)
    again = replace(article(), keywords=["cầu"])
    visit = VisitResults.of(crawler).open(ADDRESS)
    visit.article, visit.evidence = again, page
    with pytest.raises(Unchanged, match="reread"):
        kept_by(crawler, again)
    assert crawler.stats.get_value("vov/articles/reread") == 1
    assert context.articles.revisions_kept == 1


def test_a_revised_article_goes_on(crawler: Crawler) -> None:
    kept_by(crawler, article())
    edited = article("Cầu mới thông xe")
    assert kept_by(crawler, edited) is edited
    assert crawler.stats.get_value("vov/articles/revised") == 1


def test_an_article_without_a_page_is_kept_too(crawler: Crawler) -> None:
    kept_by(crawler, article(url=None))
    connection = CrawlContext.of(crawler).database.connection
    connection.rollback()
    assert connection.scalar(select(articles.c.headline)) == "Cầu mới"
