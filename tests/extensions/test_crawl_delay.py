"""`Crawl-delay` of robots.txt."""

from __future__ import annotations

import pytest

from tests.making import HOST, PAGE, Making, pace, read_robots


@pytest.mark.parametrize(
    ("rules", "least", "most"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10, 15),
        ("User-agent: *\nCrawl-delay: 1.5", 1.5, 3),
        ("User-agent: *\nCrawl-delay: 0.5", 1, 3),
        ("User-agent: *\nCrawl-delay: 3600", 60, 90),
        ("User-agent: *\nCrawl-delay: soon", 1, 3),
        ("User-agent: *\nCrawl-delay: -4", 1, 3),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: vovcrawl\nCrawl-delay: 4", 4, 6),
        ("User-agent: bingbot\nCrawl-delay: 10", 1, 3),
        ("", 1, 3),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_it_is_the_least_distance(making: Making, rules: str, least: float, most: float, known: bool) -> None:
    crawler = making()
    if known:
        crawler.engine.downloader._get_slot(PAGE)
    read_robots(crawler, rules)
    assert pace(crawler) == pytest.approx((least, most))


def test_rules_of_a_second_host_in_the_slot_only_lengthen(making: Making) -> None:
    crawler = making()
    for delay in (10, 4, 12):
        read_robots(crawler, f"User-agent: *\nCrawl-delay: {delay}")
    assert pace(crawler)[0] == pytest.approx(12)


def test_what_the_user_sets_is_kept(making: Making) -> None:
    crawler = making(DOWNLOAD_DELAY=0.5)
    read_robots(crawler, "User-agent: *\nCrawl-delay: 10")
    assert pace(crawler) == pytest.approx((0.25, 0.75))


def test_what_the_user_sets_for_the_host_is_kept(making: Making) -> None:
    crawler = making(DOWNLOAD_SLOTS={HOST: {"delay": 1, "jitter": 0}})
    read_robots(crawler, "User-agent: *\nCrawl-delay: 10")
    assert pace(crawler) == (1, 1)


@pytest.mark.parametrize(("asked", "lines"), [(10, 1), (61, 1), (0.5, 0)])
def test_it_is_told_in_one_line(making: Making, caplog: pytest.LogCaptureFixture, asked: float, lines: int) -> None:
    crawler = making()
    with caplog.at_level("INFO", logger="vovcrawl"):
        read_robots(crawler, f"User-agent: *\nCrawl-delay: {asked}")
    assert len(caplog.records) == lines
