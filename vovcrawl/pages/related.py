"""Articles that a page points to: teaser boxes in the text, and "Tin liên quan" under it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from vovcrawl import urls
from vovcrawl.cleaning.blocks import LinkRange
from vovcrawl.cleaning.lines import without_prefix
from vovcrawl.cleaning.pointers import BARE_ARROWS, end_of_pointer, without_pointer
from vovcrawl.cleaning.related import distinct_related
from vovcrawl.items import Placement, Related
from vovcrawl.pages import markup
from vovcrawl.pages.bounds import check_characters
from vovcrawl.pages.document import Card, Element, classes, outermost, text_of
from vovcrawl.text import clean
from vovcrawl.urls import SiteUrl

_HEADINGS = ("h5", "h3", "h2", "h4", "h6")
# What stands between links that are all that a line holds: marks, numbers and days.
_BETWEEN_LINKS = re.compile(r"(?:[\W\d_]|(?<!\w)(?:và|video|clip|ảnh|infographic)(?!\w))*+", re.IGNORECASE)
_MOST_LINKS = 500
"""Links of one box that are looked at, and of a line that points; the site's boxes hold up to 24."""

_STEPS, _STEPS_A_LINK = 1000, 50
"""Elements of a box's cards that are looked at, and so many more for each link; the site's take 10 a link."""

_CHARACTERS_A_STEP = 20


def read(
    boxes: Iterable[tuple[Element, Placement]], cards: Iterable[Card], base: str, own: SiteUrl | None
) -> list[Related]:
    """Every article that `boxes` point to and then `cards`, once, in order; one met again keeps its first place.

    An article is told by its `id`, since its slug may differ from place to place. `own` is the page's own url, which
    its boxes sometimes name too.

    Raises:
        PageError: the boxes say more than an article may hold, as where many of them share one endless lead.
    """
    found = _Found(base, own)
    looked_through: set[Element] = set()
    for element, placement in boxes:
        # A link that is never closed is a box of every line within it.
        if element in looked_through:
            continue
        looked_through.add(element)
        box = _Box(element)
        for link in box.links:
            href = link.get("href")
            named = found.named(href) if href else None
            if not href or named is None:
                continue
            card = box.card_of(link)
            if not box.is_in_lead(link, card):
                headline = named.headline or box.headline(card, link, href)
                if headline:
                    found.add(named, headline, box.description(card, headline), placement)
    for one in cards:
        named = found.named(one.href)
        if named is not None:
            headline, lead = named.headline or clean(one.headline), without_prefix(clean(one.lead))
            found.add(named, headline, lead if lead != headline else None, "related")
    own_id, own_url = (own.id, own.url) if own is not None else (None, None)
    return distinct_related(found.articles.values(), "", id=own_id, canonical_url=own_url)


def points_on(text: str, links: list[LinkRange], base: str) -> bool:
    """Whether a line does nothing but point to other articles: "Xem thêm: A và B", ">> A"."""
    end = end_of_pointer(text)
    return end > 0 and is_all_links(text, links, base, end)


def is_all_links(text: str, links: list[LinkRange], base: str, begin: int = 0) -> bool:
    """Whether a line holds, from `begin` on, nothing but links to articles and what parts them."""
    if len(links) > _MOST_LINKS:
        return False
    place = begin
    for href, start, end in links:
        if end <= begin:
            continue
        if _BETWEEN_LINKS.fullmatch(text, min(place, start), start) is None or not is_article(href, base):
            return False
        place = max(place, end)
    return place > begin and _BETWEEN_LINKS.fullmatch(text, place) is not None


def is_article(href: str, base: str) -> bool:
    """Whether a link leads to an article, of whichever edition."""
    if urls.article(href, base) is not None:
        return True
    url = urls.absolute(href, base)
    return url is not None and url.endswith(".vov")


@dataclass(slots=True)
class _Named:
    """An article that a link names."""

    key: str
    url: str
    id: str | None
    headline: str | None
    """None where it was not met before."""


class _Found:
    """The articles by what tells them apart."""

    def __init__(self, base: str, own: SiteUrl | None) -> None:
        self.articles: dict[str, Related] = {}
        self._base = base
        self._own = own
        self._characters = 0

    def named(self, href: str) -> _Named | None:
        """What a link names; None where that is no other article, or one of which all is known."""
        site_url = urls.article(href, self._base)
        url = site_url.url if site_url else urls.absolute(href, self._base)
        if url is None or not (site_url or url.endswith(".vov")):
            return None
        if site_url is not None and self._own is not None and site_url.id == self._own.id:
            return None
        key = site_url.id if site_url is not None and site_url.id is not None else url
        known = self.articles.get(key)
        if known is not None and known.description is not None:
            return None
        return _Named(key, url, site_url.id if site_url else urls.article_id(url), known.headline if known else None)

    def add(self, named: _Named, headline: str, description: str | None, placement: Placement) -> None:
        """Keeps an article, or the description that was missing before.

        Raises:
            PageError: there is too much of them.
        """
        if named.headline is None:
            self.articles[named.key] = Related(
                id=named.id, url=named.url, headline=headline, description=description, placement=placement
            )
            self._characters += len(headline)
        else:
            self.articles[named.key].description = description
        self._characters += len(description or "")
        check_characters(self._characters)


class _Box:
    """A box and its cards, each of which is looked through once.

    Cards may stand within each other. `_STEPS` bounds what is looked at in all of them, so that the time stays that of
    the box's length; then a link stands for itself.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        self.links = list(islice(element.iter("a"), _MOST_LINKS))
        links = self.links if len(self.links) < _MOST_LINKS else element.iter("a")
        self._is_alone = len({link.get("href") for link in links}) == 1
        self._steps = _STEPS + _STEPS_A_LINK * len(self.links)
        self._cards: dict[Element, Element | None] = {}
        """The smallest card around what stands above a link, as links have most of that in common."""
        self._texts: dict[Element, str] = {}
        self._headings: dict[Element, str | None] = {}
        self._marked_headings: dict[Element, str] = {}
        self._labels: dict[Element, dict[str | None, str]] = {}
        self._leads: dict[Element, list[str]] = {}

    def card_of(self, link: Element) -> Element:
        """The smallest card around `link`; the box where it points to nothing else, the link itself in a list of
        links."""
        if self._steps < 0:
            return link
        path: list[Element] = []
        card: Element | None = None
        node: Element | None = link
        while node is not None:
            if node in self._cards:
                card = self._cards[node]
                break
            path.append(node)
            if not markup.CARDS.isdisjoint(classes(node)):
                card = node
                break
            if node.tag == "li" and node is not self._element and self._is_one(node):
                card = node
                break
            if node is self._element or node.tag == "li":
                break
            node = node.getparent()
        self._cards.update(dict.fromkeys(path, card))
        if card is not None:
            return card
        return self._element if self._is_alone else link

    def _is_one(self, item: Element) -> bool:
        """Whether several links of a list's item all lead to one article, as those of a picture and of its headline
        do."""
        hrefs = [link.get("href") for link in self._within(item, "a")]
        return len(hrefs) > 1 and len(set(hrefs)) == 1

    def is_in_lead(self, link: Element, card: Element) -> bool:
        """Whether a link stands among the words of a card's lead."""
        if card is link or self._heading(card) is None:
            return False
        paragraph = next((above for above in link.iterancestors() if above.tag == "p" or above is card), None)
        return paragraph is not None and paragraph.tag == "p" and self._text(paragraph) != self._text(link)

    def headline(self, card: Element, link: Element, href: str) -> str:
        """The headline of the article that `link` in `card` points to; empty where there is none."""
        text = self._heading(card) or self._marked_heading(card)
        text = text or without_pointer(self._label(card, href) or self._text(link))
        if text:
            return text
        picture = next(link.iter("img"), None)
        return clean(picture.get("alt") or "") if picture is not None else ""

    def description(self, card: Element, headline: str) -> str | None:
        """The lead in a card: its first paragraph that is not the headline."""
        if card not in self._leads:
            self._leads[card] = [without_prefix(self._text(one)) for one in self._within(card, "p")]
        return next((text for text in self._leads[card] if text and text != headline), None)

    def _heading(self, card: Element) -> str | None:
        """The text of a card's first heading that has one, empty if none has; None where there is no heading."""
        if card not in self._headings:
            texts = (self._text(element) for element in outermost(list(self._within(card, *_HEADINGS))))
            first = next(texts, None)
            self._headings[card] = first or (next(filter(None, texts), "") if first is not None else None)
        return self._headings[card]

    def _marked_heading(self, card: Element) -> str:
        if card not in self._marked_headings:
            marked = [one for one in self._within(card) if not markup.CARD_TITLES.isdisjoint(classes(one))]
            self._marked_headings[card] = next(filter(None, map(self._text, outermost(marked))), "")
        return self._marked_headings[card]

    def _label(self, card: Element, href: str) -> str:
        """The words of the card's first link to the same url that has any."""
        if card not in self._labels:
            labels: dict[str | None, str] = {}
            for anchor in self._within(card, "a"):
                if text := self._text(anchor).lstrip(BARE_ARROWS):
                    labels.setdefault(anchor.get("href"), text)
            self._labels[card] = labels
        return self._labels[card].get(href, "")

    def _text(self, element: Element) -> str:
        if element not in self._texts:
            self._texts[element] = clean(text_of(element))
            self._steps -= len(self._texts[element]) // _CHARACTERS_A_STEP
        return self._texts[element]

    def _within(self, card: Element, *tags: str) -> Iterator[Element]:
        for element in card.iter(*tags):
            self._steps -= 1
            if self._steps < 0:
                return
            yield element
