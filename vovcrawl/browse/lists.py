"""The articles that a list shows: all with some filters, or what a search finds among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import Connection

from vovcrawl.folding import words
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.queries import All, Part, Query, Term, parse
from vovcrawl.snippets import Excerpt
from vovcrawl.store.browsing import Browsing, Facets, Filters, Listed
from vovcrawl.store.search import Filter, Hit, SearchStore

PAGE = 20
"""Articles of a page."""

MOST_PAGES = 500
"""Pages that can be turned to: further ones cost as much as all before them."""

MOST_DOWNLOADED = 10_000
"""Articles of a download."""

_NAMES = ("section", "content_type", "month", "author", "tag")
_PARAMETERS = {"section": "section", "kind": "content_type", "month": "month", "author": "author", "tag": "tag"}
"""Filters by the names that stand in urls."""

_LONGEST = 300
"""Characters of a filter's value that are read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for."""

    words: str = ""
    """As typed; empty where nothing is searched for."""
    filters: Filters = field(default_factory=Filters)
    page: int = 1

    @classmethod
    def of(cls, parameters: Sequence[tuple[str, str]]) -> Asked:
        """What a url's parameters ask for; what makes no sense is left out."""
        given = {name: value[:_LONGEST] for name, value in parameters if value}
        filters = Filters(**{name: given.get(parameter) for parameter, name in _PARAMETERS.items()})
        if given.get("section") == _NONE:
            filters = replace(filters, section="")
        if given.get("month") == _NONE:
            filters = replace(filters, month="")
        page = given.get("page", "1")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        typed = next((value for name, value in parameters if name == "q"), "")
        return cls(typed.strip()[:_LONGEST_QUERY], filters, min(max(number, 1), MOST_PAGES))

    def url(self, path: str = "/search", **others: str | int | None) -> str:
        """The url of the same list with other parameters; None takes one away. The page is the first one."""
        given: dict[str, str | int | None] = {"q": self.words or None}
        for parameter, name in _PARAMETERS.items():
            value = getattr(self.filters, name)
            given[parameter] = _NONE if value == "" else value
        given |= others
        asked = urlencode({name: value for name, value in given.items() if value is not None})
        return f"{path}?{asked}" if asked else path


_NONE = "-"
"""A filter's value in urls for what has none."""

_LONGEST_QUERY = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a list."""

    canonical_url: str
    headline: Excerpt
    snippet: Excerpt | None
    date_published: str | None
    section: str | None
    section_name: str | None
    content_type: str
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Some articles of a list, with what is known of all of them."""

    rows: list[Row]
    count: int
    is_counted: bool = True
    """False where there are more than `count`."""
    suggestions: tuple[str, ...] = ()
    are_marks_ignored: bool = False


def find(connection: Connection, asked: Asked, limit: int = PAGE, offset: int | None = None) -> Found:
    """The articles of a page of a list."""
    start = (asked.page - 1) * limit if offset is None else offset
    query = _query(asked)
    if not query:
        browsing = Browsing(connection)
        listed = browsing.articles(asked.filters, limit, start)
        return Found([_row_of_list(each) for each in listed], browsing.count(asked.filters))
    page = SearchStore(connection).find(query, limit=limit, offset=start, within=_within(asked.filters))
    return Found(
        [_row_of_hit(hit) for hit in page.hits], page.count, page.is_counted, page.suggestions, page.are_marks_ignored
    )


def facets(connection: Connection, asked: Asked) -> Facets:
    """How many articles of the whole list have which section, kind, month, author and tag."""
    query = _query(asked)
    if not query:
        return Browsing(connection).facets(asked.filters)
    found = SearchStore(connection).facets(query, within=_within(asked.filters))
    return Facets(
        sections=list(found.get("section", ())),
        content_types=list(found.get("kind", ())),
        months=sorted(found.get("month", ()), reverse=True),
        authors=list(found.get("author", ())),
        tags=list(found.get("tag", ())),
    )


def _query(asked: Asked) -> Query:
    """What is searched for, filters included; nothing where no words were typed."""
    typed = parse(asked.words)
    if not typed:
        return typed
    assert typed.part is not None
    named = (
        ("section", asked.filters.section),
        ("kind", asked.filters.content_type),
        ("author", asked.filters.author),
        ("tag", asked.filters.tag),
    )
    parts: list[Part] = [typed.part]
    parts += [Term(tuple(words(value)), field, is_quoted=True) for field, value in named if value and any(words(value))]
    return replace(typed, part=All(tuple(parts)) if len(parts) > 1 else typed.part)


def _within(filters: Filters) -> Filter:
    """The days of a month, a year or a day."""
    if not filters.month:
        return Filter()
    try:
        year, month, day = (int(part) for part in f"{filters.month}-0-0".split("-")[:3])
        first = datetime(year, month or 1, day or 1, tzinfo=VIETNAM)
        if day:
            return Filter(first, first + timedelta(1))
        after = (year + 1, 1) if not month else (year + month // 12, month % 12 + 1)
        return Filter(first, datetime(*after, 1, tzinfo=VIETNAM) if after[0] <= MAXYEAR else None)
    except (ValueError, OverflowError):
        return Filter()


def _row_of_list(listed: Listed) -> Row:
    return Row(
        listed.canonical_url,
        Excerpt(listed.headline, (), "headline"),
        Excerpt(listed.description, (), "description") if listed.description else None,
        listed.date_published,
        listed.section,
        listed.section_name,
        listed.content_type,
        listed.duplicate_of,
    )


def _row_of_hit(hit: Hit) -> Row:
    return Row(
        hit.canonical_url,
        hit.headline,
        hit.snippet if hit.snippet.field != "headline" else None,
        hit.date_published,
        hit.section,
        hit.section_name,
        hit.content_type,
    )
