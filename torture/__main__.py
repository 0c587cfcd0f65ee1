"""Kills crawls, and lets one run very long, all on loopback: `make torture`, or `python -m torture [PART ...]`.

`kills`: crawls of a replica of the site, in several ways, each killed with SIGKILL a hundred times and started again
with the same arguments; then the same with faults of the site on top. `peer`: Scrapy's own `JOBDIR` under such kills.
`long`: one crawl of 20,000 pages, and its memory. `python -m torture kills --variants listing --kills 20 --seed 7` is
a short one. All moments are drawn from the seed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Check, report
from sample_site.apart import served_apart
from torture.checks import Kept, check
from torture.kills import (
    ARCHIVE,
    VARIANTS,
    Crawler,
    Variant,
    endure,
    hostile_server,
    lay_out,
    replica,
    startup_s,
    undisturbed,
)
from torture.long_crawl import crawl_long
from torture.peer import kill_jobdir
from torture.plan import EVERY_KIND, WITHOUT_SERVER, plan

PARTS = ("kills", "peer", "long")

_FAULTS = 0.05
_RUNS_TO_THE_END = 5
"""So often a crawl of a faulty site may be started in the end: a page can meet faults in all attempts of a run."""


def kill_crawl(
    variant: Variant, folder: Path, *, articles: int, kills: int, seed: int, faults: float = 0.0
) -> list[Check]:
    """Crawls a site undisturbed, then again with kills and faults, and compares.

    Args:
        variant: how the site is crawled.
        folder: an existing one, empty, which keeps everything.
        articles: how many the site has.
        kills: how many.
        seed: of the site, the kills and the faults.
        faults: the share of requests that meet one.
    """
    site = replica(articles, seed)
    lay_out(site, folder)
    with served_apart(hostile_server, articles, seed) as server:

        def crawler(name: str) -> Crawler:
            return Crawler(variant, site, server, folder, folder / name)

        first = crawler("undisturbed")
        whole = undisturbed(first)
        startup = startup_s(crawler("startup"))
        sources = sum(whole.is_source(address) for address in whole.states)
        kinds = WITHOUT_SERVER if variant is ARCHIVE else EVERY_KIND
        server.call("fault", faults)
        campaign = endure(
            crawler("killed"),
            plan(seed, kills, len(whole.states), sources, kinds=kinds),
            startup,
            runs_to_the_end=_RUNS_TO_THE_END if faults else 1,
        )
    name = f"{variant.name}, {faults:.0%} faults" if faults else variant.name
    return check(name, campaign, Kept.in_folder(first.campaign.folder), kills)


def _kills(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    for faults in given.faults:
        for name in given.variants:
            if faults and VARIANTS[name] is ARCHIVE:
                continue
            yield from kill_crawl(
                VARIANTS[name],
                Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder)),
                articles=given.articles,
                kills=given.kills,
                seed=given.seed,
                faults=faults,
            )


def _parts(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    if "kills" in given.parts:
        yield from _kills(given, folder)
    if "peer" in given.parts:
        made = Path(tempfile.mkdtemp(prefix="peer-", dir=folder))
        yield from kill_jobdir(made, articles=given.articles, kills=given.kills, seed=given.seed)
    if "long" in given.parts:
        yield from crawl_long(Path(tempfile.mkdtemp(prefix="long-", dir=folder)), given.pages, given.seed)


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
