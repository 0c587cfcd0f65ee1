"""Requests and responses to write, and what stands in WARC files, as warcio reads it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from vovcrawl.archives.warc_writing import Exchange

PAGE = "https://vov.vn/xa-hoi/cau-moi-post1.vov"
SENT_AT = datetime(2026, 7, 16, 5, 0, 0, 123456, UTC)
HEAD = b'HTTP/1.1 200 Fine\r\nContent-Type: text/html; charset=utf-8\r\nETag: "a"\r\n'


def exchange(
    url: str = PAGE, *, head: bytes = HEAD, body: bytes = b"<p>C\xe1\xba\xa7u</p>", sent_at: datetime = SENT_AT
) -> Exchange:
    """A page as the site sent it."""
    target = url.partition("vov.vn")[2]
    return Exchange(url, sent_at, f"GET {target} HTTP/1.1\r\nHost: vov.vn\r\n".encode(), b"", head, body)


@dataclass(frozen=True)
class Record:
    """A record of a WARC file."""

    kind: str
    id: str
    url: str | None
    fields: dict[str, str]
    head: str
    """Of HTTP; '' where there is none."""
    body: bytes
    problems: tuple[str, ...]
    """What is wrong with its digests."""


def records(files: Iterable[Path]) -> list[Record]:
    """The records of files, checked against their digests.

    Raises:
        EOFError: a file ends torn, of which warcio says nothing.
    """
    found = []
    for path in files:
        gzip.decompress(path.read_bytes())
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                body = record.raw_stream.read()
                fields = dict(record.rec_headers.headers)
                found.append(
                    Record(
                        record.rec_type,
                        fields["WARC-Record-ID"],
                        fields.get("WARC-Target-URI"),
                        fields,
                        record.http_headers.to_str() if record.http_headers else "",
                        body,
                        tuple(record.digest_checker.problems),
                    )
                )
    return found


def warcs(folder: Path) -> list[Path]:
    """The WARC files in a folder, in order."""
    return sorted(folder.glob("*.warc.gz"))
