"""When a crawl that comes to nothing is ended."""

from __future__ import annotations

import pytest

from vovcrawl.crawl.circuit_breaker import IN_A_ROW, CircuitBreaker
from vovcrawl.visits import Outcome


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.UNREACHABLE])
def test_it_opens_once_after_so_many_in_a_row(outcome: Outcome) -> None:
    breaker = CircuitBreaker()
    found = [breaker.record(outcome) for _ in range(IN_A_ROW + 5)]
    assert found == [None] * (IN_A_ROW - 1) + [outcome] + [None] * 5


def test_another_outcome_in_between_begins_the_count_anew() -> None:
    breaker = CircuitBreaker()
    row = [*[Outcome.BLOCKED] * (IN_A_ROW - 1), Outcome.ARTICLE, *[Outcome.BLOCKED] * (IN_A_ROW - 1)]
    assert not any(breaker.record(outcome) for outcome in row)


def test_a_server_s_errors_count_as_no_response() -> None:
    breaker = CircuitBreaker()
    found = [breaker.record(Outcome.UNREADABLE, 503) for _ in range(IN_A_ROW)]
    assert found[-1] is Outcome.UNREACHABLE


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.UNREADABLE, Outcome.ARTICLE])
def test_no_number_of_other_outcomes_opens_it(outcome: Outcome) -> None:
    breaker = CircuitBreaker()
    assert not any(breaker.record(outcome, 200) for _ in range(5 * IN_A_ROW))
