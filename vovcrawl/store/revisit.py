"""Whether a page that is known already is asked for again. Pure: what the store knows comes as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from vovcrawl.visits import Discovered, Outcome, State

_ACCOUNTED = frozenset({Outcome.ARTICLE, Outcome.OUTSIDE_WINDOW, Outcome.NO_ARTICLE, Outcome.ALIAS})
_FEW = 5
"""Fewer contradictions than this do not tell what a source's dates mean."""


class KnownPage(Protocol):
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
        """The date of change that a source gave last."""

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

    def wants(self, known: KnownPage, found: Discovered, crawl: int) -> bool:
        """Whether a known page that `crawl` discovers is visited again.

        A page is visited at most once a crawl. A source is visited anew by each crawl; an article only if it failed, if
        it was left out as outside another window, if the source says that it has been changed or no source says when
        and it is young, or if the user named it.
        """
        if known.crawl == crawl:
            # A url may be named as a page and turn out to be a listing of the crawl.
            return found.kind == "listing" and known.kind == "article" and known.state != State.IN_FLIGHT
        if known.state in (State.QUEUED, State.IN_FLIGHT) or found.kind != "article" or found.requested:
            return True
        if known.outcome == Outcome.OUTSIDE_WINDOW:
            # One that only its id left out has no date yet.
            return not known.published or self.in_window(known.published)
        if known.outcome == Outcome.ARTICLE:
            return self._has_changed(known, found)
        if known.outcome == Outcome.GONE and found.modified is not None:
            return known.source_modified != found.modified
        return known.outcome not in _ACCOUNTED

    def _has_changed(self, known: KnownPage, found: Discovered) -> bool:
        """Whether a known article may be another than the store holds."""
        if not known.published or not self.in_window(known.published):
            return False
        if found.modified is None or not self.trusts_dates:
            # An article that a sitemap dates has its word from there, before or after it is met elsewhere.
            dated = self.reads_dates_of_change and self.trusts_dates and known.source_modified is not None
            return not dated and self.may_have_changed(known.published)
        if known.source_modified is not None:
            return found.modified != known.source_modified
        # A source met for the first time says nothing new where it gives a date that the page gave itself.
        return found.modified > max(known.date_modified or "", known.published)


def dates_are_of_change(edited: Iterable[tuple[str, str]]) -> bool:
    """Whether sources have dated edited articles by their edits; what nothing contradicts is believed.

    Args:
        edited: of articles that were edited after publication, the date that a source gave and the page's own date of
            change.
    """
    by_edit = [given >= changed for given, changed in edited]
    contradictions = by_edit.count(False)
    return contradictions < _FEW or contradictions < len(by_edit) / 2
