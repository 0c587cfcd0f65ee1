"""A log that only shows."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.extensions.plain_log import PlainRecords, plain


@pytest.fixture
def lines() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger, and what its plain handler writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("LOG %(message)s"))
    handler.addFilter(PlainRecords())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    yield logger, stream


def test_what_would_steer_a_terminal_is_written_out(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("Not read: %s", "\x1b[2J\x9b\u202e")
    assert stream.getvalue() == "LOG Not read: \\u001b[2J\\u009b\\u202e\n"


def test_vietnamese_stays_as_it_is(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("Không đọc được: %s", "Chợ nổi “mùa nước”")
    assert stream.getvalue() == "LOG Không đọc được: Chợ nổi “mùa nước”\n"


def test_a_line_within_a_message_cannot_pass_for_a_line_of_the_log(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("a\nLOG forged\r\nLOG forged")
    assert [line for line in stream.getvalue().splitlines() if line.startswith("LOG")] == ["LOG a"]


def test_the_words_of_an_error_are_plain_too(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    try:
        raise ValueError("\x1b[2J\nLOG forged")
    except ValueError:
        logger.exception("failed")
    written = stream.getvalue()
    assert "ValueError: \\u001b[2J" in written
    assert [line for line in written.splitlines() if line.startswith("LOG")] == ["LOG failed"]


def test_a_message_that_holds_a_percent_sign_is_no_form(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("a %s b", "%d %s %(x)s")
    assert stream.getvalue() == "LOG a %d %s %(x)s b\n"


@given(st.text())
def test_whatever_is_said_only_printable_letters_are_shown(text: str) -> None:
    assert all(letter.isprintable() or letter == "\n" for letter in plain(text))


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S"))))
def test_printable_text_is_shown_as_it_is(text: str) -> None:
    assert plain(text) == text
