"""Plain text for concordancers: a file an article, and a table that says of each file what it is.

The form is what AntConc, Voyant and Sketch Engine take: UTF-8 without a mark, running text without markup, the names of
the files in the first column of a table with tabs.
"""

from __future__ import annotations

import csv
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from vovcrawl.crawl.values import ArgumentError
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest
from vovcrawl.feeds.exporters import cell
from vovcrawl.items import Article

IS_FOLDER = True

TABLE = "metadata.tsv"
FILENAME = "filename"
"""The table's first column: the path of the article's file, from the folder on."""

_TEXTS = ("headline", "description", "body")
"""The fields that the text of a file is made of, one below the other."""

_JOINED = {
    "breadcrumbs": "name",
    "authors": "name",
    "keywords": None,
    "images": "url",
    "videos": "url",
    "audios": "url",
    "related": "url",
    "links": "url",
    "time_expressions": "value",
    "warnings": None,
}
"""Lists that are one cell, and what of each element stands there; None where it is a text."""

_NOT_IN_TABLE = ("body", "blocks")
"""Fields that say nothing beside the text itself."""

SEPARATOR = "|"
"""Between the elements of a list, as Sketch Engine reads several values of one attribute."""
_INSTEAD = "¦"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNDATED = "undated"
_UNSAFE = re.compile("[^a-z0-9]+")
_LONGEST_NAME = 60
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def check(request: ExportRequest, target: Path) -> None:
    """Sees to it that files get a text.

    Raises:
        ArgumentError: no field is chosen that has one.
    """
    if not set(_TEXTS) & set(request.fields):
        raise ArgumentError(f"--fields: txt is made of {', '.join(_TEXTS)}; right would be one of them at least")


def write(request: ExportRequest, place: Path) -> Counts:
    """Writes an export, see `vovcrawl.export.formats.Format`."""
    counts = Counts()
    columns = [name for name in request.fields if name not in _NOT_IN_TABLE]
    texts = [name for name in _TEXTS if name in request.fields]
    # Names of the day of the last article: those of other days differ by it.
    day, taken = "", set[str]()
    with (place / TABLE).open("x", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow([FILENAME, *columns])
        for article in counts.watch(request.articles()):
            date = (article.date_published or "")[:10]
            month, name = _named(article.id, date)
            if date != day:
                day, taken = date, set()
            if name in taken:
                name = f"{name}-{sha256(article.canonical_url.encode()).hexdigest()[:12]}"
            taken.add(name)
            path = place / month / f"{name}.txt"
            path.parent.mkdir(exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as each:
                each.write("\n\n".join(text for field in texts if (text := getattr(article, field))) + "\n")
            table.writerow([f"{month}/{path.name}", *(_cell(article, column) for column in columns)])
    return counts


def _named(id: str, date: str) -> tuple[str, str]:
    """The folder of an article and its name there without its end, safe on every system."""
    name = _UNSAFE.sub("-", id.lower())[:_LONGEST_NAME].strip("-") or "text"
    return (date[:7], f"{date}-{name}") if _DAY.fullmatch(date) else (_UNDATED, f"{_UNDATED}-{name}")


def _cell(article: Article, column: str) -> Any:
    value = getattr(article, column)
    if column in _JOINED:
        part = _JOINED[column]
        parts = [element if part is None else getattr(element, part) for element in value]
        value = SEPARATOR.join(each.replace(SEPARATOR, _INSTEAD) for each in parts if each)
    value = cell(value)
    return _BREAKS.sub(" ", value) if isinstance(value, str) else value
