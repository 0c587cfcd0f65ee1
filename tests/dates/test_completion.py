"""Completion and normalization leave a recognition as it is."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.dates.marked_sentences import load
from tests.dates.test_find_dates import TIME_LIKE_TEXT
from vovcrawl.dates import find_dates, recognize
from vovcrawl.dates.completion import complete
from vovcrawl.dates.patterns import VOCABULARY
from vovcrawl.dates.reading import Reader
from vovcrawl.dates.syllables import read_row

TEXT = st.lists(st.sampled_from([sentence.text for sentence in load()]) | TIME_LIKE_TEXT, max_size=4).map("\n".join)
REFERENCE = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31))


@given(TEXT, REFERENCE, REFERENCE)
def test_one_recognition_gives_the_dates_of_any_reference(
    text: str, first: datetime | None, second: datetime | None
) -> None:
    recognition = recognize(text)
    for reference in (first, second, first):
        assert recognition.normalize(reference) == find_dates(text, reference)


@given(TEXT)
def test_completing_expressions_does_not_change_them(text: str) -> None:
    expressions = Reader(read_row(text, VOCABULARY)).expressions()
    complete(expressions)
    assert expressions == Reader(read_row(text, VOCABULARY)).expressions()
