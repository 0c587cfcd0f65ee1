"""The pages of listings, and where each listing ends: one `Pager` for each listing of a crawl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

from vovcrawl import urls
from vovcrawl.pages.listing import Listing
from vovcrawl.visits import Discovered, ListingEnd, Priority, Reach

MOST_PAGES = 100_000
"""Pages of one listing that are visited: more than all the site's articles ever, at 15 a page."""

FRUITLESS_PAGES = 100
"""So many pages of a listing in a row, some 1,500 articles, without one that can be read end it. Before the crawl goes
beyond so many, it reads the articles."""

_SAMPLE = 3
"""Articles of each page by which that is judged."""
_LONGEST_OF_SAMPLE = 300
"""Characters; real urls are shorter."""

_REMEMBERED = 1_000
"""Articles of a listing, the last ones met, by which a page that shows nothing new is known."""

_BARREN_PAGES = 2


class KnownListings(Protocol):
    """What the store knows of listings; see `vovcrawl.store.ListingStore`."""

    def covered(self, page: str) -> Reach | None:
        """What earlier crawls have kept of the whole listing."""

    def suffices(self, covered: Reach | None) -> bool:
        """Whether this crawl would keep nothing of the known part."""

    def all_known(self, articles: Sequence[str]) -> bool:
        """Whether every one of these articles was settled by an earlier crawl."""

    def any_edited(self, articles: Sequence[str]) -> bool:
        """Whether one of these articles may have been edited since, and nothing but a visit can tell."""

    def any_read(self, articles: Sequence[str]) -> bool:
        """Whether one of these articles was read."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the crawl goes from a page of a listing."""

    end: ListingEnd
    next_page: Discovered | None = None


class Pager:
    """What a crawl has seen of one listing.

    Args:
        first: the url of its first page.
        known: what the store knows of listings.
        most: so many of its pages are visited; None is no limit.
        by_date: whether the crawl's window has a beginning, so that a page waits for the dates of those before it.
        ends_at_known: whether the crawl has no use for pages whose articles are all known.
    """

    def __init__(
        self,
        first: str,
        known: KnownListings,
        *,
        most: int | None = None,
        by_date: bool = False,
        ends_at_known: bool = True,
    ) -> None:
        self.first = first
        self._ends_at_known = ends_at_known
        self._known = known
        self._most = most
        self._by_date = by_date
        self._recent: dict[int, None] = {}
        self._samples: list[list[str]] = []
        self._barren = 0
        self._promised: int | None = None
        self._has_gap = False

    def promises(self, page: int) -> bool:
        """Whether the pager of some page seen so far named this one."""
        return self._promised is not None and self._promised >= page

    def leave_gap(self) -> None:
        """Notes that a page which should show articles showed none: what is seen of the listing is not whole."""
        self._has_gap = True

    def why_endless(self, page: int, articles: Sequence[str]) -> str | None:
        """Why a listing is left at this page, where it seems to have no end."""
        if page >= MOST_PAGES:
            return f"the listing has more than {MOST_PAGES} pages"
        if page % FRUITLESS_PAGES == 0:
            # A crawl that was resumed has not seen all of them.
            if len(self._samples) >= FRUITLESS_PAGES and not self._known.any_read(list(chain(*self._samples))):
                return f"no article on {FRUITLESS_PAGES} pages in a row could be read: left here"
            self._samples.clear()
        self._samples.append([url for url in articles if len(url) <= _LONGEST_OF_SAMPLE][:_SAMPLE])
        return None

    def turn(self, page: int, shown: Listing) -> Turn:
        """Where the crawl goes from a page: to the next, or nowhere at the listing's end, at the limit, or where
        everything below is known and, where the window has a beginning, too old to have been edited."""
        new = self._new(shown.articles)
        if shown.last_page is not None:
            self._promised = max(shown.last_page, self._promised or 0)
        if self._is_end(page, shown, anything_new=bool(new)):
            return Turn(ListingEnd(self.first, whole=not self._has_gap))
        here = urls.nth_page(self.first, page)
        covered = self._known.covered(here)
        is_known = self._known.suffices(covered) and self._known.all_known(shown.articles)
        if is_known and self._ends_at_known and not (self._by_date and self._known.any_edited(shown.articles)):
            return Turn(ListingEnd(self.first, whole=True, retry_failed=True))
        unfinished = ListingEnd(self.first, whole=False)
        if self._most is not None and page + 1 >= self._most:
            return Turn(unfinished)
        # Articles that stick to the top of every page say nothing of where the window ends.
        waits = new if self._by_date or (page + 1) % FRUITLESS_PAGES == 0 else ()
        following = Discovered(
            urls.nth_page(self.first, page + 1),
            "listing",
            discovered_on=here,
            priority=Priority.WAITING_PAGE if waits else Priority.NEXT_PAGE,
            next_of=self.first,
            covered=covered,
            waits_for=waits,
        )
        return Turn(unfinished, following)

    def _new(self, articles: Sequence[str]) -> tuple[str, ...]:
        new = tuple(url for url in articles if hash(url) not in self._recent)
        self._recent.update(dict.fromkeys(map(hash, new)))
        for old in list(islice(self._recent, max(0, len(self._recent) - _REMEMBERED))):
            del self._recent[old]
        return new

    def _is_end(self, page: int, shown: Listing, *, anything_new: bool) -> bool:
        """Whether a listing ends here: by its pager, or where it has nothing new to show.

        Where the pager promises more, one page without anything new may be a slip of the site's; a second is the end.
        """
        if anything_new:
            self._barren = 0
            return shown.last_page is not None and shown.last_page <= page
        self._barren += 1
        promised = shown.last_page is not None and shown.last_page > page
        return not promised or self._barren >= _BARREN_PAGES


class Pagination:
    """The listings that a crawl comes to."""

    def __init__(self, known: KnownListings, *, most: int | None, by_date: bool, ends_at_known: bool = True) -> None:
        self._known = known
        self._most = most
        self._by_date = by_date
        self._ends_at_known = ends_at_known
        self._pagers: dict[str, Pager] = {}

    def of(self, first: str) -> Pager:
        """The pager of the listing with this first page, made where the crawl comes to it."""
        if first not in self._pagers:
            self._pagers[first] = Pager(
                first, self._known, most=self._most, by_date=self._by_date, ends_at_known=self._ends_at_known
            )
        return self._pagers[first]

    def met(self, first: str) -> Pager | None:
        """The pager of a listing that the crawl has come to; None where it has not."""
        return self._pagers.get(first)
