"""robots.txt that is obeyed, and one that cannot be had."""

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
from vovcrawl.middlewares.robots import MOST_BYTES, ForbiddenByRobots, RobotsMiddleware, RobotsUnavailable

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


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"ROBOTSTXT_USER_AGENT": "VOVCRAWL/2.0"},
        {"ROBOTSTXT_USER_AGENT": None},
        {"ROBOTSTXT_PARSER": "scrapy.robotstxt.PythonRobotParser"},
    ],
)
@pytest.mark.parametrize("name", ["vovcrawl", "vovcrawl/0.1", "vovcrawl bot"])
def test_the_group_that_names_the_crawler_binds_it_whatever_the_settings(
    tmp_path: Path, own: dict[str, object], name: str
) -> None:
    crawler, context, _ = make_crawler(tmp_path, own=own)
    robots = f"User-agent: *\nDisallow: /khac\n\nUser-agent: {name}\nDisallow: /xa-hoi\n"
    with pytest.raises(ForbiddenByRobots):
        ask(RobotsMiddleware.from_crawler(crawler), answering(robots.encode()))
    context.close()


def test_a_crawler_of_another_name_is_not_bound_by_that_group(tmp_path: Path) -> None:
    crawler, context, _ = make_crawler(tmp_path, own={"ROBOTSTXT_USER_AGENT": "khac"})
    ask(RobotsMiddleware.from_crawler(crawler), answering(b"User-agent: vovcrawl\nDisallow: /xa-hoi\n"))
    context.close()


def test_rules_in_utf_16_bind(middleware: RobotsMiddleware) -> None:
    with pytest.raises(ForbiddenByRobots):
        ask(middleware, answering(RULES.decode().encode("utf-16")))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_of_a_robots_txt_without_end_the_beginning_binds(middleware: RobotsMiddleware, end: str, encoding: str) -> None:
    robots = RULES.decode().replace("\n", end) + f"Allow: /xa-hoi/bong-da{end}" * (MOST_BYTES // 20)
    with pytest.raises(ForbiddenByRobots):
        ask(middleware, answering(robots.encode(encoding)))


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_a_rule_that_is_cut_is_none(middleware: RobotsMiddleware, end: bytes) -> None:
    rules = RULES.replace(b"\n", end)
    rule = b"Disallow: /khac" + end + b"Allow: /xa-hoi"
    comment = b"#" * (MOST_BYTES - len(rules) - len(end) - len(rule))
    with pytest.raises(ForbiddenByRobots):
        ask(middleware, answering(rules + comment + end + rule + b"/bong-da"))


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
        "<html></html>".encode("utf-16"),
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
