"""What a VOV page says: one page in, its facts out.

Pure functions: no network, no Scrapy, no clock.
"""

from __future__ import annotations

from datetime import datetime

from vovcrawl.items import Article
from vovcrawl.pages import article, flat_text
from vovcrawl.pages.article import Reading, read
from vovcrawl.pages.errors import BrokenSource, NotAListing, NotAnArticle, PageError, Reason
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS, tag

__all__ = [
    "BrokenSource",
    "NotAListing",
    "NotAnArticle",
    "PageError",
    "Reading",
    "Reason",
    "parse_article",
    "parse_text",
    "read",
]


def parse_article(html: str | bytes, url: str, *, dates: bool = False) -> Article:
    """The article on a page of any of the site's layouts.

    Args:
        html: the page as served or saved; bytes are decoded as UTF-8, or else as the page declares.
        url: the url that answered.
        dates: whether `time_expressions` is filled, as by a crawl.

    Raises:
        NotAnArticle: an error page, a listing, a block page, an empty shell, another edition; `reason` says which.
    """
    return _tagged(article.read(html, url).article, dates)


def parse_text(text: str, url: str | None = None, published: datetime | None = None, *, dates: bool = False) -> Article:
    """The article in a page that was saved as plain text.

    Args:
        text: the saved text.
        url: the article's url, if known; without it the record's key is made of the text.
        published: when it was published, if known; Vietnamese time unless it carries an offset. Without it
            `date_published` stays None: no year is invented.
        dates: whether `time_expressions` is filled, as by a crawl.

    Raises:
        NotAnArticle: there is no headline, or nothing under it.
    """
    return _tagged(flat_text.read(text, url, published).article, dates)


def _tagged(one: Article, dates: bool) -> Article:
    if dates:
        one.time_expressions = tag(one)[:MOST_EXPRESSIONS]
    return one
