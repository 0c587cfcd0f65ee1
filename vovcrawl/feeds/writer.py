"""Scrapy's feeds, with the store taking note of every line that is written."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter, FeedSlot, FileFeedStorage
from scrapy.extensions.postprocessing import PostProcessingManager
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.stopping import stop_for_feed, stop_for_store
from vovcrawl.feeds.exporters import JsonLinesExporter
from vovcrawl.feeds.recovery import MARKED, end_of, is_pipe, mark, safe_feeds, this_boot
from vovcrawl.store import Checkpoint, Kept, Position
from vovcrawl.store.database import commit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_SYNCED_EVERY = 5.0
"""Seconds between two looks at the disk: what is written in between, a power cut may take, and the store gives back."""


class _SafeFeed:
    """A feed in JSON Lines as it is written."""

    def __init__(self, name: str, slot: FeedSlot, context: CrawlContext, run: int) -> None:
        self.slot = slot
        self._name = name
        self._context = context
        self._path = Path(cast(FileFeedStorage, slot.storage).path).absolute()
        self._end = end_of(self._path, context.feeds.last_sequence())
        self._tail = b""
        self._synced_at: float | None = None
        context.feeds.open(name, Checkpoint(str(self._path), run, self._end, self._end, this_boot()))

    def wrote(self, sequence: int) -> None:
        """Takes note of the line that was written last, and that every line up to the text with this `sequence` is."""
        line = cast(JsonLinesExporter, self.slot.exporter).last_line
        size = os.fstat(self._descriptor()).st_size
        self._tail = (self._tail + line)[-MARKED:]
        if size == self._end.size + len(line) and (len(self._tail) == MARKED or len(self._tail) == size):
            self._end = Position(size, mark(self._tail), sequence)
        else:
            # The first line after others, or somebody else writes to the file too.
            self._end = end_of(self._path, sequence)
        due = self._synced_at is None or monotonic() - self._synced_at >= _SYNCED_EVERY
        if due:
            self._synced_at = monotonic()
            os.fsync(self._descriptor())
        self._context.feeds.wrote(self._name, self._end, synced=due)

    def finish(self, sequence: int) -> None:
        """Takes note of the whole file, now on the disk."""
        if self.slot.file is not None and self._is_in_place():
            os.fsync(self._descriptor())
            self._context.feeds.wrote(self._name, end_of(self._path, sequence), synced=True)

    def _descriptor(self) -> int:
        assert self.slot.file is not None
        return self.slot.file.fileno()

    def _is_in_place(self) -> bool:
        """Whether the file still stands under its name: else its owner has taken it away."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._descriptor()))
        except FileNotFoundError:
            return False


class FeedWriter(FeedExporter):
    """Writes the feeds, and ends the crawl where one cannot be written: a later crawl adds what it lacks."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._context = CrawlContext.of(crawler)
        self._safe: list[_SafeFeed] = []
        self._written = 0
        self._failed = False

    def open_spider(self, spider: Spider) -> None:
        """Opens the feeds; from now on they are owed what this run keeps."""
        for uri in self.feeds:
            if is_pipe(uri):
                logger.warning("The feed %s is a named pipe: waiting until another program reads it", uri)
        super().open_spider(spider)
        names = {feed.uri: feed.name for feed in safe_feeds(self.crawler.settings)}
        run = self._context.run
        assert run is not None
        try:
            for slot in self.slots:
                if slot.uri_template in names:
                    self._safe.append(_SafeFeed(names[slot.uri_template], slot, self._context, run))
            commit(self._context.database.connection)
        except SQLAlchemyError as error:
            stop_for_store(self.crawler, error)

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Writes an article that has been committed."""
        if self._failed:
            return
        lines = {feed: feed.slot.itemcount for feed in self._safe}
        try:
            self._write_set_apart(spider)
            super().item_scraped(item, spider)
            self._written += 1
            # One article may be committed before the line of another is written.
            if self._written == self._context.articles.revisions_kept:
                for feed, before in lines.items():
                    if feed.slot.itemcount > before:
                        # Committed with the mark of the page that is asked for next.
                        feed.wrote(self._context.articles.last_sequence)
        except OSError as error:
            self._fail(error)
        except SQLAlchemyError as error:
            stop_for_store(self.crawler, error)

    def _write_set_apart(self, spider: Spider) -> None:
        """Writes the articles that keeping others has put under their own urls."""
        set_apart = self._context.articles.set_apart
        while set_apart:
            super().item_scraped(set_apart.pop(0), spider)
            self._written += 1

    async def close_spider(self, spider: Spider, reason: str = "finished") -> None:
        """Closes the feeds; those that are written anew get the known articles before.

        A crawl that a signal ended is resumed by the next one, which completes them, and one that could read no source
        does not know what they are to hold.
        """
        try:
            if not self._failed:
                self._write_set_apart(spider)
            if not self._failed and self._context.gives_known:
                if reason == "shutdown" or not self._context.has_looked:
                    self._leave_as_they_are()
                else:
                    self._give_known(spider)
            if not self._failed:
                for feed in self._safe:
                    feed.finish(self._context.feeds.last_sequence())
                commit(self._context.database.connection)
        except OSError as error:
            self._fail(error)
        except SQLAlchemyError as error:
            stop_for_store(self.crawler, error)
        if self._failed:
            self._let_go()
        await super().close_spider(spider)

    def _leave_as_they_are(self) -> None:
        """Has a feed that is to be written anew keep what it holds where nothing has been written yet."""
        for slot in self.slots:
            if self.feeds[slot.uri_template].get("overwrite"):
                slot.store_empty = False

    def _give_known(self, spider: Spider) -> None:
        """Writes the articles that the crawl met and knew already."""
        anew = [slot for slot in self.slots if self.feeds[slot.uri_template].get("overwrite")]
        others = [slot for slot in self.slots if slot not in anew]
        count, new, revised = 0, *(self._context.articles.kept[each] for each in (Kept.NEW, Kept.REVISED))
        self.slots = anew
        try:
            for article in self._context.known_articles():
                super().item_scraped(article, spider)
                count += 1
        finally:
            anew_now, self.slots = self.slots, [*others, *self.slots]
        for slot in anew_now:
            logger.info("%d written to %s: %d new, %d revised, %d known", slot.itemcount, slot.uri, new, revised, count)

    def finish_at_once(self) -> None:
        """Ends feeds such as JSON arrays as they must end, for a crawl that is cut off."""
        for slot in self.slots:
            with suppress(OSError, ValueError):
                slot.finish_exporting()
                if isinstance(slot.file, PostProcessingManager):
                    # It has no flush of its own; a compressor writes its rest when it is closed.
                    slot.file.close()
                    slot.file.file.flush()
                elif slot.file is not None:
                    slot.file.flush()

    def _let_go(self) -> None:
        """Closes the feeds in JSON Lines as they are: what is left in their buffers is in the store."""
        for feed in self._safe:
            with suppress(OSError):
                if feed.slot.file is not None:
                    feed.slot.file.close()
        mine = [feed.slot for feed in self._safe]
        self.slots = [slot for slot in self.slots if slot not in mine]

    def _fail(self, error: OSError) -> None:
        self._failed = True
        names = ", ".join(slot.uri for slot in self.slots)
        stop_for_feed(self.crawler, f"The feed {error.filename or names} cannot be written: {error.strerror or error}")
