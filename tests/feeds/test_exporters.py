"""How records are written to the feeds: CSV that is safe in a spreadsheet and of use there, and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exporters import JsonLinesItemExporter

from tests.pages.snippets import read_page
from tests.strategies import articles
from vovcrawl.feeds.exporters import CsvExporter, JsonLinesExporter
from vovcrawl.items import Article

FORMULAS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


def article(headline: str = "Tin") -> Article:
    found = read_page('<p>Một, "hai".</p><p>Ba <a href="https://evil.example/=1">bốn</a>.</p>', head="")
    found.headline = headline
    found.keywords = ["=chợ", "nước"]
    return found


def export(*articles: Article, file: io.BytesIO | None = None) -> io.BytesIO:
    file = file or io.BytesIO()
    exporter = CsvExporter(file)
    exporter.start_exporting()
    for each in articles:
        exporter.export_item(each)
    exporter.finish_exporting()
    return file


def rows(file: io.BytesIO) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))


@pytest.mark.parametrize("opening", FORMULAS)
def test_a_text_that_would_be_a_formula_is_led_by_an_apostrophe(opening: str) -> None:
    (row,) = rows(export(article(f"{opening}cmd|'/c calc'!A0")))
    assert row["headline"] == f"'{opening}cmd|'/c calc'!A0"


@given(st.text())
def test_no_cell_opens_like_a_formula(headline: str) -> None:
    (row,) = rows(export(article(headline)))
    assert not any(cell.startswith(tuple(FORMULAS)) for cell in row.values())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_other_text_is_as_it_is(text: str) -> None:
    headline = f"a{text}"
    (row,) = rows(export(article(headline)))
    assert row["headline"] == headline


def test_every_field_of_the_record_has_its_column() -> None:
    (row,) = rows(export(article()))
    assert list(row) == [field.name for field in fields(Article)]


def test_lists_are_json() -> None:
    one = article()
    (row,) = rows(export(one))
    assert json.loads(row["keywords"]) == ["=chợ", "nước"]
    assert json.loads(row["links"]) == [
        {"url": link.url, "text": link.text, "start": link.start, "end": link.end} for link in one.links
    ]


def test_what_is_absent_is_an_empty_cell() -> None:
    (row,) = rows(export(article()))
    assert (row["duplicate_of"], row["authors"]) == ("", "[]")


def test_lines_and_quotes_within_a_text_stay_within_its_cell() -> None:
    (row,) = rows(export(article()))
    assert row["body"] == 'Một, "hai".\n\nBa bốn.'


def test_a_file_that_is_appended_to_names_its_columns_once(tmp_path: Path) -> None:
    path = tmp_path / "tin.csv"
    for headline in ("một", "hai"):
        with path.open("ab") as file:
            export(article(headline), file=file)  # type: ignore[arg-type]
    assert [row["headline"] for row in csv.DictReader(path.open(encoding="utf-8", newline=""))] == ["một", "hai"]


class TestJsonLines:
    """One line of JSON a record."""

    @staticmethod
    def written(item: Any, **options: Any) -> bytes:
        file = io.BytesIO()
        JsonLinesExporter(file, **options).export_item(item)
        return file.getvalue()

    @given(articles())
    def test_a_line_in_utf_8_is_the_records_own_json(self, one: Article) -> None:
        assert self.written(one, encoding="utf-8") == f"{one.to_json()}\n".encode()

    @given(articles())
    def test_a_line_holds_one_end_of_line(self, one: Article) -> None:
        assert self.written(one, encoding="utf-8").count(b"\n") == 1

    @pytest.mark.parametrize(
        "options",
        [{}, {"encoding": "utf-8", "ensure_ascii": True}, {"encoding": "utf-16"}],
        ids=str,
    )
    def test_with_other_options_scrapy_writes_the_same_values(self, options: dict[str, Any]) -> None:
        one = article()
        file = io.BytesIO()
        JsonLinesItemExporter(file, **options).export_item(one)
        assert self.written(one, **options) == file.getvalue()
        assert json.loads(file.getvalue().decode(options.get("encoding", "utf-8"))) == one.to_dict()

    def test_a_feed_of_some_fields_has_those(self) -> None:
        found = self.written(article(), encoding="utf-8", fields_to_export={"headline": "title", "keywords": "tags"})
        assert json.loads(found) == {"title": "Tin", "tags": ["=chợ", "nước"]}

    def test_an_item_that_is_no_article_is_written_too(self) -> None:
        assert json.loads(self.written({"a": date(2026, 7, 16)}, encoding="utf-8")) == {"a": "2026-07-16"}

    def test_half_a_surrogate_pair_is_refused(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            self.written(article("\ud800"), encoding="utf-8")
