"""An article page read: one small function for each field.

A field function returns its value and the name of the source that gave it (`h1`, `og:title`), or an empty value and
None. Sources stand in order of trust; where one that the template should have is missing, or two differ, the record
carries a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from vovcrawl import sections, urls
from vovcrawl.cleaning.authors import distinct_signatures, signed_by
from vovcrawl.cleaning.lines import without_prefix, without_suffix
from vovcrawl.cleaning.rules import Stripped
from vovcrawl.items import Article, Author, Breadcrumb, ContentType, Placement, content_hash
from vovcrawl.pages import broken_markup, excerpt, markup, players, publication, related
from vovcrawl.pages import layout as layouts
from vovcrawl.pages.body import Body, BodyReader
from vovcrawl.pages.bounds import check_article, check_elements
from vovcrawl.pages.broken_markup import Mended
from vovcrawl.pages.document import (
    Document,
    Element,
    Incomplete,
    classes,
    damages,
    links_of,
    outermost,
    part_tree,
    text_of,
)
from vovcrawl.pages.errors import NotAnArticle, PageError, Reason, refused_as
from vovcrawl.pages.excerpt import Excerpt
from vovcrawl.pages.layout import Layout
from vovcrawl.pages.refusal import claims_article, opened, why_not
from vovcrawl.pages.running_text import plain_text
from vovcrawl.text import clean, distinct
from vovcrawl.urls import SiteUrl

_T = TypeVar("_T")

_MOST_PLAYERS = 200
_MOST_SIGNED = 20
"""Links of an author block that are looked for at the end of the text."""

_MAY_BE_HIDDEN = frozenset({Reason.EMPTY, Reason.NO_ARTICLE})
"""Why a page with broken markup may be refused although a browser shows an article."""

_TEXT_MARKS = (markup.TEXT, markup.TEXT_ROW, markup.COLUMN, markup.LIVE_LIST, markup.LIVE_ENTRY)

# What a page in the article template may be all the same; more telling than "empty".
_TELLING = frozenset({Reason.ERROR, Reason.BLOCKED, Reason.REDIRECT})

# What a page may be refused as though it is an article: its text was not found.
_UNTOLD = frozenset({Reason.EMPTY, Reason.NO_ARTICLE, Reason.LISTING})


@dataclass
class Reading:
    """An article and where each of its fields came from."""

    article: Article
    sources: dict[str, str] = field(default_factory=dict)
    """Name of the source by field; a field without a value has none."""
    marks: frozenset[str] = frozenset()
    """The template's class names that stand on the page, see `Layout.marks`; and `UNREAD_RELATED`."""
    stripped: list[Stripped] = field(default_factory=list)
    """What was taken off as boilerplate in its words, and by which rule."""
    may_miss_text: bool = field(default=False, compare=False)
    """Whether the markup leaves doubts that all of the text was read."""


UNREAD_RELATED = "unread related articles"
"""Marks a page that announces related articles and has them in no box that is known."""

NO_AUTHORS = "missing:authors"
_RELATED_HEADING = ">Tin liên quan<"


def read(html: str | bytes, url: str, charset: str | None = None) -> Reading:
    """The article on a page.

    Args:
        html: the page as served or saved.
        url: the url that answered; empty where only the page itself can tell.
        charset: the encoding that the server declares.

    Raises:
        NotAnArticle: the page holds no article; its `reason` says what it is instead.
    """
    reading = _read_excerpt(html if isinstance(html, bytes) else html.encode("utf-8", "replace"), url)
    if reading is None:
        return read_whole(html, url, charset)
    _check_for_related(reading, html)
    return reading


def read_whole(html: str | bytes, url: str, charset: str | None = None) -> Reading:
    """As `read`, and with the same result, but by way of the tree of the whole page."""
    return read_located(html, url, charset).reading


@dataclass(frozen=True, slots=True)
class Located:
    """An article, and the elements that it was read from."""

    reading: Reading
    document: Document
    layout: Layout
    base: str
    """What the page's relative urls are relative to."""


def read_located(html: str | bytes, url: str, charset: str | None = None) -> Located:
    """As `read_whole`, with the elements of the page, for whoever asks where a field stands."""
    with refused_as(NotAnArticle):
        located = _read_whole(opened(html, charset), url)
        _check_for_related(located.reading, html)
        return located


def _read_whole(document: Document, url: str) -> Located:
    try:
        located = _read(document, url)
    except PageError as error:
        if error.reason not in _MAY_BE_HIDDEN:
            raise
        mended = broken_markup.mended(document.written)
        found = _read_mended(mended, url)
        if mended is None or found is None:
            raise
        return found if mended.is_settled else _doubted(found)
    is_broken = document.has_flaws or located.reading.may_miss_text
    if not is_broken and not broken_markup.may_swallow(document.written):
        return located
    mended = broken_markup.mended(document.written)
    found = _read_mended(mended, url)
    if mended is None or found is None:
        return _doubted(located) if is_broken else located
    article, other = located.reading.article, found.reading.article
    # A quotation mark of its own is in many a text.
    if article == other or not (is_broken or _says_more(other, article)):
        return located
    return found if mended.is_settled and not _lacks(other, article, mended.outside) else _doubted(found)


def _says_more(found: Article, article: Article) -> bool:
    """Whether `found` has what another reading of the page lacks."""
    counted = ((len(one.authors), len(one.keywords), len(one.related)) for one in (found, article))
    return any(map(int.__gt__, *counted)) or _lacks(article, found, "")


def _doubted(located: Located) -> Located:
    located.reading.article.warnings.append("damaged:markup")
    return located


def _read_mended(mended: Mended | None, url: str) -> Located | None:
    try:
        return _read(mended.document, url) if mended is not None else None
    except PageError:
        return None


def _lacks(found: Article, article: Article, outside: str) -> bool:
    """Whether `found` lacks sentences of another article's body, be it in its own body, its captions or signatures."""
    if "</" in article.body:
        return False
    captions = (image.caption for image in found.images if image.caption)
    known = "\n".join((found.body, *captions, *(author.name_raw for author in found.authors)))
    said = _letters(known) + outside
    # A table that was never closed holds all that follows it in one row.
    texts = (article.body[block.start : block.end] for block in article.blocks if block.type != "table")
    return any(_letters(piece) not in said for text in texts for piece in _ENDS_OF_PIECES.split(text))


_ENDS_OF_PIECES = re.compile(r"[.!?/\t\n]")


def _letters(text: str) -> str:
    return "".join(text.split())


def _check_for_related(reading: Reading, html: str | bytes) -> None:
    """Marks the reading where the page announces related articles that were not found."""
    if reading.marks and markup.RELATED not in reading.marks:
        heading = _RELATED_HEADING
        if heading in html if isinstance(html, str) else heading.encode() in html:
            reading.marks |= {UNREAD_RELATED}


def _read_excerpt(page: bytes, url: str) -> Reading | None:
    """The article on an ordinary page, out of the part that holds it; None where the whole page must be looked at."""
    part = excerpt.cut(page)
    if part is None:
        return None
    root = part_tree(part.html)
    document = _document(root, part) if root is not None else None
    if document is None or document.article is None or not part.shows(document.root, document.article):
        return None
    if not document.is_balanced and broken_markup.may_swallow(part.html):
        return None
    try:
        reading = _read(document, url).reading
    except PageError as error:
        if error.reason is Reason.OVERSIZED:
            # So is the whole page; to find that out again could take long.
            raise NotAnArticle(error.reason, error.detail) from None
        return None
    except Incomplete:
        return None
    # Whether somebody signed is told by the article alone.
    is_told = all(warning == NO_AUTHORS for warning in reading.article.warnings)
    return reading if is_told and not reading.may_miss_text else None


def _document(root: Element, part: Excerpt) -> Document:
    head = part.head
    document = Document.with_root(root) if head is None else Document(root, head.metas, head.canonical)
    if head is not None:
        document.gather()
    document.left_out = part.linked_data
    document.written = part.html
    document.is_balanced = part.is_balanced(root)
    document.cards = part.cards
    return document


def _read(document: Document, url: str) -> Located:
    url = urls.as_written(url)
    answered = urls.article(url) if url else None
    if url and answered is None and urls.is_out_of_scope(url):
        raise NotAnArticle(Reason.OTHER_EDITION, clean(url)[:200])
    canonical = _canonical(document, answered)
    try:
        layout = layouts.find(document, canonical.site_url)
        if layout is None:
            raise why_not(document)
        layout.drop_hidden()
        _refuse_other_edition(document)
        reader = _Reader(document, layout, url, canonical)
        return Located(reader.read(), document, layout, reader.base)
    except PageError as error:
        error.claims_article = error.reason in _UNTOLD and claims_article(document)
        raise


class _Canonical(NamedTuple):
    """The article's identity."""

    site_url: SiteUrl | None
    source: str
    disagrees: bool = False
    """Whether the page names another article than the url that answered."""


def _canonical(document: Document, answered: SiteUrl | None) -> _Canonical:
    base = _base(document, answered)
    for source, written in (("canonical link", document.canonical), ("og:url", document.meta("og:url"))):
        named = urls.article(written, base) if written else None
        if named is not None:
            return _Canonical(named, source, answered is not None and answered.number != named.number)
    return _Canonical(answered, "url" if answered is not None else "text")


def _base(document: Document, site_url: SiteUrl | None) -> str:
    """What the relative urls of a page are relative to."""
    own = site_url.url if site_url else urls.SITE + "/"
    return (urls.absolute(document.base, own) if document.base else None) or own


def _refuse_other_edition(document: Document) -> None:
    for written in (document.canonical, document.meta("og:url")):
        if written and urls.article(written) is None and urls.is_out_of_scope(written.strip()):
            raise NotAnArticle(Reason.OTHER_EDITION, clean(written)[:200])
    language = document.root.get("lang")
    if language and not language.lower().startswith("vi"):
        raise NotAnArticle(Reason.OTHER_EDITION, f"in {clean(language)[:20]}")


class _Reader:
    def __init__(self, document: Document, layout: Layout, url: str, canonical: _Canonical) -> None:
        self.document = document
        self.layout = layout
        self.url = url
        self.canonical = canonical
        self.site_url = canonical.site_url
        self.base = _base(document, canonical.site_url)
        self.shown_date = plain_text(layout.date) if layout.date is not None else None
        self.warnings: list[str] = []
        self.sources: dict[str, str] = {}
        self.stripped: list[Stripped] = []
        signed = layout.authors
        self.signatures: list[str] = []
        """What the author block says, as a whole and each of its links; some texts repeat it at their end."""
        if signed is not None:
            links = links_of(signed)[:_MOST_SIGNED]
            self.signatures = distinct([plain_text(signed), *(clean(text) for _, text in links)])

    def read(self) -> Reading:
        kind, body, text_source = self._body(self._content_type())
        headline = self._took("headline", *self._headline())
        if not headline:
            raise NotAnArticle(Reason.EMPTY, "no headline")
        if self.layout.root in self.layout.bodies:
            body.drop_heading(headline)
            body.clean(self.signatures, is_read=True)
        text, blocks, links = body.assemble(self.base)
        if body.is_empty:
            shown = why_not(self.document)
            raise shown if shown.reason in _TELLING else NotAnArticle(Reason.EMPTY, headline[:120])
        self._took("body", text, text_source)
        description = self._took("description", *self._description(kind))
        published = self._took("date_published", *self._date_published())
        if published is None and (shown := why_not(self.document)).reason in _TELLING:
            raise shown
        canonical_url = self.site_url.url if self.site_url else urls.text_key(headline, text)
        if self.canonical.disagrees:
            self.warnings.append("disagree:canonical_url")
        if kind == "article" and not text:
            self.warnings.append("missing:body")
        if self.layout.template in layouts.UNCERTAIN:
            self.warnings.append("fallback:template")
        authors = self._took("authors", *self._authors(body)) or []
        if not authors and markup.AUTHORS in self.layout.marks:
            self.warnings.append(NO_AUTHORS)
        if self.document.has_unread_json_ld:
            self.warnings.append("damaged:json_ld")
        self.warnings.extend(damages(headline, description, text))
        article = Article(
            id=self.site_url.id if self.site_url and self.site_url.id else urls.short_key(canonical_url),
            url=self.url or (self.site_url.url if self.site_url else None),
            canonical_url=self._took("canonical_url", canonical_url, self.canonical.source),
            content_type=kind,
            headline=headline,
            description=description,
            body=text,
            blocks=blocks,
            section=self._took("section", self.site_url.section if self.site_url else None, "url"),
            section_name=self._took("section_name", *self._section_name()),
            breadcrumbs=self._took("breadcrumbs", *self._breadcrumbs()) or [],
            authors=authors,
            keywords=self._took("keywords", *self._keywords()) or [],
            date_published=published,
            date_modified=self._took("date_modified", *self._date_modified()),
            date_published_raw=self._took("date_published_raw", *self._date_published_raw()),
            images=body.images,
            videos=body.videos,
            audios=body.audios,
            related=related.read(self._boxes(body), self.document.cards, self.base, self.site_url),
            links=links,
            content_hash=content_hash(headline, description, text),
            template=self.layout.template,
            warnings=self.warnings,
        )
        check_article(article)
        self._name_sources(article)
        # What an element without markup swallowed is shown with its tags.
        may_miss = "</" in text or broken_markup.may_miss(self.document, self.layout.bodies)
        return Reading(article, self.sources, self.layout.marks, [*self.stripped, *body.stripped], may_miss)

    def _name_sources(self, article: Article) -> None:
        """Names the sources of the fields that several elements give."""
        self.sources["template"] = markup.DETAIL if self.document.article is not None else self.layout.root.tag
        if article.related:
            in_box = any(one.placement == "related" for one in article.related)
            self.sources["related"] = "related box" if in_box else "teasers"
        for name in ("images", "videos", "audios", "links"):
            if getattr(article, name):
                self.sources[name] = "body"

    def _took(self, name: str, value: _T, source: str | None) -> _T:
        if value and source:
            self.sources[name] = source
        return value

    def _content_type(self) -> ContentType:
        if named := layouts.content_type(self.document, self.layout.root):
            return self._took("content_type", named, "class")
        if self.site_url is not None and (named := urls.content_type(self.site_url)):
            return self._took("content_type", named, "url")
        return "article"

    def _headline(self) -> tuple[str, str | None]:
        element = self.layout.headline
        if element is not None and (text := without_suffix(plain_text(element), self.stripped)):
            is_marked = not self.layout.marks or markup.TITLE in self.layout.marks
            return text, "h1" if is_marked else "unmarked h1"
        news = self.document.news_article.get("headline")
        for source, value in (
            ("og:title", self.document.meta("og:title")),
            ("json-ld", news if isinstance(news, str) else None),
            ("title", self.document.title),
        ):
            if value and (text := without_suffix(clean(value), self.stripped, is_metadata=True)):
                self.warnings.append("fallback:headline")
                return text, source
        return "", None

    def _description(self, kind: ContentType) -> tuple[str | None, str | None]:
        element = self.layout.summary
        if element is not None and (text := self._without_prefix(plain_text(element))):
            return text, "summary"
        news = self.document.news_article.get("description")
        candidates: tuple[tuple[str, str | None], ...] = (
            ("og:description", self.document.meta("og:description")),
            ("json-ld", news if isinstance(news, str) else None),
            ("meta:description", self.document.meta("description")),
        )
        for source, value in candidates:
            if value and (text := self._without_prefix(clean(value))):
                # Only the ordinary templates are known to print a summary.
                if kind in ("article", "photo"):
                    self.warnings.append("fallback:description")
                return text, source
        if self.layout.video_summary is not None and (
            text := self._without_prefix(plain_text(self.layout.video_summary))
        ):
            return text, "video__summary"
        if kind == "article":
            self.warnings.append("missing:description")
        return None, None

    def _without_prefix(self, lead: str) -> str:
        return without_prefix(lead, "description", self.stripped)

    def _date_published(self) -> tuple[str | None, str | None]:
        meta = publication.from_iso(self.document.meta("article:published_time"))
        linked = publication.from_iso(self.document.news_article.get("datePublished"))
        shown = publication.from_shown(self.shown_date) if self.shown_date is not None else None
        found: list[tuple[str, datetime]] = [
            (source, moment)
            for source, moment in (("article:published_time", meta), ("json-ld", linked), ("shown", shown))
            if moment is not None
        ]
        if not found:
            self.warnings.append("missing:date_published")
            return None, None
        source, moment = found[0]
        # The shown date has no seconds.
        if any(other.replace(second=0, microsecond=0) != moment.replace(second=0, microsecond=0) for _, other in found):
            self.warnings.append("disagree:date_published")
            day = publication.from_shown_day(self.shown_date) if self.shown_date and shown is None else None
            source, moment = found[publication.believed([moment for _, moment in found], day)]
        if meta is None and not self.layout.template.startswith("aspnet"):
            self.warnings.append("fallback:date_published")
        return publication.to_iso(moment), source

    def _date_modified(self) -> tuple[str | None, str | None]:
        for source, value in (
            ("json-ld", self.document.news_article.get("dateModified")),
            ("article:modified_time", self.document.meta("article:modified_time")),
            ("og:updated_time", self.document.meta("og:updated_time")),
        ):
            moment = publication.from_iso(value)
            if moment is not None:
                return publication.to_iso(moment), source
        return None, None

    def _date_published_raw(self) -> tuple[str | None, str | None]:
        if self.shown_date is None:
            return None, None
        is_marked = not self.layout.marks or markup.DATE in self.layout.marks
        return publication.shown_date(self.shown_date), "shown" if is_marked else "date column"

    def _section_name(self) -> tuple[str | None, str | None]:
        section = self.site_url.section if self.site_url else None
        if section is None:
            return None, None
        if name := sections.name_of(section):
            return name, "menu"
        crumbs = [crumb for crumb in self._breadcrumbs()[0] if crumb.url != f"{urls.SITE}/"]
        own = [crumb for crumb in crumbs if crumb.url == f"{urls.SITE}/{section}"]
        # Some articles stand below another path than the listing that their page names.
        return ((own or crumbs)[0].name, "breadcrumb") if crumbs else (None, None)

    def _breadcrumbs(self) -> tuple[list[Breadcrumb], str | None]:
        crumbs: list[Breadcrumb] = []
        if self.layout.breadcrumb is not None:
            for link, text in links_of(self.layout.breadcrumb):
                name = clean(text)
                if name:
                    parsed = urls.parse(link.get("href") or "", self.base)
                    crumbs.append(Breadcrumb(name=name, url=parsed.url if parsed else None))
        if crumbs:
            return crumbs, "breadcrumb"
        listed = self.document.json_ld("BreadcrumbList").get("itemListElement")
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict):
                item = entry.get("item")
                target = item.get("@id") if isinstance(item, dict) else item
                label = entry.get("name") or (item.get("name") if isinstance(item, dict) else None)
                if isinstance(label, str) and clean(label):
                    parsed = urls.parse(target, self.base) if isinstance(target, str) else None
                    crumbs.append(Breadcrumb(name=clean(label), url=parsed.url if parsed else None))
        return crumbs, "json-ld"

    def _authors(self, body: Body) -> tuple[list[Author], str | None]:
        element = self.layout.authors
        if element is not None:
            linked = [clean(text) for _, text in links_of(element)]
            signed = distinct_signatures(linked) or distinct_signatures(_lines(element))
            if signed:
                return [author(name) for name in signed], "author block"
        if body.signatures:
            return signed_by(body.signatures), "signature"
        return [], None

    def _keywords(self) -> tuple[list[str], str | None]:
        tags = self.layout.tags
        named = self.document.meta("keywords") or ""
        check_elements("keywords", named.count(","))
        shown = links_of(tags) if tags is not None else []
        if own := distinct(map(clean, self.document.metas.get("article:tag", []))):
            # A script fills in those that are shown: what the page itself says comes first, whether it has run or not.
            return distinct([*own, *(clean(text) for link, text in shown if self._may_be_tag(link))]), "article:tag"
        for source, values in (("tags", [text for _, text in shown]), ("meta:keywords", named.split(","))):
            if found := distinct(map(clean, values)):
                return found, source
        return [], None

    def _may_be_tag(self, link: Element) -> bool:
        """Whether a link leads to no other page that is known: an element that is not closed holds what follows too."""
        named = urls.parse(link.get("href") or "", self.base)
        return named is not None and named.kind in (urls.Kind.TAG, urls.Kind.OTHER)

    def _body(self, kind: ContentType) -> tuple[ContentType, Body, str | None]:
        """The body, and the kind of page, which an article without text but with captioned pictures shows late."""
        known = self.signatures
        reader = BodyReader(self.base, captions_are_text=kind == "photo", is_live=kind == "live", signatures=known)
        body = reader.read(self.layout.bodies)
        body.clean(known)
        if kind == "article" and not body.chunks and any(image.caption for image in body.images):
            kind = self._took("content_type", "photo", "captions")
            body = BodyReader(self.base, captions_are_text=True, signatures=known).read(self.layout.bodies)
            body.clean(known)
        if kind == "video" and not body.videos:
            for script in self.layout.root.iter("script"):
                reader.read_script(script)
        source = self._text_source()
        for element in self.layout.players[:_MOST_PLAYERS]:
            if self.document.root not in element.iterancestors():
                # It stood in what is hidden.
                continue
            what = players.plays(element)
            media = (
                players.audio(element, self.base)
                if what == "audio" or (what is None and markup.VIDEO_PLAYER not in classes(element))
                else players.video(element, self.base)
            )
            kept = body.videos if what == "video" else body.audios
            if media is not None and all(media.url != one.url for one in (*body.videos, *body.audios)):
                kept.append(media)
        if not body.chunks and self.layout.video_summary is not None:
            body.add_paragraph(plain_text(self.layout.video_summary))
            body.clean(known)
            source = "video__summary"
        return kind, body, source

    def _text_source(self) -> str:
        """By what the text was found: a class name of the Drupal templates, or the older template as a whole."""
        if not self.layout.marks:
            return self.layout.template
        tokens = classes(self.layout.bodies[0]) if self.layout.bodies else ()
        return next((name for name in _TEXT_MARKS if name in tokens), "unmarked text")

    def _boxes(self, body: Body) -> list[tuple[Element, Placement]]:
        inline: list[tuple[Element, Placement]] = [(element, "inline") for element in body.teasers]
        return [*inline, *self.layout.related]


def author(signature: str) -> Author:
    """An author as the author block names one: `Bích Thuận/VOV-Bắc Kinh` is Bích Thuận of VOV-Bắc Kinh."""
    name, _, affiliation = (part.strip() for part in signature.partition("/"))
    return Author(name=name or affiliation, affiliation=(affiliation or None) if name else None, name_raw=signature)


def _lines(element: Element) -> list[str]:
    """The lines of an author block without links, if each is a signature; else its text as one line."""
    parts = outermost(list(element.iter("p"))) or [element]
    lines = [line for part in parts for line in map(clean, text_of(part, line_break="\n").split("\n")) if line]
    return lines if len(lines) > 1 and all("/" in line for line in lines) else [clean(text_of(element))]
