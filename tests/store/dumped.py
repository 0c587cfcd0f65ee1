"""What a store holds, for comparing it with another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.stores import rows, store_at, tables
from vovcrawl.store import ArticleStore, read_database
from vovcrawl.store.place import OPENED


def dumped(store: Path | str) -> list[str]:
    """All that a store holds, but for by what it was known when it was open last."""
    store = store_at(store)
    if "://" in store:
        found = {name: rows(store, f'SELECT * FROM "{name}"') for name in sorted(tables(store))}  # noqa: S608 - a table's
        return [f"{name}: {row!r}" for name, held in found.items() for row in sorted(held, key=repr)]
    with closing(sqlite3.connect(store)) as file:
        return [line for line in file.iterdump() if f"'{OPENED}'" not in line]


def records(store: Path | str) -> dict[str, dict[str, Any]]:
    """The articles of a store by url, whenever they were fetched."""
    database = read_database(store_at(store))
    found = {
        article.canonical_url: {**article.to_dict(), "fetched_at": None}
        for article in ArticleStore(database.connection).stream()
    }
    database.close()
    return found
