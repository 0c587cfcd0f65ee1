"""SQLite: the tables of articles and lists, indexes, views, and a table that says what the file is."""

from __future__ import annotations

import json
from pathlib import Path

from vovcrawl.export.manifest import Counts, described
from vovcrawl.export.request import ExportRequest
from vovcrawl.store.article_database import ArticleDatabase

IS_FOLDER = False


def write(request: ExportRequest, place: Path) -> Counts:
    """Writes an export, see `vovcrawl.export.formats.Format`."""
    counts = Counts()
    with ArticleDatabase(place, request.fields) as database:
        for article in counts.watch(request.articles()):
            database.add(article)
        about = described(request, counts)
        database.finish(
            {
                name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                for name, value in about.items()
            }
        )
    return counts
