"""The two languages of the pages, and which one a browser asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from vovcrawl.report.language import LANGUAGES, MONTHS, Language

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def chosen(accept_language: str) -> str:
    """The language of `LANGUAGES` that a browser's header `Accept-Language` asks for; Vietnamese where it asks for
    neither."""
    best, weight = LANGUAGES[0], 0.0
    for part in accept_language.lower().split(",")[:20]:
        name, _, quality = part.strip().partition(";")
        try:
            asked = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if name.partition("-")[0] in LANGUAGES and asked > weight:
            best, weight = name.partition("-")[0], asked
    return best


class Words:
    """The texts of the pages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _table()[language]
        self._writing = Language(language)

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of that name, with values put in where it has `{name}`; numbers are written as the language does.

        Raises:
            KeyError: there is none.
        """
        shown = {key: self.number(value) if isinstance(value, int) else value for key, value in values.items()}
        text = self._words[name]
        return text.format(**shown) if values else text

    def kind(self, content_type: str) -> str:
        """What a kind of article is called."""
        return self._words.get(f"kind_{content_type}", content_type)

    def number(self, value: int) -> str:
        """A whole number: 12.345 in Vietnamese, 12,345 in English."""
        return self._writing.number(value)

    def day(self, value: date, *, weekday: bool = False) -> str:
        """A day: 7/10/2023, or 7 October 2023."""
        text = self._writing.day(value)
        return f"{_WEEKDAYS[self.language][value.weekday()]}, {text}" if weekday else text

    def time(self, value: str | None) -> str:
        """The day and time of a record, `2023-10-14T14:05:00+07:00`; a word where there is none."""
        if value is None:
            return self("undated")
        try:
            day = self.day(date.fromisoformat(value[:10]))
        except ValueError:
            return value
        return f"{day}, {value[11:16]}" if len(value) >= 16 else day

    def month(self, value: str) -> str:
        """A month, a year or a day as filters write it."""
        parts = value.split("-")
        if not value or not all(part.isascii() and part.isdigit() for part in parts):
            return self("undated")
        if len(parts) == 1:
            return value
        if len(parts) == 2 and 1 <= int(parts[1]) <= 12:
            return f"{int(parts[1])}/{parts[0]}" if self.language == "vi" else f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"
        try:
            return self.day(date.fromisoformat(value))
        except ValueError:
            return value


@cache
def _table() -> dict[str, Mapping[str, str]]:
    with (files("vovcrawl.browse") / "messages.toml").open("rb") as file:
        both = tomllib.load(file)
    return {language: {name: texts[language] for name, texts in both.items()} for language in LANGUAGES}
