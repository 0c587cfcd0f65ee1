"""The walk's memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from vovcrawl.items import Article, Related
from vovcrawl.store import ArticleStore, Database, Frontier, open_database
from vovcrawl.store.tables import articles, pages, walks
from vovcrawl.visits import Found, Outcome, Reach, State, Visit

A = "https://vov.vn/xa-hoi/a-post1.vov"
B = "https://vov.vn/xa-hoi/b-post2.vov"
C = "https://vov.vn/xa-hoi/c-post3.vov"
LISTING = "https://vov.vn/xa-hoi"
FULL = 2
"""SQLite's number for a transaction that is on the disk when it ends."""

Begin = Callable[..., Frontier]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(str(tmp_path / "a.sqlite"))
    yield opened
    opened.close()


@pytest.fixture
def begin(database: Database) -> Begin:
    """Begins a walk; one with the same arguments goes on with an unfinished one."""

    def begun(arguments: str = "{}", **options: Any) -> Frontier:
        return Frontier(database.connection, arguments, **options)

    return begun


@pytest.fixture
def connection(database: Database) -> Connection:
    return database.connection


def story(address: str, **options: Any) -> Found:
    return Found(address, "article", **options)


def state_of(connection: Connection, address: str) -> str | None:
    return connection.scalar(select(pages.c.state).where(pages.c.address == address))


def attempts_at(connection: Connection, address: str) -> int | None:
    return connection.scalar(select(pages.c.attempts).where(pages.c.address == address))


def read(frontier: Frontier, address: str, published: str | None = None) -> None:
    """Visits `address`, which must be next."""
    page = frontier.next()
    assert page is not None
    assert page.address == address
    frontier.finish(Visit(address, Outcome.ARTICLE, canonical_url=address, published=published))


def end(frontier: Frontier) -> None:
    frontier.seeded()
    frontier.end_walk()


def test_pages_come_by_priority_then_in_the_order_found(begin: Begin) -> None:
    frontier = begin()
    frontier.add([story(A), story(B), Found(LISTING, "listing", priority=5)])
    order = [page.address for page in iter(frontier.next, None)]
    assert order == [LISTING, A, B]


def test_a_page_found_twice_is_visited_once(begin: Begin) -> None:
    frontier = begin()
    assert frontier.add([story(A)]) == 1
    assert frontier.add([story(A)]) == 0
    read(frontier, A)
    assert frontier.add([story(A)]) == 0
    assert frontier.next() is None


def test_what_is_found_on_a_page_is_kept_by_the_transaction_that_ends_its_visit(
    begin: Begin, connection: Connection
) -> None:
    frontier = begin()
    frontier.add([Found(LISTING, "listing")])
    frontier.seeded()
    frontier.next()
    frontier.discover(story(A, found_on=LISTING))
    frontier.finish(Visit(LISTING, Outcome.LISTING))
    connection.rollback()
    assert state_of(connection, LISTING) == State.DONE
    assert state_of(connection, A) == State.QUEUED


def test_a_visit_that_did_not_end_leaves_nothing_behind_but_its_page_in_flight(
    begin: Begin, connection: Connection
) -> None:
    frontier = begin()
    frontier.add([Found(LISTING, "listing")])
    frontier.seeded()
    frontier.next()
    frontier.add([story(A, found_on=LISTING)])
    connection.rollback()
    assert state_of(connection, LISTING) == State.IN_FLIGHT
    assert state_of(connection, A) is None


def test_a_page_that_is_handed_out_beside_another_leaves_the_transaction_of_that_one_alone(
    begin: Begin, connection: Connection
) -> None:
    frontier = begin()
    frontier.add([Found(LISTING, "listing"), story(A)])
    frontier.seeded()
    frontier.next()
    frontier.add([story(B, found_on=LISTING)])
    frontier.next()
    connection.rollback()
    assert state_of(connection, A) == State.QUEUED
    assert state_of(connection, B) is None


@pytest.mark.parametrize("pages_in_hand", [1, 2])
def test_what_came_of_a_visit_is_on_the_disk_when_it_ends(
    begin: Begin, connection: Connection, pages_in_hand: int
) -> None:
    frontier = begin()
    frontier.add([story(A), story(B), story(C)])
    read(frontier, A)
    for _ in range(pages_in_hand):
        frontier.next()
    assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL
    frontier.finish(Visit(B, Outcome.ARTICLE))
    if frontier.in_flight:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == FULL


def test_the_same_arguments_go_on_with_what_was_in_flight_or_queued(begin: Begin) -> None:
    frontier = begin('{"sections": "xa-hoi"}')
    frontier.add([story(A), story(B)])
    frontier.seeded()
    frontier.next()
    again = begin('{"sections": "xa-hoi"}')
    assert again.walk == frontier.walk
    assert again.resumed_pages == 2
    assert not again.needs_seeds
    assert [page.address for page in iter(again.next, None)] == [A, B]


def test_a_walk_that_died_before_all_its_starting_points_were_kept_asks_for_them_again(begin: Begin) -> None:
    frontier = begin()
    frontier.add([story(A)])
    read(frontier, A)
    again = begin()
    assert again.walk == frontier.walk
    assert again.needs_seeds
    assert again.add([story(A), story(B)]) == 1


def test_other_arguments_begin_a_walk_of_their_own_and_name_what_is_left(begin: Begin) -> None:
    first = begin('{"sections": "xa-hoi"}')
    first.add([story(A)])
    first.seeded()
    second = begin('{"sections": "the-thao"}')
    assert second.walk != first.walk
    assert [(other.arguments, other.pages) for other in second.other_work()] == [('{"sections": "xa-hoi"}', 1)]
    assert second.next() is None


def test_a_finished_walk_is_marked_and_the_next_one_is_new(begin: Begin, connection: Connection) -> None:
    frontier = begin()
    frontier.add([story(A)])
    read(frontier, A)
    end(frontier)
    assert connection.scalar(select(walks.c.finished_at)) is not None
    assert begin().walk != frontier.walk


def test_a_walk_with_work_left_is_not_finished(begin: Begin, connection: Connection) -> None:
    frontier = begin()
    frontier.add([story(A)])
    end(frontier)
    assert connection.scalar(select(walks.c.finished_at)) is None


class TestUnfinishedWork:
    """What an interrupted walk leaves to the next one with the same arguments, whatever comes between."""

    XA_HOI, KINH_TE = '{"sections": "xa-hoi"}', '{"sections": "kinh-te"}'

    def interrupted(self, begin: Begin, *found: Found, **options: Any) -> Frontier:
        """A walk that died when it had found these pages."""
        frontier = begin(self.XA_HOI, **options)
        frontier.add(found)
        frontier.seeded()
        return frontier

    def test_a_page_that_another_walk_came_to_is_still_owed(self, begin: Begin) -> None:
        first = self.interrupted(begin, story(A), story(B))
        second = begin(self.KINH_TE)
        second.add([story(A)])
        assert second.next() is not None
        assert [other.pages for other in second.other_work()] == [2]
        again = begin(self.XA_HOI)
        assert (again.walk, again.resumed_pages, again.needs_seeds) == (first.walk, 2, False)

    def test_a_page_that_another_walk_has_read_needs_no_visit_but_leads_on(
        self, begin: Begin, connection: Connection
    ) -> None:
        self.interrupted(begin, story(A), reach=Reach(related=1))
        second = begin(self.KINH_TE)
        second.add([story(A)])
        second.next()
        ArticleStore(connection).keep(pointing(A, C))
        second.finish(Visit(A, Outcome.ARTICLE, canonical_url=A))
        end(second)
        again = begin(self.XA_HOI, reach=Reach(related=1))
        assert [(page.address, page.depth) for page in iter(again.next, None)] == [(C, 1)]

    def test_a_page_that_two_walks_are_owed_is_owed_to_the_other_when_one_takes_it_back(self, begin: Begin) -> None:
        self.interrupted(begin, story(A))
        second = begin(self.KINH_TE)
        second.add([story(A)])
        second.seeded()
        first = begin(self.XA_HOI)
        assert first.next() is not None
        assert [other.pages for other in first.other_work()] == [1]
        assert begin(self.KINH_TE).resumed_pages == 1

    def test_what_could_not_be_read_is_owed_too(self, begin: Begin) -> None:
        first = self.interrupted(begin, story(A), story(B))
        first.next()
        first.finish(Visit(A, Outcome.UNREADABLE))
        second = begin(self.KINH_TE)
        second.add([story(A)])
        second.next()
        second.finish(Visit(A, Outcome.GONE))
        end(second)
        assert [page.address for page in iter(begin(self.XA_HOI).next, None)] == [A, B]

    def test_a_waiting_page_of_a_listing_waits_on(self, begin: Begin) -> None:
        further = f"{LISTING}?page=1"
        self.interrupted(begin, story(A), Found(further, "listing", waits_for=(A,), next_of=LISTING))
        second = begin(self.KINH_TE)
        second.add([Found(further, "listing", next_of=LISTING)])
        end(second)
        again = begin(self.XA_HOI)
        assert [page.address for page in iter(again.next, None)] == [A]
        again.finish(Visit(A, Outcome.ARTICLE, canonical_url=A))
        page = again.next()
        assert page is not None
        assert page.address == further

    def test_fresh_forgets_the_work_and_begins_anew(self, begin: Begin, connection: Connection) -> None:
        first = self.interrupted(begin, story(A), story(B))
        read(first, A)
        again = begin(self.XA_HOI, fresh=True)
        assert again.walk != first.walk
        assert (again.forgotten_pages, again.resumed_pages, again.needs_seeds) == (1, None, True)
        assert (state_of(connection, A), state_of(connection, B)) == (State.DONE, None)

    def test_fresh_leaves_a_known_page_that_was_to_be_visited_again_as_it_was(
        self, begin: Begin, connection: Connection
    ) -> None:
        before = begin(self.KINH_TE)
        before.add([story(A)])
        read(before, A)
        end(before)
        self.interrupted(begin, story(A, asked_for=True))
        assert state_of(connection, A) == State.QUEUED
        begin(self.XA_HOI, fresh=True)
        assert state_of(connection, A) == State.DONE

    def test_fresh_leaves_the_work_of_other_arguments_alone(self, begin: Begin) -> None:
        self.interrupted(begin, story(A))
        other = begin(self.KINH_TE, fresh=True)
        assert other.forgotten_pages == 0
        assert [left.pages for left in other.other_work()] == [1]

    def test_work_of_an_earlier_day_is_gone_on_with_and_the_sources_are_read_again(
        self, begin: Begin, connection: Connection
    ) -> None:
        first = self.interrupted(begin, story(A), since="2026-07-14")
        again = begin(self.XA_HOI, since="2026-07-15")
        assert again.walk != first.walk
        assert (again.resumed_pages, again.needs_seeds) == (1, True)
        assert again.other_work() == []
        assert connection.scalar(select(walks.c.finished_at).where(walks.c.id == first.walk)) is not None

    def test_a_page_whose_visit_was_called_off_is_queued_again(self, begin: Begin, connection: Connection) -> None:
        first = self.interrupted(begin, story(A))
        first.next()
        first.release(A)
        connection.rollback()
        row = connection.execute(select(pages.c.state, pages.c.attempts).where(pages.c.address == A)).one()
        assert row == (State.QUEUED, 0)


def test_more_waiting_pages_than_one_do_not_hide_what_can_be_visited(begin: Begin) -> None:
    frontier = begin()
    frontier.add([story(A)])
    frontier.next()
    frontier.add([Found(f"{LISTING}-{n}?page=1", "listing", waits_for=(A,)) for n in range(20)])
    frontier.add([story(B)])
    page = frontier.next()
    assert page is not None
    assert page.address == B


def test_thousands_of_waiting_pages_end_together(begin: Begin) -> None:
    frontier = begin(before_window=lambda published: True)
    frontier.add([story(A)])
    read(frontier, A, published="2020-01-01T00:00:00+07:00")
    frontier.add([Found(f"{LISTING}-{n}?page=1", "listing", waits_for=(A,)) for n in range(1500)])
    assert frontier.next() is None
    assert not frontier.has_pending()


def test_an_address_named_as_a_page_is_still_walked_as_a_listing(begin: Begin) -> None:
    frontier = begin()
    frontier.add([story(LISTING, asked_for=True), Found(LISTING, "listing")])
    page = frontier.next()
    assert page is not None
    assert page.kind == "listing"


class TestSecondWalk:
    """What a later walk visits again."""

    @pytest.mark.parametrize(
        ("outcome", "visited"),
        [
            (Outcome.ARTICLE, False),
            (Outcome.NO_ARTICLE, False),
            (Outcome.UNREADABLE, True),
            (Outcome.BLOCKED, True),
            (Outcome.GONE, True),
            (Outcome.FORBIDDEN, True),
        ],
    )
    def test_a_known_story_is_visited_again_only_if_it_was_not_read(
        self, begin: Begin, outcome: Outcome, visited: bool
    ) -> None:
        first = begin()
        first.add([story(A)])
        first.next()
        first.finish(Visit(A, outcome, canonical_url=A))
        end(first)
        second = begin()
        second.add([story(A)])
        assert (second.next() is not None) is visited

    def test_a_listing_is_visited_again(self, begin: Begin) -> None:
        first = begin()
        first.add([Found(LISTING, "listing")])
        first.next()
        first.finish(Visit(LISTING, Outcome.LISTING))
        end(first)
        second = begin()
        second.add([Found(LISTING, "listing")])
        assert second.next() is not None

    def test_a_story_that_the_user_names_is_visited_again(self, begin: Begin) -> None:
        first = begin()
        first.add([story(A)])
        read(first, A)
        end(first)
        second = begin()
        second.add([story(A, asked_for=True)])
        assert second.next() is not None

    @pytest.mark.parametrize(("inside", "visited"), [(True, True), (False, False)])
    def test_a_story_left_out_for_its_date_is_visited_when_the_window_holds_it(
        self, begin: Begin, inside: bool, visited: bool
    ) -> None:
        first = begin()
        first.add([story(A)])
        first.next()
        first.finish(Visit(A, Outcome.OUTSIDE_WINDOW, canonical_url=A, published="2023-10-14T14:05:00+07:00"))
        end(first)
        second = begin(in_window=lambda published: inside)
        second.add([story(A)])
        assert (second.next() is not None) is visited


@pytest.mark.parametrize("outcome", [Outcome.UNREADABLE, Outcome.OUTSIDE_WINDOW])
def test_a_known_redirect_leads_to_a_target_that_is_still_wanted(begin: Begin, outcome: Outcome) -> None:
    first = begin()
    first.add([story(A)])
    first.next()
    first.add([story(B, found_on=A)])
    first.finish(Visit(A, Outcome.ALIAS, canonical_url=B))
    first.next()
    first.finish(Visit(B, outcome, published="2023-10-14T14:05:00+07:00"))
    end(first)
    second = begin()
    second.add([story(A)])
    page = second.next()
    assert page is not None
    assert (page.address, page.depth) == (B, 0)


class TestRelated:
    """How far the walk goes."""

    def test_a_story_beyond_the_last_step_is_left_out(self, begin: Begin) -> None:
        frontier = begin(reach=Reach(related=1))
        frontier.add([story(A)])
        frontier.next()
        frontier.add([story(B, found_on=A, steps=1)])
        frontier.finish(Visit(A, Outcome.ARTICLE, canonical_url=A))
        frontier.next()
        frontier.add([story(C, found_on=B, steps=1)])
        frontier.finish(Visit(B, Outcome.ARTICLE, canonical_url=B))
        assert frontier.next() is None

    def test_a_story_met_again_nearer_leads_on_without_a_second_visit(
        self, begin: Begin, connection: Connection
    ) -> None:
        frontier = begin(reach=Reach(related=1))
        frontier.add([story(A), Found(LISTING, "listing", priority=-1)])
        frontier.next()
        frontier.add([story(B, found_on=A, steps=1)])
        frontier.finish(Visit(A, Outcome.ARTICLE, canonical_url=A))
        frontier.next()
        ArticleStore(connection).keep(pointing(B, C))
        frontier.finish(Visit(B, Outcome.ARTICLE, canonical_url=B))
        frontier.next()
        frontier.add([story(B, found_on=LISTING)])
        frontier.finish(Visit(LISTING, Outcome.LISTING))
        page = frontier.next()
        assert page is not None
        assert (page.address, page.depth) == (C, 1)

    def test_a_story_known_from_an_earlier_walk_leads_on_too(self, begin: Begin, connection: Connection) -> None:
        first = begin()
        first.add([story(A)])
        first.next()
        ArticleStore(connection).keep(pointing(A, B))
        first.finish(Visit(A, Outcome.ARTICLE, canonical_url=A))
        end(first)
        second = begin(reach=Reach(related=1))
        second.add([story(A)])
        page = second.next()
        assert page is not None
        assert page.address == B


def pointing(address: str, *others: str) -> Article:
    """An article that points to others."""
    return Article(
        id="post0",
        url=address,
        canonical_url=address,
        content_type="article",
        headline="Tin",
        template="drupal-2026",
        related=[Related("post9", other, "Tin khác", None, "related") for other in others],
    )


class TestListings:
    """When a listing's next page is visited."""

    def test_the_next_page_waits_until_the_stories_before_it_are_known(self, begin: Begin) -> None:
        frontier = begin()
        frontier.add([story(A), Found(f"{LISTING}?page=1", "listing", waits_for=(A,))])
        first = frontier.next()
        assert first is not None
        assert first.address == A
        assert frontier.next() is None
        assert frontier.has_pending()
        frontier.finish(Visit(A, Outcome.ARTICLE, canonical_url=A, published="2026-07-16T08:00:00+07:00"))
        following = frontier.next()
        assert following is not None
        assert following.kind == "listing"

    def test_the_next_page_is_left_out_when_every_story_before_it_is_too_old(
        self, begin: Begin, connection: Connection
    ) -> None:
        reach = Reach(since="2026-07-01")
        frontier = begin(before_window=lambda published: published < "2026-07", reach=reach)
        frontier.add([Found(LISTING, "listing", priority=1), story(A)])
        frontier.next()
        frontier.finish(Visit(LISTING, Outcome.LISTING))
        frontier.add([Found(f"{LISTING}?page=1", "listing", waits_for=(A,))])
        read(frontier, A, published="2026-06-30T23:59:00+07:00")
        assert frontier.next() is None
        assert not frontier.has_pending()
        assert frontier.coverage(LISTING) == reach

    @pytest.mark.parametrize(
        ("covered", "asked", "enough"),
        [
            (Reach(), Reach(), True),
            (Reach("2026-07-10"), Reach("2026-07-10"), True),
            (Reach("2026-07-10"), Reach("2026-07-12"), True),
            (Reach("2026-07-10"), Reach("2026-07-01"), False),
            (Reach("2026-07-10"), Reach(), False),
            (Reach(until="2026-07-12"), Reach(until="2026-07-14"), False),
            (Reach(until="2026-07-12"), Reach(), False),
            (Reach(), Reach(until="2026-07-14"), True),
            (Reach(related=0), Reach(related=1), False),
            (Reach(related=2), Reach(related=1), True),
            (None, Reach(), False),
        ],
    )
    def test_a_coverage_suffices_if_it_kept_all_that_is_asked_for(
        self, begin: Begin, covered: Reach | None, asked: Reach, enough: bool
    ) -> None:
        assert begin(reach=asked).suffices(covered) is enough

    def test_a_listing_is_covered_only_while_no_walk_has_left_it_half_seen(self, begin: Begin) -> None:
        frontier = begin()
        frontier.add([Found(LISTING, "listing")])
        frontier.cover(LISTING, whole=True)
        assert frontier.coverage(LISTING) == Reach()
        frontier.cover(LISTING, whole=False)
        assert frontier.coverage(LISTING) is None

    def test_a_further_page_remembers_what_was_covered_when_the_walk_began(self, begin: Begin) -> None:
        frontier = begin()
        covered = Reach("2026-07-10", "~", 1)
        frontier.add([Found(f"{LISTING}?page=1", "listing", next_of=LISTING, covered=covered)])
        assert frontier.coverage(f"{LISTING}?page=1") == covered

    def test_what_failed_on_a_listing_is_queued_again(self, begin: Begin, connection: Connection) -> None:
        first = begin(reach=Reach(related=1))
        first.add([story(A, found_on=LISTING), story(B, found_on="https://vov.vn/tin-24h", steps=1)])
        first.add([story("https://vov.vn/the-thao/d-post4.vov", found_on=A)])
        first.add([story("https://vov.vn/the-thao/e-post5.vov", found_on="https://vov.vn/the-thao")])
        for page in list(iter(first.next, None)):
            first.finish(Visit(page.address, Outcome.UNREADABLE))
        end(first)
        second = begin(reach=Reach(related=1))
        assert second.retry_failed(LISTING) == 3
        assert {page.address for page in iter(second.next, None)} == {A, B, "https://vov.vn/the-thao/d-post4.vov"}

    def test_stories_found_in_this_walk_are_not_known_from_an_earlier_one(self, begin: Begin) -> None:
        first = begin()
        first.add([story(A)])
        read(first, A)
        assert not first.all_known([A])
        end(first)
        second = begin()
        assert second.all_known([A])
        assert not second.all_known([A, B])
        assert not second.all_known([])


def test_a_page_whose_article_has_another_address_needs_no_visit_under_that_one(begin: Begin) -> None:
    frontier = begin()
    frontier.add([story(A), story(B)])
    frontier.next()
    frontier.finish(Visit(A, Outcome.ARTICLE, canonical_url=B))
    assert frontier.next() is None


def test_a_page_asked_for_as_another_kind_is_visited_as_that_kind(begin: Begin) -> None:
    first = begin()
    first.add([story(LISTING, asked_for=True)])
    first.next()
    first.finish(Visit(LISTING, Outcome.NO_ARTICLE))
    end(first)
    second = begin()
    second.add([Found(LISTING, "listing")])
    page = second.next()
    assert page is not None
    assert page.kind == "listing"


def test_a_walk_that_gave_up_tries_again_what_it_could_not_read(begin: Begin) -> None:
    first = begin()
    first.add([story(A), story(B)])
    first.seeded()
    first.next()
    first.finish(Visit(A, Outcome.BLOCKED))
    assert [page.address for page in iter(begin().next, None)] == [A, B]


PUBLISHED = "2026-07-10T08:00:00+07:00"
EDITED = "2026-07-12T09:00:00+07:00"


def keep(frontier: Frontier, address: str, modified: str | None = None, **page: str) -> None:
    """A walk of one story, which is kept with what the server said of it."""
    frontier.add([story(address, modified=modified)])
    visited = frontier.next()
    assert visited is not None
    for name, value in page.items():
        setattr(visited, name, value)
    frontier.finish(Visit(address, Outcome.ARTICLE, canonical_url=address, published=PUBLISHED))
    end(frontier)


class TestAgain:
    """What is known is asked for again only where it may have changed."""

    def test_a_story_that_the_source_says_is_unchanged_is_left_alone(self, begin: Begin) -> None:
        keep(begin(), A, modified=PUBLISHED)
        assert begin(may_have_changed=lambda _: True).add([story(A, modified=PUBLISHED)]) == 0

    def test_a_story_with_another_date_of_change_is_asked_for(self, begin: Begin) -> None:
        keep(begin(), A, modified=PUBLISHED)
        assert begin().add([story(A, modified=EDITED)]) == 1

    def test_the_new_date_of_change_is_the_known_one_from_then_on(self, begin: Begin) -> None:
        keep(begin(), A, modified=PUBLISHED)
        keep(begin(), A, modified=EDITED)
        assert begin().add([story(A, modified=EDITED)]) == 0

    def test_a_young_story_of_a_source_without_dates_is_asked_for(self, begin: Begin) -> None:
        keep(begin(), A)
        assert begin(may_have_changed=lambda published: published == PUBLISHED).add([story(A)]) == 1

    @pytest.mark.parametrize(("dated_by", "asked_for"), [(PUBLISHED, 1), (EDITED, 0)])
    def test_a_source_that_dates_edited_stories_by_their_publication_is_not_believed(
        self, begin: Begin, connection: Connection, dated_by: str, asked_for: int
    ) -> None:
        frontier = begin()
        for number in range(5):
            address = f"https://vov.vn/xa-hoi/tin-post{number}.vov"
            edited = Article(
                id=f"post{number}",
                url=address,
                canonical_url=address,
                content_type="article",
                headline="Tin",
                date_published=PUBLISHED,
                date_modified=EDITED,
                template="drupal-2026",
            )
            ArticleStore(connection).keep(edited)
            frontier.add([story(address, modified=dated_by)])
            frontier.next()
            frontier.finish(Visit(address, Outcome.ARTICLE, canonical_url=address, published=PUBLISHED))
        end(frontier)
        again = begin(may_have_changed=lambda _: True, reads_dates_of_change=True)
        assert again.add([story("https://vov.vn/xa-hoi/tin-post1.vov", modified=dated_by)]) == asked_for

    def test_an_old_story_of_a_source_without_dates_is_left_alone(self, begin: Begin) -> None:
        keep(begin(), A)
        assert begin(may_have_changed=lambda _: False).add([story(A)]) == 0

    def test_a_date_of_change_met_for_the_first_time_is_compared_with_the_page_s_own(self, begin: Begin) -> None:
        keep(begin(), A)
        assert begin().add([story(A, modified=PUBLISHED)]) == 0
        assert begin("other").add([story(A, modified=PUBLISHED)]) == 0

    def test_a_changed_story_outside_the_window_is_left_alone(self, begin: Begin) -> None:
        keep(begin(), A, modified=PUBLISHED)
        assert begin(in_window=lambda _: False).add([story(A, modified=EDITED)]) == 0

    def test_a_story_that_one_source_says_is_unchanged_is_not_asked_for_because_another_is_silent(
        self, begin: Begin
    ) -> None:
        keep(begin(), A, modified=PUBLISHED)
        frontier = begin(may_have_changed=lambda _: True, reads_dates_of_change=True)
        assert frontier.add([story(A)]) == 0
        assert frontier.add([story(A, modified=PUBLISHED)]) == 0

    def test_a_visit_to_a_known_story_has_what_the_server_said_of_it(self, begin: Begin) -> None:
        keep(begin(), A, etag='"v1"', last_modified="Fri, 10 Jul 2026 01:00:00 GMT")
        frontier = begin(may_have_changed=lambda _: True)
        frontier.add([story(A)])
        page = frontier.next()
        assert page is not None
        assert (page.is_known, page.etag, page.last_modified) == (True, '"v1"', "Fri, 10 Jul 2026 01:00:00 GMT")

    def test_a_story_that_is_gone_is_asked_for_only_when_the_source_says_it_has_changed(self, begin: Begin) -> None:
        frontier = begin()
        frontier.add([story(A, modified=PUBLISHED)])
        frontier.next()
        frontier.finish(Visit(A, Outcome.GONE))
        end(frontier)
        assert begin().add([story(A, modified=PUBLISHED)]) == 0
        assert begin("other").add([story(A, modified=EDITED)]) == 1

    def test_a_kept_story_that_vanishes_is_marked_until_it_is_back(self, begin: Begin, connection: Connection) -> None:
        kept = Article(
            id="post1", url=A, canonical_url=A, content_type="article", headline="Tin", template="drupal-2026"
        )
        ArticleStore(connection).keep(kept)
        keep(begin(), A, modified=PUBLISHED)
        vanishing = begin()
        vanishing.add([story(A, modified=EDITED)])
        vanishing.next()
        vanishing.finish(Visit(A, Outcome.GONE))
        end(vanishing)
        assert connection.scalar(select(articles.c.gone_at)) is not None
        keep(begin(), A, modified="2026-07-13T09:00:00+07:00")
        assert connection.scalar(select(articles.c.gone_at)) is None


class TestIds:
    """Ids tell of stories without a date, where enough others with a date agree."""

    BEFORE, AFTER = "2026-07-05T00:00:00+07:00", "2026-07-10T00:00:00+07:00"

    @staticmethod
    def address(number: int) -> str:
        return f"https://vov.vn/xa-hoi/tin-post{number}.vov"

    def learnt(self, begin: Begin, published: str, first: int, count: int = 5) -> Frontier:
        """A walk of `count` stories from the id `first` on, then the next one, of a window from the 6th to the 9th."""
        frontier = begin()
        for number in range(first, first + count):
            frontier.add([story(self.address(number))])
            frontier.next()
            frontier.finish(Visit(self.address(number), Outcome.OUTSIDE_WINDOW, published=published))
        end(frontier)
        return begin("window", long_before=self.BEFORE, long_after=self.AFTER)

    def test_a_story_with_a_later_id_than_those_behind_the_window_is_left_out(
        self, begin: Begin, connection: Connection
    ) -> None:
        frontier = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        frontier.add([story(self.address(200))])
        assert frontier.next() is None
        assert frontier.left_out_by_id == 1
        assert state_of(connection, self.address(200)) == State.DONE

    def test_a_story_with_an_earlier_id_than_those_before_the_window_is_left_out(self, begin: Begin) -> None:
        frontier = self.learnt(begin, "2026-07-01T00:00:00+07:00", 100)
        frontier.add([story(self.address(50))])
        assert frontier.next() is None

    @pytest.mark.parametrize("options", [{"modified": "2026-07-08T00:00:00+07:00"}, {"asked_for": True}])
    def test_a_story_that_a_source_dates_or_the_user_named_is_visited(
        self, begin: Begin, options: dict[str, Any]
    ) -> None:
        frontier = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        frontier.add([story(self.address(200), **options)])
        assert frontier.next() is not None

    def test_a_few_stories_tell_nothing(self, begin: Begin) -> None:
        frontier = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100, count=4)
        frontier.add([story(self.address(200))])
        assert frontier.next() is not None

    def test_ids_of_another_form_tell_nothing(self, begin: Begin) -> None:
        frontier = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        frontier.add([story("https://vov.vn/xa-hoi/tin-200.vov")])
        assert frontier.next() is not None

    def test_what_was_left_out_is_looked_at_by_a_walk_of_another_window(self, begin: Begin) -> None:
        frontier = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        frontier.add([story(self.address(200))])
        frontier.next()
        end(frontier)
        assert begin("open").add([story(self.address(200))]) == 1


class TestRelease:
    """Pages whose visit never came about."""

    def test_a_released_page_is_next_again_as_if_it_had_not_been_handed_out(
        self, begin: Begin, connection: Connection
    ) -> None:
        frontier = begin()
        frontier.add([story(A), story(B)])
        frontier.next()
        frontier.release(A)
        assert (state_of(connection, A), attempts_at(connection, A)) == ("queued", 0)
        assert frontier.in_flight == {}
        page = frontier.next()
        assert page is not None
        assert (page.address, page.attempts) == (A, 1)

    def test_it_is_durable(self, begin: Begin, connection: Connection) -> None:
        frontier = begin()
        frontier.add([story(A)])
        frontier.next()
        frontier.release(A)
        connection.rollback()
        assert state_of(connection, A) == "queued"

    def test_a_page_that_is_not_in_flight_stays_as_it_is(self, begin: Begin, connection: Connection) -> None:
        frontier = begin()
        frontier.add([story(A)])
        read(frontier, A)
        frontier.release(A)
        assert state_of(connection, A) == "done"
