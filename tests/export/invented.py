"""Invented articles that have whatever a record may have, and what an export of them must say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from vovcrawl.export.request import ExportRequest
from vovcrawl.items import (
    Article,
    Author,
    Block,
    Breadcrumb,
    Image,
    Link,
    Media,
    Related,
    TimeExpression,
    content_hash,
)
from vovcrawl.store import ArticleStore, Database

_ZONES: dict[str, Any] = {
    "date_published": ZoneInfo("Asia/Ho_Chi_Minh"),
    "date_modified": ZoneInfo("Asia/Ho_Chi_Minh"),
    "fetched_at": UTC,
}

_LONG = " ".join(f"Thuyền số {number} về bến trước khi trời sáng." for number in range(30))


def article(number: int, published: str | None = "2023-10-14T14:05:00+07:00", **changes: Any) -> Article:
    """A plain article with a number of its own."""
    url = f"https://vov.vn/xa-hoi/ben-thuyen-{number}-post{number}.vov"
    values: dict[str, Any] = {
        "id": f"post{number}",
        "url": url,
        "canonical_url": url,
        "content_type": "article",
        "headline": f"Bến thuyền số {number}",
        "body": f"Bến {number} đông từ tờ mờ sáng.",
        "section": "xa-hoi",
        "section_name": "Xã hội",
        "date_published": published,
        "fetched_at": "2026-07-17T05:00:00+00:00",
        "template": "drupal-2026",
    }
    made = Article(**{**values, **changes})
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made


def full_article(number: int, published: str | None) -> Article:
    """An article with something in every field."""
    body = 'Ghe "lớn", ghe nhỏ;\tđậu kín bến 😀\n\n=1+1 là một dòng\n\nHôm qua trời mưa.'
    return article(
        number,
        published,
        description="Chợ đông, vui.",
        body=body,
        blocks=[Block("paragraph", 0, 33), Block("quote", 35, 51), Block("paragraph", 53, len(body))],
        breadcrumbs=[Breadcrumb("Xã hội", "https://vov.vn/xa-hoi"), Breadcrumb("Không có", None)],
        authors=[Author("Lê A", "VOV.VN", "Lê A/VOV.VN"), Author("Cô Ba", None, "Cô Ba")],
        keywords=["chợ nổi", "ghe, thuyền"],
        date_modified="2023-11-01T00:00:00+07:00",
        date_published_raw="Thứ Bảy, 14:05, 14/10/2023",
        images=[Image("https://media.vov.vn/a.jpg", "Bến", None), Image("https://media.vov.vn/b.jpg", None, "Cô Ba")],
        videos=[Media("https://media.vov.vn/a.mp4", None)],
        audios=[Media("https://media.vov.vn/a.mp3", "https://media.vov.vn/a.jpg")],
        related=[Related("post7", "https://vov.vn/a-post7.vov", "Bến khác", None, "inline")],
        links=[Link("https://example.org/", "bến", 27, 30)],
        time_expressions=[TimeExpression("body", 53, 60, "Hôm qua", "DATE", "2023-10-13", None, False)],
        warnings=["missing:authors"],
        extra={"mood": "vui", "parts": [1, 2.5, None]},
        source="archive",
    )


def repeated(number: int, published: str | None) -> Article:
    """One of several articles that nearly repeat each other."""
    return article(number, published, body=_LONG)


def invented() -> list[Article]:
    """Articles of three months, one without a date and two that nearly repeat each other."""
    return [
        full_article(1, "2023-10-14T14:05:00+07:00"),
        full_article(2, "2023-11-01T00:00:00+07:00"),
        article(3, None, url=None),
        repeated(4, "2023-10-31T23:59:59+07:00"),
        repeated(5, "2023-11-01T08:00:00+07:00"),
        article(6, "2024-02-29T12:00:00+07:00", content_type="video", section=None, section_name=None),
        *(article(number, f"2024-02-{number:02}T06:00:00+07:00") for number in range(7, 27)),
    ]


def request_of(database: Database, articles: Iterable[Article], **options: Any) -> ExportRequest:
    """A request for all of these articles, which are put into the store."""
    store = ArticleStore(database.connection)
    for each in articles:
        store.keep(each)
    database.connection.commit()
    return ExportRequest(**{"format": "parquet", "database": database, **options})


def record_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row of an export in Parquet, as Python has it, as the record that it stands for."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(_ZONES[name]).isoformat(timespec="seconds")
    return json.loads(value) if name == "extra" else value
