"""Pages in a real Chromium: what scripts bring is there, and what pages ask for goes through the crawler or nowhere."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from scrapy.http import Response, TextResponse

from tests.hostile.watching import Elsewhere
from tests.render.chromium import SLOW, URL, Chromium, Datagrams, chromiums_below, opened
from vovcrawl.render import processes
from vovcrawl.render.browser import BrowserDied, RenderError
from vovcrawl.render.scope import MOST_REQUESTS

pytestmark = pytest.mark.long

API = "https://vov-api.vov.vn/api/tags/by-article?nid=1"
NEVER_RESTS = "<script>setInterval(() => document.title = Date.now(), 40)</script>"
LEADS_AWAY = "its scripts lead to another page"
TOO_LONG = "it takes longer than a page may"
TOO_LARGE = "it takes more than 1024 MB of memory"
TOO_MUCH = "it asks for more than any page does"
ENDED = "it ends the process that runs its scripts"

_LEAK_OF_WORKER = "fetch('{0}a').catch(() => 0); new WebSocket('ws://127.0.0.1:{1}')"

LEAKING = {
    "parts": "<img src={0}a><script src={0}b></script><link rel=stylesheet href={0}c><object data={0}d></object>"
    "<embed src={0}e><video src={0}f></video><iframe src={0}g></iframe>",
    "style": "<style>@import url({0}h); "
    "@font-face {{font-family: q; src: url({0}i)}} p {{font-family: q}}</style><p>x</p>",
    "links": "<link rel=preconnect href={0}><link rel=dns-prefetch href={0}><link rel=prefetch href={0}a>"
    "<link rel=preload as=script href={0}b><link rel=modulepreload href={0}c>",
    "speculation": "<script type=speculationrules>"
    '{{"prefetch": [{{"urls": ["{0}p"]}}], "prerender": [{{"urls": ["{0}q"]}}]}}'
    "</script>",
    "requests": "<script>fetch('{0}a').catch(() => 0); navigator.sendBeacon('{0}b', 'x'); new EventSource('{0}c');"
    "fetch('{0}d', {{keepalive: true, method: 'POST', body: 'x'}}).catch(() => 0); new Image().src = '{0}e'</script>",
    "WebSocket": "<script>new WebSocket('ws://127.0.0.1:{1}/')</script>",
    "worker": f'<script>new Worker(URL.createObjectURL(new Blob(["{_LEAK_OF_WORKER}"])))</script>',
    "shared worker": f'<script>new SharedWorker(URL.createObjectURL(new Blob(["{_LEAK_OF_WORKER}"])))</script>',
    "service worker": "<script>navigator.serviceWorker?.register('/sw.js').catch(() => 0)</script>",
    "windows": "<script>for (let i = 0; i < 9; i++) window.open('{0}' + i)</script>",
    "files and pings": "<a id=l download=x href={0}a>x</a><a id=m ping={0}b href=#x>x</a>"
    "<script>l.click(); m.click()</script>",
    "form": "<form id=f action={0} method=post><input name=a value=b></form><script>f.submit()</script>",
    "another page": "<script>setTimeout(() => location = '{0}', 150)</script>",
    "frame": "<p>x</p><script>var f = document.body.appendChild(document.createElement('iframe'));"
    "f.contentWindow.fetch('{0}').catch(() => 0); new f.contentWindow.WebSocket('ws://127.0.0.1:{1}')</script>",
    "WebTransport": "<script>new WebTransport('https://127.0.0.1:{2}/').closed.catch(() => 0)</script>",
    "WebRTC": "<script>var p = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{2}'}},"
    "{{urls: 'turn:127.0.0.1:{1}?transport=tcp', username: 'a', credential: 'b'}}]}});"
    "p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o))</script>",
    "file of this machine": "<iframe src=file:///etc/hostname></iframe>"
    "<script>fetch('file:///etc/hostname').catch(() => 0)</script>",
}
"""Pages that reach for a server at the url {0}, of the port {1}, and for a socket of datagrams at the port {2}."""

_EVER_MORE_BYTES = "var a = []; for (;;) a.push(new Uint8Array(5e7).fill(1))"
_CLOCK = "setInterval(() => document.title = Date.now(), 40)"

ENDLESS = {
    "a loop": ("while (true);", TOO_LONG),
    "a loop later on": ("setTimeout(() => { while (true); }, 60)", TOO_LONG),
    "promises": ("(function f() { Promise.resolve().then(f) })()", TOO_LONG),
    "dialogs": ("for (;;) alert('x'.repeat(1e6))", TOO_LONG),
    "objects": ("var a = []; for (;;) a.push(new Array(1000).fill(1.5))", f"{ENDED}|{TOO_LARGE}"),
    "bytes": (_EVER_MORE_BYTES, TOO_LARGE),
    "bytes of a worker": (f"new Worker(URL.createObjectURL(new Blob(['{_EVER_MORE_BYTES}']))); {_CLOCK}", TOO_LARGE),
    "requests": (
        "let i = 0; setInterval(() => {"
        " for (let j = 0; j < 50; j++) fetch('https://a.example/' + i++).catch(() => 0) })",
        f"{TOO_MUCH}|{TOO_LARGE}|{TOO_LONG}",
    ),
    "long urls": (
        "for (let i = 0; i < 9; i++) fetch('/' + i + 'x'.repeat(1e6)).catch(() => 0)",
        f"{TOO_MUCH}|{TOO_LARGE}",
    ),
}
"""Scripts, and what is said of their pages."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    yield from opened()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        yield server


@pytest.fixture
def datagrams() -> Iterator[Datagrams]:
    made = Datagrams()
    yield made
    made.close()


def script(text: str) -> str:
    return f"<!DOCTYPE html><p id=a>x</p><script>{text}</script>"


def test_a_page_without_scripts_stays_what_it_is(chromium: Chromium) -> None:
    html = "<!DOCTYPE html><html><head><title>Tiêu đề</title></head><body><p>Đoạn.</p></body></html>"
    assert chromium.render(html).html == html


def test_what_scripts_write_is_there(chromium: Chromium) -> None:
    found = chromium.render(script("setTimeout(() => a.textContent = 'từ ' + location.href, 30)"))
    assert f'<p id="a">từ {URL}</p>' in found.html


@pytest.mark.parametrize(
    "asking",
    [
        f"var x = new XMLHttpRequest(); x.open('GET', '{API}');"
        "x.onload = () => a.textContent = x.responseText; x.send()",
        f"(async () => {{ a.textContent = await (await fetch('{API}'))?.text() }})()",
    ],
    ids=["XMLHttpRequest", "fetch"],
)
def test_what_a_page_asks_of_the_newspaper_comes_by_way_of_the_crawler(chromium: Chromium, asking: str) -> None:
    body = "chữ từ dịch vụ".encode()
    chromium.answers[API] = TextResponse(API, body=body, headers={"Access-Control-Allow-Origin": "*"})
    found = chromium.render(script(asking))
    assert '<p id="a">chữ từ dịch vụ</p>' in found.html
    assert [request.url for request in chromium.asked] == [API]
    assert (found.asked, found.blocked) == (1, {})


def test_requests_say_who_asks_and_carry_nothing_that_scripts_add(chromium: Chromium) -> None:
    own = "{'x-secret': 'a', 'x-requested-with': 'b'}"
    chromium.render(script(f"document.cookie = 'a=b'; fetch('/api/x', {{headers: {own}}})"))
    (request,) = chromium.asked
    headers = {name.decode().lower() for name in request.headers}
    assert b"vovcrawl" in (request.headers["User-Agent"] or b"")
    assert "x-requested-with" in headers
    assert not headers & {"x-secret", "cookie"}


def test_robots_txt_holds_for_what_a_page_asks_for(chromium: Chromium) -> None:
    found = chromium.render(script("fetch('/cam/x').catch(() => a.textContent = 'no')"))
    assert (found.blocked, found.asked, chromium.asked) == ({"robots.txt": 1}, 0, [])
    assert '<p id="a">no</p>' in found.html


def test_a_redirect_off_the_newspaper_is_not_followed(chromium: Chromium) -> None:
    url = "https://vov.vn/api/dan"
    chromium.answers[url] = Response(url, status=302, headers={"Location": "http://127.0.0.1:9/"})
    found = chromium.render(script("fetch('/api/dan').catch(() => a.textContent = 'no')"))
    assert [request.url for request in chromium.asked] == [url]
    assert found.blocked == {"host": 1}


def test_of_many_requests_of_a_page_its_number_is_sent(chromium: Chromium) -> None:
    found = chromium.render(script("for (let i = 0; i < 100; i++) fetch('/api/' + i).catch(() => 0)"))
    assert (len(chromium.asked), found.blocked) == (MOST_REQUESTS, {"number": 100 - MOST_REQUESTS})


def test_a_page_is_given_time_for_what_it_has_asked_for(chromium: Chromium) -> None:
    found = chromium.render(script(f"fetch('{SLOW}').catch(() => a.textContent = 'quá lâu')"))
    assert '<p id="a">quá lâu</p>' in found.html


def test_a_page_that_never_comes_to_rest_is_taken_as_it_is(chromium: Chromium) -> None:
    assert "<title>" in chromium.render(f"<p>x</p>{NEVER_RESTS}").html


def test_pictures_frames_and_other_hosts_are_counted_and_not_asked_for(chromium: Chromium) -> None:
    found = chromium.render(
        "<img src=/a.jpg><iframe src=/khung></iframe><link rel=stylesheet href=/a.css>"
        "<script src=https://example.com/a.js></script><script>new WebSocket('wss://vov.vn/')</script>"
    )
    assert chromium.asked == []
    # Chromium may ask twice for a script that it does not get.
    assert {why: min(number, 3) for why, number in found.blocked.items()} in (
        {"kind": 3, "host": number, "scheme": 1} for number in (1, 2)
    )


def test_what_a_page_keeps_is_not_there_for_the_next_one(chromium: Chromium) -> None:
    chromium.render(script("localStorage.a = 1; document.cookie = 'a=1'"))
    found = chromium.render(script("a.textContent = localStorage.a + '/' + document.cookie"))
    assert '<p id="a">undefined/</p>' in found.html


@pytest.mark.parametrize(
    "text",
    [
        "location = 'https://example.com/'",
        "location = 'about:blank'",
        "location = URL.createObjectURL(new Blob(['<p>y'], {type: 'text/html'}))",
        "location.reload()",
        "history.back()",
    ],
)
def test_a_page_whose_scripts_lead_to_another_one_is_not_rendered(chromium: Chromium, text: str) -> None:
    with pytest.raises(RenderError, match=LEADS_AWAY):
        chromium.render(script(text))


def test_a_page_that_replaces_what_it_is_read_by_is_read_all_the_same(chromium: Chromium) -> None:
    found = chromium.render(
        "<form name=documentElement><input name=outerHTML></form><img name=readyState><p>thật</p><script>"
        "Document.prototype.__defineGetter__('readyState', () => { throw 1 });"
        "Element.prototype.__defineGetter__('outerHTML', () => 'giả'); Reflect.get = () => 'giả'; JSON = null</script>"
    )
    assert "<p>thật</p>" in found.html


def test_a_document_larger_than_a_page_may_be_is_not_handed_over(chromium: Chromium) -> None:
    with pytest.raises(RenderError, match="rendered, it is larger than 16777216 bytes"):
        chromium.render(script("document.body.hidden = true; document.body.append('x'.repeat(17e6))"))


def test_a_browser_that_was_killed_is_started_again_for_the_next_page(chromium: Chromium) -> None:
    chromium.render("<p>a</p>")
    os.kill(chromium.pid(), signal.SIGKILL)
    chromium.wait(0.3)
    assert "<p>b</p>" in chromium.render("<p>b</p>").html


def test_a_page_whose_browser_is_killed_says_so(chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium.render("<p>a</p>")
    pid = chromium.pid()

    def kill(_: object) -> int:
        os.kill(pid, signal.SIGKILL)
        return 0

    monkeypatch.setattr(processes, "own_memory", kill)
    with pytest.raises(BrowserDied, match="Chromium ended"):
        chromium.render(f"<p>x</p>{NEVER_RESTS}")


def test_no_process_is_left_when_the_browser_is_closed() -> None:
    before = set(chromiums_below(os.getpid()))
    for made in opened():
        made.render("<p>a</p>")
        assert len(set(chromiums_below(os.getpid())) - before) == 1
    assert set(chromiums_below(os.getpid())) == before


@pytest.mark.long
@pytest.mark.parametrize("html", LEAKING.values(), ids=LEAKING.keys())
def test_nothing_leaves(chromium: Chromium, elsewhere: Elsewhere, datagrams: Datagrams, html: str) -> None:
    url = f"http://127.0.0.1:{elsewhere.port}/"
    try:
        # It does not come to rest, so that what takes its time has it.
        chromium.render(html.format(url, elsewhere.port, datagrams.port) + NEVER_RESTS)
    except RenderError as error:
        # The second one on a busy machine.
        assert str(error) in (LEADS_AWAY, TOO_LONG)
    assert elsewhere.contacts == 0
    assert not datagrams.have_come()
    assert [request.url for request in chromium.asked if not request.url.startswith("https://vov.vn/")] == []


@pytest.mark.long
def test_dialogs_hold_nobody_up(chromium: Chromium) -> None:
    found = chromium.render(script("alert(1); a.textContent = confirm(2) + '/' + prompt(3); print()"))
    assert '<p id="a">false/null</p>' in found.html


@pytest.mark.long
def test_files_are_counted_and_not_kept(chromium: Chromium) -> None:
    found = chromium.render(
        "<p>x</p><script>var l = document.createElement('a'); l.download = 'x';"
        "l.href = URL.createObjectURL(new Blob(['x'])); document.body.append(l); l.click()</script>"
    )
    assert found.blocked == {"download": 1}


@pytest.mark.long
@pytest.mark.parametrize(("text", "outcome"), ENDLESS.values(), ids=ENDLESS.keys())
def test_a_page_without_end_is_ended_and_the_next_one_is_rendered(chromium: Chromium, text: str, outcome: str) -> None:
    with pytest.raises(RenderError, match=outcome):
        chromium.render(script(text))
    assert "<p>b</p>" in chromium.render("<p>b</p>").html
