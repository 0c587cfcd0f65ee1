"""What holds of every text that time expressions are read from."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.dates.marked_sentences import load
from tests.strategies import ANY_TEXT, MESSY_TEXT
from vovcrawl.dates import TimeExpression, find_dates, periods, recognize

SENTENCES = [sentence for sentence in load() if not sentence.is_open]
SENTENCE = st.sampled_from(SENTENCES)
REFERENCE = st.none() | st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59))

_WORDS = (
    "ngày hôm nay qua mai tháng năm tuần quý thế kỷ thập niên mùa hè mùng rằm Tết Giêng âm lịch thứ Hai Ba chủ nhật "
    "sáng rạng chiều tối đêm giờ phút tiếng h lúc từ đến và hoặc cùng này trước sau tới ngoái vừa đầu giữa cuối nửa "
    "mỗi hằng cách đây nữa lần một hai mươi lăm chục vài sẽ đã hồi theo Việt Nam GMT "
    "1 2 8 12 13 29 30 31 59 99 1975 2023 2100 9999 "
    "8/6 29/2 31/12/2023 14-10 8.6 00:00 24h 13h40 9h-11h III XX ( ) , . - / : ; \n"
).split(" ")
TIME_LIKE_TEXT = st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join)
"""Words of time in any order: what no sentence has, and a broken text might."""

TEXT = st.one_of(SENTENCE.map(lambda sentence: sentence.text), TIME_LIKE_TEXT, MESSY_TEXT, ANY_TEXT)


@given(TEXT, REFERENCE)
def test_offsets_slice_back_and_spans_stand_apart_in_order(text: str, reference: datetime | None) -> None:
    position = 0
    for one in find_dates(text, reference):
        assert position <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        position = one.end


@given(TEXT, REFERENCE, st.sampled_from(["Bạn đọc lưu ý.\n", "\n\n", "Trụ sở cơ quan.\n"]))
def test_a_neutral_line_before_the_text_shifts_spans_and_changes_nothing_else(
    text: str, reference: datetime | None, prefix: str
) -> None:
    shifted = [
        TimeExpression(
            one.start + len(prefix), one.end + len(prefix), one.text, one.type, one.value, one.mod, one.conflict
        )
        for one in find_dates(text.lstrip(), reference)
    ]
    assert find_dates(prefix + text.lstrip(), reference) == shifted


@given(TEXT, REFERENCE)
def test_composed_and_decomposed_letters_say_the_same(text: str, reference: datetime | None) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", composed)

    def found(of: str) -> list[tuple[str, str, str]]:
        return [(unicodedata.normalize("NFC", one.text), one.type, one.value) for one in find_dates(of, reference)]

    assert found(decomposed) == found(composed)


@given(SENTENCE)
def test_odd_blanks_and_unseen_characters_change_no_value(sentence: object) -> None:
    text, reference = sentence.text, sentence.reference  # type: ignore[attr-defined]
    values = [one.value for one in find_dates(text, reference)]
    for blank in ("\u00a0", "  ", "\u2009", " \u200b"):
        assert [one.value for one in find_dates(text.replace(" ", blank), reference)] == values


@given(TIME_LIKE_TEXT)
def test_without_a_reference_no_year_is_made_up(text: str) -> None:
    for one in find_dates(text):
        if one.type in ("DATE", "TIME") and not any(figure.isdigit() for figure in one.text):
            # Only a century or a decade can be given in words without a reference.
            assert "XXXX" in one.value or len(one.value) < 4 or "kỷ" in one.text or "niên" in one.text


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("quý III/2023", "2023-Q3"),
        ("quí III/2023", "2023-Q3"),
        ("qúy III/2023", "2023-Q3"),
        ("QUÝ III/2023", "2023-Q3"),
        ("thế kỉ 19", "18"),
        ("vào21 giờ ngày8/6/2020", "2020-06-08T21:00"),
        ("ngày 8 / 6 / 2020", "2020-06-08"),
        ("ngày\u00a08/6/2020", "2020-06-08"),
        ("ng\u00e0y 08\u200b/06/2020", "2020-06-08"),
    ],
)
def test_spelling_does_not_matter(written: str, value: str) -> None:
    assert [one.value for one in find_dates(f"Khai mạc {written}.")] == [value]


def test_a_reference_of_another_zone_counts_by_the_vietnamese_day() -> None:
    late = datetime(2023, 10, 14, 18, 30, tzinfo=UTC)
    assert [one.value for one in find_dates("Hôm nay trời mưa.", late)] == ["2023-10-15"]


def test_a_reference_without_zone_is_vietnamese_time() -> None:
    assert [one.value for one in find_dates("Hôm nay trời mưa.", datetime(2023, 10, 14, 23, 30))] == ["2023-10-14"]


@pytest.mark.parametrize(
    "reference", [datetime.min, datetime.max, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_the_ends_of_the_calendar_are_no_trouble(reference: datetime) -> None:
    text = (
        "Hôm qua, ngày mai, tuần trước, cuối tuần tới, tháng sau, năm ngoái, thứ Hai tuần tới, 30 Tết, 5 giờ nữa, 8/6, "
        "ngày 31/12 đến 1/1, ba ngày sau, thế kỷ trước, 12 giờ đêm nay, cách đây 5000 năm, quý tới, "
        "ngày 5, mùng 1 đến mùng 3 Tết."
    )
    assert isinstance(find_dates(text, reference), list)


def test_a_text_of_one_day_long_gone_is_counted_from_that_day() -> None:
    day = datetime(1975, 4, 30, 12)
    assert [one.value for one in find_dates("Hôm nay và ngày mai.", day)] == ["1975-04-30", "1975-05-01"]
    assert [one.value for one in find_dates("Hôm nay.", day + timedelta(days=1))] == ["1975-05-01"]


def test_a_chain_of_explanations_of_any_length_is_read() -> None:
    found = find_dates("8/6 tức 8/6 tức " * 2000, datetime(2023, 10, 14))
    assert {one.value for one in found} == {"2023-06-08"}
    assert found[-1].end > 16 * 2000 - 30


def test_a_chain_of_ranges_of_any_length_is_read() -> None:
    found = find_dates("Từ năm 2010" + " đến 2011 đến 2012" * 2000 + ".")
    assert found[0].value == "2010/2011"


@pytest.mark.parametrize("depth", [1, 5, 13, 40])
def test_parentheses_within_each_other_are_read(depth: int) -> None:
    found = find_dates("8/6 (" * depth + "8/6" + ")" * depth, datetime(2023, 10, 14))
    assert {one.value for one in found} == {"2023-06-08"}


def test_a_date_is_explained_by_what_is_explained_itself() -> None:
    text = "mùng 2 Tết (tức 23/1, thứ Hai (giờ Việt Nam))"
    assert [one.value for one in find_dates(text, datetime(2023, 2, 1))][:1] == ["2023-01-23"]


@given(text=st.lists(SENTENCE, min_size=1, max_size=5), most=st.integers(1, 8))
def test_a_text_that_is_read_for_so_many_expressions_gives_the_first_ones(text: list[Any], most: int) -> None:
    written = " ".join(sentence.text for sentence in text)
    whole, part = recognize(written), recognize(written, most)
    assert min(most, len(whole)) <= len(part) <= len(whole)
    found = [(one.start, one.end) for one in part.normalize("2023-10-14")]
    assert found == [(one.start, one.end) for one in whole.normalize("2023-10-14")][: len(found)]


def test_of_an_endless_row_no_more_is_read_than_asked_for() -> None:
    assert len(recognize("Năm 2020. " * 500, 7)) == 7
    assert len(recognize("ngày 8/6 mưa ngày 9/6 nắng " * 500, 7)) == 7


_ENDS = (
    "ngày đến từ - – 3 5 30 31/12 1/1 8/6 16-7 8.6 28 18h 2h 23h30 5h sáng tối đêm rạng sáng hôm sau nay mai qua "
    "thứ Hai thứ Sáu hằng tuần tháng 5 12 2 năm 2020 2019 năm ngoái ( ) , cùng ngày quý IV I mùng 6 Tết trước tới cuối "
    "đầu tháng Chạp tháng Giêng"
).split(" ")
RANGE_LIKE_TEXT = st.lists(st.sampled_from(_ENDS), max_size=14).map(" ".join)
"""Ends of ranges in any order."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("từ tháng Giêng đến tháng Chạp", "2024-02-10/2025-01-28"),
        ("từ tháng 10 đến tháng Chạp", "2024-10/2025-01-28"),
        ("từ tháng Giêng đến tháng 5", "2024-02-10/2024-05"),
    ],
)
def test_a_range_of_lunar_months_has_two_ends(text: str, value: str) -> None:
    assert [one.value for one in find_dates(text, datetime(2024, 5, 20))] == [value]


@given(st.one_of(TEXT, RANGE_LIKE_TEXT), st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)))
@example("Đường cấm từ 18h đến 2h.", datetime(2024, 5, 20))
@example("Từ ngày 28 đến 3/9, chợ nghỉ.", datetime(2024, 9, 20))
@example("Từ tối 8-6 đến trưa 8-6, mưa.", datetime(2024, 9, 20))
@example("Từ năm 2020 đến năm 2019.", datetime(2024, 9, 20))
@example("THÁNG CHẠP ĐẾN1", datetime(2000, 1, 1))
def test_no_range_ends_before_it_begins(text: str, reference: datetime) -> None:
    for one in find_dates(text, reference):
        begin, _, end = one.value.partition("/")
        if end and one.type in ("DATE", "TIME"):
            # Equally written ends can be compared as they stand.
            assert periods.days(f"{begin}/{end}") is not None
            if ":" in begin and ":" in end:
                assert begin <= end
