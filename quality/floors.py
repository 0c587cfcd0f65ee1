"""The floors below which no figure may fall: today's figures, in `floors.json`.

A floor is raised when a figure is better, and lowered with `--lower-floors` alone, so that no one lowers it in silence.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from quality.scores import CURRENT, Scores

FILE = Path(__file__).resolve().parent / "floors.json"

Figures = dict[str, float]
"""Shares between 0 and 1 by name: `pages`, `body on current layouts`, `headline exact`, `headline F1`,
`pages of aspnet`."""

_DIGITS = 4


class BadFloors(ValueError):
    """`floors.json` does not name the figures that there are."""


def figures(scores: Scores) -> Figures:
    """Every figure that has a floor."""
    found = {"pages": scores.whole(), "body on current layouts": scores.field("body", *CURRENT).exact}
    for field, score in scores.fields.items():
        found |= {f"{field} exact": score.exact, f"{field} F1": score.f1}
    found |= {f"pages of {layout}": share for layout, share in scores.layouts.items()}
    # Cut, never rounded up: a floor above its own figure would fail at once.
    return {name: math.floor(value * 10**_DIGITS) / 10**_DIGITS for name, value in found.items()}


def load(file: Path = FILE) -> Figures:
    """The pinned floors.

    Raises:
        BadFloors: the file holds no object of numbers between 0 and 1.
    """
    try:
        floors: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFloors(f"{file.name} cannot be read: {error}") from None
    if not isinstance(floors, dict):
        raise BadFloors(f"{file.name} holds no object of figures")
    wrong = [name for name, value in floors.items() if type(value) not in (int, float) or not 0 <= value <= 1]
    if wrong:
        raise BadFloors(f"{file.name}: no number between 0 and 1 for {', '.join(wrong)}")
    return floors


def save(floors: Figures, file: Path = FILE) -> None:
    """Pins floors, a line each."""
    file.write_text(json.dumps(floors, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def below(found: Figures, floors: Figures) -> list[str]:
    """The names of figures below their floors.

    Raises:
        BadFloors: a figure has no floor, or a floor no figure.
    """
    if missing := [name for name in found if name not in floors]:
        raise BadFloors(f"{FILE.name} lacks {', '.join(missing)}")
    if unknown := [name for name in floors if name not in found]:
        raise BadFloors(f"{FILE.name} names figures that there are not: {', '.join(unknown)}")
    return [name for name, value in found.items() if value < floors[name]]


def above(found: Figures, floors: Figures) -> list[str]:
    """The names of figures above their floors."""
    return [name for name, value in found.items() if value > floors.get(name, 1.0)]
