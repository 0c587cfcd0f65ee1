"""Drops related articles that repeat others, or the article itself."""

from __future__ import annotations

from typing import Any

from vovcrawl.cleaning import drop_repeated_related
from vovcrawl.items import Article


class DropRepeatedRelated:
    """Leaves each related article once: `inline` where it is met in the text and below it."""

    def process_item(self, item: Any) -> Any:
        """The article with each of its related articles once; an item of the user's own as it is."""
        return drop_repeated_related(item) if isinstance(item, Article) else item
