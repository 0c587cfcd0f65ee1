"""The sample site examined without a network: the pages that an examination asks for, taken as they would be served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sample_site.pages import Page, Pages
from sample_site.site import NOW, Site, load_site
from vovcrawl.crawl import assumptions
from vovcrawl.crawl.asking import ROBOTS, Answer
from vovcrawl.crawl.assumptions import Evidence, Finding, Verdict, worst
from vovcrawl.crawl.examination import Examiner
from vovcrawl.crawl.failures import Failure, of_status
from vovcrawl.visits import Outcome

Change = Callable[[str, Page], Page | Failure]
"""What becomes of a page: of its path, and of what the site has there."""


def as_it_is(path: str, page: Page) -> Page:
    """The site without any change."""
    return page


def renamed(old: str, new: str = "ten-khac") -> Change:
    """A class with another name on all pages."""

    def change(path: str, page: Page) -> Page:
        return Page(page.body.replace(old.encode(), new.encode()), page.content_type, page.status)

    return change


def at(path: str, body: str = "", status: int = 200) -> Change:
    """Another page at a path."""
    return lambda asked, page: Page(body.encode(), status=status) if asked.partition("?")[0] == path else page


class OfflineExaminer(Examiner):
    """Examines a site in this process."""

    def __init__(self, pages: Pages, change: Change, now: datetime) -> None:
        super().__init__(now)
        self._pages = pages
        self._change = change
        self.asked: list[str] = []

    async def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """What the changed site has there; robots.txt first, as the middleware does."""
        if self.robots is None:
            self.robots = self._answer(ROBOTS, {})
        if self.robots.failure is not None and self.robots.failure.outcome is Outcome.UNREACHABLE:
            return Answer(url, url, failure=Failure(Outcome.UNREACHABLE, "robots.txt cannot be had"))
        return self._answer(url, headers or {})

    def _answer(self, url: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append(url)
        self.requests += 1
        path = url.removeprefix("https://vov.vn") or "/"
        page = self._change(path, self._pages.get(path))
        if isinstance(page, Failure):
            return Answer(url, url, failure=page)
        sent = {"etag": page.etag or "", "content-type": page.content_type}
        if page.status == 200 and headers.get("If-None-Match") == page.etag:
            return Answer(url, url, status=304, headers=sent)
        failure = None if page.status == 200 else of_status(page.status)
        return Answer(url, url, page.body, page.status, {name: value for name, value in sent.items() if value}, failure)


@dataclass
class Examined:
    """What an examination found."""

    asked: list[str]
    evidence: Evidence
    found: dict[str, Finding] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return worst(self.found.values())

    def named(self, verdict: Verdict) -> list[str]:
        """The names of the assumptions that stand so."""
        return [name for name, finding in self.found.items() if finding.verdict is verdict]

    @property
    def differing(self) -> list[str]:
        return self.named(Verdict.DIFFERS)


@cache
def _sample() -> Pages:
    return Pages(load_site())


def examine(change: Change = as_it_is, site: Site | None = None, now: datetime = NOW) -> Examined:
    """Examines the sample site, or another one, with a change."""
    examiner = OfflineExaminer(Pages(site) if site is not None else _sample(), change, now)
    asyncio.run(examiner.work())
    found = assumptions.findings(examiner.evidence)
    return Examined(examiner.asked, examiner.evidence, {one.name: one for one in found})
