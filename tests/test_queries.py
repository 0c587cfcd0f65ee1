"""What a person types to search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.queries import MOST_TERMS, All, Either, Part, Term, Without, parse


def written(part: Part | None) -> str:
    """A query in one notation, whatever it was typed in."""
    if part is None:
        return ""
    if isinstance(part, Term):
        row = " ".join(word.folded for word in part.words)
        row = f"[{row}]" if len(part.words) > 1 else row
        return f"{part.field + ':' if part.field else ''}{row}{'*' * part.is_prefix}"
    if isinstance(part, Without):
        return f"-{written(part.part)}"
    sign = " | " if isinstance(part, Either) else " "
    return f"({sign.join(written(each) for each in part.parts)})"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bão số 4", "(bao so 4)"),
        ('"bão số 4" lũ', "([bao so 4] lu)"),
        ("“hòa bình”", "[hoa binh]"),
        ("«hòa bình» x", "([hoa binh] x)"),
        ("bão -lũ", "(bao -lu)"),
        ('bão -"mưa lũ"', "(bao -[mua lu])"),
        ("bão NOT lũ", "(bao -lu)"),
        ("bão -(lũ OR lụt)", "(bao -(lu | lut))"),
        ("nghi*", "nghi*"),
        ("Hà Nội OR Đà Nẵng", "((ha noi) | (da nang))"),
        ("(bão | lũ) miền Trung", "((bao | lu) mien trung)"),
        ("bão AND lũ", "(bao lu)"),
        ("NEAR(bão lũ)", "(bao lu)"),
        ("author:Thuận", "author:thuan"),
        ("tác-giả:Thuận", "author:thuan"),
        ('author: "Bích Thuận"', "author:[bich thuan]"),
        ("mục:thể-thao", "section:[the thao]"),
        ('thẻ:"bão số 4"', "tag:[bao so 4]"),
        ("-tag:bóng", "-tag:bong"),
        ("loại:video", "kind:video"),
        ("14/10", "[14 10]"),
        ("3,5%", "[3 5]"),
        ("COVID-19", "[covid 19]"),
        ("mưa,lũ", "(mua lu)"),
        ("lưu ý: mưa", "(luu y mua)"),
        ("giờ:phút", "(gio phut)"),
    ],
)
def test_what_is_typed_means_what_a_person_means(typed: str, meant: str) -> None:
    assert written(parse(typed).part) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bão - lũ", "(bao lu)"),
        ("bão *", "bao"),
        ('"bão số', "[bao so]"),
        ("((bão", "bao"),
        (")bão(", "bao"),
        ("OR", "or"),
        ("bão OR", "bao"),
        ("AND NOT", "(and not)"),
        ('x"; DROP TABLE articles;--', "(x [drop table articles])"),
        ("body:bão", "(body bao)"),
        ("^bão + {lũ}", "(bao lu)"),
        ('😀 - * "" ()', ""),
    ],
)
def test_what_makes_no_sense_is_taken_for_plain_words(typed: str, meant: str) -> None:
    assert written(parse(typed).part) == meant


@given(st.text() | st.text(alphabet='ab ":-*()|ORNTAD“”đ', max_size=60))
def test_nothing_that_is_typed_is_wrong(typed: str) -> None:
    query = parse(typed)
    for term in query.terms:
        assert all(query.typed[word.start : word.end] for word in term.words)


def test_a_text_that_was_pasted_is_read_in_part() -> None:
    assert len(parse("một hai ba " * 2_000).terms) == MOST_TERMS
    assert len(parse("x" * 10_000).terms) == 1
    assert parse("(" * 5_000 + "bão").terms == []


def test_decomposed_letters_are_the_same_query() -> None:
    assert parse("Đà Nẵng") == parse("Đa\u0300 Na\u0306\u0303ng")


def test_the_words_of_a_query_are_not_those_that_must_be_absent() -> None:
    assert [term.words[0].folded for term in parse("bão -lũ").terms] == ["bao"]


def test_words_without_marks_are_told_from_those_with() -> None:
    assert parse("da Nẵng").has_marks
    assert not parse("da nang").has_marks


def test_what_all_ask_for_is_parted_by_either() -> None:
    assert isinstance(parse("a OR b").part, Either)
    assert isinstance(parse("a b").part, All)
