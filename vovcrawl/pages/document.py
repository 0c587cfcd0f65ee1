"""A page parsed once: its tree, and what its head says, gathered in one pass."""

from __future__ import annotations

import html as html_entities
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, html_to_unicode

from vovcrawl.pages import markup
from vovcrawl.pages.bounds import MOST_ATTRIBUTES_OF_ONE, check_linked_data, check_markup, check_page
from vovcrawl.pages.errors import PageError, Reason
from vovcrawl.pages.parser_thread import in_parser_thread

Element = etree._Element

BLOCK_TAGS = frozenset(
    "address applet area article aside audio base blockquote body button canvas caption center col colgroup dd details "
    "dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup "
    "hr html iframe input legend li link listing main map marquee math menu meta nav noembed noframes noscript object "
    "ol optgroup option p param plaintext pre script search section select source style summary svg table tbody td "
    "template textarea tfoot th thead title tr track ul video xmp".split()
)
"""Elements that begin a block of their own; every other one, known or made up, runs on within a line.

libxml2 puts what follows `wbr` and `embed` inside them, so they are as transparent as a `span`."""

_LOST = "\ufffd"
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")

_LONGEST_CLASS = 200
"""Characters of a class attribute whose tokens are remembered."""

_MOST_CLASSES = 100
"""Classes of one element that are read; the site's have up to 20. Some elements are asked again and again."""

LONGEST_LABEL = 2000
"""Characters of the text of a link that is a name, a tag or a signature."""

_SILENT = frozenset("script style noscript template svg textarea select iframe object dialog".split())


DEEPEST = 255
"""Elements within each other that a page may end in: where there are more libxml2 drops the rest. The site's pages have
20."""

_FEW_BYTES = 256 * 1024
"""Bytes of a page that cannot hold so many attributes that their number would matter, but in very long tags."""

_STEP = 8 * 1024
"""Bytes between the places where a long tag is looked for, and half of what is looked at there. Building the tree takes
1 ns times the square of an element's attributes: a tag that is not met costs 20 ms at most."""

_VALUE = rb"""(?: "[^"]*+"?+ | '[^']*+'?+ | [^\s>]*+ )"""
_ATTRIBUTE = rb"""(?: [\s/]*+ [^\s/>][^\s/>=]*+ (?: \s*+ = \s*+ %s )?+ )""" % _VALUE
# From a place within a tag: a name or what is left of it, or else, after the mark that closes a value, the next one.
_LONG_TAG_WITHIN = re.compile(
    rb"(?: [^\s/>=]*+ \s*+ = \s*+ %s )?+ %s{%d}" % (_VALUE, _ATTRIBUTE, 2 * MOST_ATTRIBUTES_OF_ONE), re.VERBOSE
)
_LONG_TAG = re.compile(rb"%s{%d}" % (_ATTRIBUTE, 2 * MOST_ATTRIBUTES_OF_ONE), re.VERBOSE)
# Encodings of host names, whose decoders take the square of the length.
_NOT_OF_PAGES = frozenset({"punycode", "idna"})


_JSON = json.JSONDecoder(strict=False)
_LINKED_DATA = "application/ld+json"


def may_have_many_attributes(data: bytes) -> bool:
    """Whether one of some places lies in what could be a tag of hundreds of attributes; also in much prose or code."""
    for place in range(0, len(data), _STEP):
        end = place + 2 * _STEP
        if _LONG_TAG_WITHIN.match(data, place, end):
            return True
        for mark in (b'"', b"'"):
            closed = data.find(mark, place, end)
            if closed >= 0 and _LONG_TAG.match(data, closed + 1, end):
                return True
    return False


def parse(html: str | bytes, charset: str | None = None) -> Element | None:
    """The root of the page's tree, or None for a page without any element.

    Raises:
        PageError: OVERSIZED, see `vovcrawl.pages.bounds`.
    """
    return tree(as_utf8(html, charset))


def as_utf8(html: str | bytes, charset: str | None = None) -> bytes:
    """The page in UTF-8, without NULs.

    Bytes are read as UTF-8, which the site declares, or else by the encoding that the server (`charset`) or the page
    itself declares. What no encoding reads becomes U+FFFD.

    Raises:
        PageError: OVERSIZED, see `vovcrawl.pages.bounds`.
    """
    if isinstance(html, bytes):
        try:
            html.decode("utf-8")
            data = html
        except UnicodeDecodeError:
            data = _decoded(html, charset).encode("utf-8", "replace")
    else:
        data = html.encode("utf-8", "replace")
    check_page(data)
    return data.replace(b"\0", b"") if b"\0" in data else data


def tree(data: bytes) -> Element | None:
    """The root of the tree of a page as `as_utf8` gives it, or None where there is no element.

    Raises:
        PageError: OVERSIZED, see `vovcrawl.pages.bounds`; also for a page that is too deep.
    """
    return _tree_and_flaws(data)[0]


def _tree_and_flaws(data: bytes) -> tuple[Element | None, bool]:
    """As `tree`, and whether tags of the page have no partner."""
    root, has_flaws = in_parser_thread(partial(_checked, data), len(data))
    if root is not None and _depth_at_the_end(root) > DEEPEST:
        raise PageError(Reason.OVERSIZED, f"more than {DEEPEST} elements within each other")
    return root, has_flaws


def part_tree(data: bytes) -> Element | None:
    """The root of the tree of a part of a page; None where there is no element, or where only the whole page can be
    judged: it is not UTF-8, has tags without a partner, or might cost more than a page may.

    Whoever has the part sees whether it was cut for its depth.
    """
    return None if _is_doubtful(data) else in_parser_thread(partial(_valid, data), len(data))


def _is_doubtful(data: bytes) -> bool:
    """Whether parsing might cost more than a page may."""
    return len(data) > _FEW_BYTES or may_have_many_attributes(data)


def _checked(data: bytes, parser: etree.HTMLParser) -> tuple[Element | None, bool]:
    if _is_doubtful(data):
        check_markup(data)
    root = _parsed(data, parser)
    return root, any(_is_flaw(error, data) for error in parser.error_log)


def _valid(data: bytes, parser: etree.HTMLParser) -> Element | None:
    root = _parsed(data, parser)
    for error in parser.error_log:
        if error.type == etree.ErrorTypes.ERR_INVALID_ENCODING or _is_flaw(error, data):
            return None
    return root


_INLINE_NAME = rf"(?!(?:{'|'.join(sorted(BLOCK_TAGS))})$)[a-z0-9:-]+$"
_HARMLESS = re.compile(
    rf"Unexpected end tag : (?:p$|{_INLINE_NAME})|Opening and ending tag mismatch: \S+ and {_INLINE_NAME}"
)
"""Flaws after which the text stands where a browser shows it: links, emphasis and empty paragraphs."""
_TAG_IN_TAG = re.compile(rb"<[a-zA-Z][^<>]*+<")


def _is_flaw(error: etree._LogEntry, data: bytes) -> bool:
    """Whether libxml2 met a tag without its partner, so that text may stand where no browser shows it."""
    if error.type != etree.ErrorTypes.ERR_TAG_NAME_MISMATCH:
        return False
    return _HARMLESS.match(error.message) is None or _TAG_IN_TAG.search(data) is not None


def _parsed(data: bytes, parser: etree.HTMLParser) -> Element | None:
    try:
        root: Element | None = etree.fromstring(data, parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


def _depth_at_the_end(root: Element) -> int:
    """How deep the last element of a page stands; in a page that was cut for its depth, deeper than any other."""
    depth = 1
    while len(root):
        root = root[-1]
        depth += 1
    return depth


def _decoded(html: bytes, charset: str | None) -> str:
    """Bytes that are not UTF-8 throughout, by what is declared, unless most of them are UTF-8 all the same.

    A declared encoding of one byte a letter reads anything, so that one broken byte would cost every other letter.
    """
    as_utf8 = html.decode("utf-8", "replace")
    broken = as_utf8.count(_LOST)
    if broken < sum(map(len, _BEYOND_ASCII.findall(as_utf8))) - broken:
        return as_utf8
    if not _NOT_OF_PAGES.isdisjoint((charset, html_body_declared_encoding(html))):
        return as_utf8
    for declared in (f"text/html; charset={charset}" if charset else None, None):
        try:
            text = html_to_unicode(declared, html)[1]
        except (LookupError, UnicodeError):
            # Some of the encodings that can be declared are none of text.
            continue
        if _LOST not in text:
            return text
    return as_utf8


def damages(headline: str, description: str | None, body: str) -> list[str]:
    """Warnings of texts in which U+FFFD stands for what could not be decoded, here or before."""
    named = (("damaged:headline", headline), ("damaged:description", description), ("damaged:body", body))
    return [warning for warning, text in named if text and _LOST in text]


def classes(element: Element) -> Sequence[str]:
    """The element's class tokens, the first `_MOST_CLASSES` of a long attribute."""
    value = element.get("class")
    if not value:
        return ()
    return _tokens(value) if len(value) <= _LONGEST_CLASS else value.split(None, _MOST_CLASSES)[:_MOST_CLASSES]


@lru_cache(maxsize=4096)
def _tokens(value: str) -> tuple[str, ...]:
    """The same few hundred class attributes stand on every page."""
    return tuple(value.split())


def text_of(element: Element, line_break: str = " ") -> str:
    """The text a reader sees in the element, uncleaned; the edge of a block is a blank, a line break `line_break`."""
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    _gather(element, parts, line_break)
    return "".join(parts)


def links_of(element: Element) -> list[tuple[Element, str]]:
    """The links in `element`, in page order, each with its text as `text_of` gives it, up to `LONGEST_LABEL`.

    Links may stand within each other; what one holds is not gathered again for those around it.
    """
    links = list(element.iter("a"))
    texts: dict[Element, str] = {}
    for link in reversed(links):
        parts: list[str] = []
        _gather(link, parts, " ", texts)
        texts[link] = "".join(parts)[:LONGEST_LABEL]
    return [(link, texts[link]) for link in links]


def _gather(element: Element, parts: list[str], line_break: str, known: dict[Element, str] | None = None) -> None:
    if text := element.text:
        parts.append(text)
    for child in element:
        tag = child.tag
        if tag == "br":
            parts.append(line_break)
        elif isinstance(tag, str) and tag not in _SILENT:
            if known and child in known:
                parts.append(known[child])
            elif tag not in BLOCK_TAGS:
                _gather(child, parts, line_break, known)
            else:
                parts.append(" ")
                _gather(child, parts, line_break, known)
                parts.append(" ")
        if tail := child.tail:
            parts.append(tail)


def empty(element: Element) -> None:
    """Takes away all that an element holds and what it is; what follows it stays where it was."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # lxml-stubs does not know it.
    element.tag = "span"


def outermost(elements: list[Element]) -> list[Element]:
    """`elements` in page order, without those that stand inside another one of them."""
    if len(elements) < 2:
        return elements
    own = dict.fromkeys(elements)
    # Whether those above stand in one of the elements, or are one: most elements have the same above them.
    inside: dict[Element, bool] = {}
    found: list[Element] = []
    for element in own:
        path: list[Element] = []
        answer = False
        for above in element.iterancestors():
            if above in own or above in inside:
                answer = above in own or inside[above]
                break
            path.append(above)
        if path:
            inside.update(dict.fromkeys(path, answer))
        if not answer:
            found.append(element)
    return found


METAS = frozenset(
    (
        *("og:url", "og:title", "og:description", "og:updated_time", "description", "keywords"),
        *("article:published_time", "article:modified_time", "article:tag"),
    )
)
"""The `meta` elements that are read."""


class Incomplete(Exception):
    """Raised where something is looked for that could stand outside the part of a page that was parsed."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card of an article with a headline and a lead, of which nothing is cleaned yet."""

    href: str
    headline: str
    lead: str


class _Script:
    """A script of JSON-LD."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def objects(self) -> list[dict[str, Any]] | None:
        """Its objects, those of a graph included; None where it cannot be read."""
        try:
            values = [_JSON.decode(self.text)]
        except (ValueError, RecursionError):
            try:
                values = _lenient(self.text)
            except (ValueError, RecursionError):
                return None
        found: list[dict[str, Any]] = []
        for value in values:
            for node in value if isinstance(value, list) else [value]:
                if isinstance(node, dict):
                    graph = node.get("@graph")
                    members = graph if isinstance(graph, list) else [graph if isinstance(graph, dict) else node]
                    found += (member for member in members if isinstance(member, dict))
        return found


# What systems and editors put around JSON in a script: the marks of a section, of a comment, a semicolon.
_AROUND_JSON = re.compile(r"(?:[\s\ufeff;,]++|//|/\*|\*/|<!\[CDATA\[|\]\]>|<!--|-->)*+")
# A comma before a closing bracket. Strings are matched, so that none within them is taken for one.
_JSON_COMMA = re.compile(r'("(?:[^"\\]++|\\.)*+"?+)|,(?=\s*+[}\]])', re.DOTALL)
_MOST_VALUES = 50
"""Values that stand after each other in one script."""


def _lenient(text: str) -> list[Any]:
    """The values of a script that is JSON but for what stands around and between them.

    Raises:
        ValueError: it is something else.
    """
    if "&quot;" in text and '"' not in text:
        text = html_entities.unescape(text)
    text = _JSON_COMMA.sub(lambda match: match[1] or "", text)
    values: list[Any] = []
    position = 0
    while True:
        around = _AROUND_JSON.match(text, position)
        position = around.end() if around is not None else position
        if position == len(text):
            return values
        if len(values) == _MOST_VALUES:
            raise ValueError
        value, position = _JSON.raw_decode(text, position)
        values.append(value)


def _is_linked_data(script: Element) -> bool:
    written = script.get("type") or ""
    return written == _LINKED_DATA or written.partition(";")[0].strip().lower() == _LINKED_DATA


def _is_kind(named: object, kind: str) -> bool:
    """Whether a type is named `kind`, with or without the vocabulary that has it: `schema:NewsArticle`."""
    return isinstance(named, str) and (named == kind or named.endswith((f"/{kind}", f":{kind}", f"#{kind}")))


@dataclass
class Document:
    """A parsed page and its metadata."""

    root: Element
    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents of the `meta` elements that are read, by their lower-cased `property` or `name`, in page order."""
    canonical: str | None = None
    title: str | None = None
    base: str | None = None
    """What the page says that its relative urls are relative to."""
    left_out: list[str] | None = None
    """The JSON-LD scripts that were not parsed with the rest; None where the tree is that of the whole page."""
    cards: list[Card] = field(default_factory=list)
    """The cards of related articles that were not parsed with the rest."""
    written: bytes = b""
    """What the tree was built of."""
    has_flaws: bool = False
    """Whether libxml2 has met tags without a partner."""
    is_balanced: bool = False
    """Whether it is known that each element of it has an end tag."""
    has_unread_json_ld: bool = False
    """Whether JSON-LD was looked at that could not be read."""

    @classmethod
    def of(cls, html: str | bytes, charset: str | None = None) -> Document | None:
        """The page, or None where there is not a single element; `charset` is the encoding that the server declares.

        Raises:
            PageError: as `parse` says.
        """
        data = as_utf8(html, charset)
        root, has_flaws = _tree_and_flaws(data)
        if root is None:
            return None
        document = cls.with_root(root)
        document.written, document.has_flaws = data, has_flaws
        return document

    @classmethod
    def with_root(cls, root: Element) -> Document:
        """The page whose tree has this root."""
        document = cls(root)
        document.gather()
        return document

    def gather(self) -> None:
        """Adds what the tree says of the page.

        All of it is looked through: an element that is none of a head closes it, and what follows stands in the body.
        """
        for element in self.root.iter("meta", "link", "title", "base"):
            tag = element.tag
            if tag == "meta":
                name = (element.get("property") or element.get("name") or "").lower()
                if name in METAS and (content := element.get("content")):
                    self.metas.setdefault(name, []).append(content)
            elif tag == "title":
                if self.title is None and next(element.iterancestors("svg"), None) is None:
                    self.title = text_of(element)
            elif tag == "base":
                self.base = self.base or element.get("href")
            elif self.canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                self.canonical = element.get("href")

    def need_whole(self) -> None:
        """Says that what follows looks at all of the page.

        Raises:
            Incomplete: only a part of it was parsed.
        """
        if self.left_out is not None:
            raise Incomplete

    @cached_property
    def body(self) -> Element | None:
        """The `body` element."""
        return self.root.find("body")

    @cached_property
    def article(self) -> Element | None:
        """The element in which the templates since October 2020 put the page's article."""
        return next((element for element in self.root.iter("article") if markup.DETAIL in classes(element)), None)

    def meta(self, name: str) -> str | None:
        """The first content of a `meta` element, or None."""
        values = self.metas.get(name)
        return values[0] if values else None

    @cached_property
    def _linked_data(self) -> list[_Script]:
        scripts = [script for script in self.root.iter("script") if script.text and _is_linked_data(script)]
        texts = [script.text or "" for script in scripts]
        if self.left_out is not None:
            if any(above is None or above.tag != "head" for above in (script.getparent() for script in scripts)):
                # Which of them is the first is not known.
                raise Incomplete
            texts += self.left_out
        check_linked_data(texts)
        return [_Script(text) for text in texts]

    def json_ld(self, kind: str) -> dict[str, Any]:
        """The first of the page's JSON-LD objects whose `@type` is `kind`; empty where there is none to be read.

        Raises:
            PageError: OVERSIZED, see `vovcrawl.pages.bounds`.
        """
        for script in self._linked_data:
            # Reading what does not name the type would cost more than all the rest.
            if kind in script.text:
                if script.objects is None:
                    self.has_unread_json_ld = True
                    continue
                for node in script.objects:
                    named = node.get("@type")
                    if named == kind or any(
                        _is_kind(name, kind) for name in (named if isinstance(named, list) else [named])
                    ):
                        return node
        return {}

    @cached_property
    def news_article(self) -> dict[str, Any]:
        """The JSON-LD description of the article, or an empty one."""
        for kind in ("NewsArticle", "Article", "LiveBlogPosting", "VideoObject", "PodcastEpisode"):
            if node := self.json_ld(kind):
                return node
        return {}
