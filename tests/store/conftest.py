"""An open store for each test."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from tests.store.opened import Begin, OpenedCrawl
from vovcrawl.store import Database


@pytest.fixture
def connection(database: Database) -> Connection:
    """Its connection."""
    return database.connection


@pytest.fixture
def begin(database: Database) -> Begin:
    """Begins a crawl; one with the same arguments resumes an unfinished one."""

    def begun(arguments: str = "{}", **options: Any) -> OpenedCrawl:
        return OpenedCrawl(database.connection, arguments, **options)

    return begun
