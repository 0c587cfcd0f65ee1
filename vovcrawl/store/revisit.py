"""Whether a page that is known already is asked for again. Pure: what the store knows comes as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from vovcrawl.visits import Discovered, Outcome, State

_ACCOUNTED = frozenset({Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW, Outcome.NO_ARTICLE, Outcome.ALIAS})
CONFIRMED_AFTER = timedelta(days=1)
"""An article that a source lists is gone when the site has said so twice, at least so far apart."""

_PAUSE = 0.25
"""Until an unread page is asked for again, as a part of the time since it was found unread."""


class UnreadPage(Protocol):
    """A row of `pages`, for whether it is time to ask again."""

    @property
    def visited_at(self) -> str | None:
        """When the last visit ended, in UTC, as the crawl that made it reckoned."""

    @property
    def unread_since(self) -> str | None:
        """Since when every visit has ended without the page, or without the article that a source lists; as
        `visited_at`."""


class KnownPage(UnreadPage, Protocol):
    """A row of `pages`, with the date of change of the article that it leads to."""

    @property
    def kind(self) -> str:
        """As in `Discovered`."""

    @property
    def state(self) -> str:
        """A `State`."""

    @property
    def outcome(self) -> str | None:
        """How the last visit ended: an `Outcome`."""

    @property
    def crawl(self) -> int:
        """The crawl that came to it last."""

    @property
    def published(self) -> str | None:
        """Publication time of its article."""

    @property
    def source_modified(self) -> str | None:
        """The date of change that a source gave when it was fetched last."""

    @property
    def date_modified(self) -> str | None:
        """The date of change that the article itself gives."""


@dataclass(slots=True)
class RevisitPolicy:
    """What a crawl wants of pages that are known."""

    in_window: Callable[[str], bool] = lambda published: True
    """Says of a publication time whether its article is asked for."""
    may_have_changed: Callable[[str], bool] = lambda published: False
    """Says of a publication time whether its article is young enough to be asked for again where no source says when
    it was changed."""
    reads_dates_of_change: bool = False
    """Whether a source of this crawl gives dates of change."""
    trusts_dates: bool = True
    """Whether the dates that sources give are those of the last change, and not of publication."""
    keeps_fresh: Callable[[str], bool] = lambda published: False
    """Says of a publication time outside the window whether the article is visited again if a source dates it as
    changed."""
    now: datetime | None = None
    """The moment from which ages are reckoned; None leaves them out of account."""
    asks_gone_for: timedelta = timedelta(days=30)
    """How long an article that a source lists, and that the site says is gone, is asked for again."""

    def wants(self, known: KnownPage, found: Discovered, crawl: int) -> bool:
        """Whether a known page that `crawl` discovers is visited again.

        A page is visited once a crawl, but for one that a source dates as changed since. A source is visited anew by
        each crawl; an article only if it failed, if it was left out as outside another window, if the source says that
        it has been changed or no source says when and it is young, if it was gone, after a pause, or if the user named
        it; a file of an archive with many pages if it was written to.
        """
        if found.delisted:
            return known.crawl != crawl and known.outcome in (Outcome.ARTICLE, Outcome.GONE)
        if found.if_known:
            return known.crawl != crawl and self._wants_outside(known, found)
        if known.crawl == crawl:
            # A url may be named as a page and turn out to be a listing of the crawl.
            if found.kind == "listing" and known.kind == "article":
                return known.state != State.IN_FLIGHT
            # Another source of the crawl may have named it before, without a date.
            is_settled = known.state == State.DONE and known.outcome == Outcome.ARTICLE
            return is_settled and known.source_modified is not None and self._has_changed(known, found)
        if known.outcome == Outcome.ARCHIVE and known.state == State.DONE and not found.requested:
            # Read to its end, unless it was written to since.
            return found.modified != known.source_modified
        if known.state in (State.QUEUED, State.IN_FLIGHT) or found.kind != "article" or found.requested:
            return True
        if known.outcome == Outcome.OUTSIDE_WINDOW:
            # One that only its id left out has no date yet.
            return not known.published or self.in_window(known.published)
        if known.outcome == Outcome.ARTICLE:
            return self._has_changed(known, found)
        if known.outcome == Outcome.GONE:
            return self.is_due(known) or _is_dated_anew(known, found)
        if known.outcome in _ACCOUNTED:
            # What was no article then may be one by now.
            has_changed = known.source_modified is not None and _is_dated_anew(known, found)
            return has_changed or (known.unread_since is not None and self.is_due(known))
        return True

    def may_be_stale(self, published: str) -> bool:
        """Whether a known article with this publication time is visited again where it is met: no source tells of a
        change."""
        no_word = not (self.reads_dates_of_change and self.trusts_dates)
        return no_word and self.in_window(published) and self.may_have_changed(published)

    def _wants_outside(self, known: KnownPage, found: Discovered) -> bool:
        """Whether a known page is visited again that a source lists and that lies outside the window."""
        if known.state in (State.QUEUED, State.IN_FLIGHT):
            return False
        if known.outcome == Outcome.ARTICLE:
            return self._has_changed(known, found)
        if known.unread_since is None:
            return False
        # It may have lain in the window when it was asked for.
        is_young = found.modified is not None and self.keeps_fresh(known.published or found.modified)
        return is_young and (self.is_due(known) or (known.outcome == Outcome.GONE and _is_dated_anew(known, found)))

    def is_due(self, known: UnreadPage) -> bool:
        """Whether it is time to ask again for an unread page: at once the first time, then after growing pauses.

        A pause is a quarter as long as all the time before, so that by three crawls a day a page that comes back within
        two days is met by the next one, and one that stays away is asked for some thirty times in thirty days.
        """
        if self.now is None or known.unread_since is None or known.visited_at is None:
            return True
        first, last = datetime.fromisoformat(known.unread_since), datetime.fromisoformat(known.visited_at)
        if self.now - first > self.asks_gone_for:
            return False
        confirms = last - first < CONFIRMED_AFTER <= self.now - first
        return confirms or self.now - last >= (last - first) * _PAUSE

    def _has_changed(self, known: KnownPage, found: Discovered) -> bool:
        """Whether a known article may be another than the store holds."""
        if not known.published:
            return False
        by_date = found.modified is not None and self.trusts_dates
        if not self.in_window(known.published) and not (by_date and self.keeps_fresh(known.published)):
            return False
        if found.modified is None or not self.trusts_dates:
            # An article that a sitemap dates has its word from there, before or after it is met elsewhere.
            dated = self.reads_dates_of_change and self.trusts_dates and known.source_modified is not None
            return not dated and self.may_have_changed(known.published)
        if known.source_modified is not None:
            return found.modified != known.source_modified
        # A source met for the first time says nothing new where it gives a date that the page gave itself.
        return found.modified > max(known.date_modified or "", known.published)


def _is_dated_anew(known: KnownPage, found: Discovered) -> bool:
    """Whether a source gives another date of change than when the page was visited last."""
    return found.modified is not None and found.modified != known.source_modified


def dates_are_of_change(edited: Iterable[tuple[str, str]]) -> bool:
    """Whether sources have dated most edited articles by their edits; what nothing contradicts is believed.

    Args:
        edited: of articles that were edited after publication, the date that a source gave and the page's own date of
            change.
    """
    by_edit = [given >= changed for given, changed in edited]
    contradictions = by_edit.count(False)
    # In doubt a few unchanged articles are asked for; the other mistake would leave edits unseen.
    return not contradictions or contradictions < len(by_edit) / 2
