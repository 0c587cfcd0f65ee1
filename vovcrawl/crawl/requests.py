"""Pages as Scrapy's requests, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from vovcrawl import urls
from vovcrawl.visits import DISCOVERED, GIVEN_UP, NOT_MODIFIED, PAGE, REFUSED, Discovered, Priority

if TYPE_CHECKING:
    from vovcrawl.store import Page

KINDS = ("menu", "listing", "sitemap", "feeds", "feed", "article")
"""Kinds of page; the spider's callback for each is `parse_KIND`."""

_CONDITIONAL = ("sitemap", "feed")
"""Sources of which the store knows what the server sent with them, where the crawl itself has read them before."""


def request_for(page: Page, spider: Spider) -> Request:
    """The request that visits a page; a conditional one where the store holds its article."""
    conditions = {}
    if page.is_known or page.kind in _CONDITIONAL:
        # The server need not send what the store holds.
        given = (("If-None-Match", page.etag), ("If-Modified-Since", page.last_modified))
        conditions = {name: value for name, value in given if value}
    meta: dict[str, Any] = {PAGE: page.url}
    if page.is_given_up:
        meta[REFUSED] = GIVEN_UP
    if conditions:
        meta["handle_httpstatus_list"] = [NOT_MODIFIED]
    return Request(
        page.url,
        headers=conditions,
        callback=getattr(spider, f"parse_{page.kind}"),
        errback=getattr(spider, "failed"),  # noqa: B009 - any spider that crawls into the store has it
        # The store keeps one row a url; Scrapy's own filter would only forget what a new start allows.
        dont_filter=True,
        meta=meta,
    )


def request_of(found: Discovered, spider: Spider) -> Request:
    """A discovered page as a spider yields it; the store decides whether it is visited."""
    callback = getattr(spider, f"parse_{found.kind}")
    # Its url is canonical, and need not be made safe once more.
    meta = {DISCOVERED: found, "verbatim_url": True}
    return Request(found.url, callback=callback, meta=meta, dont_filter=True)


def discovered(request: Request, spider: Spider, discovered_on: str | None = None) -> Discovered | None:
    """The page that a spider discovers by a request; None where the request is for no page of the crawl.

    A request of the user's own counts where its callback is one of the spider's for a kind of page.
    """
    found = request.meta.get(DISCOVERED)
    if isinstance(found, Discovered):
        return found
    if PAGE in request.meta or getattr(request.callback, "__self__", None) is not spider:
        return None
    kind = getattr(request.callback, "__name__", "").removeprefix("parse_")
    parsed = urls.in_scope(request.url)
    if kind not in KINDS or parsed is None:
        return None
    return Discovered(parsed.url, kind, discovered_on=discovered_on, priority=Priority.ARTICLE)
