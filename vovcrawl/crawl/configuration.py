"""The project's own settings, checked."""

from __future__ import annotations

import codecs
import logging
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings
from scrapy.utils.conf import closest_scrapy_cfg

from vovcrawl.cleaning import examples
from vovcrawl.cleaning.rules import Rule, RuleError
from vovcrawl.crawl.user_agent import is_contact
from vovcrawl.crawl.values import ArgumentError, quoted
from vovcrawl.feeds.formats import DOCUMENTS
from vovcrawl.items import ContentType
from vovcrawl.masking import masked
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.render import chromium
from vovcrawl.render.engines import ENGINES, missing_package
from vovcrawl.text import encodable, shown

LATER = tuple("VOV_FLEET_CONCURRENCY REDIS_URL".split())
"""Settings of parts that are not available yet."""

_SPAN = re.compile(r"(?P<number>[0-9]{1,5})\s*(?P<unit>[hdw])")
_KNOWN = (
    *("VOV_CATCH_UP", "VOV_CLEANING_RULES", "VOV_CONTACT", "VOV_DATABASE", "VOV_DRIFT", "VOV_MIRROR", "VOV_NOW"),
    "VOV_QUIET",
    *("VOV_RENDER", "VOV_RENDER_KINDS", "VOV_RENDER_TIMEOUT"),
    *("VOV_REVISIT", "VOV_TAGS"),
    "VOV_WARC",
    "VOV_WORKERS_SHARE",
)
# Whole numbers by default, but read as fractions.
_FRACTIONS = ("DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "DNS_TIMEOUT")
_AT_LEAST_ONE = ("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN", "CONCURRENT_ITEMS")


RENDER_KINDS = (*get_args(ContentType), "listing", "menu")
"""The kinds of page that can be rendered."""

_LONGEST_RENDERING = 600
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """Which pages a browser renders, and how."""

    engine: str
    """One of `ENGINES`."""
    kinds: frozenset[str]
    """Some of `RENDER_KINDS`."""
    timeout: float
    """Seconds for a page."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The project's settings."""

    database: str
    """A database URL, or the absolute path of a SQLite file."""
    mirror: str | None
    """Url of the server that takes every request for a VOV host, or None."""
    now: datetime
    """The moment that windows and ages are reckoned from, in +07:00."""
    clock: Callable[[], datetime]
    """Gives the moment that ages are reckoned from, in +07:00: always `now` where `VOV_NOW` stands for it."""
    revisit: timedelta
    """How long after its publication an article is kept fresh."""
    catch_up: timedelta
    """How far a window reaches back at most that follows a crawl which did not read all its sources."""
    quiet: bool
    """Whether nothing is said unless something is wrong."""
    cleaning_rules: tuple[Rule, ...] = ()
    """What the user's own file adds to the rules of cleaning."""
    accepts_drift: bool = False
    """Whether pages that no longer look as expected are taken for right."""
    contact: str | None = None
    """Url or mail address of whoever crawls."""
    warc: Path | None = None
    """The absolute path of the folder to which responses are written, or None."""
    workers_share: bool = True
    """Whether crawls with the same arguments share their work, in a store on a server."""
    rendering: Rendering | None = None
    """How pages are rendered, or None where none is."""
    asks_for_tags: bool = False
    """Whether the site's tag service is asked for the visible tags of articles."""


def project_folder() -> Path:
    """The folder of `scrapy.cfg`, from which the project's default paths start; without one, the current folder."""
    found = closest_scrapy_cfg()
    return Path(found).resolve().parent if found else Path.cwd()


def check(settings: BaseSettings) -> Configuration:
    """The project's settings out of Scrapy's.

    Raises:
        ArgumentError: a value is wrong, or a setting belongs to a part that is not available yet.
    """
    for name in LATER:
        if settings.get(name):
            raise ArgumentError(f"-s {name} is not available in this version")
    for name in settings:
        if name.startswith("VOV_") and name not in (*_KNOWN, *LATER):
            raise ArgumentError(f"unknown setting {name}; the project's own are {', '.join(_KNOWN)}")
    # First of all: the user agent is made of it.
    contact = _contact(settings.get("VOV_CONTACT"))
    _check_scrapy_settings(settings)
    given_now = settings.get("VOV_NOW")
    now = _now(given_now)
    return Configuration(
        database=_database(str(settings.get("VOV_DATABASE") or "")),
        mirror=mirror(settings),
        now=now,
        clock=(lambda: now) if given_now else partial(datetime.now, VIETNAM),
        catch_up=_span("VOV_CATCH_UP", settings.get("VOV_CATCH_UP")),
        revisit=_span("VOV_REVISIT", settings.get("VOV_REVISIT")),
        quiet=_yes_or_no(settings, "VOV_QUIET"),
        cleaning_rules=cleaning_rules(settings),
        accepts_drift=_accepts_drift(settings.get("VOV_DRIFT")),
        contact=contact,
        warc=project_folder() / str(folder) if (folder := settings.get("VOV_WARC")) else None,
        workers_share=_yes_or_no(settings, "VOV_WORKERS_SHARE"),
        rendering=rendering(settings),
        asks_for_tags=asks_for_tags(settings),
    )


def _check_scrapy_settings(settings: BaseSettings) -> None:
    """Scrapy reads its settings where it first needs them, long after a crawl could be refused in one line."""
    for name, default in vars(default_settings).items():
        if not name.isupper():
            continue
        least = int(name in _AT_LEAST_ONE)
        try:
            if isinstance(default, bool):
                expected, valid = "True or False", settings.getbool(name) in (True, False)
            elif isinstance(default, int) and name not in _FRACTIONS:
                expected, valid = f"a whole number from {least} on", settings.getint(name) >= min(least, default)
            elif isinstance(default, (int, float)):
                expected, valid = "a number from 0 on", 0 <= settings.getfloat(name) < math.inf
            else:
                continue
        except (TypeError, ValueError, OverflowError):
            valid = False
        if not valid:
            raise ArgumentError(f"-s {name}: '{settings.get(name)}' is not {expected}")
    if settings.getbool("REMOTE_CONTROL_ENABLED"):
        raise ArgumentError("-s REMOTE_CONTROL_ENABLED: a crawl of this project opens no port")
    for name in ("USER_AGENT", "ROBOTSTXT_USER_AGENT"):
        agent = settings.get(name)
        if agent is not None and not (str(agent).isprintable() and str(agent).isascii()):
            raise ArgumentError(f"-s {name}: {quoted(str(agent))} has more than ASCII, which a header cannot hold")
    level = settings.get("LOG_LEVEL")
    if not isinstance(level, int) and level not in logging.getLevelNamesMapping():
        raise ArgumentError(f"-s LOG_LEVEL: '{level}' is no level of logging; right would be INFO")
    log = settings.get("LOG_FILE")
    if log and not Path(log).absolute().parent.is_dir():
        raise ArgumentError(f"-s LOG_FILE: there is no folder {Path(log).absolute().parent}")


def check_feeds(settings: BaseSettings) -> None:
    """Sees to it that the crawl's feeds can be written, without touching them.

    Raises:
        ArgumentError: a feed is in an unknown format or place, names a folder, or a file that cannot be written.
    """
    try:
        feeds = settings.getdict("FEEDS")
        formats = settings.getwithbase("FEED_EXPORTERS")
        places = settings.getwithbase("FEED_STORAGES")
    except (TypeError, ValueError):
        raise ArgumentError("-s FEEDS: not a table of feeds") from None
    for uri, options in feeds.items():
        name = str(uri)
        if encodable(name) != name:
            raise ArgumentError(f"the feed {quoted(name)}: its name is no UTF-8")
        if not isinstance(options, dict) or not formats.get(str(options.get("format"))):
            wanted = options.get("format") if isinstance(options, dict) else options
            raise ArgumentError(f"the feed '{name}': unknown format '{wanted}'")
        for encoding in (options.get("encoding"), settings.get("FEED_EXPORT_ENCODING")):
            if encoding and not _is_encoding(str(encoding)):
                raise ArgumentError(f"the feed '{name}': unknown encoding '{encoding}'")
        scheme = name.partition("://")[0] if "://" in name else ("stdout" if name.startswith("stdout:") else "file")
        if not places.get(scheme):
            raise ArgumentError(f"the feed '{name}': cannot write to {scheme}://")
        # One that nobody named stands beside the store, which is refused by its own name.
        is_named = (settings.getpriority("FEEDS") or 0) > SETTINGS_PRIORITIES["addon"]
        if scheme == "file" and "%(" not in name and (is_named or Path(name).exists()):
            if not is_named and not Path(name).is_file():
                # A pipe that nobody named is one that nobody reads.
                raise ArgumentError(f"the feed '{name}' is no file, and cannot be written; right would be -o FEED")
            _check_file(name)
            if str(options["format"]) in DOCUMENTS or name.endswith(".lzma"):
                _check_whole(name, options)


def _check_whole(name: str, options: Mapping[str, object]) -> None:
    """Refuses to append to a file that would be none of its kind any more."""
    path = Path(name.removeprefix("file://"))
    if not options.get("overwrite") and path.is_file() and path.stat().st_size:
        raise ArgumentError(f"the feed '{name}' cannot be appended to, unlike JSON Lines or CSV; right would be -O")


def _check_file(name: str) -> None:
    path = Path(name.removeprefix("file://"))
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if path.is_dir() or not above.is_dir() or not os.access(path if path.exists() else above, os.W_OK):
        raise ArgumentError(f"the feed '{name}' cannot be written")


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _database(value: str) -> str:
    if not value:
        raise ArgumentError("-s VOV_DATABASE: no path or database URL given")
    if value == ":memory:":
        raise ArgumentError("-s VOV_DATABASE: a store in memory would be lost; right would be a path")
    if "://" in value:
        return value
    return str(project_folder() / value)


def cleaning_rules(settings: BaseSettings) -> tuple[Rule, ...]:
    """The rules of the user's own file, tried on the lines that stand beside them.

    Raises:
        ArgumentError: the file cannot be read, or one of its rules is wrong.
    """
    value = settings.get("VOV_CLEANING_RULES")
    if not value:
        return ()
    path = project_folder() / str(value)
    try:
        return examples.read_own(path)
    except RuleError as error:
        raise ArgumentError(f"-s VOV_CLEANING_RULES: {quoted(str(path))}: {shown(str(error))}") from None


def mirror(settings: BaseSettings) -> str | None:
    """Url of the server that takes every request for a VOV host, or None.

    Raises:
        ArgumentError: it is no server's address.
    """
    value = settings.get("VOV_MIRROR")
    if not value:
        return None
    text = str(value).rstrip("/")
    try:
        parts = urlsplit(text)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query
        _ = parts.port
    except ValueError:
        wrong = True
    if wrong:
        raise ArgumentError(f"-s VOV_MIRROR: '{value}' is no server's address; right would be http://127.0.0.1:8080")
    return text


def rendering(settings: BaseSettings) -> Rendering | None:
    """How pages are rendered; None where none is.

    Raises:
        ArgumentError: a setting of rendering is wrong, or a package that it needs is not installed.
    """
    kinds = frozenset(name.strip() for name in str(settings.get("VOV_RENDER_KINDS") or "").split(",")) - {""}
    if unknown := sorted(kinds - set(RENDER_KINDS)):
        raise ArgumentError(
            f"-s VOV_RENDER_KINDS: {quoted(unknown[0])} is unknown; right would be some of {', '.join(RENDER_KINDS)}"
        )
    try:
        timeout = settings.getfloat("VOV_RENDER_TIMEOUT")
    except ValueError:
        timeout = math.nan
    if not 0 < timeout <= _LONGEST_RENDERING:
        given = quoted(str(settings.get("VOV_RENDER_TIMEOUT")))
        raise ArgumentError(f"-s VOV_RENDER_TIMEOUT: {given} is no number of seconds up to {_LONGEST_RENDERING}")
    engine = settings.get("VOV_RENDER")
    if not engine:
        return None
    if engine not in ENGINES:
        raise ArgumentError(f"-s VOV_RENDER: {quoted(str(engine))} is unknown; right would be {' or '.join(ENGINES)}")
    if (missing := missing_package(engine)) is not None:
        raise ArgumentError(f"-s VOV_RENDER={engine} needs a package that is not installed: pip install {missing}")
    if engine == "splash":
        _check_splash_url(str(settings.get("SPLASH_URL") or ""))
    elif engine == "playwright":
        chromium.check(settings)
    return Rendering(str(engine), kinds, timeout)


def _check_splash_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or bool(parts.query)
        _ = parts.port
    except ValueError:
        wrong = True
    if not wrong and "@" in parts.netloc:
        raise ArgumentError("-s SPLASH_URL: names a user; right would be -s SPLASH_USER and -s SPLASH_PASS")
    if wrong or not url.isascii():
        raise ArgumentError(
            f"-s SPLASH_URL: {quoted(masked(url))} is no server's address; right would be http://127.0.0.1:8050"
        )


def asks_for_tags(settings: BaseSettings) -> bool:
    """Whether the site's tag service is asked for the visible tags of articles.

    Raises:
        ArgumentError: the setting has another value.
    """
    value = settings.get("VOV_TAGS")
    if value and value != "service":
        raise ArgumentError(f"-s VOV_TAGS: {quoted(str(value))} is unknown; right would be service")
    return bool(value)


def _contact(value: object) -> str | None:
    if not value:
        return None
    if not is_contact(str(value)):
        raise ArgumentError(
            f"-s VOV_CONTACT: {quoted(str(value))} is neither a url nor a mail address; right would be "
            "https://lab.example.org/crawler or crawler@lab.example.org"
        )
    return str(value)


def _now(value: object) -> datetime:
    if not value:
        return datetime.now(VIETNAM)
    read = from_iso(str(value))
    if read is None:
        raise ArgumentError(f"-s VOV_NOW: '{value}' is no ISO time; right would be 2023-10-14T14:05+07:00")
    return read


def _yes_or_no(settings: BaseSettings, name: str) -> bool:
    try:
        return settings.getbool(name)
    except ValueError:
        raise ArgumentError(f"-s {name}: {quoted(str(settings.get(name)))} is not True or False") from None


def _accepts_drift(value: object) -> bool:
    if value not in ("check", "accept"):
        raise ArgumentError(f"-s VOV_DRIFT: {quoted(str(value))} is unknown; right would be check or accept")
    return value == "accept"


def _span(name: str, value: object) -> timedelta:
    match = _SPAN.fullmatch(str(value or "").strip())
    if match is None:
        raise ArgumentError(f"-s {name}: '{value}' is no span of time; right would be 7d, 12h, 2w or 0d")
    return timedelta(hours=int(match["number"]) * {"h": 1, "d": 24, "w": 7 * 24}[match["unit"]])
