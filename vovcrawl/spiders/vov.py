"""The walk: where to go next. What pages say is read in `vovcrawl.pages`, what is known is in the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from vovcrawl import addresses, archive, sections
from vovcrawl.arguments import Arguments
from vovcrawl.items import Article
from vovcrawl.job import Job
from vovcrawl.middlewares.robots import ForbiddenByRobots, RobotsUnavailable
from vovcrawl.middlewares.scope import OutOfScope
from vovcrawl.pages import NotAnArticle, Reading, Reason, listing, publication, read
from vovcrawl.pages.refusal import READ_BUT_NO_ARTICLE
from vovcrawl.scheduler import FOUND, PAGE
from vovcrawl.stopping import stop
from vovcrawl.visits import Found, Outcome, Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Listings first, then their stories; a listing's page that waits for the stories before it comes last.
_STARTING_POINT = 30
_NEXT_PAGE = 20
_STORY = 10
_WAITING_PAGE = 0

_GONE = frozenset((404, 410))
_FIREWALL = frozenset((401, 403, 406, 429, 451))
_ATTEMPTS_AT_AN_EMPTY_PAGE = 2
_IN_A_ROW = 10
"""So many failed visits in a row, all blocked or all without an answer, end the crawl: going on would be no use and
no courtesy. What is left stays queued."""

Output = Iterator[Request | Article | Visit]


class VovSpider(Spider):
    """Walks VOV.VN: sections, tags, single pages, related stories; or reads saved pages."""

    name = "vov"

    def __init__(self, job: Job, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._job = job
        self._listed: dict[str, set[str]] = {}
        self._last_failure: Outcome | None = None
        self._in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> VovSpider:
        """The spider of a crawler, its arguments checked."""
        job = Job.of(crawler, {name: str(value) for name, value in kwargs.items()})
        spider = cls(job, name=cls.name)
        spider._set_crawler(crawler)
        return spider

    @property
    def arguments(self) -> Arguments:
        """What was asked for."""
        return self._job.arguments

    async def start(self) -> AsyncIterator[Any]:
        """The starting points of the walk, or the articles of an archive."""
        frontier = self._job.frontier
        for other in frontier.other_work():
            self.logger.info("Left alone: %d pages of an unfinished crawl with %s", other.pages, other.arguments)
        if frontier.resumed_pages:
            self.logger.info("Going on with the unfinished crawl of these arguments: %d pages", frontier.resumed_pages)
        if self.arguments.archive:
            for item in self._read_archive():
                yield item
        elif frontier.needs_seeds:
            for request in self._starting_points():
                yield request
        frontier.seeded()

    def _starting_points(self) -> Iterator[Request]:
        if self.arguments.all_sections:
            yield self._to(Found(f"{addresses.SITE}/", "menu", priority=_STARTING_POINT))
        for url in (*self.arguments.sections, *self.arguments.tags):
            yield self._to(Found(url, "listing", priority=_STARTING_POINT))
        for url in self.arguments.urls:
            yield self._to(Found(url, "article", priority=_STARTING_POINT, asked_for=True))

    @staticmethod
    def _to(found: Found) -> Request:
        return Request(found.address, meta={FOUND: found}, dont_filter=True)

    def _read_archive(self) -> Output:
        if self.arguments.skipped_files:
            self.logger.warning("%d files of the archive are neither .html nor .txt", self.arguments.skipped_files)
        for path in self.arguments.archive:
            try:
                reading = archive.read(path, self.arguments.published)
            except (NotAnArticle, archive.Unreadable) as error:
                accounted = isinstance(error, NotAnArticle) and error.reason in READ_BUT_NO_ARTICLE
                outcome = Outcome.NO_ARTICLE if accounted else Outcome.UNREADABLE
                self._count(outcome, path.as_uri(), str(error))
                yield Visit(path.as_uri(), outcome, str(error))
                continue
            published = reading.article.date_published
            if not self.arguments.window.is_open and not published:
                reason = "no publication time: cannot tell whether it lies in the window"
                self._count(Outcome.UNREADABLE, path.as_uri(), reason)
                yield Visit(path.as_uri(), Outcome.UNREADABLE, reason)
            elif not self._in_window(reading.article):
                self._count(Outcome.OUTSIDE_WINDOW, path.as_uri())
            else:
                self._count_reading(reading)
                yield reading.article

    def read_menu(self, response: Response) -> Output:
        """The front page: its menu names the sections."""
        address = response.meta[PAGE]
        found = listing.menu(response.body, response.url)
        if not found:
            error = self._why_no_menu(response)
            again = self._again(response, error)
            if again is not None:
                yield again
                return
            yield from self._known_sections(address)
            yield self._refused(address, error, response.status)
            return
        for url in found:
            yield self._to(Found(url, "listing", found_on=address, priority=_STARTING_POINT))
        yield self._end(address, Outcome.MENU, None, response.status)

    def _known_sections(self, address: str) -> Iterator[Request]:
        self.logger.warning("The site's menu cannot be read: walking the sections of July 2026 instead")
        for path in sections.MENU:
            yield self._to(
                Found(f"{addresses.SITE}/{path}", "listing", found_on=address, priority=_STARTING_POINT)
            )

    @staticmethod
    def _why_no_menu(response: Response) -> NotAnArticle:
        try:
            listing.read(response.body, response.url)
        except NotAnArticle as error:
            return error
        return NotAnArticle(Reason.EMPTY, "the front page shows no menu")

    def _again(self, response: Response, error: NotAnArticle) -> Request | None:
        """Another attempt at a page that came empty or from the firewall, which one repetition often mends."""
        if error.reason in READ_BUT_NO_ARTICLE or response.request is None:
            return None
        return get_retry_request(
            response.request, spider=self, reason=error.reason.value, max_retry_times=_ATTEMPTS_AT_AN_EMPTY_PAGE - 1
        )

    def read_listing(self, response: Response) -> Output:
        """A page of a section or tag: its stories, and its next page."""
        address = response.meta[PAGE]
        try:
            found = listing.read(response.body, address)
        except NotAnArticle as error:
            yield self._again(response, error) or self._refused(address, error, response.status)
            return
        here = addresses.read(address)
        assert here is not None
        for url in found.stories:
            yield self._to(Found(url, "article", found_on=address, priority=_STORY))
        following = self._next_page(here.listing, here.page, found)
        if following is not None:
            yield self._to(following)
        yield self._end(address, Outcome.LISTING, None, response.status)

    def _next_page(self, first: str, page: int, found: listing.Listing) -> Found | None:
        """The listing's next page; None at its end, at its limit, or where everything below is known."""
        frontier = self._job.frontier
        listed = self._listed.setdefault(first, set())
        new = set(found.stories) - listed
        listed |= new
        if not new or (found.last_page is not None and found.last_page <= page):
            frontier.cover(first, "")
            return None
        here = addresses.nth_page(first, page)
        covered_since = frontier.coverage(here)
        if frontier.suffices(covered_since) and frontier.all_known(found.stories):
            frontier.cover(first, covered_since)
            again = frontier.retry_failed(first)
            if again:
                self.logger.info("Trying %d pages of %s again that could not be read before", again, first)
            return None
        frontier.cover(first, None)
        if self.arguments.pages is not None and page + 1 >= self.arguments.pages:
            return None
        waits = found.stories if self.arguments.window.start is not None else ()
        return Found(
            addresses.nth_page(first, page + 1),
            "listing",
            found_on=here,
            priority=_WAITING_PAGE if waits else _NEXT_PAGE,
            next_of=first,
            covered_since=covered_since,
            waits_for=waits,
        )

    def read_article(self, response: Response) -> Output:
        """A page that should hold an article: the article, and the stories it points to."""
        address = response.meta[PAGE]
        try:
            reading = read(response.body, response.url)
        except NotAnArticle as error:
            yield self._again(response, error) or self._refused(address, error, response.status)
            return
        article = reading.article
        if not self.arguments.window.is_open and not article.date_published:
            reason = "no publication time: cannot tell whether it lies in the window"
            yield self._end(address, Outcome.UNREADABLE, reason, response.status)
            return
        if not self._in_window(article):
            self._count(Outcome.OUTSIDE_WINDOW, address)
            yield Visit(
                address,
                Outcome.OUTSIDE_WINDOW,
                status=response.status,
                canonical_url=article.canonical_url,
                published=article.date_published,
            )
            return
        for story in article.related:
            if story.url is not None and addresses.article(story.url) is not None:
                yield self._to(Found(story.url, "article", found_on=address, steps=1, priority=_STORY))
        self._last_failure = None
        self._count_reading(reading)
        yield article

    def _in_window(self, article: Article) -> bool:
        if self.arguments.window.is_open:
            return True
        moment = publication.from_iso(article.date_published)
        return moment is not None and self.arguments.window.holds(moment)

    def failed(self, failure: Failure) -> Output:
        """A visit without an answer that can be read: kept with its reason."""
        request: Request = failure.request  # type: ignore[attr-defined]
        address = request.meta.get(PAGE)
        if address is None:
            self.logger.error("A request without an origin failed: %s", failure.getErrorMessage())
            return
        outcome, reason, status = self._judge(failure)
        visited = self._job.frontier.in_flight.get(address)
        kind = visited.kind if visited is not None else None
        if kind == "menu" and outcome in (Outcome.UNREADABLE, Outcome.GONE):
            yield from self._known_sections(address)
            outcome = Outcome.UNREADABLE
        here = addresses.read(address)
        if kind == "listing" and outcome is Outcome.GONE and here is not None and here.page:
            # Some listings end in a page that is not there.
            self._job.frontier.cover(here.listing, "")
        yield self._end(address, outcome, reason, status)

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
        name = type(error).__name__
        if "MaxSize" in name or "Cancelled" in name or "DataLoss" in name:
            return Outcome.UNREADABLE, failure.getErrorMessage() or name, None
        return Outcome.UNREACHABLE, f"{name}: {failure.getErrorMessage()}"[:500], None

    def _refused(self, address: str, error: NotAnArticle, status: int) -> Visit:
        if error.reason in READ_BUT_NO_ARTICLE:
            outcome = Outcome.NO_ARTICLE
        else:
            outcome = Outcome.BLOCKED if error.reason is Reason.BLOCKED else Outcome.UNREADABLE
        return self._end(address, outcome, str(error), status)

    def _end(self, address: str, outcome: Outcome, reason: str | None, status: int | None) -> Visit:
        self._count(outcome, address, reason)
        if outcome is not self._last_failure:
            self._in_a_row = 0
        self._last_failure = outcome if outcome in (Outcome.BLOCKED, Outcome.UNREACHABLE) else None
        self._in_a_row += 1
        if self._last_failure is not None and self._in_a_row == _IN_A_ROW:
            self.logger.error("Giving up: %d pages in a row %s", _IN_A_ROW, outcome.value)
            stop(self.crawler, outcome.value)
        return Visit(address, outcome, reason, status)

    def _count(self, outcome: Outcome, address: str, reason: str | None = None) -> None:
        self.crawler.stats.inc_value(f"vov/pages/{outcome.value}")
        if outcome.state == "failed":
            self.logger.warning("Not read: %s (%s)", address, reason or outcome.value)
        elif outcome in (Outcome.GONE, Outcome.NO_ARTICLE, Outcome.FORBIDDEN, Outcome.OUT_OF_SCOPE):
            self.logger.info("No article: %s (%s)", address, reason or outcome.value)

    def _count_reading(self, reading: Reading) -> None:
        stats = self.crawler.stats
        stats.inc_value(f"vov/template/{reading.article.template}")
        for name, source in reading.sources.items():
            stats.inc_value(f"vov/field/{name}/from/{source}")
        for warning in reading.article.warnings:
            stats.inc_value(f"vov/warning/{warning}")
