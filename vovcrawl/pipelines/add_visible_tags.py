"""`VOV_TAGS=service`: adds the tags that readers see below an article, which the site's tag service names."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.exceptions import DownloadCancelledError, DropItem
from scrapy.http import Response

from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.downloader.slots import LeftForLater, is_closing
from vovcrawl.extensions.retry_after import wanted_pause
from vovcrawl.items import TAGGED, Article, mark_tagged
from vovcrawl.masking import masked
from vovcrawl.middlewares.robots import ForbiddenByRobots, RobotsUnavailable
from vovcrawl.pages.tag_service import MOST_BYTES, UnreadableTags, read_tags, url_of
from vovcrawl.text import distinct, shown

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from vovcrawl.visits import VisitResult

logger = logging.getLogger(__name__)

IN_A_ROW = 3
"""After so many articles in a row without an answer the service is left alone for `REST` seconds."""

REST = 300.0
"""Seconds."""

_TIMEOUT = 10
"""Seconds for an answer, which an article waits for."""

_OK = 200
_BUSY = (429, 503)
_LONGEST_REASON = 300


class AddVisibleTags:
    """Asks the tag service once for each article that is new or may have changed; one without an answer is kept so.

    It is asked within the visit: the page is marked done with its article, tags included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = CrawlContext.of(crawler)
        self._results = VisitResults.of(crawler)
        self._failed_in_a_row = 0
        self._rests_until = 0.0
        self._is_forbidden = False
        self._has_said = False
        crawler.signals.connect(self._sum_up, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline of a crawler."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """The article with its visible tags after those of its page; an item of the user's own as it is.

        Raises:
            DropItem: the crawl ended before the tags were asked for; the page is left for the next run.
        """
        visit = self._results.awaiting(item) if isinstance(item, Article) else None
        if visit is None or visit.node is None:
            return item
        known = self._known(item, visit)
        if known is not None:
            _add(item, known)
            return item
        try:
            tags = await self._tags(visit.node)
        except LeftForLater:
            self._results.release(visit.url)
            raise DropItem(f"left for later: {item.canonical_url}", log_level="DEBUG") from None
        if tags is not None:
            _add(item, tags)
            return item
        mark_tagged(item, has_tags=False)
        # Else a page that stays as it is would never be asked for its tags again.
        visit.etag = visit.last_modified = None
        return item

    def _known(self, article: Article, visit: VisitResult) -> list[str] | None:
        """The tags of an article whose page is as it was when the service was asked before."""
        if visit.evidence is None:
            return None
        before = self._context.articles.reading_of(article.canonical_url, visit.evidence.page_hash)
        return before.keywords if before is not None and TAGGED in before.warnings else None

    async def _tags(self, node: str) -> list[str] | None:
        """The tags of an article; None where they cannot be had.

        Raises:
            LeftForLater: the crawl ended before they were asked for.
        """
        assert self._crawler.engine is not None
        stats, url = self._crawler.stats, url_of(node)
        if self._is_forbidden or monotonic() < self._rests_until:
            stats.inc_value("vov/tags/not asked")
            return None
        if is_closing(self._crawler):
            raise LeftForLater("the crawl ended before the tags were asked for")
        meta = {"download_maxsize": MOST_BYTES, "download_timeout": _TIMEOUT, "dont_redirect": True}
        stats.inc_value("vov/tags/asked")
        try:
            response = await self._crawler.engine.download_async(
                Request(url, headers={"Accept": "application/json"}, meta=meta)
            )
            if response.status != _OK:
                self._failed(url, f"the service answers {response.status}", response)
                return None
            tags = read_tags(response.body)
        except LeftForLater:
            raise
        except (ForbiddenByRobots, RobotsUnavailable) as error:
            self._is_forbidden = True
            self._failed(url, str(error))
        except UnreadableTags as error:
            self._failed(url, f"the answer cannot be read: {error}")
        except DownloadCancelledError:
            self._failed(url, f"the answer is larger than {MOST_BYTES} bytes")
        except Exception as error:
            # Whatever a download can end in: the article is there all the same.
            self._failed(url, f"{type(error).__name__}: {error}")
        else:
            self._failed_in_a_row = 0
            stats.inc_value("vov/tags/answered")
            return tags
        return None

    def _failed(self, url: str, reason: str, response: Response | None = None) -> None:
        """Counts an article without its tags, and tells of the first one."""
        self._crawler.stats.inc_value("vov/tags/failed")
        self._failed_in_a_row += 1
        asked = wanted_pause(response) if response is not None and response.status in _BUSY else None
        if asked is not None or self._failed_in_a_row >= IN_A_ROW:
            self._rests_until = monotonic() + max(asked or REST, 1.0)
        level = logging.DEBUG if self._has_said else logging.WARNING
        logger.log(level, "Kept without visible tags: %s (%s)", url, shown(masked(reason))[:_LONGEST_REASON])
        self._has_said = True

    def _sum_up(self) -> None:
        stats = self._crawler.stats
        counts = {name: int(stats.get_value(f"vov/tags/{name}", 0)) for name in ("answered", "failed", "not asked")}
        without = counts["failed"] + counts["not asked"]
        if counts["answered"] or without:
            level = logging.WARNING if without else logging.INFO
            line = "Visible tags: of %d articles, for which the tag service was asked; %d kept without"
            logger.log(level, line, counts["answered"], without)


def _add(article: Article, tags: list[str]) -> None:
    article.keywords = distinct([*article.keywords, *tags])
    mark_tagged(article)
