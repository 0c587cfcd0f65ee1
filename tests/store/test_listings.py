"""What is known of whole listings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from tests.store.opened import ANYTHING, LISTING, NOTHING, A, B, Begin, article_at, keep_one, read
from vovcrawl.visits import Discovered, ListingEnd, Outcome, Reach, VisitResult


class TestListings:
    """When a listing's next page is visited."""

    def test_the_next_page_waits_until_the_articles_before_it_are_known(self, begin: Begin) -> None:
        crawl = begin()
        crawl.add(article_at(A), Discovered(f"{LISTING}?page=1", "listing", waits_for=(A,)))
        first = crawl.next()
        assert first is not None
        assert first.url == A
        assert crawl.next() is None
        assert crawl.frontier.has_pending()
        crawl.keep(VisitResult(A, Outcome.ARTICLE, canonical_url=A, published="2026-07-16T08:00:00+07:00"))
        following = crawl.next()
        assert following is not None
        assert following.kind == "listing"

    def test_the_next_page_is_left_out_when_every_article_before_it_is_too_old(
        self, begin: Begin, connection: Connection
    ) -> None:
        reach = Reach(since="2026-07-01")
        crawl = begin(before_window=lambda published: published < "2026-07", reach=reach)
        crawl.add(Discovered(LISTING, "listing", priority=1), article_at(A))
        crawl.next()
        crawl.keep(VisitResult(LISTING, Outcome.LISTING))
        crawl.add(Discovered(f"{LISTING}?page=1", "listing", waits_for=(A,)))
        read(crawl, A, published="2026-06-30T23:59:00+07:00")
        assert crawl.next() is None
        assert not crawl.frontier.has_pending()
        assert crawl.listings.covered(LISTING) == reach

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
    def test_a_coverage_suffices_if_it_kept_all_that_is_requested(
        self, begin: Begin, covered: Reach | None, asked: Reach, enough: bool
    ) -> None:
        assert begin(reach=asked).listings.suffices(covered) is enough

    def test_a_listing_is_covered_only_while_no_crawl_has_left_it_half_seen(self, begin: Begin) -> None:
        crawl = begin()
        crawl.add(Discovered(LISTING, "listing"))
        crawl.listings.end(ListingEnd(LISTING, whole=True))
        assert crawl.listings.covered(LISTING) == Reach()
        crawl.listings.end(ListingEnd(LISTING, whole=False))
        assert crawl.listings.covered(LISTING) is None

    def test_a_further_page_remembers_what_was_covered_when_the_crawl_began(self, begin: Begin) -> None:
        crawl = begin()
        covered = Reach("2026-07-10", "~", 1)
        crawl.add(Discovered(f"{LISTING}?page=1", "listing", next_of=LISTING, covered=covered))
        assert crawl.listings.covered(f"{LISTING}?page=1") == covered

    def test_what_failed_on_a_listing_is_queued_again(self, begin: Begin, connection: Connection) -> None:
        first = begin(reach=Reach(related=1))
        first.add(article_at(A, discovered_on=LISTING), article_at(B, discovered_on="https://vov.vn/tin-24h", steps=1))
        first.add(article_at("https://vov.vn/the-thao/d-post4.vov", discovered_on=A))
        first.add(article_at("https://vov.vn/the-thao/e-post5.vov", discovered_on="https://vov.vn/the-thao"))
        for page in list(iter(first.next, None)):
            first.keep(VisitResult(page.url, Outcome.UNREADABLE))
        first.end()
        second = begin(reach=Reach(related=1))
        assert second.listings.end(ListingEnd(LISTING, whole=True, retry_failed=True)) == 3
        assert {page.url for page in iter(second.next, None)} == {A, B, "https://vov.vn/the-thao/d-post4.vov"}

    @pytest.mark.parametrize(("hours", "queued"), [(10, 1), (9, 0)])
    def test_what_is_gone_though_a_listing_shows_it_is_queued_again_after_its_pause(
        self, begin: Begin, hours: int, queued: int
    ) -> None:
        first = datetime(2026, 7, 16, tzinfo=UTC)
        for number, hour in enumerate((0, 8)):
            crawl = begin(f"{number}", now=first + timedelta(hours=hour))
            crawl.add(article_at(A, discovered_on=LISTING, listed=True))
            crawl.next()
            crawl.keep(VisitResult(A, Outcome.GONE))
            crawl.end()
        again = begin("again", now=first + timedelta(hours=hours))
        assert again.listings.end(ListingEnd(LISTING, whole=True, retry_failed=True)) == queued

    @pytest.mark.parametrize(
        ("options", "edited"),
        [
            ({"may_have_changed": ANYTHING}, True),
            ({"may_have_changed": NOTHING}, False),
            ({"may_have_changed": ANYTHING, "in_window": NOTHING}, False),
            ({"may_have_changed": ANYTHING, "reads_dates_of_change": True}, False),
        ],
    )
    def test_a_known_article_may_have_been_edited_where_only_a_visit_can_tell(
        self, begin: Begin, options: dict[str, Any], edited: bool
    ) -> None:
        keep_one(begin(), A)
        assert begin(**options).listings.any_edited([A, B]) is edited

    def test_articles_found_in_this_crawl_are_not_known_from_an_earlier_one(self, begin: Begin) -> None:
        first = begin()
        first.add(article_at(A))
        read(first, A)
        assert not first.listings.all_known([A])
        first.end()
        second = begin()
        assert second.listings.all_known([A])
        assert not second.listings.all_known([A, B])
        assert not second.listings.all_known([])
