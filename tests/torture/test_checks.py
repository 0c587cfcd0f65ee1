"""The checks of killed crawls see what they are there for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.report import Check
from tests.archives.exchanges import PAGE, exchange, warcs
from torture import checks
from torture.faults import Fault
from torture.kills import Campaign, Killed, Start
from torture.plan import Kill
from torture.responses import Responses
from torture.server import Asked, Moment
from torture.snapshot import Kept, Lines, Snapshot, read_lines
from vovcrawl.archives.warc_writing import ResponseArchive

A, B = "/xa-hoi/a-post1.vov", "/xa-hoi/b-post2.vov"
LISTING = "/xa-hoi"
KINDS = {A: "article", B: "article", LISTING: "listing"}
KILLED, COMPLETE = -9, 0
KILL = Kill(Moment.ANSWERED, 3)


def snapshot(**states: str) -> Snapshot:
    """A store in which `listing`, `a` and `b` stand so."""
    named = {"listing": LISTING, "a": A, "b": B}
    return Snapshot(
        {f"https://vov.vn{named[name]}": state for name, state in states.items()},
        {f"https://vov.vn{path}": kind for path, kind in KINDS.items()},
        is_unfinished=any(state in ("queued", "in flight") for state in states.values()),
    )


NOTHING = Snapshot()
LISTED = snapshot(listing="done", a="queued", b="queued")
A_READ = snapshot(listing="done", a="done", b="queued")
ALL_READ = snapshot(listing="done", a="done", b="done")


def start(status: int, before: Snapshot, after: Snapshot, *asked: str | Asked) -> Start:
    requests = tuple(Asked(one, answered=True) if isinstance(one, str) else one for one in asked)
    return Start(status, KILL if status == KILLED else None, requests, before, after)


def record(path: str, body: str = "Một câu.") -> dict[str, Any]:
    return {"canonical_url": f"https://vov.vn{path}", "body": body}


def kept(*records: Mapping[str, Any], lines: tuple[dict[str, Any], ...] | None = None, invalid: int = 0) -> Kept:
    stored = {one["canonical_url"]: dict(one) for one in records}
    return Kept(stored, Lines(tuple(stored.values()) if lines is None else lines, invalid))


BOTH = kept(record(A), record(B))


def crawl(*starts: Start, has_kept: Kept = BOTH, kills: int = 1) -> Killed:
    return Killed("a crawl", Campaign(Path(), list(starts)), kills, has_kept, BOTH)


GOOD = (
    start(KILLED, NOTHING, LISTED, checks.ROBOTS, LISTING, A),
    start(COMPLETE, LISTED, ALL_READ, checks.ROBOTS, A, B),
)


def test_a_crawl_that_lost_nothing_passes() -> None:
    assert [check for check in checks.all_checks(crawl(*GOOD)) if not check.reached] == []


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.every_kill_hit, crawl(*GOOD, kills=2)),
        (checks.ended_well, crawl(GOOD[0], start(3, LISTED, ALL_READ, checks.ROBOTS, A, B))),
        (checks.every_article_is_stored_once, crawl(*GOOD, has_kept=kept(record(A)))),
        (checks.every_article_is_stored_once, crawl(*GOOD, has_kept=kept(record(A), record(B), record("/c.vov")))),
        (checks.every_article_has_one_line, crawl(*GOOD, has_kept=kept(record(A), record(B), lines=(record(A),)))),
        (
            checks.every_article_has_one_line,
            crawl(*GOOD, has_kept=kept(record(A), record(B), lines=(record(A), record(B), record(A)))),
        ),
        (checks.every_line_is_whole, crawl(*GOOD, has_kept=kept(record(A), record(B), invalid=1))),
        (checks.stored_articles_are_as_undisturbed, crawl(*GOOD, has_kept=kept(record(A, "Một"), record(B)))),
        (
            checks.lines_are_as_undisturbed,
            crawl(*GOOD, has_kept=kept(record(A), record(B), lines=(record(A, "Một"), record(B)))),
        ),
        (checks.store_is_sound, crawl(start(KILLED, NOTHING, Snapshot(damage=("row 1 missing from index",))))),
        # A page that was finished.
        (checks.only_pages_in_flight_are_repeated, crawl(GOOD[0], start(COMPLETE, A_READ, ALL_READ, A, B))),
        # A page in flight at one kill, and asked for twice in the next start.
        (checks.only_pages_in_flight_are_repeated, crawl(GOOD[0], start(COMPLETE, LISTED, ALL_READ, A, B, A))),
        (checks.finished_sources_are_not_repeated, crawl(GOOD[0], start(COMPLETE, LISTED, ALL_READ, LISTING, A, B))),
        (checks.robots_is_asked_for_once_a_start, crawl(start(COMPLETE, NOTHING, LISTED, *[checks.ROBOTS] * 2))),
        (checks.every_start_gains, crawl(start(KILLED, LISTED, LISTED, checks.ROBOTS, A, B))),
        (
            checks.no_failure_without_a_fault,
            crawl(start(COMPLETE, LISTED, snapshot(listing="done", a="done", b="failed"), checks.ROBOTS, A, B)),
        ),
    ],
)
def test_a_crawl_that_went_wrong_is_seen(check: Callable[[Killed], Check], wrong: Killed) -> None:
    assert check(crawl(*GOOD)).reached
    assert not check(wrong).reached


def faulty(path: str, fault: Fault) -> Asked:
    return Asked(path, fault, answered=fault is not Fault.RESET)


def test_a_page_that_met_a_fault_may_be_asked_for_again_and_count_as_not_read() -> None:
    failed = snapshot(listing="done", a="done", b="failed")
    ended = start(3, LISTED, failed, checks.ROBOTS, A, *[faulty(B, Fault.RESET)] * 3)
    killed = crawl(GOOD[0], ended)
    assert checks.only_pages_in_flight_are_repeated(killed).reached
    assert checks.no_failure_without_a_fault(killed).reached


def test_a_slow_answer_is_no_reason_to_ask_again() -> None:
    ended = start(COMPLETE, LISTED, ALL_READ, checks.ROBOTS, faulty(A, Fault.SLOW), A, B)
    assert not checks.only_pages_in_flight_are_repeated(crawl(GOOD[0], ended)).reached


def test_a_finished_crawl_that_is_begun_anew_reads_its_sources_again() -> None:
    again = start(COMPLETE, snapshot(listing="done", a="done", b="failed"), ALL_READ, checks.ROBOTS, LISTING, B)
    killed = crawl(GOOD[0], again)
    assert checks.finished_sources_are_not_repeated(killed).reached
    assert checks.only_pages_in_flight_are_repeated(killed).reached


def test_a_start_that_was_killed_behind_its_first_answer_need_not_have_gained() -> None:
    assert checks.every_start_gains(crawl(start(KILLED, LISTED, LISTED, checks.ROBOTS, A))).reached


def test_a_torn_last_line_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "vov.jsonl").write_bytes(b'{"canonical_url": "a", "fetched_at": "2026"}\n{"canonical_url": "b"')
    assert read_lines(tmp_path) == Lines(({"canonical_url": "a"},), 1)


def with_responses(responses: Responses) -> list[str]:
    """The checks of kept responses that fail."""
    has_kept = kept({**record(A), "url": f"https://vov.vn{A}"})
    killed = replace(crawl(start(COMPLETE, NOTHING, ALL_READ), has_kept=has_kept), responses=responses)
    return [
        check.what
        for check in (
            checks.every_article_has_its_response(killed, responses),
            checks.responses_are_readable(killed, responses),
            checks.no_record_is_there_twice(killed, responses),
        )
        if not check.reached
    ]


@pytest.mark.parametrize(
    ("responses", "failing"),
    [
        (Responses(answered={f"https://vov.vn{A}"}), []),
        (Responses(answered={f"https://vov.vn{B}"}), ["articles without their response"]),
        (Responses(answered={f"https://vov.vn{A}"}, problems=["a"]), ["what warcio complains of"]),
        (Responses(answered={f"https://vov.vn{A}"}, ids=Counter("aa")), ["records that are there twice"]),
        (Responses(answered={f"https://vov.vn{A}"}, asked=Counter([("1", A)] * 2)), ["records that are there twice"]),
        (Responses(answered={f"https://vov.vn{A}"}, asked=Counter([("1", A), ("2", A)])), []),
    ],
    ids=["whole", "an article without", "unreadable", "a record twice", "a page twice in a run", "in two runs"],
)
def test_responses_that_are_lost_torn_or_repeated_are_seen(responses: Responses, failing: list[str]) -> None:
    assert with_responses(responses) == failing


def test_what_stands_in_a_folder_of_responses_is_seen(tmp_path: Path) -> None:
    archive = ResponseArchive(tmp_path, {})
    archive.write(exchange())
    archive.close()
    found = Responses.in_folder(tmp_path)
    assert (found.files, found.answered, found.ids.total(), found.problems) == (1, {PAGE}, 3, [])
    (path,) = warcs(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    (tmp_path / f"{path.name}.open").touch()
    assert len(Responses.in_folder(tmp_path).problems) == 2
