"""How records are written to the feeds: every format that Scrapy knows, with the values that JSON Lines have."""

from __future__ import annotations

import csv
import json
import os
import re
import stat
from codecs import lookup
from collections.abc import Mapping
from dataclasses import is_dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from xml.sax.xmlreader import AttributesImpl

from scrapy.exporters import (
    CsvItemExporter,
    JsonItemExporter,
    JsonLinesItemExporter,
    MarshalItemExporter,
    PickleItemExporter,
    XmlItemExporter,
)
from scrapy.extensions.postprocessing import PostProcessingManager
from scrapy.utils.python import is_listlike, to_bytes
from scrapy.utils.serialize import ScrapyJSONEncoder

from vovcrawl.items import Article, encoded, to_plain


class _Encoder(ScrapyJSONEncoder):
    def default(self, o: Any) -> Any:
        # Scrapy would copy the hundreds of parts of an article one by one.
        return to_plain(o) if is_dataclass(o) and not isinstance(o, type) else super().default(o)


class JsonLinesExporter(JsonLinesItemExporter):
    """Scrapy's own exporter, which hands each line to the system as it is written, so that a kill leaves it whole.

    A whole article in UTF-8 is encoded as `Article.to_json` has it; with any other option, and for any other item,
    Scrapy encodes it: the same values, with a blank after each comma and colon.
    """

    def __init__(self, file: BytesIO, **kwargs: Any) -> None:
        super().__init__(file, **kwargs)
        self.encoder = _Encoder(**self._kwargs)
        self._is_plain = (
            self._kwargs == {"ensure_ascii": False}
            and self.fields_to_export is None
            and self.encoding is not None
            and lookup(self.encoding).name == "utf-8"
        )
        self.last_line = b""
        """The line that was written last."""

    def line(self, item: Any) -> bytes:
        """The line of an item, its end included."""
        return encoded(item) + b"\n" if self._is_plain and isinstance(item, Article) else self.spaced_line(item)

    def spaced_line(self, item: Any) -> bytes:
        """The line of an item as Scrapy encodes it, and as feeds of earlier versions have it."""
        return to_bytes(self.encoder.encode(dict(self.get_serialized_fields(item))) + "\n", self.encoding)

    def export_item(self, item: Any) -> None:
        """Writes the line of an item."""
        self.last_line = self.line(item)
        self.file.write(self.last_line)
        self.file.flush()


_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What opens a formula in a spreadsheet, by the list of OWASP on CSV injection."""

_UTF_8 = ("utf-8", "utf-8-sig")
_STANDARD_OUTPUT = 1


class CsvExporter(CsvItemExporter):
    """CSV for spreadsheets: a text that would be a formula there is led by an apostrophe; lists are JSON.

    Every cell is quoted. The line of names stands once in a file that is appended to. A new file in UTF-8 begins with a
    byte order mark, without which Excel takes Vietnamese letters for those of another encoding; what goes to standard
    output or a pipe has none, unless the encoding is `utf-8-sig`.
    """

    def __init__(self, file: BytesIO, include_headers_line: bool = True, **kwargs: Any) -> None:
        is_file, holds_something = _state(file)
        encoding = lookup(kwargs.get("encoding") or "utf-8").name
        is_due = not holds_something and (is_file or encoding == "utf-8-sig")
        self._mark = "\ufeff" if encoding in _UTF_8 and is_due else ""
        if encoding in _UTF_8:
            # Python's own mark would stand once in each part of a compressed file.
            kwargs["encoding"] = "utf-8"
        super().__init__(file, include_headers_line and not holds_something, **{"quoting": csv.QUOTE_ALL, **kwargs})

    def export_item(self, item: Any) -> None:
        """Writes the row of an item; before the first one the mark, so that a feed without articles stays empty."""
        self.stream.write(self._mark)
        self._mark = ""
        super().export_item(item)

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        """The cell of a field."""
        return cell(value)


_as_json = _Encoder(ensure_ascii=False).encode


def cell(value: Any) -> Any:
    """A value as a spreadsheet takes it: a list or an object as JSON, and no text as a formula."""
    if isinstance(value, (list, dict)):
        return _as_json(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _state(file: Any) -> tuple[bool, bool]:
    """Whether a feed goes to a file, not to standard output or a pipe, and whether there was something in it before."""
    # A compressor may have written its head already, but that has not left the buffer of the file.
    below = file.file if isinstance(file, PostProcessingManager) else file
    try:
        number = below.fileno()
    except OSError:
        # In memory, or of a storage's own making.
        return below.seekable(), below.seekable() and below.tell() > 0
    status = os.fstat(number)
    return stat.S_ISREG(status.st_mode) and number != _STANDARD_OUTPUT, status.st_size > 0


class JsonExporter(JsonItemExporter):
    """One JSON array."""

    def export_item(self, item: Any) -> None:
        """Writes an item."""
        super().export_item(_plain(item))


class PickleExporter(PickleItemExporter):
    """Pickled dicts one after another, which are read without this package."""

    def export_item(self, item: Any) -> None:
        """Writes an item."""
        super().export_item(_plain(item))


class MarshalExporter(MarshalItemExporter):
    """Marshalled dicts one after another."""

    def export_item(self, item: Any) -> None:
        """Writes an item."""
        super().export_item(_plain(item))


_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENT = re.compile("[A-Za-z_][A-Za-z0-9_.-]*")


class XmlExporter(XmlItemExporter):
    """XML that is well-formed whatever the texts hold: a character that XML has no place for is U+FFFD.

    A list has one element `value` for each of its own; what is absent is an empty element; true and false are in small
    letters. A name that not every parser takes for one is an attribute: `<field name="số từ">`.
    """

    def __init__(self, file: BytesIO, **kwargs: Any) -> None:
        # Parsers refuse a declaration that has the encoding by a name of Python's.
        encoding = lookup(kwargs.get("encoding") or "utf-8").name
        super().__init__(file, **{**kwargs, "encoding": encoding.removesuffix("-sig").replace("iso8859", "iso-8859")})

    def export_item(self, item: Any) -> None:
        """Writes the element of an item."""
        super().export_item(_plain(item))

    def _export_xml_field(self, name: str, serialized_value: Any, depth: int) -> None:
        # Scrapy calls this for each field of an item.
        is_element = _ELEMENT.fullmatch(name) is not None
        element = name if is_element else "field"
        self._beautify_indent(depth=depth)
        self.xg.startElement(element, AttributesImpl({} if is_element else {"name": _NO_XML.sub("\ufffd", name)}))
        if isinstance(serialized_value, Mapping) or is_listlike(serialized_value):
            if parts := _parts(serialized_value):
                self._beautify_newline()
                for part, value in parts:
                    self._export_xml_field(part, value, depth=depth + 1)
                self._beautify_indent(depth=depth)
        else:
            # A parser would take a bare carriage return for the end of a line.
            self.stream.write(escape(_NO_XML.sub("\ufffd", _as_text(serialized_value)), {"\r": "&#13;"}))
        self.xg.endElement(element)
        self._beautify_newline()


def _plain(item: Any) -> Any:
    """An article as dicts, lists, strings and numbers; an item of the user's own as it is."""
    return to_plain(item) if isinstance(item, Article) else item


def _parts(value: Any) -> list[tuple[str, Any]]:
    """The elements within that of a dict or list."""
    if isinstance(value, Mapping):
        return [(str(name), part) for name, part in value.items()]
    return [("value", part) for part in value]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, bool) else str(value)
