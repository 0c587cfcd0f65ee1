"""How much a page may hold. What is beyond is no page of the newspaper, and would cost all the memory there is.

The largest real page known has 85 kB and 800 elements. A page beyond a bound is refused as a whole: a part of it would
be a record that looks complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, cast

from lxml import etree

from vovcrawl.items import Article, texts
from vovcrawl.pages.errors import PageError, Reason

MOST_BYTES = 10_000_000
"""Bytes of a page, with the pictures that editors paste into a text at their full size: after a text or script of this
length libxml2 drops the rest without a word."""

MOST_TAGS = 100_000
"""Tags of a page, those that close included: each element costs some hundred bytes."""

MOST_ATTRIBUTES_OF_ONE = 200
"""Attributes of one element; the site's have 15. Building the tree takes the square of their number."""

MOST_ATTRIBUTES = 100_000
"""Attributes of all elements of a page: each costs some 400 bytes. The largest real page known has 1,400."""

MOST_LINKED_DATA = 1_000_000
"""Characters of a page's JSON-LD: two of them can make an object of 64 bytes. The real page known has 3,000."""

MOST_CHARACTERS = 500_000
"""Characters of all the texts of one article, a book's worth."""

MOST_ELEMENTS = 10_000
"""Elements of one list of a record: blocks, links, pictures, related articles."""

_LISTS = ("blocks", "breadcrumbs", "authors", "keywords", "images", "related", "links")


def check_page(data: bytes) -> None:
    """Refuses a page that is not to be parsed to a tree.

    Args:
        data: the page in UTF-8.

    Raises:
        PageError: OVERSIZED.
    """
    if len(data) > MOST_BYTES:
        raise PageError(Reason.OVERSIZED, f"more than {MOST_BYTES} bytes")
    if is_oversized(data):
        raise PageError(Reason.OVERSIZED, f"more than {MOST_TAGS} tags")


def is_oversized(data: bytes) -> bool:
    """Whether `check_page` would refuse a page."""
    # As many bytes hold no more tags.
    return len(data) > MOST_BYTES or (len(data) > MOST_TAGS and data.count(b"<") > MOST_TAGS)


class _Attributes:
    """Counts the attributes of a page while libxml2 parses it; no tree is built."""

    def __init__(self) -> None:
        self._count = 0

    def start(self, _tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins.

        Raises:
            PageError: OVERSIZED.
        """
        count = len(attributes)
        self._count += count
        if count > MOST_ATTRIBUTES_OF_ONE:
            raise PageError(Reason.OVERSIZED, f"an element with more than {MOST_ATTRIBUTES_OF_ONE} attributes")
        if self._count > MOST_ATTRIBUTES:
            raise PageError(Reason.OVERSIZED, f"more than {MOST_ATTRIBUTES} attributes")

    def close(self) -> None:
        """The page ends."""


def check_markup(data: bytes) -> None:
    """Refuses a page in UTF-8 of which too large a tree would be built; it takes as long as parsing an ordinary page.

    Raises:
        PageError: OVERSIZED.
    """
    parser = etree.HTMLParser(target=cast(Any, _Attributes()), encoding="utf-8", no_network=True)
    with suppress(etree.ParserError, etree.XMLSyntaxError):
        etree.fromstring(data, parser)


def check_linked_data(scripts: Iterable[str]) -> None:
    """Refuses a page with so much JSON-LD.

    Raises:
        PageError: OVERSIZED.
    """
    if sum(map(len, scripts)) > MOST_LINKED_DATA:
        raise PageError(Reason.OVERSIZED, f"more than {MOST_LINKED_DATA} characters of JSON-LD")


def check_article(article: Article) -> None:
    """Refuses an article that is not to be kept.

    Raises:
        PageError: OVERSIZED.
    """
    check_characters(sum(map(len, texts(article).values())))
    for name in _LISTS:
        check_elements(name, len(getattr(article, name)))


def check_characters(count: int) -> None:
    """Refuses texts of so many characters.

    Raises:
        PageError: OVERSIZED.
    """
    if count > MOST_CHARACTERS:
        raise PageError(Reason.OVERSIZED, f"more than {MOST_CHARACTERS} characters")


def check_elements(name: str, count: int) -> None:
    """Refuses a list of so many elements.

    Raises:
        PageError: OVERSIZED.
    """
    if count > MOST_ELEMENTS:
        raise PageError(Reason.OVERSIZED, f"more than {MOST_ELEMENTS} {name}")
