"""What an article that was read means for its visit. Pure."""

from __future__ import annotations

from vovcrawl.crawl.window import Window
from vovcrawl.items import Article
from vovcrawl.pages import Reading
from vovcrawl.visits import Outcome, VisitResult


def accepted(reading: Reading, visit: VisitResult, window: Window, *, is_owed: bool = False) -> Article | None:
    """The article, if it is asked for; else None, and the result says why.

    Args:
        reading: of the page.
        visit: to the page.
        window: the publication times asked for.
        is_owed: whether the article is kept outside the window too.
    """
    article = reading.article
    if not window.is_open and not article.date_published:
        visit.outcome = Outcome.UNREADABLE
        visit.reason = "no publication time: cannot tell whether it lies in the window"
        return None
    if not (is_owed or window.is_open or window.holds_iso(article.date_published or "")):
        visit.outcome = Outcome.OUTSIDE_WINDOW
        visit.canonical_url, visit.published = article.canonical_url, article.date_published
        return None
    visit.sources = reading.sources
    return article
