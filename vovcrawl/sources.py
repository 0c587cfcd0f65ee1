"""Where articles are discovered: which sources cover a request, and what of them to visit.

Sitemaps list whole months with dates of change, feeds the newest stories with their publication times, listings
everything, but without dates. Pure: no network, no store.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vovcrawl import addresses
from vovcrawl.pages import rss, sitemap
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.pages.sitemap import Entry
from vovcrawl.visits import Found, Priority

if TYPE_CHECKING:
    from vovcrawl.arguments import Arguments, Window

SITEMAP, RSS, LISTING = "sitemap", "rss", "listing"
SOURCES = (SITEMAP, RSS, LISTING)

RSS_INDEX = f"{addresses.SITE}/rss"
"""The page that lists the feeds."""

MONTHS_PLANNED = 3
"""Windows of up to so many months are planned from the calendar; for longer ones the index says what exists."""

_EDITED_WITHIN = timedelta(days=1)
"""How long before the window a story may have been published and still be asked for, if it was changed within it and
its neighbours do not tell that it is older. Ids are given when a story is begun, not when it is published."""

_OUTLIERS = 4
"""So many stories with a later id may have been published long before the others without telling anything."""

_NEVER = datetime.max.replace(tzinfo=VIETNAM)

_LATE_SHARE = 0.02
_LATE_LEAST = 5
"""So many stories behind the last one that certainly may lie in the window are asked for too, 2 in 100 of those before
and at least 5: one of the window that was edited behind it cannot be told from a later one."""


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


def starting_points(arguments: Arguments, now: datetime) -> list[Found]:
    """The sources that a walk begins with."""
    found: list[Found] = []
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
            found.append(Found(RSS_INDEX, "feeds", priority=Priority.STARTING_POINT))
        found += [
            Found(rss.feed_url(path), "feed", priority=Priority.STARTING_POINT) for path in _paths(arguments.sections)
        ]
    if LISTING in arguments.sources:
        found += listings(arguments)
    return found


def _source(address: str) -> Found:
    return Found(address, "sitemap", priority=Priority.STARTING_POINT)


def _paths(sections: Iterable[str]) -> list[str]:
    return [section.removeprefix(f"{addresses.SITE}/") for section in sections]


def listings(arguments: Arguments) -> list[Found]:
    """The listings of the sections that were asked for, or the menu that names them all."""
    found = [Found(f"{addresses.SITE}/", "menu", priority=Priority.STARTING_POINT)] if arguments.all_sections else []
    return found + [Found(url, "listing", priority=Priority.STARTING_POINT) for url in arguments.sections]


def sitemaps_within(found: Sequence[str], window: Window, now: datetime) -> list[str]:
    """Those of an index's sitemaps that can hold stories of the window; one whose month is not told may."""
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


def of_sections(entries: Iterable[Entry], arguments: Arguments) -> list[Entry]:
    """The entries below the sections that were asked for; a sitemap knows a story's section by its address alone."""
    if arguments.all_sections or not arguments.sections:
        return list(entries)
    return [entry for entry in entries if any(entry.url.startswith(f"{section}/") for section in arguments.sections)]


def candidates(entries: Sequence[Entry], window: Window) -> list[Entry]:
    """The entries that may have been published within the window, in the order of their ids.

    A story is never published after its last change, and ids rise with publication but for a few places. So the
    earliest change among a story and all later ones bounds its publication from above: it tells old stories that were
    edited lately from new ones, and where the stories begin that are younger than the window.
    """
    if window.is_open or all(entry.modified is None for entry in entries):
        return list(entries)
    kept: list[Entry] = []
    for series in _series(entries):
        kept += _within(series, window)
    return kept


def _series(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries in the order of their ids, those of each form of address by themselves."""
    with_post: list[tuple[int, Entry]] = []
    without: list[tuple[int, Entry]] = []
    for entry in entries:
        name = addresses.story_id(entry.url) or ""
        number = name.removeprefix("post")
        (with_post if name.startswith("post") else without).append((int(number) if number.isdigit() else 0, entry))
    return [[entry for _, entry in sorted(each, key=lambda pair: pair[0])] for each in (without, with_post)]


def _within(entries: Sequence[Entry], window: Window) -> list[Entry]:
    bounds = _latest_publication(entries)
    first_late = next(
        (place for place, (latest, _) in enumerate(bounds) if window.end is not None and latest >= window.end),
        len(entries),
    )
    begin = window.start - _EDITED_WITHIN if window.start is not None else None
    kept = [
        entry
        for entry, (_, likely) in zip(entries[:first_late], bounds, strict=False)
        if not _changed_before(entry, window) and (begin is None or likely >= begin)
    ]
    allowance = max(_LATE_LEAST, int(len(kept) * _LATE_SHARE))
    return kept + list(entries[first_late : first_late + allowance])


def _changed_before(entry: Entry, window: Window) -> bool:
    return entry.modified is not None and window.is_before_iso(entry.modified)


def _latest_publication(entries: Sequence[Entry]) -> list[tuple[datetime, datetime]]:
    """For each entry the earliest change among it and the ones behind it, and the earliest without a few outliers."""
    earliest: list[datetime] = []
    bounds: list[tuple[datetime, datetime]] = []
    for entry in reversed(entries):
        if entry.modified is not None:
            insort(earliest, datetime.fromisoformat(entry.modified))
            del earliest[_OUTLIERS + 1 :]
        likely = earliest[_OUTLIERS] if len(earliest) > _OUTLIERS else _NEVER
        bounds.append((earliest[0] if earliest else _NEVER, likely))
    bounds.reverse()
    return bounds
