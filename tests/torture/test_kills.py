"""A crawl that is killed with SIGKILL again and again: the short form of `make torture`."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture.checks import all_checks, every_kill_hit, faults_met
from torture.kills import ARCHIVE, KEEPING, LISTING, SITEMAP, Killed, Variant, kill_crawl

pytestmark = pytest.mark.long

ARTICLES = 40
KILLS = 8
SEED = 1


def kill(variant: Variant, folder: Path, faults: float = 0.0, articles: int = ARTICLES, kills: int = KILLS) -> Killed:
    """A killed crawl in its short form; most kills hit, though a slow machine may let one come too late."""
    killed = kill_crawl(variant, folder, articles=articles, kills=kills, seed=SEED, faults=faults)
    assert killed.campaign.kills > kills / 2
    assert len(killed.undisturbed.stored) == articles
    return killed


def broken(killed: Killed) -> list[str]:
    """What should hold of it and does not."""
    late = every_kill_hit(killed)
    return [f"{check}" for check in all_checks(killed) if check.reached is False and check != late]


def test_a_killed_crawl_of_listings_loses_nothing_and_repeats_only_what_was_in_flight(tmp_path: Path) -> None:
    assert broken(kill(LISTING, tmp_path)) == []


def test_a_killed_crawl_of_a_site_that_fails_now_and_then_loses_nothing_either(tmp_path: Path) -> None:
    killed = kill(SITEMAP, tmp_path, faults=0.15)
    assert list(faults_met(killed))
    assert broken(killed) == []


def test_a_killed_reading_of_saved_pages_loses_nothing(tmp_path: Path) -> None:
    # So many that other processes read them.
    assert broken(kill(ARCHIVE, tmp_path, articles=120)) == []


def test_a_crawl_that_keeps_its_responses_has_that_of_every_article_after_twenty_kills(tmp_path: Path) -> None:
    killed = kill(KEEPING, tmp_path, articles=60, kills=20)
    assert killed.responses is not None
    assert len(killed.responses.answered) > len(killed.kept.stored)
    assert broken(killed) == []
