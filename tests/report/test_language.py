"""Every text of the report is there in both languages, and numbers and dates are written as each does."""

from __future__ import annotations

import re
from datetime import date, datetime
from string import Formatter

import pytest

from tests.conftest import PROJECT
from vovcrawl.items import WARNINGS
from vovcrawl.report.language import LANGUAGES, Language, messages

VIETNAMESE, ENGLISH = (Language(code) for code in LANGUAGES)
ROOM = PROJECT / "vovcrawl" / "report"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", messages())
def test_a_text_is_there_in_both_languages_with_the_same_values(name: str) -> None:
    texts = messages()[name]
    assert texts.keys() <= {"vi", "en", "en_one"}
    assert placeholders(texts["vi"]) == placeholders(texts["en"])
    # That of the number 1 may write it as a word, or leave the rest out.
    assert placeholders(texts.get("en_one", "")) <= placeholders(texts["en"])


def test_every_text_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in ROOM.iterdir() if path.suffix in (".py", ".jinja"))
    families = set(re.findall(r'f"([a-z]+_)\{', code)) | {"state_"}
    unused = {
        name for name in messages() if not re.search(f"[\"']{name}[\"']", code) and not name.startswith(tuple(families))
    }
    assert unused - WARNINGS.keys() == set()


def test_every_warning_has_its_meaning() -> None:
    assert WARNINGS.keys() <= messages().keys()


def test_numbers_are_written_as_the_language_does() -> None:
    assert (VIETNAMESE.number(12345.6, 1), ENGLISH.number(12345.6, 1)) == ("12.345,6", "12,345.6")
    assert VIETNAMESE("summary_undated", n=1234) == "1.234 bài không có ngày đăng."
    assert ENGLISH("summary_undated", n=1) == "One article without a date."


@pytest.mark.parametrize(("share", "written"), [(0, "0%"), (0.004, "<1%"), (0.07, "7%"), (0.999, "99%"), (1, "100%")])
def test_a_share_is_none_or_all_only_where_it_is(share: float, written: str) -> None:
    assert ENGLISH.percent(share) == written


@pytest.mark.parametrize(
    ("last", "vietnamese", "english"),
    [
        (date(2026, 3, 12), "12/3/2026", "12 March 2026"),
        (date(2026, 3, 14), "12–14/3/2026", "12–14 March 2026"),
        (date(2026, 4, 2), "12/3 – 2/4/2026", "12 March – 2 April 2026"),
        (date(2027, 1, 2), "12/3/2026 – 2/1/2027", "12 March 2026 – 2 January 2027"),
    ],
)
def test_a_stretch_of_days_names_what_differs(last: date, vietnamese: str, english: str) -> None:
    first = date(2026, 3, 12)
    assert (VIETNAMESE.span(first, last), ENGLISH.span(first, last)) == (vietnamese, english)


def test_a_moment_is_a_day_with_its_time() -> None:
    assert VIETNAMESE.moment(datetime(2026, 3, 12, 9, 5)) == "12/3/2026, 09:05"
