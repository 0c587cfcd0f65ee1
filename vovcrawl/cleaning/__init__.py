"""What a clean VOV text is: boilerplate in words, by rules that stand in `rules.toml` as data.

Pure functions on lines, blocks and articles: no HTML, no network, no clock. Pages are read with them, and the item
pipelines apply the same to any article.
"""

from __future__ import annotations

from vovcrawl.cleaning.articles import Stripping, strip_boilerplate, stripping
from vovcrawl.cleaning.related import drop_repeated_related
from vovcrawl.cleaning.rules import Stripped

__all__ = ["Stripped", "Stripping", "drop_repeated_related", "strip_boilerplate", "stripping"]
