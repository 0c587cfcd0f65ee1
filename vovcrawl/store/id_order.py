"""What ids tell of publication: they rise with it, but for a few articles that were begun long before."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select, union

from vovcrawl import urls
from vovcrawl.store.tables import pages

WITNESSES = 5
"""So many articles must agree before an id counts: single ones are given long before publication."""

_SHARE = 0.2
"""And so large a part of all that are known on that side of the window: some articles have an id out of all order."""

_OBJECTIONS = 3
"""So many articles that say the opposite leave it in doubt."""

_REMEMBERED = 500
"""Articles on either side of the window whose ids are remembered, those that were learnt first."""

_NEIGHBOURS = 200
"""So many articles on either side of both its ends are looked at for what their ids tell."""


def _neighbours(condition: ColumnElement[bool], *, latest: bool) -> Any:
    order = pages.c.published.desc() if latest else pages.c.published
    found = select(pages.c.url, pages.c.published).where(condition).order_by(order).limit(_NEIGHBOURS)
    return select(found.subquery())


_NEAR_THE_WINDOW = union(
    _neighbours(pages.c.published < bindparam("long_before"), latest=True),
    _neighbours(pages.c.published >= bindparam("long_before"), latest=False),
    _neighbours(pages.c.published < bindparam("long_after"), latest=True),
    _neighbours(pages.c.published >= bindparam("long_after"), latest=False),
)


class IdOrder:
    """Which ids certainly lie outside a window, by those of articles whose publication time is known.

    Args:
        long_before: articles with an earlier id than those published before this time lie before the window; as
            records write times, '' for none.
        long_after: articles with a later id than those published from this time on lie after it; '~' for none.
    """

    def __init__(self, long_before: str = "", long_after: str = "~") -> None:
        self._long_before = long_before
        self._long_after = long_after
        # Rising ids, by the form of url.
        self._before: dict[bool, list[int]] = {True: [], False: []}
        self._not_before: dict[bool, list[int]] = {True: [], False: []}
        self._after: dict[bool, list[int]] = {True: [], False: []}
        self._not_after: dict[bool, list[int]] = {True: [], False: []}

    def learn_known(self, connection: Connection) -> None:
        """Learns from the articles of the store that were published closest to the window's ends."""
        values = {"long_before": self._long_before, "long_after": self._long_after}
        for row in connection.execute(_NEAR_THE_WINDOW, values):
            self.learn(row.url, row.published)

    def learn(self, url: str, published: str) -> None:
        """Learns from an article whose publication time is known."""
        form, number = _id(url)
        if number is None:
            return
        is_after, is_before = published >= self._long_after, published < self._long_before
        if is_after and len(self._after[form]) < _REMEMBERED:
            insort(self._after[form], number)
        if is_before and len(self._before[form]) < _REMEMBERED:
            insort(self._before[form], number)
        # Of those that object the first ones matter.
        if not is_before:
            insort(self._not_before[form], number)
            del self._not_before[form][_OBJECTIONS:]
        if not is_after:
            insort(self._not_after[form], -number)
            del self._not_after[form][_OBJECTIONS:]

    def is_after(self, url: str) -> bool:
        """Whether enough articles with an earlier id were published long after the window, and few with a later id
        were not."""
        form, number = _id(url)
        if number is None:
            return False
        agreeing = bisect_left(self._after[form], number)
        objecting = bisect_left(self._not_after[form], -number)
        return agreeing >= _enough(self._after[form]) and objecting < _OBJECTIONS

    def is_before(self, url: str) -> bool:
        """Whether enough articles with a later id were published long before the window, and few with an earlier id
        were not."""
        form, number = _id(url)
        if number is None:
            return False
        agreeing = len(self._before[form]) - bisect_left(self._before[form], number)
        objecting = bisect_left(self._not_before[form], number)
        return agreeing >= _enough(self._before[form]) and objecting < _OBJECTIONS


def _enough(known: list[int]) -> int:
    return max(WITNESSES, int(len(known) * _SHARE))


def _id(url: str) -> tuple[bool, int | None]:
    """Whether the url has the form with "post", and the number of its article."""
    name = urls.article_id(url) or ""
    digits = name.removeprefix("post")
    return name != digits, int(digits) if digits.isascii() and digits.isdigit() else None
