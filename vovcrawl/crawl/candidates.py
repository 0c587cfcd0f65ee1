"""Which articles of a sitemap may lie in the window: a sitemap dates changes, not publication.

Pure: no network, no store.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from vovcrawl import urls
from vovcrawl.crawl import sources
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.pages.sitemap import Entry

if TYPE_CHECKING:
    from vovcrawl.crawl.arguments import Arguments
    from vovcrawl.crawl.window import Window

_BEGUN_BEFORE = timedelta(days=2)
"""How long before the window an article's id may have been given: when it is begun, not when it is published."""

_NEIGHBOURS = 20
"""So many articles on either side say whether one lies before the window."""

_LEAST_NEIGHBOURS = 5
"""With fewer of them that is in doubt, and the article asked for."""

_MOSTLY = 0.6
"""And it is unless so large a part of them, on either side, says so."""

_OUTLIERS = 4
"""So many articles with a later id may have been changed before the window's end without telling anything."""

_NEVER = datetime.max.replace(tzinfo=VIETNAM)

_LATE_SHARE = 0.02
_LATE_LEAST = 5
"""So many articles after the last one that certainly may lie in the window are asked for too, 2 in 100 of those before
and at least 5: one of the window that was edited after it cannot be told from a later one."""


class Candidates(NamedTuple):
    """What a window has to do with the entries of a sitemap."""

    wanted: list[Entry]
    """Those that may have been published within it."""
    left_out: list[Entry]
    """Those that were changed within it, but that the articles around them say are older."""


def of_sections(entries: Iterable[Entry], arguments: Arguments) -> list[Entry]:
    """The entries of the sections that were asked for; a sitemap knows an article's section by its url alone."""
    if arguments.all_sections or not arguments.sections:
        return list(entries)
    below = tuple(f"{url}/" for url in sources.below(arguments.sections))
    # Before 2013 sections had capitals.
    return [entry for entry in entries if entry.url.lower().startswith(below)]


def candidates(entries: Sequence[Entry], window: Window) -> Candidates:
    """The entries that may have been published within the window, in the order of their ids.

    An article is never published after its last change, and ids rise with publication but for some places. So most of
    the articles around an old one that was edited lately were last changed before the window; and the earliest change
    among an article and all later ones bounds its publication from above, which tells where the articles begin that
    are younger than the window.
    """
    if window.is_open or all(entry.modified is None for entry in entries):
        return Candidates(list(entries), [])
    found = Candidates([], [])
    for series in _series(entries):
        within = _within(series, window)
        found.wanted.extend(within.wanted)
        found.left_out.extend(within.left_out)
    return found


def _series(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries in the order of their ids, those of each form of url by themselves."""
    with_post: list[tuple[int, Entry]] = []
    without: list[tuple[int, Entry]] = []
    for entry in entries:
        name = urls.article_id(entry.url) or ""
        number = name.removeprefix("post")
        (with_post if name.startswith("post") else without).append((int(number) if number.isdigit() else 0, entry))
    return [[entry for _, entry in sorted(each, key=lambda pair: pair[0])] for each in (without, with_post)]


def _within(entries: Sequence[Entry], window: Window) -> Candidates:
    around = _Neighbourhoods(entries, window)
    bounds = _latest_publication(entries, around)
    end = window.end or _NEVER
    first_late = _first_from(end, (likely for _, likely in bounds))
    last_early = _first_from(end, (latest for latest, _ in bounds))
    kept: list[Entry] = []
    left_out: list[Entry] = []
    for place, entry in enumerate(entries[:first_late]):
        if not _changed_before(entry, window):
            (left_out if around.are_before(place) else kept).append(entry)
    allowance = max(_LATE_LEAST, int(len(kept) * _LATE_SHARE))
    sure = min(first_late + _OUTLIERS, last_early) + allowance
    late = list(entries[first_late:sure])
    # Some article with a still later id was published within the window.
    for entry, (_, likely) in zip(entries[sure : last_early + allowance], bounds[sure:], strict=False):
        if _is_out_of_order(entry, likely, end):
            late.append(entry)
    return Candidates(kept + [entry for entry in late if not _changed_before(entry, window)], left_out)


class _Neighbourhoods:
    """What the articles around each one say of it, in a series that rises by id."""

    def __init__(self, entries: Sequence[Entry], window: Window) -> None:
        before = window.start - _BEGUN_BEFORE if window.start is not None else None
        moments = [datetime.fromisoformat(entry.modified) if entry.modified is not None else None for entry in entries]
        self._is_before = [moment is not None and before is not None and moment < before for moment in moments]
        self._dated = list(accumulate((moment is not None for moment in moments), initial=0))
        self._before = list(accumulate(self._is_before, initial=0))

    def _share(self, first: int, end: int) -> float | None:
        """Which part of the dated articles in these places was last changed well before the window; None: too few."""
        first, end = max(0, first), min(end, len(self._is_before))
        dated = self._dated[end] - self._dated[first] if end > first else 0
        return (self._before[end] - self._before[first]) / dated if dated >= _LEAST_NEIGHBOURS else None

    def are_before(self, place: int) -> bool:
        """Whether the articles on both sides lie before the window, so that this one does, whenever it was changed."""
        shares = self._share(place - _NEIGHBOURS, place), self._share(place + 1, place + 1 + _NEIGHBOURS)
        return all(share is not None and share >= _MOSTLY for share in shares)

    def is_misplaced(self, place: int) -> bool:
        """Whether an article lies before the window, but not those before it."""
        share = self._share(place - _NEIGHBOURS, place)
        return self._is_before[place] and share is not None and share < _MOSTLY


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


def _latest_publication(entries: Sequence[Entry], around: _Neighbourhoods) -> list[tuple[datetime, datetime]]:
    """For each entry the earliest change among it and the ones after it, and the earliest without a few outliers.

    One that is misplaced tells nothing.
    """
    earliest: list[datetime] = []
    bounds: list[tuple[datetime, datetime]] = []
    for place, entry in reversed(list(enumerate(entries))):
        if entry.modified is not None and not around.is_misplaced(place):
            insort(earliest, datetime.fromisoformat(entry.modified))
            del earliest[_OUTLIERS + 1 :]
        likely = earliest[_OUTLIERS] if len(earliest) > _OUTLIERS else _NEVER
        bounds.append((earliest[0] if earliest else _NEVER, likely))
    bounds.reverse()
    return bounds
