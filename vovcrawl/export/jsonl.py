"""JSON Lines: line for line what a feed of these articles has."""

from __future__ import annotations

from pathlib import Path

from vovcrawl.export.compressed import opened
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest
from vovcrawl.items import encoded

IS_FOLDER = False


def write(request: ExportRequest, place: Path) -> Counts:
    """Writes an export, see `vovcrawl.export.formats.Format`."""
    counts = Counts()
    with opened(place, request.compression) as file:
        for article in counts.watch(request.articles()):
            line = encoded(article) if request.has_all_fields else encoded(request.record(article))
            file.write(line + b"\n")
    return counts
