"""Where articles are discovered: which sources cover a request.

Sitemaps list whole months with dates of change, feeds the newest articles with their publication times, listings
everything, but without dates. Pure: no network, no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vovcrawl import sections, urls
from vovcrawl.pages import rss, sitemap
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.visits import Discovered, Priority

if TYPE_CHECKING:
    from vovcrawl.crawl.arguments import Arguments
    from vovcrawl.crawl.window import Window

SITEMAP, RSS, LISTING = "sitemap", "rss", "listing"
SOURCES = (SITEMAP, RSS, LISTING)

RSS_INDEX = f"{urls.SITE}/rss"
"""The page that lists the feeds."""

MONTHS_PLANNED = 3
"""Windows of up to so many months are planned from the calendar; for longer ones the index says what exists."""


def months(window: Window, now: datetime) -> list[tuple[int, int]]:
    """The months of a window, from the latest back; none for one without a beginning."""
    if window.start is None:
        return []
    last = min(now, window.end - timedelta(seconds=1)) if window.end is not None else now
    first = window.start.astimezone(VIETNAM)
    last = last.astimezone(VIETNAM)
    year, month = last.year, last.month
    found = []
    while (year, month) >= (first.year, first.month):
        found.append((year, month))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def seeds(arguments: Arguments, now: datetime) -> list[Discovered]:
    """The sources that a crawl begins with."""
    found: list[Discovered] = []
    if SITEMAP in arguments.sources:
        planned = months(arguments.window, now)
        if planned and len(planned) <= MONTHS_PLANNED:
            found += [_source(sitemap.month(*month)) for month in planned]
        else:
            # The running month is in no index, but its sitemap is there.
            running = sitemap.month(now.year, now.month)
            found += [_source(url) for url in (sitemap.INDEX, *sitemaps_within([running], arguments.window, now))]
    if RSS in arguments.sources:
        if arguments.all_sections:
            found.append(Discovered(RSS_INDEX, "feeds", priority=Priority.SEED))
        found += [Discovered(rss.feed_url(path), "feed", priority=Priority.SEED) for path in _paths(arguments.sections)]
    if LISTING in arguments.sources:
        found += listings(arguments)
    return found


def _source(url: str) -> Discovered:
    return Discovered(url, "sitemap", priority=Priority.SEED)


def _paths(listings: Iterable[str]) -> list[str]:
    return [listing.removeprefix(f"{urls.SITE}/") for listing in listings]


def below(listings: Iterable[str]) -> tuple[str, ...]:
    """The urls below which the articles of some sections stand.

    Args:
        listings: urls of the sections' listings.
    """
    return tuple(f"{urls.SITE}/{path}" for listing in _paths(listings) for path in sections.paths_of(listing))


def listings(arguments: Arguments) -> list[Discovered]:
    """The listings of the sections that were asked for, or the menu that names them all."""
    found = [Discovered(f"{urls.SITE}/", "menu", priority=Priority.SEED)] if arguments.all_sections else []
    return found + [Discovered(url, "listing", priority=Priority.SEED) for url in arguments.sections]


def has_just_begun(url: str, now: datetime) -> bool:
    """Whether a sitemap is that of a month whose first day it is: it may be missing or empty."""
    here = now.astimezone(VIETNAM)
    return here.day == 1 and sitemap.month_of(url) == (here.year, here.month)


def month_before(now: datetime) -> str:
    """The url of the sitemap of the month before, which tells a month without articles from a broken sitemap."""
    last = now.astimezone(VIETNAM).replace(day=1) - timedelta(days=1)
    return sitemap.month(last.year, last.month)


def sitemaps_within(found: Sequence[str], window: Window, now: datetime) -> list[str]:
    """Those of an index's sitemaps that can hold articles of the window; one whose month is not known may."""
    planned = set(months(window, now))
    latest = (now.year, now.month)
    if window.end is not None:
        end = (window.end - timedelta(seconds=1)).astimezone(VIETNAM)
        latest = (end.year, end.month)
    return [
        url
        for url in found
        if (month := sitemap.month_of(url)) is None or (month in planned if window.start else month <= latest)
    ]
