"""What the tests of dates share."""

from __future__ import annotations

import pytest

from vovcrawl.dates.grammar import CONTINUING, GRAMMAR


@pytest.fixture(autouse=True, scope="session")
def compiled_rules() -> None:
    """Compiles every rule: an example that is the first to need many of them would miss the deadline of its test."""
    for grammar in (GRAMMAR, *CONTINUING.values()):
        for rule in grammar.rules:
            for name in ("regex", "captures", "after", "not_after", "before", "not_before"):
                getattr(rule, name)
