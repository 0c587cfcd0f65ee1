"""When an input counts as slow."""

from __future__ import annotations

import pytest

from fuzz.budget import MOST, SHORT, Budget, Slow


def work(data: bytes) -> None:
    """Takes as long as its input says, by counting."""
    sum(range(len(data) * (10_000 if data.startswith(b"slow") else 20)))


def test_an_input_that_takes_its_fair_share_is_not_slow() -> None:
    budget = Budget(work, [b"x" * SHORT] * 5)
    assert budget.share(b"x" * SHORT, int(budget.nanoseconds_a_byte * SHORT)) == pytest.approx(1, rel=0.01)


def test_a_short_input_has_the_share_of_a_longer_one() -> None:
    budget = Budget(work, [b"x" * SHORT] * 5)
    assert budget.share(b"x", 1_000_000) == budget.share(b"x" * SHORT, 1_000_000)


def test_an_input_that_takes_far_more_is_slow() -> None:
    budget = Budget(work, [b"x" * SHORT] * 5)
    slow = b"slow" * (SHORT // 4)
    with pytest.raises(Slow):
        budget.check(slow, 10**12)
    assert budget.worst > MOST


def test_an_input_that_was_slow_once_is_no_finding() -> None:
    budget = Budget(work, [b"x" * SHORT] * 5)
    budget.check(b"x" * SHORT, 10**12)
    assert budget.worst < MOST


def test_a_fair_share_is_measured_by_the_yardstick() -> None:
    budget = Budget(lambda _: None, [b"x" * SHORT] * 5, work)
    assert budget.share(b"x" * SHORT, int(budget.nanoseconds_a_byte * SHORT)) == pytest.approx(1, rel=0.01)
    assert budget.nanoseconds_a_byte > Budget(lambda _: None, [b"x" * SHORT] * 5).nanoseconds_a_byte
