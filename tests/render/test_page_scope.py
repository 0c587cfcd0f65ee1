"""What a page may ask for while it is rendered."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.render.scope import HOSTS, MOST_REQUESTS, Blocked, allows, why_blocked

API = "https://vov-api.vov.vn/api/tags?nid=1"


@pytest.mark.parametrize(
    "url", ["https://vov.vn/a.js", "http://www.vov.vn/x", API, "https://media.vov.vn:443/themes/a.js"]
)
def test_scripts_and_data_of_the_newspaper_are_asked_for(url: str) -> None:
    assert why_blocked(url, "script") is why_blocked(url, "xhr") is why_blocked(url, "fetch") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.js",
        "http://127.0.0.1/a.js",
        "http://localhost:8050/execute",
        "https://vov.vn:8443/a.js",
        "https://vov.vn@example.org/a.js",
        "https://user@vov.vn/a.js",
        "https://vov.vn.example.org/",
        "https://english.vov.vn/a.js",
        "http://[::1]/",
        "http://[vov.vn/",
        "https://vov.vn:x/",
    ],
)
def test_no_other_host_is_asked(url: str) -> None:
    assert why_blocked(url, "script") is Blocked.HOST


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ws://vov.vn/", "wss://vov.vn/", "ftp://vov.vn/a", "about:blank"]
)
def test_nothing_but_http_is_spoken(url: str) -> None:
    assert why_blocked(url, "xhr") is Blocked.SCHEME


@pytest.mark.parametrize("kind", ["document", "image", "media", "font", "stylesheet", "websocket", "ping", "other"])
def test_what_changes_no_text_is_not_asked_for(kind: str) -> None:
    assert why_blocked("https://vov.vn/a", kind) is Blocked.KIND


def test_nothing_is_sent_to_the_site() -> None:
    assert why_blocked(API, "xhr", "POST") is Blocked.METHOD


def test_a_page_that_asks_for_ever_more_is_cut_off() -> None:
    assert why_blocked(API, "xhr", sent=MOST_REQUESTS - 1) is None
    assert why_blocked(API, "xhr", sent=MOST_REQUESTS) is Blocked.NUMBER


@given(st.text() | st.from_regex(r"[a-z]{2,6}://[!-~]{0,30}", fullmatch=True), st.text(max_size=6))
def test_whatever_is_asked_for_is_of_the_newspaper(url: str, kind: str) -> None:
    if why_blocked(url, kind) is None:
        parts = urlsplit(url)
        assert parts.hostname in HOSTS
        assert parts.scheme in ("http", "https")


def test_robots_txt_decides_what_is_asked_for_on_its_host() -> None:
    rules = "User-agent: *\nDisallow: /api/\nAllow: /api/tags\n"
    assert allows(rules, API)
    assert not allows(rules, "https://vov-api.vov.vn/api/users")


def test_a_host_without_rules_may_be_asked_and_one_whose_rules_cannot_be_had_may_not() -> None:
    assert allows("", API)
    assert not allows(None, API)
