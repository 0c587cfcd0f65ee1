"""Boilerplate in single lines: leads, headlines, whole paragraphs, lines of saved texts."""

from __future__ import annotations

from vovcrawl.cleaning import rules
from vovcrawl.cleaning.rules import Rule, Stripped, Where

_SUFFIX = "headline-suffix"
"""Name in `Stripped.rule` of what closes a headline."""
_LONGEST_SUFFIX = 60
_LONGEST_OF_A_FOOTER = 1_000


def without_prefix(
    text: str, field: str = "description", stripped: list[Stripped] | None = None, *, is_read: bool = False
) -> str:
    """A lead without the `VOV.VN - ` that opens it, which may stand there twice.

    Args:
        text: a clean line.
        field: the record's field that it is for.
        stripped: where what is taken off is written down.
        is_read: whether it was read before, and may begin with what only looks like a prefix: "VOV - đài của bạn" out
            of "VOV.VN - VOV - đài của bạn".
    """
    lead = rules.in_use().lead
    while text[:1] in lead.first and (match := lead.begins.match(text)) is not None:
        if is_read and lead.rule_of(match).once:
            break
        is_read = True
        if stripped is not None:
            stripped.append(Stripped(lead.rule_of(match).name, field, match[0]))
        text = text[match.end() :]
    return text


def has_prefix(text: str) -> bool:
    """Whether the line opens as only a lead does."""
    lead = rules.in_use().lead
    return text[:1] in lead.first and lead.begins.match(text) is not None


def without_suffix(headline: str, stripped: list[Stripped] | None = None, *, is_metadata: bool = False) -> str:
    """A headline without the newspaper's name after it; a heading that is nothing else stays.

    Args:
        headline: a clean line.
        stripped: where what is taken off is written down.
        is_metadata: whether it is from a page's title or metadata, which close with the name in more ways.
    """
    if "vov" not in headline[-_LONGEST_SUFFIX:].lower():
        return headline
    table = rules.in_use()
    suffix = table.title_suffix if is_metadata else table.headline_suffix
    tail = max(0, len(headline) - _LONGEST_SUFFIX)
    kept = headline
    while (match := suffix.search(kept, tail)) is not None and (match.start() or is_metadata):
        if stripped is not None:
            stripped.append(Stripped(_SUFFIX, "headline", match[0]))
        kept = kept[: match.start()]
    return kept


def is_boilerplate(block: str) -> Rule | None:
    """The rule that drops a whole paragraph of an article, wherever it stands in it; None for text."""
    rule = rules.in_use().block
    return rule.whole(block) if len(block) <= rule.longest else None


def mark_of(line: str) -> tuple[Where, Rule] | tuple[None, None]:
    """What a line of a saved text is, where it is none of the article's text, and by which rule.

    A line that the site prints around every article is `Where.LINE` or, where articles have it too, `Where.BLOCK`.
    """
    rule = rules.in_use().around.whole(line)
    if rule is not None:
        return rule.where, rule
    rule = in_footer(line)
    return (Where.FOOTER, rule) if rule is not None else (None, None)


def in_footer(line: str) -> Rule | None:
    """The rule whose words tell that a line is of the site's footer."""
    if len(line) <= _LONGEST_OF_A_FOOTER:
        for rule, mark, words in rules.in_use().footer_words:
            # Most lines lack the mark already; to look for it takes less than to write the line in small letters.
            if mark in line and words in line.lower():
                return rule
    return None
