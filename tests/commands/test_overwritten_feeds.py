"""A feed that is written anew (`-O`) holds what the arguments ask for, known articles too."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, wait_for_requests

pytestmark = pytest.mark.long


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "anew.jsonl"


def urls(feed: Path) -> list[str]:
    """The articles of a feed in the order of their urls."""
    return sorted(json.loads(line)["canonical_url"] for line in feed.read_text("utf-8").splitlines())


SECTION = ("sections=the-thao", "since=all", "related=1")


LAST_WEEK = ("since=7d",)
ONE = ("urls=https://vov.vn/giai-tri/phim-tai-lieu-ve-doan-xiec-lang-ra-mat-khan-gia-post1315150.vov",)


@pytest.mark.parametrize(
    "asked", [LAST_WEEK, SECTION, ("sources=rss", "since=7d"), ("sources=listing", "since=3d"), ONE], ids=" ".join
)
def test_another_run_holds_no_less(crawl: Crawler, feed: Path, asked: tuple[str, ...]) -> None:
    crawl(*asked, "-O", str(feed))
    before = urls(feed)
    assert before
    ended = crawl(*asked, "-O", str(feed))
    assert ended.status == 0
    assert urls(feed) == before
    assert f"{len(before)} written to {feed}: 0 new, 0 revised, {len(before)} known" in ended.log


@pytest.mark.parametrize("asked", [SECTION, ("sources=rss", "since=7d")], ids=" ".join)
def test_it_is_the_same_where_other_crawls_kept_the_articles(
    crawl: Crawler, feed: Path, asked: tuple[str, ...], tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    crawl(*asked, "-O", str(feed), folder=alone)
    wanted = urls(feed)
    crawl(*asked)
    crawl("since=7d")
    crawl(*asked, "-O", str(feed))
    assert set(urls(feed)) == set(wanted)


def test_no_article_is_fetched_again_for_it(crawl: Crawler, site: SampleServer, feed: Path) -> None:
    crawl("since=7d")
    asked = len(site.requests)
    crawl("since=7d", "-O", str(feed))
    assert urls(feed)
    assert not [request.path for request in site.requests[asked:] if request.path.endswith(".vov")]


def test_the_records_are_those_of_the_store(crawl: Crawler, feed: Path, tmp_path: Path) -> None:
    crawl("since=7d", "-o", str(tmp_path / "first.jsonl"))
    crawl("since=7d", "-O", str(feed))
    first = (tmp_path / "first.jsonl").read_text("utf-8").splitlines()
    assert sorted(first) == sorted(feed.read_text("utf-8").splitlines())


def test_only_new_leaves_the_known_ones_out(crawl: Crawler, feed: Path) -> None:
    crawl("since=3d")
    ended = crawl("since=7d", "only=new", "-O", str(feed))
    assert ended.status == 0
    assert urls(feed)
    assert not set(urls(feed)) & kept_by_run(ended, 1)


def kept_by_run(crawled: Crawl, run: int) -> set[str]:
    return {row[0] for row in crawled.rows("SELECT canonical_url FROM articles WHERE run = ?", run)}


def test_what_is_appended_to_gets_what_is_new_alone(crawl: Crawler, feed: Path, tmp_path: Path) -> None:
    crawl("since=3d")
    appended = tmp_path / "appended.jsonl"
    feeds = {str(appended): {"format": "jsonl"}, str(feed): {"format": "jsonl", "overwrite": True}}
    ended = crawl("since=7d", "-s", f"FEEDS={json.dumps(feeds)}")
    assert set(urls(appended)) == kept_by_run(ended, 2)
    assert len(urls(feed)) > len(urls(appended))


@pytest.mark.parametrize("kind", ["json", "csv.gz"])
def test_other_formats_stay_whole(crawl: Crawler, tmp_path: Path, kind: str) -> None:
    feed = tmp_path / f"a.{kind}"
    crawl("since=3d", "-O", str(feed))
    before = feed.stat().st_size
    crawl("since=3d", "-O", str(feed))
    assert before > 1000
    # The order is another one, and so is what a compressor makes of it.
    assert abs(feed.stat().st_size - before) < before / 20


def test_a_site_that_cannot_be_reached_leaves_the_file(crawl: Crawler, feed: Path) -> None:
    crawl("since=3d", "-O", str(feed))
    before = feed.read_bytes()
    ended = crawl("since=3d", "-O", str(feed), "-s", "RETRY_TIMES=0", mirror="http://127.0.0.1:1")
    assert ended.status == 5
    assert feed.read_bytes() == before


def stopped(feed: Path, site: SampleServer, folder: Path, after: int) -> int:
    """The status of a crawl that is told to stop after so many requests."""
    asked = len(site.requests)
    line = command(folder, site.url, ("since=all", "-O", str(feed), "-s", "DOWNLOAD_DELAY=0.1"))
    process = subprocess.Popen(line, cwd=PROJECT, env=environment(), stderr=subprocess.DEVNULL)
    wait_for_requests(site, asked + after)
    process.send_signal(signal.SIGTERM)
    return process.wait(30)


def test_a_crawl_that_is_stopped_is_completed_by_the_next(
    crawl: Crawler, site: SampleServer, feed: Path, tmp_path: Path
) -> None:
    assert stopped(feed, site, tmp_path, 12) == 143
    ended = crawl("since=all", "-O", str(feed))
    assert ended.status == 0
    assert set(urls(feed)) == ended.addresses()


def test_a_crawl_that_is_stopped_before_its_first_article_leaves_the_file(
    crawl: Crawler, site: SampleServer, feed: Path, tmp_path: Path
) -> None:
    crawl("since=all", "-O", str(feed))
    before = feed.read_bytes()
    assert stopped(feed, site, tmp_path, 1) == 143
    assert feed.read_bytes() == before
