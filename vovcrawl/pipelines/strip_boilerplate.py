"""Strips what is boilerplate in the words of an article."""

from __future__ import annotations

from typing import Any

from vovcrawl.cleaning import strip_boilerplate
from vovcrawl.items import Article


class StripBoilerplate:
    """Cleans headline, lead, body, captions and the leads of related articles."""

    def process_item(self, item: Any) -> Any:
        """The article without boilerplate: one that its reader gave is so already, one that a spider of the user's made
        may not be. An item of the user's own comes back as it is.
        """
        return strip_boilerplate(item) if isinstance(item, Article) else item
