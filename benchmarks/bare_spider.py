"""The least that Scrapy can do with a list of urls: fetch each, and say that it was fetched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class BareSpider(Spider):
    """Fetches the urls in the file given as `-a urls=FILE`, one a line."""

    name = "bare"

    async def start(self) -> AsyncIterator[Any]:
        """One request a url."""
        for url in Path(self.urls).read_text(encoding="utf-8").split():  # type: ignore[attr-defined]
            yield Request(url)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, str]]:
        """The url and nothing else."""
        yield {"url": response.url}
