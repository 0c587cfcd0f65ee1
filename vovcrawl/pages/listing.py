"""Pages that list stories: sections, tags, the newest stream; and the menu that names the sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vovcrawl import urls
from vovcrawl.pages.document import Document, Element, classes, links_of, outermost
from vovcrawl.pages.refusal import NotAnArticle, Reason, opened, why_not
from vovcrawl.urls import Kind

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
    document = opened(html)
    stories: dict[str, None] = {}
    pages: list[int] = []
    here = urls.parse(url)
    body = document.body if document.body is not None else document.root
    containers = [div for div in body.iter("div") if not _LIST_CLASSES.isdisjoint(classes(div))]
    seen: set[Element] = set()
    for container in containers or [body]:
        if container in seen:
            continue
        for link in _links(container, seen):
            story = urls.article(link.get("href") or "", url)
            if story is not None and len(stories) < MOST_STORIES:
                stories[story.url] = None
    pagers = outermost([one for one in body.iter("ul", "ol", "div", "nav", "a") if _is_pager(one)])
    for anchor in (link for pager in pagers for link in pager.iter("a")):
        target = urls.parse(anchor.get("href") or "", url)
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
    if document is None:
        return []
    found: dict[str, None] = {}
    known: dict[Element, bool] = {}
    for link, text in links_of(document.body) if document.body is not None else ():
        if _is_of_menu(link, known) and text.strip():
            address = urls.parse(link.get("href") or "", url)
            if address is not None and address.kind is Kind.SECTION and not address.page:
                found[address.url] = None
    return list(found)


def _is_of_menu(link: Element, known: dict[Element, bool]) -> bool:
    """Whether a link stands in the header, or is marked as the menus mark theirs.

    `known` keeps for each element above a link whether it is of a menu, since they have most of those in common.
    """
    if not _MENU_LINK_CLASSES.isdisjoint(classes(link)):
        return True
    path: list[Element] = []
    answer = False
    for above in link.iterancestors():
        if above in known:
            answer = known[above]
            break
        path.append(above)
        if above.tag == "header" or not _MENU_CLASSES.isdisjoint(classes(above)):
            answer = True
            break
    known.update(dict.fromkeys(path, answer))
    return answer


def _is_pager(element: Element) -> bool:
    """Whether an element holds the links to other pages of a listing, or is the one to the next."""
    tokens = classes(element)
    return not _PAGER_CLASSES.isdisjoint(tokens) or (element.tag == "a" and "btn--read-more" in tokens)


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
        elif child not in seen and child.tag not in _CHROME and _CHROME_CLASSES.isdisjoint(classes(child)):
            seen.add(child)
            open_elements.append(iter(child))
