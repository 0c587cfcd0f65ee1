"""The days that values cover."""

from __future__ import annotations

from datetime import date

import pytest

from tests.dates.marked_sentences import load
from vovcrawl.dates import periods
from vovcrawl.dates.periods import days


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2023-10-14", "2023-10-14", "2023-10-14"),
        ("2023-10-14T21:30", "2023-10-14", "2023-10-14"),
        ("2023-10-14TMO", "2023-10-14", "2023-10-14"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-Q4", "2023-10-01", "2023-12-31"),
        ("2023-H1", "2023-01-01", "2023-06-30"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2020-W53-WE", "2021-01-02", "2021-01-03"),
        ("2023-SU", "2023-05-06", "2023-08-07"),
        ("2023-WI", "2023-11-08", "2024-02-03"),
        ("198", "1980-01-01", "1989-12-31"),
        ("17", "1700-01-01", "1799-12-31"),
        ("2023-10-12/2023-10-15", "2023-10-12", "2023-10-15"),
        ("2010/2014-08", "2010-01-01", "2014-08-31"),
        ("2023-10-14TEV/2023-10-15TMO", "2023-10-14", "2023-10-15"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_value_covers_its_days(value: str, first: str, last: str) -> None:
    assert days(value) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "value",
    ["P3D", "PT2H", "XXXX-10-14", "XXXX-WXX-2", "P1W", "2023-02-30", "2023-13", "2023-W54", "XXXX-05/XXXX-08", ""],
)
def test_what_is_no_certain_time_covers_none(value: str) -> None:
    assert days(value) is None


def test_every_dated_value_of_the_sentences_covers_days_in_order() -> None:
    values = {one.value for sentence in load() for one in sentence.expressions if one.type in ("DATE", "TIME")}
    covered = {value: days(value) for value in values if "X" not in value}
    assert [value for value, found in covered.items() if found is None or found[0] > found[1]] == []


@pytest.mark.parametrize(
    ("begin", "end", "ordered"),
    [
        ("2024-05-20", "2024-05-20", True),
        ("2024-05-20", "2024-05", True),
        ("2024-05-21", "2024-05-20", False),
        ("2020", "2019", False),
        ("2024-05-20TMO", "2024-05-20TEV", True),
        ("2024-05-20TEV", "2024-05-20TMO", False),
        ("2024-05-20T18:00", "2024-05-20T02:00", False),
        ("2024-05-20T18:00", "2024-05-20TMO", True),
        ("XXXX-12-30", "XXXX-01-04", True),
    ],
)
def test_a_range_is_in_order_if_its_end_is_no_sooner_than_its_beginning(begin: str, end: str, ordered: bool) -> None:
    assert periods.in_order(begin, end) is ordered
