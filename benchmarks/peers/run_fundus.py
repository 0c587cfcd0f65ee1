"""Crawls a local site with Fundus: `python -m benchmarks.peers.run_fundus SITE SITEMAP [SITEMAP ...]`.

Fundus has no parser for VOV, so this one does what its own parsers do. Every article is a line of JSON with its
address and its time of publication.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

from fundus import Crawler, Sitemap
from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import extract_article_body_with_selector, generic_date_parsing
from fundus.publishers.base_objects import Publisher, PublisherGroup
from lxml.etree import XPath


class _VovParser(ParserProxy):
    class V1(BaseParser):
        _paragraphs = XPath("//div[@class='text-long']/p")

        @attribute
        def title(self) -> str | None:
            return self.precomputed.meta.get("og:title")

        @attribute
        def publishing_date(self) -> datetime | None:
            return generic_date_parsing(self.precomputed.meta.get("article:published_time"))

        @attribute
        def body(self) -> ArticleBody | None:
            return extract_article_body_with_selector(self.precomputed.doc, paragraph_selector=self._paragraphs)


def main(site: str, *sitemaps: str) -> None:
    """Crawl, as fast as Fundus does without a delay."""

    publisher = Publisher(
        name="VOV", domain=f"{site}/", parser=_VovParser, sources=[Sitemap(site + path) for path in sitemaps]
    )
    Local = PublisherGroup("Local", (), {"default_language": "vi", "Vov": publisher})

    # Every dated article counts: what a parser misses is not judged here.
    for article in Crawler(Local, delay=0.0).crawl(only_complete=lambda extraction: not extraction["publishing_date"]):
        print(json.dumps({"url": article.html.requested_url, "published": article.publishing_date.isoformat()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
