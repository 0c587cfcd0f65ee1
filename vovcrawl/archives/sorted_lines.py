"""Sorting more lines than fit into memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO

_MOST_BYTES = 16 * 1024 * 1024
"""Bytes of lines that are held in memory, beside a hundred or so that Python needs for each."""


class SortedLines:
    """Takes lines in any order, and gives them back in that of their bytes, each once.

    Args:
        folder: where it may put files; they have no name, so that a kill leaves none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[bytes] = []
        self._bytes = 0
        self._parts: list[IO[bytes]] = []
        self._stack = ExitStack()

    def __enter__(self) -> SortedLines:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def add(self, line: str) -> None:
        """Takes a line, without its end; it holds no control character.

        Raises:
            OSError: the disk is full.
        """
        data = line.encode() + b"\n"
        self._held.append(data)
        self._bytes += len(data)
        if self._bytes >= _MOST_BYTES:
            self._put_away()

    def _put_away(self) -> None:
        self._held.sort()
        part = self._stack.enter_context(TemporaryFile(dir=self._folder))  # noqa: SIM115 - closed by the stack
        part.writelines(self._held)
        self._parts.append(part)
        self._held, self._bytes = [], 0

    def __iter__(self) -> Iterator[str]:
        """The lines, once all have come."""
        self._held.sort()
        for part in self._parts:
            part.seek(0)
        last = b""
        for line in heapq.merge(self._held, *self._parts):
            if line != last:
                yield line[:-1].decode()
            last = line
