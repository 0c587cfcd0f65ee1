"""The store: the crawl's only truth, and the only place that writes SQL.

It knows the record and the queue, and nothing of pages: what a page says reaches it as a `VisitResult`.
"""

from __future__ import annotations

from vovcrawl.store.archive_files import ArchiveFileStore, ArchiveProgress, UnreadRecord
from vovcrawl.store.articles import ArticleStore, Kept
from vovcrawl.store.crawls import CrawlStore, OtherWork
from vovcrawl.store.database import Database, NoStore, StoreError, StoreHeld, is_held, open_database, read_database
from vovcrawl.store.drift import DriftStore, Finding
from vovcrawl.store.feed_checkpoints import Checkpoint, FeedCheckpoints, Position
from vovcrawl.store.frontier import Frontier, Page
from vovcrawl.store.history import Revision
from vovcrawl.store.id_order import IdOrder
from vovcrawl.store.listings import ListingStore
from vovcrawl.store.revisit import RevisitPolicy
from vovcrawl.store.runs import Counts, Run, RunStore
from vovcrawl.store.visits import KeptVisit, VisitStore

__all__ = [
    "ArchiveFileStore",
    "ArchiveProgress",
    "ArticleStore",
    "Checkpoint",
    "Counts",
    "CrawlStore",
    "Database",
    "DriftStore",
    "FeedCheckpoints",
    "Finding",
    "Frontier",
    "IdOrder",
    "Kept",
    "KeptVisit",
    "ListingStore",
    "NoStore",
    "OtherWork",
    "Page",
    "Position",
    "Revision",
    "RevisitPolicy",
    "Run",
    "RunStore",
    "StoreError",
    "StoreHeld",
    "UnreadRecord",
    "VisitStore",
    "is_held",
    "open_database",
    "read_database",
]
