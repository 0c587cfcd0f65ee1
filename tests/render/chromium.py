"""A real Chromium that renders single pages, for tests: a table answers what they ask for, and nothing is sent."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.settings import Settings

from tests.browser import CHROMIUM
from vovcrawl import settings as project_settings
from vovcrawl.render import processes
from vovcrawl.render.browser import Rendered
from vovcrawl.render.playwright import PlaywrightBrowser

URL = "https://vov.vn/xa-hoi/trang-thu-post1234567.vov"
ROBOTS = "User-agent: *\nDisallow: /cam/"
SLOW = "/cham"
"""A path that is never answered."""

TIMEOUT = 5.0
"""Seconds for a page."""


def need_chromium() -> None:
    """Skips a test where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")


class Chromium:
    """The browser with a loop of its own.

    Args:
        own: settings.
    """

    def __init__(self, **own: object) -> None:
        settings = Settings()
        settings.setmodule(project_settings)
        settings.setdict({"PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": CHROMIUM}, **own}, priority="cmdline")
        self.answers: dict[str, Response] = {}
        """By url; others are empty scripts."""
        self.asked: list[Request] = []
        self._runner = asyncio.Runner()
        self.browser = self._runner.run(self._made(settings))

    async def _made(self, settings: Settings) -> PlaywrightBrowser:
        async def rules(_: str) -> str:
            return ROBOTS

        return PlaywrightBrowser(settings, rules, self._fetch, TIMEOUT)

    async def _fetch(self, request: Request) -> Response:
        self.asked.append(request)
        if SLOW in request.url:
            await asyncio.sleep(request.meta["download_timeout"])
            raise TimeoutError
        return self.answers.get(request.url) or TextResponse(request.url, headers={"Content-Type": "text/javascript"})

    def render(self, html: str) -> Rendered:
        """What a page becomes."""
        self.asked.clear()
        return self._runner.run(self.browser.render(URL, html))

    def wait(self, seconds: float) -> None:
        """Lets time go by, in which what the browser says is heard."""
        self._runner.run(asyncio.sleep(seconds))

    def pid(self) -> int:
        """The process of Chromium."""
        (found,) = chromiums_below(os.getpid())
        return found

    def close(self) -> None:
        """Ends the browser."""
        self._runner.run(self.browser.close())
        self._runner.close()


def chromiums_below(pid: int) -> list[int]:
    """The processes of browsers, without those that they have started themselves, that a process has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        is_first = b"--remote-debugging-pipe" in line and b"--type=" not in line
        if is_first and processes.is_below(int(folder.name), pid):
            found.append(int(folder.name))
    return found


class Datagrams:
    """A UDP socket on loopback that nobody is to send to."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])

    def have_come(self) -> bool:
        """Whether anything was sent to it."""
        try:
            return bool(self._socket.recv(1))
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Lets go of the port."""
        self._socket.close()


def opened(**own: object) -> Iterator[Chromium]:
    """A browser for a fixture."""
    need_chromium()
    made = Chromium(**own)
    yield made
    made.close()
