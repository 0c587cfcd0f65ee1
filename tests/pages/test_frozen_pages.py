"""Every frozen page reads as a person wrote down, or is refused for the reason written down."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.snippets import assert_offsets_hold
from tests.strategies import damaged
from vovcrawl.pages import NotAnArticle, Reason, parse_article

FOLDER = Path(__file__).parent.parent / "frozen"
PAIRS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
RECORDS = {name: pair for name, pair in PAIRS.items() if "record" in pair}
REFUSALS = {name: pair for name, pair in PAIRS.items() if "not_an_article" in pair}
PAGES = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.html"))}

REASONS = {
    "another edition": Reason.OTHER_EDITION,
    "block page": Reason.BLOCKED,
    "empty shell": Reason.EMPTY,
    "error page": Reason.ERROR,
    "JavaScript redirect page": Reason.REDIRECT,
    "listing": Reason.LISTING,
}
"""What opens the words of a pair that is no article."""


def test_every_page_has_its_record_or_refusal() -> None:
    assert PAGES.keys() == PAIRS.keys() == RECORDS.keys() | REFUSALS.keys()
    assert RECORDS
    assert REFUSALS


@pytest.mark.parametrize("name", RECORDS)
def test_a_frozen_page_reads_as_written_down(name: str) -> None:
    record = asdict(parse_article(PAGES[name], RECORDS[name]["url"]))
    expected = RECORDS[name]["record"]
    assert {field: record[field] for field in expected} == expected


@pytest.mark.parametrize("name", RECORDS)
def test_text_reads_like_its_bytes(name: str) -> None:
    url = RECORDS[name]["url"]
    assert parse_article(PAGES[name].decode(), url) == parse_article(PAGES[name], url)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_frozen_page_that_is_no_article_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(NotAnArticle) as refusal:
        parse_article(PAGES[name], REFUSALS[name]["url"])
    assert refusal.value.reason is REASONS[REFUSALS[name]["not_an_article"].partition(":")[0]]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_page_reads_with_sound_offsets_or_is_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PAGES)))
    page = data.draw(damaged(PAGES[name].decode()))
    try:
        article = parse_article(page, PAIRS[name]["url"])
    except NotAnArticle as refusal:
        assert isinstance(refusal.reason, Reason)
    else:
        assert_offsets_hold(article)
        assert article.headline
