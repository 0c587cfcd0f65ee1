"""Lets a reader loose on a folder of pages and writes what it read, and how long it took, as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import process_time_ns


@dataclass
class Reading:
    """What a reader found on a page; `date` is ISO 8601, with or without an offset."""

    headline: str | None = None
    lead: str | None = None
    body: str | None = None
    date: str | None = None
    authors: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)


Reader = Callable[[bytes, str], Reading]


class NetworkRefused(RuntimeError):
    """A reader wanted to ask another machine."""


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise NetworkRefused(event)


def cpu_ms(run: Callable[[], object]) -> float:
    """CPU milliseconds of this process that a call takes."""
    start = process_time_ns()
    run()
    return (process_time_ns() - start) / 1e6


def main(reader: Reader) -> None:
    """Read `FOLDER/index.json`, read its pages ROUNDS times, write one line a page: the reading and its best time.

    The command line is `FOLDER ROUNDS`. The first page is read once more beforehand, to warm up.
    """
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    sys.addaudithook(_refuse_network)
    urls: list[str] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    pages = [(url, (folder / f"{number}.html").read_bytes()) for number, url in enumerate(urls)]
    reader(pages[0][1], pages[0][0])
    best = [float("inf")] * len(pages)
    readings = [Reading()] * len(pages)
    for _ in range(rounds):
        for number, (url, page) in enumerate(pages):
            start = process_time_ns()
            try:
                readings[number] = reader(page, url)
            except NetworkRefused:
                raise
            except Exception as error:
                # A reader that fails on a page has read nothing there.
                print(f"{url}: {type(error).__name__}: {error}", file=sys.stderr)
            best[number] = min(best[number], (process_time_ns() - start) / 1e6)
    for reading, milliseconds in zip(readings, best, strict=True):
        print(json.dumps({"cpu_ms": milliseconds, **asdict(reading)}, ensure_ascii=False))
