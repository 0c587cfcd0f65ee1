"""Pictures, their captions and credits; videos and audio files."""

from __future__ import annotations

import re

from w3lib.url import url_query_cleaner

from vovcrawl import urls
from vovcrawl.items import Image, Media
from vovcrawl.pages import picture_urls
from vovcrawl.pages.document import Element, classes, outermost, text_of
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

_VIDEO_FILE = re.compile(r"\.(?:mp4|m3u8|webm|mov|flv)(?:$|[?#])", re.IGNORECASE)
_AUDIO_FILE = re.compile(r"\.(?:mp3|m4a|aac|ogg|wav)(?:$|[?#])", re.IGNORECASE)


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


def video(element: Element, base: str) -> Media | None:
    """The video that `element` plays, or None: `div.videojs-player[data-url]`, or a `video` with its sources."""
    return _media(element, base, _AUDIO_FILE)


def audio(element: Element, base: str) -> Media | None:
    """The audio file that `element` plays, or None."""
    return _media(element, base, _VIDEO_FILE)


def _media(element: Element, base: str, not_this: re.Pattern[str]) -> Media | None:
    for node in element.iter():
        for name in ("data-url", "data-src", "src", "data-file"):
            written = node.get(name)
            if node.tag in ("img", "script", "iframe") or not written:
                continue
            url = urls.absolute(written, base)
            if url and not not_this.search(url):
                still = next(
                    (
                        value
                        for at in (node, element)
                        for name in ("data-thumb", "poster", "data-thumbnail")
                        if (value := at.get(name))
                    ),
                    None,
                )
                return Media(url=url, thumbnail=urls.absolute(still, base) if still else None)
    return None


def plays(element: Element) -> str | None:
    """What the element plays, `video` or `audio`; None where it is no player."""
    if element.tag in ("video", "audio"):
        return "audio" if element.tag == "audio" else "video"
    written = element.get("data-url") or element.get("data-file") or ""
    if not written and "audio" not in (element.get("class") or ""):
        return None
    tokens = classes(element)
    if _AUDIO_FILE.search(written) or any("audio" in token for token in tokens):
        return "audio" if written or any(True for _ in element.iter("audio", "source")) else None
    if written and (_VIDEO_FILE.search(written) or any("video" in token for token in tokens)):
        return "video"
    return None
