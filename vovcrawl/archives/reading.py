"""A crawl of saved files: groups of them are read by other processes, completed here, and committed together.

No request is made and Scrapy's downloader has no part in it; the articles go through the item pipelines and into the
feeds like any others.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.archives.files import FileOptions, UnreadableFile
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.pool import Read, ReaderPool
from vovcrawl.crawl import drift, failures
from vovcrawl.crawl.commit_group import CommitGroup
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.reading import accepted
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.downloader.slots import is_closing
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle
from vovcrawl.pipelines.drop_repeated_related import DropRepeatedRelated
from vovcrawl.pipelines.stamp_time import StampTime
from vovcrawl.pipelines.strip_boilerplate import StripBoilerplate
from vovcrawl.pipelines.tag_dates import TagDates
from vovcrawl.visits import GIVEN_UP, PAGE, Outcome, VisitResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.store import Page

GROUP = 8
"""Files that are committed together: a kill makes at most the groups at work be read again."""

_AHEAD = 6
"""Groups that wait for other processes. Where none of them is read yet, this process reads one more by itself."""


@dataclass(slots=True)
class _Group:
    """Files that are read and committed together."""

    pages: list[Page]
    paths: list[Path]
    readable: list[ArchiveFile]
    """Those of them that may be read."""
    reading: Future[list[Read]] | None = None
    """Where they are read in another process."""

    @property
    def is_read(self) -> bool:
        return self.reading is not None and self.reading.done()

    async def read(self, pool: ReaderPool) -> deque[Read]:
        """What the readable files hold, in their order."""
        if self.reading is None:
            return deque(pool.read_here(self.readable))
        try:
            found = await asyncio.wrap_future(self.reading)
        except BrokenProcessPool:
            found = pool.read_each(self.readable)
        return deque(found)


class ArchiveReading:
    """Reads the queued files of a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = CrawlContext.of(crawler)
        self._results = VisitResults.of(crawler)
        self._found = self._context.arguments.archive.found
        largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        dates = _may_read_dates(crawler.settings)
        rules = self._context.configuration.cleaning_rules
        self._options = FileOptions(self._context.arguments.published, largest, dates, rules)

    async def run(self) -> None:
        """Reads until no file is left, or the crawl is told to end."""
        groups: deque[_Group] = deque()
        with self._context.readers or ReaderPool(self._context.frontier.remaining()) as pool:
            pool.use(self._options)
            try:
                while not is_closing(self._crawler):
                    while len(groups) < _AHEAD and (group := self._take()):
                        group.reading = pool.submit(group.readable)
                        groups.append(group)
                    if not groups:
                        return
                    if groups[0].is_read or not (here := self._take()):
                        here = groups.popleft()
                    await self._keep(here, await here.read(pool))
            except SQLAlchemyError as error:
                stop_for_store(self._crawler, error)
            finally:
                self._release(groups)

    def _take(self) -> _Group | None:
        """The next files, in flight; None where none is left."""
        pages = self._context.frontier.take(GROUP)
        paths = [_path(page.url) for page in pages]
        readable = [file for page, path in zip(pages, paths, strict=True) if (file := self._to_read(page, path))]
        return _Group(pages, paths, readable) if pages else None

    def _release(self, groups: Iterable[_Group]) -> None:
        try:
            for page in (page for group in groups for page in group.pages):
                self._context.frontier.release(page.url)
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)

    def _to_read(self, page: Page, path: Path) -> ArchiveFile | None:
        return None if page.is_given_up else self._found.get(path)

    async def _keep(self, files: _Group, found: deque[Read]) -> None:
        """Completes and commits what a group of files holds."""
        articles: list[tuple[Article, Response]] = []
        without: list[VisitResult] = []
        for page, path in zip(files.pages, files.paths, strict=True):
            if self._to_read(page, path):
                read = found.popleft()
            elif page.is_given_up:
                read = UnreadableFile(GIVEN_UP)
            elif path in self._found:
                read = UnreadableFile("a link that leads out of the archive's folder")
            else:
                read = UnreadableFile("no file of the archive")
            visit = self._results.open(page.url)
            self._fill(visit, read)
            if visit.article is not None:
                articles.append((visit.article, _response(page.url)))
            else:
                without.append(visit)
        scraper = self._crawler.engine.scraper
        with CommitGroup(self._results, without, len(articles)) as group:
            tasks = [
                asyncio.ensure_future(scraper.start_itemproc_async(article, response=response))
                for article, response in articles
            ]
            for task in tasks:
                task.add_done_callback(group.passed)
            if tasks:
                await asyncio.wait(tasks)

    def _fill(self, visit: VisitResult, read: Read) -> None:
        """Writes into a result what reading its file gave."""
        if isinstance(read, UnreadableFile):
            visit.outcome, visit.reason = Outcome.UNREADABLE, str(read)
        elif isinstance(read, NotAnArticle):
            if read.claims_article:
                visit.shapes = (drift.of_article_page(read, listed=False),)
            failure = failures.of_page(read, None)
            visit.outcome, visit.reason = failure.outcome, failure.reason
            if visit.outcome is Outcome.BLOCKED:
                # A saved block page says nothing of the site today.
                visit.outcome = Outcome.UNREADABLE
        else:
            visit.shapes = drift.of_file(read)
            if (article := accepted(read, visit, self._context.arguments.window)) is not None:
                visit.article, visit.outcome = article, Outcome.ARTICLE


def _may_read_dates(settings: BaseSettings) -> bool:
    """Whether dates can be read where the file is: only if no pipeline of the user's changes the texts before that."""
    for pipeline in build_component_list(settings.getwithbase("ITEM_PIPELINES")):
        kind = load_object(pipeline)
        if kind is TagDates:
            return True
        # What these change is clean already where the file was read.
        if kind not in (StampTime, StripBoilerplate, DropRepeatedRelated):
            return False
    return False


def _response(url: str) -> Response:
    """What Scrapy's signals say that an article comes from."""
    return Response(url, request=Request(url, meta={PAGE: url}))


def _path(url: str) -> Path:
    # As bytes: a file's name need not be UTF-8.
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(url).path)))
