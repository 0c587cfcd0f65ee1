"""What must be right on this machine before a crawl begins; nothing is changed by looking."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import scrapy
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError as UnknownUrl

from vovcrawl import __version__
from vovcrawl.crawl.assumptions import Finding, Verdict
from vovcrawl.crawl.components import add_components
from vovcrawl.crawl.configuration import Configuration, Rendering, check_feeds
from vovcrawl.crawl.exit_status import ExitStatus
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.store import NoStore, StoreError, is_held, read_database
from vovcrawl.store.tables import STORE_VERSION

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from vovcrawl.crawl.asking import Answer

CLOCK = "clock"
"""What is said of the clock is called so."""

_TOO_LITTLE, _LITTLE = 100_000_000, 1_000_000_000
"""Bytes of free disk space: without the first a crawl of some days fails, the second is a month or two of the paper."""

_MOST_APART = 120
"""Seconds between this machine's clock and the server's; a response takes up to 30."""

_OPTIONAL = {
    "psycopg": "a store in PostgreSQL",
    "trafilatura": "a general extractor",
    "scrapy_splash": "rendering by Splash",
    "playwright": "rendering by Playwright",
}
"""Packages that some parts need, and for what."""


def findings(settings: Settings, configuration: Configuration) -> Iterator[Finding]:
    """How each thing stands on this machine."""
    yield _versions()
    yield from _store(configuration.database)
    yield _feed(settings)
    yield _contact(configuration)
    yield _zone()
    yield _optional()


def clock(answers: list[Answer], configuration: Configuration, *, is_given: bool) -> Finding:
    """Whether this machine's clock agrees with the site's.

    Args:
        answers: of the site, which date their responses.
        configuration: of the crawl.
        is_given: whether `VOV_NOW` stands for the clock.
    """
    name, expected = CLOCK, f"the clock agrees with the site's to {_MOST_APART // 60} minutes"
    if is_given:
        return Finding(name, expected, Verdict.NOTE, f"VOV_NOW stands for it: {configuration.now.isoformat()}")
    found = [apart for answer in answers if (apart := _seconds_apart(answer)) is not None]
    if not found:
        return Finding(name, expected, Verdict.NOTE, "no response told the time")
    # What a cache gives may be dated by the time at which it was put there.
    apart = min(found, key=abs)
    text = f"{abs(apart):.0f} seconds {'ahead of' if apart > 0 else 'after'} the site's"
    if abs(apart) > _MOST_APART:
        return Finding(name, expected, Verdict.DIFFERS, text, ExitStatus.CHANGED)
    return Finding(name, expected, Verdict.HOLDS, text)


def browser(rendering: Rendering, gone: str | None) -> Finding:
    """Whether the browser that renders pages answers. A crawl can do without: it reads pages as they are served.

    Args:
        rendering: which browser it is.
        gone: why it does not answer; None where it does.
    """
    expected = f"{rendering.engine}, which renders pages, answers"
    if gone is None:
        return Finding("browser", expected, Verdict.HOLDS, "it does")
    return Finding("browser", expected, Verdict.NOTE, f"it does not: {gone}; until it does, pages are read as served")


def _seconds_apart(answer: Answer) -> float | None:
    """How far this machine's clock is ahead of that which dated a response; None where it is not dated."""
    try:
        theirs = parsedate_to_datetime(answer.headers["date"])
        age = int(answer.headers.get("age", "0"))
    except (KeyError, ValueError):
        return None
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    return (answer.received - theirs).total_seconds() - age if answer.received is not None else None


def _versions() -> Finding:
    text = f"vovcrawl {__version__}, Scrapy {scrapy.__version__}, Python {platform.python_version()}"
    return Finding("versions", "the programs that are needed", Verdict.HOLDS, text)


def _store(database: str) -> Iterator[Finding]:
    expected = f"the store can be opened and has version {STORE_VERSION}"
    path = _file_of(database)
    if path is not None and not path.exists():
        yield _no_store(path, expected)
    else:
        yield _open_store(database, expected)
    if path is not None:
        yield _space(path)


def _no_store(path: Path, expected: str) -> Finding:
    folder = path.parent
    if not folder.is_dir():
        return _broken("store", expected, f"there is no folder {folder}; make it, or name another store")
    if not os.access(folder, os.W_OK | os.X_OK):
        return _broken("store", expected, f"nothing may be written into {folder}")
    return Finding("store", expected, Verdict.HOLDS, f"none yet: the first crawl makes {path}")


def _open_store(database: str, expected: str) -> Finding:
    path = _file_of(database)
    try:
        opened = read_database(database)
        name = opened.name
        opened.close()
    except NoStore as error:
        return Finding("store", expected, Verdict.HOLDS, f"{error} yet; the first crawl makes it")
    except StoreError as error:
        if "the next crawl into it will bring it up" in str(error):
            return Finding("store", expected, Verdict.NOTE, str(error))
        return _broken("store", expected, str(error))
    if path is not None and not (os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)):
        return _broken("store", expected, f"{name} can be read, but not written, or nothing beside it")
    if is_held(database):
        return Finding("store", expected, Verdict.HOLDS, f"{name}, which a crawl holds right now")
    return Finding("store", expected, Verdict.HOLDS, name)


def _space(path: Path) -> Finding:
    folder = next((folder for folder in path.absolute().parents if folder.exists()), Path("/"))
    free = shutil.disk_usage(folder).free
    expected, text = "there is room on the disk", f"{free / 1e9:,.1f} GB free in {folder}"
    if free < _TOO_LITTLE:
        return _broken("disk space", expected, text)
    return Finding("disk space", expected, Verdict.NOTE if free < _LITTLE else Verdict.HOLDS, text)


def _file_of(database: str) -> Path | None:
    """The file of a store in SQLite."""
    if "://" not in database:
        return Path(database)
    try:
        url = make_url(database)
    except (UnknownUrl, ValueError):
        return None
    return Path(url.database).absolute() if url.get_backend_name() == "sqlite" and url.database else None


def _feed(settings: Settings) -> Finding:
    expected = "the feed can be written"
    of_crawl = settings.copy()
    of_crawl.frozen = False
    add_components(of_crawl)
    names = [str(name) for name in of_crawl.getdict("FEEDS")]
    try:
        check_feeds(of_crawl)
    except ArgumentError as error:
        return _broken("feed", expected, str(error))
    return Finding("feed", expected, Verdict.HOLDS, ", ".join(names) or "none is written")


def _contact(configuration: Configuration) -> Finding:
    expected = "the site can tell who crawls"
    if configuration.contact:
        return Finding("contact", expected, Verdict.HOLDS, configuration.contact)
    return Finding("contact", expected, Verdict.NOTE, "-s VOV_CONTACT=you@example.org would say it")


def _zone() -> Finding:
    offset = datetime.now().astimezone().strftime("%z")
    text = f"{time.tzname[0]} (UTC{offset[:3]}:{offset[3:]}); days of a crawl are Vietnam's all the same"
    return Finding("time zone", "times of this machine's zone are shown", Verdict.NOTE, text)


def _optional() -> Finding:
    parts = [f"{name} ({use}) {'is there' if find_spec(name) else 'is absent'}" for name, use in _OPTIONAL.items()]
    return Finding("optional parts", "none of them is needed", Verdict.NOTE, "; ".join(parts))


def _broken(name: str, expected: str, met: str) -> Finding:
    return Finding(name, expected, Verdict.DIFFERS, met, ExitStatus.STORE)
