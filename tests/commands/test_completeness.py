"""Exit status 0 means complete: what a crawl that says so must not have missed.

Crawls as cron starts them, on a replica of the site whose time goes by between them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sample_site.expected import expected_record
from sample_site.pages import Page
from sample_site.replica import Replica
from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.story import VIETNAM, Story
from tests.conftest import Crawl, run_line
from tests.stores import change, store_at

pytestmark = pytest.mark.long

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GONE = "SELECT count(*) FROM articles WHERE gone_at IS NOT NULL"
STOP_AFTER = "CLOSESPIDER_PAGECOUNT={}"

Run = Callable[..., Crawl]


class OutOfOrder(Replica):
    """A replica whose sitemap has further entries."""

    further: str = ""


class Server(SampleServer):
    """Serves a replica with further entries in its sitemaps."""

    def respond(self, record: RequestRecord) -> Page:
        page = super().respond(record)
        if isinstance(self.site, OutOfOrder) and self.site.further and record.path.startswith("/sitemaps/"):
            body = page.body.replace(b"</urlset>", self.site.further.encode() + b"</urlset>")
            return Page(body, page.content_type, page.status)
        return page


@pytest.fixture
def start() -> datetime:
    return datetime(2026, 7, 16, 7, 0, tzinfo=VIETNAM)


@pytest.fixture
def replica(start: datetime) -> OutOfOrder:
    return OutOfOrder(days=6, a_day=12, older=4, now=start)


@pytest.fixture
def server(replica: OutOfOrder) -> Iterator[Server]:
    with Server(replica) as started:
        yield started


@pytest.fixture
def run(server: SampleServer, replica: Replica, tmp_path: Path) -> Run:
    """Crawls the replica at its time, the last two days unless told otherwise; settings as `NAME=VALUE`."""

    def ran(*given: str, command: tuple[str, ...] = ("crawl", "vov")) -> Crawl:
        server.requests.clear()
        options = [f"VOV_MIRROR={server.url}", f"VOV_NOW={replica.now.isoformat()}", "DOWNLOAD_DELAY=0"]
        options += [f"VOV_DATABASE={store_at(tmp_path / 'vov.sqlite')}"]
        options += [one for one in given if one.partition("=")[0].isupper()]
        is_crawl = command[0] == "crawl"
        asked = [one for one in given if one not in options]
        if is_crawl and not any(one.startswith(("since=", "urls=")) for one in asked):
            asked.append("since=2d")
        arguments = [part for one in asked for part in (("-a", one) if is_crawl else (one,))]
        settings = [part for one in options for part in ("-s", one)]
        feed = ["-o", str(tmp_path / "vov.jsonl")] if is_crawl else []
        ended = run_line([sys.executable, "-m", "scrapy", *command, *settings, *feed, *arguments])
        return Crawl(ended.returncode, ended.stderr + ended.stdout, tmp_path)

    return ran


def lacking(ended: Crawl, replica: Replica, since: datetime) -> list[str]:
    """Urls of the articles since then that the store lacks, or holds with another text."""
    held = dict(ended.rows("SELECT canonical_url, headline || body FROM articles"))

    def text(story: Story) -> str:
        record = expected_record(story, replica)
        return str(record["headline"] + record["body"])

    return [story.url for story in replica.newest if story.published >= since and held.get(story.url) != text(story)]


def midnight(replica: Replica, days_ago: int = 2) -> datetime:
    return (replica.now - days_ago * DAY).replace(hour=0, minute=0)


def sources_asked(server: SampleServer) -> list[str]:
    return [request.path for request in server.requests if not request.path.endswith((".vov", "/robots.txt"))]


def lose(server: SampleServer, stories: list[Story]) -> None:
    """Has the site say of these that they are gone."""
    for story in stories:
        server.answer(story.address, status=404, body="lỗi")


class TestResumed:
    """A crawl that was stopped, and goes on when the site has more to show."""

    @pytest.mark.parametrize("arguments", [(), ("sources=listing", "related=0")], ids=["sitemap", "listing"])
    def test_it_has_what_came_and_changed_in_the_meantime(
        self, run: Run, server: Server, replica: Replica, arguments: tuple[str, ...]
    ) -> None:
        assert run(*arguments, STOP_AFTER.format(12)).status == 3
        replica.advance(12, 6, span=16 * HOUR, edited_since=midnight(replica))
        ended = run(*arguments)
        assert ended.status == 0
        assert lacking(ended, replica, midnight(replica)) == []
        assert run(*arguments).status == 0

    def test_what_is_left_comes_before_the_sources(self, run: Run, server: Server, replica: Replica) -> None:
        run(STOP_AFTER.format(12))
        replica.advance(4, 2, span=16 * HOUR, edited_since=midnight(replica))
        ended = run()
        assert "reading the sources again" in ended.log
        asked = [request.path for request in server.requests]
        # What was left, then the sitemap once more, then what is new in it.
        place = asked.index("/sitemaps/2026/7/article.xml")
        assert sources_asked(server) == ["/sitemaps/2026/7/article.xml"]
        assert 0 < place < len(asked) - 1

    def test_an_absolute_window_reaches_to_the_day_of_the_last_run(self, run: Run, replica: Replica) -> None:
        since = f"since={midnight(replica).date()}"
        begins = midnight(replica)
        run(since, STOP_AFTER.format(8))
        for _ in range(4):
            replica.advance(12, 4)
        ended = run(since)
        assert ended.status == 0
        assert lacking(ended, replica, begins) == []

    def test_a_source_read_moments_ago_is_not_read_again(self, run: Run, server: Server) -> None:
        run(STOP_AFTER.format(12))
        assert run().status == 0
        assert sources_asked(server) == []

    def test_pages_that_were_named_are_not_asked_for_again(self, run: Run, server: Server, replica: Replica) -> None:
        named = "urls=" + ",".join(story.url for story in replica.newest[:6])
        run(named, STOP_AFTER.format(3))
        before = [request.path for request in server.requests]
        replica.advance(0, 0, span=HOUR)
        assert run(named).status == 0
        assert len(server.requests) + len(before) == 2 + 6

    def test_an_unchanged_sitemap_is_not_sent_again(self, run: Run, server: Server, replica: Replica) -> None:
        run(STOP_AFTER.format(12))
        replica.advance(0, 0, span=HOUR)
        assert run().status == 0
        assert [request.status for request in server.requests if "sitemaps" in request.path] == [304]

    def test_one_that_is_stopped_again_and_again_misses_nothing(self, run: Run, replica: Replica) -> None:
        begins = midnight(replica)
        since = f"since={begins.date()}"
        for _ in range(3):
            run(since, STOP_AFTER.format(10))
            replica.advance(6, 2, span=8 * HOUR)
        ended = run(since)
        assert ended.status == 0
        assert lacking(ended, replica, begins) == []


def test_an_edit_is_not_lost_with_unfinished_work_that_is_forgotten(run: Run, replica: Replica) -> None:
    run()
    replica.advance(0, 8, span=HOUR, edited_since=midnight(replica))
    run(STOP_AFTER.format(3))
    ended = run("fresh=1")
    assert ended.status == 0
    assert lacking(ended, replica, midnight(replica)) == []


class TestGoneThoughListed:
    """Articles that the site says are gone, though its sitemap lists them."""

    def test_all_of_them_are_a_fault_of_the_site_and_come_with_the_next_crawl(
        self, run: Run, server: Server, replica: Replica
    ) -> None:
        run()
        replica.advance(8, 6, span=8 * HOUR, edited_since=midnight(replica))
        lose(server, list(replica.newest))
        ended = run()
        assert ended.status == 3
        assert ended.rows(GONE) == [(0,)]
        server.reset()
        again = run()
        assert again.status == 0
        assert lacking(again, replica, midnight(replica)) == []

    def test_some_of_them_come_with_the_next_crawl(self, run: Run, server: Server, replica: Replica) -> None:
        lose(server, replica.newest[::10])
        run()
        server.reset()
        ended = run()
        assert ended.status == 0
        assert lacking(ended, replica, midnight(replica)) == []

    def test_one_that_a_redirect_stood_in_for_comes_with_the_next_crawl(
        self, run: Run, server: Server, replica: Replica
    ) -> None:
        server.answer(replica.newest[0].address, status=302, headers={"Location": "https://vov.vn/the-gioi"})
        run()
        server.reset()
        ended = run()
        assert ended.status == 0
        assert lacking(ended, replica, midnight(replica)) == []

    def test_one_that_was_lost_on_its_last_day_in_the_window_comes_later(
        self, run: Run, server: Server, replica: Replica
    ) -> None:
        oldest = [story for story in replica.newest if story.published >= midnight(replica)][-1]
        lose(server, [oldest])
        run()
        server.reset()
        replica.advance(2, 0)
        assert oldest.url in run().addresses()

    def test_coverage_does_not_account_for_them(self, run: Run, server: Server, replica: Replica) -> None:
        lose(server, replica.newest[:2])
        run()
        ended = run("--json", command=("coverage",))
        assert ended.status == 3
        failed = {one["url"] for one in json.loads(ended.log)["not_stored"] if one["held"] == "failed"}
        assert failed == {story.url for story in replica.newest[:2]}


class TestIdsOutOfOrder:
    """Entries of a sitemap with late ids and early dates."""

    @pytest.fixture
    def replica(self, start: datetime) -> OutOfOrder:
        return OutOfOrder(days=14, a_day=12, older=4, now=start)

    def test_they_hide_no_article(self, run: Run, replica: OutOfOrder) -> None:
        replica.further = "".join(
            f"<url><loc>https://vov.vn/xa-hoi/tin-cu-so-{number}-post{1_900_000 + number}.vov</loc>"
            "<lastmod>2026-07-01T08:00:00+07:00</lastmod></url>"
            for number in range(30)
        )
        ended = run()
        assert ended.status == 0
        assert lacking(ended, replica, midnight(replica)) == []

    def test_many_that_are_left_out_are_counted_and_warned_of(self, run: Run, replica: OutOfOrder) -> None:
        replica.advance(0, 24, span=HOUR, edited_until=replica.now - 4 * DAY)
        ended = run()
        assert ended.status == 0
        line = next(line for line in ended.log.splitlines() if "left out as older" in line)
        count = int(line.partition(" left out as older")[0].split()[-1])
        assert count > 5
        assert "WARNING" in next(line for line in ended.log.splitlines() if "and left out" in line)
        report = json.loads(run("--json", command=("coverage",)).log)
        assert sum(row["left out"] for row in report["rows"]) == count


class TestOutage:
    """Days on which the site could not be crawled."""

    @pytest.fixture
    def after(self, run: Run, server: Server, replica: Replica) -> Run:
        """Runs two hours after an outage of five days."""
        run()
        for day in range(5):
            replica.advance(12, 4, edited_since=midnight(replica))
            if day == 4:
                refuse(server, replica)
                assert run().status == 4
        server.reset()
        replica.advance(2, 1, span=2 * HOUR)
        return run

    def test_its_middle_is_made_up_for_once(
        self, after: Run, server: Server, replica: Replica, start: datetime
    ) -> None:
        ended = after()
        assert ended.status == 0
        assert lacking(ended, replica, start - 2 * DAY) == []
        assert len([line for line in ended.log.splitlines() if "Reaching back to 2026-07-14 00:00" in line]) == 1
        again = after()
        assert again.status == 0
        assert "Reaching back" not in again.log
        assert len(server.requests) == 2

    def test_it_reaches_no_further_than_the_setting_and_warns_of_the_rest(self, after: Run, replica: Replica) -> None:
        ended = after("VOV_CATCH_UP=3d")
        assert ended.status == 0
        assert lacking(ended, replica, replica.now - 3 * DAY) == []
        (line,) = [line for line in ended.log.splitlines() if "Reaching back" in line]
        assert "WARNING" in line
        assert "-a since=2026-07-16" in line

    def test_coverage_names_what_no_crawl_was_to_cover(self, after: Run, replica: Replica) -> None:
        after("VOV_CATCH_UP=0d")
        report = json.loads(after("--since", "10d", "--json", command=("coverage",)).log)
        assert report["holes"] == [{"start": "2026-07-16T07:00:00+07:00", "end": "2026-07-19T00:00:00+07:00"}]

    def test_a_machine_that_was_off_makes_up_for_it_too(self, run: Run, replica: Replica, start: datetime) -> None:
        run()
        for _ in range(5):
            replica.advance(12, 4)
        ended = run()
        assert ended.status == 0
        assert lacking(ended, replica, start - 2 * DAY) == []


def refuse(server: SampleServer, replica: Replica) -> None:
    """Has the site answer 403 to everything but robots.txt."""
    months = [f"/sitemaps/{year}/{month}/article.xml" for year, month in replica.months()]
    listings = [f"/{path}" for path in replica.listings]
    for path in ("/", "/sitemap.xml", *months, *listings, *(story.address for story in replica.newest)):
        server.answer(path, status=403, body="Forbidden")


class TestRemoved:
    """Stories that the site has taken down, and that its sitemap lists no more."""

    def test_they_are_asked_for_once_and_marked(self, run: Run, server: Server, replica: Replica) -> None:
        run()
        removed = [story.url for story in replica.newest[3:13]]
        for url in removed:
            replica.remove(url)
        replica.advance(0, 0, span=HOUR)
        ended = run()
        assert ended.status == 0
        assert {url for (url,) in ended.rows("SELECT canonical_url FROM articles WHERE gone_at IS NOT NULL")} == set(
            removed
        )
        run()
        assert len(server.requests) == 2

    def test_one_that_is_still_there_is_not_marked_and_not_asked_for_again(
        self, run: Run, server: Server, replica: Replica
    ) -> None:
        run()
        url = replica.newest[3].url
        page = server.pages.get(replica.newest[3].address)
        replica.remove(url)
        server.answer(url.removeprefix("https://vov.vn"), body=page.body)
        assert run().rows(GONE) == [(0,)]
        run()
        assert len(server.requests) == 2

    def test_so_many_a_run_and_the_rest_with_the_next(self, run: Run, server: Server, replica: Replica) -> None:
        run()
        for story in replica.newest[:24]:
            replica.remove(story.url)
        assert run().rows(GONE) == [(20,)]
        assert run().rows(GONE) == [(24,)]

    def test_a_sitemap_that_lost_most_of_what_it_listed_has_failed(
        self, run: Run, server: Server, replica: Replica
    ) -> None:
        run("since=6d")
        body = server.pages.get("/sitemaps/2026/7/article.xml").body
        cut = body[: body.index(b"</url>") + 6] + b"</urlset>"
        server.answer("/sitemaps/2026/7/article.xml", body=cut)
        replica.advance(6, 0, span=8 * HOUR)
        ended = run("since=6d")
        assert ended.status == 3
        assert "known articles no more" in ended.log
        assert lacking(ended, replica, midnight(replica, 6)) == []


class TestFirstOfTheMonth:
    """The first hours of a month, whose sitemap has no article yet."""

    @pytest.fixture
    def start(self) -> datetime:
        return datetime(2026, 8, 1, 0, 20, tzinfo=VIETNAM)

    @pytest.fixture
    def replica(self, start: datetime) -> OutOfOrder:
        before = OutOfOrder(days=3, a_day=12, older=4, now=start - HOUR)
        before.advance(0, 0, span=HOUR)
        return before

    @pytest.mark.parametrize(
        ("since", "answer"),
        [("since=2d", None), ("since=3h", Answer(body="<urlset></urlset>"))],
        ids=["missing", "empty, the month before outside the window"],
    )
    def test_a_sitemap_without_articles_is_no_failure(
        self, run: Run, server: Server, replica: Replica, since: str, answer: Answer | None
    ) -> None:
        if answer is not None:
            server.answer("/sitemaps/2026/8/article.xml", lambda record: answer)
        ended = run(since)
        assert ended.status == 0
        assert sorted(sources_asked(server)) == ["/sitemaps/2026/7/article.xml", "/sitemaps/2026/8/article.xml"]

    def test_it_is_one_where_that_of_the_month_before_cannot_be_read_either(self, run: Run, server: Server) -> None:
        server.answer("/sitemaps/2026/7/article.xml", status=404)
        assert run("since=3h").status == 3

    def test_coverage_takes_it_for_none_too(self, run: Run, server: Server) -> None:
        run()
        assert run(command=("coverage",)).status == 0

    def test_it_is_one_on_the_second(self, run: Run, server: Server, replica: Replica) -> None:
        replica.advance(0, 0)
        assert run().status == 3


def test_a_front_page_that_failed_is_no_failure_once_a_crawl_was_whole(run: Run, server: Server) -> None:
    for path in ("/", "/sitemaps/2026/7/article.xml"):
        server.answer(path, status=500)
    failed = "SELECT url FROM pages WHERE state = 'failed'"
    assert ("https://vov.vn/",) in run("RETRY_TIMES=0").rows(failed)
    server.reset()
    ended = run()
    assert (ended.status, ended.rows(failed)) == (0, [])


def test_an_edit_of_a_young_article_before_the_window_is_seen(run: Run, server: Server, replica: Replica) -> None:
    run("since=4d")
    replica.advance(0, 4, span=HOUR, edited_since=midnight(replica, 4), edited_until=midnight(replica, 3))
    ended = run("since=1d")
    assert ended.status == 0
    assert lacking(ended, replica, midnight(replica, 4)) == []
    assert sum(request.path.endswith(".vov") for request in server.requests) <= 4 + len(
        replica.published_between(midnight(replica, 1), replica.now)
    )


class TestEarlierMonth:
    """Edits and removals of articles of the month before, whose sitemap the window does not need."""

    EARLIER = "/sitemaps/2026/7/article.xml"

    @pytest.fixture
    def start(self) -> datetime:
        return datetime(2026, 8, 5, 7, 0, tzinfo=VIETNAM)

    @pytest.fixture
    def known(self, run: Run, replica: Replica) -> None:
        assert run("since=2026-07-29").status == 0

    @pytest.mark.usefixtures("known")
    def test_a_crawl_that_has_news_sees_them(self, run: Run, server: Server, replica: Replica) -> None:
        removed = replica.published_between(datetime(2026, 7, 31, tzinfo=VIETNAM), midnight(replica, 4))[0]
        replica.remove(removed)
        replica.advance(2, 3, span=HOUR, edited_until=midnight(replica, 5))
        ended = run()
        assert ended.status == 0
        assert lacking(ended, replica, midnight(replica, 6)) == []
        assert ended.rows("SELECT canonical_url FROM articles WHERE gone_at IS NOT NULL") == [(removed,)]
        assert sources_asked(server) == ["/sitemaps/2026/8/article.xml", self.EARLIER]

    @pytest.mark.usefixtures("known")
    def test_one_without_news_does_not_look(self, run: Run, server: Server) -> None:
        assert run().status == 0
        assert len(server.requests) == 2

    @pytest.mark.usefixtures("known")
    @pytest.mark.parametrize("given", ["until=2026-08-05", "VOV_REVISIT=3d"])
    def test_nor_does_one_that_keeps_nothing_of_that_month_fresh(
        self, run: Run, server: Server, replica: Replica, given: str
    ) -> None:
        replica.advance(2, 0, span=HOUR)
        run(given)
        assert self.EARLIER not in sources_asked(server)

    @pytest.mark.usefixtures("known")
    def test_where_its_sitemap_fails_no_listing_is_walked(self, run: Run, server: Server, replica: Replica) -> None:
        replica.advance(2, 0, span=HOUR)
        server.answer(self.EARLIER, status=404)
        assert run().status == 3
        assert sources_asked(server) == ["/sitemaps/2026/8/article.xml", self.EARLIER]


def test_no_article_before_the_window_is_kept_that_was_not_known(run: Run, replica: Replica) -> None:
    replica.advance(0, 8, span=HOUR, edited_until=midnight(replica, 3))
    ended = run()
    assert ended.addresses() == set(replica.published_between(midnight(replica), replica.now))


def test_the_mail_of_a_cron_job_names_articles_that_are_gone_though_listed(
    run: Run, server: Server, replica: Replica
) -> None:
    lose(server, replica.newest[:4])
    ended = run("VOV_QUIET=1")
    assert ended.status == 3
    named = [line for line in ended.log.splitlines() if line.startswith("gone though listed: ")]
    assert sorted(line.split()[3] for line in named) == sorted(story.url for story in replica.newest[:4])


class TestMail:
    """What a cron job's mail says of pages that stay unread."""

    @pytest.fixture
    def quiet(self, tmp_path: Path) -> tuple[str, ...]:
        return ("VOV_QUIET=1", "RETRY_TIMES=0", f"LOG_FILE={tmp_path / 'vov.log'}")

    def test_it_names_the_pages_with_their_reasons_and_the_log(
        self, run: Run, server: Server, replica: Replica, quiet: tuple[str, ...], tmp_path: Path
    ) -> None:
        for story in replica.newest[:5]:
            server.answer(story.address, status=500)
        ended = run(*quiet)
        assert ended.status == 3
        first, *named = ended.log.splitlines()
        assert f"; 5 not read; see {tmp_path / 'vov.log'} (exit status 3)" in first
        assert sorted(named) == sorted(f"not read: {story.url} (the site answers 500)" for story in replica.newest[:5])

    def test_a_page_that_fails_the_same_way_is_told_when_that_begins_and_when_it_ends(
        self, run: Run, server: Server, replica: Replica, quiet: tuple[str, ...]
    ) -> None:
        page = replica.newest[0]
        server.answer(page.address, status=500)
        begun = run(*quiet)
        same = run(*quiet)
        server.answer(page.address, body=b"<html></html>")
        other = run(*quiet)
        server.reset()
        ended = run(*quiet)
        quiet_again = run(*quiet)
        assert [each.status for each in (begun, same, other, ended, quiet_again)] == [3, 3, 3, 0, 0]
        assert f"not read: {page.url} (the site answers 500)" in begun.log
        assert same.log == ""
        assert f"not read: {page.url} (" in other.log
        assert f"read again: {page.url}" in ended.log
        assert quiet_again.log == ""

    def test_what_a_killed_run_met_is_told_by_the_next(
        self, run: Run, server: Server, replica: Replica, quiet: tuple[str, ...], tmp_path: Path
    ) -> None:
        page = replica.newest[0]
        server.answer(page.address, status=500)
        run(*quiet)
        change(tmp_path / "vov.sqlite", "UPDATE runs SET ended_at = NULL, exit_status = NULL")
        assert f"not read: {page.url} (the site answers 500)" in run(*quiet).log

    def test_a_page_more_is_told_alone(
        self, run: Run, server: Server, replica: Replica, quiet: tuple[str, ...]
    ) -> None:
        server.answer(replica.newest[0].address, status=500)
        run(*quiet)
        replica.advance(1, 0, span=HOUR)
        server.answer(replica.newest[0].address, status=500)
        ended = run(*quiet)
        assert "; 2 not read" in ended.log
        assert [line.split()[2] for line in ended.log.splitlines()[1:]] == [replica.newest[0].url]

    def test_a_site_that_is_down_is_told_once(
        self, run: Run, server: Server, replica: Replica, quiet: tuple[str, ...]
    ) -> None:
        run(*quiet)
        server.answer("/robots.txt", status=500)
        down, still = run(*quiet), run(*quiet)
        assert (down.status, still.status) == (5, 5)
        assert "(exit status 5)" in down.log
        assert still.log == ""
