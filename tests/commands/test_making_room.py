"""A backfill makes room for the hourly run, and is resumed after it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, run_line, wait_for_requests

pytestmark = pytest.mark.long

SLOW = ("-s", "DOWNLOAD_DELAY=0.15")
SLOWER = ("-s", "DOWNLOAD_DELAY=0.6")
"""Of a crawl that has to go on while another one begins."""


@contextmanager
def going_on(
    site: SampleServer, folder: Path, *given: str, slow: tuple[str, ...] = SLOW
) -> Iterator[subprocess.Popen[str]]:
    """A slow crawl that has asked for some pages."""
    asked = len(site.requests)
    with (folder / "long.log").open("w") as log:
        line = command(folder, site.url, (*given, *slow))
        process = subprocess.Popen(
            line, cwd=PROJECT, env=environment(), stdout=subprocess.DEVNULL, stderr=log, text=True
        )
        try:
            wait_for_requests(site, asked + 6)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


BACKFILL = ("sections=xa-hoi,the-thao", "since=2020-01-01", "until=2026-07-14")
HOURLY = ("since=1d",)


class Scene:
    """A backfill in the middle of which the hourly run comes, and the same crawls one after the other."""

    def __init__(self, site: SampleServer, folder: Path) -> None:
        alone = folder / "alone"
        alone.mkdir()
        for given in (BACKFILL, HOURLY):
            line = command(alone, site.url, given)
            run_line(line).check_returncode()
        self.anew = folder / "anew.json"
        feeds = {
            str(folder / "vov.jsonl"): {"format": "jsonl"},
            str(self.anew): {"format": "json", "overwrite": True},
        }
        with going_on(site, folder, *BACKFILL, "-s", f"FEEDS={json.dumps(feeds)}") as backfill:
            line = command(folder, site.url, HOURLY)
            hourly = run_line(line)
            self.hourly = Crawl(hourly.returncode, hourly.stderr, folder)
            self.after_hourly = self.hourly.addresses()
            self.was_going_on = backfill.poll() is None
            self.status_of_backfill = backfill.wait(120)
        self.alone = Crawl(0, "", alone)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with SampleServer() as server:
        yield Scene(server, tmp_path_factory.mktemp("room"))


class TestBackfill:
    def test_the_hourly_run_is_let_in(self, scene: Scene) -> None:
        assert scene.hourly.status == 0, scene.hourly.log
        assert "waiting for a crawl of earlier days to make room" in scene.hourly.log
        of_the_day = scene.alone.rows("SELECT canonical_url FROM articles WHERE date_published >= '2026-07-15'")
        assert {row[0] for row in of_the_day} <= scene.after_hourly
        assert of_the_day

    def test_the_backfill_is_resumed_after_it(self, scene: Scene) -> None:
        assert scene.was_going_on
        assert scene.status_of_backfill == 0
        runs = scene.hourly.rows("SELECT outcome, exit_status FROM runs ORDER BY id")
        assert runs == [("made room", 75), ("finished", 0), ("finished", 0)]
        assert not list(scene.hourly.folder.glob("*.waiting"))

    def test_nothing_is_missing_and_every_line_is_there_once(self, scene: Scene) -> None:
        assert scene.hourly.addresses() == scene.alone.addresses()
        assert sorted(record["canonical_url"] for record in scene.hourly.records()) == sorted(scene.alone.addresses())

    def test_a_feed_that_is_written_anew_is_whole_in_the_end(self, scene: Scene) -> None:
        old = "SELECT canonical_url FROM articles WHERE date_published < '2026-07-15'"
        written = {record["canonical_url"] for record in json.loads(scene.anew.read_text("utf-8"))}
        assert written == {row[0] for row in scene.alone.rows(old)}

    def test_a_signal_ends_it_while_it_waits(self, site: SampleServer, tmp_path: Path) -> None:
        long, later = (
            going_on(site, tmp_path, *BACKFILL, slow=SLOWER),
            going_on(site, tmp_path, "since=1d", slow=SLOWER),
        )
        with long as backfill, later as hourly:
            deadline = time.monotonic() + 60
            while "resumed when that has ended\n" not in (tmp_path / "long.log").read_text():
                assert time.monotonic() < deadline
                time.sleep(0.1)
            time.sleep(2)
            backfill.send_signal(signal.SIGTERM)
            assert backfill.wait(10) == -signal.SIGTERM
            assert hourly.poll() is None


@pytest.mark.parametrize(
    ("holder", "given"),
    [
        (("since=2d",), "since=2d"),
        (("since=2d",), "since=2020-01-01"),
        (BACKFILL, "since=2020-01-01"),
        (("since=2020-01-01", "sources=listing", "-o", "-:jsonl"), "since=1d"),
    ],
    ids=["the same days", "a backfill waits for nobody", "the same beginning", "standard output"],
)
def test_no_other_crawl_is_made_room_for(
    crawl: Crawler, site: SampleServer, tmp_path: Path, holder: tuple[str, ...], given: str
) -> None:
    with going_on(site, tmp_path, *holder, slow=SLOWER):
        ended = crawl(given, "-s", "VOV_WORKERS_SHARE=0")
    assert ended.status == 75
    assert ended.log.count("\n") <= 2


def test_a_request_whose_crawl_was_killed_says_nothing(crawl: Crawler, tmp_path: Path) -> None:
    (tmp_path / "vov.sqlite.waiting").write_text("2026-07-16T00:00:00+07:00", "utf-8")
    ended = crawl("since=2020-01-01", *SLOW, "-s", "CLOSESPIDER_PAGECOUNT=30")
    assert "Making room" not in ended.log
