"""Vietnamese time expressions: what a text says of time, as TIMEX3 values.

`find_dates` is all that a caller needs. The package imports nothing of the crawler and could stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vovcrawl.dates import calendar
from vovcrawl.dates.clauses import Clauses
from vovcrawl.dates.patterns import VOCABULARY
from vovcrawl.dates.reading import Reader
from vovcrawl.dates.resolving import Resolver
from vovcrawl.dates.syllables import read_row

__all__ = ["TimeExpression", "find_dates"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """One time expression of a text, in TIMEX3 terms."""

    start: int
    """Offset of its first character, in code points of the text as given."""
    end: int
    """Offset behind its last character."""
    text: str
    """`text[start:end]` of the text as given."""
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str
    """TIMEX3 value in +07:00, without seconds: `2023-10-14`, `2023-10-14TEV`, `P3D`, `XXXX-WXX-2`."""
    mod: Literal["START", "MID", "END"] | None = None
    """The part of the period that is meant."""
    conflict: bool = False
    """Whether a written date overrode a word or a weekday that says another day."""


def find_dates(text: str, reference: datetime | None = None) -> list[TimeExpression]:
    """The time expressions of `text`, in order and without overlap.

    Args:
        text: a sentence or a whole article, in any Unicode normal form.
        reference: the time of publication, by which "hôm qua" and years left out are resolved; without an offset it is
            Vietnamese time. Without a reference, days and months keep an open year (`XXXX-10-14`), and what only a
            reference could resolve is left out.
    """
    if reference is not None:
        reference = calendar.in_vietnam(reference)
    row = read_row(text, VOCABULARY)
    expressions = Reader(row).expressions()
    values = Resolver(reference, Clauses(row.codes)).values(expressions)
    found = []
    for one, value in zip(expressions, values, strict=True):
        if value is not None:
            start, end = row.start(one.start), row.end(one.end - 1)
            found.append(TimeExpression(start, end, text[start:end], value.type, value.text, value.mod, value.conflict))
    return found
