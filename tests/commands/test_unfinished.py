"""What a crawl that was killed leaves to the next one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import Crawler, kill_crawl

pytestmark = pytest.mark.long

Kill = Callable[..., None]
WALK = ("sections=the-thao,xa-hoi", "related=0")


@pytest.fixture
def kill(site: SampleServer, tmp_path: Path) -> Kill:
    """Begins a crawl and kills it when the site has been asked 8 times."""

    def killed(*given: str) -> None:
        kill_crawl(site, tmp_path, *given)

    return killed


def listings(site: SampleServer) -> list[str]:
    return [request.path for request in site.requests if not request.path.endswith(".vov")][1:]


def test_the_order_of_the_arguments_does_not_matter(kill: Kill, crawl: Crawler, site: SampleServer) -> None:
    kill(*WALK)
    site.requests.clear()
    again = crawl(*reversed(WALK))
    assert "Resuming the unfinished crawl" in again.log
    assert again.status == 0


def test_fresh_begins_anew_and_keeps_every_article(kill: Kill, crawl: Crawler, site: SampleServer) -> None:
    kill(*WALK)
    site.requests.clear()
    again = crawl(*WALK, "fresh=1")
    assert "Forgot " in again.log
    assert "Going on with" not in again.log
    assert again.status == 0
    assert {"/the-thao", "/xa-hoi"} <= set(listings(site))
    # What was kept is not sent again, and stands in the feed once.
    assert len(again.records()) == len(again.addresses()) == len({record["id"] for record in again.records()})
    after = crawl(*WALK)
    assert "Going on with" not in after.log


def test_work_with_other_arguments_is_named_and_left(kill: Kill, crawl: Crawler) -> None:
    kill(*WALK)
    other = crawl("sections=kinh-te", "related=0")
    named = [line for line in other.log.splitlines() if "Left alone" in line]
    assert len(named) == 1
    assert '"sections": "the-thao,xa-hoi"' in named[0]
    assert "Resuming the unfinished crawl" in crawl(*WALK).log


def test_a_relative_window_that_means_a_later_day_loses_nothing_of_the_earlier_one(
    kill: Kill, crawl: Crawler, site: SampleServer, tmp_path: Path
) -> None:
    given = ("sections=xa-hoi,the-thao,kinh-te", "since=3d", "related=0")
    (tmp_path / "whole").mkdir()
    whole = crawl(*given, folder=tmp_path / "whole").addresses()
    kill(*given)
    site.requests.clear()
    later = crawl(*given, "-s", "VOV_NOW=2026-07-18T12:00:00+07:00")
    assert later.status == 0
    assert "Resuming the unfinished crawl" in later.log
    assert later.addresses() == whole
    assert {"/the-thao", "/xa-hoi", "/kinh-te"} <= set(listings(site))


def test_the_feed_of_a_crawl_that_was_killed_is_completed_by_the_next(
    kill: Kill, crawl: Crawler, tmp_path: Path
) -> None:
    kill(*WALK)
    feed = tmp_path / "vov.jsonl"
    whole = feed.read_bytes()
    feed.write_bytes(whole[:-20])
    again = crawl(*WALK)
    assert again.status == 0
    assert "bytes were cut" in again.log
    assert again.addresses() == {record["canonical_url"] for record in again.records()}
    assert len(again.records()) == len(again.addresses())


def test_a_feed_that_its_owner_took_away_is_begun_afresh(kill: Kill, crawl: Crawler, tmp_path: Path) -> None:
    kill(*WALK)
    feed = tmp_path / "vov.jsonl"
    lines = feed.rename(tmp_path / "taken.jsonl").read_text(encoding="utf-8").splitlines()
    taken = {json.loads(line)["canonical_url"] for line in lines}
    again = crawl(*WALK)
    assert "begun afresh" in again.log
    assert taken.isdisjoint(record["canonical_url"] for record in again.records())
