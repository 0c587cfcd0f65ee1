"""Splash, by way of scrapy-splash: a browser with an HTTP interface, which runs scripts of ours beside those of a page.

What a page asks for is judged by `page.lua` in Splash, by the rules of `scope`. Splash itself is asked by a handler
of its own, so that neither scope nor robots.txt, delay, mirror or WARC have to know of it.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler
from w3lib.http import basic_auth_header

from vovcrawl.crawl import configuration
from vovcrawl.downloader.bounded_http import BoundedHandler
from vovcrawl.render.browser import BrowserDied, BrowserGone, Rendered, RenderError
from vovcrawl.render.scope import HOSTS, MOST_REQUESTS
from vovcrawl.render.splash_adapter import SlotPolicy, SplashJsonResponse, SplashMiddleware, SplashRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.render.scope import Rules

_SCRIPT = files("vovcrawl.render").joinpath("page.lua").read_text(encoding="utf-8")

_FILES = (
    "png jpg jpeg gif webp avif svg ico bmp woff woff2 ttf otf eot css mp3 mp4 m4a m4v m3u8 ts ogg webm wav pdf zip"
).split()
"""How the names of files end that are neither scripts nor data."""

_PATIENCE = 5.0
"""Seconds until a page is taken as it is that never comes to rest: with a clock, or a ticker."""

_GRACE = 5.0
"""Seconds beyond a page's time that Splash has to say that it is over."""

_OF_ITS_TIME = 0.5
"""How much of a page's time one of its requests may take."""

_MOST_RULES = 2000
"""Rules of a robots.txt that are handed on; of one with more, nothing is asked."""

_RULE = re.compile(r"(allow|disallow): ?(.*)", re.IGNORECASE)

_NOT_THERE = (CannotResolveHostError, DownloadConnectionRefusedError)
_ENDED = (DownloadFailedError, DownloadTimeoutError, ResponseDataLossError)

_OK = 200
_BAD_REQUEST = 400
_TOO_LONG = 504
_LONGEST_REASON = 200


class SplashBrowser:
    """A Splash server, as a `Browser`.

    Args:
        crawler: whose settings hold.
        rules: of the hosts that pages ask.
        rendering: how pages are rendered.
    """

    def __init__(self, crawler: Crawler, rules: Rules, rendering: configuration.Rendering) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._rules_of = rules
        self._timeout = rendering.timeout
        self._largest = settings.getint("DOWNLOAD_MAXSIZE")
        self._url = f"{str(settings.get('SPLASH_URL')).rstrip('/')}/"
        self._handler = build_from_crawler(BoundedHandler, crawler)
        self._splash = SplashMiddleware.from_crawler(crawler)
        # What Splash says of a page is in the reason for which the page is not rendered.
        self._splash.log_400 = False
        self._mirror, self._authorization = _mirror(configuration.mirror(settings))
        self._agent = str(settings.get("USER_AGENT") or "")
        self._rules: dict[str, dict[str, Any]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, rules: Rules) -> Self:
        """The browser that the settings name.

        Raises:
            ArgumentError: a setting is wrong.
        """
        rendering = configuration.rendering(crawler.settings)
        assert rendering is not None
        return cls(crawler, rules, rendering)

    async def render(self, url: str, html: str) -> Rendered:
        """See `Browser`."""
        if (host := urlsplit(url).hostname) in HOSTS:
            await self._learn_rules(host)
        while True:
            found = await self._execute(self._arguments(url, html))
            # A host is asked for its rules when the first page asks for something of it, and the page rendered again.
            unknown = [host for host in HOSTS if host in found["unknown"] and host not in self._rules]
            if not unknown:
                return Rendered(str(found["html"]), dict(found["blocked"]), int(found["asked"]))
            for host in unknown:
                await self._learn_rules(host)

    async def check(self) -> None:
        """See `Browser`."""
        response = await self._ask(Request(f"{self._url}_ping", meta={"download_timeout": self._timeout}))
        if response.status != _OK:
            raise BrowserGone(f"what listens at {self._url} answers {response.status}, and is no Splash")

    async def close(self) -> None:
        """See `Browser`."""
        await self._handler.close()

    def _arguments(self, url: str, html: str) -> dict[str, Any]:
        return {
            "lua_source": _SCRIPT,
            "url": url,
            "html": html,
            "files": dict.fromkeys(_FILES, True),
            "hosts": dict.fromkeys(HOSTS, True),
            "rules": self._rules,
            "mirror": self._mirror,
            "authorization": self._authorization,
            "user_agent": self._agent,
            "most": MOST_REQUESTS,
            "largest": self._largest or 2**31,
            "patience": min(_PATIENCE, self._timeout / 2),
            "resource_timeout": self._timeout * _OF_ITS_TIME,
            "timeout": self._timeout,
        }

    async def _learn_rules(self, host: str) -> None:
        if host not in self._rules:
            self._rules[host] = _parted(await self._rules_of(host))

    async def _execute(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the script gives for a page.

        Raises:
            BrowserGone: Splash does not answer.
            RenderError: the page was not rendered.
        """
        wanted = SplashRequest(
            arguments["url"],
            endpoint="execute",
            args=arguments,
            splash_url=self._url,
            slot_policy=SlotPolicy.SCRAPY_DEFAULT,
            magic_response=False,
            dont_send_headers=True,
            session_id=None,
        )
        request = self._splash.process_request(wanted, self._crawler.spider)
        request.meta["download_timeout"] = self._timeout + _GRACE
        # Escaped, every character may take six bytes.
        request.meta["download_maxsize"] = 6 * self._largest
        answer = self._splash.process_response(request, await self._ask(request), self._crawler.spider)
        found = answer.data if isinstance(answer, SplashJsonResponse) else None
        if answer.status != _OK:
            raise _refusal(answer.status, found)
        if not isinstance(found, dict):
            raise BrowserGone(f"what listens at {self._url} is no Splash")
        if found.get("leads_away"):
            raise RenderError("its scripts lead to another page")
        if "size" in found:
            raise RenderError(f"rendered, it is larger than {self._largest} bytes")
        return cast("dict[str, Any]", found)

    async def _ask(self, request: Request) -> Response:
        try:
            return await self._handler.download_request(request)
        except _NOT_THERE:
            raise BrowserGone(f"no Splash listens at {self._url}; right would be SPLASH_URL, or to start one") from None
        except DownloadCancelledError:
            raise RenderError(f"rendered, it is larger than {self._largest} bytes") from None
        except _ENDED as error:
            raise BrowserDied(f"Splash gave no answer: {type(error).__name__}") from None


def _mirror(url: str | None) -> tuple[str | None, str | None]:
    """The mirror without user and password, and the header that says them."""
    if url is None:
        return None, None
    parts = urlsplit(url)
    _, at, host = parts.netloc.rpartition("@")
    header = basic_auth_header(unquote(parts.username or ""), unquote(parts.password or "")) if at else None
    return f"{parts.scheme}://{host}", header.decode() if header is not None else None


def _parted(rules: str | None) -> dict[str, Any]:
    """The rules of a host as the script takes them: `known`, and a `list` of patterns, the one that decides first.

    By RFC 9309, 2.2.2, that is the longest one, and of two the one that allows. What follows the first asterisk of a
    pattern, or its "$", is its `rest`, which has to fit the whole rest of a path.
    """
    found = [match for match in map(_RULE.fullmatch, (rules or "").splitlines()) if match is not None and match[2]]
    if rules is None or len(found) > _MOST_RULES:
        return {"known": False, "list": []}
    parted = [(match[1].lower() == "allow", match[2]) for match in found]
    parted.sort(key=lambda rule: (len(rule[1]), rule[0]), reverse=True)
    return {"known": True, "list": [_rule(pattern, is_allowed=allow) for allow, pattern in parted]}


def _rule(pattern: str, *, is_allowed: bool) -> dict[str, Any]:
    is_whole = pattern.endswith("$")
    pattern = pattern.removesuffix("$")
    prefix, star, rest = pattern.partition("*")
    rule: dict[str, Any] = {"allow": is_allowed, "prefix": prefix}
    if star or is_whole:
        rule["rest"] = f"{star}{rest}" if is_whole else f"{star}{rest}*"
    return rule


def _refusal(status: int, found: object) -> RenderError:
    """What an answer that is no success means."""
    if status == _TOO_LONG:
        return RenderError("it takes longer than a page may")
    said = found if isinstance(found, dict) else {}
    info = said.get("info")
    words = (info.get("message") or info.get("error")) if isinstance(info, dict) else None
    text = f"Splash answers {status}: {words or said.get('description') or 'without a reason'}"[:_LONGEST_REASON]
    return RenderError(text) if status == _BAD_REQUEST else BrowserGone(text)
