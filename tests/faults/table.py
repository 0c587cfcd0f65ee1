"""The table of docs/faults.md, read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conftest import PROJECT

_CELLS = re.compile(r"(?<!\\)\|")
_NUMBERS = {"never": 0, "once": 1, "twice": 2}


@dataclass(frozen=True)
class Row:
    """What is promised of one fault."""

    fault: str
    asked: range | None
    """Requests for the page, the fewest to the most; None where the fault is of no one page."""
    of_robots: bool
    """Whether those are for robots.txt, which stands between the crawl and the page."""
    becomes: str | None
    """The page's outcome or state; None where there is no page."""
    shown: tuple[str, ...]
    """What stands in the log."""
    statuses: tuple[int, ...]
    """Of this crawl, and of the next one as long as the fault lasts."""
    crawl: str

    @property
    def goes_on(self) -> bool:
        """Whether every other page is read by this very crawl."""
        return self.crawl.startswith("goes on")

    @property
    def can_be_gone_on_with(self) -> bool:
        """Whether the same command brings in the rest once the fault is over."""
        return self.crawl in ("ends", "fetches nothing")


def rows() -> list[Row]:
    """The rows of all tables, in order."""
    lines = (PROJECT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    tables = [line for line in lines if line.startswith("|")]
    cells = [[cell.strip() for cell in _CELLS.split(line)[1:-1]] for line in tables]
    return [_row(*row) for row in cells if row[0] != "fault" and not row[0].startswith("---")]


def _row(fault: str, asked: str, becomes: str, shown: str, exit_status: str, crawl: str) -> Row:
    outcomes = _quoted(becomes)
    return Row(
        fault,
        _times(asked),
        asked.startswith("robots.txt"),
        outcomes[0] if outcomes else None,
        tuple(_quoted(shown)),
        tuple(int(number) for number in re.findall(r"\d+", exit_status)),
        crawl,
    )


def _times(asked: str) -> range | None:
    words = asked.removeprefix("robots.txt ").partition(",")[0]
    numbers = [_NUMBERS[words]] if words in _NUMBERS else [int(number) for number in re.findall(r"\d+", words)]
    return range(numbers[0], numbers[-1] + 1) if numbers else None


def _quoted(cell: str) -> list[str]:
    return [quoted.replace("\\|", "|") for quoted in re.findall(r"`([^`]+)`", cell)]
