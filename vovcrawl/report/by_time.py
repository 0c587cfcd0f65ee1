"""The figures that have a line of time: days, sections, templates, changed pages and runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.report import charts
from vovcrawl.report.charts import Column
from vovcrawl.report.facts import Facts, RunDay
from vovcrawl.report.language import Language
from vovcrawl.report.parts import (
    Cell,
    Drawing,
    Figure,
    Key,
    Table,
    link,
    number_cell,
)
from vovcrawl.report.stretches import (
    MOST_MONTHS,
    MOST_PERIODS,
    begin_of,
    each_day,
    labels_of,
    labels_of_months,
    months_before,
    months_of,
    periods_of,
)
from vovcrawl.report.verdict import field_name, how_it_ended, moment_of, plain, section_name, unread_by_outcome
from vovcrawl.store.report import RunRow

_DAY = timedelta(days=1)

_YEARS = 10
"""Years whose days are drawn; those before them are in the table."""
_OPEN_YEARS = 2
"""Of these, so many are seen at once: more would push all else out of the first screen."""
_SECTION_MONTHS = 13
"""Months whose days are drawn for each section: a year, and the month that it began in."""
_TABLE_MONTHS = 24
_PARTS = 5
"""Templates that are told apart by colour."""

_COLOURS = tuple(f"var(--c{place})" for place in range(1, _PARTS + 2))


def days(facts: Facts, language: Language) -> Figure:
    """Articles per day, with the days that are missing."""
    figure = Figure("days", language("days"), [])
    first, last = facts.first, facts.last
    if first is None or last is None:
        return figure
    gap_days = {gap.first + place * _DAY for gap in facts.gaps for place in range(min(gap.days, 40_000))}
    marks = {thin.day: charts.THIN for thin in facts.thin_days} | dict.fromkeys(gap_days, charts.GAP)
    last_shown = max([last, *gap_days])
    years = sorted({day.year for day in facts.days} | {day.year for day in gap_days})
    drawn_years = years[-_YEARS:]
    steps = charts.steps_of(facts.days.values())
    drawings = {}
    for year in drawn_years:
        counts = {
            day: facts.days.get(day, 0)
            for day in each_day(max(first, date(year, 1, 1)), min(last_shown, date(year, 12, 31)))
        }
        svg = charts.calendar(counts, marks, steps, language)
        drawings[year] = Drawing(svg, language("year", year=str(year)))
    figure.drawings = [drawings[year] for year in drawn_years[-_OPEN_YEARS:]]
    folded = drawn_years[:-_OPEN_YEARS]
    if folded:
        figure.folded = [drawings[year] for year in reversed(folded)]
        figure.fold = language(
            "days_before", span="–".join(str(year) for year in dict.fromkeys((folded[0], folded[-1])))
        )
    busiest = max(facts.days, key=lambda day: (facts.days[day], day))
    figure.texts.append(language("days_text", day=language.day(busiest), n=facts.days[busiest]))
    if gap_days:
        figure.texts.append(language("days_text_gaps", n=sum(gap.days for gap in facts.gaps)))
    if facts.thin_days:
        figure.texts.append(language("days_text_thin"))
    older = sum(count for day, count in facts.days.items() if day.year < drawn_years[0])
    if older:
        figure.texts.append(language("days_older", n=older))
    figure.keys = _keys_of_steps(steps, language, has_gaps=bool(gap_days))
    figure.tables.append(_table_of_days(facts, language))
    return figure


def _keys_of_steps(steps: Sequence[int], language: Language, *, has_gaps: bool) -> list[Key]:
    keys = [Key("q0", language("legend_none"))]
    for place, step in enumerate(steps):
        level = charts.level_of(step, steps)
        end = steps[place + 1] - 1 if place + 1 < len(steps) else None
        text = (
            language.number(step)
            if end == step
            else f"{language.number(step)}{'+' if end is None else f'–{language.number(end)}'}"
        )
        keys.append(Key(f"q{level}", text))
    return keys + ([Key("gap", f"× {language('legend_gap')}")] if has_gaps else [])


def _table_of_days(facts: Facts, language: Language) -> Table:
    months: dict[tuple[int, int], dict[int, int]] = {}
    for day, count in facts.days.items():
        months.setdefault((day.year, day.month), {})[day.day] = count
    rows = []
    for (year, month), days in sorted(months.items())[-MOST_MONTHS:]:
        cells = [Cell(language.number(days[day]) if day in days else "", is_number=True) for day in range(1, 32)]
        rows.append([Cell(language.month_of(year, month)), *cells, number_cell(sum(days.values()), language)])
    return Table([language("month"), *map(str, range(1, 32)), language("total")], rows)


def sections(facts: Facts, language: Language) -> Figure:
    """Articles per day of each section."""
    figure = Figure("sections", language("sections"), [], is_wide=True)
    first, last = facts.first, facts.last
    if first is None or last is None:
        return figure
    months = list(months_of(max(first, months_before(last, _SECTION_MONTHS - 1)), last))
    begin = max(first, months[0])
    missing = {gap.first + place * _DAY for gap in facts.gaps for place in range(min(gap.days, 40_000))}
    shown = [named for named in facts.sections if facts.section_days.get(named.name)]
    for named in shown:
        own = facts.section_days[named.name]
        silent = [each for each in facts.silences if each.section == named.name]
        gaps = missing | {day for each in silent for day in each_day(max(begin, each.gap.first), each.gap.last)}
        counts = {day: own.get(day, 0) for day in each_day(begin, last)}
        note = language("section_count", n=named.count)
        if silent:
            gap = silent[0].gap
            note = f"{note}; {language('section_silent', span=language.span(gap.first, gap.last))}"
        svg = charts.small_calendar(months, counts, gaps, charts.steps_of(counts.values()))
        figure.drawings.append(Drawing(svg, section_name(named.name, language), note))
    figure.texts.append(language("sections_text", n=len(shown), first=language.day(begin), last=language.day(last)))
    figure.tables.append(_table_of_sections(facts, last, language))
    return figure


def _table_of_sections(facts: Facts, last: date, language: Language) -> Table:
    assert facts.first is not None
    months = list(months_of(max(facts.first, months_before(last, _TABLE_MONTHS - 1)), last))

    def row(name: str, days: Mapping[date, int], total: int) -> list[Cell]:
        by_month = Counter[date]()
        for day, count in days.items():
            by_month[day.replace(day=1)] += count
        return [Cell(name), *(number_cell(by_month[month], language) for month in months), number_cell(total, language)]

    rows = [
        row(section_name(named.name, language), facts.section_days.get(named.name, {}), named.count)
        for named in facts.sections
    ]
    others = Counter(facts.days)
    for days in facts.section_days.values():
        others.subtract(days)
    rest = facts.totals.articles - sum(named.count for named in facts.sections)
    if rest:
        rows.append(row(language("other_sections"), others, rest))
    head = [language("section"), *(language.month_of(month.year, month.month) for month in months), language("total")]
    return Table(head, rows)


def templates(facts: Facts, language: Language) -> Figure:
    """The templates of each month's articles."""
    figure = Figure("templates", language("templates"), [])
    if not facts.days:
        return figure
    months = list(months_of(min(facts.days), max(facts.days)))[-MOST_PERIODS:]
    by_total = sorted(facts.template_days, key=lambda name: (-sum(facts.template_days[name].values()), name))
    named = by_total[:_PARTS]
    parts = [_by_month([facts.template_days[name]]) for name in named]
    names = [plain(name, 40) for name in named]
    if len(by_total) > _PARTS:
        parts.append(_by_month([facts.template_days[name] for name in by_total[_PARTS:]]))
        names.append(language("template_other"))
    labels = labels_of_months(months, language)
    rows = [Column(tuple(part[month] for part in parts), labels.get(month, "")) for month in months]
    colours = _COLOURS[: len(parts)]
    figure.drawings.append(Drawing(charts.columns(rows, language, colours)))
    figure.keys = [Key(f"c{place}", name) for place, name in enumerate(names, 1)]
    figure.texts.append(language("templates_text"))
    cells = [
        [Cell(language.month_of(month.year, month.month)), *(number_cell(part[month], language) for part in parts)]
        for month in months
    ]
    figure.tables.append(Table([language("month"), *names], cells))
    return figure


def _by_month(of_days: Iterable[Mapping[date, int]]) -> Counter[date]:
    found: Counter[date] = Counter()
    for days in of_days:
        for day, count in days.items():
            found[day.replace(day=1)] += count
    return found


def drifts(facts: Facts, language: Language) -> Figure:
    """The fields that no longer looked as expected."""
    figure = Figure("drifts", language("drifts"), [language("drifts_text" if facts.drifts else "drifts_none")])
    figure.is_wide = bool(facts.drifts)
    rows = []
    for drift in facts.drifts:
        when = language("drift_runs", span=language.span(drift.first.date(), drift.last.date()), n=drift.runs)
        if drift.verdict == "accepted":
            when = f"{when}; {language('drift_accepted')}"
        example = [Cell(plain(url), link(url)) for url in drift.examples[:1]] or [Cell("")]
        rows.append([Cell(field_name(drift.field, language)), Cell(when), Cell(plain(drift.line, 400)), *example])
    if rows:
        head = [language("field"), language("when"), language("found"), language("example")]
        figure.lists.append(Table(head, rows))
    return figure


def runs(facts: Facts, language: Language) -> Figure:
    """The runs, how they ended, and what they left unread."""
    figure = Figure("runs", language("runs"), [])
    days = facts.run_days
    if not days:
        figure.texts.append(language("runs_none"))
        return figure
    statuses = sum((of_day.statuses for of_day in days.values()), Counter[int | None]())
    good = statuses[ExitStatus.COMPLETE] + statuses[ExitStatus.HELD]
    count = statuses.total()
    unit, periods = periods_of(min(days), max(days))
    sums: dict[date, RunDay] = {}
    for day, of_day in days.items():
        into = sums.setdefault(begin_of(day, unit), RunDay())
        into.failed += of_day.failed
        into.failed_blocked += of_day.failed_blocked
        into.runs += of_day.runs
    figure.texts.append(
        language(
            "runs_text", n=count, bad=count - good, blocked=statuses[ExitStatus.BLOCKED], unit=language(f"unit_{unit}")
        )
    )
    if facts.unread:
        listed = unread_by_outcome(facts, language)
        figure.texts.append(language("runs_unread_now", n=sum(facts.unread.values()), list=listed))
    labels = labels_of(periods, unit, language)
    shown = [(period, sums.get(period, RunDay())) for period in periods]
    if any(of_period.failed for _, of_period in shown):
        rows = [
            Column((each.failed_blocked, each.failed - each.failed_blocked), labels.get(period, ""))
            for period, each in shown
        ]
        figure.drawings.append(Drawing(charts.columns(rows, language, ("var(--gap)", "var(--bar)"))))
        figure.keys = [Key("gap", language("blocked_part")), Key("bar", language("failed_part"))]
        cells = [
            [
                Cell(language.day(period)),
                *(number_cell(n, language) for n in (each.runs, each.failed_blocked, each.failed)),
            ]
            for period, each in shown
            if each.runs
        ]
        head = [language("when"), language("runs"), language("blocked_part"), language("run_failed")]
        figure.tables.append(Table(head, cells))
    else:
        figure.texts.append(language("runs_all_read"))
    figure.tables.append(_table_of_runs(facts.last_runs, language("run_last"), language))
    if facts.bad_runs:
        figure.tables.append(_table_of_runs(facts.bad_runs, language("run_bad"), language))
    return figure


def _table_of_runs(runs: Sequence[RunRow], caption: str, language: Language) -> Table:
    head = [language(f"run_{name}") for name in ("begun", "end", "new", "revised", "failed", "requests")]
    rows = [
        [
            Cell(moment_of(run.started_at, language)),
            Cell(how_it_ended(run, language)),
            *(number_cell(count, language) for count in (run.new, run.revised, run.failed, run.requests)),
        ]
        for run in runs
    ]
    return Table(head, rows, caption)
