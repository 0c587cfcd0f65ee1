"""CSV for spreadsheets: a row an article, cell for cell what a feed of these articles has."""

from __future__ import annotations

import csv
from io import TextIOWrapper
from pathlib import Path

from vovcrawl.export.compressed import opened
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest
from vovcrawl.feeds.exporters import cell

IS_FOLDER = False


def write(request: ExportRequest, place: Path) -> Counts:
    """Writes an export, see `vovcrawl.export.formats.Format`.

    It begins with a byte order mark, without which Excel takes Vietnamese letters for those of another encoding.
    """
    counts = Counts()
    with opened(place, request.compression) as file, TextIOWrapper(file, "utf-8-sig", newline="") as text:
        rows = csv.writer(text, quoting=csv.QUOTE_ALL)
        rows.writerow(request.fields)
        for article in counts.watch(request.articles()):
            rows.writerow(cell(getattr(article, name)) for name in request.fields)
    return counts
