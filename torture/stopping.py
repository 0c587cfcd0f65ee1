"""How long a crawl takes to end after a signal, whatever it is in the middle of."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crawling import ROOT, crawl_command, environment
from benchmarks.report import Check
from sample_site.server import RequestRecord, SampleServer
from torture.snapshot import FEED, STORE

FIRST_S, SECOND_S = 10.0, 2.0
"""Targets: seconds from a first signal, and from a second one, to the end."""

_BETWEEN_S = 0.5
_TIMEOUT_S = 60.0
_SECTION = "the-thao"


@dataclass
class Scene:
    """What a crawl is in the middle of."""

    site: SampleServer
    store: Path
    stack: ExitStack
    """Undone when the crawl has ended."""
    settings: dict[str, str] = field(default_factory=lambda: {"DOWNLOAD_DELAY": "0.2"})
    requests: int = 4
    """It is sent the signal when it has asked so often."""
    begin: Callable[[], None] = lambda: None
    """Brings about, just before the signal, what it is in the middle of."""


def _pages(scene: Scene) -> None:
    """Nothing but pages."""


def _pause(scene: Scene) -> None:
    scene.settings, scene.requests = {"DOWNLOAD_DELAY": "30", "DOWNLOAD_DELAY_JITTER": "0"}, 2


def _silence(scene: Scene) -> None:
    """An article that the server does not answer."""
    answer = threading.Event()
    scene.stack.callback(answer.set)
    story = scene.site.site.listings[_SECTION][0]

    def stall(request: RequestRecord) -> None:
        answer.wait(_TIMEOUT_S)

    scene.site.answer(story.address, stall)
    scene.requests = 2
    scene.begin = lambda: time.sleep(_BETWEEN_S)


def _lock(scene: Scene) -> None:
    """Another program that writes to the store and does not come to an end."""

    def lock() -> None:
        other = sqlite3.connect(scene.store, isolation_level=None, timeout=_TIMEOUT_S)
        scene.stack.callback(other.close)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(_BETWEEN_S)

    scene.begin = lock


SCENES: Mapping[str, Callable[[Scene], None]] = {
    "between pages": _pages,
    "in a pause of 30 s": _pause,
    "while a page is not answered": _silence,
    "while another program locks the store": _lock,
}


def stop_crawls(folder: Path) -> Iterator[Check]:
    """Sends a crawl in each scene the signal, once and twice."""
    for name, make in SCENES.items():
        for again, most in ((False, FIRST_S), (True, SECOND_S)):
            made = folder / f"{name} {again}"
            made.mkdir()
            seconds, status = _stop(make, made, again=again)
            yield Check(
                "stop",
                f"{name}: seconds from a {'second' if again else 'first'} SIGTERM to the end",
                f"{seconds:.1f}, status {status}",
                f"at most {most:.0f}, status 143",
                seconds <= most and status == 128 + signal.SIGTERM,
            )


def _stop(make: Callable[[Scene], None], folder: Path, *, again: bool) -> tuple[float, int]:
    """The seconds from the last signal to the end, and the status."""
    with SampleServer() as site, ExitStack() as stack, (folder / "log.txt").open("wb") as log:
        scene = Scene(site, folder / STORE, stack)
        make(scene)
        settings = {"VOV_MIRROR": site.url, "VOV_NOW": site.site.now.isoformat(), "VOV_DATABASE": str(scene.store)}
        command = crawl_command([f"sections={_SECTION}"], {**settings, **scene.settings}, folder / FEED)
        crawl = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        stack.callback(crawl.kill)
        deadline = time.monotonic() + _TIMEOUT_S
        while len(site.requests) < scene.requests and crawl.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        scene.begin()
        crawl.send_signal(signal.SIGTERM)
        if again:
            time.sleep(_BETWEEN_S)
            crawl.send_signal(signal.SIGTERM)
        told = time.monotonic()
        status = crawl.wait(_TIMEOUT_S)
        return time.monotonic() - told, status
