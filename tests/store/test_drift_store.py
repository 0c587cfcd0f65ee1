"""What runs counted on their pages is kept for later ones, and forgotten in time."""

from __future__ import annotations

from sqlalchemy import func, select

from vovcrawl.store import Database, DriftStore, Finding, RunStore
from vovcrawl.store.drift import ACCEPTED, CHANGED, LAST, SOUND
from vovcrawl.store.tables import drift_counts

COUNTS = {("drupal", "", "headline: from h1"): (30, 29)}
DAILY, OTHER = '{"sections": "all"}', '{"sections": "xa-hoi"}'


def keep(database: Database, verdict: str = SOUND, *, same: str = DAILY, reader: int = 4, finds: str = "") -> int:
    run = RunStore(database.connection).begin(None, "{}")
    findings = [Finding(finds, f"{finds}: from h1 on 0 of 30 pages", ("https://vov.vn/a",))] if finds else []
    DriftStore(database.connection).keep(run, same, reader, verdict, COUNTS, findings)
    return run


def test_runs_of_the_same_kind_and_reader_are_known_the_latest_first(database: Database) -> None:
    first, second = keep(database), keep(database, CHANGED)
    keep(database, same=OTHER)
    keep(database, reader=5)
    found = DriftStore(database.connection).last(DAILY, 4)
    assert [(check.run, check.verdict, check.counts) for check in found] == [
        (second, CHANGED, COUNTS),
        (first, SOUND, COUNTS),
    ]
    assert [check.run for check in DriftStore(database.connection).last(DAILY, 4, second)] == [second]


def test_the_last_run_that_was_accepted_is_of_whatever_kind(database: Database) -> None:
    store = DriftStore(database.connection)
    assert store.accepted(4) is None
    keep(database, ACCEPTED)
    run = keep(database, ACCEPTED, same=OTHER)
    keep(database)
    found = store.accepted(4)
    assert found is not None
    assert (found.run, found.counts) == (run, COUNTS)
    assert store.accepted(5) is None


def test_counts_of_long_ago_are_forgotten_and_findings_are_not(database: Database) -> None:
    accepted = keep(database, ACCEPTED, finds="headline")
    old = keep(database, CHANGED, finds="body")
    for _ in range(LAST):
        keep(database)
    runs = database.connection.scalar(select(func.count(func.distinct(drift_counts.c.run))))
    assert runs == LAST + 1
    store = DriftStore(database.connection)
    assert store.accepted(4) is not None
    assert store.findings([accepted, old]) == {
        accepted: [Finding("headline", "headline: from h1 on 0 of 30 pages", ("https://vov.vn/a",))],
        old: [Finding("body", "body: from h1 on 0 of 30 pages", ("https://vov.vn/a",))],
    }
