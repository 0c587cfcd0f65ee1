"""Feeds: the newest articles of a section with their times of publication, and the page that lists the feeds.

RSS 2.0 as the site serves it; Atom is read as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from vovcrawl import urls
from vovcrawl.pages.document import Document
from vovcrawl.pages.errors import NotAListing, refused_as
from vovcrawl.pages.publication import VIETNAM, from_iso, to_iso
from vovcrawl.pages.xml_records import records
from vovcrawl.text import clean

MOST_ITEMS = 1000
"""Items of one feed that are read; the site's have some dozens."""

LONGEST_HEADLINE = 1000
"""Characters of a headline that are kept."""

_FEED = re.compile(rf"{re.escape(urls.SITE)}/rss/(?:[a-z0-9-]+/)*[a-z0-9-]+\.rss")
_SECTION = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")

_PATHS = {"rss": ("rss", "channel", "item"), "feed": ("feed", "entry")}
_FIELDS = frozenset({"title", "link", "guid", "id", "pubDate", "published"})
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# RFC 822 as RSS asks for it, the weekday and the seconds left out or not, the year in two digits or four; with commas,
# full stops, hyphens and blanks as people put them.
_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9}(?:\.?,\s*|\.?\s+))?(?P<day>\d{1,2})[\s-]\s*(?P<month>[A-Za-z]{3})[A-Za-z]*\.?,?[\s-]\s*"
    r"(?P<year>\d{4}|\d\d),?\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<zone>[A-Za-z+-].*))?",
    re.ASCII,
)
# "+0700" and, common on Vietnamese sites, "GMT+7": both are seven hours east.
_ZONE = re.compile(r"(?:UTC?|GMT|Z)?\s*(?:(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?)?", re.ASCII)
_COMMENT = re.compile(r"\s*\([^()]*\)$")
_LONGEST_DATE = 60


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a feed."""

    url: str
    """Canonical url."""
    published: str | None
    """When it was published, as ISO 8601 in +07:00 to the second; None where the feed gives no time that is sure."""
    headline: str | None
    """Cleaned; None where there is none."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed."""

    items: tuple[Item, ...]
    """The articles in the order of the document, each once, as it is given first."""
    others: int = 0
    """Items left out: without a url of an article in scope."""
    over: int = 0
    """Items beyond `MOST_ITEMS`, which are not read."""
    mended: int = 0
    """Places of the document that are no XML and were read as they were meant."""


def feed_url(section_path: str) -> str:
    """The url of a section's feed: `https://vov.vn/rss/xa-hoi.rss` for `xa-hoi`.

    Raises:
        ValueError: no section has such a path.
    """
    path = section_path.strip("/")
    if not _SECTION.fullmatch(path):
        raise ValueError(f"no path of a section: {section_path!r}")
    return f"{urls.SITE}/rss/{path}.rss"


def is_feed(url: str) -> bool:
    """Whether a url is a feed's, by its form."""
    return _FEED.fullmatch(url) is not None


def find_feeds(html: str | bytes, url: str) -> list[str]:
    """The urls of the feeds that the page links, in its order, each once; empty where it links none.

    Raises:
        NotAListing: the page is oversized.
    """
    with refused_as(NotAListing):
        document = Document.of(html)
    if document is None:
        return []
    found: dict[str, None] = {}
    for link in document.root.iter("a"):
        parsed = urls.parse(link.get("href") or "", url)
        if parsed is not None and _FEED.fullmatch(parsed.listing):
            found[parsed.listing] = None
    return list(found)


def read_feed(body: bytes, url: str) -> Feed:
    """The articles of a feed. A document without items is a feed all the same.

    Args:
        body: the document as served, packed with gzip or not.
        url: the url that answered.

    Raises:
        BrokenSource: as `vovcrawl.pages.xml_records.records` says.
    """
    found = records(body, _PATHS, _FIELDS, MOST_ITEMS)
    items: dict[str, Item] = {}
    others = 0
    for record in found.records:
        article = _article(record, url)
        if article is None:
            others += 1
        elif article not in items:
            headline = clean(record.get("title", ""))[:LONGEST_HEADLINE].rstrip()
            items[article] = Item(article, _published(record), headline or None)
    return Feed(tuple(items.values()), others, found.over, found.mended)


def _article(record: dict[str, str], url: str) -> str | None:
    """The article that an item links, or else that its identifier names, which may be a url as well."""
    for field in ("link", "guid", "id"):
        article = urls.article(record.get(field, ""), url)
        if article is not None:
            return article.url
    return None


def _published(record: dict[str, str]) -> str | None:
    value = record.get("pubDate") or record.get("published") or ""
    if len(value) > _LONGEST_DATE:
        return None
    value = clean(value)
    moment = _from_rfc_822(value) or (from_iso(value) if ":" in value else None)
    return to_iso(moment) if moment is not None else None


def _from_rfc_822(value: str) -> datetime | None:
    """The time in +07:00; without a zone it is Vietnamese time, in a zone that is not known it is none."""
    match = _RFC_822.fullmatch(_COMMENT.sub("", value))
    if match is None or match["month"].lower() not in _MONTHS:
        return None
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    month = _MONTHS.index(match["month"].lower()) + 1
    try:
        return datetime(
            year,
            month,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            int(match["second"] or 0),
            tzinfo=_zone(match["zone"]),
        ).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None


def _zone(name: str | None) -> timezone:
    """The zone that a date names.

    Raises:
        ValueError: it is none that is known.
    """
    if name is None or name.upper() == "ICT":
        return VIETNAM
    match = _ZONE.fullmatch(name.upper())
    if match is None:
        raise ValueError(f"no known zone: {name}")
    offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    return timezone(-offset if match["sign"] == "-" else offset)
