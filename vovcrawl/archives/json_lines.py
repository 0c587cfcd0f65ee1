"""Texts in JSON Lines, one object a line, as corpora of the web come: plain, or packed with gzip or zstd.

The fields are found by the names that C4, mC4, CulturaX, FineWeb, RedPajama, OSCAR and Dolma give them; the argument
`fields` names others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import zstandard

from vovcrawl import urls
from vovcrawl.archives.files import FileOptions, OwnRecords
from vovcrawl.archives.records import Became, Entry, Form, Packed, Skipped, moment, outside, unread
from vovcrawl.archives.unpacking import GZIP, DamagedMember, Place, Source, Unpacking
from vovcrawl.pages.publication import from_iso

_USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "raw_content", "content"),
    "url": (
        "url",
        "metadata.url",
        "meta.url",
        "warc_headers.warc-target-uri",
        "metadata.warc_headers.warc-target-uri",
    ),
    "published": ("published", "date_published", "publish_date"),
    "captured": (
        "warc_date",
        "timestamp",
        "date_download",
        "warc_headers.warc-date",
        "metadata.warc_headers.warc-date",
        "metadata.warc_date",
        "metadata.timestamp",
        "date",
    ),
}
"""Names of fields, the most telling ones first; a dot leads into an object."""

_MAY_BE_OF_PUBLICATION = "date"
_OWN = ("schema_version", "canonical_url", "body")
# A time of publication comes without one.
_HAS_ZONE = re.compile(r"T.*(?:Z|[+-][0-9]{2}:?[0-9]{2})$")
_STEP = 256 * 1024
_ZSTD_STEP = 1024
_LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a line where nothing else bounds it."""
_LARGEST_WINDOW = 128 * 1024 * 1024
"""Bytes that a zstd frame may ask for to be unpacked; `zstd --long` asks for as much."""


def _find(what: str, line: Mapping[str, Any], given: Mapping[str, str]) -> tuple[str | None, str]:
    """A field's text, None where there is none, and the name by which it was found."""
    for name in (given[what],) if what in given else _USUAL[what]:
        value: Any = line.get(name)
        if value is None and "." in name:
            value = line
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value, name
    return None, ""


class _Unpacked(Protocol):
    """The parts of a file, unpacked, from a place on."""

    @property
    def reached(self) -> int:
        """How far the file itself was read, in bytes."""

    @property
    def place(self) -> Place:
        """Where the next part begins."""

    def within(self, place: Place, count: int) -> Place:
        """The place so many bytes after another one in the same part."""

    def part(self) -> bytes:
        """The next part; empty at the end.

        Raises:
            DamagedMember: it cannot be unpacked.
            OSError: reading fails.
        """


class _PlainOrGzip:
    def __init__(self, source: Source, start: Place) -> None:
        self._stream = Unpacking(source, start, is_packed=source.read_at(0, len(GZIP)) == GZIP)

    @property
    def reached(self) -> int:
        return self._stream.reached

    @property
    def place(self) -> Place:
        return self._stream.place

    def within(self, place: Place, count: int) -> Place:
        if self._stream.is_packed:
            return Place(place.member, place.within + count)
        return Place(place.member + count)

    def part(self) -> bytes:
        while not (found := self._stream.peek(_STEP)):
            if not self._stream.enter_next_member():
                return b""
        self._stream.skip(len(found))
        return found


class _Zstd:
    """What stands in its frames. To come to a place, all before it is unpacked."""

    def __init__(self, source: Source, start: Place) -> None:
        self._source = source
        self._raw = b""
        self._taken = 0
        """Bytes of `_raw` that are unpacked."""
        self._frame: Any = None
        self._begin = 0
        self._rest = b""
        self.reached = 0
        while self._begin < start.within:
            part = self.part()
            if not part:
                raise DamagedMember("it is shorter than it was")
            if self._begin > start.within:
                self._rest = part[start.within - self._begin :]
                self._begin = start.within

    @property
    def place(self) -> Place:
        return Place(0, self._begin)

    def within(self, place: Place, count: int) -> Place:
        return Place(0, place.within + count)

    def part(self) -> bytes:
        found, self._rest = self._rest, b""
        while not found:
            if self._taken >= len(self._raw):
                self._raw, self._taken = self._source.read_at(self.reached, _STEP), 0
                self.reached += len(self._raw)
            if not self._raw:
                if self._frame is not None:
                    raise DamagedMember("it breaks off")
                return b""
            found = self._unpacked()
        self._begin += len(found)
        return found

    def _unpacked(self) -> bytes:
        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()
        # Few bytes can hold many: so many of them fit into memory whatever they hold.
        piece = self._raw[self._taken : self._taken + _ZSTD_STEP]
        try:
            found: bytes = self._frame.decompress(piece)
        except zstandard.ZstdError:
            raise DamagedMember("it is damaged") from None
        self._taken += len(piece)
        if self._frame.eof:
            self._taken -= len(self._frame.unused_data)
            self._frame = None
        return found


@dataclass(slots=True)
class _Line:
    data: bytes | None
    """None where it is too long."""
    begin: Place
    after: Place


class JsonLines:
    """Reads the texts of a file of JSON Lines.

    Args:
        source: the file.
        path: of it, for people.
        name: of it, in lower case.
        options: how it is read.
    """

    def __init__(self, source: Source, path: str, name: str, options: FileOptions) -> None:
        self._source = source
        self._path = path
        self._name = name
        self._options = options
        self._stream: _Unpacked | None = None

    @property
    def reached(self) -> int:
        """How far the file was read, in bytes."""
        return self._stream.reached if self._stream is not None else 0

    def entries(self, position: str) -> Iterator[Entry]:
        """The lines from a position on; '' is the beginning.

        Raises:
            OwnRecords: its lines are no texts.
            OSError: reading fails.
        """
        place, _, before = position.partition("@")
        number = int(before) if before.isascii() and before.isdigit() else 0
        begin = Place.read(place)
        try:
            made = _Zstd if self._name.endswith(".zst") else _PlainOrGzip
            self._stream = made(self._source, begin)
            for line in self._lines(self._stream):
                number += 1
                begin = line.after
                if line.data is not None and not line.data.strip():
                    continue
                found = self._read(line.data, f"{self._path}, line {number}", number)
                yield Entry(found, f"{line.begin}@{number - 1}", f"{line.after}@{number}")
        except DamagedMember as error:
            number += 1
            where = f"{self._path}, line {number}"
            found = Skipped(Became.BROKEN, where, None, f"what follows cannot be unpacked: {error}", is_unread=True)
            yield Entry(found, f"{begin}@{number - 1}", f"{begin}@{number}")

    def cuts(self, every: int) -> Iterator[str]:
        """Positions of lines some `every` bytes apart, unpacked where the file is; see `Container`."""
        made = _Zstd if self._name.endswith(".zst") else _PlainOrGzip
        # Whoever reads it says what is wrong with it.
        with suppress(DamagedMember):
            self._stream = made(self._source, Place(0))
            passed = 0
            for number, line in enumerate(self._lines(self._stream)):
                if passed >= every:
                    passed = 0
                    yield f"{line.begin}@{number}"
                passed += len(line.data) if line.data is not None else every

    def _lines(self, stream: _Unpacked) -> Iterator[_Line]:
        longest = 2 * self._options.largest if self._options.largest else _LONGEST_LINE
        parts: list[bytes] = []
        size = 0
        begin: Place | None = None
        place = stream.place
        while data := stream.part():
            at = 0
            while at < len(data):
                begin = begin or stream.within(place, at)
                end = data.find(b"\n", at) + 1
                part = data[at : end or len(data)]
                at += len(part)
                size += len(part)
                parts = [*parts, part] if size <= longest else []
                if end:
                    yield _Line(b"".join(parts) if size <= longest else None, begin, stream.within(place, at))
                    parts, size, begin = [], 0, None
            place = stream.place
        if begin is not None:
            yield _Line(b"".join(parts) if size <= longest else None, begin, place)

    def _read(self, data: bytes | None, where: str, number: int) -> Packed | Skipped:
        if data is None:
            return Skipped(Became.TOO_LARGE, where, None, "the line is too long", is_unread=True)
        try:
            line = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Skipped(Became.NOT_JSON, where, None, "the line is no JSON object", is_unread=True)
        if not isinstance(line, dict):
            return Skipped(Became.NOT_JSON, where, None, "the line is no JSON object", is_unread=True)
        given = self._options.fields
        if "text" not in given and all(name in line for name in _OWN):
            raise OwnRecords(
                f"line {number} is a record that this program wrote, and no text: scrapy merge takes in what another "
                "store holds"
            )
        url, _ = _find("url", line, given)
        url = url.strip() if url is not None else None
        if url and (left_out := outside(url)) is not None:
            return Skipped(left_out, where, url)
        if url and urls.article(url) is None:
            # A listing's text would be read as an article's.
            return Skipped(Became.NO_ARTICLE, where, url)
        text, _ = _find("text", line, given)
        if not text or not text.strip():
            reason = "the line has no field " + (given.get("text") or "text")
            return Skipped(Became.NO_TEXT, where, url or None, reason, is_unread=True)
        encoded = text.encode("utf-8", "replace")
        if self._options.largest and len(encoded) > self._options.largest:
            return unread(Became.TOO_LARGE, where, url, f"larger than {self._options.largest} bytes")
        published, _ = _find("published", line, given)
        captured, name = _find("captured", line, given)
        if name == _MAY_BE_OF_PUBLICATION and not _HAS_ZONE.search(captured or ""):
            captured = None
        return Packed(
            url or None,
            encoded,
            where,
            Form.TEXT,
            published=(from_iso(published.strip()) if published else None) or self._options.published,
            captured_at=moment(captured),
        )
