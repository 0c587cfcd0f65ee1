"""What an export was asked for, and the articles that it holds."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl import __version__
from vovcrawl.items import Article, to_plain
from vovcrawl.pages.publication import to_iso
from vovcrawl.project_command import SITE, Selection
from vovcrawl.store import ArticleStore, Database, StoreError
from vovcrawl.store.article_columns import ArticleColumns, Columns
from vovcrawl.store.by_date import Listed, by_date
from vovcrawl.store.database import explain

ALL_FIELDS = tuple(each.name for each in fields(Article))
"""The fields of the record, in its order."""

_BATCH = 200
"""Articles read at a time."""

_LONGEST_OFFSET = timedelta(days=1)
"""By so much a time may be another day as text than it is in Vietnam."""


@dataclass(frozen=True)
class ExportRequest:
    """One export."""

    format: str
    database: Database
    """Open to be read, its view held, so that each pass over the articles gives the same ones."""
    fields: tuple[str, ...] = ALL_FIELDS
    """Those that the export has, in the order of the record."""
    selection: Selection = field(default_factory=Selection)
    kinds: tuple[str, ...] = ()
    """Values of `content_type`; empty for all."""
    no_duplicates: bool = False
    """Whether articles that nearly repeat another one are left out."""
    sample: int | None = None
    """At most so many articles, chosen by hash; None for all."""
    seed: int = 0
    compression: str = ""
    """`.gz`, `.zst`, or nothing: how a format that can be compressed is to be."""
    version: str = __version__
    """Of the program that exports."""

    @property
    def has_all_fields(self) -> bool:
        """Whether records are whole."""
        return self.fields == ALL_FIELDS

    @cached_property
    def arguments(self) -> Mapping[str, Any]:
        """What was chosen, in JSON's types, whatever words were used: the same articles have the same arguments.

        A window is the moments from `since` on and before `until`, in +07:00; what was not given is None.
        """
        window = self.selection.window
        return {
            "since": _moment(window.start) if window is not None else None,
            "until": _moment(window.end) if window is not None else None,
            "sections": [url.removeprefix(SITE) for url in self.selection.sections] or None,
            "kinds": list(self.kinds) or None,
            "no_duplicates": self.no_duplicates,
            "fields": None if self.has_all_fields else list(self.fields),
            "sample": self.sample,
            "seed": None if self.sample is None else self.seed,
        }

    def articles(self) -> Iterator[Article]:
        """The articles chosen, by `date_published`, then `canonical_url`, those without a date last.

        Each call is a pass of its own, with a few articles in memory. Articles are whole, whatever `fields` says.

        Raises:
            StoreError: the store cannot be read.
        """
        store = ArticleStore(self.database.connection)
        try:
            urls = (each.canonical_url for each in self._chosen())
            while batch := list(islice(urls, _BATCH)):
                yield from store.read_all(batch)
        except SQLAlchemyError as error:
            raise self._unreadable(error) from None

    def chosen(self) -> Iterator[Listed]:
        """The keys of the articles that `articles` gives, in the same order.

        Raises:
            StoreError: the store cannot be read.
        """
        with self.reading():
            yield from self._chosen()

    def columns(self, urls: Collection[str]) -> Columns:
        """Some of these articles, at most 400, field by field: for whoever needs no records.

        Raises:
            StoreError: the store cannot be read.
        """
        with self.reading():
            return self._columns.read(urls)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Has what reads the store within it fail with `StoreError`."""
        try:
            yield
        except SQLAlchemyError as error:
            raise self._unreadable(error) from None

    def is_empty(self) -> bool:
        """Whether no article is chosen.

        Raises:
            StoreError: the store cannot be read.
        """
        try:
            return next(self._chosen(), None) is None
        except SQLAlchemyError as error:
            raise self._unreadable(error) from None

    def record(self, article: Article) -> dict[str, Any]:
        """An article as plain dicts, lists, strings and numbers, with the fields that the export has."""
        return {name: to_plain(getattr(article, name)) for name in self.fields}

    def _chosen(self) -> Iterator[Listed]:
        if self._largest is None:
            return self._selected()
        largest = self._largest
        return (each for each in self._selected() if self._hash(each) <= largest)

    @cached_property
    def _columns(self) -> ArticleColumns:
        return ArticleColumns(self.database.connection, self.fields)

    @cached_property
    def _largest(self) -> bytes | None:
        """The largest hash of an article in the sample; None where all are in it.

        The articles with the smallest hashes are the sample, so that another article in the store puts out one at most.
        """
        if self.sample is None:
            return None
        # The heap gives its smallest element, and the largest hash is the one to put out.
        smallest: list[int] = []
        for each in self._selected():
            number = -int.from_bytes(self._hash(each))
            if len(smallest) < self.sample:
                heapq.heappush(smallest, number)
            else:
                heapq.heappushpop(smallest, number)
        return (-smallest[0]).to_bytes(_HASH_BYTES) if smallest else b""

    def _hash(self, article: Listed) -> bytes:
        return blake2b(f"{self.seed}\0{article.canonical_url}".encode(), digest_size=_HASH_BYTES).digest()

    def _selected(self) -> Iterator[Listed]:
        """What is chosen before the sample is taken."""
        since, until = self._bounds()
        for each in by_date(self.database.connection, since, until):
            if self.kinds and each.content_type not in self.kinds:
                continue
            if self.no_duplicates and each.duplicate_of is not None:
                continue
            if self.selection.takes(each.canonical_url, each.section, each.date_published):
                yield each

    def _bounds(self) -> tuple[str | None, str | None]:
        """Texts between which all dates in the window stand, and others too, so that few rows are looked at."""
        window = self.selection.window
        if window is None or window.is_open:
            return None, None
        return (
            _shifted(window.start, -_LONGEST_OFFSET) if window.start is not None else None,
            _shifted(window.end, _LONGEST_OFFSET) if window.end is not None else None,
        )

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(f"cannot read the store {self.database.name}: {explain(error)}")


_HASH_BYTES = 16


def _moment(moment: datetime | None) -> str | None:
    return to_iso(moment) if moment is not None else None


def _shifted(moment: datetime, by: timedelta) -> str | None:
    try:
        return to_iso(moment + by)
    except OverflowError:
        return None
