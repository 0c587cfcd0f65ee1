"""Lets a finder of time expressions loose on JSON lines of standard input and writes what it found as JSON lines.

A line in is `{"id", "text", "ref"}`, a line out `{"id", "spans": [{"start", "end", "text", "type", "value"}]}`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone
from time import perf_counter, process_time

VIETNAM = timezone(timedelta(hours=7))

_PART_OF_DAY = re.compile(r"\b(?:(sáng)|(trưa)|(chiều)|(tối)|(đêm|khuya))\b", re.IGNORECASE)
_PARTS = ("MO", "MI", "AF", "EV", "NI")


@dataclass(frozen=True)
class Span:
    """A time expression in a text: offsets in code points, type and value as in TIMEX3."""

    start: int
    end: int
    text: str
    type: str
    value: str


Finder = Callable[[str, datetime], list[Span]]


def span(text: str, start: int, end: int, value: str, kind: str = "") -> Span:
    """The span from start to end; its type is told by its value unless it is given."""
    return Span(start, end, text[start:end], kind or kind_of(value), value)


def kind_of(value: str) -> str:
    """The type that a value in ISO notation has; a SET looks like a DURATION and must be told otherwise."""
    if value.startswith("P"):
        return "DURATION"
    return "TIME" if "T" in value else "DATE"


def at_grain(moment: datetime | date, grain: str) -> str:
    """A moment as precisely as the grain says: from second to year."""
    if grain == "year":
        return f"{moment.year:04}"
    if grain == "quarter":
        return f"{moment.year:04}-Q{(moment.month + 2) // 3}"
    if grain == "month":
        return f"{moment.year:04}-{moment.month:02}"
    if grain == "week":
        year, week, _ = moment.isocalendar()
        return f"{year:04}-W{week:02}"
    if grain == "day":
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%dT%H:%M}"


def part_of_day(text: str) -> str | None:
    """MO, MI, AF, EV or NI if the words name a part of the day; of two names the later is the finer (chiều tối)."""
    found = None
    for match in _PART_OF_DAY.finditer(text):
        assert match.lastindex is not None
        found = _PARTS[match.lastindex - 1]
    return found


def apart(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that overlap a longer one, in the order of the text; of equals the first stays."""
    kept: list[Span] = []
    for candidate in sorted(spans, key=lambda each: each.start - each.end):
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda each: each.start)


def code_points(text: str) -> Callable[[int], int]:
    """Turns an offset in UTF-16 units into one in code points."""
    if text.isascii() or max(text) <= "\uffff":
        return lambda offset: offset
    places: list[int] = []
    for number, character in enumerate(text):
        places += [number] * (2 if character > "\uffff" else 1)
    places.append(len(text))
    return lambda offset: places[offset]


class NetworkRefused(RuntimeError):
    """A finder wanted to ask another machine."""


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise NetworkRefused(event)


def main(finder: Finder) -> None:
    """Read every line, find, write; `--seconds` adds the best `cpu_s` and `wall_s` of the rounds to each line.

    With `--seconds` the first text is read once more beforehand, to warm up. The CPU time is that of the process, all
    its threads together.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", action="store_true", help="add to each line the seconds that the text took")
    parser.add_argument("--rounds", type=int, default=1, help="rounds over all texts, of which the best counts")
    arguments = parser.parse_args()
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.addaudithook(_refuse_network)
    rows = [json.loads(line) for line in sys.stdin if line.strip()]
    texts = [(row["text"], datetime.fromisoformat(row["ref"]).astimezone(VIETNAM)) for row in rows]
    if arguments.seconds and texts:
        finder(*texts[0])
    found: list[list[Span]] = [[] for _ in texts]
    cpu, wall = ([float("inf")] * len(texts) for _ in range(2))
    for _ in range(arguments.rounds):
        for number, (text, ref) in enumerate(texts):
            cpu_start, wall_start = process_time(), perf_counter()
            try:
                found[number] = finder(text, ref)
            except NetworkRefused:
                raise
            except Exception as error:
                # A finder that fails on a text has found nothing there.
                print(f"{rows[number]['id']}: {type(error).__name__}: {error}", file=sys.stderr)
            cpu[number] = min(cpu[number], process_time() - cpu_start)
            wall[number] = min(wall[number], perf_counter() - wall_start)
    for number, row in enumerate(rows):
        text = row["text"]
        for each in found[number]:
            assert 0 <= each.start < each.end <= len(text) and text[each.start : each.end] == each.text, each
        line = {"id": row["id"], "spans": [asdict(each) for each in found[number]]}
        if arguments.seconds:
            line |= {"cpu_s": cpu[number], "wall_s": wall[number]}
        print(json.dumps(line, ensure_ascii=False))
