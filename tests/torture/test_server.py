"""The server that kills its visitors and fails now and then."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from signal import SIGKILL

import pytest

from torture.faults import Fault, Faults
from torture.kills import hostile_server
from torture.server import HostileServer, Moment, Trap

ARTICLES = 12
VISITOR = """
import sys
from http.client import HTTPConnection, HTTPException
host, path, times = sys.argv[1:]
connection = HTTPConnection(host)
for _ in range(int(times)):
    connection.request("GET", path, headers={"Host": "vov.vn"})
    try:
        connection.getresponse().read()
    except (HTTPException, OSError):
        connection.close()
"""


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile_server(ARTICLES, seed=1) as running:
        yield running


def visitor(server: HostileServer, times: int, then: str = "") -> subprocess.Popen[bytes]:
    """A program that asks for the front page so often, once its input ends, whatever it gets."""
    host = server.url.removeprefix("http://")
    script = f"import sys; sys.stdin.read()\n{VISITOR}{then}"
    return subprocess.Popen([sys.executable, "-c", script, host, "/", str(times)], stdin=subprocess.PIPE)


@pytest.mark.parametrize("moment", list(Moment))
def test_a_visitor_is_killed_around_the_request_that_is_a_trap(server: HostileServer, moment: Moment) -> None:
    process = visitor(server, times=5)
    server.begin(Trap(process.pid, 3, moment))
    process.communicate(timeout=30)
    assert process.returncode == -SIGKILL
    asked = server.end()
    assert len(asked) in ({3, 4} if moment is Moment.ANSWERED else {3})
    assert [request.answered for request in asked[:2]] == [True, True]


@pytest.mark.long
def test_no_fault_spares_the_visitor(server: HostileServer) -> None:
    server.fault(1.0)
    met: set[Fault | None] = set()
    for number in range(60):
        process = visitor(server, times=1, then="import signal\nsignal.pause()")
        server.begin(Trap(process.pid, 1, Moment.HALF_ANSWERED if number % 2 else Moment.ANSWERED))
        process.communicate(timeout=30)
        assert process.returncode == -SIGKILL
        met.update(asked.fault for asked in server.end())
    assert met == set(Fault) - {Fault.SHELL}


def test_a_visitor_that_asks_less_often_lives(server: HostileServer) -> None:
    process = visitor(server, times=2)
    server.begin(Trap(process.pid, 3, Moment.ASKED))
    process.communicate(timeout=30)
    assert (process.returncode, len(server.end())) == (0, 2)


def test_a_new_visit_begins_with_nothing_asked(server: HostileServer) -> None:
    visitor(server, times=1).communicate(timeout=30)
    server.begin()
    assert server.end() == []


def get(server: HostileServer, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path, headers={"Host": "vov.vn"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_every_fault_is_met_and_none_lasts(server: HostileServer) -> None:
    path = server.site.newest[0].address
    whole = get(server, path)
    server.fault(0.9)
    # Slow responses are whole all the same.
    ends: Counter[object] = Counter()
    for _ in range(60):
        try:
            status, body = get(server, path)
            ends[status if body != whole[1] else "well"] += 1
        except (HTTPException, OSError) as error:
            ends[type(error).__name__] += 1
    met = {asked.fault for asked in server.end()} - {None}
    assert met == set(Fault)
    assert {"well", "IncompleteRead", 200, 500, 502, 503} < set(ends)


def test_the_same_seed_meets_the_same_faults() -> None:
    def met(seed: int) -> list[Fault | None]:
        faults = Faults(0.2, seed)
        return [faults.next(f"/xa-hoi/{number}.vov") for number in range(200)]

    assert met(1) == met(1) != met(2)
    assert 20 <= sum(fault is not None for fault in met(1)) <= 60


def test_only_articles_come_empty() -> None:
    faults = Faults(1.0, seed=1)
    assert Fault.SHELL not in {faults.next(f"/sitemaps/2026/{number}/article.xml") for number in range(200)}
