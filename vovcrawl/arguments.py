"""The arguments of a crawl as one typed, checked thing.

`check()` turns what was typed behind `-a` into `Arguments`, or says in one line what is wrong with it. It reads file
names and URL lists, and asks nothing of the network or the store.
"""

from __future__ import annotations

import difflib
import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta

from vovcrawl import addresses, sections
from vovcrawl.addresses import Kind
from vovcrawl.pages.publication import VIETNAM, from_iso

NAMES = ("sections", "tags", "urls", "archive", "published", "sources", "since", "until", "related", "pages", "fresh")

SOURCES = ("sitemap", "rss", "listing")
HTML_SUFFIXES = (".html", ".htm")
TEXT_SUFFIXES = (".txt",)
LATER_SUFFIXES = (".warc", ".warc.gz", ".wacz", ".jsonl", ".jsonl.gz", ".jsonl.zst")

MANY_REQUESTS = 1000
"""A crawl expected to need more requests than this says so first."""

_STORIES_A_DAY = 250
"""Upper bound of new stories a day: node ids rise by 80,000 to 105,000 a year, shared with other editions."""

_STORIES_EVER = 900_000
_CARDS_A_PAGE = 15
_TOP_SECTIONS = 20
_RELATED_FETCHED = 3
"""Related stories a story that are not met anyway: of the six or seven shown, about half."""

_LONGEST_NAME = 255
"""Bytes in the longest name of a file that usual file systems hold."""

_NOTE = re.compile(r"(?:^|\s)#.*")
_RELATIVE = re.compile(r"^(?P<number>[0-9]{1,5})\s*(?P<unit>[hdw])$")
_TAG_SLUG = re.compile(r"^[^/\s?#]+-tag[0-9]+$")
_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


class ArgumentError(ValueError):
    """A wrong argument or setting; its text is the one line to show."""


@dataclass(frozen=True, slots=True)
class Window:
    """The publication times asked for: from `start`, inclusive, to `end`, exclusive; None is no limit."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` lies in the window."""
        return not self.is_before(moment) and (self.end is None or moment < self.end)

    def is_before(self, moment: datetime) -> bool:
        """Whether `moment` is older than the window."""
        return self.start is not None and moment < self.start

    def holds_iso(self, published: str) -> bool:
        """As `holds`, for a time as records write it."""
        moment = from_iso(published)
        return moment is not None and self.holds(moment)

    def is_before_iso(self, published: str) -> bool:
        """As `is_before`, for a time as records write it."""
        moment = from_iso(published)
        return moment is not None and self.is_before(moment)

    @property
    def is_open(self) -> bool:
        """Whether every time lies in the window."""
        return self.start is None and self.end is None


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a crawl was asked to do."""

    sections: tuple[str, ...] = ()
    """Addresses of section listings; empty with `all_sections` until the menu is read."""
    all_sections: bool = False
    tags: tuple[str, ...] = ()
    """Addresses of tag listings."""
    urls: tuple[str, ...] = ()
    """Addresses of single pages."""
    archive: tuple[Path, ...] = ()
    """Files to read, in order."""
    outside: frozenset[Path] = frozenset()
    """Those of them that are links which lead out of the folder that was named: they are not read."""
    skipped_files: int = 0
    """Files of the archive's folders that have no readable kind."""
    published: datetime | None = None
    window: Window = Window()
    related: int = 0
    pages: int | None = None
    sources: tuple[str, ...] = ()
    """Where articles of the sections are discovered: `sitemap`, `rss`, `listing`; named, or chosen as the cheapest set
    that covers the request."""
    fresh: bool = False
    """Whether unfinished work of the same arguments is to be forgotten."""
    typed: str = "{}"
    """The arguments as typed, order aside and `fresh` left out: what unfinished work belongs to."""

    def reaching_back_to(self, start: datetime) -> Arguments:
        """The same with a window that begins at `start` where that is earlier."""
        if self.window.start is None or self.window.start <= start:
            return self
        return replace(self, window=replace(self.window, start=start))

    @property
    def uses_network(self) -> bool:
        """Whether the crawl asks the site for anything."""
        return not self.archive

    def expected_requests(self, now: datetime) -> int:
        """A rough upper estimate of the requests that the crawl will need, to two digits."""
        if not self.uses_network:
            return 0
        listings = (len(sections.MENU) if self.all_sections else len(self.sections)) + len(self.tags)
        share = 1.0 if self.all_sections else min(1.0, listings / _TOP_SECTIONS)
        if "listing" not in self.sources and not self.tags and (self.all_sections or self.sections):
            # One sitemap a month, or one feed a section.
            listings = 1
        stories = float(_STORIES_EVER)
        if self.window.start is not None:
            stories = _STORIES_A_DAY * max(1.0, (now - self.window.start) / timedelta(days=1))
        stories *= share
        if self.pages is not None:
            stories = min(stories, float(listings * self.pages * _CARDS_A_PAGE))
        followed = 1 + _RELATED_FETCHED * min(self.related, 2)
        walked = listings + stories / _CARDS_A_PAGE + min(stories * followed, _STORIES_EVER) if listings else 0.0
        expected = walked + len(self.urls) * followed
        # Two digits: it is no more exact than that.
        return int(round(expected, 1 - int(math.log10(expected)))) if expected >= 100 else round(expected)


def check(given: Mapping[str, str], now: datetime) -> Arguments:
    """The arguments in `given`, checked.

    Args:
        given: names and values as typed.
        now: the moment that relative windows count from.

    Raises:
        ArgumentError: a name or a value is wrong; nothing has been requested or written.
    """
    for name in given:
        if name not in NAMES:
            raise ArgumentError(f"unknown argument {_shown(name)}{_hint(name, NAMES)}; known are {', '.join(NAMES)}")
        if not str(given[name]).strip():
            raise ArgumentError(f"-a {name}: no value given")
    value = {name: str(text).strip() for name, text in given.items()}
    fresh = _fresh(value.pop("fresh", "0"))
    for name in ("sections", "tags", "urls", "archive", "sources"):
        if name in value and not _items(value[name]):
            raise ArgumentError(f"-a {name}: {_shown(value[name])} names nothing")
    archive, outside, skipped = _archive(value["archive"]) if "archive" in value else ((), frozenset(), 0)
    if archive:
        for name in ("sections", "tags", "urls", "sources", "related", "pages"):
            if name in value:
                raise ArgumentError(f"-a {name} does not go with -a archive, which reads files and asks no server")
    elif "published" in value:
        raise ArgumentError("-a published goes with -a archive only: pages of the site carry their own time")
    window = _window(value, now, nothing_asked=not value)
    named, all_sections = _sections(value, walks_by_default=not ({"urls", "tags", "archive"} & value.keys()))
    tags = tuple(_tag(tag) for tag in _items(value.get("tags", "")))
    urls = _urls(value["urls"]) if "urls" in value else ()
    walks_sections = all_sections or bool(named)
    sources = _sources(value, walks_sections=walks_sections, all_sections=all_sections)
    steps = int((walks_sections and "sitemap" not in sources) or bool(tags))
    return Arguments(
        sections=named,
        all_sections=all_sections,
        tags=tuple(dict.fromkeys(tags)),
        urls=urls,
        archive=archive,
        outside=outside,
        skipped_files=skipped,
        published=_published(value["published"]) if "published" in value else None,
        window=window,
        related=_number("related", value["related"], least=0) if "related" in value else steps,
        pages=_number("pages", value["pages"], least=1) if "pages" in value else None,
        sources=sources,
        fresh=fresh,
        typed=json.dumps(dict(sorted(value.items())), ensure_ascii=False),
    )


def _fresh(text: str) -> bool:
    if text not in ("0", "1"):
        raise ArgumentError(f"-a fresh: {_shown(text)} is neither 1, to forget unfinished work, nor 0")
    return text == "1"


def _shown(text: str) -> str:
    """A typed value fit for a message: no control characters, not endless."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return f"'{plain}'" if len(plain) <= 120 else f"'{plain[:120]}...'"


def _hint(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _number(name: str, text: str, least: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise ArgumentError(f"-a {name}: {_shown(text)} is not a whole number from {least} on")
    return int(text)


def _sections(value: Mapping[str, str], walks_by_default: bool) -> tuple[tuple[str, ...], bool]:
    names = _items(value.get("sections", "all" if walks_by_default else ""))
    found: dict[str, None] = {}
    for name in names:
        if name == "all":
            continue
        address = addresses.read(name) if "://" in name else None
        path = sections.path_of(address.url.removeprefix(addresses.SITE) if address else name)
        if path is None:
            raise ArgumentError(f"-a sections: unknown section {_shown(name)}{_hint(name, sections.NAMES)}")
        found[f"{addresses.SITE}/{path}"] = None
    return ((), True) if "all" in names else (tuple(found), False)


def _tag(text: str) -> str:
    if _TAG_SLUG.match(text):
        text = f"{addresses.SITE}/tu-khoa/{text}"
    elif "://" not in text:
        text = f"{addresses.SITE}/{text.lstrip('/')}"
    address = addresses.read(text)
    if address is None or address.kind is not Kind.TAG:
        raise ArgumentError(f"-a tags: {_shown(text)} names no tag; right would be israel-hamas-tag84451")
    return address.listing


def _urls(text: str) -> tuple[str, ...]:
    where = "-a urls"
    written = _items(text)
    if not any(_looks_like_address(item) for item in written):
        path = Path(text)
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError) as error:
            raise ArgumentError(f"-a urls: cannot read {_shown(text)}: {_why(error)}") from None
        # A note may also stand behind an address; within one, # has no blank before it.
        written = [line for line in (_NOTE.sub("", line).strip() for line in lines) if line]
        where = f"-a urls: {_shown(text)}"
        if not written:
            raise ArgumentError(f"{where}: no address in the file")
    found: dict[str, None] = {}
    for item in written:
        address = addresses.read(item if "://" in item else f"https://{item}")
        if address is None or " " in item:
            raise ArgumentError(f"{where}: {_shown(item)} is no page of vov.vn in Vietnamese")
        found[address.url] = None
    return tuple(found)


def _looks_like_address(text: str) -> bool:
    return "://" in text or text.split("/", 1)[0] in addresses.HOSTS


def _archive(text: str) -> tuple[tuple[Path, ...], frozenset[Path], int]:
    files: dict[Path, None] = {}
    outside: set[Path] = set()
    skipped = 0
    whole = len(Path(text).name.encode()) <= _LONGEST_NAME and Path(text).exists()
    for item in [text] if whole else _items(text):
        path = Path(item)
        if len(path.name.encode()) > _LONGEST_NAME:
            raise ArgumentError(f"-a archive: there is no file or folder {_shown(item)}")
        if path.is_dir():
            members = _members(path)
            readable = [member for member in members if member.suffix.lower() in HTML_SUFFIXES + TEXT_SUFFIXES]
            skipped += len(members) - len(readable)
            if not readable:
                raise ArgumentError(f"-a archive: the folder {_shown(item)} holds no .html or .txt file")
            files.update(dict.fromkeys(member.absolute() for member in readable))
            outside.update(member.absolute() for member in readable if _leads_out(member, path))
        elif path.is_file():
            name = path.name.lower()
            if name.endswith(LATER_SUFFIXES):
                raise ArgumentError(f"-a archive: reading {_shown(path.name)} is not available in this version")
            if path.suffix.lower() not in HTML_SUFFIXES + TEXT_SUFFIXES:
                raise ArgumentError(f"-a archive: {_shown(item)} is neither .html nor .txt")
            if not os.access(path, os.R_OK):
                raise ArgumentError(f"-a archive: cannot read {_shown(item)}: permission denied")
            files[path.absolute()] = None
        else:
            raise ArgumentError(f"-a archive: there is no file or folder {_shown(item)}")
    return tuple(files), frozenset(outside), skipped


def _members(folder: Path) -> list[Path]:
    """Everything below a folder that may be read: no folders, pipes or devices, but links that lead nowhere."""

    def refuse(error: OSError) -> None:
        raise ArgumentError(f"-a archive: cannot read {_shown(str(error.filename))}: {_why(error)}") from None

    return sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=refuse)
        for name in names
        if (member := Path(parent, name)).is_file() or not member.exists()
    )


def _leads_out(member: Path, folder: Path) -> bool:
    """Whether a file is a link to something outside the folder.

    A folder may come from anybody; its links are not to fetch the user's own files.
    """
    return member.is_symlink() and not Path(os.path.realpath(member)).is_relative_to(os.path.realpath(folder))


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return getattr(error, "strerror", None) or str(error)


def _published(text: str) -> datetime:
    read = from_iso(text)
    if read is None:
        raise ArgumentError(f"-a published: {_shown(text)} is no ISO time; right would be 2023-10-14T14:05")
    return read


def _sources(value: Mapping[str, str], *, walks_sections: bool, all_sections: bool) -> tuple[str, ...]:
    """The sources named, or the cheapest set that covers the request.

    Sitemaps list every story of a month in one request; only a listing knows which stories a section shows.
    """
    named = tuple(dict.fromkeys(_items(value.get("sources", ""))))
    for source in named:
        if source not in SOURCES:
            raise ArgumentError(f"-a sources: unknown source {_shown(source)}{_hint(source, SOURCES)}")
    if named and not walks_sections and ("tags" not in value or "listing" not in named):
        raise ArgumentError("-a sources says where stories of sections are found: tags have listings only, urls none")
    if named or not walks_sections:
        return named
    return ("sitemap",) if all_sections and "pages" not in value and "tags" not in value else ("listing",)


def _window(value: Mapping[str, str], now: datetime, nothing_asked: bool) -> Window:
    since = value.get("since", "2d" if nothing_asked else "all")
    start = _since(since, now)
    end: datetime | None = None
    if "until" in value:
        day = _day(value["until"])
        if day is None:
            raise ArgumentError(f"-a until: {_shown(value['until'])} is no date; right would be 2023-10-31")
        try:
            end = datetime.combine(day, time(), VIETNAM) + relativedelta(days=1)
        except (ValueError, OverflowError):
            end = None
    if start is not None and end is not None and start >= end:
        raise ArgumentError(f"-a since={value.get('since')} lies after -a until={value['until']}")
    return Window(start, end)


def _since(text: str, now: datetime) -> datetime | None:
    if text == "all":
        return None
    match = _RELATIVE.match(text)
    try:
        if match:
            number = int(match["number"])
            if match["unit"] == "h":
                return now.astimezone(VIETNAM) - relativedelta(hours=number)
            days = number * (7 if match["unit"] == "w" else 1)
            # Whole days: two days ago means from that day's midnight on.
            return datetime.combine(now.astimezone(VIETNAM).date() - relativedelta(days=days), time(), VIETNAM)
        day = _day(text)
        if day is not None:
            return datetime.combine(day, time(), VIETNAM)
    except (ValueError, OverflowError):
        pass
    raise ArgumentError(f"-a since: {_shown(text)} is neither a date like 2023-10-01 nor one of 12h, 7d, 2w, all")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        return None
