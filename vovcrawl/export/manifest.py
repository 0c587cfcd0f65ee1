"""The manifest that stands beside an export: what was asked for, what came of it, and the hash of every file.

Nothing in it depends on the moment or the machine, so that the same articles give the same manifest.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeVar

from vovcrawl.export.request import ExportRequest
from vovcrawl.items import SCHEMA_VERSION, Article
from vovcrawl.opening import open_regular
from vovcrawl.store.by_date import Listed

NAME = "manifest.json"
"""Of the manifest in a folder; beside a file it is added to the file's name."""

_MADE_BY = "vovcrawl"

_Counted = TypeVar("_Counted", Article, Listed)


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

    def watch(self, articles: Iterable[_Counted]) -> Iterator[_Counted]:
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

    def add(self, other: Counts) -> None:
        """Adds what another process has counted of other articles."""
        self.articles += other.articles
        self.duplicates += other.duplicates
        self.undated += other.undated
        for mine, its in ((self.sections, other.sections), (self.kinds, other.kinds)):
            mine.update(its)
        self.readers.update(other.readers)
        self.first = min(filter(None, (self.first, other.first)), default=None)
        self.last = max(filter(None, (self.last, other.last)), default=None)

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


def write_manifest(path: Path, said: dict[str, Any], files: Iterable[tuple[str, Path]]) -> None:
    """Writes a manifest: JSON, with a line for each file.

    Args:
        path: of the manifest, which is made.
        said: of the export as a whole, see `described`.
        files: every file of the export, with the path that the manifest has for it.

    Raises:
        OSError: a file cannot be read, or the manifest not be written.
    """
    with path.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as manifest:
        manifest.write(json.dumps(said, ensure_ascii=False, indent=2).removesuffix("\n}"))
        manifest.write(',\n  "files": [')
        for number, (name, file) in enumerate(files):
            line = json.dumps({"path": name, "bytes": file.stat().st_size, "sha256": _hash(file)}, ensure_ascii=False)
            manifest.write(f"{',' if number else ''}\n    {line}")
        manifest.write("\n  ]\n}\n")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


_BEGIN = f'{{\n  "made_by": "{_MADE_BY}"'.encode()


def is_manifest(path: Path) -> bool:
    """Whether a file begins as `write_manifest` has it."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return file.read(len(_BEGIN)) == _BEGIN
    except OSError:
        return False


def fits(manifest: Path, file: Path) -> bool:
    """Whether a manifest is that of an export which is this one file."""
    try:
        (said,) = json.loads(manifest.read_bytes())["files"]
        return bool(said["path"] == file.name and said["sha256"] == _hash(file))
    except (OSError, ValueError, KeyError):
        return False
