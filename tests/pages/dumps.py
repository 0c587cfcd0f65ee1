"""Our own pages as plain text, in the manners in which other people's scripts save pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import html
from lxml.html import HtmlElement

_BLOCKS = frozenset(
    "address article aside blockquote body br button dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol option p section table td th time tr ul".split()
)
_UNSEEN = frozenset("script style noscript head template select textarea".split())
_ARTICLE = "//*[contains(concat(' ', @class, ' '), ' detail ') or contains(@class, 'main-article')]"
_BODY = "//*[contains(@class, 'text-long') or @id='article-body' or contains(@id, 'lbBody')]"
_LEAD = "//*[contains(@class, 'article-summary') or contains(@class, 'article__sapo') or @class='summary']"
_TAGS = "Tag:"


def _lines(element: HtmlElement, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """The text below an element as a browser shows it: a line for each block and line break."""
    pieces: list[str] = []

    def walk(node: HtmlElement) -> Iterator[str]:
        if not isinstance(node.tag, str) or node.tag in _UNSEEN or node.tag in without:
            return
        block = node.tag in _BLOCKS or "nav-link" in (node.get("class") or "") or "/author?" in (node.get("href") or "")
        if block:
            yield from end()
        if node.text:
            pieces.append(node.text)
        for child in node:
            yield from walk(child)
            if child.tail:
                pieces.append(child.tail)
        if block:
            yield from end()

    def end() -> Iterator[str]:
        line = " ".join("".join(pieces).split())
        pieces.clear()
        if line:
            yield line

    yield from walk(element)
    yield from end()


def _headline(page: HtmlElement) -> str:
    title = page.xpath("//h1") or page.xpath("//title")
    return " ".join(title[0].text_content().split())


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def browser(page: HtmlElement, tags: list[str]) -> list[str]:
    """All that a browser shows, with the tags that a script fetches later."""
    lines = list(_lines(page))
    call = next((place for place, line in enumerate(lines) if line.startswith("Mời quý độc giả")), None)
    if tags and call is not None:
        lines[call:call] = [_TAGS, *tags]
    return lines


def article(page: HtmlElement, tags: list[str]) -> list[str]:
    """The element of the article alone, and the tags one a line."""
    found = page.xpath(_ARTICLE)
    lines = list(_lines(found[0])) if found else [_headline(page), *_lines(page)]
    return [*lines, "Từ khóa:", *tags] if tags else lines


def paragraphs(page: HtmlElement, tags: list[str]) -> list[str]:
    """The headline and every `p` of the page: leads of other articles without their titles."""
    return [_headline(page), *(line for p in page.iter("p") if (line := _text(p)))]


def lead_and_paragraphs(page: HtmlElement, tags: list[str]) -> list[str]:
    """The headline, the lead and every `p` within the text, and the tags in one line."""
    lead = page.xpath(_LEAD)
    lines = [_headline(page), *(_text(element) for element in lead[:1])]
    lines += [_text(p) for body in page.xpath(_BODY)[:1] for p in body.iter("p")]
    return [*(line for line in lines if line), *([f"Tags: {', '.join(tags)}"] if tags else [])]


def headings_and_paragraphs(page: HtmlElement, tags: list[str]) -> list[str]:
    """Every heading and `p` of the page in order, from the headline on."""
    lines = [_text(element) for element in page.iter("h1", "h2", "h3", "h4", "h5", "p", "li")]
    title = _headline(page)
    start = lines.index(title) if title in lines else 0
    return [title, *(line for line in lines[start + 1 :] if line)]


def without_menus(page: HtmlElement, tags: list[str]) -> list[str]:
    """What a browser shows from the headline on, with the footer."""
    lines = browser(page, tags)
    title = _headline(page)
    return lines[lines.index(title) :] if title in lines else [title, *lines]


MANNERS: dict[str, Callable[[HtmlElement, list[str]], list[str]]] = {
    made.__name__: made
    for made in (browser, article, paragraphs, lead_and_paragraphs, headings_and_paragraphs, without_menus)
}


def dump(page: bytes, manner: str, tags: list[str], between: str = "\n") -> str:
    """A page as text: its lines in one of the `MANNERS`, with `between` between each two."""
    tree = html.fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    lines = MANNERS[manner](tree, tags)
    return between.join(re.sub(r"\s+", " ", line) for line in lines)
