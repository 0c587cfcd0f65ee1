"""The least that Scrapy can do with a list of addresses: fetch each, and say that it was fetched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response


class BareSpider(Spider):
    """Fetches the addresses in the file given as `-a addresses=FILE`, one a line."""

    name = "bare"

    async def start(self) -> AsyncIterator[Any]:
        """One request an address."""
        for url in Path(self.addresses).read_text(encoding="utf-8").split():  # type: ignore[attr-defined]
            yield Request(url)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[dict[str, str]]:
        """The address and nothing else."""
        yield {"url": response.url}
