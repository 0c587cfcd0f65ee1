"""Files that are compressed, or are not, the same bytes each time."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

_LEVEL_OF_GZIP, _LEVEL_OF_ZSTD = 6, 10
"""Where both are about as fast as articles leave the store."""


@contextmanager
def opened(place: Path, compression: str) -> Iterator[BinaryIO]:
    """A new file to write to.

    Args:
        place: where it is made.
        compression: `.gz`, `.zst`, or nothing.

    Raises:
        OSError: it cannot be made or written.
    """
    with place.open("xb") as file:
        if compression == ".gz":
            # Without the name and the time, which are those of the moment.
            with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL_OF_GZIP, fileobj=file, mtime=0) as packed:
                yield cast("BinaryIO", packed)
        elif compression == ".zst":
            compressor = zstandard.ZstdCompressor(level=_LEVEL_OF_ZSTD, write_checksum=True)
            with compressor.stream_writer(file, closefd=False) as stream:
                yield cast("BinaryIO", stream)
        else:
            yield file
