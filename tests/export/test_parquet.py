"""Parquet: every record comes back as it is in the store, typed, in files that are bounded and sorted by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.invented import article, full_article, invented, record_of, request_of
from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.stores import open_store
from tests.strategies import articles
from vovcrawl.export import parquet, parquet_files
from vovcrawl.export.arrow import read_batch
from vovcrawl.export.request import ExportRequest
from vovcrawl.items import Article
from vovcrawl.store import Database

URLS = [f"https://vov.vn/xa-hoi/a-post{number}.vov" for number in range(1, 4)]


def written(request: ExportRequest, path: Path) -> Path:
    if parquet.IS_FOLDER(path):
        path.mkdir()
    parquet.write(request, path)
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    return found


def in_store(request: ExportRequest) -> list[dict[str, Any]]:
    return [each.to_dict() for each in request.articles()]


def months(path: Path) -> list[set[str]]:
    """The months in each row group of a file."""
    file = pq.ParquetFile(path)
    groups = [file.read_row_group(number, ["date_published"]) for number in range(file.num_row_groups)]
    return [{f"{date:%Y-%m}" if date else "" for date in group["date_published"].to_pylist()} for group in groups]


@given(drawn=st.tuples(*(articles(url) for url in URLS)))
@settings(max_examples=15, deadline=None, suppress_health_check=ONE_FIXTURE_FOR_ALL)
def test_every_record_comes_back_as_it_is_in_the_store(
    drawn: tuple[Article, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("store")
    database = open_store(folder / "a.sqlite")
    request = request_of(database, drawn)
    path = written(request, folder / "a.parquet")
    kept = [
        {**record, "fetched_at": datetime.fromisoformat(record["fetched_at"]).astimezone(UTC).isoformat()}
        for record in in_store(request)
    ]
    database.close()
    assert [record_of(row) for row in rows(path)] == kept


def test_a_record_with_something_in_every_field_comes_back(database: Database, tmp_path: Path) -> None:
    request = request_of(database, [full_article(1, "2023-10-14T14:05:00+07:00")])
    (row,) = rows(written(request, tmp_path / "a.parquet"))
    assert [record_of(row)] == in_store(request)
    assert row["extra"] == '{"mood":"vui","parts":[1,2.5,null]}'


def test_times_are_moments_with_the_zone_in_which_they_are_meant(database: Database, tmp_path: Path) -> None:
    schema = pq.read_schema(written(request_of(database, [article(1)]), tmp_path / "a.parquet"))
    vietnam, utc = pa.timestamp("us", "Asia/Ho_Chi_Minh"), pa.timestamp("us", "UTC")
    zones = {name: schema.field(name).type for name in ("date_published", "date_modified", "fetched_at")}
    assert zones == {"date_published": vietnam, "date_modified": vietnam, "fetched_at": utc}


def test_a_time_of_another_offset_is_the_same_moment(database: Database, tmp_path: Path) -> None:
    (row,) = rows(written(request_of(database, [article(1, "2023-10-14T07:05:00+00:00")]), tmp_path / "a.parquet"))
    assert record_of(row)["date_published"] == "2023-10-14T14:05:00+07:00"


def test_a_time_that_is_none_is_null_and_stands_in_extra(database: Database, tmp_path: Path) -> None:
    odd = article(1, "giữa tháng 10", date_modified="2023-10-14T14:05:00+07:00", extra={"mood": "vui"})
    found = [record_of(row) for row in rows(written(request_of(database, [odd, article(2)]), tmp_path / "a.parquet"))]
    by_id = {record["id"]: record for record in found}
    assert by_id["post1"]["date_published"] is None
    assert by_id["post1"]["date_modified"] == "2023-10-14T14:05:00+07:00"
    assert by_id["post1"]["extra"] == {"mood": "vui", "date_published": "giữa tháng 10"}
    assert by_id["post2"]["date_published"] == "2023-10-14T14:05:00+07:00"
    assert by_id["post2"]["extra"] == {}


def test_what_the_record_declares_as_never_null_is_required(database: Database, tmp_path: Path) -> None:
    schema = pq.read_schema(written(request_of(database, [article(1)]), tmp_path / "a.parquet"))
    assert not schema.field("headline").nullable
    assert schema.field("description").nullable
    element = schema.field("authors").type.value_field
    assert not element.nullable
    assert [part.name for part in element.type if part.nullable] == ["affiliation"]


def test_each_column_says_what_it_holds(database: Database, tmp_path: Path) -> None:
    schema = pq.read_schema(written(request_of(database, [article(1)]), tmp_path / "a.parquet"))
    assert schema.field("section").metadata[b"description"] == b"First path part of the url: `the-thao`"
    assert all(field.metadata[b"description"] for field in schema)


def test_only_the_fields_asked_for_are_columns(database: Database, tmp_path: Path) -> None:
    request = request_of(database, [full_article(1, None)], fields=("headline", "keywords"))
    assert rows(written(request, tmp_path / "a.parquet")) == [
        {"headline": "Bến thuyền số 1", "keywords": ["chợ nổi", "ghe, thuyền"]}
    ]


def test_a_row_group_of_a_file_holds_one_month(database: Database, tmp_path: Path) -> None:
    path = written(request_of(database, invented()), tmp_path / "a.parquet")
    assert months(path) == [{"2023-10"}, {"2023-11"}, {"2024-02"}, {""}]


def test_the_statistics_of_a_row_group_say_which_times_are_in_it(database: Database, tmp_path: Path) -> None:
    path = written(request_of(database, invented()), tmp_path / "a.parquet")
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = {column.path_in_schema: column for column in (group.column(n) for n in range(group.num_columns))}
    statistics = columns["date_published"].statistics
    assert f"{statistics.min:%Y-%m-%dT%H:%M}" == "2023-10-14T07:05"
    assert f"{statistics.max:%Y-%m-%dT%H:%M}" == "2023-10-31T16:59"


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(parquet_files, "_BATCH", 2)
    monkeypatch.setattr(parquet_files, "_GROUP_ROWS", 4)
    yield


@pytest.mark.usefixtures("small_groups")
def test_a_month_with_many_articles_has_several_row_groups(database: Database, tmp_path: Path) -> None:
    path = written(request_of(database, [article(number) for number in range(1, 11)]), tmp_path / "a.parquet")
    metadata = pq.ParquetFile(path).metadata
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [4, 4, 2]


def test_a_row_group_ends_where_its_texts_are_long(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "_BATCH", 1)
    monkeypatch.setattr(parquet_files, "_GROUP_BYTES", 50_000)
    long = [article(number, body="Nước lên. " * 3_000) for number in range(1, 5)]
    metadata = pq.ParquetFile(written(request_of(database, long), tmp_path / "a.parquet")).metadata
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [2, 2]


def test_long_articles_are_read_few_at_a_time(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "_BATCH", 4)
    monkeypatch.setattr(parquet_files, "_BATCH_BYTES", 130_000)
    request = request_of(database, [article(number, body="Nước lên. " * 4_000) for number in range(1, 11)])
    sizes: list[int] = []

    def read(request: ExportRequest, schema: pa.Schema, urls: Sequence[str]) -> pa.RecordBatch:
        sizes.append(len(urls))
        return read_batch(request, schema, urls)

    monkeypatch.setattr(parquet_files, "read_batch", read)
    written(request, tmp_path / "a.parquet")
    assert sizes == [4, 2, 2, 2]


def test_a_folder_has_a_partition_for_each_month_and_one_for_articles_without_a_date(
    database: Database, tmp_path: Path
) -> None:
    request = request_of(database, invented())
    folder = written(request, tmp_path / "a")
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))
    assert paths == [f"data/month={month}/part-0.parquet" for month in ("2023-10", "2023-11", "2024-02", "undated")]
    found = [record_of(row) for path in paths for row in rows(folder / path)]
    assert found == in_store(request)


def test_the_month_is_that_of_vietnam(database: Database, tmp_path: Path) -> None:
    folder = written(request_of(database, [article(1, "2023-10-31T18:00:00+00:00")]), tmp_path / "a")
    assert (folder / "data/month=2023-11/part-0.parquet").is_file()


@pytest.mark.usefixtures("small_groups")
def test_a_month_that_is_too_big_for_one_file_has_several(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "_PART_BYTES", 1)
    request = request_of(database, [article(number) for number in range(1, 11)])
    folder = written(request, tmp_path / "a")
    parts = [folder / f"data/month=2023-10/part-{number}.parquet" for number in range(3)]
    assert sorted(folder.rglob("*.parquet")) == parts
    assert [record_of(row) for part in parts for row in rows(part)] == in_store(request)


def test_months_whose_times_have_mixed_offsets_lose_no_article(database: Database, tmp_path: Path) -> None:
    mixed = ["2023-10-31T17:30:00+00:00", "2023-10-31T18:00:00+07:00", "2023-10-31T19:00:00+00:00"]
    request = request_of(database, [article(number, date) for number, date in enumerate(mixed, 1)])
    folder = written(request, tmp_path / "a")
    found = {path.parent.name: pq.ParquetFile(path).metadata.num_rows for path in folder.rglob("part-0.parquet")}
    assert found == {"month=2023-10": 1, "month=2023-11": 1}
    assert pq.ParquetFile(folder / "data/month=2023-11/part-1.parquet").metadata.num_rows == 1


@pytest.mark.parametrize("name", ["a.parquet", "a"])
def test_the_same_articles_give_the_same_bytes(database: Database, tmp_path: Path, name: str) -> None:
    request = request_of(database, invented())
    made = []
    for parent in ("one", "two"):
        (tmp_path / parent).mkdir()
        path = written(request, tmp_path / parent / name)
        files = [path] if path.is_file() else sorted(path.rglob("*.parquet"))
        made.append([(file.relative_to(tmp_path / parent), file.read_bytes()) for file in files])
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("name", "is_folder"), [("a.parquet", False), ("A.PARQUET", False), ("a", True), ("a.parquet.d", True)]
)
def test_a_target_is_a_file_if_it_is_named_as_one(name: str, is_folder: bool) -> None:
    assert parquet.IS_FOLDER(Path(name)) is is_folder
