"""Days that are missing are told from those that chance leaves empty."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.report.days import Gap, ThinDay, gaps, thin_days

FIRST = date(2026, 1, 1)
_COUNTS = st.dictionaries(
    st.integers(0, 200).map(lambda place: FIRST + timedelta(days=place)), st.integers(1, 60), max_size=120
)


def steady(days: int, a_day: int, *without: int) -> dict[date, int]:
    """So many articles on each day, but on the days at some places."""
    return {FIRST + timedelta(days=place): a_day for place in range(days) if place not in without}


def day(place: int) -> date:
    return FIRST + timedelta(days=place)


def test_three_days_without_articles_among_days_with_many_are_a_gap() -> None:
    assert gaps(steady(60, 30, 20, 21, 22)) == [Gap(day(20), day(22), 30)]
    assert Gap(day(20), day(22), 30).expected == 90


def test_a_gap_longer_than_the_days_that_are_looked_at_is_found_whole() -> None:
    (gap,) = gaps(steady(120, 30, *range(30, 80)))
    assert (gap.first, gap.last, gap.days) == (day(30), day(79), 50)


def test_a_gap_near_the_first_or_the_last_day_is_found() -> None:
    assert gaps(steady(30, 30, 1, 2)) == [Gap(day(1), day(2), 30)]
    assert gaps(steady(30, 30, 27, 28)) == [Gap(day(27), day(28), 30)]


def test_a_single_day_is_a_gap_only_where_days_have_many() -> None:
    assert gaps(steady(60, 30, 20)) == [Gap(day(20), day(20), 30)]
    assert gaps(steady(60, 4, 20)) == []


def test_days_of_few_articles_are_a_gap_where_all_around_them_have_some() -> None:
    assert gaps(steady(60, 1, 20, 21, 22)) == [Gap(day(20), day(22), 1)]
    assert gaps(steady(60, 1, 20, 21)) == []


def test_one_article_of_long_ago_makes_no_gap() -> None:
    assert gaps({date(1970, 1, 1): 1, **steady(60, 30)}) == []


def test_weekends_without_articles_are_no_gaps() -> None:
    counts = {each: 20 for each in steady(90, 1) if each.weekday() < 5}
    assert gaps(counts) == []
    # A Wednesday is one among them.
    del counts[date(2026, 2, 11)]
    assert [gap.first for gap in gaps(counts)] == [date(2026, 2, 11)]


def test_days_after_the_last_article_count_where_articles_are_expected_until_then() -> None:
    assert gaps(steady(60, 30), day(64)) == [Gap(day(60), day(64), 30)]
    assert gaps(steady(60, 30), day(59)) == []
    assert gaps({}, day(10)) == []


@given(_COUNTS, st.integers(-10, 260))
def test_no_day_with_articles_lies_in_a_gap_and_gaps_come_in_order(counts: dict[date, int], until: int) -> None:
    found = gaps(counts, day(until))
    assert not [each for each in counts for gap in found if gap.first <= each <= gap.last]
    assert all(one.last < other.first for one, other in pairwise(found))


@given(st.integers(9, 100), st.integers(20, 60), st.integers(1, 60), st.integers(2, 15))
def test_whatever_is_taken_out_of_a_steady_store_is_found(a_day: int, before: int, missing: int, after: int) -> None:
    counts = steady(before + missing + after, a_day, *range(before, before + missing))
    assert [(gap.first, gap.days) for gap in gaps(counts)] == [(day(before), missing)]


def test_a_day_with_less_than_a_quarter_of_the_usual_is_thin() -> None:
    counts = steady(60, 30) | {day(20): 7, day(21): 8}
    assert thin_days(counts) == [ThinDay(day(20), 7, 30)]


def test_the_first_and_the_last_day_are_never_thin() -> None:
    assert thin_days(steady(60, 30) | {day(0): 1, day(59): 1}) == []


def test_days_of_few_articles_are_never_thin() -> None:
    assert thin_days(steady(60, 12) | {day(20): 1}) == []
