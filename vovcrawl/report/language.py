"""The report's texts, numbers and dates in Vietnamese and in English; the texts are in `messages.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("vi", "en")

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MONTHS = "January February March April May June July August September October November December".split()
"""In English."""


@cache
def messages() -> dict[str, dict[str, str]]:
    """The texts by name, each by language; `en_one` is that of the number 1."""
    found: dict[str, dict[str, str]] = tomllib.loads(files(__package__).joinpath("messages.toml").read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Language:
    """One of `LANGUAGES`."""

    code: str

    def __call__(self, name: str, **values: Any) -> str:
        """A text; numbers in `values` are written as the language does, and `n` chooses between one and more."""
        texts = messages()[name]
        text = texts[self.code]
        if values.get("n") == 1:
            text = texts.get(f"{self.code}_one", text)
        written = {key: self.number(value) if isinstance(value, int) else value for key, value in values.items()}
        return text.format(**written)

    def number(self, value: float, digits: int = 0) -> str:
        """`12,345.6`, or `12.345,6` in Vietnamese."""
        text = f"{value:,.{digits}f}"
        return text.translate(_VIETNAMESE) if self.code == "vi" else text

    def percent(self, share: float) -> str:
        """`7%`; a share that is neither none nor all is shown as neither."""
        if 0 < share < 0.01:
            return f"<{self.number(1)}%"
        return f"{min(99, round(share * 100)) if share < 1 else 100}%"

    def day(self, day: date) -> str:
        """`12/3/2026`, or `12 March 2026`."""
        if self.code == "vi":
            return f"{day.day}/{day.month}/{day.year}"
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def moment(self, moment: datetime) -> str:
        """A day with its time, in the zone that `moment` is in."""
        return f"{self.day(moment.date())}, {moment:%H:%M}"

    def span(self, first: date, last: date) -> str:
        """`12–14 March 2026`, with as much of the first day as differs."""
        if first == last:
            return self.day(first)
        is_same_month = (first.year, first.month) == (last.year, last.month)
        if self.code == "vi":
            short = f"{first.day}" if is_same_month else f"{first.day}/{first.month}"
        else:
            short = f"{first.day}" if is_same_month else f"{first.day} {MONTHS[first.month - 1]}"
        if first.year != last.year:
            short = self.day(first)
        dash = "–" if is_same_month else " – "
        return f"{short}{dash}{self.day(last)}"

    def month(self, month: int) -> str:
        """A month's short name: `Th3`, or `Mar`."""
        return f"Th{month}" if self.code == "vi" else _MONTHS[month - 1]

    def month_of(self, year: int, month: int) -> str:
        """`3/2026`, or `Mar 2026`."""
        return f"{month}/{year}" if self.code == "vi" else f"{_MONTHS[month - 1]} {year}"


_VIETNAMESE = str.maketrans(",.", ".,")
