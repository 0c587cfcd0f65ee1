"""Writes the files of a dataset: a month of articles each, and what could not be read."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import pyarrow as pa

from vovcrawl.archives.dataset.marking import Articles, mark_of
from vovcrawl.archives.dataset.merging import (
    FAILURE_ROW,
    MONTH_ROW,
    UNDATED,
    Failure,
    Part,
)
from vovcrawl.archives.dataset.spilling import Values, between
from vovcrawl.archives.unpacking import Place
from vovcrawl.export.arrow import arrow_schema, batch_of
from vovcrawl.export.manifest import Counts
from vovcrawl.export.parquet_files import BatchFiles
from vovcrawl.export.request import ALL_FIELDS
from vovcrawl.items import Article
from vovcrawl.store.by_date import Listed

_AT_A_TIME = 100
_FAILURES_AT_A_TIME = 1_000

FAILURES_SCHEMA = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False, metadata={"description": "The file, as it was named"}),
        pa.field("member", pa.string(), metadata={"description": "Of a WACZ: which of its WARC files, from 0 on"}),
        pa.field(
            "offset",
            pa.int64(),
            metadata={"description": "Bytes before the record, or its gzip member"},
        ),
        pa.field("within", pa.int64(), metadata={"description": "Bytes from there to the record, unpacked"}),
        pa.field("line", pa.int64(), metadata={"description": "Of JSON Lines: the line, from 1 on"}),
        pa.field("url", pa.string(), metadata={"description": "The page, as the archive has it"}),
        pa.field("became", pa.string(), nullable=False, metadata={"description": "How it is counted"}),
        pa.field("reason", pa.string(), metadata={"description": "Why it could not be read"}),
        pa.field(
            "settled", pa.bool_(), nullable=False, metadata={"description": "Whether another capture gave its article"}
        ),
    ]
)
"""The types of what could not be read."""


def write_month(
    folder: Path, scratch: Path, month: int, only: int | None, parts: Sequence[Part], marks: Mapping[int, Path]
) -> Counts:
    """Writes the articles of a month, by `date_published`, then `canonical_url`; what they are.

    Args:
        folder: the dataset's.
        scratch: where files are until they are complete, since another attempt may be going on.
        month: which one, as `month_of` gives it.
        only: the one part whose articles are written, None for all.
        parts: of the dataset.
        marks: what `mark` gives.

    Raises:
        OSError: something cannot be read or written.
    """
    of = parts if only is None else [parts[only]]
    with Articles(parts) as articles:
        keys = []
        for part in of:
            for _, place in between(part.months, MONTH_ROW, month, month):
                article = articles.read(place)
                keys.append((article.date_published or "", article.canonical_url, place))
        keys.sort()
        name = f"month={month // 100:04}-{month % 100:02}" if month != UNDATED else "month=undated"
        attempt = scratch / f"month-{month}-{token_hex(8)}"
        attempt.mkdir()
        counts = Counts()
        schema = arrow_schema(ALL_FIELDS)
        with BatchFiles(schema, lambda number: attempt / str(number), in_one=only is not None) as files:
            some: list[dict[str, Any]] = []
            for _, _, place in keys:
                article = articles.read(place)
                article.duplicate_of = mark_of(place, marks, articles)
                _count(counts, article)
                some.append(article.to_dict())
                if len(some) == _AT_A_TIME:
                    files.add_batch(batch_of(some, schema))
                    some.clear()
            if some:
                files.add_batch(batch_of(some, schema))
    partition = folder / "data" / name
    partition.mkdir(exist_ok=True)
    for number in range(files.count):
        (attempt / str(number)).replace(partition / f"part-{number if only is None else only}.parquet")
    return counts


def _count(counts: Counts, article: Article) -> None:
    listed = Listed(*(getattr(article, name) for name in Listed._fields))
    for _ in counts.watch((listed,)):
        pass


def write_failures(path: Path, parts: Sequence[Part]) -> None:
    """Writes what could not be read, in the order of the archive, as one file, also where there is none.

    Raises:
        OSError: something cannot be read or written.
    """
    values = [Values(part.failures, Failure) for part in parts]
    rows = heapq.merge(
        *(
            ((number, place, at, offset, length) for number, place, offset, length in between(each, FAILURE_ROW))
            for at, each in enumerate(part.failure_rows for part in parts)
        )
    )
    with BatchFiles(FAILURES_SCHEMA, lambda _: path, in_one=True) as files:
        some: list[dict[str, Any]] = []
        for _, _, at, offset, length in rows:
            some.append(_row(values[at].read(offset, length)))
            if len(some) == _FAILURES_AT_A_TIME:
                files.add_batch(pa.RecordBatch.from_pylist(some, FAILURES_SCHEMA))
                some.clear()
        files.add_batch(pa.RecordBatch.from_pylist(some, FAILURES_SCHEMA))
    for each in values:
        each.close()


def _row(failure: Failure) -> dict[str, Any]:
    seen = failure.seen
    member, _, rest = seen.position.rpartition("|")
    written, _, line = rest.partition("@")
    place = Place.read(written) if written else None
    return {
        "path": seen.path,
        "member": member or None,
        "offset": place.member if place is not None else None,
        "within": place.within if place is not None else None,
        "line": int(line) + 1 if line else None,
        "url": seen.url,
        "became": seen.became.value,
        "reason": seen.reason,
        "settled": failure.is_settled,
    }
