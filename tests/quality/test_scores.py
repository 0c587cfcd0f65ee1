"""How records are held against their gold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quality.generator import evaluation_set
from quality.scores import Score, Scores, f1, is_exact, read

PAGES = evaluation_set.load()[:4]


def scored(*changes: dict[str, Any] | None) -> Scores:
    """Scores of records that are their gold but for some fields; None where no article was found."""
    pages = PAGES[: len(changes)]
    records = [None if change is None else page.record | change for page, change in zip(pages, changes, strict=True)]
    return Scores(pages, records)


def test_gold_is_exact_in_every_field() -> None:
    scores = scored({}, {})
    assert set(scores.fields.values()) == {Score(1, 1)}
    assert (scores.whole(), scores.differences) == (1, [])


def test_a_field_read_otherwise_makes_its_page_inexact() -> None:
    scores = scored({"headline": "Khác hẳn"}, {})
    assert scores.fields["headline"].exact == 0.5
    assert scores.fields["body"] == Score(1, 1)
    assert scores.whole() == 0.5
    assert [(one.page.name, one.field, one.read) for one in scores.differences] == [
        (PAGES[0].name, "headline", "Khác hẳn")
    ]


def test_a_page_that_is_refused_has_no_right_field() -> None:
    scores = scored(None)
    assert set(scores.fields.values()) == {Score(0, 0)}
    assert scores.whole() == 0


def test_layouts_are_scored_apart() -> None:
    pages = [replace(PAGES[0], layout="aspnet"), replace(PAGES[1], layout="text")]
    scores = Scores(pages, [pages[0].record, None])
    assert scores.layouts == {"aspnet": 1, "text": 0}
    assert (scores.field("body", "aspnet").exact, scores.field("body", "aspnet", "text").exact) == (1, 0.5)
    assert (scores.count(), scores.count("text")) == (2, 1)


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("một hai", "một hai", 1),
        ("một hai ba bốn", "một hai", 2 / 3),
        ("một một", "một", 2 / 3),
        ("một", "hai", 0),
        (None, None, 1),
        ("", None, 1),
        (None, "một", 0),
        ([], [], 1),
        ([{"a": 1}, {"b": 2}], [{"b": 2}], 2 / 3),
        ([{"a": 1, "b": 2}], [{"b": 2, "a": 1}], 1),
        (["A"], ["a"], 0),
    ],
)
def test_f1_counts_words_of_a_text_and_items_of_a_list(gold: Any, found: Any, expected: float) -> None:
    assert f1(gold, found) == pytest.approx(expected)


def test_warnings_stand_in_no_order_and_other_lists_do() -> None:
    assert is_exact("warnings", ["a", "b"], ["b", "a"])
    assert not is_exact("keywords", ["a", "b"], ["b", "a"])
    assert not is_exact("warnings", ["a"], [])


def test_a_page_without_an_article_is_read_as_nothing() -> None:
    assert read(replace(PAGES[0], content="<title>404</title>")) is None


def test_a_text_is_read_with_what_is_known_beside_it() -> None:
    text = "Chợ nổi vào mùa nước\nVOV.VN - Chợ đông từ tờ mờ sáng.\nGhe thuyền đậu kín bến."
    page = replace(PAGES[0], layout="text", content=text, url=None, published="2023-10-14T14:05:00+07:00")
    record = read(page)
    assert record is not None
    assert (record["url"], record["date_published"]) == (None, "2023-10-14T14:05:00+07:00")
