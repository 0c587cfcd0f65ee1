"""Pictures, their captions and credits; videos and audio files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from w3lib.url import url_query_cleaner

from vovcrawl import urls
from vovcrawl.items import Image, Media
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

# Drupal's picture styles and the old image server's widths, as ranks of size; an original ranks above every style.
_STYLE = re.compile(r"/styles/(?P<style>[a-z_]+)/|/(?:w|cr_w)(?P<width>\d{2,4})/|/h(?P<height>\d{2,4})/")
_STYLE_WIDTHS = {
    "large": 1170,
    "large_watermark": 1170,
    "medium": 800,
    "front_large": 740,
    "og_image": 600,
    "small": 480,
    "front_medium": 370,
}
_ORIGINAL_WIDTH = 2000
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_MOST_CANDIDATES, _MOST_ATTEMPTS = 50, 5
"""Urls of one picture that are read, and those that are tried, the widest first; the site names a few."""
_LONGEST_WIDTH = 9
_WIDTH = re.compile(r"w\s*(?:,|$)")
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
    nodes = list(element.iter("div", "img", "source", "picture"))
    # A width that the page gives outranks one that the url suggests.
    widths: dict[str, float] = {}
    for url, width in islice(_measured(nodes), _MOST_CANDIDATES):
        widths[url] = max(width, widths.get(url, 0))
    largest = _largest(widths, base)
    if largest is None:
        unmeasured = islice(_unmeasured(nodes), _MOST_CANDIDATES)
        largest = _largest({url: _style_width(url) for url in unmeasured}, base)
    if largest is None:
        return None
    text, credit = split_credit(clean(caption)) if caption else (None, None)
    return Image(url=_without_resizing(largest), caption=text, credit=credit)


def _largest(widths: dict[str, float], base: str) -> str | None:
    """The widest url that can be made absolute; of two as wide the one met first."""
    widest = sorted(widths, key=lambda url: -widths[url])[:_MOST_ATTEMPTS]
    return next((found for url in widest if (found := urls.absolute(url, base)) is not None), None)


def _measured(nodes: list[Element]) -> Iterator[tuple[str, float]]:
    """The urls of a picture of which the page gives the width in pixels."""
    for node in nodes:
        for size in ("large", "medium"):
            if url := node.get(f"data-{size}-src"):
                given = (node.get(f"data-{size}-size") or "").partition("x")[0]
                width = float(given) if _is_width(given) else _style_width(url)
                if width:
                    yield url, width
        for name in ("srcset", "data-srcset"):
            written = node.get(name)
            if written and _WIDTH.search(written) and node.tag in ("img", "source"):
                for url, descriptor in _candidates(written):
                    number = descriptor.strip()[:-1]
                    if descriptor.endswith("w") and _is_width(number) and float(number):
                        yield url, float(number)


def _unmeasured(nodes: list[Element]) -> Iterator[str]:
    """The urls of a picture of which none is measured."""
    for node in nodes:
        for size in ("large", "medium"):
            if url := node.get(f"data-{size}-src"):
                yield url
        if node.tag in ("img", "source"):
            for name in _SOURCES:
                url = node.get(name)
                if url and not url.startswith("data:"):
                    yield url
            for name in ("srcset", "data-srcset"):
                for url, _ in _candidates(node.get(name) or ""):
                    yield url


def _candidates(srcset: str) -> Iterator[tuple[str, str]]:
    for candidate in srcset.split(", ", _MOST_CANDIDATES)[:_MOST_CANDIDATES]:
        url, _, descriptor = candidate.strip().partition(" ")
        if url:
            yield url, descriptor


def _is_width(written: str) -> bool:
    return len(written) <= _LONGEST_WIDTH and written.isdecimal()


def _style_width(url: str) -> float:
    match = _STYLE.search(url)
    if match is None:
        return _ORIGINAL_WIDTH
    if match["style"]:
        return _STYLE_WIDTHS.get(match["style"], 300)
    return float(match["width"] or match["height"])


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
