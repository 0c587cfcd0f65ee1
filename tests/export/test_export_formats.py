"""What stands in the files of each format."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings

from tests.export.exported import article, stored, tree
from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.stores import store_at
from tests.strategies import articles
from vovcrawl.export import csv as csv_format
from vovcrawl.export import jsonl, sqlite, txt
from vovcrawl.export.formats import FORMATS, Format, format_named, is_folder
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ALL_FIELDS, ExportRequest
from vovcrawl.feeds.exporters import CsvExporter
from vovcrawl.items import Article, element_types
from vovcrawl.store import Database, read_database

OWN: dict[str, Any] = {"jsonl": jsonl, "csv": csv_format, "sqlite": sqlite, "txt": txt}
KEPT = [
    article(1, headline='"Vua" chợ phiên', description="=1+1"),
    article(2, None, description=None, body="", blocks=[], links=[], time_expressions=[]),
    article(3, "2026-06-30", keywords=["a|b", "tab\tgiữa"], content_type="photo", extra={"điểm": [1, None]}),
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store that is open to be read."""
    opened = read_database(store_at(stored(tmp_path / "vov.sqlite", KEPT)))
    opened.hold_view()
    yield opened
    opened.close()


Writing = Callable[..., Path]


@pytest.fixture
def writing(database: Database, tmp_path: Path) -> Writing:
    """Writes an export of the store; where it is."""

    def written(name: str, **options: Any) -> Path:
        place = tmp_path / f"{name}-{len(list(tmp_path.iterdir()))}"
        if OWN[name].IS_FOLDER:
            place.mkdir()
        OWN[name].write(ExportRequest(name, database, **options), place)
        return place

    return written


def bytes_of(place: Path) -> Any:
    return tree(place) if place.is_dir() else place.read_bytes()


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("options", [{}, {"fields": ("id", "headline", "authors")}])
def test_the_same_articles_are_the_same_bytes(writing: Writing, name: str, options: dict[str, Any]) -> None:
    assert bytes_of(writing(name, **options)) == bytes_of(writing(name, **options))


@pytest.mark.parametrize("name", ["jsonl", "csv"])
@pytest.mark.parametrize("end", [".gz", ".zst"])
def test_a_compressed_file_is_the_same_bytes_and_holds_the_plain_one(writing: Writing, name: str, end: str) -> None:
    packed = writing(name, compression=end).read_bytes()
    assert packed == writing(name, compression=end).read_bytes()
    plain = (
        zstandard.ZstdDecompressor().stream_reader(BytesIO(packed)).read() if end == ".zst" else gzip.decompress(packed)
    )
    assert plain == writing(name).read_bytes()


@pytest.mark.parametrize("name", OWN)
def test_all_is_counted(database: Database, tmp_path: Path, name: str) -> None:
    place = tmp_path / "out"
    if OWN[name].IS_FOLDER:
        place.mkdir()
    found = OWN[name].write(ExportRequest(name, database), place)
    assert isinstance(found, Counts)
    assert found.as_dict() == {
        "articles": 3,
        "duplicates": 0,
        "undated": 1,
        "kinds": {"article": 2, "photo": 1},
        "sections": {"xa-hoi": 3},
        "reader_versions": {str(KEPT[0].reader_version): 3},
    }
    assert (found.first, found.last) == (KEPT[2].date_published, KEPT[0].date_published)


def test_a_line_of_json_is_that_of_a_feed(writing: Writing) -> None:
    assert writing("jsonl").read_text(encoding="utf-8").splitlines() == [
        each.to_json() for each in (KEPT[2], KEPT[0], KEPT[1])
    ]


def test_a_line_of_json_has_only_the_fields_that_are_chosen(writing: Writing) -> None:
    lines = writing("jsonl", fields=("headline", "authors")).read_text(encoding="utf-8").splitlines()
    assert [list(json.loads(line)) for line in lines] == [["headline", "authors"]] * 3
    assert json.loads(lines[0])["authors"][1] == {"name": "Vũ Mến", "affiliation": None, "name_raw": "Vũ Mến"}


class TestCsv:
    """CSV."""

    def test_it_is_the_csv_of_a_feed(self, writing: Writing, tmp_path: Path) -> None:
        with (tmp_path / "feed.csv").open("w+b") as file:
            exporter = CsvExporter(file)  # type: ignore[arg-type]
            exporter.start_exporting()
            for each in (KEPT[2], KEPT[0], KEPT[1]):
                exporter.export_item(each)
            exporter.finish_exporting()
        assert writing("csv").read_bytes() == (tmp_path / "feed.csv").read_bytes()

    def test_it_begins_with_a_mark_and_no_cell_is_a_formula(self, writing: Writing) -> None:
        written = writing("csv").read_bytes()
        assert written.startswith("\ufeff".encode())
        rows = list(csv.DictReader(written.decode("utf-8-sig").splitlines(keepends=True)))
        assert rows[1]["description"] == "'=1+1"
        assert rows[1]["body"] == KEPT[0].body
        assert json.loads(rows[0]["extra"]) == {"điểm": [1, None]}
        assert rows[2]["date_published"] == ""


class TestTxt:
    """Text files and their table."""

    def test_a_file_is_headline_lead_and_body(self, writing: Writing) -> None:
        found = tree(writing("txt"))
        texts = (KEPT[0].headline, KEPT[0].description, KEPT[0].body)
        assert sorted(found) == [
            "2026-06/2026-06-30-post3.txt",
            "2026-07/2026-07-10-post1.txt",
            "metadata.tsv",
            "undated/undated-post2.txt",
        ]
        assert found["2026-07/2026-07-10-post1.txt"].decode() == "{}\n\n{}\n\n{}\n".format(*texts)
        assert found["undated/undated-post2.txt"].decode() == f"{KEPT[1].headline}\n"

    def test_a_file_has_only_the_texts_that_are_chosen(self, writing: Writing) -> None:
        found = tree(writing("txt", fields=("headline", "body")))
        assert found["2026-07/2026-07-10-post1.txt"].decode() == f"{KEPT[0].headline}\n\n{KEPT[0].body}\n"
        assert found["metadata.tsv"].decode().splitlines()[0] == "filename\theadline"

    def test_the_table_has_a_row_a_file(self, writing: Writing) -> None:
        place = writing("txt")
        with (place / "metadata.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        assert [(place / row["filename"]).is_file() for row in rows] == [True] * 3
        assert rows[0]["keywords"] == "a¦b|tab giữa"
        assert rows[0]["authors"] == "Bích Thuận|Vũ Mến"
        assert rows[1]["headline"] == '"Vua" chợ phiên'
        assert rows[1]["description"] == "'=1+1"
        assert "body" not in rows[0]

    def test_articles_of_one_day_and_id_have_files_of_their_own(self, tmp_path: Path) -> None:
        other = "https://vov.vn/kinh-te/tin-post9.vov"
        twice = [article(1), article(2, id="POST1", canonical_url=other, url=other)]
        with closing_store(tmp_path, twice) as opened:
            txt.write(ExportRequest("txt", opened), made(tmp_path / "out"))
        names = {path.name.lower() for path in (tmp_path / "out" / "2026-07").iterdir()}
        assert len(names) == 2

    @pytest.mark.parametrize("hostile", ["../../etc/passwd", "a/b", "CON\0", "..", "", "é" * 400, "a\nb"])
    def test_no_id_leads_out_of_the_folder(self, tmp_path: Path, hostile: str) -> None:
        with closing_store(tmp_path, [article(1, id=hostile)]) as opened:
            txt.write(ExportRequest("txt", opened), made(tmp_path / "out"))
        assert len(list((tmp_path / "out" / "2026-07").glob("2026-07-10-*.txt"))) == 1


class TestSqlite:
    """The database to hand over."""

    def test_it_has_articles_and_lists_and_nothing_of_the_crawls(self, writing: Writing) -> None:
        with closing(sqlite3.connect(writing("sqlite"))) as made_one:
            tables = {name for (name,) in made_one.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            assert tables == {"articles", "export", *element_types()}
            assert made_one.execute("SELECT id FROM articles ORDER BY rowid").fetchall() == [
                ("post3",),
                ("post1",),
                ("post2",),
            ]
            assert made_one.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert made_one.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert made_one.execute("PRAGMA foreign_key_check").fetchall() == []
            about = dict(made_one.execute("SELECT name, value FROM export"))
            assert json.loads(about["counts"])["articles"] == 3
            assert json.loads(about["fields"]) == list(ALL_FIELDS)

    def test_every_scalar_field_is_a_column_of_its_name(self, writing: Writing) -> None:
        with closing(sqlite3.connect(writing("sqlite"))) as made_one:
            made_one.row_factory = sqlite3.Row
            rows = [dict(row) for row in made_one.execute("SELECT * FROM articles")]
        expected = [each.to_dict() for each in (KEPT[2], KEPT[0], KEPT[1])]
        for record in expected:
            record["extra"] = json.dumps(record["extra"], ensure_ascii=False, separators=(",", ":"))
        scalars = set(ALL_FIELDS) - set(element_types())
        assert rows == [{name: record[name] for name in record if name in scalars} for record in expected]

    def test_the_days_that_a_text_speaks_of_are_there(self, writing: Writing) -> None:
        with closing(sqlite3.connect(writing("sqlite"))) as made_one:
            found = made_one.execute("SELECT first_day, last_day, sentence FROM time_expressions").fetchall()
        assert ("2026-07-05", "2026-07-05", "Chợ phiên thứ 1 họp ngày 5/7.") in found

    def test_views_answer(self, writing: Writing) -> None:
        with closing(sqlite3.connect(writing("sqlite"))) as made_one:
            assert made_one.execute("SELECT authors, keywords FROM articles_overview").fetchall()[1] == (
                "Bích Thuận; Vũ Mến",
                "chợ phiên; Sa Pa",
            )
            assert made_one.execute("SELECT month, articles FROM articles_by_month").fetchall() == [
                (None, 1),
                ("2026-06", 1),
                ("2026-07", 1),
            ]
            targets = made_one.execute("SELECT target FROM article_links WHERE canonical_url LIKE '%post3.vov'")
            assert {target for (target,) in targets} == {KEPT[0].canonical_url, KEPT[1].canonical_url}

    def test_fields_that_are_not_chosen_leave_their_columns_and_tables_out(self, writing: Writing) -> None:
        with closing(sqlite3.connect(writing("sqlite", fields=("headline", "keywords")))) as made_one:
            made_of = dict(made_one.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"))
            assert made_of == {
                "articles": "table",
                "export": "table",
                "keywords": "table",
                "keywords_keyword": "index",
            }
            assert made_one.execute("SELECT * FROM articles").fetchone() == (KEPT[2].canonical_url, KEPT[2].headline)

    def test_a_search_by_day_of_publication_takes_an_index(self, writing: Writing) -> None:
        with closing(sqlite3.connect(writing("sqlite"))) as made_one:
            asked = "EXPLAIN QUERY PLAN SELECT * FROM articles WHERE date_published >= '2026-07'"
            assert "articles_date_published" in str(made_one.execute(asked).fetchall())


def closing_store(folder: Path, kept: list[Article]) -> Any:
    return closing(read_database(store_at(stored(folder / "vov.sqlite", kept))))


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@settings(max_examples=8, deadline=None, suppress_health_check=ONE_FIXTURE_FOR_ALL)
@given(articles())
def test_any_record_is_exported_in_every_format(tmp_path_factory: pytest.TempPathFactory, any_article: Article) -> None:
    folder = tmp_path_factory.mktemp("any")
    with closing_store(folder, [any_article]) as opened:
        for name, module in OWN.items():
            place = folder / name
            if module.IS_FOLDER:
                place.mkdir()
            module.write(ExportRequest(name, opened), place)
    (line,) = (folder / "jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert Article.from_dict(json.loads(line)) == any_article
    with (folder / "csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["body"].removeprefix("'") == any_article.body.removeprefix("'")
    assert json.loads(row["time_expressions"]) == any_article.to_dict()["time_expressions"]
    with (folder / "txt" / "metadata.tsv").open(encoding="utf-8", newline="") as file:
        (described,) = csv.DictReader(file, delimiter="\t")
    assert unicodedata.is_normalized("NFC", described["filename"])
    assert (folder / "txt" / described["filename"]).is_file()
    with closing(sqlite3.connect(folder / "sqlite")) as copy:
        assert copy.execute("SELECT headline, body FROM articles").fetchall() == [
            (any_article.headline, any_article.body)
        ]


def test_formats_of_this_room_are_found_by_name() -> None:
    found = {name: format_named(name) for name in OWN}
    assert found == OWN
    assert {name: is_folder(module, Path("out")) for name, module in found.items()} == {
        "jsonl": False,
        "csv": False,
        "sqlite": False,
        "txt": True,
    }


def test_a_format_whose_library_is_absent_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Format:
        raise ModuleNotFoundError("No module named 'pyarrow'", name="pyarrow")

    monkeypatch.setattr("vovcrawl.export.formats.import_module", absent)
    with pytest.raises(ValueError, match=r"^parquet needs the Python package pyarrow; right would be: pip install"):
        format_named("parquet")
    assert FORMATS["parquet"].extra == "parquet"
