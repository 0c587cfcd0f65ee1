"""Slower where the server is slow."""

from __future__ import annotations

import pytest
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from tests.making import HOST, PAGE, Making, pace, read_robots
from vovcrawl.extensions.throttle import Throttle


def answered(crawler: Crawler, *latencies: float) -> float:
    """The delay after responses that took so long."""
    throttle = Throttle(crawler)
    assert crawler.spider is not None
    throttle._spider_opened(crawler.spider)
    request = PAGE.replace(meta={"download_slot": HOST})
    _, slot = crawler.engine.downloader._get_slot(request)
    for latency in latencies:
        request.meta["download_latency"] = latency
        throttle._response_downloaded(Response(PAGE.url), request, crawler.spider)
    return slot.delay


def test_a_quick_server_is_asked_at_the_usual_pace(making: Making) -> None:
    assert answered(making(), 0.1, 0.1, 0.1) == 2


def test_a_slow_server_rests_as_long_as_it_worked(making: Making) -> None:
    assert answered(making(), 5) == 10


def test_it_recovers(making: Making) -> None:
    assert answered(making(), 5, *[0.1] * 10) == 2


def test_the_delay_stays_above_the_crawl_delay(making: Making) -> None:
    crawler = making()
    read_robots(crawler, "User-agent: *\nCrawl-delay: 10")
    answered(crawler, *[0.1] * 10)
    assert pace(crawler)[0] == pytest.approx(10)


def test_a_delay_above_the_greatest_is_kept(making: Making) -> None:
    assert answered(making(DOWNLOAD_DELAY=120), 0.1, 70) == 120


@pytest.mark.parametrize(
    ("settings", "on"),
    [
        ({}, True),
        ({"DOWNLOAD_DELAY": 0.5}, True),
        ({"DOWNLOAD_DELAY": 0}, False),
        ({"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": True}, True),
        ({"AUTOTHROTTLE_ENABLED": False}, False),
    ],
)
def test_it_is_on_where_there_is_a_delay(making: Making, settings: dict[str, object], on: bool) -> None:
    crawler = making(**settings)
    if on:
        Throttle(crawler)
    else:
        with pytest.raises(NotConfigured):
            Throttle(crawler)
