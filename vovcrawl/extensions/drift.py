"""Says in the end of a crawl whether the site's pages still look as expected."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scrapy import signals
from sqlalchemy.exc import SQLAlchemyError

from vovcrawl.crawl import drift
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.crawl.exit_status import CHANGED_FIELDS, STORE_ERRORS
from vovcrawl.crawl.stopping import stop_for_store
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.items import READER_VERSION
from vovcrawl.store import DriftStore, Finding
from vovcrawl.store.drift import ACCEPTED, CHANGED, MOST_LINES, SOUND
from vovcrawl.text import shown

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

_SAME = ("archive", "sections", "sources", "tags", "urls")
"""The arguments by which runs are of one kind. Their windows may differ, as those of a daily crawl do."""


def same_kind(typed: str) -> str:
    """What runs that are compared with each other have in common.

    Args:
        typed: their arguments, a JSON object.
    """
    given: Mapping[str, object] = json.loads(typed)
    return json.dumps({name: given[name] for name in _SAME if name in given}, ensure_ascii=False)


class Drift:
    """Compares what the run saw with the last runs of its kind, and with the floors."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Drift:
        """The extension, listening for the crawl's end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self) -> None:
        """Says what has changed, and keeps what was seen for the runs to come."""
        context, observed = CrawlContext.of(self._crawler), VisitResults.of(self._crawler).observed
        if context.run is None or not observed.shapes or self._crawler.stats.get_value(STORE_ERRORS):
            return
        accepts = context.configuration.accepts_drift
        now = drift.tallied(observed)
        counts = {key: (tally.pages, tally.held) for key, tally in now.items()}
        store, same = DriftStore(context.database.connection), same_kind(context.typed)
        try:
            accepted = store.accepted(READER_VERSION)
            before = store.last(same, READER_VERSION, accepted.run if accepted is not None else 0)
            earlier = [drift.Earlier(check.counts, check.verdict != CHANGED) for check in before]
            found = drift.changes(now, earlier, accepted.counts if accepted is not None else None)
            verdict = ACCEPTED if accepts else CHANGED if found else SOUND
            findings = [Finding(one.field, shown(one.line), tuple(map(shown, one.examples))) for one in found]
            store.keep(context.run, same, READER_VERSION, verdict, counts, findings)
        except SQLAlchemyError as error:
            stop_for_store(self._crawler, error)
            return
        level = logging.INFO if accepts else logging.ERROR
        if findings:
            fields = ", ".join(finding.field for finding in findings)
            words = "Taken for right" if accepts else "The pages no longer look as expected"
            logger.log(level, "%s: %s", words, fields)
        for finding in findings[:MOST_LINES]:
            logger.log(level, "%s; such as %s", finding.line, " ".join(finding.examples))
        if not accepts:
            self._crawler.stats.set_value(CHANGED_FIELDS, len(findings))
