"""What a crawl says in the end, and the end of its run."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.extensions.feedexport import FeedExporter
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.exit_status import FEED_ERRORS, LEFT_OUT, OTHER_ERRORS, count_pages
from vovcrawl.crawl.running_command import running_command
from vovcrawl.crawl.stopping import end_run
from vovcrawl.store import Kept
from vovcrawl.visits import FAILURES, Outcome

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

    from vovcrawl.crawl.configuration import Rendering

logger = logging.getLogger(__name__)


class _WithoutStoreErrors(logging.Filter):
    """A store that fails is reported once, by `stop_for_store`, and not with a traceback for every page in flight."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is None or not isinstance(record.exc_info[1], SQLAlchemyError)


class _HandlerErrors(logging.Handler):
    """Counts what failed in handlers of Scrapy's signals, which Scrapy itself only logs: a feed's writing above all."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(logging.ERROR)
        self._crawler = crawler

    def emit(self, record: logging.LogRecord) -> None:
        receiver = record.args.get("receiver") if isinstance(record.args, dict) else None
        of_feed = isinstance(getattr(receiver, "__self__", None), FeedExporter)
        self._crawler.stats.inc_value(FEED_ERRORS if of_feed else OTHER_ERRORS)


class Summary:
    """Says in one line what the crawl brought, and ends its run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._errors = _HandlerErrors(crawler)
        self._without_store_errors = _WithoutStoreErrors()
        self._signal_log = logging.getLogger("scrapy.utils.signal")
        self._scraper_log = logging.getLogger("scrapy.core.scraper")
        self._signal_log.addHandler(self._errors)
        self._scraper_log.addFilter(self._without_store_errors)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Summary:
        """The extension, listening for the crawl's end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        return extension

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Says what the crawl brought, and which of Scrapy's limits ended it before its end."""
        stats = self._crawler.stats.get_stats()
        if reason.startswith("closespider_"):
            left = CrawlContext.of(self._crawler).frontier.remaining()
            logger.info("Ended by %s: %d pages are left, and the same command resumes", reason.upper(), left)

        def articles(became: str) -> int:
            return int(stats.get(f"vov/articles/{became}", 0))

        logger.info(
            "%d articles: %d new, %d revised, %d unchanged; %d outside the window, %d left out as older, %d gone, "
            "%d without an article, %d forbidden, %d not read; kept in %s",
            count_pages(stats, Outcome.ARTICLE),
            articles("new"),
            articles("revised"),
            sum(articles(kept) for kept in Kept if not kept.is_line),
            count_pages(stats, Outcome.OUTSIDE_WINDOW),
            int(stats.get(LEFT_OUT, 0)),
            count_pages(stats, Outcome.GONE),
            count_pages(stats, Outcome.NO_ARTICLE, Outcome.OUT_OF_SCOPE),
            count_pages(stats, Outcome.FORBIDDEN),
            count_pages(stats, *FAILURES),
            CrawlContext.of(self._crawler).database.name,
        )
        if any(map(articles, (Kept.EARLIER, Kept.REREAD))):
            logger.info(
                "Of those unchanged, %d gave an earlier text, %d were read otherwise than before",
                articles(Kept.EARLIER),
                articles(Kept.REREAD),
            )

        self._say_rendered(CrawlContext.of(self._crawler).configuration.rendering)

    def _say_rendered(self, rendering: Rendering | None) -> None:
        """Says what became of the pages that were to be rendered, if any were."""
        stats = self._crawler.stats.get_stats()
        before = "vov/render/"
        rendered = stats.get(f"{before}rendered", 0)
        failed = sum(count for name, count in stats.items() if name.startswith(f"{before}failed/"))
        if rendering is None or not rendered + failed:
            return
        of_blocked = f"{before}blocked/"
        blocked = sorted(name for name in stats if name.startswith(of_blocked))
        logger.log(
            logging.WARNING if failed else logging.INFO,
            "Rendered by %s: %d pages, %d not and read as served; their scripts asked the site %d times; blocked: %s",
            rendering.engine,
            rendered,
            failed,
            stats.get(f"{before}asked", 0),
            ", ".join(f"{name.removeprefix(of_blocked)} {stats[name]}" for name in blocked) or "nothing",
        )

    def engine_stopped(self) -> None:
        """Ends the run, after the last pipeline."""
        self._signal_log.removeHandler(self._errors)
        self._scraper_log.removeFilter(self._without_store_errors)
        if not CrawlContext.of(self._crawler).ended_by_command:
            status, _ = end_run(self._crawler)
            command = running_command()
            if command is not None:
                command.exitcode = status
