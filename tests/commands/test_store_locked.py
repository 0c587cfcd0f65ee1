"""Crawls whose store another program holds a lock of."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawler, command, environment
from tests.faults.scenarios import lock_from, with_less_patience
from tests.faults.stage import Ended, Stage

pytestmark = [pytest.mark.long, pytest.mark.sqlite("locks of a file")]

LOCKED = "is locked by another program: waiting for up to"
GIVEN = ("sections=xa-hoi", "related=0", "pages=1")


@pytest.fixture
def stage(site: SampleServer, tmp_path: Path) -> Iterator[Stage]:
    """A crawl to come."""
    with SampleServer() as elsewhere, ExitStack() as stack:
        yield Stage(site, elsewhere, tmp_path, stack.callback)


@pytest.fixture
def lock(crawl: Crawler) -> Iterator[Callable[[str], sqlite3.Connection]]:
    """Takes a lock of the store of an earlier crawl."""
    with ExitStack() as stack:

        def take(statement: str) -> sqlite3.Connection:
            other = sqlite3.connect(crawl(*GIVEN).store, isolation_level=None, check_same_thread=False)
            stack.callback(other.close)
            other.execute(statement)
            other.execute("SELECT count(*) FROM articles").fetchone()
            return other

        yield take


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN"])
def test_a_crawl_that_begins_waits_for_the_store(
    lock: Callable[[str], sqlite3.Connection], crawl: Crawler, statement: str
) -> None:
    other = lock(statement)
    freed = threading.Timer(5.0, other.rollback)
    freed.start()
    ended = crawl(*GIVEN)
    freed.join()
    assert ended.status == 0
    assert ended.log.count(LOCKED) == 1
    assert ended.rows("SELECT count(*), sum(exit_status) FROM runs") == [(2, 0)]


def started(stage: Stage) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(stage.folder, stage.mirror, stage.given),
        cwd=PROJECT,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT, signal.SIGTERM]])
def test_a_signal_is_heard_while_a_crawl_waits(stage: Stage, signals: list[signal.Signals]) -> None:
    lock_from(stage, lambda other: None)
    running = started(stage)
    assert running.stderr is not None
    assert any(LOCKED in line for line in running.stderr)
    for number in signals:
        running.send_signal(number)
    # Shorter than it would wait for the store.
    _, log = running.communicate(timeout=45)
    assert running.returncode == 128 + signals[0]
    assert "Traceback" not in log


def test_a_run_that_waited_in_vain_says_so_once_the_store_is_free(stage: Stage) -> None:
    other = lock_from(stage, lambda other: None)
    stage.environment = {"PYTHONPATH": str(with_less_patience(stage.folder))}
    running = subprocess.Popen(
        command(stage.folder, stage.mirror, stage.given),
        cwd=PROJECT,
        env={**environment(), **stage.environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    said = [line for line in iter(running.stderr.readline, "") if not _frees(line, other)]
    running.wait(60)
    ended = Ended(running.returncode, "".join(said), stage.folder, stage.store, stage.feed)
    assert ended.status == 6
    assert ended.rows("SELECT exit_status, outcome FROM runs") == [(6, "store failed")]
    assert {record["canonical_url"] for record in ended.records()} == ended.addresses()


def _frees(line: str, other: sqlite3.Connection) -> bool:
    """Lets go of the lock once the crawl says that it has given up."""
    if "The store failed: database is locked" not in line:
        return False
    other.rollback()
    return True
