"""The exit status of a crawl, from its stats."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from tests.crawlers import make_crawler
from tests.stores import open_store, rows
from vovcrawl.crawl.exit_status import exit_status
from vovcrawl.crawl.stopping import end_run
from vovcrawl.extensions.summary import Summary
from vovcrawl.items import Article
from vovcrawl.pipelines.keep_article import KeepArticle

DONE: dict[str, Any] = {"finish_reason": "finished", "downloader/response_count": 10}


@pytest.mark.parametrize(
    ("stats", "status"),
    [
        ({}, 0),
        ({"vov/pages/outside window": 3, "vov/pages/gone": 1, "vov/pages/no article": 2}, 0),
        ({"vov/pages/forbidden by robots.txt": 1, "vov/pages/out of scope": 1}, 0),
        ({"spider_exceptions/count": 1}, 1),
        ({"finish_reason": "start_error"}, 1),
        ({"vov/pages/unreadable": 1}, 3),
        ({"vov/pages/unreachable": 1}, 3),
        ({"finish_reason": "closespider_timeout"}, 3),
        ({"vov/pages/blocked": 1}, 4),
        ({"vov/pages/unreachable": 1, "downloader/response_count": 0}, 5),
        ({"finish_reason": "unreachable", "vov/pages/unreachable": 10}, 5),
        ({"vov/robots/unavailable": 1, "vov/pages/unreachable": 2}, 5),
        ({"vov/store/errors": 1, "finish_reason": "store failed"}, 6),
        ({"feedexport/failed_count/FileFeedStorage": 1}, 6),
        ({"vov/feed/errors": 1}, 6),
        ({"vov/errors": 1}, 1),
    ],
)
def test_each_end_has_its_status(stats: dict[str, Any], status: int) -> None:
    assert exit_status(DONE | stats) == status


@pytest.mark.parametrize(
    ("stats", "status"),
    [
        ({"vov/pages/unreadable": 1, "vov/pages/blocked": 1}, 4),
        ({"vov/pages/blocked": 1, "vov/store/errors": 1}, 6),
        ({"vov/store/errors": 1, "spider_exceptions/count": 1}, 6),
        ({"vov/feed/errors": 1, "spider_exceptions/count": 1}, 1),
    ],
)
def test_the_worst_that_applies_wins(stats: dict[str, Any], status: int) -> None:
    assert exit_status(DONE | stats) == status


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_is_told_whatever_else_happened(number: int, status: int) -> None:
    assert exit_status({"finish_reason": "shutdown", "vov/pages/blocked": 1}, number) == status


def test_a_crawl_that_never_said_how_it_ended_is_an_error() -> None:
    assert exit_status({}) == 1


@pytest.mark.sqlite("locks of a file")
def test_a_store_that_fails_at_the_very_end_is_told_and_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vovcrawl.crawl.stopping._PATIENCE", 0.01)
    crawler, context, _ = make_crawler(tmp_path)
    summary = Summary(crawler)
    context.crawls.seeded(context.frontier.crawl)
    context.database.connection.commit()
    other = sqlite3.connect(tmp_path / "vov.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    summary.engine_stopped()
    other.close()
    assert exit_status(DONE | crawler.stats.get_stats()) == 6
    open_store(tmp_path / "vov.sqlite").close()


def test_behind_a_failing_statement_nothing_is_kept_until_the_run_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawler, context, _ = make_crawler(tmp_path)
    monkeypatch.setattr("vovcrawl.crawl.stopping.stop", lambda crawler, reason: None)
    connection = context.database.connection
    # No warning can be kept any more.
    connection.exec_driver_sql("ALTER TABLE warnings RENAME TO elsewhere")
    connection.commit()
    half = an_article("https://vov.vn/xa-hoi/a-post1.vov")
    half.warnings = ["missing:description"]
    pipeline = KeepArticle.from_crawler(crawler)
    for article in (half, an_article("https://vov.vn/xa-hoi/b-post2.vov")):
        with pytest.raises(DropItem):
            asyncio.run(pipeline.process_item(article))
    status, _ = end_run(crawler)
    assert rows(tmp_path / "vov.sqlite", "SELECT count(*) FROM articles") == [(0,)]
    assert rows(tmp_path / "vov.sqlite", "SELECT exit_status FROM runs") == [(status,)] == [(6,)]


def an_article(address: str) -> Article:
    return Article(
        id="post1",
        url=address,
        canonical_url=address,
        content_type="article",
        headline="Cầu mới",
        template="drupal-2026",
    )
