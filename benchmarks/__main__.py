"""All benchmarks, one after the other, and what they print as `docs/benchmarks.md`.

Run as `make benchmark`, or `python -m benchmarks NAME ...` for some: `read_articles`, `article_quality`, `crawl_speed`,
`archive_reading`, `archive_crawl`, `store_size`, `find_dates`. Between the marks of each in the page stands what it
printed last.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path

from benchmarks import (
    archive_crawl,
    archive_reading,
    article_quality,
    crawl_speed,
    find_dates,
    read_articles,
    store_size,
)
from benchmarks.report import Check, report

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"

BENCHMARKS: dict[str, Callable[[], list[Check]]] = {
    "read_articles": read_articles.measured,
    "article_quality": article_quality.measured,
    "crawl_speed": crawl_speed.measured,
    "archive_reading": archive_reading.measured,
    "archive_crawl": archive_crawl.measured,
    "store_size": store_size.measured,
    "find_dates": find_dates.measured,
}


class _Both(io.StringIO):
    """Keeps what is printed, and prints it."""

    def write(self, text: str) -> int:
        sys.__stdout__.write(text)  # type: ignore[union-attr]
        return super().write(text)


def between_marks(page: str, name: str, text: str) -> str:
    """The page with `text` between the marks `name`.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if begin not in page or end not in page:
        raise ValueError(f"{PAGE.name} has no marks {begin} and {end}")
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
    return re.sub(pattern, lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page, count=1, flags=re.DOTALL)


def main() -> None:
    """Measures, prints, and writes the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; all by default")
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := set(names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    page = PAGE.read_text(encoding="utf-8")
    for name in names:
        printed = _Both()
        with redirect_stdout(printed):
            checks = BENCHMARKS[name]()
            print()
            report(checks)
        day = f"On {date.today():%d %B %Y}, {os.cpu_count()} processors."
        page = between_marks(page, name, f"{day}\n\n{printed.getvalue()}")
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
