"""What the numbers come to, in words: whether the store is whole, what is missing, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from vovcrawl import sections
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.report.changes import Change
from vovcrawl.report.facts import Facts
from vovcrawl.report.language import Language, messages
from vovcrawl.store.report import RunRow
from vovcrawl.text import shown

BAD, CHANGED, NOTE = "bad", "changed", "note"

_FIRST = 3
"""Points that stand before the calendar, so that both fit into a telephone's screen."""
_NAMED = 3
"""Of several of a kind, so many are named."""
_LONGEST = 160
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a reader should know."""

    kind: str
    """`BAD`: something is missing; `CHANGED`: pages are otherwise than before; `NOTE`."""
    text: str
    figure: str
    """Id of the figure that shows it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all comes to."""

    headline: str
    summary: list[str]
    points: list[Point]

    @property
    def first(self) -> list[Point]:
        """The points that come first."""
        return self.points[:_FIRST]

    @property
    def others(self) -> list[Point]:
        """The points after those."""
        return self.points[_FIRST:]


def judge(facts: Facts, language: Language) -> Verdict:
    """The verdict on a store."""
    points = [
        *_gaps(facts, language),
        *_drifts(facts, language),
        *_changes(facts, language),
        *_uncovered(facts, language),
        *_silences(facts, language),
        *_thin_days(facts, language),
        *_unread(facts, language),
        *_last_run(facts, language),
        *_dates(facts, language),
    ]
    return Verdict(_headline(facts, points, language), list(_summary(facts, language)), points)


def plain(text: str | None, longest: int = _LONGEST) -> str:
    """A text from outside on one line, with what would steer a reader's screen shown, and cut."""
    line = shown(" ".join((text or "").split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def section_name(section: str | None, language: Language) -> str:
    """A section as the menu spells it; one that it does not have by its slug."""
    return plain(sections.name_of(section) or section, 40) if section else language("section_none")


def how_it_ended(run: RunRow, language: Language) -> str:
    """How a run ended, in words."""
    status = run.exit_status
    if run.ended_at is None or status is None:
        return language("end_none")
    if status > 128:
        return language("end_signal")
    return language(f"end_{status}") if f"end_{status}" in messages() else language("end_other", status=str(status))


def moment_of(text: str, language: Language) -> str:
    """A time of the store in Vietnamese time; as it stands where it is none."""
    moment = from_iso(text)
    return plain(text) if moment is None else language.moment(moment.astimezone(VIETNAM))


def field_name(field: str, language: Language) -> str:
    """A field in the reader's words; what pages are compared by that is none of the record as it is called there."""
    name = f"field_{field}"
    return language(name) if name in messages() else plain(field, 40)


def outcome_name(outcome: str, language: Language) -> str:
    """What came of a visit that left its page unread."""
    name = f"outcome_{outcome}"
    return language(name if name in messages() else "outcome_other")


def _headline(facts: Facts, points: Sequence[Point], language: Language) -> str:
    if not facts.totals.articles:
        return language("empty" if facts.window.is_open else "empty_window")
    if not facts.days:
        return language("undated_only")
    missing = sum(gap.days for gap in facts.gaps)
    if missing:
        verdict = language("not_whole", n=missing)
    elif facts.is_sparse:
        verdict = language("sparse")
    else:
        needs_a_look = any(point.kind != CHANGED for point in points)
        verdict = language("nearly_whole" if needs_a_look else "whole")
    return language("and_changed", verdict=verdict) if any(point.kind == CHANGED for point in points) else verdict


def _summary(facts: Facts, language: Language) -> Iterator[str]:
    first, last = facts.first, facts.last
    dated = sum(facts.days.values())
    if first is not None and last is not None:
        if first == last:
            yield language("summary_one_day", n=dated, first=language.day(first))
        else:
            rate = dated / len(facts.days)
            written = language.number(rate, 0 if rate >= 10 else 1)
            yield language("summary", n=dated, first=language.day(first), last=language.day(last), rate=written)
    if facts.totals.undated:
        yield language("also_undated" if dated else "summary_undated", n=facts.totals.undated)
    window = facts.window
    if not window.is_open:
        since = _day_of(window.start, language)
        until = _day_of(window.end, language, before=True)
        name = "window_from_to" if since and until else "window_from" if since else "window_to"
        yield language("window", span=language(name, since=since, until=until))


def _day_of(moment: datetime | None, language: Language, *, before: bool = False) -> str:
    if moment is None:
        return ""
    at = moment.astimezone(VIETNAM)
    if before:
        return language.day((at - timedelta(microseconds=1)).date())
    return language.day(at.date()) if (at.hour, at.minute) == (0, 0) else language.moment(at)


def _listed(parts: Iterable[str], language: Language, most: int = _NAMED) -> str:
    found = list(parts)
    more = len(found) - most
    return ", ".join(found[:most] + ([language("and_more", n=more)] if more > 0 else []))


def _gaps(facts: Facts, language: Language) -> Iterator[Point]:
    if facts.gaps:
        largest = sorted(facts.gaps, key=lambda gap: (-gap.expected, gap.first))[:_NAMED]
        # In their order, the largest of all first only where not all are named.
        named = sorted(largest, key=lambda gap: gap.first) + [gap for gap in facts.gaps if gap not in largest]
        parts = (language("gap", span=language.span(gap.first, gap.last), n=gap.expected) for gap in named)
        yield Point(BAD, language("gaps", list=_listed(parts, language)), "days")


def _drifts(facts: Facts, language: Language) -> Iterator[Point]:
    by_day = sorted(facts.drifts, key=lambda drift: drift.first.date(), reverse=True)
    for day, drifts in groupby(by_day, key=lambda drift: drift.first.date()):
        fields = _listed((field_name(drift.field, language) for drift in drifts), language)
        yield Point(CHANGED, language("drift", day=language.day(day), list=fields), "drifts")


def _changes(facts: Facts, language: Language) -> Iterator[Point]:
    for day, found in reversed([(day, list(them)) for day, them in groupby(facts.changes, key=lambda each: each.day)]):
        yield _change_point(day, found, language)


def _change_point(day: date, found: Sequence[Change], language: Language) -> Point:
    templates = [change for change in found if change.what.startswith("template:")]
    before = ", ".join(_template(change) for change in templates if change.rise < 0)
    after = ", ".join(_template(change) for change in templates if change.rise > 0)
    parts = []
    if templates:
        name = "changed_template" if before and after else "changed_to_template" if after else "changed_from_template"
        parts.append(language(name, before=before, after=after))
    for change in found:
        if change not in templates:
            shares = {"before": language.percent(change.before), "after": language.percent(change.after)}
            parts.append(language("changed_share", what=_what(change.what, language), **shares))
    name = "changed" if templates else "changed_data"
    return Point(CHANGED, language(name, day=language.day(day), list=_listed(parts, language, 4)), "templates")


def _template(change: Change) -> str:
    return plain(change.what.removeprefix("template:"), 30)


def _what(what: str, language: Language) -> str:
    field = what.removeprefix("missing:")
    return language("lacking", field=field_name(field, language)) if field != what else plain(what, 40)


def _uncovered(facts: Facts, language: Language) -> Iterator[Point]:
    if facts.uncovered:
        spans = (
            f"{language.moment(hole.start.astimezone(VIETNAM))} – {language.moment(hole.end.astimezone(VIETNAM))}"
            for hole in facts.uncovered
        )
        yield Point(NOTE, language("uncovered", list=_listed(spans, language)), "runs")
    elif not facts.has_whole_crawls and facts.totals.articles:
        yield Point(NOTE, language("no_whole_crawl"), "runs")


def _silences(facts: Facts, language: Language) -> Iterator[Point]:
    if facts.silences:
        parts = []
        for silence in facts.silences:
            section, gap = section_name(silence.section, language), silence.gap
            if silence.goes_on:
                parts.append(language("silence_since", section=section, day=language.day(gap.first)))
            else:
                parts.append(language("silence", section=section, span=language.span(gap.first, gap.last)))
        yield Point(NOTE, language("silences", list=_listed(parts, language)), "sections")


def _thin_days(facts: Facts, language: Language) -> Iterator[Point]:
    if facts.thin_days:
        days = (language("thin_day", day=language.day(thin.day), n=thin.count) for thin in facts.thin_days)
        yield Point(NOTE, language("thin", n=len(facts.thin_days), list=_listed(days, language)), "days")


def _unread(facts: Facts, language: Language) -> Iterator[Point]:
    count = sum(facts.unread.values())
    if count:
        yield Point(NOTE, language("unread", n=count, list=unread_by_outcome(facts, language)), "runs")
    if facts.waiting:
        yield Point(NOTE, language("waiting", n=facts.waiting), "runs")


def unread_by_outcome(facts: Facts, language: Language) -> str:
    """How many pages are unread now, by what came of the last visit."""
    found = sorted(facts.unread.items(), key=lambda each: (-each[1], each[0]))
    return _listed((f"{outcome_name(name, language)} {language.number(count)}" for name, count in found), language, 6)


def _last_run(facts: Facts, language: Language) -> Iterator[Point]:
    if facts.last_runs:
        run = facts.last_runs[0]
        if run.exit_status not in (ExitStatus.COMPLETE, ExitStatus.HELD, ExitStatus.CHANGED):
            end = how_it_ended(run, language)
            yield Point(NOTE, language("last_run_bad", moment=moment_of(run.started_at, language), end=end), "runs")


def _dates(facts: Facts, language: Language) -> Iterator[Point]:
    if facts.odd_dates:
        yield Point(NOTE, language("odd_dates", n=facts.odd_dates), "missing")
