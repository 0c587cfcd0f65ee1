"""Which records of a compressed WARC file are whole: one that is being written, or whose writer was killed, ends torn.

Each record is a gzip member of its own (WARC 1.1, annex D), so that a file can be cut, copied and indexed record by
record.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_CHUNK = 256 * 1024
_UNPACKED = 1024 * 1024
"""Bytes that are unpacked at a time: a small member may unpack to gigabytes."""

_GZIP = zlib.MAX_WBITS | 16

LONGEST_HEAD = 512 * 1024
"""Bytes of a record that are kept of its begin: its own header and that of HTTP, which ends at half of it."""

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*+([0-9]{1,18})[ \t]*+\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """A record as it stands in its file."""

    offset: int
    """Of its gzip member, in bytes."""
    length: int
    """Of its gzip member, in bytes."""
    header: bytes
    """Its own, without the empty line that ends it."""
    block: bytes
    """The begin of what follows, up to `LONGEST_HEAD` bytes with the header."""


def whole_records(file: BinaryIO) -> Iterator[WholeRecord]:
    """The records of a file up to its end, or up to the first that is torn or none of WARC.

    Args:
        file: opened at its begin. It may grow meanwhile.

    Raises:
        OSError: reading fails.
    """
    offset = 0
    data = b""
    while True:
        member = zlib.decompressobj(_GZIP)
        begin = bytearray()
        end = b""
        unpacked = consumed = 0
        while not member.eof:
            if not data and not (data := file.read(_CHUNK)):
                return
            given = len(data)
            try:
                part = member.decompress(data, _UNPACKED)
            except zlib.error:
                return
            data = member.unused_data if member.eof else member.unconsumed_tail
            consumed += given - len(data)
            unpacked += len(part)
            end = (end + part)[-len(_END) :]
            if len(begin) < LONGEST_HEAD:
                begin += part[: LONGEST_HEAD - len(begin)]
        header, _, block = bytes(begin).partition(_END)
        if not _is_whole(header, unpacked, end):
            return
        yield WholeRecord(offset, consumed, header, block)
        offset += consumed


def _is_whole(header: bytes, unpacked: int, end: bytes) -> bool:
    """Whether a member is a record of the length that its header says, to the empty lines after it."""
    found = _LENGTH.search(header + b"\r\n")
    if found is None or not header.startswith(b"WARC/1."):
        return False
    return end == _END and unpacked == len(header) + len(_END) + int(found[1]) + len(_END)


def whole_length(file: BinaryIO) -> int:
    """Bytes of a file, opened at its begin, up to the end of the last record of `whole_records`.

    Raises:
        OSError: reading fails.
    """
    length = 0
    for record in whole_records(file):
        length = record.offset + record.length
    return length
