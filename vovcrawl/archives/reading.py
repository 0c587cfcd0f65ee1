"""A crawl of an archive: groups of its files and records are read by other processes, completed here, and committed.

No request is made and Scrapy's downloader has no part in it; the articles go through the item pipelines and into the
feeds like any others. Groups are committed in the order of the archive, with how far each file of many pages is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.archives.containers import is_container
from vovcrawl.archives.files import FileOptions, UnreadableFile
from vovcrawl.archives.groups import Group, Groups, path_of
from vovcrawl.archives.paths import size_of
from vovcrawl.archives.pool import Read, ReaderPool
from vovcrawl.archives.records import Became, Skipped, leaves_nothing_unread
from vovcrawl.archives.stat_names import BYTES_READ, BYTES_TOTAL
from vovcrawl.crawl import drift, failures
from vovcrawl.crawl.commit_group import CommitGroup
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.reading import accepted
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.downloader.slots import is_closing
from vovcrawl.pages import NotAnArticle
from vovcrawl.pipelines.drop_repeated_related import DropRepeatedRelated
from vovcrawl.pipelines.stamp_time import StampTime
from vovcrawl.pipelines.strip_boilerplate import StripBoilerplate
from vovcrawl.pipelines.tag_dates import TagDates
from vovcrawl.store import ArchiveProgress
from vovcrawl.text import shown
from vovcrawl.visits import PAGE, Outcome, VisitResult

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.store import Page

logger = logging.getLogger(__name__)

_BECAME = {
    Outcome.ARTICLE: Became.ARTICLE,
    Outcome.OUTSIDE_WINDOW: Became.OUTSIDE_WINDOW,
    Outcome.NO_ARTICLE: Became.NO_ARTICLE,
}

_AHEAD = 6
"""Groups that wait to be committed. Where the next one is not read yet, this process reads another one by itself."""


class ArchiveReading:
    """Reads the queued files of a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = CrawlContext.of(crawler)
        self._results = VisitResults.of(crawler)
        self._archive = self._context.arguments.archive
        self._options = FileOptions(
            published=self._context.arguments.published,
            largest=crawler.settings.getint("DOWNLOAD_MAXSIZE"),
            dates=_may_read_dates(crawler.settings),
            fields=self._context.arguments.fields,
            own_rules=self._context.configuration.cleaning_rules,
        )
        self._bytes_done = 0

    async def run(self) -> None:
        """Reads until no file is left, or the crawl is told to end."""
        context = self._context
        if self._containers:
            self._crawler.stats.set_value(BYTES_TOTAL, self._bytes_to_read())
        groups = Groups(context.frontier, context.archive_files, self._archive.found, self._options)
        waiting: deque[Group] = deque()
        with context.readers or ReaderPool(self._archive.pages_expected) as pool:
            # This process keeps what is read: the less is left for it to do, the better.
            pool.use(replace(self._options, document=pool.at_once > 0))
            try:
                while not is_closing(self._crawler):
                    while len(waiting) < _AHEAD and (group := groups.next()):
                        waiting.append(group)
                    if not waiting and groups.is_busy:
                        await asyncio.sleep(0)
                        continue
                    if not waiting:
                        break
                    self._hand_out(waiting, pool)
                    if not (waiting[0].is_read or not waiting[0].to_read) and (here := _not_begun(waiting)):
                        here.found = pool.read_here(here.to_read)
                        # Signals are heard, and what others have read is noted.
                        await asyncio.sleep(0)
                        continue
                    first = waiting.popleft()
                    await self._keep(first, await first.results(pool))
                    groups.kept(len(waiting))
            except SQLAlchemyError as error:
                stop_for_store(self._crawler, error)
            finally:
                self._release(page for group in waiting for page in group.pages)
                self._release(groups.close())
        if self._containers:
            self._results.settle_records(self._containers)

    @property
    def _containers(self) -> frozenset[str]:
        return frozenset(
            path.as_uri() for path, file in self._archive.found.items() if file and is_container(file.name)
        )

    def _bytes_to_read(self) -> int:
        queued = self._context.archive_files.queued(self._context.frontier.crawl)
        return sum(size_of(path_of(url)) for url in self._containers & queued)

    @staticmethod
    def _hand_out(waiting: deque[Group], pool: ReaderPool) -> None:
        """Gives groups to other processes, the first ones first, as many as keep them busy."""
        at_work = sum(group.reading is not None and not group.reading.done() for group in waiting)
        for group in waiting:
            if at_work >= pool.at_once:
                return
            if group.reading is None and group.found is None and group.to_read:
                group.reading = pool.submit(group.to_read)
                at_work += 1

    def _release(self, pages: Iterable[Page]) -> None:
        try:
            for page in pages:
                self._context.frontier.release(page.url)
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)

    async def _keep(self, group: Group, found: deque[Read]) -> None:
        """Completes and commits what a group of files and records holds."""
        became: dict[str, Became] = {}
        for work in group.works:
            read = work.read if work.to_read is None else found.popleft()
            self._results.begin(work.visit)
            if read is not None:
                self._fill(work.visit, read, became)
        visits = [work.visit for work in group.works]
        articles = [visit for visit in visits if visit.article is not None]
        scraper = self._crawler.engine.scraper

        def progress(results: Sequence[VisitResult]) -> list[ArchiveProgress]:
            self._count(group, results, became)
            return [opened.progress(position) for opened, position in group.reached.values()]

        with CommitGroup(self._results, visits, progress) as commits:
            tasks = [
                asyncio.ensure_future(scraper.start_itemproc_async(visit.article, response=_response(visit.key)))
                for visit in articles
            ]
            for task in tasks:
                task.add_done_callback(commits.passed)
            if tasks:
                await asyncio.wait(tasks)
        if scraper.slot is not None:
            # A crawl that is to end waits for articles in the pipelines, and Scrapy looks only after a response.
            scraper._check_if_closing()
        self._tell_ends(group)

    def _count(self, group: Group, results: Sequence[VisitResult], became: Mapping[str, Became]) -> None:
        """Counts what became of the records, for the stats and for the rows of their files."""
        counts = {url: Counter(left_out) for url, left_out in group.left_out.items()}
        for result in results:
            if result.record is not None:
                kind = became.get(result.key) or _BECAME.get(result.outcome, Became.UNREADABLE)
                counts.setdefault(result.record.container, Counter())[kind] += 1
        for url, (opened, _) in group.reached.items():
            if any(work.container is opened and work.visit.record is not None for work in group.works):
                opened.has_passed()
            for kind, count in counts.get(url, {}).items():
                opened.counts[kind.value] += count
                self._crawler.stats.inc_value(f"vov/archive/{kind.value}", count)
            self._crawler.stats.set_value(
                BYTES_READ, self._bytes_done + min(opened.container.reached, opened.identity.size)
            )

    def _tell_ends(self, group: Group) -> None:
        for work in group.works:
            if work.visit.record is None and (opened := work.container) is not None:
                self._bytes_done += opened.identity.size
                self._crawler.stats.set_value(BYTES_READ, self._bytes_done)
                counts = ", ".join(f"{count:,} {kind}" for kind, count in opened.counts.most_common())
                logger.info("%s: %s", shown(work.visit.url), counts or "no record")

    def _fill(self, visit: VisitResult, read: Read, became: dict[str, Became]) -> None:
        """Writes into a result what reading its file or record gave."""
        if isinstance(read, UnreadableFile):
            visit.outcome, visit.reason = Outcome.UNREADABLE, str(read)
        elif isinstance(read, Skipped):
            became[visit.key] = read.became
            visit.outcome = Outcome.UNREADABLE if read.is_unread else Outcome.NO_ARTICLE
            visit.reason = read.reason or read.became.value
        elif isinstance(read, NotAnArticle):
            self._refuse(visit, read)
        else:
            visit.shapes = drift.of_file(read.reading)
            if (article := accepted(read.reading, visit, self._context.arguments.window)) is not None:
                visit.article, visit.outcome, visit.evidence = article, Outcome.ARTICLE, read.evidence
                self._context.articles.duplicates.have_at_hand(article, read.words)
                if read.document is not None:
                    self._context.articles.search.have_at_hand(article, read.document)

    @staticmethod
    def _refuse(visit: VisitResult, refusal: NotAnArticle) -> None:
        if refusal.claims_article:
            visit.shapes = (drift.of_article_page(refusal, listed=False),)
        failure = failures.of_page(refusal, None)
        visit.outcome, visit.reason = failure.outcome, failure.reason
        if visit.outcome is Outcome.BLOCKED:
            # A saved block page says nothing of the site today.
            visit.outcome = Outcome.UNREADABLE
        if visit.record is not None and leaves_nothing_unread(refusal, visit.record.target):
            visit.outcome = Outcome.NO_ARTICLE


def _not_begun(waiting: Iterable[Group]) -> Group | None:
    """The first group that nobody reads yet."""
    return next((one for one in waiting if one.to_read and one.reading is None and one.found is None), None)


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


def _response(key: str) -> Response:
    """What Scrapy's signals say that an article comes from."""
    return Response(key, request=Request(key, meta={PAGE: key}))
