"""What a page may ask for while it is rendered: of the newspaper's hosts, what its text could depend on.

Whatever a page asks for beside that is blocked and counted, by one of the words of `Blocked`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from urllib.parse import urlsplit

from scrapy.robotstxt import ProtegoRobotParser

from vovcrawl import urls

HOSTS = urls.HOSTS | urls.SERVICE_HOSTS

KINDS = frozenset(("script", "xhr", "fetch"))
"""What may be asked for, by Playwright's names of resource types. Pictures, fonts, media and style sheets change no
text; frames, other windows and other pages are none of the page."""

METHODS = frozenset(("GET", "HEAD"))
"""A crawler sends nothing to the site."""

MOST_REQUESTS = 60
"""Requests of one page that are sent; real pages make some twenty of these kinds."""

_PORTS = {"http": (None, 80), "https": (None, 443)}

Rules = Callable[[str], Awaitable[str | None]]
"""Gives the rules that robots.txt has for this crawler on a host, as one group for everybody; None where they cannot be
had now, and '' where there are none."""


class Blocked(StrEnum):
    """Why a request of a page was not sent."""

    SCHEME = "scheme"
    """It is not asked for by http or https: `file:`, `ftp:`, a WebSocket."""
    HOST = "host"
    """The host, or its port, is none of the newspaper's."""
    KIND = "kind"
    """It is none of `KINDS`."""
    METHOD = "method"
    """It would send something to the site."""
    DOWNLOAD = "download"
    """It would be saved as a file."""
    NUMBER = "number"
    """The page asks for more than any page does."""
    ROBOTS = "robots.txt"
    """robots.txt forbids it, or cannot be had."""


def why_blocked(url: str, kind: str, method: str = "GET", sent: int = 0) -> Blocked | None:
    """Why a request is not to be sent, whatever robots.txt says; None where nothing speaks against it.

    Args:
        url: as the browser has it.
        kind: what for, by Playwright's names of resource types.
        method: of HTTP.
        sent: how many the page has sent before.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return Blocked.HOST
    if parts.scheme not in _PORTS:
        return Blocked.SCHEME
    if parts.hostname not in HOSTS or port not in _PORTS[parts.scheme] or "@" in parts.netloc:
        return Blocked.HOST
    if kind not in KINDS:
        return Blocked.KIND
    if method not in METHODS:
        return Blocked.METHOD
    return Blocked.NUMBER if sent >= MOST_REQUESTS else None


def allows(rules: str | None, url: str) -> bool:
    """Whether the rules of a url's host, as `Rules` gives them, let this crawler ask for it."""
    if rules is None:
        return False
    return not rules or ProtegoRobotParser(rules.encode(), None).allowed(url, "*")
