"""`scrapy crawl vov` as its users run it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sample_site import special_pages
from sample_site.expected import expected_record
from sample_site.pages import Page
from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from sample_site.story import Story
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, run_line, start_line, wait_for_requests
from tests.faults.scenarios import with_less_patience
from tests.fork_server import Started
from tests.stores import damage, rows, tables

VOV = "https://vov.vn"


def served(site: SampleServer) -> list[str]:
    """The paths that were asked for, in order."""
    return [request.path for request in site.requests]


def site_record(site: SampleServer) -> Callable[[Story], dict[str, Any]]:
    """Gives the record that an article must become."""
    return lambda story: expected_record(story, site.site)


def published_of(record: dict[str, Any]) -> str:
    return str(record["date_published"])


def some_stories(site: SampleServer, number: int) -> list[str]:
    """Urls of current articles that robots.txt allows."""
    return [
        expected_record(story, site.site)["canonical_url"]
        for story in site.site.newest
        if FORBIDDEN_FOLDER not in f"/{story.path}/"
    ][:number]


WHOLE_SITE = {
    "listing": ("since=all", "related=2", "sources=listing"),
    "sitemap": ("since=all", "related=2"),
    "rss": ("since=all", "related=4", "sources=rss,listing"),
}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Has crawls wait less for a store than they do."""
    monkeypatch.setenv("PYTHONPATH", str(with_less_patience(tmp_path_factory.mktemp("hasty"))))


@dataclass
class Walked:
    """A crawl of the whole site, and what it asked for."""

    asked: tuple[str, ...]
    site: SampleServer
    crawl: Crawl
    requests: list[RequestRecord]


@pytest.fixture(scope="module", params=list(WHOLE_SITE.values()), ids=list(WHOLE_SITE))
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    folder = tmp_path_factory.mktemp("walked")
    with SampleServer() as site:
        ended = run_line(command(folder, site.url, request.param))
        yield Walked(request.param, site, Crawl(ended.returncode, ended.stderr, folder), site.requests.copy())


class TestWholeSite:
    """Every section, to the end, whatever the source."""

    def test_every_allowed_story_is_kept_exactly_as_published(self, walked: Walked) -> None:
        assert walked.crawl.status == 0
        records = {record["canonical_url"]: record for record in walked.crawl.records()}
        assert len(records) == len(walked.crawl.records())
        for story in walked.site.site.stories.values():
            gold = expected_record(story, walked.site.site)
            if gold["canonical_url"].startswith(VOV + FORBIDDEN_FOLDER):
                assert gold["canonical_url"] not in records
            else:
                record = records.pop(gold["canonical_url"])
                assert {name: record[name] for name in gold if name != "url"} | {"url": gold["url"]} == gold
        assert records == {}
        assert walked.crawl.addresses() == {record["canonical_url"] for record in walked.crawl.records()}

    def test_no_page_is_asked_for_twice_or_against_the_rules(self, walked: Walked) -> None:
        assert walked.crawl.status == 0
        paths = [request.path for request in walked.requests]
        assert {path: times for path, times in Counter(paths).items() if times > 1} == {}
        assert not [path for path in paths if path.startswith(("/search", "/admin", FORBIDDEN_FOLDER))]
        assert {request.host for request in walked.requests} == {"vov.vn"}

    def test_the_store_is_whole(self, walked: Walked) -> None:
        assert damage(walked.crawl.store) == []
        assert walked.crawl.rows("SELECT DISTINCT state FROM pages") == [("done",)]
        assert walked.crawl.rows("SELECT count(*) FROM crawls WHERE finished_at IS NULL") == [(0,)]

    def test_the_same_again_asks_little_and_adds_nothing(self, walked: Walked) -> None:
        before = walked.crawl.records()
        walked.site.requests.clear()
        again = run_line(command(walked.crawl.folder, walked.site.url, walked.asked))
        assert again.returncode == 0
        assert walked.crawl.records() == before
        # Only a sitemap says what has not changed; else young articles are asked for, but not sent again.
        stories = {one.path: one.status for one in walked.site.requests if one.path.endswith(".vov")}
        assert set(stories.values()) == {304}
        if walked.asked == WHOLE_SITE["sitemap"]:
            assert set(stories) <= {story.address for story in walked.site.site.stories.values() if not story.listed}


class TestWhereToGo:
    """Arguments that say what to crawl."""

    def test_a_section_brings_its_stories_and_one_step_of_related_ones(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        ended = crawl("sections=kinh-te")
        gold = {record["canonical_url"]: record for record in map(site_record(site), site.site.stories.values())}
        listed = {site_record(site)(story)["canonical_url"] for story in site.site.listings["kinh-te"]}
        pointed_to = {story["url"] for address in listed for story in gold[address]["related"]}
        assert ended.status == 0
        assert pointed_to - listed
        assert ended.addresses() == {
            address for address in (listed | pointed_to) & gold.keys() if not address.startswith(VOV + FORBIDDEN_FOLDER)
        }

    def test_related_zero_stays_with_the_listing(self, crawl: Crawler, site: SampleServer) -> None:
        ended = crawl("sections=the-thao", "related=0")
        listed = {expected_record(story, site.site)["canonical_url"] for story in site.site.listings["the-thao"]}
        assert ended.addresses() == listed

    def test_a_tag_is_walked_page_by_page(self, crawl: Crawler, site: SampleServer) -> None:
        ended = crawl("tags=viet-nam-tag862939", "related=0")
        assert ended.status == 0
        assert [path for path in served(site) if path.startswith("/tu-khoa/")] == [
            "/tu-khoa/viet-nam-tag862939",
            "/tu-khoa/viet-nam-tag862939?page=1",
        ]

    def test_pages_limits_the_listing_and_a_later_crawl_finds_the_rest(self, crawl: Crawler) -> None:
        first = crawl("tags=viet-nam-tag862939", "related=0", "pages=1")
        assert len(first.addresses()) == 15
        second = crawl("tags=viet-nam-tag862939", "related=0")
        assert len(second.addresses()) > 15

    def test_single_addresses_are_fetched_and_nothing_else(self, crawl: Crawler, site: SampleServer) -> None:
        wanted = some_stories(site, 3)
        ended = crawl("urls=" + ",".join(wanted))
        assert ended.addresses() == set(wanted)
        assert len(site.requests) == 4

    def test_a_file_of_addresses_may_hold_comments_and_other_hosts(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        first, second = some_stories(site, 2)
        other_host = second.replace("https://vov.vn", "http://baoxuan.vov.vn")
        (tmp_path / "urls.txt").write_text(f"# hai bài\n{first}?gidzl=x&utm_source=y\n\n{other_host}\n")
        ended = crawl(f"urls={tmp_path / 'urls.txt'}")
        assert ended.addresses() == {first, second}

    def test_a_redirected_address_gives_the_story_once(self, crawl: Crawler, site: SampleServer) -> None:
        source, target = next(iter(site.site.redirects.items()))
        ended = crawl(f"urls={VOV}{source}")
        (record,) = ended.records()
        assert record["url"] == record["canonical_url"]
        assert record["canonical_url"].endswith(target.removeprefix(VOV))


class TestAgain:
    """Crawls of a listing that an earlier crawl knows."""

    TAG = "/tu-khoa/song-nuoc-tag123"

    def put(self, site: SampleServer, page: int, stories: list[str], last: int) -> None:
        """Makes the tag's listing show `stories` on a page, its pager reaching to `last`."""
        cards = "".join(f'<div class="article-media"><a href="{url}">Tin</a></div>' for url in stories)
        pager = "".join(f'<a class="page-link" href="?page={number}">{number}</a>' for number in range(last + 1))
        html = f"""<html lang="vi"><body class="path-taxonomy"><div class="views-content">{cards}</div>
            <ul class="pagination">{pager}</ul></body></html>"""
        site.answer(self.TAG + (f"?page={page}" if page else ""), body=html)

    def test_known_stories_on_top_end_the_walk(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 3)
        self.put(site, 0, stories[:2], 1)
        self.put(site, 1, stories[2:], 1)
        crawl("tags=song-nuoc-tag123", "related=0")
        site.requests.clear()
        again = crawl("tags=song-nuoc-tag123", "related=0")
        assert again.status == 0
        assert served(site)[:2] == ["/robots.txt", self.TAG]
        assert [request.status for request in site.requests[2:]] == [304, 304]

    def test_a_walk_that_broke_off_above_the_known_part_leaves_no_gap(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 4)
        self.put(site, 0, stories[3:], 0)
        crawl("tags=song-nuoc-tag123", "related=0")
        self.put(site, 0, stories[:2], 1)
        site.answer(f"{self.TAG}?page=1", status=500, body="lỗi")
        assert crawl("tags=song-nuoc-tag123", "related=0").status == 3
        self.put(site, 1, stories[2:], 1)
        last = crawl("tags=song-nuoc-tag123", "related=0")
        assert last.status == 0
        assert last.addresses() == set(stories)

    def test_a_story_that_failed_below_the_known_part_is_tried_again(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 3)
        self.put(site, 0, stories[:2], 1)
        self.put(site, 1, stories[2:], 1)
        site.answer(stories[2].removeprefix(VOV), status=500, body="lỗi", times=3)
        assert crawl("tags=song-nuoc-tag123", "related=0").status == 3
        last = crawl("tags=song-nuoc-tag123", "related=0")
        assert last.status == 0
        assert last.addresses() == set(stories)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("since=2026-07-16",), ("since=2026-07-01",)),
            (("since=2026-07-16",), ()),
            (("since=2026-07-01", "until=2026-07-14"), ("since=2026-07-01", "until=2026-07-16")),
            (("until=2026-07-14",), ()),
        ],
    )
    def test_a_larger_window_brings_what_the_smaller_one_left_out(
        self, crawl: Crawler, tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...]
    ) -> None:
        walk = ("sections=xa-hoi", "related=0")
        crawl(*walk, *first)
        again = crawl(*walk, *second)
        (tmp_path / "afresh").mkdir()
        afresh = crawl(*walk, *second, folder=tmp_path / "afresh")
        assert again.status == afresh.status == 0
        assert again.addresses() == afresh.addresses()

    def test_more_steps_bring_what_fewer_left_out(self, crawl: Crawler, tmp_path: Path) -> None:
        crawl("sections=xa-hoi", "related=0")
        again = crawl("sections=xa-hoi", "related=2")
        (tmp_path / "afresh").mkdir()
        afresh = crawl("sections=xa-hoi", "related=2", folder=tmp_path / "afresh")
        assert again.addresses() == afresh.addresses()

    def test_a_listing_once_asked_for_as_a_page_is_still_walked(self, crawl: Crawler) -> None:
        crawl(f"urls={VOV}/the-thao,{VOV}/")
        assert crawl("sections=the-thao", "related=0").addresses()

    def test_a_button_that_names_no_page_does_not_end_a_listing(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 3)
        for page, shown in enumerate((stories[:2], stories[2:], [])):
            cards = "".join(f'<div class="taxonomy-content"><a href="{url}">Tin</a></div>' for url in shown)
            html = f'<html lang="vi"><body class="path-taxonomy">{cards}<a class="btn--read-more" href="#">+</a></body>'
            site.answer(self.TAG + (f"?page={page}" if page else ""), body=html)
        assert crawl("tags=song-nuoc-tag123", "related=0").addresses() == set(stories)

    def test_one_page_that_only_repeats_does_not_end_a_listing_that_promises_more(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        stories = some_stories(site, 3)
        self.put(site, 0, stories[:2], 2)
        self.put(site, 1, stories[:2], 2)
        self.put(site, 2, stories[2:], 2)
        assert crawl("tags=song-nuoc-tag123", "related=0").addresses() == set(stories)

    def test_new_stories_that_stick_to_the_top_do_not_keep_the_walk_going(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        gold = sorted((site_record(site)(story) for story in site.site.stories.values()), key=published_of)
        old = [record["canonical_url"] for record in gold if published_of(record) < "2026-07-10"][-8:]
        for page in range(8):
            self.put(site, page, [*some_stories(site, 1), old[page]], 7)
        crawl("tags=song-nuoc-tag123", "since=2026-07-15", "related=0")
        assert len([path for path in served(site) if path.startswith(self.TAG)]) <= 3

    def test_a_listing_without_a_single_story_is_not_silently_nothing(self, crawl: Crawler, site: SampleServer) -> None:
        site.answer(self.TAG, body="<html lang='vi'><body><h1>Bảo trì</h1><p>Xin quay lại sau.</p></body></html>")
        assert crawl("tags=song-nuoc-tag123").status == 3

    def test_a_crawl_that_gave_up_is_finished_by_the_next(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 15)
        for address in stories:
            site.answer(address.removeprefix(VOV), status=403, body="Forbidden")
        given = "urls=" + ",".join(stories)
        assert crawl(given).status == 4
        for address in stories:
            site.answer(address.removeprefix(VOV), lambda request: None)
        again = crawl(given)
        assert again.status == 0
        assert again.addresses() == set(stories)

    def test_a_promised_page_that_is_not_there_once_is_no_end(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 3)
        for page, address in enumerate(stories):
            self.put(site, page, [address], 2)
        site.answer(f"{self.TAG}?page=1", status=404, body="không thấy")
        assert crawl("tags=song-nuoc-tag123", "related=0").status == 3
        self.put(site, 1, stories[1:2], 2)
        again = crawl("tags=song-nuoc-tag123", "related=0")
        assert (again.status, again.addresses()) == (0, set(stories))

    def test_a_promised_page_that_is_empty_once_is_read_by_the_next_crawl(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        stories = some_stories(site, 3)
        self.put(site, 0, stories[:1], 2)
        self.put(site, 1, [], 2)
        self.put(site, 2, stories[2:], 2)
        first = crawl("tags=song-nuoc-tag123", "related=0")
        assert (first.status, first.addresses()) == (3, {stories[0], stories[2]})
        self.put(site, 1, stories[1:2], 2)
        again = crawl("tags=song-nuoc-tag123", "related=0")
        assert (again.status, again.addresses()) == (0, set(stories))

    def test_a_story_that_is_gone_does_not_make_a_known_listing_unknown(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        gone = f"{VOV}{special_pages.GONE_ADDRESS}"
        self.put(site, 0, [gone, *some_stories(site, 1)], 1)
        self.put(site, 1, some_stories(site, 2)[1:], 1)
        crawl("tags=song-nuoc-tag123", "related=0")
        site.requests.clear()
        crawl("tags=song-nuoc-tag123", "related=0")
        assert served(site)[:3] == ["/robots.txt", self.TAG, special_pages.GONE_ADDRESS]
        assert [request.status for request in site.requests[3:]] == [304]

    def test_the_work_of_another_crawl_is_left_to_it(self, crawl: Crawler, site: SampleServer, tmp_path: Path) -> None:
        whole = ("sections=the-thao,xa-hoi", "related=0")
        stopping = TestStopping()
        stopped = stopping.start(site, tmp_path, *whole, "-s", "DOWNLOAD_DELAY=0.2")
        wait_for_requests(site, 6)
        stopped.kill()
        stopped.communicate(timeout=30)
        between = crawl("sections=xa-hoi", "since=2026-07-14", "related=0")
        assert between.status == 0
        assert "of an unfinished crawl with" in between.log
        site.requests.clear()
        again = crawl(*whole)
        assert "Resuming the unfinished crawl" in again.log
        assert "/the-thao" not in served(site)
        listed = {
            site_record(site)(story)["canonical_url"]
            for path in ("the-thao", "xa-hoi")
            for story in site.site.listings[path]
        }
        assert (again.status, again.addresses()) == (0, listed)

    def test_a_menu_that_leads_off_the_site_is_not_silently_nothing(self, crawl: Crawler, site: SampleServer) -> None:
        site.answer("/", status=302, body="", headers={"Location": "https://english.vov.vn/"})
        ended = crawl("pages=1", "related=0")
        assert ended.status == 3
        assert ended.addresses()

    def test_a_limited_crawl_does_not_count_as_having_seen_the_rest(self, crawl: Crawler, site: SampleServer) -> None:
        stories = some_stories(site, 3)
        self.put(site, 0, stories[:2], 1)
        self.put(site, 1, stories[2:], 1)
        crawl("tags=song-nuoc-tag123", "related=0", "pages=1")
        assert crawl("tags=song-nuoc-tag123", "related=0").addresses() == set(stories)


class TestWindow:
    """since and until."""

    def test_both_border_days_are_in_and_nothing_else_is_kept(self, crawl: Crawler, site: SampleServer) -> None:
        ended = crawl("since=2026-07-14", "until=2026-07-15", "related=0")
        days = {record["date_published"][:10] for record in ended.records()}
        assert days == {"2026-07-14", "2026-07-15"}
        gold = [expected_record(story, site.site) for story in site.site.stories.values()]
        listed = {row[0] for row in ended.rows("SELECT url FROM pages WHERE kind = 'article'")}
        inside = {record["canonical_url"] for record in gold if record["date_published"][:10] in days}
        assert ended.addresses() == {
            address for address in inside & listed if not address.startswith(VOV + FORBIDDEN_FOLDER)
        }

    def test_with_no_argument_the_last_two_days_are_crawled(self, crawl: Crawler) -> None:
        ended = crawl()
        assert ended.status == 0
        assert min(record["date_published"] for record in ended.records()) >= "2026-07-14"

    def test_a_crawl_of_many_requests_says_so_first(self, crawl: Crawler) -> None:
        assert crawl("sources=listing").log.startswith("This crawl is expected to need about ")

    def test_a_larger_window_later_brings_what_the_first_left_out(self, crawl: Crawler) -> None:
        narrow = crawl("sections=xa-hoi", "since=2026-07-15", "related=0").addresses()
        wide = crawl("sections=xa-hoi", "since=2026-07-01", "related=0").addresses()
        assert narrow < wide

    def test_a_listing_is_left_where_it_becomes_older_than_the_window(self, crawl: Crawler, site: SampleServer) -> None:
        crawl("sections=xa-hoi", "since=2026-07-17", "related=0")
        assert [path for path in served(site) if path.startswith("/xa-hoi?")] == []


class TestArchive:
    """Files instead of the site."""

    TEXT = (
        "Cầu mới nối hai bờ sông\n\nVOV.VN - Sáng nay (14/10), cây cầu thông xe.\n\n"
        "Người dân hai bên bờ đứng chờ từ sớm.\n\nMời quý độc giả theo dõi VOV.VN trên\n"
    )

    def test_a_text_becomes_a_record_without_any_request(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        (tmp_path / "a.txt").write_text(self.TEXT, encoding="utf-8")
        ended = crawl(f"archive={tmp_path / 'a.txt'}", mirror=None)
        (record,) = ended.records()
        assert ended.status == 0
        assert record["headline"] == "Cầu mới nối hai bờ sông"
        assert record["body"] == "Người dân hai bên bờ đứng chờ từ sớm."
        assert (record["date_published"], record["source"]) == (None, "archive")
        assert site.requests == []

    def test_published_dates_the_texts(self, crawl: Crawler, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(self.TEXT, encoding="utf-8")
        ended = crawl(f"archive={tmp_path / 'a.txt'}", "published=2023-10-14T14:05")
        assert ended.records()[0]["date_published"] == "2023-10-14T14:05:00+07:00"

    def test_what_a_text_says_of_time_is_in_the_record_and_in_the_store(self, crawl: Crawler, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(self.TEXT, encoding="utf-8")
        ended = crawl(f"archive={tmp_path / 'a.txt'}", "published=2023-10-14T14:05")
        assert ended.records()[0]["time_expressions"] == [
            {
                "field": "description",
                "start": 0,
                "end": 16,
                "text": "Sáng nay (14/10)",
                "type": "TIME",
                "value": "2023-10-14TMO",
                "mod": None,
                "conflict": False,
            }
        ]
        assert ended.rows("SELECT first_day, last_day, sentence FROM time_expressions") == [
            ("2023-10-14", "2023-10-14", "Sáng nay (14/10), cây cầu thông xe.")
        ]

    def test_the_same_file_again_adds_nothing(self, crawl: Crawler, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(self.TEXT, encoding="utf-8")
        crawl(f"archive={tmp_path / 'a.txt'}")
        again = crawl(f"archive={tmp_path / 'a.txt'}")
        assert again.status == 0
        assert len(again.records()) == 1
        assert again.rows("SELECT count(*) FROM articles") == [(1,)]

    def test_a_folder_is_read_whole_and_what_cannot_be_read_is_kept_as_a_failure(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        folder = tmp_path / "saved"
        (folder / "deep").mkdir(parents=True)
        page = site.site.newest[0]
        (folder / "deep" / "page.html").write_text(fetched(site, page.path, page.slug, page.id), encoding="utf-8")
        (folder / "a.txt").write_text(self.TEXT, encoding="utf-8")
        (folder / "broken.txt").write_bytes(b"\xe1\xba tin")
        ended = crawl(f"archive={folder}")
        assert ended.status == 3
        assert len(ended.records()) == 2
        ((address, reason),) = ended.rows("SELECT url, reason FROM pages WHERE state = 'failed'")
        assert address == (folder / "broken.txt").as_uri()
        assert "not UTF-8 text" in reason
        assert f"Not read: {address} (not UTF-8 text" in ended.log


def fetched(site: SampleServer, path: str, slug: str, story_id: str) -> str:
    """The page of an article, as a browser would save it."""
    from sample_site.pages import Pages

    return Pages(site.site).get(f"/{path}/{slug}-{story_id}.vov").body.decode()


class TestFailures:
    """Pages that cannot be read, and how the crawl ends."""

    def test_a_page_on_which_the_program_fails_is_kept_as_such(self, site: SampleServer, tmp_path: Path) -> None:
        good, bad = some_stories(site, 2)
        (tmp_path / "sitecustomize.py").write_text(
            "import vovcrawl.pages.related as related\n"
            "real = related.read\n"
            "def read(boxes, cards, base, own):\n"
            f"    if own.url == {bad!r}: raise RuntimeError('broken')\n"
            "    return real(boxes, cards, base, own)\n"
            "related.read = read\n"
        )
        ended = subprocess.run(
            command(tmp_path, site.url, (f"urls={bad},{good}",)),
            cwd=PROJECT,
            env={**environment(), "PYTHONPATH": f"{tmp_path}:{PROJECT}"},
            capture_output=True,
            text=True,
            check=False,
        )
        crawled = Crawl(ended.returncode, ended.stderr, tmp_path)
        assert crawled.status == 1
        assert crawled.addresses() == {good}
        assert crawled.rows("SELECT outcome, reason FROM pages WHERE url = ?", bad) == [
            ("error", "RuntimeError: broken")
        ]

    def test_gone_and_soft_errors_are_accounted_for(self, crawl: Crawler) -> None:
        ended = crawl(
            f"urls={VOV}{special_pages.MISSING_ADDRESS},{VOV}{special_pages.GONE_ADDRESS},"
            f"{VOV}{special_pages.SOFT_ERROR_ADDRESS}"
        )
        assert ended.status == 0
        counted = ended.rows("SELECT state, count(*) FROM pages GROUP BY state ORDER BY state")
        assert counted == [("done", 1), ("gone", 2)]

    def test_an_empty_shell_is_tried_again_then_kept_as_unread(self, crawl: Crawler, site: SampleServer) -> None:
        ended = crawl(f"urls={VOV}{special_pages.EMPTY_SHELL_ADDRESS}")
        assert ended.status == 3
        assert served(site).count(special_pages.EMPTY_SHELL_ADDRESS) == 2
        ((state, reason),) = ended.rows("SELECT state, reason FROM pages")
        assert state == "failed"
        assert reason.startswith("an article page without text or media")

    def test_an_empty_shell_that_fills_is_read(self, crawl: Crawler, site: SampleServer) -> None:
        (address,) = some_stories(site, 1)
        shell = "<html><body><article class='detail'><h1 class='article-title'>Tin</h1></article></body></html>"
        site.answer(address.removeprefix(VOV), body=shell, times=1)
        ended = crawl(f"urls={address}")
        assert ended.status == 0
        assert ended.addresses() == {address}

    def test_a_known_article_that_comes_empty_once_is_as_it_was(self, crawl: Crawler, site: SampleServer) -> None:
        (address,) = some_stories(site, 1)
        crawl(f"urls={address}")
        shell = "<html><body><article class='detail'><h1 class='article-title'>Tin</h1></article></body></html>"
        site.answer(address.removeprefix(VOV), body=shell, times=1)
        site.requests.clear()
        ended = crawl(f"urls={address}")
        assert ended.status == 0
        assert [request.status for request in site.requests[1:]] == [200, 304]

    def test_a_block_page_with_status_200_is_a_block(self, crawl: Crawler) -> None:
        assert crawl(f"urls={VOV}{special_pages.BLOCK_PAGE_ADDRESS}").status == 4

    def test_a_page_that_only_redirects_by_script_gives_the_story_it_leads_to(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        ended = crawl(f"urls={VOV}{special_pages.SCRIPT_REDIRECT_ADDRESS}")
        assert ended.status == 0
        assert ended.addresses() == {site_record(site)(site.site.newest[0])["canonical_url"]}

    @pytest.mark.parametrize(
        "target",
        ["http://[", "file:///etc/passwd", "javascript:x()", "//vov.vn:1/", "https://vov.vn/zh-CN/a", "\\x1b[1m"],
    )
    def test_a_script_that_leads_to_no_page_of_the_site_leaves_the_page_unread(
        self, crawl: Crawler, site: SampleServer, target: str
    ) -> None:
        (address,) = some_stories(site, 1)
        site.answer(address.removeprefix(VOV), body=f"<script>location.replace('{target}')</script>")
        ended = crawl(f"urls={address}")
        assert ended.status == 3
        assert ended.rows("SELECT url, outcome FROM pages") == [(address, "unreadable")]
        assert len(site.requests) == 2
        assert "\x1b" not in ended.log

    def test_a_server_error_is_retried_then_reported(self, crawl: Crawler, site: SampleServer) -> None:
        good, bad = some_stories(site, 2)
        site.answer(bad.removeprefix(VOV), status=500, body="lỗi")
        ended = crawl(f"urls={good},{bad}")
        assert ended.status == 3
        assert ended.addresses() == {good}
        assert served(site).count(bad.removeprefix(VOV)) == 3
        assert f"Not read: {bad} (the site answers 500)" in ended.log

    def test_a_failed_page_is_tried_by_the_next_crawl(self, crawl: Crawler, site: SampleServer) -> None:
        story = site.site.listings["the-thao"][0]
        bad = expected_record(story, site.site)["canonical_url"]
        site.answer(bad.removeprefix(VOV), status=500, body="lỗi", times=3)
        assert crawl("sections=the-thao", "related=0").status == 3
        second = crawl("sections=the-thao", "related=0")
        assert second.status == 0
        assert bad in second.addresses()

    def test_a_firewall_everywhere_ends_the_crawl_as_blocked(self, crawl: Crawler, site: SampleServer) -> None:
        for address in some_stories(site, 20):
            site.answer(address.removeprefix(VOV), status=403, body="Forbidden")
        ended = crawl("urls=" + ",".join(some_stories(site, 20)))
        assert ended.status == 4
        assert "Giving up: 10 pages in a row blocked" in ended.log
        assert ended.rows("SELECT count(*) FROM pages WHERE state = 'queued'")[0][0] > 0

    def test_a_site_that_is_down_is_unreachable(self, crawl: Crawler, site: SampleServer) -> None:
        site.down()
        ended = crawl("sections=the-thao")
        assert ended.status == 5
        assert "Traceback" not in ended.log

    @pytest.mark.parametrize(("status", "ends", "requests"), [(404, 0, 2), (500, 5, 0)])
    def test_robots_txt_that_is_missing_allows_and_one_that_fails_forbids(
        self, crawl: Crawler, site: SampleServer, status: int, ends: int, requests: int
    ) -> None:
        site.answer("/robots.txt", status=status, body="User-agent: *\nDisallow: /\n")
        ended = crawl("urls=" + ",".join(some_stories(site, 2)))
        assert ended.status == ends
        assert len([path for path in served(site) if path != "/robots.txt"]) == requests

    @pytest.mark.parametrize(
        ("target", "status", "outcome"),
        [
            ("https://english.vov.vn/en/a-post1.vov", 0, "out of scope"),
            ("//vovworld.vn/a", 0, "out of scope"),
            ("file:///etc/passwd", 3, "unreadable"),
            ("http://127.0.0.1:1/x", 3, "unreadable"),
        ],
    )
    def test_a_redirect_off_the_site_is_not_followed(
        self, crawl: Crawler, site: SampleServer, target: str, status: int, outcome: str
    ) -> None:
        (address,) = some_stories(site, 1)
        site.answer(address.removeprefix(VOV), status=302, body="", headers={"Location": target})
        ended = crawl(f"urls={address}")
        assert ended.status == status
        assert len(site.requests) == 2
        assert ended.rows("SELECT outcome FROM pages") == [(outcome,)]

    def test_a_redirect_loop_ends(self, crawl: Crawler, site: SampleServer) -> None:
        first, second = some_stories(site, 2)
        site.answer(first.removeprefix(VOV), status=302, body="", headers={"Location": second})
        site.answer(second.removeprefix(VOV), status=302, body="", headers={"Location": first})
        ended = crawl(f"urls={first}")
        assert ended.status == 3
        assert len(site.requests) == 3
        assert "redirects in a circle" in ended.log

    def test_a_redirect_without_end_ends(self, crawl: Crawler, site: SampleServer) -> None:
        for number in range(20):
            following = {"Location": f"/a/b-post{number + 1}.vov"}
            site.answer(f"/a/b-post{number}.vov", status=302, body="", headers=following)
        ended = crawl(f"urls={VOV}/a/b-post0.vov")
        assert ended.status == 3
        assert len(site.requests) == 7

    def test_a_story_that_answers_on_another_host_is_read_there(self, crawl: Crawler, site: SampleServer) -> None:
        (address,) = some_stories(site, 1)
        path = address.removeprefix(VOV)

        def answer(request: RequestRecord) -> Answer | None:
            other = {"Location": f"https://baoxuan.vov.vn{path}"}
            return Answer(status=301, body=b"", headers=other) if request.host == "vov.vn" else None

        site.answer(path, answer)
        ended = crawl(f"urls={address}")
        assert ended.status == 0
        assert ended.addresses() == {address}
        assert ended.rows("SELECT DISTINCT state FROM pages") == [("done",)]

    def test_a_story_listed_under_its_old_and_new_address_is_fetched_once(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        source, target = next(iter(site.site.redirects.items()))
        ended = crawl(f"urls={VOV}{source},{VOV}{target.removeprefix(VOV)}")
        assert ended.status == 0
        assert len(site.requests) == 3

    def test_a_menu_that_cannot_be_read_gives_way_to_the_known_sections(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        site.answer("/", status=500, body="lỗi")
        ended = crawl("pages=1", "related=0")
        assert ended.status == 3
        assert "/the-thao" in served(site)


class TestBadInput:
    """One clear line, a status, and nothing touched."""

    @pytest.mark.parametrize(
        ("given", "status", "words"),
        [
            (("section=the-thao",), 2, "unknown argument 'section' (did you mean 'sections'?)"),
            (("sections=the-thaoo",), 2, "unknown section 'the-thaoo' (did you mean 'the-thao'?)"),
            (("since=2026-07-16", "until=2026-07-14"), 2, "-a since=2026-07-16 lies after -a until=2026-07-14"),
            (("archive=khong-co.html",), 2, "there is no file or folder 'khong-co.html'"),
            (("urls=https://example.com/a",), 2, "is no page of vov.vn"),
            (("fresh=yes",), 2, "-a fresh: 'yes' is neither 1"),
            (("sources=sitemaps",), 2, "unknown source 'sitemaps' (did you mean 'sitemap'?)"),
            (("-s", "VOV_MIRROR=nowhere"), 2, "-s VOV_MIRROR"),
            (("-s", "VOV_DATABASE=/nowhere/at/all/vov.sqlite"), 6, "cannot open the store"),
        ],
    )
    def test_it_stops_before_anything_happens(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path, given: tuple[str, ...], status: int, words: str
    ) -> None:
        feed = tmp_path / "out.jsonl"
        feed.write_text("kept\n")
        ended = crawl(*given, "-O", str(feed))
        assert ended.status == status
        assert words in ended.log
        assert len(ended.log.strip().splitlines()) == 1
        assert feed.read_text() == "kept\n"
        assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
        assert site.requests == []

    def test_a_relative_folder_is_as_good_as_an_absolute_one(self, crawl: Crawler) -> None:
        ended = crawl("archive=tests/frozen")
        assert ended.status == 3
        assert len(ended.records()) == 29
        assert "Traceback" not in ended.log

    @pytest.mark.parametrize(
        "options",
        [
            ("-s", "CONCURRENT_REQUESTS=abc"),
            ("-s", "FEED_EXPORT_ENCODING=nope"),
            ("-s", "VOV_DATABSE=x"),
            ("-s", "FEEDS=[1]"),
            ("-o", "a.xyz"),
        ],
    )
    def test_a_wrong_setting_is_one_line(self, crawl: Crawler, tmp_path: Path, options: tuple[str, str]) -> None:
        ended = crawl(*options)
        assert ended.status == 2
        assert len(ended.log.strip().splitlines()) == 1
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.usefixtures("hasty")
    @pytest.mark.sqlite("locks of a file")
    def test_a_store_that_something_else_writes_to_is_a_store_problem(self, crawl: Crawler, tmp_path: Path) -> None:
        crawl("sections=the-thao", "pages=1", "related=0")
        with closing(sqlite3.connect(tmp_path / "vov.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            ended = crawl("sections=the-thao")
        assert ended.status == 6
        waits, fails = ended.log.strip().splitlines()
        assert "is locked by another program: waiting" in waits
        assert "cannot open the store" in fails

    def test_a_feed_that_fails_while_it_is_written_is_told(self, crawl: Crawler, site: SampleServer) -> None:
        ended = crawl("urls=" + some_stories(site, 1)[0], "-o", "/dev/full:jsonl")
        assert ended.status == 6

    def test_a_folder_without_pages_is_refused(self, crawl: Crawler, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        ended = crawl(f"archive={tmp_path / 'empty'}")
        assert ended.status == 2
        assert "holds no file that is .html, .txt, .warc[.gz], .wacz or .jsonl[.gz|.zst]" in ended.log

    def test_another_spider_is_refused_in_one_line(self, tmp_path: Path) -> None:
        ended = run_line([part if part != "vov" else "other" for part in command(tmp_path, None, ())])
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)

    def test_given_feeds_take_the_place_of_the_projects_own(self, crawl: Crawler, site: SampleServer) -> None:
        own = PROJECT / "data" / "vov.jsonl"
        before = own.stat().st_mtime_ns if own.exists() else None
        crawl("urls=" + some_stories(site, 1)[0])
        assert (own.stat().st_mtime_ns if own.exists() else None) == before


@pytest.mark.long
class TestStopping:
    """Interrupted crawls."""

    def start(self, site: SampleServer, folder: Path, *given: str) -> Started:
        return start_line(command(folder, site.url, given))

    def wait_for_articles(self, store: Path, articles: int) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if "articles" in tables(store) and rows(store, "SELECT count(*) FROM articles") >= [(articles,)]:
                return
            time.sleep(0.02)
        pytest.fail(f"not {articles} articles within 30 seconds")

    @pytest.mark.parametrize("line", ["Enabled extensions", "Enabled item pipelines", "Spider opened"])
    def test_a_signal_before_the_first_request_is_told_too(self, site: SampleServer, tmp_path: Path, line: str) -> None:
        starting = self.start(site, tmp_path, "sections=the-thao", "-s", "DOWNLOAD_DELAY=0.5")
        assert starting.stderr is not None
        for said in starting.stderr:
            if line in said:
                break
        starting.send_signal(signal.SIGTERM)
        starting.communicate(timeout=30)
        assert starting.returncode == 143

    @pytest.mark.long
    @pytest.mark.usefixtures("hasty")
    @pytest.mark.sqlite("locks of a file")
    def test_a_store_that_fails_in_the_middle_is_a_store_problem(self, site: SampleServer, tmp_path: Path) -> None:
        running = self.start(site, tmp_path, "sections=the-thao", "-s", "DOWNLOAD_DELAY=0.3")
        wait_for_requests(site, 3)
        with closing(sqlite3.connect(tmp_path / "vov.sqlite", isolation_level=None, timeout=20)) as other:
            other.execute("BEGIN IMMEDIATE")
            running.communicate(timeout=60)
        assert running.returncode == 6

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
    def test_a_signal_saves_the_work_and_the_same_command_finishes_it(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path, number: int, status: int
    ) -> None:
        given = ("sections=the-thao,xa-hoi", "related=0")
        stopped = self.start(site, tmp_path, *given, "-s", "DOWNLOAD_DELAY=0.1")
        wait_for_requests(site, 8)
        stopped.send_signal(number)
        stopped.communicate(timeout=30)
        assert stopped.returncode == status
        done = set(served(site))
        site.requests.clear()
        ended = crawl(*given)
        assert ended.status == 0
        assert "Resuming the unfinished crawl" in ended.log
        assert done & set(served(site)) == {"/robots.txt"}
        listed = {
            expected_record(story, site.site)["canonical_url"]
            for path in ("the-thao", "xa-hoi")
            for story in site.site.listings[path]
        }
        assert ended.addresses() == listed

    def test_an_archive_that_is_stopped_is_gone_on_with(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        folder = tmp_path / "saved"
        folder.mkdir()
        for number in range(2000):
            text = f"Cầu mới số {number} nối hai bờ sông\n\nNgười dân hai bên bờ đứng chờ từ sớm."
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        stopped = self.start(site, tmp_path, f"archive={folder}")
        self.wait_for_articles(tmp_path / "vov.sqlite", 20)
        stopped.send_signal(signal.SIGTERM)
        stopped.communicate(timeout=20)
        assert stopped.returncode == 143
        ended = crawl(f"archive={folder}")
        assert ended.status == 0
        assert "Resuming the unfinished crawl" in ended.log
        assert len(ended.addresses()) == 2000

    def test_a_page_is_asked_for_once_those_before_it_are_kept(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        in_flight = []
        respond = site.respond

        def look(record: RequestRecord) -> Page:
            in_flight.append(rows(tmp_path / "vov.sqlite", "SELECT url FROM pages WHERE state = 'in flight'"))
            return respond(record)

        monkeypatch.setattr(site, "respond", look)
        crawl("sections=the-thao", "related=0")
        assert len(in_flight) > 8
        assert in_flight[1:] == [[(VOV + path,)] for path in served(site)[1:]]

    def test_killed_crawls_lose_and_repeat_nothing_but_what_was_in_flight(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        given = ("sections=the-thao,xa-hoi,kinh-te", "related=0")
        kills = 4
        for _ in range(kills):
            before = len(site.requests)
            killed = self.start(site, tmp_path, *given, "-s", "DOWNLOAD_DELAY=0.05")
            wait_for_requests(site, before + 8)
            killed.kill()
            killed.communicate(timeout=30)
            assert killed.returncode == -signal.SIGKILL
        ended = crawl(*given)
        assert ended.status == 0
        listed = {
            expected_record(story, site.site)["canonical_url"]
            for path in ("the-thao", "xa-hoi", "kinh-te")
            for story in site.site.listings[path]
        }
        assert ended.addresses() == listed
        repeated = sum(times - 1 for path, times in Counter(served(site)).items() if path != "/robots.txt")
        assert repeated <= kills

    def test_a_second_crawl_of_the_same_store_leaves_at_once(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        first = self.start(site, tmp_path, "sections=the-thao", "-s", "DOWNLOAD_DELAY=2")
        wait_for_requests(site, 2)
        second = crawl("sections=xa-hoi")
        assert second.status == 75
        assert len(second.log.strip().splitlines()) == 1
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)

    def test_no_port_is_open_while_it_runs(self, site: SampleServer, tmp_path: Path) -> None:
        running = self.start(site, tmp_path, "sections=the-thao", "-s", "DOWNLOAD_DELAY=0.5")
        wait_for_requests(site, 2)
        listening = listening_ports(running.pid)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=30)
        assert listening == []


def listening_ports(pid: int) -> list[int]:
    """The TCP ports on which a process listens."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            name = str(descriptor.readlink())
        except OSError:
            continue
        if name.startswith("socket:["):
            inodes.add(name[8:-1])
    ports = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A" and cells[9] in inodes:
                ports.append(int(cells[1].rpartition(":")[2], 16))
    return ports


def test_the_check_for_open_ports_sees_one() -> None:

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert server.getsockname()[1] in listening_ports(os.getpid())
