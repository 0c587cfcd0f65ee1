"""Pictures, their captions and credits."""

from __future__ import annotations

import re

from w3lib.url import url_query_cleaner

from vovcrawl.items import Image
from vovcrawl.pages import picture_urls
from vovcrawl.pages.document import Element, outermost, text_of
from vovcrawl.text import clean

_CREDIT_OF = (
    r"(?:Ảnh|Nguồn|Photo|Đồ họa|Đồ hoạ|Tranh|Video|Clip)"
    r"(?:\s+(?:ảnh|minh họa|minh hoạ|tư liệu|chụp màn hình|cắt từ clip|clip))?\s*:\s*"
)
_CREDITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "... (Ảnh: Reuters)." and "... [Nguồn: AP]"; the full stop after the bracket belongs to the credit.
        rf"\s*[(\[]\s*{_CREDIT_OF}(?P<credit>[^()\[\]]{{1,80}}(?:\([^()]{{0,40}}\))?[^()\[\]]{{0,20}})[)\]]\s*\.?\s*$",
        # "... . Ảnh: KT" after the end of a sentence, or alone.
        rf"(?:^|(?<=[.!?…”\"]))\s*[-–]?\s*{_CREDIT_OF}(?P<credit>[^.:]{{1,60}}(?:\.[A-Z]{{2,3}}\b)?)\.?\s*$",
        # "... - Ảnh: KT"
        rf"\s+[-–/|]\s*{_CREDIT_OF}(?P<credit>[^.:]{{1,60}})\.?\s*$",
    )
)


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """A clean caption as (caption without its credit, credit); either is None where there is none."""
    tail_start = max(0, len(caption) - 200)
    tail = caption[tail_start:]
    for pattern in _CREDITS:
        match = pattern.search(tail)
        if match:
            rest = caption[: tail_start + match.start()].rstrip(" -–|/")
            return rest or None, match["credit"].strip().rstrip(".").strip() or None
    return caption or None, None


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
