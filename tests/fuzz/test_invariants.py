"""What fuzzing calls a broken promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fuzz import invariants
from fuzz.invariants import Broken
from fuzz.seeds import html_pages
from vovcrawl.dates import TimeExpression
from vovcrawl.items import Article, Block, Image, Link, content_hash
from vovcrawl.pages import NotAnArticle, Reason, parse_article
from vovcrawl.urls import Kind, SiteUrl

URL, PAGE = html_pages()[0]


def article(**changes: object) -> Article:
    """A real record with some fields changed, its hash made anew."""
    changed = replace(parse_article(PAGE, URL), **changes)  # type: ignore[arg-type]
    changed.content_hash = content_hash(changed.headline, changed.description, changed.body)
    return changed


def test_a_record_as_read_keeps_its_promises() -> None:
    invariants.check_article(article())


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "Tựa\x1b[31m đề"},
        {"headline": "Tựa\u200bđề"},
        {"headline": "Tựa\nđề"},
        {"headline": "Tu\u031b\u0323a"},
        {"headline": "Tựa  đề"},
        {"headline": ""},
        {"body": "", "blocks": [Block("paragraph", 0, 3)], "links": []},
        {"body": "Một.\n\nHai.", "blocks": [Block("paragraph", 0, 4)], "links": []},
        {"body": "Một.", "blocks": [Block("paragraph", 0, 4)], "links": [Link("https://a.vn/", "Mộ", 1, 3)]},
        {"images": [Image("javascript:alert(1)", None, None)]},
        {"images": [Image("https://a.vn/\u202e.jpg", None, None)]},
        {"keywords": ["Mưa", "mưa"]},
        {"warnings": ["missing:nothing"]},
        {"date_published": "2023-10-14T14:05:00+00:00"},
        {"canonical_url": "https://example.org/a-post1.vov"},
        {"id": "post1"},
    ],
    ids=repr,
)
def test_a_record_that_breaks_a_promise_is_found(changes: dict[str, object]) -> None:
    with pytest.raises(Broken):
        invariants.check_article(article(**changes))


def test_a_record_that_cannot_be_encoded_is_found() -> None:
    with pytest.raises((Broken, UnicodeEncodeError)):
        invariants.check_article(replace(article(), headline="Tựa \ud800 đề"))


@pytest.mark.parametrize(
    "found",
    [
        TimeExpression(0, 3, "8/7", "DATE", "2023-07-08"),
        TimeExpression(0, 30, "8/6", "DATE", "2023-06-08"),
        TimeExpression(0, 3, "8/6", "DATE", ""),
        TimeExpression(0, 3, "8/6", "TIME", "2023-06-08"),
    ],
)
def test_an_expression_that_does_not_fit_the_text_is_found(found: TimeExpression) -> None:
    invariants.check_dates("8/6 mưa", [TimeExpression(0, 3, "8/6", "DATE", "2023-06-08")])
    with pytest.raises(Broken):
        invariants.check_dates("8/6 mưa", [found])


def test_expressions_that_overlap_are_found() -> None:
    one = TimeExpression(0, 3, "8/6", "DATE", "2023-06-08")
    with pytest.raises(Broken):
        invariants.check_dates("8/6 mưa", [one, one])


def test_an_address_that_is_not_its_own_canonical_form_is_found() -> None:
    invariants.check_site_url(SiteUrl("https://vov.vn/a/b", Kind.SECTION))
    with pytest.raises(Broken):
        invariants.check_site_url(SiteUrl("https://vov.vn/a//b", Kind.SECTION))


def test_a_refusal_that_would_steer_a_terminal_is_found() -> None:
    invariants.check_refusal(NotAnArticle(Reason.NO_ARTICLE, "Trang chủ"))
    with pytest.raises(Broken):
        invariants.check_refusal(NotAnArticle(Reason.NO_ARTICLE, "\x1b[2J"))
    with pytest.raises(Broken):
        invariants.check_refusal(NotAnArticle(Reason.NO_ARTICLE, "x" * 1000))
