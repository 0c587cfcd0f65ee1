"""Windows of the archive through its sources, cheaply, and again."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sample_site.replica import Replica
from sample_site.server import SampleServer
from tests.conftest import Crawl, run_line
from tests.stores import store_at

pytestmark = pytest.mark.long

DAYS, A_DAY = 8, 12
MONTH = "/sitemaps/2026/7/article.xml"
BROKEN: dict[str, dict[str, Any]] = {
    "blocked": {"status": 403, "body": "Forbidden"},
    "an attention page": {"body": "<html><title>Attention Required! | Cloudflare</title><body>Sorry</body></html>"},
    "JavaScript": {"body": '<script>window.location.href="https%3A%2F%2Fvov.vn%2F"</script>'},
    "cut": {"body": "<urlset><url><loc>https://vov.vn/xa-hoi/a-post1.vov</loc>"},
    "XXE": {"body": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'},
    "empty": {"body": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'},
    "gone": {"status": 404, "body": "Not found"},
    "redirected": {"status": 302, "headers": {"Location": "https://vov.vn/"}},
}

Run = Callable[..., Crawl]


@pytest.fixture
def replica() -> Replica:
    return Replica(days=DAYS, a_day=A_DAY)


@pytest.fixture
def server(replica: Replica) -> Iterator[SampleServer]:
    with SampleServer(replica) as started:
        yield started


@pytest.fixture
def run(server: SampleServer, replica: Replica, tmp_path: Path) -> Run:
    """Runs a command on the replica, at its time; arguments as `name=value`, options as they are."""

    def ran(*given: str, command: tuple[str, ...] = ("crawl", "vov"), folder: Path = tmp_path) -> Crawl:
        server.requests.clear()
        options = [
            f"VOV_MIRROR={server.url}",
            f"VOV_NOW={replica.now.isoformat()}",
            f"VOV_DATABASE={store_at(folder / 'vov.sqlite')}",
            "DOWNLOAD_DELAY=0",
        ]
        arguments = [part for one in given for part in (("-a", one) if "=" in one and one[0] != "-" else (one,))]
        settings = [part for one in options for part in ("-s", one)]
        feed = ["-o", str(folder / "vov.jsonl")] if command[0] == "crawl" else []
        ended = run_line([sys.executable, "-m", "scrapy", *command, *settings, *feed, *arguments])
        return Crawl(ended.returncode, ended.stderr + ended.stdout, folder)

    return ran


@pytest.fixture
def window(replica: Replica) -> tuple[date, date]:
    first = (replica.now - timedelta(days=5)).date()
    return first, first + timedelta(days=2)


@pytest.fixture
def asked(window: tuple[date, date]) -> tuple[str, str]:
    return f"since={window[0]}", f"until={window[1]}"


def stories(server: SampleServer) -> Counter[int]:
    """The statuses of the responses to requests for articles."""
    return Counter(request.status for request in server.requests if request.path.endswith(".vov"))


def test_a_window_is_kept_whole_with_little_more_than_a_request_a_story(
    run: Run, server: SampleServer, replica: Replica, window: tuple[date, date], asked: tuple[str, str]
) -> None:
    ended = run(*asked)
    wanted = set(replica.published_between(*window))
    assert ended.status == 0
    assert ended.addresses() == wanted
    assert len(server.requests) <= 1.10 * len(wanted) + 5
    assert [request.path for request in server.requests[:2]] == ["/robots.txt", MONTH]


def test_the_same_window_again_asks_for_no_story(run: Run, server: SampleServer, asked: tuple[str, str]) -> None:
    run(*asked)
    again = run(*asked)
    assert again.status == 0
    assert [request.path for request in server.requests] == ["/robots.txt", MONTH]


def test_only_new_and_edited_stories_are_fetched_and_the_old_texts_stay(
    run: Run, server: SampleServer, replica: Replica, window: tuple[date, date]
) -> None:
    since = f"since={window[0]}"
    run(since)
    day = replica.advance(new=6, edited=4, edited_since=window[0])
    ended = run(since)
    assert ended.status == 0
    fetched = {f"https://vov.vn{request.path}" for request in server.requests if request.path.endswith(".vov")}
    assert fetched == {*day.new, *day.edited}
    edited = ended.rows("SELECT canonical_url, revision FROM articles WHERE revision > 1")
    assert {address for address, _ in edited} == set(day.edited)
    lines = Counter(record["canonical_url"] for record in ended.records())
    assert {address for address, times in lines.items() if times == 2} == set(day.edited)


def test_edits_of_young_stories_are_found_where_no_source_gives_dates_of_change(
    run: Run, server: SampleServer, replica: Replica, window: tuple[date, date]
) -> None:
    run("sources=listing", f"since={window[0]}", "related=0")
    day = replica.advance(new=0, edited=3, edited_since=window[0])
    run("sources=listing", f"since={window[0]}", "related=0")
    statuses = stories(server)
    assert statuses[200] == len(day.edited)
    assert statuses[304] > 0
    assert set(statuses) == {200, 304}


def test_old_stories_of_a_source_without_dates_are_left_alone(
    run: Run, server: SampleServer, window: tuple[date, date]
) -> None:
    run("sources=listing", f"since={window[0]}", "related=0")
    run("sources=listing", f"since={window[0]}", "related=0", "-s", "VOV_REVISIT=0d")
    assert stories(server) == {}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_source_that_fails_is_made_up_for_and_told_of(
    run: Run,
    server: SampleServer,
    replica: Replica,
    window: tuple[date, date],
    asked: tuple[str, str],
    answer: dict[str, Any],
) -> None:
    server.answer(MONTH, **answer)
    ended = run(*asked)
    assert ended.status == 3
    assert ended.addresses() == set(replica.published_between(*window))
    assert "failed (" in ended.log
    assert "walking the listings instead" in ended.log
    assert {request.host for request in server.requests} == {"vov.vn"}


def test_a_story_that_vanishes_is_marked_once_the_site_has_said_so_a_day_apart_and_stays(
    run: Run, server: SampleServer, replica: Replica, asked: tuple[str, str], window: tuple[date, date]
) -> None:
    run(*asked)
    day = replica.advance(new=0, edited=1, edited_since=window[0], edited_until=window[1])
    gone = "SELECT canonical_url FROM articles WHERE gone_at IS NOT NULL"
    server.answer(day.edited[0].removeprefix("https://vov.vn"), status=410, body="Gone")
    ended = run(*asked)
    assert (ended.status, ended.rows(gone)) == (0, [])
    replica.advance(new=0, edited=0)
    ended = run(*asked)
    assert (ended.status, ended.rows(gone)) == (0, [(day.edited[0],)])


def test_everything_is_planned_by_the_index_and_the_running_month(run: Run, server: SampleServer) -> None:
    assert run("since=all").status == 0
    paths = [request.path for request in server.requests]
    assert paths[:3] == ["/robots.txt", "/sitemap.xml", MONTH]
    assert len(paths) == len(set(paths))


def test_feeds_are_read_for_the_newest_stories(run: Run, server: SampleServer, replica: Replica) -> None:
    today = replica.now.date()
    ended = run("sources=rss", f"since={today}", "related=0")
    assert ended.status == 0
    assert ended.addresses()
    assert ended.addresses() <= set(replica.published_between(today, today))
    # What a feed dates outside the window is not asked for.
    assert stories(server).total() == len(ended.addresses())


class TestCoverage:
    """`scrapy coverage`."""

    def coverage(self, run: Run, window: tuple[date, date], *options: str) -> Crawl:
        return run("--since", str(window[0]), "--until", str(window[1]), *options, command=("coverage",))

    def test_a_window_that_was_crawled_is_complete(
        self, run: Run, server: SampleServer, asked: tuple[str, str], window: tuple[date, date]
    ) -> None:
        run(*asked)
        ended = self.coverage(run, window)
        assert ended.status == 0
        assert [request.path for request in server.requests] == ["/robots.txt", MONTH]
        assert ended.log.splitlines()[0].split() == [
            *("day", "section", "listed", "stored", "duplicate", "address", "no", "article", "left", "out"),
            *("failed", "missing"),
        ]

    def test_what_is_missing_is_named(
        self, run: Run, replica: Replica, asked: tuple[str, str], window: tuple[date, date]
    ) -> None:
        run(f"urls={replica.published_between(*window)[0]}")
        ended = self.coverage(run, window, "--json")
        report = json.loads(ended.log)
        wanted = set(replica.published_between(*window))
        assert ended.status == 3
        assert not report["complete"]
        missing = {story["url"] for story in report["not_stored"] if story["held"] == "missing"}
        assert wanted - missing == {replica.published_between(*window)[0]}
        assert sum(row["stored"] for row in report["rows"]) == 1

    def test_a_source_that_cannot_be_read_is_no_proof(
        self, run: Run, server: SampleServer, asked: tuple[str, str], window: tuple[date, date]
    ) -> None:
        run(*asked)
        server.answer(MONTH, status=403, body="Forbidden")
        ended = self.coverage(run, window)
        assert ended.status == 3
        assert "the site answers 403" in ended.log

    @pytest.mark.parametrize(
        ("options", "status", "says"),
        [
            (("--since", "hôm qua"), 2, "scrapy coverage: --since:"),
            (("--months", "3"), 2, "scrapy coverage: "),
            (("the-thao",), 2, "scrapy coverage: unknown option or argument the-thao"),
            ((), 6, "scrapy coverage: there is no store"),
        ],
    )
    def test_bad_input_is_one_line(self, run: Run, options: tuple[str, ...], status: int, says: str) -> None:
        ended = run(*options, command=("coverage",))
        assert ended.status == status
        assert ended.log.startswith(says)
        assert ended.log.count("\n") == 1
