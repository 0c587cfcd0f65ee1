"""`python -m vovcrawl.archives`: what it refuses, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.archives.dataset.made import records_of
from tests.archives.dataset.test_reading_processes import archive
from tests.archives.warc_files import article, article_url, packed, response
from tests.conftest import PROJECT, environment

pytestmark = pytest.mark.long

LINE = [sys.executable, "-m", "vovcrawl.archives"]


def run(*given: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LINE, *map(str, given)], capture_output=True, text=True, cwd=PROJECT, env=environment(), timeout=120
    )


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return archive(tmp_path / "a.warc.gz", range(1, 4))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["a.warc.gz"], "-o is missing"),
        (["-o", "new"], "no archive is named"),
        (["none.warc.gz", "-o", "new"], "there is no file or folder"),
        (["a.warc.gz", "-o", "."], "is there already"),
        (["a.warc.gz", "-o", "new", "--workers", "0"], "--workers: '0' is not a whole number from 1 to 1000"),
        (["a.warc.gz", "-o", "new", "--workers", "2", "--scheduler", "tcp://x:1"], "exclude each other"),
        (["a.warc.gz", "-o", "new", "--since", "soon"], "--since: 'soon'"),
        (["a.warc.gz", "-o", "new", "--fields", "name:x"], "--fields: unknown field 'name'"),
        (["a.warc.gz", "-o", "new", "--storage-option", "key"], "right would be NAME=VALUE"),
        (["a.warc.gz", "-o", "new", "--read-at", "later"], "--read-at: 'later' is no ISO time"),
        (["a.warc.gz", "-o", "new", "--no-such-option"], "unrecognized arguments"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(warc: Path, given: list[str], said: str) -> None:
    of_folder = {"a.warc.gz": str(warc), "new": str(warc.parent / "new"), ".": str(warc.parent)}
    done = run(*(of_folder.get(word, word) for word in given))
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in warc.parent.iterdir()) == ["a.warc.gz"]


@pytest.mark.long
def test_a_dataset_is_made_and_its_records_are_counted(warc: Path) -> None:
    done = run(warc, "-o", warc.parent / "dataset", "--workers", "1")
    assert done.returncode == 0
    assert "3 articles in" in done.stdout
    assert "3 records: 3 article" in done.stdout
    assert done.stderr == ""
    assert len(records_of(warc.parent / "dataset")) == 3


@pytest.mark.long
def test_what_could_not_be_read_makes_status_3(tmp_path: Path) -> None:
    lost = response(article_url(1), article(1)[:200], fields=[("WARC-Truncated", "length")])
    (tmp_path / "a.warc.gz").write_bytes(packed(lost))
    done = run(tmp_path / "a.warc.gz", "-o", tmp_path / "dataset", "--workers", "1")
    assert done.returncode == 3
    assert "1 records could not be read" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    path = archive(tmp_path / "a.warc.gz", range(1, 3001))
    line = [*LINE, str(path), "-o", str(tmp_path / "dataset"), "--workers", "2"]
    running = subprocess.Popen(
        line, cwd=PROJECT, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".dataset.*/scratch/read-0.*.values")) and time.monotonic() < deadline:
        time.sleep(0.05)
    # As a terminal does: the workers get it too.
    os.killpg(running.pid, number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert said == ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.warc.gz"]


@pytest.mark.long
def test_a_scheduler_that_does_not_answer_is_one_line(warc: Path) -> None:
    done = run(warc, "-o", warc.parent / "dataset", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no scheduler of Dask answers there" in done.stderr
    assert [path.name for path in warc.parent.iterdir()] == ["a.warc.gz"]
