"""A page parsed once: its tree, and what its head says, gathered in one pass."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree
from w3lib.encoding import html_to_unicode

from vovcrawl.pages.bounds import check_page

Element = etree._Element

INLINE_TAGS = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em embed font i ins kbd label mark q s samp small span "
    "strike strong sub sup time tt u var wbr img picture".split()
)
"""Elements that run on within a line; every other one begins a block of its own.

libxml2 puts what follows `wbr` and `embed` inside them, so they are as transparent as a `span`."""

_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "textarea", "select", "iframe", "object"})


# No network, no comments or instructions in the tree; the encoding is settled before.
_PARSER = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def parse(html: str | bytes) -> Element | None:
    """The root of the page's tree, or None for a page without any element.

    Bytes are read as UTF-8, which the site declares, or else by the encoding that the page itself declares.

    Raises:
        NotAnArticle: the page is larger than `vovcrawl.pages.bounds` allow.
    """
    if isinstance(html, bytes):
        try:
            html.decode("utf-8")
            data = html
        except UnicodeDecodeError:
            data = _decoded(html).encode("utf-8", "replace")
    else:
        data = html.encode("utf-8", "replace")
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    try:
        check_page(data)
        return etree.fromstring(data, _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _decoded(html: bytes) -> str:
    try:
        return html_to_unicode(None, html)[1]
    except (LookupError, UnicodeError):
        # Some of the encodings that a page can declare are none of text.
        return html.decode("utf-8", "replace")


def classes(element: Element) -> list[str]:
    """The element's class tokens."""
    value = element.get("class")
    return value.split() if value else []


def text_of(element: Element, line_break: str = " ") -> str:
    """The text a reader sees in the element, uncleaned; the edge of a block is a blank, a line break `line_break`."""
    parts: list[str] = []
    _gather(element, parts, line_break)
    return "".join(parts)


def _gather(element: Element, parts: list[str], line_break: str) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        tag = child.tag
        if tag == "br":
            parts.append(line_break)
        elif isinstance(tag, str) and tag not in _SILENT:
            if tag in INLINE_TAGS:
                _gather(child, parts, line_break)
            else:
                parts.append(" ")
                _gather(child, parts, line_break)
                parts.append(" ")
        if child.tail:
            parts.append(child.tail)


@dataclass
class Document:
    """A parsed page and its metadata."""

    root: Element
    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents of `meta` elements by their lower-cased `property` or `name`, in page order."""
    canonical: str | None = None
    title: str | None = None

    @classmethod
    def of(cls, html: str | bytes) -> Document | None:
        """The page, or None where there is not a single element.

        Raises:
            NotAnArticle: the page is larger than `vovcrawl.pages.bounds` allow.
        """
        root = parse(html)
        if root is None:
            return None
        document = cls(root)
        head = root.find("head")
        for element in head.iter("meta", "link", "title") if head is not None else ():
            if element.tag == "meta":
                name = element.get("property") or element.get("name")
                content = element.get("content")
                if name and content:
                    document.metas.setdefault(name.lower(), []).append(content)
            elif element.tag == "title":
                if document.title is None and element.getparent() is head:
                    document.title = text_of(element)
            elif (element.get("rel") or "").lower() == "canonical" and document.canonical is None:
                document.canonical = element.get("href")
        return document

    @cached_property
    def body(self) -> Element | None:
        """The `body` element."""
        return self.root.find("body")

    def meta(self, name: str) -> str | None:
        """The first content of a `meta` element, or None."""
        values = self.metas.get(name)
        return values[0] if values else None

    @cached_property
    def _linked_data(self) -> list[str]:
        return [s.text for s in self.root.iter("script") if s.text and s.get("type") == "application/ld+json"]

    def json_ld(self, kind: str) -> dict[str, Any]:
        """The first of the page's JSON-LD objects whose `@type` is `kind`; empty where there is none to be read."""
        for text in self._linked_data:
            # Reading what does not name the type would cost more than all the rest.
            if kind in text:
                for node in _json_objects(text):
                    named = node.get("@type")
                    if kind == named or (isinstance(named, list) and kind in named):
                        return node
        return {}

    @cached_property
    def news_article(self) -> dict[str, Any]:
        """The JSON-LD description of the article, or an empty one."""
        for kind in ("NewsArticle", "Article", "LiveBlogPosting", "VideoObject", "PodcastEpisode"):
            if node := self.json_ld(kind):
                return node
        return {}


def _json_objects(text: str) -> Iterator[dict[str, Any]]:
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    for node in value if isinstance(value, list) else [value]:
        if isinstance(node, dict):
            graph = node.get("@graph")
            if isinstance(graph, list):
                yield from (member for member in graph if isinstance(member, dict))
            else:
                yield node
