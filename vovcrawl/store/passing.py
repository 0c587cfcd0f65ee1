"""A store in memory for the captures of one article at a time: which of them is its current text, as a crawl has it.

So an archive that is read without a store gives the records that a crawl of it would have kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from sqlalchemy import create_engine, delete, insert, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from vovcrawl.evidence import Evidence
from vovcrawl.items import Article
from vovcrawl.near_duplicates import Wording, read
from vovcrawl.search_tokens import Document
from vovcrawl.store.articles import DISAGREES, ArticleStore
from vovcrawl.store.duplicates import DuplicateStore
from vovcrawl.store.history import Revision
from vovcrawl.store.search_index import SearchIndex
from vovcrawl.store.tables import articles, lists, metadata, pages, revisions, sightings
from vovcrawl.visits import Outcome, State

Capture = tuple[Article, Evidence]


class _Unmarked(DuplicateStore):
    """Compares nothing: marks depend on all articles."""

    def __init__(self) -> None:
        pass

    def wording(self, article: Article) -> Wording:
        """Is not asked for."""
        return _NO_WORDING

    def put(self, article: Article) -> str | None:
        """Nothing is marked."""
        return None

    def remove(self, canonical_url: str) -> None:
        """Nothing is to be forgotten."""


class _Unsearched(SearchIndex):
    """Holds no words."""

    def __init__(self) -> None:
        pass

    def document(self, article: Article) -> Document:
        """None is made."""
        return _NO_DOCUMENT

    def put(self, article: Article, new: Document, before: Document | None = None) -> None:
        """Nothing is searched."""

    def remove(self, canonical_url: str, before: Document | None) -> bool:
        """Nothing is to be forgotten."""
        return True


_SETTLED = {"kind": "article", "state": State.DONE, "outcome": Outcome.ARTICLE, "first_crawl": 1, "crawl": 1}
_SETTLED |= {"discovered_at": "", "changed_at": ""}
_NO_WORDING = read("", None, "")
_NO_DOCUMENT = Document("", frozenset())
_TABLES = (articles, *(listed.table for listed in lists.values()), revisions, sightings, pages)


class PassingStore:
    """Takes the captures of an article, and of those that are mixed up with it, and gives what they are together."""

    def __init__(self) -> None:
        self._engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        metadata.create_all(self._engine, tables=list(_TABLES))
        self._connection = self._engine.connect()
        self._articles = ArticleStore(self._connection)
        self._articles.duplicates = _Unmarked()
        self._articles.search = _Unsearched()
        self.refused: list[int] = []
        """Which of the last captures could not be kept beside others, from 0 on."""

    def histories(self, captures: Iterable[Capture]) -> Iterator[list[Revision]]:
        """Of each article its texts, the current one last, as a crawl keeps them that takes captures in this order."""
        self.refused.clear()
        for place, (article, evidence) in enumerate(captures):
            before = self._connection.begin_nested()
            try:
                self._articles.keep(article, evidence)
                self._settle(article)
            except SQLAlchemyError:
                # Its page names a url that belongs to another article already.
                before.rollback()
                self.refused.append(place)
            else:
                before.commit()
        for kept in list(self._articles.stream()):
            yield self._articles.history(kept.canonical_url)
        for table in _TABLES:
            self._connection.execute(delete(table))
        self._connection.commit()

    def _settle(self, article: Article) -> None:
        """Notes that the page of a canonical url is accounted for, as a crawl does: by it an article is found that
        moves."""
        url = article.canonical_url
        if DISAGREES in article.warnings or not url.startswith("https://"):
            return
        if not self._connection.execute(update(pages).where(pages.c.url == url).values(canonical_url=url)).rowcount:
            self._connection.execute(insert(pages).values(**_SETTLED, url=url, canonical_url=url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        self._engine.dispose()
