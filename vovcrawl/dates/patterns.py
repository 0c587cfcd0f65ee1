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

Numbers: {day} 1-31, {month} 1-12, {year} four digits, {two} up to two digits, {digits} up to four, {count} any
number, in words too, with {spelt} for words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any

from vovcrawl.dates import syllables as s
from vovcrawl.dates.words import LAST_UNITS, LISTS, SCALES, UNITS, number

VOCABULARY = s.Vocabulary()

_DIGITS = f"[{s.SMALL}{s.DAY}{s.MINUTE}{s.TENS}{s.YEAR}{s.LONG}]"

_NUMBERS = {
    "day": f"[{s.SMALL}{s.DAY}]",
    "month": s.SMALL,
    "year": s.YEAR,
    "two": f"[{s.ZERO}{s.SMALL}{s.DAY}{s.MINUTE}{s.TENS}]",
    "tens": s.TENS,
    "digits": _DIGITS,
    "any_number": f"[{s.ZERO}{s.SMALL}{s.DAY}{s.MINUTE}{s.TENS}{s.YEAR}{s.LONG}{s.HUGE}]",
}
_WORDS = {"name": s.NAME, "word": f"[{s.WORD}{s.NAME}]"}

_SYMBOL = re.compile(
    r"\s+|(?P<operator>[()|?])|\{(?P<name>\w+)(?::(?P<key>\w+))?\}|<(?P<text>[(),.])>|(?P<word>[^\W\d_]+|[0-9]+)|(?P<sign>[-/~,.:;'+%\"])"
)
_TEXT_SIGNS = {"(": r"\(", ")": r"\)", ",": s.TIGHT[","], ".": s.LOOSE["."]}

_patterns: dict[str, str] = {}
_group_numbers = count()

Reader = Callable[[str, str], Any]
"""From a row of syllables and the text it stands for to what it means."""


def define(name: str, pattern: str) -> None:
    """Gives `pattern` a name, by which others can use it; what it captures is handed over too."""
    _patterns[name] = pattern


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
            if name in _patterns:
                pieces.append(f"(?:{expression(_patterns[name], capture)})")
            else:
                key = match["key"] or name
                # The list's name is kept with the key: it says how the capture is read. The number keeps them apart.
                group = f"P<{key}__{name}__{next(_group_numbers)}>" if capture else ":"
                pieces.append(f"(?{group}{_listed(name)})")
        elif match["word"]:
            pieces.append(VOCABULARY.code(match["word"]) if match["word"].isalpha() else _exact_number(match["word"]))
        elif match["text"]:
            pieces.append(_TEXT_SIGNS[match["text"]])
        elif match["sign"]:
            pieces.append(re.escape(match["sign"]))
        elif match["operator"]:
            pieces.append("(?:" if match["operator"] == "(" else match["operator"])
    return "".join(pieces)


def _exact_number(digits: str) -> str:
    raise ValueError(f"a pattern cannot hold the number {digits}; check it in the rule")


def _listed(name: str) -> str:
    if name in _NUMBERS:
        return _NUMBERS[name]
    if name in _WORDS:
        return _WORDS[name]
    if name == "spelt":
        return _SPELT
    if name == "count":
        decimal = f"{_DIGITS}(?:[{s.TIGHT[',']}{s.TIGHT['.']}]{_DIGITS})?"
        return f"{decimal}|{_SPELT}"
    if name in LISTS:
        # The longest phrase first: a regular expression takes the first alternative that fits.
        rows = sorted((row_of(phrase) for phrase in LISTS[name]), key=len, reverse=True)
        return "|".join(re.escape(row) for row in rows)
    raise ValueError(f"no word list and no pattern is called {name!r}")


def row_of(phrase: str) -> str:
    """The characters of a phrase from the word lists."""
    return "".join(VOCABULARY.codes[part] if part.isdigit() else VOCABULARY.code(part) for part in phrase.split())


def reader(name: str) -> Reader:
    """How a capture of the list `name` is read."""
    if name in LISTS:
        meanings = {row_of(phrase): meaning for phrase, meaning in LISTS[name].items()}
        # By its letters first: all small numbers look alike in a row.
        return lambda row, text: LISTS[name].get(" ".join(text.split()), None if s.SMALL in row else meanings.get(row))
    if name in ("spelt", "count"):
        return _read_count
    if name in _WORDS:
        return lambda row, text: text
    return lambda row, text: int(text)


def _read_count(row: str, text: str) -> int | float:
    if text[0].isdigit():
        # A dot parts thousands, a comma decimals.
        return float(text.replace(",", ".")) if "," in text else int(text.replace(".", ""))
    return number(text.split())


def _row_choice(words: Any) -> str:
    return "[" + "".join(VOCABULARY.code(word) for word in words) + "]"


_UNIT, _LAST, _SCALE = _row_choice(UNITS), _row_choice(LAST_UNITS), _row_choice(SCALES)
_TEN, _MANY, _ODD = (_row_choice(words) for words in (["mười"], ["mươi", "chục"], ["linh", "lẻ"]))
_SPELT = (
    f"{_UNIT}{_SCALE}(?:{_ODD}?{_UNIT}?[{_TEN[1:-1]}{_MANY[1:-1]}]?{_LAST}?)"
    f"|{_UNIT}{_MANY}{_LAST}?|{_TEN}{_LAST}?|{_UNIT}|{_row_choice(['chục', 'trăm', 'nghìn', 'ngàn'])}"
)


def first_codes(regex: str) -> set[str]:
    """The characters that a match of a regular expression made by `expression` can begin with."""
    (found, _), _ = _alternatives(regex, 0)
    return found


def _alternatives(regex: str, position: int) -> tuple[tuple[set[str], bool], int]:
    """First characters of the alternatives from `position` on, whether they can be empty, and where they end."""
    before: set[str] = set()
    can_be_empty = False
    own: set[str] = set()
    at_start = True
    while position < len(regex) and regex[position] != ")":
        sign = regex[position]
        if sign == "|":
            before |= own
            can_be_empty |= at_start
            own, at_start = set(), True
            position += 1
            continue
        if sign == "(":
            position = regex.index(">", position) + 1 if regex.startswith("(?P<", position) else position + 3
            (item, empty), position = _alternatives(regex, position)
            position += 1
        elif sign == "[":
            close = regex.index("]", position)
            item, empty, position = set(regex[position + 1 : close]), False, close + 1
        elif sign == "\\":
            item, empty, position = {regex[position + 1]}, False, position + 2
        else:
            item, empty, position = {sign}, False, position + 1
        if position < len(regex) and regex[position] == "?":
            empty, position = True, position + 1
        if at_start:
            own |= item
            at_start = empty
    return (before | own, can_be_empty or at_start), position
