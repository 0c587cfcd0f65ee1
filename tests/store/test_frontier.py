"""Which page comes next."""

from __future__ import annotations

from sqlalchemy import Connection

from tests.store.opened import LISTING, A, B, Begin, C, article_at, attempts_at, pointing, read, state_of
from vovcrawl.store import ArticleStore
from vovcrawl.visits import Discovered, Outcome, Reach, State, VisitResult


def test_pages_come_by_priority_then_in_the_order_found(begin: Begin) -> None:
    crawl = begin()
    crawl.add(article_at(A), article_at(B), Discovered(LISTING, "listing", priority=5))
    order = crawl.urls()
    assert order == [LISTING, A, B]


def test_a_page_found_twice_is_visited_once(begin: Begin) -> None:
    crawl = begin()
    assert crawl.add(article_at(A)) == 1
    assert crawl.add(article_at(A)) == 0
    read(crawl, A)
    assert crawl.add(article_at(A)) == 0
    assert crawl.next() is None


def test_a_page_that_is_handed_out_beside_another_leaves_the_transaction_of_that_one_alone(
    begin: Begin, connection: Connection
) -> None:
    crawl = begin()
    crawl.add(Discovered(LISTING, "listing"), article_at(A))
    crawl.seeded()
    crawl.next()
    crawl.add(article_at(B, discovered_on=LISTING))
    crawl.next()
    connection.rollback()
    assert state_of(connection, A) == State.QUEUED
    assert state_of(connection, B) is None


def test_more_waiting_pages_than_one_do_not_hide_what_can_be_visited(begin: Begin) -> None:
    crawl = begin()
    crawl.add(article_at(A))
    crawl.next()
    crawl.add(*[Discovered(f"{LISTING}-{n}?page=1", "listing", waits_for=(A,)) for n in range(20)])
    crawl.add(article_at(B))
    page = crawl.next()
    assert page is not None
    assert page.url == B


def test_thousands_of_waiting_pages_end_together(begin: Begin) -> None:
    crawl = begin(before_window=lambda published: True)
    crawl.add(article_at(A))
    read(crawl, A, published="2020-01-01T00:00:00+07:00")
    crawl.add(*[Discovered(f"{LISTING}-{n}?page=1", "listing", waits_for=(A,)) for n in range(1500)])
    assert crawl.next() is None
    assert not crawl.frontier.has_pending()


def test_a_url_named_as_a_page_is_still_walked_as_a_listing(begin: Begin) -> None:
    crawl = begin()
    crawl.add(article_at(LISTING, requested=True), Discovered(LISTING, "listing"))
    page = crawl.next()
    assert page is not None
    assert page.kind == "listing"


class TestRelated:
    """How far the crawl goes."""

    def test_an_article_beyond_the_last_step_is_left_out(self, begin: Begin) -> None:
        crawl = begin(reach=Reach(related=1))
        crawl.add(article_at(A))
        crawl.next()
        crawl.add(article_at(B, discovered_on=A, steps=1))
        crawl.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=A))
        crawl.next()
        crawl.add(article_at(C, discovered_on=B, steps=1))
        crawl.keep(VisitResult(B, Outcome.ARTICLE, canonical_url=B))
        assert crawl.next() is None

    def test_an_article_met_again_nearer_leads_on_without_a_second_visit(
        self, begin: Begin, connection: Connection
    ) -> None:
        crawl = begin(reach=Reach(related=1))
        crawl.add(article_at(A), Discovered(LISTING, "listing", priority=-1))
        crawl.next()
        crawl.add(article_at(B, discovered_on=A, steps=1))
        crawl.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=A))
        crawl.next()
        ArticleStore(connection).keep(pointing(B, C))
        crawl.keep(VisitResult(B, Outcome.ARTICLE, canonical_url=B))
        crawl.next()
        crawl.add(article_at(B, discovered_on=LISTING))
        crawl.keep(VisitResult(LISTING, Outcome.LISTING))
        page = crawl.next()
        assert page is not None
        assert (page.url, page.depth) == (C, 1)

    def test_an_article_known_from_an_earlier_crawl_leads_on_too(self, begin: Begin, connection: Connection) -> None:
        first = begin()
        first.add(article_at(A))
        first.next()
        ArticleStore(connection).keep(pointing(A, B))
        first.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=A))
        first.end()
        second = begin(reach=Reach(related=1))
        second.add(article_at(A))
        page = second.next()
        assert page is not None
        assert page.url == B


class TestRelease:
    """Pages whose visit never came about."""

    def test_a_released_page_is_next_again_as_if_it_had_not_been_handed_out(
        self, begin: Begin, connection: Connection
    ) -> None:
        crawl = begin()
        crawl.add(article_at(A), article_at(B))
        crawl.next()
        crawl.frontier.release(A)
        assert (state_of(connection, A), attempts_at(connection, A)) == ("queued", 0)
        assert crawl.frontier.in_flight == {}
        page = crawl.next()
        assert page is not None
        assert (page.url, page.attempts) == (A, 1)

    def test_it_is_durable(self, begin: Begin, connection: Connection) -> None:
        crawl = begin()
        crawl.add(article_at(A))
        crawl.next()
        crawl.frontier.release(A)
        connection.rollback()
        assert state_of(connection, A) == "queued"

    def test_a_page_that_is_not_in_flight_stays_as_it_is(self, begin: Begin, connection: Connection) -> None:
        crawl = begin()
        crawl.add(article_at(A))
        read(crawl, A)
        crawl.frontier.release(A)
        assert state_of(connection, A) == "done"
