"""What a crawl with `VOV_WARC` writes of each request, and what of it is nobody's business."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from sqlalchemy import select

from tests.archives.exchanges import PAGE, Record, records, warcs
from tests.crawlers import make_crawler
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.downloader import warc
from vovcrawl.downloader.warc import WarcHandler
from vovcrawl.store.tables import pages
from vovcrawl.visits import Discovered, Outcome, VisitResult

MIRROR = "http://user:kingfisher@127.0.0.1:8080"
ANSWERED = {"Content-Type": "text/html", "Set-Cookie": ["a=1", "b=2"], "Transfer-Encoding": "chunked"}


class Answering:
    """Stands for the handler that downloads."""

    def __init__(self, response: Response) -> None:
        self._response = response

    async def download_request(self, request: Request) -> Response:
        return self._response.replace(url=request.url)

    async def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def made(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes crawlers that write responses, of settings given; what they ask for answers as given."""
    contexts: list[CrawlContext] = []

    def make(response: Response, **settings: object) -> tuple[Crawler, WarcHandler]:
        monkeypatch.setattr(warc, "build_from_crawler", lambda cls, crawler: Answering(response))
        crawler, context, _ = make_crawler(tmp_path, own={"VOV_WARC": str(folder), **settings}, urls=PAGE)
        contexts.append(context)
        return crawler, WarcHandler(crawler)

    yield make
    for context in contexts:
        context.close()


def page(status: int = 200, **more: Any) -> Response:
    return Response(PAGE, status, ANSWERED, b"<p>a</p>", protocol="HTTP/1.1", **more)


def kept(made: Any, folder: Path, response: Response, request: Request, **settings: object) -> list[Record]:
    """What stands in the file of one request and its response, beside what is said of the file."""
    crawler, handler = made(response, **settings)
    answered = asyncio.run(handler.download_request(request))
    assert answered.body == response.body
    CrawlContext.of(crawler).close()
    return records(warcs(folder))[1:]


def test_a_response_that_another_handler_made_has_the_head_that_scrapy_has(made: Any, folder: Path) -> None:
    response, _ = kept(made, folder, page(404), Request(PAGE))
    assert response.head.split("\r\n") == [
        "HTTP/1.1 404 Not Found",
        "Content-Type: text/html",
        "Set-Cookie: a=1",
        "Set-Cookie: b=2",
        "",
    ]


def test_a_request_stands_as_it_was_sent_to_the_site(made: Any, folder: Path) -> None:
    _, request = kept(made, folder, page(), Request(f"{PAGE}?page=2#cuoi", headers={"User-Agent": "a"}))
    assert request.url == f"{PAGE}?page=2"
    assert request.head == "GET /xa-hoi/cau-moi-post1.vov?page=2 HTTP/1.1\r\nUser-Agent: a\r\nHost: vov.vn\r\n"


def test_a_request_with_a_body_has_it_with_its_length(made: Any, folder: Path) -> None:
    _, request = kept(made, folder, page(), Request(PAGE, method="POST", body=b"a=1"))
    assert request.head.startswith("POST ")
    assert "Content-Length: 3\r\n" in request.head
    assert request.body == b"a=1"


@pytest.mark.parametrize("name", ["Authorization", "Proxy-Authorization", "proxy-AUTHORIZATION"])
def test_passwords_of_a_request_are_not_written(made: Any, folder: Path, name: str) -> None:
    _, request = kept(made, folder, page(), Request(PAGE, headers={name: "Basic a2luZw==", "Accept": "*/*"}))
    assert "Basic" not in request.head
    assert "Accept: */*\r\n" in request.head


def test_the_address_of_the_site_is_written(made: Any, folder: Path) -> None:
    response, _ = kept(made, folder, page(ip_address=ip_address("192.0.2.1")), Request(PAGE))
    assert response.fields["WARC-IP-Address"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("settings", "meta"), [({"VOV_MIRROR": MIRROR}, {}), ({}, {"proxy": "http://127.0.0.1:9"})], ids=["mirror", "proxy"]
)
def test_the_address_of_a_mirror_or_proxy_is_not(
    made: Any, folder: Path, settings: dict[str, object], meta: dict[str, str]
) -> None:
    answered = page(ip_address=ip_address("127.0.0.1"))
    response, request = kept(made, folder, answered, Request(PAGE, meta=meta), **settings)
    for record in (response, request):
        assert "WARC-IP-Address" not in record.fields


@pytest.mark.parametrize(
    ("flag", "word"), [("download_stopped", "unspecified"), ("dataloss", "disconnect"), ("partial", None)]
)
def test_a_body_that_is_not_whole_is_said_to_be(made: Any, folder: Path, flag: str, word: str | None) -> None:
    response, _ = kept(made, folder, page(flags=[flag]), Request(PAGE))
    assert response.fields.get("WARC-Truncated") == word


def test_a_page_that_has_not_changed_is_a_revisit(made: Any, folder: Path) -> None:
    revisit, _ = kept(made, folder, page(304).replace(body=b""), Request(PAGE))
    assert revisit.kind == "revisit"


def test_nothing_is_kept_once_a_response_cannot_be_written(
    made: Any, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawler, handler = made(page())
    context, stopped = CrawlContext.of(crawler), []
    monkeypatch.setattr("vovcrawl.crawl.stopping.stop", lambda crawler, reason: stopped.append(reason))
    context.frontier.add([Discovered(PAGE, "article")])
    assert context.frontier.next() is not None
    folder.rmdir()
    asyncio.run(handler.download_request(Request(PAGE)))
    assert VisitResults.of(crawler).keep(VisitResult(PAGE, Outcome.NO_ARTICLE)) is None
    assert stopped == ["store failed"]
    assert "The store failed: the responses cannot be written to" in caplog.text
    (outcome,) = context.database.connection.execute(select(pages.c.outcome).where(pages.c.url == PAGE)).one()
    assert outcome is None


def test_a_page_is_kept_only_once_its_response_is_on_the_disk(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crawler, _ = made(page())
    context, done = CrawlContext.of(crawler), []
    assert context.responses is not None
    monkeypatch.setattr(VisitResults, "committed", lambda *given: done.append("kept"))
    results = VisitResults.of(crawler)
    results.before_keep.insert(0, lambda: done.append("before"))
    context.frontier.add([Discovered(PAGE, "article")])
    assert context.frontier.next() is not None
    results.keep(VisitResult(PAGE, Outcome.NO_ARTICLE))
    assert context.responses.sync in results.before_keep
    assert done == ["before", "kept"]
