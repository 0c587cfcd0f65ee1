"""The menu, which names the sections."""

from __future__ import annotations

from vovcrawl import urls
from vovcrawl.pages import markup
from vovcrawl.pages.document import Document, Element, classes, links_of
from vovcrawl.pages.errors import NotAListing, PageError, refused_as
from vovcrawl.urls import Kind


def read(html: str | bytes, url: str) -> list[str]:
    """Urls of the sections in the page's menu, in its order, each once; empty where there is no menu.

    Raises:
        NotAListing: the page is oversized.
    """
    with refused_as(NotAListing):
        document = Document.of(html)
    if document is None:
        return []
    found: dict[str, None] = {}
    known: dict[Element, bool] = {}
    for link, text in links_of(document.body) if document.body is not None else ():
        if _is_of_menu(link, known) and text.strip():
            parsed = urls.parse(link.get("href") or "", url)
            if parsed is not None and parsed.kind is Kind.SECTION and not parsed.page:
                found[parsed.url] = None
    return list(found)


def marks(html: str | bytes) -> frozenset[str]:
    """The class names on a page by which menus are known, see `markup.MENU_MARKS`; empty where it is oversized."""
    try:
        document = Document.of(html)
    except PageError:
        return frozenset()
    found: set[str] = set()
    for element in document.root.iter("header", "div", "nav", "ul", "li", "a", "h5") if document is not None else ():
        found.update(markup.MENU_MARKS.intersection(classes(element)))
    return frozenset(found)


def _is_of_menu(link: Element, known: dict[Element, bool]) -> bool:
    """Whether a link stands in the header, or is marked as the menus mark theirs.

    `known` keeps for each element above a link whether it is of a menu, since they have most of those in common.
    """
    if not markup.MENU_LINKS.isdisjoint(classes(link)):
        return True
    path: list[Element] = []
    answer = False
    for above in link.iterancestors():
        if above in known:
            answer = known[above]
            break
        path.append(above)
        if above.tag == "header" or not markup.MENUS.isdisjoint(classes(above)):
            answer = True
            break
    known.update(dict.fromkeys(path, answer))
    return answer
