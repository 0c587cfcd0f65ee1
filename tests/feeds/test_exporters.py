"""How records are written to the feeds: CSV that is safe in a spreadsheet and of use there, JSON Lines, and others."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import lxml.etree
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exporters import JsonLinesItemExporter
from scrapy.extensions.postprocessing import PostProcessingManager

from tests.pages.snippets import read_page
from tests.strategies import ANY_TEXT, articles
from vovcrawl.feeds.exporters import (
    CsvExporter,
    JsonExporter,
    JsonLinesExporter,
    MarshalExporter,
    PickleExporter,
    XmlExporter,
)
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
    return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ['a";=1+1', "a;=1+1", "a\t=1+1", "a,=1+1", "a\n=1+1", '"=1+1"'])
def test_a_cell_that_another_separator_would_part_is_one_quoted_cell(text: str) -> None:
    file = export(article(text))
    (row,) = rows(file)
    assert row["headline"] == text
    assert '"' + text.replace('"', '""') + '"' in file.getvalue().decode("utf-8-sig")


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
    assert [row["headline"] for row in csv.DictReader(path.open(encoding="utf-8-sig", newline=""))] == ["một", "hai"]


MARK = "\ufeff".encode()


class TestByteOrderMark:
    """What tells a spreadsheet that a file is in UTF-8."""

    @staticmethod
    def write(file: Any, *headlines: str, **options: Any) -> None:
        exporter = CsvExporter(file, **options)
        exporter.start_exporting()
        for headline in headlines:
            exporter.export_item(article(headline))
        exporter.finish_exporting()
        file.close()

    @pytest.mark.parametrize("encoding", [None, "utf-8", "UTF8", "utf_8", "U8", "utf-8-sig"])
    def test_a_new_file_in_utf_8_begins_with_one(self, tmp_path: Path, encoding: str | None) -> None:
        path = tmp_path / "tin.csv"
        self.write(path.open("ab"), "một", "hai", encoding=encoding)
        assert path.read_bytes().startswith(MARK + b'"id"')
        assert path.read_bytes().count(MARK) == 1

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_a_file_that_is_appended_to_gets_no_other(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "tin.csv"
        for headline in ("một", "hai"):
            self.write(path.open("ab"), headline, encoding=encoding)
        assert path.read_bytes().count(MARK) == 1

    def test_a_file_of_the_users_own_gets_none(self, tmp_path: Path) -> None:
        path = tmp_path / "tin.csv"
        path.write_bytes(b"id\r\n")
        self.write(path.open("ab"), "một")
        assert MARK not in path.read_bytes()

    def test_a_file_that_is_written_anew_begins_with_one(self, tmp_path: Path) -> None:
        path = tmp_path / "tin.csv"
        path.write_bytes(b"id\r\n")
        self.write(path.open("wb"), "một")
        assert path.read_bytes().startswith(MARK + b'"id"')

    def test_a_feed_without_articles_is_empty_so_that_the_next_crawl_begins_it(self, tmp_path: Path) -> None:
        path = tmp_path / "tin.csv"
        self.write(path.open("ab"))
        assert path.read_bytes() == b""

    @pytest.mark.parametrize("encoding", ["latin-1", "cp1258"])
    def test_another_encoding_has_none(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "tin.csv"
        self.write(path.open("ab"), "Tin", encoding=encoding, errors="replace")
        assert path.read_bytes().startswith(b'"id"')

    def test_a_pipe_has_none(self) -> None:
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as reader:
            self.write(os.fdopen(writing, "wb"), "một")
            assert reader.read().startswith(b'"id"')

    def test_what_a_storage_makes_to_be_written_to_alone_has_none(self) -> None:
        parts: list[bytes] = []

        class Sink(io.RawIOBase):
            def writable(self) -> bool:
                return True

            def write(self, data: Any) -> int:
                parts.append(bytes(data))
                return len(data)

        self.write(Sink(), "một")
        assert b"".join(parts).startswith(b'"id"')

    @pytest.mark.parametrize("plugin", ["GzipPlugin", "Bz2Plugin", "LZMAPlugin"])
    def test_a_compressed_file_has_one_and_names_its_columns_once(self, tmp_path: Path, plugin: str) -> None:
        path = tmp_path / "tin.csv.packed"
        unpack = {"GzipPlugin": gzip.decompress, "Bz2Plugin": bz2.decompress, "LZMAPlugin": lzma.decompress}[plugin]
        for headline in ("một", "hai"):
            with path.open("ab") as file:
                self.write(PostProcessingManager([f"scrapy.extensions.postprocessing.{plugin}"], file, {}), headline)
        text = unpack(path.read_bytes())
        assert (text.count(MARK), text.startswith(MARK)) == (1, True)
        read = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
        assert [row["headline"] for row in read] == ["một", "hai"]


class TestXml:
    """XML that any parser reads."""

    @staticmethod
    def written(*items: Any, **options: Any) -> bytes:
        file = io.BytesIO()
        exporter = XmlExporter(file, **options)
        exporter.start_exporting()
        for item in items:
            exporter.export_item(item)
        exporter.finish_exporting()
        return file.getvalue()

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | ANY_TEXT,
            lambda parts: st.lists(parts, max_size=3) | st.dictionaries(ANY_TEXT, parts, max_size=3),
            max_leaves=8,
        ),
        st.sampled_from([None, "utf-8", "U8", "utf-8-sig", "utf-16", "ascii", "latin-1", "cp1258"]),
        st.sampled_from([None, 0, 2]),
    )
    def test_it_is_well_formed_whatever_an_item_holds(
        self, value: Any, encoding: str | None, indent: int | None
    ) -> None:
        written = self.written({"a": value}, article(), encoding=encoding, indent=indent)
        assert [item.tag for item in ElementTree.fromstring(written)] == ["item", "item"]
        assert lxml.etree.fromstring(written).tag == "items"

    @given(ANY_TEXT, st.sampled_from(["utf-8", "ascii"]))
    def test_a_text_is_as_it_is_but_for_what_xml_has_no_place_for(self, text: str, encoding: str) -> None:
        allowed = "".join(
            one
            if one in "\t\n\r" or " " <= one < "\ud800" or "\ue000" <= one < "\ufffe" or one > "\uffff"
            else "\ufffd"
            for one in text
        )
        (item,) = ElementTree.fromstring(self.written(article(text), encoding=encoding))
        assert item.findtext("headline") == allowed

    @given(ANY_TEXT.map(lambda text: text.encode("utf-8", "ignore").decode()))
    def test_the_name_of_a_field_is_kept(self, name: str) -> None:
        kept = lxml.etree.fromstring(self.written({name: "1"}))[0][0]
        read = kept.get("name", kept.tag)
        assert len(read) == len(name)
        assert all(one in (two, "\ufffd") for one, two in zip(read, name, strict=True))

    @pytest.mark.parametrize("indent", [None, 0, 4])
    def test_an_empty_list_holds_no_blanks(self, indent: int | None) -> None:
        one = article()
        one.keywords = []
        (item,) = ElementTree.fromstring(self.written(one, indent=indent))
        (keywords,) = item.findall("keywords")
        assert (keywords.text, len(keywords)) == (None, 0)


@pytest.mark.parametrize("kind", [JsonExporter, PickleExporter, MarshalExporter, XmlExporter, CsvExporter])
def test_an_item_of_the_users_own_is_written_as_scrapy_writes_it(kind: Any) -> None:
    item = {"name": "chợ", "count": 3}
    written, own = io.BytesIO(), io.BytesIO()
    for file, exporter in ((written, kind(written)), (own, kind.__base__(own))):
        exporter.start_exporting()
        exporter.export_item(item)
        exporter.finish_exporting()
        assert file.getvalue()
    plain = written.getvalue().removeprefix(MARK).replace(b'"', b"")
    assert plain == own.getvalue().replace(b'"', b"")


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
