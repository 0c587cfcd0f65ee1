"""Files that hold many pages: WARC, WACZ and JSON Lines. Each gives its records in order, from any place on."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from io import RawIOBase
from typing import IO, Protocol, cast

from w3lib.encoding import http_content_type_encoding

from vovcrawl.archives.files import FileOptions, UnreadableFile
from vovcrawl.archives.json_lines import JsonLines
from vovcrawl.archives.paths import CONTAINER_SUFFIXES, JSON_SUFFIXES, WACZ_SUFFIXES, WARC_SUFFIXES, ArchiveFile
from vovcrawl.archives.records import RENDERING, Became, Entry, Form, Packed, Skipped, moment, outside, unread
from vovcrawl.archives.revisits import Revisits, is_not_modified, refers_to, target
from vovcrawl.archives.unpacking import FileSource, Place, Source
from vovcrawl.archives.warc import WarcFile, WarcRecord
from vovcrawl.opening import open_inside

_RESPONSE_TYPE = "application/http"
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_WITH_PAGES = ("response", "resource", "conversion")
_RENDERING = re.compile(rb"(?:^|\n)" + RENDERING.encode() + rb": ")
_LARGEST_ABOUT = 64 * 1024
_A_STEP = 500
"""Records."""

_MARKED_BYTES = 64 * 1024
_LARGEST_DIRECTORY = 16 * 1024 * 1024
"""Bytes of a zip file's directory: those of 200,000 members."""

_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError)


class Container(Protocol):
    """A file that holds many pages, open."""

    @property
    def reached(self) -> int:
        """How far the file was read, in bytes."""

    def entries(self, position: str) -> Iterator[Entry | None]:
        """What it holds from a position on, in its order; '' is the beginning. None where finding it takes longer: to
        be asked again.

        Raises:
            UnreadableFile: it is no such file, or damaged as a whole.
            OSError: reading fails.
        """

    def cuts(self, every: int) -> Iterator[str]:
        """Positions of records, some `every` bytes apart, so that what stands between them can be read in several
        processes. They are found by the lengths of records and the ends of lines, without reading pages.

        Raises:
            UnreadableFile: it is no such file, or damaged as a whole.
            OSError: reading fails.
        """


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a file is known again when its reading is resumed."""

    size: int
    mark: str
    """A hash of its beginning."""


def is_container(name: str) -> bool:
    """Whether a file with this name holds many pages."""
    return name.lower().endswith(CONTAINER_SUFFIXES)


def identity(descriptor: int) -> Identity:
    """That of an open file.

    Raises:
        OSError: reading fails.
    """
    source = FileSource(descriptor)
    return Identity(source.size, blake2b(source.read_at(0, _MARKED_BYTES), digest_size=16).hexdigest())


class Containers:
    """Opens the files of an archive that hold many pages, and finds what one refers to in another.

    Args:
        files: of the archive.
        options: how they are read.
    """

    def __init__(self, files: Sequence[ArchiveFile], options: FileOptions) -> None:
        self._options = options
        self._with_records = [file for file in files if file.name.lower().endswith((*WARC_SUFFIXES, *WACZ_SUFFIXES))]
        self._members: list[tuple[ArchiveFile, int]] = []
        """What the index numbers: a file, and the number of its member."""
        self._revisits = Revisits(self._all_members)

    @contextmanager
    def opened(self, file: ArchiveFile, path: str) -> Iterator[tuple[Container, Identity]]:
        """A container, open as long as it is read.

        Args:
            file: where it is.
            path: the same, for people.

        Raises:
            UnreadableFile: it is no such file.
            OSError: it is not there, or cannot be read.
        """
        with _opened(file) as descriptor:
            yield self._container(file, path, descriptor), identity(descriptor)

    def _container(self, file: ArchiveFile, path: str, descriptor: int) -> Container:
        source = FileSource(descriptor)
        return container_of(source, file.name, path, self._options, self._resolved, self._revisits.prepare)

    def _all_members(self) -> Iterator[tuple[int, WarcFile]]:
        self._members.clear()
        for file in self._with_records:
            # Whoever reads it says what is wrong with it.
            with suppress(OSError, UnreadableFile), _opened(file) as descriptor:
                for number, member in enumerate(_members(file.name, FileSource(descriptor))):
                    self._members.append((file, number))
                    with suppress(OSError, *_ZIP_ERRORS):
                        yield len(self._members) - 1, member.warc(0)

    def _resolved(self, fields: Mapping[str, str]) -> WarcRecord | None:
        """The capture that a revisit refers to; None where the archive does not hold it."""
        for number, place in self._revisits.candidates(fields):
            file, member = self._members[number]
            with suppress(OSError, UnreadableFile, *_ZIP_ERRORS), _opened(file) as descriptor:
                found = record_at(FileSource(descriptor), file.name, member, place, self._options.largest)
                if found is not None and found.block is not None and refers_to(fields, found.fields):
                    return found
        return None


def _nothing() -> Iterator[None]:
    return iter(())


def container_of(
    source: Source,
    name: str,
    path: str,
    options: FileOptions,
    resolved: Callable[[Mapping[str, str]], WarcRecord | None],
    prepare: Callable[[], Iterator[None]] = _nothing,
    noted: Callable[[int, WarcRecord], None] | None = None,
) -> Container:
    """A file of many pages, read from wherever its bytes come.

    Args:
        source: its bytes.
        name: its name, by whose suffix it is read.
        path: where it is, for people.
        options: how it is read.
        resolved: gives the capture that a revisit refers to.
        prepare: makes ready for `resolved`, step by step.
        noted: gets every record of a WARC file, with the number of the member that it stands in.

    Raises:
        UnreadableFile: it is no such file.
        OSError: reading fails.
    """
    name = name.lower()
    if name.endswith(JSON_SUFFIXES):
        return JsonLines(source, path, name, options)
    return _WithRecords(path, _members(name, source), options, prepare, resolved, noted)


def record_at(source: Source, name: str, member: int, place: Place, largest: int) -> WarcRecord | None:
    """The record that stands at a place of a WARC file, or of a member of a WACZ; its block is held if it may be.

    Raises:
        UnreadableFile: it is no such file.
        OSError: reading fails.
    """
    return next(_members(name, source)[member].warc(largest).records(place, lambda _: True), None)


def packed_capture(capture: WarcRecord, where: str, fields: Mapping[str, str]) -> Packed | Skipped:
    """A capture as the revisit that has the header `fields` saw it."""
    return _packed(capture, where, target(fields), fields)


@contextmanager
def _opened(file: ArchiveFile) -> Iterator[int]:
    descriptor = open_inside(file.folder, file.place)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class _Member:
    """A WARC file, or one within a WACZ."""

    name: str
    """Of a member of a WACZ; '' of a file by itself."""
    source: Callable[[], Source]
    suffix: str
    is_wacz: bool = False

    def warc(self, largest: int) -> WarcFile:
        """Opens it."""
        return WarcFile(self.source(), self.suffix, largest)


def _members(name: str, source: Source) -> list[_Member]:
    if not name.lower().endswith(WACZ_SUFFIXES):
        return [_Member("", lambda: source, name.lower())]
    try:
        opened = zipfile.ZipFile(cast(IO[bytes], _Bounded(source)))
        infos = [info for info in opened.infolist() if not info.is_dir()]
    except (*_ZIP_ERRORS, ValueError) as error:
        raise UnreadableFile(f"no WACZ: {str(error).lower() or 'a damaged zip file'}") from None
    found = []
    for info in infos:
        name = info.filename.lower()
        if name.endswith(WACZ_SUFFIXES) or (name.startswith("archive/") and name.endswith(WARC_SUFFIXES)):
            found.append(_Member(info.filename, _source_of(opened, info), name, is_wacz=name.endswith(WACZ_SUFFIXES)))
    if not found:
        raise UnreadableFile("no WACZ: there is no WARC file in its folder archive")
    return found


def _source_of(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], Source]:
    return lambda: _ZipSource(opened, info)


class _Bounded(RawIOBase):
    """An open file for zipfile, which would read a directory of any size at once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0

    def seekable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte stands."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to another place."""
        start = (0, self._at, self._source.size)[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def read(self, count: int = -1) -> bytes:
        """The next bytes.

        Raises:
            BadZipFile: there are more than any directory has.
        """
        if count < 0:
            count = self._source.size - self._at
        if count > _LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("too many members")
        part = self._source.read_at(self._at, count)
        self._at += len(part)
        return part


class _ZipSource:
    """A member of a zip file. Reading on costs nothing more; reading what stands before unpacks it again."""

    def __init__(self, opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        self.size = info.file_size
        try:
            self._file = opened.open(info)
        except (*_ZIP_ERRORS, ValueError) as error:
            raise UnreadableFile(f"its member {info.filename}: {str(error).lower()}") from None

    def read_at(self, offset: int, count: int) -> bytes:
        """See `Source`."""
        try:
            if self._file.tell() != offset:
                self._file.seek(offset)
            return self._file.read(count)
        except (*_ZIP_ERRORS, ValueError) as error:
            raise OSError(f"a member is damaged: {error}") from None


class _WithRecords:
    """Reads the records of a WARC file, or of all in a WACZ.

    Args:
        path: of the file, for people.
        members: the WARC files.
        options: how they are read.
        prepare: makes ready for `resolved`, step by step.
        resolved: gives the capture that a revisit refers to.
        noted: gets every record, with the number of its member.
    """

    def __init__(
        self,
        path: str,
        members: Sequence[_Member],
        options: FileOptions,
        prepare: Callable[[], Iterator[None]],
        resolved: Callable[[Mapping[str, str]], WarcRecord | None],
        noted: Callable[[int, WarcRecord], None] | None = None,
    ) -> None:
        self._path = path
        self._members = members
        self._options = options
        self._prepare = prepare
        self._resolved = resolved
        self._noted = noted
        self._before = 0
        self._at = Place(0)

    @property
    def reached(self) -> int:
        """How far the file was read, in bytes."""
        return self._before + self._at.member

    def entries(self, position: str) -> Iterator[Entry | None]:
        """See `Container`."""
        first, _, written = position.rpartition("|")
        begin = int(first) if first.isascii() and first.isdigit() else 0
        for number, member in enumerate(self._members[begin:], begin):
            prefix = f"{number}|" if member.name else ""
            where = f"{self._path}, {member.name}" if member.name else self._path
            after = f"{number + 1}|"
            if member.is_wacz:
                yield Entry(Skipped(Became.UNSUPPORTED, where, None, "a WACZ within a WACZ"), f"{prefix}0", after)
                continue
            start = Place.read(written) if number == begin else Place(0)
            try:
                source = member.source()
                yield from self._of_warc(source, member.suffix, start, number, prefix, where)
                self._before += source.size
            except (OSError, UnreadableFile) as error:
                if not member.name:
                    raise
                broken = Skipped(Became.BROKEN, where, None, str(error), is_unread=True)
                yield Entry(broken, f"{prefix}{self._at}", after)
            self._at = Place(0)

    def cuts(self, every: int) -> Iterator[str]:
        """See `Container`. In a file that is packed as a whole, bytes are those that it holds."""
        passed = 0
        for number, member in enumerate(self._members):
            prefix = f"{number}|" if member.name else ""
            if passed >= every:
                passed = 0
                yield f"{number}|"
            if member.is_wacz:
                continue
            # Whoever reads it says what is wrong with it.
            with suppress(OSError, UnreadableFile, *_ZIP_ERRORS):
                for record in member.warc(0).records(Place(0), lambda _: False):
                    if passed >= every:
                        passed = 0
                        yield f"{prefix}{record.place}"
                    here, after = record.place, record.after
                    is_same = here.member == after.member
                    passed += after.within - here.within if is_same else after.member - here.member

    def _of_warc(
        self, source: Source, name: str, start: Place, number: int, prefix: str, where: str
    ) -> Iterator[Entry | None]:
        has_records = start != Place(0) or not source.size
        rendered = yield from _rendered(source, name)
        for record in WarcFile(source, name, self._options.largest).records(start, _is_wanted):
            self._at = record.after
            has_records = has_records or not record.is_broken or bool(record.fields)
            if self._noted is not None:
                self._noted(number, record)
            if _must_be_resolved(record):
                yield from self._prepare()
            found = self._found(record, f"{where}, byte {record.place}")
            if isinstance(found, Packed) and _key(record.fields.get("warc-record-id")) in rendered:
                found = Skipped(Became.RENDERED, found.where, found.url)
            yield Entry(found, f"{prefix}{record.place}", f"{prefix}{record.after}")
        if not has_records:
            raise UnreadableFile("there is no WARC record in it")

    def _found(self, record: WarcRecord, where: str) -> Packed | Skipped:
        fields = record.fields
        url = target(fields)
        if record.is_broken:
            return unread(Became.BROKEN, where, url if url and outside(url) is None else None, "the record is broken")
        kind = fields.get("warc-type", "").lower()
        if kind not in (*_WITH_PAGES, "revisit"):
            return Skipped(Became.NOT_A_RESPONSE, where, url)
        if (left_out := outside(url or "")) is not None:
            return Skipped(left_out, where, url)
        if kind == "revisit":
            return self._revisited(fields, where, url)
        if record.is_too_large:
            return unread(Became.TOO_LARGE, where, url, f"larger than {self._options.largest} bytes")
        if "warc-truncated" in fields or "warc-segment-number" in fields:
            return unread(Became.TRUNCATED, where, url, "the record is truncated")
        return _packed(record, where, url, fields)

    def _revisited(self, fields: Mapping[str, str], where: str, url: str | None) -> Packed | Skipped:
        if is_not_modified(fields):
            return Skipped(Became.NOT_MODIFIED, where, url)
        capture = self._resolved(fields)
        if capture is None:
            return Skipped(Became.UNRESOLVED_REVISIT, where, url)
        return _packed(capture, where, url, fields)


def _rendered(source: Source, name: str) -> Generator[None, None, frozenset[bytes]]:
    """Of a file of a crawl that rendered pages, the keys of the responses of which it holds what they became."""
    about = next(WarcFile(source, name, _LARGEST_ABOUT).records(Place(0), _is_about), None)
    if about is None or _RENDERING.search(about.block or b"") is None:
        return frozenset()
    found = set()
    for number, record in enumerate(WarcFile(source, name).records(Place(0), lambda _: False), 1):
        if record.fields.get("warc-type", "").lower() == "conversion" and not record.is_broken:
            found.add(_key(record.fields.get("warc-refers-to")))
        if number % _A_STEP == 0:
            yield
    return frozenset(found - {_key(None)})


def _is_about(fields: Mapping[str, str]) -> bool:
    return fields.get("warc-type", "").lower() == "warcinfo"


def _key(record_id: str | None) -> bytes:
    """By what a record is known, in few bytes."""
    return blake2b((record_id or "").strip("<> ").encode("utf-8", "replace"), digest_size=8).digest()


def _must_be_resolved(record: WarcRecord) -> bool:
    fields = record.fields
    is_revisit = fields.get("warc-type", "").lower() == "revisit" and not record.is_broken
    return is_revisit and not is_not_modified(fields) and outside(target(fields) or "") is None


def _is_wanted(fields: Mapping[str, str]) -> bool:
    if fields.get("warc-type", "").lower() not in _WITH_PAGES or "warc-truncated" in fields:
        return False
    return outside(target(fields) or "") is None


def _packed(record: WarcRecord, where: str, url: str | None, fields: Mapping[str, str]) -> Packed | Skipped:
    """A record's page, as captured when and where `fields` say."""
    assert record.block is not None
    content_type = record.fields.get("content-type", "").partition(";")[0].strip().lower()
    captured_at = moment(fields.get("warc-date"))
    if content_type == _RESPONSE_TYPE:
        return Packed(url, record.block, where, Form.RESPONSE, captured_at=captured_at)
    if content_type not in _HTML_TYPES:
        return Skipped(Became.NOT_HTML, where, url)
    charset = http_content_type_encoding(record.fields["content-type"])
    is_rendered = record.fields.get("warc-type", "").lower() == "conversion"
    if is_rendered:
        # The site sent it when it sent what it became of.
        captured_at = moment(fields.get("warc-refers-to-date")) or captured_at
    return Packed(url, record.block, where, Form.PAGE, charset, captured_at=captured_at, is_rendered=is_rendered)
