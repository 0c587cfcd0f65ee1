"""Texts are cut where something is marked in them, and lose nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.browse.marking import day_of, paragraphs, pieces
from vovcrawl.items import Article, Block, Link, TimeExpression


def said(start: int, end: int, value: str = "2026-07-14", field: str = "body") -> TimeExpression:
    return TimeExpression(field, start, end, "x", "DATE", value, None, False)


def article(body: str, blocks: list[Block], **changes: object) -> Article:
    given = {"id": "post1", "url": None, "canonical_url": "https://vov.vn/a-post1.vov", "content_type": "article"}
    return Article(**{**given, "headline": "Tin", "template": "", "body": body, "blocks": blocks, **changes})  # type: ignore[arg-type]


_SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


def _ordered(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not overlap, in order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((min(span), max(span)) for span in spans):
        if start < end and (not found or start >= found[-1][1]):
            found.append((start, end))
    return found


@given(text=st.text(max_size=60), times=_SPANS, links=_SPANS, ends=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_joined_they_are_the_text(
    text: str, times: list[tuple[int, int]], links: list[tuple[int, int]], ends: tuple[int, int]
) -> None:
    start, end = sorted(min(place, len(text)) for place in ends)
    found = pieces(
        text,
        [said(*span) for span in _ordered(times)],
        [Link("https://vov.vn/a", "x", *span) for span in _ordered(links)],
        start,
        end,
    )
    assert "".join(piece.text for piece in found) == text[start:end]


@given(text=st.text(min_size=1, max_size=60), spans=_SPANS)
def test_a_piece_is_marked_where_its_mark_is(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [said(*span) for span in _ordered(spans)]
    place = 0
    for piece in pieces(text, marks):
        for offset in range(place, place + len(piece.text)):
            assert piece.time is next((mark for mark in marks if mark.start <= offset < mark.end), None)
        place += len(piece.text)


def test_a_time_within_a_link_is_both() -> None:
    (before, both, after) = pieces("Lịch ngày 14/7 đây", [said(5, 14)], [Link("https://vov.vn/a", "", 5, 14)])
    assert (before.text, both.text, after.text) == ("Lịch ", "ngày 14/7", " đây")
    assert both.time is not None and both.link is not None


@pytest.mark.parametrize(
    ("value", "day"),
    [("2026-07-14", date(2026, 7, 14)), ("2026-07-14T06:45", date(2026, 7, 14)), ("2026-07", None), ("P3D", None)],
)
def test_only_what_names_one_day_leads_to_it(value: str, day: date | None) -> None:
    assert day_of(said(0, 1, value)) == day


def test_items_that_follow_each_other_are_one_list() -> None:
    body = "Mở\n\nMột\n\nHai\n\nĐóng"
    kinds = ["paragraph", "list_item", "list_item", "paragraph"]
    places = [(0, 2), (4, 7), (9, 12), (14, 18)]
    blocks = [Block(kind, *place) for kind, place in zip(kinds, places, strict=True)]  # type: ignore[arg-type]
    found = paragraphs(article(body, blocks))
    assert [each.type for each in found] == ["paragraph", "list_item", "paragraph"]
    assert [["".join(piece.text for piece in line) for line in each.lines] for each in found][1] == ["Một", "Hai"]


def test_a_table_has_rows_of_cells() -> None:
    (table,) = paragraphs(article("Giá\tNgày\n80\t14/7", [Block("table", 0, 16)]))
    assert table.rows == [["Giá", "Ngày"], ["80", "14/7"]]


def test_a_body_without_blocks_is_one_paragraph() -> None:
    (whole,) = paragraphs(article("Một câu.", []))
    assert "".join(piece.text for piece in whole.lines[0]) == "Một câu."
