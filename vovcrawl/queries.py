"""What a person types to search, read as a `Query`; nothing that is typed is wrong.

A query is words, of which an article must have all; `"..."` for words in a row, `-` or NOT for what it must not have,
OR for either of two sides, parentheses, `*` for the begin of a word, and `author:`, `tag:`, `section:`, `kind:` for
where it must stand. Words beside each other are all asked for before OR parts them, since a name is often two words:
`Hà Nội OR Đà Nẵng`. AND and NEAR say nothing beyond that. What makes no sense as one of these is taken for plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from vovcrawl.folding import Word, words
from vovcrawl.text import visible

MOST_CHARACTERS = 2_000
"""Of a query that are read."""

MOST_TERMS = 32
"""Terms of a query that are read: what follows is a text that was pasted, and no question."""

MOST_DEPTH = 8
"""Parentheses within each other that count; others are blanks."""

FIELDS = {
    **dict.fromkeys(("author", "authors", "tác-giả", "tácgiả", "tac-gia", "tacgia"), "author"),
    **dict.fromkeys(("tag", "tags", "thẻ", "the", "từ-khóa", "từ-khoá", "tu-khoa"), "tag"),
    **dict.fromkeys(("section", "sections", "mục", "muc", "chuyên-mục", "chuyen-muc"), "section"),
    **dict.fromkeys(("kind", "loại", "loai"), "kind"),
}
"""The field of each field word."""

_SAYING_NOTHING = ("AND", "NEAR", "&&", "&")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand in a row, mostly a single one."""

    words: tuple[Word, ...]
    """At least one; offsets are those of the text that was typed."""
    field: str = ""
    """`author`, `tag`, `section` or `kind`; empty: anywhere in the text, its authors and its tags."""
    is_prefix: bool = False
    """Whether the last word is but the begin of one."""
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """What must all be there."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """What need be there once."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """What must not be there."""

    part: Part


Part = Term | All | Either | Without


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for."""

    typed: str = ""
    """In NFC, and without invisible characters."""
    part: Part | None = None
    """None: nothing is asked for, and every article has it."""

    def __bool__(self) -> bool:
        return self.part is not None

    @property
    def terms(self) -> list[Term]:
        """What is to be marked in an article: all terms but those that it must not have."""
        return list(_wanted(self.part)) if self.part is not None else []

    @property
    def has_marks(self) -> bool:
        """Whether a word of the text was typed with marks."""
        return any(word.spelling != word.folded for term in self.terms for word in term.words)


def _wanted(part: Part) -> Iterator[Term]:
    if isinstance(part, Term):
        yield part
    elif not isinstance(part, Without):
        for each in part.parts:
            yield from _wanted(each)


_TOKEN = re.compile(
    r"""
    (?P<blank> \s++ )
    | (?P<open> \( ) | (?P<close> \) ) | (?P<or> \| )
    | (?P<quote> ["“”„«»＂] )
    | (?P<chunk> [^\s()|"“”„«»＂]++ )
    """,
    re.VERBOSE,
)
_QUOTE = re.compile('["“”„«»＂]')
_FIELD = re.compile(r"([^\W\d_]++(?:-[^\W\d_]++)?+)[:：]")
_MINUS = re.compile(r"[-−]++(?=[^\W_]|$)")
_APART = re.compile(r"(?<![0-9])[,;:!?…]++|[,;:!?…]++(?![0-9])|(?=\*)|(?<=\*)")
"""What parts words though no blank stands there: "mưa,lũ" is two words, "3,5" one number."""


def parse(typed: str) -> Query:
    """Reads what a person typed. Never raises, whatever it is; what is too much of it is left out."""
    text = visible(typed[:MOST_CHARACTERS]).strip()
    return Query(text, _Parser(text).query())


class _Parser:
    """Reads one query."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._terms = 0

    def query(self) -> Part | None:
        """All of it; where it is nothing but operators, they are words."""
        found = self._either(0)
        if found is not None:
            return found
        chunks = re.finditer(r"\S++", self._text)
        return _all([part for each in chunks if (part := self._chunk(each[0], each.start(), "")) is not None])

    def _either(self, depth: int) -> Part | None:
        """Reads up to the parenthesis that closes, or to the end."""
        alternatives: list[list[Part]] = [[]]
        is_negated = has_minus = False
        field = ""
        while self._terms < MOST_TERMS and (match := _TOKEN.match(self._text, self._place)) is not None:
            kind, token = match.lastgroup, match[0]
            self._place = match.end()
            if kind == "close" and depth:
                break
            if kind in ("blank", "close"):
                has_minus = False
                continue
            if kind == "or" or token == "OR":
                alternatives.append([])
                continue
            if token in _SAYING_NOTHING:
                continue
            if token == "NOT":
                is_negated = True
                continue
            part: Part | None
            if kind == "open":
                part = self._either(depth + 1) if depth < MOST_DEPTH else None
            elif kind == "quote":
                part = self._quoted(field)
            else:
                minus = _MINUS.match(token)
                if minus is not None and self._begins_a_word(match.start()):
                    has_minus = True
                    token = token[minus.end() :]
                named = _FIELD.match(token)
                if named is not None and named[1].lower() in FIELDS:
                    field = FIELDS[named[1].lower()]
                    token = token[named.end() :]
                part = self._chunk(token, match.end() - len(token), field)
            if part is None:
                # A minus or a field belongs to what follows it.
                continue
            alternatives[-1].append(Without(part) if is_negated or has_minus else part)
            is_negated = has_minus = False
            field = ""
        return _either([part for parts in alternatives if (part := _all(parts)) is not None])

    def _begins_a_word(self, place: int) -> bool:
        return place == 0 or self._text[place - 1].isspace() or self._text[place - 1] in "(|"

    def _quoted(self, field: str) -> Part | None:
        """Reads up to the quotation mark that closes, or to the end."""
        closing = _QUOTE.search(self._text, self._place)
        end = closing.start() if closing is not None else len(self._text)
        found = self._term(self._place, end, field, is_quoted=True)
        self._place = end + 1
        return found

    def _chunk(self, chunk: str, offset: int, field: str) -> Part | None:
        """The terms of what stands between two blanks."""
        found: list[Part] = []
        begin = 0
        for match in (*_APART.finditer(chunk), None):
            end = match.start() if match is not None else len(chunk)
            is_prefix = chunk[end : end + 1] == "*"
            term = self._term(offset + begin, offset + end, field, is_prefix=is_prefix)
            if term is not None and self._terms <= MOST_TERMS:
                found.append(term)
            begin = match.end() if match is not None else end
        return _all(found)

    def _term(
        self, begin: int, end: int, field: str, *, is_prefix: bool = False, is_quoted: bool = False
    ) -> Term | None:
        of_text = tuple(
            word._replace(start=begin + word.start, end=begin + word.end)
            for word in islice(words(self._text[begin:end]), MOST_TERMS)
        )
        if not of_text:
            return None
        self._terms += 1
        return Term(of_text, field, is_prefix, is_quoted)


def _all(parts: list[Part]) -> Part | None:
    return (parts[0] if len(parts) == 1 else All(tuple(parts))) if parts else None


def _either(parts: list[Part]) -> Part | None:
    return (parts[0] if len(parts) == 1 else Either(tuple(parts))) if parts else None
