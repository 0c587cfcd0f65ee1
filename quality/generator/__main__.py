"""Writes the evaluation set: `python -m quality.generator`."""

from __future__ import annotations

import argparse
from pathlib import Path

from quality.generator.evaluation_set import FOLDER, pages, write


def main() -> None:
    """Writes both files, of the frozen set unless another seed and folder are given."""
    parser = argparse.ArgumentParser(prog="python -m quality.generator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other pages of the same kinds")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write; quality/ by default")
    given = parser.parse_args()
    made = pages(given.seed)
    write(made, given.folder)
    print(f"{len(made)} pages written to {given.folder}")


if __name__ == "__main__":
    main()
