"""What `scrapy crawl vov` does when the site asks for more room."""

from __future__ import annotations

import signal
import subprocess
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from sample_site.expected import expected_record
from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, run_line
from vovcrawl import __version__

pytestmark = pytest.mark.long

VOV = "https://vov.vn"
PAUSE = 1.0
# Timers may wake up a little early.
SLACK = 0.1


def paths(site: SampleServer, number: int) -> list[str]:
    """Articles that robots.txt allows."""
    return [
        expected_record(story, site.site)["canonical_url"].removeprefix(VOV)
        for story in site.site.newest
        if FORBIDDEN_FOLDER not in f"/{story.path}/"
    ][:number]


def urls(stories: list[str]) -> str:
    return "urls=" + ",".join(VOV + path for path in stories)


def gap_after(site: SampleServer, position: int) -> float:
    """Seconds between a request and the next one."""
    return site.requests[position + 1].at - site.requests[position].at


def first(site: SampleServer, path: str) -> int:
    """The position of the first request for a path."""
    return next(position for position, request in enumerate(site.requests) if request.path == path)


def times_asked(site: SampleServer, path: str) -> int:
    return sum(request.path == path for request in site.requests)


class TestRetryAfter:
    @pytest.mark.parametrize("status", [429, 503])
    def test_the_host_is_left_alone_then_asked_again(self, crawl: Crawler, site: SampleServer, status: int) -> None:
        stories = paths(site, 6)
        busy = stories[1]
        site.answer(busy, status=status, body="bận", headers={"Retry-After": "1"}, times=1)
        ended = crawl(urls(stories))
        assert ended.status == 0
        assert ended.addresses() == {VOV + path for path in stories}
        assert times_asked(site, busy) == 2
        assert first(site, busy) < len(site.requests) - 2
        assert gap_after(site, first(site, busy)) >= PAUSE - SLACK
        assert ended.log.count(f"vov.vn answers {status} and asks to wait 1 s") == 1
        assert "'vov/politeness/retry_after': 1," in ended.log

    def test_a_date_is_understood(self, crawl: Crawler, site: SampleServer) -> None:
        stories = paths(site, 3)

        def busy(request: RequestRecord) -> Answer:
            return Answer(503, b"", {"Retry-After": formatdate(time.time() + 3, usegmt=True)})

        site.answer(stories[0], busy, times=1)
        assert crawl(urls(stories)).status == 0
        assert gap_after(site, first(site, stories[0])) >= PAUSE

    def test_a_page_that_stays_busy_is_left_as_failed(self, crawl: Crawler, site: SampleServer) -> None:
        good, busy = paths(site, 2)
        site.answer(busy, status=503, body="bận", headers={"Retry-After": "1"})
        ended = crawl(urls([good, busy]))
        assert ended.status == 3
        assert ended.addresses() == {VOV + good}
        assert times_asked(site, busy) == 3

    def test_a_page_to_be_asked_for_much_later_is_left_to_the_next_crawl(
        self, crawl: Crawler, site: SampleServer
    ) -> None:
        good, busy, other = paths(site, 3)
        site.answer(busy, status=503, body="bận", headers={"Retry-After": "3600"}, times=1)
        ended = crawl(urls([good, busy, other]))
        assert ended.status == 3
        assert ended.addresses() == {VOV + good, VOV + other}
        assert times_asked(site, busy) == 1
        assert ended.log.count("asks to wait 3600 s, more than 300") == 1
        again = crawl(urls([good, busy, other]))
        assert again.status == 0
        assert VOV + busy in again.addresses()

    @pytest.mark.parametrize(("status", "ends"), [(503, 3), (429, 4)])
    def test_a_site_that_asks_for_much_later_is_left(
        self, crawl: Crawler, site: SampleServer, status: int, ends: int
    ) -> None:
        stories = paths(site, 8)
        for path in stories:
            site.answer(path, status=status, body="bận", headers={"Retry-After": "86400"})
        ended = crawl(urls(stories))
        assert ended.status == ends
        assert len(site.requests) == 3
        assert "Giving up: vov.vn asks to be left alone" in ended.log
        site.reset()
        again = crawl(urls(stories))
        assert again.status == 0
        assert again.addresses() == {VOV + path for path in stories}

    @pytest.mark.parametrize("nonsense", ["soon", "-1", ""])
    def test_nonsense_is_no_order_but_the_pause_grows(self, crawl: Crawler, site: SampleServer, nonsense: str) -> None:
        (busy,) = paths(site, 1)
        site.answer(busy, status=503, body="bận", headers={"Retry-After": nonsense}, times=2)
        ended = crawl(urls([busy]))
        assert ended.status == 0
        assert times_asked(site, busy) == 3
        assert gap_after(site, first(site, busy)) >= PAUSE - SLACK
        assert gap_after(site, first(site, busy) + 1) >= 2 * PAUSE - SLACK
        assert "vov/politeness/retry_after" not in ended.log
        assert "'vov/politeness/back_off': 2," in ended.log

    def test_robots_txt_is_asked_for_again_as_well(self, crawl: Crawler, site: SampleServer) -> None:
        stories = paths(site, 2)
        site.answer("/robots.txt", status=503, body="bận", headers={"Retry-After": "1"}, times=1)
        assert crawl(urls(stories)).status == 0
        assert [request.path for request in site.requests][:2] == ["/robots.txt", "/robots.txt"]
        assert gap_after(site, 0) >= PAUSE - SLACK

    @pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}, {"Retry-After": "3600"}])
    def test_a_robots_txt_that_stays_busy_means_not_now(
        self, crawl: Crawler, site: SampleServer, headers: dict[str, str]
    ) -> None:
        site.answer("/robots.txt", status=429, body="bận", headers=headers)
        ended = crawl(urls(paths(site, 2)))
        assert ended.status == 5
        assert {request.path for request in site.requests} == {"/robots.txt"}

    def test_a_pause_does_not_keep_a_crawl_from_stopping(self, site: SampleServer, tmp_path: Path) -> None:
        stories = paths(site, 6)
        site.answer(stories[0], status=503, body="bận", headers={"Retry-After": "200"}, times=1)
        running = subprocess.Popen(
            command(tmp_path, site.url, (urls(stories),)),
            cwd=PROJECT,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert running.stderr is not None
        for line in running.stderr:
            if "asks to wait 200 s" in line:
                break
        asked = len(site.requests)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
        assert running.returncode == 143
        assert len(site.requests) == asked

    def test_a_stopped_crawl_goes_on_with_what_waited(self, crawl: Crawler, site: SampleServer, tmp_path: Path) -> None:
        self.test_a_pause_does_not_keep_a_crawl_from_stopping(site, tmp_path)
        again = crawl(urls(paths(site, 6)))
        assert again.status == 0
        assert again.addresses() == {VOV + path for path in paths(site, 6)}


class TestCrawlDelay:
    @pytest.fixture
    def crawl_by_default(self, site: SampleServer, tmp_path: Path) -> Crawler:
        """As `crawl`, with the project's own delay."""

        def run(*given: str) -> Crawl:
            options = command(tmp_path, site.url, given)
            place = options.index("DOWNLOAD_DELAY=0")
            del options[place - 1 : place + 1]
            ended = run_line(options)
            return Crawl(ended.returncode, ended.stderr, tmp_path)

        return run

    def test_it_is_obeyed_from_the_first_page_on(self, crawl_by_default: Crawler, site: SampleServer) -> None:
        stories = paths(site, 2)
        site.answer("/robots.txt", body="User-agent: vovcrawl\nCrawl-delay: 3.2\n")
        ended = crawl_by_default(urls(stories))
        assert ended.status == 0
        assert len(site.requests) == 3
        assert all(gap_after(site, position) >= 2.5 for position in (0, 1))
        assert ended.log.count("robots.txt of vov.vn asks for 3.2 s between requests: obeyed") == 1

    def test_it_yields_to_the_command_line(self, crawl: Crawler, site: SampleServer) -> None:
        site.answer("/robots.txt", body="User-agent: *\nCrawl-delay: 50\n")
        ended = crawl(urls(paths(site, 3)))
        assert ended.status == 0
        assert "between requests" not in ended.log


def test_there_is_one_request_at_a_time(crawl: Crawler, site: SampleServer) -> None:
    stories = paths(site, 8)
    running: list[str] = []
    together: list[int] = []

    def slowly(request: RequestRecord) -> None:
        running.append(request.path)
        together.append(len(running))
        time.sleep(0.1)
        running.remove(request.path)

    for path in stories:
        site.answer(path, slowly)
    assert crawl(urls(stories)).status == 0
    assert together == [1] * len(stories)


def test_a_slow_server_is_left_to_rest(crawl: Crawler, site: SampleServer) -> None:
    stories = paths(site, 2)

    def slowly(request: RequestRecord) -> None:
        time.sleep(1)

    site.answer(stories[0], slowly)
    ended = crawl(urls(stories), "-s", "DOWNLOAD_DELAY=0.1", "-s", "DOWNLOAD_DELAY_JITTER=0")
    assert ended.status == 0
    assert gap_after(site, first(site, stories[0])) >= 2 - SLACK


class TestContact:
    """`VOV_CONTACT`: whom the site can write to."""

    def agents(self, site: SampleServer) -> set[str]:
        return {request.user_agent for request in site.requests}

    @pytest.mark.parametrize("contact", ["https://lab.example.org/crawler", "crawler@lab.example.org"])
    def test_it_stands_in_the_user_agent(self, crawl: Crawler, site: SampleServer, contact: str) -> None:
        assert crawl("since=1d", "-s", f"VOV_CONTACT={contact}").status == 0
        assert self.agents(site) == {f"Mozilla/5.0 (compatible; vovcrawl/{__version__}; +{contact})"}

    def test_without_one_the_user_agent_names_the_project_alone(self, crawl: Crawler, site: SampleServer) -> None:
        crawl("since=1d")
        assert self.agents(site) == {f"Mozilla/5.0 (compatible; vovcrawl/{__version__})"}

    def test_a_user_agent_that_was_given_stays(self, crawl: Crawler, site: SampleServer) -> None:
        crawl("since=1d", "-s", "VOV_CONTACT=crawler@lab.example.org", "-s", "USER_AGENT=own/1")
        assert self.agents(site) == {"own/1"}

    @pytest.mark.parametrize(
        "contact",
        ["me", "ftp://example.org", "https://", "a@b", "a@example.org)", "a b@example.org", "https://a.b/\r\n"],
    )
    def test_what_is_no_address_is_refused(self, crawl: Crawler, site: SampleServer, contact: str) -> None:
        ended = crawl("since=1d", "-s", f"VOV_CONTACT={contact}")
        assert (ended.status, ended.log.count("\n")) == (2, 1)
        assert "VOV_CONTACT" in ended.log
        assert site.requests == []

    @pytest.mark.parametrize(
        ("mirror", "given", "lines"),
        [(None, (), 1), (None, ("-s", "VOV_CONTACT=crawler@lab.example.org"), 0), ("http://127.0.0.1:1", (), 0)],
        ids=["the real site", "with a contact", "another server"],
    )
    def test_a_crawl_of_the_real_site_without_one_says_so_once(
        self, crawl: Crawler, mirror: str | None, given: tuple[str, ...], lines: int
    ) -> None:
        # No article has failed yet, so that nothing is asked for.
        ended = crawl("urls=@failed", *given, mirror=mirror)
        assert ended.status == 0
        assert ended.log.count("-s VOV_CONTACT=") == lines
