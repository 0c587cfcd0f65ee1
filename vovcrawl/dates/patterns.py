"""Patterns over syllables, written in plain Vietnamese.

A pattern is a row of words, each standing for its syllable, with

    a | b       either
    ( ... )     a group
    a?          may be left out
    {name}      a phrase of the word list `name`, a number (below), or another pattern by its name;
                what was found there is handed on under that name
    {name:key}  the same, handed on as `key`
    / : + % '   that sign
    - .         a dash or dot between two digits with no blank (`8-6`, `8.6`)
    ~           any other dash
    ,           a comma; `<,>` one between two digits
    <(> <)>     a parenthesis of the text
    <.>         the end of a sentence

Numbers: {day} 1-31, {month} 1-12, {year} four digits, {hundreds} three, {two} up to two, {digits} up to four,
{any_number} any figures; {count} a number in figures or words, {spelt} in words alone. {word} is a word that the
grammar does not know, {name} one with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from vovcrawl.dates import syllables as s
from vovcrawl.dates.syllables import Row
from vovcrawl.dates.words import LAST_UNITS, LISTS, SCALES, UNITS, number

VOCABULARY = s.Vocabulary()

_DIGITS = f"[{s.SMALL}{s.DAY}{s.MINUTE}{s.TENS}{s.YEAR}{s.LONG}]"

_NUMBERS = {
    "day": f"[{s.SMALL}{s.DAY}]",
    "month": s.SMALL,
    "year": s.YEAR,
    "hundreds": s.LONG,
    "two": f"[{s.ZERO}{s.SMALL}{s.DAY}{s.MINUTE}{s.TENS}]",
    "digits": _DIGITS,
    "any_number": f"[{s.DIGITS}]",
}
_WORDS = {"name": s.NAME, "word": f"[{s.WORD}{s.NAME}]"}

_SYMBOL = re.compile(
    r"""
    \s+
    | (?P<operator> [()|?])
    | \{ (?P<name>\w+) (?: :(?P<key>\w+) )? \}
    | < (?P<text>[(),.]) >
    | (?P<word> [^\W\d_]+)
    | (?P<sign> [-/~,.:;'+%"])
    """,
    re.VERBOSE,
)
_TEXT_SIGNS = {"(": r"\(", ")": r"\)", ",": s.TIGHT[","], ".": s.LOOSE["."]}

Reader = Callable[[Row, int, int], Any]
"""From a stretch of a row to what it means; None where it means nothing after all."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A pattern with a name, by which others can use it."""

    pattern: str
    make: Callable[..., Any] | None = None
    """Makes the one value that is handed on from what the pattern captures; without it, all captures are handed on."""


class Patterns:
    """The pattern language, with definitions that patterns can use by name."""

    def __init__(self, definitions: Mapping[str, Definition] | None = None) -> None:
        self._definitions = definitions or {}
        self._numbers = count()
        self._plain: dict[str, str] = {}
        """The expression of each name that was used without captures."""
        self._readers: dict[str, Reader] = {}

    def expression(self, pattern: str, capture: bool = True) -> str:
        """The regular expression over rows of syllables that `pattern` stands for.

        Raises:
            ValueError: for a name that is not known, or a sign that is not part of the language.
        """
        pieces: list[str] = []
        position = 0
        while position < len(pattern):
            match = _SYMBOL.match(pattern, position)
            if match is None:
                raise ValueError(f"cannot read {pattern[position:].strip()!r} in the pattern {pattern.strip()!r}")
            position = match.end()
            kind, text = match.lastgroup, match[0]
            if kind == "word":
                pieces.append(VOCABULARY.code(text))
            elif kind in ("name", "key"):
                pieces.append(self._named(match["name"], match["key"] or match["name"], capture))
            elif kind == "operator":
                pieces.append("(?:" if text == "(" else text)
            elif kind == "text":
                pieces.append(_TEXT_SIGNS[match["text"]])
            elif kind == "sign":
                pieces.append(re.escape(text))
        return "".join(pieces)

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """`pattern` compiled, without captures."""
        return re.compile(self.expression(pattern, capture=False))

    def _named(self, name: str, key: str, capture: bool) -> str:
        if not capture:
            if name not in self._plain:
                self._plain[name] = f"(?:{self._inside(name)})"
            return self._plain[name]
        definition = self._definitions.get(name)
        if definition is not None and definition.make is None:
            return f"(?:{self.expression(definition.pattern)})"
        # The list's name is kept beside the key: it says how the capture is read. The number keeps groups apart.
        return f"(?P<{key}__{name}__{next(self._numbers)}>{self._inside(name)})"

    def _inside(self, name: str) -> str:
        definition = self._definitions.get(name)
        return _listed(name) if definition is None else self.expression(definition.pattern, capture=False)

    def captures(self, regex: re.Pattern[str]) -> list[Capture]:
        """What a regular expression made by `expression` captures, and how it is read."""
        found = []
        for group in regex.groupindex:
            key, name, _ = group.split("__")
            if name not in self._readers:
                definition = self._definitions.get(name)
                self._readers[name] = _reader(name) if definition is None else self._made(definition)
            found.append((group, key, self._readers[name]))
        return found

    def _made(self, definition: Definition) -> Reader:
        regex = re.compile(self.expression(definition.pattern))
        groups = self.captures(regex)
        make = definition.make
        assert make is not None

        def reader(row: Row, start: int, end: int) -> Any:
            match = regex.fullmatch(row.codes, start, end)
            values = read(row, match, groups) if match is not None else None
            return make(**values) if values is not None else None

        return reader


Capture = tuple[str, str, Reader]
"""The group of a regular expression, the key that its meaning is handed on by, and its reader."""


def read(row: Row, match: re.Match[str], groups: Iterable[Capture]) -> dict[str, Any] | None:
    """What a match captured, by key; None where one of the captures means nothing."""
    values = {}
    for group, key, reader in groups:
        start, end = match.span(group)
        if start >= 0:
            value = reader(row, start, end)
            if value is None:
                return None
            values[key] = value
    return values


def _listed(name: str) -> str:
    if name in _NUMBERS:
        return _NUMBERS[name]
    if name in _WORDS:
        return _WORDS[name]
    if name == "spelt":
        return _SPELT
    if name == "count":
        return f"{_DIGITS}(?:[{s.TIGHT[',']}{s.TIGHT['.']}]{_DIGITS})?|{_SPELT}"
    if name in LISTS:
        # The longest phrase first: a regular expression takes the first alternative that fits.
        rows = sorted({_row_of(phrase) for phrase in LISTS[name]}, key=len, reverse=True)
        return "|".join(re.escape(row) for row in rows)
    raise ValueError(f"no word list and no pattern is called {name!r}")


def _row_of(phrase: str) -> str:
    return "".join(s.number_code(part) if part.isdigit() else VOCABULARY.code(part) for part in phrase.split())


def _reader(name: str) -> Reader:
    if name in LISTS:
        return _meaning(name)
    if name in ("spelt", "count"):
        return _count
    if name in _WORDS:
        return lambda row, start, end: row.text(start, end)
    return lambda row, start, end: int(row.text(start, end))


def _meaning(name: str) -> Reader:
    by_row = {_row_of(phrase): meaning for phrase, meaning in LISTS[name].items()}
    by_text = LISTS[name]

    def reader(row: Row, start: int, end: int) -> Any:
        codes = row.codes[start:end]
        # Small numbers all look alike in a row.
        return by_text.get(row.text(start, end)) if s.SMALL in codes else by_row.get(codes)

    return reader


def _count(row: Row, start: int, end: int) -> int | float:
    if row.codes[start] not in s.DIGITS:
        return number([VOCABULARY.syllables[code] for code in row.codes[start:end]])
    text = row.text(start, end).replace(" ", "")
    # A comma parts decimals; so does a dot, but one before three figures, which parts thousands.
    if "." in text and len(text.partition(".")[2]) == 3:
        return int(text.replace(".", ""))
    return float(text.replace(",", ".")) if not text.isdigit() else int(text)


def _choice(words: Iterable[str]) -> str:
    return "[" + "".join(VOCABULARY.code(word) for word in words) + "]"


_UNIT, _LAST, _SCALE = _choice(UNITS), _choice(LAST_UNITS), _choice(SCALES)
_TEN, _TENS, _ODD = _choice(["mười"]), _choice(["mươi", "chục"]), _choice(["linh", "lẻ"])
_SHORT = _choice(["lăm", "nhăm", "mốt"])
_UP_TO_99 = f"{_UNIT}{_TENS}{_LAST}?|{_UNIT}{_SHORT}|{_TEN}{_LAST}?|{_UNIT}"
_SPELT = f"{_UNIT}{_SCALE}(?:{_ODD}?(?:{_UP_TO_99}))?|{_UP_TO_99}|{_choice(['chục', *SCALES])}"


def beginnings(regex: str) -> set[str]:
    """The first two characters that a match of a regular expression made by `expression` can have.

    A single character is a match that may end after it.
    """
    found, _ = _choices(regex, 0)
    return found


def _choices(regex: str, position: int) -> tuple[set[str], int]:
    """The beginnings of the alternatives from `position` on, and where they end; one may be empty."""
    found: set[str] = set()
    row = {""}
    while position < len(regex) and regex[position] != ")":
        sign = regex[position]
        if sign == "|":
            found |= row
            row = {""}
            position += 1
            continue
        if sign == "(":
            position = regex.index(">", position) + 1 if regex.startswith("(?P<", position) else position + 3
            item, position = _choices(regex, position)
            position += 1
        elif sign == "[":
            close = regex.index("]", position)
            item, position = set(regex[position + 1 : close]), close + 1
        elif sign == "\\":
            item, position = {regex[position + 1]}, position + 2
        else:
            item, position = {sign}, position + 1
        if position < len(regex) and regex[position] == "?":
            item, position = item | {""}, position + 1
        row = {one for one in row if len(one) == 2} | {
            (one + other)[:2] for one in row if len(one) < 2 for other in item
        }
    return found | row, position
