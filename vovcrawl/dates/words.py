"""The word lists of words.toml and surroundings.toml, and numbers written in words."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files("vovcrawl.dates").joinpath(name).read_text("utf-8"))


LISTS: dict[str, dict[str, Any]] = {
    **_load("words.toml"),
    **{name: dict.fromkeys(phrases, True) for name, phrases in _load("surroundings.toml").items()},
}
"""Meaning by phrase of each list; the phrases of surroundings.toml mean nothing by themselves."""

UNITS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9}
LAST_UNITS = {**UNITS, "mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
"""After mươi or mười, where some units change their sound."""

SCALES = {"trăm": 100, "nghìn": 1000, "ngàn": 1000}


def number(syllables: list[str]) -> int:
    """The value of a number in words: `["hai", "mươi", "lăm"]` is 25.

    Takes what the pattern `{spelt}` accepts; a lone `chục` or `trăm` counts one of it.
    """
    total = 0
    unit: int | None = None
    for syllable in syllables:
        if syllable in ("mươi", "chục"):
            total, unit = total + 10 * (1 if unit is None else unit), None
        elif syllable == "mười":
            total, unit = total + 10, None
        elif syllable in SCALES:
            total = (total + (unit or 0) or 1) * SCALES[syllable]
            unit = None
        elif syllable in ("lăm", "nhăm", "mốt") and unit is not None:
            # "Hai lăm" is short for "hai mươi lăm".
            total, unit = total + 10 * unit, LAST_UNITS[syllable]
        elif syllable in LAST_UNITS:
            unit = LAST_UNITS[syllable]
    return total + (unit or 0)
