"""Cleaning of text: what no reader sees, values, sentences."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.strategies import ANY_TEXT, MESSY_TEXT
from vovcrawl import text

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202e"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Chợ   hoa\t họp\r\n sớm  ", "Chợ hoa họp sớm"),
        ("Chợ\u00a0hoa\u2003họp\u3000sớm", "Chợ hoa họp sớm"),
        ("Chợ&nbsp;hoa &amp; chợ cá", "Chợ hoa & chợ cá"),
        ("&ldquo;Xong&rdquo; &#8211; &#x1EBF;", "“Xong” – ế"),
        ("R&D và AT&T", "R&D và AT&T"),
        ("ho\u200ba \ufeffmai\u00ad", "hoa mai"),
        ("hoa&#8203;mai", "hoamai"),
        ("ho\x07a\x1b mai\x7f\x80", "hoa mai"),
        ("hoa\x85mai", "hoa mai"),
        ("hoa\ud800 mai\ufffe", "hoa mai"),
        ("Tiê\u0301ng Viê\u0323t", "Tiếng Việt"),
        ("\u200b \ufeff", ""),
        ("", ""),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert text.clean(raw) == clean


@given(st.one_of(ANY_TEXT, MESSY_TEXT))
@settings(max_examples=300, deadline=None)
def test_clean_text_holds_nothing_that_a_reader_does_not_see(raw: str) -> None:
    clean = text.clean(raw)
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in clean)
    assert not set(clean) & set(ZERO_WIDTH)
    assert clean.split() == clean.split(" ") or clean == ""


@given(MESSY_TEXT)
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    clean = text.clean(raw)
    assert text.clean(clean) == clean


@given(MESSY_TEXT)
@example("a\u200b\u0301")
@example("a\u0301\u200b\u0323")
@settings(max_examples=300, deadline=None)
def test_both_spellings_of_a_letter_come_out_alike(raw: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", raw), unicodedata.normalize("NFD", raw)
    assert text.clean(composed) == text.clean(decomposed)


@given(MESSY_TEXT)
@settings(max_examples=200, deadline=None)
def test_cleaning_loses_no_letter(raw: str) -> None:
    def letters(value: str) -> list[str]:
        return [letter for letter in unicodedata.normalize("NFD", value) if letter.isalnum()]

    assert letters(text.clean(raw)) == letters(raw)


def test_visible_text_keeps_its_blanks() -> None:
    assert text.visible(" ho\u200ba\u00a0\n ma\u0301i ") == " hoa\u00a0\n mái "


def test_distinct_values_keep_their_first_spelling_and_order() -> None:
    assert text.distinct(["Chè", "", "chè", "Sen", "CHÈ", "sen"]) == ["Chè", "Sen"]


@pytest.mark.parametrize("marks", ["\u0323\u0301", "\u0f71\u0f39", "\U0001d165\U0001d16d\U0001d17b", "\u05b0\u0591"])
def test_a_letter_keeps_no_more_than_some_marks_of_any_script(marks: str) -> None:
    cleaned = text.clean(f"a{marks * 5000} b")
    assert len(cleaned) < 50
    assert cleaned[-2:] == " b"
    assert unicodedata.is_normalized("NFC", cleaned)


def test_signs_that_are_no_marks_stay() -> None:
    assert text.clean("…" * 1000 + "ô") == "…" * 1000 + "ô"


STORY = "Ông đến TP. Huế ngày 8/6. “Mai tôi về.” Rồi thôi! Bà đi…\nDòng hai, PGS. Lê nói 5/7: “Xong.”"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ngày 8/6", "Ông đến TP. Huế ngày 8/6."),
        ("Ông", "Ông đến TP. Huế ngày 8/6."),
        ("Mai", "“Mai tôi về.”"),
        ("thôi", "Rồi thôi!"),
        ("Bà", "Bà đi…"),
        ("5/7", "Dòng hai, PGS. Lê nói 5/7: “Xong.”"),
        ("8/6. “Mai", "Ông đến TP. Huế ngày 8/6. “Mai tôi về.”"),
    ],
)
def test_a_sentence_is_found_around_words(words: str, sentence: str) -> None:
    start = STORY.index(words)
    assert text.sentence_around(STORY, start, start + len(words)) == sentence


def test_a_sentence_without_an_end_is_cut() -> None:
    endless = "a " * 100_000
    assert len(text.sentence_around(endless, 100_000, 100_001)) <= 2 * 2_000 + 1


def test_marks_without_a_blank_end_no_sentence() -> None:
    words = "Hay quá" + "!?" * 300 + "và “rồi”" + "." * 300
    assert text.sentence_around(f"Một. {words} Hai.", 6, 8) == words


@given(MESSY_TEXT, st.integers(0, 120), st.integers(1, 10))
def test_the_words_are_in_their_sentence(given_text: str, start: int, length: int) -> None:
    end = min(len(given_text), start + length)
    if start < end:
        assert given_text[start:end].strip() in text.sentence_around(given_text, start, end)
