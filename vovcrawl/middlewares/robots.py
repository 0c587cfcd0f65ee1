"""robots.txt by RFC 9309, where Scrapy departs from it.

Scrapy reads the page of a server error as if it were rules, and takes a failed download for "all allowed". By the
standard a robots.txt that cannot be had because the server fails means "not now" (section 2.3.1.4), and one that the
server says is not there allows everything (section 2.3.1.3). A page of HTML in its place, which a firewall sends with
status 200, holds no rules either, and allows nothing. Which rules bind this crawler is settled by `robots_text`; the
parser that Scrapy is set to gets only those.
"""

from __future__ import annotations

import logging

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from vovcrawl.crawl.exit_status import ROBOTS_UNAVAILABLE
from vovcrawl.downloader.slots import LeftForLater
from vovcrawl.middlewares import robots_text
from vovcrawl.urls import SERVICE_HOSTS


class RobotsUnavailable(IgnoreRequest):
    """robots.txt cannot be had now, so nothing may be fetched now."""


class ForbiddenByRobots(IgnoreRequest):
    """robots.txt forbids the url."""


_TOO_MANY_REQUESTS = 429

MOST_BYTES = 512 * 1024
"""Bytes of robots.txt that are read; the standard asks for 500 KiB at least (section 2.5)."""


class _WithoutTraceback(logging.Filter):
    """A failed download of robots.txt is no error in the program."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


class RobotsMiddleware(RobotsTxtMiddleware):
    """Obeys robots.txt; where it cannot be had, nothing is fetched."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._log = logging.getLogger("scrapy.downloadermiddlewares.robotstxt")
        self._without_traceback = _WithoutTraceback()
        self._log.addFilter(self._without_traceback)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        self._unavailable: dict[str, IgnoreRequest] = {}
        self._rules: dict[str, str] = {}

    def _closed(self) -> None:
        self._log.removeFilter(self._without_traceback)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules for the request's host.

        Raises:
            RobotsUnavailable: they cannot be had now.
            LeftForLater: the crawl ended before they were had.
        """
        parser = await super().robot_parser(request)
        error = self._unavailable.get(urlparse_cached(request).netloc)
        if error is not None:
            raise error.with_traceback(None)
        return parser

    async def rules_of(self, host: str) -> str | None:
        """The rules of a host for this crawler, written as one group for everybody; None where they cannot be had now,
        so that nothing may be asked for there."""
        try:
            await self.robot_parser(Request(f"https://{host}/"))
        except IgnoreRequest:
            return None
        return self._rules.get(host)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises `ForbiddenByRobots` for a url that the rules forbid."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == _TOO_MANY_REQUESTS:
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            self._give_up(netloc, f"the site answers {response.status}")
            return
        text = robots_text.decode(response.body[:MOST_BYTES]) if response.status < 400 else ""
        if robots_text.is_web_page(text):
            self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
            self._give_up(netloc, "the site answers a web page")
            return
        if len(response.body) > MOST_BYTES:
            # A rule that is cut would be another rule.
            text = robots_text.without_last_line(text)
        rules = robots_text.binding_rules(text, self._robotstxt_useragent or self._default_useragent)
        self._rules[netloc] = rules
        response = response.replace(body=rules.encode("ascii"))
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, LeftForLater):
            self._release(netloc, exc)
            return
        self._stats.inc_value(f"robotstxt/exception_count/{type(exc).__name__}")
        self._give_up(netloc, f"{type(exc).__name__}: {exc}"[:300])

    def _give_up(self, netloc: str, reason: str) -> None:
        # No page waits for the rules of a host that has none.
        self._stats.inc_value(ROBOTS_UNAVAILABLE if netloc not in SERVICE_HOSTS else "vov/render/robots unavailable")
        self._release(netloc, RobotsUnavailable(f"robots.txt cannot be had: {reason}"))

    def _release(self, netloc: str, error: IgnoreRequest) -> None:
        """Lets go of the requests that wait for the rules of a host, none of which is sent."""
        self._unavailable[netloc] = error
        waiting = self._parsers[netloc]
        self._parsers[netloc] = None
        if isinstance(waiting, Deferred):
            waiting.callback(None)
