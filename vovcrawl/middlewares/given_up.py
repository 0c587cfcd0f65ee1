"""Pages that were given up are not asked for: their visit fails with the reason, as any other failure does."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from vovcrawl.visits import REFUSED


class GivenUp(IgnoreRequest):
    """The page is asked for again only where the user names it."""


class GivenUpMiddleware:
    """Refuses the request for a page that was given up, before robots.txt is asked for."""

    def process_request(self, request: Request) -> None:
        """Raises `GivenUp` with the reason where there is one."""
        if (reason := request.meta.get(REFUSED)) is not None:
            raise GivenUp(reason)
