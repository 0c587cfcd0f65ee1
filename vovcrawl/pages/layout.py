"""Where an article's facts stand on the page: one function for each family of templates.

`drupal()` covers the site since October 2020, whose class names stayed while spacing classes changed; `aspnet()` and
`aspnet_2011()` the pages before, as archives hold them. docs/layouts.md says how well each one is known.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache

from vovcrawl.items import ContentType, Placement
from vovcrawl.pages import hidden, markup
from vovcrawl.pages.document import Document, Element, classes, empty, outermost, text_of
from vovcrawl.pages.publication import is_clock, shown_date
from vovcrawl.text import clean
from vovcrawl.urls import SiteUrl

TEMPLATES = ("drupal-2026", "drupal-2022", "drupal-2020", "aspnet", "aspnet-cms-body", "aspnet-2011")
"""What `Layout.template` may be."""

UNCERTAIN = frozenset(("aspnet-cms-body", "aspnet-2011"))
"""Templates of which no whole page is known."""


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
    marks: frozenset[str] = frozenset()
    """The class names by which this page marks its parts, also those that hold nothing; of the Drupal templates alone,
    which print most of them on every page."""

    def drop_hidden(self) -> None:
        """Takes away what readers do not see around the text; of several texts the hidden ones, unless all are."""
        if len(self.bodies) > 1:
            hidden_or_not: dict[Element, bool] = {}
            self.bodies = [body for body in self.bodies if not self._is_hidden(body, hidden_or_not)] or self.bodies
        self.related = [(box, placement) for box, placement in self.related if not hidden.is_hidden(box)]
        for element in (self.headline, self.summary, self.authors, *(box for box, _ in self.related)):
            if element is not None and len(element):
                hidden.drop(element)

    def _is_hidden(self, element: Element, known: dict[Element, bool]) -> bool:
        """Whether an element of the article, or what it stands in, is hidden; most texts stand in the same elements."""
        path: list[Element] = []
        node: Element | None = element
        while node is not None and node is not self.root and node not in known:
            path.append(node)
            node = node.getparent()
        answer = node is not None and known.get(node, False)
        for within in reversed(path):
            answer = known[within] = answer or hidden.is_hidden(within)
        return answer


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
    if (text := _control(root, markup.OLD_TEXT)) is not None:
        return aspnet_2011(document, text)
    body = document.body
    if body is not None:
        tokens = classes(body)
        named = any(token.startswith(markup.NODE_TYPE) or token == markup.LIVE_PAGE for token in tokens)
        if named and markup.PLAIN_PAGE not in tokens:
            return drupal(document, body, site_url)
        for name in (markup.ASPNET_TEXT, markup.ASPNET_ARTICLE):
            for element in root.iter("div"):
                if name in classes(element):
                    layout = aspnet(document, element)
                    if name == markup.ASPNET_TEXT:
                        layout.template = "aspnet-cms-body"
                        _find_old_marks(layout)
                        _take_out(layout, element)
                    return layout
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
        bodies=_drupal_bodies(root, marked, kind),
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
    layout.marks = _marks(document, layout, marked)
    return layout


def _marks(document: Document, layout: Layout, marked: dict[str, list[Element]]) -> frozenset[str]:
    """The names of `markup.DRUPAL_MARKS` that stand on the page where they should."""
    marks = {role for role, elements in marked.items() if elements}
    if layout.headline is None or markup.TITLE not in classes(layout.headline):
        marks.discard(markup.TITLE)
    if layout.breadcrumb is None:
        marks.discard(markup.BREADCRUMB)
    if document.article is not None:
        marks.add(markup.DETAIL)
    if layout.date is not None and any(markup.DATE_COLUMN in classes(div) for div in layout.date.iter("div")):
        marks.add(markup.DATE_COLUMN)
    for element, prefix in ((document.body, markup.NODE_TYPE), (document.article, markup.DETAIL_KIND)):
        if element is not None and any(token.startswith(prefix) for token in classes(element)):
            marks.add(prefix)
    if document.cards:
        # Such cards are left out of what is parsed, and have all of these names.
        marks.update((markup.RELATED, *markup.RELATED_CARDS))
    for box, _ in layout.related:
        marks.add(markup.RELATED)
        for element in box.iter("div", "h3", "h5"):
            marks.update(markup.RELATED_CARDS.intersection(classes(element)))
    return frozenset(marks & markup.DRUPAL_MARKS)


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


def _drupal_bodies(root: Element, marked: dict[str, list[Element]], kind: ContentType | None) -> list[Element]:
    """What holds the text: the long text, or the columns of an e-magazine, or the entries of a live page."""
    text_long, contents, columns = marked[markup.TEXT], marked[markup.TEXT_ROW], marked[markup.COLUMN]
    if marked[markup.LIVE_ENTRY]:
        # The opening text of a live page stands before its entries.
        return outermost([*text_long, *_live_entries(root, marked)])
    if kind == "live" and root.tag == "article" and (text_long or contents):
        return _around_the_opening(root, marked)
    if kind == "emagazine" or (columns and not text_long):
        bodies = outermost([*text_long, *contents])
        return bodies if any(text_of(element).strip() for element in bodies) else outermost(columns)
    return outermost(text_long or contents)


def _live_entries(root: Element, marked: dict[str, list[Element]]) -> list[Element]:
    """The entries of a live page, in page order, with what stands beside their texts: times and titles."""
    entries = marked[markup.LIVE_ENTRY]
    # Most entries stand side by side.
    parents = dict.fromkeys(parent for entry in entries if (parent := entry.getparent()) is not None)
    found = [_live_list(parent, root) for parent in parents]
    lists = [one for one in found if one is not None]
    if len(lists) == len(found):
        return list(dict.fromkeys(lists))
    # Without a list that is known by its name: what stands within the smallest element around all entries.
    around, known = _smallest_around(list(parents), root), set(entries)
    parts = list(around)
    holding = _holding(known)
    within = [number for number, part in enumerate(parts) if part in holding]
    if len(entries) == 1 or not within or around in known:
        return [*_times_before(entries[0]), *entries]
    apart = _apart_from_text(marked)
    between = parts[within[0] : within[-1] + 1]
    return [*_times_before(between[0]), *(part for part in between if part in holding or part not in apart)]


def _around_the_opening(root: Element, marked: dict[str, list[Element]]) -> list[Element]:
    """The opening text of a live page whose entries have no name that is known, and what follows it down to the
    authors or whatever else is marked."""
    apart = _apart_from_text(marked)
    part = (marked[markup.TEXT] or marked[markup.TEXT_ROW])[0]
    while (above := part.getparent()) is not None and above is not root and above not in apart:
        part = above
    parts = [part]
    for after in part.itersiblings():
        if after in apart:
            break
        parts.append(after)
    return parts


def _apart_from_text(marked: dict[str, list[Element]]) -> set[Element]:
    """What stands above and below the text of a page, with all that it stands in; teasers within it have titles too."""
    roles = (markup.BREADCRUMB, markup.DATE, markup.SUMMARY, markup.AUTHORS, markup.TAGS)
    headlines = {element for element in marked[markup.TITLE] if element.tag == "h1"}
    return _holding(headlines | {element for role in roles for element in marked[role]})


def _live_list(parent: Element, root: Element) -> Element | None:
    """The outermost element, `parent` or around it, that is named as the list of a live page or a part of it."""
    found: Element | None = None
    for above in (parent, *parent.iterancestors()):
        if above is root:
            break
        if any(token.startswith(markup.LIVE_LIST) for token in classes(above)):
            found = above
    return found


def _smallest_around(elements: list[Element], root: Element) -> Element:
    """The smallest element that is or holds each of `elements`, `root` at most."""
    common = [elements[0], *elements[0].iterancestors()]
    for element in elements[1:]:
        above = {element, *element.iterancestors()}
        common = [one for one in common if one in above]
    return common[0] if common else root


def _holding(elements: set[Element]) -> set[Element]:
    """`elements`, and all that they stand in."""
    found = set(elements)
    for element in elements:
        for above in element.iterancestors():
            if above in found and above not in elements:
                break
            found.add(above)
    return found


def _times_before(element: Element) -> list[Element]:
    """What stands right before an element and is a clock time alone."""
    before = element.getprevious()
    return [before] if before is not None and is_clock(clean(_opening(before))) else []


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


def aspnet_2011(document: Document, text: Element) -> Layout:
    """The templates of 2011 to 2013, around `span#ctl00_mContent_lbBody`."""
    root = document.body if document.body is not None else document.root
    layout = Layout("aspnet-2011", root, bodies=[text])
    layout.headline = _first(root, markup.OLD_TITLE, "h1")
    if layout.headline is None:
        layout.headline = _control(root, *markup.OLD_HEADLINES)
    if layout.headline is None:
        layout.headline = next(root.iter("h1"), None)
    _find_old_marks(layout)
    layout.authors = _first(text, markup.OLD_AUTHOR, "p", "div")
    if layout.authors is None:
        layout.authors = _first(root, markup.OLD_AUTHOR, "p")
    if layout.authors is None:
        layout.authors = _control(root, *markup.OLD_AUTHORS)
    layout.breadcrumb = next((one for one in root.iter("ol", "ul", "div") if markup.BREADCRUMB in classes(one)), None)
    _take_out(layout, text)
    related = [
        element
        for element in root.iter("div", "ul", "section")
        if not markup.ASPNET_RELATED.isdisjoint(tokens := classes(element)) or markup.OLD_RELATED in tokens
    ]
    inside = set(text.iter())
    layout.related = [(element, "related") for element in outermost(related) if element not in inside]
    return layout


def _take_out(layout: Layout, text: Element) -> None:
    """Takes headline, date, summary and signature out of the text, where the page has them in it."""
    for name in ("headline", "date", "summary", "authors"):
        element: Element | None = getattr(layout, name)
        if element is not None and any(above is text for above in element.iterancestors()):
            setattr(layout, name, deepcopy(element))
            empty(element)


def _find_old_marks(layout: Layout) -> None:
    """Finds date and summary where the pages of 2011 to 2013 mark them, unless they are known."""
    root = layout.root
    if layout.date is None:
        layout.date = _control(root, markup.OLD_DATE)
    if layout.date is None:
        layout.date = next(root.iter("time"), None)
    if layout.summary is None:
        layout.summary = _first(root, markup.OLD_SUMMARY, "p")
    if layout.summary is None:
        layout.summary = _control(root, *markup.OLD_SUMMARIES)
    if layout.summary is None:
        layout.summary = _first(root, markup.OLD_SUMMARY, "div", "h2", "span")


def _first(root: Element, name: str, *tags: str) -> Element | None:
    return next((element for element in root.iter(*tags) if name in classes(element)), None)


def _control(root: Element, *names: str) -> Element | None:
    """The first element whose id is that of a control with one of these names."""
    for element in root.iter("span", "div", "p", "h1", "h2", "td"):
        written = element.get("id")
        if written and written.rpartition("_")[2] in names:
            return element
    return None


def _holds_tags(element: Element) -> bool:
    return any("/tag/" in (a.get("href") or "") or "/tu-khoa/" in (a.get("href") or "") for a in element.iter("a"))
