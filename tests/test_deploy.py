"""The files of `deploy/`, held against the programs that they are for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests.conftest import PROJECT
from tests.stores import store_at
from vovcrawl.store import Run, RunStore, StoreError, read_database

DEPLOY = PROJECT / "deploy"
HOME = "/srv/vovcrawl"
SCRAPY = Path(sys.executable).parent / "scrapy"

CRON_JOBS = Path("/etc/cron.d")
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def program(name: str) -> str:
    """Where a program is, which the machine may not have."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*line: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


class TestSystemd:
    """The services and timers."""

    @pytest.fixture
    def units(self, tmp_path: Path) -> Path:
        """The units, with the command where this machine has one."""
        for unit in UNITS:
            text = re.sub(rf"{HOME}/\.venv[^/]*/bin/\w+", str(SCRAPY), unit.read_text())
            (tmp_path / unit.name).write_text(text)
        return tmp_path

    @pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
    def test_systemd_finds_nothing_wrong(self, units: Path, unit: Path) -> None:
        verify = program("systemd-analyze")
        checked = run(verify, "verify", "--man=no", units / unit.name)
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")

    def test_it_would_find_what_is_wrong(self, units: Path) -> None:
        verify = program("systemd-analyze")
        service = units / "vovcrawl.service"
        service.write_text(service.read_text().replace("WorkingDirectory=", "WorkingFolder="))
        assert "WorkingFolder" in run(verify, "verify", "--man=no", service).stderr

    @pytest.mark.parametrize(("timer", "minute"), [("vovcrawl.timer", "00"), ("vovcrawl-worker@.timer", "15")])
    def test_the_timer_runs_every_hour(self, timer: str, minute: str) -> None:
        analyze = program("systemd-analyze")
        (when,) = re.findall(r"^OnCalendar=(.+)$", (DEPLOY / timer).read_text(), re.MULTILINE)
        assert f"*-*-* *:{minute}:00" in run(analyze, "calendar", when).stdout

    def test_a_worker_has_the_password_from_a_file_and_a_feed_of_its_own(self) -> None:
        text = (DEPLOY / "vovcrawl-worker@.service").read_text()
        assert "LoadCredential=pgpass:/etc/vovcrawl/pgpass\nEnvironment=PGPASSFILE=%d/pgpass\n" in text
        assert re.search(r"^ExecStart=.* -o data/vov-%i\.jsonl$", text, re.MULTILINE)

    def test_what_stops_scrapyd_stops_its_jobs_by_a_signal_that_saves_their_work(self) -> None:
        text = (DEPLOY / "scrapyd.service").read_text()
        assert not re.search(r"^(KillMode|KillSignal|FinalKillSignal)=", text, re.MULTILINE)


class TestLogrotate:
    """vovcrawl.logrotate."""

    def test_it_moves_the_log_aside_and_keeps_what_is_written_on(self, tmp_path: Path) -> None:
        rotate = program("logrotate")
        rules = (DEPLOY / "vovcrawl.logrotate").read_text().replace(f"{HOME}/data", str(tmp_path))
        rules = re.sub(r"^ *su .*\n", "", rules, flags=re.MULTILINE)
        (tmp_path / "rules").write_text(rules)
        (tmp_path / "rules").chmod(0o644)
        log = tmp_path / "vov.log"
        with log.open("a") as writing:
            writing.write("before\n")
            writing.flush()
            rotated = run(rotate, "--force", "--state", tmp_path / "state", tmp_path / "rules")
            assert (rotated.returncode, rotated.stderr) == (0, "")
            writing.write("after\n")
        assert not log.exists()
        assert (tmp_path / "vov.log.1").read_text() == "before\nafter\n"


class TestCron:
    """vovcrawl.cron."""

    @pytest.fixture
    def job(self) -> str:
        """The one line of the fragment that runs something."""
        lines = (DEPLOY / "vovcrawl.cron").read_text().splitlines()
        (job,) = (line for line in lines if HOME in line and not line.startswith("#"))
        return job

    @pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
    def test_the_manual_is_for_the_same_folder_and_shows_no_other_line(self, job: str, page: str) -> None:
        text = (PROJECT / page).read_text(encoding="utf-8")
        assert HOME in text
        assert [line for line in text.splitlines() if line.startswith("15 *") and line != job] == []

    def test_the_readme_shows_its_line(self, job: str) -> None:
        assert f"\n{job}\n" in (PROJECT / "README.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", ["vovcrawl.cron", "vovcrawl-worker.cron"])
    def test_cron_finds_nothing_wrong(self, name: str) -> None:
        checked = run(program("crontab"), "-n", DEPLOY / name)
        assert checked.returncode == 0, checked.stderr

    def test_it_would_find_what_is_wrong(self, job: str, tmp_path: Path) -> None:
        (tmp_path / "wrong").write_text(job.replace("15 *", "75 *", 1) + "\n")
        assert run(program("crontab"), "-n", tmp_path / "wrong").returncode != 0

    @pytest.mark.long
    def test_cron_runs_it_in_silence(self, job: str, site: SampleServer, tmp_path: Path) -> None:
        cron = program("cron")
        if os.geteuid() != 0:
            pytest.skip("cron runs only for root")
        home = tmp_path / "srv"
        (home / "data").mkdir(parents=True)
        (home / ".venv" / "bin").mkdir(parents=True)
        (home / ".venv" / "bin" / "scrapy").symlink_to(SCRAPY)
        (home / "vovcrawl").symlink_to(PROJECT / "vovcrawl")
        shutil.copy(PROJECT / "scrapy.cfg", home)
        schedule, command = re.fullmatch(r"((?:\S+ ){4}\S+) +(.*)", job, re.DOTALL).groups()  # type: ignore[union-attr]
        assert schedule == "15 * * * *"
        settings = f"-s VOV_MIRROR={site.url} -s VOV_NOW={NOW.isoformat()} -s DOWNLOAD_DELAY=0"
        line = f"{command.replace(HOME, str(home))} {settings} > {home / 'said'} 2>&1"
        table = CRON_JOBS / f"vovcrawl-test-{os.getpid()}"
        table.write_text(f'MAILTO=""\n* * * * * root {line}\n')
        # Where another cron runs already, this one leaves at once and the other does its work.
        running = subprocess.Popen([cron, "-f"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            ended = wait_for_run(home / "data" / "vov.sqlite", seconds=75)
        finally:
            table.unlink()
            running.terminate()
            running.wait(timeout=10)
        assert (ended.exit_status, ended.arguments) == (0, '{"since": "2d"}')
        assert ended.counts.new > 0
        assert (home / "said").read_text() == ""
        assert " INFO: " in (home / "data" / "vov.log").read_text()
        assert len((home / "data" / "vov.jsonl").read_text().splitlines()) == ended.counts.new


def wait_for_run(store: Path, seconds: int) -> Run:
    """The first run of a store, once it has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            database = read_database(store_at(store))
        except StoreError:
            time.sleep(0.2)
            continue
        found = RunStore(database.connection).last(1)
        database.close()
        if found and found[0].ended_at is not None:
            return found[0]
        time.sleep(0.2)
    pytest.fail(f"no run within {seconds} seconds")
