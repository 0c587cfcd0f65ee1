"""Signatures: found at the end of a text, told from sentences, and read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import ANY_TEXT, SENTENCE
from vovcrawl.signatures import split_signature
from vovcrawl.text import clean

SIGNATURES = [
    "Hạ Lan/VOV online",
    "Đoàn Thu Đào/VOV online",
    "Ân Ưu, Ở Ơn/VOV.VN",
    "Thu Cúc/VOV1",
    "Lại Thành/VOV online (ghi)",
    "Hoài An/ VOV- Miền Trung",
    "Nhóm PV/ VOV Online",
    "CTV Cường Lê/VOV online (theo AP, Reuters)",
    "Hồng Vân/VOV - Trung tâm Tin Theo Reuters",
    "PV/VOV.VN",
    "Bích Thu/VOV-Bắc Kinh",
    "Hùng Sơn/VOV.VN (biên tập)",
    "M.K./VOV.VN(biên dịch)",
    "Thiên Nga /VOV-TP HCM",
    "Lan Chi, Minh Quý/VOV.VN",
    "Lan Chi - Minh Quý/VOV Tây Bắc",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_block_that_is_a_signature_is_taken_whole(signature: str) -> None:
    assert split_signature(signature) == ("", signature)


@pytest.mark.parametrize("signature", [*SIGNATURES, "Theo Đài Bắc Âu", "Thu Cúc VOV-Sydney", "Theo TTXVN- Tuổi trẻ"])
def test_a_signature_after_the_end_mark_is_taken_off(signature: str) -> None:
    assert split_signature(f"Chợ tan lúc 9h./. {signature}") == ("Chợ tan lúc 9h.", signature)


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("end", [".", "!", "?", "”", "…"])
def test_a_signature_after_a_sentence_is_taken_off(signature: str, end: str) -> None:
    assert split_signature(f"Chợ tan lúc 9h{end} {signature}") == (f"Chợ tan lúc 9h{end}", signature)


def test_a_signature_after_a_long_text_is_taken_off() -> None:
    long = "Chợ họp từ sáng sớm. " * 200
    assert split_signature(long + "Hạ Lan/VOV online") == (long.rstrip(), "Hạ Lan/VOV online")


@pytest.mark.parametrize(
    "block",
    [
        "Chợ tan lúc 9h.",
        "Ông Nam nghe tin qua kênh VOV Giao thông từ sáng sớm.",
        "Nhiều người nghe đài. Ông Nam cho biết VOV phát tin từ 5h.",
        "Tốc độ 60 km/h được áp dụng. Xe tải chạy 40 km/h.",
        "Giá vé là 50.000 đồng/người. Trẻ em được miễn phí.",
        "Phóng viên Lan Chi/VOV đã hỏi chuyện bà con trong chợ.",
        "Đội A thắng 3/1. Đội B hòa 2/2.",
        "Xem lịch tại vov.vn/lich-phat-song",
        "Ngày 14/10, chợ đóng cửa. Ngày 15/10, chợ mở lại.",
        "Ông nói: “Và/hoặc đều được”.",
        "",
    ],
)
def test_an_ordinary_sentence_is_no_signature(block: str) -> None:
    assert split_signature(block) == (block, None)


@given(st.lists(SENTENCE, min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_text_without_a_signature_comes_back_whole(sentences: list[str]) -> None:
    block = " ".join(sentences)
    assert split_signature(block) == (block, None)


@given(st.lists(SENTENCE, min_size=1, max_size=30), st.sampled_from(SIGNATURES), st.sampled_from([" ", "/. "]))
@settings(max_examples=150, deadline=None)
def test_nothing_but_the_signature_is_lost(sentences: list[str], signature: str, between: str) -> None:
    block = " ".join(sentences)
    assert split_signature(block + between + signature) == (block, signature)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_a_split_keeps_every_letter_in_order(raw: str) -> None:
    block = clean(raw)
    rest, signature = split_signature(block)
    together = [letter for letter in rest + (signature or "") if letter.isalnum()]
    assert together == [letter for letter in block if letter.isalnum()]
