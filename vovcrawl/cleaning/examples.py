"""The lines beside each rule, before it is applied and after: tried with the functions by which pages are read."""

from __future__ import annotations

from pathlib import Path

from vovcrawl.cleaning import rules
from vovcrawl.cleaning.blocks import TextBlock, clean_text
from vovcrawl.cleaning.credits import names_picture, split_credit
from vovcrawl.cleaning.lines import mark_of, without_prefix, without_suffix
from vovcrawl.cleaning.pointers import end_of_pointer, is_label, title_after_pointer
from vovcrawl.cleaning.rules import Rule, RuleError, Where

_TEXT = "Chợ họp từ tờ mờ sáng."


def applied(where: Where, line: str) -> str:
    """What the rules in use leave of a line that stands in a place; empty where it goes, or says what others are."""
    if where in (Where.BLOCK, Where.END):
        blocks = clean_text([TextBlock("paragraph", _TEXT), TextBlock("paragraph", line)]).blocks
        return "".join(block.text for block in blocks[1:])
    if where is Where.LEAD:
        return without_prefix(line)
    if where in (Where.HEADLINE, Where.PAGE_TITLE):
        return without_suffix(line, is_metadata=where is Where.PAGE_TITLE)
    if where is Where.CREDIT:
        return split_credit(line)[0] or ""
    if where is Where.PICTURE:
        return "" if names_picture(line) else line
    if where is Where.POINTER:
        return "" if is_label(line) else line[end_of_pointer(line) :]
    if where is Where.TITLE_POINTER:
        return title_after_pointer(line) or line
    return line if mark_of(line)[0] is None else ""


def check(rule: Rule) -> None:
    """Sees to it that a rule does what the lines beside it say.

    Raises:
        RuleError: it does not; the message says what it does instead.
    """
    with rules.only(rule):
        left = applied(rule.where, rule.before)
        if left != rule.after:
            raise RuleError(f'rule "{rule.name}": before, {rule.before!r}, becomes {left!r}, not {rule.after!r}')
        if rule.before == rule.after:
            raise RuleError(f'rule "{rule.name}": before and after are the same')
        for line in rule.stays:
            left = applied(rule.where, line)
            if left != line:
                raise RuleError(f'rule "{rule.name}": {line!r} is to stay, but becomes {left!r}')


def read_own(path: Path) -> tuple[Rule, ...]:
    """The rules of a user's own file, tried.

    Raises:
        RuleError: it cannot be read, or a rule is wrong or does not do what stands beside it.
    """
    found = rules.read_file(path)
    known = {rule.name for rule in rules.SHIPPED.rules}
    for rule in found:
        if rule.name in known:
            raise RuleError(f'rule "{rule.name}": one of the project\'s own has this name')
        check(rule)
    return tuple(found)
