"""Kills crawls, and lets one run very long, all on loopback: `make torture`, or `python -m torture [PART ...]`.

`kills`: crawls of a replica of the site, in several ways, each killed with SIGKILL a hundred times and started again
with the same arguments; then the same with faults of the site on top. `peer`: Scrapy's own `JOBDIR` under such kills.
`long`: one crawl of 20,000 pages, and its memory. `stop`: how soon a crawl ends after a signal. `life`: 40 days of
crawls by cron on a site that changes and fails, and whether what they say is true. `costly`: a thousand pages that
are made to cost time and memory. `workers`: several crawls on one store in PostgreSQL, one of which is killed every
few seconds and replaced, and some that keep a delay between them. `python -m torture kills --variants listing --kills
20 --seed 7` is a short one. All moments are drawn from the seed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Check, report
from torture.checks import all_checks
from torture.costly_crawl import crawl_costly
from torture.kills import OF_FILES, VARIANTS, kill_crawl
from torture.life import KINDS, live
from torture.long_crawl import crawl_long
from torture.peer import kill_jobdir
from torture.stopping import stop_crawls

PARTS = ("kills", "peer", "long", "stop", "life", "costly", "workers")

_FAULTS = 0.05
_KILLED_EVERY_S = 4.0
_DELAYED, _DELAY_S = 60, 0.5
"""Articles of the site that workers crawl with a delay, and its seconds."""


def _kills(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    for faults in given.faults:
        for name in given.variants:
            if faults and VARIANTS[name] in OF_FILES:
                continue
            killed = kill_crawl(
                VARIANTS[name],
                Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder)),
                articles=given.articles,
                kills=given.kills,
                seed=given.seed,
                faults=faults,
            )
            yield from all_checks(killed)


def _lives(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    for kind in KINDS:
        for seed in range(given.seed, given.seed + (given.lives if kind is KINDS[0] else 1)):
            made = Path(tempfile.mkdtemp(prefix="life-", dir=folder))
            yield from live(made, seed=seed, days=given.days, kind=kind)


def _workers(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    # Only here: it needs what only tests have installed.
    from tests.postgresql import Server, need_server
    from torture.workers import keep_delay, kill_workers

    server = Server(need_server())

    def room() -> tuple[str, Path]:
        return server.new_store(), Path(tempfile.mkdtemp(prefix="workers-", dir=folder))

    try:
        yield from kill_workers(
            *room(), articles=given.shared, workers=given.workers, every_s=_KILLED_EVERY_S, seed=given.seed
        )
        yield from keep_delay(*room(), articles=_DELAYED, workers=given.workers, delay_s=_DELAY_S, seed=given.seed)
    finally:
        server.remove()


def _parts(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    if "kills" in given.parts:
        yield from _kills(given, folder)
    if "peer" in given.parts:
        made = Path(tempfile.mkdtemp(prefix="peer-", dir=folder))
        yield from kill_jobdir(made, articles=given.articles, kills=given.kills, seed=given.seed)
    if "long" in given.parts:
        yield from crawl_long(Path(tempfile.mkdtemp(prefix="long-", dir=folder)), given.pages, given.seed)
    if "stop" in given.parts:
        yield from stop_crawls(Path(tempfile.mkdtemp(prefix="stop-", dir=folder)))
    if "life" in given.parts:
        yield from _lives(given, folder)
    if "costly" in given.parts:
        yield from crawl_costly(Path(tempfile.mkdtemp(prefix="costly-", dir=folder)), given.costly)
    if "workers" in given.parts:
        yield from _workers(given, folder)


def main() -> None:
    """Torture, check and print."""
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--seed", type=int, default=1, help="of the sites, the kills and the faults")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS), help="ways to crawl")
    parser.add_argument("--articles", type=int, default=500, help="of the site whose crawls are killed")
    parser.add_argument("--kills", type=int, default=100, help="of each crawl")
    parser.add_argument("--faults", type=float, nargs="+", default=[0.0, _FAULTS], help="shares of faulty answers")
    parser.add_argument("--pages", type=int, default=20_000, help="of the long crawl, at least")
    parser.add_argument("--costly", type=int, default=1000, help="pages made to cost time and memory, in one crawl")
    parser.add_argument("--lives", type=int, default=4, help="so many by sitemaps, and one of each other kind")
    parser.add_argument("--days", type=int, default=40, help="of a life")
    parser.add_argument("--workers", type=int, default=4, help="crawls on one store at a time")
    parser.add_argument("--shared", type=int, default=2000, help="articles of the site that they crawl")
    parser.add_argument("--folder", type=Path, help="where stores, feeds and logs are written, a folder on disk")
    parser.add_argument("--keep", action="store_true", help="leave stores, feeds and logs in the folder")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    given.parts = given.parts or PARTS
    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=given.folder))
    print(f"seed {given.seed}", flush=True)
    checks: list[Check] = []
    try:
        for one in _parts(given, folder):
            one.tell()
            checks.append(one)
    finally:
        if given.keep:
            print(f"stores, feeds and logs: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder)
    report(checks)
    if any(one.reached is False for one in checks):
        sys.exit(1)


if __name__ == "__main__":
    main()
