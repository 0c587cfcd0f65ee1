"""A page by itself, without a crawl or a store: for `scrapy parse`, `scrapy shell` and spiders of other projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from w3lib.encoding import http_content_type_encoding

from vovcrawl import pages, urls
from vovcrawl.archives import files
from vovcrawl.crawl import sources
from vovcrawl.pages import listing, rss, sitemap
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS, tag
from vovcrawl.urls import Kind

if TYPE_CHECKING:
    from scrapy.http import Response

    from vovcrawl.items import Article


@dataclass(frozen=True, slots=True)
class SinglePage:
    """What a page holds, and where it leads."""

    article: Article | None = None
    leads_to: tuple[str, ...] = ()
    """Canonical urls: of the articles that a listing, sitemap or feed names, of the sitemaps of an index, of the
    articles that an article points to."""


def read(response: Response) -> SinglePage:
    """The page of a response, whatever its kind.

    Raises:
        PageError: it is no article, listing, sitemap or feed of the newspaper; the error says why.
    """
    url = response.url
    if sitemap.is_sitemap(url):
        found = sitemap.read(response.body, url)
        return SinglePage(leads_to=(*found.sitemaps, *(entry.url for entry in found.entries)))
    if url == sources.RSS_INDEX:
        return SinglePage(leads_to=tuple(rss.find_feeds(response.body, url)))
    if rss.is_feed(url):
        return SinglePage(leads_to=tuple(item.url for item in rss.read_feed(response.body, url).items))
    parsed = urls.parse(url)
    if parsed is not None and parsed.kind in (Kind.HOME, Kind.SECTION, Kind.TAG):
        return SinglePage(leads_to=listing.read(response.body, url).articles)
    article = article_of(response)
    return SinglePage(article, tuple(related.url for related in article.related if related.url))


def article_of(response: Response) -> Article:
    """The article of a response with the dates of its texts; of a file, as an archive's is read.

    Raises:
        PageError: there is none; the error says why.
        UnreadableFile: the file is a text in no known encoding.
    """
    if response.url.startswith("file:"):
        article = files.read(response.body, response.url).article
    else:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        article = pages.read(response.body, response.url, http_content_type_encoding(content_type)).article
    article.time_expressions = tag(article)[:MOST_EXPRESSIONS]
    return article
