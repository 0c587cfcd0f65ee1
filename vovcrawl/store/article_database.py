"""A database in SQLite to hand over: articles and their lists as the store has them, and nothing of the crawls."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Column, Index, MetaData, Table, Text, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ClauseElement

from vovcrawl.items import Article
from vovcrawl.store.articles import columns_of, rows_of
from vovcrawl.store.tables import article_links, articles, lists

_KEY = "canonical_url"
"""The column by which tables are joined; it is there whatever fields are chosen."""

_ABOUT = "export"
"""The table that says what the database is."""

_BATCH = 200
"""Articles that are written at a time."""

_SETTINGS = (
    "PRAGMA page_size = 4096",
    # Nobody reads the file before it is whole, and who makes it has it on the disk in the end.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    # Rows of lists go to where their article's url stands in the alphabet: 64 MB hold the way there.
    "PRAGMA cache_size = -65536",
)

_OVERVIEW = """
    CREATE VIEW articles_overview AS
    SELECT canonical_url, date_published, content_type, section_name, headline,
        (SELECT group_concat(name, '; ') FROM (
            SELECT name FROM authors WHERE authors.canonical_url = articles.canonical_url ORDER BY position
        )) AS authors,
        (SELECT group_concat(keyword, '; ') FROM (
            SELECT keyword FROM keywords WHERE keywords.canonical_url = articles.canonical_url ORDER BY position
        )) AS keywords
    FROM articles
"""
_BY_MONTH = """
    CREATE VIEW articles_by_month AS
    SELECT substr(date_published, 1, 7) AS month, section, content_type, count(*) AS articles,
        count(duplicate_of) AS duplicates
    FROM articles GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
VIEWS = (
    (article_links("sqlite", has_pages=False), ("id", "related", "links")),
    (_OVERVIEW, ("date_published", "content_type", "section_name", "headline", "authors", "keywords")),
    (_BY_MONTH, ("date_published", "section", "content_type", "duplicate_of")),
)
"""The statement that makes each view, and the fields that it needs."""


class ArticleDatabase:
    """Such a database, while it is made; it is whole once `finish` has returned.

    Args:
        path: of the file to make. Another one beside it is there while this is not closed.
        chosen: fields of the record: the columns and lists that it has beside `canonical_url`.

    Raises:
        OSError: it cannot be written, here and in all methods.
    """

    def __init__(self, path: Path, chosen: Collection[str]) -> None:
        self._path = path
        self._building = path.with_name(f"{path.name}.building")
        self._chosen = {_KEY, *chosen}
        self._metadata = MetaData()
        self._articles = _articles_table(self._metadata, self._chosen)
        self._lists = {name: each.table.to_metadata(self._metadata) for name, each in lists.items() if name in chosen}
        self._about = Table(_ABOUT, self._metadata, Column("name", Text, primary_key=True), Column("value", Text))
        self._inserts = {table.name: _sql(insert(table)) for table in self._metadata.sorted_tables}
        self._waiting: list[Article] = []
        with _in_words():
            self._connection = sqlite3.connect(self._building, isolation_level=None)
            for statement in (*_SETTINGS, "BEGIN"):
                self._connection.execute(statement)
            for table in self._metadata.sorted_tables:
                self._connection.execute(_sql(CreateTable(table)))

    def __enter__(self) -> ArticleDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._building.unlink(missing_ok=True)

    def add(self, article: Article) -> None:
        """Adds an article; the order in which they come is that of the table's rows."""
        self._waiting.append(article)
        if len(self._waiting) == _BATCH:
            self._write()

    def finish(self, about: Mapping[str, str]) -> None:
        """Adds what the database says of itself, indexes and views, and makes the file."""
        self._write()
        self._insert(_ABOUT, [{"name": name, "value": value} for name, value in about.items()])
        with _in_words():
            for table in self._metadata.sorted_tables:
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    self._connection.execute(_sql(CreateIndex(index)))
            for statement, needed in VIEWS:
                if self._chosen.issuperset(needed):
                    self._connection.execute(statement)
            self._connection.execute("COMMIT")
            # As small as it gets, and the same bytes in whatever way the pages came to be where they are.
            self._connection.execute("VACUUM INTO ?", (str(self._path),))

    def _write(self) -> None:
        self._insert(self._articles.name, [columns_of(article) for article in self._waiting])
        for name in self._lists:
            self._insert(name, [row for article in self._waiting for row in rows_of(article, name)])
        self._waiting.clear()

    def _insert(self, table: str, rows: Collection[Mapping[str, Any]]) -> None:
        with _in_words():
            self._connection.executemany(self._inserts[table], rows)


def _articles_table(metadata: MetaData, chosen: Collection[str]) -> Table:
    """The table of articles, with those of the record's columns that are chosen."""
    named = {each.name for each in fields(Article)} & {*chosen}
    kept = [column for column in articles.columns if column.name in named]
    table = Table(
        articles.name,
        metadata,
        *(Column(each.name, each.type, primary_key=each.primary_key, nullable=each.nullable) for each in kept),
    )
    columns = {column.name: column for column in table.columns}
    for names in (("id",), ("date_published",), ("section", "date_published"), ("duplicate_of",)):
        if columns.keys() >= {*names}:
            Index(f"{articles.name}_{names[0]}", *(columns[name] for name in names))
    return table


def _sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


@contextmanager
def _in_words() -> Iterator[None]:
    """Has SQLite fail as other files do."""
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(None, str(error)) from None
