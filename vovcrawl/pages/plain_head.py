"""The head of a page, read without a tree where it is as plain as the site's: see `vovcrawl.pages.plain_markup`."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from vovcrawl.pages.document import METAS
from vovcrawl.pages.plain_markup import ATTRIBUTES, COMMENT, DOUBTFUL, LINKED_DATA, SCRIPT, NotPlain, text

_BEGINNING = re.compile(rb"[ \t\n\r]*+(?:<!DOCTYPE html>[ \t\n\r]*+)?+<html%s>[ \t\n\r]*+<head>" % ATTRIBUTES)
_ITEM = re.compile(
    rb'[ \t\n\r]*+<(?:meta (?:name|property)="([^"<>&\x80-\xff]*+)" content="([^"<>]*+)"[ \t\n\r]*+/?+>'
    rb'|link rel="canonical" href="([^"<>]*+)"[ \t\n\r]*+/?+>'
    rb"|((?:meta|link)%(attributes)s/?+>)|(%(script)s)"
    rb"|(?:title>[^<]*+</title>|style%(attributes)s>[^<]*+</style>|%(comment)s)|(/head>))"
    % {b"attributes": ATTRIBUTES, b"script": SCRIPT, b"comment": COMMENT}
)
_META, _CANONICAL, _OTHER, _SCRIPT, _END = 2, 3, 4, 5, 6
"""The last group of each kind of item."""
_BODY = re.compile(rb"[ \t\n\r]*+(<body%s>)" % ATTRIBUTES)
_WANTED = {name.encode(): name for name in METAS}
_REFERENCE = re.compile(r"&(?!(?:amp|quot|lt|gt|#0?39);)")
_REWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f]")


@dataclass(slots=True)
class Head:
    """What a head says, and the page without it."""

    opening: bytes
    """The page from its beginning to the start tag of the body, the head emptied."""
    metas: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    linked_data: list[bytes] = field(default_factory=list)
    end: int = 0
    """Where the start tag of the body ends on the page."""


def read(data: bytes) -> Head:
    """The head of a page in UTF-8.

    Raises:
        NotPlain: it is not that plain, or says what is read in another way than the site does.
    """
    beginning = _BEGINNING.match(data)
    if beginning is None:
        raise NotPlain
    head = Head(beginning[0])
    position = beginning.end()
    while (item := _ITEM.match(data, position)) is not None:
        position = item.end()
        kind = item.lastindex
        if kind == _META:
            name = _WANTED.get(item[1]) or _WANTED.get(item[1].lower())
            if name is not None and item[2]:
                head.metas.setdefault(name, []).append(_value(item[2]))
        elif kind == _CANONICAL:
            if head.canonical is None:
                head.canonical = _value(item[3])
        elif kind == _OTHER:
            if DOUBTFUL.search(item[4]):
                raise NotPlain
        elif kind == _SCRIPT:
            if item[5].startswith(LINKED_DATA):
                head.linked_data.append(item[5][len(LINKED_DATA) : -len(b"</script>")])
            elif b"ld+json" in item[5].partition(b">")[0].lower():
                raise NotPlain
        elif kind == _END:
            body = _BODY.match(data, position)
            if body is None:
                break
            head.opening += b"</head>" + body[1]
            head.end = body.end()
            return head
    raise NotPlain


def _value(written: bytes) -> str:
    """The value of an attribute."""
    value = text(written)
    if not value.isprintable() and _REWRITTEN.search(value):
        raise NotPlain
    if "&" not in value:
        return value
    if _REFERENCE.search(value):
        raise NotPlain
    return html.unescape(value)
