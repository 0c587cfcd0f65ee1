"""The part of a page that its article is read from: the head, the article itself and the related articles under it.

To parse the rest takes longer than to read the article. It is left out only where that provably changes nothing: where
it is plain markup (see `vovcrawl.pages.plain_markup`), where the parser, given the part alone, comes out of the article
as it went in, and where nothing left out is looked at. On any doubt the whole page is parsed.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from vovcrawl.pages import markup, plain_head
from vovcrawl.pages.bounds import is_oversized
from vovcrawl.pages.document import Card, Element, classes
from vovcrawl.pages.plain_head import Head
from vovcrawl.pages.plain_markup import NotPlain, Passage, text

_MARK = f"x-{secrets.token_hex(8)}"
"""The element that stands at each cut; no page can know its name."""

_MARKED = b"<%s></%s>" % (_MARK.encode(), _MARK.encode())
_RELATED = markup.RELATED.encode()
_BODY = re.compile(rb'<body(?: [a-z-]+="[^"<>]*+")*+>')
_AROUND = frozenset((b"div", b"section", b"main", b"header"))
"""What an article stands in. The parser puts it into the header where that has a `div` too few closed."""

_REWRITTEN = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""What the parser does not leave in a script as it stands there."""

_BLANKS = rb"[ \t\n\r]*+"


def _written(pattern: bytes) -> re.Pattern[bytes]:
    """Markup as the site writes it: `~` stands for any blanks, the line breaks of the pattern for none."""
    return re.compile(pattern.replace(b"\n", b"").replace(b"~", _BLANKS))


_BOX = _written(rb'<div class="%s">~<h2 class="vovvn-title">[^<]*+</h2>' % _RELATED)
_END = _written(rb"</body>~</html>~")
_BETWEEN = _written(rb"(?:[ \t\n\r]++|<style>[^<\x80-\xff]*+</style>)*+")
_PICTURE = rb"""<picture>~
(?:<source media="[^"<>\x80-\xff]*+" srcset="[^"<>\x80-\xff]*+">~)*+
<img src="[^"<>\x80-\xff]*+" loading="lazy" alt="%s" class="[a-z0-9 -]*+">~</picture>~"""
_ICON = rb'(?:<i class="has-media-icon[a-z0-9 -]*+"></i>~)?+'
# Both cards say the same: of the one for narrow screens nothing is needed.
_CARDS = _written(
    rb"""<div class="article-media media(?: d-none| d-lg-flex)*+">~
<a class="vovvn-title(?: position-relative| flex-shrink-0)*+" href="(?P<href>[^"<>&\x00-\x20\x7f-\xff]++)">~
%(picture)s</a>~
<div class="media-body(?: flex-grow-1)?+">~<a class="vovvn-title" href="(?P=href)">~
<h5 class="media-title">~(?P=headline)~%(icon)s</h5>~</a>~
<p class="mt-2">(?P<lead>[^<&\x00-\x08\x0b-\x1f]++)</p>~</div>~</div>~
<div class="article-card card(?: border-0| bg-transparent| d-flex| d-lg-none)*+">~
<a class="vovvn-title(?: position-relative)?+" href="(?P=href)">~
%(same_picture)s</a>~
<div class="card-body(?: p-0)?+">~<a class="vovvn-title" href="(?P=href)">~
<h3 class="~card-title">~(?P=headline)~%(icon)s</h3>~</a>~
<p class="mt-2">(?P=lead)</p>~</div>~</div>"""
    % {
        b"picture": _PICTURE % rb'(?P<headline>[^"<>&\x00-\x08\x0b-\x1f]++)',
        b"same_picture": _PICTURE % rb"(?P=headline)",
        b"icon": _ICON,
    }
)
_MOST_CARDS = 50
_WORDS = re.compile(r"(?:[^A-Za-z0-9]*+[A-Za-z0-9]){8}")
"""So many letters are more than a lead's prefix alone."""
_LONGEST_HEADLINE, _LONGEST_LEAD = 500, 1500


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A shorter page that reads the same."""

    html: bytes
    around: list[str]
    """Names of the elements that the article stands in, innermost first."""
    linked_data: list[str]
    """The JSON-LD scripts that were left out."""
    head: Head | None
    """What the head says, if it was left out."""
    cards: list[Card]
    """The cards of the box of related articles, if it was left out."""
    has_box: bool
    """Whether it was not."""

    def shows(self, root: Element, article: Element) -> bool:
        """Whether the parser went through the excerpt as it would go through the page.

        Args:
            root: the tree of `html`.
            article: the element that is taken for the article.
        """
        before, after = article.getprevious(), article.getnext()
        if before is None or after is None or article.tail or len(root) != 2:
            return False
        marks = [before, after]
        if self.has_box:
            box = after.getnext()
            last = box.getnext() if box is not None else None
            if box is None or last is None or box.tail or markup.RELATED not in classes(box):
                return False
            marks.append(last)
        if any(mark.tag != _MARK or len(mark) for mark in marks):
            return False
        return [element.tag for element in before.iterancestors()] == self.around

    def is_balanced(self, root: Element) -> bool:
        """Whether there are as many end tags as elements that need one, but for those that the article stands in.

        Args:
            root: the tree of `html`, as it was parsed.
        """
        elements = len(list(root.iter())) - len(list(root.iter(*_WITHOUT_END)))
        return len(_END_TAG.findall(self.html)) == elements - len(self.around)


_WITHOUT_END = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param")
_END_TAG = re.compile(b"</")


def cut(data: bytes) -> Excerpt | None:
    """The part of an article page that says it all; None where that is in doubt.

    What is left out is UTF-8; of the rest the parser tells.
    """
    if b"\0" in data or is_oversized(data):
        return None
    head: Head | None = None
    try:
        head = plain_head.read(data)
        opening, begin = head.opening, head.end
    except NotPlain:
        body = _BODY.search(data)
        if body is None:
            return None
        begin = body.end()
        opening = data[:begin]
    tail = data.rfind(b"</body>")
    passage = Passage(data, _RELATED)
    try:
        text(data[:begin])
        start = _over_the_top(passage, data, begin)
        end = _end_of(data, start, b"article")
        if tail < end or not _END.fullmatch(data, tail):
            return None
        around = passage.opened.copy()
        box, box_end = _box(data, end, tail)
        passage.over(end, box)
        if box < box_end and passage.opened != around:
            return None
        cards = _cards(data[box:box_end])
        passage.over(box_end, tail)
    except NotPlain:
        return None
    if not around or not _AROUND.issuperset(around):
        return None
    scripts = [*head.linked_data, *passage.linked_data] if head is not None else passage.linked_data
    linked_data = [script.decode() for script in scripts]
    if any(not script.isprintable() and _REWRITTEN.search(script) for script in linked_data):
        return None
    opening += b"".join([b"<%s>" % name for name in around])
    has_box = box < box_end and not cards
    parts = [opening, _MARKED, data[start:end], _MARKED]
    if has_box:
        parts += (data[box:box_end], _MARKED)
    names = [name.decode() for name in reversed(around)]
    return Excerpt(b"".join(parts), [*names, "body", "html"], linked_data, head, cards, has_box)


@dataclass(frozen=True, slots=True)
class _Top:
    """What stands above the article of a page, most of it the same on every page of a section."""

    html: bytes
    opened: list[bytes]
    linked_data: list[bytes]


_tops: list[_Top] = []
"""The last ones met, the latest first."""
_MOST_TOPS, _LONGEST_TOP = 24, 128 * 1024


def _over_the_top(passage: Passage, data: bytes, begin: int) -> int:
    """Passes over all that stands above the article; where that begins.

    Raises:
        NotPlain: there is no article, or something else than plain markup above it.
    """
    for place, top in enumerate(_tops):
        if data.startswith(top.html, begin) and data.startswith(b"<article", begin + len(top.html)):
            if place:
                _tops.insert(0, _tops.pop(place))
            passage.opened += top.opened
            passage.linked_data += top.linked_data
            return begin + len(top.html)
    start = data.find(b"<article", begin)
    if start < 0:
        raise NotPlain
    passage.over(begin, start)
    if start - begin <= _LONGEST_TOP:
        del _tops[_MOST_TOPS - 1 :]
        _tops.insert(0, _Top(data[begin:start], passage.opened.copy(), passage.linked_data.copy()))
    return start


def _end_of(data: bytes, start: int, name: bytes) -> int:
    """Where the element that begins at `start` ends, by counting tags alone.

    Raises:
        NotPlain: it has no end.
    """
    depth = 0
    for tag in _TAGS[name].finditer(data, start):
        if not tag[1]:
            depth += 1
        elif depth == 1:
            return tag.end()
        else:
            depth -= 1
    raise NotPlain


_TAGS = {name: re.compile(rb"<(?:%s|(/%s>))" % (name, name)) for name in (b"article", b"div")}


def _box(data: bytes, begin: int, end: int) -> tuple[int, int]:
    """Where the box of related articles begins and ends; without a box both are `end`.

    Raises:
        NotPlain: the box has no end.
    """
    named = data.find(_RELATED, begin, end)
    if named < 0:
        return end, end
    start = data.rfind(b"<", begin, named)
    return start, _end_of(data, start, b"div")


def _cards(box: bytes) -> list[Card]:
    """The articles in a box of related ones; empty where it holds anything but the cards that the site writes.

    Raises:
        NotPlain: what it holds is not UTF-8.
    """
    beginning = _BOX.match(box)
    if beginning is None:
        return []
    text(beginning[0])
    position = _past(box, beginning.end())
    found: list[Card] = []
    while (cards := _CARDS.match(box, position)) is not None:
        card = Card(text(cards["href"]), text(cards["headline"]), text(cards["lead"]))
        if _WORDS.match(card.headline) is None or _WORDS.match(card.lead) is None:
            return []
        if len(card.headline) > _LONGEST_HEADLINE or len(card.lead) > _LONGEST_LEAD or len(found) == _MOST_CARDS:
            return []
        found.append(card)
        position = _past(box, cards.end())
    return found if box[position:] == b"</div>" else []


def _past(box: bytes, position: int) -> int:
    between = _BETWEEN.match(box, position)
    return between.end() if between is not None else position
