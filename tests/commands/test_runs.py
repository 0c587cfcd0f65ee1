"""`scrapy runs`, and what crawls write for it."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sample_site import special_pages
from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawler, ask, command, environment, start_line
from tests.crawlers import make_crawler
from tests.faults.scenarios import with_less_patience
from tests.fork_server import Started
from tests.stores import open_store, store_at
from vovcrawl.store import Counts, RunStore

pytestmark = pytest.mark.long

SMALL = ("sections=the-thao", "related=0")


def runs(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """`scrapy runs` on the store in `folder`."""
    return ask("runs", folder / "vov.sqlite", *given)


def listed(folder: Path, *given: str) -> list[dict[str, Any]]:
    """The lines of `scrapy runs --json`."""
    ended = runs(folder, "--json", *given)
    assert (ended.returncode, ended.stderr) == (0, "")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def started(site: SampleServer, folder: Path, *given: str, **variables: str) -> Started:
    """A crawl that has made some requests and has not ended."""
    before = len(site.requests)
    crawl = start_line(command(folder, site.url, (*given, "-s", "DOWNLOAD_DELAY=1.5")), variables)
    deadline = time.monotonic() + 30
    while len(site.requests) < before + 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(site.requests) >= before + 3
    return crawl


class TestWhatIsKept:
    """The row of a run, for every way in which a crawl ends."""

    def test_a_crawl_that_is_complete(self, crawl: Crawler, site: SampleServer, tmp_path: Path) -> None:
        ended = crawl(*SMALL)
        (run,) = listed(tmp_path)
        assert run["arguments"] == {"sections": "the-thao", "related": "0"}
        assert (run["ended"], run["finish_reason"], run["exit_status"]) == ("complete", "finished", 0)
        assert run["requests"] == len(site.requests)
        assert run["new"] == len(ended.records()) > 0
        assert (run["revised"], run["unchanged"], run["failed"]) == (0, 0, 0)
        assert run["bytes"] > 1000
        assert run["seconds"] >= 0
        assert ended.rows("SELECT crawl FROM runs") == ended.rows("SELECT id FROM crawls")

    def test_pages_that_stay_unread(self, crawl: Crawler, tmp_path: Path) -> None:
        crawl(f"urls=https://vov.vn{special_pages.EMPTY_SHELL_ADDRESS}")
        (run,) = listed(tmp_path)
        assert (run["exit_status"], run["failed"]) == (3, 1)
        assert run["ended"] == "finished, but some pages or a source could not be read"

    def test_a_site_that_is_down(self, crawl: Crawler, site: SampleServer, tmp_path: Path) -> None:
        site.down()
        crawl(*SMALL)
        assert [(run["exit_status"], run["ended"]) for run in listed(tmp_path)] == [(5, "the site cannot be reached")]

    def test_a_limit_of_scrapys(self, crawl: Crawler, tmp_path: Path) -> None:
        ended = crawl(*SMALL, "-s", "CLOSESPIDER_PAGECOUNT=2", "-s", "DOWNLOAD_DELAY=0.2")
        assert re.search(r"Ended by CLOSESPIDER_PAGECOUNT: \d+ pages are left, and the same command resumes", ended.log)
        (run,) = listed(tmp_path)
        assert (run["exit_status"], run["ended"]) == (3, "stopped before its end (closespider_pagecount)")

    @pytest.mark.long
    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
    def test_a_signal(self, site: SampleServer, tmp_path: Path, number: signal.Signals, status: int) -> None:
        crawl = started(site, tmp_path, *SMALL)
        crawl.send_signal(number)
        assert crawl.wait(timeout=30) == status
        (run,) = listed(tmp_path)
        assert (run["exit_status"], run["finish_reason"]) == (status, "shutdown")
        assert run["ended"] == f"stopped by {number.name}; the work is saved"
        assert run["requests"] >= 2

    def test_a_second_signal_that_does_not_wait(self, site: SampleServer, tmp_path: Path) -> None:
        crawl = started(site, tmp_path, *SMALL)
        crawl.send_signal(signal.SIGTERM)
        time.sleep(0.05)
        crawl.send_signal(signal.SIGTERM)
        assert crawl.wait(timeout=30) == 143
        assert [run["exit_status"] for run in listed(tmp_path)] == [143]

    def test_a_kill_leaves_no_end_and_the_next_crawl_another_run(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        killed = started(site, tmp_path, *SMALL)
        killed.kill()
        killed.wait(timeout=30)
        (run,) = listed(tmp_path)
        assert (run["ended"], run["ended_at"], run["exit_status"]) == ("killed", None, None)
        crawl(*SMALL)
        assert [run["ended"] for run in listed(tmp_path)] == ["complete", "killed"]

    def test_a_crawl_that_goes_on_is_no_obstacle(self, site: SampleServer, tmp_path: Path) -> None:
        crawl = started(site, tmp_path, *SMALL)
        (run,) = listed(tmp_path)
        assert (run["ended"], run["ended_at"]) == ("going on", None)
        assert "going on" in runs(tmp_path).stdout
        crawl.terminate()
        assert crawl.wait(timeout=30) == 143

    def test_a_crawl_that_does_not_get_the_store_is_no_run(
        self, crawl: Crawler, site: SampleServer, tmp_path: Path
    ) -> None:
        first = started(site, tmp_path, *SMALL)
        assert crawl(*SMALL, "-s", "VOV_WORKERS_SHARE=0").status == 75
        assert crawl("since=nonsense").status == 2
        first.terminate()
        first.wait(timeout=30)
        assert len(listed(tmp_path)) == 1

    def test_the_log_ends_with_the_end_and_the_status(self, crawl: Crawler) -> None:
        ended = crawl(f"urls=https://vov.vn{special_pages.EMPTY_SHELL_ADDRESS}")
        assert ended.log.splitlines()[-1].endswith(
            "INFO: Ended: finished, but some pages or a source could not be read (exit status 3)"
        )

    def test_a_crawl_that_does_not_begin_says_why_in_its_log_too(self, crawl: Crawler, tmp_path: Path) -> None:
        ended = crawl("since=nonsense", "-s", f"LOG_FILE={tmp_path / 'crawl.log'}")
        (line,) = (tmp_path / "crawl.log").read_text("utf-8").splitlines()
        said = ended.log.strip().removeprefix("scrapy crawl: ")
        assert line.endswith(f" ERROR: {said} (exit status 2)")

    def test_a_feed_that_fails_at_the_end(self, crawl: Crawler, tmp_path: Path) -> None:
        assert crawl(*SMALL, "-o", "/dev/full:jsonl").status == 6
        assert [run["exit_status"] for run in listed(tmp_path)] == [6]

    @pytest.mark.long
    @pytest.mark.sqlite("locks of a file")
    def test_a_store_that_fails_for_a_while(self, site: SampleServer, tmp_path: Path) -> None:
        crawl = started(site, tmp_path, *SMALL, PYTHONPATH=str(with_less_patience(tmp_path)))
        with closing(sqlite3.connect(tmp_path / "vov.sqlite", isolation_level=None, timeout=20)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(12)
        assert crawl.wait(timeout=60) == 6
        (run,) = listed(tmp_path)
        assert (run["exit_status"], run["ended"]) == (6, "the store or a feed could not be written")

    @pytest.mark.parametrize(
        "broken", ["Crawler._apply_settings", "Crawler._create_engine", "AsyncCrawlerProcess.start"]
    )
    def test_a_program_that_fails_before_the_crawl(self, site: SampleServer, tmp_path: Path, broken: str) -> None:
        (tmp_path / "sitecustomize.py").write_text(
            "import scrapy.crawler as crawler\n"
            "def fails(*given, **named): raise RuntimeError('broken')\n"
            f"crawler.{broken} = fails\n"
        )
        ended = subprocess.run(
            command(tmp_path, site.url, SMALL),
            cwd=PROJECT,
            env={**environment(), "PYTHONPATH": f"{tmp_path}:{PROJECT}"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 1
        assert [(run["exit_status"], run["ended"]) for run in listed(tmp_path)] == [(1, "an error in the program")]


class TestWhatIsShown:
    """The command on stores made for it."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Path:
        database = open_store(tmp_path / "vov.sqlite")
        kept = RunStore(database.connection)
        for number in range(30):
            run = kept.begin(None, json.dumps({"since": f"{number}d"}))
            counts = Counts(1234 + number, 5_600_000, number, 1, 2, 3)
            kept.end(run, outcome="finished", exit_status=3 if number % 2 else 0, counts=counts)
        database.close()
        return tmp_path

    def begin(self, folder: Path, arguments: dict[str, str]) -> None:
        database = open_store(folder / "vov.sqlite")
        RunStore(database.connection).begin(None, json.dumps(arguments, ensure_ascii=False))
        database.close()

    def test_it_is_a_table_newest_first(self, store: Path) -> None:
        header, *lines = runs(store).stdout.splitlines()
        assert header.split() == ("started took new revised unchanged failed requests MB status end arguments".split())
        assert len(lines) == 20
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\d \d\d:\d\d  0:0\d   29        1          2       3     1,263  5\.6       3  "
            r"finished, but some pages or a source could not be read  since=29d",
            lines[0],
        )
        assert lines[-1].endswith("since=10d")

    def test_n_says_how_many(self, store: Path) -> None:
        assert len(runs(store, "-n", "2").stdout.splitlines()) == 3
        assert len(listed(store, "-n", "25")) == 25
        assert len(listed(store, "-n", "999")) == 30

    def test_long_arguments_are_cut_only_for_reading(self, tmp_path: Path) -> None:
        urls = ",".join(f"https://vov.vn/a-post{number}.vov" for number in range(100))
        self.begin(tmp_path, {"urls": urls})
        assert listed(tmp_path)[0]["arguments"] == {"urls": urls}
        assert runs(tmp_path).stdout.splitlines()[1].endswith("...")

    def test_a_crawl_without_arguments_has_none(self, tmp_path: Path) -> None:
        self.begin(tmp_path, {})
        assert runs(tmp_path).stdout.rstrip().endswith("  none")

    @pytest.mark.parametrize("given", [(), ("--json",)])
    def test_what_would_steer_a_terminal_is_harmless(self, tmp_path: Path, given: tuple[str, ...]) -> None:
        name = "\x1b]0;x\x07\x1b[2J\x9b31m\u202e\r\nchuyện"
        self.begin(tmp_path, {"archive": name})
        shown = runs(tmp_path, *given).stdout
        assert all(letter.isprintable() or letter == "\n" for letter in shown)
        assert r"\u001b]0;x\u0007" in shown
        assert "chuyện" in shown
        assert listed(tmp_path)[0]["arguments"] == {"archive": name}

    def test_a_store_without_runs_says_so(self, tmp_path: Path) -> None:
        open_store(tmp_path / "vov.sqlite").close()
        assert runs(tmp_path).stdout == "No crawl has held this store yet.\n"
        assert listed(tmp_path) == []

    def test_no_store_is_one_line(self, tmp_path: Path) -> None:
        ended = runs(tmp_path)
        assert (ended.returncode, ended.stdout) == (6, "")
        assert ended.stderr == f"scrapy runs: there is no store {store_at(tmp_path / 'vov.sqlite')}\n"
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            (("--jsn",), "unknown option or argument --jsn"),
            (("vov",), "unknown option or argument vov"),
            (("-n", "0"), "-n: '0' is not a whole number from 1 on"),
            (("-n", "-1"), "-n"),
            (("-n", "a\x1b[2J"), r"-n: 'a\u001b[2J' is not"),
            (("-n",), "-n"),
            (("-s", "x"), "-s"),
            (("-s", "VOV_DATABSE=x"), "unknown setting VOV_DATABSE"),
            (("-s", "VOV_DATABASE="), "no path or database URL given"),
        ],
    )
    def test_a_mistake_is_one_line(self, store: Path, given: tuple[str, ...], words: str) -> None:
        ended = runs(store, *given)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert words in ended.stderr
        assert ended.stderr.count("\n") == 1

    def test_a_reader_that_has_seen_enough_may_go(self, store: Path) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        ended = subprocess.run(
            [sys.executable, "-m", "scrapy", "runs", "-s", f"VOV_DATABASE={store_at(store / 'vov.sqlite')}"],
            cwd=PROJECT, env=environment(), stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        os.close(writing)
        assert ended.stderr == ""


class TestQuiet:
    """`-s VOV_QUIET=1`."""

    def test_nothing_is_said_when_all_is_well(self, crawl: Crawler, tmp_path: Path) -> None:
        ended = crawl("since=all", "pages=1", "-s", "VOV_QUIET=1")
        assert (ended.status, ended.log) == (0, "")
        assert len(listed(tmp_path)) == 1

    def test_the_reason_of_an_exit_status_is_told_with_the_pages(self, crawl: Crawler) -> None:
        ended = crawl(f"urls=https://vov.vn{special_pages.EMPTY_SHELL_ADDRESS}", "-s", "VOV_QUIET=1")
        assert ended.status == 3
        reason, page = ended.log.splitlines()[-2:]
        assert reason == (
            "scrapy crawl: finished, but some pages or a source could not be read; 1 not read (exit status 3)"
        )
        address = special_pages.EMPTY_SHELL_ADDRESS
        assert page.startswith(f"not read: https://vov.vn{address} (an article page without text or media")
        assert " INFO: " not in ended.log
        assert " WARNING: Not read: " in ended.log

    def test_a_log_of_its_own_stays_as_it_is(self, crawl: Crawler, tmp_path: Path) -> None:
        ended = crawl(*SMALL, "-s", "VOV_QUIET=1", "--logfile", str(tmp_path / "vov.log"))
        assert ended.log == ""
        assert " INFO: " in (tmp_path / "vov.log").read_text()

    def test_a_stricter_level_stays(self, crawl: Crawler) -> None:
        ended = crawl(
            f"urls=https://vov.vn{special_pages.EMPTY_SHELL_ADDRESS}", "-s", "VOV_QUIET=1", "-s", "LOG_LEVEL=CRITICAL"
        )
        assert ended.log.count("\n") == 2


def test_a_crawl_started_from_python_is_a_run_too(tmp_path: Path) -> None:
    from vovcrawl.extensions.summary import Summary

    crawler, context, _ = make_crawler(tmp_path, sections="the-thao")
    context.crawls.seeded(context.frontier.crawl)
    crawler.stats.set_value("finish_reason", "finished")
    Summary(crawler).engine_stopped()
    (run,) = listed(tmp_path)
    assert (run["arguments"], run["exit_status"]) == ({"sections": "the-thao"}, 0)


class TestFailed:
    """`scrapy runs --failed`, and `-a urls=@failed`."""

    SHELL = f"https://vov.vn{special_pages.EMPTY_SHELL_ADDRESS}"

    @pytest.fixture
    def broken(self, crawl: Crawler, site: SampleServer) -> str:
        """An article that the site could not give."""
        story = site.site.newest[0]
        site.answer(f"/{story.url.partition('vov.vn/')[2]}", status=500)
        crawl(f"urls={story.url},{self.SHELL},{site.site.newest[1].url}", "-s", "RETRY_TIMES=0")
        return story.url

    def test_the_unread_pages_are_listed_with_their_reasons(self, tmp_path: Path, broken: str) -> None:
        head, *lines = runs(tmp_path, "--failed").stdout.splitlines()
        assert head.split() == ["unread", "since", "asked", "last", "url", "reason"]
        assert len(lines) == 2
        assert any(f"{broken}  the site answers 500" in line for line in lines)

    def test_as_json_they_have_times_in_utc(self, tmp_path: Path, broken: str) -> None:
        found = [json.loads(line) for line in runs(tmp_path, "--failed", "--json").stdout.splitlines()]
        page = next(page for page in found if page["url"] == broken)
        assert (page["kind"], page["reason"]) == ("article", "the site answers 500")
        assert page["unread_since"] == page["visited_at"] == "2026-07-16T05:00:00+00:00"

    def test_they_are_asked_for_again_alone(self, crawl: Crawler, site: SampleServer, broken: str) -> None:
        site.reset()
        ended = crawl("urls=@failed")
        assert ended.status == 3
        asked = [request.path for request in site.requests if request.path.endswith(".vov")]
        assert set(asked) == {f"/{broken.partition('vov.vn/')[2]}", special_pages.EMPTY_SHELL_ADDRESS}
        assert broken in ended.addresses()

    def test_without_any_nothing_is_asked_for(self, crawl: Crawler, site: SampleServer, tmp_path: Path) -> None:
        crawl(f"urls={site.site.newest[1].url}")
        site.reset()
        assert crawl("urls=@failed").status == 0
        assert site.requests == []
        assert runs(tmp_path, "--failed").stdout == "No page is unread.\n"
