"""`scrapy browse` as a person runs it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import PROJECT
from tests.stores import store_at

pytestmark = pytest.mark.long


def command(store: Path | str, *given: str) -> list[str]:
    settings = ["-s", f"VOV_DATABASE={store_at(store)}"]
    return [sys.executable, "-m", "scrapy", "browse", "--no-open", *given, *settings]


@contextmanager
def running(store: Path, *given: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, once it has named its address."""
    process = subprocess.Popen(
        command(store, *given), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[0]
    finally:
        process.kill()
        process.communicate()


def ended(store: Path | str, *given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(store, *given), cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_it_answers_where_it_says_and_ends_with_0_on_sigint(store: Path) -> None:
    with running(store, "--port", "0") as (process, address):
        with urlopen(address) as reply:
            assert reply.status == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert (process.returncode, errors) == (0, "")


def test_where_the_usual_port_is_taken_it_takes_another(store: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8001))
        except OSError:
            pytest.skip("port 8001 is taken by a program of this machine")
        taken.listen()
        with running(store) as (_, address), urlopen(address) as reply:
            assert (reply.status, address.endswith(":8001/")) == (200, False)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["--port", "x"], "scrapy browse: --port: 'x' is not a whole number from 0 on"),
        (["--port", "70000"], "scrapy browse: --port: '70000' is no port; the last one is 65535"),
        (["--host", "192.0.2.1", "--port", "0"], "scrapy browse: cannot listen on 192.0.2.1, port 0: "),
        (["the-thao"], "scrapy browse: unknown option or argument the-thao"),
    ],
)
def test_a_mistake_is_one_line(store: Path, given: list[str], line: str) -> None:
    found = ended(store, *given)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(line) and found.stderr.count("\n") == 1


def test_a_port_that_was_given_and_is_taken_is_said(store: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = ended(store, "--port", str(taken.getsockname()[1]))
    assert (found.returncode, "in use" in found.stderr) == (2, True)


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    found = ended(tmp_path / "no.sqlite")
    assert (found.returncode, "there is no store" in found.stderr) == (6, True)
