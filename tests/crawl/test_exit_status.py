"""Which exit status follows from what a crawl counted."""

from __future__ import annotations

import pytest

from vovcrawl.crawl.exit_status import (
    GONE_THOUGH_LISTED,
    GONE_THOUGH_LISTED_IN_A_ROW,
    ExitStatus,
    exit_status,
    pages_stat,
)
from vovcrawl.visits import Outcome


@pytest.mark.parametrize(
    ("articles", "gone", "in_a_row", "status"),
    [
        (100, 0, 0, ExitStatus.COMPLETE),
        (100, 2, 2, ExitStatus.COMPLETE),
        (0, 2, 2, ExitStatus.COMPLETE),
        (100, 3, 3, ExitStatus.INCOMPLETE),
        (54, 3, 1, ExitStatus.INCOMPLETE),
        (100, 4, 1, ExitStatus.COMPLETE),
        (100, 10, 2, ExitStatus.INCOMPLETE),
    ],
)
def test_several_listed_articles_that_are_gone_are_a_fault_of_the_site(
    articles: int, gone: int, in_a_row: int, status: int
) -> None:
    stats = {
        "finish_reason": "finished",
        "downloader/response_count": 1,
        pages_stat(Outcome.ARTICLE): articles,
        pages_stat(Outcome.GONE): gone,
        GONE_THOUGH_LISTED: gone,
        GONE_THOUGH_LISTED_IN_A_ROW: in_a_row,
    }
    assert exit_status(stats) == status
