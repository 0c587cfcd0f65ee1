"""Which sources a crawl begins with, in which order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vovcrawl.crawl import sources
from vovcrawl.crawl.arguments import check
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import VIETNAM

NOW = datetime(2026, 7, 16, 12, tzinfo=VIETNAM)
SITE = "https://vov.vn"


def day(number: int, month: int = 7, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=VIETNAM)


def starts(**given: str) -> list[str]:
    return [found.url for found in sources.seeds(check(given, NOW), NOW)]


class TestSeeds:
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


class TestFirstOfTheMonth:
    @pytest.mark.parametrize(
        ("month", "now", "begun"),
        [
            (8, day(1, 8), True),
            (8, day(1, 8).replace(hour=23), True),
            (8, day(2, 8), False),
            (7, day(1, 8), False),
            (8, datetime(2026, 7, 31, 18, tzinfo=UTC), True),
        ],
    )
    def test_the_sitemap_of_a_month_may_be_empty_on_its_first_day(self, month: int, now: datetime, begun: bool) -> None:
        assert sources.has_just_begun(f"{SITE}/sitemaps/2026/{month}/article.xml", now) is begun

    def test_that_of_the_month_before_tells_it_from_a_broken_one(self) -> None:
        assert sources.month_before(day(1, 1)) == f"{SITE}/sitemaps/2025/12/article.xml"
