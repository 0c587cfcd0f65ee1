"""A crawl with pipelines, middlewares and settings of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import Crawler
from tests.own_parts import LONG, SEEN

pytestmark = pytest.mark.long


def own(setting: str, part: str, order: int) -> str:
    """A setting that names a component of the user's."""
    return f"{setting}={json.dumps({part: order})}"


@pytest.fixture(scope="module", autouse=True)
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seen") / "types.txt"


def test_they_see_ordinary_requests_and_articles_and_nothing_is_lost(
    crawl: Crawler, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SEEN, str(seen))
    given = (
        *("-s", own("ITEM_PIPELINES", "tests.own_parts.Shout", 500)),
        *("-s", own("SPIDER_MIDDLEWARES", "tests.own_parts.Watcher", 700)),
        *("-s", "CONCURRENT_ITEMS=16", "-s", "CONCURRENT_REQUESTS=8", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
    )
    ended = crawl("sections=the-thao", "since=all", "related=1", *given)
    assert ended.status == 0
    assert set(seen.read_text(encoding="utf-8").split()) == {"Request", "Article"}
    headlines = [record["headline"] for record in ended.records()]
    assert headlines
    assert all(headline.isupper() for headline in headlines)
    assert len(headlines) == ended.rows("SELECT count(*) FROM articles")[0][0]
    assert ended.rows("SELECT count(*) FROM pages WHERE state NOT IN ('done', 'gone')") == [(0,)]


WEEK = ("since=7d",)


class TestAddedFields:
    """A pipeline adds to `extra`, in feed and store."""

    def test_the_feed_and_the_store_carry_them(self, crawl: Crawler) -> None:
        ended = crawl(*WEEK, "-s", own("ITEM_PIPELINES", "tests.own_parts.Count", 400))
        assert ended.status == 0
        records = ended.records()
        assert records
        assert all(record["extra"] == {"words": len(record["body"].split())} for record in records)
        assert ended.rows("SELECT count(*) FROM articles WHERE json_extract(extra, '$.words') > 0") == [(len(records),)]

    def test_without_a_pipeline_there_are_none(self, crawl: Crawler) -> None:
        assert all(record["extra"] == {} for record in crawl(*WEEK).records())

    def test_what_json_cannot_hold_is_an_error_of_the_page(self, crawl: Crawler) -> None:
        ended = crawl(*WEEK, "-s", own("ITEM_PIPELINES", "tests.own_parts.AddObject", 400))
        assert ended.status == 1
        assert ended.rows("SELECT count(*) FROM articles") == [(0,)]
        assert ended.rows("SELECT count(*) FROM pages WHERE state = 'failed' AND kind = 'article'")[0][0] > 0


class TestDroppedArticles:
    """A pipeline drops articles: their pages are done."""

    GIVEN = ("-s", own("ITEM_PIPELINES", "tests.own_parts.DropShort", 400))

    def test_they_are_kept_nowhere_and_the_reason_is_known(self, crawl: Crawler) -> None:
        ended = crawl(*WEEK, *self.GIVEN)
        assert ended.status == 0
        assert all(len(record["body"].split()) >= LONG for record in ended.records())
        dropped = ended.rows("SELECT DISTINCT state, reason FROM pages WHERE outcome = 'no article'")
        assert dropped == [("done", "dropped by a pipeline: too short")]

    def test_they_are_not_fetched_again(self, crawl: Crawler, site: SampleServer) -> None:
        crawl(*WEEK, *self.GIVEN)
        asked = len(site.requests)
        assert crawl(*WEEK, *self.GIVEN).status == 0
        assert [request.path for request in site.requests[asked:] if request.path.endswith(".vov")] == []


def test_another_item_after_the_store_goes_to_the_feed_alone(crawl: Crawler) -> None:
    ended = crawl(*WEEK, "-s", own("ITEM_PIPELINES", "tests.own_parts.Shorten", 950))
    assert ended.status == 0
    assert {tuple(record) for record in ended.records()} == {("url", "words")}
    assert {record["url"] for record in ended.records()} == ended.addresses()


@pytest.mark.parametrize(
    "setting", ["ITEM_PIPELINES", "EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "FEED_EXPORTERS"]
)
def test_a_setting_without_the_project_s_components_takes_none_away(crawl: Crawler, setting: str) -> None:
    ended = crawl(*WEEK, "-s", f"{setting}={{}}")
    assert ended.status == 0
    assert len(ended.records()) == len(ended.addresses()) > 0
