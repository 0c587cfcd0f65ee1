"""What tasks hand over to each other by way of the disk: values one after the other, and sorted rows of numbers.

Both are read a piece at a time, so that no task needs more than its share in memory.
"""

from __future__ import annotations

import mmap
import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import msgspec

_Value = TypeVar("_Value")
_encode = msgspec.msgpack.Encoder().encode

Row = tuple[int, ...]

LARGEST = (1 << 64) - 1
"""The largest number of a row."""


class ValueWriter:
    """A new file of values.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self.size = 0
        """Bytes written."""

    def add(self, value: Any) -> tuple[int, int]:
        """Writes a value; its offset and length."""
        data = _encode(value)
        self._file.write(data)
        at = self.size
        self.size += len(data)
        return at, len(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


class Values(Generic[_Value]):
    """Reads the values of a file, from any place.

    Args:
        path: of the file.
        kind: the type of its values.
    """

    def __init__(self, path: Path, kind: type[_Value]) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def read(self, offset: int, length: int) -> _Value:
        """The value that stands there."""
        return self._decode(os.pread(self._descriptor, length, offset))

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)


class Rows:
    """Reads the rows of a file by their place in it.

    Args:
        path: of the file.
        width: numbers of a row.
    """

    def __init__(self, path: Path, width: int) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._row = Struct(f"={width}Q")

    def read(self, place: int) -> Row:
        """The row that stands there, from 0 on."""
        return self._row.unpack(os.pread(self._descriptor, self._row.size, place * self._row.size))

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)


_MOST_NUMBERS = 64 * 1024


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Writes rows of numbers from 0 to `LARGEST`, sorted."""
    write_sorted_rows(path, sorted(rows))


def write_sorted_rows(path: Path, rows: Iterable[Row]) -> None:
    """Writes rows that come in their order, a few of them in memory at a time."""
    flat: array[int] = array("Q")
    with path.open("xb") as file:
        for row in rows:
            flat.extend(row)
            if len(flat) >= _MOST_NUMBERS:
                flat.tofile(file)
                del flat[:]
        flat.tofile(file)


def between(path: Path, width: int, least: int = 0, most: int = LARGEST) -> Iterator[Row]:
    """The rows of a file whose first number lies between two, both inclusive, in their order.

    Args:
        path: of the file.
        width: numbers of a row.
        least: the smallest first number.
        most: the largest one.
    """
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with mapped, memoryview(mapped) as raw, raw.cast("Q") as numbers:
            low, high = 0, len(numbers) // width
            while low < high:
                middle = (low + high) // 2
                if numbers[middle * width] < least:
                    low = middle + 1
                else:
                    high = middle
            for at in range(low * width, len(numbers), width):
                if numbers[at] > most:
                    return
                yield tuple(numbers[at : at + width])
