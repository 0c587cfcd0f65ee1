"""The time of publication as callers give it."""

from __future__ import annotations

from datetime import date, datetime, time

from vovcrawl.dates.calendar import in_vietnam

_HOUR_OF_A_DAY = time(12)
"""Of a day alone: the hours that "2 giờ trước" and the like count back or forth mostly stay within the day."""


def moment_of(reference: datetime | date | str | None) -> datetime | None:
    """A reference as a time in +07:00; without an offset it is Vietnamese time, and a day is its noon.

    Raises:
        TypeError: it is of no type that can be one.
        ValueError: it is a string that is no date or time in ISO 8601.
    """
    if isinstance(reference, str):
        reference = _from_iso(reference)
    match reference:
        case None:
            return None
        case datetime():
            return in_vietnam(reference)
        case date():
            return in_vietnam(datetime.combine(reference, _HOUR_OF_A_DAY))
    kind = type(reference).__name__
    raise TypeError(f"a reference is a datetime, a date, a string in ISO 8601 or None, not of type {kind}")


def _from_iso(text: str) -> datetime | date:
    # Only the first refuses times, which the second would make midnight of a day alone.
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    raise ValueError(f"the reference {text!r} is no date or time in ISO 8601, such as 2023-10-14T14:05 or 2023-10-14")
