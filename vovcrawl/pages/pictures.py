"""Pictures, their captions and credits."""

from __future__ import annotations

from w3lib.url import url_query_cleaner

from vovcrawl.cleaning.credits import split_credit
from vovcrawl.items import Image
from vovcrawl.pages import picture_urls
from vovcrawl.pages.document import Element, outermost, text_of
from vovcrawl.text import clean


def image(element: Element, base: str, caption: str | None = None) -> Image | None:
    """The picture in `element` (an `img`, or what wraps one) in the largest version offered, or None."""
    largest = picture_urls.largest(element, base)
    if largest is None:
        return None
    text, credit = split_credit(clean(caption)) if caption else (None, None)
    return Image(url=_without_resizing(largest), caption=text, credit=credit)


def _without_resizing(url: str) -> str:
    return url_query_cleaner(url, ("resize",), remove=True) if "resize=" in url else url


def caption_of(figure: Element) -> str:
    """The text under a picture, uncleaned: its `figcaption`, or else any text in the figure."""
    captions = outermost(list(figure.iter("figcaption")))
    return " ".join(text_of(caption) for caption in captions) if captions else text_of(figure)
