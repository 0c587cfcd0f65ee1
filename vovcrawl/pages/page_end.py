"""Whether a page came to its end, where nothing else tells: half a page would be read as a short article."""

from __future__ import annotations

import re

_END_LENGTH = 2000
_HTML_END = re.compile(rb"</html\s*>\s*(?:<!--(?:(?!-->).)*-->\s*)*$", re.IGNORECASE | re.DOTALL)
# The readers of sitemaps and feeds refuse what is no whole XML.
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|urlset|sitemapindex|rss|feed)\b", re.IGNORECASE)


def ends(body: bytes) -> bool:
    """Whether a page ends as HTML ends; XML is left to its reader."""
    return bool(_XML.match(body) or _HTML_END.search(body[-_END_LENGTH:]))
