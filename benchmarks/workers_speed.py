"""Pages a second of one crawl into PostgreSQL, of two that share a host, and of two on network paths of their own.

`python -m benchmarks.workers_speed [--articles N] [--latency S]`; the site and the server are on loopback. Two that ask
one host get it by turns, one request at a time, so that what they gain is the time in which one reads and keeps a page
and the other asks; with a mirror each, as on two networks, both ask at a time. Delays are off.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.report import Check, report
from sample_site.apart import served_apart
from tests.postgresql import Server, need_server
from torture.kills import replica
from torture.workers import Team, Visit, watched_server

_GAIN = 1.35
"""Target: how many times the pages of one worker two on paths of their own get through."""

_SEED = 1


def pages_a_second(visits: Sequence[Visit]) -> float:
    """The pace from the first request to the last."""
    began = sorted(visit.began for visit in visits)
    return (len(began) - 1) / (began[-1] - began[0])


def measure(server: Server, folder: Path, *, articles: int, latency: float, workers: int, paths: int) -> float:
    """The pages a second of some workers.

    Args:
        server: the PostgreSQL.
        folder: an existing one, empty.
        articles: how many the site has.
        latency: seconds that the site takes to answer.
        workers: how many there are.
        paths: over how many mirrors they ask.
    """
    now = replica(articles, _SEED).now.isoformat()
    with ExitStack() as stack:
        sites = [stack.enter_context(served_apart(watched_server, articles, _SEED, latency)) for _ in range(paths)]
        team = Team(server.new_store(), folder, {"VOV_NOW": now, "DOWNLOAD_DELAY": "0", "LOG_LEVEL": "WARNING"})
        stack.callback(team.end)
        for place in range(workers):
            team.start(place, VOV_MIRROR=sites[place % paths].url)
        team.wait()
        if set(team.statuses) != {0}:
            raise SystemExit(f"a worker ended with status {max(team.statuses)}; see {folder}")
        return pages_a_second([visit for site in sites for visit in site.call("visits")])


def checks(articles: int, latency: float) -> Iterator[Check]:
    """What was measured."""
    part = f"{articles} articles, answered after {latency * 1000:.0f} ms"
    server = Server(need_server())
    try:
        alone = 0.0
        for what, workers, paths in (
            ("one worker", 1, 1),
            ("two workers, one host", 2, 1),
            ("two workers, a network path each", 2, 2),
        ):
            folder = Path(tempfile.mkdtemp(prefix="workers-"))
            pace = measure(server, folder, articles=articles, latency=latency, workers=workers, paths=paths)
            alone = alone or pace
            gain = pace / alone
            target, reached = (f">= {_GAIN}", gain >= _GAIN) if paths == 2 else ("", None)
            yield Check(part, what, f"{pace:.1f} pages/s, {gain:.2f} times one", target, reached)
    finally:
        server.remove()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers_speed", description=__doc__)
    parser.add_argument("--articles", type=int, default=400, help="of the site")
    parser.add_argument("--latency", type=float, default=0.03, help="seconds that the site takes to answer")
    given = parser.parse_args()
    report(list(checks(given.articles, given.latency)))


if __name__ == "__main__":
    main()
