"""The examination of the site by `scrapy doctor`: which few pages are asked for, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from vovcrawl import sections, urls
from vovcrawl.crawl import sources
from vovcrawl.crawl.asking import ROBOTS, Answer, AskingSpider
from vovcrawl.crawl.assumptions import Differs, Evidence, NotAsked, Role, refusal_of
from vovcrawl.crawl.failures import Failure
from vovcrawl.crawl.single_rendering import check_browser
from vovcrawl.pages import Reason, rss, sitemap
from vovcrawl.pages.provenance import Traced
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.render.browser import RenderError
from vovcrawl.visits import Outcome

if TYPE_CHECKING:
    from vovcrawl.crawl.configuration import Rendering

MOST_REQUESTS = 12
"""Requests of one examination, that for robots.txt and those after redirects included."""

ARTICLES = 3
"""Articles that are looked at."""

_IN_A_ROW = 2
"""So many pages in a row that are blocked, or do not come, end the asking."""

_BUSY = ("xa-hoi", "the-gioi", "the-thao", "kinh-te", "phap-luat", "chinh-tri", "van-hoa")
"""Sections whose listings have many pages."""

_KINDS = ("photo", "video", "podcast", "emagazine", "infographic")
"""Kinds of article that are looked at beside an ordinary one, those with the best known layout first."""


class Examiner(AskingSpider):
    """Asks for the pages by which the assumptions are judged."""

    name = "doctor"
    most_requests = MOST_REQUESTS

    def __init__(self, now: datetime, rendering: Rendering | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._rendering = rendering
        self.browser_is_gone: str | None = None
        """Why the browser that renders pages does not answer."""
        self.evidence = Evidence(now)
        self._refused: list[Failure] = []
        """Of the last pages in a row that were blocked or did not come."""

    async def work(self) -> None:
        """Asks for one page after another, as each is named by those before it."""
        evidence = self.evidence
        here = evidence.now.astimezone(VIETNAM)
        month = sitemap.month(here.year, here.month)
        await self._take(Role.FRONT, f"{urls.SITE}/")
        await self._take(Role.INDEX, sitemap.INDEX)
        await self._take(Role.MONTH, month)
        if sources.has_just_begun(month, here) and not _entries(evidence):
            await self._take(Role.MONTH_BEFORE, sources.month_before(here))
        await self._take(Role.FEEDS, sources.RSS_INDEX)
        section = section_of(evidence)
        await self._take(Role.FEED, feed_of(evidence, section))
        await self._take(Role.LISTING, section)
        await self._take(Role.SECOND, urls.nth_page(section, 1))
        await self._take_articles()
        if self.robots is None and not self.settings.getbool("ROBOTSTXT_OBEY"):
            # Whoever does not obey it has not asked for it so far.
            self.robots = await self.ask(ROBOTS)
        if self.robots is not None:
            evidence.answers[Role.ROBOTS] = self.robots
        await self._ask_again()
        if self._rendering is not None:
            try:
                await check_browser(self.crawler, self._rendering)
            except RenderError as error:
                self.browser_is_gone = str(error)

    async def _take_articles(self) -> None:
        """Asks for an ordinary article, which the url alone cannot tell, and for others of other kinds."""
        evidence, ordinary, others = self.evidence, *articles_of(self.evidence)
        while len(evidence.articles) < ARTICLES and (ordinary or others):
            has_ordinary = any(
                isinstance(one, Traced) and one.reading.article.content_type == "article" for one in evidence.traced
            )
            answer = await self._get((others or ordinary if has_ordinary else ordinary or others).pop(0))
            if answer.failure is None or answer.failure.outcome is not Outcome.FORBIDDEN:
                evidence.add_article(answer)

    async def _ask_again(self) -> None:
        """Asks for an article as a crawl does that has it already."""
        for answer in self.evidence.articles:
            etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
            marks = {"If-None-Match": etag, "If-Modified-Since": modified}
            if answer.failure is None and (etag or modified) and self.requests < self.most_requests:
                headers = {name: mark for name, mark in marks.items() if mark}
                self.evidence.answers[Role.AGAIN] = await self._get(answer.url, headers)
                return

    async def _take(self, role: Role, url: str) -> None:
        self.evidence.answers[role] = await self._get(url)

    async def _get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        """The answer, where it leads by a script too; none is asked for after several that were refused."""
        if len(self._refused) >= _IN_A_ROW:
            failure = self._refused[-1]
            why = "the pages before it were blocked" if failure.outcome is Outcome.BLOCKED else "nor did others come"
            return Answer(url, url, failure=Failure(failure.outcome, why))
        answer = await self.ask(url, headers)
        refusal = refusal_of(answer)
        if refusal is not None and refusal.reason is Reason.REDIRECT and refusal.target:
            target = urls.parse(refusal.target, answer.url)
            if target is not None and self.requests < self.most_requests:
                answer = await self.ask(target.url, headers)
                refusal = refusal_of(answer)
        refused = answer.failure
        if refusal is not None and refusal.reason is Reason.BLOCKED:
            refused = Failure(Outcome.BLOCKED, str(refusal))
        if refused is not None and refused.outcome in (Outcome.BLOCKED, Outcome.UNREACHABLE):
            self._refused.append(refused)
        else:
            self._refused.clear()
        return answer


def _entries(evidence: Evidence) -> tuple[sitemap.Entry, ...]:
    try:
        return evidence.month().entries
    except (Differs, NotAsked):
        return ()


def section_of(evidence: Evidence) -> str:
    """The url of the section whose listing is looked at: a busy one that the menu names."""
    named = evidence.sections or [f"{urls.SITE}/{path}" for path in sections.MENU]
    busy = (url for path in _BUSY if (url := f"{urls.SITE}/{path}") in named)
    return next(busy, named[0])


def feed_of(evidence: Evidence, section: str) -> str:
    """The url of the feed that is looked at: that of a section, unless only others are linked."""
    url = rss.feed_url(section.removeprefix(f"{urls.SITE}/"))
    return url if url in evidence.feeds or not evidence.feeds else evidence.feeds[0]


def articles_of(evidence: Evidence) -> tuple[list[str], list[str]]:
    """Urls of articles to look at: ordinary ones, as far as their urls tell, each section's first one before others;
    and one of each other kind."""
    named = list(dict.fromkeys(chain.from_iterable(_named(evidence))))
    by_kind: dict[str, list[str]] = {}
    for url in named:
        parsed = urls.article(url)
        if parsed is not None:
            by_kind.setdefault(urls.content_type(parsed) or "article", []).append(url)
    ordinary = by_kind.get("article", [])
    first_ones = {_section(url): url for url in reversed(ordinary)}
    in_turn = [url for url in ordinary if first_ones[_section(url)] == url]
    return list(dict.fromkeys([*in_turn, *ordinary])), [by_kind[kind][0] for kind in _KINDS if kind in by_kind]


def _section(url: str) -> str | None:
    parsed = urls.article(url)
    return parsed.section if parsed is not None else None


def _named(evidence: Evidence) -> Iterator[Iterable[str]]:
    """The articles that each source names; the sitemap's from the latest change back."""
    for role in (Role.LISTING, Role.SECOND):
        try:
            yield evidence.listing(role).articles
        except (Differs, NotAsked):
            continue
    with suppress(Differs, NotAsked):
        yield (item.url for item in evidence.feed().items)
    yield (one.url for one in sorted(_entries(evidence), key=lambda one: one.modified or "", reverse=True))
