"""Reads a folder of pages with trafilatura on several processors: `... run_trafilatura_pool FOLDER PROCESSES`.

Prints the seconds by the wall, the start of the processes left out. Each page is read as a corpus of the web is made:
`trafilatura.extract` with what it knows of the page, as JSON.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from time import perf_counter

from trafilatura import extract

_A_TIME = 8


def read(path: Path) -> int:
    """How long what was read of a page is."""
    return len(extract(path.read_bytes(), output_format="json", with_metadata=True, include_comments=False) or "")


def main() -> None:
    """Read all pages and print."""
    paths = sorted(Path(sys.argv[1]).iterdir())
    with multiprocessing.Pool(int(sys.argv[2])) as pool:
        # What a process does once is left out.
        pool.map(read, paths[:_A_TIME], 1)
        start = perf_counter()
        read_of = sum(length > 0 for length in pool.imap(read, paths, _A_TIME))
        seconds = perf_counter() - start
    if read_of < len(paths):
        raise SystemExit(f"{len(paths)} pages, but something was read of {read_of}")
    print(seconds)


if __name__ == "__main__":
    main()
