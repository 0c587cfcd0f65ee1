"""The rules of cleaning: read from `rules.toml`, checked line by line, and made quick to ask.

What is boilerplate in words stands there as data, beside each rule a line before and after it. A file of the user's own
adds rules of the same form (`VOV_CLEANING_RULES`).
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from vovcrawl.cleaning.templates import Template, TemplateError, read
from vovcrawl.text import clean


class Where(StrEnum):
    """Where a rule's lines stand, which also says what becomes of them."""

    BLOCK = "block"
    """A whole paragraph of a page or of a saved text: dropped."""
    END = "end of text"
    """As a block, but dropped only as the last of a text."""
    LEAD = "start of lead"
    """Taken off a lead, and off the first paragraph of a text."""
    HEADLINE = "end of headline"
    """Taken off a headline."""
    PAGE_TITLE = "end of page title"
    """Taken off a headline that is not the page's heading, but from its metadata."""
    CREDIT = "credit"
    """What stands before the one who made a picture: the rest is its `credit`."""
    PICTURE = "picture"
    """What a line says only of a picture, so that it is a caption: "(Ảnh minh họa)"."""
    POINTER = "pointer"
    """What announces links to other articles; without links it is text."""
    TITLE_POINTER = "pointer in saved text"
    """What announces another article's title where links are lost."""
    LINE = "line of saved text"
    """What the site prints around every article: dropped."""
    FOOTER = "footer of saved text"
    """Begins what stands below all articles: dropped with what follows."""
    FOOTER_WORDS = "words in footer of saved text"
    """The same, wherever the words stand in their line."""
    NEWSPAPER = "newspaper in saved text"
    """The newspaper's name above or below an article: ends the text."""
    RELATED = "heading of related"
    """Above other articles, which become `related`."""
    OTHERS = "heading of others"
    """Above articles that have nothing to do with this one: dropped with them."""
    TAGS = "label of tags"
    """Before the tags, which become `keywords`."""


_AROUND = (
    *(Where.RELATED, Where.TAGS, Where.FOOTER, Where.NEWSPAPER, Where.LINE, Where.OTHERS),
    Where.BLOCK,
)
"""Places of whole lines of saved texts, in the order in which they are asked for."""
_ASKED_ALONE = frozenset(Where) - {*_AROUND, Where.FOOTER_WORDS} | {Where.BLOCK}

KEYS: Mapping[str, type] = {
    **dict.fromkeys(("name", "where"), str),
    "text": list,
    **dict.fromkeys(("before", "after"), str),
    "stays": list,
    "once": bool,
}
"""What a rule may say."""
_REQUIRED = ("name", "where", "text", "before", "after")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_BYTES = 1_000_000
"""Of a file of rules."""
_MOST_RULES, _MOST_TEXTS = 500, 100
_PUNCTUATION = frozenset(string.punctuation)
_BESIDE_MARKS = r"[>»›→▶►➤]"


class RuleError(ValueError):
    """Raised for a file of rules that cannot be used; its text says in one line which rule, why, and what is right."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """Words that were taken off a text as boilerplate."""

    rule: str
    """The rule's name in the table."""
    field: str
    """The record's field that they would stand in."""
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    name: str
    where: Where
    templates: tuple[Template, ...]
    before: str
    after: str
    stays: tuple[str, ...] = ()
    """Lines that look like it and are text."""
    once: bool = False
    """Whether what follows may be meant when it looks the same."""


class Matcher:
    """Rules asked all at once; of several that a line fits, the first one counts."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        templates = [template for rule in self.rules for template in rule.templates]
        self.pattern = "|".join(f"(?:{template.pattern})" for template in templates) or "(?!)"
        self.first = frozenset[str]().union(*(template.first for template in templates if template.first is not None))
        """Characters that lines of these rules begin with; those of others may begin with any."""
        self.longest = max((template.longest for template in templates), default=-1)
        self._by_first = {letter: self._beginning(letter) for letter in self.first}
        self._other = self._beginning(None)
        self.begins = self._beginning(None, any_letter=True)[1] or re.compile("(?!)")
        """What a line begins with."""

    def _beginning(self, letter: str | None, any_letter: bool = False) -> tuple[int, re.Pattern[str] | None]:
        """The longest line and the pattern of the rules for lines that begin with a letter, or with any other one."""
        longest = -1
        named: list[str] = []
        for number, rule in enumerate(self.rules):
            fit = [one for one in rule.templates if any_letter or one.first is None or letter in one.first]
            if fit:
                longest = max(longest, *(one.longest for one in fit))
                named.append(f"(?P<r{number}>{'|'.join(f'(?:{one.pattern})' for one in fit)})")
        return longest, re.compile("|".join(named), re.IGNORECASE) if named else None

    def whole(self, line: str) -> Rule | None:
        """The rule for a whole line."""
        longest, pattern = self._by_first.get(line[:1], self._other)
        if len(line) > longest or pattern is None:
            return None
        match = pattern.fullmatch(line)
        return self.rule_of(match) if match is not None else None

    def rule_of(self, match: re.Match[str]) -> Rule:
        """The rule that a match of `begins` is by."""
        assert match.lastgroup is not None
        return self.rules[int(match.lastgroup[1:])]


class Rules:
    """A table of rules, ready for use."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_place = {where: Matcher(self._at(where)) for where in _ASKED_ALONE}
        self.block, self.end = self._by_place[Where.BLOCK], self._by_place[Where.END]
        self.lead = self._by_place[Where.LEAD]
        self.around = Matcher(rule for where in _AROUND for rule in self._at(where))
        """What stands around the text in saved texts."""
        words = [(rule, one.written.lower()) for rule in self._at(Where.FOOTER_WORDS) for one in rule.templates]
        self.footer_words = [(rule, next(filter(_PUNCTUATION.__contains__, one), ""), one) for rule, one in words]
        """Rules with a mark that stands in their words, if any does, and the words in small letters."""

    def _at(self, *places: Where) -> list[Rule]:
        return [rule for rule in self.rules if rule.where in places]

    @cached_property
    def first_of_pointers(self) -> frozenset[str]:
        """What a line of a saved text begins with that announces another article's title in words."""
        return self._by_place[Where.TITLE_POINTER].first

    @cached_property
    def headline_suffix(self) -> re.Pattern[str]:
        """What is taken off the end of a headline."""
        return re.compile(rf" ?(?:{self._by_place[Where.HEADLINE].pattern}) ?$", re.IGNORECASE)

    @cached_property
    def title_suffix(self) -> re.Pattern[str]:
        """What is taken off the end of a headline from a page's metadata."""
        either = f"{self._by_place[Where.HEADLINE].pattern}|{self._by_place[Where.PAGE_TITLE].pattern}"
        return re.compile(rf" ?(?:{either}) ?$", re.IGNORECASE)

    @cached_property
    def pointer(self) -> re.Pattern[str]:
        """What announces links at the beginning of a line."""
        arrows = f"{_BESIDE_MARKS}{{1,3}}"
        pointing = self._by_place[Where.POINTER].pattern
        return re.compile(rf"(?:(?:{arrows}|(?:{pointing})\s*(?::|{arrows}))\s*)+", re.IGNORECASE)

    @cached_property
    def label(self) -> re.Pattern[str]:
        """A line that does nothing but announce other articles."""
        pointing = self._by_place[Where.POINTER].pattern
        return re.compile(rf"(?:{_BESIDE_MARKS}{{1,3}}\s*)?(?:{pointing})\s*[:.…>»]*", re.IGNORECASE)

    @cached_property
    def title_pointer(self) -> re.Pattern[str]:
        """What announces another article's title at the beginning of a line of a saved text."""
        pointing = self._by_place[Where.TITLE_POINTER].pattern
        return re.compile(rf"(?:(?:>{{2,3}}|»{{1,3}}|(?:{pointing})\s*:)\s*)+(?=\w|[“\"])", re.IGNORECASE)

    @cached_property
    def credit(self) -> str:
        """Pattern of what stands before the one who made a picture."""
        return self._by_place[Where.CREDIT].pattern

    @cached_property
    def picture(self) -> str:
        """Pattern of what says that a line is a caption."""
        return self._by_place[Where.PICTURE].pattern


def read_file(path: Path) -> list[Rule]:
    """The rules of a file.

    Raises:
        RuleError: it cannot be read, is no TOML, or one of its rules is none.
    """
    if not path.is_file():
        raise RuleError("there is no such file")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RuleError(f"cannot be read: {error.strerror or error}") from None
    if len(data) > MOST_BYTES:
        raise RuleError(f"larger than {MOST_BYTES} bytes")
    return read_table(data)


def read_table(data: bytes) -> list[Rule]:
    """The rules of a table in TOML.

    Raises:
        RuleError: as `read_file` says.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise RuleError(f"not UTF-8: byte {error.start} cannot be read") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RuleError(f"not TOML: {error}") from None
    rows = table.get("rule")
    if table.keys() != {"rule"} or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleError("holds something else than rules; right would be [[rule]] before each of them")
    if len(rows) > _MOST_RULES:
        raise RuleError(f"more than {_MOST_RULES} rules")
    found: list[Rule] = []
    for number, row in enumerate(rows, 1):
        found.append(_rule(row, number))
        if sum(one.name == found[-1].name for one in found) > 1:
            raise RuleError(f'rule "{found[-1].name}": a second one of this name')
    return found


def _rule(row: Mapping[str, Any], number: int) -> Rule:
    name = row.get("name")
    called = f'rule "{name}"' if isinstance(name, str) and _NAME.fullmatch(name) else f"rule {number}"
    for key, value in row.items():
        if key not in KEYS:
            raise RuleError(f"{called}: unknown key {key!r}; there are {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]):
            raise RuleError(f"{called}: {key} is to be {_SHAPES[KEYS[key]]}")
    if missing := [key for key in _REQUIRED if key not in row]:
        raise RuleError(f"{called}: lacks {', '.join(missing)}")
    if not _NAME.fullmatch(row["name"]):
        raise RuleError(f"{called}: its name has more than small letters, figures and hyphens")
    if row["where"] not in [str(one) for one in Where]:
        raise RuleError(f"{called}: unknown place {row['where']!r}; there are {', '.join(map(repr, map(str, Where)))}")
    for key in ("text", "stays"):
        if not all(isinstance(text, str) for text in row.get(key, [])):
            raise RuleError(f"{called}: {key} is to be {_SHAPES[list]}")
    if not 0 < len(row["text"]) <= _MOST_TEXTS:
        raise RuleError(f"{called}: text is to hold 1 to {_MOST_TEXTS} lines")
    templates: list[Template] = []
    for text in row["text"]:
        try:
            templates.append(read(text))
        except TemplateError as error:
            raise RuleError(f"{called}: {text!r} is no text of a rule: {error}") from None
        if row["where"] in (Where.LEAD, Where.BLOCK) and templates[-1].first is None:
            raise RuleError(f"{called}: {text!r} is to begin with a letter or a bracket")
        if row["where"] == Where.FOOTER_WORDS and not templates[-1].is_plain:
            raise RuleError(f"{called}: {text!r} is to be nothing but words")
    return Rule(
        row["name"],
        Where(row["where"]),
        tuple(templates),
        clean(row["before"]),
        clean(row["after"]),
        tuple(map(clean, row.get("stays", []))),
        row.get("once", False),
    )


_SHAPES = {str: "a text", list: "a list of texts", bool: "true or false"}

SHIPPED = Rules(read_table(files("vovcrawl.cleaning").joinpath("rules.toml").read_bytes()))
"""The rules that come with the project."""

_in_use = SHIPPED
_own: tuple[Rule, ...] = ()


def in_use() -> Rules:
    """The rules that pages are read by in this process."""
    return _in_use


def use_also(own: tuple[Rule, ...]) -> None:
    """Has this process read pages by the shipped rules and the user's own."""
    global _in_use, _own
    if own != _own:
        _own = own
        _in_use = Rules((*SHIPPED.rules, *own)) if own else SHIPPED


@contextmanager
def only(*rules: Rule) -> Iterator[None]:
    """Reads by these rules alone, to try them."""
    global _in_use
    before = _in_use
    _in_use = Rules(rules)
    try:
        yield
    finally:
        _in_use = before
