"""Pages that a browser renders after they were fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.project import get_project_settings

from tests.archives.exchanges import exchange, records
from tests.crawlers import make_crawler
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.downloader.slots import LeftForLater
from vovcrawl.middlewares import render as module
from vovcrawl.middlewares.render import RenderMiddleware
from vovcrawl.render.browser import BrowserDied, BrowserGone, Rendered, RenderError
from vovcrawl.visits import PAGE, RECORD, RENDERED, SERVED, UNRENDERED, Discovered

URL = "https://vov.vn/multimedia/e-magazine/lang-nghe-post1.vov"
SERVED_PAGE = "<html><body><p>Trống</p></body></html>"
BECAME = "<html><body><p>Đầy chữ</p></body></html>"


class Browser:
    """Gives what it is to give, one after the other, the last for ever."""

    def __init__(self, *gives: Rendered | Exception) -> None:
        self.gives = list(gives)
        self.given: list[tuple[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.lasts = 0.0

    async def render(self, url: str, html: str) -> Rendered:
        self.given.append((url, html))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.lasts)
        self.at_once -= 1
        gives = self.gives.pop(0) if len(self.gives) > 1 else self.gives[0]
        if isinstance(gives, Exception):
            raise gives
        return gives

    async def check(self) -> None: ...

    async def close(self) -> None: ...


class Stage:
    """A crawl with one page in flight, its middleware and its browser."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
        self.browser = Browser(Rendered(BECAME, {"host": 2}, 3))
        monkeypatch.setattr(module, "open_browser", lambda *_: self.browser)
        monkeypatch.setattr(module, "PAUSES", (0.0, 0.0, 0.0))
        monkeypatch.setattr(module, "_TICK", 0.01)
        self.crawler, self.context, _ = make_crawler(folder, own={"VOV_RENDER": "splash", **settings}, urls=URL)
        self.slot = SimpleNamespace(closing=None)
        self.crawler.engine = SimpleNamespace(_slot=self.slot, downloader=None)  # type: ignore[assignment]
        self.middleware = RenderMiddleware.from_crawler(self.crawler)

    def queue(self, url: str = URL, kind: str = "article") -> Request:
        """The request of a page that is in flight."""
        self.context.frontier.add([Discovered(url, kind)])
        page = self.context.frontier.next()
        assert page is not None
        return Request(page.url, meta={PAGE: page.url})

    def process(self, request: Request, body: str = SERVED_PAGE, status: int = 200, **more: Any) -> Response:
        """What becomes of a response."""
        response = HtmlResponse(request.url, status=status, body=body, encoding="utf-8", **more)
        return self.run(self.middleware.process_response(request, response))

    @staticmethod
    def run(work: Coroutine[Any, Any, Response]) -> Response:
        return asyncio.run(work)

    def stat(self, name: str) -> int:
        return int(self.crawler.stats.get_value(f"vov/render/{name}", 0))


Making = Callable[..., Stage]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Making]:
    made: list[Stage] = []

    def make(**settings: object) -> Stage:
        made.append(Stage(tmp_path, monkeypatch, **settings))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


def test_a_page_becomes_what_the_browser_leaves_of_it(stage: Making) -> None:
    one = stage()
    found = one.process(one.queue(), headers={"Content-Type": "text/html; charset=windows-1258", "ETag": "a"})
    assert one.browser.given == [(URL, SERVED_PAGE)]
    assert (found.body, found.flags, found.status, found.url) == (BECAME.encode(), [RENDERED], 200, URL)
    assert (found.headers["Content-Type"], found.headers["ETag"]) == (b"text/html; charset=utf-8", b"a")


def test_what_its_scripts_asked_for_is_counted(stage: Making) -> None:
    one = stage()
    one.process(one.queue())
    assert (one.stat("rendered"), one.stat("asked"), one.stat("blocked/host")) == (1, 3, 2)


@pytest.mark.parametrize(
    ("url", "kind", "status"),
    [
        ("https://vov.vn/xa-hoi/tin-post2.vov", "article", 200),
        ("https://vov.vn/xa-hoi", "listing", 200),
        ("https://vov.vn/", "menu", 200),
        ("https://vov.vn/sitemaps/2026/7/article.xml", "sitemap", 200),
        (URL, "article", 404),
        (URL, "article", 304),
    ],
)
def test_other_pages_stay_as_they_are(stage: Making, url: str, kind: str, status: int) -> None:
    one = stage()
    found = one.process(one.queue(url, kind), status=status)
    assert (found.body, found.flags, one.browser.given) == (SERVED_PAGE.encode(), [], [])


@pytest.mark.parametrize(("url", "kind"), [("https://vov.vn/xa-hoi", "listing"), ("https://vov.vn/", "menu")])
def test_listings_and_menus_are_rendered_where_that_is_asked_for(stage: Making, url: str, kind: str) -> None:
    one = stage(VOV_RENDER_KINDS="listing,menu")
    assert one.process(one.queue(url, kind)).body == BECAME.encode()


def test_a_response_for_no_page_of_the_crawl_stays_as_it_is(stage: Making) -> None:
    one = stage()
    assert one.process(Request("https://vov.vn/robots.txt")).flags == []


def test_a_browser_that_does_not_answer_is_asked_again(stage: Making) -> None:
    one = stage()
    one.browser.gives = [BrowserGone("x"), BrowserGone("x"), Rendered(BECAME)]
    assert one.process(one.queue()).flags == [RENDERED]
    assert one.stat("retries") == 2


def test_a_page_is_read_as_served_where_no_attempt_is_left_and_that_is_said_once(
    stage: Making, caplog: pytest.LogCaptureFixture
) -> None:
    one = stage()
    one.browser.gives = [BrowserGone("no Splash\x1b[2J at http://u:secret@h")]
    for url in (URL, URL.replace("post1", "post2")):
        found = one.process(one.queue(url))
        assert (found.body, found.flags) == (SERVED_PAGE.encode(), [UNRENDERED])
    assert one.stat("failed/gone") == 2
    said = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert said == [f"Not rendered, and read as served: {URL} (no Splash\\u001b[2J at http://u:***@h)"]


def test_a_browser_that_stays_away_is_asked_only_now_and_then(stage: Making) -> None:
    one = stage()
    one.browser.gives = [BrowserGone("x")]
    for number in range(2, 20):
        one.process(one.queue(URL.replace("post1", f"post{number}")))
    assert len(one.browser.given) == module.IN_A_ROW * 4
    assert one.stat("failed/gone") == 18


def test_a_browser_that_is_back_renders_again(stage: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage()
    monkeypatch.setattr(module, "REST", 0.0)
    one.browser.gives = [*(BrowserGone("x") for _ in range(13)), Rendered(BECAME)]
    found = [one.process(one.queue(URL.replace("post1", f"post{number}"))).flags for number in range(2, 8)]
    assert found == [[UNRENDERED]] * 4 + [[RENDERED]] * 2


def test_a_page_with_which_the_browser_dies_twice_is_to_blame_by_itself(stage: Making) -> None:
    one = stage()
    one.browser.gives = [BrowserDied("gone")]
    assert one.process(one.queue()).flags == [UNRENDERED]
    assert (len(one.browser.given), one.stat("failed/page"), one.stat("failed/gone")) == (2, 1, 0)


def test_a_page_that_the_browser_cannot_render_is_read_as_served_at_once(stage: Making) -> None:
    one = stage()
    one.browser.gives = [RenderError("it takes longer than a page may")]
    assert one.process(one.queue()).flags == [UNRENDERED]
    assert (len(one.browser.given), one.stat("failed/page")) == (1, 1)


def test_a_page_that_becomes_too_large_is_read_as_served(stage: Making) -> None:
    one = stage(DOWNLOAD_MAXSIZE=100)
    one.browser.gives = [Rendered("x" * 101)]
    assert one.process(one.queue()).flags == [UNRENDERED]


def test_a_page_of_too_much_markup_is_given_to_no_browser(stage: Making) -> None:
    one = stage()
    assert one.process(one.queue(), body="<b>" * 100_001).flags == []
    assert one.browser.given == []


def test_a_browser_that_says_nothing_is_not_waited_for(stage: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    one = stage(VOV_RENDER_TIMEOUT="0.01")
    monkeypatch.setattr(module, "_GRACE", 0.0)
    one.browser.lasts = 60
    assert one.process(one.queue()).flags == [UNRENDERED]
    assert one.stat("failed/gone") == 1


def test_a_crawl_that_is_to_end_does_not_wait_for_the_browser(stage: Making) -> None:
    one = stage()
    one.browser.lasts = 60
    request = one.queue()
    one.slot.closing = True
    with pytest.raises(LeftForLater):
        one.process(request)


def test_one_page_is_rendered_at_a_time(stage: Making) -> None:
    one = stage()
    one.browser.lasts = 0.01
    requests = [one.queue(URL.replace("post1", f"post{number}")) for number in range(2, 6)]

    async def all_of_them() -> None:
        responses = [HtmlResponse(request.url, body=SERVED_PAGE, encoding="utf-8") for request in requests]
        work = map(one.middleware.process_response, requests, responses)
        await asyncio.gather(*work)

    asyncio.run(all_of_them())
    assert (len(one.browser.given), one.browser.most_at_once) == (4, 1)


def test_the_page_as_served_is_at_hand_where_scripts_have_spoilt_it(stage: Making) -> None:
    one = stage()
    request = one.queue()
    one.process(request)
    served = request.meta[SERVED]
    assert (served.body, served.flags) == (SERVED_PAGE.encode(), [UNRENDERED])


def test_what_the_page_became_is_written_beside_its_response(stage: Making, tmp_path: Path) -> None:
    one = stage(VOV_WARC=str(tmp_path / "warc"))
    request = one.queue()
    responses = one.context.responses
    assert responses is not None
    request.meta[RECORD] = responses.write(exchange(URL))
    one.process(request)
    responses.close()
    _, response, _, conversion = records(sorted((tmp_path / "warc").glob("*.warc.gz")))
    fields = conversion.fields
    assert (conversion.kind, conversion.url, conversion.body.decode(), conversion.problems) == (
        *("conversion", URL, BECAME),
        (),
    )
    assert fields["WARC-Refers-To"] == response.id
    assert fields["WARC-Refers-To-Target-URI"] == URL
    assert fields["WARC-Refers-To-Date"] == response.fields["WARC-Date"]
    assert fields["Content-Type"] == "text/html; charset=utf-8"


def test_pages_of_an_archive_are_not_rendered(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(SERVED_PAGE)
    settings = get_project_settings()
    settings.setdict({"VOV_DATABASE": str(tmp_path / "a.sqlite"), "VOV_RENDER": "splash"}, priority="cmdline")
    with pytest.raises(ArgumentError, match=r"^-s VOV_RENDER"):
        CrawlContext.prepare(settings, {"archive": str(page)})
