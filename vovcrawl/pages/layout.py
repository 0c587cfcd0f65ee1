"""Where an article's facts stand on the page: one function for each family of templates.

`drupal()` covers the site since October 2020, whose class names stayed while spacing classes changed;
`aspnet()` the pages before, as archives hold them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from vovcrawl.items import ContentType, Placement
from vovcrawl.pages import markup
from vovcrawl.pages.document import Document, Element, classes, outermost, text_of
from vovcrawl.pages.publication import shown_date
from vovcrawl.text import clean
from vovcrawl.urls import SiteUrl


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


_ROLES = frozenset(
    (
        *(
            markup.TITLE,
            markup.BREADCRUMB,
            markup.DATE,
            markup.SUMMARY,
            markup.AUTHORS,
            markup.TAGS,
            markup.VIDEO_SUMMARY,
        ),
        *(markup.TEXT, markup.TEXT_ROW, markup.LIVE_ENTRY, markup.COLUMN, *markup.PLAYERS),
    )
)
"""Classes by which the Drupal templates mark what holds a fact."""

_DATE_WITHIN = 200
"""Characters of a column that are looked at for a date."""

_UNKNOWN_MARKUP = ("emagazine", "live")
"""Kinds of page of which only a few class names are known: where those are missing, all of the article is read."""


def content_type(document: Document, root: Element) -> ContentType | None:
    """The kind of page that its markup names, or None where it is an ordinary article or says nothing."""
    for element in (root, document.body):
        for token in classes(element) if element is not None else ():
            if token in markup.CONTENT_TYPES:
                return markup.CONTENT_TYPES[token]
    return None


def find(document: Document, site_url: SiteUrl | None) -> Layout | None:
    """The page's layout, or None where it shows no article."""
    root = document.root
    article = document.article
    if article is not None:
        return drupal(document, article, site_url)
    document.need_whole()
    for element in root.iter("div"):
        if element.get("id") == markup.ASPNET_TEXT_ID:
            return aspnet(document, element)
    body = document.body
    if body is not None:
        tokens = classes(body)
        named = any(token.startswith(markup.NODE_TYPE) or token == markup.LIVE_PAGE for token in tokens)
        if named and markup.PLAIN_PAGE not in tokens:
            return drupal(document, body, site_url)
        for element in root.iter("div"):
            if markup.ASPNET_ARTICLE in classes(element) or markup.ASPNET_TEXT in classes(element):
                return aspnet(document, element)
        if any(markup.TITLE in classes(element) for element in root.iter("h1")):
            return drupal(document, body, site_url)
    return None


def drupal(document: Document, root: Element, site_url: SiteUrl | None) -> Layout:
    """The templates since October 2020.

    Told apart by the spacing classes of the date (2026: `mb-3 mb-lg-2`; 2022-25: `mb-2`) and, for 2020-21, by a
    url without "post".
    """
    marked, headings = _marked(root)
    if document.body is not None and not (headings and marked[markup.DATE]):
        # Some special pages print their head above the article element.
        document.need_whole()
        everywhere, all_headings = _marked(document.body)
        headings = headings or all_headings
        marked = {role: elements or everywhere[role] for role, elements in marked.items()}

    def first(role: str) -> Element | None:
        return marked[role][0] if marked[role] else None

    titles = [element for element in marked[markup.TITLE] if element.tag == "h1"]
    kind = content_type(document, root)
    layout = Layout(
        "drupal-2026",
        root,
        headline=next(iter([*titles, *headings]), None),
        date=first(markup.DATE),
        summary=first(markup.SUMMARY),
        bodies=_drupal_bodies(marked, kind),
        video_summary=first(markup.VIDEO_SUMMARY),
        players=[element for role in markup.PLAYERS for element in outermost(marked[role])],
        authors=first(markup.AUTHORS),
        breadcrumb=next((element for element in marked[markup.BREADCRUMB] if element.tag in ("ol", "ul")), None),
        tags=first(markup.TAGS),
        related=[
            (element, "related")
            for element in outermost(
                [
                    element
                    for element in document.root.iter("div", "section")
                    if markup.RELATED in (element.get("class") or "") and markup.RELATED in classes(element)
                ]
            )
        ],
    )
    if layout.date is None:
        layout.date = _date_column(root)
    if kind in _UNKNOWN_MARKUP and not any(text_of(element).strip() for element in layout.bodies):
        layout.bodies = [root]
    layout.template = _drupal_era(layout, site_url)
    return layout


def _marked(root: Element) -> tuple[dict[str, list[Element]], list[Element]]:
    """What the template marks below `root`, by role, and the `h1` elements."""
    marked: dict[str, list[Element]] = {role: [] for role in _ROLES}
    for element in root.iter("div", "h1", "ol", "ul", "section", "p", "audio"):
        if written := element.get("class"):
            for role in _roles(written):
                marked[role].append(element)
    return marked, list(root.iter("h1"))


@lru_cache(maxsize=4096)
def _roles(written: str) -> tuple[str, ...]:
    """The roles in a class attribute; the same few hundred attributes stand on every page."""
    return tuple(token for token in written.split() if token in _ROLES)


def _drupal_bodies(marked: dict[str, list[Element]], kind: ContentType | None) -> list[Element]:
    """What holds the text: the long text, or the columns of an e-magazine, or the entries of a live page."""
    text_long, contents, columns = marked[markup.TEXT], marked[markup.TEXT_ROW], marked[markup.COLUMN]
    if marked[markup.LIVE_ENTRY]:
        # The opening text of a live page stands before its entries.
        return outermost([*text_long, *marked[markup.LIVE_ENTRY]])
    if kind == "emagazine" or (columns and not text_long):
        bodies = outermost([*text_long, *contents])
        return bodies if any(text_of(element).strip() for element in bodies) else outermost(columns)
    return outermost(text_long or contents)


def _date_column(root: Element) -> Element | None:
    for element in root.iter("div"):
        if markup.DATE_COLUMN in classes(element) and shown_date(clean(_opening(element))):
            return element
    return None


def _opening(element: Element) -> str:
    """The first words in an element, uncleaned: columns may stand within each other, so that no more is read."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(str(piece))
        length += len(piece)
        if length >= _DATE_WITHIN:
            break
    return " ".join(pieces)[:_DATE_WITHIN]


def _drupal_era(layout: Layout, site_url: SiteUrl | None) -> str:
    if site_url is not None and site_url.id is not None and not site_url.has_post:
        return "drupal-2020"
    if layout.date is not None:
        for element in layout.date.iter("div"):
            tokens = classes(element)
            if markup.DATE_COLUMN in tokens:
                return "drupal-2026" if markup.DATE_COLUMN_OF_2026 in tokens else "drupal-2022"
    return (
        "drupal-2026"
        if layout.headline is not None and markup.TITLE_OF_2026 in classes(layout.headline)
        else "drupal-2022"
    )


def aspnet(document: Document, text: Element) -> Layout:
    """The template until the autumn of 2020, around `#article-body`."""
    root = next((a for a in text.iterancestors("div") if markup.ASPNET_ARTICLE in classes(a)), None)
    if root is None:
        root = document.body if document.body is not None else document.root
    layout = Layout("aspnet", root)
    layout.bodies = [text]
    for element in root.iter("h1"):
        layout.headline = element
        break
    layout.date = next(root.iter("time"), None)
    scope = document.body if document.body is not None else root
    related: list[Element] = []
    for element in scope.iter("div", "p", "h2", "ol", "ul", "section", "span"):
        tokens = classes(element)
        if not tokens:
            continue
        if layout.summary is None and any(token in markup.ASPNET_SUMMARIES for token in tokens):
            layout.summary = element
        elif layout.authors is None and not markup.SIGNATURES.isdisjoint(tokens):
            layout.authors = element
        elif layout.breadcrumb is None and markup.BREADCRUMB in tokens:
            layout.breadcrumb = element
        elif layout.tags is None and markup.ASPNET_TAGS in tokens and _holds_tags(element):
            layout.tags = element
        elif any(token in markup.ASPNET_RELATED for token in tokens):
            related.append(element)
        elif layout.date is None and markup.ASPNET_DATE in tokens:
            layout.date = element
    layout.related = [(element, "related") for element in outermost(related)]
    return layout


def _holds_tags(element: Element) -> bool:
    return any("/tag/" in (a.get("href") or "") or "/tu-khoa/" in (a.get("href") or "") for a in element.iter("a"))
