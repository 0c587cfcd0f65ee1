"""How much of what the sources list the store holds.

`SourceReader` asks the sitemaps what there is, `compare` holds it against what the store knows.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from vovcrawl import sections
from vovcrawl.crawl import sources
from vovcrawl.crawl.arguments import Arguments
from vovcrawl.crawl.candidates import candidates
from vovcrawl.crawl.components import add_download_components
from vovcrawl.crawl.window import Window, read_window
from vovcrawl.pages import PageError, sitemap
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.pages.sitemap import Entry
from vovcrawl.store.crawls import WholeCrawl
from vovcrawl.store.known import Known
from vovcrawl.visits import FAILURES, Outcome

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class Span(NamedTuple):
    """The publication times that a crawl covers."""

    start: datetime
    end: datetime


class Held(StrEnum):
    """How a listed article stands in the store."""

    STORED = "stored"
    DUPLICATE = "duplicate address"
    EXPLAINED = "no article"
    """Gone, forbidden by robots.txt, or a page without an article."""
    LEFT_OUT = "left out"
    """Changed within the window, but taken for older by the articles around it."""
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article that a source lists within the window."""

    url: str
    day: str
    """Day of publication as the store knows it, else of the last change as the source gives it; '' if unknown."""
    section: str
    """First path part of the url, or the listing that shows the articles below it."""
    held: Held
    reason: str | None


@dataclass(frozen=True, slots=True)
class Hole:
    """A time between two whole crawls of all sections that neither of them was to cover."""

    start: datetime
    end: datetime


@dataclass(slots=True)
class Report:
    """What the sources list, and what the store holds of it."""

    articles: list[ListedArticle]
    failed_sources: dict[str, str] = field(default_factory=dict)
    """Url and reason of sources that could not be read."""
    holes: list[Hole] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether every listed article is kept or accounted for, and every source was read."""
        held = {article.held for article in self.articles}
        return not self.failed_sources and not held & {Held.FAILED, Held.MISSING}

    def rows(self) -> list[tuple[str, str, Counter[Held]]]:
        """Day, section, and how many articles stand how, in that order."""
        counts: dict[tuple[str, str], Counter[Held]] = {}
        for article in self.articles:
            counts.setdefault((article.day, article.section), Counter())[article.held] += 1
        return [(day, section, count) for (day, section), count in sorted(counts.items())]


class SourceReader(Spider):
    """Reads the sitemaps of a window; keeps and visits nothing else."""

    name = "coverage"

    def __init__(self, window: Window, now: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._window = window
        self._now = now
        self.listed: dict[str, Entry] = {}
        self.left_out: set[str] = set()
        """Of the listed ones, those that a crawl would leave out as older than the window."""
        self.failed: dict[str, str] = {}
        self._asked: set[str] = set()
        self._seeds: set[str] = set()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Only what is needed to ask politely: nothing is queued, kept or fed."""
        super().update_settings(settings)
        add_download_components(settings)
        settings.setdict({"ITEM_PIPELINES": {}, "FEEDS": {}}, priority="cmdline")

    async def start(self) -> AsyncIterator[Any]:
        """The sitemaps of the window, or the index for a long one."""
        asked = Arguments(all_sections=True, window=self._window, sources=(sources.SITEMAP,))
        for found in sources.seeds(asked, self._now):
            self._asked.add(found.url)
            self._seeds.add(found.url)
            yield self._request(found.url)

    def _request(self, url: str) -> Request:
        return Request(url, errback=self.refused, meta={"handle_httpstatus_all": True}, dont_filter=True)

    def parse(self, response: Response) -> Iterator[Request]:
        """A sitemap, or the index of them."""
        if response.status in (404, 410) and self._has_just_begun(response.url):
            yield from self._neighbour()
            return
        if response.status != 200:
            self.failed[response.url] = f"the site answers {response.status}"
            return
        try:
            found = sitemap.read(response.body, response.url)
        except PageError as error:
            self.failed[response.url] = str(error)
            return
        if not found.entries and not found.sitemaps:
            if self._has_just_begun(response.url):
                yield from self._neighbour()
            else:
                self.failed[response.url] = "a sitemap without articles"
            return
        if found.over:
            self.failed[response.url] = f"it names too much: {found.over} more are left out"
        if found.sitemaps and response.url not in self._seeds:
            self.failed[response.url] = "an index of sitemaps that another one names"
            return
        for url in sources.sitemaps_within(found.sitemaps, self._window, self._now):
            if url not in self._asked:
                self._asked.add(url)
                yield self._request(url)
        wanted, left_out = candidates(found.entries, self._window)
        for entry in (*wanted, *left_out):
            self.listed[entry.url] = entry
        self.left_out.update(entry.url for entry in left_out)

    def _has_just_begun(self, url: str) -> bool:
        return sources.has_just_begun(url, self._now)

    def _neighbour(self) -> Iterator[Request]:
        """The sitemap that tells a month without articles yet from one that cannot be read."""
        url = sources.month_before(self._now)
        if url not in self._asked:
            self._asked.add(url)
            yield self._request(url)

    def refused(self, failure: Failure) -> None:
        """A source without a response."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.failed[request.url] = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"[:300]


_OLDER = "the articles around it are older than the window"


def compare(
    listed: Sequence[Entry], known: Mapping[str, Known], window: Window, left_out: Set[str] = frozenset()
) -> list[ListedArticle]:
    """How each listed article of the window stands, by day and url.

    Args:
        listed: the articles.
        known: what the store knows of their urls.
        window: the publication times asked for.
        left_out: urls of those that a crawl takes for older.
    """
    articles = []
    for entry in listed:
        found = known.get(entry.url)
        published = found.published if found is not None else None
        if published and not window.is_open and not window.holds_iso(published):
            continue
        is_left_out = found is None and entry.url in left_out
        held, reason = (Held.LEFT_OUT, _OLDER) if is_left_out else _standing(entry.url, found)
        day = (published or entry.modified or "")[:10]
        section = sections.listing_of(entry.url.split("/")[3])
        articles.append(ListedArticle(entry.url, day, section, held, reason))
    return sorted(articles, key=lambda article: (article.day, article.section, article.url))


def _standing(url: str, found: Known | None) -> tuple[Held, str | None]:
    if found is None or found.outcome is None:
        return Held.MISSING, "not visited" if found is None else "waiting to be visited"
    if found.is_stored:
        return (Held.STORED if found.canonical_url == url else Held.DUPLICATE), found.canonical_url
    outcome = Outcome(found.outcome)
    if outcome is Outcome.GONE and found.unread_since is not None and not found.is_confirmed:
        return Held.FAILED, f"{found.reason or outcome.value}, though it is listed"
    if outcome in FAILURES:
        return Held.FAILED, found.reason or outcome.value
    if outcome in (Outcome.ARTICLE, Outcome.ALIAS, Outcome.OUTSIDE_WINDOW):
        # What it leads to is not kept.
        return Held.MISSING, found.reason or outcome.value
    return Held.EXPLAINED, found.reason or outcome.value


def span_of(crawl: WholeCrawl) -> Span | None:
    """The publication times that a whole crawl covers; None where it was for a part of the newspaper only."""
    given = json.loads(crawl.arguments)
    is_part = given.get("sections", "all") != "all" or given.get("sources") == "rss"
    if is_part or given.keys() & {"archive", "pages", "tags", "urls"}:
        return None
    until = datetime.fromisoformat(crawl.reckoned_at)
    if "until" in given:
        until = min(until, read_window({"until": given["until"]}, until).end or until)
    start = datetime.fromisoformat(crawl.keeps_from) if crawl.keeps_from else datetime.min.replace(tzinfo=VIETNAM)
    return Span(start, until)


def holes(spans: Iterable[Span], window: Window) -> list[Hole]:
    """The times within the window, between whole crawls, that no whole crawl was to cover.

    Args:
        spans: from when until when each whole crawl was to keep all articles.
        window: the publication times asked for.
    """
    found: list[Hole] = []
    reached: datetime | None = None
    for span in sorted(spans):
        if reached is not None and span.start > reached:
            start = max(reached, window.start or reached)
            end = min(span.start, window.end or span.start)
            if start < end:
                found.append(Hole(start, end))
        reached = max(reached or span.end, span.end)
    return found
