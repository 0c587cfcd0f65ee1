"""Stories that a page points to: teaser boxes in the text, and "Tin liên quan" under it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from vovcrawl import addresses
from vovcrawl.addresses import Address
from vovcrawl.items import Placement, Related
from vovcrawl.pages.bounds import check_characters
from vovcrawl.pages.document import Element, classes, text_of
from vovcrawl.text import clean, without_prefix

_HEADING_CLASSES = frozenset(("media-title", "card-title", "article-title", "story__heading", "title"))
_HEADINGS = ("h5", "h3", "h2", "h4", "h6")
_CARD_CLASSES = frozenset(
    "article-media article-card media-body card-body story inner-article article__inner-story card".split()
)
_POINTER = "»>  "
_MOST_LINKS = 500
"""Links of one box that are looked at; the site's boxes hold up to 24."""


def read(boxes: Iterable[tuple[Element, Placement]], base: str, own: Address | None) -> list[Related]:
    """Every story that `boxes` point to, once, in order; a story met again keeps its first place.

    A story is told by its `id`, since its slug may differ from place to place. `own` is the page's own address, which
    its boxes sometimes name too.

    Raises:
        NotAnArticle: the boxes say more than an article may hold, as where many of them share one endless lead.
    """
    found: dict[str, Related] = {}
    characters = 0
    for box, placement in boxes:
        alone = len({link.get("href") for link in box.iter("a")}) == 1
        for link in islice(box.iter("a"), _MOST_LINKS):
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
            card = _card_of(link, box, alone)
            if _is_in_lead(link, card):
                continue
            known = found.get(key)
            if known is None:
                headline = _headline(card, link, href)
                if headline:
                    found[key] = Related(
                        id=story.id if story else addresses.story_id(url),
                        url=url,
                        headline=headline,
                        description=_description(card, headline),
                        placement=placement,
                    )
                    characters += len(headline) + len(found[key].description or "")
            elif known.description is None:
                known.description = _description(card, known.headline)
                characters += len(known.description or "")
            check_characters(characters)
    return list(found.values())


def _is_in_lead(link: Element, card: Element) -> bool:
    """Whether a link stands among the words of a card's lead."""
    if card is link or next(card.iter(*_HEADINGS), None) is None:
        return False
    paragraph = next((above for above in link.iterancestors() if above.tag == "p" or above is card), None)
    return paragraph is not None and paragraph.tag == "p" and clean(text_of(paragraph)) != clean(text_of(link))


def _card_of(link: Element, box: Element, alone: bool) -> Element:
    """The smallest card around `link`; the box where it points to nothing else, the link itself in a list of links."""
    node: Element | None = link
    while node is not None:
        if not _CARD_CLASSES.isdisjoint(classes(node)):
            return node
        if node is box or node.tag == "li":
            break
        node = node.getparent()
    return box if alone else link


def _headline(card: Element, link: Element, href: str) -> str:
    for element in card.iter(*_HEADINGS):
        text = clean(text_of(element))
        if text:
            return text
    for element in card.iter():
        if not _HEADING_CLASSES.isdisjoint(classes(element)):
            text = clean(text_of(element))
            if text:
                return text
    for anchor in card.iter("a"):
        if anchor.get("href") == href:
            text = clean(text_of(anchor)).lstrip(_POINTER)
            if text:
                return text
    picture = next(link.iter("img"), None)
    return clean(picture.get("alt") or "") if picture is not None else ""


def _description(card: Element, headline: str) -> str | None:
    for paragraph in card.iter("p"):
        text = without_prefix(clean(text_of(paragraph)))
        if text and text != headline:
            return text
    return None
