"""robots.txt that cannot be had."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import Response

from tests.crawlers import make_crawler
from vovcrawl.downloader.slots import LeftForLater
from vovcrawl.middlewares.robots import ForbiddenByRobots, RobotsMiddleware, RobotsUnavailable

PAGE = Request("https://vov.vn/xa-hoi")
RULES = b"User-agent: *\nDisallow: /xa-hoi\n"


@pytest.fixture
def middleware(tmp_path: Path) -> Iterator[RobotsMiddleware]:
    crawler, context, _ = make_crawler(tmp_path)
    yield RobotsMiddleware.from_crawler(crawler)
    context.close()


def ask(middleware: RobotsMiddleware, answer: Response | Exception) -> None:
    """Has the middleware judge a page, robots.txt being answered so."""

    async def download(request: Request) -> Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    middleware.crawler.engine = SimpleNamespace(download_async=download)  # type: ignore[assignment]
    asyncio.run(middleware.process_request(PAGE))


def answering(body: bytes, status: int = 200) -> Response:
    return Response("https://vov.vn/robots.txt", status=status, body=body)


def test_rules_are_rules(middleware: RobotsMiddleware) -> None:
    with pytest.raises(ForbiddenByRobots):
        ask(middleware, answering(RULES))


@pytest.mark.parametrize("body", [b"", b"\n", b"# <html> is no rule\nUser-agent: *\nDisallow:\n", b"User-agent: *"])
def test_rules_that_forbid_nothing_allow(middleware: RobotsMiddleware, body: bytes) -> None:
    ask(middleware, answering(body))


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><title>Attention Required!</title></html>",
        b"\xef\xbb\xbf \n<HTML><script>location='/'</script></HTML>",
        b"<?xml version='1.0'?><html/>",
        b"<!-- " + RULES + b" -->",
    ],
)
def test_a_web_page_in_the_place_of_rules_means_not_now(middleware: RobotsMiddleware, body: bytes) -> None:
    with pytest.raises(RobotsUnavailable, match="the site answers a web page"):
        ask(middleware, answering(body))


def test_a_web_page_that_says_that_there_are_no_rules_allows(middleware: RobotsMiddleware) -> None:
    ask(middleware, answering(b"<html><title>404</title></html>", 404))


def test_rules_that_were_left_because_the_crawl_ended_leave_the_page_too(middleware: RobotsMiddleware) -> None:
    for _ in range(2):
        with pytest.raises(LeftForLater):
            ask(middleware, LeftForLater("the crawl ended"))
    assert "vov/robots/unavailable" not in middleware.crawler.stats.get_stats()
