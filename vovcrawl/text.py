"""Cleaning of text, the same for every field of every source."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable

# Control characters that are no white space, soft hyphen, zero-width and direction marks, lone surrogates,
# noncharacters: nothing a reader sees.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
_BLANKS = re.compile(r"\s+")
# With the semicolon, so that "R&D" and "AT&T" stay.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The capital letters of Vietnamese, as a class of characters has them."""

# A letter carries a few marks; a run of thousands is an attack on normalisation, whose cost grows with its square.
# What is no letter, figure or blank, and could be a mark of any script.
_MAYBE_MARKS = re.compile(r"[^\w\s\x00-\u02ff]{31,}")
_MOST_MARKS = 30
_SHORT = 500


def clean(text: str) -> str:
    """`text` in NFC on one line: entities resolved, blanks folded, nothing invisible, no blank at either end."""
    text = text.strip()
    # What prints holds neither blanks but the plain one nor anything invisible; most texts of a page are like that.
    if text.isprintable() and "&" not in text and "  " not in text:
        if text.isascii() or (len(text) <= _SHORT and unicodedata.is_normalized("NFC", text)):
            return text
        return visible(text)
    return folded_text(text).strip()


def folded_text(text: str) -> str:
    """As `clean`, but a blank at either end stays: for a piece of a text."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return _BLANKS.sub(" ", visible(text))


def visible(text: str) -> str:
    """`text` without invisible characters and in NFC, its blanks as they are."""
    text = _INVISIBLE.sub("", text)
    if text.isascii():
        return text
    if len(text) > _SHORT:
        text = _MAYBE_MARKS.sub(_with_few_marks, text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _with_few_marks(run: re.Match[str]) -> str:
    """The characters of a run, of combining marks in a row the first 30."""
    kept: list[str] = []
    marks = 0
    for letter in run[0]:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def shown(text: str) -> str:
    """`text` as a terminal, a log and a table may show it: what would steer them is written as JSON writes it."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in text)


def encodable(text: str) -> str:
    """`text` with lone surrogates, which stand for the bytes of a file's name that are no UTF-8, as JSON writes them:
    neither a database nor a file in UTF-8 takes them."""
    return text.encode(errors="backslashreplace").decode()


def distinct(values: Iterable[str]) -> list[str]:
    """`values` in order, each once regardless of case, in its first spelling, the empty ones left out."""
    seen: dict[str, str] = {}
    for value in values:
        if value:
            seen.setdefault(value.casefold(), value)
    return list(seen.values())


_SENTENCE_END = re.compile(
    rf"""
    \n
    | (?<![.!?…]) (?P<mark>[.!?…]++) ["”»’)\]]*+ \s++ (?=["“«‘(\[]* [{UPPER}0-9])
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:TP|TX|TT|Q|P|H|GS|PGS|TS|TSKH|ThS|Ths|BS|BSCKI{0,2}|KTS|LS|NSND|NSƯT|St|Mr|Mrs|Dr|\w)\.$"
)
_LONGEST_SENTENCE = 2_000


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence, or the sentences, that the stretch from `start` to `end` lies in, without blanks around.

    A line is never left; of a sentence without an end no more than 2,000 characters are taken on either side.
    """
    first = max(0, start - _LONGEST_SENTENCE)
    last = min(len(text), end + _LONGEST_SENTENCE)
    begin, stop = first, last
    for match in _SENTENCE_END.finditer(text, first, last):
        if match["mark"] == "." and _ABBREVIATION.search(text, max(first, match.start() - 8), match.end("mark")):
            continue
        if match.end() <= start:
            begin = match.end()
        elif match.start() >= end - 1:
            stop = match.end()
            break
    return text[begin:stop].strip()
