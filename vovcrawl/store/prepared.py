"""Statements compiled once and run on the driver's own cursor.

SQLAlchemy builds a statement's text and its values anew for every run, which costs more than SQLite takes to run it.
Here the text is made once; transactions, errors and types stay SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows

Values = Mapping[str, Any]
"""The values of a statement's parameters, by name."""

_SIZES = (0, 1, 4, 16, 64, 256, 400)
"""Lengths that an IN-list is written with: one statement each, so that the database prepares few."""

_BATCH = 256
"""Rows taken at a time from a statement whose rows are not wanted all at once."""

_NUMBERS = count(1)
"""No two cursors of a connection that the server keeps have one name."""

_Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as the driver takes it."""

    sql: str
    positions: tuple[str, ...] | None
    """The parameters in the driver's order; None where it takes them by name."""
    processors: tuple[tuple[str, _Processor], ...]
    """What turns a value into one that the driver takes."""
    lists: Mapping[str, Sequence[str]]
    """The parameters that stand for the elements of an IN-list."""


class Prepared:
    """A statement of an open connection, to be run many times.

    Parameters are named as in `bindparam(name)`; one that is `expanding` takes a list of at most 400. Extra names are
    ignored. What runs begins SQLAlchemy's transaction where none is open.

    Args:
        connection: the connection that runs it, SQLite's or psycopg's.
        statement: anything that SQLAlchemy compiles.
        columns: of an `insert()` or `update()` without `values()`: the columns that are given at each run.

    All methods that run the statement raise `sqlalchemy.exc.DBAPIError` or its subclasses where the driver fails,
    `KeyError` where a parameter has no value, and `ValueError` where a list is too long.
    """

    def __init__(self, connection: Connection, statement: Executable, columns: Collection[str] | None = None) -> None:
        self._connection = connection
        dialect = connection.dialect
        compiled = statement.compile(dialect=dialect, column_keys=list(columns) if columns is not None else None)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        self._compiled = compiled
        self._fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        self._fixed |= _defaults(compiled)
        self._lists = tuple(name for name, bind in compiled.binds.items() if bind.expanding)
        self._texts: dict[tuple[int, ...], _Text] = {}
        self._returns_key = False
        self._row: Callable[[Any], Any] = tuple
        self._results: tuple[tuple[int, _Processor], ...] = ()
        if isinstance(statement, ReturnsRows) and (columns_read := list(statement.exported_columns)):
            names = [str(column.key or "_") for column in columns_read]
            make_type: Any = namedtuple
            row = make_type("Row", names, rename=True)
            self._row = row._make
            found = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns_read]
            self._results = tuple((place, process) for place, process in enumerate(found) if process is not None)
        else:
            # psycopg gives the key of a new row as a row, SQLite's module beside the cursor.
            self._returns_key = bool(compiled.effective_returning)
        if not self._lists:
            self._text(())

    def run(self, values: Values = {}) -> int:  # noqa: B006 - it is only read
        """Runs it; the number of rows that it changed."""
        cursor = self._run(values)
        changed = cursor.rowcount
        cursor.close()
        return changed

    def run_many(self, values: Sequence[Values]) -> int:
        """Runs it with each of `values`; the number of rows that it changed. It may have no list."""
        if not values:
            return 0
        text = self._text(())
        bound = [self._bind(text, each) for each in values]
        cursor = self._open()
        try:
            cursor.executemany(text.sql, bound)
        except Exception as error:
            raise self._explained(error, text.sql, bound, cursor) from error
        changed = cursor.rowcount
        cursor.close()
        return changed

    def insert(self, values: Values) -> int:
        """Runs an `insert()` of one row; the key that the database gave it."""
        cursor = self._run(values)
        made: Any = cursor.fetchone() if self._returns_key else (cursor.lastrowid,)
        cursor.close()
        return int(made[0])

    def rows(self, values: Values = {}) -> list[Any]:  # noqa: B006 - it is only read
        """Its rows, named tuples."""
        cursor = self._run(values)
        found = self._fetched(cursor, cursor.fetchall)
        cursor.close()
        return [self._made(row) for row in found]

    def columns(self, values: Values = {}) -> list[Sequence[Any]]:  # noqa: B006 - it is only read
        """Its rows, column by column; no column at all where there is no row."""
        cursor = self._run(values)
        found: list[Sequence[Any]] = list(zip(*self._fetched(cursor, cursor.fetchall), strict=True))
        cursor.close()
        for place, process in self._results if found else ():
            found[place] = [process(value) for value in found[place]]
        return found

    def stream(self, values: Values = {}) -> Iterator[Any]:  # noqa: B006 - it is only read
        """Its rows, a few of them in memory at a time; the transaction is to stay open until the last one."""
        cursor = self._run(values, is_long=True)
        try:
            while found := self._fetched(cursor, lambda: cursor.fetchmany(_BATCH)):
                yield from map(self._made, found)
        finally:
            cursor.close()

    def first(self, values: Values = {}) -> Any | None:  # noqa: B006 - it is only read
        """Its first row, a named tuple; None where there is none."""
        cursor = self._run(values)
        found = self._fetched(cursor, cursor.fetchone)
        cursor.close()
        return self._made(found) if found is not None else None

    def scalar(self, values: Values = {}) -> Any:  # noqa: B006 - it is only read
        """The first column of its first row; None where there is none."""
        found = self.first(values)
        return found[0] if found is not None else None

    def _text(self, sizes: tuple[int, ...]) -> _Text:
        """The statement with lists of these lengths."""
        text = self._texts.get(sizes)
        if text is None:
            asked = dict.fromkeys(self._compiled.binds) | {
                name: [None] * size for name, size in zip(self._lists, sizes, strict=True)
            }
            state = self._compiled.construct_expanded_state(asked)
            positions = tuple(state.positiontup) if state.positiontup is not None else None
            processors = [(name, process) for name, process in state.processors.items() if name not in self._lists]
            text = _Text(state.statement, positions, tuple(processors), state.parameter_expansion)
            self._texts[sizes] = text
        return text

    def _bind(self, text: _Text, values: Values) -> Any:
        """The values as the driver takes them."""
        given = {**self._fixed, **values}
        for name, names in text.lists.items():
            elements = list(given[name])
            # What stands twice in a list is found once.
            elements += elements[-1:] * (len(names) - len(elements))
            given.update(zip(names, elements, strict=True))
        for name, process in text.processors:
            given[name] = process(given[name])
        if text.positions is None:
            return given
        return [given[name] for name in text.positions]

    def _run(self, values: Values, *, is_long: bool = False) -> DBAPICursor:
        text = self._text(tuple(_size(len(_listed(name, values, self._fixed))) for name in self._lists))
        bound = self._bind(text, values)
        cursor = self._open_long() if is_long else self._open()
        try:
            cursor.execute(text.sql, bound)
        except Exception as error:
            raise self._explained(error, text.sql, bound, cursor) from error
        return cursor

    def _open(self) -> DBAPICursor:
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection.connection.cursor()

    def _open_long(self) -> DBAPICursor:
        """A cursor that gets its rows as they are fetched, as psycopg's do only where the server keeps them."""
        if self._connection.dialect.name == "sqlite":
            return self._open()
        if not self._connection.in_transaction():
            self._connection.begin()
        named: Any = self._connection.connection.cursor
        cursor: DBAPICursor = named(f"rows_{next(_NUMBERS)}")
        return cursor

    def _fetched(self, cursor: DBAPICursor, fetch: Callable[[], Any]) -> Any:
        try:
            return fetch()
        except Exception as error:
            raise self._explained(error, str(self._compiled), (), cursor) from error

    def _made(self, row: Any) -> Any:
        if self._results:
            row = list(row)
            for place, process in self._results:
                row[place] = process(row[place])
        return self._row(row)

    def _explained(self, error: Exception, sql: str, bound: Any, cursor: DBAPICursor) -> BaseException:
        """The error as SQLAlchemy raises it; a connection that is lost is given up."""
        connection, dialect = self._connection, self._connection.dialect
        driver = dialect.loaded_dbapi.Error
        if not isinstance(error, driver):
            return error
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        else:
            cursor.close()
        return DBAPIError.instance(
            sql,
            bound,
            error,
            driver,
            hide_parameters=connection.engine.hide_parameters,
            connection_invalidated=lost,
            dialect=dialect,
        )


def _listed(name: str, values: Values, fixed: Values) -> Any:
    """The elements of an IN-list, given or written into the statement."""
    return values[name] if name in values else fixed[name]


def _size(length: int) -> int:
    for size in _SIZES:
        if length <= size:
            return size
    raise ValueError(f"a list of {length}; at most {_SIZES[-1]} are taken at a time")


def _defaults(compiled: SQLCompiler) -> dict[str, Any]:
    """What SQLAlchemy writes into columns that an `insert()` is not given."""
    found = {}
    for column in compiled.insert_prefetch:
        default = column.default
        if default is None or not default.is_scalar:
            raise ValueError(f"the default of {column} is made anew for each row: give it a value")
        found[column.key] = default.arg  # type: ignore[attr-defined]
    return found
