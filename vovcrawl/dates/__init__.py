"""Vietnamese time expressions: what a text says of time, as TIMEX3 values.

`find_dates` is all that a caller needs. The package imports nothing of the crawler and could stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vovcrawl.dates.recognition import Sentence

__all__ = ["Recognition", "TimeExpression", "find_dates", "recognize"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """One time expression of a text, in TIMEX3 terms."""

    start: int
    """Offset of its first character, in code points of the text as given."""
    end: int
    """Offset after its last character."""
    text: str
    """`text[start:end]` of the text as given."""
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str
    """TIMEX3 value in +07:00, without seconds: `2023-10-14`, `2023-10-14TEV`, `P3D`, `XXXX-WXX-2`."""
    mod: Literal["START", "MID", "END"] | None = None
    """The part of the period that is meant."""
    conflict: bool = False
    """Whether a written date overrode a word or a weekday that says another day."""


class Recognition:
    """What a text says of time, whatever its time of publication."""

    def __init__(self, text: str, sentences: list[Sentence]) -> None:
        self._text = text
        self._sentences = sentences

    def __len__(self) -> int:
        """How many expressions were found; some of them may have no value for a time of publication."""
        return sum(len(sentence.expressions) for sentence in self._sentences)

    def normalize(self, reference: datetime | date | str | None = None) -> list[TimeExpression]:
        """The time expressions of the text as of `reference`, as `find_dates` gives them, with the same errors."""
        from vovcrawl.dates.references import moment_of

        moment = moment_of(reference)
        if not self._sentences:
            return []
        from vovcrawl.dates.recognition import normalized

        text = self._text
        return [
            TimeExpression(start, end, text[start:end], value.type, value.text, value.mod, value.conflict)
            for start, end, value in normalized(self._sentences, moment)
        ]


def recognize(text: str, most: int | None = None) -> Recognition:
    """What `text` says of time, to be normalized by one time of publication or by several.

    With `most`, reading ends where so many expressions are found; of a list that is being read all members are.
    """
    # The grammar is loaded for the first text: it costs more than all other imports of a command.
    from vovcrawl.dates import recognition

    return Recognition(text, recognition.recognize(text, most))


def find_dates(text: str, reference: datetime | date | str | None = None) -> list[TimeExpression]:
    """The time expressions of `text`, in order and without overlap.

    Args:
        text: a sentence or a whole article, in any Unicode normal form.
        reference: the time of publication, from which "hôm qua" and years left out are counted: a time, a day, or
            either as a string in ISO 8601. Without an offset it is Vietnamese time; a day is its noon. Without a
            reference, days and months keep an open year (`XXXX-10-14`), and what only a reference could give is left
            out.

    Raises:
        TypeError: `reference` is of another type.
        ValueError: `reference` is a string that is no date or time in ISO 8601.
    """
    return recognize(text).normalize(reference)
