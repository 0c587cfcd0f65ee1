"""When a page says it was published and modified, and which of its sources is believed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.snippets import DATE_ROW, PUBLISHED, read_page
from vovcrawl.pages import publication

TEXT = "<p>Chợ họp sớm.</p>"


def news(**dates: str) -> dict[str, Any]:
    return {"@context": "http://schema.org", "@type": "NewsArticle", **dates}


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-07-16T08:46:00+07:00", "2026-07-16T08:46:00+07:00"),
        (" 2026-07-16T08:46:00 ", "2026-07-16T08:46:00+07:00"),
        ("2026-07-16T01:46:00Z", "2026-07-16T08:46:00+07:00"),
        ("2026-07-15T21:46:00-04:00", "2026-07-16T08:46:00+07:00"),
        ("2026-07-16", "2026-07-16T00:00:00+07:00"),
    ],
)
def test_a_machine_readable_time_is_told_in_vietnamese_time(written: str, iso: str) -> None:
    moment = publication.from_iso(written)
    assert moment is not None
    assert publication.to_iso(moment) == iso


@pytest.mark.parametrize("written", [None, 5, "", "hôm nay", "16/07/2026", "2026-07-32", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_machine_readable_time_is_none(written: object) -> None:
    assert publication.from_iso(written) is None


@pytest.mark.parametrize(
    ("shown", "iso"),
    [
        ("Thứ Năm, 08:46, 16/07/2026", "2026-07-16T08:46:00+07:00"),
        ("Thứ 5, 19:21, 21/05/2020", "2020-05-21T19:21:00+07:00"),
        ("Chủ Nhật, 07:48, 10/11/2013", "2013-11-10T07:48:00+07:00"),
        ("Thứ Bảy, 14:05, 14/10/2023 |", "2023-10-14T14:05:00+07:00"),
        ("08:46 16/07/2026", "2026-07-16T08:46:00+07:00"),
        ("8:46, ngày 16/7/2026", "2026-07-16T08:46:00+07:00"),
        ("16/07/2026, 08:46", "2026-07-16T08:46:00+07:00"),
        ("Cập nhật: Thứ Tư, 23:59, 01/01/2025", "2025-01-01T23:59:00+07:00"),
    ],
)
def test_a_shown_date_is_read(shown: str, iso: str) -> None:
    moment = publication.from_shown(shown)
    assert moment is not None
    assert publication.to_iso(moment) == iso


@pytest.mark.parametrize(
    "shown", ["", "Thứ Năm", "16/07/2026", "08:46, 16/07", "25:00, 16/07/2026", "08:46, 31/02/2026"]
)
def test_a_shown_date_without_a_time_or_a_year_gives_no_moment(shown: str) -> None:
    assert publication.from_shown(shown) is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Thứ Bảy, 14:05, 14/10/2023 |", "Thứ Bảy, 14:05, 14/10/2023"),
        ("Thứ 5, 19:21, 21/05/2020 Chia sẻ", "Thứ 5, 19:21, 21/05/2020"),
        ("Đăng lúc 14:05, 14/10/2023", "14:05, 14/10/2023"),
        ("Không có ngày", None),
    ],
)
def test_the_date_is_kept_as_readers_see_it(line: str, date: str | None) -> None:
    assert publication.shown_date(line) == date


def test_agreeing_sources_give_no_warning() -> None:
    article = read_page(TEXT, json_ld=news(datePublished=PUBLISHED, dateModified="2026-07-16T11:23:01+07:00"))
    assert article.date_published == PUBLISHED
    assert article.date_modified == "2026-07-16T11:23:01+07:00"
    assert article.date_published_raw == "Thứ Năm, 08:46, 16/07/2026"
    assert article.warnings == []


def test_seconds_are_no_disagreement() -> None:
    assert read_page(TEXT, published="2026-07-16T08:46:59+07:00").warnings == []


def test_the_meta_element_is_believed_first() -> None:
    article = read_page(TEXT, published="2026-07-15T10:00:00+07:00", json_ld=news(datePublished=PUBLISHED))
    assert article.date_published == "2026-07-15T10:00:00+07:00"
    assert article.warnings == ["disagree:date_published"]


@pytest.mark.parametrize(
    "wrong",
    [
        *("1970-01-01T07:00:00+07:00", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00", "2062-07-16T08:46:00+07:00"),
        *("2027-07-16T08:46:00+07:00", "2026-07-18T08:46:00+07:00"),
    ],
)
def test_a_date_that_cannot_be_loses_against_two_that_agree(wrong: str) -> None:
    article = read_page(TEXT, published=wrong, json_ld=news(datePublished=PUBLISHED))
    assert article.date_published == PUBLISHED
    assert article.warnings == ["disagree:date_published"]


def test_a_shown_day_without_a_time_agrees_too() -> None:
    row = DATE_ROW.replace("Thứ Năm, 08:46, 16/07/2026", "16/07/2026")
    later = "2026-08-16T08:46:00+07:00"
    assert read_page(TEXT, published=later, date_row=row, json_ld=news(datePublished=PUBLISHED)).date_published == (
        PUBLISHED
    )


def test_a_later_date_is_believed_where_the_others_differ() -> None:
    article = read_page(
        TEXT, published="2026-08-16T08:46:00+07:00", json_ld=news(datePublished="2026-07-15T08:46:00+07:00")
    )
    assert article.date_published == "2026-08-16T08:46:00+07:00"


def test_a_date_before_the_newspaper_loses_against_any_other() -> None:
    epoch = "1970-01-01T07:00:00+07:00"
    assert read_page(TEXT, published=epoch).date_published == PUBLISHED
    assert read_page(TEXT, published=epoch, date_row="", json_ld=news(datePublished=PUBLISHED)).date_published == (
        PUBLISHED
    )


def test_the_other_sources_may_be_wrong() -> None:
    article = read_page(TEXT, json_ld=news(datePublished="1970-01-01T00:00:00Z"))
    assert (article.date_published, article.warnings) == (PUBLISHED, ["disagree:date_published"])


def test_without_the_meta_element_the_json_is_believed() -> None:
    article = read_page(TEXT, published=None, json_ld=news(datePublished="2026-07-16T08:46:30+07:00"))
    assert article.date_published == "2026-07-16T08:46:30+07:00"
    assert article.warnings == ["fallback:date_published"]


@pytest.mark.parametrize("published", [None, "hôm nay", "2026-99-99"])
def test_without_either_the_shown_date_is_believed(published: str | None) -> None:
    article = read_page(TEXT, published=published)
    assert article.date_published == PUBLISHED
    assert article.warnings == ["fallback:date_published"]


def test_without_any_source_no_date_is_invented() -> None:
    article = read_page(TEXT, published=None, date_row="")
    assert article.date_published is None
    assert article.date_published_raw is None
    assert article.warnings == ["missing:date_published"]


def test_a_date_without_a_time_is_shown_but_gives_no_moment() -> None:
    row = DATE_ROW.replace("Thứ Năm, 08:46, 16/07/2026", "16/07/2026")
    article = read_page(TEXT, published=None, date_row=row)
    assert (article.date_published, article.date_published_raw) == (None, "16/07/2026")


def test_a_page_that_was_never_modified_says_nothing_of_it() -> None:
    assert read_page(TEXT).date_modified is None


@pytest.mark.parametrize(
    ("date_class", "template"),
    [("col-md-4 mb-3 mb-lg-2", "drupal-2026"), ("col-md-4 mb-2", "drupal-2022")],
)
def test_the_class_of_the_date_tells_the_template(date_class: str, template: str) -> None:
    article = read_page(TEXT, date_row=DATE_ROW.replace("col-md-4 mb-3 mb-lg-2", date_class))
    assert (article.template, article.date_published_raw) == (template, "Thứ Năm, 08:46, 16/07/2026")
