"""Reads the files and records of an archive in other processes, as many as there are processors to spare."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from types import ModuleType, TracebackType

from vovcrawl.archives.files import FileOptions, Found, UnreadableFile, read_one
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.records import Packed, Skipped
from vovcrawl.dates import find_dates
from vovcrawl.pages import NotAnArticle, plain_markup

Unread = ArchiveFile | Packed
"""A file of one page, or a record of a file of many."""

Read = Found | NotAnArticle | UnreadableFile | Skipped
"""What reading one gave."""

_FEW = 100
"""Fewer files than this are read at once in this process: starting another takes longer."""


class ReaderPool:
    """Readers of files and records; with one processor, or for few of them, this process is the only one.

    Args:
        files: how many there are, as far as is known.
    """

    def __init__(self, files: int) -> None:
        self._read = partial(read_one, options=FileOptions())
        # This process completes and keeps what the others read.
        self._workers = len(os.sched_getaffinity(0)) - 1 if files >= _FEW else 0
        self._executor: ProcessPoolExecutor | None = None
        if self._workers:
            # Later, this would let signals through that this process waits for.
            resource_tracker.ensure_running()

    def start(self) -> None:
        """Starts the other processes, so that they are ready when the first files are given to them."""
        with _without_main_module():
            for _ in range(self._workers):
                self._pool().submit(_prepare)

    def use(self, options: FileOptions) -> None:
        """Reads the files given from now on like this."""
        self._read = partial(read_one, options=options)

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    @property
    def at_once(self) -> int:
        """How many groups are to be given to it ahead, so that no other process ever waits; 0 without other ones."""
        return 2 * self._workers

    def submit(self, files: Sequence[Unread]) -> Future[list[Read]]:
        """Begins to read a group of files; their results come in the same order."""
        if self._workers > 0:
            with _without_main_module():
                try:
                    return self._pool().submit(_read_all, self._read, files)
                except BrokenProcessPool:
                    # Another group's reader died.
                    self._executor = None
                    return self._pool().submit(_read_all, self._read, files)
        done: Future[list[Read]] = Future()
        done.set_result(self.read_here(files))
        return done

    def read_here(self, files: Sequence[Unread]) -> list[Read]:
        """Reads a group of files in this process."""
        return _read_all(self._read, files)

    def read_each(self, files: Sequence[Unread]) -> list[Read]:
        """Reads files of a group on which a reader died, each in a process of its own, so that only the one fails."""
        self._executor = None
        found: list[Read] = []
        for file in files:
            with ProcessPoolExecutor(1, mp_context=_CONTEXT) as alone, _without_main_module():
                try:
                    found += alone.submit(_read_all, self._read, [file]).result()
                except BrokenProcessPool:
                    found.append(UnreadableFile("reading it ended the process that read it"))
        return found

    def _pool(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._workers, mp_context=_CONTEXT, initializer=_follow_parent)
        return self._executor


# A process of its own from the start: none of this one's threads and open files.
_CONTEXT = multiprocessing.get_context("spawn")


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Keeps a process that is started from importing the program that this one runs: Scrapy takes half a second."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _follow_parent() -> None:
    """Leaves signals to the process that this one reads for, and ends with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(0)


def _read_all(read: partial[Read], files: Sequence[Unread]) -> list[Read]:
    return [read(file) for file in files]


def _prepare() -> None:
    """Compiles what the first page and the first text would wait for."""
    plain_markup.unit()
    find_dates("hôm nay (14/10)")
