"""The walk: where to go next. What pages say is read in `vovcrawl.pages`, what is known is in the store."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from scrapy import Request, Spider, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from vovcrawl import addresses, archive, sections, sources
from vovcrawl.addresses import Kind
from vovcrawl.archive import FILE
from vovcrawl.arguments import Arguments
from vovcrawl.items import Article
from vovcrawl.job import Job
from vovcrawl.middlewares.redirect import Redirected
from vovcrawl.middlewares.robots import ForbiddenByRobots, RobotsUnavailable
from vovcrawl.middlewares.scope import OutOfScope
from vovcrawl.middlewares.slots import LeftForLater
from vovcrawl.pages import BrokenSource, NotAListing, PageError, Reading, Reason, listing, menu, read, rss, sitemap
from vovcrawl.pages.errors import READ_BUT_NO_ARTICLE
from vovcrawl.stopping import stop, stop_for_store
from vovcrawl.store import Kept, Page
from vovcrawl.text import shown
from vovcrawl.visits import FOUND, NOT_MODIFIED, PAGE, Found, Outcome, Priority, Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_GONE = frozenset((404, 410))
_FIREWALL = frozenset((401, 403, 406, 429, 451))
_ATTEMPTS_AT_AN_EMPTY_PAGE = 2
_TRIES = "tries"
_BARREN_PAGES = 2
_IN_A_ROW = 10
"""So many failed visits in a row, all blocked, or all without an answer or with a server's error, end the crawl: going
on would be no use and no courtesy. What is left stays queued."""

_OK = 200
_SERVER_ERROR = 500
"""The lowest status by which a server says that it fails."""

_WITHOUT_ANSWER = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ConnectionDone,
    ConnectError,
    ConnectionLost,
)

_MOST_SECTIONS = 200
"""Sections of one menu that are walked; the site's names some sixty."""

_MOST_FEEDS = 200
"""Feeds of one page that are read; the site has one for each section."""

_MOST_PAGES = 100_000
"""Pages of one listing that are walked: more than all the site's stories ever, at 15 a page."""

_FRUITLESS_PAGES = 100
"""So many pages of a listing in a row, some 1,500 stories, without one that can be read end it. Before the walk goes on
behind so many, it reads the stories."""

_SAMPLE = 3
"""Stories of each page by which that is judged."""

_LONGEST_OF_SAMPLE = 300
"""Characters; real addresses are shorter."""

_REMEMBERED = 1_000
"""Stories of a listing, the last ones met, by which a page that shows nothing new is told."""

_MUCH = 4 * 1024 * 1024
"""Bytes of answers behind which it is worth the time to look for what can be freed."""

_LONGEST_HEADER = 200
"""Characters in the longest mark of a version that is kept; longer ones are no marks."""

Output = Iterator[Request | Article | Visit]


def _header(response: Response, name: str) -> str | None:
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return value if value and len(value) <= _LONGEST_HEADER and value.isprintable() else None


def _joined(page: str, target: str) -> str:
    """What `target`, as written on a page, names, without the place on it; '' where that is no address."""
    try:
        return urljoin(page, urldefrag(target).url)
    except ValueError:
        return ""


class VovSpider(Spider):
    """Walks VOV.VN: sections, tags, single pages, related stories; or reads saved pages."""

    name = "vov"

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._job = job
        # Of each listing the hashes of its last stories, and a sample of those that may all be unreadable, by page.
        self._listed: dict[str, dict[int, None]] = {}
        self._unproven: dict[str, list[list[str]]] = {}
        self._barren: dict[str, int] = {}
        self._promised: dict[str, int] = {}
        self._gaps: set[str] = set()
        self._last_outcome: Outcome | None = None
        self._in_a_row = 0
        self._made_up = False
        self._received = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> VovSpider:
        """The spider of a crawler, its arguments checked."""
        job = Job.of(crawler, {name: str(value) for name, value in kwargs.items()})
        spider = cls(job, name=cls.name)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        crawler.signals.connect(spider.broke, signal=signals.item_error)
        return spider

    @property
    def arguments(self) -> Arguments:
        """What was asked for."""
        return self._job.arguments

    async def start(self) -> AsyncIterator[Any]:
        """The starting points of the walk, unless an unfinished one is gone on with."""
        frontier = self._job.frontier
        for line in self._job.caught_up:
            self.logger.info("%s", line)
        for other in frontier.other_work():
            self.logger.info("Left alone: %d pages of an unfinished crawl with %s", other.pages, other.arguments)
        if frontier.forgotten_pages:
            self.logger.info("Forgot %d pages of an unfinished crawl of these arguments", frontier.forgotten_pages)
        if frontier.resumed_pages is not None:
            self.logger.info("Going on with the unfinished crawl of these arguments: %d pages", frontier.resumed_pages)
        if frontier.needs_seeds:
            for request in self._starting_points():
                yield request
            frontier.seeded()

    def _starting_points(self) -> Iterator[Request]:
        if self.arguments.sources:
            self.logger.info("Sources: %s", ", ".join(self.arguments.sources))
        for found in sources.starting_points(self.arguments, self._job.now):
            yield self._to(found)
        for url in self.arguments.tags:
            yield self._to(Found(url, "listing", priority=Priority.STARTING_POINT))
        for url in self.arguments.urls:
            yield self._to(Found(url, "article", priority=Priority.STARTING_POINT, asked_for=True))
        if self.arguments.skipped_files:
            self.logger.warning("%d files of the archive are neither .html nor .txt", self.arguments.skipped_files)
        for path in self.arguments.archive:
            yield self._to(Found(path.as_uri(), FILE))

    @staticmethod
    def _to(found: Found) -> Request:
        return Request(found.address, meta={FOUND: found}, dont_filter=True)

    def closed(self, reason: str) -> None:
        """Says what was left out without a look."""
        left_out = self._job.frontier.left_out_by_id
        if left_out:
            self.crawler.stats.set_value("vov/pages/left out by id", left_out)
            self.logger.info("%d undated stories were left out: their ids lie outside the window", left_out)

    def read_file(self, response: Response) -> Output:
        """A file of an archive."""
        address = response.meta[PAGE]
        try:
            reading = archive.read(response.body, address, self.arguments.published)
        except PageError as error:
            accounted = error.reason in READ_BUT_NO_ARTICLE
            yield self._end(address, Outcome.NO_ARTICLE if accounted else Outcome.UNREADABLE, str(error), None)
        except archive.Unreadable as error:
            yield self._end(address, Outcome.UNREADABLE, str(error), None)
        else:
            yield from self._article(address, reading, None)

    def read_sitemap(self, response: Response) -> Output:
        """A sitemap: of a month, its stories; the index, the months."""
        address = response.meta[PAGE]
        try:
            found = sitemap.read(response.body, address)
            if not found.entries and not found.sitemaps:
                raise BrokenSource(Reason.EMPTY, "a sitemap without stories")
            if found.sitemaps and not self._is_starting_point(address):
                raise BrokenSource(Reason.MALFORMED, "an index of sitemaps that another one names")
        except PageError as error:
            yield from self._source_refused(response, error)
            return
        for url in sources.sitemaps_within(found.sitemaps, self.arguments.window, self._job.now):
            yield self._to(Found(url, "sitemap", found_on=address, priority=Priority.STARTING_POINT))
        listed = sources.of_sections(found.entries, self.arguments)
        wanted = sources.candidates(listed, self.arguments.window)
        if found.entries:
            self.crawler.stats.inc_value("vov/sources/sitemap/listed", len(listed))
            self.crawler.stats.inc_value("vov/sources/sitemap/wanted", len(wanted))
            undated = all(entry.modified is None for entry in found.entries)
            if undated or not self._job.frontier.trusts_dates:
                self.logger.info("%s gives no dates of change: edits are looked for in young articles only", address)
        for entry in wanted:
            yield self._to(
                Found(entry.url, "article", found_on=address, priority=Priority.STORY, modified=entry.modified)
            )
        yield self._ended_source(address, Outcome.SITEMAP, found.over, response.status)

    def _is_starting_point(self, address: str) -> bool:
        return any(address == found.address for found in sources.starting_points(self.arguments, self._job.now))

    def _ended_source(self, address: str, outcome: Outcome, over: int, status: int) -> Visit:
        """The end of a visit to a source, which failed if it names more than is taken from one."""
        if over <= 0:
            return self._end(address, outcome, None, status)
        self.crawler.stats.inc_value("vov/sources/failed")
        return self._end(address, Outcome.UNREADABLE, f"it names too much: {over} more are left out", status)

    def read_feeds(self, response: Response) -> Output:
        """The page that lists the feeds."""
        address = response.meta[PAGE]
        try:
            found = rss.find_feeds(response.body, address)
            if not found:
                raise NotAListing(Reason.EMPTY, "the page lists no feed")
        except PageError as error:
            yield from self._source_refused(response, error)
            return
        for url in found[:_MOST_FEEDS]:
            yield self._to(Found(url, "feed", found_on=address, priority=Priority.STARTING_POINT))
        yield self._ended_source(address, Outcome.FEED, len(found) - _MOST_FEEDS, response.status)

    def read_feed(self, response: Response) -> Output:
        """A feed: the newest stories of a section, with their publication times."""
        address = response.meta[PAGE]
        try:
            found = rss.read_feed(response.body, address)
        except PageError as error:
            yield from self._source_refused(response, error)
            return
        window = self.arguments.window
        for item in found.items:
            if item.published is None or window.is_open or window.holds_iso(item.published):
                yield self._to(Found(item.url, "article", found_on=address, priority=Priority.STORY))
        yield self._ended_source(address, Outcome.FEED, found.over, response.status)

    def _source_refused(self, response: Response, error: PageError) -> Output:
        """A source that answered something else: asked again, or failed."""
        again = self._again(response, error)
        if again is not None:
            yield again
        else:
            yield from self._source_failed(response.meta[PAGE], str(error), response.status)

    def _source_failed(self, address: str, reason: str, status: int | None) -> Output:
        """A source that cannot be read: the listings take its place, and the crawl says so in the end."""
        self.crawler.stats.inc_value("vov/sources/failed")
        if not self._made_up:
            self._made_up = True
            self._job.frontier.reads_dates_of_change = False
            self.logger.warning("The source %s failed (%s): walking the listings instead", address, reason)
            for found in sources.listings(self.arguments):
                yield self._to(replace(found, found_on=address))
        yield self._end(address, Outcome.UNREADABLE, reason, status)

    def read_menu(self, response: Response) -> Output:
        """The front page: its menu names the sections."""
        address = response.meta[PAGE]
        try:
            found = menu.read(response.body, response.url)
        except PageError:
            found = []
        if not found:
            yield from self._not_read(response, self._why_no_menu(response))
            return
        for url in found[:_MOST_SECTIONS]:
            yield self._to(Found(url, "listing", found_on=address, priority=Priority.STARTING_POINT))
        yield self._ended_source(address, Outcome.MENU, len(found) - _MOST_SECTIONS, response.status)

    def _known_sections(self, address: str) -> Iterator[Request]:
        self.logger.warning("The site's menu cannot be read: walking the sections of July 2026 instead")
        for path in sections.MENU:
            yield self._to(
                Found(f"{addresses.SITE}/{path}", "listing", found_on=address, priority=Priority.STARTING_POINT)
            )

    @staticmethod
    def _why_no_menu(response: Response) -> PageError:
        try:
            listing.read(response.body, response.url)
        except PageError as error:
            return error
        return NotAListing(Reason.EMPTY, "the front page shows no menu")

    def _not_read(self, response: Response, error: PageError) -> Output:
        """A page that is not what it should be: gone on with where it leads, asked for again, or left."""
        address = response.meta[PAGE]
        visited = self._job.frontier.in_flight.get(address)
        again = None
        if error.target is None:
            again = self._again(response, error)
        else:
            written = _joined(response.url, error.target)
            leads_to = addresses.read(written)
            if visited is not None and leads_to is not None and leads_to.url != address:
                yield from self._redirected(visited, leads_to.url, by_page=True)
                return
            if leads_to is not None and written != response.url:
                again = self._under_another_name(response, written)
            elif leads_to is not None:
                again = self._again(response, error)
        if again is not None:
            yield again
            return
        if visited is not None and visited.kind == "menu" and error.reason is not Reason.BLOCKED:
            yield from self._known_sections(address)
        yield self._refused(address, error, response.status)

    def _again(self, response: Response, error: PageError) -> Request | None:
        """Another attempt at a page that came empty or from the firewall, which one repetition often mends."""
        if error.reason in (*READ_BUT_NO_ARTICLE, Reason.OVERSIZED) or response.request is None:
            return None
        tries = response.meta.get(_TRIES, 1)
        if tries >= _ATTEMPTS_AT_AN_EMPTY_PAGE:
            return None
        self.crawler.stats.inc_value("vov/pages/asked again")
        return response.request.replace(meta={**self._kept(response), _TRIES: tries + 1})

    def _under_another_name(self, response: Response, url: str) -> Request | None:
        """The page as it itself says to ask for it, by a token in the query or on another host of the newspaper."""
        times = response.meta.get("redirect_times", 0) + 1
        if response.request is None or times > self.settings.getint("REDIRECT_MAX_TIMES"):
            return None
        # Scrapy counts the server's redirects of the page under the same name.
        return response.request.replace(url=url, meta={**self._kept(response), "redirect_times": times})

    @staticmethod
    def _kept(response: Response) -> dict[str, Any]:
        """What another request for the same page goes on with."""
        names = (PAGE, _TRIES, "handle_httpstatus_list", "redirect_times")
        return {name: response.meta[name] for name in names if name in response.meta}

    def read_listing(self, response: Response) -> Output:
        """A page of a section or tag: its stories, and its next page."""
        address = response.meta[PAGE]
        try:
            found = listing.read(response.body, address)
        except PageError as error:
            yield from self._not_read(response, error)
            return
        here = addresses.read(address)
        assert here is not None
        endless = self._is_endless(here.listing, here.page, found.stories)
        if endless is not None:
            self._job.frontier.cover(here.listing, whole=False)
            yield self._end(address, Outcome.UNREADABLE, endless, response.status)
            return
        promises = found.last_page is not None and found.last_page > here.page
        if not found.stories and promises:
            again = self._again(response, NotAListing(Reason.EMPTY, "a page of a listing without stories"))
            if again is not None:
                yield again
                return
            self._gaps.add(here.listing)
        for url in found.stories:
            yield self._to(Found(url, "article", found_on=address, priority=Priority.STORY))
        following = self._next_page(here.listing, here.page, found)
        if following is not None:
            yield self._to(following)
        if not found.stories and promises:
            yield self._end(address, Outcome.UNREADABLE, "no stories, though the pager promises more", response.status)
        else:
            yield self._end(address, Outcome.LISTING, None, response.status)

    def _is_endless(self, first: str, page: int, stories: Sequence[str]) -> str | None:
        """Why a listing is left at this page, where it seems to have no end."""
        if page >= _MOST_PAGES:
            return f"the listing has more than {_MOST_PAGES} pages"
        unproven = self._unproven.setdefault(first, [])
        if page % _FRUITLESS_PAGES == 0:
            # A walk that goes on after an interruption has not seen all of them.
            if len(unproven) >= _FRUITLESS_PAGES and not self._job.frontier.any_read(list(chain(*unproven))):
                return f"no story on {_FRUITLESS_PAGES} pages in a row could be read: left here"
            unproven.clear()
        unproven.append([story for story in stories if len(story) <= _LONGEST_OF_SAMPLE][:_SAMPLE])
        return None

    def _next_page(self, first: str, page: int, found: listing.Listing) -> Found | None:
        """The listing's next page; None at its end, at its limit, or where everything below is known."""
        frontier = self._job.frontier
        listed = self._listed.setdefault(first, {})
        new = tuple(story for story in found.stories if hash(story) not in listed)
        listed.update(dict.fromkeys(map(hash, new)))
        for story in list(islice(listed, max(0, len(listed) - _REMEMBERED))):
            del listed[story]
        here = addresses.nth_page(first, page)
        if found.last_page is not None:
            self._promised[first] = max(found.last_page, self._promised.get(first, 0))
        if self._is_end(first, page, found, anything_new=bool(new)):
            frontier.cover(first, whole=first not in self._gaps)
            return None
        covered = frontier.coverage(here)
        if frontier.suffices(covered) and frontier.all_known(found.stories):
            frontier.cover(first, whole=True)
            again = frontier.retry_failed(first)
            if again:
                self.logger.info("Trying %d pages of %s again that could not be read before", again, first)
            return None
        frontier.cover(first, whole=False)
        if self.arguments.pages is not None and page + 1 >= self.arguments.pages:
            return None
        # Stories that stick to the top of every page say nothing of where the window ends.
        waits = new if self.arguments.window.start is not None or (page + 1) % _FRUITLESS_PAGES == 0 else ()
        return Found(
            addresses.nth_page(first, page + 1),
            "listing",
            found_on=here,
            priority=Priority.WAITING_PAGE if waits else Priority.NEXT_PAGE,
            next_of=first,
            covered=covered,
            waits_for=waits,
        )

    def _is_end(self, first: str, page: int, found: listing.Listing, *, anything_new: bool) -> bool:
        """Whether a listing ends here: by its pager, or where it has nothing new to show.

        Where the pager promises more, one page without anything new may be a slip of the site's; a second is the end.
        """
        if anything_new:
            self._barren[first] = 0
            return found.last_page is not None and found.last_page <= page
        self._barren[first] = self._barren.get(first, 0) + 1
        promised = found.last_page is not None and found.last_page > page
        return not promised or self._barren[first] >= _BARREN_PAGES

    def read_article(self, response: Response) -> Output:
        """A page that should hold an article: the article, and the stories it points to."""
        address = response.meta[PAGE]
        if response.status == NOT_MODIFIED:
            yield self._unchanged(address)
            return
        try:
            reading = read(response.body, response.url, http_content_type_encoding(_header(response, "Content-Type")))
        except PageError as error:
            yield from self._not_read(response, error)
            return
        self._note_validators(address, response)
        yield from self._article(address, reading, response.status)

    def _unchanged(self, address: str) -> Visit:
        page = self._job.frontier.in_flight.get(address)
        key = page.canonical_url if page is not None and page.canonical_url else address
        self._job.articles.seen(key)
        self._watch_for_a_row(Outcome.ARTICLE)
        self.crawler.stats.inc_value(f"vov/pages/{Outcome.ARTICLE.value}")
        self.crawler.stats.inc_value(f"vov/articles/{Kept.UNCHANGED.value}")
        return Visit(address, Outcome.ARTICLE, status=NOT_MODIFIED, unchanged=True)

    def _note_validators(self, address: str, response: Response) -> None:
        """Keeps what the server said of its answer, for the next time the page is asked for."""
        page = self._job.frontier.in_flight.get(address)
        if page is not None:
            page.etag = _header(response, "ETag")
            page.last_modified = _header(response, "Last-Modified")

    def _article(self, address: str, reading: Reading, status: int | None) -> Output:
        """An article that was read: kept with the stories it points to, if it lies in the window."""
        article = reading.article
        article.page = address
        if not self.arguments.window.is_open and not article.date_published:
            reason = "no publication time: cannot tell whether it lies in the window"
            yield self._end(address, Outcome.UNREADABLE, reason, status)
            return
        if not self._in_window(article):
            self._count(Outcome.OUTSIDE_WINDOW, address)
            yield Visit(
                address,
                Outcome.OUTSIDE_WINDOW,
                status=status,
                canonical_url=article.canonical_url,
                published=article.date_published,
            )
            return
        if self.arguments.related:
            for story in article.related:
                if story.url is not None and addresses.article(story.url) is not None:
                    yield self._to(Found(story.url, "article", found_on=address, steps=1, priority=Priority.STORY))
        self._watch_for_a_row(Outcome.ARTICLE)
        self._count_reading(reading)
        yield article

    def _in_window(self, article: Article) -> bool:
        window = self.arguments.window
        return window.is_open or window.holds_iso(article.date_published or "")

    def failed(self, failure: Failure) -> Output:
        """A visit without an answer that can be read: kept with its reason."""
        request: Request = failure.request  # type: ignore[attr-defined]
        address = request.meta.get(PAGE)
        if address is None:
            self.logger.error("A request without an origin failed: %s", failure.getErrorMessage())
            return
        if isinstance(failure.value, LeftForLater):
            self._job.frontier.release(address)
            return
        outcome, reason, status = self._judge(failure)
        visited = self._job.frontier.in_flight.get(address)
        kind = visited.kind if visited is not None else None
        if kind in ("sitemap", "feed", "feeds"):
            if isinstance(failure.value, Redirected):
                reason = f"redirects to {failure.value.target}"
            yield from self._source_failed(address, reason, status)
            return
        if visited is not None and isinstance(failure.value, Redirected):
            yield from self._redirected(visited, failure.value.target)
            return
        if kind == "menu" and outcome in (Outcome.UNREADABLE, Outcome.GONE, Outcome.OUT_OF_SCOPE):
            yield from self._known_sections(address)
            outcome = Outcome.UNREADABLE
        if kind == "listing" and outcome is Outcome.OUT_OF_SCOPE:
            outcome = Outcome.UNREADABLE
        here = addresses.read(address)
        if kind == "listing" and outcome is Outcome.GONE and here is not None and here.page:
            # Some listings end in a page that is not there, but not those whose pager promised it.
            promised = self._promised.get(here.listing)
            if promised is not None and promised >= here.page:
                outcome = Outcome.UNREADABLE
            elif here.listing in self._listed:
                self._job.frontier.cover(here.listing, whole=True)
        yield self._end(address, outcome, reason, status)

    def broke(self, failure: Failure, response: Response | Failure | None) -> None:
        """A page on which the program itself failed: kept as such, for the next crawl to try again."""
        if isinstance(failure.value, SQLAlchemyError):
            stop_for_store(self.crawler, failure.value)
            return
        request = getattr(response, "request", None)
        address = request.meta.get(PAGE) if request is not None else None
        if address is not None:
            reason = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"[:500]
            self._job.frontier.finish(self._end(address, Outcome.ERROR, reason, None))

    def _redirected(self, visited: Page, target: str, *, by_page: bool = False) -> Output:
        """Another page of the newspaper in the place of one that only leads there.

        Args:
            visited: the page that leads there.
            target: canonical address of the other page.
            by_page: whether the page itself leads there, by a script, and not the server. Such pages are the
                firewall's, so that they never account for an article.
        """
        redirects = self._job.frontier.redirects(visited.address, target)
        leads_to = addresses.read(target)
        kind = leads_to.kind if leads_to is not None else Kind.OTHER
        fits = (Kind.ARTICLE,) if visited.kind == "article" else (Kind.SECTION, Kind.TAG, Kind.HOME)
        if redirects is None or redirects > self.settings.getint("REDIRECT_MAX_TIMES") or kind not in fits:
            reason = f"redirects to {target}"
            outcome = Outcome.UNREADABLE
            if redirects is None:
                reason = "redirects in a circle"
            elif kind in fits:
                reason = f"redirects more than {redirects - 1} times"
            elif visited.kind == "article" and not by_page:
                outcome = Outcome.NO_ARTICLE
            if visited.kind == "menu":
                yield from self._known_sections(visited.address)
            yield self._end(visited.address, outcome, reason, None)
            return
        found = Found(
            target,
            visited.kind,
            found_on=visited.address,
            priority=Priority.STARTING_POINT,
            # What the user named stands for what it leads to.
            asked_for=visited.asked_for,
        )
        yield self._to(found)
        self._count(Outcome.ALIAS, visited.address)
        yield Visit(visited.address, Outcome.ALIAS, f"redirects to {target}", canonical_url=target)

    def _judge(self, failure: Failure) -> tuple[Outcome, str, int | None]:
        """What a failed request means: its outcome, the reason to show, and the status if there was an answer."""
        error = failure.value
        if isinstance(error, HttpError):
            response = error.response
            status = response.status
            if status in _GONE:
                return Outcome.GONE, f"the site answers {status}", status
            if status in _FIREWALL:
                return Outcome.BLOCKED, f"the site answers {status}", status
            return Outcome.UNREADABLE, f"the site answers {status}", status
        if isinstance(error, RobotsUnavailable):
            return Outcome.UNREACHABLE, str(error), None
        if isinstance(error, ForbiddenByRobots):
            return Outcome.FORBIDDEN, str(error), None
        if isinstance(error, OutOfScope):
            return Outcome.OUT_OF_SCOPE, str(error), None
        if isinstance(error, IgnoreRequest):
            return Outcome.UNREADABLE, str(error), None
        if isinstance(error, ResponseDataLossError):
            return Outcome.UNREADABLE, str(error) or "the answer breaks off", None
        reason = f"{type(error).__name__}: {failure.getErrorMessage()}"[:500]
        if isinstance(error, archive.Unreadable):
            reason = str(error)
        elif isinstance(error, DownloadCancelledError):
            reason = f"larger than {self.settings.getint('DOWNLOAD_MAXSIZE')} bytes"
        return Outcome.UNREACHABLE if isinstance(error, _WITHOUT_ANSWER) else Outcome.UNREADABLE, reason, None

    def _refused(self, address: str, error: PageError, status: int) -> Visit:
        if error.reason in READ_BUT_NO_ARTICLE:
            outcome = Outcome.NO_ARTICLE
        else:
            outcome = Outcome.BLOCKED if error.reason is Reason.BLOCKED else Outcome.UNREADABLE
        return self._end(address, outcome, str(error), status)

    def _end(self, address: str, outcome: Outcome, reason: str | None, status: int | None) -> Visit:
        # What a server says is kept and shown, and must not steer the terminal that shows it.
        reason = shown(reason) if reason is not None else None
        self._count(outcome, address, reason, status)
        return Visit(address, outcome, reason, status)

    def _count(self, outcome: Outcome, address: str, reason: str | None = None, status: int | None = None) -> None:
        self.crawler.stats.inc_value(f"vov/pages/{outcome.value}")
        self._watch_for_a_row(outcome, status)
        if outcome.state in ("failed", "gone"):
            self._let_go(may_be_large=status in (None, _OK))
        if outcome.state == "failed":
            self.logger.warning("Not read: %s (%s)", address, reason or outcome.value)
        elif outcome in (Outcome.GONE, Outcome.NO_ARTICLE, Outcome.FORBIDDEN, Outcome.OUT_OF_SCOPE):
            self.logger.info("No article: %s (%s)", address, reason or outcome.value)

    def _let_go(self, *, may_be_large: bool) -> None:
        """Frees what pages held that were not read: Python collects cycles by their number, however large they are."""
        received = self.crawler.stats.get_value("downloader/response_bytes", 0)
        if may_be_large or received - self._received > _MUCH:
            self._received = received
            gc.collect()

    def _watch_for_a_row(self, outcome: Outcome, status: int | None = None) -> None:
        """Ends the crawl when it comes to nothing but blocks, or to no answer at all but errors of the server."""
        if status is not None and status >= _SERVER_ERROR:
            outcome = Outcome.UNREACHABLE
        self._in_a_row = self._in_a_row + 1 if outcome is self._last_outcome else 1
        self._last_outcome = outcome
        if outcome in (Outcome.BLOCKED, Outcome.UNREACHABLE) and self._in_a_row == _IN_A_ROW:
            words = "blocked" if outcome is Outcome.BLOCKED else "unreachable or failing on the server's side"
            self.logger.error("Giving up: %d pages in a row %s", _IN_A_ROW, words)
            stop(self.crawler, outcome.value)

    def _count_reading(self, reading: Reading) -> None:
        stats = self.crawler.stats
        stats.inc_value(f"vov/template/{reading.article.template}")
        for name, source in reading.sources.items():
            stats.inc_value(f"vov/field/{name}/from/{source}")
        for warning in reading.article.warnings:
            stats.inc_value(f"vov/warning/{warning}")
