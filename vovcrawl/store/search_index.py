"""The index that articles are searched by, kept in the transactions that keep the articles.

What it has of an article is its tokens, see `vovcrawl.search_tokens`; how a database finds articles by these is its own
matter, see `vovcrawl.store.token_index`.

An article's number in the index is its time of publication: so newer articles are found first without sorting, and a
window of days is a range of numbers.

An article's own tokens are needed to take it out. They follow from what `articles` and its lists hold.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from vovcrawl.items import Article
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.search_tokens import Document, IndexedParts, document, document_of, indexed_parts, mark_of
from vovcrawl.store.prepared import Prepared
from vovcrawl.store.tables import articles, search_articles, search_words
from vovcrawl.store.token_index import token_index

FIRST_DATED = 1 << 34
"""Number of the first second of the year 1; articles without a date have lower ones."""

SECONDS_A_DAY = 86_400
_SAME_MINUTE = 60
_TRIES = 64

COUNTED_IN = 16
"""Of so many articles the words of one are counted: enough to know the frequent ones."""

_MOST_KNOWN = 50_000
"""Words that are known to be in `search_words`, so that each article writes only those that are new."""

_READY = 64
"""Documents of other processes that are kept until their articles come."""

_TOLD = 10_000
_BATCH = 200

logger = logging.getLogger(__name__)


def number_at(moment: datetime) -> int:
    """The lowest number of an article published at a moment or later."""
    local = moment.astimezone(VIETNAM).replace(tzinfo=None)
    return FIRST_DATED + int((local - datetime.min) / timedelta(seconds=1))


def day_of(number: int) -> date | None:
    """The day on which the article with a number was published, in +07:00; None where it has no date."""
    if number < FIRST_DATED:
        return None
    return date.min + timedelta(days=(number - FIRST_DATED) // SECONDS_A_DAY)


class SearchIndex:
    """Writes the index of an open store. Nothing here ends a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tokens = token_index(connection)
        self._known: set[str] = set()
        self._ready: dict[IndexedParts, Document] = {}
        number = search_articles.c.number
        of_article = search_articles.c.canonical_url == bindparam("key")
        self._find = Prepared(connection, select(number, search_articles.c.mark).where(of_article))
        self._taken = Prepared(
            connection, select(number).where(number >= bindparam("least"), number < bindparam("end")).order_by(number)
        )
        self._last = Prepared(connection, select(func.max(number)).where(number < bindparam("end")))
        self._add = Prepared(connection, insert(search_articles), [each.name for each in search_articles.columns])
        self._remove = Prepared(connection, delete(search_articles).where(of_article))
        self._give_up = Prepared(connection, update(search_articles).where(of_article).values(canonical_url=None))

    def document(self, article: Article) -> Document:
        """The document of an article, which another process may have made."""
        parts = indexed_parts(article)
        return self._ready.pop(parts, None) or document_of(parts)

    def have_at_hand(self, article: Article, made: Document) -> None:
        """Takes the document that another process has made of an article; it holds while the article is as it is."""
        self._ready[indexed_parts(article)] = made
        if len(self._ready) > _READY:
            del self._ready[next(iter(self._ready))]

    def put(self, article: Article, new: Document, before: Document | None = None) -> None:
        """Indexes an article.

        Args:
            article: as it is from now on.
            new: its document.
            before: that of what is kept under its `canonical_url`, if anything is.
        """
        self._tokens.take_turn()
        mark = mark_of(new)
        known = self._find.first({"key": article.canonical_url})
        number = None
        if known is not None:
            if self._is_at(known.number, article.date_published):
                if known.mark == mark and before is not None and before.tokens == new.tokens:
                    return
                number = known.number
            if not self.remove(article.canonical_url, before):
                number = None
        if number is None:
            number = self._free_number(article)
        self._add.run(
            {
                "number": number,
                "canonical_url": article.canonical_url,
                "section": article.section,
                "content_type": article.content_type,
                "mark": mark,
            }
        )
        self._tokens.add(number, new.tokens)
        self._learn(article, new.words)

    def remove(self, canonical_url: str, before: Document | None) -> bool:
        """Takes an article out, which goes or gets another url.

        What another program has changed or deleted, or another version has indexed, is given up: its tokens stay under
        a number that is no article's.

        Args:
            canonical_url: under which it is kept.
            before: the document of what is kept, None where nothing is.

        Returns:
            Whether its number is free.
        """
        self._tokens.take_turn()
        known = self._find.first({"key": canonical_url})
        if known is None:
            return True
        if before is None or known.mark != mark_of(before):
            self._give_up.run({"key": canonical_url})
            return False
        self._tokens.remove(known.number, before.tokens)
        self._remove.run({"key": canonical_url})
        return True

    def fill(self, read: Callable[[Sequence[str]], Iterator[Article]]) -> None:
        """Indexes all articles of the store anew.

        Args:
            read: gives the articles of some urls, in their order.
        """
        self._tokens.drop()
        self._tokens.create()
        for table in (search_articles, search_words):
            self._connection.execute(delete(table))
        total = self._connection.scalar(select(func.count()).select_from(articles)) or 0
        by_date = select(articles.c.canonical_url).order_by(articles.c.date_published, articles.c.canonical_url)
        urls: list[str] = []
        for count, row in enumerate(Prepared(self._connection, by_date).stream(), 1):
            urls.append(row.canonical_url)
            if len(urls) == _BATCH or count == total:
                for article in read(urls):
                    self.put(article, document(article))
                urls = []
            if count % _TOLD == 0:
                logger.info("Making the search index: %d of %d articles", count, total)

    def _is_at(self, number: int, date_published: str | None) -> bool:
        """Whether a number is right for an article of that time."""
        moment = from_iso(date_published)
        if moment is None:
            return number < FIRST_DATED
        wanted = number_at(moment)
        if wanted <= number < wanted + _SAME_MINUTE:
            return True
        return day_of(number) == day_of(wanted) and self._is_full(wanted)

    def _is_full(self, wanted: int) -> bool:
        return len(self._taken.rows({"least": wanted, "end": wanted + _SAME_MINUTE})) == _SAME_MINUTE

    def _free_number(self, article: Article) -> int:
        """A number of the minute, or else of the day, of publication that no article has.

        Days with more than 86,400 articles spill into the next.
        """
        moment = from_iso(article.date_published)
        if moment is None:
            return int(self._last.scalar({"end": FIRST_DATED}) or 0) + 1
        wanted = number_at(moment)
        taken = {row.number for row in self._taken.rows({"least": wanted, "end": wanted + _SAME_MINUTE})}
        for number in range(wanted, wanted + _SAME_MINUTE):
            if number not in taken:
                return number
        # Many have a date but no time. A few of the day's seconds are tried, the same ones for the same url.
        midnight = wanted - (wanted - FIRST_DATED) % SECONDS_A_DAY
        seed = zlib.crc32(article.canonical_url.encode(errors="replace"))
        for step in range(_TRIES):
            number = midnight + (seed + step * 7_919) % SECONDS_A_DAY
            if not self._taken.rows({"least": number, "end": number + 1}):
                return number
        number = midnight
        while found := self._taken.rows({"least": number, "end": number + SECONDS_A_DAY}):
            for row in found:
                if row.number != number:
                    return number
                number += 1
        return number

    def _learn(self, article: Article, words: frozenset[str]) -> None:
        """Adds new words to those that prefixes and suggestions are made of."""
        if zlib.crc32(article.canonical_url.encode(errors="replace")) % COUNTED_IN == 0:
            self._tokens.count_words(sorted(words))
        elif new := words - self._known:
            self._tokens.add_words(sorted(new))
        if len(self._known) + len(words) > _MOST_KNOWN:
            self._known.clear()
        self._known |= words
