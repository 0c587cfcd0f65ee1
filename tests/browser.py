"""Debian's Chromium, without a window, for tests that look at pages as readers do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
# As root it has no sandbox, and nothing of its own is to go to the network.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of Playwright's; the test is skipped where Chromium or Playwright is not installed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Seen:
    """A page that is open, with what its browser said and asked for.

    Args:
        browser: of `chromium`.
        path: the file to be opened, or a url.
        width: of the window.
        height: of the window.
        options: of Playwright's contexts, such as `color_scheme`.
    """

    def __init__(self, browser: Any, path: Path | str, width: int, height: int, **options: Any) -> None:
        self.page: Any = browser.new_context(viewport={"width": width, "height": height}, **options).new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path if isinstance(path, str) else path.as_uri())

    def is_in_first_screen(self, selector: str) -> bool:
        """Whether the first element that a selector names is seen whole without scrolling."""
        box = self.page.locator(selector).first.bounding_box()
        size = self.page.viewport_size
        assert box is not None
        return bool(
            box["x"] >= 0
            and box["y"] >= 0
            and box["x"] + box["width"] <= size["width"]
            and box["y"] + box["height"] <= size["height"]
        )
