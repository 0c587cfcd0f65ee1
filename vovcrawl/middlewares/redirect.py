"""Redirects within the newspaper, under its canonical host."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from vovcrawl import addresses
from vovcrawl.middlewares.scope import OutOfScope

_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class SameSiteRedirectMiddleware(RedirectMiddleware):
    """Follows a redirect to another page of the newspaper, and refuses any other.

    A target on `www.` or `baoxuan.` is asked for on vov.vn; one in another scheme, for which Scrapy would hand on the
    answer as if it were the page, is refused too.
    """

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """The request that follows the redirect, or the response if it is none.

        Raises:
            OutOfScope: the redirect leads off the site, or nowhere.
        """
        if response.status not in _REDIRECTS or "Location" not in response.headers:
            return response
        written = (response.headers["Location"] or b"").decode("latin-1")[:200]
        try:
            following = super().process_response(request, response)
        except ValueError:
            raise OutOfScope(f"redirects to what is no address: {written}") from None
        address = addresses.read(following.url) if isinstance(following, Request) else None
        if address is None or not isinstance(following, Request):
            raise OutOfScope(f"redirects out of vov.vn: {written}")
        return following.replace(url=address.url)
