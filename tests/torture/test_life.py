"""Days of crawls by cron on a site that changes and fails: the short form of `make torture`."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture.life import KINDS, Kind, Life, judge

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("seed", "days", "kind"), [(3, 3, KINDS[0]), (8, 1, KINDS[1])], ids=["by sitemaps", "by listings"]
)
def test_whenever_a_run_says_0_all_is_there(tmp_path: Path, seed: int, days: int, kind: Kind) -> None:
    life = Life(seed, tmp_path, days=days, a_day=9, kind=kind)
    life.live()
    assert sum(run.status == 0 for run in life.runs) > 2
    assert [str(check) for check in judge(life, kind.name) if check.reached is False] == []
