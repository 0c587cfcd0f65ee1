"""Which kind of article a page holds, as told by its markup before it is read: cheaply, and without a tree."""

from __future__ import annotations

import re

from vovcrawl import urls
from vovcrawl.items import ContentType
from vovcrawl.pages import markup

_LONGEST_TAG = 2000
_CLASS = re.compile(rb"""\sclass\s{0,9}+=\s{0,9}+(?:"([^"]*+)"|'([^']*+)')""")


def served_kind(page: bytes, url: str) -> ContentType:
    """The kind that the page itself names, or else its url; `article` where neither does.

    Args:
        page: as it was served, unpacked.
        url: the url that answered.
    """
    for tag in (b"<article", b"<body"):
        at = page.find(tag)
        written = _CLASS.search(page[at : at + _LONGEST_TAG].partition(b">")[0]) if at >= 0 else None
        for token in (written[1] or written[2] or b"").decode("latin-1").split() if written is not None else ():
            if token in markup.CONTENT_TYPES:
                return markup.CONTENT_TYPES[token]
    named = urls.article(url)
    return (urls.content_type(named) if named is not None else None) or "article"
