"""The libraries that people open exports with read what is in the store."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.export.invented import invented, request_of
from tests.export.readers import PYTHON, WITHOUT_THEM, offline
from tests.stores import open_store
from vovcrawl.export import csv, hf, jsonl, parquet, sqlite
from vovcrawl.export.request import ExportRequest
from vovcrawl.export.splits import split_of
from vovcrawl.feeds.exporters import cell
from vovcrawl.items import Article, element_types
from vovcrawl.store import Database

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=WITHOUT_THEM)

FORMATS = {"a.parquet": parquet, "parquet": parquet, "hf": hf, "a.csv": csv, "a.jsonl": jsonl, "a.sqlite": sqlite}
"""The exports that are read, by their names."""


@pytest.fixture(scope="module")
def request_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExportRequest]:
    database: Database = open_store(tmp_path_factory.mktemp("store") / "vov.sqlite")
    yield request_of(database, invented())
    database.close()


@pytest.fixture(scope="module")
def exports(request_made: ExportRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All exports of one store, the folders with the file beside the data that each has."""
    folder = tmp_path_factory.mktemp("exports")
    for name, form in FORMATS.items():
        if form.IS_FOLDER is True or (callable(form.IS_FOLDER) and form.IS_FOLDER(Path(name))):
            (folder / name).mkdir()
            (folder / name / "manifest.json").write_text("{}\n", encoding="utf-8")
        form.write(request_made, folder / name)
    return folder


def read(how: str, path: Path, cache: Path) -> list[dict[str, Any]]:
    """The records that a library reads out of an export."""
    command = [str(PYTHON), "-m", "tests.export.read_back", how, str(path)]
    found = subprocess.run(command, cwd=PROJECT, env={**os.environ, **offline(cache)}, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return [json.loads(line) for line in found.stdout.splitlines()]


def in_store(request: ExportRequest) -> list[dict[str, Any]]:
    return [each.to_dict() for each in request.articles()]


def read_from_json(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "extra": json.loads(record["extra"])}


@pytest.mark.parametrize("how", ["pandas_parquet", "polars_parquet", "duckdb_parquet"])
def test_a_library_reads_the_records_of_a_file_in_parquet(
    how: str, exports: Path, request_made: ExportRequest, tmp_path: Path
) -> None:
    found = read(how, exports / "a.parquet", tmp_path)
    assert [read_from_json(record) for record in found] == in_store(request_made)


@pytest.mark.parametrize("how", ["pandas_parquet", "polars_parquet", "duckdb_parquet", "pyarrow_parquet"])
def test_a_library_reads_the_records_of_a_folder_in_parquet_and_their_months(
    how: str, exports: Path, request_made: ExportRequest, tmp_path: Path
) -> None:
    found = read(how, exports / "parquet", tmp_path)
    expected = in_store(request_made)
    months = [(record["date_published"] or "undated")[:7] for record in expected]
    assert [record.pop("month") for record in found] == months
    assert [read_from_json(record) for record in found] == expected


@pytest.mark.parametrize("how", ["datasets_hf", "datasets_stream", "mlcroissant_hf"])
def test_a_library_reads_the_records_of_a_dataset_and_their_splits(
    how: str, exports: Path, request_made: ExportRequest, tmp_path: Path
) -> None:
    found = {record["canonical_url"]: record for record in read(how, exports / "hf", tmp_path)}
    splits = {each.canonical_url: split_of(each) for each in request_made.chosen()}
    assert {url: record.pop("split") for url, record in found.items()} == splits
    expected = {record["canonical_url"]: record for record in in_store(request_made)}
    assert {url: read_from_json(record) for url, record in found.items()} == expected


@pytest.mark.parametrize("how", ["pandas_csv", "polars_csv", "duckdb_csv"])
def test_a_library_reads_the_cells_of_a_table_in_csv(
    how: str, exports: Path, request_made: ExportRequest, tmp_path: Path
) -> None:
    names = [each.name for each in fields(Article)]
    expected = [
        {name: "" if (value := cell(getattr(article, name))) is None else str(value) for name in names}
        for article in request_made.articles()
    ]
    assert [
        {name: value or "" for name, value in row.items()} for row in read(how, exports / "a.csv", tmp_path)
    ] == expected


@pytest.mark.parametrize("how", ["pandas_jsonl", "polars_jsonl"])
def test_a_library_reads_the_records_of_lines_of_json(
    how: str, exports: Path, request_made: ExportRequest, tmp_path: Path
) -> None:
    found = read(how, exports / "a.jsonl", tmp_path)
    for record in found:
        # A library that gives every object the same fields has null for those that are not there.
        record["extra"] = {name: value for name, value in record["extra"].items() if value is not None}
    assert found == in_store(request_made)


def test_pandas_reads_the_articles_of_a_database(exports: Path, request_made: ExportRequest, tmp_path: Path) -> None:
    names = [each.name for each in fields(Article) if each.name not in element_types()]
    found = {record["canonical_url"]: record for record in read("pandas_sqlite", exports / "a.sqlite", tmp_path)}
    expected = {record["canonical_url"]: {name: record[name] for name in names} for record in in_store(request_made)}
    assert {url: read_from_json({name: record[name] for name in names}) for url, record in found.items()} == expected
