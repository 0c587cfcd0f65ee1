"""How words become HTML: escaped, and now and then as untidy as editors and their tools leave them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html import escape
from html.entities import codepoint2name
from random import Random

from quality.generator.facts import Rich

MESSES = (
    "nfd",
    "nbsp",
    "zero-width",
    "soft-hyphens",
    "returns",
    "entities",
    "comments",
    "blanks",
    "spans",
    "numeric",
    "anchors",
    "word-marks",
)
"""Names of `Story.manner` that say how its running text is untidy."""


def attribute(text: str) -> str:
    """Text for a quoted attribute."""
    return escape(text, quote=True)


def text(value: str) -> str:
    """Text for an element."""
    return escape(value, quote=False)


class Ink:
    """Writes running text; `messes` are those of `MESSES` that it makes."""

    def __init__(self, messes: frozenset[str], random: Random) -> None:
        self._messes = [mess for mess in MESSES if mess in messes]
        self._random = random

    def rich(self, rich: Rich) -> str:
        """Running text with its links and bold words."""
        parts = []
        for span in rich:
            inner = "<br />\n".join(map(self.words, span.text.split("\n")))
            if span.written is not None:
                away = "" if "vov.vn" in span.written or span.written[:1] == "/" else ' target="_blank" rel="nofollow"'
                inner = self._link(span.written, away, inner)
            parts.append(f"<strong>{inner}</strong>" if span.bold else inner)
        return "".join(parts)

    def _link(self, written: str, away: str, inner: str) -> str:
        href = attribute(written)
        if "anchors" not in self._messes:
            return f'<a href="{href}"{away}>{inner}</a>'
        return self._random.choice(
            (
                f'<a name="chu-thich"></a><a title="Xem" href="{href}"><span>{inner}</span></a>',
                f'<a href=" {href} "{away}><u><strong>{inner}</strong></u></a>',
                f'<A HREF="{href}" onclick="return track(\'{len(inner)}\')">{inner}</A>',
                f'<a href="{href}">{inner}</a><a href="#"></a><a href="javascript:void(0)"></a>',
            )
        )

    def words(self, value: str) -> str:
        """Plain words, with a mess here and there."""
        if not self._messes:
            return text(value)
        words = value.split(" ")
        written = [self._word(word) for word in words]
        pieces = [written[0]]
        for word in written[1:]:
            pieces.append(self._blank())
            pieces.append(word)
        return "".join(pieces)

    def _word(self, word: str) -> str:
        random = self._random
        mess = random.choice(self._messes)
        if mess == "nfd":
            return text(unicodedata.normalize("NFD", word))
        if mess in _LETTERS and random.random() < 0.3:
            return _LETTERS[mess](word)
        if mess == "soft-hyphens" and len(word) > 4 and word.isalpha() and random.random() < 0.3:
            return f"{word[:2]}\u00ad{word[2:]}"
        if mess == "zero-width" and random.random() < 0.3:
            return f"{text(word)}\u200b"
        if mess == "spans" and random.random() < 0.2:
            return f'<span style="font-size:14pt;font-family:Times New Roman">{text(word)}</span>'
        if mess == "word-marks" and word[:1].isupper() and random.random() < 0.5:
            return f'<st1:place w:st="on">{text(word)}</st1:place>'
        if mess == "comments" and random.random() < 0.1:
            return f"{text(word)}<!-- sửa {random.randint(1, 99)} -->"
        return text(word)

    def _blank(self) -> str:
        if self._random.random() > 0.15:
            return " "
        mess = self._random.choice(self._messes)
        return {"nbsp": "&nbsp;", "returns": " &#13;\n", "blanks": " \n\t   ", "numeric": "&#160; "}.get(mess, " ")


def _named(word: str) -> str:
    return "".join(f"&{codepoint2name[ord(letter)]};" if ord(letter) in codepoint2name else letter for letter in word)


def _numbered(word: str) -> str:
    return "".join(f"&#{ord(letter)};" if ord(letter) > 127 or letter in "<&>" else letter for letter in word)


_LETTERS: dict[str, Callable[[str], str]] = {"entities": _named, "numeric": _numbered}
