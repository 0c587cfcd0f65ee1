"""Where an article's facts stand on the page: one function for each family of templates.

`drupal()` covers the site since October 2020, whose class names stayed while spacing classes changed;
`aspnet()` the pages before, as archives hold them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vovcrawl.addresses import Address
from vovcrawl.items import ContentType, Placement
from vovcrawl.pages.body import SIGNATURE_CLASSES, TEASER_CLASSES
from vovcrawl.pages.document import Document, Element, classes, text_of


@dataclass
class Layout:
    """The elements of one page that hold its facts."""

    template: str
    root: Element
    headline: Element | None = None
    date: Element | None = None
    summary: Element | None = None
    bodies: list[Element] = field(default_factory=list)
    """What holds the text, in page order; more than one on e-magazines and live pages."""
    video_summary: Element | None = None
    """The text of a video page that has no body."""
    players: list[Element] = field(default_factory=list)
    """Video and audio players outside the body."""
    authors: Element | None = None
    breadcrumb: Element | None = None
    tags: Element | None = None
    related: list[tuple[Element, Placement]] = field(default_factory=list)


_NODE_TYPES: dict[str, ContentType] = {
    "page-node-type-emagazine": "emagazine",
    "page-node-type-photo": "photo",
    "page-node-type-video": "video",
    "page-node-type-audiobook": "podcast",
    "page-node-type-podcast": "podcast",
    "page-node-type-audio": "podcast",
    "page-node-type-infographic": "infographic",
    "page-live": "live",
    "detail--emagazine": "emagazine",
    "detail--photo": "photo",
    "detail--video": "video",
    "detail--audio": "podcast",
    "detail--podcast": "podcast",
    "detail--audiobook": "podcast",
    "detail--infographic": "infographic",
    "detail--live": "live",
}
"""Classes of `body` and of the article element that name the kind of page."""

_DRUPAL_ROWS = {
    "article-date": "date",
    "article-summary": "summary",
    "article-author": "authors",
    "article-tags": "tags",
    "video__summary": "video_summary",
}
_LIVE_CLASSES = ("news-list-live__content",)
_EMAGAZINE_COLUMN = "wp-block-column"
_PLAYER_CLASSES = frozenset(("videojs-player", "node-content-audio", "stream-audio", "video_file"))


def content_type(document: Document, root: Element | None = None) -> ContentType | None:
    """The kind of page that its markup names, or None where it is an ordinary article or says nothing."""
    for element in (root, document.body):
        for token in classes(element) if element is not None else ():
            if token in _NODE_TYPES:
                return _NODE_TYPES[token]
    return None


def find(document: Document, address: Address | None) -> Layout | None:
    """The page's layout, or None where it shows no article."""
    root = document.root
    for element in root.iter("article"):
        if "detail" in classes(element):
            return drupal(document, element, address)
    for element in root.iter("div"):
        if element.get("id") == "article-body":
            return aspnet(document, element)
    body = document.body
    if body is not None:
        tokens = classes(body)
        named = any(token.startswith("page-node-type-") or token == "page-live" for token in tokens)
        if named and "page-node-type-page" not in tokens:
            return drupal(document, body, address)
        for element in root.iter("div"):
            if "main-article" in classes(element) or "cms-body" in classes(element):
                return aspnet(document, element)
        if any(element.get("class") for element in root.iter("h1") if "article-title" in classes(element)):
            return drupal(document, body, address)
    return None


def drupal(document: Document, root: Element, address: Address | None) -> Layout:
    """The templates since October 2020.

    Told apart by the spacing classes of the date (2026: `mb-3 mb-lg-2`; 2022-25: `mb-2`) and, for 2020-21, by an
    address without "post".
    """
    layout = Layout("drupal-2026", root)
    rows: dict[str, Element] = {}
    text_long: list[Element] = []
    contents: list[Element] = []
    live: list[Element] = []
    columns: list[Element] = []
    first_h1: Element | None = None
    for element in root.iter("div", "h1", "ol", "ul", "section", "p"):
        tag = element.tag
        if tag == "h1":
            if layout.headline is None and "article-title" in classes(element):
                layout.headline = element
            first_h1 = element if first_h1 is None else first_h1
            continue
        tokens = classes(element)
        if not tokens:
            continue
        if tag in ("ol", "ul"):
            if "breadcrumb" in tokens and layout.breadcrumb is None:
                layout.breadcrumb = element
            if _LIVE_CLASSES[0] in tokens:
                live.append(element)
            continue
        for token in tokens:
            if token in _DRUPAL_ROWS:
                rows.setdefault(_DRUPAL_ROWS[token], element)
            elif token == "text-long":
                text_long.append(element)
            elif token == "article-content":
                contents.append(element)
            elif token in _LIVE_CLASSES:
                live.append(element)
            elif token == _EMAGAZINE_COLUMN:
                columns.append(element)
            elif token in _PLAYER_CLASSES:
                layout.players.append(element)
                break
    layout.headline = layout.headline if layout.headline is not None else first_h1
    for name, element in rows.items():
        setattr(layout, name, element)
    kind = content_type(document, root)
    if live:
        # The opening text of a live page stands before its entries.
        layout.bodies = outermost([*text_long, *live])
    elif kind == "emagazine" or (columns and not text_long):
        layout.bodies = outermost([*text_long, *contents] or columns) or columns
        if not any(text_of(element).strip() for element in layout.bodies):
            layout.bodies = outermost(columns)
    elif text_long:
        layout.bodies = outermost(text_long)
    else:
        layout.bodies = outermost(contents)
    if layout.date is None:
        layout.date = _date_column(root)
    layout.template = _drupal_era(layout, address)
    for element in document.root.iter("div", "section"):
        if "field-related-article" in classes(element):
            layout.related.append((element, "related"))
    return layout


def _date_column(root: Element) -> Element | None:
    for element in root.iter("div"):
        if "col-md-4" in classes(element):
            return element
    return None


def _drupal_era(layout: Layout, address: Address | None) -> str:
    if address is not None and address.id is not None and not address.has_post:
        return "drupal-2020"
    if layout.date is not None:
        for element in layout.date.iter("div"):
            tokens = classes(element)
            if "col-md-4" in tokens:
                return "drupal-2026" if "mb-lg-2" in tokens else "drupal-2022"
    return "drupal-2026" if layout.headline is not None and "mb-0" in classes(layout.headline) else "drupal-2022"


def outermost(elements: list[Element]) -> list[Element]:
    """`elements` in page order, without those that stand inside another one of them."""
    kept: list[Element] = []
    known = {id(element) for element in elements}
    for element in elements:
        if not any(id(ancestor) in known for ancestor in element.iterancestors()) and element not in kept:
            kept.append(element)
    return kept


_ASPNET_LEADS = ("article__sapo", "sapo", "article-sapo")
_ASPNET_RELATED = ("article-relate-bottom", "relate-right", "related-events")


def aspnet(document: Document, text: Element) -> Layout:
    """The template until the autumn of 2020, around `#article-body`."""
    root = next((a for a in text.iterancestors("div") if "main-article" in classes(a)), None)
    if root is None:
        root = document.body if document.body is not None else document.root
    layout = Layout("aspnet", root)
    layout.bodies = [text]
    for element in root.iter("h1"):
        layout.headline = element
        break
    layout.date = next(root.iter("time"), None)
    scope = document.body if document.body is not None else root
    for element in scope.iter("div", "p", "h2", "ol", "ul", "section", "span"):
        tokens = classes(element)
        if not tokens:
            continue
        if layout.summary is None and any(token in _ASPNET_LEADS for token in tokens):
            layout.summary = element
        elif layout.authors is None and not SIGNATURE_CLASSES.isdisjoint(tokens):
            layout.authors = element
        elif layout.breadcrumb is None and "breadcrumb" in tokens:
            layout.breadcrumb = element
        elif layout.tags is None and "box-content" in tokens and _holds_tags(element):
            layout.tags = element
        elif any(token in _ASPNET_RELATED for token in tokens):
            layout.related.append((element, "related"))
        elif layout.date is None and "meta" in tokens:
            layout.date = element
    return layout


def _holds_tags(element: Element) -> bool:
    return any("/tag/" in (a.get("href") or "") or "/tu-khoa/" in (a.get("href") or "") for a in element.iter("a"))


def is_teaser(element: Element) -> bool:
    """Whether an element is a box that points to another story."""
    return not TEASER_CLASSES.isdisjoint(classes(element))
