"""Worker processes that die cost no page, and pages that kill them are found."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dask
import psutil
import pytest
from distributed import Client

from tests.archives.dataset.deadly import HANGING, KILLING
from tests.archives.dataset.made import READ_AT, failures_of, made_here, records_of
from tests.archives.warc_files import article, article_url, packed, response
from vovcrawl.archives.dataset import engine, inputs, making
from vovcrawl.archives.dataset.choosing import options_of
from vovcrawl.export.target import Target

pytestmark = pytest.mark.long


@contextmanager
def two_workers() -> Iterator[Client]:
    """Two processes to which some pages are deadly."""
    with (
        dask.config.set({"distributed.worker.preload": ["tests.archives.dataset.deadly"]}),
        engine.workers_of_this_machine(2) as client,
    ):
        yield client


def made_by(client: Client, paths: list[Path], folder: Path, slice_bytes: int = 1 << 25) -> making.Made:
    options = options_of(read_at=READ_AT, now=datetime(2026, 7, 20, tzinfo=UTC))
    target = Target(str(folder), is_folder=True, force=False)
    return making.make(client, inputs.find(paths), options, target, slice_bytes)


def archive(path: Path, numbers: range, words: dict[int, bytes] | None = None) -> Path:
    """A WARC file with an article of each number."""
    pages = ((number, article(number, (words or {}).get(number, b"").decode())) for number in numbers)
    path.write_bytes(packed(*(response(article_url(number), page) for number, page in pages)))
    return path


def test_a_worker_that_is_killed_costs_no_page(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz", range(1, 1501))
    with two_workers() as client:
        pids = list(client.run(os.getpid).values())
        killed: list[int] = []

        def kill() -> None:
            # Once some slices are read, and while others are.
            while not list(tmp_path.glob(".dataset.*.export/scratch/read-1.*.rows")):
                time.sleep(0.01)
            os.kill(pids[0], signal.SIGKILL)
            killed.append(pids[0])

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        made = made_by(client, [path], tmp_path / "dataset", slice_bytes=20_000)
        killer.join(5)
    assert killed
    assert (made.articles, made.unread) == (1500, 0)
    made_here([path], tmp_path / "alone", slice_bytes=20_000)
    assert records_of(tmp_path / "dataset") == records_of(tmp_path / "alone")


def test_a_page_that_kills_its_worker_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.warc.gz", range(1, 41), {7: KILLING, 30: HANGING})
    with two_workers() as client:
        made = made_by(client, [path], tmp_path / "dataset")
    assert (made.articles, made.unread) == (38, 2)
    failures = failures_of(tmp_path / "dataset")
    assert [failure["url"] for failure in failures] == [article_url(7), article_url(30)]
    assert {failure["became"] for failure in failures} == {"given up"}


def test_workers_listen_on_the_loopback_alone() -> None:
    with engine.workers_of_this_machine(1) as client:
        pids = [os.getpid(), *client.run(os.getpid).values()]
        listening = [
            connection.laddr.ip
            for pid in pids
            for connection in psutil.Process(pid).net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert str(client.scheduler_info()["address"]).startswith("tls://")
    assert set(listening) == {"127.0.0.1"}
