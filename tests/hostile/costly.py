"""Pages, sitemaps and feeds made to cost time or memory: of each kind as many as are asked for, no two alike.

Each is as long as the bounds on its tags and bytes let it be: what is longer is refused at once, and costs nothing.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.pages.snippets import page
from vovcrawl.pages import bounds
from vovcrawl.pages.errors import Reason

LENGTH = 9_900_000
"""Bytes of a document that is to be long."""

_TAGS = bounds.MOST_TAGS - 1_000
"""Tags that a page may have beside those around it."""

Make = Callable[[int], bytes]
"""Makes a document; the number makes it unlike all others of its kind."""


@dataclass(frozen=True)
class Costly:
    """A kind of page."""

    make: Make
    reason: str | None = None
    """What a crawl says of it; None where it may be read."""
    headers: dict[str, str] = field(default_factory=dict)


def _of(unit: str, before: str = "", after: str = "", *, head: bool = False) -> Make:
    """Pages of a unit that is repeated as often as the bounds allow; `#` in it becomes the page's number, and `@` that
    of the copy. `head` says whether it stands in the head."""

    def make(number: int) -> bytes:
        sample = _written(unit, number, 10**7)
        tags = sample.count("<")
        count = min(LENGTH // len(sample.encode()), _TAGS // tags if tags else LENGTH)
        content = before + "".join(_written(unit, number, copy) for copy in range(count)) + after
        return (page("<p>Một.</p>", head=content) if head else page(f"<p>Một.</p>{content}")).encode()

    return make


def _written(unit: str, number: int, copy: int) -> str:
    return unit.replace("#", str(number)).replace("@", str(copy))


def _nested(opening: str, closing: str, depth: int, filling: str) -> Make:
    """Pages of elements within each other, the innermost of them as full as the bounds allow."""
    count = (_TAGS - depth * (opening + closing).count("<")) // filling.count("<")
    return lambda number: page(f"<p>{number}</p>{opening * depth}{filling * count}{closing * depth}").encode()


def _in_short(unit: str) -> Make:
    """As `_of`, of as many bytes as are parsed without a further look at them."""
    return lambda number: page("".join(_written(unit, number, copy) for copy in range(10_000))).encode()


def _attributes(form: str, count: int) -> str:
    """So many attributes, with their number for `%`."""
    return " ".join(form.replace("%", str(place)) for place in range(count))


_OVERSIZED = Reason.OVERSIZED.value
_MANY_OF_ONE = f"{_OVERSIZED}: an element with more than {bounds.MOST_ATTRIBUTES_OF_ONE} attributes"
_MANY = f"{_OVERSIZED}: more than {bounds.MOST_ATTRIBUTES} attributes"
_MANY_PICTURES = f"{_OVERSIZED}: more than {bounds.MOST_ELEMENTS} images"
_LONG = f"{_OVERSIZED}: more than {bounds.MOST_CHARACTERS} characters"
_MUCH_JSON = f"{_OVERSIZED}: more than {bounds.MOST_LINKED_DATA} characters of JSON-LD"

MADE_UP_NAMES: dict[str, Costly] = {
    "names of elements": Costly(_of("<x#y@></x#y@>")),
    "names of attributes": Costly(_of(f"<i {_attributes('a#b@c%', 10)}></i>", before="<br>"), _MANY),
    "names in a short page": Costly(_in_short("<x#y@></x#y@>")),
}
"""Pages that are parsed before they are refused, if they are."""

PAGES: dict[str, Costly] = {
    "attributes of one element": Costly(_of("a@='a few words for each' ", "<p ", ">x</p>"), _MANY_OF_ONE),
    "elements of 199 attributes": Costly(_of(f"<i {_attributes('a%', 199)}></i>"), _MANY),
    "tags between any samples": Costly(_of(f"<i {_attributes('a%', 1500)}></i>"), _MANY_OF_ONE),
    "empty objects of JSON-LD": Costly(
        _of("{},", '<script type="application/ld+json">[', "1]</script>", head=True), _MUCH_JSON
    ),
    "many scripts of JSON-LD": Costly(
        _of('<script type="application/ld+json">{"@type":"NewsArticle","a":[1,2,3]}</script>', head=True), _MUCH_JSON
    ),
    "a thousand encodings": Costly(
        lambda number: gzip.compress(page(f"<p>{number}</p>").encode()),
        "packed in more than 3 encodings",
        {"Content-Encoding": ", ".join(["gzip"] * 1000)},
    ),
    "candidates of a picture": Costly(_of("/a@.jpg @w, ", "<img srcset='", "'>")),
    "players": Costly(_of("<div class='videojs-player' data-url='/a@.mp4'></div>")),
    "columns in columns": Costly(_nested("<div class='wp-block-column'>", "</div>", 200, "<p>x</p>")),
    "figures": Costly(_of("<figure><img src='/a@.jpg'><figcaption>x</figcaption></figure>"), _MANY_PICTURES),
    "figures in figures": Costly(_nested("<figure>", "</figure>", 200, "<figure><img src='/a.jpg'></figure>")),
    "captions in captions": Costly(_nested("<figure><figcaption>", "</figcaption></figure>", 100, "<i>x</i>")),
    "escapes in a script": Costly(_of(r"\x41", '<script>location.href = "', '";</script>')),
    "pointers": Costly(_of(">> ", "<p>", "<a href='/a-post1.vov'>x</a></p>"), _LONG),
    "dates": Costly(lambda number: page(f"<p>{'(8/6 ' * 95_000}{number}</p>").encode()),
    **MADE_UP_NAMES,
}


def source_of_names(root: str, number: int, *, attributes: bool = False) -> bytes:
    """A sitemap or feed, by the name of its root, that makes up names and has no end."""
    form, count = (f"<a b{number}c%d='1'/>", 190_000) if attributes else (f"<a{number}b%d/>", 700_000)
    return f"<{root}>{''.join(form % copy for copy in range(count))}".encode()
