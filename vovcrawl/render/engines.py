"""The browsers that can be chosen, and what each needs to be installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from scrapy.utils.misc import load_object

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.render.browser import Browser
    from vovcrawl.render.scope import Rules

ENGINES = {
    "splash": "vovcrawl.render.splash.SplashBrowser",
    "playwright": "vovcrawl.render.playwright.PlaywrightBrowser",
}
"""The classes of browsers, by the names that `VOV_RENDER` gives them. Each has a `from_crawler`, see `open_browser`."""

_PACKAGES = {"splash": ("scrapy_splash", "scrapy-splash"), "playwright": ("scrapy_playwright", "scrapy-playwright")}


def missing_package(engine: str) -> str | None:
    """The package, by the name that pip knows, that an engine needs and that is not installed."""
    module, package = _PACKAGES[engine]
    return package if find_spec(module) is None else None


def open_browser(engine: str, crawler: Crawler, rules: Rules) -> Browser:
    """A browser; it may be that it does not answer.

    Args:
        engine: one of `ENGINES`.
        crawler: whose settings hold for it, checked by `configuration.rendering`.
        rules: of the hosts that pages ask.
    """
    browser: Browser = load_object(ENGINES[engine]).from_crawler(crawler, rules)
    return browser
