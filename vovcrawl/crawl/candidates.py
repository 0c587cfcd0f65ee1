"""Which articles of a sitemap may lie in the window: a sitemap dates changes, not publication.

Pure: no network, no store.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vovcrawl import urls
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.pages.sitemap import Entry

if TYPE_CHECKING:
    from vovcrawl.crawl.arguments import Arguments
    from vovcrawl.crawl.window import Window

_EDITED_WITHIN = timedelta(days=1)
"""How long before the window an article may have been published and still be asked for, if it was changed within it and
its neighbours do not say that it is older. Ids are given when an article is begun, not when it is published."""

_OUTLIERS = 4
"""So many articles with a later id may have been published long before the others without telling anything."""

_NEVER = datetime.max.replace(tzinfo=VIETNAM)

_LATE_SHARE = 0.02
_LATE_LEAST = 5
"""So many articles after the last one that certainly may lie in the window are asked for too, 2 in 100 of those before
and at least 5: one of the window that was edited after it cannot be told from a later one."""


def of_sections(entries: Iterable[Entry], arguments: Arguments) -> list[Entry]:
    """The entries below the sections that were asked for; a sitemap knows an article's section by its url alone."""
    if arguments.all_sections or not arguments.sections:
        return list(entries)
    return [entry for entry in entries if any(entry.url.startswith(f"{section}/") for section in arguments.sections)]


def candidates(entries: Sequence[Entry], window: Window) -> list[Entry]:
    """The entries that may have been published within the window, in the order of their ids.

    An article is never published after its last change, and ids rise with publication but for a few places. So the
    earliest change among an article and all later ones bounds its publication from above: it tells old articles that
    were edited lately from new ones, and where the articles begin that are younger than the window.
    """
    if window.is_open or all(entry.modified is None for entry in entries):
        return list(entries)
    kept: list[Entry] = []
    for series in _series(entries):
        kept += _within(series, window)
    return kept


def _series(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries in the order of their ids, those of each form of url by themselves."""
    with_post: list[tuple[int, Entry]] = []
    without: list[tuple[int, Entry]] = []
    for entry in entries:
        name = urls.article_id(entry.url) or ""
        number = name.removeprefix("post")
        (with_post if name.startswith("post") else without).append((int(number) if number.isdigit() else 0, entry))
    return [[entry for _, entry in sorted(each, key=lambda pair: pair[0])] for each in (without, with_post)]


def _within(entries: Sequence[Entry], window: Window) -> list[Entry]:
    bounds = _latest_publication(entries)
    end = window.end or _NEVER
    first_late = _first_from(end, (likely for _, likely in bounds))
    last_early = _first_from(end, (latest for latest, _ in bounds))
    begin = window.start - _EDITED_WITHIN if window.start is not None else None
    kept = [
        entry
        for entry, (_, likely) in zip(entries[:first_late], bounds, strict=False)
        if not _changed_before(entry, window) and (begin is None or likely >= begin)
    ]
    allowance = max(_LATE_LEAST, int(len(kept) * _LATE_SHARE))
    sure = min(first_late + _OUTLIERS, last_early) + allowance
    late = list(entries[first_late:sure])
    # Some article with a still later id was published within the window.
    for entry, (_, likely) in zip(entries[sure : last_early + allowance], bounds[sure:], strict=False):
        if _is_out_of_order(entry, likely, end):
            late.append(entry)
    return kept + [entry for entry in late if not _changed_before(entry, window)]


def _first_from(end: datetime, moments: Iterable[datetime]) -> int:
    """The place of the first of the rising moments that is not before `end`, or their number."""
    place = 0
    for moment in moments:
        if moment >= end:
            return place
        place += 1
    return place


def _is_out_of_order(entry: Entry, likely: datetime, end: datetime) -> bool:
    """Whether an entry amid later ones may yet be of the window: it was changed before the window's end, or after more
    of the articles that follow it than the outliers among them, as no article is that is published in its turn."""
    if entry.modified is None:
        return True
    modified = datetime.fromisoformat(entry.modified)
    return modified < end or modified > likely


def _changed_before(entry: Entry, window: Window) -> bool:
    return entry.modified is not None and window.is_before_iso(entry.modified)


def _latest_publication(entries: Sequence[Entry]) -> list[tuple[datetime, datetime]]:
    """For each entry the earliest change among it and the ones after it, and the earliest without a few outliers."""
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
