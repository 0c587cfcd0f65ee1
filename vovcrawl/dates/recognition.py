"""What a text says of time, sentence by sentence, and the values that this has for one time of publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from vovcrawl.dates.clauses import Clauses
from vovcrawl.dates.completion import Complete, complete
from vovcrawl.dates.grammar import GRAMMAR
from vovcrawl.dates.normalization import Normalizer, Value
from vovcrawl.dates.patterns import VOCABULARY
from vovcrawl.dates.reading import Reader
from vovcrawl.dates.syllables import Row, sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its complete expressions."""

    row: Row
    expressions: list[Complete]
    clauses: Clauses


def recognize(text: str, most: int | None = None) -> list[Sentence]:
    """The sentences of `text` that say a time, read up to the place where `most` expressions are found."""
    return recognized(sentences(text, VOCABULARY, GRAMMAR.find_time), most)


def recognized(rows: Iterable[Row], most: int | None = None) -> list[Sentence]:
    """Those of some rows that say a time, read up to the place where `most` expressions are found."""
    found = []
    left = most
    for row in rows:
        expressions = Reader(row).expressions(left)
        if expressions:
            found.append(Sentence(row, complete(expressions), Clauses(row.codes)))
            if left is not None:
                left -= len(expressions)
                if left <= 0:
                    break
    return found


def normalized(sentences: list[Sentence], reference: datetime | None) -> Iterator[tuple[int, int, Value]]:
    """Start, end and value of the expressions of a text, by the text as given; those without a value are left out."""
    normalizer = Normalizer(reference)
    for sentence in sentences:
        row, expressions = sentence.row, sentence.expressions
        for one, value in zip(expressions, normalizer.values(expressions, sentence.clauses), strict=True):
            if value is not None:
                yield row.start(one.start), row.end(one.end - 1), value
