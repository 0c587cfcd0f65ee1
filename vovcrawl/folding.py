"""The words of a text as a search compares them: without capitals and marks, and exactly as they are spelt.

Who types "da nang" means Đà Nẵng, and who types "bão" does not mean "báo". So every word has two forms. The folded one
has no marks at all, and đ is d. The spelling keeps them, but for the letter that carries the tone: "hoà" and "hòa" are
one spelling, and so are composed and decomposed letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 40
"""Characters of a word that are looked at: what is longer is no word, but could fill the index."""

WORD = re.compile(r"[^\W_]++(?:[\u0300-\u036f]++[^\W_]*+)*+")
"""A word: letters and digits, with marks that are characters of their own."""
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_NO_DECOMPOSITION = str.maketrans("đ", "d")

_REMEMBERED = 1 << 16
"""Words whose forms are remembered; Vietnamese writes some 7,000 syllables, the others are names and numbers."""


class Word(NamedTuple):
    """A word of a text."""

    start: int
    """Offset of its first character, in code points."""
    end: int
    folded: str
    spelling: str
    """Equal to `folded` where the word has no marks."""


def fold(text: str) -> str:
    """`text` without capitals and marks: "Đà Nẵng" becomes "da nang". Its length may be another one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_NO_DECOMPOSITION)


@lru_cache(_REMEMBERED)
def forms(word: str) -> tuple[str, str]:
    """The folded form and the spelling of one word."""
    folded = fold(word)
    if word.isascii():
        return folded[:LONGEST], folded[:LONGEST]
    tones: list[str] = []
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", word.casefold()):
        (tones if letter in _TONES else letters).append(letter)
    # "ﬁ" and "²" are no marks.
    spelling = unicodedata.normalize("NFKC", "".join(letters)) + "".join(tones)
    return folded[:LONGEST], spelling[:LONGEST]


def words(text: str) -> Iterator[Word]:
    """The words of a text in order: stretches of letters and digits."""
    for match in WORD.finditer(text):
        folded, spelling = forms(match[0])
        if folded:
            yield Word(match.start(), match.end(), folded, spelling)


@lru_cache(1)
def _letters() -> dict[str, str]:
    """Of each letter from a to z those that fold to it, as a class of characters has them."""
    found: dict[str, list[str]] = {}
    for code in (*range(0x30, 0x250), *range(0x1E00, 0x1F00), *range(0xFF10, 0xFF5B)):
        letter = chr(code)
        folded = fold(letter)
        if len(folded) == 1 and folded.isalnum():
            found.setdefault(folded, []).append(letter)
    return {folded: f"[{''.join(letters)}]" for folded, letters in found.items()}


def pattern_of(folded: str) -> str:
    """A regular expression for a word in any spelling, which is not the begin of a longer one."""
    letters = _letters()
    return "".join(f"{letters.get(letter) or re.escape(letter)}[\\u0300-\\u036f]*+" for letter in folded)
