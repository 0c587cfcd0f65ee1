"""The rows of whole tables as plain values, the same ones from every database, and what many of them are known by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from typing import Any

from sqlalchemy import Boolean, Connection, Integer, Table, cast, select

from vovcrawl.store.tables import articles

Row = tuple[Any, ...]
"""None, whole numbers, strings and bytes, in the order of the table's columns; what is true or false is 1 or 0."""

_AT_A_TIME = 500
"""Rows that a server sends at a time."""

_DIGEST_BYTES = 16

_NUMBERS = count(1)
"""No two cursors of a connection that the server keeps have one name."""


class Digest:
    """How many rows there are, and a hash of them that does not depend on their order.

    The hash is the sum of the hashes of all rows, each of the row's values written as Python writes them: a row that is
    missing, there twice or other than before gives another sum. It guards against mistakes, not against somebody who
    makes rows up so that the sum is right.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Row) -> int:
        """Counts a row in; about how many bytes it takes."""
        written = repr(row).encode()
        self.rows += 1
        self._sum += int.from_bytes(blake2b(written, digest_size=_DIGEST_BYTES).digest())
        return len(written)

    @property
    def hash(self) -> str:
        """In hexadecimal digits."""
        return f"{self._sum % (1 << 8 * _DIGEST_BYTES):0{2 * _DIGEST_BYTES}x}"


def rows_of(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows of a table, a few of them in memory at a time.

    From PostgreSQL they come in the order in which SQLite keeps them fastest: that of their keys, and articles as they
    were kept.

    Raises:
        Exception: an error of the database's driver.
    """
    dialect = connection.dialect
    if dialect.name == "sqlite":
        statement = select(*table.columns)
    else:
        plain = [cast(each, Integer) if isinstance(each.type, Boolean) else each for each in table.columns]
        keys = [articles.c.sequence] if table is articles else list(table.primary_key)
        statement = select(*plain).order_by(*keys)
    yield from read(connection, str(statement.compile(dialect=dialect)))


def read(connection: Connection, sql: str) -> Iterator[Row]:
    """The rows of a statement as the driver gives them, a few of them in memory at a time."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        cursor = driver.execute(sql)
    else:
        cursor = driver.cursor(name=f"copied_{next(_NUMBERS)}")
        cursor.itersize = _AT_A_TIME
        cursor.execute(sql)
    try:
        # With `yield from` the cursor would be closed first, and its error be said.
        for row in cursor:  # noqa: UP028
            yield row
    finally:
        # Who stopped in the middle may have closed the connection before.
        with suppress(connection.dialect.loaded_dbapi.Error):
            cursor.close()
