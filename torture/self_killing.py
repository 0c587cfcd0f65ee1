"""`python -m torture.self_killing POINT NUMBER crawl vov ...`: a crawl that kills itself at an exact point.

What a kill from outside meets once in thousands of times is met every time: a transaction half written, an article
kept that has no line yet, half a line. Up to that point it is the real command.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any

from scrapy.cmdline import execute
from sqlalchemy import Engine, event

from vovcrawl.archives.warc_files import WarcFiles
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.feeds import recovery
from vovcrawl.feeds.exporters import JsonLinesExporter
from vovcrawl.store import KeptVisit
from vovcrawl.store.prepared import Prepared
from vovcrawl.visits import VisitResult


class Point(StrEnum):
    """Where a crawl kills itself, the `number`th time that it comes there."""

    STATEMENT = "before a statement"
    COMMIT = "before a commit"
    WITHIN_COMMIT = "within a commit"
    COMMITTED = "between commit and line"
    LINE = "within a line"
    WRITTEN = "after a line"
    CATCH_UP = "within the completion of a feed"
    RESPONSE = "within the writing of a response"


_INTO_THE_COMMIT_S = 0.0002


class _Fuse:
    """Burns down by one each time that the point is passed."""

    def __init__(self, number: int) -> None:
        self._left = number

    def burnt(self) -> bool:
        self._left -= 1
        return self._left == 0

    @property
    def has_burnt(self) -> bool:
        return self._left <= 0


def die() -> None:
    """Ends this process as `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


class _Torn:
    """A feed's file of which the first write gets half done."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        self._file.write(data[: len(data) // 2])
        self._file.flush()
        die()


def arm(point: Point, number: int) -> None:
    """Makes this process die there."""
    fuse = _Fuse(number)

    def die_here(*_: object) -> None:
        if fuse.burnt():
            die()

    match point:
        case Point.STATEMENT:
            event.listen(Engine, "before_cursor_execute", die_here)
            _before(Prepared, "_open", die_here)
        case Point.COMMIT:
            event.listen(Engine, "commit", die_here)
        case Point.WITHIN_COMMIT:

            def die_soon(_: object) -> None:
                if fuse.burnt():
                    threading.Timer(_INTO_THE_COMMIT_S, die).start()

            event.listen(Engine, "commit", die_soon)
        case Point.COMMITTED:
            committed = VisitResults.committed

            def die_after_an_article(self: VisitResults, result: VisitResult, kept: KeptVisit) -> None:
                committed(self, result, kept)
                if result.article is not None:
                    die_here()

            VisitResults.committed = die_after_an_article  # type: ignore[method-assign]
        case Point.LINE:
            written = JsonLinesExporter.export_item

            def tear(self: JsonLinesExporter, item: Any) -> None:
                if fuse.burnt():
                    self.file = _Torn(self.file)  # type: ignore[assignment]
                written(self, item)

            JsonLinesExporter.export_item = tear  # type: ignore[method-assign]
        case Point.WRITTEN:
            _after(JsonLinesExporter, "export_item", die_here)
        case Point.CATCH_UP:
            add = recovery._missing

            def tear_first(feed: recovery.Feed, path: Path, *given: Any) -> Iterator[bytes]:
                for line in add(feed, path, *given):
                    with path.open("ab") as file:
                        _Torn(file).write(line)
                    yield line

            recovery._missing = tear_first  # type: ignore[assignment]
        case Point.RESPONSE:
            write = WarcFiles._write

            def tear_response(self: WarcFiles, data: bytes) -> None:
                write(self, data[: len(data) // 2] if fuse.burnt() else data)
                if fuse.has_burnt:
                    die()

            WarcFiles._write = tear_response  # type: ignore[method-assign]


def _before(owner: type, name: str, then: Callable[[], None]) -> None:
    """Does something ahead of every call of a method."""
    method = getattr(owner, name)

    @wraps(method)
    def wrapped(*given: Any, **named: Any) -> Any:
        then()
        return method(*given, **named)

    setattr(owner, name, wrapped)


def _after(owner: type, name: str, then: Callable[[], None]) -> None:
    """Does something after every call of a method that returns."""
    method = getattr(owner, name)

    @wraps(method)
    def wrapped(*given: Any, **named: Any) -> Any:
        result = method(*given, **named)
        then()
        return result

    setattr(owner, name, wrapped)


if __name__ == "__main__":
    arm(Point(sys.argv[1]), int(sys.argv[2]))
    execute(["scrapy", *sys.argv[3:]])
