"""Whether one article nearly repeats another: what is compared, how it is found again, and what decides.

Pure: two articles are near-duplicates or not by their texts alone. `vovcrawl.store.duplicates` finds the pairs to look
at, bounds them in time, and keeps the groups.

The body is compared, since a re-issue often gets another headline and lead. Where it is short, as on pages of pictures
and videos, headline, lead and body are, and only what is nearly identical counts. Case, punctuation, blanks, the place
of a tone mark ("hoà", "hòa") and the letters that look like "Đ" make no difference.

A first look takes texts that share a band of their MinHash signatures. The second one is exact: most words are the same
in the same order, blocks that moved included, and what differs is not what carries the news of a series. In the gold
price of another day the words stay and the numbers change; in a re-issue both change alike.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import comb
from typing import TypeVar

from rapidfuzz.distance import LCSseq
from rensa import RMinHash

from vovcrawl.text import UPPER

_Number = TypeVar("_Number")

SHORT = 60
"""Words of a body below which headline and lead are compared with it, and the texts must be nearly identical."""

LEAST = 20
"""Words of headline, lead and body together below which nothing is compared: "Bản tin sáng" is no repetition."""

MOST_WORDS = 5_000
"""Words of a text that are compared, from its beginning: twelve times the length of an ordinary article."""

ALIKE = 0.8
"""Least share of words that two texts have in common. An edit of 8 % with a paragraph added leaves 0.85."""

NEARLY_IDENTICAL = 0.95
"""The same for short texts."""

BANDS = 24
_ROWS = 2
_SHINGLE = 4
"""Syllables of a shingle. With 8 % of the words replaced evenly and a seventh added, the sets of shingles have a
Jaccard similarity of 0.46; that no band of 24 is then shared has a probability of 0.4 %."""

_SEED = 20_231_014
_LEAST_JACCARD = 0.2
"""Of signatures: what is less alike is not looked at. Three standard deviations below that of the edits meant."""

_MOST_NUMBERS = 200
_BAND_BITS, _ALL_BITS = (1 << 48) - 1, (1 << 64) - 1

_OLD_PLACES = tuple(
    (unicodedata.normalize("NFC", first + tone + second), unicodedata.normalize("NFC", first + second + tone))
    for tone in "\u0300\u0301\u0303\u0309\u0323"
    for first, second in ("oa", "oe", "uy")
)
"""The two places of a tone mark: "òa" and "oà"."""

_LIKE_D = re.compile("[ðɖÐƉ]")
_AS_D = str.maketrans("ðɖÐƉ", "đđĐĐ")
_WORD = re.compile(r"[0-9]++(?:[.,:/-][0-9]++)*+|[^\W\d_]++")
_NAME = re.compile(rf"(?<=[^.!?…:\n“\"(\[–-][ ])[{UPPER}][^\W\d_]*+")


@dataclass(frozen=True, slots=True)
class Change:
    """Words of one text in whose place another one has others; one of the two may be empty."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of an article."""

    codes: array[int]
    """A number for each word, that holds within this process."""
    numbers: Counter[str]
    """The numbers and dates in figures, with how often they stand there."""
    names: frozenset[str]
    """Words with a capital letter within a sentence."""
    is_short: bool
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what an article's text is found, and told from most others, without being read again."""

    text: int
    """Of the words, names and kind: 63 bits by which a text is known."""
    words: int
    """How many are compared; 0 where the text is too short to be compared with any."""
    sketch: bytes
    """The signature, and the numbers of the text as 32 bits each."""

    @property
    def bands(self) -> tuple[int, ...]:
        """48 bits each, each once; none where nothing is to be found."""
        if not self.words:
            return ()
        found = memoryview(self.sketch)[: 4 * _ROWS * BANDS].cast("I")
        mixed = (
            ((found[2 * place] << 32 | found[2 * place + 1]) + place) * 0x9E3779B97F4A7C15 & _ALL_BITS
            for place in range(BANDS)
        )
        return tuple({(band ^ band >> 29) * 0xBF58476D1CE4E5B9 >> 16 & _BAND_BITS for band in mixed})


@dataclass(frozen=True, slots=True)
class Words:
    """What a `Wording` is made of, in a form that another process can hand over."""

    said: str
    """The words, joined by blanks."""
    numbers: Counter[str]
    names: frozenset[str]
    is_short: bool
    fingerprint: Fingerprint

    def wording(self) -> Wording:
        """The same as it is compared in this process."""
        codes = _codes(self.said.split(" ")) if self.said else array("Q")
        return Wording(codes, self.numbers, self.names, self.is_short, self.fingerprint)


def read(headline: str, description: str | None, body: str) -> Wording:
    """What is compared of an article with these texts."""
    return words_of(headline, description, body).wording()


def words_of(headline: str, description: str | None, body: str) -> Words:
    """The same, for another process."""
    words, numbers, names = _words(body)
    is_short = len(words) < SHORT
    if is_short:
        words, numbers, names = _words(f"{headline}\n{description or ''}\n{body}")
    if len(words) < LEAST:
        return Words("", Counter(), frozenset(), True, Fingerprint(0, 0, b""))
    said = blake2b("\0".join((str(is_short), *words, "", *sorted(names))).encode(errors="replace"), digest_size=8)
    hashed = RMinHash(_ROWS * BANDS, _SEED)
    hashed.update(list(map(" ".join, zip(*(words[place:] for place in range(_SHINGLE)), strict=False))))
    signature = array("I", hashed.digest())
    listed = sorted(_hashed(number) for number in numbers.elements())[:_MOST_NUMBERS]
    fingerprint = Fingerprint(
        int.from_bytes(said.digest()) >> 1, len(words), (signature + array("I", listed)).tobytes()
    )
    return Words(" ".join(words), numbers, names, is_short, fingerprint)


def _words(text: str) -> tuple[list[str], Counter[str], frozenset[str]]:
    """The words of a text, its numbers, and the names in it."""
    text = _composed(text)
    words = _WORD.findall(_in_one_spelling(text))[:MOST_WORDS]
    numbers = Counter(word for word in words if word[0].isdecimal())
    names = _in_one_spelling("\0".join(_NAME.findall(text)))
    return words, numbers, frozenset(names.split("\0")) if names else frozenset()


def _composed(text: str) -> str:
    """The part of a text that is compared, in NFC and with plain "Đ"."""
    text = text[: MOST_WORDS * 20]
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text.translate(_AS_D) if _LIKE_D.search(text) else text


def _in_one_spelling(text: str) -> str:
    """A text in small letters, with tone marks in one place."""
    text = text.lower()
    for old, new in _OLD_PLACES:
        text = text.replace(old, new)
    return text


def _codes(words: Iterable[str]) -> array[int]:
    return array("Q", array("q", map(hash, words)).tobytes())


@lru_cache(maxsize=4096)
def _hashed(number: str) -> int:
    return int.from_bytes(blake2b(number.encode(), digest_size=4).digest())


def may_repeat(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two texts are worth the second look, by their fingerprints: false only where that would say no, but for
    one pair in a thousand that it would take."""
    shorter, longer = sorted((one.words, other.words))
    if 2 * shorter < ALIKE * (shorter + longer):
        return False
    if one.text == other.text:
        return True
    length = 4 * _ROWS * BANDS
    mine, its = one.sketch, other.sketch
    signatures = memoryview(mine)[:length].cast("I"), memoryview(its)[:length].cast("I")
    same = sum(map(int.__eq__, *(signature.tolist() for signature in signatures)))
    if same < _LEAST_JACCARD * _ROWS * BANDS:
        return False
    numbers = [Counter(memoryview(sketch)[length:].cast("I").tolist()) for sketch in (mine, its)]
    if max(map(Counter.total, numbers)) >= _MOST_NUMBERS:
        return True
    return not _are_of_a_series(*_changed(*numbers), _MOST_EDITED)


def are_near_duplicates(one: Wording, other: Wording) -> bool:
    """The second, exact look; which of the two comes first makes no difference."""
    if not one.fingerprint.words or one.is_short != other.is_short:
        return False
    if one.fingerprint.text == other.fingerprint.text:
        return True
    if other.fingerprint.text < one.fingerprint.text:
        one, other = other, one
    common = _in_common(one.codes, other.codes, NEARLY_IDENTICAL if one.is_short else ALIKE)
    changed, numbers = _changed(one.numbers, other.numbers)
    renamed = min(len(one.names - other.names), len(other.names - one.names))
    if one.is_short:
        return common >= NEARLY_IDENTICAL and not changed and not renamed
    if common < ALIKE:
        return False
    edited = min(max(1 - common, _LEAST_EDITED), _MOST_EDITED)
    if _are_of_a_series(changed, numbers, edited):
        return False
    names = min(len(one.names), len(other.names))
    return not (names >= 4 and renamed > names / 2 and _tail(renamed, names, edited) < 0.001)


_LEAST_EDITED, _MOST_EDITED = 0.02, 0.15
"""Bounds of the share of words that an editor is taken to have changed."""


def _in_common(one: array[int], other: array[int], enough: float) -> float:
    """The share of words that stand in both texts in the same order, those of moved blocks included where the others
    are not enough."""
    both = len(one) + len(other)
    common = LCSseq.similarity(one, other)
    if 2 * common >= enough * both:
        return float(2 * common / both)
    left: list[list[Sequence[int]]] = [[], []]
    for step in LCSseq.opcodes(one, other):
        if step.tag != "equal":
            left[0].append(one[step.src_start : step.src_end])
            left[1].append(other[step.dest_start : step.dest_end])
    grams = [Counter(gram for run in runs for gram in _grams(run)) for runs in left]
    moved = min(_covered(runs, met) for runs, met in zip(left, reversed(grams), strict=True))
    return float(2 * (common + moved) / both)


_MOVED = 5
"""So many words in a row, at least, are a block that moved."""


def _grams(run: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return zip(*(run[place:] for place in range(_MOVED)), strict=False)


def _covered(runs: Sequence[Sequence[int]], met: Counter[tuple[int, ...]]) -> int:
    """How many words of some runs stand in rows that the other text has too, each as often as there."""
    left = Counter(met)
    count = 0
    for run in runs:
        end = 0
        for place, gram in enumerate(_grams(run)):
            if left[gram] > 0:
                left[gram] -= 1
                count += place + _MOVED - max(end, place)
                end = place + _MOVED
    return count


def _changed(one: Counter[_Number], other: Counter[_Number]) -> tuple[int, int]:
    """How many numbers of one text stand for others in the other one, and out of how many.

    Numbers that only one of them has beyond that belong to what was added or left out.
    """
    totals = one.total(), other.total()
    shared = (one & other).total()
    return min(totals) - shared, min(totals)


def _are_of_a_series(changed: int, numbers: int, edited: float) -> bool:
    """Whether more numbers are others than an editor who changes the share `edited` of all words would have changed.

    Either it is next to impossible (0.2 %), or unlikely (2 %) and it is more than two in five.
    """
    if not changed:
        return False
    chance = _tail(changed, numbers, edited)
    return (chance < 0.002 and 4 * changed > numbers) or (chance <= 0.02 and 5 * changed > 2 * numbers)


def _tail(hit: int, of: int, share: float) -> float:
    """The probability that of so many at least `hit` are hit, where each is by itself with the probability `share`."""
    if of > 60:
        # A sixtieth part says enough, and the sums stay small.
        hit, of = hit * 60 // of, 60
    below = sum(comb(of, count) * share**count * (1 - share) ** (of - count) for count in range(hit))
    # Without what floating point leaves, by which a chance of 2 % would be more than that.
    return round(max(0.0, 1 - below), 9)


def changes(one: str, other: str) -> list[Change]:
    """What differs between two texts, in the order of the first, spelled as there: of their first words, case,
    punctuation and the place of tone marks aside."""
    words = [_WORD.findall(_composed(text))[:MOST_WORDS] for text in (one, other)]
    steps = LCSseq.opcodes(*(_codes(map(_in_one_spelling, text)) for text in words))
    found: list[Change] = []
    before: list[str] = []
    after: list[str] = []
    for step in steps:
        if step.tag == "equal":
            if step.src_end > step.src_start and (before or after):
                found.append(Change(" ".join(before), " ".join(after)))
                before, after = [], []
        else:
            before += words[0][step.src_start : step.src_end]
            after += words[1][step.dest_start : step.dest_end]
    if before or after:
        found.append(Change(" ".join(before), " ".join(after)))
    return found
