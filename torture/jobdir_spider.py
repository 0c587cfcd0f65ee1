"""The least that Scrapy can do with a `JOBDIR`: visit the sections of a site, and say which articles it met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response

_PAGE = re.compile(r"page=\d+")
_NO_LISTINGS = ("/tu-khoa/", "/tag/", "/rss", "/search", "/author", "/user/")


class JobdirSpider(Spider):
    """Crawls the site given as `-a site=URL` from its front page; one item an article."""

    name = "jobdir"
    site: str

    async def start(self) -> Any:
        """The front page."""
        yield Request(f"{self.site}/")

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """A listing: its articles, its further pages, and other listings."""
        for href in response.xpath("//a/@href").getall():
            parts = urlsplit(response.urljoin(href))
            if parts.path.endswith(".vov"):
                yield Request(self.site + parts.path, self.parse_story)
            elif (not parts.query or _PAGE.fullmatch(parts.query)) and not parts.path.startswith(_NO_LISTINGS):
                query = f"?{parts.query}" if parts.query else ""
                yield Request(f"{self.site}{parts.path}{query}", self.parse)

    def parse_story(self, response: Response) -> Iterator[dict[str, str]]:
        """An article: its url."""
        yield {"url": response.url}
