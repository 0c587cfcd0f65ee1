"""What tasks hand over to each other by way of the disk is read as it was written, from any place."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties import ONE_FIXTURE_FOR_ALL
from vovcrawl.archives.dataset.spilling import (
    LARGEST,
    Row,
    Rows,
    Values,
    ValueWriter,
    between,
    write_rows,
    write_sorted_rows,
)

NUMBERS = st.integers(0, LARGEST)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=50)


@settings(suppress_health_check=ONE_FIXTURE_FOR_ALL)
@given(ROWS.filter(bool))
def test_a_row_is_read_by_its_place(tmp_path: Path, rows: list[Row]) -> None:
    path = tmp_path / token_hex(8)
    write_sorted_rows(path, rows)
    read = Rows(path, 3)
    assert [read.read(place) for place in reversed(range(len(rows)))] == rows[::-1]
    read.close()


@settings(suppress_health_check=ONE_FIXTURE_FOR_ALL)
@given(ROWS, NUMBERS, NUMBERS)
def test_rows_are_read_by_their_first_number(tmp_path: Path, rows: list[Row], least: int, most: int) -> None:
    path = tmp_path / token_hex(8)
    write_rows(path, rows)
    assert list(between(path, 3, least, most)) == sorted(row for row in rows if least <= row[0] <= most)


@settings(suppress_health_check=ONE_FIXTURE_FOR_ALL)
@given(st.lists(st.text(), max_size=20))
def test_values_are_read_from_where_they_were_written(tmp_path: Path, values: list[str]) -> None:
    path = tmp_path / token_hex(8)
    with ValueWriter(path) as into:
        places = [into.add(value) for value in values]
    read = Values(path, str)
    assert [read.read(*place) for place in reversed(places)] == values[::-1]
    read.close()
