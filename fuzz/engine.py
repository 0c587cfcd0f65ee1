"""One target under atheris, in this process: `python -m fuzz.engine NAME FINDINGS CORPUS [libFuzzer's options]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import process_time_ns

import atheris

with atheris.instrument_imports(include=["vovcrawl"]):
    from fuzz.budget import Budget
    from fuzz.mutations import Mutator
    from fuzz.targets import TARGETS

SLOWEST = "slowest.json"
"""Name of the file beside the findings that says what the slowest input took."""


def main() -> None:
    """Fuzzes until libFuzzer's options say that it is enough, or an input breaks a promise."""
    name, findings, corpus, *options = sys.argv[1:]
    target = TARGETS[name]
    folder = Path(findings)
    known = target.seeds()
    for number, seed in enumerate(known):
        (Path(corpus) / f"seed-{number:04}").write_bytes(seed)
    mutator = Mutator(target.words(), known)
    budget = Budget(target.read, known, target.yardstick)

    def test(data: bytes) -> None:
        start = process_time_ns()
        result = target.read(data)
        spent = process_time_ns() - start
        if budget.check(data, spent):
            (folder / "slowest").write_bytes(data)
            (folder / SLOWEST).write_text(json.dumps({"times": budget.worst, "bytes": len(data)}))
        target.check(result)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        # One in four by libFuzzer itself: bytes, and words that comparisons have shown.
        return bytes(atheris.Mutate(data, most)) if seed % 4 == 0 else mutator.mutate(data, most, seed)

    atheris.Setup(
        [sys.argv[0], corpus, f"-artifact_prefix={folder}/", f"-max_len={target.longest}", *options],
        test,
        custom_mutator=mutate,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
