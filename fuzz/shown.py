"""What a browser shows of an article on a page with a tag that has no partner, by a parser of the HTML standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

import html5lib

from fuzz import seeds
from fuzz.invariants import hold
from fuzz.words import UNPAIRED
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle, parse_article

_TEXTS = frozenset(("text-long", "article-body", "cms-body"))
_NEXT_PARTS = frozenset(
    ("article-author", "article-tags", "box-content", "field-related-article", "vovvn-footer", "footer")
)
_UNSEEN = frozenset("script style template noscript textarea select iframe title xmp noembed noframes".split())
_EDGE = re.compile(rb"</(?:p|figure|ul|h2|h3|table|blockquote)>")


@cache
def _whole() -> tuple[tuple[str, bytes, Article], ...]:
    """Ordinary articles, with their pages."""
    found = []
    for url, page in seeds.html_pages():
        try:
            article = parse_article(page, url)
        except NotAnArticle:
            continue
        if b"text-long" in page and article.content_type == "article":
            found.append((url, page, article))
    return tuple(found)


def broken(data: bytes) -> tuple[str, bytes, Article]:
    """A page with an unpaired tag in its text, as three bytes say, its url, and the article on it as it was."""
    url, page, article = _whole()[int.from_bytes(data[:1]) % len(_whole())]
    start = page.index(b"text-long")
    end = page.find(b"article-author", start)
    edges = [match.end() for match in _EDGE.finditer(page, start, end if end > 0 else len(page))]
    place, kind = int.from_bytes(data[1:2]), int.from_bytes(data[2:3])
    edge = edges[place % len(edges)]
    return url, page[:edge] + UNPAIRED[kind % len(UNPAIRED)].encode() + page[edge:], article


def check(url: str, page: bytes, whole: Article) -> None:
    """Fails where a block of an article is shown between the text's beginning and the next part of its page, and the
    record neither has it nor says that the markup is damaged."""
    shown = "".join(_shown(html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)))
    blocks = [whole.body[block.start : block.end] for block in whole.blocks if block.type == "paragraph"]
    expected = [block for block in blocks if _letters(block) in shown]
    try:
        article = parse_article(page, url)
    except NotAnArticle:
        hold(not expected, "a page is refused that shows its article", url)
        return
    if "damaged:markup" not in article.warnings:
        captions = (image.caption or "" for image in article.images)
        said = _letters("".join((article.body, *captions, *(author.name_raw for author in article.authors))))
        for block in expected:
            hold(_letters(block) in said, "a paragraph is lost", url, block)


def _letters(text: str) -> str:
    return "".join(text.split())


def _shown(root: Element) -> Iterator[str]:
    """The letters from the first text on to the next part."""
    is_within = False
    waiting: list[tuple[Element, bool]] = [(root, False)]
    while waiting:
        element, is_left = waiting.pop()
        if is_left:
            if is_within:
                yield _letters(element.tail or "")
            continue
        waiting.append((element, True))
        if not isinstance(element.tag, str) or element.tag in _UNSEEN:
            continue
        names = {*(element.get("class") or "").split(), element.get("id") or ""}
        if is_within and element.tag != "p" and not names.isdisjoint(_NEXT_PARTS):
            return
        is_within = is_within or not names.isdisjoint(_TEXTS)
        if is_within:
            yield _letters(element.text or "")
        waiting += ((child, False) for child in reversed(list(element)))
