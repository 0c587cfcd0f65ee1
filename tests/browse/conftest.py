"""A store of many articles, and its pages as a browser of either language gets them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from lxml import html

from tests.conftest import PROJECT
from tests.stores import open_store, store_at
from vovcrawl.browse.application import Browser
from vovcrawl.items import Article
from vovcrawl.pages.time_expressions import tag
from vovcrawl.store import ArticleStore

BASE = "http://127.0.0.1:8001"

Keep = Callable[..., Path]


class Reply:
    """What a request got."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.text = response.text
        self.headers = response.headers

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.text)

    def words(self, xpath: str = "//main") -> str:
        """The text of a part of the page, on one line."""
        found = self.tree.xpath(xpath)
        return " ".join(unescape(" ".join(part.text_content() for part in found)).split())

    def links(self, xpath: str = "//main//a") -> list[str]:
        return [str(link.get("href")) for link in self.tree.xpath(xpath)]


class Site:
    """The pages of a store, asked for without a network."""

    def __init__(self, store: Path | str) -> None:
        self._browser = Browser(store_at(store), frozenset({"127.0.0.1:8001"}))
        self._loop = asyncio.new_event_loop()
        transport = httpx.ASGITransport(app=self._loop.run_until_complete(self._browser.app()))
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)

    def get(self, path: str, language: str = "en", method: str = "GET", **headers: str) -> Reply:
        given = {"accept-language": language, **headers}
        return Reply(self._loop.run_until_complete(self._client.request(method, path, headers=given)))

    def close(self) -> None:
        self._loop.run_until_complete(self._client.aclose())
        self._browser.close()
        self._loop.close()


def keep(store: Path, *articles: Article) -> Path:
    """Keeps articles in a store, as a crawl would, with the dates of their texts."""
    database = open_store(store)
    kept = ArticleStore(database.connection)
    for article in articles:
        article.time_expressions = article.time_expressions or tag(article)
        article.fetched_at = article.fetched_at or "2026-07-16T03:00:00+00:00"
        kept.keep(article)
    database.connection.commit()
    database.close()
    return store


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Copies of tables are kept beside the tests' stores, and not where this user's are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    """Invented articles of every kind and layout."""
    lines = (PROJECT / "quality" / "gold.jsonl").read_text("utf-8").splitlines()
    known = set(Article.__dataclass_fields__)
    return [
        Article.from_dict({"template": "", **{name: value for name, value in record.items() if name in known}})
        for record in (json.loads(line)["record"] for line in lines)
        if record and record.get("headline")
    ]


@pytest.fixture(scope="session")
def store(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds them."""
    return keep(tmp_path_factory.mktemp("browse") / "vov.sqlite", *articles)


@pytest.fixture(scope="session")
def site(store: Path) -> Iterator[Site]:
    """Its pages."""
    opened = Site(store)
    yield opened
    opened.close()


@pytest.fixture
def site_of(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """The pages of a store with some articles."""
    opened: list[Site] = []

    def of(*articles: Article) -> Site:
        opened.append(Site(keep(tmp_path / "vov.sqlite", *articles)))
        return opened[-1]

    yield of
    for each in opened:
        each.close()
