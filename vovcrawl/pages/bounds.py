"""How much a page may hold. What is beyond is no page of the newspaper, and would cost all the memory there is.

The largest real page known has 85 kB and 800 elements. A page beyond a bound is refused as a whole: a part of it would
be a record that looks complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

from vovcrawl.items import Article, texts
from vovcrawl.pages.reasons import NotAnArticle, Reason

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of a page; pictures that editors paste into a text stand in it at their full size."""

MOST_TAGS = 50_000
"""Elements of a page, where each costs some hundred bytes."""

MOST_ATTRIBUTES = 1_000
"""Attributes of one element: the time that libxml2 takes for them grows with their square."""

MOST_CHARACTERS = 500_000
"""Characters of all the texts of one article, a book's worth."""

MOST_ELEMENTS = 10_000
"""Elements of one list of a record: blocks, links, pictures, related stories."""

_SMALL = 150_000
"""Bytes of a page that is not worth counting: it holds nothing that costs much."""

_LISTS = ("blocks", "breadcrumbs", "authors", "keywords", "images", "related", "links")


class _Census:
    """Counts while a page is parsed without a tree; stops the parser where there is too much of anything."""

    def __init__(self) -> None:
        self._tags = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS:
            raise NotAnArticle(Reason.OVERSIZED, f"more than {MOST_TAGS} elements")
        if len(attributes) > MOST_ATTRIBUTES:
            raise NotAnArticle(Reason.OVERSIZED, f"an element with more than {MOST_ATTRIBUTES} attributes")

    def close(self) -> None:
        pass


def check_page(data: bytes) -> None:
    """Refuses a page that is not to be parsed to a tree.

    Args:
        data: the page in UTF-8.

    Raises:
        NotAnArticle: OVERSIZED.
    """
    if len(data) > MOST_BYTES:
        raise NotAnArticle(Reason.OVERSIZED, f"more than {MOST_BYTES} bytes")
    if len(data) > _SMALL:
        etree.fromstring(data, etree.HTMLParser(encoding="utf-8", no_network=True, target=cast(Any, _Census())))


def check_article(article: Article) -> None:
    """Refuses an article that is not to be kept.

    Raises:
        NotAnArticle: OVERSIZED.
    """
    check_characters(sum(map(len, texts(article).values())))
    for name in _LISTS:
        check_elements(name, len(getattr(article, name)))


def check_characters(count: int) -> None:
    """Refuses texts of so many characters.

    Raises:
        NotAnArticle: OVERSIZED.
    """
    if count > MOST_CHARACTERS:
        raise NotAnArticle(Reason.OVERSIZED, f"more than {MOST_CHARACTERS} characters")


def check_elements(name: str, count: int) -> None:
    """Refuses a list of so many elements.

    Raises:
        NotAnArticle: OVERSIZED.
    """
    if count > MOST_ELEMENTS:
        raise NotAnArticle(Reason.OVERSIZED, f"more than {MOST_ELEMENTS} {name}")
