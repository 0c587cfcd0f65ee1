"""The newspaper's end mark, "./.": as a rule a text closes with it, and the signature follows.

A sentence's own end may stand before it too: "ông!./.", "vui.”/.".
"""

from __future__ import annotations

import re

from vovcrawl.text import UPPER

_END_MARK = r"(?:(?P<end>[.!?…][”\"’»)\]]*+)\s*+\.?+|(?P<close>[”\"’»)\]]))(?:\s*+/\s*+\.)++"
_FINAL_MARK = re.compile(rf"(?<!\s)\s*+{_END_MARK}\s*+$")
_INNER_MARK = re.compile(rf"(?<=\w){_END_MARK}(?=\s[“\"‘]?+[{UPPER}])")
_LONGEST_MARK = 24
"""Characters of the mark with what stands before it, as long as it is not printed again and again."""
_LONGEST_END = 200
"""Characters at the end of a text in which it may be so."""


def _tail(text: str) -> int:
    """Where the end of a text begins that its last mark stands in."""
    return max(0, len(text.rstrip("/. ")) - _LONGEST_MARK, len(text) - _LONGEST_END)


def with_plain_end(text: str) -> str:
    """The end mark as a full stop; where the sentence has an end of its own, the mark is left out."""
    if "/" not in text[-_LONGEST_MARK:]:
        return text
    begin = _tail(text)
    return text[:begin] + _FINAL_MARK.sub(_plain, text[begin:])


def has_end_mark(text: str) -> bool:
    """Whether the end mark closes the text."""
    return "/" in text[-_LONGEST_MARK:] and _FINAL_MARK.search(text[_tail(text) :]) is not None


def inner_marks(text: str) -> list[tuple[int, int, str]]:
    """Where end marks stand between two sentences: first character, end, and what belongs in their place."""
    if "/." not in text and "/ ." not in text:
        return []
    return [(mark.start(), mark.end(), _plain(mark)) for mark in _INNER_MARK.finditer(text)]


def with_plain_marks(text: str) -> str:
    """As `with_plain_end`, and so the marks between two sentences."""
    marks = inner_marks(text)
    if marks:
        pieces: list[str] = []
        place = 0
        for start, end, plain in marks:
            pieces += [text[place:start], plain]
            place = end
        text = "".join([*pieces, text[place:]])
    return with_plain_end(text)


def _plain(mark: re.Match[str]) -> str:
    return mark["end"] or mark["close"] + "."
