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
    <$>         the end of the text

Numbers: {day} 1-31, {month} 1-12, {late} 13-31, {no_month} 13-99, {no_day} 32-99,
{year} four digits, {hundreds} three, {two} up to two, {digits} up to four, {any_number} any figures; {count} a number
in figures or words, {spelt} in words alone. {word} is a word that the grammar does not know, {name} one with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from vovcrawl.dates import syllables as s
from vovcrawl.dates.syllables import Row
from vovcrawl.dates.words import LAST_UNITS, LISTS, SCALES, UNITS, number

VOCABULARY = s.Vocabulary()

_CODES = {
    "day": s.SMALL + s.DAY,
    "month": s.SMALL,
    "late": s.DAY,
    "no_month": s.DAY + s.MINUTE + s.TENS,
    "no_day": s.MINUTE + s.TENS,
    "year": s.YEAR,
    "hundreds": s.LONG,
    "two": s.ZERO + s.SMALL + s.DAY + s.MINUTE + s.TENS,
    "digits": s.SMALL + s.DAY + s.MINUTE + s.TENS + s.YEAR + s.LONG,
    "any_number": s.DIGITS,
    "name": s.NAME,
    "word": s.WORD + s.NAME,
}
"""Names that stand for any of some characters of a row."""

_SYMBOL = re.compile(
    r"""
    \s+
    | (?P<operator> [()|?])
    | \{ (?P<name>\w+) (?: :(?P<key>\w+) )? \}
    | < (?P<text>[(),.$]) >
    | (?P<word> [^\W\d_]+)
    | (?P<sign> [-/~,.:;'+%"])
    """,
    re.VERBOSE,
)

_TEXT_CODES = {"(": "(", ")": ")", ",": s.TIGHT[","], ".": s.LOOSE["."], "$": ""}
"""The characters of a row for what is written in angle brackets; none stands at the end of the text."""

Reader = Callable[[Row, int, int], Any]
"""From a stretch of a row to what it means; None where it means nothing after all."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A pattern with a name, by which others can use it."""

    pattern: str
    make: Callable[..., Any] | None = None
    """Makes the one value that is handed on from what the pattern captures; without it, all captures are handed on."""


_NUMBERS = {
    "up_to_9": Definition(" | ".join(UNITS)),
    "last_unit": Definition(" | ".join(LAST_UNITS)),
    "up_to_99": Definition(
        "{up_to_9} (mươi | chục) {last_unit}? | {up_to_9} (lăm | nhăm | mốt) | mười {last_unit}? | {up_to_9}"
    ),
    "scale": Definition(" | ".join(SCALES)),
    "spelt": Definition("{up_to_9} {scale} ((linh | lẻ)? {up_to_99})? | {up_to_99} | chục | {scale}"),
    "count": Definition("{digits} ((<,> | .) {digits})? | {spelt}"),
}


class Patterns:
    """The pattern language, with definitions that patterns can use by name."""

    def __init__(self, definitions: Mapping[str, Definition] | None = None) -> None:
        self._definitions = {**_NUMBERS, **(definitions or {})}
        self._numbers = count()
        self._inside: dict[str, str] = {}
        """The expression of each name, without captures."""
        self._beginnings: dict[str, set[str]] = {}
        """What a match of each name can begin with."""
        self._readers: dict[str, Reader] = {}

    def expression(self, pattern: str, capture: bool = True) -> str:
        """The regular expression over rows of syllables that `pattern` stands for.

        Raises:
            ValueError: for a name that is not known, or a sign that is not part of the language.
        """
        pieces: list[str] = []
        for match in _symbols(pattern):
            kind, text = match.lastgroup, match[0]
            if kind == "word":
                pieces.append(VOCABULARY.code(text))
            elif kind == "operator":
                pieces.append("(?:" if text == "(" else text)
            elif kind == "text":
                pieces.append(re.escape(_TEXT_CODES[match["text"]]) or r"\Z")
            elif kind == "sign":
                pieces.append(re.escape(text))
            else:
                pieces.append(self._named(match["name"], match["key"] or match["name"], capture))
        return "".join(pieces)

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """`pattern` compiled, without captures."""
        return re.compile(self.expression(pattern, capture=False))

    def _named(self, name: str, key: str, capture: bool) -> str:
        if name not in self._inside:
            self._inside[name] = self._expression_of(name)
        if not capture:
            return f"(?:{self._inside[name]})"
        definition = self._definitions.get(name)
        if definition is not None and definition.make is None and name not in _NUMBERS:
            return f"(?:{self.expression(definition.pattern)})"
        # The list's name is kept beside the key: it says how the capture is read. The number keeps groups apart.
        return f"(?P<{key}__{name}__{next(self._numbers)}>{self._inside[name]})"

    def _expression_of(self, name: str) -> str:
        definition = self._definitions.get(name)
        if definition is not None:
            return self.expression(definition.pattern, capture=False)
        if name in _CODES:
            return f"[{_CODES[name]}]"
        # The longest phrase first: a regular expression takes the first alternative that fits.
        return "|".join(re.escape(row) for row in sorted(_rows(name), key=len, reverse=True))

    def beginnings(self, pattern: str) -> set[str]:
        """The first two characters that a match of `pattern` can have.

        A single character is a match that may end after it.
        """
        found, _ = self._alternatives(_symbols(pattern), 0)
        return found

    def _alternatives(self, symbols: list[re.Match[str]], place: int) -> tuple[set[str], int]:
        """The beginnings of the alternatives from `place` on, and where they end; one may be empty."""
        found: set[str] = set()
        row = {""}
        while place < len(symbols) and symbols[place][0] != ")":
            symbol = symbols[place]
            place += 1
            if symbol[0] == "|":
                found |= row
                row = {""}
                continue
            if symbol[0] == "(":
                item, place = self._alternatives(symbols, place)
                place += 1
            else:
                item = self._first(symbol)
            if place < len(symbols) and symbols[place][0] == "?":
                item = item | {""}
                place += 1
            short = [one for one in row if len(one) < 2]
            row = row.difference(short).union((one + other)[:2] for one in short for other in item)
        return found | row, place

    def _first(self, symbol: re.Match[str]) -> set[str]:
        if symbol["word"]:
            return {VOCABULARY.code(symbol["word"])}
        name = symbol["name"]
        if name is None:
            return {_TEXT_CODES[symbol["text"]] if symbol["text"] else symbol[0]}
        if name not in self._beginnings:
            if name in self._definitions:
                found = self.beginnings(self._definitions[name].pattern)
            else:
                found = set(_CODES[name]) if name in _CODES else {row[:2] for row in _rows(name)}
            self._beginnings[name] = found
        return self._beginnings[name]

    def captures(self, regex: re.Pattern[str]) -> list[Capture]:
        """What a regular expression made by `expression` captures, and how it is read."""
        found = []
        for group, place in regex.groupindex.items():
            key, name, _ = group.split("__")
            if name not in self._readers:
                definition = self._definitions.get(name)
                if definition is None or name in _NUMBERS:
                    self._readers[name] = _reader(name)
                else:
                    self._readers[name] = self._made(definition)
            found.append((place, key, self._readers[name]))
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


Capture = tuple[int, str, Reader]
"""The group of a regular expression, the key that its meaning is handed on by, and its reader."""


def read(row: Row, match: re.Match[str], groups: Iterable[Capture]) -> dict[str, Any] | None:
    """What a match captured, by key; None where one of the captures means nothing."""
    values = {}
    spans = match.regs
    for group, key, reader in groups:
        start, end = spans[group]
        if start >= 0:
            value = reader(row, start, end)
            if value is None:
                return None
            values[key] = value
    return values


def _symbols(pattern: str) -> list[re.Match[str]]:
    """What a pattern is written with, blanks left out."""
    found = []
    position = 0
    while position < len(pattern):
        match = _SYMBOL.match(pattern, position)
        if match is None:
            raise ValueError(f"cannot read {pattern[position:].strip()!r} in the pattern {pattern.strip()!r}")
        position = match.end()
        if match.lastgroup is not None:
            found.append(match)
    return found


@cache
def _rows(name: str) -> set[str]:
    """The phrases of a word list as rows of characters."""
    if name not in LISTS:
        raise ValueError(f"no word list and no pattern is called {name!r}")
    return {_row_of(phrase) for phrase in LISTS[name]}


def _row_of(phrase: str) -> str:
    return "".join(s.number_code(part) if part.isdigit() else VOCABULARY.code(part) for part in phrase.split())


def _reader(name: str) -> Reader:
    if name in LISTS:
        return _meaning(name)
    if name in _NUMBERS:
        return _count
    if name in ("name", "word"):
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
