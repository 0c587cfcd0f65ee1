"""Redirects within the newspaper, under its canonical host."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from vovcrawl import addresses
from vovcrawl.middlewares.scope import OutOfScope


class SameSiteRedirectMiddleware(RedirectMiddleware):
    """Follows a redirect to another page of the newspaper, and refuses any other.

    A target on `www.` or `baoxuan.` is asked for on vov.vn; one in another scheme, which Scrapy would take for the
    page itself, is refused too.
    """

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """The request that follows the redirect, or the response if it is none."""
        result = super().process_response(request, response)
        if isinstance(result, Request):
            address = addresses.read(result.url)
            if address is None:
                raise OutOfScope(f"redirects out of vov.vn: {result.url[:200]}")
            if result.meta.get("dont_obey_robotstxt"):
                return result
            if address.url == request.url and response.status in (301, 302, 303, 307, 308):
                # From www. to vov.vn and the like: the folded address is the one that was asked for.
                return result
            return result.replace(url=address.url)
        if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
            raise OutOfScope(f"redirects out of vov.vn: {response.headers['Location']!r}"[:250])
        return result
