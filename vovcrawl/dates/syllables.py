"""A text as a row of syllables, each one a single character.

Vietnamese writes every syllable apart, so a grammar of words is a grammar of syllables. Each syllable that the
grammar knows gets a character of its own, numbers get one by size, everything else one for "some word"; patterns over
that short row are fast, and never see spelling. What the text looked like (composed or decomposed letters, the place
of a tone mark, capitals, odd blanks) ends here; offsets lead back to the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
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

_TOKEN = re.compile(r"([0-9]+)|((?<=[0-9])[-–—−.,](?=[0-9]))|[^\W\d_]+|\n|[^\s]")
_WRITTEN = re.compile(r"[^\W\d_]+|[0-9]+|\n|\S")
"""The same, where only the letters are asked for."""

_SENTENCE_END = re.compile(r"[.?!…\n](?:(?![0-9])|(?<![0-9].)|(?<!\.))", re.DOTALL)
"""The characters that become `!` in a row: any of these but a dot between two digits."""

MOST_CHUNKS = 30_000
"""How many stretches without a blank are remembered; a newspaper's texts use about as many."""

LONGEST_CHUNK = 24
"""How many characters a stretch may have to be remembered; words with their punctuation have no more."""


class Vocabulary:
    """The syllables that the grammar knows, and their characters."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self.syllables: dict[str, str] = {}
        """Syllable by character."""
        self._chunks = _Chunks(self._codes)

    def code(self, syllable: str) -> str:
        """The character of a syllable in lower case; a new one where it has none yet."""
        known = self._codes.get(syllable)
        if known is None:
            # What was remembered was read without this syllable.
            self._chunks.clear()
            known = chr(_FIRST_CODE + len(self.syllables))
            self.syllables[known] = syllable
            for spelling in _spellings(syllable):
                self._codes.setdefault(spelling, known)
        return known

    def encode(self, text: str) -> str:
        """The characters of all syllables of a text in composed letters."""
        known = self._chunks.__getitem__
        # The end of a line is no blank, but the end of a sentence.
        return LOOSE["\n"].join(["".join(map(known, line.split())) for line in text.split("\n")])


class _Chunks(dict[str, str]):
    """The characters of stretches without a blank, such as `nay,` or `(8/6)`.

    A text has the same few thousand over and over, so that most of it costs a look-up in a dictionary.
    """

    def __init__(self, codes: dict[str, str]) -> None:
        super().__init__()
        self._codes = codes

    def __missing__(self, chunk: str) -> str:
        row = "".join(self._code(match) for match in _TOKEN.finditer(chunk))
        if len(chunk) <= LONGEST_CHUNK:
            if len(self) >= MOST_CHUNKS:
                self.clear()
            self[chunk] = row
        return row

    def _code(self, match: re.Match[str]) -> str:
        token = match[0]
        kind = match.lastindex
        if kind == 1:
            return number_code(token)
        if kind == 2:
            return TIGHT[token]
        known = self._codes.get(token.lower())
        if known is not None:
            return known
        if len(token) == 1 and not token.isalpha():
            return LOOSE.get(token) or (token if token < "\u0080" else WORD)
        return NAME if token[0].isupper() else WORD


def number_code(figures: str) -> str:
    """The character of a number in figures, by its size."""
    digits = len(figures)
    if digits > 4:
        return HUGE
    number = int(figures)
    if digits == 4:
        if number < 1000:
            return HUGE
        return YEAR if number <= 2999 else LONG
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

_FOLDABLE = re.compile(f"[\u0300-\u036f{_UNSEEN}]")
_MARK = "[\u0300-\u036f]"
# No letter carries more marks than two; the bound keeps the sorting of a run of marks, which is quadratic, short.
_CLUSTER = re.compile(f"(?P<unseen>[{_UNSEEN}]+)|.{_MARK}{{1,8}}", re.DOTALL)


@dataclass(slots=True)
class Folded:
    """A text in composed letters, and the way back."""

    text: str
    starts: list[int] | None
    """Where each character stood in the original; None where nothing moved."""
    ends: list[int] | None

    def start(self, offset: int) -> int:
        """The original offset of the character at `offset`."""
        return offset if self.starts is None else self.starts[offset]

    def end(self, offset: int) -> int:
        """The original offset after the character that ends at `offset`."""
        return offset if self.ends is None else self.ends[offset - 1]


def fold(text: str) -> Folded:
    """`text` in Unicode NFC, without characters that show nothing."""
    if _FOLDABLE.search(text) is None:
        return Folded(text, None, None)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def keep(start: int, end: int) -> None:
        stretch = text[start:end]
        if not unicodedata.is_normalized("NFC", stretch):
            for offset, letter in enumerate(stretch, start):
                compose(letter, offset, offset + 1)
            return
        pieces.append(stretch)
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))

    def compose(cluster: str, start: int, end: int) -> None:
        piece = unicodedata.normalize("NFC", cluster)
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))

    position = 0
    for match in _CLUSTER.finditer(text):
        start, end = match.span()
        keep(position, start)
        if match["unseen"] is None:
            compose(match[0], start, end)
        position = end
    keep(position, len(text))
    return Folded("".join(pieces), starts, ends)


class Row:
    """The syllables of a stretch of a text."""

    __slots__ = ("_folded", "_offset", "_places", "_text", "_tokens", "codes")

    def __init__(self, codes: str, folded: Folded, start: int, end: int) -> None:
        self.codes = codes
        """A character for each syllable."""
        self._folded = folded
        self._offset = start
        self._text = folded.text[start:end]
        self._tokens: list[str] = []
        """The syllables as they stand in the text, once anyone has asked."""
        self._places: list[int] = []
        """Where they stand, as far as anyone has asked."""

    def _token(self, index: int) -> str:
        if not self._tokens:
            self._tokens = _WRITTEN.findall(self._text)
        return self._tokens[index]

    def _place(self, index: int) -> int:
        places = self._places
        if index >= len(places):
            last = self._token(index)
            text, tokens, known = self._text, self._tokens, len(places)
            place = places[-1] + len(tokens[known - 1]) if places else 0
            for token in tokens[known:index]:
                # Nothing but blanks stands between two tokens.
                place = text.index(token, place)
                places.append(place)
                place += len(token)
            places.append(text.index(last, place))
        return places[index]

    def start(self, index: int) -> int:
        """Where the syllable at `index` begins in the text as given."""
        return self._folded.start(self._offset + self._place(index))

    def end(self, index: int) -> int:
        """Where the syllable at `index` ends in the text as given."""
        return self._folded.end(self._offset + self._place(index) + len(self._token(index)))

    def is_joined(self, index: int) -> bool:
        """Whether nothing parts the syllable at `index` from the one before it."""
        return self._place(index) == self._place(index - 1) + len(self._token(index - 1))

    def written(self, index: int) -> str:
        """The syllable at `index` as it is written."""
        return self._token(index)

    def token(self, index: int) -> str:
        """The syllable at `index` in lower case."""
        return self._token(index).lower()

    def text(self, start: int, end: int) -> str:
        """The syllables from `start` to `end` in lower case, with one blank between them."""
        if end == start + 1:
            return self.token(start)
        return " ".join([self.token(index) for index in range(start, end)])

    def is_capital(self, index: int) -> bool:
        """Whether the syllable at `index` begins with a capital."""
        return self._token(index)[0].isupper()

    def opens_sentence(self, index: int) -> bool:
        """Whether nothing of the sentence stands before the syllable at `index`, but perhaps a quotation mark."""
        return index == 0 or self.codes[index - 1] in '!":~('

    def is_upper(self, index: int) -> bool:
        """Whether the syllable at `index` is written in capitals throughout, and is longer than a letter."""
        token = self._token(index)
        return len(token) > 1 and token.isupper()


def read_row(text: str, vocabulary: Vocabulary) -> Row:
    """The row of all syllables of `text`."""
    folded = fold(text)
    return Row(vocabulary.encode(folded.text), folded, 0, len(folded.text))


def sentences(text: str, vocabulary: Vocabulary, find: Callable[[str, int], int]) -> Iterator[Row]:
    """The rows of those sentences of `text` in which `find` finds something from some place on (else -1).

    A row begins with the sign that ends the sentence before, where there is one, and has its own; nothing in the
    grammar looks farther than that. The other sentences cost a look-up a word.
    """
    folded = fold(text)
    codes = vocabulary.encode(folded.text)
    found = find(codes, 0)
    if found < 0:
        return
    signs = [match.start() for match in _SENTENCE_END.finditer(folded.text)]
    # `opening` and `closing` are places in the row, `number` says which sign of the text stands at `opening`.
    opening, number = (-1, -1)
    while found >= 0:
        before = codes.rfind("!", max(opening, 0), found)
        if before > opening:
            number += codes.count("!", opening + 1, before + 1)
            opening = before
        closing = codes.find("!", found)
        start = signs[number] if number >= 0 else 0
        if closing < 0:
            yield Row(codes[max(opening, 0) :], folded, start, len(folded.text))
            return
        yield Row(codes[max(opening, 0) : closing + 1], folded, start, signs[number + 1] + 1)
        opening, number = closing, number + 1
        found = find(codes, closing)
