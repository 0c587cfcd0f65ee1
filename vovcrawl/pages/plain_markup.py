"""Markup so plain that what it does to the parser is known without parsing it.

Most of a page is menus, side boxes and scripts around the article. Where they hold nothing but the constructs below,
each closed by its own end tag, all that they can do to what stands after them is to leave elements open. `pass_over`
says which. Anything else is not judged: a bare `<`, an attribute without quotes, an element that is not in the list.
"""

from __future__ import annotations

import re
from functools import lru_cache

_BLANK = rb"[ \t\n\r]"
# A class or type with a reference in it may say something else than its bytes.
_ATTRIBUTES = (
    rb"(?:%(blank)s++(?:(?:class|type)=\"[^\"<>&]*+\""
    rb"|(?!(?i:class|type)[ \t\n\r=>])[a-zA-Z][a-zA-Z0-9:_-]*+(?:=\"[^\"<>]*+\")?+))*+%(blank)s*+" % {b"blank": _BLANK}
)


def _elements(names: str, content: bytes) -> bytes:
    """Elements of these names with such content, without the `<` of the start tag."""
    # No group may capture here: the engine loses its place in those within possessive repeats.
    return b"|".join(b"%s%s>%s</%s>" % (name, _ATTRIBUTES, content, name) for name in names.encode().split())


_VOID = rb"(?:img|br|input)%s/?+>" % _ATTRIBUTES
_VOID_BLOCK = rb"(?:hr|meta|link)%s/?+>" % _ATTRIBUTES
_COMMENT = rb"!--[^<>-]*+(?:-[^<>-]++)*+-->"
_INLINE = _elements("span i b em strong small", rb"(?:[^<]++|<%s)*+" % _VOID)
_LINK = _elements("a", rb"(?:[^<]++|<(?:%s|%s))*+" % (_INLINE, _VOID))
_LEAF = _elements(
    "div p h1 h2 h3 h4 h5 h6 label button", rb"(?:[^<]++|<(?:%s))*+" % b"|".join((_LINK, _INLINE, _VOID, _COMMENT))
)
_CELL = _elements("td", rb"(?:[^<]++|<(?:%s))*+" % b"|".join((_LINK, _VOID, _COMMENT)))
_ROW = _elements("tr", rb"(?:%s++|<(?:%s|%s))*+" % (_BLANK, _CELL, _COMMENT))
_TABLE = _elements("table", rb"(?:%s++|<(?:%s|%s))*+" % (_BLANK, _ROW, _COMMENT))
_SHAPES = "path circle rect line polyline polygon ellipse"
_SHAPE = rb"(?:%s)%s/>|" % (_SHAPES.replace(" ", "|").encode(), _ATTRIBUTES) + _elements(_SHAPES, b"")
_RAW = _elements("style textarea", rb"[^<]*+") + b"|" + _elements("iframe", b"")

_NESTED = "div section main header footer nav aside ul ol li form noscript blockquote svg g"
"""Elements that may hold each other; the parser puts any of the above into any of these."""

_CLOSED_BY = {b"/" + name: name for name in _NESTED.encode().split()}
_CLOSES = {b"form": frozenset((b"ul", b"ol", b"form")), b"li": frozenset((b"li",))}
"""The exceptions: elements that close the one that they would stand in."""

_UNIT = re.compile(
    rb"(?:[^<]++|<(?:%s))*+(?:<(?:((?:%s))%s|(/(?:%s))%s*+)>|\Z)"
    % (
        b"|".join((_LINK, _LEAF, _INLINE, _VOID, _VOID_BLOCK, _SHAPE, _TABLE, _RAW, _COMMENT)),
        b"|".join(_CLOSED_BY.values()),
        _ATTRIBUTES,
        b"|".join(_CLOSED_BY.values()),
        _BLANK,
    )
)
"""Everything up to and including the next tag of a nested element; its name, or that with a slash."""

# A script within a script, or in a comment within one, would end elsewhere.
_SCRIPT = re.compile(rb"<script%s>(?:[^<]++|<(?!/?+(?i:script)))*+</script>" % _ATTRIBUTES)

_PARTING = b"</ul>"
"""What pages are cut at into pieces, of which most are the same on the next page."""

_LONGEST_KEPT = 32 * 1024
"""Bytes of a piece that is kept to be known again."""

_MOST_KEPT = 256

DEEPEST = 50
"""Elements within each other that are judged; the site's pages have 20, and the parser drops what is in 255."""


def pass_over(data: bytes, start: int, end: int, opened: list[bytes]) -> bool:
    """Whether a stretch of a page is plain markup throughout.

    Args:
        data: the page; `start` and `end` are between two tags or within text.
        opened: names of the elements that are open at `start`, outermost first; changed to those open at `end`. It is
            of no use where the answer is no.
    """
    position = start
    while True:
        script = data.find(b"<script", position, end)
        stop = script if script >= 0 else end
        for number, piece in enumerate(data[position:stop].split(_PARTING)):
            if number:
                _close(b"ul", opened)
            tags = _tags(piece) if len(piece) <= _LONGEST_KEPT else _tags.__wrapped__(piece)
            if tags is None or not _follow(tags, opened):
                return False
        if script < 0:
            return True
        whole = _SCRIPT.match(data, script, end)
        if whole is None:
            return False
        position = whole.end()


def _follow(tags: tuple[bytes, ...], opened: list[bytes]) -> bool:
    for tag in tags:
        closed = _CLOSED_BY.get(tag)
        if closed is not None:
            _close(closed, opened)
        elif opened and opened[-1] in _CLOSES.get(tag, ()):
            return False
        else:
            opened.append(tag)
            if len(opened) > DEEPEST:
                return False
    return True


def _close(name: bytes, opened: list[bytes]) -> None:
    """What the parser does at an end tag: it closes the last such element with all in it, but no `div` on the way."""
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == name:
            del opened[place:]
            return
        if opened[place] == b"div":
            return


@lru_cache(maxsize=_MOST_KEPT)
def _tags(piece: bytes) -> tuple[bytes, ...] | None:
    """The tags of nested elements in a piece, in order: `div`, `/div`; None where it is not plain.

    Elements that begin and end in the piece are left out, unless what they stand in matters and is not known.
    """
    # A letter of a class may be written as a number.
    if b"&#" in piece:
        return None
    left: list[bytes] = []
    match = _UNIT.scanner(piece).match  # type: ignore[attr-defined]
    position = depth = 0
    while position < len(piece):
        unit = match()
        if unit is None:
            return None
        position = unit.end()
        if opening := unit[1]:
            if depth and left[-1] in _CLOSES.get(opening, ()):
                return None
            left.append(opening)
            depth += 1
            if depth > DEEPEST:
                return None
        elif closing := unit[2]:
            if depth and left[-1] == _CLOSED_BY[closing] and (depth > 1 or left[-1] not in _CLOSES):
                left.pop()
                depth -= 1
            else:
                # What is open behind it only `_close` can tell.
                left.append(closing)
                depth = 0
    return tuple(left)
