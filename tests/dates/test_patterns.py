"""The pattern language of the grammar."""

from __future__ import annotations

import re

import pytest

from vovcrawl.dates.patterns import VOCABULARY, Patterns, read
from vovcrawl.dates.syllables import read_row


def found(pattern: str, text: str) -> dict[str, object] | None:
    """What `pattern` captures at the beginning of `text`."""
    patterns = Patterns()
    regex = re.compile(patterns.expression(pattern))
    row = read_row(text, VOCABULARY)
    match = regex.match(row.codes)
    return read(row, match, patterns.captures(regex)) if match is not None else None


def test_words_stand_for_themselves_in_any_spelling() -> None:
    assert found("hôm nay", "HÔM NAY") == {}
    assert found("hôm nay", "hôm kia") is None


def test_what_may_be_left_out_is_marked_by_a_question_mark() -> None:
    assert found("ngày? mai", "mai") == found("ngày? mai", "ngày mai") == {}


def test_a_word_list_hands_over_what_its_phrase_means() -> None:
    assert found("{part_of_day} {day_tail:days}", "rạng sáng mai") == {"part_of_day": "MO", "days": 1}


def test_the_longest_phrase_of_a_list_is_taken() -> None:
    assert found("{month_name}", "mười hai") == {"month_name": 12}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        ("1.200", 1200),
        ("2,5", 2.5),
        ("mười", 10),
        ("mười lăm", 15),
        ("hai mươi", 20),
        ("hai mươi mốt", 21),
        ("ba mươi tư", 34),
        ("chín mươi chín", 99),
        ("một trăm", 100),
        ("hai trăm linh năm", 205),
        ("ba trăm sáu mươi lăm", 365),
        ("bốn nghìn", 4000),
        ("hai chục", 20),
        ("trăm", 100),
    ],
)
def test_numbers_are_read_in_figures_and_words(written: str, number: float) -> None:
    assert found("{count} năm", f"{written} năm") == {"count": number}


def test_a_phrase_of_small_figures_is_known_by_its_figure() -> None:
    assert found("{weekday}", "thứ 6") == {"weekday": 5}
    assert found("{weekday}", "thứ 9") is None


@pytest.mark.parametrize("pattern", ["{no_such_list}", "ngày = mai", "{", "8 giờ"])
def test_a_pattern_that_is_wrong_says_so(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"no word list|cannot read"):
        Patterns().expression(pattern)


def test_beginnings_are_what_a_match_can_begin_with() -> None:
    def spelt(row: str) -> str:
        return " ".join(VOCABULARY.syllables.get(code, code) for code in row)

    assert {spelt(one) for one in Patterns().beginnings("(ngày | hôm)? {month} nay?")} == {
        "ngày M",
        "hôm M",
        "M",
        "M nay",
    }
