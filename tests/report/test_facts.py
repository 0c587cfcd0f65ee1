"""The numbers of a report are those of the store."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from tests.report.made import SMALL, article, facts_of, filled, keep
from tests.stores import open_store
from vovcrawl.crawl.window import Window
from vovcrawl.items import Author, Link, Related, TimeExpression
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.report.facts import DELAYS, DISTANCES, Facts
from vovcrawl.store import Database
from vovcrawl.store.report import Counted, Named
from vovcrawl.store.tables import articles, crawls, drift_checks, pages, runs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vov.sqlite"


@pytest.fixture
def store(path: Path) -> Database:
    """A new store; `facts` reads what was kept."""
    return open_store(path)


def facts(store: Database, path: Path, window: Window = Window()) -> Facts:  # noqa: B008 - it cannot change
    store.connection.commit()
    store.close()
    return facts_of(path, window)


def spoken(value: str, field: str = "body") -> TimeExpression:
    return TimeExpression(field, 0, 3, "Chữ", "DATE", value, None, False)


def test_articles_are_counted_by_day_and_section(store: Database, path: Path) -> None:
    keep(
        store,
        article(1, "2026-07-10T00:00:00+07:00"),
        article(2, "2026-07-10T23:59:00+07:00", section="the-gioi"),
        article(3, "2026-07-12T08:00:00+07:00"),
        article(4, None),
    )
    found = facts(store, path)
    assert found.days == {date(2026, 7, 10): 2, date(2026, 7, 12): 1}
    assert found.sections == [Named("xa-hoi", 3), Named("the-gioi", 1)]
    assert found.section_days["xa-hoi"] == {date(2026, 7, 10): 1, date(2026, 7, 12): 1}
    assert (found.totals.articles, found.totals.undated) == (4, 1)


def test_a_window_leaves_out_articles_of_other_days_and_those_without_a_date(store: Database, path: Path) -> None:
    keep(store, article(1, "2026-07-09T23:59:00+07:00"), article(2), article(3, "2026-07-11T00:00:00+07:00"))
    keep(store, article(4, None, authors=[Author("Lữ An", None, "Lữ An")]))
    window = Window(datetime(2026, 7, 10, tzinfo=VIETNAM), datetime(2026, 7, 11, tzinfo=VIETNAM))
    found = facts(store, path, window)
    assert found.days == {date(2026, 7, 10): 1}
    assert (found.totals.articles, found.authors) == (1, [])


def test_what_articles_lack_is_counted_field_by_field(store: Database, path: Path) -> None:
    keep(store, article(1, authors=[Author("Lữ An", None, "Lữ An")], keywords=["bão"]))
    keep(store, article(2, None, description=None, body="", section=None, warnings=["missing:body"]))
    found = facts(store, path)
    assert found.missing == Counter(
        {"images": 2, "related": 2, "time_expressions": 2}
        | dict.fromkeys(("authors", "keywords", "description", "body", "section", "date_published"), 1)
    )
    assert found.warnings == Counter({"missing:body": 1})


def test_authors_are_counted_once_an_article(store: Database, path: Path) -> None:
    an, bình = Author("Lữ An", None, "Lữ An"), Author("Lữ Bình", "VOV-Huế", "Lữ Bình/VOV-Huế")
    keep(store, article(1, authors=[an, bình]), article(2, authors=[bình, bình]))
    found = facts(store, path)
    assert found.authors == [Named("Lữ Bình", 2), Named("Lữ An", 1)]
    assert found.number_of_authors == 2


def test_lengths_are_counted_in_steps_of_500_characters(store: Database, path: Path) -> None:
    keep(store, article(1, body="a" * 499), article(2, body="a" * 500), article(3, body="ê" * 999))
    assert facts(store, path).lengths == [(0, 1), (1, 2)]


def test_near_duplicates_are_counted_by_group_with_their_leader(store: Database, path: Path) -> None:
    text = " ".join(f"chữ{number}" for number in range(200))
    copies = [article(number, f"2026-07-1{number}T08:00:00+07:00", body=text) for number in (1, 2, 3)]
    keep(store, *copies, article(4))
    found = facts(store, path)
    assert (found.group_sizes, found.duplicates) == (Counter({3: 1}), 2)
    assert found.groups == [Counted(copies[0].canonical_url, "Bài 1", copies[0].date_published, 2)]


def test_an_article_is_pointed_to_once_by_each_other_one(store: Database, path: Path) -> None:
    target = article(1)
    related = [Related(target.id, target.canonical_url, "Bài 1", None, "related")]
    links = [Link(target.canonical_url, "bài", 0, 3)]
    keep(store, target, article(2, related=related, links=links), article(3, links=links))
    assert facts(store, path).linked == [Counted(target.canonical_url, "Bài 1", target.date_published, 2)]


@pytest.mark.parametrize(
    ("seen", "step"),
    [("2026-07-10T01:30:00+00:00", 0), ("2026-07-10T03:00:00+00:00", 1), ("2026-09-01T00:00:00+00:00", 6)],
)
def test_an_edit_is_counted_by_its_delay(store: Database, path: Path, seen: str, step: int) -> None:
    keep(store, article(1))
    keep(store, article(1, headline="Bài mới"))
    store.connection.execute(update(articles).values(first_seen=seen))
    found = facts(store, path)
    assert found.delays == [int(place == step) for place in range(len(DELAYS) + 1)]


@pytest.mark.parametrize(
    ("value", "step"),
    [
        *(("2024-01-01", 0), ("2025-12-01", 1), ("2026-06-20", 2), ("2026-07-05", 3), ("2026-07-09", 4)),
        *(("2026-07-10", 5), ("2026", 5), ("2026-07-11", 6), ("2026-07-15", 7), ("2026-08", 8), ("2026-12", 9)),
        ("2028", 10),
    ],
)
def test_a_time_expression_is_counted_by_its_distance(store: Database, path: Path, value: str, step: int) -> None:
    # That of another article's lead says nothing of this one.
    related = [Related("post2", "https://vov.vn/a-post2.vov", "Tin khác", "Chữ", "related")]
    expressions = [spoken(value), spoken(value, "related.0.description")]
    keep(store, article(1, related=related, time_expressions=expressions))
    found = facts(store, path)
    assert found.distances == [int(place == step) for place in range(len(DISTANCES) + 1)]


def test_a_date_that_is_none_counts_as_such(store: Database, path: Path) -> None:
    keep(store, article(1, "2026-13-45T08:00:00+07:00"), article(2))
    found = facts(store, path)
    assert (found.odd_dates, found.days) == (1, {date(2026, 7, 10): 1})


def run(store: Database, number: int, status: int | None, begun: str, failed: int = 0) -> None:
    store.connection.execute(insert(crawls).values(id=number, arguments="{}", started_at=begun, seeded=True))
    end = begun if status is not None else None
    values = {"arguments": "{}", "started_at": begun, "ended_at": end, "exit_status": status, "failed": failed}
    store.connection.execute(insert(runs).values(id=number, crawl=number, **values))


def test_runs_are_counted_by_vietnamese_day_and_by_how_they_ended(store: Database, path: Path) -> None:
    run(store, 1, 0, "2026-07-09T18:00:00+00:00")
    run(store, 2, 4, "2026-07-10T10:00:00+00:00", failed=5)
    run(store, 3, None, "2026-07-10T18:00:00+00:00")
    found = facts(store, path)
    of_day = found.run_days[date(2026, 7, 10)]
    assert (of_day.runs, of_day.failed, of_day.failed_blocked) == (2, 5, 5)
    assert [each.id for each in found.last_runs] == [3, 2, 1]
    assert [each.id for each in found.bad_runs] == [3, 2]


def test_pages_that_are_unread_are_counted_by_what_came_of_the_visit(store: Database, path: Path) -> None:
    run(store, 1, 3, "2026-07-09T18:00:00+00:00")
    for place, (state, outcome) in enumerate((("failed", "blocked"), ("failed", "blocked"), ("done", "article"))):
        values = {"url": f"https://vov.vn/{place}", "kind": "article", "first_crawl": 1, "crawl": 1}
        moment = {"discovered_at": "", "changed_at": ""}
        store.connection.execute(insert(pages).values(state=state, outcome=outcome, **values, **moment))
    assert facts(store, path).unread == Counter({"blocked": 2})


def test_a_field_that_looked_otherwise_in_several_runs_is_named_once(store: Database, path: Path) -> None:
    for number in (1, 2):
        run(store, number, 7, f"2026-07-0{number}T10:00:00+00:00")
        finding = [{"field": "authors", "line": f"authors: {number}", "examples": ["https://vov.vn/a"]}]
        values = {"same": "{}", "reader_version": 5, "verdict": "changed", "findings": json.dumps(finding)}
        store.connection.execute(insert(drift_checks).values(run=number, **values))
    (drift,) = facts(store, path).drifts
    assert (drift.field, drift.line, drift.runs) == ("authors", "authors: 2", 2)
    assert (drift.first.date(), drift.last.date()) == (date(2026, 7, 1), date(2026, 7, 2))


def test_the_days_after_the_last_article_are_missing_where_a_whole_crawl_covers_them(
    store: Database, path: Path
) -> None:
    keep(
        store,
        *(article(day * 20 + place, f"2026-07-{day:02}T08:00:00+07:00") for day in range(1, 15) for place in range(9)),
    )
    values = {"arguments": "{}", "started_at": "", "seeded": True, "is_whole": True}
    store.connection.execute(insert(crawls).values(reckoned_at="2026-07-20T09:00:00+07:00", **values))
    (gap,) = facts(store, path).gaps
    assert (gap.first, gap.last) == (date(2026, 7, 15), date(2026, 7, 19))


def test_the_hole_and_the_change_of_an_invented_newspaper_are_found(path: Path) -> None:
    found = facts_of(filled(path))
    assert SMALL.hole is not None
    (gap,) = found.gaps
    assert (gap.first, gap.days) == SMALL.hole
    (uncovered,) = found.uncovered
    assert uncovered.end == datetime(2026, 1, 22, 17, tzinfo=UTC)
    assert {change.what for change in found.changes} == {
        "template:drupal-2022",
        "template:drupal-2026",
        "missing:authors",
    }
    assert {abs((change.day - date(2026, 2, 10)).days) <= 1 for change in found.changes} == {True}
    assert [drift.field for drift in found.drifts] == ["authors"]
