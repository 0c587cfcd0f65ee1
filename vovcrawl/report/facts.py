"""What the report says, as numbers: gathered from a store in one view of it, in memory that does not grow with it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from vovcrawl.crawl.coverage import Hole, holes, span_of
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.report.changes import Change, changes
from vovcrawl.report.days import Gap, ThinDay, gaps, thin_days
from vovcrawl.store.crawls import whole_crawls
from vovcrawl.store.report import Counted, DayCount, Named, ReportStore, RunRow, Spoken, Totals
from vovcrawl.visits import Outcome

SECTIONS = 24
"""Sections that are shown one by one."""
AUTHORS = 15
LINKED = 15
GROUPS = 10
LAST_RUNS = 20
TEMPLATES = 6

DELAYS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168, 720))
"""Between these lie the steps of how long after publication an article was edited; the last step is beyond them."""

DISTANCES = (-365, -30, -7, -1, 0, 1, 2, 8, 31, 366)
"""Days from publication at which each step but the first begins: a year before and more, a month, a week, ..."""

_DAY = timedelta(days=1)
_SILENT_DAYS = 3
_SILENT_FROM = 15
"""So many articles of a section must be lacking: there are many sections and many days, and chance has its share."""
_COVERED_BY_GAPS = 0.5


@dataclass(frozen=True, slots=True)
class Silence:
    """Days in a row without an article of a section that has many before."""

    section: str | None
    gap: Gap
    goes_on: bool
    """Whether they last up to the last day of the store."""


@dataclass(slots=True)
class Drift:
    """A field that no longer looked as expected, in one run or in several in a row."""

    field: str
    line: str
    """Of the last of these runs, in English."""
    examples: tuple[str, ...]
    first: datetime
    last: datetime
    runs: int
    verdict: str


@dataclass(slots=True)
class RunDay:
    """The runs that began on a day of Vietnamese time."""

    runs: int = 0
    statuses: Counter[int | None] = field(default_factory=Counter)
    """By exit status; None is a run without an end."""
    failed: int = 0
    """Pages that their runs left unread."""
    failed_blocked: int = 0
    """Of these, those of runs that the site blocked."""


@dataclass(slots=True)
class Facts:
    """All numbers of a report. Days are those of Vietnamese time."""

    window: Window
    totals: Totals
    days: dict[date, int]
    odd_dates: int
    """Articles whose date is none."""
    sections: list[Named]
    section_days: dict[str | None, dict[date, int]]
    template_days: dict[str, dict[date, int]]
    kinds: list[Named]
    authors: list[Named]
    number_of_authors: int
    lengths: list[tuple[int, int]]
    missing: Counter[str]
    warnings: Counter[str]
    group_sizes: Counter[int]
    """How many groups have so many articles, the leader included."""
    groups: list[Counted]
    linked: list[Counted]
    delays: list[int]
    """Edits by step of `DELAYS`."""
    distances: list[int]
    """Time expressions by step of `DISTANCES`."""
    run_days: dict[date, RunDay]
    last_runs: list[RunRow]
    """The last first."""
    bad_runs: list[RunRow]
    """The last ones that did not end as they should, the last first."""
    unread: Counter[str]
    """Pages that are unread now, by what came of the last visit."""
    waiting: int
    drifts: list[Drift]
    gaps: list[Gap]
    thin_days: list[ThinDay]
    silences: list[Silence]
    uncovered: list[Hole]
    """Times that no whole crawl covers, between those that one does."""
    has_whole_crawls: bool
    changes: list[Change]
    """Of templates, missing fields and warnings; `what` is `template:X`, `missing:X` or the warning."""

    @property
    def first(self) -> date | None:
        """The first day with an article."""
        return min(self.days, default=None)

    @property
    def last(self) -> date | None:
        """The last day with an article."""
        return max(self.days, default=None)

    @property
    def is_sparse(self) -> bool:
        """Whether most days between the first and the last one have no article."""
        first, last = self.first, self.last
        return first is not None and last is not None and 2 * len(self.days) < (last - first).days + 1

    @property
    def duplicates(self) -> int:
        """How many articles nearly repeat an earlier one."""
        return sum((size - 1) * count for size, count in self.group_sizes.items())


def gather(connection: Connection, window: Window) -> Facts:
    """Reads all numbers of what was published within a window from an open store.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it cannot be read.
    """
    store = ReportStore(connection, window.start, window.end)
    sections = store.sections(SECTIONS)
    days, section_days, odd = _days_by_section(store.days_by_section(), {named.name for named in sections})
    templates = _by_what(store.days_by_template())
    missing, warnings = _by_what(store.days_by_missing_field()), _by_what(store.days_by_warning())
    spans = [span for crawl in whole_crawls(connection) if (span := span_of(crawl)) is not None]
    covered_until = max((span.end.astimezone(VIETNAM).date() - _DAY for span in spans), default=None)
    if covered_until is not None and window.end is not None:
        covered_until = min(covered_until, window.end.astimezone(VIETNAM).date() - _DAY)
    found_gaps = gaps(days, covered_until)
    runs = _Runs()
    for run in store.runs():
        runs.add(run)
    unread: Counter[str] = Counter()
    for each in store.unread():
        unread[each.outcome or Outcome.ERROR] += each.count
    return Facts(
        window=window,
        totals=store.totals(),
        days=days,
        odd_dates=odd,
        sections=sections,
        section_days=section_days,
        template_days={what: of_days for what, (of_days, _) in templates.items()},
        kinds=store.kinds(),
        authors=store.authors(AUTHORS),
        number_of_authors=store.number_of_authors(),
        lengths=store.lengths(),
        missing=Counter({what: count for what, (_, count) in missing.items()}),
        warnings=Counter({what: count for what, (_, count) in warnings.items()}),
        group_sizes=Counter(count + 1 for count in store.group_sizes()),
        groups=store.largest_groups(GROUPS),
        linked=store.most_linked(LINKED),
        delays=_delays((edit.published, edit.seen) for edit in store.edits()),
        distances=_distances(store.spoken_of()),
        run_days=dict(sorted(runs.days.items())),
        last_runs=list(reversed(runs.last)),
        bad_runs=list(reversed(runs.bad)),
        unread=unread,
        waiting=store.waiting(),
        drifts=_drifts(store),
        gaps=found_gaps,
        thin_days=thin_days(days),
        silences=_silences(section_days, days, found_gaps),
        uncovered=holes(spans, window),
        has_whole_crawls=bool(spans),
        changes=_changes(days, templates, missing, warnings),
    )


def day_of(text: str | None) -> date | None:
    """The day that a text such as `2026-03-12` names; None where it names none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


_OfDays = dict[date, int]


def _days_by_section(
    rows: Iterable[DayCount], shown: set[str | None]
) -> tuple[_OfDays, dict[str | None, _OfDays], int]:
    """Articles by day, by section and day, and how many have a date that is none."""
    days: Counter[date] = Counter()
    by_section: dict[str | None, Counter[date]] = {section: Counter() for section in shown}
    odd = 0
    for row in rows:
        day = day_of(row.day)
        if day is None:
            odd += row.count if row.day is not None else 0
            continue
        days[day] += row.count
        if row.what in by_section:
            by_section[row.what][day] += row.count
    return dict(sorted(days.items())), {section: dict(sorted(own.items())) for section, own in by_section.items()}, odd


def _by_what(rows: Iterable[DayCount]) -> dict[str, tuple[_OfDays, int]]:
    """By what articles share: how many there are of each day, and in all, those without a date included."""
    of_days: defaultdict[str, Counter[date]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for row in rows:
        what = row.what or ""
        total[what] += row.count
        day = day_of(row.day)
        if day is not None:
            of_days[what][day] += row.count
    return {what: (dict(of_days[what]), count) for what, count in total.most_common()}


def _delays(edits: Iterable[tuple[str, str]]) -> list[int]:
    found = [0] * (len(DELAYS) + 1)
    for published, seen in edits:
        at, then = from_iso(published), from_iso(seen)
        if at is not None and then is not None:
            found[bisect_right(DELAYS, then - at)] += 1
    return found


def _distances(rows: Iterable[Spoken]) -> list[int]:
    found = [0] * (len(DISTANCES) + 1)
    for row in rows:
        day, first, last = day_of(row.day), day_of(row.first_day), day_of(row.last_day)
        if day is None or first is None or last is None:
            continue
        distance = (first - day).days if first > day else (last - day).days if last < day else 0
        found[bisect_right(DISTANCES, distance)] += row.count
    return found


class _Runs:
    """Runs as they come: sums by day, and the last ones."""

    def __init__(self) -> None:
        self.days: dict[date, RunDay] = {}
        self.last: deque[RunRow] = deque(maxlen=LAST_RUNS)
        self.bad: deque[RunRow] = deque(maxlen=LAST_RUNS)

    def add(self, run: RunRow) -> None:
        begun = from_iso(run.started_at)
        if begun is None:
            return
        of_day = self.days.setdefault(begun.astimezone(VIETNAM).date(), RunDay())
        of_day.runs += 1
        of_day.statuses[run.exit_status] += 1
        of_day.failed += run.failed
        if run.exit_status == ExitStatus.BLOCKED:
            of_day.failed_blocked += run.failed
        self.last.append(run)
        if run.exit_status not in (ExitStatus.COMPLETE, ExitStatus.HELD):
            self.bad.append(run)


def _drifts(store: ReportStore) -> list[Drift]:
    """The fields that looked otherwise, each with the runs in which it did; the latest first."""
    found: dict[str, Drift] = {}
    for run in store.changed_runs():
        begun = from_iso(run.started_at)
        if begun is None:
            continue
        at = begun.astimezone(VIETNAM)
        for each in json.loads(run.findings):
            known = found.get(each["field"])
            values = (each["line"], tuple(each["examples"]))
            if known is None:
                found[each["field"]] = Drift(each["field"], *values, at, at, 1, run.verdict)
            else:
                known.line, known.examples = values
                known.last, known.runs, known.verdict = at, known.runs + 1, run.verdict
    return sorted(found.values(), key=lambda drift: (drift.first, drift.field), reverse=True)


def _silences(section_days: Mapping[str | None, _OfDays], days: _OfDays, found: list[Gap]) -> list[Silence]:
    """Sections that have nothing for days, although the newspaper has."""
    if not days:
        return []
    last = max(days)
    missing = {gap.first + place * _DAY for gap in found for place in range(min(gap.days, 10_000))}
    silent = []
    for section, own in section_days.items():
        for gap in gaps(own, last):
            covered = sum(gap.first + place * _DAY in missing for place in range(min(gap.days, 10_000)))
            is_long = gap.days >= _SILENT_DAYS and gap.expected >= _SILENT_FROM
            if is_long and covered < gap.days * _COVERED_BY_GAPS:
                silent.append(Silence(section, gap, goes_on=gap.last == last))
    return sorted(silent, key=lambda each: (-each.gap.expected, each.gap.first, each.section or ""))


_Parted = Mapping[str, tuple[_OfDays, int]]


def _changes(days: _OfDays, templates: _Parted, missing: _Parted, warnings: _Parted) -> list[Change]:
    def all_of() -> Iterator[Change]:
        for name, (of_days, _) in list(templates.items())[:TEMPLATES]:
            yield from changes(f"template:{name}", of_days, days)
        for name, (of_days, _) in missing.items():
            if name != "date_published":
                yield from changes(f"missing:{name}", of_days, days)
        for name, (of_days, _) in warnings.items():
            if not name.startswith("missing:"):
                yield from changes(name, of_days, days)

    return sorted(all_of(), key=lambda change: (change.day, change.what))
