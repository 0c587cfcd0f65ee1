"""XML documents that are lists of records, as sitemaps and feeds are: read in one pass, without a tree.

Nothing is fetched, no entity is expanded, and what is kept is bounded.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator, Mapping
from html.entities import html5
from typing import Any, cast

from lxml import etree

from vovcrawl.pages.errors import BrokenSource, PageError, Reason
from vovcrawl.pages.parser_thread import in_parser_thread
from vovcrawl.pages.refusal import opened, why_not
from vovcrawl.text import clean

MOST_BYTES = 16 * 1024 * 1024
"""Bytes of a document, unpacked: as many as are downloaded of one that is not packed. A month's sitemap has 3 MB."""

MOST_TAGS, MOST_ATTRIBUTES = 1_000_000, 200_000
"""Tags of a document, those that close included, and signs that give an attribute its value: each costs memory or a
call. A month's sitemap has 80,000 tags."""

MOST_MENDED = 10_000
"""Places of a document that are mended before it is read; more of them are no slip."""

_MOST_LOOKED_AT = 20 * MOST_MENDED

_MOST_MEMBERS = 1000
"""Members of a gzip file; who packs anew with each month or day stays far below."""

_LONGEST_FIELD = 4000
"""Characters of a field that are kept: more than a url may have, so that a cut one is never taken for whole."""
_JUDGED = 200_000
"""Bytes of a document of another kind that are looked at to tell what it is."""

_PIECE = 1024 * 1024
_GZIP = b"\x1f\x8b"
# What follows a member is copied with each one's end.
_PACKED_PIECE = 16 * 1024
_BEGINNING = re.compile(rb"(?:%s|[ \t\r\n])*+" % codecs.BOM_UTF8)
_BLANKS = b" \t\r\n"
# None of these may stand in XML; a stray control character in a caption would else cost a whole month.
_FORBIDDEN = bytes(set(range(0x20)) - set(b"\t\n\r"))
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = frozenset({"iso-8859-1", "us-ascii", "windows-1252", "windows-1258", "utf-16"})
_PROLOG = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
# Without the part in brackets, which alone can declare entities.
_PLAIN_DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^"'\[>]++|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)
# What XML takes as it stands, so that it is passed over; a part without an end goes to the document's.
_LITERAL = rb"<!\[CDATA\[(?:.*?\]\]>|.*+)|<!--(?:.*?-->|.*+)|<\?(?:.*?\?>|.*+)"
_SLIP = re.compile(
    rb"(?P<literal>%s)|&(?!(?:amp|lt|gt|quot|apos);)(?:#(?P<decimal>[0-9]{1,9}+);|#x(?P<hex>[0-9A-Fa-f]{1,8}+);|(?P<name>[A-Za-z][A-Za-z0-9]{0,31}+);)?"
    rb"|<(?![A-Za-z_:!?\x80-\xff]|/[A-Za-z_:\x80-\xff])" % _LITERAL,
    re.DOTALL,
)
_XML_ROOTS = frozenset({"urlset", "sitemapindex", "rss", "feed", "RDF"})
_STAND_INS = frozenset({Reason.BLOCKED, Reason.REDIRECT, Reason.ERROR})


class _Foreign(Exception):
    """Raised to stop the parser at what no list of records holds."""


class Records:
    """The records of an XML document, gathered while it is parsed; no tree is built.

    A record is an element at one of the given paths, by names without their namespaces. Its fields are the children
    of the record's own namespace: the text in them, or their `href`; the first that is not empty.
    """

    def __init__(self, paths: Mapping[str, tuple[str, ...]], fields: frozenset[str], most: int) -> None:
        self.root: str | None = None
        """The name of the document's root element."""
        self.records: list[dict[str, str]] = []
        """The fields of each record by name, blanks at either end removed; a field without text is left out."""
        self.over = 0
        """Records beyond the most that are kept."""
        self.mended = 0
        """Places of the document that are no XML and were read as they were meant: a raw "&" or "<", a name of HTML."""
        self._paths = paths
        self._path: tuple[str, ...] = ()
        self._fields = fields
        self._most = most
        self._open: list[str] = []
        self._record: dict[str, str] | None = None
        self._namespace = ""
        self._field: str | None = None
        self._parts: list[str] = []
        self._room = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Called before the first declaration takes effect."""
        raise _Foreign("declares entities or other markup")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        namespace, _, name = tag.rpartition("}")
        if self.root is None:
            self.root = name
            if name not in self._paths:
                raise _Foreign(f"the root element is {name}")
            self._path = self._paths[name]
        self._open.append(name)
        depth, level = len(self._open), len(self._path)
        if self._record is None:
            if depth == level and tuple(self._open) == self._path:
                self._record = {}
                self._namespace = namespace
        elif depth == level + 1 and namespace == self._namespace and self._is_wanted(name, attributes):
            self._field = name
            self._room = _LONGEST_FIELD
            self._parts = []
            self.data(attributes.get("href", ""))

    def _is_wanted(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Whether it is a field not filled yet, and no Atom link to something beside the record itself."""
        if self._record is None or name in self._record or name not in self._fields:
            return False
        return attributes.get("rel", "alternate") == "alternate"

    def data(self, text: str) -> None:
        """A piece of text, marked as CDATA or not."""
        if self._field is not None and self._room > 0:
            self._parts.append(text[: self._room])
            self._room -= len(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        depth, level = len(self._open), len(self._path)
        if self._record is not None:
            if self._field is not None and depth == level + 1:
                text = "".join(self._parts).strip()
                if text:
                    self._record[self._field] = text
                self._field = None
            elif depth == level:
                if len(self.records) < self._most:
                    self.records.append(self._record)
                else:
                    self.over += 1
                self._record = None
        self._open.pop()

    def close(self) -> None:
        """The document ends."""


def records(body: bytes, paths: Mapping[str, tuple[str, ...]], fields: frozenset[str], most: int) -> Records:
    """The first `most` records of an XML document, packed with gzip or not; see `Records`.

    Bytes are read as UTF-8, which the site declares, or else by their byte order mark or declaration.

    Args:
        body: the document.
        paths: by the name of a root element, the names that lead from it to a record, both included.
        fields: the names of the fields that are wanted.
        most: how many records to keep; the document is read to its end all the same.

    Raises:
        BrokenSource: EMPTY without any markup; BLOCKED, REDIRECT or ERROR for such a page in its place, OVERSIZED for
            one too deep to be judged; MALFORMED for everything else that is no whole, well-formed document of these
            roots, slips in its text aside, declares entities, or is longer than `MOST_BYTES` or has more markup than
            may be.
    """
    # Bytes all the way: as text, a single rare letter makes every other one take four bytes.
    text = _without_forbidden(_as_utf8(_unpacked(body)))
    if not text:
        raise BrokenSource(Reason.EMPTY, "no markup at all")
    if text.count(b"<") > MOST_TAGS or text.count(b"=") > MOST_ATTRIBUTES:
        raise BrokenSource(Reason.MALFORMED, f"more than {MOST_TAGS} tags or {MOST_ATTRIBUTES} attributes")
    prolog = _PROLOG.match(text)
    # A type that only names itself is dropped; then a reference to an entity of its is an error, and not lost text.
    doctype = _PLAIN_DOCTYPE.match(text, prolog.end() if prolog is not None else 0)
    source = text[: doctype.start()] + text[doctype.end() :] if doctype is not None else text
    found = Records(paths, fields, most)
    try:
        _parse(source, found)
    except etree.XMLSyntaxError as error:
        mended, count = _mended(source, is_typed=doctype is not None) if found.root in paths else (source, 0)
        if not count:
            raise _instead(text, found.root, error.msg or "not well-formed") from None
        found = Records(paths, fields, most)
        found.mended = count
        try:
            _parse(mended, found)
        except etree.XMLSyntaxError:
            raise _instead(text, found.root, error.msg or "not well-formed") from None
        except _Foreign as foreign:
            raise _instead(text, found.root, str(foreign)) from None
    except _Foreign as error:
        raise _instead(text, found.root, str(error)) from None
    return found


def _parse(source: bytes, found: Records) -> None:
    parser = etree.XMLParser(
        target=cast(Any, found),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
    )
    in_parser_thread(lambda _: etree.fromstring(source, parser), len(source))


def _mended(source: bytes, *, is_typed: bool) -> tuple[bytes, int]:
    """The document with the slips in its text made what they were meant for, and how many there are.

    Args:
        source: the document, in UTF-8.
        is_typed: whether it names a document type, which may declare names that HTML does not have: then such a name
            is no slip.

    Raises:
        BrokenSource: MALFORMED for more than `MOST_MENDED` of them, or where there is too much to look at.
    """
    count = looked_at = 0

    def meant(match: re.Match[bytes]) -> bytes:
        nonlocal count, looked_at
        looked_at += 1
        if looked_at > _MOST_LOOKED_AT:
            raise BrokenSource(Reason.MALFORMED, f"damaged, and more than {_MOST_LOOKED_AT} references in it")
        written = match[0]
        code = int(match["decimal"] or 0) or int(match["hex"] or b"0", 16)
        name = (match["name"] or b"").decode()
        is_number = match["decimal"] is not None or match["hex"] is not None
        if match["literal"] is not None or (is_number and _is_character(code)):
            return written
        letters = html5.get(f"{name};", "") if name else ""
        if name and not letters and is_typed:
            return written
        count += 1
        if count > MOST_MENDED:
            raise BrokenSource(Reason.MALFORMED, f"damaged in more than {MOST_MENDED} places")
        if is_number:
            return b""
        if letters:
            return b"".join(b"&#%d;" % ord(letter) for letter in letters)
        return written.replace(b"&", b"&amp;").replace(b"<", b"&lt;")

    return _SLIP.sub(meant, source), count


def _is_character(code: int) -> bool:
    """Whether XML has the character."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def _unpacked(body: bytes) -> bytes:
    if body[:2] == _GZIP:
        body = _members(body)
    if len(body) > MOST_BYTES:
        raise BrokenSource(Reason.MALFORMED, f"more than {MOST_BYTES} bytes")
    return body


def _members(body: bytes) -> bytes:
    """What the members of a gzip file hold, one after the other, or a little more than `MOST_BYTES` of it; what stands
    after the last one and is none is left out, as by gzip itself."""
    parts: list[bytes] = []
    room = MOST_BYTES + 1
    place = members = 0
    while room > 0 and body[place : place + 2] == _GZIP:
        members += 1
        if members > _MOST_MEMBERS:
            raise BrokenSource(Reason.MALFORMED, f"gzip data in more than {_MOST_MEMBERS} members")
        unpacker = zlib.decompressobj(wbits=31)
        while room > 0 and not unpacker.eof:
            piece = body[place : place + _PACKED_PIECE]
            if not piece:
                raise BrokenSource(Reason.MALFORMED, "gzip data without an end")
            try:
                parts.append(unpacker.decompress(piece, room))
            except zlib.error:
                raise BrokenSource(Reason.MALFORMED, "broken gzip data") from None
            room -= len(parts[-1])
            place += len(piece) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
    return b"".join(parts)


def _as_utf8(data: bytes) -> bytes:
    try:
        for _ in codecs.iterdecode(_pieces(data), "utf-8"):
            pass
    except UnicodeDecodeError:
        return b"".join(piece.encode() for piece in codecs.iterdecode(_pieces(data), _encoding(data), "replace"))
    return data


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    declared = _ENCODING.match(data)
    name = declared[1].decode().lower() if declared is not None else ""
    return name if name in _ENCODINGS else "utf-8"


def _without_forbidden(text: bytes) -> bytes:
    text = text.translate(None, _FORBIDDEN)
    for character in _NONCHARACTERS:
        text = text.replace(character, b"")
    beginning = _BEGINNING.match(text)
    return text[beginning.end() if beginning is not None else 0 :].rstrip(_BLANKS)


def _instead(text: bytes, root: str | None, detail: str) -> BrokenSource:
    """The refusal for a document that is not what it should be, by what it shows instead."""
    if root not in _XML_ROOTS:
        try:
            refusal = why_not(opened(text[:_JUDGED]))
        except PageError as error:
            return BrokenSource(error.reason, error.detail)
        if refusal.reason in _STAND_INS:
            return BrokenSource(refusal.reason, refusal.detail, refusal.target)
    return BrokenSource(Reason.MALFORMED, clean(detail)[:120])
