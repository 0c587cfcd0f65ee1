"""Finds time expressions with Duckling: `python -m benchmarks.peers.run_duckling < LINES`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import duckling

from benchmarks.peers.dated import Finder, Span, apart, at_grain, main, part_of_day, span

_UNITS = {
    "year": "P{}Y",
    "quarter": "P{}Q",
    "month": "P{}M",
    "week": "P{}W",
    "day": "P{}D",
    "hour": "PT{}H",
    "minute": "PT{}M",
    "second": "PT{}S",
}
_COUNTED = re.compile(r"(?:\d+|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\b.*\b(qua|trước|sau|tới|nữa)$", re.IGNORECASE)
_SEASONS = {3: "SP", 6: "SU", 9: "FA", 12: "WI"}


def _end(moment: datetime, grain: str) -> datetime:
    """Any moment of the last unit that an interval covers whose end, as Duckling has it, is not in it."""
    return moment if grain in ("hour", "minute", "second") else moment - timedelta(days=1)


def _units_between(start: datetime, end: datetime, grain: str) -> int:
    months = 12 * (end.year - start.year) + end.month - start.month
    if grain in ("month", "quarter", "year"):
        return months // {"month": 1, "quarter": 3, "year": 12}[grain]
    seconds = {"week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1}[grain]
    return round((end - start).total_seconds() / seconds)


def _interval(words: str, start: datetime, end: datetime, grain: str) -> str:
    """The value of an interval, which is also how Duckling says a part of the day, a weekend, a season and N units."""
    if grain == "hour" and end - start <= timedelta(hours=12) and (part := part_of_day(words)):
        return f"{start:%Y-%m-%d}T{part}"
    if start.weekday() == 4 and timedelta(days=2) < end - start < timedelta(days=3):
        return at_grain(start, "week") + "-WE"
    if words.lower().startswith("mùa") and start.month in _SEASONS:
        return f"{start.year:04}-{_SEASONS[start.month]}"
    if counted := _COUNTED.match(words):
        # "The last five years" and "five years ago" are one to Duckling; its far end is the point meant by the latter.
        if counted[1].lower() == "trước":
            return at_grain(start, grain)
        if counted[1].lower() in ("sau", "nữa"):
            return at_grain(_end(end, grain), grain)
        return _UNITS[grain].format(_units_between(start, end, grain))
    first, last = at_grain(start, grain), at_grain(_end(end, grain), grain)
    return first if first == last else f"{first}/{last}"


def _value(found: dict[str, Any], words: str) -> str:
    value = found["value"]
    if found["dim"] == "duration":
        return _UNITS[value["unit"]].format(value["value"])
    if value["type"] == "value":
        return at_grain(datetime.fromisoformat(value["value"]), value["grain"])
    sides = [value.get(side) for side in ("from", "to")]
    moments = [datetime.fromisoformat(side["value"]) for side in sides if side]
    grain = next(side["grain"] for side in sides if side)
    if len(moments) == 2:
        return _interval(words, moments[0], moments[1], grain)
    return at_grain(moments[0] if sides[0] else _end(moments[0], grain), grain)


def _rank(found: dict[str, Any]) -> int:
    """Of readings of the same words the first by this counts: "8 giờ" is a time, "5 năm" a duration."""
    if found["dim"] == "duration":
        return 2 if found["value"]["unit"] == "hour" else 0
    return 1


def start() -> Finder:
    """A Duckling for Vietnamese that looks for times and durations, without guesses (latent ones)."""
    zones = duckling.load_time_zones(str(resources.files("tzdata") / "zoneinfo"))
    locale = duckling.default_locale_lang(duckling.parse_lang("VI"))
    dimensions = duckling.parse_dimensions(["time", "duration"])

    def find(text: str, ref: datetime) -> list[Span]:
        # Counted from the day's first minute, "3 giờ chiều nay" is of that day even when it has gone by.
        day = ref.replace(hour=0, minute=0, second=0, microsecond=0)
        now = duckling.parse_ref_time(zones, "Asia/Ho_Chi_Minh", int(day.timestamp()))
        results = duckling.parse(text, duckling.Context(now, locale), dimensions, False)
        results.sort(key=_rank)
        return apart(
            span(text, found["start"], found["end"], _value(found, text[found["start"] : found["end"]]))
            for found in results
        )

    return find


if __name__ == "__main__":
    main(start())
