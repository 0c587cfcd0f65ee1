"""Kills crawls, and lets one run very long: `make torture`, or `python -m torture`.

`python -m torture kills` crawls a replica of the site on loopback in several ways, kills each crawl with SIGKILL a
hundred times, and checks what is lost and what is repeated; then the same with faults of the site on top.
`python -m torture kills listing --kills 20 --seed 7` is a short one. All moments are drawn from the seed.
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
from torture.kills import VARIANTS, Crawler, Variant, endure, hostile_server, lay_out, replica, startup_s, undisturbed
from torture.plan import plan

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
        kill_plan = plan(seed, kills, len(whole.states), sources, served=variant.served)
        server.call("fault", faults)
        campaign = endure(crawler("killed"), kill_plan, startup, runs_to_the_end=_RUNS_TO_THE_END if faults else 1)
    name = f"{variant.name}, {faults:.0%} faults" if faults else variant.name
    return check(name, campaign, Kept.in_folder(first.campaign.folder), kills)


def _kills(given: argparse.Namespace, folder: Path) -> Iterator[Check]:
    for faults in given.faults:
        for name in given.variants or VARIANTS:
            variant = VARIANTS[name]
            if faults and not variant.served:
                continue
            made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
            yield from kill_crawl(
                variant, made, articles=given.articles, kills=given.kills, seed=given.seed, faults=faults
            )


def main() -> None:
    """Torture, check and print."""
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where stores, feeds and logs are written, a folder on disk")
    parser.add_argument("--keep", action="store_true", help="leave them there")
    parts = parser.add_subparsers(dest="part")
    kills = parts.add_parser("kills", help="crawls that are killed again and again")
    kills.add_argument("variants", nargs="*", metavar="VARIANT", help=f"of {', '.join(VARIANTS)}; all by default")
    kills.add_argument("--articles", type=int, default=500)
    kills.add_argument("--kills", type=int, default=100)
    kills.add_argument("--seed", type=int, default=1, help="of the site, the kills and the faults")
    kills.add_argument("--faults", type=float, nargs="+", default=[0.0, _FAULTS], help="shares of faulty answers")
    given = parser.parse_args(sys.argv[1:] or ["kills"])
    if unknown := set(given.variants) - set(VARIANTS):
        parser.error(f"no such variant: {', '.join(sorted(unknown))}; there are {', '.join(VARIANTS)}")
    folder = Path(tempfile.mkdtemp(prefix="torture-", dir=given.folder))
    print(f"seed {given.seed}", flush=True)
    checks = []
    try:
        for one in _kills(given, folder):
            checks.append(one)
            one.tell()
    finally:
        if given.keep:
            print(f"stores, feeds and logs: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder)
    report(checks)


if __name__ == "__main__":
    main()
