"""Reading kept pages again: what today's reader says of them, beside what the store has.

A page is known by its bytes. It is read, cleaned and dated as by a crawl, and compared field by field with what the
store has from it. Nothing here writes to the store, and pipelines of the user's own have no part in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from vovcrawl import urls
from vovcrawl.archives.captures import Capture, Skipped
from vovcrawl.items import Article
from vovcrawl.pages import NotAnArticle
from vovcrawl.pages.publication import from_iso
from vovcrawl.store import ArticleStore
from vovcrawl.store.articles import as_kept, differences
from vovcrawl.store.rereadings import Rereading, Rereadings

Completing = Callable[[Article], Article]
"""What a crawl does with an article that was read, such as reading its dates."""


class Became(StrEnum):
    """What became of a capture; the words of the last line of `scrapy reread`."""

    CHANGED = "changed"
    SAME = "the same"
    UNREADABLE = "unreadable"
    OTHER_PAGE = "other pages of kept articles"
    NOT_KEPT = "not in the store"


class Rereader:
    """Reads the captures of an archive again whose pages the store has.

    Args:
        store: what is compared with.
        rereadings: gets what differs.
        completing: in this order, what follows on reading.
    """

    def __init__(self, store: ArticleStore, rereadings: Rereadings, completing: Iterable[Completing]) -> None:
        self._store = store
        self._rereadings = rereadings
        self._completing = tuple(completing)
        self.counts: Counter[Became] = Counter()

    def run(self, captures: Iterable[Capture | Skipped]) -> Iterator[str | None]:
        """Reads all of them; of each capture gives a line about what could not be read, or None."""
        for capture in captures:
            if isinstance(capture, Skipped):
                if capture.is_unread:
                    self.counts[Became.UNREADABLE] += 1
                    yield f"{capture.where}: {capture.reason or capture.became.value}"
                continue
            yield self._look_at(capture)

    def _look_at(self, capture: Capture) -> str | None:
        page_hash = capture.evidence.page_hash
        articles = self._rereadings.articles_of(page_hash)
        if not self._rereadings.is_first(page_hash):
            return None
        if not articles:
            self._count_unknown(capture)
            return None
        if capture.is_text and capture.published is None:
            # A text without a date got that of whoever had it read, which no file holds.
            capture = replace(capture, published=self._published(articles[0], page_hash))
        try:
            article = capture.read().article
        except NotAnArticle as error:
            self.counts[Became.UNREADABLE] += 1
            return f"{articles[0]} ({capture.where}): {error}; what is kept of it stays"
        for complete in self._completing:
            article = complete(article)
        is_changed = [self._compare(url, page_hash, article, capture.where) for url in articles]
        self.counts[Became.CHANGED if any(is_changed) else Became.SAME] += 1
        return None

    def _count_unknown(self, capture: Capture) -> None:
        named = urls.article(capture.url) if capture.url is not None else None
        if named is not None and self._rereadings.holds(named.url):
            self.counts[Became.OTHER_PAGE] += 1
        elif named is not None or capture.url is None:
            self.counts[Became.NOT_KEPT] += 1

    def _published(self, canonical_url: str, page_hash: str) -> datetime | None:
        before = self._store.reading_of(canonical_url, page_hash)
        return from_iso(before.date_published) if before is not None else None

    def _compare(self, canonical_url: str, page_hash: str, article: Article, where: str) -> bool:
        """Remembers in which fields an article is read otherwise; whether that is another reading."""
        before = self._store.reading_of(canonical_url, page_hash)
        if before is None or article.reader_version < before.reader_version:
            return False
        changed, unsaid = differences(before, as_kept(article, before))
        if changed or unsaid:
            self._rereadings.add(Rereading(canonical_url, page_hash, where, changed, unsaid))
        return bool(changed)
