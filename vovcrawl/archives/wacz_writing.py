"""Makes a WACZ 1.1.1 of WARC files: one zip that replay programs open, with an index, a list of pages and digests.

The same files, pages and choice give the same bytes: nothing is taken from the clock or from how a zip is usually made.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, groupby, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from vovcrawl import __version__
from vovcrawl.archives.captures_index import STAMP, RecordHead, index_entry, read_head
from vovcrawl.archives.new_file import NewFile
from vovcrawl.archives.sorted_lines import SortedLines
from vovcrawl.archives.surt import surt
from vovcrawl.archives.warc_files import SUFFIX
from vovcrawl.archives.whole_records import WholeRecord, whole_records
from vovcrawl.opening import NotRegularFile, open_inside

WACZ_VERSION = "1.1.1"

_LINES_OF_A_BLOCK = 3000
"""Of the index that are packed together, as the CDXJ of other programs has it."""

_CHUNK = 256 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: the first that a zip can name."""
_FILE_OF_UNIX = 3
_MODE = 0o100644 << 16
_GZIP = zlib.MAX_WBITS | 16
_LEVEL = 9
_OK = "200"
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")


class NothingToPack(Exception):
    """No WARC file, or no record in it, is to be packed; its text is the one line to show."""


class PageOfArticle(NamedTuple):
    """An article, for the list of pages."""

    url: str
    headline: str
    date_published: str | None


@dataclass
class Packed:
    """What was packed."""

    files: int = 0
    records: int = 0
    """Of all kinds."""
    responses: int = 0
    """That a replay program can show, revisits included."""
    pages: int = 0
    """Articles of the list of pages."""
    torn: list[str] = field(default_factory=list)
    """Names of files that end in a torn record, or go on with what is no record: packed up to it."""


def warc_names(folder: Path) -> list[str]:
    """The names of the WARC files in a folder, in order.

    Raises:
        OSError: the folder cannot be read.
    """
    return sorted(path.name for path in folder.iterdir() if path.name.endswith(SUFFIX))


def write_wacz(
    target: NewFile,
    folder: Path,
    names: Sequence[str],
    pages: Iterable[PageOfArticle],
    takes: Callable[[str], bool] | None = None,
) -> Packed:
    """Writes the WACZ; puts it in its place once it is on the disk.

    Args:
        target: where it is to stand.
        folder: with the WARC files.
        names: of the files, in order.
        pages: articles that the list of pages names, where a response of theirs is packed.
        takes: whether records of a url with this SURT are packed; None for all.

    Raises:
        NothingToPack: there is no record to pack.
        OSError: a file cannot be read or written.
    """
    packed = Packed()
    with SortedLines(target.folder) as index, SortedLines(target.folder) as wanted:
        with zipfile.ZipFile(target.file, "w", allowZip64=True) as archive:
            package = _Package(archive)
            newest = _copy_warcs(package, folder, names, takes, index, packed)
            for page in pages:
                wanted.add(_joined(surt(page.url), page.url, page.date_published or "", page.headline))
            with SortedLines(target.folder) as listed:
                _write_index(package, _joined_pages(index, wanted, listed))
                packed.pages = _write_pages(package, listed)
            package.describe(newest)
        target.install()
    return packed


class _Package:
    """The zip, and what its description says of its files."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._resources: list[dict[str, Any]] = []

    @contextmanager
    def file(self, path: str, *, is_packed: bool) -> Iterator[_Hashed]:
        """A file to write; what is packed by itself is only stored."""
        with self._open(path, is_packed=is_packed) as entry:
            hashed = _Hashed(entry)
            yield hashed
        name = path.rpartition("/")[2].lower()
        self._resources.append({"name": name, "path": path, "hash": hashed.hash, "bytes": hashed.length})

    def describe(self, newest: datetime) -> None:
        """Writes the description, and the digest of that."""
        description = {
            "profile": "data-package",
            "resources": self._resources,
            "title": "VOV.VN",
            "description": "Responses of vov.vn, kept while it was crawled",
            "created": f"{newest:%Y-%m-%dT%H:%M:%SZ}",
            "wacz_version": WACZ_VERSION,
            "software": f"vovcrawl {__version__}",
        }
        described = _json(description, indent=2)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(described).hexdigest()}"}
        for name, data in (("datapackage.json", described), ("datapackage-digest.json", _json(digest, indent=2))):
            with self._open(name, is_packed=True) as entry:
                entry.write(data)

    def _open(self, path: str, *, is_packed: bool) -> IO[bytes]:
        info = zipfile.ZipInfo(path, _EPOCH)
        info.create_system, info.external_attr = _FILE_OF_UNIX, _MODE
        info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        return self._archive.open(info, "w", force_zip64=True)


class _Hashed:
    """A file that is written and hashed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.length = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.length += len(data)

    @property
    def hash(self) -> str:
        return f"sha256:{self._digest.hexdigest()}"


def _copy_warcs(
    package: _Package,
    folder: Path,
    names: Sequence[str],
    takes: Callable[[str], bool] | None,
    index: SortedLines,
    packed: Packed,
) -> datetime:
    """Copies the records that are wanted, each file under its own name; the date of the newest response."""
    newest = datetime.min.replace(tzinfo=UTC)
    real = os.path.realpath(folder)
    for name in names:
        try:
            descriptor = open_inside(real, name)
        except (FileNotFoundError, NotRegularFile):
            # Its crawl wrote nothing whole to it and was killed, or it never was a file.
            continue
        with os.fdopen(descriptor, "rb") as file:
            size = os.fstat(descriptor).st_size
            wanted = _Wanted(whole_records(file), takes)
            first = next(wanted, None)
            if first is not None:
                packed.files += 1
                newest = max(newest, _copy(package, name, descriptor, first, wanted, index, packed))
            if wanted.end < size:
                packed.torn.append(name)
    if not packed.responses:
        raise NothingToPack
    return newest


class _Wanted:
    """The records of a file that are to be packed, with what their heads say.

    What is about the whole file comes along with the first one that is wanted.
    """

    def __init__(self, records: Iterator[WholeRecord], takes: Callable[[str], bool] | None) -> None:
        self._records = records
        self._takes = takes
        self._about: list[tuple[WholeRecord, RecordHead]] = []
        self._ready: list[tuple[WholeRecord, RecordHead]] = []
        self.end = 0
        """Bytes of the file up to the end of the last whole record that was seen."""

    def __iter__(self) -> _Wanted:
        return self

    def __next__(self) -> tuple[WholeRecord, RecordHead]:
        if self._ready:
            return self._ready.pop(0)
        for record in self._records:
            self.end = record.offset + record.length
            head = read_head(record)
            if self._takes is None or (head.url is not None and self._takes(surt(head.url))):
                self._ready, self._about = [*self._about, (record, head)], []
                return self._ready.pop(0)
            if head.url is None:
                self._about.append((record, head))
        raise StopIteration


def _copy(
    package: _Package,
    name: str,
    descriptor: int,
    first: tuple[WholeRecord, RecordHead],
    rest: Iterator[tuple[WholeRecord, RecordHead]],
    index: SortedLines,
    packed: Packed,
) -> datetime:
    newest = datetime.min.replace(tzinfo=UTC)
    # A name of another program's may hold what has no place in a description or in a zip.
    named = _STRANGE.sub("-", name)
    with package.file(f"archive/{named}", is_packed=False) as copy:
        for record, head in chain([first], rest):
            packed.records += 1
            offset, digest = copy.length, hashlib.sha256()
            for data in _chunks(descriptor, record, name):
                copy.write(data)
                digest.update(data)
            entry = index_entry(record, head, named, offset, f"sha256:{digest.hexdigest()}")
            if entry is not None:
                newest = max(newest, head.moment or newest)
                packed.responses += 1
                index.add(entry)
    return newest


def _chunks(descriptor: int, record: WholeRecord, name: str) -> Iterator[bytes]:
    at, left = record.offset, record.length
    while left:
        data = os.pread(descriptor, min(left, _CHUNK), at)
        if not data:
            raise OSError(None, f"{name} was cut while it was packed")
        yield data
        at, left = at + len(data), left - len(data)


def _write_index(package: _Package, lines: Iterator[str]) -> None:
    """Writes the index in blocks, and the short one by which a block is found."""
    places = [_json_line("!meta 0", {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})]
    with package.file("indexes/index.cdx.gz", is_packed=False) as packed:
        while block := list(islice(lines, _LINES_OF_A_BLOCK)):
            data = _gzipped("".join(f"{line}\n" for line in block).encode())
            digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
            key = block[0].partition(" {")[0]
            places.append(_json_line(key, {"offset": packed.length, "length": len(data), "digest": digest}))
            packed.write(data)
    with package.file("indexes/index.idx", is_packed=True) as file:
        for place in places:
            file.write(place.encode())


def _joined_pages(index: SortedLines, wanted: SortedLines, listed: SortedLines) -> Iterator[str]:
    """The lines of the index; meanwhile the articles that have a response go into the list of pages."""
    articles = groupby(wanted, lambda line: line.partition(" ")[0])
    key, group = next(articles, (None, iter(())))
    for found, lines in groupby(index, lambda line: line.partition(" ")[0]):
        newest = None
        for line in lines:
            entry = json.loads(line.split(" ", 2)[2])
            if entry["status"] == _OK:
                newest = line.split(" ", 2)[1], entry["url"]
            yield line
        while key is not None and key < found:
            key, group = next(articles, (None, iter(())))
        if key == found and newest is not None:
            for article in group:
                _, _, date, headline = json.loads(article.partition(" ")[2])
                listed.add(_joined(date, newest[1], newest[0], headline))


def _joined(key: str, *parts: str) -> str:
    return f"{key} {json.dumps((key, *parts), ensure_ascii=False)}"


def _gzipped(data: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(data) + packer.flush()


def _json(document: Any, **options: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, **options).encode() + b"\n"


def _json_line(key: str, document: Any) -> str:
    return f"{key} {json.dumps(document)}\n"


def _write_pages(package: _Package, listed: SortedLines) -> int:
    """Writes the list of pages, by the articles' dates; how many there are."""
    count = 0
    with package.file("pages/pages.jsonl", is_packed=True) as file:
        file.write(_json({"format": "json-pages-1.0", "id": "pages", "title": "Articles"}))
        for line in listed:
            _, url, stamp, headline = json.loads(line.partition(" ")[2])
            moment = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
            key = hashlib.sha256(f"{stamp} {url}".encode()).hexdigest()[:16]
            file.write(_json({"id": key, "url": url, "ts": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "title": headline}))
            count += 1
    return count
