"""A crawl's job: its checked arguments and its open store, shared by the parts of one crawler."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy.settings import BaseSettings
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl import arguments, configuration
from vovcrawl.arguments import Arguments
from vovcrawl.configuration import Configuration
from vovcrawl.feeds.recovery import catch_up
from vovcrawl.pages.publication import from_iso, to_iso
from vovcrawl.sources import SITEMAP
from vovcrawl.store import ArticleStore, Database, FeedCheckpoints, Frontier, RunStore, StoreError, open_database
from vovcrawl.store.database import explain
from vovcrawl.store.frontier import unfinished
from vovcrawl.visits import Reach

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


_ID_MARGIN = timedelta(days=1)
"""How far ids and publication may part: an id is given when a story is begun."""


@dataclass
class Job:
    """What a crawl is to do and where it keeps what it finds."""

    arguments: Arguments
    configuration: Configuration
    database: Database
    articles: ArticleStore
    frontier: Frontier
    runs: RunStore
    feeds: FeedCheckpoints
    caught_up: tuple[str, ...] = ()
    """What was done to complete the feeds of a crawl that was killed."""
    typed: str = "{}"
    """The arguments as typed, for the list of runs."""
    run: int | None = None
    """The number of the run, once it has begun."""
    ended_by_command: bool = field(default=False, init=False)
    """Whether the run ends behind the engine: only the command knows of a signal, or of a crawl that never began."""

    @classmethod
    def prepare(cls, settings: BaseSettings, given: Mapping[str, str]) -> Job:
        """Checks everything that can be checked before the first request, then opens and holds the store.

        Raises:
            ArgumentError: an argument or a setting is wrong.
            StoreError: the store cannot be opened or is held by another crawl.
        """
        configured = configuration.check(settings)
        asked = arguments.check(given, configured.now)
        configuration.check_feeds(settings)
        default_folder = configuration.project_folder() / "data"
        if Path(configured.database).parent == default_folder:
            default_folder.mkdir(exist_ok=True)
        database = open_database(configured.database)
        since = str(asked.window.start.date()) if asked.window.start else None
        try:
            left = unfinished(database.connection, asked.typed)
            if left is not None and left.keeps_from is not None and not asked.fresh:
                # What an interrupted crawl of an earlier day was to keep is kept, though "7d" means a later day now.
                asked = asked.reaching_back_to(datetime.fromisoformat(left.keeps_from))
            window = asked.window
            frontier = Frontier(
                database.connection,
                asked.typed,
                reach=Reach(
                    since=to_iso(window.start) if window.start else "",
                    until=to_iso(window.end) if window.end else "~",
                    related=asked.related,
                ),
                in_window=window.holds_iso,
                before_window=window.is_before_iso,
                long_before=to_iso(window.start - _ID_MARGIN) if window.start else "",
                long_after=to_iso(window.end + _ID_MARGIN) if window.end else "~",
                reads_dates_of_change=SITEMAP in asked.sources,
                may_have_changed=lambda published: _is_young(published, configured.now - configured.revisit),
                since=since,
                fresh=asked.fresh,
            )
            feeds = FeedCheckpoints(database.connection)
            articles = ArticleStore(database.connection)
            caught_up = catch_up(settings, feeds, articles)
        except OSError as error:
            database.close()
            raise StoreError(f"the feed {error.filename} cannot be written: {error.strerror}") from None
        except SQLAlchemyError as error:
            database.close()
            raise StoreError(f"cannot use the store {database.name}: {explain(error)}") from None
        return cls(
            asked,
            configured,
            database,
            articles,
            frontier,
            RunStore(database.connection),
            feeds,
            tuple(caught_up),
            json.dumps(dict(given), ensure_ascii=False),
        )

    def give_to(self, crawler: Crawler) -> None:
        """Makes this the job of `crawler`, and begins the run.

        Raises:
            StoreError: the run cannot be written.
        """
        try:
            self.run = self.articles.run = self.runs.begin(self.frontier.walk, self.typed)
        except SQLAlchemyError as error:
            self.database.close()
            raise StoreError(f"cannot use the store {self.database.name}: {explain(error)}") from None
        _jobs[crawler] = self

    @classmethod
    def of(cls, crawler: Crawler, given: Mapping[str, str] | None = None) -> Job:
        """The job of `crawler`; prepared from `given` where nobody gave it one before."""
        job = _jobs.get(crawler)
        if job is None:
            job = cls.prepare(crawler.settings, given or {})
            job.give_to(crawler)
        return job

    @property
    def now(self) -> datetime:
        """The moment that the crawl reckons from, in +07:00."""
        return self.configuration.now

    def close(self) -> None:
        """Lets go of the store; what is not committed is not kept."""
        self.database.close()


def _is_young(published: str, since: datetime) -> bool:
    moment = from_iso(published)
    return moment is not None and moment >= since


_jobs: WeakKeyDictionary[Crawler, Job] = WeakKeyDictionary()
