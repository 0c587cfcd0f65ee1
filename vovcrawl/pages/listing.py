"""Pages that list articles: sections, tags, the newest stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vovcrawl import urls
from vovcrawl.pages import markup
from vovcrawl.pages.document import Element, classes, outermost
from vovcrawl.pages.errors import NotAListing, Reason, refused_as
from vovcrawl.pages.refusal import opened, why_not

MOST_ARTICLES = 1000
"""Articles of one listing page that are taken; the site shows 15 to 30."""

_CHROME = frozenset(("header", "footer", "nav"))


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing."""

    articles: tuple[str, ...]
    """Canonical urls of the articles, in page order, each once."""
    last_page: int | None
    """The highest zero-based page that the pager names; None where the page names none."""
    marks: frozenset[str] = frozenset()
    """The class names on the page by which listings are known, see `markup.LISTING_MARKS`; and "listing container"."""


def read(html: str | bytes, url: str) -> Listing:
    """The articles on a listing page and how far its pager reaches.

    Raises:
        NotAListing: the page is no listing but an error, a block page, one that only redirects, or oversized.
    """
    with refused_as(NotAListing):
        document = opened(html)
    articles: dict[str, None] = {}
    pages: list[int] = []
    here = urls.parse(url)
    body = document.body if document.body is not None else document.root
    containers, pagers, marks = _marked(body)
    seen: set[Element] = set()
    for container in containers or [body]:
        if container in seen:
            continue
        for link in _links(container, seen):
            article = urls.article(link.get("href") or "", url)
            if article is not None and len(articles) < MOST_ARTICLES:
                articles[article.url] = None
    for anchor in (link for pager in outermost(pagers) for link in pager.iter("a")):
        target = urls.parse(anchor.get("href") or "", url)
        if target is not None and here is not None and target.listing == here.listing:
            pages.append(target.page)
    if not articles and not containers:
        refusal = why_not(document)
        if refusal.reason is Reason.NO_ARTICLE and (here is None or not here.page):
            raise NotAListing(Reason.EMPTY, "a listing without a single article")
        if refusal.reason not in (Reason.LISTING, Reason.NO_ARTICLE):
            raise NotAListing(refusal.reason, refusal.detail, refusal.target)
    if containers:
        marks.add("listing container")
    return Listing(tuple(articles), max(pages, default=None), frozenset(marks))


def _marked(body: Element) -> tuple[list[Element], list[Element], set[str]]:
    """What holds the articles, what holds the links to other pages of the listing or is the one to the next, and the
    names of both and of cards."""
    containers: list[Element] = []
    pagers: list[Element] = []
    marks: set[str] = set()
    for element in body.iter("div", "ul", "ol", "nav", "a"):
        tokens = classes(element)
        if not tokens:
            continue
        marks.update(markup.LISTING_MARKS.intersection(tokens))
        if element.tag == "div" and not markup.LISTINGS.isdisjoint(tokens):
            containers.append(element)
        if not markup.PAGERS.isdisjoint(tokens) or (element.tag == "a" and markup.NEXT_PAGE in tokens):
            pagers.append(element)
    return containers, pagers, marks


def _links(container: Element, seen: set[Element]) -> Iterator[Element]:
    """The links in `container` that stand in no menu, footer or side box.

    What `seen` holds is left out, and what is gone through is added to it.
    """
    open_elements = [iter(container)]
    while open_elements:
        child = next(open_elements[-1], None)
        if child is None:
            open_elements.pop()
        elif child.tag == "a":
            yield child
        elif child not in seen and child.tag not in _CHROME and markup.SIDE_BOXES.isdisjoint(classes(child)):
            seen.add(child)
            open_elements.append(iter(child))
