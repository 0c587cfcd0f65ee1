"""A user's own pipeline and spider middleware, as `scrapy` projects have them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrapy.exceptions import DropItem
from scrapy.http import Response

from vovcrawl.items import Article

LONG = 60
"""Words that `DropShort` asks for."""

SEEN = "SEEN_BY_OWN_PARTS"
"""The environment variable that names the file into which the middleware writes what it sees."""


class Shout:
    """Puts a copy in the article's place, its headline in capitals."""

    def process_item(self, item: Any) -> Any:
        """The copy."""
        return replace(item, headline=item.headline.upper()) if isinstance(item, Article) else item


class Count:
    """Adds the number of words to `extra`."""

    def process_item(self, item: Any) -> Any:
        """The same article."""
        if isinstance(item, Article):
            item.extra["words"] = len(item.body.split())
        return item


class AddObject:
    """Adds what JSON has no place for."""

    def process_item(self, item: Any) -> Any:
        """The same article."""
        item.extra["path"] = object()
        return item


class DropShort:
    """Drops articles with few words."""

    def process_item(self, item: Any) -> Any:
        """The article, if it is long."""
        if isinstance(item, Article) and len(item.body.split()) < LONG:
            raise DropItem("too short")
        return item


class Shorten:
    """Puts an item of two fields in the article's place."""

    def process_item(self, item: Any) -> Any:
        """The item."""
        return {"url": item.canonical_url, "words": len(item.body.split())}


class Watcher:
    """Writes down what a spider yields."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """All of it, as it is."""
        async for output in result:
            with Path(os.environ[SEEN]).open("a", encoding="utf-8") as seen:
                seen.write(f"{type(output).__name__}\n")
            yield output
