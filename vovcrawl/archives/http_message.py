"""The HTTP response in a record of an archive: its page, unpacked, however it was sent and whoever recorded it.

Some archives keep a response as it came, in chunks and packed; others unpack it and leave the headers as they were, or
rename them. So the headers are no more than a hint, and what the bytes say goes first.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import brotli
import zstandard
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from vovcrawl.pages.page_end import ends

if TYPE_CHECKING:
    from warcio.statusandheaders import StatusAndHeaders

MOST_HEADER_BYTES = 64 * 1024
"""Of the header of a record or a response; servers refuse more than 8 kB, browsers more than 256."""

_BREAKS_OFF = "the response breaks off"
_DAMAGED = "packed data is damaged"
_MOST_ENCODINGS = 3
"""As of a response of the site itself; servers use one."""

_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"[1-9][0-9]{2}\b")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000}+)?\r?\n")
_ANY_HTML = ("text/html", "application/xhtml+xml")
_LOOKS_LIKE_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:<!--|<!doctype html|<html|<head|<body)", re.IGNORECASE)
_SNIFFED = 1024
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_LARGEST_WINDOW = 8 * 1024 * 1024
"""Bytes that a zstd frame may ask for to be unpacked: what RFC 9659 allows on the web."""


class BrokenBody(Exception):
    """A body that does not come to its end, or that is not what its header says; the text says more."""

    @property
    def breaks_off(self) -> bool:
        """Whether what is missing is at its end."""
        return str(self) == _BREAKS_OFF


class TooLarge(Exception):
    """A body that is larger than it may be once it is unpacked."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response, as far as its header can be read."""

    status: int
    content_type: str
    """Without parameters, in lower case; '' where there is none."""
    charset: str | None
    encodings: tuple[str, ...]
    """What the body was packed with, the first one applied first."""
    is_chunked: bool
    length: int | None
    """Bytes of the body as it was sent."""
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether it says to be a web page; one that says nothing is looked at."""
        if self.content_type:
            return self.content_type in _ANY_HTML
        return looks_like_html(self.body)


def parsed_header(header: bytes, first_words: tuple[str, ...] = ()) -> StatusAndHeaders:
    """The first line and the fields of a header.

    Args:
        header: all of it, with the empty line that ends it.
        first_words: what the first line may begin with; empty: anything.

    Raises:
        ValueError: it begins otherwise.
    """
    # Only here: a crawl of the site has no use for it.
    from warcio.statusandheaders import StatusAndHeadersParser

    parser = StatusAndHeadersParser(list(first_words), verify=bool(first_words))
    return parser.parse(BytesIO(header))


def end_of_header(data: bytes) -> int:
    """Where what follows a header begins; -1 where the header does not end, or is too long."""
    end = _END_OF_HEADER.search(data, 0, MOST_HEADER_BYTES)
    return end.end() if end else -1


def looks_like_html(body: bytes) -> bool:
    """Whether data that nobody names begins as web pages do."""
    return bool(_LOOKS_LIKE_HTML.match(body[:_SNIFFED])) or html_body_declared_encoding(body[:_SNIFFED]) is not None


def read_response(block: bytes) -> Response:
    """The response in a record's block.

    Raises:
        BrokenBody: there is no whole header.
    """
    end = end_of_header(block)
    if end < 0 or not block.startswith(b"HTTP/"):
        raise BrokenBody("no HTTP header")
    header = parsed_header(block[:end])
    status = _STATUS.match(header.statusline)
    if status is None:
        raise BrokenBody("no HTTP status")
    content_type = header.get_header("Content-Type", "")
    length = header.get_header("Content-Length", "").strip()
    return Response(
        int(status[0]),
        content_type.partition(";")[0].strip().lower(),
        http_content_type_encoding(content_type),
        tuple(_tokens(header, "Content-Encoding")),
        "chunked" in _tokens(header, "Transfer-Encoding"),
        int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None,
        block[end:],
    )


def _tokens(header: StatusAndHeaders, name: str) -> list[str]:
    written = ",".join(value for key, value in header.headers if key.lower() == name.lower())
    return [token for part in written.split(",") if (token := part.strip().lower()) and token != "identity"]


def unpacked(response: Response, largest: int) -> bytes:
    """The body as the server had it before it was packed.

    Args:
        response: as it stands in the archive.
        largest: bytes that it may have; 0 is no limit.

    Raises:
        BrokenBody: it breaks off, or cannot be unpacked.
        TooLarge: it is larger.
    """
    body = response.body
    encodings = response.encodings
    if len(encodings) > _MOST_ENCODINGS:
        raise BrokenBody(f"packed in more than {_MOST_ENCODINGS} encodings")
    joined = _joined_chunks(body) if response.is_chunked else None
    body = body if joined is None else joined
    if not encodings and body.startswith(_GZIP):
        encodings = ("gzip",)
    is_short = len(body) < response.length if response.length is not None else not encodings
    # An archive that unpacked it may give the length that it had before.
    if joined is None and is_short and not ends(body):
        raise BrokenBody(_BREAKS_OFF)
    for encoding in reversed(encodings):
        # Whoever unpacked it for the archive left the header as it was.
        if looks_like_html(body):
            break
        body = _unpacked_once(body, encoding, largest)
    if largest and len(body) > largest:
        raise TooLarge
    return body


def _joined_chunks(body: bytes) -> bytes | None:
    """What chunks hold; None where the body is not in chunks, whatever the header says.

    Raises:
        BrokenBody: a chunk is missing or cut.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK_SIZE.match(body, at)
        if size is None:
            if at == 0:
                return None
            raise BrokenBody("a chunk is broken or missing")
        count = int(size[1], 16)
        if count == 0:
            return b"".join(parts)
        at = size.end() + count
        if at > len(body) or body[at : at + 1] not in (b"\r", b"\n", b""):
            raise BrokenBody(_BREAKS_OFF)
        parts.append(body[size.end() : at])
        at += 2 if body[at : at + 2] == b"\r\n" else 1


def _unpacked_once(body: bytes, encoding: str, largest: int) -> bytes:
    if encoding in ("gzip", "x-gzip"):
        if not body.startswith(_GZIP):
            return body
        return _inflated(body, zlib.MAX_WBITS + 16, largest)
    if encoding == "deflate":
        return _inflated(body, zlib.MAX_WBITS if _has_zlib_header(body) else -zlib.MAX_WBITS, largest)
    if encoding == "br":
        return _from_brotli(body, largest)
    if encoding == "zstd":
        return _from_zstd(body, largest) if body.startswith(_ZSTD) else body
    raise BrokenBody("packed in an unknown encoding")


def _has_zlib_header(body: bytes) -> bool:
    return len(body) >= 2 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0


def _inflated(body: bytes, wbits: int, largest: int) -> bytes:
    parts: list[bytes] = []
    left = largest + 1 if largest else 0
    while True:
        inflater = zlib.decompressobj(wbits)
        try:
            part = inflater.decompress(body, left)
        except zlib.error:
            raise BrokenBody(_DAMAGED) from None
        parts.append(part)
        if largest:
            left -= len(part)
            if left <= 0:
                raise TooLarge
        if not inflater.eof:
            raise BrokenBody(_BREAKS_OFF)
        body = inflater.unused_data
        # One after the other is allowed; what else follows is padding.
        if not (wbits > zlib.MAX_WBITS and body.startswith(_GZIP)):
            return b"".join(parts)


def _from_brotli(body: bytes, largest: int) -> bytes:
    decoder = brotli.Decompressor()
    parts: list[bytes] = []
    count = 0
    step = 64 * 1024
    try:
        data = body
        while True:
            part = decoder.process(data, output_buffer_limit=step)
            data = b""
            parts.append(part)
            count += len(part)
            if largest and count > largest:
                raise TooLarge
            if decoder.is_finished():
                return b"".join(parts)
            if not part and decoder.can_accept_more_data():
                raise BrokenBody(_BREAKS_OFF)
    except brotli.error:
        raise BrokenBody(_DAMAGED) from None


def _from_zstd(body: bytes, largest: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(body) as reader:
            found = reader.read(largest + 1 if largest else -1)
        if largest and len(found) > largest:
            raise TooLarge
        # Only this one tells whether the data came to its end, and only the other one can be bounded.
        whole = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()
        whole.decompress(body)
    except zstandard.ZstdError:
        raise BrokenBody(_DAMAGED) from None
    if not whole.eof:
        raise BrokenBody(_BREAKS_OFF)
    return found
