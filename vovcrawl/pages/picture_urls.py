"""The urls that the markup of a picture offers, and which of them is the widest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from vovcrawl import urls
from vovcrawl.pages import markup
from vovcrawl.pages.document import Element, classes
from vovcrawl.pages.hidden import is_hidden

_ORIGINALS = ("data-photo-original-src", "data-original-src", "data-orig-file", "data-zoom-image")
"""Attributes for the picture as it was uploaded."""
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy")
"""Attributes that a script makes the source; until then `src` may be a placeholder."""
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_SIZED = ("large", "medium")
"""Sizes of the `data-SIZE-src` and `data-SIZE-size` that the site writes around a picture."""

_LAZIES = frozenset((*_LAZY, *_LAZY_SETS))
_NAMED = frozenset((*_ORIGINALS, *(f"data-{size}-src" for size in _SIZED)))
_OFFERING = frozenset((*_NAMED, *_LAZIES, "srcset"))
_ORIGINALS_AND_LAZIES = frozenset((*_ORIGINALS, *_LAZIES))

_MOST_OFFERS, _MOST_CANDIDATES, _MOST_ATTEMPTS = 100, 50, 5
"""Urls of one picture and of one `srcset` that are read, and those that are tried; the site names a few."""
_MOST_AROUND, _MOST_OF_A_LINK = 4, 20
"""Elements around a picture that may say more of it, and elements of a link that are looked at for a second one."""
_NOT_AROUND = frozenset("p td th li table body article section blockquote".split())

# Drupal's picture styles, the old image server's widths, and sizes in names of files and in queries.
_STYLE = re.compile(
    r"/styles/(?P<style>[a-z0-9_-]++)/|/(?:cr_)?w(?P<width>\d{2,4})/|/h(?P<height>\d{2,4})/"
    r"|-(?P<named>\d{2,4})x\d{2,4}\.(?:jpe?g|png|webp)(?:$|[?#])|[?&](?:w|width)=(?P<asked>\d{2,4})(?:$|[&#])"
)
_STYLE_WIDTHS = {
    "large": 1170,
    "large_watermark": 1170,
    "medium": 800,
    "front_large": 740,
    "og_image": 600,
    "small": 480,
    "front_medium": 370,
    "thumbnail": 100,
}
_NUMBER_OF_STYLE = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
_UNKNOWN_STYLE = 300
_OWN = re.compile(
    r"(?P<styles>https://(?:media\.)?vov\.vn/sites/default/files/styles/)[a-z_]{1,20}(?P<name>/public/\d{4}-\d\d/[a-z0-9-]{1,300}\.jpg)\Z"
)
"""An ordinary picture of the site."""
_UPLOADED = re.compile(r"/sites/default/files/|/uploaded/")
_NONE = -1.0
"""Stands for the width of what is no picture."""
_WIDEST, _UPLOADED_WIDTH, _UNKNOWN_WIDTH = 20_000, 10_000, 2_000
"""Ranks of a picture that the page calls the original, of a file as uploaded, and of a url that says nothing."""

_BEFORE_A_CANDIDATE = ", \t\n\r\f"
_LONGEST_NUMBER = 9
_DENSITY = re.compile(r"\d{1,4}(?:\.\d{1,4})?x\Z")
_MEDIA_WIDTH = re.compile(r"(?P<edge>min|max)-(?:device-)?width\s{0,9}:\s{0,9}(?P<number>\d{1,5})(?P<unit>r?em)?")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?#])", re.IGNORECASE)
_PHOTO_FILE = re.compile(r"\.jpe?g(?:$|[?#])", re.IGNORECASE)
_LIGHTBOXES = frozenset(("swipebox", "fancybox", "lightbox", "colorbox", "zoom"))
_PAGE = re.compile(r"\.(?:vov|html?|aspx|php)(?:$|[?#])", re.IGNORECASE)

_PLACEHOLDER = re.compile(
    r"(?:^|/)(?:"
    r"(?:blank|spacer|lazy(?:[-_]?load)?|placeholder|1x1|no[-_]?(?:image|img|photo|thumb))"
    r"(?:[-_.]?(?:\d{1,4}(?:x\d{1,4})?|image|img|bg|placeholder|px)){0,3}\.(?:gif|png|svg|webp|jpe?g)"
    r"|(?:pixel|trans(?:parent)?|clear|empty|dot|gr[ae]y|loading|(?:ajax[-_])?loader|spinner|default(?:[-_]?image)?|1px)"
    r"(?:[-_.]?\d{1,4}(?:x\d{1,4})?)?\.(?:gif|png|svg|webp)"
    r"|[a-z_]\.gif)(?:$|[?#])",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"/(?:emojis?|twemoji|emoticons?|smileys?|smilies|(?:flag-?)?icons?|flags?|avatars?|themes|modules)/|/emoji\.php",
    re.IGNORECASE,
)
_TRACKER = re.compile(
    r"^(?:https?:)?//(?:[a-z0-9.-]{0,100}\.)?(?:google-analytics\.com|googletagmanager\.com|doubleclick\.net"
    r"|googlesyndication\.com|scorecardresearch\.com|admicro\.vn|adtima\.vn|eclick\.vn|quantserve\.com|chartbeat\.net"
    r"|facebook\.com/tr)(?:[/:?]|$)",
    re.IGNORECASE,
)

_SHAPING = frozenset(("class", "style", "width", "height"))
_FURNITURE_WORDS = frozenset("emoji icon icons flag flags flagicon avatar smiley emoticon".split())
_STYLE_SIZE = re.compile(r"(?<![\w-])(?P<side>width|height)\s{0,9}:\s{0,9}(?P<pixels>\d{1,4})(?:\.\d{1,9})?px")
_LARGEST_PIXEL, _LARGEST_ICON, _SMALLEST_PHOTO = 2, 48, 200
"""Pixels of a side: of what counts visits, of an icon or a flag, and of a photo in a table of data."""
_LONGEST_STYLE = 1000


@dataclass(slots=True)
class _Offer:
    url: str
    width: float | None = None
    """In pixels, as the page gives it."""
    density: float = 1
    base: float | None = None
    """Pixels of the picture whose density is 1."""
    screen: float = 0
    """Of two sources of unknown width, the one for the wider screen is the wider; 0 where it is for any screen."""
    is_fallback: bool = False
    """It stands where placeholders do."""


def largest(element: Element, base: str) -> str | None:
    """The url of the widest version of the picture in `element`, absolute; None where there is no picture.

    Of two as wide the one met first. Placeholders, pixels that count visits, icons, flags and data URIs are none.
    """
    if element.tag == "figure" and (found := _of_the_site(element)) is not None:
        return found
    imgs = list(element.iter("img"))
    if imgs and all(map(is_furniture, imgs)):
        return None
    # A picture's urls are offered again and again, for screens of every width.
    widths: dict[str, float | None] = {}
    measured: dict[str, float] = {}
    offers: list[_Offer] = []
    for offer in islice(_offers(element), _MOST_OFFERS):
        url = offer.url
        if url not in widths:
            widths[url] = _NONE if _is_none(url) else _sure_width(url)
        if widths[url] != _NONE:
            offers.append(offer)
            if offer.width is not None:
                measured[url] = max(offer.width, measured.get(url, 0))
    ranked = sorted(offers, key=lambda offer: _rank(offer, measured, widths[offer.url]), reverse=True)
    return next(filter(None, (urls.absolute(offer.url, base) for offer in ranked[:_MOST_ATTEMPTS])), None)


def is_furniture(img: Element) -> bool:
    """Whether an `img` is an icon, a flag or a pixel by its classes and its size, whatever its url."""
    if _SHAPING.isdisjoint(img.keys()):
        return False
    if any(not _FURNITURE_WORDS.isdisjoint(token.lower().replace("_", "-").split("-")) for token in classes(img)):
        return True
    sides = _sides(img)
    if is_hidden(img) or (sides and min(sides) <= _LARGEST_PIXEL):
        # What a script is yet to load may be as small, or hidden, until then.
        return not any(img.get(name) for name in (*_LAZY, *_LAZY_SETS, *_ORIGINALS))
    return bool(sides) and max(sides) <= _LARGEST_ICON


def is_photo(img: Element) -> bool:
    """Whether an `img` among data is more than a flag or an icon: something says that it is a photo, or that it is
    wide."""
    if markup.PHOTO in classes(img) or img.get(markup.ASPNET_CAPTION) or img.get(_ORIGINALS[0]):
        return True
    if any(side >= _SMALLEST_PHOTO for side in _sides(img)):
        return True
    for name in (*_LAZY, "src"):
        url = img.get(name) or ""
        if _STYLE.search(url[: urls.LONGEST]):
            return _url_width(url) >= _UNKNOWN_STYLE
        if _PHOTO_FILE.search(url[: urls.LONGEST]):
            return True
    return False


def candidates(srcset: str) -> Iterator[tuple[str, list[str]]]:
    """The urls of a `srcset`, each with its descriptors, as browsers part them: a url ends at a blank and may hold
    commas but at its edges, its descriptors end at a comma."""
    rest = srcset[: _MOST_CANDIDATES * urls.LONGEST]
    for _ in range(_MOST_CANDIDATES):
        parts = rest.lstrip(_BEFORE_A_CANDIDATE).split(None, 1)
        if not parts:
            return
        url, rest = parts[0], parts[1] if len(parts) > 1 else ""
        bare = url.rstrip(",")
        if bare != url:
            yield bare, []
        else:
            descriptors, _, rest = rest.partition(",")
            yield url, descriptors.split(None, 3)[:3]


def _of_the_site(figure: Element) -> str | None:
    """The largest version of a picture in the very markup of the site's pages, as `largest` would find it; else None.

    Nearly all pictures are such, and to compare all that one offers takes as long as to read a page's text.
    """
    box = figure[0] if len(figure) else None
    large = box.get("data-large-src") if box is not None else None
    own = _OWN.match(large) if large is not None else None
    if box is None or large is None or own is None or "/large/" not in large or _PLACEHOLDER.search(own["name"]):
        return None
    width = _number((box.get("data-large-size") or "").partition("x")[0]) or _STYLE_WIDTHS["large"]
    if width < _number((box.get("data-medium-size") or "").partition("x")[0]):
        return None
    same = {own["styles"] + style + own["name"] for style in ("large", "medium", "small")}
    if box.get("data-medium-src", large) not in same or not _ORIGINALS_AND_LAZIES.isdisjoint(box.keys()):
        return None
    above = figure.getparent()
    if above is not None and (above.tag == "a" or not _OFFERING.isdisjoint(above.keys())):
        return None
    images = 0
    for node in figure.iter("a", "div", "figure", "picture", "source", "img"):
        if node.tag == "source":
            srcset = node.get("data-srcset", large)
            if (srcset if srcset in same else srcset.removesuffix(" 1x")) not in same or len(node.keys()) > 3:
                return None
        elif node is not box:
            if node.tag == "a" or not _OFFERING.isdisjoint(node.keys()):
                return None
            if node.tag == "img":
                images += 1
                if node.get("src") not in same or not _SHAPING.isdisjoint(node.keys()):
                    return None
    return large if images == 1 else None


def _offers(element: Element) -> Iterator[_Offer]:
    above = element.getparent()
    for _ in range(_MOST_AROUND if element.tag != "figure" else 1):
        if above is None or above.tag in _NOT_AROUND:
            break
        yield from _around(above)
        above = above.getparent()
    for node in element.iter("a", "div", "figure", "picture", "source", "img"):
        if node.tag in ("img", "source"):
            if node.tag == "source" or not is_furniture(node):
                yield from _within(node)
        else:
            yield from _around(node)


def _around(node: Element) -> Iterator[_Offer]:
    """What an element around a picture offers."""
    given = node.keys()
    if not _NAMED.isdisjoint(given):
        yield from _named(_given(node))
    href = node.get("href") if node.tag == "a" else None
    if not href or len(href) > urls.LONGEST:
        return
    # Of a link around several pictures it is not known which of them it shows.
    pictures = sum(1 for inner in islice(node.iter(), _MOST_OF_A_LINK) if inner.tag == "img")
    if pictures > 1 and next(node.iter("noscript"), None) is None:
        return
    if _PICTURE_FILE.search(href) or (
        any(token.lower() in _LIGHTBOXES for token in classes(node))
        and not href.startswith("#")
        and not _PAGE.search(href)
    ):
        yield _Offer(href, None if _STYLE.search(href) else _UPLOADED_WIDTH)


def _given(node: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in node.items()}


def _named(given: Mapping[str, str]) -> Iterator[_Offer]:
    """What attributes offer whose names say how large it is."""
    for name in _ORIGINALS:
        if url := given.get(name):
            yield _Offer(url, _WIDEST)
    for size in _SIZED:
        if url := given.get(f"data-{size}-src"):
            number = (given.get(f"data-{size}-size") or "").partition("x")[0]
            yield _Offer(url, _number(number) or None)


def _within(node: Element) -> Iterator[_Offer]:
    """What an `img` or a `source` offers."""
    given = _given(node)
    if not _NAMED.isdisjoint(given):
        yield from _named(given)
    screen = _screen(given["media"]) if "media" in given else 0
    lazy: tuple[str, ...] = ()
    lazy_sets: tuple[str, ...] = ()
    if not _LAZIES.isdisjoint(given):
        lazy = tuple(url for name in _LAZY if (url := given.get(name)))
        lazy_sets = tuple(srcset for name in _LAZY_SETS if (srcset := given.get(name)))
    src = given.get("src")
    for url in lazy:
        yield _Offer(url, screen=screen)
    if src:
        yield _Offer(src, screen=screen, is_fallback=bool(lazy or lazy_sets))
    written = given.get("srcset")
    if not (written or lazy_sets):
        return
    own = next((width for url in (*lazy, src) if url and (width := _sure_width(url))), None)
    for srcset in (written, *lazy_sets) if written else lazy_sets:
        found = list(candidates(srcset))
        base = own or next(
            (width for url, how in found if how in ([], ["1x"]) and (width := _sure_width(url)) is not None), None
        )
        for url, how in found:
            yield _described(url, how, base, screen)


def _described(url: str, descriptors: list[str], base: float | None, screen: float) -> _Offer:
    height = None
    for descriptor in descriptors:
        number = descriptor[:-1]
        if descriptor.endswith("w") and (width := _number(number)):
            return _Offer(url, width, screen=screen)
        if descriptor.endswith("h"):
            height = _number(number) or None
        elif len(descriptor) <= _LONGEST_NUMBER and _DENSITY.match(descriptor):
            return _Offer(url, density=float(number), base=base, screen=screen)
    return _Offer(url, height, screen=screen)


def _number(written: str) -> float:
    return float(written) if len(written) <= _LONGEST_NUMBER and written.isdecimal() else 0


def _screen(media: str) -> float:
    """A source for narrow screens only ranks below one for any, one for wide screens above."""
    edges = {m["edge"]: float(m["number"]) * (16 if m["unit"] else 1) for m in _MEDIA_WIDTH.finditer(media[:200])}
    if "min" in edges:
        return edges["min"]
    return edges["max"] - 1e6 if "max" in edges else 0


def _rank(offer: _Offer, measured: dict[str, float], sure: float | None) -> tuple[bool, float, float, float]:
    """Sorts a picture's offers by what is known of them: first those that stand for the picture at all."""
    width = measured.get(offer.url) or sure
    if width is not None:
        return True, width, 0, 0
    if offer.base is not None and offer.density > 1:
        return True, offer.base * offer.density, 0, 0
    if "/styles/" in offer.url:
        return True, _UNKNOWN_STYLE, offer.screen, offer.density
    # Beside a url of which the page gives the width one that says nothing is hardly wider.
    return not (offer.is_fallback or measured), _UNKNOWN_WIDTH, offer.screen, offer.density


def _sure_width(url: str) -> float | None:
    """The width that a url itself names, or None."""
    if len(url) > urls.LONGEST:
        return None
    match = _STYLE.search(url)
    if match is None:
        return _UPLOADED_WIDTH if _UPLOADED.search(url) else None
    style = match["style"]
    if style is None:
        return float(match["width"] or match["height"] or match["named"] or match["asked"])
    if style in _STYLE_WIDTHS:
        return _STYLE_WIDTHS[style]
    numbered = _NUMBER_OF_STYLE.search(style)
    return float(numbered[0]) if numbered else None


def _url_width(url: str) -> float:
    width = _sure_width(url)
    return _UNKNOWN_STYLE if width is None else width


def _is_none(url: str) -> bool:
    """Whether a url is that of no picture, or of none that belongs to the article."""
    url = url.strip()
    if len(url) > urls.LONGEST or url[:5].lower() == "data:":
        return True
    return bool(_PLACEHOLDER.search(url) or _FURNITURE.search(url) or _TRACKER.match(url))


def _sides(img: Element) -> list[float]:
    """The width and the height in pixels that an `img` is given, as far as it is."""
    given = (img.get(side) or "" for side in ("width", "height"))
    sides = [_number(number) for side in given if (number := side.strip().removesuffix("px").strip()).isdecimal()]
    style = img.get("style")
    if style:
        sides += [float(match["pixels"]) for match in _STYLE_SIZE.finditer(style[:_LONGEST_STYLE])]
    return sides
