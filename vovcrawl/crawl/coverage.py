"""How much of what the sources list the store holds.

`SourceReader` asks the sitemaps what there is, `compare` holds it against what the store knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from vovcrawl.crawl import sources
from vovcrawl.crawl.arguments import Arguments
from vovcrawl.crawl.candidates import candidates
from vovcrawl.crawl.window import Window
from vovcrawl.pages import PageError, sitemap
from vovcrawl.pages.sitemap import Entry
from vovcrawl.store.known import Known
from vovcrawl.visits import FAILURES, Outcome


class Held(StrEnum):
    """How a listed article stands in the store."""

    STORED = "stored"
    DUPLICATE = "duplicate address"
    EXPLAINED = "no article"
    """Gone, forbidden by robots.txt, or a page without an article."""
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article that a source lists within the window."""

    url: str
    day: str
    """Day of publication as the store knows it, else of the last change as the source gives it; '' if unknown."""
    section: str
    """First path part of the url."""
    held: Held
    reason: str | None


@dataclass(slots=True)
class Report:
    """What the sources list, and what the store holds of it."""

    articles: list[ListedArticle]
    failed_sources: dict[str, str] = field(default_factory=dict)
    """Url and reason of sources that could not be read."""

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
        self.failed: dict[str, str] = {}
        self._asked: set[str] = set()
        self._seeds: set[str] = set()

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
        if response.status != 200:
            self.failed[response.url] = f"the site answers {response.status}"
            return
        try:
            found = sitemap.read(response.body, response.url)
        except PageError as error:
            self.failed[response.url] = str(error)
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
        for entry in candidates(found.entries, self._window):
            self.listed[entry.url] = entry

    def refused(self, failure: Failure) -> None:
        """A source without a response."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.failed[request.url] = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"[:300]


def compare(listed: Sequence[Entry], known: Mapping[str, Known], window: Window) -> list[ListedArticle]:
    """How each listed article of the window stands, by day and url."""
    articles = []
    for entry in listed:
        found = known.get(entry.url)
        published = found.published if found is not None else None
        if published and not window.is_open and not window.holds_iso(published):
            continue
        held, reason = _standing(entry.url, found)
        day = (published or entry.modified or "")[:10]
        articles.append(ListedArticle(entry.url, day, entry.url.split("/")[3], held, reason))
    return sorted(articles, key=lambda article: (article.day, article.section, article.url))


def _standing(url: str, found: Known | None) -> tuple[Held, str | None]:
    if found is None or found.outcome is None:
        return Held.MISSING, "not visited" if found is None else "waiting to be visited"
    if found.is_stored:
        return (Held.STORED if found.canonical_url == url else Held.DUPLICATE), found.canonical_url
    outcome = Outcome(found.outcome)
    if outcome in FAILURES:
        return Held.FAILED, found.reason or outcome.value
    if outcome in (Outcome.ARTICLE, Outcome.ALIAS, Outcome.OUTSIDE_WINDOW):
        # What it leads to is not kept.
        return Held.MISSING, found.reason or outcome.value
    return Held.EXPLAINED, found.reason or outcome.value
