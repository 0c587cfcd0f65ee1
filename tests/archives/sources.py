"""The bytes of a file that is none, for readers of archives."""

from __future__ import annotations


class Bytes:
    """A source of bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_at(self, offset: int, count: int) -> bytes:
        """So many bytes from there on."""
        return self._data[offset : offset + count]
