"""The time of publication as `find_dates` takes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dates.test_find_dates import SENTENCE, SENTENCES, TIME_LIKE_TEXT
from vovcrawl.dates import find_dates, recognize
from vovcrawl.dates.references import moment_of

VIETNAM = timezone(timedelta(hours=7))
DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31))
TEXT = st.one_of(SENTENCE.map(lambda sentence: sentence.text), TIME_LIKE_TEXT)


def values(text: str, reference: Any) -> list[str]:
    return [one.value for one in find_dates(text, reference)]


@given(TEXT, DAY)
def test_a_day_is_its_noon_in_vietnam(text: str, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM)
    assert find_dates(text, day) == find_dates(text, noon)


@given(DAY, st.times())
def test_what_is_counted_in_days_is_the_same_at_any_hour_of_the_day(day: date, hour: Any) -> None:
    text = "Hôm qua, sáng nay, thứ Ba tuần sau, 8/6, ba ngày trước, tháng tới và lúc 9h."
    assert find_dates(text, day) == find_dates(text, datetime.combine(day, hour))


def test_hours_back_from_a_day_do_not_lead_out_of_it() -> None:
    assert values("Vụ việc xảy ra cách đây 2 giờ.", date(2023, 10, 14)) == ["2023-10-14T10:00"]


@given(TEXT, DAY)
def test_a_day_in_iso_8601_is_that_day(text: str, day: date) -> None:
    assert find_dates(text, day.isoformat()) == find_dates(text, day)


@given(TEXT, st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)), st.integers(-14 * 60, 14 * 60))
def test_a_time_in_iso_8601_is_that_time(text: str, at: datetime, minutes: int) -> None:
    moment = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert find_dates(text, moment.isoformat()) == find_dates(text, moment)
    assert find_dates(text, at.isoformat()) == find_dates(text, at)


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("2023-10-14T20:00:00Z", "2023-10-14"),
        ("2023-10-14T20:00:00+07:00", "2023-10-13"),
        ("2023-10-14T20:00", "2023-10-13"),
        ("2023-10-14", "2023-10-13"),
        ("20231014", "2023-10-13"),
    ],
)
def test_a_string_counts_by_the_vietnamese_day(reference: str, value: str) -> None:
    assert values("Hôm qua trời mưa.", reference) == [value]


@pytest.mark.parametrize("reference", ["", "hôm qua", "14/10/2023", "2023-13-01", "2023-10-14T25:00", "2023", "T12:00"])
@pytest.mark.parametrize("text", ["Hôm qua trời mưa.", "Không có gì."])
def test_a_string_that_is_no_time_is_refused_whatever_the_text(text: str, reference: str) -> None:
    with pytest.raises(ValueError, match=r"^the reference .* is no date or time in ISO 8601"):
        find_dates(text, reference)
    with pytest.raises(ValueError, match=r"^the reference .* is no date or time in ISO 8601"):
        recognize(text).normalize(reference)


@given(st.text())
def test_any_string_is_a_reference_or_refused_by_its_name(reference: str) -> None:
    try:
        assert moment_of(reference) is not None
    except ValueError as error:
        assert repr(reference) in str(error)


@pytest.mark.parametrize("reference", [0, 1697259900.0, b"2023-10-14", (2023, 10, 14), False, timedelta(1)], ids=repr)
def test_what_is_no_time_at_all_is_refused_by_its_type(reference: Any) -> None:
    with pytest.raises(TypeError, match=f"not of type {type(reference).__name__}$"):
        find_dates("Không có gì.", reference)


@pytest.mark.parametrize("reference", [datetime(2023, 10, 14, 8), date(2023, 10, 14), "2023-10-14", None], ids=repr)
def test_a_text_recognized_once_takes_the_same_references(reference: Any) -> None:
    text = SENTENCES[0].text
    assert recognize(text).normalize(reference) == find_dates(text, reference)
