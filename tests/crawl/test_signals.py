"""Signals to a crawl that has something in flight."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, start_line, wait_for_requests
from tests.fork_server import Started

pytestmark = pytest.mark.long


@pytest.fixture
def stories(site: SampleServer) -> list[str]:
    """Urls of articles that robots.txt allows."""
    return [story.url for story in site.site.newest if FORBIDDEN_FOLDER not in f"/{story.path}/"][:6]


class Stalled:
    """A page that answers only when it is let."""

    def __init__(self) -> None:
        self.asked_for = threading.Event()
        self.let = threading.Event()

    def __call__(self, request: RequestRecord) -> Answer | None:
        self.asked_for.set()
        self.let.wait(60)
        return None


@pytest.fixture
def stalled(site: SampleServer, stories: list[str]) -> Iterator[Stalled]:
    """The third article, which does not answer."""
    page = Stalled()
    site.answer(stories[2].removeprefix("https://vov.vn"), page)
    yield page
    page.let.set()


@pytest.fixture
def start(site: SampleServer, tmp_path: Path) -> Callable[..., Started]:
    def started(*given: str) -> Started:
        return start_line(command(tmp_path, site.url, given))

    return started


Start = Callable[..., Started]


def ended(crawl: Started, folder: Path) -> Crawl:
    _, log = crawl.communicate(timeout=60)
    return Crawl(crawl.wait(), log, folder)


def test_a_page_that_does_not_answer_keeps_no_crawl_from_ending(
    start: Start, stalled: Stalled, stories: list[str], tmp_path: Path
) -> None:
    running = start("urls=" + ",".join(stories))
    assert stalled.asked_for.wait(30)
    running.send_signal(signal.SIGTERM)
    stopped = ended(running, tmp_path)
    assert stopped.status == 143
    assert "Cut off: not ended within" in stopped.log
    assert "Traceback" not in stopped.log
    assert stopped.addresses() == set(stories[:2])
    assert len(stopped.records()) == 2
    assert stopped.rows("SELECT exit_status FROM runs") == [(143,)]


def test_a_crawl_under_nohup_goes_on_when_the_terminal_is_closed(
    site: SampleServer, stories: list[str], tmp_path: Path
) -> None:
    line = command(tmp_path, site.url, ("urls=" + ",".join(stories), "-s", "DOWNLOAD_DELAY=0.3"))
    running = subprocess.Popen(
        ["nohup", *line], cwd=PROJECT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    wait_for_requests(site, 3)
    running.send_signal(signal.SIGHUP)
    finished = ended(running, tmp_path)
    assert finished.status == 0
    assert finished.addresses() == set(stories)


@pytest.mark.parametrize(("first", "second"), [("SIGINT", "SIGINT"), ("SIGTERM", "SIGINT"), ("SIGHUP", "SIGHUP")])
def test_a_second_signal_ends_it_at_once(
    start: Start, stalled: Stalled, stories: list[str], tmp_path: Path, first: str, second: str
) -> None:
    running = start("urls=" + ",".join(stories))
    assert stalled.asked_for.wait(30)
    running.send_signal(signal.Signals[first])
    assert running.stderr is not None
    said = next(line for line in running.stderr if "shutting down" in line)
    running.send_signal(signal.Signals[second])
    stopped = ended(running, tmp_path)
    assert first in said
    assert stopped.status == 128 + signal.Signals[first]
    assert "Cut off: the signal came again" in stopped.log
    assert stopped.addresses() == set(stories[:2])


def test_a_crawl_that_was_cut_off_is_finished_by_the_same_command(
    start: Start, stalled: Stalled, stories: list[str], site: SampleServer, crawl: Crawler, tmp_path: Path
) -> None:
    given = "urls=" + ",".join(stories)
    running = start(given)
    assert stalled.asked_for.wait(30)
    running.send_signal(signal.SIGTERM)
    ended(running, tmp_path)
    stalled.let.set()
    site.requests.clear()
    again = crawl(given)
    assert again.status == 0
    assert again.addresses() == {record["canonical_url"] for record in again.records()} == set(stories)
    assert len(again.records()) == len(stories)
    asked = {request.path for request in site.requests}
    assert asked == {"/robots.txt", *(story.removeprefix("https://vov.vn") for story in stories[2:])}


def test_what_waits_for_its_turn_is_not_sent_any_more(
    start: Start, stories: list[str], site: SampleServer, tmp_path: Path
) -> None:
    running = start("urls=" + ",".join(stories), "-s", "DOWNLOAD_DELAY=4", "-s", "DOWNLOAD_DELAY_JITTER=0")
    wait_for_requests(site, 2)
    running.send_signal(signal.SIGTERM)
    stopped = ended(running, tmp_path)
    assert stopped.status == 143
    assert "Cut off" not in stopped.log
    assert len(site.requests) == 2
    assert stopped.rows("SELECT count(*) FROM pages WHERE outcome IS NOT NULL AND outcome != 'article'") == [(0,)]


def test_an_array_in_json_is_closed_when_a_crawl_is_cut_off(
    start: Start, stalled: Stalled, stories: list[str], tmp_path: Path
) -> None:
    running = start("urls=" + ",".join(stories), "-o", str(tmp_path / "vov.json"))
    assert stalled.asked_for.wait(30)
    running.send_signal(signal.SIGTERM)
    running.send_signal(signal.SIGINT)
    ended(running, tmp_path)
    assert (tmp_path / "vov.json").read_text(encoding="utf-8").rstrip().endswith("]")
