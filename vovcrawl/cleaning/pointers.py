"""Words that point to other articles: "Xem thêm:", ">>", "Tin liên quan"."""

from __future__ import annotations

from vovcrawl.cleaning import rules

LONGEST_LABEL = 60
"""Characters of a line that announces other articles."""
BARE_ARROWS = "»>  "
_BEGINS_POINTERS = frozenset(">»")


def is_label(text: str) -> bool:
    """Whether a line announces other articles, and does nothing else: "Tin liên quan:"."""
    return len(text) <= LONGEST_LABEL and rules.in_use().label.fullmatch(text) is not None


def end_of_pointer(text: str) -> int:
    """Where the words end that announce links at the beginning of a line; 0 where there are none."""
    pointer = rules.in_use().pointer.match(text)
    return pointer.end() if pointer is not None else 0


def without_pointer(text: str) -> str:
    """The words of a link without those that only point to its article."""
    end = end_of_pointer(text)
    return text[end:] if end else text.lstrip(BARE_ARROWS)


def title_after_pointer(line: str) -> str | None:
    """What a line of a saved text says after ">>" or "Xem thêm:"; None where it begins with neither."""
    table = rules.in_use()
    if line[:1] not in _BEGINS_POINTERS and line[:1] not in table.first_of_pointers:
        return None
    match = table.title_pointer.match(line)
    return line[match.end() :] if match is not None else None
