"""Reading on through a file that is gzipped as a whole, record by record, or not at all, from any place in it.

What is read is bounded: memory holds a part of the file, whatever a packed part of it becomes.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple, Protocol

GZIP = b"\x1f\x8b\x08"
"""Opens a gzip member that is packed as all are."""

_IS_DAMAGED = "it is damaged"
_CHUNK = 64 * 1024
_SMALL_STEP = 16
_STEP = 256 * 1024
"""Bytes that are unpacked at once."""


class Source(Protocol):
    """The bytes of a file, or of a part of one."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read_at(self, offset: int, count: int) -> bytes:
        """Up to so many bytes from there on; fewer only at the end.

        Raises:
            OSError: reading fails.
        """


class FileSource:
    """A file that is open.

    Args:
        descriptor: of the file; it stays the caller's to close.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size

    def read_at(self, offset: int, count: int) -> bytes:
        """See `Source`."""
        # Whoever writes to it meanwhile does not make it longer.
        return os.pread(self._descriptor, max(0, min(count, self.size - offset)), offset)


class DamagedMember(Exception):
    """What is packed cannot be unpacked, or breaks off."""


class Place(NamedTuple):
    """A place in a file, to read on from there."""

    member: int
    """Where the gzip member begins, in bytes from the beginning of the file; in a plain file, the place itself."""
    within: int = 0
    """Bytes from the beginning of what the member holds."""

    def __str__(self) -> str:
        return f"{self.member}+{self.within}" if self.within else str(self.member)

    @classmethod
    def read(cls, text: str) -> Place:
        """A place as written; the beginning where it is no place."""
        member, _, within = text.partition("+")
        numbers = [int(part) if part.isascii() and part.isdigit() else 0 for part in (member, within)]
        return cls(*numbers)


@dataclass
class _Member:
    inflater: zlib._Decompress
    start: int
    is_damaged: bool = False


class Unpacking:
    """Reads on from a place; at the end of a gzip member it stops until it is told to enter the next one.

    Args:
        source: the file.
        start: where to begin.
        is_packed: whether it is gzipped.

    Raises:
        DamagedMember: that place cannot be reached.
        OSError: reading fails.
    """

    def __init__(self, source: Source, start: Place, *, is_packed: bool) -> None:
        self._source = source
        self.is_packed = is_packed
        self._raw = b""
        self._raw_at = start.member
        """Where `_raw` begins."""
        self._member: _Member | None = None
        self._buffer = b""
        self._taken = 0
        """Bytes of `_buffer` that have been read."""
        self._at = start.member
        """In a plain file, where `_buffer` begins; in a packed one, the same within the member."""
        if self.is_packed:
            self._at = 0
            self._begin_member()
            if self.skip(start.within) < start.within:
                raise DamagedMember("it is shorter than it was")

    @property
    def place(self) -> Place:
        """Where the next byte stands."""
        at = self._at + self._taken
        return Place(self._member_start, at) if self.is_packed else Place(at)

    @property
    def _member_start(self) -> int:
        return self._member.start if self._member is not None else self._raw_at

    @property
    def reached(self) -> int:
        """How far the file itself was read, in bytes."""
        return self._raw_at if self.is_packed else self._at + self._taken

    def peek(self, count: int) -> bytes:
        """Up to so many bytes from here on, which stay to be read; fewer only at the end of the member, or where what
        follows is damaged.

        Raises:
            DamagedMember: not even one can be unpacked.
            OSError: reading fails.
        """
        while len(self._buffer) - self._taken < count:
            try:
                more = self._more()
            except DamagedMember:
                if self._taken < len(self._buffer):
                    break
                raise
            if not more:
                break
            self._buffer = self._buffer[self._taken :] + more
            self._at += self._taken
            self._taken = 0
        return self._buffer[self._taken : self._taken + count]

    def read(self, count: int) -> bytes:
        """So many bytes; fewer only at the end of the member. As `peek`."""
        parts: list[bytes] = []
        left = count
        while left > 0 and (part := self.peek(min(left, _STEP))):
            self._taken += len(part)
            left -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, count: int) -> int:
        """Passes over so many bytes; how many there were. As `peek`."""
        if not self.is_packed:
            here = self._at + self._taken
            there = max(here, min(self._source.size, here + count))
            if there > self._at + len(self._buffer):
                self._buffer, self._taken, self._at = b"", 0, there
            else:
                self._taken = there - self._at
            return there - here
        left = count
        while left > 0 and self.peek(1):
            step = min(left, len(self._buffer) - self._taken)
            self._taken += step
            left -= step
        return count - left

    def enter_next_member(self) -> bool:
        """Goes on with what follows the member, all of which has been read; whether anything does.

        Raises:
            DamagedMember: the member breaks off.
            OSError: reading fails.
        """
        if not self.is_packed or self._member is None:
            return False
        if not self._member.inflater.eof:
            raise DamagedMember("it breaks off")
        self._at, self._buffer, self._taken = 0, b"", 0
        # Some writers fill blocks up with zeros.
        while (raw := self._raw or self._next_raw()) and not raw.strip(b"\0"):
            self._raw_at += len(raw)
            self._raw = b""
        zeros = len(raw) - len(raw.lstrip(b"\0"))
        self._raw, self._raw_at = raw[zeros:], self._raw_at + zeros
        if not raw:
            self._member = None
            return False
        self._begin_member()
        return True

    def _begin_member(self) -> None:
        self._member = _Member(zlib.decompressobj(zlib.MAX_WBITS + 16), self._raw_at)

    def _next_raw(self) -> bytes:
        return self._source.read_at(self._raw_at, _CHUNK)

    def _more(self) -> bytes:
        """The next bytes; b"" at the end of the member."""
        if not self.is_packed:
            return self._source.read_at(self._at + len(self._buffer), _CHUNK)
        if self._member is None:
            return b""
        inflater = self._member.inflater
        if self._member.is_damaged:
            raise DamagedMember(_IS_DAMAGED)
        while not inflater.eof:
            raw = self._raw or self._next_raw()
            if not raw:
                raise DamagedMember("it breaks off")
            try:
                found = inflater.decompress(raw, _STEP)
            except zlib.error:
                # Somewhere in these bytes.
                self._member.is_damaged = True
                self._raw_at += len(raw)
                self._raw = b""
                if found := self._before_damage(self._raw_at - len(raw)):
                    return found
                raise DamagedMember(_IS_DAMAGED) from None
            left = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            self._raw, self._raw_at = left, self._raw_at + len(raw) - len(left)
            if found:
                return found
        return b""

    def _before_damage(self, last: int) -> bytes:
        """What stands before the damage and is not unpacked yet: zlib drops what is unpacked together with it.

        Args:
            last: the offset in the file of the bytes that hold the damage.
        """
        assert self._member is not None
        inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
        known = self._at + len(self._buffer)
        at = self._member.start
        count = 0
        found = b""
        with suppress(zlib.error):
            while len(found) < _STEP and (
                raw := self._source.read_at(at, _CHUNK if at + _CHUNK <= last else _SMALL_STEP)
            ):
                at += len(raw)
                while raw:
                    part = inflater.decompress(raw, _STEP)
                    raw = inflater.unconsumed_tail
                    found += part[max(0, known - count) :]
                    count += len(part)
        return found

    @property
    def is_over(self) -> bool:
        """Whether the last gzip member has been read."""
        return self.is_packed and self._member is None


def unpacked_before_damage(source: Source, member: int, most: int) -> bytes:
    """The first bytes that a gzip member holds, as far as they can be unpacked; `most` bounds packed and unpacked ones.

    Raises:
        OSError: reading fails.
    """
    inflater = zlib.decompressobj(zlib.MAX_WBITS + 16)
    raw = source.read_at(member, most)
    found = b""
    # What is unpacked together with the damage is lost with it.
    with suppress(zlib.error):
        for at in range(0, len(raw), _SMALL_STEP):
            found += inflater.decompress(raw[at : at + _SMALL_STEP], most - len(found) + 1)
            if len(found) > most:
                break
    return found[:most]
