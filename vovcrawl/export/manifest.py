"""The manifest that stands beside an export: what was asked for, what came of it, and the hash of every file.

Nothing in it depends on the moment or the machine, so that the same articles give the same manifest.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

from vovcrawl.export.request import ExportRequest
from vovcrawl.items import SCHEMA_VERSION, Article

NAME = "manifest.json"
"""Of the manifest in a folder; beside a file it is added to the file's name."""

_MADE_BY = "vovcrawl"


@dataclass(slots=True)
class Counts:
    """What an export holds, counted while it is written."""

    articles: int = 0
    sections: Counter[str] = field(default_factory=Counter)
    """By `section`; '' for none."""
    kinds: Counter[str] = field(default_factory=Counter)
    """By `content_type`."""
    duplicates: int = 0
    """Articles that nearly repeat another one, which need not be in the export."""
    undated: int = 0
    """Articles without `date_published`."""
    first: str | None = None
    """The earliest `date_published`."""
    last: str | None = None
    """The latest one."""
    readers: Counter[int] = field(default_factory=Counter)
    """By `reader_version`."""

    def watch(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The same articles, each counted as it passes."""
        for article in articles:
            self.articles += 1
            self.sections[article.section or ""] += 1
            self.kinds[article.content_type] += 1
            self.duplicates += article.duplicate_of is not None
            self.readers[article.reader_version] += 1
            date = article.date_published
            if date is None:
                self.undated += 1
            else:
                self.first = date if self.first is None else min(self.first, date)
                self.last = date if self.last is None else max(self.last, date)
            yield article

    def as_dict(self) -> dict[str, Any]:
        """The numbers, in an order that does not depend on that of the articles."""
        return {
            "articles": self.articles,
            "duplicates": self.duplicates,
            "undated": self.undated,
            "kinds": dict(sorted(self.kinds.items())),
            "sections": dict(sorted(self.sections.items())),
            "reader_versions": {str(version): count for version, count in sorted(self.readers.items())},
        }


def described(request: ExportRequest, counts: Counts) -> dict[str, Any]:
    """What a manifest says of the export as a whole, without its files."""
    return {
        "made_by": _MADE_BY,
        "version": request.version,
        "format": request.format,
        "arguments": dict(request.arguments),
        "schema_version": SCHEMA_VERSION,
        "fields": list(request.fields),
        "counts": counts.as_dict(),
        "period": {"first": counts.first, "last": counts.last},
    }


def encoded_manifest(request: ExportRequest, counts: Counts, files: Mapping[str, Path]) -> bytes:
    """The manifest as it is written.

    Args:
        request: what was asked for.
        counts: what came of it.
        files: every file of the export, by the path that the manifest has for it.

    Raises:
        OSError: a file cannot be read.
    """
    listed = [_file(name, path) for name, path in sorted(files.items())]
    document = {**described(request, counts), "files": listed}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")


def _file(name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"path": name, "bytes": path.stat().st_size, "sha256": file_digest(file, "sha256").hexdigest()}


def is_manifest(path: Path) -> bool:
    """Whether a file is the manifest of an export."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("made_by") == _MADE_BY and "files" in document
