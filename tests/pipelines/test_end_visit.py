"""Ending the visit of a page that gave no article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import select

from tests.crawlers import make_crawler
from vovcrawl.items import Article
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.pipelines.end_visit import EndVisit, VisitEnded
from vovcrawl.store.tables import pages
from vovcrawl.visits import Found, Outcome, Visit

ADDRESS = "https://vov.vn/xa-hoi/cau-moi-post1.vov"


@pytest.fixture
def crawler(tmp_path: Path) -> Iterator[Crawler]:
    made, job, _ = make_crawler(tmp_path)
    yield made
    job.close()


def test_the_outcome_and_its_reason_are_committed(crawler: Crawler) -> None:
    job = CrawlContext.of(crawler)
    job.frontier.add([Found(ADDRESS, "article")])
    job.frontier.next()
    with pytest.raises(VisitEnded):
        EndVisit.from_crawler(crawler).process_item(Visit(ADDRESS, Outcome.UNREADABLE, "the site answers 500", 500))
    job.database.connection.rollback()
    row = job.database.connection.execute(select(pages.c.state, pages.c.reason, pages.c.status)).one()
    assert tuple(row) == ("failed", "the site answers 500", 500)


def test_an_article_passes(crawler: Crawler) -> None:
    article = Article(id="1", url=None, canonical_url="urn:x", content_type="article", headline="Tin", template="text")
    assert EndVisit.from_crawler(crawler).process_item(article) is article
