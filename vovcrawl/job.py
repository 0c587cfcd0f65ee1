"""A crawl's job: its checked arguments and its open store, shared by the parts of one crawler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy.settings import BaseSettings
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl import arguments, configuration
from vovcrawl.arguments import Arguments
from vovcrawl.configuration import Configuration
from vovcrawl.pages.publication import to_iso
from vovcrawl.store import ArticleStore, Database, Frontier, StoreError, open_database
from vovcrawl.store.database import explain
from vovcrawl.visits import Reach

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass
class Job:
    """What a crawl is to do and where it keeps what it finds."""

    arguments: Arguments
    configuration: Configuration
    database: Database
    articles: ArticleStore
    frontier: Frontier

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
        window = asked.window
        try:
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
            )
        except SQLAlchemyError as error:
            database.close()
            raise StoreError(f"cannot use the store {database.name}: {explain(error)}") from None
        return cls(asked, configured, database, ArticleStore(database.connection), frontier)

    def give_to(self, crawler: Crawler) -> None:
        """Makes this the job of `crawler`."""
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
        """Ends the walk if nothing of it is left, and lets go of the store, whether or not it can be written to."""
        try:
            self.frontier.end_walk()
        finally:
            self.database.close()


_jobs: WeakKeyDictionary[Crawler, Job] = WeakKeyDictionary()
