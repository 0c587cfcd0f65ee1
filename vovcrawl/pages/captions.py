"""Whether words beside a picture are its caption or text of the article. In doubt they are text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vovcrawl.cleaning.credits import names_picture
from vovcrawl.cleaning.signatures import is_signature, split_signature
from vovcrawl.pages import markup
from vovcrawl.pages.document import Element, classes

_ITALIC_TAGS = frozenset(("em", "i", "small", "cite"))
_ITALIC_STYLE = re.compile(
    r"font-style\s{0,9}:\s{0,9}(?:italic|oblique)|font-size\s{0,9}:\s{0,9}(?:(?:x{1,2}-)?small|(?:[6-9]|1[0-2])(?:px|pt))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_CENTRED_STYLE = re.compile(r"text-align\s{0,9}:\s{0,9}center", re.IGNORECASE)
_CENTRED = frozenset(("text-align-center", "align-center", "text-center", "rtecenter", "center"))
_LONGEST_STYLE = 1000

_SENTENCE = re.compile(r"[.!?…][”\"’)]{0,2}\s+(?=[^\W\d_])")
_NO_CAPTION = re.compile(r"^(?:[“\"‘\-–—*+•>»]|(?:PV|P\.V|Phóng viên|Hỏi|BTV|MC|Mời|Xem thêm|Đọc thêm|Theo)\b)|[:?]$")
_LETTER = re.compile(r"[^\W\d_]")

_LONGEST, _LONGEST_SET_APART, _LONGEST_PLAIN = 400, 250, 150
"""Characters of a caption that ends in a credit, of one in italics, and of one that is only set in the middle."""


def is_italic(element: Element) -> bool:
    """Whether all the text in `element` is in italics or in small letters."""
    return _italic_parts(element) == (True, False)


def _italic_parts(element: Element) -> tuple[bool, bool]:
    """(some text is in italics, some text is not) for what stands in `element`."""
    if element.tag in _ITALIC_TAGS or _ITALIC_STYLE.search((element.get("style") or "")[:_LONGEST_STYLE]):
        return any(not str(text).isspace() for text in element.itertext() if text), False
    italic, plain = False, bool(element.text and element.text.strip())
    for child in element:
        if isinstance(child.tag, str):
            inner = _italic_parts(child)
            italic, plain = italic or inner[0], plain or inner[1]
        plain = plain or bool(child.tail and child.tail.strip())
        if plain:
            break
    return italic, plain


def is_centred(element: Element) -> bool:
    """Whether `element`, or what it stands in, is set in the middle."""
    parent = element.getparent()
    return any(
        node is not None
        and (
            node.tag == "center"
            or (node.get("align") or "").lower() == "center"
            or not _CENTRED.isdisjoint(classes(node))
            or _CENTRED_STYLE.search((node.get("style") or "")[:_LONGEST_STYLE]) is not None
        )
        for node in (element, parent)
    )


def is_marked(tokens: Sequence[str]) -> bool:
    """Whether class tokens say that what they mark is a caption."""
    return not markup.CAPTIONS.isdisjoint(tokens) or any("caption" in token.lower() for token in tokens)


def is_caption(text: str, *, italic: bool, centred: bool, bold: bool) -> bool:
    """Whether a clean paragraph right below a picture that has no caption is that caption.

    A real paragraph under a picture is not lost: what is neither set apart nor credits a picture is none.
    """
    if not text or len(text) > _LONGEST or not _LETTER.search(text):
        return False
    if names_picture(text):
        return True
    if _NO_CAPTION.search(text) or split_signature(text)[0] == "" or ("/" in text and is_signature(text)):
        return False
    if italic:
        if bold and not centred:
            return False
        return len(text) <= (_LONGEST if centred else _LONGEST_SET_APART) and sentences(text) <= (3 if centred else 2)
    return centred and not bold and len(text) <= _LONGEST_PLAIN and sentences(text) == 1


def sentences(text: str) -> int:
    """How many sentences a text may have, those cut short included."""
    return len(_SENTENCE.findall(text)) + 1


def runs_on(text: str) -> bool:
    """Whether words in a table that lays out a picture are running text, not a caption."""
    if names_picture(text):
        return len(text) > 2 * _LONGEST
    return len(text) > _LONGEST or (len(text) > _LONGEST_SET_APART and sentences(text) > 2)
