"""Reads pages with readability-lxml: `python -m benchmarks.peers.run_readability FOLDER ROUNDS`.

It gives a title and the markup of the text; the words of its blocks are taken as paragraphs.
"""

from __future__ import annotations

from typing import Any

from lxml import html
from readability import Document

from benchmarks.peers.timed import Reading, main

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "blockquote", "div", "figcaption", "br")


def read(page: bytes, url: str) -> Reading:
    """The article on a page."""
    document = Document(page.decode("utf-8", "replace"), url=url)
    summary: Any = html.fromstring(document.summary(html_partial=True))
    for element in summary.iter(*_BLOCKS):
        element.tail = f"\n{element.tail or ''}"
    return Reading(document.title() or None, None, summary.text_content().strip() or None)


if __name__ == "__main__":
    main(read)
