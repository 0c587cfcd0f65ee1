"""What comes of a visit to a page, and how it counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

PAGE = "page"
"""Key of `Request.meta`: the address of the row that the request visits. A request that has it goes on with a visit;
one that has not is a page newly found."""

FOUND = "found"
"""Key of `Request.meta`: the `Found` of a page newly found."""


NOT_MODIFIED = 304
"""The status by which a server says that a page is as it was fetched before."""


class State(StrEnum):
    """Where a page stands in the walk."""

    QUEUED = "queued"
    IN_FLIGHT = "in flight"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


class Priority(IntEnum):
    """Which pages of a walk come first."""

    STARTING_POINT = 30
    NEXT_PAGE = 20
    STORY = 10
    WAITING_PAGE = 0
    """A listing's page that waits for the stories before it."""


class Outcome(StrEnum):
    """What came of a visit."""

    ARTICLE = "article"
    LISTING = "listing"
    MENU = "menu"
    SITEMAP = "sitemap"
    FEED = "feed"
    OUTSIDE_WINDOW = "outside window"
    NO_ARTICLE = "no article"
    FORBIDDEN = "forbidden by robots.txt"
    OUT_OF_SCOPE = "out of scope"
    ALIAS = "redirected"
    GONE = "gone"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    ERROR = "error"

    @property
    def state(self) -> State:
        """The state in which this outcome leaves the page."""
        if self is Outcome.GONE:
            return State.GONE
        return State.FAILED if self in FAILURES else State.DONE


FAILURES = frozenset({Outcome.UNREADABLE, Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.ERROR})
"""Outcomes that leave a page unread: another visit may succeed. Every other one accounts for the page."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a walk keeps of a listing: stories published within a window, and how many steps behind them."""

    since: str = ""
    """ISO time in +07:00; '' is no limit."""
    until: str = "~"
    """ISO time in +07:00, exclusive; '~', which follows every time, is no limit."""
    related: int = 0

    def contains(self, other: Reach) -> bool:
        """Whether nothing that `other` would keep is left out."""
        return self.since <= other.since and self.until >= other.until and self.related >= other.related


@dataclass(slots=True)
class Visit:
    """The end of a visit that gave no article to keep; it follows everything else that the page gave.

    A visit that gave an article ends when the article is kept.
    """

    address: str
    """The page's key in the store."""
    outcome: Outcome
    reason: str | None = None
    status: int | None = None
    canonical_url: str | None = None
    """The article's, or where the page redirects to."""
    published: str | None = None
    unchanged: bool = False
    """Whether the site says that the article is as it was fetched before."""


@dataclass(slots=True)
class Found:
    """A page found on the way, before the store decides whether it is to be visited."""

    address: str
    kind: str
    """`menu`, `listing`, `sitemap`, `feeds`, `feed`, `article` or `file`."""
    found_on: str | None = None
    """The page it was found on; None for a starting point."""
    steps: int = 0
    """Steps from that page to this one that count against `related`."""
    priority: int = 0
    asked_for: bool = False
    """Named by the user: visited even if it is known."""
    modified: str | None = None
    """When the source says that the article was changed last: ISO 8601 in +07:00."""
    next_of: str | None = None
    """Of a listing's further page: the listing's first one."""
    covered: Reach | None = None
    """Of a listing's further page: how far an earlier walk had seen the listing, see `Frontier.coverage`."""
    waits_for: tuple[str, ...] = ()
    """Stories that must be older than the window, all of them, for this page not to be visited."""
