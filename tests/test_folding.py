"""Words as a search compares them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.folding import LONGEST, fold, forms, pattern_of, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đà Nẵng", "da nang"), ("VIỆT NAM", "viet nam"), ("nghiêng ngửa", "nghieng ngua"), ("Đắk Lắk", "dak lak")],
)
def test_folding_takes_off_capitals_and_marks(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("quý", "qúy"), ("HOÀ", "hòa")]
)
def test_the_letter_that_carries_the_tone_makes_no_other_spelling(one: str, other: str) -> None:
    assert forms(one) == forms(other)
    assert forms(unicodedata.normalize("NFD", one)) == forms(other)


@pytest.mark.parametrize(("one", "other"), [("bão", "báo"), ("đa", "da"), ("ba", "bă"), ("hòa", "hỏa"), ("mơ", "mo")])
def test_other_marks_make_another_spelling(one: str, other: str) -> None:
    assert forms(one)[1] != forms(other)[1]


def test_a_word_without_marks_is_spelt_as_it_is_folded() -> None:
    assert forms("Covid") == ("covid", "covid")


def test_words_are_found_where_they_stand() -> None:
    assert [(word.start, word.end, word.folded) for word in words("Bão, 3,5%")] == [
        (0, 3, "bao"),
        (5, 6, "3"),
        (7, 8, "5"),
    ]


def test_a_word_without_end_is_cut() -> None:
    (word,) = words("x" * 10_000)
    assert len(word.folded) == len(word.spelling) == LONGEST


@given(st.text())
def test_composed_and_decomposed_letters_are_one_word(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    again = unicodedata.normalize("NFD", composed)
    assert [word[2:] for word in words(composed)] == [word[2:] for word in words(again)]


@given(st.text(alphabet="aăâbcdđeêghioôơuưxyàạảãáằẵựỹAĂĐỒ", min_size=1, max_size=8))
def test_a_word_is_found_by_its_folded_form_in_any_spelling(word: str) -> None:
    for spelt in (word, unicodedata.normalize("NFD", word)):
        assert re.fullmatch(pattern_of(fold(word)), spelt)
