"""The project's own settings, checked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from vovcrawl.arguments import ArgumentError, moment
from vovcrawl.pages.publication import VIETNAM

LATER = tuple("VOV_REVISIT VOV_WARC VOV_RENDER VOV_RENDER_KINDS VOV_FLEET_CONCURRENCY REDIS_URL SPLASH_URL".split())
"""Settings of parts that are not available yet."""

_NUMBERS = ("DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "DOWNLOAD_MAXSIZE", "RETRY_TIMES", "CONCURRENT_REQUESTS_PER_DOMAIN")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The project's settings."""

    database: str
    """A database URL, or the absolute path of a SQLite file."""
    mirror: str | None
    """Address that takes every request for a VOV host, or None."""
    now: datetime
    """The moment that windows and ages are reckoned from, in +07:00."""


def project_folder() -> Path:
    """The folder of `scrapy.cfg`, from which the project's default paths start."""
    found = closest_scrapy_cfg()
    return Path(found).resolve().parent if found else Path(__file__).resolve().parent.parent


def check(settings: BaseSettings) -> Configuration:
    """The project's settings out of Scrapy's.

    Raises:
        ArgumentError: a value is wrong, or a setting belongs to a part that is not available yet.
    """
    for name in LATER:
        if settings.get(name):
            raise ArgumentError(f"-s {name} is not available in this version")
    for name in _NUMBERS:
        try:
            valid = float(settings.get(name)) >= 0
        except (TypeError, ValueError):
            valid = False
        if not valid:
            raise ArgumentError(f"-s {name}: '{settings.get(name)}' is not a number from 0 on")
    return Configuration(
        database=_database(str(settings.get("VOV_DATABASE") or "")),
        mirror=_mirror(settings.get("VOV_MIRROR")),
        now=_now(settings.get("VOV_NOW")),
    )


def check_feeds(settings: BaseSettings) -> None:
    """Sees to it that the crawl's local feeds can be written, without touching them.

    Raises:
        ArgumentError: a feed names a folder, or a file that cannot be written.
    """
    for uri in settings.getdict("FEEDS"):
        name = str(uri)
        if ("://" in name and not name.startswith("file://")) or "%(" in name or name.startswith("stdout:"):
            continue
        path = Path(name.removeprefix("file://"))
        above = next(folder for folder in path.absolute().parents if folder.exists())
        if path.is_dir() or not above.is_dir() or not os.access(path if path.exists() else above, os.W_OK):
            raise ArgumentError(f"the feed '{name}' cannot be written")


def _database(value: str) -> str:
    if not value:
        raise ArgumentError("-s VOV_DATABASE: no path or database URL given")
    if "://" in value:
        return value
    return str(project_folder() / value)


def _mirror(value: object) -> str | None:
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


def _now(value: object) -> datetime:
    if not value:
        return datetime.now(VIETNAM)
    read = moment(str(value))
    if read is None:
        raise ArgumentError(f"-s VOV_NOW: '{value}' is no ISO time; right would be 2023-10-14T14:05+07:00")
    return read
