"""Markup so plain that what it does to the parser is known without parsing it.

Most of a page is menus, side boxes and scripts around the article. Where they hold nothing but the constructs below,
each closed by its own end tag, all that they can do to what stands after them is to leave elements open. `pass_over`
says which. Anything else is not judged: a bare `<`, an attribute without quotes, an element that is not in the list.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

_BLANK = rb"[ \t\n\r]"
# A class or type with a reference in it may say something else than its bytes.
ATTRIBUTES = (
    rb"(?:%(blank)s++(?:(?:class|type)=\"[^\"<>&]*+\""
    rb"|(?!(?i:class|type)[ \t\n\r=>])[a-zA-Z][a-zA-Z0-9:_-]*+(?:=\"[^\"<>]*+\")?+))*+%(blank)s*+" % {b"blank": _BLANK}
)


def _elements(names: str, content: bytes) -> bytes:
    """Elements of these names with such content, without the `<` of the start tag."""
    # No group may capture here: the engine loses its place in those within possessive repeats.
    return b"|".join(b"%s%s>%s</%s>" % (name, ATTRIBUTES, content, name) for name in names.encode().split())


_VOID = rb"(?:img|br|input)%s/?+>" % ATTRIBUTES
_VOID_BLOCK = rb"(?:hr|meta|link)%s/?+>" % ATTRIBUTES
COMMENT = rb"!--[^<>-]*+(?:-[^<>-]++)*+-->"
_INLINE = _elements("span i b em strong small", rb"(?:[^<]++|<%s)*+" % _VOID)
_LINK = _elements("a", rb"(?:[^<]++|<(?:%s|%s))*+" % (_INLINE, _VOID))
_LEAF = _elements(
    "div p h1 h2 h3 h4 h5 h6 label button", rb"(?:[^<]++|<(?:%s))*+" % b"|".join((_LINK, _INLINE, _VOID, COMMENT))
)
_CELL = _elements("td", rb"(?:[^<]++|<(?:%s))*+" % b"|".join((_LINK, _VOID, COMMENT)))
_ROW = _elements("tr", rb"(?:%s++|<(?:%s|%s))*+" % (_BLANK, _CELL, COMMENT))
_TABLE = _elements("table", rb"(?:%s++|<(?:%s|%s))*+" % (_BLANK, _ROW, COMMENT))
_SHAPES = "path circle rect line polyline polygon ellipse"
_SHAPE = rb"(?:%s)%s/>|" % (_SHAPES.replace(" ", "|").encode(), ATTRIBUTES) + _elements(_SHAPES, b"")
_RAW = _elements("style textarea", rb"[^<]*+") + b"|" + _elements("iframe", b"")

_NESTED = "div section main header footer nav aside ul ol li form noscript blockquote svg g"
"""Elements that may hold each other; the parser puts any of the above into any of these."""

_CLOSED_BY = {b"/" + name: name for name in _NESTED.encode().split()}
_CLOSES = {b"form": frozenset((b"ul", b"ol", b"form")), b"li": frozenset((b"li",))}
"""The exceptions: elements that close the one that they would stand in."""


@cache
def unit() -> re.Pattern[bytes]:
    """Everything up to and including the next tag of a nested element; its name, or that with a slash.

    Compiled for the first page: it takes longer than importing all the rest.
    """
    return re.compile(
        rb"(?:[^<]++|<(?:%s))*+(?:<(?:((?:%s))%s|(/(?:%s))%s*+)>|\Z)"
        % (
            b"|".join((_LINK, _LEAF, _INLINE, _VOID, _VOID_BLOCK, _SHAPE, _TABLE, _RAW, COMMENT)),
            b"|".join(_CLOSED_BY.values()),
            ATTRIBUTES,
            b"|".join(_CLOSED_BY.values()),
            _BLANK,
        )
    )


# A script within a script, or in a comment within one, would end elsewhere.
SCRIPT = rb"script%s>(?:[^<]++|<(?!/?+(?i:script)))*+</script>" % ATTRIBUTES
_SCRIPT = re.compile(b"<" + SCRIPT)
LINKED_DATA = b'script type="application/ld+json">'
# What may be one of the elements of metadata that are read: written in another way, or its name not as it seems.
DOUBTFUL = re.compile(
    rb'og:|article:|description|keywords|canonical|(?:rel|name|property)="[^"]*[&\x80-\xff]', re.IGNORECASE
)
_METADATA = re.compile(rb"<(?:meta|link)\b[^<>]*+")

_PARTING = b"</nav>"
"""What pages are cut at into pieces, of which most are the same on the next page."""

_LONGEST_KEPT, _MOST_KEPT = 64 * 1024, 128
"""Bytes of a piece that is kept to be known again, and how many are."""

DEEPEST = 50
"""Elements within each other that are judged; the site's pages have 20, and the parser drops what is in 255."""


class NotPlain(Exception):
    """Raised where a stretch cannot be judged."""


def text(piece: bytes) -> str:
    """A piece of a page as text.

    Raises:
        NotPlain: it is not UTF-8.
    """
    try:
        return piece.decode()
    except UnicodeDecodeError:
        raise NotPlain from None


class Passage:
    """The way through a page past stretches of plain markup.

    Args:
        data: the page.
        word: a class name that none of the stretches may hold.
    """

    def __init__(self, data: bytes, word: bytes) -> None:
        self._data = data
        self._word = word
        self.opened: list[bytes] = []
        """Names of the elements that are open, outermost first."""
        self.linked_data: list[bytes] = []
        """The JSON-LD scripts that were passed."""

    def over(self, start: int, end: int) -> None:
        """Passes over a stretch of plain markup that begins and ends between two tags or within text.

        Raises:
            NotPlain: it is something else, or `word` stands in it.
        """
        data = self._data
        position = start
        while True:
            script = data.find(b"<script", position, end)
            stop = script if script >= 0 else end
            for number, piece in enumerate(data[position:stop].split(_PARTING)):
                if number:
                    self._close(b"nav")
                tags = _tags if len(piece) <= _LONGEST_KEPT else _tags.__wrapped__
                for tag in tags(piece, self._word):
                    self._follow(tag)
            if script < 0:
                return
            position = self._past_script(script, end)

    def _past_script(self, start: int, end: int) -> int:
        data = self._data
        script = _SCRIPT.match(data, start, end)
        if script is None:
            raise NotPlain
        text(script[0])
        begin = start + len(b"<")
        if data.startswith(LINKED_DATA, begin):
            self.linked_data.append(data[begin + len(LINKED_DATA) : script.end() - len(b"</script>")])
        elif b"ld+json" in data[start : data.index(b">", start)].lower():
            raise NotPlain
        return script.end()

    def _follow(self, tag: bytes) -> None:
        opened = self.opened
        closed = _CLOSED_BY.get(tag)
        if closed is not None:
            self._close(closed)
        elif (opened and opened[-1] in _CLOSES.get(tag, ())) or len(opened) >= DEEPEST:
            raise NotPlain
        else:
            opened.append(tag)

    def _close(self, name: bytes) -> None:
        """What the parser does at an end tag: closes the last such element and all in it, but no `div` on the way."""
        opened = self.opened
        for place in range(len(opened) - 1, -1, -1):
            if opened[place] == name:
                del opened[place:]
                return
            if opened[place] == b"div":
                return


@lru_cache(maxsize=_MOST_KEPT)
def _tags(piece: bytes, word: bytes) -> tuple[bytes, ...]:
    """The tags of nested elements in a piece, in order: `div`, `/div`.

    Elements that begin and end in the piece are left out, unless what they stand in matters and is not known.

    Raises:
        NotPlain: it is not plain, or `word` or metadata that is read stands in it.
    """
    if word in piece:
        raise NotPlain
    if b"<meta" in piece or b"<link" in piece:
        for tag in _METADATA.findall(piece):
            if DOUBTFUL.search(tag):
                raise NotPlain
    text(piece)
    left: list[bytes] = []
    position = depth = 0
    while position < len(piece):
        found = unit().match(piece, position)
        if found is None:
            raise NotPlain
        position = found.end()
        if opening := found[1]:
            if depth and left[-1] in _CLOSES.get(opening, ()):
                raise NotPlain
            left.append(opening)
            depth += 1
            if depth > DEEPEST:
                raise NotPlain
        elif closing := found[2]:
            if depth and left[-1] == _CLOSED_BY[closing] and (depth > 1 or left[-1] not in _CLOSES):
                left.pop()
                depth -= 1
            else:
                # What is open after that only `_close` can tell.
                left.append(closing)
                depth = 0
    return tuple(left)
