"""Nothing off the site is fetched, whatever asks for it: a link, a redirect, robots.txt."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from vovcrawl import urls
from vovcrawl.visits import PAGE


class OutOfScope(IgnoreRequest):
    """The url is not the newspaper's."""


class ScopeMiddleware:
    """Refuses every request whose url is not vov.vn in Vietnamese.

    A file passes where the crawl itself asks for it, which no link can make it do.
    """

    def process_request(self, request: Request) -> None:
        """Raises `OutOfScope` for a url that is not the newspaper's."""
        of_archive = request.url.startswith("file:") and str(request.meta.get(PAGE)).startswith("file:")
        if urls.parse(request.url) is None and not of_archive:
            raise OutOfScope(f"leads out of vov.vn: {request.url[:200]}")
