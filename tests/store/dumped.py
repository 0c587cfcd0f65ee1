"""What a store holds, for comparing it with another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from vovcrawl.store import ArticleStore, read_database
from vovcrawl.store.place import OPENED


def dumped(path: Path) -> list[str]:
    """All that a store holds, but for by what it was known when it was open last."""
    with closing(sqlite3.connect(path)) as store:
        return [line for line in store.iterdump() if f"'{OPENED}'" not in line]


def records(path: Path) -> dict[str, dict[str, Any]]:
    """The articles of a store by url, whenever they were fetched."""
    database = read_database(str(path))
    found = {
        article.canonical_url: {**article.to_dict(), "fetched_at": None}
        for article in ArticleStore(database.connection).stream()
    }
    database.close()
    return found
