"""How results are shown: tables, and targets that were reached or not."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One line of the result; without a verdict where no target is set."""

    part: str
    what: str
    measured: str
    target: str = ""
    reached: bool | None = None
    examples: tuple[str, ...] = ()
    """What went wrong; too long for a table."""

    @property
    def verdict(self) -> str:
        """The last column."""
        return "-" if self.reached is None else "PASS" if self.reached else "NOT REACHED"

    def tell(self) -> None:
        """Says it at once, with examples, before the whole table is known."""
        shown = "".join(f"\n    {example}" for example in self.examples)
        print(f"({self.part}) {self.what}: {self.measured}: {self.verdict}{shown}", file=sys.stderr, flush=True)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with its columns aligned."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )


def report(checks: Sequence[Check]) -> None:
    """Prints checks as a table, and how many of the targets were reached."""
    rows = [(f"({check.part}) {check.what}", check.measured, check.target, check.verdict) for check in checks]
    print(table(("what", "measured", "target", "verdict"), rows))
    missed = sum(check.reached is False for check in checks)
    judged = sum(check.reached is not None for check in checks)
    print(f"\n{judged - missed} of {judged} targets reached: {'NOT REACHED' if missed else 'PASS'}")
