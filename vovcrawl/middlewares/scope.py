"""Nothing off the site is fetched, whatever asks for it: a link, a redirect, robots.txt."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from vovcrawl import urls
from vovcrawl.visits import PAGE


class OutOfScope(IgnoreRequest):
    """The address is not the newspaper's."""


class ScopeMiddleware:
    """Refuses every request whose address is not vov.vn in Vietnamese.

    Files pass where the walk itself asks for them, as it does for an archive; no link can bring a file into the walk,
    and only what the user named is handed out.
    """

    def process_request(self, request: Request) -> None:
        """Raises `OutOfScope` for an address that is not the newspaper's."""
        of_archive = request.url.startswith("file:") and str(request.meta.get(PAGE)).startswith("file:")
        if urls.parse(request.url) is None and not of_archive:
            raise OutOfScope(f"leads out of vov.vn: {request.url[:200]}")
