"""The arguments of a crawl as one typed, checked thing.

`check()` turns what was typed after `-a` into `Arguments`, or says in one line what is wrong with it. It reads file
names and URL lists, and asks nothing of the network or the store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from vovcrawl import sections, urls
from vovcrawl.archives.files import FIELDS
from vovcrawl.archives.paths import ArchivePaths, archive_paths
from vovcrawl.crawl.given_urls import looks_like_url, read_url, read_urls
from vovcrawl.crawl.sources import SOURCES
from vovcrawl.crawl.values import ArgumentError, hint, items, quoted, whole_number
from vovcrawl.crawl.window import Window, read_window
from vovcrawl.masking import told_apart
from vovcrawl.pages.publication import from_iso
from vovcrawl.text import encodable
from vovcrawl.urls import Kind

NAMES = tuple("sections tags urls archive published fields sources since until related pages only fresh".split())

FAILED = "@failed"
"""What names, in the place of urls, the articles that could not be read."""

_TAG_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*-tag[0-9]+")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a crawl was asked to do."""

    sections: tuple[str, ...] = ()
    """Urls of section listings; empty with `all_sections` until the menu is read."""
    all_sections: bool = False
    tags: tuple[str, ...] = ()
    """Urls of tag listings."""
    urls: tuple[str, ...] = ()
    """Urls of single pages."""
    failed: bool = False
    """Whether the articles that earlier crawls could not read are asked for."""
    archive: ArchivePaths = field(default_factory=ArchivePaths)
    named_files: frozenset[Path] = frozenset()
    """Of the archive's files those that were given by their own path, and not by their folder's; absolute."""
    published: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """By which names the fields of an archive's JSON Lines are found, as in `vovcrawl.archives.files.FileOptions`."""
    window: Window = field(default_factory=Window)
    related: int = 0
    pages: int | None = None
    sources: tuple[str, ...] = ()
    """Where articles of the sections are discovered: `sitemap`, `rss`, `listing`; named, or chosen as the cheapest set
    that covers the request."""
    only_new: bool = False
    """Whether articles known already are to be left out of a feed that is written anew."""
    fresh: bool = False
    """Whether unfinished work of the same arguments is to be forgotten."""
    typed: str = "{}"
    """The arguments as typed, but for their order, secrets, `only` and `fresh`: what unfinished work belongs to."""

    def reaching_back_to(self, start: datetime) -> Arguments:
        """The same with a window that begins at `start` where that is earlier."""
        if self.window.start is None or self.window.start <= start:
            return self
        return replace(self, window=replace(self.window, start=start))

    @property
    def uses_network(self) -> bool:
        """Whether the crawl asks the site for anything."""
        return not self.archive.files


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
            raise ArgumentError(f"unknown argument {quoted(name)}{hint(name, NAMES)}; known are {', '.join(NAMES)}")
        if not str(given[name]).strip():
            raise ArgumentError(f"-a {name}: no value given")
    # A file's name may begin or end with a blank.
    value = {name: str(text) if name == "archive" else str(text).strip() for name, text in given.items()}
    fresh = _fresh(value.pop("fresh", "0"))
    only_new = "only" in value and _only_new(value.pop("only"))
    for name in ("sections", "tags", "urls", "archive", "sources"):
        if name in value and not items(value[name]):
            raise ArgumentError(f"-a {name}: {quoted(value[name])} names nothing")
    archive = archive_paths(value["archive"]) if "archive" in value else ArchivePaths()
    if archive.files:
        for name in ("sections", "tags", "urls", "sources", "related", "pages"):
            if name in value:
                raise ArgumentError(f"-a {name} does not go with -a archive, which reads files and asks no server")
    elif "published" in value:
        raise ArgumentError("-a published goes with -a archive only: pages of the site carry their own time")
    elif "fields" in value:
        raise ArgumentError("-a fields goes with -a archive only: it names the fields of JSON Lines")
    window = read_window(value, now, nothing_asked=not value)
    named, all_sections = _sections(value, by_default=not ({"urls", "tags", "archive"} & value.keys()))
    tags = tuple(_tag(tag) for tag in items(value.get("tags", "")))
    failed = value.get("urls") == FAILED
    listed = read_urls(value["urls"]) if "urls" in value and not failed else ()
    asks_for_sections = all_sections or bool(named)
    sources = _sources(value, asks_for_sections=asks_for_sections, all_sections=all_sections)
    steps = int((asks_for_sections and "sitemap" not in sources) or bool(tags))
    return Arguments(
        sections=named,
        all_sections=all_sections,
        tags=tuple(dict.fromkeys(tags)),
        urls=listed,
        failed=failed,
        archive=archive,
        named_files=_named_files(value.get("archive", ""), archive),
        published=read_published(value["published"]) if "published" in value else None,
        fields=read_fields(value["fields"]) if "fields" in value else {},
        window=window,
        related=whole_number("related", value["related"], least=0) if "related" in value else steps,
        pages=whole_number("pages", value["pages"], least=1) if "pages" in value else None,
        sources=sources,
        only_new=only_new,
        fresh=fresh,
        typed=encodable(
            json.dumps({name: told_apart(text) for name, text in sorted(value.items())}, ensure_ascii=False)
        ),
    )


def _named_files(text: str, archive: ArchivePaths) -> frozenset[Path]:
    return frozenset(Path(item).absolute() for item in (text, *items(text))).intersection(archive.files)


def _fresh(text: str) -> bool:
    if text not in ("0", "1"):
        raise ArgumentError(f"-a fresh: {quoted(text)} is neither 1, to forget unfinished work, nor 0")
    return text == "1"


def _only_new(text: str) -> bool:
    if text != "new":
        raise ArgumentError(
            f"-a only: {quoted(text)} is not new, which leaves known articles out of a feed given with -O"
        )
    return True


def _sections(value: Mapping[str, str], *, by_default: bool) -> tuple[tuple[str, ...], bool]:
    names = items(value.get("sections", "all" if by_default else ""))
    found: dict[str, None] = {}
    for name in names:
        if name == "all":
            continue
        path: str | None
        if looks_like_url(name):
            path = read_url("-a sections", name).url.removeprefix(f"{urls.SITE}/")
            path = sections.listing_of(path)
            path = path if path in sections.NAMES else None
        else:
            path = sections.path_of(name)
        if path is None:
            raise ArgumentError(f"-a sections: unknown section {quoted(name)}{hint(name, sections.NAMES)}")
        found[f"{urls.SITE}/{path}"] = None
    return ((), True) if "all" in names else (tuple(found), False)


def _tag(text: str) -> str:
    parsed = None
    if looks_like_url(text):
        parsed = read_url("-a tags", text)
    else:
        path = f"tu-khoa/{text}" if _TAG_SLUG.fullmatch(text) else text.removeprefix("/")
        with suppress(ArgumentError):
            parsed = read_url("-a tags", f"{urls.SITE}/{path}")
    if parsed is None or parsed.kind is not Kind.TAG:
        raise ArgumentError(f"-a tags: {quoted(text)} names no tag; right would be israel-hamas-tag84451")
    return parsed.listing


def read_published(text: str) -> datetime:
    """The moment in an argument `published`.

    Raises:
        ArgumentError: it is none.
    """
    moment = from_iso(text)
    if moment is None:
        raise ArgumentError(f"-a published: {quoted(text)} is no ISO time; right would be 2023-10-14T14:05")
    return moment


def read_fields(text: str) -> dict[str, str]:
    """The names in an argument `fields`, by what they stand for.

    Raises:
        ArgumentError: it names none, or what nobody knows.
    """
    found = {}
    for item in items(text):
        what, _, name = (part.strip() for part in item.partition(":"))
        if what not in FIELDS:
            raise ArgumentError(
                f"-a fields: unknown field {quoted(what)}{hint(what, FIELDS)}; known are {', '.join(FIELDS)}"
            )
        if not name:
            raise ArgumentError(f"-a fields: {quoted(item)} gives no name; right would be {what}:NAME")
        found[what] = name
    if not found:
        raise ArgumentError(f"-a fields: {quoted(text)} names nothing")
    return found


def _sources(value: Mapping[str, str], *, asks_for_sections: bool, all_sections: bool) -> tuple[str, ...]:
    """The sources named, or the cheapest set that covers the request.

    Sitemaps list every article of a month in one request; only a listing knows which articles a section shows.
    """
    named = tuple(dict.fromkeys(items(value.get("sources", ""))))
    for source in named:
        if source not in SOURCES:
            raise ArgumentError(f"-a sources: unknown source {quoted(source)}{hint(source, SOURCES)}")
    if named and not asks_for_sections and ("tags" not in value or "listing" not in named):
        raise ArgumentError("-a sources says where articles of sections are found: tags have listings only, urls none")
    if named or not asks_for_sections:
        return named
    return ("sitemap",) if all_sections and "pages" not in value and "tags" not in value else ("listing",)
