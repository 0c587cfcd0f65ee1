"""What ids tell of publication: they rise with it, but for a few articles that were begun long before."""

from __future__ import annotations

from bisect import insort

from sqlalchemy import Connection, bindparam, select, union_all

from vovcrawl import urls
from vovcrawl.store.tables import pages

WITNESSES = 5
"""So many articles must agree before an id counts: single ones are given long before publication."""

_NEIGHBOURS = 200
"""So many articles on either side of the window are looked at for what their ids tell."""
_NEAR_THE_WINDOW = union_all(
    select(
        select(pages.c.url, pages.c.published)
        .where(pages.c.published < bindparam("long_before"))
        .order_by(pages.c.published.desc())
        .limit(_NEIGHBOURS)
        .subquery()
    ),
    select(
        select(pages.c.url, pages.c.published)
        .where(pages.c.published >= bindparam("long_after"))
        .order_by(pages.c.published)
        .limit(_NEIGHBOURS)
        .subquery()
    ),
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
        # Ids of each form of url, those that tell most first.
        self._latest_before: dict[bool, list[int]] = {True: [], False: []}
        self._earliest_after: dict[bool, list[int]] = {True: [], False: []}

    def learn_known(self, connection: Connection) -> None:
        """Learns from the articles of the store that were published closest to the window."""
        values = {"long_before": self._long_before, "long_after": self._long_after}
        for row in connection.execute(_NEAR_THE_WINDOW, values):
            self.learn(row.url, row.published)

    def learn(self, url: str, published: str) -> None:
        """Learns from an article whose publication time is known."""
        form, number = _id(url)
        if number is None:
            return
        if published >= self._long_after:
            insort(self._earliest_after[form], number)
            del self._earliest_after[form][WITNESSES:]
        elif published < self._long_before:
            insort(self._latest_before[form], -number)
            del self._latest_before[form][WITNESSES:]

    def is_after(self, url: str) -> bool:
        """Whether enough articles with an earlier id were published long after the window."""
        form, number = _id(url)
        known = self._earliest_after[form]
        return number is not None and len(known) == WITNESSES and number > known[-1]

    def is_before(self, url: str) -> bool:
        """Whether enough articles with a later id were published long before the window."""
        form, number = _id(url)
        known = self._latest_before[form]
        return number is not None and len(known) == WITNESSES and -number > known[-1]


def _id(url: str) -> tuple[bool, int | None]:
    """Whether the url has the form with "post", and the number of its article."""
    name = urls.article_id(url) or ""
    digits = name.removeprefix("post")
    return name != digits, int(digits) if digits.isascii() and digits.isdigit() else None
