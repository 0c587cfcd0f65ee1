"""The pages speak the language that the browser asks for."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.browse.language import Words, chosen
from vovcrawl.report.language import LANGUAGES

MESSAGES = tomllib.loads((files("vovcrawl.browse") / "messages.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("vi", "vi"),
        ("en-GB,en;q=0.9,vi;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.5,vi;q=0.4", "en"),
        ("en;q=0.3, vi-VN;q=0.7", "vi"),
        ("de", "vi"),
        ("", "vi"),
        ("en;q=x", "vi"),
        ("en;q=0", "vi"),
    ],
)
def test_the_best_of_the_two_is_chosen(header: str, language: str) -> None:
    assert chosen(header) == language


@given(st.text(max_size=200))
def test_whatever_is_asked_for_gives_one_of_them(header: str) -> None:
    assert chosen(header) in LANGUAGES


@pytest.mark.parametrize("name", MESSAGES)
def test_every_text_is_there_in_both_languages_with_the_same_values(name: str) -> None:
    texts = MESSAGES[name]
    assert set(texts) == set(LANGUAGES)
    first, second = (set(re.findall(r"\{(\w+)\}", texts[language])) for language in LANGUAGES)
    assert first == second


def test_every_text_is_used() -> None:
    room = files("vovcrawl.browse")
    pages = [*(room / "templates" / "browse").iterdir(), room / "pages.py", room / "language.py"]
    source = "\n".join(page.read_text("utf-8") for page in pages)
    named = set(re.findall(r"""["'](\w+)["']""", source))
    assert [name for name in MESSAGES if not name.startswith("kind_") and name not in named] == []


@pytest.mark.parametrize(
    ("language", "number", "day", "month"),
    [
        ("vi", "12.345", "Thứ Bảy, 7/10/2023", "10/2023"),
        ("en", "12,345", "Saturday, 7 October 2023", "October 2023"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(language: str, number: str, day: str, month: str) -> None:
    words = Words(language)
    assert words.number(12_345) == number
    assert words.day(date(2023, 10, 7), weekday=True) == day
    assert words.month("2023-10") == month


@given(value=st.one_of(st.none(), st.text(max_size=30)), language=st.sampled_from(LANGUAGES))
def test_no_date_of_a_record_fails(value: str | None, language: str) -> None:
    assert isinstance(Words(language).time(value), str)
    assert isinstance(Words(language).month(value or ""), str)
