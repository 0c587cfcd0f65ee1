"""Where libxml2 parses: in a thread of its own, which is replaced before long.

lxml keeps the name of every element and attribute that a thread has ever parsed until that thread ends. Names that
pages make up, each page others, would fill the memory in the course of a crawl.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lxml import etree

_T = TypeVar("_T")

_LONGEST_LIFE = 2 * 1024 * 1024
"""Bytes that a thread is given to parse. Names take up to 15 times the bytes of the pages that make them up."""


class _ParserThread:
    def __init__(self) -> None:
        self.executor = ThreadPoolExecutor(1, "parser")
        # No network, no comments or instructions in the tree; the encoding is settled before. A thread takes the names
        # of the first parser that it uses, so that each has one of its own.
        self.html = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
        self.room = _LONGEST_LIFE


_at_work: list[_ParserThread] = []
"""The last one started; one that others still use ends when they have done so."""

# A process that is forked has none of the threads of the one that it came from.
os.register_at_fork(after_in_child=_at_work.clear)


def in_parser_thread(parse: Callable[[etree.HTMLParser], _T], size: int) -> _T:
    """What `parse` gives for the thread's parser of HTML; it may raise.

    Args:
        parse: parses one page, with that parser or one that it makes.
        size: the page's bytes.
    """
    thread = _at_work[-1] if _at_work else None
    if thread is None or thread.room < 0:
        thread = _ParserThread()
        _at_work[:] = [thread]
    thread.room -= size
    return thread.executor.submit(parse, thread.html).result()
