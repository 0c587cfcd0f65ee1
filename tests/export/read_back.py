"""Prints what a library reads out of an export, one record a line as a feed has it.

Run as `python -m tests.export.read_back HOW PATH` in an environment that has the library: `make readers` makes one.
Each way is what a user of the library would paste; it gives a mapping for each record.
"""

from __future__ import annotations

import json
import math
import sqlite3
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def pandas_parquet(path: Path) -> Any:
    """A file, or the data of a folder."""
    import pandas

    frame = pandas.read_parquet(path / "data" if path.is_dir() else path)
    return frame.to_dict("records")


def polars_parquet(path: Path) -> Any:
    """A file, or the data of a folder."""
    import polars

    return polars.read_parquet(path / "data" if path.is_dir() else path).to_dicts()


def duckdb_parquet(path: Path) -> Any:
    """A file, or all that are below a folder."""
    import duckdb

    files = f"{path}/**/*.parquet" if path.is_dir() else str(path)
    found = duckdb.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'").execute("SELECT * FROM read_parquet(?)", [files])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def pyarrow_parquet(path: Path) -> Any:
    """The data of a folder."""
    import pyarrow.dataset

    return pyarrow.dataset.dataset(path / "data", partitioning="hive").to_table().to_pylist()


def datasets_hf(path: Path) -> Any:
    """All splits of a dataset; each record says which it was in."""
    import datasets

    datasets.disable_progress_bar()
    splits = datasets.load_dataset(str(path))
    features = [split.features for split in splits.values()]
    assert all(each == features[0] for each in features)
    return [{**row, "split": name} for name, split in splits.items() for row in split]


def datasets_stream(path: Path) -> Any:
    """The same, without a copy in a cache."""
    import datasets

    splits = datasets.load_dataset(str(path), streaming=True)
    return [{**row, "split": name} for name, split in splits.items() for row in split]


def mlcroissant_hf(path: Path) -> Any:
    """The records of a dataset by its Croissant metadata, which must be without an error or a warning."""
    import mlcroissant

    dataset = mlcroissant.Dataset(path / "croissant.json")
    issues = dataset.metadata.ctx.issues
    assert not issues.errors, issues.report()
    assert not issues.warnings, issues.report()
    return [_without_prefix(record) for record in dataset.records("articles")]


def _without_prefix(record: Any) -> Any:
    """A record of Croissant, whose fields are named by their paths."""
    if isinstance(record, Mapping):
        return {str(name).rpartition("/")[2]: _without_prefix(value) for name, value in record.items()}
    return [_without_prefix(value) for value in record] if isinstance(record, list) else record


def pandas_csv(path: Path) -> Any:
    """The cells of a table, as text."""
    import pandas

    return pandas.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


def polars_csv(path: Path) -> Any:
    """The same."""
    import polars

    return polars.read_csv(path, infer_schema=False).to_dicts()


def duckdb_csv(path: Path) -> Any:
    """The same."""
    import duckdb

    found = duckdb.execute("SELECT * FROM read_csv(?, all_varchar = true, nullstr = '\\N')", [str(path)])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def pandas_jsonl(path: Path) -> Any:
    """Lines of JSON, whose texts stay texts."""
    import pandas

    return pandas.read_json(path, lines=True, dtype=False).to_dict("records")


def polars_jsonl(path: Path) -> Any:
    """Lines of JSON."""
    import polars

    return polars.read_ndjson(path, infer_schema_length=None).to_dicts()


def pandas_sqlite(path: Path) -> Any:
    """The table of articles."""
    import pandas

    with sqlite3.connect(path) as connection:
        return pandas.read_sql("SELECT * FROM articles", connection).to_dict("records")


READERS: dict[str, Callable[[Path], Any]] = {
    name: read
    for name, read in list(globals().items())
    if callable(read) and name.partition("_")[0] in ("pandas", "polars", "duckdb", "pyarrow", "datasets", "mlcroissant")
}


def _plain(name: str, value: Any) -> Any:
    """A value of any library as JSON has it, times as the record writes them."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime):
        if value != value:
            return None
        return value.astimezone(UTC if name == "fetched_at" else _VIETNAM).isoformat(timespec="seconds")
    if isinstance(value, Mapping):
        return {inner: _plain("", each) for inner, each in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain("", each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def main() -> None:
    """Reads and prints."""
    how, path = sys.argv[1:]
    for row in READERS[how](Path(path)):
        record = {name: _plain(name, value) for name, value in row.items()}
        print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
