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
