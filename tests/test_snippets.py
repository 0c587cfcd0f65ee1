"""The piece of a text that is shown for a search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.queries import parse
from vovcrawl.snippets import LENGTH, Excerpt, Finder

LONG = "Chợ họp từ sớm. " * 40


def marked(excerpt: Excerpt) -> list[str]:
    return [excerpt.text[start:end] for start, end in excerpt.marks]


def snippet(typed: str, text: str) -> Excerpt:
    return Finder(parse(typed)).snippet([("body", text)])


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("da nang", "Về Đà Nẵng xem hội.", ["Đà", "Nẵng"]),
        ('"da nang"', "Về Đà Nẵng, đà tre và nắng.", ["Đà Nẵng"]),
        ("hoà", "Hòa giải.", ["Hòa"]),
        ("bão", "Báo nói về bão, bao lo.", ["bão", "bao"]),
        ("ngh*", "Nghề và nghiệp, nga.", ["Nghề", "nghiệp"]),
        ("3,5%", "Tăng 3,5% và 35%.", ["3,5"]),
        ("đầu", unicodedata.normalize("NFD", "Mở đầu."), [unicodedata.normalize("NFD", "đầu")]),
    ],
)
def test_words_are_marked_as_they_are_written(typed: str, text: str, found: list[str]) -> None:
    assert marked(snippet(typed, text)) == found


def test_the_piece_with_most_of_the_words_is_shown() -> None:
    text = f"Cầu cũ. {LONG}Cầu mới bắc qua sông. {LONG}"
    shown = snippet("cầu sông", text)
    assert shown.text.startswith("Cầu mới bắc qua sông.")
    assert shown.text.endswith("…")
    assert marked(shown) == ["Cầu", "sông"]


def test_a_piece_from_within_a_sentence_says_so() -> None:
    text = f"{'một hai ba bốn ' * 20}cầu mới"
    shown = snippet("cầu", text)
    assert shown.text.startswith("…")
    assert marked(shown) == ["cầu"]


def test_no_piece_goes_over_the_end_of_its_line() -> None:
    assert snippet("cầu", "Trước.\n\nCầu mới.\n\nSau.").text == "Cầu mới."


def test_without_the_words_the_begin_is_shown() -> None:
    assert snippet("cầu", "Chợ nổi.") == Excerpt("Chợ nổi.", (), "body")


def test_a_word_that_was_asked_for_in_a_field_is_marked_there_alone() -> None:
    finder = Finder(parse("author:lan"))
    assert finder.places("Lan", "author")
    assert not finder.places("Lan", "body")


@given(st.text(max_size=600), st.text(alphabet='abđ ăà"*', min_size=1, max_size=12))
def test_a_piece_is_part_of_its_text_and_its_marks_lie_in_it(text: str, typed: str) -> None:
    shown = snippet(typed, text)
    assert shown.text.strip("…") in text
    assert len(shown.text) <= LENGTH + 2
    assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
