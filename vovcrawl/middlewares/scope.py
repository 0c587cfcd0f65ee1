"""Nothing off the site is fetched, whatever asks for it: a link, a redirect, robots.txt."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from vovcrawl import urls

_ROBOTS_OF_SERVICES = frozenset(f"https://{host}/robots.txt" for host in urls.SERVICE_HOSTS)
"""A page that is rendered asks these hosts only by their rules."""


class OutOfScope(IgnoreRequest):
    """The url is not the newspaper's."""


class ScopeMiddleware:
    """Refuses every request whose url is not vov.vn in Vietnamese."""

    def process_request(self, request: Request) -> None:
        """Raises `OutOfScope` for a url that is not the newspaper's."""
        if urls.in_scope(request.url) is None and request.url not in _ROBOTS_OF_SERVICES:
            raise OutOfScope(f"leads out of vov.vn: {request.url[:200]}")
