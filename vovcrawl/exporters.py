"""How records are written to the feeds."""

from __future__ import annotations

from dataclasses import is_dataclass
from io import BytesIO
from typing import Any

from scrapy.exporters import JsonLinesItemExporter
from scrapy.utils.serialize import ScrapyJSONEncoder

from vovcrawl.items import plain


class _Encoder(ScrapyJSONEncoder):
    def default(self, o: Any) -> Any:
        return plain(o) if is_dataclass(o) and not isinstance(o, type) else super().default(o)


class JsonLinesExporter(JsonLinesItemExporter):
    """Scrapy's own exporter, with an encoder that does not copy the hundreds of parts of an article one by one."""

    def __init__(self, file: BytesIO, **kwargs: Any) -> None:
        super().__init__(file, **kwargs)
        self.encoder = _Encoder(**self._kwargs)
