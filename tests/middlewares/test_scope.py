"""Nothing off the site is fetched."""

from __future__ import annotations

import pytest
from scrapy import Request

from vovcrawl.middlewares.scope import OutOfScope, ScopeMiddleware


@pytest.mark.parametrize("url", ["https://vov.vn/xa-hoi", "https://vov.vn/robots.txt", "https://vov.vn/a-post1.vov"])
def test_the_newspapers_pages_pass(url: str) -> None:
    ScopeMiddleware().process_request(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://english.vov.vn/en/a-post1.vov",
        "https://vov.vn/zh-CN/a-post1.vov",
        "https://vov.vn:8443/xa-hoi",
        "https://vov.vn@127.0.0.1/xa-hoi",
        "https://vov.vn.example.com/xa-hoi",
        "http://127.0.0.1/xa-hoi",
        "file:///etc/passwd",
        "data:text/html,tin",
        "ftp://vov.vn/xa-hoi",
        "https:///xa-hoi",
        "xa-hoi/cau-moi-post1.vov?u=https://vov.vn/",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(OutOfScope):
        ScopeMiddleware().process_request(Request(url, dont_filter=True, meta={"allow_offsite": True}))


TAGS = "https://vov-api.vov.vn/api/tags/by-article?lang=vi&nid=7"


def test_the_tag_service_is_asked_by_crawls_that_want_its_tags_and_by_no_other() -> None:
    ScopeMiddleware(asks_for_tags=True).process_request(Request(TAGS))
    with pytest.raises(OutOfScope):
        ScopeMiddleware().process_request(Request(TAGS))


@pytest.mark.parametrize(
    "url",
    [
        "https://vov-api.vov.vn/vov-data",
        TAGS.replace("https", "http"),
        TAGS.replace("vov-api.vov.vn", "vov-api.vov.vn:8443"),
        TAGS.replace("nid=7", "nid=7%2F..%2Fadmin"),
    ],
)
def test_nothing_else_of_the_tag_services_host_is_asked_for(url: str) -> None:
    with pytest.raises(OutOfScope):
        ScopeMiddleware(asks_for_tags=True).process_request(Request(url))
