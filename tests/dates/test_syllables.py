"""Texts as rows of syllables, and the way back."""

from __future__ import annotations

import unicodedata

import pytest

from vovcrawl.dates.syllables import Vocabulary, fold, read_row


def codes(text: str, *known: str) -> str:
    """The row of `text`, with the syllables that are known as 1, 2, 3."""
    vocabulary = Vocabulary()
    given = {vocabulary.code(syllable): str(number) for number, syllable in enumerate(known, 1)}
    return "".join(given.get(code, code) for code in read_row(text, vocabulary).codes)


@pytest.mark.parametrize("written", ["hòa", "hoà", "HÒA", "Hoà", unicodedata.normalize("NFD", "hoà")])
def test_a_syllable_is_known_in_every_spelling(written: str) -> None:
    assert codes(written, "hòa") == "1"


@pytest.mark.parametrize(("known", "written"), [("kỷ", "kỉ"), ("quý", "quí"), ("quý", "qúy"), ("tỵ", "tị")])
def test_i_and_y_at_the_end_are_the_same(known: str, written: str) -> None:
    assert codes(written, known) == "1"


def test_numbers_are_distinguished_by_size() -> None:
    assert codes("0 7 12 13 31 45 80 305 1998 98765") == "0MMDDNSCYZ"


def test_a_dash_between_digits_is_another_than_one_between_blanks() -> None:
    assert codes("8-6 8 - 6 8.6 8. 6 2,5 2, 5") == "M-MM~MM.MM!MMdMM,M"


def test_digits_and_letters_part_without_a_blank() -> None:
    assert codes("vào21giờ", "vào", "giờ") == "1D2"


def test_a_name_is_another_unknown_word_than_a_common_one() -> None:
    assert codes("Đoàn tàu") == "Xx"


def test_characters_of_the_private_use_area_are_no_syllables() -> None:
    assert codes("\ue000\ue001", "ngày", "tháng") == "xx"


def test_offsets_lead_back_to_decomposed_letters() -> None:
    text = unicodedata.normalize("NFD", "Đêm \u200bquá")
    row = read_row(text, Vocabulary())
    assert [text[row.start(place) : row.end(place)] for place in range(2)] == [
        unicodedata.normalize("NFD", "Đêm"),
        unicodedata.normalize("NFD", "quá"),
    ]


def test_a_letter_that_grows_in_lower_case_moves_no_offset() -> None:
    row = read_row("İstanbul 8/6", Vocabulary())
    assert [row.start(place) for place in range(4)] == [0, 9, 10, 11]


def test_a_long_run_of_marks_is_read_in_pieces() -> None:
    assert len(fold("a" + "\u0323\u0301" * 5_000).text) > 1_000
