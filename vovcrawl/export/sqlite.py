"""SQLite: the tables of articles and lists, indexes, views, and a table that says what the file is."""

from __future__ import annotations

import json
from pathlib import Path

from vovcrawl.export.manifest import Counts, described
from vovcrawl.export.request import ExportRequest
from vovcrawl.store.copies import Copy

IS_FOLDER = False


def write(request: ExportRequest, place: Path) -> Counts:
    """Writes an export, see `vovcrawl.export.formats.Format`."""
    counts = Counts()
    with Copy(place, request.fields) as copy:
        for article in counts.watch(request.articles()):
            copy.add(article)
        about = described(request, counts)
        copy.finish(
            {
                name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                for name, value in about.items()
            }
        )
    return counts
