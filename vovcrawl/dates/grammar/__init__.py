"""The grammar: which words make which meaning.

Every rule is a pattern (the language is described in patterns.py) and the meaning it makes (meanings.py). At each
place of a text the longest rule that fits wins; among equals the one read first, in the order of the files below. How
pieces join into one expression ("9h" + "sáng" + "thứ Năm" + "8/6"), ranges, lists and parentheses are in reading.py.
"""

from vovcrawl.dates.grammar import (  # noqa: I001  the order is the order of precedence
    clock,
    days,
    lunar,
    weekdays,
    weeks,
    months,
    years,
    distances,
    lengths,
    recurring,
    zones,
    lookalikes,
)
from vovcrawl.dates.grammar.lists import CONTINUING

__all__ = [
    "CONTINUING",
    "clock",
    "days",
    "distances",
    "lengths",
    "lookalikes",
    "lunar",
    "months",
    "recurring",
    "weekdays",
    "weeks",
    "years",
    "zones",
]
