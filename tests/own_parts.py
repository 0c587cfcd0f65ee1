"""A user's own pipeline and spider middleware, as `scrapy` projects have them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrapy.http import Response

from vovcrawl.items import Article

SEEN = "SEEN_BY_OWN_PARTS"
"""The environment variable that names the file into which the middleware writes what it sees."""


class Shout:
    """Puts a copy in the article's place, its headline in capitals."""

    def process_item(self, item: Any) -> Any:
        """The copy."""
        return replace(item, headline=item.headline.upper()) if isinstance(item, Article) else item


class Watcher:
    """Writes down what a spider yields."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """All of it, as it is."""
        async for output in result:
            with Path(os.environ[SEEN]).open("a", encoding="utf-8") as seen:
                seen.write(f"{type(output).__name__}\n")
            yield output
