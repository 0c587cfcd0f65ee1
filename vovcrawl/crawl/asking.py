"""Asking the newspaper for single pages as politely as a crawl does, without a store, a queue or a feed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.http import Response
from w3lib.encoding import http_content_type_encoding

from vovcrawl import urls
from vovcrawl.crawl import failures
from vovcrawl.crawl.components import add_download_components
from vovcrawl.crawl.failures import Failure
from vovcrawl.downloader.slots import is_closing
from vovcrawl.middlewares.redirect import Redirected
from vovcrawl.visits import NOT_MODIFIED, PAGE, Outcome

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

ROBOTS = "https://vov.vn/robots.txt"

_OK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site said to one request."""

    asked: str
    """The url that was asked for."""
    url: str
    """The url that answered, after redirects."""
    body: bytes = b""
    status: int | None = None
    """HTTP status; None where there was no response."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name; of a repeated one the first."""
    failure: Failure | None = None
    """Why there is no page to read; None where there is one."""
    received: datetime | None = None
    """When it came, by this machine's clock."""

    @property
    def charset(self) -> str | None:
        """The encoding that the server declares."""
        return http_content_type_encoding(self.headers.get("content-type"))

    @classmethod
    def of(cls, asked: str, response: Response) -> Answer:
        """The answer that a response is."""
        failure = None if response.status in (_OK, NOT_MODIFIED) else failures.of_status(response.status)
        headers = {
            name.decode("latin-1").lower(): values[0].decode("latin-1").strip()
            for name, values in response.headers.items()
            if values
        }
        return cls(asked, response.url, response.body, response.status, headers, failure, datetime.now(UTC))


class AskingSpider(Spider):
    """Asks for some pages, one after another. What for and what of it is up to `work`."""

    most_requests = 1
    """Requests that are made at most."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requests = 0
        self.robots: Answer | None = None
        """robots.txt as it came; None until a page was asked for."""
        self.has_ended = False
        """Whether all was asked that was to be asked."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The pace and the rules of a crawl; nothing is queued, kept, fed or asked for again."""
        super().update_settings(settings)
        add_download_components(settings)
        for name, changed in _COMPONENTS.items():
            settings.set(f"{name}_BASE", {**settings.getdict(f"{name}_BASE"), **changed}, priority="spider")
        settings.setdict({"ITEM_PIPELINES": {}, "FEEDS": {}, "RETRY_ENABLED": False}, priority="cmdline")

    async def start(self) -> AsyncIterator[Any]:
        """Does the work; there is nothing to queue."""
        await self.work()
        self.has_ended = True
        for request in list[Request]():
            yield request

    def note_robots(self, found: Response | Exception) -> None:
        """Keeps what came for robots.txt."""
        if isinstance(found, Response):
            self.robots = Answer.of(ROBOTS, found)
        else:
            self.robots = Answer(ROBOTS, ROBOTS, failure=self._failure(found))

    def _failure(self, error: Exception) -> Failure:
        return failures.of_exception(error, str(error), self.settings.getint("DOWNLOAD_MAXSIZE"))

    async def work(self) -> None:
        """Asks for what is wanted."""
        raise NotImplementedError

    async def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a request, at the end of its redirects; one that cannot be made has a failure."""
        assert self.crawler.engine is not None
        target = url
        for _ in range(1 + self.settings.getint("REDIRECT_MAX_TIMES")):
            if is_closing(self.crawler):
                return Answer(url, target, failure=Failure(Outcome.UNREACHABLE, "stopped before it was asked for"))
            parsed = urls.in_scope(target)
            # A response that breaks off is known by the page that it is for.
            meta = {PAGE: parsed.url} if parsed is not None else {}
            try:
                request = Request(target, headers=dict(headers or {}), meta=meta)
                return Answer.of(url, await self.crawler.engine.download_async(request))
            except Redirected as error:
                target = error.target
            except Exception as error:
                # Whatever a download can end in is a failure of this page alone.
                return Answer(url, target, failure=self._failure(error))
        return Answer(url, target, failure=Failure(Outcome.UNREADABLE, "redirects too often"))


_COMPONENTS: dict[str, dict[str, int | None]] = {
    "DOWNLOADER_MIDDLEWARES": {
        "vovcrawl.middlewares.robots.RobotsMiddleware": None,
        "vovcrawl.middlewares.noted_robots.NotedRobots": 100,
        # Closest to the downloader: what was refused before it is no request.
        "vovcrawl.middlewares.request_limit.RequestLimit": 1000,
    },
    "EXTENSIONS": {
        "scrapy.extensions.throttle.AutoThrottle": None,
        "vovcrawl.extensions.throttle.Throttle": 100,
        "vovcrawl.extensions.crawl_delay.CrawlDelay": 110,
        "scrapy.extensions.logstats.LogStats": None,
    },
}
"""What differs from a crawl, and what a crawl adds to be polite."""
