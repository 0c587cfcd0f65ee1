"""Days from which on articles are read otherwise than before: another template, or a field that is missing. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import sqrt

_AROUND = 14
"""Days with articles on either side that are compared."""

_NEAR = 60
"""Days from there at most: what few articles of other years have says nothing of it."""

_FEWEST = 10
"""Articles that there must be on either side."""

_LEAST = 0.5
"""By so much the share of articles must rise or fall: contents differ from week to week by less."""

_SURE = 4.4
"""Standard errors between the shares: by chance once in 100,000 days, since there are many days and fields."""

_MOST = 8
"""Changes of one thing that are looked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """A day from which on more, or fewer, articles share something."""

    day: date
    what: str
    before: float
    """Share of the articles of the days before."""
    after: float

    @property
    def rise(self) -> float:
        """By how much the share rose; below 0 where it fell."""
        return self.after - self.before


def changes(what: str, having: Mapping[date, int], totals: Mapping[date, int]) -> list[Change]:
    """The days on which the share of articles that share something changed by half of all articles and more.

    Args:
        what: what they share.
        having: how many articles of each day do.
        totals: articles of each day that has any.
    """
    days = sorted(totals)
    numbers = [day.toordinal() for day in days]
    all_up_to = [0, *accumulate(totals[day] for day in days)]
    having_up_to = [0, *accumulate(having.get(day, 0) for day in days)]
    found: dict[int, Change] = {}
    for place in range(1, len(days)):
        start = max(place - _AROUND, bisect_left(numbers, numbers[place] - _NEAR))
        end = min(place + _AROUND, bisect_right(numbers, numbers[place] + _NEAR))
        before = all_up_to[place] - all_up_to[start], having_up_to[place] - having_up_to[start]
        after = all_up_to[end] - all_up_to[place], having_up_to[end] - having_up_to[place]
        if _differ(before, after):
            found[place] = Change(days[place], what, before[1] / before[0], after[1] / after[0])
    chosen: list[Change] = []
    while found and len(chosen) < _MOST:
        # Around a change, days are only less far from it.
        best = max(found, key=lambda place: (abs(found[place].rise), -place))
        chosen.append(found[best])
        at = bisect_left(days, found[best].day)
        found = {place: change for place, change in found.items() if abs(place - at) > _AROUND}
    return sorted(chosen, key=lambda change: change.day)


def _differ(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether shares differ by more than contents and chance make them; each is given as all and those of them that
    have it."""
    if min(before[0], after[0]) < _FEWEST:
        return False
    rise = after[1] / after[0] - before[1] / before[0]
    share = (before[1] + after[1]) / (before[0] + after[0])
    error = sqrt(share * (1 - share) * (1 / before[0] + 1 / after[0]))
    return abs(rise) >= max(_LEAST, _SURE * error)
