"""The next page of a listing, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from vovcrawl.crawl.pagination import FRUITLESS_PAGES, MOST_PAGES, Pager, Pagination, Turn
from vovcrawl.pages.listing import Listing
from vovcrawl.visits import ListingEnd, Priority, Reach

FIRST = "https://vov.vn/kinh-te"


class Known:
    """What a store could know of listings."""

    def __init__(
        self, covered: Reach | None = None, known: Sequence[str] = (), read: bool = True, edited: Sequence[str] = ()
    ) -> None:
        self._covered = covered
        self._edited = set(edited)
        self._known = set(known)
        self._read = read

    def covered(self, page: str) -> Reach | None:
        return self._covered

    def suffices(self, covered: Reach | None) -> bool:
        return covered is not None

    def all_known(self, articles: Sequence[str]) -> bool:
        return bool(articles) and self._known.issuperset(articles)

    def any_edited(self, articles: Sequence[str]) -> bool:
        return bool(self._edited.intersection(articles))

    def any_read(self, articles: Sequence[str]) -> bool:
        return self._read


def articles(*numbers: int) -> tuple[str, ...]:
    return tuple(f"{FIRST}/tin-post{number}.vov" for number in numbers)


def shown(*numbers: int, last: int | None = None) -> Listing:
    return Listing(articles(*numbers), last)


def following(turn: Turn) -> str | None:
    return turn.next_page.url if turn.next_page is not None else None


def test_a_page_leads_to_the_next_one() -> None:
    turn = Pager(FIRST, Known()).turn(0, shown(1, 2, last=3))
    assert following(turn) == f"{FIRST}?page=1"
    assert turn.end == ListingEnd(FIRST, whole=False)


def test_the_page_that_the_pager_names_last_is_the_end() -> None:
    turn = Pager(FIRST, Known()).turn(3, shown(1, 2, last=3))
    assert turn == Turn(ListingEnd(FIRST, whole=True))


def test_without_a_pager_a_page_without_anything_new_is_the_end() -> None:
    pager = Pager(FIRST, Known())
    assert following(pager.turn(0, shown(1, 2)))
    assert pager.turn(1, shown(1, 2)) == Turn(ListingEnd(FIRST, whole=True))


def test_where_the_pager_promises_more_only_a_second_page_without_anything_new_is_the_end() -> None:
    pager = Pager(FIRST, Known())
    pager.turn(0, shown(1, last=9))
    assert following(pager.turn(1, shown(1, last=9))) == f"{FIRST}?page=2"
    assert following(pager.turn(2, shown(1, last=9))) is None


def test_a_listing_with_a_gap_is_not_whole_at_its_end() -> None:
    pager = Pager(FIRST, Known())
    pager.leave_gap()
    assert pager.turn(1, shown(1, last=1)).end == ListingEnd(FIRST, whole=False)


@pytest.mark.parametrize(("by_date", "goes_on"), [(True, True), (False, False)])
def test_a_window_is_walked_on_where_a_known_article_may_have_been_edited(by_date: bool, goes_on: bool) -> None:
    known = Known(Reach(), articles(1, 2), edited=articles(2))
    turn = Pager(FIRST, known, by_date=by_date).turn(0, shown(1, 2, last=3))
    assert (turn.next_page is not None) is goes_on


def test_a_listing_is_left_where_it_becomes_known_and_its_failures_are_tried_again() -> None:
    pager = Pager(FIRST, Known(Reach(), articles(1, 2)))
    assert pager.turn(0, shown(1, 2, last=9)) == Turn(ListingEnd(FIRST, whole=True, retry_failed=True))


def test_a_listing_that_no_crawl_has_kept_whole_is_walked_through_what_is_known() -> None:
    assert following(Pager(FIRST, Known(None, articles(1, 2))).turn(0, shown(1, 2, last=9)))


def test_the_limit_of_pages_ends_a_listing_that_is_not_whole() -> None:
    turn = Pager(FIRST, Known(), most=2).turn(1, shown(1, last=9))
    assert turn == Turn(ListingEnd(FIRST, whole=False))


def test_with_a_window_a_page_waits_for_the_new_articles_before_it() -> None:
    pager = Pager(FIRST, Known(), by_date=True)
    pager.turn(0, shown(1, 2, last=9))
    found = pager.turn(1, shown(1, 3, last=9)).next_page
    assert found is not None
    assert (found.waits_for, found.priority) == (articles(3), Priority.WAITING_PAGE)


@pytest.mark.parametrize(("read", "goes_on"), [(True, True), (False, False)])
def test_after_a_hundred_pages_it_matters_whether_any_article_could_be_read(read: bool, goes_on: bool) -> None:
    pager = Pager(FIRST, Known(read=read))
    for page in range(FRUITLESS_PAGES):
        assert pager.why_endless(page, articles(page)) is None
    assert (pager.why_endless(FRUITLESS_PAGES, articles(0)) is None) is goes_on


def test_a_listing_longer_than_all_that_was_ever_published_is_left() -> None:
    assert Pager(FIRST, Known()).why_endless(MOST_PAGES, ()) is not None


def test_what_a_pager_has_named_once_is_promised() -> None:
    pager = Pager(FIRST, Known())
    assert not pager.promises(1)
    pager.turn(0, shown(1, last=4))
    assert pager.promises(4)
    assert not pager.promises(5)


def test_each_listing_has_a_pager_of_its_own() -> None:
    pagination = Pagination(Known(), most=None, by_date=False)
    assert pagination.met(FIRST) is None
    pager = pagination.of(FIRST)
    assert pagination.of(FIRST) is pagination.met(FIRST) is pager
    assert pagination.of(f"{FIRST}/bat-dong-san") is not pager
