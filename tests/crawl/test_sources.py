"""Which sources a walk begins with, and what of them it visits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.crawl import sources
from vovcrawl.crawl.arguments import Arguments, Window, check
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.pages.sitemap import Entry

NOW = datetime(2026, 7, 16, 12, tzinfo=VIETNAM)
SITE = "https://vov.vn"


def day(number: int, month: int = 7, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=VIETNAM)


def entry(number: int, modified: datetime | None) -> Entry:
    return Entry(f"{SITE}/xa-hoi/tin-post{number}.vov", to_iso(modified) if modified is not None else None)


def starts(**given: str) -> list[str]:
    return [found.address for found in sources.starting_points(check(given, NOW), NOW)]


class TestStartingPoints:
    def test_a_window_is_planned_from_the_calendar_the_latest_month_first(self) -> None:
        assert starts(since="2026-05-20", until="2026-07-02") == [
            f"{SITE}/sitemaps/2026/7/article.xml",
            f"{SITE}/sitemaps/2026/6/article.xml",
            f"{SITE}/sitemaps/2026/5/article.xml",
        ]

    def test_the_running_month_is_planned_though_no_index_lists_it(self) -> None:
        assert starts(since="2d") == [f"{SITE}/sitemaps/2026/7/article.xml"]

    def test_a_long_window_begins_with_the_index_and_the_running_month(self) -> None:
        assert starts(since="2025-01-01") == [f"{SITE}/sitemap.xml", f"{SITE}/sitemaps/2026/7/article.xml"]

    def test_everything_begins_with_the_index_and_the_running_month(self) -> None:
        assert starts(since="all") == [f"{SITE}/sitemap.xml", f"{SITE}/sitemaps/2026/7/article.xml"]

    @pytest.mark.parametrize("window", [{"until": "2026-05-31"}, {"since": "2025-01-01", "until": "2026-05-31"}])
    def test_a_window_that_ends_before_the_running_month_leaves_it_out(self, window: dict[str, str]) -> None:
        assert starts(**window) == [f"{SITE}/sitemap.xml"]

    def test_a_section_is_walked_by_its_listing(self) -> None:
        assert starts(sections="the-thao", since="2d") == [f"{SITE}/the-thao"]

    def test_a_limit_of_pages_speaks_of_listings(self) -> None:
        assert starts(pages="2", since="2d") == [f"{SITE}/"]

    def test_sources_that_are_named_are_all_begun_with(self) -> None:
        assert starts(sources="listing,rss,sitemap", since="2d") == [
            f"{SITE}/sitemaps/2026/7/article.xml",
            f"{SITE}/rss",
            f"{SITE}/",
        ]

    def test_the_feeds_of_sections_are_named_after_them(self) -> None:
        assert starts(sections="the-thao,kinh-te", sources="rss") == [
            f"{SITE}/rss/the-thao.rss",
            f"{SITE}/rss/kinh-te.rss",
        ]

    def test_single_pages_need_no_source(self) -> None:
        assert starts(urls=f"{SITE}/xa-hoi/a-post1.vov") == []


class TestMonths:
    @pytest.mark.parametrize(
        ("window", "months"),
        [
            (Window(day(1), None), [(2026, 7)]),
            (Window(day(31, 12, 2025), day(2, 1)), [(2026, 1), (2025, 12)]),
            (Window(day(1, 6), day(1, 7)), [(2026, 6)]),
            (Window(day(20, 8), None), []),
            (Window(None, None), []),
        ],
    )
    def test_a_window_has_its_months(self, window: Window, months: list[tuple[int, int]]) -> None:
        assert sources.months(window, NOW) == months

    def test_an_index_is_read_for_the_months_of_the_window(self) -> None:
        listed = [f"{SITE}/sitemaps/2025/{month}/article.xml" for month in range(1, 13)] + [f"{SITE}/sitemaps/x.xml"]
        window = Window(day(1, 3, 2025), day(1, 5, 2025))
        assert sources.sitemaps_within(listed, window, NOW) == [listed[2], listed[3], listed[12]]

    def test_without_a_beginning_everything_up_to_the_end_is_read(self) -> None:
        listed = [f"{SITE}/sitemaps/2025/{month}/article.xml" for month in (4, 5, 6)]
        assert sources.sitemaps_within(listed, Window(None, day(1, 6, 2025)), NOW) == listed[:2]


def a_month(edited: dict[int, datetime]) -> list[Entry]:
    """A story an hour from 1 July on, ids 1000 onwards; some edited later."""
    return [entry(1000 + hour, edited.get(hour, day(1) + timedelta(hours=hour))) for hour in range(360)]


def wanted(entries: list[Entry], window: Window) -> list[int]:
    """The hours of the stories that are asked for."""
    return [
        int(one.url.rpartition("post")[2].removesuffix(".vov")) - 1000 for one in sources.candidates(entries, window)
    ]


class TestCandidates:
    WINDOW = Window(day(5), day(8))
    """Hours 96 to 167."""

    def test_the_stories_of_the_window_and_a_few_behind_it(self) -> None:
        assert wanted(a_month({}), self.WINDOW) == list(range(96, 168 + 5))

    def test_an_old_story_edited_within_the_window_is_left_out(self) -> None:
        assert 3 not in wanted(a_month({3: day(6)}), self.WINDOW)

    def test_a_story_of_the_window_edited_behind_it_is_asked_for(self) -> None:
        assert 120 in wanted(a_month({120: day(14)}), self.WINDOW)

    def test_the_last_stories_of_the_window_edited_behind_it_are_asked_for(self) -> None:
        edited = {hour: day(14) for hour in (165, 166, 167)}
        assert {165, 166, 167} <= set(wanted(a_month(edited), self.WINDOW))

    def test_a_window_without_an_end_asks_for_nothing_more(self) -> None:
        assert wanted(a_month({}), Window(day(15), None)) == list(range(336, 360))

    def test_without_dates_everything_is_asked_for(self) -> None:
        entries = [entry(number, None) for number in range(10)]
        assert sources.candidates(entries, self.WINDOW) == entries

    def test_a_few_ids_wildly_out_of_order_hide_nothing(self) -> None:
        rogues = [entry(5000 + place, day(1)) for place in range(4)]
        assert set(wanted(a_month({}), self.WINDOW)) <= set(wanted([*a_month({}), *rogues], self.WINDOW))

    def test_ids_without_post_are_a_series_of_their_own(self) -> None:
        old = Entry(f"{SITE}/xa-hoi/tin-999999.vov", to_iso(day(6)))
        assert old in sources.candidates([*a_month({}), old], self.WINDOW)

    @given(st.data())
    def test_no_unedited_story_of_the_window_is_left_out_though_ids_are_given_a_day_before(
        self, data: st.DataObject
    ) -> None:
        drafts = data.draw(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 24)), min_size=1, max_size=60))
        # Begun in this order, published up to a day later.
        published = [day(1) + timedelta(hours=begun + waited) for begun, waited in sorted(drafts)]
        entries = [entry(place, moment) for place, moment in enumerate(published)]
        window = Window(day(8), day(15))
        kept = {one.url for one in sources.candidates(entries, window)}
        inside = {one.url for one in entries if window.holds_iso(one.modified or "")}
        assert inside <= kept

    def test_sections_are_told_by_the_address(self) -> None:
        entries = [Entry(f"{SITE}/the-thao/a-post1.vov", None), Entry(f"{SITE}/the-thao-va-doi-song/a-post2.vov", None)]
        asked = Arguments(sections=(f"{SITE}/the-thao",))
        assert sources.of_sections(entries, asked) == entries[:1]
