"""How many requests a crawl will need, roughly: a large one says so before it begins."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vovcrawl import sections

if TYPE_CHECKING:
    from vovcrawl.crawl.arguments import Arguments

MANY_REQUESTS = 1000
"""A crawl expected to need more requests than this says so first."""

_ARTICLES_A_DAY = 250
"""Upper bound of new articles a day: node ids rise by 80,000 to 105,000 a year, shared with other editions."""

_ARTICLES_EVER = 900_000
_CARDS_A_PAGE = 15
_TOP_SECTIONS = 20
_RELATED_FETCHED = 3
"""Related articles an article that are not met anyway: of the six or seven shown, about half."""


def expected_requests(arguments: Arguments, now: datetime, *, asks_for_tags: bool = False) -> int:
    """An upper estimate of the requests that a crawl will need, to two digits; 0 where it reads files.

    Args:
        arguments: of the crawl.
        now: the moment that its window is reckoned from.
        asks_for_tags: whether the tag service is asked for each article.
    """
    if not arguments.uses_network:
        return 0
    listings = (len(sections.MENU) if arguments.all_sections else len(arguments.sections)) + len(arguments.tags)
    share = 1.0 if arguments.all_sections else min(1.0, listings / _TOP_SECTIONS)
    if "listing" not in arguments.sources and not arguments.tags and (arguments.all_sections or arguments.sections):
        # One sitemap a month, or one feed a section.
        listings = 1
    articles = float(_ARTICLES_EVER)
    if arguments.window.start is not None:
        articles = _ARTICLES_A_DAY * max(1.0, (now - arguments.window.start) / timedelta(days=1))
    articles *= share
    if arguments.pages is not None:
        articles = min(articles, float(listings * arguments.pages * _CARDS_A_PAGE))
    followed = 1 + _RELATED_FETCHED * min(arguments.related, 2)
    an_article = 2 if asks_for_tags else 1
    visited = an_article * min(articles * followed, _ARTICLES_EVER)
    walked = listings + articles / _CARDS_A_PAGE + visited if listings else 0.0
    expected = walked + an_article * len(arguments.urls) * followed
    # It is no more exact than two digits.
    return int(round(expected, 1 - int(math.log10(expected)))) if expected >= 100 else round(expected)
