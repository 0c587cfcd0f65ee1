"""The spider: one callback for each kind of page, which says what a response gives.

What pages say is read in `vovcrawl.pages`, what is known is in the store, and where to go next in `vovcrawl.crawl`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urldefrag, urljoin

from scrapy import Request, Spider, signals
from scrapy.http import Response
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from vovcrawl import sections, urls
from vovcrawl.archives.files import FILE
from vovcrawl.archives.paths import READABLE, written_to
from vovcrawl.cleaning.rules import use_also
from vovcrawl.crawl import drift, failures, single_page, sources
from vovcrawl.crawl.arguments import Arguments
from vovcrawl.crawl.candidates import candidates, of_sections
from vovcrawl.crawl.components import add_components, add_defaults
from vovcrawl.crawl.configuration import cleaning_rules
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.exit_status import LEFT_OUT
from vovcrawl.crawl.pagination import Pagination
from vovcrawl.crawl.reading import accepted
from vovcrawl.crawl.requests import request_of
from vovcrawl.crawl.running_command import leave, running_command
from vovcrawl.crawl.stopping import refusal, stop_for_store
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.downloader.slots import LeftForLater
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.items import Article
from vovcrawl.middlewares.redirect import Redirected
from vovcrawl.pages import BrokenSource, NotAListing, PageError, Reading, Reason, listing, menu, read, rss, sitemap
from vovcrawl.pages.sitemap import Entry
from vovcrawl.pages.tag_service import node_of
from vovcrawl.store import StoreError
from vovcrawl.urls import Kind
from vovcrawl.visits import (
    FAILURES,
    NOT_MODIFIED,
    PAGE,
    RENDERED,
    SERVED,
    UNRENDERED,
    Discovered,
    ListingEnd,
    Outcome,
    Priority,
    VisitResult,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from vovcrawl.store import Page

_TRIES = "tries"
_MOST_TRIES = 2

_MOST_SECTIONS = 200
"""Sections of one menu that are walked; the site's names some sixty."""

_MOST_FEEDS = 200
"""Feeds of one page that are read; the site has one for each section."""

_HANDFUL = 5
"""So many articles that seem to lie before the window are asked for all the same; and more are not left out without a
warning."""

_MOST_DELISTED = 20
"""Known articles that are asked for in a run, for each sitemap, because it lists them no more."""

_LONGEST_HEADER = 200
"""Characters in the longest mark of a version that is kept; longer ones are no marks."""

Output = Iterator[Request | Article]


def _header(response: Response, name: str) -> str | None:
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return value if value and len(value) <= _LONGEST_HEADER and value.isprintable() else None


def _joined(page: str, target: str) -> str:
    """What `target`, as written on a page, names, without the place on it; '' where that is no url."""
    try:
        return urljoin(page, urldefrag(target).url)
    except ValueError:
        return ""


class VovSpider(Spider):
    """Crawls VOV.VN: sections, tags, single pages, related articles; or reads saved pages.

    It brings all that a crawl needs to any project. Where Scrapy only looks at a page with it, as `scrapy parse` does,
    it has no store, and `parse` alone can be used.
    """

    name = "vov"
    # By which Scrapy finds the spider of a url; what is fetched is decided by `vovcrawl.urls`.
    allowed_domains = ("vov.vn",)

    _context: CrawlContext
    _results: VisitResults
    _pagination: Pagination
    _made_up = False
    _looks_for_edits = False

    def _new_pagination(self) -> Pagination:
        asked = self._context.arguments
        return Pagination(
            self._context.listings,
            most=asked.pages,
            by_date=asked.window.start is not None,
            ends_at_known=not self._context.gives_known,
        )

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The project's politeness, in any project."""
        super().update_settings(settings)
        add_defaults(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """The spider of a crawler.

        Raises:
            ArgumentError: an argument or a setting is wrong.
            StoreError: the store cannot be opened or is held by another crawl.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        if CrawlContext.is_given_to(crawler) or cls._is_to_crawl(crawler):
            add_components(crawler.settings)
            if not CrawlContext.is_given_to(crawler):
                cls._give_context(crawler, kwargs)
            spider._crawl_into(CrawlContext.of(crawler), VisitResults.of(crawler))
        else:
            cls._use_own_rules(crawler.settings)
        return spider

    @staticmethod
    def _use_own_rules(settings: BaseSettings) -> None:
        """Has a page that is only looked at cleaned as a crawl cleans it."""
        try:
            use_also(cleaning_rules(settings))
        except ArgumentError as error:
            command = running_command()
            if command is None:
                raise
            leave(command, refusal(error), str(error))

    @classmethod
    def _is_to_crawl(cls, crawler: Crawler) -> bool:
        """Whether the crawl begins with the class's own `start`: Scrapy's commands that look at single pages put one of
        theirs in its place, or, as the shell, never begin."""
        return crawler.crawling and not cls.start.__module__.startswith("scrapy.commands.")

    @staticmethod
    def _give_context(crawler: Crawler, kwargs: Mapping[str, Any]) -> None:
        """Where no command of this project has done so."""
        given = {name: str(value) for name, value in kwargs.items()}
        try:
            CrawlContext.prepare(crawler.settings, given).give_to(crawler)
        except (ArgumentError, StoreError) as error:
            command = running_command()
            if command is None:
                raise
            leave(command, refusal(error), str(error))

    def _crawl_into(self, context: CrawlContext, results: VisitResults) -> None:
        self._context = context
        self._results = results
        self._pagination = self._new_pagination()
        self._looks_for_edits = context.looks_for_edits

    @property
    def arguments(self) -> Arguments:
        """What was asked for."""
        return self._context.arguments

    def parse(self, response: Response, **kwargs: Any) -> Output:
        """A page by itself: its article with the dates of its texts, and requests for what it leads to.

        It keeps nothing: it serves `scrapy parse`, `scrapy check` and spiders of other projects.

        @url https://vov.vn/
        @returns items 0 0
        @returns requests 1
        """
        try:
            page = single_page.read(response)
        except PageError as error:
            self.logger.error("No article, and nothing that leads to one: %s (%s)", response.url, error)
            return
        for url in page.leads_to:
            yield response.follow(url, callback=self.parse)
        if page.article is not None:
            yield page.article

    async def start(self) -> AsyncIterator[Any]:
        """The seeds of the crawl, unless an unfinished one is resumed."""
        context, begun = self._context, self._context.beginning
        for line in (*context.repaired, *context.caught_up):
            self.logger.info("%s", line)
        for other in context.crawls.other_work(begun.crawl):
            self.logger.info("Left alone: %d pages of an unfinished crawl with %s", other.pages, other.arguments)
        if begun.forgotten_pages:
            self.logger.info("Forgot %d pages of an unfinished crawl of these arguments", begun.forgotten_pages)
        if begun.others:
            self.logger.info("Sharing the crawl of these arguments with %d other workers", begun.others)
        if begun.resumed_pages is not None:
            self.logger.info("Resuming the unfinished crawl of these arguments: %d pages", begun.resumed_pages)
        if self.arguments.uses_network and not (context.configuration.mirror or context.configuration.contact):
            self.logger.info("The site cannot tell who crawls: -s VOV_CONTACT=you@example.org says it")
        if context.reaching_back is not None:
            self.logger.log(context.reaching_back.level, "%s", context.reaching_back.line)
        if begun.needs_seeds:
            for found in self._seeds():
                yield self._request(found)
            if self.arguments.archive.skipped:
                self.logger.warning("%d files of the archive are not %s", self.arguments.archive.skipped, READABLE)
            named = self.arguments.named_files
            context.frontier.add(
                Discovered(path.as_uri(), FILE, requested=path in named, modified=written_to(path))
                for path in self.arguments.archive.files
            )
            context.seeded()
        if not self.arguments.uses_network:
            # Only here: it starts other processes, for which a crawl of the site need not be prepared.
            from vovcrawl.archives.reading import ArchiveReading

            await ArchiveReading(self.crawler).run()
        elif begun.reckoned_at is not None:
            while await self._another_round_begins():
                for found in self._sources():
                    yield self._request(found)
                context.seeded()

    async def _another_round_begins(self) -> bool:
        """Waits until all is done that is left, and begins anew where the sources may list more by now."""
        try:
            while self._context.frontier.has_pending() or self._results.any_pending():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            begins = self._context.needs_another_round and self._context.begin_another_round()
        except SQLAlchemyError as error:
            stop_for_store(self.crawler, error)
            return False
        if begins:
            self.logger.info("Done with what was left: reading the sources again")
            self._pagination = self._new_pagination()
        return begins

    def _seeds(self) -> Iterator[Discovered]:
        if self.arguments.sources:
            self.logger.info("Sources: %s", ", ".join(self.arguments.sources))
        yield from self._sources()
        named = self._context.frontier.failed_articles() if self.arguments.failed else self.arguments.urls
        if self.arguments.failed:
            self.logger.info("%d articles could not be read by earlier crawls", len(named))
        for url in named:
            yield Discovered(url, "article", priority=Priority.SEED, requested=True)

    def _sources(self) -> Iterator[Discovered]:
        yield from sources.seeds(self.arguments, self._context.now)
        for url in self.arguments.tags:
            yield Discovered(url, "listing", priority=Priority.SEED)

    def _request(self, found: Discovered) -> Request:
        return request_of(found, self)

    def closed(self, reason: str) -> None:
        """Says what was left out without a look."""
        if not CrawlContext.is_given_to(self.crawler):
            return
        left_out = self._context.frontier.left_out_by_id
        if left_out:
            self.crawler.stats.set_value("vov/pages/left out by id", left_out)
            self.logger.info("%d undated articles were left out: their ids lie outside the window", left_out)

    def _visit(self, response: Response) -> tuple[str, VisitResult]:
        """The page that a response is for, and the result of the visit, with the response's status."""
        url = response.meta[PAGE]
        visit = self._results.open(url)
        visit.status = response.status
        return url, visit

    def parse_sitemap(self, response: Response) -> Output:
        """A sitemap: of a month, its articles; the index, the months."""
        url, visit = self._visit(response)
        if response.status == NOT_MODIFIED:
            visit.outcome, visit.unchanged = Outcome.SITEMAP, True
            return
        try:
            found = sitemap.read(response.body, url)
            if not found.entries and not found.sitemaps:
                if sources.has_just_begun(url, self._context.clock()):
                    self._end_empty_month(visit)
                    return
                raise BrokenSource(Reason.EMPTY, "a sitemap without articles")
            delisted = self._context.frontier.delisted(url, {entry.url for entry in found.entries})
            if len(delisted) > max(_MOST_DELISTED, len(found.entries)):
                raise BrokenSource(Reason.EMPTY, f"it lists {len(delisted)} known articles no more")
            if found.sitemaps and not self._is_seed(url):
                raise BrokenSource(Reason.MALFORMED, "an index of sitemaps that another one names")
        except PageError as error:
            yield from self._source_refused(visit, response, error)
            return
        for month in sources.sitemaps_within(found.sitemaps, self.arguments.window, self._context.now):
            yield self._request(Discovered(month, "sitemap", discovered_on=url, priority=Priority.SEED))
        self._tell_mended(url, found.mended)
        if found.entries:
            yield from self._listed(visit, found.entries)
            visit.discovered += [
                Discovered(article, "article", discovered_on=url, priority=Priority.ARTICLE, delisted=True)
                for article in delisted[:_MOST_DELISTED]
            ]
            if not found.sitemaps:
                visit.etag, visit.last_modified = _header(response, "ETag"), _header(response, "Last-Modified")
        self._end_source(visit, Outcome.SITEMAP, found.over)

    def _listed(self, visit: VisitResult, entries: Sequence[Entry]) -> Output:
        """The articles of a sitemap that may lie in the window, and the others, for what is known of them."""
        listed = of_sections(entries, self.arguments)
        wanted, left_out = candidates(listed, self.arguments.window)
        tried = self._tried(visit.url, left_out)
        self.crawler.stats.inc_value("vov/sources/sitemap/listed", len(listed))
        self.crawler.stats.inc_value("vov/sources/sitemap/wanted", len(wanted) + len(tried))
        undated = all(entry.modified is None for entry in entries)
        if undated or not self._context.frontier.policy.trusts_dates:
            self.logger.info("%s gives no dates of change: edits are looked for in young articles only", visit.url)

        def as_listed(entry: Entry, *, if_known: bool = False) -> Discovered:
            return Discovered(
                entry.url,
                "article",
                discovered_on=visit.url,
                priority=Priority.ARTICLE,
                modified=entry.modified,
                listed=True,
                if_known=if_known,
            )

        asked = {entry.url for entry in (*wanted, *tried)}
        for entry in (*wanted, *tried):
            yield self._request(as_listed(entry))
        visit.discovered += [as_listed(entry, if_known=True) for entry in listed if entry.url not in asked]

    def _tried(self, url: str, left_out: Sequence[Entry]) -> list[Entry]:
        """A few of the articles that seem to be older than the window, in case they were begun long before: those that
        were changed last. The others are counted, and warned of if they are many."""
        known = self._context.known(entry.url for entry in left_out)
        unknown = sorted(
            (entry for entry in left_out if entry.url not in known), key=lambda entry: entry.modified or ""
        )
        tried = unknown[-_HANDFUL:] if self.arguments.window.end is None else []
        count = len(unknown) - len(tried)
        if count:
            self.crawler.stats.inc_value(LEFT_OUT, count)
        if count > _HANDFUL:
            self.logger.warning(
                "%d articles of %s were changed within the window and left out, since the articles around them are "
                "older; scrapy coverage counts them",
                count,
                url,
            )
        return tried

    def _end_empty_month(self, visit: VisitResult) -> None:
        """The end of a visit to the sitemap of a month without articles yet: that of the month before, if it can be
        read, tells it from a broken one."""
        neighbour = sources.month_before(self._context.clock())
        visit.discovered.append(Discovered(neighbour, "sitemap", discovered_on=visit.url, priority=Priority.SEED))
        visit.outcome, visit.reason = Outcome.SITEMAP, "no article of the month yet"

    def _is_seed(self, url: str) -> bool:
        return any(url == found.url for found in sources.seeds(self.arguments, self._context.now))

    def _end_source(self, visit: VisitResult, outcome: Outcome, over: int) -> None:
        """The end of a visit to a source, which failed if it names more than is taken from one."""
        visit.outcome = outcome
        if over > 0:
            self.crawler.stats.inc_value("vov/sources/failed")
            visit.outcome, visit.reason = Outcome.UNREADABLE, f"it names too much: {over} more are left out"

    def parse_feeds(self, response: Response) -> Output:
        """The page that lists the feeds."""
        url, visit = self._visit(response)
        try:
            found = rss.find_feeds(response.body, url)
            if not found:
                raise NotAListing(Reason.EMPTY, "the page lists no feed")
        except PageError as error:
            yield from self._source_refused(visit, response, error)
            return
        for named in found[:_MOST_FEEDS]:
            yield self._request(Discovered(named, "feed", discovered_on=url, priority=Priority.SEED))
        self._end_source(visit, Outcome.FEED, len(found) - _MOST_FEEDS)

    def parse_feed(self, response: Response) -> Output:
        """A feed: the newest articles of a section, with their publication times."""
        url, visit = self._visit(response)
        if response.status == NOT_MODIFIED:
            visit.outcome, visit.unchanged = Outcome.FEED, True
            return
        try:
            found = rss.read_feed(response.body, url)
        except PageError as error:
            yield from self._source_refused(visit, response, error)
            return
        self._tell_mended(url, found.mended)
        window = self.arguments.window
        for item in found.items:
            if item.published is None or window.is_open or window.holds_iso(item.published):
                yield self._request(
                    Discovered(item.url, "article", discovered_on=url, priority=Priority.ARTICLE, listed=True)
                )
        visit.etag, visit.last_modified = _header(response, "ETag"), _header(response, "Last-Modified")
        self._end_source(visit, Outcome.FEED, found.over)

    def _tell_mended(self, url: str, count: int) -> None:
        """Says of a source that it is no XML in some places, and all the same was read to its end."""
        if count:
            self.crawler.stats.inc_value("vov/sources/mended")
            self.logger.warning("The source %s is damaged in %d places, and was read all the same", url, count)

    def _source_refused(self, visit: VisitResult, response: Response, error: PageError) -> Output:
        """A source that answers something else: asked again, or failed."""
        again = self._again(response, error)
        if again is not None:
            yield again
        else:
            self._source_failed(visit, str(error))

    def _source_failed(self, visit: VisitResult, reason: str) -> None:
        """A source that cannot be read: the listings take its place, and the crawl says so in the end."""
        self.crawler.stats.inc_value("vov/sources/failed")
        if not self._made_up and not self._context.is_earlier_month(visit.url):
            self._made_up = True
            self._context.frontier.policy.reads_dates_of_change = False
            page = self._in_flight(visit)
            # What failed in the crawl before is no news to whoever gets a cron job's mail.
            level = logging.INFO if page is not None and page.outcome in FAILURES else logging.WARNING
            self.logger.log(level, "The source %s failed (%s): walking the listings instead", visit.url, reason)
            visit.discovered += [replace(found, discovered_on=visit.url) for found in sources.listings(self.arguments)]
        visit.outcome, visit.reason = Outcome.UNREADABLE, reason

    def parse_menu(self, response: Response) -> Output:
        """The front page: its menu names the sections."""
        url, visit = self._visit(response)
        try:
            found = menu.read(response.body, response.url)
        except PageError:
            found = []
        marks = menu.marks(response.body)
        if not found:
            refusal = self._why_no_menu(response)
            if refusal.reason in (Reason.EMPTY, Reason.NO_ARTICLE):
                visit.shapes = (drift.of_menu(marks, 0),)
            yield from self._not_read(visit, response, refusal)
            return
        visit.shapes = (drift.of_menu(marks, len(found)),)
        for section in found[:_MOST_SECTIONS]:
            yield self._request(Discovered(section, "listing", discovered_on=url, priority=Priority.SEED))
        self._end_source(visit, Outcome.MENU, len(found) - _MOST_SECTIONS)

    def _walk_known_sections(self, visit: VisitResult) -> None:
        self.logger.warning("The site's menu cannot be read: walking the sections of July 2026 instead")
        visit.discovered += [
            Discovered(f"{urls.SITE}/{path}", "listing", discovered_on=visit.url, priority=Priority.SEED)
            for path in sections.MENU
        ]

    @staticmethod
    def _why_no_menu(response: Response) -> PageError:
        try:
            listing.read(response.body, response.url)
        except PageError as error:
            return error
        return NotAListing(Reason.EMPTY, "the front page shows no menu")

    def _not_read(self, visit: VisitResult, response: Response, error: PageError) -> Output:
        """A page that is not what it should be: the crawl follows where it leads, asks again, or leaves it."""
        page = self._in_flight(visit)
        served = response.meta.pop(SERVED, None)
        if served is not None and page is not None:
            # What its scripts have made of the page cannot be read.
            self.crawler.stats.inc_value("vov/render/spoilt")
            yield from getattr(self, f"parse_{page.kind}")(served.replace(request=response.request))
            return
        if page is not None and page.kind == "article":
            visit.shapes = (drift.of_article_page(error, listed=page.listed),)
        elif page is not None and page.kind == "listing" and error.reason is Reason.EMPTY:
            visit.shapes = (drift.of_listing(frozenset(), 0),)
        again = None
        if error.target is None:
            again = self._again(response, error)
        else:
            written = _joined(response.url, error.target)
            leads_to = urls.parse(written)
            if page is not None and leads_to is not None and leads_to.url != visit.url:
                self._redirected(visit, page, leads_to.url, by_page=True)
                return
            if leads_to is not None and written != response.url:
                again = self._under_another_name(response, written)
            elif leads_to is not None:
                again = self._again(response, error)
        if again is not None:
            yield again
            return
        if page is not None and page.kind == "menu" and error.reason is not Reason.BLOCKED:
            self._walk_known_sections(visit)
        self._failed(visit, failures.of_page(error, response.status))

    def _in_flight(self, visit: VisitResult) -> Page | None:
        return self._context.frontier.in_flight.get(visit.url)

    @staticmethod
    def _failed(visit: VisitResult, failure: failures.Failure) -> None:
        visit.outcome, visit.reason, visit.status = failure.outcome, failure.reason, failure.status

    def _again(self, response: Response, error: PageError) -> Request | None:
        """Another attempt at a page that came empty or from the firewall, which one repetition often mends."""
        if not failures.is_worth_another_attempt(error) or response.request is None:
            return None
        tries = response.meta.get(_TRIES, 1)
        if tries >= _MOST_TRIES:
            return None
        self.crawler.stats.inc_value("vov/pages/asked again")
        return response.request.replace(meta={**self._carried(response), _TRIES: tries + 1})

    def _under_another_name(self, response: Response, url: str) -> Request | None:
        """The page as it itself says to ask for it, by a token in the query or on another host of the newspaper."""
        times = response.meta.get("redirect_times", 0) + 1
        if response.request is None or times > self.settings.getint("REDIRECT_MAX_TIMES"):
            return None
        # Scrapy counts the server's redirects of the page under the same name.
        return response.request.replace(url=url, meta={**self._carried(response), "redirect_times": times})

    @staticmethod
    def _carried(response: Response) -> dict[str, Any]:
        """What another request for the same page carries on."""
        names = (PAGE, _TRIES, "handle_httpstatus_list", "redirect_times")
        return {name: response.meta[name] for name in names if name in response.meta}

    def parse_listing(self, response: Response) -> Output:
        """A page of a section or tag: its articles, and its next page."""
        url, visit = self._visit(response)
        try:
            found = listing.read(response.body, url)
        except PageError as error:
            yield from self._not_read(visit, response, error)
            return
        visit.shapes = (drift.of_listing(found.marks, len(found.articles)),)
        here = urls.parse(url)
        assert here is not None
        pager = self._pagination.of(here.listing)
        endless = pager.why_endless(here.page, found.articles)
        if endless is not None:
            visit.outcome, visit.reason = Outcome.UNREADABLE, endless
            visit.listing = ListingEnd(here.listing, whole=False)
            return
        is_barren = not found.articles and found.last_page is not None and found.last_page > here.page
        if is_barren:
            again = self._again(response, NotAListing(Reason.EMPTY, "a page of a listing without articles"))
            if again is not None:
                yield again
                return
            pager.leave_gap()
        for article in found.articles:
            yield self._request(
                Discovered(article, "article", discovered_on=url, priority=Priority.ARTICLE, listed=True)
            )
        turn = pager.turn(here.page, found)
        if turn.next_page is not None:
            yield self._request(turn.next_page)
        visit.listing = turn.end
        visit.outcome = Outcome.LISTING
        if is_barren:
            visit.outcome, visit.reason = Outcome.UNREADABLE, "no articles, though the pager promises more"

    def parse_article(self, response: Response) -> Output:
        """A page that should hold an article: the article, and those that it points to."""
        _, visit = self._visit(response)
        if self._looks_for_edits:
            # Only a crawl that has news does: one without is to cost no more than a look at its sources.
            self._looks_for_edits = False
            visit.discovered += [
                Discovered(month, "sitemap", discovered_on=visit.url, priority=Priority.EARLIER_MONTH)
                for month in self._context.months_with_young_articles()
            ]
        if response.status == NOT_MODIFIED:
            visit.outcome, visit.unchanged = Outcome.ARTICLE, True
            return
        try:
            reading = read(response.body, response.url, http_content_type_encoding(_header(response, "Content-Type")))
        except PageError as error:
            yield from self._not_read(visit, response, error)
            return
        reading.article.warnings[:0] = [flag for flag in (RENDERED, UNRENDERED) if flag in response.flags]
        page = self._in_flight(visit)
        read_as_listed = drift.of_article_page(None, listed=page is not None and page.listed)
        visit.shapes = (drift.of_reading(reading), read_as_listed)
        visit.evidence = Evidence(page_hash(response.body))
        if self._context.configuration.asks_for_tags:
            visit.node = node_of(response.body)
        visit.etag = _header(response, "ETag")
        visit.last_modified = _header(response, "Last-Modified")
        yield from self._article(visit, reading)

    def _article(self, visit: VisitResult, reading: Reading) -> Output:
        """An article that was read, with those that it points to, if it lies in the window."""
        window = self.arguments.window
        article = accepted(reading, visit, window, is_owed=self._is_owed(visit, reading.article))
        if article is None:
            return
        if self.arguments.related and (window.is_open or window.holds_iso(article.date_published or "")):
            for related in article.related:
                if related.url is not None and urls.article(related.url) is not None:
                    yield self._request(
                        Discovered(related.url, "article", discovered_on=visit.url, steps=1, priority=Priority.ARTICLE)
                    )
        yield article

    def _is_owed(self, visit: VisitResult, article: Article) -> bool:
        """Whether an article outside the window is kept all the same: it is young, and the store has an earlier text of
        it, or it could not be read when it lay in the window."""
        published, frontier = article.date_published, self._context.frontier
        if published is None or not frontier.policy.keeps_fresh(published):
            return False
        page = self._in_flight(visit)
        was_unread = page is not None and page.unread_since is not None
        if was_unread and frontier.was_asked_for(visit.url, published):
            return True
        kept = self._context.articles
        return kept.holds(article.canonical_url) or kept.elsewhere(article) is not None

    def failed(self, failure: Failure) -> None:
        """A visit without a response that can be read: kept with its reason."""
        request: Request = failure.request  # type: ignore[attr-defined]
        url = request.meta.get(PAGE)
        if url is None:
            self.logger.error("A request without a page failed: %s", failure.getErrorMessage())
            return
        if isinstance(failure.value, LeftForLater):
            self._results.release(url)
            return
        visit = self._results.open(url)
        page = self._in_flight(visit)
        kind = page.kind if page is not None else "article"
        largest = self.settings.getint("DOWNLOAD_MAXSIZE")
        found = failures.of_exception(failure.value, failure.getErrorMessage(), largest)
        visit.status = found.status
        if kind == "sitemap" and found.outcome is Outcome.GONE and sources.has_just_begun(url, self._context.clock()):
            self._end_empty_month(visit)
        elif kind in ("sitemap", "feed", "feeds"):
            redirected = isinstance(failure.value, Redirected)
            self._source_failed(visit, str(failure.value) if redirected else found.reason)
        elif page is not None and isinstance(failure.value, Redirected):
            self._redirected(visit, page, failure.value.target)
        else:
            self._failed(visit, failures.for_kind(found, kind))
            if kind == "menu" and visit.outcome is Outcome.UNREADABLE:
                self._walk_known_sections(visit)
            if kind == "listing" and visit.outcome is Outcome.GONE:
                self._listing_page_gone(visit)
        self._results.keep(visit)

    def _listing_page_gone(self, visit: VisitResult) -> None:
        """Some listings end in a page that is not there, but not those whose pager promised it."""
        here = urls.parse(visit.url)
        if here is None or not here.page:
            return
        pager = self._pagination.met(here.listing)
        if pager is not None and pager.promises(here.page):
            visit.outcome = Outcome.UNREADABLE
        elif pager is not None:
            visit.listing = ListingEnd(here.listing, whole=True)

    def _redirected(self, visit: VisitResult, page: Page, target: str, *, by_page: bool = False) -> None:
        """Another page of the newspaper in the place of one that only leads there.

        Args:
            visit: of the page that leads there.
            page: that page.
            target: canonical url of the other page.
            by_page: whether the page itself leads there, by a script, and not the server. Such pages are the
                firewall's, so that they never account for an article.
        """
        redirects = self._context.visits.redirects(visit.url, target)
        leads_to = urls.parse(target)
        kind = leads_to.kind if leads_to is not None else Kind.OTHER
        fits = (Kind.ARTICLE,) if page.kind == "article" else (Kind.SECTION, Kind.TAG, Kind.HOME)
        if redirects is not None and redirects <= self.settings.getint("REDIRECT_MAX_TIMES") and kind in fits:
            # What the user named stands for what it leads to.
            visit.discovered.append(
                Discovered(target, page.kind, discovered_on=visit.url, priority=Priority.SEED, requested=page.requested)
            )
            visit.outcome, visit.reason, visit.canonical_url = Outcome.ALIAS, f"redirects to {target}", target
            return
        visit.outcome, visit.reason = Outcome.UNREADABLE, f"redirects to {target}"
        if redirects is None:
            visit.reason = "redirects in a circle"
        elif kind in fits:
            visit.reason = f"redirects more than {redirects - 1} times"
        elif page.kind == "article" and not by_page:
            # Some sites say so that an article is gone.
            visit.outcome = Outcome.GONE if page.listed else Outcome.NO_ARTICLE
        if page.kind == "menu":
            self._walk_known_sections(visit)
