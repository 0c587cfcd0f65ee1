"""Where on a page each field of its record stands: for `scrapy inspect` and `scrapy doctor`, never for a crawl.

The page is read as a crawl reads it, and the places are looked for afterwards: fields by the element or the metadata
that their source names, pictures, links and related articles by their urls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from vovcrawl import urls
from vovcrawl.items import Article, to_plain
from vovcrawl.pages import flat_text, markup
from vovcrawl.pages.article import Located, Reading, read_located
from vovcrawl.pages.document import Element, classes, text_of
from vovcrawl.pages.layout import Layout
from vovcrawl.pages.time_expressions import MOST_EXPRESSIONS, tag
from vovcrawl.text import clean

_ROLES = frozenset(
    (
        *(markup.TITLE, markup.DATE, markup.SUMMARY, markup.AUTHORS, markup.BREADCRUMB, markup.TAGS, markup.TEXT),
        *(markup.TEXT_ROW, markup.LIVE_ENTRY, markup.VIDEO_SUMMARY, markup.VIDEO_PLAYER, markup.RELATED, markup.DETAIL),
        *(markup.ASPNET_TEXT, markup.ASPNET_TAGS, *markup.ASPNET_SUMMARIES, *markup.ASPNET_RELATED),
        *(*markup.SIGNATURES, *markup.LISTINGS),
    )
)
"""Classes by which an element is called rather than by its first one."""

_LONGEST_NAME = 40
"""Characters of an id or class that are shown."""
_STEPS = 4
"""Elements above one without a name that are asked for theirs."""
_LONGEST_ATTRIBUTE = 4000
_MOST_MENTIONS = 20_000
"""Urls in attributes that are looked at; the site's pages have some hundreds."""
_LAST = 100
"""Elements of a text, from its end, in which a signature is looked for."""
_END = 300
"""Characters at an element's end in which a signature is looked for."""

_DERIVED = {
    "id": "canonical_url",
    "url": "url",
    "blocks": "body",
    "time_expressions": "the texts",
    "content_hash": "headline, description, body",
    "in_language": "always so",
    "template": "markup",
    "reader_version": "this program",
    "schema_version": "this program",
    "source": "set by a crawl",
    "warnings": "the reader",
}
"""Fields that are made of others, or of nothing on the page, and what of."""

_OF_PAGE = {"content_type": "no class says otherwise"}
_OF_TEXT = {
    **_OF_PAGE,
    "canonical_url": "text",
    "section": "url",
    "section_name": "menu",
    "authors": "signature",
    "keywords": "tag lines",
    "date_published_raw": "shown",
    "related": "lines below the text",
}
"""Sources of fields for which the readers name none."""

_JSON_KEYS = {
    "headline": "NewsArticle.headline",
    "description": "NewsArticle.description",
    "date_published": "NewsArticle.datePublished",
    "date_modified": "NewsArticle.dateModified",
    "breadcrumbs": "BreadcrumbList.itemListElement",
}

_METAS = {"meta:description": "description", "meta:keywords": "keywords"}


_NOTHING: tuple[Any, ...] = (None, [], {}, "")
"""Values of a field that a page does not give."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a page or text."""

    line: int | None
    """From 1 on; None where the parser does not know it."""
    selector: str
    """An element as CSS would name it (`h1.article-title`), with a key of JSON-LD behind it; of a flat text `text`."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One field of a record, and where it came from."""

    field: str
    value: Any
    """Plain dicts, lists, strings and numbers; one of `_NOTHING` where it is absent."""
    source: str | None
    """As `Reading.sources` names it, or what the field is made of; None where it is absent."""
    places: tuple[Place, ...] = ()
    """In page order; empty where it comes from no place of the page, as a section that the url names."""
    entries: tuple[Place | None, ...] = ()
    """Of a list of pictures, players, links or related articles: the place of each; None where it was not found."""

    @property
    def is_absent(self) -> bool:
        """Whether the page does not give the field."""
        return self.value in _NOTHING


@dataclass(frozen=True, slots=True)
class Traced:
    """A page as it was read, with the places of its fields."""

    reading: Reading
    traces: tuple[Trace, ...]
    """One for each field of the record, in its order."""
    layout: Layout | None = None
    """None of a flat text."""
    has_root: bool = False
    """Whether the article stands in the element that the templates since October 2020 put it in."""

    def of(self, name: str) -> Trace:
        """The trace of a field.

        Raises:
            KeyError: the record has no such field.
        """
        for trace in self.traces:
            if trace.field == name:
                return trace
        raise KeyError(name)


def of_page(html: str | bytes, url: str, charset: str | None = None, *, is_saved: bool = False) -> Traced:
    """A page of any layout, read and traced.

    Args:
        html: the page as served or saved.
        url: the url that answered; empty where only the page itself can tell.
        charset: the encoding that the server declares.
        is_saved: whether it is a page from a file.

    Raises:
        NotAnArticle: the page holds no article; its `reason` says what it is instead.
    """
    located = read_located(html, url, charset)
    if is_saved:
        located.reading.article.source = "archive"
    finder = _Finder(located)
    traces = _traces(located.reading, _OF_PAGE, finder.places, finder.entries)
    return Traced(located.reading, traces, located.layout, located.document.article is located.layout.root)


def of_text(text: str, url: str | None = None, published: datetime | None = None) -> Traced:
    """A text without markup, read and traced; the arguments and the error are those of `parse_text`."""
    reading = flat_text.read(text, url, published)
    article = reading.article
    lines = [clean(line) for line in text.splitlines()]

    def place(words: str | None) -> Place | None:
        number = _line_with(lines, words or "")
        return Place(number, "text") if number is not None else None

    def places(name: str, source: str) -> Iterator[Place]:
        found = map(place, _words_of(article, name))
        yield from dict.fromkeys(one for one in found if one is not None)

    def entries(name: str) -> Iterator[Place | None]:
        if name == "related":
            yield from (place(one.headline or one.description) for one in article.related)

    return Traced(reading, _traces(reading, _OF_TEXT, places, entries))


def _words_of(article: Article, name: str) -> list[str]:
    """What of a field can be looked for in the lines of a text; of the body its first block and its last one."""
    match name:
        case "headline" | "description":
            return [getattr(article, name)]
        case "body":
            blocks = [article.body[block.start : block.end] for block in article.blocks]
            return [*blocks[:1], *blocks[-1:]]
        case "date_published" | "date_published_raw":
            return [article.date_published_raw or ""]
        case "authors":
            return [author.name_raw for author in article.authors]
        case "keywords":
            return article.keywords
    return []


def _line_with(lines: Sequence[str], text: str) -> int | None:
    """The number of the first line that is a text, or else holds it, or else its beginning: an end mark or a signature
    may have been taken off."""
    opening = text[:_LONGEST_NAME]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda line: line == text,
        lambda line: text in line,
        lambda line: opening in line,
    )
    found = (number for test in tests for number, line in enumerate(lines, 1) if test(line))
    return next(found, None) if text else None


def _traces(
    reading: Reading,
    otherwise: Mapping[str, str],
    places: Callable[[str, str], Iterable[Place]],
    entries: Callable[[str], Iterable[Place | None]],
) -> tuple[Trace, ...]:
    """The traces of a reading.

    Args:
        reading: of a page or text, whose time expressions are added to it.
        otherwise: sources of fields for which the reading names none.
        places: gives the places of a field and source.
        entries: gives the places of the entries of a field.
    """
    found: list[Trace] = []
    sources = {**_DERIVED, **otherwise, **reading.sources}
    reading.article.time_expressions = tag(reading.article)[:MOST_EXPRESSIONS]
    for one in fields(Article):
        name = one.name
        value = to_plain(getattr(reading.article, name))
        is_there = value not in _NOTHING
        source = sources.get(name) if is_there else None
        found.append(
            Trace(
                name,
                value,
                source,
                tuple(places(name, source)) if source is not None else (),
                tuple(entries(name)) if is_there else (),
            )
        )
    return tuple(found)


class _Finder:
    """Finds the places of one page."""

    def __init__(self, located: Located) -> None:
        self._document = located.document
        self._layout = located.layout
        self._base = located.base
        self._article = located.reading.article

    def places(self, name: str, source: str) -> Iterator[Place]:
        """Where a field of this source stands."""
        layout = self._layout
        elements: Iterable[Element | None]
        if source in ("og:url", "og:title", "og:description", "og:updated_time", *_METAS) or source.startswith(
            "article:"
        ):
            yield from self._metas(_METAS.get(source, source))
            return
        if source == "json-ld":
            yield from self._linked_data(_JSON_KEYS[name])
            return
        match name, source:
            case _, "canonical link":
                yield from self._canonical_link()
                return
            case _, "title":
                elements = [next(self._document.root.iter("title"), None)]
            case "headline", _:
                elements = [layout.headline]
            case "description", "summary":
                elements = [layout.summary]
            case _, "video__summary":
                elements = [layout.video_summary]
            case ("date_published", "shown") | ("date_published_raw", _):
                elements = [layout.date]
            case "authors", "author block":
                elements = [layout.authors]
            case "authors", _:
                elements = self._signatures()
            case (("breadcrumbs" | "section_name"), "breadcrumb"):
                elements = [layout.breadcrumb]
            case "keywords", _:
                elements = [layout.tags]
            case "content_type", "class":
                elements = [self._of_kind()]
            case "body", _:
                elements = layout.bodies
            case "template", _:
                elements = [layout.root]
            case _:
                elements = []
        yield from (place_of(element) for element in elements if element is not None)

    def entries(self, name: str) -> Iterator[Place | None]:
        """The places of the entries of a list."""
        match name:
            case "images" | "videos" | "audios":
                for media in getattr(self._article, name):
                    element = self._mentions.get(_plain(media.url))
                    yield place_of(element) if element is not None else None
            case "links":
                seen: dict[str, int] = {}
                for link in self._article.links:
                    elements = self._targets.get(link.url, [])
                    number = seen.get(link.url, 0)
                    seen[link.url] = number + 1
                    yield place_of(elements[min(number, len(elements) - 1)]) if elements else None
            case "related":
                for related in self._article.related:
                    element = self._related.get(related.id or related.url or "")
                    yield place_of(element) if element is not None else None

    def _canonical_link(self) -> Iterator[Place]:
        for element in self._document.root.iter("link"):
            if "canonical" in (element.get("rel") or "").lower().split():
                yield Place(_line(element), 'link[rel="canonical"]')
                return

    def _metas(self, name: str) -> Iterator[Place]:
        for element in self._document.root.iter("meta"):
            for attribute in ("property", "name"):
                if (element.get(attribute) or "").lower() == name and element.get("content"):
                    yield Place(_line(element), f'meta[{attribute}="{name}"]')
                    if name != "article:tag":
                        return

    def _linked_data(self, key: str) -> Iterator[Place]:
        last = key.rpartition(".")[2]
        for script in self._document.root.iter("script"):
            if "ld+json" in (script.get("type") or "").lower() and f'"{last}"' in (script.text or ""):
                yield Place(_line(script), f'script[type="application/ld+json"] {key}')
                return

    def _signatures(self) -> Iterator[Element]:
        """The last elements of the text that end in what the authors are signed by."""
        wanted = [author.name_raw for author in self._article.authors]
        within = [element for body in self._layout.bodies for element in body.iter() if isinstance(element.tag, str)]
        for signature in wanted:
            # Of nested elements each holds the text of those within it.
            for element in reversed(within[-_LAST:]):
                if signature in clean(text_of(element)[-_END:]):
                    yield element
                    break

    def _of_kind(self) -> Element | None:
        for element in (self._layout.root, self._document.body):
            if element is not None and any(token in markup.CONTENT_TYPES for token in classes(element)):
                return element
        return None

    @cached_property
    def _mentions(self) -> dict[str, Element]:
        """Elements by the urls in their attributes; those of the text come first."""
        found: dict[str, Element] = {}
        for element, part in islice(self._parts(), _MOST_MENTIONS):
            url = urls.absolute(part, self._base)
            if url is not None:
                found.setdefault(_plain(url), element)
        return found

    def _parts(self) -> Iterator[tuple[Element, str]]:
        """What may be urls in attributes: an attribute may name several pictures."""
        for root in (*self._layout.bodies, self._layout.root, self._document.root):
            for element in root.iter():
                for written in element.attrib.values() if isinstance(element.tag, str) else ():
                    text = str(written)
                    if "/" in text and len(text) <= _LONGEST_ATTRIBUTE:
                        yield from ((element, part) for part in text.replace(",", " ").split())

    @cached_property
    def _targets(self) -> dict[str, list[Element]]:
        """Links of the text by what they lead to."""
        found: dict[str, list[Element]] = {}
        for body in self._layout.bodies:
            for link in body.iter("a"):
                written = (link.get("href") or "").strip()
                article = urls.article(written, self._base)
                for url in dict.fromkeys((written, urls.as_written(written), article.url if article else written)):
                    found.setdefault(url, []).append(link)
        return found

    @cached_property
    def _related(self) -> dict[str, Element]:
        """Links to other articles by id, else by url; those of the text come before those of the boxes."""
        found: dict[str, Element] = {}
        boxes = [box for box, _ in self._layout.related]
        for root in (*self._layout.bodies, *boxes, self._document.root):
            for link in root.iter("a"):
                written = link.get("href") or ""
                article = urls.article(written, self._base)
                key = article.id if article is not None else urls.absolute(written, self._base)
                if key:
                    found.setdefault(key, link)
        return found


def _plain(url: str) -> str:
    """A url without its query, which only sizes a picture."""
    return url.partition("?")[0]


def place_of(element: Element) -> Place:
    """The place of an element."""
    return Place(_line(element), selector_of(element))


def _line(element: Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) and line > 0 else None


def selector_of(element: Element) -> str:
    """A short name of an element as CSS would write it, by its id or class, or else by those of one around it."""
    own = _named(element)
    if own is not None:
        return own
    for number, above in enumerate(element.iterancestors()):
        if number == _STEPS:
            break
        if (name := _named(above)) is not None:
            return f"{name} {element.tag}"
    return str(element.tag)


def _named(element: Element) -> str | None:
    tokens = classes(element)
    known = next((token for token in tokens if token in _ROLES), tokens[0] if tokens else None)
    if known in _ROLES or (known and not element.get("id")):
        return f"{element.tag}.{str(known)[:_LONGEST_NAME]}"
    if written := (element.get("id") or "").strip():
        return f"{element.tag}#{written[:_LONGEST_NAME]}"
    return None
