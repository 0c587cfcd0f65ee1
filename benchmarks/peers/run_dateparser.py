"""Finds time expressions with dateparser: `python -m benchmarks.peers.run_dateparser < LINES`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from dateparser.search import search_dates

from benchmarks.peers.dated import Span, apart, at_grain, main, part_of_day, span

STRATEGY = "ngram"
_SETTINGS: dict[str, Any] = {"DATE_ORDER": "DMY", "RETURN_TIME_AS_PERIOD": True}


def find(text: str, ref: datetime) -> list[Span]:
    """The dates in a text, each as precisely as its period says; dateparser gives no offsets, only the words."""
    settings = {**_SETTINGS, "RELATIVE_BASE": ref.replace(tzinfo=None)}
    spans = []
    reached = 0
    for words, moment, period in search_dates(text, ["vi"], settings, strategy=STRATEGY, add_period=True) or ():
        # Whitespace between the words may have been changed.
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        if (place := re.compile(pattern).search(text, reached)) is None:
            continue
        reached = place.end()
        value = at_grain(moment, "minute" if period == "time" else period)
        if period == "part_of_day":
            value = f"{moment:%Y-%m-%d}T{part_of_day(words) or f'{moment:%H:%M}'}"
        spans.append(span(text, *place.span(), value))
    return apart(spans)


if __name__ == "__main__":
    main(find)
