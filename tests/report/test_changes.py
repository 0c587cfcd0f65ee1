"""The day on which pages change is found, and contents that vary are not taken for it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from vovcrawl.report.changes import Change, changes

FIRST = date(2026, 1, 1)


def day(place: int) -> date:
    return FIRST + timedelta(days=place)


TOTALS = {day(place): 20 for place in range(120)}


def test_a_template_that_all_articles_have_from_a_day_on_is_found_on_that_day() -> None:
    assert changes("t", {day(place): 20 for place in range(50, 120)}, TOTALS) == [Change(day(50), "t", 0.0, 1.0)]


def test_what_most_articles_lack_from_a_day_on_is_found_though_shares_vary() -> None:
    random = Random(1)
    having = {
        day(place): sum(random.random() < (0.8 if place >= 70 else 0.1) for _ in range(20)) for place in range(120)
    }
    (found,) = changes("t", having, TOTALS)
    assert abs((found.day - day(70)).days) <= 1
    assert found.rise > 0.5


def test_what_comes_and_goes_is_found_twice() -> None:
    found = changes("t", {day(place): 20 for place in range(40, 80)}, TOTALS)
    assert [(each.day, each.rise) for each in found] == [(day(40), 1.0), (day(80), -1.0)]


def test_shares_that_vary_about_a_half_are_no_change() -> None:
    random = Random(2)
    assert changes("t", {day(place): random.randint(5, 15) for place in range(120)}, TOTALS) == []


def test_a_handful_of_articles_says_nothing() -> None:
    assert changes("t", {day(1): 4}, {day(0): 4, day(1): 4}) == []


def test_without_articles_nothing_changes() -> None:
    assert changes("t", {}, {}) == []


def test_articles_of_other_years_say_nothing_of_a_day() -> None:
    totals = {day(100 * place): 5 for place in range(30)}
    assert changes("t", dict.fromkeys(list(totals)[15:], 5), totals) == []


def test_a_share_that_chance_may_have_changed_is_no_change() -> None:
    totals = {day(0): 10, day(1): 10}
    assert changes("t", {day(0): 2, day(1): 8}, totals) == []
    assert [each.day for each in changes("t", {day(1): 10}, totals)] == [day(1)]


def test_the_last_days_of_all_are_looked_at() -> None:
    last = [date(9999, 12, 30), date.max]
    assert [each.day for each in changes("t", {date.max: 20}, dict.fromkeys(last, 20))] == [date.max]
