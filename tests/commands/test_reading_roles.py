"""Whatever only reads a store works for a role of PostgreSQL that may do nothing else, and is of no harm to a crawl."""

from __future__ import annotations
