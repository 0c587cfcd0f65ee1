"""Beginning, resuming, forgetting and ending crawls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from tests.store.opened import LISTING, A, B, Begin, C, OpenedCrawl, article_at, pointing, read, state_of
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store import ArticleStore, CrawlStore
from vovcrawl.store.tables import crawls, pages
from vovcrawl.visits import Discovered, Outcome, Reach, State, VisitResult


def test_the_same_arguments_resume_what_was_in_flight_or_queued(begin: Begin) -> None:
    crawl = begin('{"sections": "xa-hoi"}')
    crawl.add(article_at(A), article_at(B))
    crawl.seeded()
    crawl.next()
    again = begin('{"sections": "xa-hoi"}')
    assert again.number == crawl.number
    assert again.beginning.resumed_pages == 2
    assert not again.beginning.needs_seeds
    assert again.urls() == [A, B]


def test_a_crawl_that_died_before_all_its_seeds_were_kept_asks_for_them_again(begin: Begin) -> None:
    crawl = begin()
    crawl.add(article_at(A))
    read(crawl, A)
    again = begin()
    assert again.number == crawl.number
    assert again.beginning.needs_seeds
    assert again.add(article_at(A), article_at(B)) == 1


def test_other_arguments_begin_a_crawl_of_their_own_and_name_what_is_left(begin: Begin) -> None:
    first = begin('{"sections": "xa-hoi"}')
    first.add(article_at(A))
    first.seeded()
    second = begin('{"sections": "the-thao"}')
    assert second.number != first.number
    assert second.other_work() == [('{"sections": "xa-hoi"}', 1)]
    assert second.next() is None


def test_a_finished_crawl_is_marked_and_the_next_one_is_new(begin: Begin, connection: Connection) -> None:
    crawl = begin()
    crawl.add(article_at(A))
    read(crawl, A)
    crawl.end()
    assert connection.scalar(select(crawls.c.finished_at)) is not None
    assert begin().number != crawl.number


def test_a_crawl_with_work_left_is_not_finished(begin: Begin, connection: Connection) -> None:
    crawl = begin()
    crawl.add(article_at(A))
    crawl.end()
    assert connection.scalar(select(crawls.c.finished_at)) is None


def test_a_crawl_that_gave_up_tries_again_what_it_could_not_read(begin: Begin) -> None:
    first = begin()
    first.add(article_at(A), article_at(B))
    first.seeded()
    first.next()
    first.keep(VisitResult(A, Outcome.BLOCKED))
    assert begin().urls() == [A, B]


class TestUnfinishedWork:
    """What an interrupted crawl leaves to the next one with the same arguments, whatever comes between."""

    XA_HOI, KINH_TE = '{"sections": "xa-hoi"}', '{"sections": "kinh-te"}'

    def interrupted(self, begin: Begin, *found: Discovered, **options: Any) -> OpenedCrawl:
        """A crawl that died when it had found these pages."""
        crawl = begin(self.XA_HOI, **options)
        crawl.add(*found)
        crawl.seeded()
        return crawl

    def test_a_page_that_another_crawl_came_to_is_still_owed(self, begin: Begin) -> None:
        first = self.interrupted(begin, article_at(A), article_at(B))
        second = begin(self.KINH_TE)
        second.add(article_at(A))
        assert second.next() is not None
        assert [pages for _, pages in second.other_work()] == [2]
        again = begin(self.XA_HOI)
        assert (again.number, again.beginning.resumed_pages, again.beginning.needs_seeds) == (first.number, 2, False)

    def test_a_page_that_another_crawl_has_read_needs_no_visit_but_leads_on(
        self, begin: Begin, connection: Connection
    ) -> None:
        self.interrupted(begin, article_at(A), reach=Reach(related=1))
        second = begin(self.KINH_TE)
        second.add(article_at(A))
        second.next()
        ArticleStore(connection).keep(pointing(A, C))
        second.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=A))
        second.end()
        again = begin(self.XA_HOI, reach=Reach(related=1))
        assert [(page.url, page.depth) for page in iter(again.next, None)] == [(C, 1)]

    def test_a_page_that_two_crawls_are_owed_is_owed_to_the_other_when_one_takes_it_back(self, begin: Begin) -> None:
        self.interrupted(begin, article_at(A))
        second = begin(self.KINH_TE)
        second.add(article_at(A))
        second.seeded()
        first = begin(self.XA_HOI)
        assert first.next() is not None
        assert [pages for _, pages in first.other_work()] == [1]
        assert begin(self.KINH_TE).beginning.resumed_pages == 1

    def test_what_could_not_be_read_is_owed_too(self, begin: Begin) -> None:
        first = self.interrupted(begin, article_at(A), article_at(B))
        first.next()
        first.keep(VisitResult(A, Outcome.UNREADABLE))
        second = begin(self.KINH_TE)
        second.add(article_at(A))
        second.next()
        second.keep(VisitResult(A, Outcome.GONE))
        second.end()
        assert begin(self.XA_HOI).urls() == [A, B]

    def test_a_waiting_page_of_a_listing_waits_on(self, begin: Begin) -> None:
        further = f"{LISTING}?page=1"
        self.interrupted(begin, article_at(A), Discovered(further, "listing", waits_for=(A,), next_of=LISTING))
        second = begin(self.KINH_TE)
        second.add(Discovered(further, "listing", next_of=LISTING))
        second.end()
        again = begin(self.XA_HOI)
        assert again.urls() == [A]
        again.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=A))
        page = again.next()
        assert page is not None
        assert page.url == further

    def test_fresh_forgets_the_work_and_begins_anew(self, begin: Begin, connection: Connection) -> None:
        first = self.interrupted(begin, article_at(A), article_at(B))
        read(first, A)
        again = begin(self.XA_HOI, fresh=True)
        assert again.number != first.number
        assert (again.beginning.forgotten_pages, again.beginning.resumed_pages, again.beginning.needs_seeds) == (
            1,
            None,
            True,
        )
        assert (state_of(connection, A), state_of(connection, B)) == (State.DONE, None)

    def test_fresh_leaves_a_known_page_that_was_to_be_visited_again_as_it_was(
        self, begin: Begin, connection: Connection
    ) -> None:
        before = begin(self.KINH_TE)
        before.add(article_at(A))
        read(before, A)
        before.end()
        self.interrupted(begin, article_at(A, requested=True))
        assert state_of(connection, A) == State.QUEUED
        begin(self.XA_HOI, fresh=True)
        assert state_of(connection, A) == State.DONE

    def test_fresh_leaves_the_work_of_other_arguments_alone(self, begin: Begin) -> None:
        self.interrupted(begin, article_at(A))
        other = begin(self.KINH_TE, fresh=True)
        assert other.beginning.forgotten_pages == 0
        assert [pages for _, pages in other.other_work()] == [1]

    def test_work_of_an_earlier_day_is_resumed_and_the_sources_are_read_again(
        self, begin: Begin, connection: Connection
    ) -> None:
        first = self.interrupted(begin, article_at(A), since="2026-07-14")
        again = begin(self.XA_HOI, since="2026-07-15")
        assert again.number != first.number
        assert (again.beginning.resumed_pages, again.beginning.needs_seeds) == (1, True)
        assert again.other_work() == []
        assert connection.scalar(select(crawls.c.finished_at).where(crawls.c.id == first.number)) is not None

    def test_a_page_whose_visit_was_called_off_is_queued_again(self, begin: Begin, connection: Connection) -> None:
        first = self.interrupted(begin, article_at(A))
        first.next()
        first.frontier.release(A)
        connection.rollback()
        row = connection.execute(select(pages.c.state, pages.c.attempts).where(pages.c.url == A)).one()
        assert row == (State.QUEUED, 0)


class TestWhole:
    """Whether a crawl read its sources, and from when on the next one keeps articles."""

    NOW = datetime(2026, 7, 16, 8, tzinfo=VIETNAM)

    def crawl(self, begin: Begin, day: int, since: int, *outcomes: Outcome) -> None:
        """A crawl of that day with a window from another one, whose sources end like this."""
        crawl = begin(reach=Reach(f"2026-07-{since:02}T00:00:00+07:00"), now=self.NOW.replace(day=day))
        urls = [f"https://vov.vn/muc-{number}" for number in range(len(outcomes))]
        crawl.add(*(Discovered(url, "listing") for url in urls))
        for url, outcome in zip(urls, outcomes, strict=True):
            crawl.next()
            crawl.keep(VisitResult(url, outcome))
        crawl.end()

    def since_whole(self, connection: Connection, day: int) -> tuple[str | None, str | None]:
        found = CrawlStore(connection).since_whole("{}", to_iso(self.NOW.replace(day=day)))
        return found.whole_at and found.whole_at[8:10], found.keeps_from and found.keeps_from[8:10]

    def test_before_the_first_there_is_none(self, connection: Connection) -> None:
        assert self.since_whole(connection, 16) == (None, None)

    def test_one_whose_sources_were_read_is_whole(self, begin: Begin, connection: Connection) -> None:
        self.crawl(begin, 10, 8, Outcome.LISTING)
        assert self.since_whole(connection, 16) == ("10", "08")

    def test_those_after_it_that_were_not_count_by_their_windows(self, begin: Begin, connection: Connection) -> None:
        self.crawl(begin, 10, 8, Outcome.LISTING)
        self.crawl(begin, 12, 7, Outcome.BLOCKED)
        self.crawl(begin, 14, 12, Outcome.UNREACHABLE)
        assert self.since_whole(connection, 16) == ("10", "07")

    def test_where_none_was_whole_the_earliest_window_counts(self, begin: Begin, connection: Connection) -> None:
        self.crawl(begin, 12, 10, Outcome.BLOCKED)
        self.crawl(begin, 14, 12, Outcome.BLOCKED)
        assert self.since_whole(connection, 16) == (None, "10")

    def test_one_source_in_ten_may_fail(self, begin: Begin, connection: Connection) -> None:
        self.crawl(begin, 10, 8, Outcome.UNREADABLE, *[Outcome.LISTING] * 10)
        assert self.since_whole(connection, 16) == ("10", "08")
        self.crawl(begin, 12, 9, Outcome.UNREADABLE, *[Outcome.LISTING] * 9)
        assert self.since_whole(connection, 16) == ("10", "08")

    def test_what_a_clock_that_was_wrong_left_behind_does_not_count(self, begin: Begin, connection: Connection) -> None:
        self.crawl(begin, 20, 18, Outcome.LISTING)
        assert self.since_whole(connection, 16) == (None, None)

    def test_sources_that_failed_are_settled_by_a_whole_crawl(self, begin: Begin, connection: Connection) -> None:
        self.crawl(begin, 10, 8, Outcome.UNREADABLE, Outcome.UNREADABLE)
        assert state_of(connection, "https://vov.vn/muc-1") == State.FAILED
        self.crawl(begin, 12, 10, Outcome.LISTING)
        assert state_of(connection, "https://vov.vn/muc-1") == State.DONE
