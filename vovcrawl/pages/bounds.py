"""How much a page may hold. What is beyond is no page of the newspaper, and would cost all the memory there is.

The largest real page known has 85 kB and 800 elements. A page beyond a bound is refused as a whole: a part of it would
be a record that looks complete.
"""

from __future__ import annotations

from vovcrawl.items import Article, texts
from vovcrawl.pages.errors import PageError, Reason

MOST_BYTES = 10_000_000
"""Bytes of a page, with the pictures that editors paste into a text at their full size: after a text or script of this
length libxml2 drops the rest without a word."""

MOST_TAGS = 100_000
"""Tags of a page, those that close included: each element costs some hundred bytes."""

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
