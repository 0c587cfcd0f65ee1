"""Whether one text nearly repeats another."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.near_duplicate_texts import EXTRAS, HELD_OUT, SERIES, Series, Text, article, edited
from tests.strategies import ANY_TEXT, MESSY_TEXT, SENTENCE
from vovcrawl import near_duplicates as texts
from vovcrawl.near_duplicates import LEAST, MOST_WORDS, SHORT, Change, Wording, changes


def read(text: Text | str) -> Wording:
    return texts.read("", None, text) if isinstance(text, str) else texts.read(*text.parts)


def are_marked(one: Text | str, other: Text | str) -> bool:
    """As the store does it: by bands, by fingerprints, then exactly."""
    pair = read(one), read(other)
    if not {*pair[0].fingerprint.bands} & {*pair[1].fingerprint.bands}:
        return False
    return texts.may_repeat(pair[0].fingerprint, pair[1].fingerprint) and texts.are_near_duplicates(*pair)


ORIGINAL = article("a", 200, 6)
LONG = " ".join(f"từ{chr(97 + place % 26)} {chr(97 + place // 26)}xe" for place in range(100))


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_edited_article_is_a_near_duplicate(extra: str) -> None:
    random = Random(extra)
    found = [are_marked(one, edited(one, 0.08, random, extra)) for one in (article(f"{n}", 220, 5) for n in range(30))]
    assert found == [True] * 30


@pytest.mark.parametrize("series", [*SERIES, *HELD_OUT[:-1]], ids=lambda series: series.name)
def test_parts_of_a_series_are_none(series: Series) -> None:
    parts = [series.part(number, 0.03) for number in range(5)]
    assert not any(are_marked(*pair) for pair in combinations(parts, 2))


def test_other_articles_are_none() -> None:
    assert not any(are_marked(*pair) for pair in combinations([article(f"{n}", 200, 5) for n in range(20)], 2))


@pytest.mark.parametrize(
    ("spelled", "otherwise"),
    [
        ("hòa thủy khỏe", "hoà thuỷ khoẻ"),
        ("Đà Nẵng", "Ðà Nẵng"),
        ("đường", "ðường"),
        ("TRONG NƯỚC", "Trong nước"),
        ("một, hai", "một – hai"),
        ("hai\n\nđoạn", "hai đoạn"),
    ],
)
def test_spelling_makes_no_other_text(spelled: str, otherwise: str) -> None:
    one, other = read(f"{LONG} là {spelled}"), read(f"{LONG} là {otherwise}")
    assert one.codes == other.codes
    assert texts.are_near_duplicates(one, other)


def test_another_headline_and_lead_make_no_other_text() -> None:
    assert read(ORIGINAL).fingerprint == read(Text("Khác", "Khác hẳn", ORIGINAL.body)).fingerprint


@pytest.mark.parametrize(("before", "after", "is_same"), [("5", "7", False), ("năm", "bảy", True)])
def test_texts_that_differ_in_their_only_number_are_parts_of_a_series(before: str, after: str, is_same: bool) -> None:
    assert are_marked(f"{LONG} ngày {before}", f"{LONG} ngày {after}") is is_same


def test_one_number_among_many_may_be_corrected() -> None:
    numbers = " ".join(f"cột {number}" for number in range(30, 40))
    assert are_marked(f"{LONG} {numbers} hết 5", f"{LONG} {numbers} hết 7")


def test_numbers_that_are_added_with_a_paragraph_do_not_count() -> None:
    numbers = " ".join(f"cột {number}" for number in range(30, 40))
    assert are_marked(f"{LONG} hết 5", f"{LONG} hết 5 {numbers}")


def test_other_names_are_another_text() -> None:
    one, other = (
        f"{LONG} gặp {' gặp '.join(names)}" for names in (("An", "Bình", "Chi", "Dung"), ("Em", "Phúc", "Giang", "Hà"))
    )
    assert not are_marked(one, other)


def test_short_texts_must_be_nearly_identical() -> None:
    said = " ".join(LONG.split()[: SHORT - 20])
    assert are_marked(said, f"{said} thôi")
    assert not are_marked(said, f"{said} thôi thì còn thêm vài chữ nữa")
    assert not are_marked(f"{said} 5", f"{said} 6")


def test_a_text_of_a_few_words_is_compared_with_none() -> None:
    said = " ".join(LONG.split()[: LEAST - 1])
    assert read(said).fingerprint.bands == ()
    assert not are_marked(said, said)
    assert are_marked(f"{said} nữa", f"{said} nữa")


def test_a_text_on_a_page_of_pictures_is_compared_with_its_headline_and_lead() -> None:
    caption = " ".join(LONG.split()[:30])
    assert not are_marked(
        Text("Mùa hoa cải", "Nở rộ ven sông.", caption), Text("Chợ nổi", "Họp lúc sáng sớm.", caption)
    )


def test_of_an_endless_text_the_beginning_is_compared() -> None:
    endless = "a b c d e " * MOST_WORDS
    assert read(endless).fingerprint.words == MOST_WORDS
    assert read(endless).fingerprint == read(f"{endless} x" * 2).fingerprint


@settings(deadline=None)
@given(
    one=st.lists(SENTENCE | MESSY_TEXT, max_size=15).map(". ".join), other=ANY_TEXT | SENTENCE, cut=st.integers(0, 400)
)
def test_which_text_comes_first_makes_no_difference(one: str, other: str, cut: int) -> None:
    first, second = read(one), read(one[:cut] + other + one[cut:])
    assert texts.are_near_duplicates(first, second) is texts.are_near_duplicates(second, first)
    prints = first.fingerprint, second.fingerprint
    assert texts.may_repeat(*prints) is texts.may_repeat(*prints[::-1])


def test_a_signature_is_the_same_everywhere_and_for_ever() -> None:
    """The store keeps it: with other signatures, all of them have to be made anew by a step of the schema."""
    fingerprint = read(" ".join("abcdefghijklmnopqrstuvwxyz" * 3)).fingerprint
    assert (fingerprint.text, sorted(fingerprint.bands)[:2], fingerprint.sketch[:8].hex()) == PINNED


PINNED = (2445559442550778540, [35095065444855, 41198365165741], "1c1db0c089fbd91c")


def test_what_differs_is_said_in_the_words_of_both_texts() -> None:
    assert changes("Hòa ký 5 hợp đồng, sáng nay", "Hoà ký 7 hợp đồng mới sáng nay") == [
        Change("5", "7"),
        Change("", "mới"),
    ]
    assert changes("một hai", "") == [Change("một hai", "")]
    assert changes("", "") == []
