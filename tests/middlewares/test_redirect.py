"""Redirects within the newspaper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from tests.crawlers import make_crawler
from tests.hostile.targets import not_public, of_others
from vovcrawl.crawl.failures import of_exception
from vovcrawl.middlewares.redirect import NotPublic, Redirected, SameSiteRedirectMiddleware
from vovcrawl.middlewares.scope import OutOfScope
from vovcrawl.visits import Outcome

OLD = "https://vov.vn/xa-hoi/cau-moi-890562.vov"


@pytest.fixture
def middleware(tmp_path: Path) -> Iterator[SameSiteRedirectMiddleware]:
    crawler, context, _ = make_crawler(tmp_path)
    yield SameSiteRedirectMiddleware.from_crawler(crawler)
    context.close()


def redirected(middleware: SameSiteRedirectMiddleware, target: str, status: int = 301) -> Request | Response:
    request = Request(OLD, meta={"page": OLD})
    return middleware.process_response(request, Response(OLD, status=status, headers={"Location": target}))


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/xa-hoi/cau-moi-post890562.vov", "https://vov.vn/xa-hoi/cau-moi-post890562.vov"),
        ("https://www.vov.vn/xa-hoi/cau-moi-post890562.vov", "https://vov.vn/xa-hoi/cau-moi-post890562.vov"),
        ("http://baoxuan.vov.vn/a/b-post1.vov?gidzl=x", "https://vov.vn/a/b-post1.vov"),
    ],
)
def test_another_page_is_a_page_of_its_own(middleware: SameSiteRedirectMiddleware, target: str, page: str) -> None:
    with pytest.raises(Redirected) as caught:
        redirected(middleware, target)
    assert caught.value.target == page


@pytest.mark.parametrize("target", [OLD.replace("vov.vn", "www.vov.vn"), OLD.replace("https", "http")])
def test_the_same_page_on_another_host_is_asked_for_there(middleware: SameSiteRedirectMiddleware, target: str) -> None:
    following = redirected(middleware, target)
    assert isinstance(following, Request)
    assert (following.url, following.meta["page"]) == (target, OLD)


def test_robots_txt_is_followed_at_once(middleware: SameSiteRedirectMiddleware) -> None:
    request = Request("https://vov.vn/robots.txt")
    response = Response(request.url, status=301, headers={"Location": "https://www.vov.vn/robots.txt"})
    following = middleware.process_response(request, response)
    assert isinstance(following, Request)
    assert following.url == "https://www.vov.vn/robots.txt"


@pytest.mark.parametrize(
    "target",
    [
        "https://english.vov.vn/en/a-post1.vov",
        "http://127.0.0.1:8080/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user@vov.vn/a",
    ],
)
def test_a_target_off_the_site_is_refused(middleware: SameSiteRedirectMiddleware, target: str) -> None:
    with pytest.raises(OutOfScope):
        redirected(middleware, target)


@pytest.mark.parametrize("target", not_public(8080))
def test_a_target_that_is_not_public_leaves_the_page_unread(
    middleware: SameSiteRedirectMiddleware, target: str
) -> None:
    with pytest.raises(NotPublic) as caught:
        redirected(middleware, target)
    assert of_exception(caught.value, "", 1).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("target", of_others(8080))
def test_a_target_on_another_public_host_accounts_for_the_page(
    middleware: SameSiteRedirectMiddleware, target: str
) -> None:
    with pytest.raises(OutOfScope) as caught:
        redirected(middleware, target)
    assert of_exception(caught.value, "", 1).outcome is Outcome.OUT_OF_SCOPE


def test_an_ordinary_answer_passes(middleware: SameSiteRedirectMiddleware) -> None:
    response = Response(OLD)
    assert middleware.process_response(Request(OLD), response) is response
