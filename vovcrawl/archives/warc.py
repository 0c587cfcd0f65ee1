"""The records of a WARC file (ISO 28500), in their order, also of one that is damaged.

Where a record ends, its length says, and what follows has to agree; the bytes of a page never decide, since a page may
hold a whole WARC file. Only after damage is the beginning of another record looked for.

fastwarc and warcio read whole files; see `benchmarks.warc_readers` for what becomes of damaged ones there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from vovcrawl.archives.http_message import MOST_HEADER_BYTES, end_of_header, parsed_header
from vovcrawl.archives.unpacking import GZIP, DamagedMember, Place, Source, Unpacking, unpacked_before_damage

_BEGIN = b"WARC/"
_FIRST_LINES = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z-]{3,40}:")
_LONGEST_FIRST_LINES = 64
_USUAL_HEADER = 4096
_BETWEEN = b"\r\n\r\n"
_LENGTH = re.compile(r"[0-9]{1,15}")
_STEP = 64 * 1024
_FEW = 1024
"""Bytes of a gzip member by which it is known whether a record begins it."""

_OVERLAP = 256 * 1024
"""Bytes before the one on which unpacking fails in which the next record may begin already."""

_MOST_IN_A_ROW = 100
"""So many broken records in a row are looked for within each other; after that, only what follows all of them is."""

_MOST_SECOND_LOOKS = 100
"""So often is a file that is packed as a whole unpacked again, to look for records within what a broken one claims."""


@dataclass(slots=True)
class WarcRecord:
    """A record, or a damaged part of the file."""

    place: Place
    after: Place
    """Where the next one begins."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Of its header, by their names in lower case; of several with a name, the first. Empty where there is none."""
    block: bytes | None = None
    """What follows the header; None where it is not wanted, too large or broken."""
    is_broken: bool = False
    is_too_large: bool = False


class _Damage(Exception):
    """What stands at a place is no whole record."""


@dataclass(slots=True)
class _Header:
    fields: Mapping[str, str]
    size: int


def _fields(header: bytes) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in parsed_header(header, (_BEGIN.decode(),)).headers:
        fields.setdefault(name.lower(), value.strip())
    return fields


class WarcFile:
    """Reads the records of a WARC file.

    Args:
        source: the file.
        name: of the file, in lower case.
        largest: bytes that a block may have to be held; 0 is no limit.
    """

    def __init__(self, source: Source, name: str, largest: int = 0) -> None:
        self._source = source
        self._largest = largest + MOST_HEADER_BYTES if largest else 0
        head = source.read_at(0, len(_BEGIN))
        # A name may be wrong, and so may the first bytes.
        self._is_packed = head.startswith(GZIP) or (name.endswith(".gz") and head != _BEGIN)
        self._in_a_row = 0
        self._second_looks = 0
        self._in_member = 0
        """Records that the gzip member has held so far."""

    def records(self, start: Place, wants: Callable[[Mapping[str, str]], bool]) -> Iterator[WarcRecord]:
        """The records from a place on.

        Args:
            start: where a record begins.
            wants: whether the block of a record with these fields is to be held.

        Raises:
            OSError: reading fails.
        """
        if start.member >= self._source.size:
            return
        stream: Unpacking | None = None
        with suppress(DamagedMember):
            stream = self._open(start)
            self._in_member = int(start.within > 0)
            if not self._leave(stream):
                return
        while True:
            record = WarcRecord(start, start)
            if stream is None:
                record.is_broken = True
                stream = self._next_member(start.member + 1)
            else:
                record.place = stream.place
                stream = self._read(stream, record, wants)
            self._in_a_row = self._in_a_row + 1 if record.is_broken else 0
            record.after = stream.place if stream is not None else Place(self._source.size)
            yield record
            if stream is None:
                return

    def _open(self, place: Place) -> Unpacking:
        self._in_member = 0
        return Unpacking(self._source, place, is_packed=self._is_packed)

    def _read(
        self, stream: Unpacking, record: WarcRecord, wants: Callable[[Mapping[str, str]], bool]
    ) -> Unpacking | None:
        """Fills in the record that begins here; where the next one begins, None at the end."""
        header: _Header | None = None
        try:
            header = self._read_header(stream)
            record.fields = header.fields
            goes_on = self._read_block(stream, record, wants)
        except (DamagedMember, _Damage) as damage:
            record.is_broken, record.block = True, None
            return self._after_damage(stream, record.place, header, is_unpacked=isinstance(damage, _Damage))
        return stream if goes_on else None

    @staticmethod
    def _read_header(stream: Unpacking) -> _Header:
        head = stream.peek(_USUAL_HEADER)
        end = end_of_header(head)
        if end < 0 and head.startswith(_BEGIN):
            head = stream.peek(MOST_HEADER_BYTES)
            end = end_of_header(head)
        if end < 0 or not head.startswith(_BEGIN):
            raise _Damage
        stream.skip(end)
        return _Header(_fields(head[:end]), end)

    def _read_block(self, stream: Unpacking, record: WarcRecord, wants: Callable[[Mapping[str, str]], bool]) -> bool:
        """Reads or passes over the block, and what stands between it and the next record; whether there is one."""
        written = record.fields.get("content-length", "")
        if not _LENGTH.fullmatch(written):
            raise _Damage
        left = int(written)
        is_wanted = wants(record.fields)
        record.is_too_large = is_wanted and 0 < self._largest < left
        is_held = is_wanted and not record.is_too_large
        parts: list[bytes] = []
        while True:
            if is_held:
                parts.append(stream.read(left))
                left -= len(parts[-1])
            else:
                left -= stream.skip(left)
            if not left:
                break
            if not stream.enter_next_member() or stream.peek(len(_BEGIN)) == _BEGIN:
                raise _Damage
        record.block = b"".join(parts) if is_held else None
        rest = stream.peek(2 * len(_BETWEEN) + len(_BEGIN))
        follows = rest.lstrip(b"\r\n")
        if follows and not follows.startswith(_BEGIN) and not rest.startswith(_BETWEEN):
            raise _Damage
        self._in_member += 1
        return self._leave(stream)

    def _leave(self, stream: Unpacking) -> bool:
        """Goes to where the next record begins; whether there is one.

        Raises:
            DamagedMember: what was read last is damaged, as its end shows.
        """
        has_left = False
        while True:
            try:
                rest = stream.peek(_STEP)
            except DamagedMember:
                if has_left:
                    # Reading there says so again.
                    return True
                raise
            blank = len(rest) - len(rest.lstrip(b"\r\n"))
            stream.skip(blank)
            if blank < len(rest):
                return True
            if not rest:
                if not stream.enter_next_member():
                    return False
                has_left = True
                self._in_member = 0

    def _after_damage(
        self, stream: Unpacking, place: Place, header: _Header | None, *, is_unpacked: bool
    ) -> Unpacking | None:
        """Where the next record begins after a broken one, None where there is none.

        Args:
            stream: as far as it was read.
            place: where the broken record begins.
            header: of the broken record.
            is_unpacked: whether what is packed there can be unpacked.
        """
        within = max(1, header.size if header is not None else 1)
        has_tried_enough = self._in_a_row >= _MOST_IN_A_ROW
        if not self._is_packed:
            again = self._open(Place(stream.place.member if has_tried_enough else place.member + within))
            return self._scanned(again)
        if not is_unpacked:
            return self._next_member(self._search_from(stream, place))
        if stream.place.member != place.member and not stream.is_over:
            # The record claimed to be longer than it is.
            self._in_member = 0
            return stream
        if not self._in_member and (found := self._at_next_member(stream, place)) is not None:
            return found
        if self._second_looks >= _MOST_SECOND_LOOKS:
            return self._scanned(stream)
        self._second_looks += 1
        try:
            return self._scanned(self._open(Place(place.member, place.within + within)))
        except DamagedMember:
            return self._next_member(self._search_from(stream, place))

    def _search_from(self, stream: Unpacking, place: Place) -> int:
        if self._in_a_row >= _MOST_IN_A_ROW:
            return max(stream.reached, place.member + 1)
        return max(place.member + 1, stream.reached - _OVERLAP)

    def _at_next_member(self, stream: Unpacking, place: Place) -> Unpacking | None:
        """Goes to the next gzip member, in files where each holds a record; None where there is none."""
        try:
            while stream.skip(_STEP):
                pass
            if not stream.enter_next_member():
                return None
        except DamagedMember:
            return self._next_member(self._search_from(stream, place))
        self._in_member = 0
        return stream

    def _scanned(self, stream: Unpacking) -> Unpacking | None:
        """Looks for a record in what is unpacked; None where there is none."""
        try:
            while True:
                part = stream.peek(_STEP)
                found = _FIRST_LINES.search(part)
                if found:
                    stream.skip(found.start())
                    # Others stand in the same member.
                    self._in_member = max(1, self._in_member)
                    return stream
                if len(part) < _STEP:
                    stream.skip(len(part))
                    if not stream.enter_next_member():
                        return None
                    self._in_member = 0
                    return stream
                stream.skip(_STEP - _LONGEST_FIRST_LINES)
        except DamagedMember:
            return self._next_member(max(stream.place.member + 1, stream.reached - _OVERLAP))

    def _next_member(self, start: int) -> Unpacking | None:
        """Looks from an offset in the file on for a gzip member that begins with a record; None where there is none."""
        at = start
        while part := self._source.read_at(at, _STEP):
            found = part.find(GZIP)
            while found >= 0:
                # One that is damaged further on is a broken record, and no part of the one before.
                if unpacked_before_damage(self._source, at + found, _FEW).startswith(_BEGIN):
                    return self._open(Place(at + found))
                found = part.find(GZIP, found + 1)
            if len(part) < _STEP:
                return None
            at += len(part) - len(GZIP) + 1
        return None
