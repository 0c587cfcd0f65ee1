"""A calendar shows days without articles where others have some."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.browse.calendar import Year, years


def days(first: date, number: int, without: Collection[date] = ()) -> dict[date, int]:
    found = (first + timedelta(place) for place in range(number))
    return {day: 5 for day in found if day not in without}


def test_days_without_articles_among_full_ones_are_missing() -> None:
    missing = {date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 14)}
    assert Year.of(2026, days(date(2026, 1, 1), 200, missing)).missing == sorted(missing)


def test_what_lies_before_the_first_and_after_the_last_article_is_not() -> None:
    assert Year.of(2026, days(date(2026, 3, 1), 60)).missing == []


def test_a_gap_over_the_turn_of_the_year_is_seen_from_both_sides() -> None:
    missing = {date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)}
    counts = days(date(2025, 12, 1), 62, missing)
    assert Year.of(2025, counts).missing == [date(2025, 12, 30), date(2025, 12, 31)]
    assert Year.of(2026, counts).missing == [date(2026, 1, 1)]


def test_weeks_begin_on_monday() -> None:
    july = Year.of(2026, {date(2026, 7, 1): 3}).months[6]
    assert [day.day.day if day else None for day in july.weeks[0]] == [None, None, 1, 2, 3, 4, 5]
    assert july.articles == 3


def test_fuller_days_are_darker() -> None:
    counts = {date(2026, 7, day): day * 10 for day in range(1, 11)}
    shades = [day.shade for week in Year.of(2026, counts).months[6].weeks for day in week if day and day.articles]
    assert shades == sorted(shades)
    assert (shades[0], shades[-1]) == (1, 4)


@given(year=st.integers(1, 9999), offsets=st.sets(st.integers(0, 365), max_size=400))
def test_every_year_has_its_days(year: int, offsets: set[int]) -> None:
    counts = {date(year, 1 + offset // 31, 1 + offset % 28): 1 for offset in offsets}
    shown = [day.day for month in Year.of(year, counts).months for week in month.weeks for day in week if day]
    assert len(shown) in (365, 366)
    assert shown == sorted(set(shown))


def test_years_are_the_latest_first() -> None:
    assert years(date(2023, 5, 1), date(2026, 1, 1)) == [2026, 2025, 2024, 2023]
