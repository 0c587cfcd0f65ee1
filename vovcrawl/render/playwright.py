"""Chromium, by way of scrapy-playwright, as a `Browser`.

scrapy-playwright says which browser is meant, starts it or connects to it. Its download handler is left out: that would
have Chromium fetch a page, and what the page asks for, by itself.

Chromium gets a page as it was served and asks for nothing: it has no network. What a page asks for is judged by
`scope`, and fetched by the crawler.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, Page, Route
from playwright.async_api import Error as PlaywrightError
from scrapy.utils.misc import load_object
from scrapy_playwright.handler import DEFAULT_BROWSER_PROVIDER, Config

from vovcrawl.crawl import configuration
from vovcrawl.render import chromium, processes
from vovcrawl.render.browser import BrowserDied, BrowserGone, Rendered, RenderError
from vovcrawl.render.page_requests import PageRequests, TooMuch, downloads_of
from vovcrawl.render.scope import Blocked

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from scrapy_playwright.provider import BrowserProvider

    from vovcrawl.render.page_requests import Fetch
    from vovcrawl.render.scope import Rules

logger = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds until a page is taken as it is that never comes to rest: with a clock, or a ticker."""

MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes that all processes of the browser may take; with a real page they take some 250 MB."""

_OF_ITS_TIME = 0.5
"""How much of a page's time one of its requests may take."""

_LAST_LOOK = 0.8
"""Of a page's time: then it is taken as it is, where it still waits for something."""

_STEP = 0.05
_QUIET_STEPS = 2
_WATCH = 0.25
"""Seconds between two looks at the browser's memory."""

_PATIENCE_AT_THE_END = 12.0
"""Seconds that a browser has to let go of a page, or to end."""

_TIDYING = 10.0
"""Seconds that Playwright's driver has to remove the files of its Chromium and to end, before it is killed."""

_LONGEST_REASON = 200

# A page can replace what it sees of its document, but neither prototypes nor variables of this world.
_BEGIN = """(() => {
  const get = (owner, name, of) => Reflect.get(owner.prototype, name, of);
  const serialized = () => {
    const type = get(Document, 'doctype', document), root = get(Document, 'documentElement', document);
    return (type ? new XMLSerializer().serializeToString(type) : '') + (root ? get(Element, 'outerHTML', root) : '');
  };
  let changes = 0;
  const looked_at = {subtree: true, childList: true, characterData: true};
  new MutationObserver(() => { changes += 1; }).observe(document, looked_at);
  globalThis.vovcrawl = {
    state: () => get(Document, 'readyState', document) + ' ' + changes,
    html: largest => { const html = serialized(); return html.length > largest ? html.length : html; },
  };
  return get(Document, 'URL', document);
})()"""

_LEADS_AWAY = "its scripts lead to another page"


class PlaywrightBrowser:
    """A Chromium, as a `Browser`. It is started when the first page comes, and again after it has ended.

    Args:
        settings: of scrapy-playwright, and the user agent.
        rules: of the hosts that pages ask.
        fetch: sends what pages ask for.
        timeout: seconds for a page.

    Raises:
        ArgumentError: a setting is wrong, or there is no Chromium.
    """

    def __init__(self, settings: BaseSettings, rules: Rules, fetch: Fetch, timeout: float) -> None:
        self._is_remote = chromium.is_remote(settings)
        self._config = Config.from_settings(settings)
        self._config.launch_options = {} if self._is_remote else chromium.launch_options(settings)
        self._make_provider: Callable[[Config], BrowserProvider] = load_object(
            settings.get("PLAYWRIGHT_BROWSER_PROVIDER") or DEFAULT_BROWSER_PROVIDER
        )
        self._rules = rules
        self._fetch = fetch
        self._timeout = timeout
        self._largest = settings.getint("DOWNLOAD_MAXSIZE")
        self._agent = str(settings.get("USER_AGENT") or "")
        defaults = settings.getdict("DEFAULT_REQUEST_HEADERS")
        wanted = ("Accept-Language", "Accept-Encoding")
        self._headers = {name: str(defaults[name]) for name in wanted if defaults.get(name)}
        self._headers["User-Agent"] = self._agent
        self._provider: BrowserProvider | None = None
        self._chromium: Chromium | None = None
        self._session: CDPSession | None = None
        self._pid: int | None = None
        self._driver: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, rules: Rules) -> Self:
        """The browser that the settings name.

        Raises:
            ArgumentError: a setting is wrong, or there is no Chromium.
        """
        rendering = configuration.rendering(crawler.settings)
        assert rendering is not None
        return cls(crawler.settings, rules, downloads_of(crawler), rendering.timeout)

    async def render(self, url: str, html: str) -> Rendered:
        """See `Browser`."""
        browser = await self._started()
        requests = PageRequests(
            self._fetch,
            self._rules,
            headers=self._headers,
            timeout=self._timeout * _OF_ITS_TIME,
            largest=self._largest,
        )
        rendering = _Rendering(url, html, requests, self._timeout, self._largest)
        browser.on("disconnected", rendering.browser_ended)
        watching = asyncio.ensure_future(self._watch(rendering))
        try:
            return await rendering.run(browser, self._context_options())
        except PlaywrightError as error:
            raise await self._reason(browser, error) from None
        finally:
            watching.cancel()
            browser.remove_listener("disconnected", rendering.browser_ended)
            if rendering.was_cut_off or not await rendering.leave():
                rendering.abandon()
                await self._stop(is_cut_off=rendering.was_cut_off)

    async def check(self) -> None:
        """See `Browser`."""
        await self._started()

    async def close(self) -> None:
        """See `Browser`."""
        await self._stop()

    def _context_options(self) -> dict[str, Any]:
        return {
            # Also of a browser that was started by others, which may have a network.
            "proxy": {"server": chromium.NOWHERE},
            "service_workers": "block",
            "accept_downloads": False,
            "user_agent": self._agent,
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
        }

    async def _started(self) -> Chromium:
        """A browser that runs.

        Raises:
            BrowserGone: none can be had.
        """
        if self._chromium is not None and self._chromium.is_connected():
            return self._chromium
        await self._stop()
        try:
            self._provider = self._make_provider(self._config)
            await self._provider.start()
            self._chromium = await self._provider.launch_browser()
            self._session = await self._chromium.new_browser_cdp_session()
            if not self._is_remote:
                self._pid = next(iter(await self._processes("browser")), None)
                self._driver = processes.parent(self._pid) if self._pid is not None else None
        except Exception as error:
            # Playwright's own errors, and those of a user's provider.
            await self._stop()
            raise BrowserGone(f"Chromium does not start: {_first_line(error)}{_hint(error)}") from None
        return self._chromium

    async def _processes(self, kind: str | None = None) -> list[int]:
        assert self._session is not None
        found = await self._session.send("SystemInfo.getProcessInfo")
        return [int(each["id"]) for each in found["processInfo"] if kind is None or each["type"] == kind]

    async def _watch(self, rendering: _Rendering) -> None:
        """Ends a page that takes more memory than a page may."""
        if self._pid is None:
            return
        while True:
            await asyncio.sleep(_WATCH)
            with suppress(PlaywrightError):
                if processes.own_memory(await self._processes()) > MOST_MEMORY:
                    rendering.end(RenderError(f"it takes more than {MOST_MEMORY >> 20} MB of memory"))
                    return

    async def _reason(self, browser: Chromium, error: PlaywrightError) -> RenderError:
        """What an error of Playwright's means."""
        # That the browser has ended is told after what was asked of it has failed.
        await asyncio.sleep(_STEP)
        if not browser.is_connected():
            return BrowserDied("Chromium ended")
        return RenderError(_first_line(error))

    async def _stop(self, *, is_cut_off: bool = False) -> None:
        """Ends the browser, if need be by force.

        Args:
            is_cut_off: whether it is ended amid a page. What that has left in queues would be waited for.
        """
        browser, provider = self._chromium, self._provider
        if browser is not None and ((is_cut_off and self._pid is not None) or not await _ends(browser.close())):
            processes.kill(self._pid, os.getpid())
        if provider is not None:
            closing = asyncio.ensure_future(_ends(provider.close()))
            await asyncio.wait({closing}, timeout=_TIDYING)
            if not closing.done():
                processes.kill(self._driver, os.getpid())
            await closing
        self._chromium = self._provider = self._session = self._pid = self._driver = None


class _Rendering:
    """One page in the browser, from its beginning to its end."""

    def __init__(self, url: str, html: str, requests: PageRequests, timeout: float, largest: int) -> None:
        self._url = url
        self._html = html
        self._requests = requests
        self._timeout = timeout
        self._largest = largest
        self._time = asyncio.timeout(timeout)
        self._ended: RenderError | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._is_served = False
        self._is_loaded = False
        self._leads_away = False
        self.was_cut_off = False
        """Whether the page was ended before it was read."""
        self._left = asyncio.Event()
        self._unrouting: asyncio.Future[bool] | None = None

    async def run(self, browser: Chromium, options: dict[str, Any]) -> Rendered:
        """What the page becomes.

        Raises:
            PlaywrightError: the browser does not do what it is to do.
            RenderError: the page was not rendered.
        """
        try:
            async with self._time:
                self._context = await browser.new_context(**options)
                session = await self._load(self._context)
                return await self._read(session)
        except TimeoutError:
            self.was_cut_off = True
            raise self._ended or RenderError("it takes longer than a page may") from None
        except PlaywrightError:
            if self._ended is not None:
                raise self._ended from None
            raise

    def end(self, why: RenderError) -> None:
        """Ends the page at once."""
        if self._ended is None:
            self._ended = why
            with suppress(RuntimeError):
                # It is over already, or has not begun.
                self._time.reschedule(asyncio.get_running_loop().time())

    def browser_ended(self, _: object = None) -> None:
        """Ends the page since its browser has ended."""
        self.end(BrowserDied("Chromium ended"))

    async def leave(self) -> bool:
        """Lets go of the page with all that belongs to it; whether the browser has done so in time."""
        self.abandon()
        return self._context is None or await _ends(self._context.close())

    def abandon(self) -> None:
        """Answers nothing more that the page asks for."""
        self._requests.end()
        if self._context is not None and not self._left.is_set():
            # From here on Playwright takes it for right that requests are not answered.
            self._unrouting = asyncio.ensure_future(_ends(self._context.unroute_all(behavior="ignoreErrors")))
        self._left.set()

    async def _load(self, context: BrowserContext) -> CDPSession:
        await context.route("**/*", self._route)
        self._page = page = await context.new_page()
        page.on("crash", lambda _: self.end(RenderError("it ends the process that runs its scripts")))
        page.on("download", lambda _: self._block(Blocked.DOWNLOAD))
        # Without a network none is opened.
        page.on("websocket", lambda _: self._block(Blocked.SCHEME))
        context.on("page", self._close_window)
        session = await context.new_cdp_session(page)
        await page.goto(self._url, wait_until="commit", timeout=0)
        return session

    async def _read(self, session: CDPSession) -> Rendered:
        """The document, when neither it nor what it asks for has changed for a while."""
        frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        world = (await session.send("Page.createIsolatedWorld", {"frameId": frame}))["executionContextId"]

        async def ask(expression: str) -> Any:
            return await self._ask(session, world, expression)

        url = str(await ask(_BEGIN))
        if _origin(url) != _origin(self._url):
            raise RenderError(_LEADS_AWAY)
        clock = asyncio.get_running_loop().time
        begun, before, quiet = clock(), "", 0
        while quiet < _QUIET_STEPS:
            await asyncio.sleep(_STEP)
            state = str(await ask("vovcrawl.state()"))
            if not self._is_loaded:
                self._is_loaded = state.startswith("complete")
                if self._leads_away:
                    raise RenderError(_LEADS_AWAY)
            is_at_rest = self._is_loaded and not self._requests.pending
            seen = f"{state} {self._requests.asked}"
            quiet = quiet + 1 if is_at_rest and seen == before else 0
            before = seen
            waited = clock() - begun
            if waited > self._timeout * _LAST_LOOK or (is_at_rest and waited > PATIENCE):
                break
        html = await ask(f"vovcrawl.html({self._largest or 2**53 - 1})")
        if not isinstance(html, str):
            raise RenderError(f"rendered, it is larger than {self._largest} bytes")
        return Rendered(html, dict(self._requests.blocked), self._requests.asked)

    async def _ask(self, session: CDPSession, world: int, expression: str) -> Any:
        asked = {"expression": expression, "contextId": world, "returnByValue": True}
        try:
            found = await session.send("Runtime.evaluate", asked)
        except PlaywrightError as error:
            if "context" in error.message:
                # The world went with its document.
                raise RenderError(_LEADS_AWAY) from None
            raise
        if "exceptionDetails" in found:
            raise RenderError("its document cannot be read")
        return found["result"].get("value")

    async def _route(self, route: Route) -> None:
        """Answers or refuses a request of the page."""
        try:
            await self._answer(route)
        except (PlaywrightError, TooMuch) as error:
            if isinstance(error, TooMuch):
                self._end_of_too_much()
            # Playwright would wait for ever for an answer that is not given, and fail of one that cannot be given.
            await self._left.wait()
            raise

    async def _answer(self, route: Route) -> None:
        request = route.request
        is_page = self._is_page(route)
        if is_page and not self._is_served:
            self._is_served = True
            await route.fulfill(body=self._html.encode("utf-8", "replace"), content_type="text/html; charset=utf-8")
            return
        self._leads_away = self._leads_away or is_page
        response = await self._requests.answer(request.url, request.resource_type, request.method, request.headers)
        if self._left.is_set():
            raise PlaywrightError("the page has gone")
        if response is None:
            # The page stays where it is, as with a request that a user calls off.
            await route.abort("aborted")
            return
        await route.fulfill(status=response.status, headers=_headers(response.headers.items()), body=response.body)

    def _is_page(self, route: Route) -> bool:
        """Whether a request is for the document of the page itself, and not of one of its frames or windows."""
        request = route.request
        if not request.is_navigation_request() or self._page is None:
            return False
        try:
            return bool(request.frame == self._page.main_frame)
        except PlaywrightError:
            # A new window has no frame yet.
            return False

    def _block(self, why: Blocked) -> None:
        try:
            self._requests.block(why)
        except TooMuch:
            self._end_of_too_much()

    def _end_of_too_much(self) -> None:
        self.end(RenderError("it asks for more than any page does"))

    async def _close_window(self, page: Page) -> None:
        if page != self._page:
            self._block(Blocked.KIND)
            with suppress(PlaywrightError):
                await page.close()


_OF_TRANSPORT = frozenset(
    "connection content-encoding content-length content-security-policy keep-alive location refresh set-cookie "
    "strict-transport-security trailer transfer-encoding upgrade".split()
)
"""Headers of responses that are not handed on: of the way here, or to other places."""


def _headers(found: Iterable[tuple[bytes, list[bytes]]]) -> dict[str, str]:
    """The headers of a response for the page's scripts."""
    named = {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in found}
    return {name: value for name, value in named.items() if name not in _OF_TRANSPORT}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


async def _ends(doing: Awaitable[object]) -> bool:
    """Whether something is done in time, whatever becomes of it."""
    try:
        await asyncio.wait_for(doing, _PATIENCE_AT_THE_END)
    except TimeoutError:
        return False
    except Exception as error:
        # Whatever is wrong with a browser that ends is none of the crawl's.
        logger.debug("Letting go of Chromium: %s", _first_line(error))
    return True


def _first_line(error: Exception) -> str:
    lines = (error.message if isinstance(error, PlaywrightError) else str(error)).splitlines()
    return (lines[0] if lines else type(error).__name__)[:_LONGEST_REASON]


def _hint(error: Exception) -> str:
    """What helps where Chromium's sandbox does not work here."""
    if "sandbox" not in str(error).lower():
        return ""
    return "; its sandbox does not work here, see docs/rendering.md"
