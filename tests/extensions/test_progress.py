"""What a crawl says while it runs."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawler, command, environment
from tests.stores import open_store, store_at
from vovcrawl.extensions.progress import Meter, State
from vovcrawl.store import CrawlStore, Frontier
from vovcrawl.visits import Discovered, Reach

GIVEN = ("sections=the-thao", "related=0", "-s", "DOWNLOAD_DELAY=0.3")
COUNTS = re.compile(r"(\d+) done, (\d+) queued, (\d+) failed, (\d+) a minute")
SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LOG_LINE = re.compile(r"[0-9-]{10} [0-9:]{8} \[[\w.]+\] [A-Z]+: .*")


class Crawling:
    """Stats, queue and clock of a crawl, to be set as it goes."""

    def __init__(self) -> None:
        self.stats: dict[str, Any] = {}
        self.queued = 0
        self.locked = False
        self.now = 1000.0
        self.meter = Meter(lambda: self.stats, self.remaining, lambda: self.now)

    def remaining(self) -> int:
        if self.locked:
            raise OperationalError("SELECT", {}, Exception("locked"))
        return self.queued

    def at(self, seconds: float, done: int, failed: int = 0, queued: int = 0) -> State:
        self.now = 1000.0 + seconds
        self.stats = {"vov/pages/article": done - failed, "vov/pages/unreadable": failed}
        self.queued = queued
        return self.meter.look()


class TestMeter:
    """Counts and speed."""

    def test_every_visit_counts_and_those_that_failed_apart(self) -> None:
        crawling = Crawling()
        crawling.stats = {"vov/pages/article": 5, "vov/pages/gone": 1, "vov/pages/blocked": 2, "vov/articles/new": 5}
        crawling.queued = 7
        state = crawling.meter.look()
        assert (state.done, state.queued, state.failed) == (8, 7, 2)

    def test_nothing_is_said_of_speed_before_time_has_passed(self) -> None:
        state = Crawling().at(0, 0, queued=3)
        assert (state.a_minute, state.minutes_left) == (0, None)

    def test_the_first_seconds_are_reckoned_up(self) -> None:
        state = Crawling().at(10, 4, queued=48)
        assert (state.a_minute, state.minutes_left) == (24, 2)

    def test_only_the_last_minute_counts(self) -> None:
        crawling = Crawling()
        for second in range(120):
            crawling.at(second, second * 10)
        for second in range(120, 181):
            state = crawling.at(second, 1200 + (second - 120))
        assert state.a_minute == pytest.approx(60, abs=10)

    def test_what_is_left_of_an_archive_is_reckoned_by_bytes(self) -> None:
        crawling = Crawling()
        for second, read in ((10, 0), (20, 500), (40, 600), (80, 800)):
            crawling.now = 1000.0 + second
            crawling.stats = {
                "vov/archive/bytes/total": 2000,
                "vov/archive/bytes/read": read,
                "vov/pages/article": second,
            }
            state = crawling.meter.look()
        assert state.bytes_a_minute == pytest.approx(300)
        assert state.minutes_left == pytest.approx(4)
        assert state.share == "40% of 0 MB read"

    def test_looks_a_minute_apart_are_compared_with_each_other(self) -> None:
        crawling = Crawling()
        assert crawling.at(60, 30).a_minute == 30
        assert crawling.at(120, 42).a_minute == 12

    def test_a_store_that_fails_leaves_the_number_known_before(self) -> None:
        crawling = Crawling()
        crawling.at(1, 1, queued=9)
        crawling.locked = True
        assert crawling.at(2, 2, queued=8).queued == 9


def test_what_remains_is_what_the_crawl_has_queued(tmp_path: Path) -> None:
    database = open_store(tmp_path / "vov.sqlite")
    frontier = Frontier(database.connection, CrawlStore(database.connection).begin("{}", None, Reach()))
    assert frontier.remaining() == 0
    frontier.add([Discovered(f"https://vov.vn/the-thao/tin-post{number}.vov", "article") for number in range(3)])
    assert frontier.remaining() == 3
    frontier.next()
    assert frontier.remaining() == 2
    database.close()


def on_a_terminal(site: SampleServer, folder: Path, *given: str, term: str = "xterm-256color") -> tuple[int, str]:
    """The exit status of a crawl whose stderr is a terminal of 100 columns, and everything written to it."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    crawl = subprocess.Popen(
        command(folder, site.url, given),
        cwd=PROJECT,
        env={**environment(), "TERM": term},
        stdout=subprocess.DEVNULL,
        stderr=inner,
    )
    os.close(inner)
    written = bytearray()
    while True:
        try:
            part = os.read(outer, 65536)
        except OSError:
            # The other end is closed.
            break
        if not part:
            break
        written += part
    os.close(outer)
    return crawl.wait(timeout=60), written.decode()


def shown_in_the_end(written: str) -> list[str]:
    """The lines that stay on the terminal, as far as a crawl makes use of one: lines are erased only as a whole."""
    lines = [""]
    for part in re.split(r"(\r\n|\r|\x1b\[1A|\x1b\[2K)", written):
        if part == "\r\n":
            lines.append("")
        elif part == "\x1b[1A":
            lines.pop()
        elif part == "\x1b[2K":
            lines[-1] = ""
        elif part != "\r":
            lines[-1] += SEQUENCE.sub("", part)
    return lines


@pytest.mark.long
class TestBar:
    """On a terminal."""

    def test_it_counts_up_below_whole_lines_of_the_log(self, site: SampleServer, tmp_path: Path) -> None:
        status, written = on_a_terminal(site, tmp_path, *GIVEN)
        assert status == 0
        seen = [tuple(map(int, found)) for found in COUNTS.findall(written)]
        assert [done for done, *_ in seen] == sorted(done for done, *_ in seen)
        assert seen[-1][0] > 0
        assert any(queued for _, queued, *_ in seen)
        assert " left" in written
        stays = shown_in_the_end(written)
        assert not [line for line in stays if COUNTS.search(line)]
        summary = next(line for line in stays if "articles: " in line)
        assert LOG_LINE.fullmatch(summary)
        assert summary.endswith(store_at(tmp_path / "vov.sqlite"))

    def test_a_long_line_of_the_log_is_not_broken(self, site: SampleServer, tmp_path: Path) -> None:
        address = "https://vov.vn/the-thao/" + "-".join(["dai"] * 60) + "-post1.vov"
        _, written = on_a_terminal(site, tmp_path, f"urls={address}", "-s", "LOG_LEVEL=DEBUG")
        lines = [line for line in shown_in_the_end(written) if "Crawled (404)" in line and "-post1.vov" in line]
        assert lines
        assert all(LOG_LINE.fullmatch(line) for line in lines)

    def test_the_cursor_is_never_left_hidden(self, site: SampleServer, tmp_path: Path) -> None:
        _, written = on_a_terminal(site, tmp_path, *GIVEN)
        hidden = written.find("\x1b[?25l")
        shown = written.find("\x1b[?25h", hidden)
        assert hidden < shown < written.find("a minute")
        assert "\x1b[?25l" not in written[shown:]

    @pytest.mark.parametrize("term", ["dumb", ""])
    def test_a_terminal_that_cannot_erase_gets_none(self, site: SampleServer, tmp_path: Path, term: str) -> None:
        _, written = on_a_terminal(site, tmp_path, "sections=the-thao", "related=0", term=term)
        assert not COUNTS.search(written)
        assert "\x1b" not in written

    def test_quiet_means_no_bar_either(self, site: SampleServer, tmp_path: Path) -> None:
        assert on_a_terminal(site, tmp_path, *GIVEN, "-s", "VOV_QUIET=1") == (0, "")


@pytest.mark.long
class TestLines:
    """Elsewhere."""

    def test_there_is_a_line_now_and_then(self, crawl: Crawler) -> None:
        log = crawl(*GIVEN, "-s", "LOGSTATS_INTERVAL=1").log
        lines = [line for line in log.splitlines() if "pages a minute" in line]
        assert lines
        pattern = (
            r".*\[vovcrawl\.extensions\.progress\] INFO: [\d,]+ pages a minute: [\d,]+ done, [\d,]+ queued, 0 failed"
        )
        assert all(re.fullmatch(pattern, line) for line in lines)
        assert "\x1b" not in log

    @pytest.mark.parametrize("setting", ["VOV_QUIET=1", "LOGSTATS_INTERVAL=0"])
    def test_there_is_none_where_nobody_wants_it(self, crawl: Crawler, setting: str) -> None:
        settings = ("-s", "LOGSTATS_INTERVAL=1", "-s", setting)
        assert "pages a minute" not in crawl("sections=the-thao", "related=0", *settings).log
