"""Kills are drawn beforehand, and the same seed draws the same."""

from __future__ import annotations

import pytest

from torture.plan import EVERY_KIND, FROM_OUTSIDE, WITHOUT_SERVER, Kill, plan, within
from torture.self_killing import Point
from torture.server import Moment


def test_the_same_seed_kills_alike() -> None:
    assert plan(7, 100, 600) == plan(7, 100, 600) != plan(8, 100, 600)


@pytest.mark.parametrize("kills", [1, 8, 100])
def test_there_are_as_many_kills_as_wanted(kills: int) -> None:
    assert len(plan(1, kills, 600, 100)) == kills


def test_every_kind_of_kill_is_among_many() -> None:
    assert {kill.kind for kill in plan(1, 100, 600, 100)} == EVERY_KIND | {Point.CATCH_UP}


def test_the_first_two_meet_the_making_of_the_store() -> None:
    assert [kill.kind for kill in plan(1, 100, 600)[:2]] == [Point.STATEMENT] * 2


def test_a_crawl_without_a_server_is_not_killed_by_one() -> None:
    assert not {kill.kind for kill in plan(1, 100, 600, kinds=WITHOUT_SERVER)} & set(Moment)


def test_a_program_of_others_is_killed_from_outside_only() -> None:
    assert not {kill.kind for kill in plan(1, 100, 600, kinds=FROM_OUTSIDE)} & set(Point)


def test_no_kill_waits_for_an_article_before_there_is_one() -> None:
    early = plan(1, 100, 600, 300)[:50]
    assert not {kill.kind for kill in early} & {Point.COMMITTED, Point.LINE, Point.WRITTEN}


def test_a_feed_is_completed_only_behind_a_kill_that_left_a_line_out() -> None:
    kills = plan(1, 100, 600)
    completed = [place for place, kill in enumerate(kills) if kill.kind == Point.CATCH_UP]
    assert completed
    assert all(kills[place - 1].kind == Point.COMMITTED for place in completed)
    assert Kill(Point.CATCH_UP) in kills


def test_a_kill_comes_earlier_where_little_is_left() -> None:
    assert within(Kill(Moment.ANSWERED, 9, 0.01), pages=20, kills=10) == Kill(Moment.ANSWERED, 5, 0.01)
    assert within(Kill(Point.LINE, 9), pages=3, kills=10) == Kill(Point.LINE, 1)
    assert within(Kill(Point.LINE, 9), pages=600, kills=100) == Kill(Point.LINE, 9)
