"""The pages as a person uses them in a browser, by clicks alone, on a telephone and on a desk."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sample_site.server import SampleServer
from tests.browse.test_browse_command import running
from tests.browser import Seen, chromium
from tests.conftest import PROJECT, command, environment

pytestmark = pytest.mark.long

SIZES = {"telephone": (390, 844), "desk": (1280, 800)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the sample site's articles are browsed."""
    folder = tmp_path_factory.mktemp("sample")
    with SampleServer() as server:
        given = ("since=all", "related=2")
        subprocess.run(
            command(folder, server.url, given), cwd=PROJECT, env=environment(), capture_output=True, check=True
        )
    with running(folder / "vov.sqlite", "--port", "0") as (_, named):
        yield named


def seen(browser: Any, address: str, size: str, language: str = "vi") -> Seen:
    return Seen(browser, address, *SIZES[size], locale=language)


def assert_quiet(opened: Seen, address: str) -> None:
    """The browser had nothing to complain of, and asked nobody else."""
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith((address, "data:,"))] == []


def follow(link: Any) -> None:
    """Clicks on what leads to another page, and waits until that is there whole."""
    with link.page.expect_navigation():
        link.click()


@pytest.mark.parametrize("size", SIZES)
def test_a_persons_path_is_made_of_clicks(browser: Any, address: str, size: str) -> None:
    opened = seen(browser, address, size)
    page = opened.page
    page.get_by_role("searchbox").fill("bao so 4")
    follow(page.get_by_role("button", name="Tìm"))
    before = page.locator("ol.rows li").count()
    follow(page.locator("aside a", has_text="Xã hội").first)
    assert 0 < page.locator("ol.rows li").count() < before
    follow(page.locator("ol.rows h3 a", has_text="đổi hướng").first)
    headline = page.locator("h1").inner_text()
    follow(page.locator("section", has_text="Tin liên quan").locator("a[href^='/article']").first)
    assert page.locator("h1").inner_text() not in ("", headline)
    follow(page.locator("a[href^='/day/']").last)
    assert page.locator("h1").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[0].startswith('"canonical_url","headline"')
    assert_quiet(opened, address)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_is_wider_than_the_window_or_complains(browser: Any, address: str, size: str, language: str) -> None:
    opened = seen(browser, address, size, language)
    article = opened.page.locator("ol.rows h3 a").first.get_attribute("href")
    for path in ("", "search", "search?q=bao", "coverage", "day/2026-07-16", "search?section=xa-hoi", article[1:]):
        opened.page.goto(address + path)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0], path
    assert_quiet(opened, address)


def test_it_can_be_used_by_keys_alone(browser: Any, address: str) -> None:
    page = seen(browser, address, "desk").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.type("bao so 4")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=bao+so+4")


@pytest.mark.parametrize("path", ["vov", "vov/articles", "vov/time_expressions"])
def test_the_tables_ask_nobody_else(browser: Any, address: str, path: str) -> None:
    opened = seen(browser, address + path, "desk")
    assert_quiet(opened, address)
