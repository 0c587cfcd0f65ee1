"""Sitemaps: the articles of a month, and the index of the months.

The format is that of sitemaps.org. As the site lays it out, the index names a sitemap per month; the running month is
not in it, yet its sitemap answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vovcrawl import urls
from vovcrawl.pages.publication import from_iso, to_iso
from vovcrawl.pages.xml_records import records

INDEX = f"{urls.SITE}/sitemap.xml"
"""The url of the index."""

MOST_ENTRIES = 50_000
"""Entries of one sitemap that are read; the protocol allows no more."""

MOST_SITEMAPS = 500
"""Sitemaps of one index that are named; the site's has one for each month."""

_MONTH = re.compile(rf"{re.escape(urls.SITE)}/sitemaps/([0-9]{{4}})/([0-9]{{1,2}})/article\.xml")
_SITEMAP = re.compile(
    rf"{re.escape(urls.SITE)}/sitemaps/(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\.xml(?:\?.*)?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_AND_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].+")
_ARTICLES = ("urlset", "url")
_MONTHS = ("sitemapindex", "sitemap")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a sitemap."""

    url: str
    """Canonical url."""
    modified: str | None
    """The `lastmod`, as ISO 8601 in +07:00 to the second; None where there is none or it is no date.

    A day without a time counts as its last second, so that a change in the course of the day is not missed."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One sitemap: of a month with `entries`, or the index with `sitemaps`."""

    entries: tuple[Entry, ...] = ()
    """The articles in the order of the document, each once, with its latest `lastmod`."""
    sitemaps: tuple[str, ...] = ()
    """The urls that an index names, in its order, each once."""
    others: int = 0
    """Entries left out: no url in scope, or none of an article (in an index: of a sitemap)."""
    over: int = 0
    """Entries beyond `MOST_ENTRIES`, which are not read, and sitemaps beyond `MOST_SITEMAPS`."""
    mended: int = 0
    """Places of the document that are no XML and were read as they were meant."""


def is_sitemap(url: str) -> bool:
    """Whether a url is a sitemap's, by its form."""
    return url == INDEX or _SITEMAP.fullmatch(url) is not None


def month(year: int, month: int) -> str:
    """The url of a month's sitemap, `https://vov.vn/sitemaps/2026/7/article.xml`.

    Raises:
        ValueError: there is no such month.
    """
    if not (1000 <= year <= 9999 and 1 <= month <= 12):
        raise ValueError(f"no month: {year}/{month}")
    return f"{urls.SITE}/sitemaps/{year}/{month}/article.xml"


def month_of(url: str) -> tuple[int, int] | None:
    """The year and month whose sitemap has this url; None if it is no month's sitemap."""
    parsed = urls.parse(url)
    match = _MONTH.fullmatch(parsed.listing) if parsed is not None else None
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return int(match[1]), int(match[2])


def read(body: bytes, url: str) -> Sitemap:
    """What a sitemap or the index of sitemaps names. A document without entries is a sitemap all the same.

    Args:
        body: the document as served, packed with gzip or not.
        url: the url that answered.

    Raises:
        BrokenSource: as `records` says.
    """
    found = records(body, {"urlset": _ARTICLES, "sitemapindex": _MONTHS}, frozenset({"loc", "lastmod"}), MOST_ENTRIES)
    articles: dict[str, str | None] = {}
    sitemaps: dict[str, None] = {}
    others = 0
    over = found.over
    for record in found.records:
        parsed = urls.parse(record.get("loc", ""), url)
        if parsed is None:
            others += 1
        elif found.root == "sitemapindex":
            if not _SITEMAP.fullmatch(parsed.url):
                others += 1
            elif len(sitemaps) < MOST_SITEMAPS or parsed.url in sitemaps:
                sitemaps[parsed.url] = None
            else:
                over += 1
        elif parsed.kind is urls.Kind.ARTICLE:
            modified = _modified(record.get("lastmod", ""))
            before = articles.get(parsed.url)
            # All in one offset and of one form, so the later one is the greater one.
            articles[parsed.url] = max(modified, before) if modified and before else modified or before
        else:
            others += 1
    entries = tuple(Entry(article, modified) for article, modified in articles.items())
    return Sitemap(entries, tuple(sitemaps), others, over, found.mended)


def _modified(value: str) -> str | None:
    if _DAY.fullmatch(value):
        moment = from_iso(f"{value}T23:59:59")
    elif _DAY_AND_TIME.fullmatch(value):
        moment = from_iso(value)
    else:
        return None
    return to_iso(moment) if moment is not None else None
