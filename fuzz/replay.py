"""Reads inputs again, without the engine: `python -m fuzz.replay TARGET FILE...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import process_time_ns

from fuzz.budget import Budget
from fuzz.targets import TARGETS


def main(arguments: Sequence[str]) -> None:
    """Prints what each file took; an input that breaks a promise ends with its traceback."""
    if len(arguments) < 2 or arguments[0] not in TARGETS:
        sys.exit(f"usage: python -m fuzz.replay TARGET FILE...; targets are {', '.join(TARGETS)}")
    name, *files = arguments
    target = TARGETS[name]
    budget = Budget(target.read, target.seeds(), target.yardstick)
    print(f"fair share: {budget.nanoseconds_a_byte:.1f} ns a byte")
    for file in files:
        data = Path(file).read_bytes()
        start = process_time_ns()
        target.run(data)
        spent = process_time_ns() - start
        print(f"{file}: {len(data)} bytes, {spent / 1e6:.1f} ms, {budget.share(data, spent):.1f} times the fair share")


if __name__ == "__main__":
    main(sys.argv[1:])
