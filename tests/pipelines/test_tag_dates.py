"""Filling `time_expressions`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vovcrawl.dates import Recognition, recognize
from vovcrawl.items import Article, Related, TimeExpression
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS, tag
from vovcrawl.pipelines.tag_dates import TagDates


def tagged(**changes: object) -> list[tuple[str, str, str]]:
    """Field, text and value of what is found in an article of 14 October 2023."""
    article = Article(
        id="post1",
        url=None,
        canonical_url="https://vov.vn/a-post1.vov",
        content_type="article",
        headline="Tin",
        date_published="2023-10-14T14:05:00+07:00",
        template="drupal-2022",
    )
    article = replace(article, **changes)  # type: ignore[arg-type]
    return [(one.field, one.text, one.value) for one in TagDates().process_item(article).time_expressions]


def test_every_text_of_an_article_is_read_in_the_record_s_order() -> None:
    found = tagged(
        headline="Mưa lớn hôm nay",
        description="Từ tối qua nước lên nhanh.",
        body="Đoạn một.\n\nNgày 12/10, đập xả lũ.",
        related=[
            Related("post2", None, "Tin hôm kia", None, "inline"),
            Related("post3", None, "Tin", "Sáng nay trời tạnh.", "related"),
        ],
    )
    assert found == [
        ("headline", "hôm nay", "2023-10-14"),
        ("description", "tối qua", "2023-10-13TEV"),
        ("body", "Ngày 12/10", "2023-10-12"),
        ("related.1.description", "Sáng nay", "2023-10-14TMO"),
    ]


def test_an_expression_has_all_that_the_record_promises() -> None:
    article = Article(
        id="post1",
        url=None,
        canonical_url="https://vov.vn/a-post1.vov",
        content_type="article",
        headline="Hôm nay (13/10), đầu tháng sau",
        date_published="2023-10-14T14:05:00+07:00",
        template="drupal-2022",
    )
    assert TagDates().process_item(article).time_expressions == [
        TimeExpression("headline", 0, 15, "Hôm nay (13/10)", "DATE", "2023-10-13", None, True),
        TimeExpression("headline", 17, 30, "đầu tháng sau", "DATE", "2023-11", "START", False),
    ]


def test_without_a_time_of_publication_years_stay_open() -> None:
    assert tagged(date_published=None, body="Hôm nay (14/10) và ngày mai, năm 2020.") == [
        ("body", "Hôm nay (14/10)", "XXXX-10-14"),
        ("body", "năm 2020", "2020"),
    ]


@pytest.mark.parametrize("read_before", [False, True])
def test_of_more_dates_than_the_store_takes_the_first_ones_are_kept(
    caplog: pytest.LogCaptureFixture, read_before: bool
) -> None:
    body = " ".join(f"Năm {1900 + number % 100}." for number in range(MOST_EXPRESSIONS + 2))
    whole = Article(
        id="post1",
        url=None,
        canonical_url="https://vov.vn/a-post1.vov",
        content_type="article",
        headline="Tin",
        body=body,
        template="drupal-2022",
    )
    found = tag(whole)
    if read_before:
        whole.time_expressions = list(found)
    assert TagDates().process_item(whole).time_expressions == found[:2000]
    assert "only the first 2000 dates are kept" in caplog.text


def test_an_article_in_another_language_is_left_alone() -> None:
    assert tagged(in_language="en", headline="Open 9/10 in 2023") == []


def test_before_six_an_article_that_names_the_day_before_as_today_speaks_from_it() -> None:
    found = tagged(
        date_published="2016-06-09T00:15:00+07:00",
        description="Hôm nay (8/6), giá vàng tăng.",
        body="Giá vàng hôm nay tăng. Tối nay có bản tin tiếp theo. Hôm qua giá giảm.",
    )
    assert found == [
        ("description", "Hôm nay (8/6)", "2016-06-08"),
        ("body", "hôm nay", "2016-06-08"),
        ("body", "Tối nay", "2016-06-08TEV"),
        ("body", "Hôm qua", "2016-06-07"),
    ]


def test_an_article_that_speaks_from_the_day_before_is_recognized_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(text: str, most: int | None = None) -> Recognition:
        seen.append(text)
        return recognize(text, most)

    monkeypatch.setattr("vovcrawl.pages.time_expressions.recognize", counted)
    found = tagged(date_published="2016-06-09T00:15:00+07:00", headline="Hôm nay (8/6)", body="Hôm qua giá giảm.")
    assert found[1] == ("body", "Hôm qua", "2016-06-07")
    assert seen == ["Hôm nay (8/6)", "Hôm qua giá giảm."]


def test_before_six_an_article_that_names_no_other_day_speaks_from_its_own() -> None:
    body = "Hôm nay (9/6), giá vàng tăng. Tối nay có bản tin tiếp theo."
    assert tagged(date_published="2016-06-09T00:15:00+07:00", body=body)[1] == ("body", "Tối nay", "2016-06-09TEV")


def test_from_six_on_a_wrong_date_beside_today_changes_nothing_else() -> None:
    body = "Hôm nay (8/6), giá vàng tăng. Tối nay có bản tin tiếp theo."
    assert tagged(date_published="2016-06-09T06:00:00+07:00", body=body) == [
        ("body", "Hôm nay (8/6)", "2016-06-08"),
        ("body", "Tối nay", "2016-06-09TEV"),
    ]


def test_what_a_related_article_says_does_not_move_the_day() -> None:
    related = [Related("post2", None, "Tin", "Hôm nay (8/6) mưa.", "related")]
    found = tagged(date_published="2016-06-09T00:15:00+07:00", body="Hôm nay nắng.", related=related)
    assert found[0] == ("body", "Hôm nay", "2016-06-09")
