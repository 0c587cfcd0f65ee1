"""Workers that are killed and replaced, and that keep a delay: the short form of `make torture`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgresql import server
from torture.workers import Visit, keep_delay, kill_workers, meetings


@pytest.mark.long
def test_of_workers_that_are_killed_and_replaced_nothing_is_lost(tmp_path: Path) -> None:
    store = server().new_store()
    checks = list(kill_workers(store, tmp_path, articles=120, workers=3, every_s=3.0, seed=5))
    assert [str(check) for check in checks if check.reached is False] == []


@pytest.mark.long
def test_workers_keep_one_delay_between_them(tmp_path: Path) -> None:
    store = server().new_store()
    checks = list(keep_delay(store, tmp_path, articles=10, workers=3, delay_s=0.5, seed=5))
    assert [str(check) for check in checks if check.reached is False] == []


def test_requests_meet_where_one_comes_before_another_is_answered() -> None:
    visits = [Visit("/a", 1.0, 1.5), Visit("/b", 1.4, 1.6), Visit("/c", 1.7, 2.0)]
    assert meetings(visits, ()) == ["/a was not answered yet when /b was asked for"]


def test_that_of_a_worker_that_was_killed_meets_nothing() -> None:
    visits = [Visit("/a", 1.0, 1.5), Visit("/b", 1.4, 1.6)]
    assert meetings(visits, [(1.1, 1.2)]) == []
    assert len(meetings(visits, [(0.8, 0.9)])) == 1
