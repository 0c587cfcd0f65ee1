"""Fills `time_expressions`: what the texts of an article say of time."""

from __future__ import annotations

import logging
from typing import Any

from vovcrawl.items import Article
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS, tag

logger = logging.getLogger(__name__)


class TagDates:
    """Reads headline, lead, body and the leads of related articles, as of `date_published`."""

    def process_item(self, item: Any) -> Any:
        """The article with its time expressions, in the order of the fields and of their texts, the first ones.

        Those that its reader gave stay. An item of the user's own comes back as it is.
        """
        if not isinstance(item, Article):
            return item
        found = item.time_expressions or tag(item)
        if len(found) > MOST_EXPRESSIONS:
            logger.warning("%s: only the first %d dates are kept", item.canonical_url, MOST_EXPRESSIONS)
        item.time_expressions = found[:MOST_EXPRESSIONS]
        return item
