"""Ending visits: everything that one gave in one transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from tests.store.opened import LISTING, A, B, Begin, C, article_at, read, state_of
from vovcrawl.visits import Discovered, Outcome, State, VisitResult

FULL = 2
"""SQLite's number for a transaction that is on the disk when it ends."""


def test_what_is_found_on_a_page_is_kept_by_the_transaction_that_ends_its_visit(
    begin: Begin, connection: Connection
) -> None:
    crawl = begin()
    crawl.add(Discovered(LISTING, "listing"))
    crawl.seeded()
    crawl.next()
    crawl.frontier.discover(article_at(A, discovered_on=LISTING))
    crawl.keep(VisitResult(LISTING, Outcome.LISTING))
    connection.rollback()
    assert state_of(connection, LISTING) == State.DONE
    assert state_of(connection, A) == State.QUEUED


def test_a_visit_that_did_not_end_leaves_nothing_behind_but_its_page_in_flight(
    begin: Begin, connection: Connection
) -> None:
    crawl = begin()
    crawl.add(Discovered(LISTING, "listing"))
    crawl.seeded()
    crawl.next()
    crawl.add(article_at(A, discovered_on=LISTING))
    connection.rollback()
    assert state_of(connection, LISTING) == State.IN_FLIGHT
    assert state_of(connection, A) is None


@pytest.mark.parametrize("pages_in_hand", [1, 2])
@pytest.mark.sqlite("a setting of its connection")
def test_what_came_of_a_visit_is_on_the_disk_when_it_ends(
    begin: Begin, connection: Connection, pages_in_hand: int
) -> None:
    crawl = begin()
    crawl.add(article_at(A), article_at(B), article_at(C))
    read(crawl, A)
    for _ in range(pages_in_hand):
        crawl.next()
    assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL
    crawl.keep(VisitResult(B, Outcome.ARTICLE))
    if crawl.frontier.in_flight:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL


def test_a_page_whose_article_has_another_url_needs_no_visit_under_that_one(begin: Begin) -> None:
    crawl = begin()
    crawl.add(article_at(A), article_at(B))
    crawl.next()
    crawl.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=B))
    assert crawl.next() is None
