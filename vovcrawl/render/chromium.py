"""Which Chromium is started, and how: closed to the network, and with its sandbox wherever it has one."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vovcrawl.crawl.values import ArgumentError, quoted

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

NOWHERE = "http://nowhere.invalid:9"
"""A proxy that no name service knows (RFC 6761, 6.4): what a page asks for past the crawler ends there."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
"""The names under which systems have a Chromium."""

_ARGUMENTS = (
    "--disable-gpu",
    "--no-first-run",
    # No host has an address, whatever else asks for one.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Neither goes through a proxy.
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Chromium asks for things of its own accord too.
    "--disable-background-networking",
    "--disable-domain-reliability",
    "--dns-prefetch-disable",
    "--no-pings",
    # Containers have little of it, and a page that needs more would crash.
    "--disable-dev-shm-usage",
    # Megabytes that a page's objects may take: beyond, its process ends.
    "--js-flags=--max-old-space-size=512",
)

_UNWANTED = ("--disable-popup-blocking", "--disable-ipc-flooding-protection")
"""What Playwright lets pages do beyond what a browser lets them."""

_START = 15_000
"""Milliseconds that Chromium has to start."""

_RIGHT = (
    "right would be `playwright install chromium`, a package of the system such as chromium, or its path as "
    "executable_path in PLAYWRIGHT_LAUNCH_OPTIONS"
)


def is_remote(settings: BaseSettings) -> bool:
    """Whether a browser is used that runs already, here or elsewhere."""
    return bool(settings.get("PLAYWRIGHT_CDP_URL") or settings.get("PLAYWRIGHT_CONNECT_URL"))


def check(settings: BaseSettings) -> None:
    """Sees to it that there is a Chromium to be started, without starting it.

    Raises:
        ArgumentError: there is none, or a setting of scrapy-playwright is wrong.
    """
    if settings.get("PLAYWRIGHT_CDP_URL") and settings.get("PLAYWRIGHT_CONNECT_URL"):
        raise ArgumentError("-s PLAYWRIGHT_CDP_URL and PLAYWRIGHT_CONNECT_URL: right would be one of the two")
    kind = settings.get("PLAYWRIGHT_BROWSER_TYPE") or "chromium"
    if kind != "chromium":
        raise ArgumentError(f"-s PLAYWRIGHT_BROWSER_TYPE: {quoted(str(kind))} renders no page; right would be chromium")
    if not is_remote(settings):
        launch_options(settings)


def launch_options(settings: BaseSettings) -> dict[str, Any]:
    """How Playwright is to start Chromium: as `PLAYWRIGHT_LAUNCH_OPTIONS` says, and closed to the network.

    Raises:
        ArgumentError: there is no Chromium to be started, or the setting is wrong.
    """
    try:
        given = dict(settings.getdict("PLAYWRIGHT_LAUNCH_OPTIONS"))
    except (TypeError, ValueError):
        raise ArgumentError("-s PLAYWRIGHT_LAUNCH_OPTIONS: not a table, or not in JSON") from None
    own = given.get("args") or ()
    ignored = given.get("ignore_default_args") or ()
    if not _is_list(own) or not (ignored is True or _is_list(ignored)):
        raise ArgumentError("-s PLAYWRIGHT_LAUNCH_OPTIONS: args and ignore_default_args are no lists of texts")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    options: dict[str, Any] = {
        "timeout": _START,
        # Chromium has no sandbox for root, and does not start with it.
        "chromium_sandbox": not is_root,
        **given,
        "args": [*_ARGUMENTS, *own],
        "ignore_default_args": True if ignored is True else [*_UNWANTED, *ignored],
        # A signal ends the crawl, and that ends the browser.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }
    program = given.get("executable_path")
    if program is not None:
        if not isinstance(program, str) or shutil.which(program) is None:
            raise ArgumentError(f"PLAYWRIGHT_LAUNCH_OPTIONS: executable_path {quoted(str(program))} is no program")
        options["executable_path"] = shutil.which(program)
    elif not given.get("channel") and not _has_own_chromium():
        found = next((path for name in PROGRAMS if (path := shutil.which(name)) is not None), None)
        if found is None:
            raise ArgumentError(f"-s VOV_RENDER=playwright needs a Chromium, and none is found; {_RIGHT}")
        options["executable_path"] = found
    return options


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)


def _has_own_chromium() -> bool:
    """Whether `playwright install chromium` was run for the version of Playwright that is installed."""
    package = find_spec("playwright")
    if package is None or package.origin is None:
        return False
    described = Path(package.origin).parent / "driver" / "package"
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if folder == "0":
        kept = described / ".local-browsers"
    elif folder:
        kept = Path(folder)
    else:
        caches = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
        kept = caches / "ms-playwright"
    try:
        browsers = json.loads((described / "browsers.json").read_text(encoding="utf-8"))["browsers"]
        names = [f"{each['name'].replace('-', '_')}-{each['revision']}" for each in browsers]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return any((kept / name / "INSTALLATION_COMPLETE").exists() for name in names if name.startswith("chromium"))
