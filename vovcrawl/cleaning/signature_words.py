"""The word lists of signatures.toml: what is said in signatures, and what is not."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class WordList:
    """Words of one kind, with a text that they tell the signature of and what is left of it."""

    words: tuple[str, ...]
    before: str
    after: str


def _load() -> dict[str, WordList]:
    table = tomllib.loads(files("vovcrawl.cleaning").joinpath("signatures.toml").read_text("utf-8"))
    return {name: WordList(tuple(row["words"]), row["before"], row["after"]) for name, row in table.items()}


LISTS = _load()
"""The lists by name."""


def any_of(name: str) -> str:
    """A pattern for one of the words of a list; one that ends in `*` may go on."""
    words = (re.escape(word).replace(r"\ ", r"\s++").replace(r"\*", r"\w*+") for word in LISTS[name].words)
    return "|".join(words)
