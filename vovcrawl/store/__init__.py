"""The store: the crawl's only truth, and the only place that writes SQL.

It knows the record and the walk, and nothing of pages: what a page says reaches it as an `Article`.
"""

from __future__ import annotations

from vovcrawl.store.articles import ArticleStore, Kept, Revision
from vovcrawl.store.database import Database, StoreError, StoreHeld, is_held, open_database, read_database
from vovcrawl.store.feed_checkpoints import Checkpoint, FeedCheckpoints, Position
from vovcrawl.store.frontier import Frontier, Page
from vovcrawl.store.runs import Counts, Run, RunStore

__all__ = [
    "ArticleStore",
    "Checkpoint",
    "Counts",
    "Database",
    "FeedCheckpoints",
    "Frontier",
    "Kept",
    "Page",
    "Position",
    "Revision",
    "Run",
    "RunStore",
    "StoreError",
    "StoreHeld",
    "is_held",
    "open_database",
    "read_database",
]
