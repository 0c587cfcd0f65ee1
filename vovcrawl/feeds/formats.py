"""Names and formats of feeds: what `-o x.jsonl.gz` means, which Scrapy knows only from `FEEDS`."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

_PLUGINS = "scrapy.extensions.postprocessing"

DOCUMENTS = ("json", "xml")
"""Formats whose files are one document, which cannot be appended to."""

COMPRESSED: dict[str, dict[str, Any]] = {
    ".gz": {"postprocessing": [f"{_PLUGINS}.GzipPlugin"]},
    ".bz2": {"postprocessing": [f"{_PLUGINS}.Bz2Plugin"]},
    ".xz": {"postprocessing": [f"{_PLUGINS}.LZMAPlugin"]},
    ".lzma": {"postprocessing": [f"{_PLUGINS}.LZMAPlugin"], "lzma_format": lzma.FORMAT_ALONE},
}
"""What the end of a feed's name adds to its options."""


def with_format(typed: str, settings: BaseSettings) -> str:
    """A value of `-o` or `-O` with its format where Scrapy cannot tell it: `x.jsonl.gz:jsonl` for `x.jsonl.gz`.

    Any other value stays, also one that is wrong, which Scrapy refuses. `FEED_EXPORTERS` says which formats there are.
    """
    formats = {name for name, exporter in settings.getwithbase("FEED_EXPORTERS").items() if exporter is not None}
    inner = Path(Path(typed).stem).suffix.removeprefix(".")
    return f"{typed}:{inner}" if Path(typed).suffix in COMPRESSED and inner in formats else typed


def with_compression(feeds: Mapping[Any, dict[str, Any]], typed: Iterable[str]) -> dict[Any, dict[str, Any]]:
    """`FEEDS` with what compresses the feeds that are named by values of `-o` and `-O`, formats included.

    Options that a feed has already stay, so that one for which they name `postprocessing` is processed as they say.
    """
    named = {uri for value in typed for uri in (value, value.rpartition(":")[0])}
    return {
        uri: options
        if str(uri) not in named or "postprocessing" in options
        else {**COMPRESSED.get(Path(uri).suffix, {}), **options}
        for uri, options in feeds.items()
    }
