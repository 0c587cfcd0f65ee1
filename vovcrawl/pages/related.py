"""Stories that a page points to: teaser boxes in the text, and "Tin liên quan" under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from vovcrawl import addresses
from vovcrawl.addresses import Address
from vovcrawl.items import Placement, Related
from vovcrawl.pages import markup
from vovcrawl.pages.bounds import check_characters
from vovcrawl.pages.document import Element, classes, outermost, text_of
from vovcrawl.text import clean, without_prefix

_HEADINGS = ("h5", "h3", "h2", "h4", "h6")
_POINTER = "»>  "
_MOST_LINKS = 500
"""Links of one box that are looked at; the site's boxes hold up to 24."""

_STEPS, _STEPS_A_LINK = 1000, 50
"""Elements of a box's cards that are looked at, and so many more for each link; the site's take 10 a link."""

_CHARACTERS_A_STEP = 20


def read(boxes: Iterable[tuple[Element, Placement]], base: str, own: Address | None) -> list[Related]:
    """Every story that `boxes` point to, once, in order; a story met again keeps its first place.

    A story is told by its `id`, since its slug may differ from place to place. `own` is the page's own address, which
    its boxes sometimes name too.

    Raises:
        NotAnArticle: the boxes say more than an article may hold, as where many of them share one endless lead.
    """
    found: dict[str, Related] = {}
    characters = 0
    for element, placement in boxes:
        box = _Box(element)
        for link in box.links:
            href = link.get("href")
            if not href:
                continue
            story = addresses.article(href, base)
            url = story.url if story else addresses.absolute(href, base)
            if url is None or not (story or url.endswith(".vov")):
                continue
            if story is not None and own is not None and story.id == own.id:
                continue
            key = story.id if story is not None and story.id is not None else url
            card = box.card_of(link)
            if box.is_in_lead(link, card):
                continue
            known = found.get(key)
            if known is None:
                headline = box.headline(card, link, href)
                if headline:
                    found[key] = Related(
                        id=story.id if story else addresses.story_id(url),
                        url=url,
                        headline=headline,
                        description=box.description(card, headline),
                        placement=placement,
                    )
                    characters += len(headline) + len(found[key].description or "")
            elif known.description is None:
                known.description = box.description(card, known.headline)
                characters += len(known.description or "")
            check_characters(characters)
    return list(found.values())


class _Box:
    """A box and its cards, each of which is looked through once.

    Cards may stand within each other. `_STEPS` bounds what is looked at in all of them, so that the time stays that of
    the box's length; then a link stands for itself.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        self.links = list(islice(element.iter("a"), _MOST_LINKS))
        self._is_alone = len({link.get("href") for link in element.iter("a")}) == 1
        self._steps = _STEPS + _STEPS_A_LINK * len(self.links)
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
        node: Element | None = link
        while node is not None:
            if not markup.CARDS.isdisjoint(classes(node)):
                return node
            if node is self._element or node.tag == "li":
                break
            node = node.getparent()
        return self._element if self._is_alone else link

    def is_in_lead(self, link: Element, card: Element) -> bool:
        """Whether a link stands among the words of a card's lead."""
        if card is link or self._heading(card) is None:
            return False
        paragraph = next((above for above in link.iterancestors() if above.tag == "p" or above is card), None)
        return paragraph is not None and paragraph.tag == "p" and self._text(paragraph) != self._text(link)

    def headline(self, card: Element, link: Element, href: str) -> str:
        """The headline of the story that `link` in `card` points to; empty where there is none."""
        text = self._heading(card) or self._marked_heading(card) or self._label(card, href)
        text = text or self._text(link).lstrip(_POINTER)
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
        """The words of the card's first link to the same address that has any."""
        if card not in self._labels:
            labels: dict[str | None, str] = {}
            for anchor in self._within(card, "a"):
                if text := self._text(anchor).lstrip(_POINTER):
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
