"""A text as a row of syllables, each one a single character.

Vietnamese writes every syllable apart, so a grammar of words is a grammar of syllables. Each syllable that the
grammar knows gets a character of its own, numbers get one by size, everything else one for "some word"; patterns over
that short row are fast, and never see spelling. What the text looked like (composed or decomposed letters, the place
of a tone mark, capitals, odd blanks) ends here; offsets lead back to the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SMALL = "M"
"""A number from 1 to 12: what can be a month."""
DAY = "D"
"""A number from 13 to 31: what can be a day only."""
ZERO = "0"
MINUTE = "N"
"""A number from 32 to 59."""
TENS = "S"
"""A number from 60 to 99."""
YEAR = "Y"
"""Four digits, 1000 to 2999."""
LONG = "C"
"""Any other number of up to four digits."""
HUGE = "Z"
"""More digits than four."""
DIGITS = ZERO + SMALL + DAY + MINUTE + TENS + YEAR + LONG + HUGE
WORD = "x"
NAME = "X"
"""A word that the grammar does not know, with a capital."""
TIGHT = {"-": "-", "–": "-", "—": "-", "−": "-", ".": ".", ",": "d"}
"""A dash, dot or comma between two digits with no blank: `8-6`, `8.6`, `2,5`."""
LOOSE = {
    "–": "~",
    "—": "~",
    "−": "~",
    "-": "~",
    ".": "!",
    "?": "!",
    "!": "!",
    "…": "!",
    "\n": "!",
    "’": "'",
    "′": "'",
    "＂": '"',
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "‘": '"',
}
"""Other punctuation that is not spelt as itself; `!` ends a sentence."""

_FIRST_CODE = 0xE000
_TONES = [
    (first + tone + second, first + second + tone)
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for tone in "\u0300\u0301\u0303\u0309\u0323"
]
"""The two places of a tone mark in an open syllable, decomposed."""


_FINAL_Y = re.compile("(?:(?<=[bcdđghklmnprstvx])|(?<=qu))y([\u0300-\u036f]?)$")


class Vocabulary:
    """The syllables that the grammar knows, and their characters."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.syllables: dict[str, str] = {}
        for number in range(10000):
            self.codes[str(number)] = _number_code(number, len(str(number)))
        for number in range(100):
            self.codes[f"{number:02}"] = _number_code(number, 2)
            self.codes[f"{number:03}"] = LONG

    def code(self, syllable: str) -> str:
        """The character of a syllable in lower case; a new one where it has none yet."""
        known = self.codes.get(syllable)
        if known is None:
            known = chr(_FIRST_CODE + len(self.syllables))
            self.syllables[known] = syllable
            for spelling in _spellings(syllable):
                self.codes.setdefault(spelling, known)
        return known

    def spell(self, row: str) -> str:
        """The words of a row of characters."""
        return " ".join(self.syllables.get(code, code) for code in row)


def _number_code(number: int, digits: int) -> str:
    if digits == 4:
        return YEAR if 1000 <= number <= 2999 else LONG
    if digits == 3:
        return LONG
    if number == 0:
        return ZERO
    if number <= 12:
        return SMALL
    if number <= 31:
        return DAY
    return MINUTE if number <= 59 else TENS


def _spellings(syllable: str) -> set[str]:
    """A syllable with its tone mark in either place (`hoà`, `hòa`), and with i for y at its end (`kỷ`, `kỉ`)."""
    apart = unicodedata.normalize("NFD", syllable)
    found = {syllable}
    if _FINAL_Y.search(apart):
        found.add(unicodedata.normalize("NFC", _FINAL_Y.sub(r"i\1", apart)))
    for one, other in _TONES:
        for old, new in ((one, other), (other, one)):
            if apart.endswith(old):
                found.add(unicodedata.normalize("NFC", apart[: -len(old)] + new))
    return found


_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters that show nothing: soft hyphen, zero-width blanks and joiners, byte order mark."""

# No letter carries more marks than two; the bound keeps the sorting of a run of marks, which is quadratic, short.
_CLUSTER = re.compile(f"(?P<unseen>[{_UNSEEN}]+)|.[\u0300-\u036f]{{0,8}}", re.DOTALL)
_FOLDABLE = re.compile(f"[\u0300-\u036f{_UNSEEN}]")
_TOKEN = re.compile(r"([0-9]+)|((?<=[0-9])[-–—−.,](?=[0-9]))|[^\W\d_]+|\n|[^\s]")


@dataclass(slots=True)
class Folded:
    """A text in composed lower-case letters, and the way back."""

    text: str
    cased: str
    starts: list[int] | None
    """Where each character stood in the original; None where nothing moved."""
    ends: list[int] | None

    def start(self, offset: int) -> int:
        """The original offset of the character at `offset`."""
        return offset if self.starts is None else self.starts[offset]

    def end(self, offset: int) -> int:
        """The original offset behind the character that ends at `offset`."""
        return offset if self.ends is None else self.ends[offset - 1]


def fold(text: str) -> Folded:
    """`text` in Unicode NFC and lower case, without characters that show nothing."""
    if not _FOLDABLE.search(text):
        return Folded(_lower(text), text, None, None)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        if match["unseen"]:
            continue
        piece = unicodedata.normalize("NFC", match.group())
        pieces.append(piece)
        starts += [match.start()] * len(piece)
        ends += [match.end()] * len(piece)
    cased = "".join(pieces)
    return Folded(_lower(cased), cased, starts, ends)


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters of other languages grow in lower case; they stay as they are, so that offsets hold.
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


@dataclass(slots=True)
class Row:
    """The syllables of a text."""

    codes: str
    spans: list[tuple[int, int]]
    """Where each syllable stands in the folded text."""
    folded: Folded

    def start(self, index: int) -> int:
        """Where the syllable at `index` begins in the text as given."""
        return self.folded.start(self.spans[index][0])

    def end(self, index: int) -> int:
        """Where the syllable at `index` ends in the text as given."""
        return self.folded.end(self.spans[index][1])

    def is_joined(self, index: int) -> bool:
        """Whether nothing parts the syllable at `index` from the one before it."""
        return self.spans[index - 1][1] == self.spans[index][0]

    def token(self, index: int) -> str:
        """The syllable at `index`, folded."""
        start, end = self.spans[index]
        return self.folded.text[start:end]

    def text(self, start: int, end: int) -> str:
        """The syllables from `start` to `end`, folded, with one blank between them."""
        return " ".join(self.token(index) for index in range(start, end))

    def is_capital(self, index: int) -> bool:
        """Whether the syllable at `index` begins with a capital."""
        return self.folded.cased[self.spans[index][0]].isupper()

    def opens_sentence(self, index: int) -> bool:
        """Whether nothing of the sentence stands before the syllable at `index`, but perhaps a quotation mark."""
        return index == 0 or self.codes[index - 1] in '!":~('

    def is_upper(self, index: int) -> bool:
        """Whether the syllable at `index` is written in capitals throughout, and is longer than a letter."""
        start, end = self.spans[index]
        return end - start > 1 and self.folded.cased[start:end].isupper()


def read_row(text: str, vocabulary: Vocabulary) -> Row:
    """The row of syllables of `text`."""
    folded = fold(text)
    codes: list[str] = []
    spans: list[tuple[int, int]] = []
    known = vocabulary.codes
    cased = folded.cased
    for match in _TOKEN.finditer(folded.text):
        token = match[0]
        span = match.span()
        code = known.get(token)
        if code is None:
            kind = match.lastindex
            if kind == 1:
                code = HUGE
            elif kind == 2:
                code = TIGHT[token]
            elif len(token) == 1 and not token.isalpha():
                code = LOOSE.get(token) or (token if token < "\u0080" else WORD)
            else:
                code = NAME if cased[span[0]].isupper() else WORD
        codes.append(code)
        spans.append(span)
    return Row("".join(codes), spans, folded)
