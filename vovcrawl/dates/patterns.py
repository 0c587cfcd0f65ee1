"""Patterns over syllables, written in plain Vietnamese.

A pattern is a row of words, each standing for its syllable, with

    a | b       either
    ( ... )     a group
    a?          may be left out
    {name}      a phrase of the word list `name`, a number (below), or another pattern by its name;
                what was found there is handed to the rule under that name
    {name:key}  the same, handed over as `key`
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
from collections.abc import Callable, Iterable
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

_definitions: dict[str, str] = {}
_makers: dict[str, Callable[..., Any]] = {}
_group_numbers = count()

Reader = Callable[[Row, int, int], Any]
"""From a stretch of a row to what it means; None where it means nothing after all."""


def define(name: str, pattern: str, make: Callable[..., Any] | None = None) -> None:
    """Gives `pattern` a name, by which others can use it.

    With `make`, what it makes of the captures is handed over under that name; without, the captures themselves are.
    """
    _definitions[name] = pattern
    if make is not None:
        _makers[name] = make


def expression(pattern: str, capture: bool = True) -> str:
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
        if name := match["name"]:
            pieces.append(_reference(name, match["key"] or name, capture))
        elif match["word"]:
            pieces.append(VOCABULARY.code(match["word"]))
        elif match["text"]:
            pieces.append(_TEXT_SIGNS[match["text"]])
        elif match["sign"]:
            pieces.append(re.escape(match["sign"]))
        elif match["operator"]:
            pieces.append("(?:" if match["operator"] == "(" else match["operator"])
    return "".join(pieces)


def _reference(name: str, key: str, capture: bool) -> str:
    if name in _definitions and name not in _makers:
        return f"(?:{expression(_definitions[name], capture)})"
    inner = expression(_definitions[name], capture=False) if name in _definitions else _listed(name)
    # The list's name is kept beside the key: it says how the capture is read. The number keeps groups apart.
    return f"(?P<{key}__{name}__{next(_group_numbers)}>{inner})" if capture else f"(?:{inner})"


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
    return "".join(VOCABULARY.codes[part] if part.isdigit() else VOCABULARY.code(part) for part in phrase.split())


def captures(regex: re.Pattern[str]) -> list[tuple[str, str, Reader]]:
    """The group, the key and the reader of everything that a regular expression made by `expression` captures."""
    found = []
    for group in regex.groupindex:
        key, name, _ = group.split("__")
        found.append((group, key, _reader(name)))
    return found


def read(row: Row, match: re.Match[str], groups: Iterable[tuple[str, str, Reader]]) -> dict[str, Any] | None:
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


def _reader(name: str) -> Reader:
    if name in _makers:
        return _made(name)
    if name in LISTS:
        return _meaning(name)
    if name in ("spelt", "count"):
        return _count
    if name in _WORDS:
        return lambda row, start, end: row.text(start, end)
    return lambda row, start, end: int(row.text(start, end))


def _made(name: str) -> Reader:
    regex = re.compile(expression(_definitions[name]))
    groups = captures(regex)
    make = _makers[name]

    def reader(row: Row, start: int, end: int) -> Any:
        match = regex.fullmatch(row.codes, start, end)
        values = read(row, match, groups) if match is not None else None
        return make(**values) if values is not None else None

    return reader


def _meaning(name: str) -> Reader:
    by_row = {_row_of(phrase): meaning for phrase, meaning in LISTS[name].items()}
    by_text = LISTS[name]

    def reader(row: Row, start: int, end: int) -> Any:
        codes = row.codes[start:end]
        # Small numbers all look alike in a row.
        return by_text.get(row.text(start, end)) if s.SMALL in codes else by_row.get(codes)

    return reader


def _count(row: Row, start: int, end: int) -> int | float:
    text = row.text(start, end).replace(" ", "")
    if text[0].isdigit():
        # A comma parts decimals; so does a dot, but one before three figures, which parts thousands.
        if "." in text and len(text.partition(".")[2]) == 3:
            return int(text.replace(".", ""))
        return float(text.replace(",", ".")) if not text.isdigit() else int(text)
    return number([VOCABULARY.syllables[code] for code in row.codes[start:end]])


def _choice(words: Iterable[str]) -> str:
    return "[" + "".join(VOCABULARY.code(word) for word in words) + "]"


_UNIT, _LAST, _SCALE = _choice(UNITS), _choice(LAST_UNITS), _choice(SCALES)
_TEN, _TENS, _ODD = _choice(["mười"]), _choice(["mươi", "chục"]), _choice(["linh", "lẻ"])
_SHORT = _choice(["lăm", "nhăm", "mốt"])
_UP_TO_99 = f"{_UNIT}{_TENS}{_LAST}?|{_UNIT}{_SHORT}|{_TEN}{_LAST}?|{_UNIT}"
_SPELT = f"{_UNIT}{_SCALE}(?:{_ODD}?(?:{_UP_TO_99}))?|{_UP_TO_99}|{_choice(['chục', *SCALES])}"


def beginnings(regex: str) -> set[str]:
    """The first two characters that a match of a regular expression made by `expression` can have.

    A single character is a match that may end behind it.
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
