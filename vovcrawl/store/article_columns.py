"""Articles read back field by field, for formats that store columns: without a record for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, collate, select

from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import ListTable, articles, lists


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A list field of some articles."""

    lengths: Sequence[int]
    """How many elements each article has."""
    parts: Sequence[Sequence[Any]]
    """What each field of an element is, over all articles; one part where an element is plain text."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Some fields of some articles, sorted by `canonical_url`."""

    urls: Sequence[str]
    scalars: Mapping[str, Sequence[Any]]
    """`extra` is JSON."""
    lists: Mapping[str, ListColumn]


class ArticleColumns:
    """Reads articles of an open store.

    Args:
        connection: of the store.
        fields: of the record, those that are wanted.
    """

    def __init__(self, connection: Connection, fields: Collection[str]) -> None:
        self._scalars = tuple(name for name in fields if name not in lists)
        self._records = _by_url(connection, articles, self._scalars, ())
        self._lists = {name: lists[name] for name in fields if name in lists}
        self._elements = {name: _elements(connection, listed) for name, listed in self._lists.items()}

    def read(self, urls: Collection[str]) -> Columns:
        """Those of these articles, at most 400, that are there."""
        found, *scalars = self._records.columns({"urls": urls}) or ((), *((),) * len(self._scalars))
        return Columns(
            found,
            dict(zip(self._scalars, scalars, strict=True)),
            {name: self._list(name, listed, found) for name, listed in self._lists.items()},
        )

    def _list(self, name: str, listed: ListTable, urls: Sequence[str]) -> ListColumn:
        found, *parts = self._elements[name].columns({"urls": urls}) or ((), *((),) * len(listed.columns))
        lengths = Counter(found)
        return ListColumn([lengths[url] for url in urls], parts)


def _elements(connection: Connection, listed: ListTable) -> Prepared:
    return _by_url(connection, listed.table, listed.columns, ("position",))


def _by_url(connection: Connection, table: Any, names: Sequence[str], then: Sequence[str]) -> Prepared:
    key: Any = table.c.canonical_url
    # One order for all tables, which elsewhere than in SQLite would be that of a language.
    order = key if connection.dialect.name == "sqlite" else collate(key, "C")
    columns = [table.c[name].label(f"field_{name}") for name in names]
    wanted = select(key, *columns).where(key.in_(bindparam("urls", expanding=True)))
    return Prepared(connection, wanted.order_by(order, *(table.c[name] for name in then)))
