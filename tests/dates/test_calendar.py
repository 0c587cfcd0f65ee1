"""Calendar arithmetic."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.dates import calendar


@pytest.mark.parametrize(
    ("year", "tet"),
    # As printed in Vietnamese almanacs; 1985 and 2007 differ from the Chinese calendar.
    [
        (1968, "1968-01-29"),
        (1985, "1985-01-21"),
        (2007, "2007-02-17"),
        (2013, "2013-02-10"),
        (2019, "2019-02-05"),
        (2023, "2023-01-22"),
        (2024, "2024-02-10"),
        (2025, "2025-01-29"),
        (2026, "2026-02-17"),
    ],
)
def test_tet_is_the_first_day_of_the_lunar_year(year: int, tet: str) -> None:
    assert calendar.lunar_day(year, 1, 1) == date.fromisoformat(tet)


def test_day_30_is_the_last_one_of_a_month_of_29() -> None:
    assert calendar.lunar_day(2024, 12, 30) == date(2025, 1, 28)


@given(st.integers(calendar.FIRST_LUNAR_YEAR, calendar.LAST_LUNAR_YEAR), st.integers(1, 12), st.integers(1, 29))
def test_lunar_days_follow_each_other(year: int, month: int, day: int) -> None:
    this, following = calendar.lunar_day(year, month, day), calendar.lunar_day(year, month, day + 1)
    assert this is not None
    assert following is not None
    assert (following - this).days == (1 if day < 29 or following != this else 0)


@pytest.mark.parametrize(("year", "month", "day"), [(1850, 1, 1), (2200, 1, 1), (2024, 13, 1), (2024, 1, 31)])
def test_outside_the_tables_there_is_no_lunar_day(year: int, month: int, day: int) -> None:
    assert calendar.lunar_day(year, month, day) is None


def test_of_two_days_about_as_far_the_clause_chooses() -> None:
    earlier, later = date(2018, 3, 10), date(2019, 3, 10)
    assert calendar.nearest([earlier, later], date(2018, 9, 20), future=True) == later
    assert calendar.nearest([earlier, later], date(2018, 9, 20), future=False) == earlier


def test_a_day_that_is_clearly_nearer_is_taken_whatever_the_clause_says() -> None:
    assert calendar.nearest([date(2018, 6, 1), date(2019, 6, 1)], date(2018, 8, 1), future=True) == date(2018, 6, 1)


@pytest.mark.parametrize(
    ("day", "week"), [("2018-12-31", "2019-W01"), ("2021-01-03", "2020-W53"), ("2024-12-30", "2025-W01")]
)
def test_the_year_of_a_week_is_that_of_its_thursday(day: str, week: str) -> None:
    assert calendar.iso_week(date.fromisoformat(day)) == week


def test_beyond_the_calendar_there_is_no_day() -> None:
    assert calendar.add(date.max, days=1) is None
    assert calendar.add(date.min, years=-1) is None
    assert calendar.day(2023, 2, 29) is None


@pytest.mark.parametrize(
    ("start", "moved", "expected"),
    [
        ("2023-01-31", {"months": 1}, "2023-02-28"),
        ("2024-02-29", {"years": 1}, "2025-02-28"),
        ("2023-01-15", {"months": -13}, "2021-12-15"),
        ("2023-12-31", {"days": 1}, "2024-01-01"),
        ("2023-10-14", {"weeks": -1, "days": 2}, "2023-10-09"),
        ("2023-11-30", {"months": 3, "days": 1}, "2024-03-01"),
    ],
)
def test_a_day_is_moved_by_the_calendar(start: str, moved: dict[str, int], expected: str) -> None:
    assert calendar.add(date.fromisoformat(start), **moved) == date.fromisoformat(expected)


@pytest.mark.parametrize("moved", [{"days": 1}, {"months": 1}, {"years": 10**12}, {"weeks": 10**12}, {"years": -9999}])
def test_a_day_outside_the_calendar_is_none(moved: dict[str, int]) -> None:
    assert calendar.add(date.max, **moved) is None
