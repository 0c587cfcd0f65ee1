"""Copying a whole store into another database: nothing is lost, and what was written is read back and compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Table, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from vovcrawl.search_tokens import document
from vovcrawl.store.articles import ArticleStore
from vovcrawl.store.copy_targets import CopyTarget, TargetTaken, UnfitRow, copy_target
from vovcrawl.store.database import (
    Database,
    StoreError,
    check_integrity,
    explain,
    file_of,
    is_same_on_server,
    read_database,
)
from vovcrawl.store.place import OPENED, OPENED_AS
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.snapshot import undisturbed
from vovcrawl.store.table_rows import Digest, Row, read, rows_of
from vovcrawl.store.tables import create_views, metadata, properties, search_articles
from vovcrawl.store.token_index import token_index
from vovcrawl.store.workers import create_shared_tables

SEARCH_INDEX = "search_index"
"""What the comparison calls the index that articles are searched by, which is no table like the others."""

_MOST_ROWS, _MOST_BYTES = 1_000, 4 << 20
"""Rows that are written at a time: so many, and of so many bytes, at most."""

_BATCH = 200
"""Articles whose tokens are made at a time."""

_PAGES = 4_000
"""Pages of a file that are copied between two looks for a signal."""

_SAID_EVERY = 10_000
"""Rows between two words about how far a copy has come."""

_OF_A_PLACE = (OPENED, OPENED_AS)
"""Properties that say where a file was open last, which is not where its copy is."""

Say = Callable[[str], None]
"""Gets a few words about how far a copy has come."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A table in the store and in its copy, with hashes as of `vovcrawl.store.table_rows.Digest`."""

    name: str
    rows: int
    hash: str
    copied_rows: int
    copied_hash: str

    @property
    def is_same(self) -> bool:
        """Whether both hold the same rows."""
        return (self.rows, self.hash) == (self.copied_rows, self.copied_hash)


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy; or, where a table differs, what was written and not kept."""

    source: str
    target: str
    tables: Sequence[Compared]

    @property
    def is_same(self) -> bool:
        """Whether all tables hold the same rows."""
        return all(each.is_same for each in self.tables)


def copy_store(source: str, target: str, *, force: bool = False, say: Say = lambda words: None) -> Copied:
    """Makes `target` a store that holds what `source` holds at one moment; a crawl may be writing to the source.

    Args:
        source: the store to copy, an absolute path or a database url.
        target: the same of the store to make, where nothing is.
        force: whether a store that is there is replaced.
        say: see `Say`.

    Returns:
        What the two hold, table by table. Where that is not the same, there is no copy.

    Raises:
        TargetTaken: something is at `target`, or it is the source itself.
        StoreHeld: another crawl holds the store that is to be replaced.
        StoreError: one of the two cannot be read or written; there is no copy.
    """
    path = file_of(target)
    given = read_database(source)
    try:
        if _is_same_store(given, file_of(source), target, path):
            raise TargetTaken(f"{given.name} would be copied onto itself; right would be another store")
        check_integrity(given.connection, given.name)
        given.hold_view()
        with copy_target(target, path, force=force) as made:
            given = undisturbed(given, made.beside("source"))
            # SQLite's view is that of the first look.
            given.connection.execute(select(properties.c.name)).all()
            copying = _Copying(given, made, say)
            tables = copying.copy_file() if copying.is_of_files else copying.copy_rows()
            copied = Copied(given.name, made.name, tables)
            if copied.is_same:
                made.install()
            return copied
    except OSError as error:
        raise StoreError(f"cannot copy the store {given.name}: {error.strerror or error}") from None
    except SQLAlchemyError as error:
        raise StoreError(f"cannot copy the store {given.name}: {explain(error)}") from None
    finally:
        given.close()


def _is_same_store(given: Database, source: Path | None, target: str, path: Path | None) -> bool:
    if source is None and path is None:
        return is_same_on_server(given.connection, target)
    return source is not None and path is not None and path.exists() and path.samefile(source)


class _Copying:
    """One copy while it is made."""

    def __init__(self, source: Database, target: CopyTarget, say: Say) -> None:
        self._source = source
        self._target = target
        self._say = say
        self._names = {source.connection: source.name, target.connection: target.name}
        is_file = [each.dialect.name == "sqlite" for each in self._names]
        self.is_of_files = all(is_file)
        self._is_to_file = is_file[-1]

    def copy_file(self) -> list[Compared]:
        """Copies a file of SQLite page by page, so that its search index is the same, and compares all tables."""
        before, after = (self._driver(each) for each in self._names)
        # A backup has its own transaction.
        after.execute("ROLLBACK")
        try:
            before.backup(after, pages=_PAGES, progress=self._say_pages)
            # The file of a crawl that is going on is in another mode, which its copy has with all the rest.
            after.execute("PRAGMA journal_mode = DELETE").close()
            after.execute("BEGIN")
        except sqlite3.Error as error:
            raise StoreError(f"cannot write the store {self._target.name}: {explain(error)}") from None
        self._target.connection.execute(delete(properties).where(properties.c.name.in_(_OF_A_PLACE)))
        found = [
            _compared(table.name, self._counted(self._given(table)), self._made(table))
            for table in metadata.sorted_tables
        ]
        blocks = f"SELECT id, block FROM {SEARCH_INDEX}_data"  # noqa: S608 - a table of SQLite's index
        of_index = [self._counted(self._read(each, SEARCH_INDEX, read(each, blocks))) for each in self._names]
        return [*found, _compared(SEARCH_INDEX, *of_index)]

    def _say_pages(self, status: int, left: int, total: int) -> None:
        self._say(f"copying: {total - left:,} of {total:,} pages of the file")

    def copy_rows(self) -> list[Compared]:
        """Copies all tables row by row, makes the search index of their articles, and compares."""
        connection = self._target.connection
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table))
        digests = {table.name: self._copy_table(table) for table in metadata.sorted_tables}
        for table in metadata.sorted_tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index))
        create_views(connection)
        create_shared_tables(connection)
        indexed = self._make_index()
        found = [_compared(table.name, digests[table.name], self._made(table)) for table in metadata.sorted_tables]
        made = self._counted(self._read(connection, SEARCH_INDEX, read(connection, self._indexed_rows())))
        return [*found, _compared(SEARCH_INDEX, indexed, made)]

    def _copy_table(self, table: Table) -> Digest:
        digest = Digest()
        rows: list[Row] = []
        size = 0
        for row in self._given(table):
            size += digest.add(row)
            rows.append(row)
            if len(rows) == _MOST_ROWS or size >= _MOST_BYTES:
                self._write(table, rows)
                rows, size = [], 0
        self._write(table, rows)
        return digest

    def _write(self, table: Table, rows: Sequence[Row]) -> None:
        try:
            _check_values(table, rows)
            self._target.write(table, rows)
        except UnfitRow as error:
            row = f"{_called(table, rows[error.place])}: " if error.place is not None else ""
            raise StoreError(f"cannot write the store {self._target.name}: {table.name}: {row}{error}") from None
        except self._error_of(self._target.connection) as error:
            raise StoreError(f"cannot write the store {self._target.name}: {explain(error)}") from None

    def _make_index(self) -> Digest:
        """Makes the search index; the rows that are expected in it, see `_indexed_rows`."""
        index = token_index(self._target.connection)
        index.create()
        digest = Digest()
        for number, tokens in self._tokens():
            index.add(number, tokens)
            digest.add((number,) if self._is_to_file else (number, tokens))
            if digest.rows % _BATCH == 0:
                self._say(f"indexing: {digest.rows:,} articles")
        return digest

    def _tokens(self) -> Iterator[Row]:
        """The number in the search index of each article, and its tokens."""
        connection = self._source.connection
        if connection.dialect.name != "sqlite":
            yield from self._read(connection, SEARCH_INDEX, read(connection, _TOKENS))
            return
        numbered = select(search_articles.c.number, search_articles.c.canonical_url).order_by(search_articles.c.number)
        found = Prepared(connection, numbered.where(search_articles.c.canonical_url.is_not(None))).stream()
        store = ArticleStore(connection)
        while batch := {row.canonical_url: row.number for row in islice(found, _BATCH)}:
            # SQLite's index has the numbers of places alone: what stands there follows from the article.
            try:
                for article in store.read_all(list(batch)):
                    yield batch[article.canonical_url], document(article).tokens
            except ValueError as error:
                raise StoreError(f"cannot read an article of the store {self._source.name}: {error}") from None

    def _indexed_rows(self) -> str:
        """The query for what can be read back of the search index."""
        return f"SELECT id FROM {SEARCH_INDEX}_docsize" if self._is_to_file else _TOKENS  # noqa: S608 - as above

    def _given(self, table: Table) -> Iterator[Row]:
        rows = self._read(self._source.connection, table.name, rows_of(self._source.connection, table))
        if table is properties:
            return (row for row in rows if row[0] not in _OF_A_PLACE)
        return rows

    def _made(self, table: Table) -> Digest:
        return self._counted(self._read(self._target.connection, table.name, rows_of(self._target.connection, table)))

    @staticmethod
    def _counted(rows: Iterable[Row]) -> Digest:
        digest = Digest()
        for row in rows:
            digest.add(row)
        return digest

    def _read(self, connection: Connection, name: str, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows of a table, with words about how far it is read."""
        doing = "copying" if connection is self._source.connection else "comparing"
        try:
            for number, row in enumerate(rows):
                if number % _SAID_EVERY == 0:
                    self._say(f"{doing} {name}: {number:,} rows")
                yield row
        except self._error_of(connection) as error:
            raise StoreError(f"cannot read the store {self._names[connection]}: {name}: {explain(error)}") from None

    @staticmethod
    def _driver(connection: Connection) -> Any:
        return connection.connection.driver_connection

    @staticmethod
    def _error_of(connection: Connection) -> type[Exception]:
        error: type[Exception] = connection.dialect.loaded_dbapi.Error
        return error


_TOKENS = """
    SELECT number, substr(tokens, 2, length(tokens) - 2)
    FROM search_index JOIN search_articles USING (number) WHERE canonical_url IS NOT NULL ORDER BY number
"""
"""What PostgreSQL's index has of articles, without the blanks at both ends of it."""


def _compared(name: str, given: Digest, made: Digest) -> Compared:
    return Compared(name, given.rows, given.hash, made.rows, made.hash)


_TYPES = {str: "text", int: "a whole number", bytes: "bytes"}
"""What Python calls the values of a column, in words."""


def _check_values(table: Table, rows: Iterable[Row]) -> None:
    """Refuses what SQLite holds and PostgreSQL cannot: its driver would replace a character in silence.

    Raises:
        UnfitRow: a row has such a value.
    """
    columns = [(each.name, _type_of(each)) for each in table.columns]
    for place, row in enumerate(rows):
        for (name, expected), value in zip(columns, row, strict=True):
            if value is None:
                continue
            if type(value) is not expected:
                found = _TYPES.get(type(value), "a number with a fraction")
                raise UnfitRow(place, f"{found} in {name}; right would be {_TYPES[expected]}")
            if isinstance(value, str) and "\0" in value:
                raise UnfitRow(place, f"U+0000 in {name}, which PostgreSQL cannot hold")


def _type_of(column: Column[Any]) -> type:
    return int if isinstance(column.type, Boolean) else column.type.python_type


def _called(table: Table, row: Row) -> str:
    """What to call a row in messages: by its url, or by its key."""
    values = dict(zip([column.name for column in table.columns], row, strict=True))
    url = values.get("canonical_url") or values.get("url")
    return str(url) if url else ", ".join(f"{key.name} {values[key.name]}" for key in table.primary_key)
