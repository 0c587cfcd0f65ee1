"""Writing articles of the store as files in Parquet, with few of them in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from vovcrawl.export.arrow import arrow_schema, read_batch, repeated_paths
from vovcrawl.export.request import ExportRequest

_BATCH = 200
_BATCH_BYTES = 4 * 2**20
"""Articles read at a time: fewer where the last ones took more than so many bytes."""

_GROUP_ROWS = 10_000
_GROUP_BYTES = 16 * 2**20
"""A row group is written once it has so many rows, or a little more than so many bytes: it is in memory as a whole."""

_PART_BYTES = 512 * 2**20
"""A file is followed by another one once it holds so much, not compressed."""


class BatchFiles:
    """One file after another with batches of rows in the order in which they are added. Complete when the context ends.

    Args:
        schema: of the batches.
        path_of: the path of a file by its number, from 0 on.
        in_one: whether there is one file for all, however many rows there are.
    """

    def __init__(self, schema: pa.Schema, path_of: Callable[[int], Path], in_one: bool = False) -> None:
        self.count = 0
        """How many files there are."""
        self.rows = 0
        """How many rows they hold."""
        self.bytes = 0
        """What these take in memory."""
        self._schema = schema
        self._path_of = path_of
        self._in_one = in_one
        self._repeated = repeated_paths(schema)
        self._group: list[pa.RecordBatch] = []
        self._in_group = 0
        self._in_part = 0
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.end_group()
        self._end_part()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Adds rows.

        Raises:
            OSError: the file cannot be written.
        """
        self._group.append(batch)
        self._in_group += batch.nbytes
        if self._in_group >= _GROUP_BYTES or sum(each.num_rows for each in self._group) >= _GROUP_ROWS:
            self._write()

    def end_group(self) -> None:
        """Ends the row group: what is added from now on stands in another one. Raises as `add_batch` does."""
        if self._group:
            self._write()

    def _write(self) -> None:
        if self._writer is not None and not self._in_one and self._in_part >= _PART_BYTES:
            self._end_part()
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path_of(self.count), self._schema, compression="zstd", use_dictionary=self._repeated
            )
            self.count += 1
        table = pa.Table.from_batches(self._group, self._schema)
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self.rows += table.num_rows
        self.bytes += self._in_group
        self._in_part += self._in_group
        self._group.clear()
        self._in_group = 0

    def _end_part(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = None
        self._in_part = 0


class ParquetFiles(BatchFiles):
    """The same with articles of a store.

    Args:
        request: what was asked for.
        path_of: the path of a file by its number, from 0 on.
        in_one: whether there is one file for all, however many articles there are.
    """

    def __init__(self, request: ExportRequest, path_of: Callable[[int], Path], in_one: bool = False) -> None:
        super().__init__(arrow_schema(request.fields), path_of, in_one)
        self._request = request
        self._urls: list[str] = []
        self._at_a_time = _BATCH

    def add(self, url: str) -> None:
        """Adds an article by its `canonical_url`.

        Raises:
            StoreError: the store cannot be read.
            OSError: the file cannot be written.
        """
        self._urls.append(url)
        if len(self._urls) >= self._at_a_time:
            self._read()

    def end_group(self) -> None:
        """As of all files; raises as `add` does."""
        if self._urls:
            self._read()
        super().end_group()

    def _read(self) -> None:
        batch = read_batch(self._request, self._schema, self._urls)
        self._urls.clear()
        self._at_a_time = max(1, min(_BATCH, _BATCH_BYTES * batch.num_rows // max(1, batch.nbytes)))
        self.add_batch(batch)
