"""The grammar: which words make which meaning.

Every rule is a pattern (the language is described in patterns.py) and the meaning it makes (meanings.py). At each
place of a text the longest rule that fits wins; among equals the one read first, in the order of the files below. How
pieces join into one expression ("9h" + "sáng" + "thứ Năm" + "8/6"), ranges, lists and parentheses are in reading.py.
"""

from vovcrawl.dates.grammar import (
    clock,
    common,
    days,
    distances,
    lengths,
    lists,
    lookalikes,
    lunar,
    months,
    recurring,
    weekdays,
    weeks,
    years,
    zones,
)
from vovcrawl.dates.patterns import Patterns
from vovcrawl.dates.rules import Grammar, Rules

RULES: tuple[Rules, ...] = (
    clock.RULES,
    days.RULES,
    lunar.RULES,
    weekdays.RULES,
    weeks.RULES,
    months.RULES,
    years.RULES,
    distances.RULES,
    lengths.RULES,
    recurring.RULES,
    zones.RULES,
    lookalikes.RULES,
)
"""All rules, in their order of precedence."""

PATTERNS = Patterns({name: one for some in (common.RULES, *RULES) for name, one in some.definitions.items()})
"""The pattern language with every name that the files define."""

GRAMMAR = Grammar(RULES, PATTERNS)

CONTINUING = {kind: Grammar([rules], PATTERNS) for kind, rules in lists.CONTINUING.items()}
"""The grammars of the further members of a list or range, by what the first one is."""
