"""Lines of boilerplate as a Vietnamese reader writes them down, turned into patterns.

| written | what it stands for |
| --- | --- |
| `chia sẻ` | these words, in capitals or not, the tone mark on either vowel (`toà`, `tòa`) |
| `[quý]` | may be missing, with the blank beside it |
| `{độc giả|bạn đọc}` | one of these |
| `...` | anything, up to 60 characters; `...200`: up to 200 |
| `*` | letters, figures, dots and hyphens without a blank, as in an e-mail address |
| `#` | figures, with what stands between those of a telephone number |
| `:`, `|` and ` - ` | with a blank beside it or without; the dash is a dash of any length |

Nothing else has a meaning of its own. Every part is bounded, and what was matched between two `...` is not tried again,
so that no template makes a hostile line costly.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

MOST_CHARACTERS = 400
"""Of a template."""
MOST_OF_A_GAP = 600
_GAP, _LONGEST_WORD = 60, 60
_MOST_GAPS, _MOST_WORDS, _MOST_GROUPS, _DEEPEST = 3, 2, 16, 3

_LENGTH = re.compile(r"\d{1,3}")
_MARKS = re.compile(r"( ?(?<!\S)[-–—](?!\S) ?| ?[:|] ?)")
_BLANK_BEFORE, _BLANK_AFTER = r"(?!\w)", r"(?<!\w)"


class TemplateError(ValueError):
    """Raised for what is no template; its text says why."""


def _pairs() -> dict[str, str]:
    """Two vowels with their tone mark on the first or on the second, and what matches both spellings."""
    found: dict[str, str] = {}
    for vowels in ("oa", "oe", "uy"):
        for tone in "\u0300\u0301\u0309\u0303\u0323":
            both = [unicodedata.normalize("NFC", one) for one in (vowels[0] + tone + vowels[1], vowels + tone)]
            found |= dict.fromkeys(both, f"(?:{both[0]}|{both[1]})")
    return found


_PAIRS = _pairs()
_PAIR = re.compile("|".join(_PAIRS))


@dataclass(frozen=True, slots=True)
class Template:
    """A line of boilerplate, read."""

    written: str
    pattern: str
    """A regular expression for the whole of it, to be compiled without regard to capitals."""
    first: frozenset[str] | None
    """The characters that it can begin with; None where that may be any."""
    longest: int
    """Characters that it can match at most."""
    is_plain: bool
    """Whether it is nothing but words."""


def read(written: str) -> Template:
    """What a template stands for.

    Raises:
        TemplateError: it is empty or too long, a bracket is not closed, or it has more parts than it may have.
    """
    text = unicodedata.normalize("NFC", " ".join(written.split()))
    if not text:
        raise TemplateError("no words")
    if len(text) > MOST_CHARACTERS:
        raise TemplateError(f"more than {MOST_CHARACTERS} characters")
    reader = _Reader(text)
    parts = reader.sequence("")
    if all(part.kind is not None and part.kind != "choice" for part in parts):
        raise TemplateError("nothing but placeholders: it would match every line")
    longest = sum(part.longest for part in parts)
    if not longest:
        raise TemplateError("no words")
    is_plain = all(part.kind is None for part in parts)
    return Template(text, _joined(parts), _first(parts), longest, is_plain)


@dataclass(slots=True)
class _Part:
    """A stretch of a template: a `gap`, a `choice`, what may be `missing`, another placeholder, or words (None)."""

    kind: str | None
    pattern: str
    longest: int
    first: frozenset[str] | None = None
    may_be_empty: bool = False


@dataclass
class _Reader:
    text: str
    place: int = 0
    groups: int = 0
    gaps: int = 0
    words: int = 0
    _depth: int = field(default=0, init=False)

    def sequence(self, ends: str) -> list[_Part]:
        """The parts up to one of the characters in `ends`, or to the end of the text."""
        parts: list[_Part] = []
        begin = self.place
        while self.place < len(self.text) and self.text[self.place] not in ends:
            letter = self.text[self.place]
            if letter in "]}":
                raise TemplateError(f"'{letter}' closes nothing")
            if not self._is_placeholder(letter):
                self.place += 1
                continue
            self._words(parts, begin)
            parts.append(self._placeholder(letter))
            begin = self.place
        self._words(parts, begin)
        return _with_blanks(parts)

    def _is_placeholder(self, letter: str) -> bool:
        return letter in "[{*#" or self.text.startswith("...", self.place)

    def _words(self, parts: list[_Part], begin: int) -> None:
        if words := self.text[begin : self.place]:
            parts.append(_Part(None, words, len(words)))

    def _placeholder(self, letter: str) -> _Part:
        if letter in "[{":
            return self._group(letter)
        if letter in "*#":
            self.place += 1
            self.words += 1
            if self.words > _MOST_WORDS:
                raise TemplateError(f"'*' and '#' more than {_MOST_WORDS} times")
            if letter == "*":
                return _Part("word", rf"[\w.-]{{0,{_LONGEST_WORD}}}", _LONGEST_WORD, may_be_empty=True)
            return _Part("figures", rf"[\d().+][\d ().,+–-]{{0,{_LONGEST_WORD}}}", _LONGEST_WORD + 1)
        self.place += 3
        self.gaps += 1
        if self._depth or self.gaps > _MOST_GAPS:
            where = "within brackets" if self._depth else f"more than {_MOST_GAPS} times"
            raise TemplateError(f"'...' {where}")
        written = _LENGTH.match(self.text, self.place)
        length = int(written[0]) if written else _GAP
        self.place = written.end() if written else self.place
        if length > MOST_OF_A_GAP:
            raise TemplateError(f"'...{length}' is longer than {MOST_OF_A_GAP}")
        return _Part("gap", f".{{0,{length}}}?", length, may_be_empty=True)

    def _group(self, opened: str) -> _Part:
        closes = "]" if opened == "[" else "}"
        self.groups += 1
        self._depth += 1
        if self.groups > _MOST_GROUPS or self._depth > _DEEPEST:
            raise TemplateError("too many brackets")
        self.place += 1
        choices: list[list[_Part]] = []
        while True:
            choices.append(self.sequence(f"|{closes}"))
            if self.place == len(self.text):
                raise TemplateError(f"'{opened}' is not closed")
            self.place += 1
            if self.text[self.place - 1] == closes:
                break
        self._depth -= 1
        firsts = [_first(choice) for choice in choices]
        known = [first for first in firsts if first is not None]
        return _Part(
            "missing" if opened == "[" else "choice",
            "|".join(map(_joined, choices)),
            max(sum(part.longest for part in choice) for choice in choices),
            frozenset().union(*known) if len(known) == len(firsts) else None,
            may_be_empty=opened == "[",
        )


def _with_blanks(parts: list[_Part]) -> list[_Part]:
    """The parts with their patterns made whole: the blank beside what may be missing is missing with it."""
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else None
        after = parts[place + 1] if place + 1 < len(parts) else None
        if part.kind == "gap":
            if before is not None and before.kind is None and before.pattern.endswith(" "):
                before.pattern = before.pattern[:-1]
                part.pattern = (_BLANK_BEFORE if before.pattern[-1:].isalnum() else "") + part.pattern
            if after is not None and after.kind is None and after.pattern.startswith(" "):
                after.pattern = after.pattern[1:]
                part.pattern += _BLANK_AFTER if after.pattern[:1].isalnum() else ""
            part.longest += 2
        elif part.kind == "missing":
            left = right = ""
            if before is not None and before.kind is None and before.pattern.endswith(" "):
                before.pattern, left = before.pattern[:-1], " "
            elif before is None and after is not None and after.kind is None and after.pattern.startswith(" "):
                after.pattern, right = after.pattern[1:], " "
            part.pattern = f"(?:{left}(?:{part.pattern}){right})?"
        elif part.kind == "choice":
            part.pattern = f"(?:{part.pattern})"
    for part in parts:
        if part.kind is None:
            part.first = _first_letters(part.pattern)
            part.may_be_empty = not part.pattern
            part.longest += 2 * len(_MARKS.findall(part.pattern))
            part.pattern = _words_pattern(part.pattern)
    return parts


def _words_pattern(words: str) -> str:
    pieces: list[str] = []
    for piece in _MARKS.split(words):
        mark = piece.strip()
        if _MARKS.fullmatch(piece):
            pieces.append(f" ?{re.escape(mark) if mark in ':|' else '[-–—]'} ?")
        else:
            escaped = re.escape(piece.lower()).replace("\\ ", " ")
            pieces.append(_PAIR.sub(lambda pair: _PAIRS[pair[0]], escaped))
    return "".join(pieces)


def _first_letters(words: str) -> frozenset[str] | None:
    if not words:
        return frozenset()
    if words[0] in " -–—:|":
        return None
    begin = words[:2].lower()
    letters = {spelling[0] for spelling in _PAIRS[begin][3:-1].split("|")} if begin in _PAIRS else {begin[0]}
    return frozenset(letters | {letter.upper() for letter in letters})


def _first(parts: list[_Part]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for part in parts:
        if part.kind in ("gap", "word", "figures") or part.first is None:
            return None
        found |= part.first
        if not part.may_be_empty:
            break
    return found


def _joined(parts: list[_Part]) -> str:
    """One pattern of parts in a row. What stands up to a `...` that another one follows is never tried again."""
    stretches: list[list[str]] = [[]]
    for part in parts:
        if part.kind == "gap":
            stretches.append([])
        stretches[-1].append(part.pattern)
    inner = [f"(?>{''.join(stretch)})" for stretch in stretches[1:-1]]
    return "".join([*stretches[0], *inner, *(stretches[-1] if len(stretches) > 1 else [])])
