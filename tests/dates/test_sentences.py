"""The project's own sentences, each read as it is marked."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.dates.marked_sentences import Sentence, load
from vovcrawl.dates import find_dates

SENTENCES = load()


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(
            sentence,
            id=sentence.id,
            marks=pytest.mark.xfail(strict=True, reason="not understood yet") if sentence.is_open else (),
        )
        for sentence in SENTENCES
    ],
)
def test_a_sentence_is_read_as_marked(sentence: Sentence) -> None:
    assert find_dates(sentence.text, sentence.reference) == list(sentence.expressions)


def test_no_sentence_stands_twice() -> None:
    twice = [text for text, times in Counter(sentence.text for sentence in SENTENCES).items() if times > 1]
    assert twice == []


def test_every_category_has_at_least_ten_sentences() -> None:
    few = {name: times for name, times in Counter(one.category for one in SENTENCES).items() if times < 10}
    assert few == {}


def test_at_most_one_sentence_in_a_hundred_is_still_misread() -> None:
    assert sum(sentence.is_open for sentence in SENTENCES) <= len(SENTENCES) / 100
