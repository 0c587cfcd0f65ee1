"""Redirects within the newspaper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from vovcrawl import urls
from vovcrawl.middlewares.scope import OutOfScope
from vovcrawl.text import clean
from vovcrawl.visits import PAGE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class Redirected(IgnoreRequest):
    """The page leads to another page of the newspaper, which the crawl may know or visit by itself."""

    def __init__(self, target: str) -> None:
        super().__init__(f"redirects to {target}")
        self.target = target


class NotPublic(OutOfScope):
    """The page leads to a private address, or away from http: that accounts for no page."""


class SameSiteRedirectMiddleware(RedirectMiddleware):
    """Takes a redirect for a link to another page, and refuses one that leads off the newspaper.

    Only where the target is the same page under another host or scheme (`www.vov.vn`, `baoxuan.vov.vn`), or no page
    of the crawl is asked for (robots.txt), the redirect is followed at once.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SameSiteRedirectMiddleware:
        """The middleware of a crawler, without Scrapy's look for what sets referrers: no request here has one."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """The request that follows the redirect, or the response if it is none.

        Raises:
            Redirected: the redirect leads to another page of the newspaper.
            OutOfScope: it leads off the newspaper, or nowhere.
            NotPublic: it leads to a private address, to this machine, or to what is not asked for by http.
        """
        if response.status not in _REDIRECTS or "Location" not in response.headers:
            return response
        written = clean((response.headers["Location"] or b"").decode("latin-1"))[:200]
        try:
            following = super().process_response(request, response)
        except ValueError:
            error = OutOfScope if _is_public(response) else NotPublic
            raise error(f"redirects to what is no url: {written}") from None
        parsed = urls.in_scope(following.url) if isinstance(following, Request) else None
        if parsed is None or not isinstance(following, Request):
            error = OutOfScope if _is_public(response) else NotPublic
            raise error(f"redirects out of vov.vn: {written}")
        page = request.meta.get(PAGE)
        if page is not None and parsed.url != page:
            raise Redirected(parsed.url)
        return following


def _is_public(response: Response) -> bool:
    """Whether a redirect leads to a public host by http."""
    written = (response.headers["Location"] or b"").decode("latin-1").strip()
    try:
        return urls.is_public(urljoin(response.url, written.replace("\\", "/")))
    except ValueError:
        return False
