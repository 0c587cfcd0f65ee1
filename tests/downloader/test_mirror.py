"""The mirror in the newspaper's place."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from tests.crawlers import make_crawler
from vovcrawl.downloader import mirror
from vovcrawl.downloader.mirror import MirrorHandler

STORY = "https://vov.vn/xa-hoi/cau-moi-post1.vov?a=1"


class Recorder:
    """Stands for the handler that downloads."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.asked: list[Request] = []
        self._headers = headers

    async def download_request(self, request: Request) -> Response:
        self.asked.append(request)
        return Response(request.url, headers=self._headers)

    async def close(self) -> None:
        """Nothing to close."""


def fetch(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    address: str | None,
    headers: dict[str, str] | None = None,
) -> tuple[Request, Response]:
    """What is really asked, and the response as the crawler sees it."""
    recorder = Recorder(headers or {})

    def build(cls: type, crawler: Crawler) -> Any:
        return recorder

    monkeypatch.setattr(mirror, "build_from_crawler", build)
    crawler, context, _ = make_crawler(tmp_path, own={"VOV_MIRROR": address})
    context.close()
    response = asyncio.run(MirrorHandler(crawler).download_request(Request(url)))
    (asked,) = recorder.asked
    return asked, response


def test_a_request_for_the_newspaper_goes_to_the_mirror_under_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, response = fetch(tmp_path, monkeypatch, STORY, "http://127.0.0.1:8080")
    assert asked.url == "http://127.0.0.1:8080/xa-hoi/cau-moi-post1.vov?a=1"
    assert asked.headers["Host"] == b"vov.vn"
    assert response.url == STORY


def test_a_redirect_that_names_the_mirror_means_the_newspaper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, response = fetch(
        tmp_path, monkeypatch, STORY, "http://127.0.0.1:8080", {"Location": "http://127.0.0.1:8080/the-thao"}
    )
    assert response.headers["Location"] == b"https://vov.vn/the-thao"


def test_without_a_mirror_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, response = fetch(tmp_path, monkeypatch, STORY, None)
    assert (asked.url, response.url) == (STORY, STORY)
