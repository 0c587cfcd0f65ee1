"""`scrapy runs`: the last crawls of a store, how they ended and what they brought; or the pages that are unread."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.exit_status import ExitStatus, how_it_ended
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.masking import masked
from vovcrawl.project_command import StoreCommand, print_lines
from vovcrawl.store import Database, DriftStore, Finding, Run, RunStore, StoreError, is_held, read_database
from vovcrawl.store.database import explain
from vovcrawl.store.drift import MOST_LINES
from vovcrawl.store.known import unread
from vovcrawl.store.workers import live_runs
from vovcrawl.text import shown

_LONGEST = 60
"""Letters of a run's arguments that are shown."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Command(StoreCommand):
    """Reads the store."""

    _number: int

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[-n NUMBER | --failed] [--json] [-s VOV_DATABASE=STORE]"

    def short_desc(self) -> str:
        """What `scrapy` shows beside the command."""
        return "Show the last crawls of the store"

    def long_desc(self) -> str:
        """What `scrapy runs -h` shows."""
        return (
            "Show the last crawls of the store, newest first: when they began, how long they took, what they brought, "
            "how they ended, and their arguments; or, with --failed, the pages that could not be read, and why. It may "
            "be asked while a crawl is going on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and which runs to show in what form."""
        super().add_options(parser)
        parser.add_argument("-n", dest="number", default="20", metavar="NUMBER", help="so many runs (default: 20)")
        parser.add_argument("--failed", action="store_true", help="the pages that are unread instead, all of them")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, times in UTC")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks how many runs are to be shown."""
        if not _NUMBER.fullmatch(opts.number):
            raise ArgumentError(f"-n: '{shown(opts.number)}' is not a whole number from 1 on")
        self._number = int(opts.number)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Shows the runs."""
        target = self._configuration.database
        try:
            if opts.failed:
                lines = _failed_lines(target, as_json=opts.json)
            else:
                runs, at_work, found = _read(target, self._number)
                lines = _json_lines(runs, at_work, found) if opts.json else _table(runs, at_work, found)
        except StoreError as error:
            self.leave(ExitStatus.STORE, str(error))
        print_lines(lines)


_Findings = Mapping[int, Sequence[Finding]]
"""By the number of a run: the fields that no longer looked as expected."""


_AtWork = Collection[int] | None
"""The runs that are at work; None where that cannot be known of the last one."""


def _read(target: str, number: int) -> tuple[list[Run], _AtWork, _Findings]:
    """The last runs, those that are still at work, and what was found on their pages."""
    database = read_database(target)
    try:
        store = RunStore(database.connection)
        runs = store.last(number)
        if database.is_on_server:
            # One that ends in between has ended.
            at_work = live_runs(database.connection)
            return (runs := store.last(number)), at_work, _findings(database, runs)
        while runs and runs[0].ended_at is None:
            held = is_held(target)
            # In between it may have come to its end, or another may have begun.
            seen, runs = runs, store.last(number)
            if runs[0].id == seen[0].id:
                return runs, None if held is None else [runs[0].id] * held, _findings(database, runs)
        return runs, (), _findings(database, runs)
    except SQLAlchemyError as error:
        raise StoreError(f"cannot read the store {database.name}: {explain(error)}") from None
    finally:
        database.close()


def _findings(database: Database, runs: list[Run]) -> _Findings:
    return DriftStore(database.connection).findings([run.id for run in runs])


def _failed_lines(target: str, *, as_json: bool) -> list[str]:
    """The pages that are unread, those that have been for the longest time first."""
    database = read_database(target)
    try:
        found = unread(database.connection)
    except SQLAlchemyError as error:
        raise StoreError(f"cannot read the store {database.name}: {explain(error)}") from None
    finally:
        database.close()
    if as_json:
        return [shown(json.dumps(asdict(page), ensure_ascii=False)) for page in found]
    if not found:
        return ["No page is unread."]
    rows = [("unread since", "asked last", "url", "reason")]
    rows += [(_local(page.unread_since), _local(page.visited_at), page.url, page.reason or "") for page in found]
    return [f"{since:<16}  {last:<16}  {shown(url)}  {shown(reason)}".rstrip() for since, last, url, reason in rows]


def _local(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}" if moment else _UNKNOWN


def _end(run: Run, goes_on: bool | None) -> str:
    """How a run ended, in words."""
    if run.ended_at is not None and run.exit_status is not None:
        return how_it_ended(run.exit_status, run.outcome)
    if goes_on:
        return "going on"
    # Also when the store failed and could take no end.
    return "killed" if goes_on is False else "killed or going on"


def _goes_on(run: Run, at_work: _AtWork, place: int) -> bool | None:
    """Whether a run is at work; None where that cannot be known."""
    if at_work is None:
        return None if place == 0 else False
    return run.id in at_work


def _json_lines(runs: list[Run], at_work: _AtWork, found: _Findings) -> list[str]:
    lines = []
    for place, run in enumerate(runs):
        counts = run.counts
        line = {
            "run": run.id,
            "crawl": run.crawl,
            "arguments": _arguments(run),
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "seconds": _seconds(run),
            "ended": _end(run, _goes_on(run, at_work, place)),
            "finish_reason": run.outcome,
            "exit_status": run.exit_status,
            "requests": counts.requests,
            "bytes": counts.bytes,
            "new": counts.new,
            "revised": counts.revised,
            "unchanged": counts.unchanged,
            "failed": counts.failed,
            "changed": [asdict(finding) for finding in found.get(run.id, ())],
        }
        lines.append(shown(json.dumps(line, ensure_ascii=False)))
    return lines


_HEADER = "started took new revised unchanged failed requests MB status end arguments".split()
_LEFT = frozenset({"started", "end", "arguments"})
_UNKNOWN = "-"


def _table(runs: list[Run], at_work: _AtWork, found: _Findings) -> list[str]:
    if not runs:
        return ["No crawl has held this store yet."]
    rows = [_HEADER, *(_row(run, _goes_on(run, at_work, place)) for place, run in enumerate(runs))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    lines = []
    for row, run in zip(rows, [None, *runs], strict=True):
        cells = [
            cell.ljust(width) if name in _LEFT else cell.rjust(width)
            for name, cell, width in zip(_HEADER, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
        if run is not None:
            lines += _changed(found.get(run.id, ()))
    return lines


def _changed(findings: Sequence[Finding]) -> list[str]:
    """What no longer looked as expected in a run, a line each, with the urls of pages that show it below."""
    lines = []
    for finding in findings[:MOST_LINES]:
        lines += [f"    {shown(finding.line)}", *(f"        {shown(url)}" for url in finding.examples)]
    if len(findings) > MOST_LINES:
        lines.append(f"    and {', '.join(shown(finding.field) for finding in findings[MOST_LINES:])}")
    return lines


def _row(run: Run, goes_on: bool | None) -> list[str]:
    counts = run.counts
    # Counts are written with the end.
    known = run.ended_at is not None
    numbers = [counts.new, counts.revised, counts.unchanged, counts.failed, counts.requests]
    return [
        f"{datetime.fromisoformat(run.started_at).astimezone():%Y-%m-%d %H:%M}",
        _duration(_seconds(run)),
        *(f"{number:,}" if known else _UNKNOWN for number in numbers),
        f"{counts.bytes / 1_000_000:,.1f}" if known else _UNKNOWN,
        str(run.exit_status) if run.exit_status is not None else _UNKNOWN,
        _end(run, goes_on),
        _short(run),
    ]


def _seconds(run: Run) -> int | None:
    if run.ended_at is None:
        return None
    # A clock may have been set back.
    took = datetime.fromisoformat(run.ended_at) - datetime.fromisoformat(run.started_at)
    return max(0, round(took.total_seconds()))


def _duration(seconds: int | None) -> str:
    if seconds is None:
        return _UNKNOWN
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _arguments(run: Run) -> dict[str, str]:
    given = json.loads(run.arguments)
    return {str(name): masked(str(value)) for name, value in given.items()}


def _short(run: Run) -> str:
    text = shown(" ".join(f"{name}={value}" for name, value in _arguments(run).items())) or "none"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
