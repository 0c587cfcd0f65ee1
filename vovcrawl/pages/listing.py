"""Pages that list stories: sections, tags, the newest stream; and the menu that names the sections."""

from __future__ import annotations

from dataclasses import dataclass

from vovcrawl import addresses
from vovcrawl.addresses import Kind
from vovcrawl.pages.document import Document, Element, classes, text_of
from vovcrawl.pages.refusal import NotAnArticle, Reason, why_not

_LIST_CLASSES = frozenset(("taxonomy-content", "views-content", "views-element-container", "col-main"))
MOST_STORIES = 1000
"""Stories of one listing page that are taken; the site shows 15 to 30."""

_CHROME = frozenset(("header", "footer", "nav"))
_CHROME_CLASSES = frozenset(
    ("vovvn-header", "vovvn-footer", "sub-menu", "block-related-sticky", "ajax-article-by-category", "most-view")
)
_MENU_CLASSES = frozenset(("vovvn-header", "main-menu", "sub-menu", "widget-title", "footer-menu"))
_MENU_LINK_CLASSES = frozenset(("nav-link", "menu-link"))
_PAGER_CLASSES = frozenset(("pagination", "pager"))


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing."""

    stories: tuple[str, ...]
    """Canonical addresses of the stories, in page order, each once."""
    last_page: int | None
    """The highest zero-based page that the pager names; None where the page names none."""


def read(html: str | bytes, url: str) -> Listing:
    """The stories on a listing page and how far its pager reaches.

    Raises:
        NotAnArticle: the page is no listing but an error, a block page, one that only redirects, or oversized.
    """
    document = Document.of(html)
    if document is None:
        raise NotAnArticle(Reason.EMPTY, "no markup at all")
    stories: dict[str, None] = {}
    pages: list[int] = []
    here = addresses.read(url)
    body = document.body if document.body is not None else document.root
    containers = [div for div in body.iter("div") if not _LIST_CLASSES.isdisjoint(classes(div))]
    for container in containers or [body]:
        for link in _links(container):
            story = addresses.article(link.get("href") or "", url)
            if story is not None and len(stories) < MOST_STORIES:
                stories[story.url] = None
    for element in body.iter("ul", "ol", "div", "nav", "a"):
        tokens = classes(element)
        if not _PAGER_CLASSES.isdisjoint(tokens):
            anchors = list(element.iter("a"))
        elif "btn--read-more" in tokens and element.tag == "a":
            anchors = [element]
        else:
            continue
        for anchor in anchors:
            target = addresses.read(anchor.get("href") or "", url)
            if target is not None and here is not None and target.listing == here.listing:
                pages.append(target.page)
    if not stories and not containers:
        refusal = why_not(document)
        if refusal.reason is Reason.NO_ARTICLE and (here is None or not here.page):
            raise NotAnArticle(Reason.EMPTY, "a listing without a single story")
        if refusal.reason not in (Reason.LISTING, Reason.NO_ARTICLE):
            raise refusal
    return Listing(tuple(stories), max(pages, default=None))


def menu(html: str | bytes, url: str) -> list[str]:
    """Addresses of the sections in the page's menu, in its order, each once; empty where there is no menu.

    Raises:
        NotAnArticle: the page is oversized.
    """
    document = Document.of(html)
    if document is None or document.body is None:
        return []
    found: dict[str, None] = {}
    for link in document.body.iter("a"):
        if _is_of_menu(link) and text_of(link).strip():
            address = addresses.read(link.get("href") or "", url)
            if address is not None and address.kind is Kind.SECTION and not address.page:
                found[address.url] = None
    return list(found)


def _is_of_menu(link: Element) -> bool:
    """Whether a link stands in the header, or is marked as the menus mark theirs."""
    if not _MENU_LINK_CLASSES.isdisjoint(classes(link)):
        return True
    return any(above.tag == "header" or not _MENU_CLASSES.isdisjoint(classes(above)) for above in link.iterancestors())


def _links(container: Element) -> list[Element]:
    """The links in `container` that stand in no menu, footer or side box."""
    links: list[Element] = []
    for child in container:
        if child.tag == "a":
            links.append(child)
        elif child.tag not in _CHROME and _CHROME_CLASSES.isdisjoint(classes(child)):
            links.extend(_links(child))
    return links
