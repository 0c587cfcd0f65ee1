"""Writes requests and responses as records of WARC 1.1 (ISO 28500:2017), each a gzip member of its own."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from vovcrawl.archives.warc_files import LARGEST, WarcFiles

_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""Profile of a `revisit` record: the server said that the page is as it was."""

_LEVEL = 6
"""Of gzip: 9, which warcio takes, needs twice the time for one byte in a hundred."""

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] [0-9]{3}(?: [^\r\n]*+)?")
"""What readers of WARC take for the begin of a response."""

CONVERTED_TYPE = "text/html; charset=utf-8"
"""Content type of a page that was rendered."""

_OF_CHUNKS = (b"transfer-encoding", b"content-length", b"trailer")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response."""

    url: str
    """ASCII, without a fragment."""
    sent_at: datetime
    """When the request was sent: with its time zone."""
    request_head: bytes
    """Request line and header lines, each with CR LF, without the empty line after them."""
    request_body: bytes
    response_head: bytes
    """As `request_head`: status line and header lines. What WARC has no place for is left out or mended."""
    response_body: bytes
    """Out of its chunks, and packed as the server packed it."""
    is_not_modified: bool = False
    """Whether the response says that the page is as it was."""
    ip_address: str | None = None
    """Of the server; None where it is not known, or is that of a mirror or proxy."""
    truncated: str | None = None
    """Why the body is not whole, in the words of `WARC-Truncated`."""


@dataclass(frozen=True, slots=True)
class Written:
    """A record that a response was written to."""

    id: str
    date: str
    """As the record has them."""


class _RawHead(StatusAndHeaders):  # type: ignore[misc]
    """A head that is written as it is; warcio would encode anew what is no ASCII in it."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self._head = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Gives warcio the bytes to write."""
        self.headers_buff = self._head + b"\r\n"

    def __bool__(self) -> bool:
        return True


class _Records(WARCWriter):  # type: ignore[misc]
    """Makes records; SHA-256, since two pages with the same SHA-1 can be made by whoever wants to."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), gzip=False, warc_version="WARC/1.1")

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")

    def packed(self, record: ArcWarcRecord) -> bytes:
        """A record as a gzip member."""
        self.out.seek(0)
        self.out.truncate()
        self.write_record(record)
        return gzip.compress(self.out.getvalue(), _LEVEL, mtime=0)


class ResponseArchive:
    """Keeps what a run's requests were answered.

    Args:
        folder: an existing one, where its files are written.
        about: what `warcinfo` says of the run, by the names of its fields.
        largest: bytes after which another file is begun.
    """

    def __init__(self, folder: Path, about: Mapping[str, str], largest: int = LARGEST) -> None:
        self._about = dict(about)
        self._records = _Records()
        self._info = ""
        self._files = WarcFiles(folder, self._warcinfo, largest)

    def write(self, exchange: Exchange) -> Written:
        """Writes a response and its request.

        Raises:
            UnwrittenResponse: they cannot be written.
        """
        written = Written(self._records._make_warc_id(), _date(exchange.sent_at))
        self._files.append(lambda: self._pair(exchange, written))
        return written

    def write_conversion(self, of: Written, url: str, converted_at: datetime, html: bytes) -> None:
        """Writes what a page has become (WARC 1.1, 6.7) into the file that its response stands in.

        Args:
            of: the response.
            url: of the response.
            converted_at: with its time zone.
            html: in UTF-8.

        Raises:
            UnwrittenResponse: it cannot be written.
        """
        self._files.append(lambda: self._conversion(of, url, converted_at, html), is_in_same_file=True)

    def sync(self) -> None:
        """Has all that was written be on the disk.

        Raises:
            UnwrittenResponse: something is not.
        """
        self._files.sync()

    def close(self) -> None:
        """Ends the file that is written."""
        self._files.close()

    def _warcinfo(self, name: str) -> bytes:
        record = self._records.create_warcinfo_record(name, self._about)
        self._info = record.rec_headers.get_header("WARC-Record-ID")
        return self._records.packed(record)

    def _conversion(self, of: Written, url: str, converted_at: datetime, html: bytes) -> bytes:
        fields = {
            "WARC-Type": "conversion",
            "WARC-Date": _date(converted_at),
            "WARC-Refers-To": of.id,
            "WARC-Refers-To-Target-URI": url,
            "WARC-Refers-To-Date": of.date,
            "WARC-Warcinfo-ID": self._info,
        }
        record = self._records.create_warc_record(
            url, "conversion", BytesIO(html), len(html), CONVERTED_TYPE, warc_headers_dict=fields
        )
        return self._records.packed(record)

    def _pair(self, exchange: Exchange, written: Written) -> bytes:
        """The response comes first: torn in two, it is the request that is missing."""
        ids = {"request": self._records._make_warc_id(), "response": written.id}
        shared = {
            "WARC-Date": written.date,
            "WARC-Warcinfo-ID": self._info,
        }
        if exchange.ip_address is not None:
            shared["WARC-IP-Address"] = exchange.ip_address
        of_response = {"WARC-Record-ID": ids["response"], "WARC-Concurrent-To": ids["request"], **shared}
        of_request = {"WARC-Record-ID": ids["request"], "WARC-Concurrent-To": ids["response"], **shared}
        kind, body = "response", exchange.response_body
        if exchange.is_not_modified:
            kind, body = "revisit", b""
            of_response |= {"WARC-Profile": _NOT_MODIFIED, "WARC-Refers-To-Target-URI": exchange.url}
        if exchange.truncated is not None:
            of_response["WARC-Truncated"] = exchange.truncated
        response = self._packed(kind, exchange.url, _readable(exchange.response_head), body, of_response)
        return response + self._packed(
            "request", exchange.url, exchange.request_head, exchange.request_body, of_request
        )

    def _packed(self, kind: str, url: str, head: bytes, body: bytes, fields: Mapping[str, str]) -> bytes:
        record = self._records.create_warc_record(
            url,
            kind,
            BytesIO(body),
            len(body),
            warc_headers_dict={"WARC-Type": kind, **fields},
            http_headers=_RawHead(head),
        )
        return self._records.packed(record)


def _date(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _readable(head: bytes) -> bytes:
    """A response's head without what a reader of WARC would take for its end, or stumble over.

    Those are lines that are no header, which the crawler overlooks too, and a status line of another protocol. What
    says how long a body in chunks is fits none that was taken out of them.
    """
    status, *lines = head.split(b"\r\n")
    if not _STATUS_LINE.fullmatch(status):
        code, _, phrase = status.partition(b" ")[2].strip().partition(b" ")
        number = int(code) if code.isdigit() else 0
        status = b"HTTP/1.1 %03d %s" % (number % 1000, phrase.replace(b"\r", b" ").replace(b"\n", b" "))
    names = {line.partition(b":")[0].strip().lower() for line in lines}
    left_out = _OF_CHUNKS if b"transfer-encoding" in names else ()
    kept = [status]
    is_kept = False
    for line in lines:
        is_continued = line[:1] in (b" ", b"\t")
        if not is_continued:
            name, colon, _ = line.partition(b":")
            is_kept = bool(colon and name.strip()) and name.strip().lower() not in left_out
        if is_kept and not (is_continued and not _decoded(line).strip()):
            kept.append(line)
    return b"\r\n".join(kept) + b"\r\n"


def _decoded(line: bytes) -> str:
    """A line as warcio decodes it, for which more than ASCII is a space."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
