"""What must hold of every rule, since texts are read sentence by sentence and rules are compiled one by one."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys

import pytest

from vovcrawl.dates import reading
from vovcrawl.dates.grammar import CONTINUING, GRAMMAR
from vovcrawl.dates.rules import Rule
from vovcrawl.dates.syllables import LOOSE

SENTENCE_END = LOOSE["."]
RULES = [rule for grammar in (GRAMMAR, *CONTINUING.values()) for rule in grammar.rules]
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@EACH_RULE
def test_what_a_rule_captures_is_what_its_function_takes(rule: Rule) -> None:
    known = {*inspect.signature(rule.make).parameters, "mod"} if rule.make is not None else set()
    assert {key for _, key, _ in rule.captures} <= known


@EACH_RULE
def test_no_rule_reads_across_the_end_of_a_sentence(rule: Rule) -> None:
    assert SENTENCE_END not in rule.regex.pattern


def is_at_the_edge(pattern: str, backwards: bool = False) -> bool:
    """Whether the end of a sentence is only ever the last thing that a guard reads; with `backwards`, the first."""
    symbols = re.findall(r"\\.|\[[^]]*\]|\(\?:|.", pattern)
    opening, closing = ("(?:", ")")
    if backwards:
        symbols.reverse()
        opening, closing = closing, opening
    for place, symbol in enumerate(symbols):
        rest = iter(symbols[place + 1 :] if symbol == SENTENCE_END else [])
        for following in rest:
            if following == "|":
                depth = 1
                while depth:
                    # The other alternatives do not follow this one.
                    other = next(rest, closing)
                    depth += (other == opening) - (other == closing)
            elif following not in (closing, "?"):
                return False
    return True


@EACH_RULE
def test_no_rule_looks_farther_than_the_sign_that_ends_the_sentence_before_or_its_own(rule: Rule) -> None:
    for guard in (rule.before, rule.not_before):
        assert guard is None or is_at_the_edge(guard.pattern)
    for guard in (rule.after, rule.not_after):
        assert guard is None or is_at_the_edge(guard.pattern.removesuffix("$"), backwards=True)


@pytest.mark.parametrize(
    ("pattern", "ahead", "back"), [("(?:a|!)b", False, True), ("a(?:b|!|c)", True, False), ("!", True, True)]
)
def test_an_end_of_sentence_within_a_guard_is_noticed(pattern: str, ahead: bool, back: bool) -> None:
    assert is_at_the_edge(pattern) is ahead
    assert is_at_the_edge(pattern, backwards=True) is back


def test_ranges_lists_and_explanations_end_with_their_sentence() -> None:
    for name in (
        "_RANGE",
        "_LIST",
        "_GLOSS_WORDS",
        "_SOLAR",
        "_SPOKEN_GLOSS",
        "_POINTING",
        "_LASTING",
        "_SINCE_AN_EVENT",
    ):
        assert SENTENCE_END not in getattr(reading, name).pattern


def test_the_grammar_is_loaded_with_the_first_text() -> None:
    program = (
        "import sys, vovcrawl.dates as dates\n"
        "assert 'vovcrawl.dates.grammar' not in sys.modules\n"
        "dates.find_dates('Hôm nay (8/6) trời mưa.')\n"
        "assert 'vovcrawl.dates.grammar' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
