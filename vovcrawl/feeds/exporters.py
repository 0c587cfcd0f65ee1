"""How records are written to the feeds."""

from __future__ import annotations

import csv
from codecs import lookup
from contextlib import suppress
from dataclasses import is_dataclass
from io import BytesIO
from typing import Any

from scrapy.exporters import CsvItemExporter, JsonLinesItemExporter
from scrapy.utils.python import to_bytes
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


class CsvExporter(CsvItemExporter):
    """CSV for spreadsheets: a text that would be a formula there is led by an apostrophe; lists are JSON.

    Every cell is quoted. The line of names stands once in a file that is appended to.
    """

    def __init__(self, file: BytesIO, include_headers_line: bool = True, **kwargs: Any) -> None:
        with suppress(OSError):
            # What cannot be asked, as a pipe, is new.
            include_headers_line = include_headers_line and not file.tell()
        super().__init__(file, include_headers_line, **{"quoting": csv.QUOTE_ALL, **kwargs})
        self._encoder = _Encoder(ensure_ascii=False)

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        """The cell of a field."""
        if isinstance(value, (list, dict)):
            return self._encoder.encode(value)
        return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
