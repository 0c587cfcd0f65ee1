"""A page on which the crawl dies or hangs is asked for three times in all; then the crawl goes on without it."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from sample_site.server import SampleServer
from tests.conftest import Crawl, ask, command, start_line
from tests.fork_server import Started
from tests.hostile.deadly import DEADLY_ARTICLES, DEADLY_RESPONSES, HANGING, KILLING
from tests.hostile.watching import healthy
from tests.pages.snippets import page
from vovcrawl.visits import GIVEN_UP, MOST_KILLS

pytestmark = pytest.mark.long

KILLED = -signal.SIGKILL
SITEMAP = "/sitemaps/2026/7/article.xml"


class Crawling:
    """Crawls with parts that some pages are deadly to, all into one store."""

    def __init__(self, site: SampleServer, folder: Path) -> None:
        self.site = site
        self.folder = folder

    def _begun(self, given: tuple[str, ...]) -> Started:
        parts = ("-s", f"DOWNLOADER_MIDDLEWARES={DEADLY_RESPONSES}", "-s", f"ITEM_PIPELINES={DEADLY_ARTICLES}")
        return start_line(command(self.folder, self.site.url, (*given, *parts)))

    def run(self, *given: str) -> Crawl:
        """Crawls to the end, whether of the crawl or of its process."""
        crawl = self._begun(given)
        _, log = crawl.communicate(timeout=120)
        return Crawl(crawl.wait(), log, self.folder)

    def run_and_end(self, number: int, path: str, *given: str) -> int:
        """Crawls, and sends the crawl a signal a moment after it has been sent the page at `path`; its exit status."""
        before = self.asked(path)
        crawl = self._begun(given)
        deadline = time.monotonic() + 60
        while self.asked(path) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.5)
        crawl.send_signal(number)
        crawl.communicate(timeout=60)
        return crawl.wait()

    def asked(self, path: str) -> int:
        """How often the site was asked for a page."""
        return sum(request.path == path for request in self.site.requests)


class Lives(NamedTuple):
    """What became of the same command, again and again."""

    statuses: list[int]
    last: Crawl
    """The one that did not die."""
    asked: int
    """How often the page was asked for until then."""


def run_until_given_up(crawling: Crawling, path: str, *given: str) -> Lives:
    """The same command until one of its processes comes to an end by itself, five times at most."""
    statuses: list[int] = []
    for _ in range(MOST_KILLS + 2):
        crawl = crawling.run(*given)
        statuses.append(crawl.status)
        if crawl.status != KILLED:
            break
    return Lives(statuses, crawl, crawling.asked(path))


def state_of(crawl: Crawl, url: str) -> tuple[str, str, str]:
    (row,) = crawl.rows("SELECT state, outcome, reason FROM pages WHERE url = ?", url)
    return row[0], row[1], row[2]


GIVEN_UP_PAGE = ("failed", "unreadable", GIVEN_UP)


class Crawls(NamedTuple):
    """The lives of a crawl of five articles, one of which kills it, and crawls after them."""

    bad: str
    others: set[str]
    lives: Lives
    by_listing: Crawl
    """A crawl of a section that lists the page."""
    asked_by_listing: int
    failed: str
    """What `scrapy runs --failed` says then."""
    named: Crawl
    """A crawl of the page by its url."""
    asked_when_named: int


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    folder = tmp_path_factory.mktemp("killing")
    with SampleServer() as site:
        crawling = Crawling(site, folder)
        stories = healthy(site)
        bad = stories[2]
        site.answer(bad.address, body=page(f"<p>{KILLING}</p>"))
        links = "".join(f'<a href="{story.address}">tin</a>' for story in stories)
        site.answer("/kinh-te", body=f'<div class="taxonomy-content">{links}</div>')
        lives = run_until_given_up(crawling, bad.address, f"urls={','.join(story.url for story in stories)}")
        by_listing = crawling.run("sections=kinh-te", "related=0")
        asked = crawling.asked(bad.address)
        failed = ask("runs", by_listing.store, "--failed").stdout
        named = crawling.run(f"urls={bad.url}")
        others = {story.url for story in stories} - {bad.url}
        return Crawls(bad.url, others, lives, by_listing, asked, failed, named, crawling.asked(bad.address))


def test_a_page_that_kills_the_process_is_asked_for_three_times_in_all(crawls: Crawls) -> None:
    assert crawls.lives.asked == MOST_KILLS
    assert crawls.lives.statuses == [KILLED] * MOST_KILLS + [3]


def test_the_crawl_goes_on_with_the_rest(crawls: Crawls) -> None:
    assert crawls.lives.last.addresses() == crawls.others


def test_it_becomes_a_failure_with_its_reason_in_one_line(crawls: Crawls) -> None:
    lines = [line for line in crawls.lives.last.log.splitlines() if crawls.bad in line]
    assert len(lines) == 1
    assert f"WARNING: Not read: {crawls.bad} ({GIVEN_UP})" in lines[0]


def test_a_later_crawl_that_meets_it_says_so_and_does_not_ask(crawls: Crawls) -> None:
    assert crawls.asked_by_listing == MOST_KILLS
    assert crawls.by_listing.status == 3
    assert f"Still not read: {crawls.bad} ({GIVEN_UP})" in crawls.by_listing.log


def test_a_crawl_that_names_it_asks_again(crawls: Crawls) -> None:
    assert crawls.asked_when_named == MOST_KILLS + 1
    assert crawls.named.status == KILLED


def test_it_is_in_the_list_of_what_is_unread(crawls: Crawls) -> None:
    assert f"{crawls.bad}  {GIVEN_UP}" in crawls.failed


class TestOtherDeadlyPages:
    """Each among what is as it should be."""

    @pytest.fixture
    def crawling(self, site: SampleServer, tmp_path: Path) -> Crawling:
        return Crawling(site, tmp_path)

    def test_a_page_that_hangs_the_process_is_given_up_however_that_is_ended(self, crawling: Crawling) -> None:
        stories = healthy(crawling.site, 3)
        bad = stories[1]
        crawling.site.answer(bad.address, body=page(f"<p>{HANGING}</p>"))
        given = f"urls={','.join(story.url for story in stories)}"
        # A process that is busy with the page ends on SIGTERM too, and has written nothing then.
        ends = {signal.SIGKILL: KILLED, signal.SIGTERM: 128 + signal.SIGTERM}
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            assert crawling.run_and_end(number, bad.address, given) == ends[number]
        crawl = crawling.run(given)
        assert (crawl.status, state_of(crawl, bad.url)) == (3, GIVEN_UP_PAGE)
        assert crawling.asked(bad.address) == MOST_KILLS
        assert crawl.addresses() == {story.url for story in stories} - {bad.url}

    def test_a_sitemap_that_kills_the_process_is_given_up_until_fresh_names_it(self, crawling: Crawling) -> None:
        site = crawling.site
        story = healthy(site, 1)[0]
        site.answer(SITEMAP, body=f"<urlset><!-- {KILLING} --></urlset>")
        site.answer("/", body='<html><body><header><a href="/kinh-te">a</a></header></body></html>')
        site.answer("/kinh-te", body=f'<div class="taxonomy-content"><a href="{story.address}">a</a></div>')
        given = ("sources=sitemap", "since=2d", "related=0")
        lives = run_until_given_up(crawling, SITEMAP, *given)
        assert (lives.statuses, lives.asked) == ([KILLED] * MOST_KILLS + [3], MOST_KILLS)
        assert f"The source https://vov.vn{SITEMAP} failed ({GIVEN_UP})" in lives.last.log
        assert lives.last.addresses() == {story.url}
        later = crawling.run(*given)
        assert (later.status, crawling.asked(SITEMAP)) == (3, MOST_KILLS)
        assert f"Still not read: https://vov.vn{SITEMAP} ({GIVEN_UP})" in later.log
        assert crawling.run(*given, "fresh=1").status == KILLED
        assert crawling.asked(SITEMAP) == MOST_KILLS + 1

    def test_one_page_of_several_in_flight_at_once_is_given_up_and_none_beside_it(self, crawling: Crawling) -> None:
        stories = healthy(crawling.site, 12)
        bad = stories[6]
        crawling.site.answer(bad.address, body=page(f"<p>{KILLING}</p>"))
        several = ("-s", "CONCURRENT_REQUESTS=6", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=6")
        lives = run_until_given_up(crawling, bad.address, f"urls={','.join(story.url for story in stories)}", *several)
        assert (lives.statuses, lives.asked) == ([KILLED] * MOST_KILLS + [3], MOST_KILLS)
        assert lives.last.addresses() == {story.url for story in stories} - {bad.url}

    def test_a_file_that_kills_the_process_is_given_up_and_none_beside_it(self, crawling: Crawling) -> None:
        saved = crawling.folder / "saved"
        saved.mkdir()
        for number in range(20):
            headline = KILLING if number == 11 else f"Tin {number}"
            (saved / f"{number:02}.html").write_text(
                page(f"<p>Câu {number}.</p>", address=None, h1=f'<h1 class="article-title">{headline}</h1>')
            )
        bad = saved / "11.html"
        # The pages are plainer than the site's.
        given = (f"archive={saved}", "-s", "VOV_DRIFT=accept")
        lives = run_until_given_up(crawling, "", *given)
        assert lives.statuses == [KILLED] * MOST_KILLS + [3]
        assert state_of(lives.last, bad.as_uri()) == GIVEN_UP_PAGE
        assert len(lives.last.addresses()) == 19
        again = crawling.run(*given)
        assert again.status == 3
        assert f"Still not read: {bad.as_uri()} ({GIVEN_UP})" in again.log
        assert crawling.run(f"archive={bad}").status == KILLED
