"""A page of a crawl: how it was discovered, and what a visit to it gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vovcrawl.crawl.drift import Shape
    from vovcrawl.evidence import Evidence
    from vovcrawl.items import Article

PAGE = "page"
"""Key of `Request.meta`: the url of the row of `pages` that the request visits."""

DISCOVERED = "discovered"
"""Key of `Request.meta`: the `Discovered` of a page that the store may or may not queue."""

REFUSED = "refused"
"""Key of `Request.meta`: why the request is not to be sent."""

RECORD = "record"
"""Key of `Request.meta`: the record of a WARC file to which the response was written, see `warc_writing.Written`."""

RENDERED, UNRENDERED = "rendered", "unrendered"
"""Flags of a response: its page is as a browser has rendered it; it was to be rendered, and is as served. They become
warnings of the article that is read from it."""

SERVED = "served"
"""Key of `Request.meta`: the response as it was served, of a page that was rendered."""

NOT_MODIFIED = 304
"""The status by which a server says that a page is as it was when it was fetched before."""


class State(StrEnum):
    """Where a page stands in the queue."""

    QUEUED = "queued"
    IN_FLIGHT = "in flight"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


class Priority(IntEnum):
    """Which pages of a crawl come first."""

    SEED = 30
    NEXT_PAGE = 20
    ARTICLE = 10
    WAITING_PAGE = 0
    """A listing's page that waits for the articles before it."""
    EARLIER_MONTH = -10
    """A sitemap that may date known articles as changed."""


class Outcome(StrEnum):
    """How a visit ended."""

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
    ARCHIVE = "archive"
    """Of a file of an archive that holds many pages: it was read to its end."""
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


MOST_KILLS = 3
"""A page that was in flight at so many kills is given up: it is asked for again only where the user names it."""

GIVEN_UP = "the crawl was killed three times while reading it"
"""The reason of a page that was given up, by which it is known that somebody was told of it."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a crawl keeps of a listing: articles published within a window, and how many steps beyond them."""

    since: str = ""
    """ISO time in +07:00, inclusive; '' is no limit."""
    until: str = "~"
    """ISO time in +07:00, exclusive; '~', which sorts after every time, is no limit."""
    related: int = 0

    def contains(self, other: Reach) -> bool:
        """Whether nothing that `other` would keep is left out."""
        return self.since <= other.since and self.until >= other.until and self.related >= other.related


@dataclass(slots=True)
class Discovered:
    """A page as discovered, before the store decides whether it is to be visited."""

    url: str
    kind: str
    """`menu`, `listing`, `sitemap`, `feeds`, `feed`, `article` or `file`."""
    discovered_on: str | None = None
    """The page that led to it; None for a seed."""
    steps: int = 0
    """Steps from that page to this one that count against `related`."""
    priority: int = 0
    requested: bool = False
    """Named by the user: visited even if it is known."""
    modified: str | None = None
    """When the source says that the article was last changed: ISO 8601 in +07:00."""
    listed: bool = False
    """Whether a source lists the article: a sitemap, a feed of the site or a listing."""
    if_known: bool = False
    """Whether the article lies outside the window, so that it is visited only if it is known and has changed."""
    delisted: bool = False
    """Whether the sitemap that it was discovered on lists it no more."""
    next_of: str | None = None
    """Of a listing's further page: the listing's first one."""
    covered: Reach | None = None
    """Of a listing's further page: what earlier crawls have kept of the listing, see `ListingStore.covered`."""
    waits_for: tuple[str, ...] = ()
    """Articles that must all be older than the window for this page not to be visited."""


@dataclass(frozen=True, slots=True)
class ListingEnd:
    """What a page of a listing says of the whole listing."""

    first: str
    """The listing's first page."""
    whole: bool
    """Whether the crawl has now seen the whole listing; else it leaves a gap until it has."""
    retry_failed: bool = False
    """Whether what an earlier crawl could not read of the known part is queued again."""


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """The record of an archive that was visited, in a file of many pages."""

    container: str
    """The row of `pages` of the file."""
    position: str
    """Of the record in it."""
    target: str | None
    """The article's url, canonical, as far as the archive says which one it is."""


@dataclass(slots=True)
class VisitResult:
    """All that a visit to a page gave: the store keeps it whole, in one transaction."""

    url: str
    """The row of `pages` that was visited; a record of an archive has one only where it stays unread."""
    outcome: Outcome = Outcome.NO_ARTICLE
    reason: str | None = None
    """Why there is no article, for people to read."""
    status: int | None = None
    """HTTP status of the response, if there was one."""
    article: Article | None = None
    evidence: Evidence | None = None
    """What the article was read from, where that is known."""
    sources: dict[str, str] = field(default_factory=dict)
    """Which part of the page gave each of the article's fields, such as `h1`."""
    shapes: tuple[Shape, ...] = ()
    """What the page looks like, see `vovcrawl.crawl.drift`."""
    canonical_url: str | None = None
    """The article's, or the url that the page redirects to."""
    published: str | None = None
    """Publication time of the article, also of one that is not kept: ISO 8601 in +07:00."""
    etag: str | None = None
    """What the server sends with the page, by which it can tell next time whether the page has changed."""
    last_modified: str | None = None
    dropped: bool = False
    """Whether a pipeline dropped the article: the page need not be looked at again."""
    unchanged: bool = False
    """Whether the server says that the page is as it was when it was fetched before."""
    discovered: list[Discovered] = field(default_factory=list)
    listing: ListingEnd | None = None
    record: ArchiveRecord | None = None
    """Of a record of an archive: which one."""
    node: str | None = None
    """The number by which the tag service knows the article, where it is to be asked."""

    @property
    def key(self) -> str:
        """What tells the visit from every other one that is going on."""
        return self.url if self.record is None else f"{self.record.container}@{self.record.position}"
