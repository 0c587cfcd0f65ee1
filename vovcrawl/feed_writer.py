"""Scrapy's feeds, with the store taking note of how far each one is written."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter, FeedSlot
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.feeds import safe_feeds, state_of
from vovcrawl.job import Job
from vovcrawl.stopping import stop_for_feed, stop_for_store
from vovcrawl.store.feeds import Account

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_NOTED_EVERY = 5.0
"""Seconds between two notes: a start after a kill reads again what was written since the last one."""


class FeedWriter(FeedExporter):
    """Writes the feeds, and ends the crawl where one cannot be written: a later crawl adds what it lacks."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._job = Job.of(crawler)
        self._names = {feed.uri: feed.name for feed in safe_feeds(crawler.settings)}
        self._written = 0
        self._noted_at: float | None = None
        self._failed = False

    def open_spider(self, spider: Spider) -> None:
        """Opens the feeds; from now on they are owed what this run keeps."""
        super().open_spider(spider)
        self._note()

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Writes an article that has been committed."""
        if self._failed:
            return
        try:
            super().item_scraped(item, spider)
        except OSError as error:
            self._fail(error)
            return
        self._written += 1
        # One article may be committed before the line of another is written.
        all_written = self._written == self._job.articles.revisions_kept
        if all_written and (self._noted_at is None or monotonic() - self._noted_at >= _NOTED_EVERY):
            self._noted_at = monotonic()
            self._note()

    async def close_spider(self, spider: Spider) -> None:
        """Closes the feeds."""
        if self._failed:
            for slot in self._safe_slots():
                # What is left in the buffer of a feed that cannot be written is in the store.
                with suppress(OSError):
                    if slot.file is not None:
                        slot.file.close()
            self.slots = [slot for slot in self.slots if slot.uri_template not in self._names]
        else:
            self._note()
        await super().close_spider(spider)

    def finish_at_once(self) -> None:
        """Ends feeds such as JSON arrays as they must end, for a crawl that is cut off."""
        for slot in self.slots:
            with suppress(OSError, ValueError):
                slot.finish_exporting()
                if slot.file is not None:
                    slot.file.flush()

    def _safe_slots(self) -> list[FeedSlot]:
        return [slot for slot in self.slots if slot.uri_template in self._names]

    def _note(self) -> None:
        """Takes note of what is safely on the disk."""
        run = self._job.run
        if run is None:
            return
        try:
            sequence = self._job.feeds.last_sequence()
            for slot in self._safe_slots():
                path = Path(slot.storage.path).absolute()  # type: ignore[attr-defined]
                if slot.file is not None:
                    os.fsync(slot.file.fileno())
                    if not _is_at(path, slot.file.fileno()):
                        # Its owner has moved the file away, and the next crawl begins it afresh.
                        continue
                size, mark = state_of(path)
                self._job.feeds.note(self._names[slot.uri_template], Account(str(path), size, mark, sequence, run))
            self._job.database.connection.commit()
        except OSError as error:
            self._fail(error)
        except SQLAlchemyError as error:
            stop_for_store(self.crawler, error)

    def _fail(self, error: OSError) -> None:
        self._failed = True
        names = ", ".join(slot.uri for slot in self.slots)
        stop_for_feed(self.crawler, f"The feed {error.filename or names} cannot be written: {error.strerror or error}")


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
