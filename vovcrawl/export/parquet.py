"""Parquet: one file with a row group or more for each month, or a folder with a partition for each.

The files of a folder are below `data/`, so that programs that open whole folders do not stumble over the manifest.
Months are those of `date_published` in Vietnam. Articles without a date come last, in a partition of their own; with
Hive's name for it, `__HIVE_DEFAULT_PARTITION__`, pandas could not open the folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial
from itertools import groupby
from pathlib import Path

from vovcrawl.export.manifest import Counts
from vovcrawl.export.parquet_files import ParquetFiles
from vovcrawl.export.request import ExportRequest
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.store.by_date import Listed

_SUFFIX = ".parquet"

_DATA = "data"

_UNDATED = "undated"
"""Name of the partition of articles without a date."""


def IS_FOLDER(target: Path) -> bool:
    """Whether an export is a folder: it is, unless the target is named as a file of this format."""
    return target.suffix.lower() != _SUFFIX


def write(request: ExportRequest, place: Path) -> Counts:
    """Writes the file, or fills the folder; see `Format.write`."""
    counts = Counts()
    months = groupby(counts.watch(request.chosen()), _month)
    if place.is_dir():
        _write_folder(request, place / _DATA, months)
    else:
        _write_file(request, place, months)
    return counts


def _write_file(request: ExportRequest, place: Path, months: Iterable[tuple[str, Iterable[Listed]]]) -> None:
    with ParquetFiles(request, lambda _: place, in_one=True) as file:
        for _, articles in months:
            for article in articles:
                file.add(article.canonical_url)
            file.end_group()


def _write_folder(request: ExportRequest, folder: Path, months: Iterable[tuple[str, Iterable[Listed]]]) -> None:
    parts: Counter[str] = Counter()
    for month, articles in months:
        partition = folder / f"month={month}"
        partition.mkdir(parents=True, exist_ok=True)
        # A month comes again where times have other offsets, as their order is that of texts.
        path_of = partial(_part, partition, parts[month])
        with ParquetFiles(request, path_of) as files:
            for article in articles:
                files.add(article.canonical_url)
        parts[month] += files.count


def _part(partition: Path, first: int, number: int) -> Path:
    return partition / f"part-{first + number}{_SUFFIX}"


def _month(article: Listed) -> str:
    moment = from_iso(article.date_published) if article.date_published is not None else None
    return f"{moment.astimezone(VIETNAM):%Y-%m}" if moment is not None else _UNDATED
