"""What runs counted on their pages, by which later ones notice that the site has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from vovcrawl.store.database import commit
from vovcrawl.store.tables import drift_checks, drift_counts
from vovcrawl.text import encodable

SOUND, CHANGED, ACCEPTED = "as expected", "changed", "accepted"
"""What a check found: pages as expected; changed ones; changed ones that the owner takes for right."""

LAST = 30
"""Runs of a kind that are compared with, and whose counts are kept."""

MOST_LINES = 8
"""Findings of one run that are shown line by line."""

Key = tuple[str, str, str]
Counts = dict[Key, tuple[int, int]]
"""By template, content type and what was counted: on how many pages, and on how many of them it held."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A field that no longer looks as expected."""

    field: str
    line: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """The check of one run."""

    run: int
    verdict: str
    counts: Counts


class DriftStore:
    """The checks kept in an open store."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accepted(self, reader_version: int) -> Check | None:
        """The last run whose pages the owner took for right, by whatever arguments."""
        found = (
            select(drift_checks)
            .where(drift_checks.c.verdict == ACCEPTED, drift_checks.c.reader_version == reader_version)
            .order_by(drift_checks.c.run.desc())
            .limit(1)
        )
        row = self._connection.execute(found).first()
        return Check(row.run, row.verdict, self._counts([row.run])[row.run]) if row is not None else None

    def last(self, same: str, reader_version: int, after: int = 0) -> list[Check]:
        """The last checks of runs of this kind that were read by this reader, from run `after` on, latest first."""
        found = (
            select(drift_checks.c.run, drift_checks.c.verdict)
            .where(
                drift_checks.c.same == encodable(same),
                drift_checks.c.reader_version == reader_version,
                drift_checks.c.run >= after,
            )
            .order_by(drift_checks.c.run.desc())
            .limit(LAST)
        )
        rows = self._connection.execute(found).all()
        counts = self._counts([row.run for row in rows])
        return [Check(row.run, row.verdict, counts[row.run]) for row in rows]

    def _counts(self, numbers: Sequence[int]) -> dict[int, Counts]:
        found: dict[int, Counts] = {number: {} for number in numbers}
        for row in self._connection.execute(select(drift_counts).where(drift_counts.c.run.in_(numbers))):
            found[row.run][row.layout, row.content_type, row.what] = (row.pages, row.held)
        return found

    def keep(
        self,
        run: int,
        same: str,
        reader_version: int,
        verdict: str,
        counts: Mapping[Key, tuple[int, int]],
        findings: Iterable[Finding],
    ) -> None:
        """Keeps the check of a run and forgets the counts of long ago, committed at once."""
        written = [{"field": one.field, "line": one.line, "examples": list(one.examples)} for one in findings]
        self._connection.execute(
            insert(drift_checks).values(
                run=run,
                same=encodable(same),
                reader_version=reader_version,
                verdict=verdict,
                findings=encodable(json.dumps(written, ensure_ascii=False)),
            )
        )
        rows = [
            {"run": run, "layout": layout, "content_type": kind, "what": what, "pages": pages, "held": held}
            for (layout, kind, what), (pages, held) in counts.items()
        ]
        if rows:
            self._connection.execute(insert(drift_counts), rows)
        kept = (
            select(drift_checks.c.run)
            .where(drift_checks.c.same == encodable(same))
            .order_by(drift_checks.c.run.desc())
            .limit(LAST)
        )
        old = select(drift_checks.c.run).where(
            drift_checks.c.same == encodable(same),
            drift_checks.c.verdict != ACCEPTED,
            drift_checks.c.run.not_in(kept.scalar_subquery()),
        )
        self._connection.execute(delete(drift_counts).where(drift_counts.c.run.in_(old.scalar_subquery())))
        commit(self._connection)

    def findings(self, runs: Sequence[int]) -> dict[int, list[Finding]]:
        """What no longer looked as expected in these runs."""
        found = select(drift_checks.c.run, drift_checks.c.findings).where(drift_checks.c.run.in_(runs))
        return {
            row.run: [Finding(one["field"], one["line"], tuple(one["examples"])) for one in json.loads(row.findings)]
            for row in self._connection.execute(found)
        }
