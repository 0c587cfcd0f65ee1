"""What the parts of one crawl share: its checked arguments and its open store."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.cleaning.rules import use_also
from vovcrawl.crawl import arguments, configuration, sources
from vovcrawl.crawl.arguments import Arguments
from vovcrawl.crawl.configuration import Configuration
from vovcrawl.crawl.sources import RSS, SITEMAP
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.feeds.recovery import OtherWriter, catch_up, gives_known, hold_feeds
from vovcrawl.masking import masked
from vovcrawl.pages.publication import from_iso, to_iso
from vovcrawl.pages.sitemap import month_of
from vovcrawl.store import (
    ArchiveFileStore,
    ArticleStore,
    CrawlStore,
    Database,
    FeedCheckpoints,
    Frontier,
    IdOrder,
    ListingStore,
    RevisitPolicy,
    RunStore,
    StoreError,
    VisitStore,
    open_database,
)
from vovcrawl.store.crawls import Beginning, begin_or_resume
from vovcrawl.store.database import Work, commit, explain
from vovcrawl.store.frontier import trusts_dates
from vovcrawl.store.known import Known, kept_earlier, known
from vovcrawl.store.turns import Turn
from vovcrawl.store.workers import live_runs
from vovcrawl.visits import Reach

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.archives.pool import ReaderPool
    from vovcrawl.archives.warc_writing import ResponseArchive
    from vovcrawl.items import Article


_ID_MARGIN = timedelta(days=1)
"""How far ids and publication may part: an id is given when an article is begun."""

_JUST_NOW = timedelta(minutes=1)
"""Sources that were read so lately need not be read again."""

_MOST_ROUNDS = 5
"""So often the sources are read again in a run, as long as they list something new: a site never stops."""


@dataclass(frozen=True, slots=True)
class ReachingBack:
    """That a window begins earlier than its argument says, and why."""

    line: str
    level: int = logging.INFO
    """Of the log: a warning where it does not reach back to the last crawl that was whole."""


@dataclass
class CrawlContext:
    """What a crawl is to do and where it keeps what it finds."""

    arguments: Arguments
    configuration: Configuration
    database: Database
    beginning: Beginning
    crawls: CrawlStore
    frontier: Frontier
    listings: ListingStore
    articles: ArticleStore
    visits: VisitStore
    runs: RunStore
    feeds: FeedCheckpoints
    archive_files: ArchiveFileStore
    caught_up: tuple[str, ...] = ()
    """What was done to complete the feeds of a crawl that was killed."""
    typed: str = "{}"
    """The arguments as typed, without secrets, for the list of runs."""
    gives_known: bool = False
    """Whether a feed gets the articles too that the crawl meets and that are known already."""
    reaching_back: ReachingBack | None = None
    """Set where the window begins earlier than its argument says."""
    status_before: int | None = None
    """The exit status of the last run with the same arguments."""
    follows_a_kill: bool = False
    """Whether the run before was killed."""
    run: int | None = None
    """The number of the run, once it has begun."""
    responses: ResponseArchive | None = field(default=None, init=False)
    """Where the responses are written, if they are."""
    repaired: tuple[str, ...] = field(default=(), init=False)
    """What was done to complete the responses of crawls that were killed."""
    readers: ReaderPool | None = field(default=None, init=False)
    """What reads the files of an archive, where the command has made it ready."""
    crawls_of_run: list[int] = field(default_factory=list, init=False)
    """The crawls that the run has worked on."""
    _round_began: datetime | None = field(default=None, init=False)
    _rounds: int = field(default=0, init=False)
    can_begin_again: bool = field(default=False, init=False)
    """Whether the run may end for another crawl's sake, or because the store's server went away: the command resumes
    the crawl after that."""
    has_lost_store: bool = field(default=False, init=False)
    """Whether the store's server went away, or took the crawl for dead."""
    ended_by_command: bool = field(default=False, init=False)
    """Whether the run ends after the engine: only the command knows of a signal, or of a crawl that never began."""

    @classmethod
    def prepare(
        cls,
        settings: BaseSettings,
        given: Mapping[str, str],
        *,
        has_made_room: bool = False,
        say: Callable[[str], None] = lambda line: None,
    ) -> CrawlContext:
        """Checks everything that can be checked before the first request, then opens and holds the store.

        Args:
            settings: of the crawl.
            given: its arguments by name, as typed.
            has_made_room: whether it made room for another crawl before, and is to be resumed when that has ended.
            say: gets the lines that say what the crawl waits for.

        Raises:
            ArgumentError: an argument or a setting is wrong.
            StoreError: the store cannot be opened or is held by another crawl.
        """
        # The name that scrapyd gives its job: unfinished work belongs to whatever job comes next.
        given = {name: value for name, value in given.items() if name != "_job"}
        configured = configuration.check(settings)
        use_also(configured.cleaning_rules)
        asked = arguments.check(given, configured.now)
        if configured.rendering is not None and not asked.uses_network:
            raise ArgumentError(
                "-s VOV_RENDER: the pages of an archive are read as they were kept; right would be one of the two"
            )
        if configured.asks_for_tags and not asked.uses_network:
            raise ArgumentError("-s VOV_TAGS: the pages of an archive are read without a request, which tags need")
        if has_made_room:
            asked = replace(asked, fresh=False)
        configuration.check_feeds(settings)
        # An archive's files are responses of another time: reading them writes none.
        folder = configured.warc if asked.uses_network else None
        if folder is not None:
            from vovcrawl.archives.warc_files import prepare_folder

            prepare_folder(folder)
        default_folder = configuration.project_folder() / "data"
        if Path(configured.database).parent == default_folder:
            default_folder.mkdir(exist_ok=True)
        turn = Turn(asked.window.start, has_made_room, say)
        # What is forgotten must be nobody's work.
        work = Work(asked.typed, configured.workers_share and not asked.fresh)
        database = open_database(configured.database, turn, work)
        try:
            moved = hold_feeds(settings, database.workers.hold) if database.workers is not None else None
            context = cls._open(settings, given, configured, asked, database)
            context.caught_up += (moved,) if moved is not None else ()
            if folder is not None:
                context._keep_responses(folder, settings)
            return context
        except StoreError:
            database.close()
            raise
        except OtherWriter as error:
            database.close()
            raise ArgumentError(str(error)) from None
        except OSError as error:
            database.close()
            raise StoreError(f"the feed {error.filename} cannot be written: {error.strerror}") from None
        except SQLAlchemyError as error:
            database.close()
            raise StoreError(f"cannot use the store {database.name}: {explain(error)}") from None

    @classmethod
    def _open(
        cls,
        settings: BaseSettings,
        given: Mapping[str, str],
        configured: Configuration,
        asked: Arguments,
        database: Database,
    ) -> CrawlContext:
        connection = database.connection
        crawls = CrawlStore(connection)
        since = str(asked.window.start.date()) if asked.window.start else None
        moment = to_iso(configured.now)
        start, reaching_back = _reached_back_to(crawls, asked, configured)
        if start is not None:
            asked = asked.reaching_back_to(start)
        left = crawls.unfinished(asked.typed)
        if left is not None and left.keeps_from is not None and not asked.fresh:
            # What an interrupted crawl of an earlier day was to keep is kept, though "7d" means a later day by now.
            asked = asked.reaching_back_to(datetime.fromisoformat(left.keeps_from))
        window = asked.window
        ids = IdOrder(
            long_before=to_iso(window.start - _ID_MARGIN) if window.start else "",
            long_after=to_iso(window.end + _ID_MARGIN) if window.end else "~",
        )
        ids.learn_known(connection)
        policy = RevisitPolicy(
            in_window=window.holds_iso,
            may_have_changed=lambda published: _is_young(published, configured.now - configured.revisit),
            reads_dates_of_change=SITEMAP in asked.sources,
            trusts_dates=trusts_dates(connection),
            keeps_fresh=lambda published: (
                window.end is None and _is_young(published, configured.now - configured.revisit)
            ),
            now=configured.now,
            asks_gone_for=configured.revisit,
        )
        reach = Reach(
            since=to_iso(window.start) if window.start else "",
            until=to_iso(window.end) if window.end else "~",
            related=asked.related,
        )
        beginning, frontier = begin_or_resume(
            crawls,
            asked.typed,
            lambda crawl: Frontier(
                connection,
                crawl,
                reach=reach,
                policy=policy,
                ids=ids,
                before_window=window.is_before_iso,
                clock=configured.clock,
                names_sources=asked.fresh,
                workers=database.workers,
            ),
            since=since,
            reach=reach,
            reckoned_at=moment,
            fresh=asked.fresh,
            others=database.workers.others if database.workers is not None else 0,
        )
        connection.commit()
        listings = ListingStore(connection, frontier.crawl, reach, policy)
        article_store = ArticleStore(connection)
        feeds = FeedCheckpoints(connection)
        return cls(
            asked,
            configured,
            database,
            beginning,
            crawls,
            frontier,
            listings,
            article_store,
            VisitStore(connection, frontier, listings, article_store),
            RunStore(connection),
            feeds,
            ArchiveFileStore(connection),
            tuple(catch_up(settings, feeds, article_store)),
            json.dumps({name: masked(str(value)) for name, value in given.items()}, ensure_ascii=False),
            gives_known(settings) and not asked.only_new,
            reaching_back,
        )

    def _keep_responses(self, folder: Path, settings: BaseSettings) -> None:
        """Repairs what crawls that were killed left in the folder, and begins to write there.

        Raises:
            StoreError: what they left cannot be repaired.
        """
        # Only here: a crawl that writes none need not load what writes them.
        from vovcrawl.archives.about_runs import about_run
        from vovcrawl.archives.warc_files import repair
        from vovcrawl.archives.warc_writing import ResponseArchive

        try:
            self.repaired = tuple(repair(folder))
        except OSError as error:
            raise StoreError(f"the responses in {folder} cannot be repaired: {error.strerror or error}") from None
        self.responses = ResponseArchive(folder, about_run(settings, self.typed))

    def give_to(self, crawler: Crawler) -> None:
        """Makes this the context of `crawler`, and begins the run.

        Raises:
            StoreError: the run cannot be written.
        """
        try:
            self.run = self.articles.run = self.runs.begin(self.frontier.crawl, self.typed)
            self.status_before = self.runs.status_before(self.run, self.typed)
            workers = self.database.workers
            if workers is not None:
                workers.begin_run(self.run)
            at_work = live_runs(self.database.connection) if workers is not None else ()
            self.follows_a_kill = self.runs.was_killed_before(self.run, at_work)
            self.database.connection.commit()
        except SQLAlchemyError as error:
            self.database.close()
            raise StoreError(f"cannot use the store {self.database.name}: {explain(error)}") from None
        self.crawls_of_run.append(self.frontier.crawl)
        _contexts[crawler] = self

    @classmethod
    def of(cls, crawler: Crawler) -> CrawlContext:
        """The context of `crawler`, which its spider or the command has given it.

        Raises:
            NotConfigured: it has none, so that a component that is named in the settings of another crawl is left out.
        """
        if crawler not in _contexts:
            raise NotConfigured("for crawls of VovSpider alone")
        return _contexts[crawler]

    @classmethod
    def is_given_to(cls, crawler: Crawler) -> bool:
        """Whether `crawler` has a context: without one it is no crawl into the store."""
        return crawler in _contexts

    def clock(self) -> datetime:
        """The moment from which ages are reckoned, in +07:00."""
        return self.configuration.clock()

    def known(self, wanted: Iterable[str]) -> dict[str, Known]:
        """What the store knows of those urls that it knows."""
        return known(self.database.connection, wanted)

    @property
    def has_looked(self) -> bool:
        """Whether a source was read, where the crawl has any."""
        return (
            self.frontier.sources_read > 0
            or self.beginning.others > 0
            or not (self.arguments.sources or self.arguments.tags)
        )

    def known_articles(self) -> Iterator[Article]:
        """The articles that the crawl was asked for and that an earlier run kept, in the order in which it did."""
        asked, reach = self.arguments, self.listings.reach
        below: tuple[str, ...] = ()
        if RSS in asked.sources:
            # A feed names no more than the newest ones.
            below = ("",) if asked.all_sections else sources.below(asked.sections)
        urls = kept_earlier(self.database.connection, self.crawls_of_run, self.run or 0, reach, below)
        return self.articles.read_all(urls)

    def seeded(self) -> None:
        """Says that every seed of the crawl has been queued, committed at once."""
        self.frontier.settle()
        self.crawls.seeded(self.frontier.crawl)
        commit(self.database.connection)

    @property
    def looks_for_edits(self) -> bool:
        """Whether the crawl keeps known articles fresh that lie before its window."""
        window = self.arguments.window
        return SITEMAP in self.arguments.sources and window.start is not None and window.end is None

    def months_with_young_articles(self) -> list[str]:
        """Urls of the sitemaps of months before the window that list known articles which are kept fresh."""
        young = to_iso(self.now - self.configuration.revisit)
        return [url for url in self.frontier.sitemaps_of(young) if self.is_earlier_month(url)]

    def is_earlier_month(self, url: str) -> bool:
        """Whether a page is the sitemap of a month before the window."""
        month, start = month_of(url), self.arguments.window.start
        return month is not None and start is not None and month < (start.year, start.month)

    @property
    def needs_another_round(self) -> bool:
        """Whether the crawl's sources may list more by now: an earlier run read them; or this run did, after such a
        one, found something new, and took its time."""
        if not (self.arguments.sources or self.arguments.tags):
            return False
        if self._round_began is None:
            before = from_iso(self.beginning.reckoned_at or "")
            return before is not None and self.clock() - before >= _JUST_NOW
        has_news = self.frontier.articles_queued > 0 and self._rounds < _MOST_ROUNDS
        return has_news and self.clock() - self._round_began >= _JUST_NOW

    def begin_another_round(self) -> bool:
        """Ends the crawl, if it is done, and begins another one with the same arguments.

        Committed at once. Whether it has begun.
        """
        if not self.crawls.finish_if_done(self.frontier.crawl, self.frontier.sources_read):
            # Other workers wait for whoever looks.
            commit(self.database.connection)
            return False
        window = self.arguments.window
        since = str(window.start.date()) if window.start else None
        self._round_began = self.clock()
        self._rounds += 1
        crawl = self.crawls.begin(self.arguments.typed, since, self.listings.reach, to_iso(self._round_began))
        self.crawls_of_run.append(crawl)
        self.frontier.begin_another_round(crawl)
        self.listings.crawl = crawl
        if self.run is not None:
            self.runs.move(self.run, crawl)
        commit(self.database.connection)
        return True

    @property
    def now(self) -> datetime:
        """The moment that the crawl reckons from, in +07:00."""
        return self.configuration.now

    def close(self) -> None:
        """Lets go of the store and of the responses; what is not committed is not kept."""
        if self.responses is not None:
            self.responses.close()
        self.database.close()


def _reached_back_to(
    crawls: CrawlStore, asked: Arguments, configured: Configuration
) -> tuple[datetime | None, ReachingBack | None]:
    """From when on a crawl with a window that moves keeps articles, because those before it were not whole; and what
    to say of it."""
    start, now = asked.window.start, configured.now
    if start is None or not asked.window.moves or not configured.catch_up:
        return None, None
    found = crawls.since_whole(asked.typed, to_iso(now))
    whole_at = from_iso(found.whole_at) if found.whole_at else None
    kept_from = from_iso(found.keeps_from) if found.keeps_from else None
    if (whole_at is not None and whole_at >= start) or kept_from is None or kept_from >= start:
        return None, None
    earliest = max(kept_from, now - configured.catch_up)
    last = (
        f"the last whole crawl of these arguments was of {whole_at:%Y-%m-%d %H:%M}"
        if whole_at
        else "none was whole yet"
    )
    line = f"Reaching back to {earliest:%Y-%m-%d %H:%M}: {last}"
    if whole_at is not None and whole_at < earliest:
        line += f"; what was published in between needs a crawl with -a since={whole_at:%Y-%m-%d}"
        return earliest, ReachingBack(line, logging.WARNING)
    return earliest, ReachingBack(line)


def _is_young(published: str, since: datetime) -> bool:
    moment = from_iso(published)
    return moment is not None and moment >= since


_contexts: WeakKeyDictionary[Crawler, CrawlContext] = WeakKeyDictionary()
