"""Visible tags from the site's tag service: asked for within the visit, and never at the article's expense."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, DropItem
from scrapy.http import Response

from tests.crawlers import make_crawler
from vovcrawl.downloader.slots import LeftForLater
from vovcrawl.evidence import Evidence
from vovcrawl.items import Article
from vovcrawl.middlewares.robots import ForbiddenByRobots
from vovcrawl.pipelines import add_visible_tags as module
from vovcrawl.pipelines.add_visible_tags import AddVisibleTags
from vovcrawl.store import Kept
from vovcrawl.visits import Discovered, Outcome

URL = "https://vov.vn/xa-hoi/cho-noi-post7.vov"
ASKED = "https://vov-api.vov.vn/api/tags/by-article?lang=vi&nid=7"

Gives = Response | Exception


def tags(*names: str, status: int = 200, **headers: str) -> Response:
    body = json.dumps({"data": [{"tag": name, "url": "/tu-khoa/x-tag1"} for name in names]}).encode()
    return Response(ASKED, status=status, body=body, headers=headers)


class Stage:
    """A crawl whose page has given an article, and a service that gives what it is to give, the last for ever."""

    def __init__(self, folder: Path) -> None:
        self.crawler, self.context, _ = make_crawler(folder, own={"VOV_TAGS": "service"}, urls=URL)
        self.gives: list[Gives] = [tags("Ghe", "Sông Hậu")]
        self.asked: list[Request] = []
        self.slot = SimpleNamespace(closing=None)
        self.crawler.engine = SimpleNamespace(_slot=self.slot, download_async=self._download)  # type: ignore[assignment]
        self.pipeline = AddVisibleTags.from_crawler(self.crawler)
        self.context.frontier.add([Discovered(URL, "article")])

    async def _download(self, request: Request) -> Response:
        self.asked.append(request)
        gives = self.gives.pop(0) if len(self.gives) > 1 else self.gives[0]
        if isinstance(gives, Exception):
            raise gives
        return gives

    def process(self, node: str | None = "7", page: str = "a", **fields: Any) -> Article:
        """The article as it comes out of the pipeline; the visit to its page is open then."""
        article = replace(_ARTICLE, **fields)
        self.visit = self.pipeline._results.open(URL)
        self.visit.article, self.visit.node, self.visit.outcome = article, node, Outcome.ARTICLE
        self.visit.evidence, self.visit.etag = Evidence(page), '"e"'
        return asyncio.run(self.pipeline.process_item(article))  # type: ignore[no-any-return]

    def keep(self, article: Article) -> Kept | None:
        """What the store makes of the article."""
        self.context.frontier.next()
        self.visit.article = article
        kept = self.pipeline._results.keep(self.visit)
        assert kept is not None
        return kept.article

    def stat(self, name: str) -> int:
        return int(self.crawler.stats.get_value(f"vov/tags/{name}", 0))


_ARTICLE = Article(
    id="post7",
    url=URL,
    canonical_url=URL,
    content_type="article",
    headline="Chợ nổi",
    body="Chợ họp sớm.",
    keywords=["Chợ nổi", "ghe"],
    template="drupal-2026",
    source="live",
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    one = Stage(tmp_path)
    yield one
    one.context.close()


def test_tags_come_after_those_of_the_page_and_the_record_says_so(stage: Stage) -> None:
    article = stage.process(warnings=["missing:authors"])
    assert article.keywords == ["Chợ nổi", "ghe", "Sông Hậu"]
    assert article.warnings == ["tagged", "missing:authors"]
    assert [request.url for request in stage.asked] == [ASKED]


def test_how_a_page_was_rendered_is_said_first(stage: Stage) -> None:
    assert stage.process(warnings=["rendered", "missing:authors"]).warnings == ["rendered", "tagged", "missing:authors"]


def test_an_article_without_a_place_for_tags_asks_nothing(stage: Stage) -> None:
    article = stage.process(node=None)
    assert (article.keywords, article.warnings, stage.asked) == (["Chợ nổi", "ghe"], [], [])


def test_an_item_of_the_users_own_passes(stage: Stage) -> None:
    assert asyncio.run(stage.pipeline.process_item({"a": 1})) == {"a": 1}


@pytest.mark.parametrize(
    "gives",
    [
        tags(status=500),
        tags(status=404),
        tags("Ghe", status=302, Location="https://vov.vn/"),
        Response(ASKED, body=b'{"data": [{"tag": "Gh'),
        Response(ASKED, body=b"<html></html>"),
        DownloadTimeoutError("took longer than 10 seconds"),
        ForbiddenByRobots("Forbidden by robots.txt"),
        ZeroDivisionError("whatever"),
    ],
    ids=lambda gives: f"{getattr(gives, 'status', type(gives).__name__)}",
)
def test_an_article_without_an_answer_is_kept_without(stage: Stage, gives: Gives) -> None:
    stage.gives = [gives]
    article = stage.process()
    assert (article.keywords, article.warnings) == (["Chợ nổi", "ghe"], ["untagged"])
    assert (stage.stat("failed"), stage.stat("answered")) == (1, 0)
    assert stage.keep(article) is Kept.NEW


def test_the_page_of_an_untagged_article_is_asked_for_whole_next_time(stage: Stage) -> None:
    stage.gives = [tags(status=500)]
    stage.process()
    assert stage.visit.etag is None
    stage.gives = [tags("Ghe")]
    stage.process()
    assert stage.visit.etag == '"e"'


def test_the_first_failure_is_told_once(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.gives = [tags(status=500)]
    for _ in range(3):
        stage.process()
    told = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.getMessage() for record in told] == [f"Kept without visible tags: {ASKED} (the service answers 500)"]


def test_a_service_that_fails_again_and_again_is_left_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.gives = [tags(status=500)]
    articles = [stage.process() for _ in range(module.IN_A_ROW + 2)]
    assert (len(stage.asked), stage.stat("not asked")) == (module.IN_A_ROW, 2)
    assert all(article.warnings == ["untagged"] for article in articles)
    later = monotonic() + module.REST + 1
    monkeypatch.setattr(module, "monotonic", lambda: later)
    stage.gives = [tags("Ghe")]
    assert stage.process().warnings == ["tagged"]


def test_a_service_that_asks_to_wait_is_left_alone_for_so_long(stage: Stage) -> None:
    stage.gives = [tags(status=503, **{"Retry-After": "60"}), tags("Ghe")]
    assert [stage.process().warnings for _ in range(2)] == [["untagged"], ["untagged"]]
    assert len(stage.asked) == 1


def test_a_service_that_its_robots_txt_forbids_is_asked_once(stage: Stage) -> None:
    stage.gives = [ForbiddenByRobots("Forbidden by robots.txt"), tags("Ghe")]
    assert [stage.process().warnings for _ in range(2)] == [["untagged"], ["untagged"]]
    assert len(stage.asked) == 1


@pytest.mark.parametrize("is_ending", [True, False])
def test_a_page_whose_tags_were_not_asked_for_in_the_end_is_left_for_the_next_run(
    stage: Stage, *, is_ending: bool
) -> None:
    stage.context.frontier.next()
    if is_ending:
        stage.slot.closing = object()
    stage.gives = [LeftForLater("the crawl ended")]
    with pytest.raises(DropItem):
        stage.process()
    assert stage.pipeline._results.pending(URL) is None
    assert stage.context.frontier.remaining() == 1


def test_a_page_that_is_as_it_was_asks_nothing_and_keeps_its_tags(stage: Stage) -> None:
    assert stage.keep(stage.process()) is Kept.NEW
    stage.context.frontier.add([Discovered(URL, "article", requested=True)])
    again = stage.process()
    assert again.keywords == ["Chợ nổi", "ghe", "Sông Hậu"]
    assert (len(stage.asked), stage.keep(again)) == (1, Kept.UNCHANGED)


def test_a_crawl_that_asks_for_no_tags_takes_none_from_an_article(stage: Stage) -> None:
    stage.keep(stage.process())
    stage.context.articles.keep(replace(_ARTICLE, fetched_at="2026-07-17T00:00:00+00:00"), Evidence("a"))
    kept = next(iter(stage.context.articles.read_all([URL])))
    assert (kept.keywords, kept.warnings) == (["Chợ nổi", "ghe", "Sông Hậu"], ["tagged"])


def test_reading_a_page_again_keeps_its_tags_and_takes_new_ones_of_the_page(stage: Stage) -> None:
    stage.keep(stage.process())
    again = replace(_ARTICLE, keywords=["Chợ nổi", "Cần Thơ"], source="archive", reader_version=999)
    assert stage.context.articles.keep(again, Evidence("a")) is Kept.REREAD
    kept = next(iter(stage.context.articles.read_all([URL])))
    assert (kept.keywords, kept.warnings) == (["Chợ nổi", "Cần Thơ", "ghe", "Sông Hậu"], ["tagged"])


def test_an_answer_that_came_late_makes_an_untagged_article_tagged(stage: Stage) -> None:
    stage.gives = [tags(status=500), tags("Sông Hậu")]
    stage.keep(stage.process())
    stage.context.frontier.add([Discovered(URL, "article", requested=True)])
    assert stage.keep(stage.process()) is Kept.REREAD
    kept = next(iter(stage.context.articles.read_all([URL])))
    assert (kept.keywords, kept.warnings) == (["Chợ nổi", "ghe", "Sông Hậu"], ["tagged"])
