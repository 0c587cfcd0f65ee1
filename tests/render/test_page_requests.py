"""What a page asks for while it is rendered, as the crawler sends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import Response

from vovcrawl.render.page_requests import MOST_CHARACTERS, MOST_MADE, Fetch, PageRequests, TooMuch
from vovcrawl.render.scope import KINDS, Blocked, allows, why_blocked

URL = "https://vov.vn/api/tin"
RULES = "User-agent: *\nDisallow: /cam/"

_HOSTS = ["vov.vn", "www.vov.vn", "vov-api.vov.vn", "vov.vn.example.com", "127.0.0.1", "vov.vn:8080", "a@vov.vn"]
_SCHEMES = ["https", "http", "file", "ws", "data", "blob"]


def made(fetch: Fetch, *, largest: int = 1000, rules: str | None = RULES) -> PageRequests:
    async def rules_of(_: str) -> str | None:
        return rules

    return PageRequests(fetch, rules_of, headers={"User-Agent": "vovcrawl"}, timeout=5, largest=largest)


def answering(body: bytes = b"", sent: list[Request] | None = None, leads_to: str | None = None) -> Fetch:
    """Answers with a body, but for `URL` with a redirect where one is given."""

    async def fetch(request: Request) -> Response:
        if sent is not None:
            sent.append(request)
        if leads_to is not None and request.url == URL:
            return Response(request.url, status=301, headers={"Location": leads_to})
        return Response(request.url, body=body)

    return fetch


def ask(
    requests: Callable[[], PageRequests], *urls: str, kind: str = "fetch"
) -> tuple[PageRequests, list[Response | None]]:
    async def asked() -> tuple[PageRequests, list[Response | None]]:
        one = requests()
        return one, [await one.answer(url, kind, "GET", {"accept": "a", "cookie": "b"}) for url in urls]

    return asyncio.run(asked())


def run(work: Awaitable[None]) -> None:
    async def awaited() -> None:
        await work

    asyncio.run(awaited())


@given(
    st.builds(
        "{}://{}{}".format,
        st.sampled_from(_SCHEMES),
        st.sampled_from(_HOSTS),
        st.sampled_from(["/api/a", "/cam/a", "", "/a?b"]),
    ),
    st.sampled_from([*KINDS, "image", "document", "ping"]),
)
def test_what_is_sent_is_what_scope_and_robots_txt_let_pass(url: str, kind: str) -> None:
    sent: list[Request] = []
    requests, (response,) = ask(lambda: made(answering(sent=sent)), url, kind=kind)
    passes = why_blocked(url, kind) is None and allows(RULES, url)
    assert (response is not None, len(sent), requests.asked) == (passes, passes, passes)
    assert sum(requests.blocked.values()) == (not passes)


def test_a_host_whose_rules_cannot_be_had_is_not_asked() -> None:
    requests, (response,) = ask(lambda: made(answering(), rules=None), URL)
    assert (response, requests.blocked) == (None, {Blocked.ROBOTS: 1})


def test_of_the_browser_s_headers_few_are_sent() -> None:
    sent: list[Request] = []
    ask(lambda: made(answering(sent=sent)), URL)
    assert sent[0].headers.to_unicode_dict() == {"User-Agent": "vovcrawl", "Accept": "a"}


def test_redirects_on_the_newspaper_are_followed() -> None:
    requests, (response,) = ask(lambda: made(answering(b"x", leads_to="/api/b")), URL)
    assert response is not None
    assert (response.url, response.body, requests.asked) == ("https://vov.vn/api/b", b"x", 2)


@pytest.mark.parametrize("target", ["https://example.com/", "/cam/a", "file:///etc/hostname", "//127.0.0.1/"])
def test_redirects_to_what_may_not_be_asked_for_are_not_followed(target: str) -> None:
    sent: list[Request] = []
    _, (response,) = ask(lambda: made(answering(sent=sent, leads_to=target)), URL)
    assert (response, len(sent)) == (None, 1)


def test_redirects_in_a_circle_end() -> None:
    requests, (response,) = ask(lambda: made(answering(leads_to="/api/tin")), URL)
    assert (response, requests.asked) == (None, 6)


def test_the_responses_of_a_page_share_one_bound() -> None:
    sent: list[Request] = []
    _, found = ask(lambda: made(answering(b"x" * 600, sent), largest=1000), URL, URL, URL)
    assert [request.meta["download_maxsize"] for request in sent] == [1000, 400]
    assert found[2] is None


def test_without_a_bound_on_responses_there_is_none() -> None:
    sent: list[Request] = []
    ask(lambda: made(answering(b"x" * 600, sent), largest=0), URL, URL)
    assert [request.meta["download_maxsize"] for request in sent] == [0, 0]


def test_a_download_that_fails_is_the_page_s_to_cope_with() -> None:
    async def fetch(_: Request) -> Response:
        raise ConnectionError

    requests, (response,) = ask(lambda: made(fetch), URL)
    assert (response, requests.asked, requests.pending) == (None, 1, 0)


def test_requests_come_one_after_another() -> None:
    running, most = 0, 0

    async def fetch(request: Request) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return Response(request.url)

    async def asked() -> None:
        requests = made(fetch)
        await asyncio.gather(*(requests.answer(URL, "fetch", "GET", {}) for _ in range(5)))

    run(asked())
    assert most == 1


def test_a_page_that_ends_calls_off_what_is_on_its_way() -> None:
    async def fetch(_: Request) -> Response:
        await asyncio.sleep(60)
        raise AssertionError

    async def ended() -> None:
        requests = made(fetch)
        waiting = [asyncio.ensure_future(requests.answer(URL, "fetch", "GET", {})) for _ in range(3)]
        await asyncio.sleep(0.01)
        requests.end()
        assert await asyncio.gather(*waiting) == [None, None, None]
        assert requests.asked == 1

    run(ended())


@pytest.mark.parametrize(
    "urls", [["https://example.com/"] * (MOST_MADE + 1), [f"https://example.com/{'x' * MOST_CHARACTERS}"]]
)
def test_a_page_that_asks_for_more_than_any_page_does_is_ended(urls: list[str]) -> None:
    with pytest.raises(TooMuch):
        ask(lambda: made(answering()), *urls)
