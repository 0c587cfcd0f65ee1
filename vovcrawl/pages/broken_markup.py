"""Broken markup: how it is noticed, and how a page is mended so that nothing of its article is lost.

Where an end tag stands that closes nothing, or an element is never closed, libxml2 ends the text too early or puts the
rest of the page into a form, a drawing or a table. Such a page is parsed once more by the rules of the HTML standard,
as browsers do. They show what stands after the box of the text as they show what stands in it; so in the mended page
the text goes on to the next part that the templates mark, and ends there, whatever closed too much or too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, takewhile

from selectolax.lexbor import LexborHTMLParser

from vovcrawl.pages import markup
from vovcrawl.pages.document import Document, Element, classes, outermost, text_of
from vovcrawl.pages.errors import PageError
from vovcrawl.text import clean

_MOST_BYTES = 2 * 1024 * 1024
"""Of a page that is mended; the site's have up to 300 KB."""

_RAW_TAGS = ("script", "style", "textarea", "iframe", "title", "xmp", "plaintext", "noembed", "noframes")
"""Elements whose content is no markup."""
_END_IN_RAW = re.compile(rb"</(?:p|div|article|h[1-6]|figure|li)\s*>")
_TAG_IN_RAW = re.compile(r"<(?:p|div|script|style|/div|/p|/article)[\s>]")
_HOLDERS = (
    *("a", "aside", "audio", "blockquote", "button", "center", "dialog", "dl", "fieldset", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "map", "math", "nav", "noscript", "object", "ol", "option"),
    *("section", "select", "svg", "table", "template", "ul", "video"),
)
"""Elements that are read in another way than running text, or not at all."""
_STRUCTURE = frozenset("table tbody thead tfoot tr td th ul ol li dl dt dd".split())
_TEXT_TAGS = ("p", "div", "h2", "h3", "h4", "figure", "ul", "ol", "table", "blockquote")
_OF_PLAYERS = frozenset(("source", "track", "param"))
_TABLES = ("table", "thead", "tbody", "tfoot", "tr")
_OF_TABLES = frozenset(
    (*_TABLES, "td", "th", "caption", "colgroup", "col", "form", "input", "script", "style", "template")
)

_SWALLOWING_VALUE = re.compile(rb"='[^'<>]*+[<>]")


def may_swallow(data: bytes) -> bool:
    """Whether a value of an attribute or a comment may go on over text below the last headline.

    Args:
        data: the page, or the part of it that was parsed.
    """
    start = max(data.rfind(b"<h1"), 0)
    if data.count(b'"', start) & 1 or (data.find(b"'", start) >= 0 and _SWALLOWING_VALUE.search(data, start)):
        return True
    marks = data.count(b"<!", start)
    if marks and not marks == data.count(b"<!--", start) == data.count(b"-->", start):
        return True
    return data.find(b"<?", start) >= 0


def may_miss(document: Document, bodies: list[Element]) -> bool:
    """Whether what holds the text may have been closed too early, or an element in it too late.

    Args:
        document: the page, or the part of it that was parsed.
        bodies: what holds the text, in page order.
    """
    if bodies and _goes_on(bodies[-1]):
        return True
    if any(_holds_strays(table) for body in bodies for table in body.iter(*_TABLES)):
        return True
    if document.is_balanced:
        return False
    data = document.written
    raw = (one for one in document.root.iter(*_RAW_TAGS) if one.text and _TAG_IN_RAW.search(one.text))
    if any(_is_left_open(name, data) for name in {element.tag for element in raw}):
        return True
    if any(_first(body.iter("div", "footer"), _FOOTERS) is not None for body in bodies):
        return True
    left = {one.tag for body in bodies for one in body.iter(*_HOLDERS) if _is_left(one)}
    return any(_is_left_open(name, data) for name in left)


def _holds_strays(table: Element) -> bool:
    """Whether text or cells stand in a table, or in a part of one, where only rows or cells may."""
    allowed = _OF_TABLES if table.tag == "tr" else _OF_TABLES - {"td", "th"}
    return (table.text is not None and not table.text.isspace()) or any(
        child.tag not in allowed or (child.tail is not None and not child.tail.isspace()) for child in table
    )


def _is_left(element: Element) -> bool:
    """Whether running text stands in the last child of an element, as in one that ends where its parent does."""
    return (
        element.getnext() is None
        and not (element.tail and element.tail.strip())
        and next(element.iterdescendants(*_TEXT_TAGS), None) is not None
    )


def _is_left_open(name: str, data: bytes) -> bool:
    """Whether of the elements with this name more begin than end."""
    return len(_start_of(name).findall(data)) > len(_end_of(name).findall(data))


@cache
def _start_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<%s(?=[\s/>])" % name.encode(), re.IGNORECASE)


@cache
def _end_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"</%s(?=[\s/>])" % name.encode(), re.IGNORECASE)


def _may_be_released(child: Element) -> bool:
    """Whether an element may stand in another one because that was left open."""
    parent = child.getparent()
    around = parent.tag if parent is not None else ""
    if around == "figure":
        return child.tag in _TEXT_TAGS and next(child.iter("img"), None) is None
    return child.tag in _TEXT_TAGS or (around not in _STRUCTURE and child.tag not in _OF_PLAYERS)


def _goes_on(body: Element) -> bool:
    """Whether running text follows what holds the text."""
    return any(
        (one.tail and not one.tail.isspace()) or ((after := one.getnext()) is not None and _is_running_text(after))
        for one in (body, body.getparent())
        if one is not None and one.tag == "div"
    )


def _is_running_text(element: Element) -> bool:
    tokens = classes(element)
    if element.tag == "p":
        return markup.SIGNATURES.isdisjoint(tokens)
    return not tokens and next(element.iter("p"), None) is not None


@dataclass(frozen=True, slots=True)
class Mended:
    """A page whose parts hold what a browser shows of them."""

    document: Document
    is_settled: bool
    """Whether nothing had to be guessed."""
    outside: str
    """What stands after the text, without blanks."""


def mended(data: bytes) -> Mended | None:
    """The page, mended; None where that would cost too much, or nothing is marked as an article's text.

    Args:
        data: the whole page in UTF-8.
    """
    if len(data) > _MOST_BYTES or _is_costly(data):
        return None
    start = max(data.rfind(b"<h1"), 0)
    kept = _without_swallowing(data[start:])
    html = LexborHTMLParser(data[:start] + _with_ends_of_tables(kept)).html
    try:
        document = Document.of(html) if html else None
    except PageError:
        return None
    return _Mender(document, data, kept == data[start:]).mend() if document is not None else None


_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)")
_NOT_NESTED = frozenset(
    b"area base br col dd dt embed hr img input li link meta option p path source tbody td th thead tr wbr".split()
)
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
_MOST_STEPS, _MOST_REOPENED = 100_000_000, 500_000
"""Looks up what is open, at 5 ns each, and elements of formatting that are opened again in each block."""


def _is_costly(data: bytes) -> bool:
    """Whether the rules of the standard might take long: they ask at each tag what is open, and in each block they open
    anew what was left open of bold and italic text."""
    steps = reopened = depth = formatting = 0
    for is_end, written in _TAG.findall(data):
        name = written.lower()
        steps += depth
        reopened += formatting
        if name in _FORMATTING:
            formatting = max(0, formatting - 1) if is_end else formatting + 1
        if name not in _NOT_NESTED:
            depth = max(0, depth - 1) if is_end else depth + 1
    return steps > _MOST_STEPS or reopened > _MOST_REOPENED


_TAG_IN_TAG = re.compile(rb"<(?:[a-zA-Z][a-zA-Z0-9]*+\s*+|[?!][^<>]*+)?+(?=<[a-zA-Z/])")
"""The beginning of a tag, a section or an instruction in which another tag begins."""
_OPEN_VALUE = re.compile(rb"""(<[a-zA-Z](?:[^<>"']|"[^"<>]*+"|'[^'<>]*+')*+(["'])[^"'<>]*+)(?=>[^"'<]*+<)""")
"""A tag with a value whose quotation mark is not closed before markup begins."""
_RAW_START = re.compile(rb"<(%s|select)(?=[\s/>])[^>]*+>" % "|".join(_RAW_TAGS).encode(), re.IGNORECASE)
_MOST_SWALLOWING = 50
"""Elements without an end that are looked for in a page."""
_CODE = re.compile(rb"<(script|style)(?=[\s>])", re.IGNORECASE)


def _without_swallowing(data: bytes) -> bytes:
    """A part of a page without the marks from which on a tag, a value, a comment or a script takes in the text."""
    data = _replaced(data, _open_raw_elements(data))
    data = _replaced(data, _open_comments(data))
    pieces: list[bytes] = []
    position = 0
    for start, end in (*_codes(data), (len(data), len(data))):
        pieces += (_OPEN_VALUE.sub(rb"\1\2", _TAG_IN_TAG.sub(b"", data[position:start])), data[start:end])
        position = end
    return b"".join(pieces)


def _codes(data: bytes) -> Iterator[tuple[int, int]]:
    """Where scripts and styles begin and end; the last one may go on to the end of the data."""
    position = 0
    while (match := _CODE.search(data, position)) is not None:
        end = _end_of(match[1].decode().lower()).search(data, match.end())
        position = end.start() if end is not None else len(data)
        yield match.start(), position


def _open_comments(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where comments begin that do not end before the next one begins."""
    start = data.find(b"<!--")
    while start >= 0:
        after = data.find(b"<!--", start + 4)
        if data.find(b"-->", start + 2, after if after >= 0 else len(data)) < 0:
            yield start, start + 4, b""
        start = after


def _open_raw_elements(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where elements whose content is no markup begin without an end of their own."""
    found = position = 0
    while found < _MOST_SWALLOWING and (match := _RAW_START.search(data, position)) is not None:
        name, start = match[1].lower(), match.end()
        end = _end_of(name.decode()).search(data, start)
        position = end.start() if end is not None else len(data)
        # Scripts may write markup of their own.
        is_open = name != b"script" or data.find(b"<script", start, position) >= 0
        if end is None or (is_open and _END_IN_RAW.search(data, start, position)):
            code_end = data.find(b"<", start) if name in (b"script", b"style") else start
            yield match.start(), max(code_end, start), b""
            found, position = found + 1, start


_OF_TABLE = re.compile(rb"<(/?)(table|tr|thead|tbody|tfoot)(?=[\s/>])[^>]*+>", re.IGNORECASE)


def _with_ends_of_tables(data: bytes) -> bytes:
    """A part of a page in which a table that is never closed ends with its last row, or is none where it has no row.

    Browsers show what follows such a table above it.
    """
    opened: list[tuple[int, int]] = []
    last_row: list[int] = []
    for match in _OF_TABLE.finditer(data):
        if match[2].lower() != b"table":
            if match[1] and opened:
                last_row[-1] = match.end()
        elif not match[1]:
            opened.append(match.span())
            last_row.append(0)
        elif opened:
            opened.pop()
            last_row.pop()
    edits = ((end, end, b"</table>") if end else (*tag, b"") for tag, end in zip(opened, last_row, strict=True))
    return _replaced(data, sorted(edits))


def _replaced(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The data with other bytes in the place of some, each by its start and end, in their order."""
    pieces: list[bytes] = []
    position = 0
    for start, end, other in edits:
        pieces += (data[position:start], other)
        position = end
    return b"".join((*pieces, data[position:]))


_TEXTS = (
    frozenset((markup.LIVE_ENTRY,)),
    frozenset((markup.TEXT,)),
    frozenset((markup.TEXT_ROW,)),
    frozenset((markup.ASPNET_TEXT_ID, markup.ASPNET_TEXT, markup.OLD_TEXT)),
    frozenset((markup.COLUMN,)),
)
"""What marks the text; the first that a page has."""
_ABOVE = frozenset((markup.BREADCRUMB, markup.TITLE, markup.DATE, markup.SUMMARY))
_BELOW = frozenset((markup.AUTHORS, "article__author", "cms-author", markup.TAGS, markup.ASPNET_TAGS))
_RELATED = frozenset((markup.RELATED, *markup.ASPNET_RELATED))
_FOOTERS = frozenset(("vovvn-footer", "footer"))
_AFTER_ARTICLE = _RELATED | _FOOTERS
_PARTS = _ABOVE.union(_BELOW, *_TEXTS)
_BOXES = ("div", "section", "article", "aside", "footer", "ol", "ul", "span")
"""Elements that hold a part of a page: in the text, paragraphs have some of the same classes."""
_MOST_PARTS = 50
"""Parts of one kind that are looked after; pages have one or two."""
_IN_TEXT = frozenset(("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "figure", "blockquote", "table", "img", "picture"))
_CLASSES_IN_TEXT = markup.TEASERS | markup.MEDIA_BOXES | markup.QUOTES | markup.NOISE | frozenset(markup.PLAYERS)
_SHOWN = ("img", "video", "audio", "iframe")


class _Mender:
    """Gives each part of a page what belongs to it, in the tree that a browser builds."""

    def __init__(self, document: Document, data: bytes, is_settled: bool) -> None:
        self._document = document
        self._data = data
        self._is_settled = is_settled
        self._is_left_open: dict[str, bool] = {}

    def mend(self) -> Mended | None:
        root, article = self._document.root, self._document.article
        if article is not None:
            self._gather_parts(article)
        texts = next(filter(None, (_marked(root if article is None else article, names) for names in _TEXTS)), [])
        if not texts:
            return None
        for text, after in zip(texts, [*texts[1:], None], strict=True):
            self._mend_text(text, after)
        for part in _marked(root, _BELOW | {markup.SUMMARY})[:_MOST_PARTS]:
            stop = _first(part.iterdescendants(*_BOXES), _BELOW | _AFTER_ARTICLE)
            if stop is not None:
                _cut(part, stop)
            if not _has_words(part):
                self._take_while(part, lambda one: _names(one).isdisjoint(_ABOVE | _BELOW | _AFTER_ARTICLE))
        for box in _marked(root, _RELATED)[:_MOST_PARTS]:
            self._take_while(box, _is_card)
        outside = clean(" ".join(map(text_of, _following(texts[-1]))))
        return Mended(self._document, self._is_settled, outside.replace(" ", ""))

    @staticmethod
    def _gather_parts(article: Element) -> None:
        """Moves into the article what stands between it and the related articles, where that holds a part of it."""
        stop: Element | None = None
        holds_part = False
        for one in chain.from_iterable(after.iter(*_BOXES) for after in _following(article)):
            names = _names(one) if one.keys() else frozenset()
            if not names.isdisjoint(_PARTS):
                holds_part, stop = True, None
            elif stop is None and not names.isdisjoint(_AFTER_ARTICLE):
                stop = one
            if not names.isdisjoint(_FOOTERS):
                break
        if holds_part:
            article.extend(list(_following(article) if stop is None else _between(article, stop)))

    def _mend_text(self, text: Element, next_text: Element | None) -> None:
        stop = next_text if next_text is not None else _next_part(text)
        if stop is None:
            self._is_settled = False
        elif next_text is None and any(above is text for above in stop.iterancestors()):
            _cut(text, stop)
        else:
            for one in list(_between(text, stop)):
                self._take_in(text, one)
        self._release(text)

    def _take_in(self, text: Element, one: Element) -> None:
        """Moves what stands between a text and the next part to the end of that text, if it may belong there."""
        tokens = classes(one)
        if one.tag == "figcaption" and len(text) and text[-1].tag == "figure":
            text[-1].append(one)
        elif one.tag in _IN_TEXT or not _CLASSES_IN_TEXT.isdisjoint(tokens) or (not tokens and _has_words(one)):
            text.append(one)
        elif next(one.iter("p"), None) is not None and _has_words(one):
            self._is_settled = False

    def _release(self, text: Element) -> None:
        """Takes out of the elements that were never closed what a browser shows below them."""
        for holder in list(text.iter(*_HOLDERS)):
            if holder is text or not _is_left(holder):
                continue
            name = holder.tag
            if name not in self._is_left_open:
                self._is_left_open[name] = _is_left_open(name, self._data)
            if not self._is_left_open[name]:
                continue
            inner = holder
            while (
                inner.tag in _STRUCTURE
                and len(inner)
                and inner[-1].tag in _STRUCTURE
                and not (inner[-1].tail or "").strip()
            ):
                inner = inner[-1]
            first = next(filter(_may_be_released, inner), None)
            if first is None:
                continue
            place = holder
            for child in [first, *first.itersiblings()]:
                place.addnext(child)
                place = child
            parent = holder.getparent()
            if parent is not None and not _has_words(holder) and next(holder.iter(*_SHOWN), None) is None:
                parent.remove(holder)

    @staticmethod
    def _take_while(box: Element, belongs: Callable[[Element], bool]) -> None:
        for one in list(_following(box)):
            if belongs(one):
                box.append(one)
            elif one.tag not in ("script", "style"):
                return


def _is_card(element: Element) -> bool:
    """Whether an element is a card of an article, or a box without a name around some."""
    tokens = classes(element)
    if tokens:
        return not markup.CARDS.isdisjoint(tokens)
    return _first(element.iterdescendants(*_BOXES), markup.CARDS) is not None


def _names(element: Element) -> frozenset[str]:
    """The classes of an element, and its id or what ends that of a control: `ctl00_mContent_lbBody`."""
    return frozenset((*classes(element), (element.get("id") or "").rpartition("_")[2]))


def _first(elements: Iterable[Element], names: frozenset[str]) -> Element | None:
    return next((one for one in elements if one.keys() and not _names(one).isdisjoint(names)), None)


def _marked(root: Element, names: frozenset[str]) -> list[Element]:
    """The boxes in `root` with one of these names, none within another."""
    return outermost([one for one in root.iter(*_BOXES) if one.keys() and not _names(one).isdisjoint(names)])


def _has_words(element: Element) -> bool:
    return any(not str(text).isspace() for text in element.itertext())


def _following(element: Element) -> Iterator[Element]:
    """What stands after an element, each as a whole."""
    node: Element | None = element
    while node is not None:
        yield from node.itersiblings()
        node = node.getparent()


def _next_part(text: Element) -> Element | None:
    """What comes first after the beginning of a text: the authors or tags, or else the related articles, or the footer.

    Among the paragraphs there may be boxes of related articles.
    """
    related: Element | None = None
    for one in (*text.iterdescendants(*_BOXES), *(part for after in _following(text) for part in after.iter(*_BOXES))):
        names = _names(one) if one.keys() else frozenset()
        if not names.isdisjoint(_BELOW):
            return one
        if not names.isdisjoint(_FOOTERS):
            return related if related is not None else one
        if related is None and not names.isdisjoint(_RELATED):
            related = one
    return related


def _between(element: Element, stop: Element) -> Iterator[Element]:
    """What stands between the end of an element and the beginning of a later one, each as a whole."""
    around = {stop, *stop.iterancestors()}
    for one in _following(element):
        if one not in around:
            yield one
            continue
        while one is not stop:
            for child in one:
                if child in around:
                    one = child
                    break
                yield child
        return


def _cut(element: Element, stop: Element) -> None:
    """Ends an element before one that stands in it; what follows there stands after it."""
    path = [stop, *takewhile(lambda above: above is not element, stop.iterancestors())]
    place = element
    for one in [stop, *(after for within in path for after in within.itersiblings())]:
        place.addnext(one)
        place = one
