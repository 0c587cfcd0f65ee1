"""Runs targets one after the other, each in a process of its own; the exit status is 1 where one found something."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from fuzz.targets import TARGETS

HERE = Path(__file__).resolve().parent
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_LONGEST_INPUT_S = 60
"""Seconds after which one input counts as endless."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzzes and prints a line for each target.

    Returns:
        0 where nothing was found, 1 where an input broke a promise.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}; all of them when left out")
    parser.add_argument("--seconds", type=int, default=600, help="how long each target is fuzzed")
    parser.add_argument("--folder", type=Path, default=HERE, help="where findings/ and corpus/ are kept")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.targets if name not in TARGETS]:
        parser.error(f"no such target: {', '.join(unknown)}")
    failed = [name for name in given.targets or TARGETS if not fuzz(name, given.seconds, given.folder)]
    return 1 if failed else 0


def fuzz(name: str, seconds: int, folder: Path) -> bool:
    """Whether a target kept its promises for so long."""
    findings, corpus = folder / "findings" / name, folder / "corpus" / name
    for place in (findings, corpus):
        place.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fuzz.engine", name, str(findings), str(corpus)]
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={_LONGEST_INPUT_S}",
        "-print_final_stats=1",
        "-rss_limit_mb=2048",
    ]
    ended = subprocess.run(
        [*command, *options], cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    log = ended.stdout.decode("utf-8", "replace")
    (findings / "log").write_text(log, "utf-8")
    executions = _EXECUTIONS.findall(log)
    slowest = findings / "slowest.json"
    times = json.loads(slowest.read_text())["times"] if slowest.exists() else 0.0
    outcome = "clean" if ended.returncode == 0 else f"FOUND, see {findings}"
    print(
        f"{name:10} {seconds:5} s {executions[-1] if executions else '?':>9} inputs, "
        f"slowest {times:5.1f} times its share: {outcome}",
        flush=True,
    )
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
