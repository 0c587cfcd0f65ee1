"""A crawl with pipelines, middlewares and settings of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Crawler
from tests.own_parts import SEEN


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
