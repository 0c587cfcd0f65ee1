"""Kills are drawn beforehand, and the same seed draws the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture.kills import Campaign, Start, endure
from torture.plan import EVERY_KIND, FROM_OUTSIDE, OF_RESPONSES, WITHOUT_SERVER, Kill, plan, sparing, within
from torture.self_killing import Point
from torture.server import Moment
from torture.snapshot import Snapshot


def test_the_same_seed_kills_alike() -> None:
    assert plan(7, 100, 600) == plan(7, 100, 600) != plan(8, 100, 600)


@pytest.mark.parametrize("kills", [1, 8, 100])
def test_there_are_as_many_kills_as_wanted(kills: int) -> None:
    assert len(plan(1, kills, 600, 100)) == kills


def test_every_kind_of_kill_is_among_many() -> None:
    assert {kill.kind for kill in plan(1, 100, 600, 100)} == EVERY_KIND | {Point.CATCH_UP}


def test_a_crawl_that_keeps_its_responses_is_also_killed_while_it_writes_one() -> None:
    kinds = {kill.kind for kill in plan(1, 200, 600, 100, kinds=OF_RESPONSES)}
    assert kinds == EVERY_KIND | {Point.CATCH_UP, Point.RESPONSE}


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


@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
def test_a_kill_that_spares_the_first_page_comes_late_at_an_exact_point(kind: str) -> None:
    spared = sparing(Kill(kind, 1))
    assert spared.number > 1
    assert spared == sparing(spared)
    assert spared.kind != "by the clock"


@pytest.mark.parametrize(("kills", "is_spared"), [(1, False), (2, True)])
def test_a_page_that_two_kills_met_is_spared_the_third(kills: int, is_spared: bool) -> None:
    met = Snapshot({"a": "in flight"}, kills={"a": kills})

    class Crawler:
        def __init__(self) -> None:
            self.campaign = Campaign(Path())

        def start(self, kill: Kill | None = None, startup_s: float = 0.0) -> Start:
            self.campaign.starts.append(Start(0 if kill is None else -9, kill, (), met, met))
            return self.campaign.starts[-1]

    crawler = Crawler()
    endure(crawler, [Kill(Point.LINE, 1)] * 2, 1.0, pages=600)  # type: ignore[arg-type]
    second = Kill(Point.LINE, 2 if is_spared else 1)
    assert [start.kill for start in crawler.campaign.starts] == [Kill(Point.LINE, 1), second, None]
