"""Pages that were in flight when runs were killed: they are counted, tried alone, and given up."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from tests.store.opened import LISTING, A, B, Begin, C, OpenedCrawl, article_at, read, state_of
from tests.stores import open_store
from vovcrawl.store import RunStore
from vovcrawl.store.database import Database
from vovcrawl.store.frontier import Page
from vovcrawl.store.merge import merge
from vovcrawl.store.runs import Counts
from vovcrawl.store.tables import pages
from vovcrawl.visits import GIVEN_UP, MOST_KILLS, Discovered, Outcome, State, VisitResult


@pytest.fixture
def runs(connection: Connection) -> RunStore:
    return RunStore(connection)


@pytest.fixture
def start(begin: Begin, runs: RunStore) -> Begin:
    """Starts a run of a crawl; unless it is ended, it was killed when the next one starts."""

    def started(arguments: str = "{}", **options: object) -> OpenedCrawl:
        crawl = begin(arguments, **options)
        runs.begin(crawl.number, arguments)
        return crawl

    return started


def handed_out(crawl: OpenedCrawl) -> Page:
    page = crawl.next()
    assert page is not None
    return page


def kills_of(connection: Connection, url: str) -> int | None:
    return connection.scalar(select(pages.c.kills).where(pages.c.url == url))


def kill_at(start: Begin, *found: Discovered, times: int = MOST_KILLS, **options: object) -> None:
    """Starts the same crawl so often, each time killed with the first page in flight."""
    for _ in range(times):
        crawl = start(**options)
        crawl.add(*found)
        crawl.seeded()
        handed_out(crawl)


def give_up(crawl: OpenedCrawl, url: str) -> None:
    """Ends the visit to the next page, which must be `url`, as one that was given up."""
    page = handed_out(crawl)
    assert (page.url, page.is_given_up) == (url, True)
    crawl.keep(VisitResult(url, Outcome.UNREADABLE, reason=GIVEN_UP))


class TestCounting:
    """Kills are counted for the pages that were in flight."""

    def test_a_page_in_flight_at_three_kills_in_a_row_is_given_up(self, start: Begin) -> None:
        kill_at(start, article_at(A))
        assert handed_out(start()).is_given_up

    def test_one_in_flight_at_two_kills_is_not(self, start: Begin) -> None:
        kill_at(start, article_at(A), times=2)
        assert not handed_out(start()).is_given_up

    def test_a_page_that_was_queued_at_a_kill_is_not_counted(self, start: Begin, connection: Connection) -> None:
        kill_at(start, article_at(A), article_at(B))
        start()
        assert (kills_of(connection, A), kills_of(connection, B)) == (MOST_KILLS, 0)

    def test_a_kill_before_a_page_was_handed_out_is_not_counted(self, start: Begin, connection: Connection) -> None:
        kill_at(start, article_at(A), times=1)
        for _ in range(5):
            start()
        assert kills_of(connection, A) == 1

    def test_a_run_that_was_stopped_with_the_page_in_flight_is_not_counted(
        self, begin: Begin, runs: RunStore, connection: Connection
    ) -> None:
        for _ in range(MOST_KILLS):
            crawl = begin()
            run = runs.begin(crawl.number, "{}")
            crawl.add(article_at(A))
            crawl.seeded()
            handed_out(crawl)
            runs.end(run, outcome="shutdown", exit_status=143, counts=Counts())
        assert not handed_out(begin()).is_given_up
        assert kills_of(connection, A) == 0

    def test_a_page_that_was_given_back_is_not_counted(self, start: Begin, connection: Connection) -> None:
        crawl = start()
        crawl.add(article_at(A))
        handed_out(crawl)
        crawl.frontier.release(A)
        start()
        assert kills_of(connection, A) == 0

    def test_crawls_with_other_arguments_count_on(self, start: Begin) -> None:
        for sections in ("xa-hoi", "kinh-te", "the-thao"):
            crawl = start(f'{{"sections": "{sections}"}}')
            crawl.add(article_at(A))
            handed_out(crawl)
        last = start('{"sections": "phap-luat"}')
        last.add(article_at(A))
        assert handed_out(last).is_given_up

    def test_a_visit_that_comes_to_its_end_begins_the_count_anew(self, start: Begin, connection: Connection) -> None:
        kill_at(start, article_at(A), times=2)
        crawl = start()
        handed_out(crawl)
        crawl.keep(VisitResult(A, Outcome.UNREADABLE, reason="the site answers 500"))
        assert kills_of(connection, A) == 0

    def test_an_article_that_is_read_under_another_url_begins_the_count_anew(
        self, start: Begin, connection: Connection
    ) -> None:
        kill_at(start, article_at(A), times=2)
        crawl = start("other")
        crawl.add(article_at(B))
        handed_out(crawl)
        crawl.keep(VisitResult(B, Outcome.ARTICLE, canonical_url=A))
        assert (state_of(connection, A), kills_of(connection, A)) == (State.DONE, 0)

    def test_fresh_does_not_forget_what_was_in_flight_at_a_kill(self, start: Begin, connection: Connection) -> None:
        kill_at(start, article_at(A), fresh=True)
        crawl = start(fresh=True)
        assert (state_of(connection, A), kills_of(connection, A)) == (State.FAILED, MOST_KILLS)
        crawl.add(article_at(A))
        assert handed_out(crawl).is_given_up

    def test_fresh_forgets_a_page_that_was_only_queued(self, start: Begin, connection: Connection) -> None:
        kill_at(start, article_at(A), article_at(B), times=1)
        start(fresh=True)
        assert state_of(connection, B) is None


class TestAlone:
    """A page that was in flight at a kill is tried with no other one beside it."""

    @pytest.fixture
    def crawl(self, start: Begin) -> OpenedCrawl:
        """Resumed after a kill with A and B in flight, and C queued."""
        crawl = start()
        crawl.add(article_at(A), article_at(B), article_at(C))
        crawl.seeded()
        assert [handed_out(crawl).url for _ in range(2)] == [A, B]
        return start()

    def test_nothing_is_handed_out_beside_it(self, crawl: OpenedCrawl) -> None:
        assert handed_out(crawl).url == A
        assert crawl.next() is None

    def test_it_waits_for_what_is_in_flight(self, crawl: OpenedCrawl) -> None:
        crawl.add(article_at(LISTING, priority=30))
        assert handed_out(crawl).url == LISTING
        assert crawl.next() is None
        crawl.keep(VisitResult(LISTING, Outcome.NO_ARTICLE))
        assert handed_out(crawl).url == A

    def test_others_go_together_once_it_is_read(self, crawl: OpenedCrawl) -> None:
        read(crawl, A)
        read(crawl, B)
        crawl.add(article_at(LISTING))
        assert [handed_out(crawl).url for _ in range(2)] == [C, LISTING]

    def test_files_are_taken_one_by_one(self, crawl: OpenedCrawl) -> None:
        taken = []
        while found := crawl.frontier.take(8):
            assert crawl.frontier.take(8) == []
            taken.append([page.url for page in found])
            for page in found:
                crawl.keep(VisitResult(page.url, Outcome.ARTICLE, canonical_url=page.url))
        assert taken == [[A], [B], [C]]

    def test_files_before_it_are_taken_together(self, crawl: OpenedCrawl) -> None:
        crawl.add(article_at(LISTING, priority=30), article_at(f"{LISTING}/d-post4.vov", priority=30))
        assert len(crawl.frontier.take(8)) == 2
        assert crawl.frontier.take(8) == []

    def test_every_page_in_flight_at_a_kill_is_counted(self, crawl: OpenedCrawl, connection: Connection) -> None:
        assert [kills_of(connection, url) for url in (A, B, C)] == [1, 1, 0]


class TestGivenUp:
    """A page that was given up is asked for again only where the user names it."""

    @pytest.fixture
    def given_up(self, start: Begin, runs: RunStore) -> None:
        kill_at(start, article_at(A))
        crawl = start()
        give_up(crawl, A)
        crawl.end()
        runs.end(MOST_KILLS + 1, outcome="finished", exit_status=3, counts=Counts())

    def test_it_is_failed_with_its_reason(self, given_up: None, connection: Connection) -> None:
        row = connection.execute(select(pages.c.state, pages.c.outcome, pages.c.reason)).one()
        assert tuple(row) == (State.FAILED, Outcome.UNREADABLE, GIVEN_UP)

    def test_as_many_visits_have_begun_as_were_killed(self, given_up: None, connection: Connection) -> None:
        assert connection.scalar(select(pages.c.attempts)) == MOST_KILLS

    def test_a_source_that_lists_it_does_not_have_it_asked_for(self, given_up: None, start: Begin) -> None:
        crawl = start("later")
        crawl.add(article_at(A, listed=True, modified="2026-07-15T08:00:00+07:00"))
        give_up(crawl, A)

    def test_who_names_it_has_it_asked_for(self, given_up: None, start: Begin) -> None:
        crawl = start("later")
        crawl.add(article_at(A, requested=True))
        page = handed_out(crawl)
        assert (page.is_given_up, page.kills) == (False, 0)

    def test_a_page_that_was_named_is_given_up_after_three_more_kills(self, given_up: None, start: Begin) -> None:
        kill_at(start, article_at(A, requested=True), arguments="later")
        give_up(start("later"), A)

    def test_to_name_it_before_anyone_was_told_changes_nothing(self, start: Begin) -> None:
        kill_at(start, article_at(A))
        crawl = start("other")
        crawl.add(article_at(A, requested=True))
        give_up(crawl, A)

    def test_fresh_does_not_name_an_article(self, given_up: None, start: Begin) -> None:
        crawl = start("later", fresh=True)
        crawl.add(article_at(A))
        give_up(crawl, A)

    def test_a_page_that_is_given_up_again_is_news_again(self, given_up: None, start: Begin) -> None:
        kill_at(start, article_at(A, requested=True), arguments="later")
        crawl = start("later")
        handed_out(crawl)
        assert crawl.visits.keep(VisitResult(A, Outcome.UNREADABLE, reason=GIVEN_UP)).fails_anew

    def test_a_store_that_takes_this_one_in_knows_it(self, given_up: None, database: Database, tmp_path: Path) -> None:
        other = open_store(tmp_path / "other.sqlite")
        merge(other, database)
        crawl = OpenedCrawl(other.connection)
        crawl.add(article_at(A))
        give_up(crawl, A)
        other.close()


class TestSources:
    """Sources are named by the arguments of every crawl, so that it takes `fresh` to name one that was given up."""

    SITEMAP = Discovered("https://vov.vn/sitemaps/2026/7/article.xml", "sitemap")

    @pytest.fixture
    def given_up(self, start: Begin) -> None:
        kill_at(start, self.SITEMAP)
        crawl = start()
        give_up(crawl, self.SITEMAP.url)
        crawl.end()

    def test_the_same_arguments_do_not_have_it_asked_for(self, given_up: None, start: Begin) -> None:
        crawl = start()
        crawl.add(self.SITEMAP)
        give_up(crawl, self.SITEMAP.url)

    def test_fresh_has_it_asked_for(self, given_up: None, start: Begin) -> None:
        crawl = start(fresh=True)
        crawl.add(self.SITEMAP)
        assert not handed_out(crawl).is_given_up

    def test_fresh_at_every_start_does_not_have_it_asked_for_again_and_again(self, start: Begin) -> None:
        kill_at(start, self.SITEMAP, fresh=True)
        crawl = start(fresh=True)
        crawl.add(self.SITEMAP)
        give_up(crawl, self.SITEMAP.url)
