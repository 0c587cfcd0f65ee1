"""Stamps an article with the time it was fetched or read, unless an archive says when it was captured."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from vovcrawl.items import Article


class StampTime:
    """Fills `fetched_at`, in UTC to the second, where it is empty."""

    def process_item(self, item: Any) -> Any:
        """The article, stamped; an item of the user's own as it is."""
        if isinstance(item, Article) and item.fetched_at is None:
            item.fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
        return item
