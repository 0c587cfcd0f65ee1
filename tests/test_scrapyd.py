"""The project deployed to a real scrapyd on loopback, by the lines of docs/deploying.md.

`make scrapyd` makes the environment; `VOVCRAWL_SCRAPYD_PYTHON` names the Python of another one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests import postgresql
from tests.conftest import PROJECT, ask, wait_for_requests
from tests.docs import manual
from tests.package.building import LEFT_OUT, articles

PYTHON = Path(os.environ.get("VOVCRAWL_SCRAPYD_PYTHON") or PROJECT / ".venv-scrapyd" / "bin" / "python")
DOCUMENTED = "http://127.0.0.1:6800"
PAGE = PROJECT / "docs" / "deploying.md"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PYTHON.exists(), reason="no environment with scrapyd: make scrapyd"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


def documented(*words: str) -> str:
    """The one line of the manual's section that holds these words."""
    blocks = [block for block in manual.blocks("sh") if block.page == PAGE]
    found = [line for block in blocks for line in block.text.splitlines() if all(word in line for word in words)]
    assert len(found) == 1, found
    return found[0]


def settings_of(site: SampleServer, delay: float = 0) -> tuple[str, ...]:
    """The settings of a crawl of the sample site."""
    return f"VOV_MIRROR={site.url}", f"VOV_NOW={NOW.isoformat()}", f"DOWNLOAD_DELAY={delay}"


class Scrapyd:
    """A scrapyd that runs in a folder, and a checkout that is deployed to it."""

    def __init__(self, home: Path, checkout: Path, port: int, site: SampleServer) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        self.store = home / "data" / "vov.sqlite"
        self._checkout = checkout
        self._site = site

    def run(self, line: str) -> str:
        """What a line of the manual prints, run in the checkout."""
        line = line.replace(DOCUMENTED, self.url).replace(".venv-scrapyd/bin/", f"{PYTHON.parent}/")
        environment = {**os.environ, "PATH": f"{PYTHON.parent}:{os.environ['PATH']}"}
        for name in ("PYTHONPATH", "SCRAPY_SETTINGS_MODULE"):
            environment.pop(name, None)
        ran = subprocess.run(
            ["sh", "-c", line],
            cwd=self._checkout,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def answer(self, line: str) -> dict[str, Any]:
        """What the server answers to a line of the manual that asks it by curl."""
        found: dict[str, Any] = json.loads(self.run(line))
        assert found["status"] == "ok", found
        return found

    def schedule(self, line: str, *, delay: float = 0) -> str:
        """Schedules a crawl of the sample site by a line of the manual; the job's id."""
        settings = "".join(f" --data-urlencode setting={each}" for each in settings_of(self._site, delay))
        return str(self.answer(line + settings)["jobid"])

    def jobs(self) -> dict[str, list[str]]:
        """The ids of all jobs by their state."""
        found = self.answer(documented("listjobs.json"))
        return {state: [job["id"] for job in found[state]] for state in ("pending", "running", "finished")}

    def wait_for(self, job: str) -> None:
        """Waits until a job has ended."""
        deadline = time.monotonic() + 90
        while job not in self.jobs()["finished"]:
            assert time.monotonic() < deadline, self.log(job)
            time.sleep(0.2)

    def log(self, job: str) -> str:
        """The log of a job; '' while there is none."""
        path = self.home / "scrapyd" / "logs" / "vovcrawl" / "vov" / f"{job}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def runs(self, store: Path | str | None = None) -> list[dict[str, Any]]:
        """What `scrapy runs` says of a store, the last run first."""
        return [json.loads(line) for line in ask("runs", store or self.store, "--json").stdout.splitlines()]

    def urls(self, feed: Path) -> list[str]:
        """The urls of a feed's records, sorted."""
        return sorted(json.loads(line)["canonical_url"] for line in feed.read_text(encoding="utf-8").splitlines())


@contextmanager
def scrapyd(home: Path, checkout: Path, site: SampleServer, **configured: str) -> Iterator[Scrapyd]:
    """A scrapyd by `deploy/scrapyd.conf`, with some of its values changed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home.mkdir()
    text = (PROJECT / "deploy" / "scrapyd.conf").read_text(encoding="utf-8")
    for name, value in {**configured, "http_port": str(port), "poll_interval": "0.3"}.items():
        text, changed = re.subn(rf"(?m)^{name} =.*$", f"{name} = {value}", text)
        assert changed == 1
    (home / "scrapyd.conf").write_text(text, encoding="utf-8")
    shutil.copy(PROJECT / "scrapy.cfg", checkout)
    target = checkout / "scrapy.cfg"
    target.write_text(target.read_text().replace(DOCUMENTED, f"http://127.0.0.1:{port}"))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SCRAPY"))}
    with (home / "out").open("wb") as out:
        server = subprocess.Popen(
            [PYTHON.parent / "scrapyd", "--pidfile=", "--nodaemon"],
            cwd=home,
            env=inherited,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                urlopen(f"http://127.0.0.1:{port}/daemonstatus.json", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, (home / "out").read_text()
                time.sleep(0.2)
        yield Scrapyd(home, checkout, port, site)
    finally:
        # As systemd stops a service: each of its processes.
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture(autouse=True)
def nothing_asked(site: SampleServer) -> None:
    """Each test counts its own requests."""
    site.requests.clear()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which the egg is built."""
    path = tmp_path_factory.mktemp("checkout") / "vovcrawl"
    shutil.copytree(PROJECT, path, ignore=LEFT_OUT)
    return path


@pytest.fixture(scope="module")
def deployed(checkout: Path, site: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    with scrapyd(tmp_path_factory.mktemp("srv") / "home", checkout, site) as running:
        said = json.loads(running.run(documented("scrapyd-deploy", "--version 1")))
        assert (said["status"], said["spiders"]) == ("ok", 1)
        yield running


@pytest.fixture
def server(deployed: Scrapyd) -> Iterator[Scrapyd]:
    """The same server for all, without the store of the test before."""
    yield deployed
    for job in deployed.jobs()["running"]:
        deployed.run(documented("cancel.json", "signal=TERM").replace("JOB", job))
        deployed.wait_for(job)
    shutil.rmtree(deployed.home / "data", ignore_errors=True)


TWO_DAYS = "-d since=2d"
ALL = "-d since=all -d related=2"


def crawl(given: str) -> str:
    """The manual's line that schedules a crawl, with other arguments."""
    (line,) = [line for line in schedule_lines() if line.endswith(TWO_DAYS)]
    return line.replace(TWO_DAYS, given)


def schedule_lines() -> list[str]:
    blocks = [block for block in manual.blocks("sh") if block.page == PAGE]
    return [line for block in blocks for line in block.text.splitlines() if "schedule.json" in line]


class TestDeploying:
    """The egg and what scrapyd says of it."""

    def test_the_egg_holds_every_file_of_the_code_and_is_run_as_it_is(self, server: Scrapyd) -> None:
        with zipfile.ZipFile(server.home / "scrapyd" / "eggs" / "vovcrawl" / "1.egg") as egg:
            held = set(egg.namelist())
        code = PROJECT / "vovcrawl"
        files = {path for path in code.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        assert {str(path.relative_to(PROJECT)) for path in files} == {
            name for name in held if not name.startswith("EGG-INFO/")
        }
        assert "EGG-INFO/zip-safe" in held

    def test_the_server_names_the_spider_and_the_version(self, server: Scrapyd) -> None:
        assert server.answer(documented("listspiders.json"))["spiders"] == ["vov"]
        assert server.answer(documented("listversions.json"))["versions"] == ["1"]
        assert server.answer(documented("daemonstatus.json"))["running"] == 0
        assert server.run(documented("scrapyd-client spiders")).split() == ["vovcrawl:", "vov"]


class TestJobs:
    """Crawls that are scheduled."""

    def test_a_job_keeps_every_article_below_the_folder_of_scrapyd(self, server: Scrapyd, site: SampleServer) -> None:
        job = server.schedule(crawl(ALL))
        server.wait_for(job)
        assert server.urls(server.home / "data" / "vov.jsonl") == articles(site)
        assert server.log(job).splitlines()[-1].endswith("INFO: Ended: complete (exit status 0)")
        (run,) = server.runs()
        assert (run["arguments"], run["ended"]) == ({"since": "all", "related": "2"}, "complete")

    def test_every_line_of_the_manual_that_schedules_one_is_taken(self, server: Scrapyd) -> None:
        lines = schedule_lines()
        assert len(lines) == 2
        for line in lines:
            server.wait_for(server.schedule(line))
        assert [run["exit_status"] for run in server.runs()] == [0]
        assert (server.home / "data" / "another.sqlite").exists()

    def test_a_job_crawls_into_postgresql(self, server: Scrapyd, site: SampleServer) -> None:
        postgresql.need_server()
        store = postgresql.server().new_store()
        job = server.schedule(f"{crawl(ALL)} --data-urlencode 'setting=VOV_DATABASE={store}'")
        server.wait_for(job)
        assert server.log(job).splitlines()[-1].endswith("INFO: Ended: complete (exit status 0)")
        (run,) = server.runs(store)
        assert (run["exit_status"], run["new"]) == (0, len(articles(site)))
        postgresql.server().drop_store(store)

    def test_the_client_schedules_one_too(self, server: Scrapyd, site: SampleServer) -> None:
        settings = "".join(f" --arg setting={each}" for each in settings_of(site))
        said = server.run(documented("scrapyd-client schedule") + settings)
        job = re.findall(r"[0-9a-f]{32}", said)[0]
        server.wait_for(job)
        assert [run["exit_status"] for run in server.runs()] == [0]

    def test_a_wrong_argument_stands_in_the_job_s_log_with_its_status(self, server: Scrapyd) -> None:
        job = server.schedule(crawl("-d since=yesterday"))
        server.wait_for(job)
        (line,) = server.log(job).splitlines()
        assert "since" in line
        assert line.endswith("(exit status 2)")

    @pytest.mark.parametrize(
        ("given", "status"), [("", 130), ("signal=TERM", 143)], ids=["as scrapyd does", "by SIGTERM"]
    )
    def test_a_job_that_is_cancelled_is_resumed_by_the_next(
        self, server: Scrapyd, site: SampleServer, given: str, status: int
    ) -> None:
        job = server.schedule(crawl(ALL), delay=0.1)
        wait_for_requests(site, 40)
        cancel = next(line for line in cancel_lines() if line.endswith(given or "job=JOB"))
        assert server.answer(cancel.replace("JOB", job))["prevstate"] == "running"
        server.wait_for(job)
        assert server.log(job).splitlines()[-1].endswith(f"; the work is saved (exit status {status})")
        another = server.schedule(crawl(ALL))
        server.wait_for(another)
        assert "Resuming the unfinished crawl of these arguments" in server.log(another)
        assert server.urls(server.home / "data" / "vov.jsonl") == articles(site)
        assert [run["exit_status"] for run in server.runs()] == [0, status]

    def test_the_second_job_on_a_store_says_that_it_is_held(self, server: Scrapyd, site: SampleServer) -> None:
        job = server.schedule(crawl(TWO_DAYS), delay=1)
        wait_for_requests(site, 3)
        second = server.schedule(crawl(TWO_DAYS))
        server.wait_for(second)
        (line,) = server.log(second).splitlines()
        assert line.endswith(f"another crawl holds the store {server.store} (exit status 75)")
        assert server.jobs()["running"] == [job]

    def test_a_backfill_makes_room_for_a_job_of_later_days(self, server: Scrapyd, site: SampleServer) -> None:
        backfill = server.schedule(crawl("-d since=2020-01-01 -d until=2026-07-14"), delay=0.15)
        wait_for_requests(site, 6)
        hourly = server.schedule(crawl("-d since=1d"))
        server.wait_for(hourly)
        assert server.log(hourly).splitlines()[-1].endswith("Ended: complete (exit status 0)")
        server.wait_for(backfill)
        assert server.log(backfill).splitlines()[-1].endswith("Ended: complete (exit status 0)")
        assert [run["exit_status"] for run in server.runs()] == [0, 0, 75]


def cancel_lines() -> list[str]:
    blocks = [block for block in manual.blocks("sh") if block.page == PAGE]
    return [line for block in blocks for line in block.text.splitlines() if "cancel.json" in line]


def test_with_a_folder_for_items_the_articles_go_there_alone(
    checkout: Path, site: SampleServer, tmp_path: Path
) -> None:
    with scrapyd(tmp_path / "home", checkout, site, items_dir="items") as server:
        server.run(documented("scrapyd-deploy", "--version 1"))
        job = server.schedule(crawl(ALL))
        server.wait_for(job)
        assert server.urls(server.home / "items" / "vovcrawl" / "vov" / f"{job}.jl") == articles(site)
        assert not (server.home / "data" / "vov.jsonl").exists()


def test_jobs_that_are_stopped_with_scrapyd_save_their_work(checkout: Path, site: SampleServer, tmp_path: Path) -> None:
    with scrapyd(tmp_path / "home", checkout, site) as server:
        server.run(documented("scrapyd-deploy", "--version 1"))
        job = server.schedule(crawl(ALL), delay=0.1)
        wait_for_requests(site, 20)
    deadline = time.monotonic() + 20
    while not server.log(job).endswith("Ended: stopped by SIGTERM; the work is saved (exit status 143)\n"):
        assert time.monotonic() < deadline, server.log(job)
        time.sleep(0.1)
    assert [run["exit_status"] for run in server.runs()] == [143]
