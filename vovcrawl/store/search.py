"""Searching the articles of a store; the index is kept in the transactions that keep the articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from vovcrawl.queries import Query


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are searched, beside what the query says."""

    since: date | None = None
    """Only those published on this day or later, in +07:00; one without a date lies in no window."""
    until: date | None = None
    """Only those published on this day or earlier."""
    sections: tuple[str, ...] = ()
    """Urls of section listings, as `--sections` gives them; empty for all."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text as it is written, with the places of what was found."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of each place, as offsets in `text` in code points."""
    field: str
    """`headline`, `description`, `body`, `caption`, `author` or `tag`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found."""

    canonical_url: str
    headline: Excerpt
    snippet: Excerpt
    """Of the text where most of what was searched for stands close together."""
    date_published: str | None
    section: str | None
    section_name: str | None
    content_type: str
    authors: tuple[str, ...]
    score: float
    """The higher, the better; says something only beside others of the same query."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the articles that were found, the best first."""

    hits: tuple[Hit, ...]
    count: int
    """How many there are in all."""
    is_counted: bool
    """False where there are more than `count`: then the newest `count` of them were ranked."""
    are_marks_ignored: bool
    """Whether nothing has the marks that were typed, so that words with other ones were found."""
    suggestions: tuple[str, ...] = ()
    """Queries that find something, where this one finds nothing."""


Facets = Mapping[str, Sequence[tuple[str, int]]]
"""By `section`, `kind`, `month`, `author` and `tag`: its values with the number of articles, the most frequent first;
months, as `2026-07`, in their order."""


class SearchStore:
    """The search index of an open store. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, query: Query, *, limit: int = 20, offset: int = 0, within: Filter = Filter()) -> Page:
        """The articles that a query finds, the best first, and newer ones first among equals."""
        raise NotImplementedError

    def facets(self, query: Query, *, most: int = 12, within: Filter = Filter()) -> Facets:
        """How many of the articles that a query finds have each section, kind, month, author and tag."""
        raise NotImplementedError
