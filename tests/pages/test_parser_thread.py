"""Pages are parsed in a thread that is replaced, so that the names which they make up are forgotten."""

from __future__ import annotations

import multiprocessing
import threading

import pytest

from vovcrawl.pages.parser_thread import in_parser_thread

MB = 1024 * 1024


def thread_of(size: int) -> threading.Thread:
    """Parses so many bytes; where that was."""
    return in_parser_thread(lambda _: threading.current_thread(), size)


def thread_of_name() -> str:
    """The name of the thread that parses."""
    return thread_of(1).name


def test_pages_are_not_parsed_in_the_thread_that_asks() -> None:
    assert thread_of(1) is not threading.current_thread()


def test_short_pages_share_a_thread() -> None:
    thread_of(3 * MB)
    assert thread_of(1) is thread_of(1)


def test_after_some_megabytes_a_thread_is_replaced() -> None:
    worn = thread_of(3 * MB)
    assert thread_of(1) is not worn
    worn.join(10)
    assert not worn.is_alive()


def test_each_thread_has_a_parser_of_its_own() -> None:
    worn = in_parser_thread(lambda parser: parser, 3 * MB)
    assert in_parser_thread(lambda parser: parser, 1) is not worn


def test_an_error_comes_back_to_who_asked() -> None:
    def fail(_: object) -> None:
        raise ValueError("no page")

    with pytest.raises(ValueError, match="no page"):
        in_parser_thread(fail, 1)


def test_a_process_that_is_forked_parses_by_itself() -> None:
    thread_of(1)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(thread_of_name).get(timeout=60).startswith("parser")
