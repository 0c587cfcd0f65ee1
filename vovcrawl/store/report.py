"""What the report shows, a function a figure: counts by day, section, author and the like, never whole articles.

Days are those of Vietnamese time, `2026-03-12`; None stands for articles without a date. What is counted is what was
published within the window, so that articles without a date count only where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    column,
    distinct,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
)

from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import UNFINISHED, articles, crawls, drift_checks, lists, pages, revisions, runs
from vovcrawl.visits import State

LENGTH_STEP = 500
"""Characters that a step of `ReportStore.lengths` spans."""

_LISTS = ("authors", "keywords", "images", "related", "time_expressions")
_SCALARS = ("description", "section", "date_published")
FIELDS = ("body", *_SCALARS, *_LISTS)
"""The fields whose absence is counted."""

_links = table("article_links", column("canonical_url"), column("target"))


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many articles of a day share something."""

    day: str | None
    what: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Named:
    """How many articles share something."""

    name: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """An article, with how many others point to it or nearly repeat it."""

    canonical_url: str
    headline: str
    date_published: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All articles of the window together."""

    articles: int
    undated: int
    first: str | None
    """`date_published` of the earliest one."""
    last: str | None
    characters: int
    """Of their bodies."""
    gone: int
    """Articles that the site has no more."""


@dataclass(frozen=True, slots=True)
class Delay:
    """An edit: when its article was published, and when the crawler saw the new text."""

    published: str
    seen: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many time expressions of articles of a day speak of a stretch of days."""

    day: str
    first_day: str
    last_day: str
    count: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """A process that crawled."""

    id: int
    started_at: str
    ended_at: str | None
    outcome: str | None
    exit_status: int | None
    requests: int
    new: int
    revised: int
    failed: int
    crawl: int | None


@dataclass(frozen=True, slots=True)
class ChangedRun:
    """A run whose pages did not look as expected."""

    run: int
    started_at: str
    verdict: str
    findings: str
    """As JSON, see `vovcrawl.store.drift`."""


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many pages a crawl left unread."""

    crawl: int
    outcome: str | None
    count: int


_RUN = tuple(field.name for field in fields(RunRow))


class ReportStore:
    """The figures of an open store.

    Args:
        connection: of the store.
        since: from when on articles and runs count; None is no limit.
        until: before when they count; None is no limit.
    """

    def __init__(self, connection: Connection, since: datetime | None = None, until: datetime | None = None) -> None:
        self._connection = connection
        own, started = articles.c, runs.c.started_at
        self._within: list[ColumnElement[bool]] = []
        self._runs_within: list[ColumnElement[bool]] = []
        if since is not None:
            self._within.append(own.date_published >= to_iso(since.astimezone(VIETNAM)))
            self._runs_within.append(started >= since.astimezone(UTC).isoformat())
        if until is not None:
            self._within.append(own.date_published < to_iso(until.astimezone(VIETNAM)))
            self._runs_within.append(started < until.astimezone(UTC).isoformat())
        # Written into the statement: PostgreSQL takes two parameters for two expressions, and groups by neither.
        self._day: ColumnElement[str | None] = func.substr(
            own.date_published, literal_column("1"), literal_column("10")
        )

    def totals(self) -> Totals:
        """All articles together."""
        own = articles.c
        found = select(
            func.count(),
            func.coalesce(func.sum(case((own.date_published.is_(None), 1), else_=0)), 0),
            func.min(own.date_published),
            func.max(own.date_published),
            func.coalesce(func.sum(func.length(own.body)), 0),
            func.count(own.gone_at),
        )
        return Totals(*self._one(found))

    def days_by_section(self) -> Iterator[DayCount]:
        """Articles by day and section."""
        return self._by_day(articles.c.section)

    def days_by_template(self) -> Iterator[DayCount]:
        """Articles by day and the template of their page."""
        return self._by_day(articles.c.template)

    def days_by_warning(self) -> Iterator[DayCount]:
        """Articles by day and warning."""
        warning = lists["warnings"].table.c
        joined = articles.join(lists["warnings"].table, warning.canonical_url == articles.c.canonical_url)
        found = select(self._day, warning.warning, func.count(distinct(warning.canonical_url))).select_from(joined)
        return self._rows(DayCount, found.group_by(self._day, warning.warning))

    def days_by_missing_field(self) -> Iterator[DayCount]:
        """Articles by day and each of `FIELDS` that they lack."""
        own = articles.c
        lacking: dict[str, ColumnElement[bool]] = {"body": own.body == ""}
        lacking |= {name: own[name].is_(None) for name in _SCALARS}
        for name in _LISTS:
            elements = lists[name].table
            lacking[name] = not_(exists().where(elements.c.canonical_url == own.canonical_url))
        sums = [func.sum(case((lacking[name], 1), else_=0)).label(name) for name in FIELDS]
        columns: list[ColumnElement[Any]] = [self._day.label("day"), *sums]
        statement = Prepared(self._connection, self._wanted(select(*columns)).group_by(self._day))
        for row in statement.stream():
            for name, count in zip(FIELDS, row[1:], strict=True):
                if count:
                    yield DayCount(row[0], name, count)

    def sections(self, most: int) -> list[Named]:
        """The sections with most articles."""
        own = articles.c.section
        return self._most(select(own, func.count().label("count")).group_by(own), own, most)

    def kinds(self) -> list[Named]:
        """Articles by content type, the most frequent first."""
        own = articles.c.content_type
        return self._most(select(own, func.count().label("count")).group_by(own), own)

    def authors(self, most: int) -> list[Named]:
        """The names that sign most articles."""
        own = lists["authors"].table.c
        count = func.count(distinct(own.canonical_url)).label("count")
        joined = articles.join(lists["authors"].table, own.canonical_url == articles.c.canonical_url)
        return self._most(select(own.name, count).select_from(joined).group_by(own.name), own.name, most)

    def number_of_authors(self) -> int:
        """How many names sign articles."""
        own = lists["authors"].table.c
        joined = articles.join(lists["authors"].table, own.canonical_url == articles.c.canonical_url)
        return int(self._one(select(func.count(distinct(own.name))).select_from(joined))[0])

    def lengths(self) -> list[tuple[int, int]]:
        """Articles by length of their bodies: the step of `LENGTH_STEP` characters that it lies in, and how many."""
        step = (func.length(articles.c.body) // LENGTH_STEP).label("step")
        inner = self._wanted(select(step)).subquery()
        found = select(inner.c.step, func.count()).group_by(inner.c.step).order_by(inner.c.step)
        return [(int(row[0]), int(row[1])) for row in self._connection.execute(found)]

    def group_sizes(self) -> Iterator[int]:
        """How many articles of the window nearly repeat an earlier one, group by group."""
        own = articles.c.duplicate_of
        found = self._wanted(select(func.count().label("count"))).where(own.is_not(None)).group_by(own)
        for row in Prepared(self._connection, found).stream():
            yield row[0]

    def largest_groups(self, most: int) -> list[Counted]:
        """The articles that most others nearly repeat."""
        own = articles.c.duplicate_of
        counted = select(own.label("url"), func.count().label("count")).where(own.is_not(None)).group_by(own)
        return self._with_headlines(self._wanted(counted), most)

    def most_linked(self, most: int) -> list[Counted]:
        """The articles that most others of the window point to."""
        count = func.count().label("count")
        counted = select(_links.c.target.label("url"), count).where(_links.c.target.is_not(None))
        if self._within:
            counted = counted.join(articles, articles.c.canonical_url == _links.c.canonical_url).where(*self._within)
        return self._with_headlines(counted.group_by(_links.c.target), most)

    def edits(self) -> Iterator[Delay]:
        """Each edit of an article with a date."""
        later = revisions.alias("later")
        joined = revisions.join(articles, articles.c.canonical_url == revisions.c.canonical_url).outerjoin(
            later,
            and_(later.c.canonical_url == revisions.c.canonical_url, later.c.number == revisions.c.number + 1),
        )
        seen = func.coalesce(later.c.first_seen, articles.c.first_seen).label("seen")
        found = select(articles.c.date_published, seen).select_from(joined)
        found = found.where(revisions.c.replaced_by == "edit", articles.c.date_published.is_not(None))
        return self._rows(Delay, found)

    def spoken_of(self) -> Iterator[Spoken]:
        """What the texts of each day speak of, without the leads of other articles that their pages show."""
        own = lists["time_expressions"].table.c
        joined = articles.join(lists["time_expressions"].table, own.canonical_url == articles.c.canonical_url)
        found = select(self._day, own.first_day, own.last_day, func.count()).select_from(joined)
        found = found.where(
            own.first_day.is_not(None), own.last_day.is_not(None), articles.c.date_published.is_not(None)
        )
        found = found.where(own.field.in_(("headline", "description", "body")))
        return self._rows(Spoken, found.group_by(self._day, own.first_day, own.last_day))

    def runs(self) -> Iterator[RunRow]:
        """The runs of the window, the first one first."""
        found = select(*(runs.c[name] for name in _RUN)).where(*self._runs_within).order_by(runs.c.id)
        return (RunRow(*row) for row in Prepared(self._connection, found).stream())

    def changed_runs(self) -> list[ChangedRun]:
        """The runs of the window whose pages did not look as expected, the first one first."""
        own = drift_checks.c
        found = (
            select(own.run, runs.c.started_at, own.verdict, own.findings)
            .join(runs, runs.c.id == own.run)
            .where(*self._runs_within, own.findings != "[]")
            .order_by(own.run)
        )
        return [ChangedRun(*row) for row in self._connection.execute(found)]

    def unread(self) -> list[UnreadCount]:
        """The pages that are unread now, by the crawl that came to them last and by what came of the visit."""
        own = pages.c
        found = select(own.crawl, own.outcome, func.count()).where(UNFINISHED, own.state == State.FAILED)
        found = found.group_by(own.crawl, own.outcome).order_by(own.crawl, own.outcome)
        return [UnreadCount(*row) for row in self._connection.execute(found)]

    def waiting(self) -> int:
        """How many pages unfinished crawls have still to visit."""
        own = pages.c
        unfinished = select(crawls.c.id).where(crawls.c.finished_at.is_(None))
        open_ones = or_(own.state == State.QUEUED, own.state == State.IN_FLIGHT)
        found = select(func.count()).select_from(pages).where(UNFINISHED, open_ones, own.crawl.in_(unfinished))
        return int(self._connection.execute(found).scalar_one())

    def _wanted(self, found: Select[Any]) -> Select[Any]:
        return found.where(*self._within)

    def _by_day(self, what: ColumnElement[Any]) -> Iterator[DayCount]:
        return self._rows(DayCount, select(self._day, what, func.count()).group_by(self._day, what))

    def _rows(self, made: Any, found: Select[Any]) -> Iterator[Any]:
        return (made(*row) for row in Prepared(self._connection, self._wanted(found)).stream())

    def _one(self, found: Select[Any]) -> Any:
        return self._connection.execute(self._wanted(found)).one()

    def _most(self, found: Select[Any], name: ColumnElement[Any], most: int | None = None) -> list[Named]:
        ordered = self._wanted(found).order_by(literal_column("count").desc(), name)
        return [Named(*row) for row in self._connection.execute(ordered if most is None else ordered.limit(most))]

    def _with_headlines(self, counted: Select[Any], most: int) -> list[Counted]:
        inner = counted.order_by(literal_column("count").desc(), literal_column("url")).limit(most).subquery()
        own = articles.c
        found = select(inner.c.url, own.headline, own.date_published, inner.c.count)
        found = found.join(articles, own.canonical_url == inner.c.url)
        ordered = found.order_by(inner.c.count.desc(), inner.c.url)
        return [Counted(*row) for row in self._connection.execute(ordered)]
