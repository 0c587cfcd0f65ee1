"""What people look at in a store: lists of articles and their counts, the days that articles speak of, coverage.

Whoever looks has no patience: each question is answered by an index, or about so many articles that it is quick.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from vovcrawl.store.duplicates import number_of
from vovcrawl.store.tables import articles, fingerprints, lists, pages

_authors = lists["authors"].table
_keywords = lists["keywords"].table
_times = lists["time_expressions"].table

_COUNTED_LISTS = 5_000
"""Of so many articles, the newest ones, authors and tags are counted."""

_MOST_COUNTS = 30
"""Entries of a count by author or tag."""

_MOST_SENTENCES = 500
"""Sentences of a day that are read; a page shows fewer."""

_LONGEST_PERIOD = 92
"""Days before a day within which a period that holds it may begin, a season at most, but for half-years and longer."""

_GROUP = 50
"""Members of a group of near-duplicates that are named."""

_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as a list shows it."""

    canonical_url: str
    headline: str
    description: str | None
    section: str | None
    section_name: str | None
    content_type: str
    date_published: str | None
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a list is of; None is all."""

    section: str | None = None
    """First part of the path, `the-thao`."""
    content_type: str | None = None
    month: str | None = None
    """`2023-10`, or a year, or a day."""
    author: str | None = None
    """A name as it stands in `authors`."""
    tag: str | None = None
    """A keyword as it stands in `keywords`."""

    @property
    def is_empty(self) -> bool:
        """Whether they leave nothing out."""
        return self == Filters()

    def without(self, name: str) -> Filters:
        """The others of them."""
        return replace(self, **{name: None})


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles of a list have which value, the most frequent ones first."""

    sections: list[tuple[str, int]] = field(default_factory=list)
    content_types: list[tuple[str, int]] = field(default_factory=list)
    months: list[tuple[str, int]] = field(default_factory=list)
    """The latest first."""
    authors: list[tuple[str, int]] = field(default_factory=list)
    tags: list[tuple[str, int]] = field(default_factory=list)
    counted: int | None = None
    """Of how many articles, the newest ones, authors and tags are counted; None: of all."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What a store holds."""

    articles: int
    first: str | None
    """`date_published` of the earliest article."""
    last: str | None
    undated: int
    duplicates: int
    """How many nearly repeat another one."""
    facets: Facets


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that speaks of a day."""

    canonical_url: str
    headline: str
    date_published: str | None
    sentence: str
    text: str
    """The words that name the day."""
    value: str
    first_day: str
    last_day: str

    @property
    def days(self) -> int:
        """How many days the words cover."""
        return (date.fromisoformat(self.last_day) - date.fromisoformat(self.first_day)).days + 1


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many articles were published on a day."""

    day: str
    articles: int
    sections: dict[str, int]


_LISTED = tuple(articles.c[name] for name in Listed.__dataclass_fields__)


class Browsing:
    """Reads an open store for people who look."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self) -> tuple[int, int]:
        """What changes whenever an article comes or changes: the last sequence, and the number of articles."""
        last = self._connection.scalar(select(func.max(articles.c.sequence))) or 0
        return int(last), self.count(Filters())

    def overview(self) -> Overview:
        """What the store holds."""
        first, last, undated = self._connection.execute(
            select(
                func.min(articles.c.date_published),
                func.max(articles.c.date_published),
                func.count() - func.count(articles.c.date_published),
            ).select_from(articles)
        ).one()
        number = self._connection.scalar(
            select(func.count()).select_from(fingerprints).where(_is_repetition(fingerprints))
        )
        facets = self.facets(Filters())
        return Overview(self.count(Filters()), first, last, undated, number or 0, facets)

    def count(self, filters: Filters) -> int:
        """How many articles there are."""
        return int(self._connection.scalar(_filtered(select(func.count()).select_from(articles), filters)) or 0)

    def articles(self, filters: Filters, limit: int, offset: int = 0) -> list[Listed]:
        """Articles, the newest first and undated ones last."""
        found = _filtered(select(*_LISTED), filters).order_by(
            articles.c.date_published.desc().nulls_last(), articles.c.canonical_url
        )
        return [Listed(*row) for row in self._connection.execute(found.limit(limit).offset(offset))]

    def listed(self, urls: Sequence[str]) -> list[Listed]:
        """Those articles that are kept, in the order given."""
        found: dict[str, Listed] = {}
        for start in range(0, len(urls), _CHUNK):
            chunk = urls[start : start + _CHUNK]
            rows = self._connection.execute(select(*_LISTED).where(articles.c.canonical_url.in_(chunk)))
            found |= {row.canonical_url: Listed(*row) for row in rows}
        return [found[url] for url in urls if url in found]

    def facets(self, filters: Filters) -> Facets:
        """How many articles have which section, kind, month, author and tag."""
        month = func.substr(articles.c.date_published, 1, 7)
        counted = _filtered(
            select(articles.c.section, articles.c.content_type, month.label("month"), func.count().label("number")),
            filters,
        ).group_by(articles.c.section, articles.c.content_type, month)
        sections: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        months: Counter[str] = Counter()
        for row in self._connection.execute(counted):
            sections[row.section or ""] += row.number
            kinds[row.content_type] += row.number
            months[row.month or ""] += row.number
        number = kinds.total()
        newest = _filtered(select(articles.c.canonical_url), filters)
        if number > _COUNTED_LISTS:
            newest = newest.order_by(articles.c.date_published.desc().nulls_last()).limit(_COUNTED_LISTS)
        return Facets(
            sections=sections.most_common(),
            content_types=kinds.most_common(),
            months=sorted(months.items(), reverse=True),
            authors=self._most(_authors.c.name, newest),
            tags=self._most(_keywords.c.keyword, newest),
            counted=_COUNTED_LISTS if number > _COUNTED_LISTS else None,
        )

    def _most(self, column: Any, newest: Select[Any]) -> list[tuple[str, int]]:
        wanted = newest.subquery()
        number = func.count().label("number")
        found = (
            select(column, number)
            .select_from(wanted)
            .join(column.table, column.table.c.canonical_url == wanted.c.canonical_url)
            .group_by(column)
            .order_by(number.desc(), column)
            .limit(_MOST_COUNTS)
        )
        return [(row[0], row[1]) for row in self._connection.execute(found)]

    def affiliations(self, author: str) -> list[tuple[str, int]]:
        """From where an author wrote, with the number of articles, the most frequent first."""
        number = func.count().label("number")
        found = (
            select(_authors.c.affiliation, number)
            .where(_authors.c.name == author, _authors.c.affiliation.is_not(None))
            .group_by(_authors.c.affiliation)
            .order_by(number.desc(), _authors.c.affiliation)
        )
        return [(row[0], row[1]) for row in self._connection.execute(found.limit(_MOST_COUNTS))]

    def led_to(self, urls: Sequence[str]) -> dict[str, str]:
        """The kept articles that urls lead to, by these."""
        found: dict[str, str] = {}
        for start in range(0, len(urls), _CHUNK):
            chunk = urls[start : start + _CHUNK]
            kept = select(articles.c.canonical_url).where(articles.c.canonical_url.in_(chunk))
            found |= {url: url for url in self._connection.scalars(kept)}
            moved = (
                select(pages.c.url, articles.c.canonical_url)
                .join(articles, articles.c.canonical_url == pages.c.canonical_url)
                .where(pages.c.url.in_(chunk))
            )
            for row in self._connection.execute(moved):
                found.setdefault(row.url, row.canonical_url)
        return found

    def group_of(self, canonical_url: str) -> list[Listed]:
        """The group of near-duplicates that an article belongs to, the leader first; empty where it repeats none and
        none repeats it."""
        own = fingerprints.c.article == number_of(canonical_url)
        leader = self._connection.scalar(select(fingerprints.c.leader).where(own))
        if leader is None:
            return []
        found = (
            select(fingerprints.c.canonical_url)
            .where(fingerprints.c.leader == leader)
            .order_by(fingerprints.c.article != leader, fingerprints.c.published, fingerprints.c.canonical_url)
            .limit(_GROUP)
        )
        return self.listed(list(self._connection.scalars(found)))

    def gone_at(self, canonical_url: str) -> str | None:
        """When the site was found to have an article no more, in UTC; None where it has it, as far as is known."""
        return self._connection.scalar(select(articles.c.gone_at).where(articles.c.canonical_url == canonical_url))

    def sentences(self, day: date) -> list[Sentence]:
        """The sentences that speak of a day: of the day itself first, then of the shortest periods that hold it."""
        text = day.isoformat()
        earliest = date.fromordinal(max(1, day.toordinal() - _LONGEST_PERIOD))
        begins = [
            # PostgreSQL takes no collation within BETWEEN.
            and_(_times.c.first_day >= earliest.isoformat(), _times.c.first_day <= text),
            _times.c.first_day.in_(_long_before(day)),
        ]
        span = func.julianday if self._connection.dialect.name == "sqlite" else _as_day
        width = span(_times.c.last_day) - span(_times.c.first_day)
        found: dict[tuple[str, str], Sentence] = {}
        columns = (_times.c.sentence, _times.c.text, _times.c.value, _times.c.first_day, _times.c.last_day)
        heading = (articles.c.canonical_url, articles.c.headline, articles.c.date_published)
        rows = self._connection.execute(
            select(*heading, *columns)
            .join(articles, articles.c.canonical_url == _times.c.canonical_url)
            .where(or_(*begins), _times.c.last_day >= text, _times.c.first_day <= text)
            .order_by(width, articles.c.date_published, _times.c.canonical_url, _times.c.position)
            .limit(_MOST_SENTENCES)
        )
        for row in rows:
            found.setdefault((row.canonical_url, row.sentence), Sentence(*row))
        return list(found.values())

    def days(self, since: str, until: str) -> list[DayCount]:
        """How many articles were published on each day that has any, by section, in order.

        Args:
            since: the first day.
            until: the last day.
        """
        day = func.substr(articles.c.date_published, 1, 10)
        counted = (
            select(day.label("day"), articles.c.section, func.count().label("number"))
            .where(articles.c.date_published >= since, articles.c.date_published < f"{until}~")
            .group_by(day, articles.c.section)
        )
        by_day: dict[str, dict[str, int]] = {}
        for row in self._connection.execute(counted):
            by_day.setdefault(row.day, {})[row.section or ""] = row.number
        return [DayCount(day, sum(counts.values()), counts) for day, counts in sorted(by_day.items())]

    def has_author(self, name: str) -> bool:
        """Whether anyone of that name has signed an article."""
        return bool(self._connection.scalar(select(exists().where(_authors.c.name == name))))

    def has_tag(self, name: str) -> bool:
        """Whether an article has that keyword."""
        return bool(self._connection.scalar(select(exists().where(_keywords.c.keyword == name))))


def _is_repetition(table: Any) -> ColumnElement[bool]:
    return and_(table.c.leader.is_not(None), table.c.leader != table.c.article)


def _as_day(column: Any) -> Any:
    return func.to_date(column, "YYYY-MM-DD")


def _long_before(day: date) -> list[str]:
    """The days with which the half-year, the year, the decade and the century begin that hold a day."""
    begins = {date(day.year, 1 if day.month < 7 else 7, 1)}
    begins |= {date(year, 1, 1) for year in (day.year, day.year // 10 * 10, day.year // 100 * 100) if year > 0}
    return sorted(begin.isoformat() for begin in begins)


def _filtered(statement: Select[Any], filters: Filters) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = []
    if filters.section is not None:
        wanted.append(articles.c.section == filters.section if filters.section else articles.c.section.is_(None))
    if filters.content_type is not None:
        wanted.append(articles.c.content_type == filters.content_type)
    if filters.month is not None:
        # '~' sorts after whatever follows the month in a date.
        bounds = and_(articles.c.date_published >= filters.month, articles.c.date_published < f"{filters.month}~")
        wanted.append(bounds if filters.month else articles.c.date_published.is_(None))
    for value, column in ((filters.author, _authors.c.name), (filters.tag, _keywords.c.keyword)):
        if value is not None:
            named = select(column.table.c.canonical_url).where(column == value)
            wanted.append(articles.c.canonical_url.in_(named))
    return statement.where(*wanted)
