"""Noticing that an open store is not where it was, or not what it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.crawlers import make_crawler
from tests.store.opened import A, OpenedCrawl, article_at
from vovcrawl.crawl.exit_status import STORE_ERRORS
from vovcrawl.crawl.stopping import end_run
from vovcrawl.store import Counts, Database, RunStore, open_database
from vovcrawl.store.place import StoreReplaced
from vovcrawl.visits import Outcome, VisitResult

pytestmark = pytest.mark.sqlite("files that are moved or replaced")

Act = Callable[[Path], object]


def exchange(path: Path) -> None:
    """Puts a copy in its place."""
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    copy.replace(path)


def write_over(path: Path) -> None:
    """Writes another store into the very file."""
    other = path.with_suffix(".other")
    open_database(str(other)).close()
    shutil.copyfile(other, path)


ACTS: dict[str, Act] = {
    "deleted": Path.unlink,
    "moved": lambda path: path.rename(path.with_suffix(".moved")),
    "exchanged": exchange,
    "written over": write_over,
    "emptied": lambda path: path.write_bytes(b""),
    "without its log": lambda path: Path(f"{path}-wal").unlink(),
    "without its index": lambda path: Path(f"{path}-shm").unlink(),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_visit_is_not_kept_in_a_store_that_is_gone(database: Database, path: Path, act: Act) -> None:
    crawl = OpenedCrawl(database.connection)
    crawl.add(article_at(A))
    assert crawl.next() is not None
    act(path)
    with pytest.raises(StoreReplaced, match="was deleted, moved or replaced"):
        crawl.keep(VisitResult(A, Outcome.NO_ARTICLE))


def test_visits_that_are_kept_together_are_not_kept_in_a_store_that_is_gone(database: Database, path: Path) -> None:
    crawl = OpenedCrawl(database.connection)
    crawl.add(article_at(A))
    crawl.frontier.take(1)
    path.unlink()
    with pytest.raises(StoreReplaced):
        crawl.visits.keep_all([VisitResult(A, Outcome.NO_ARTICLE)])


def test_a_run_does_not_end_in_a_store_that_is_gone(database: Database, path: Path) -> None:
    runs = RunStore(database.connection)
    run = runs.begin(None, "{}")
    path.unlink()
    with pytest.raises(StoreReplaced):
        runs.end(run, outcome="finished", exit_status=0, counts=Counts())


def test_a_store_that_many_transactions_are_copied_back_into_is_still_itself(database: Database, path: Path) -> None:
    before = path.stat().st_mtime_ns
    for number in range(3):
        database.connection.execute(text("INSERT INTO store_properties VALUES (:name, 'b')"), {"name": str(number)})
        database.connection.commit()
        database.connection.exec_driver_sql("PRAGMA wal_checkpoint")
        database.check_place()
    assert path.stat().st_mtime_ns > before


def test_a_store_that_another_program_writes_to_is_still_itself(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO store_properties VALUES ('a', 'b')")
        other.commit()
        other.execute("PRAGMA wal_checkpoint")
    database.check_place()


def test_what_was_committed_goes_with_a_store_that_is_moved(database: Database, path: Path) -> None:
    database.connection.execute(text("INSERT INTO store_properties VALUES ('a', 'b')"))
    database.connection.commit()
    moved = path.with_suffix(".moved")
    path.rename(moved)
    database.close()
    alone = moved.rename(path.parent.parent / "alone.sqlite")
    with closing(sqlite3.connect(alone)) as reader:
        assert reader.execute("SELECT value FROM store_properties WHERE name = 'a'").fetchone() == ("b",)
    alone.unlink()


@pytest.mark.parametrize("reads", [False, True], ids=["alone", "with a reader"])
@pytest.mark.parametrize("act", [exchange, write_over])
def test_a_store_that_was_put_in_the_place_is_left_as_it_is(
    database: Database, path: Path, act: Act, reads: bool
) -> None:
    with closing(sqlite3.connect(path)) as reader:
        if reads:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM pages").fetchone()
        # This is in the log alone, which is not copied.
        RunStore(database.connection).begin(None, "{}")
        act(path)
        before = path.read_bytes()
        database.close()
        assert path.read_bytes() == before
        if reads:
            reader.rollback()
    open_database(str(path)).close()
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert after.execute("SELECT count(*) FROM runs").fetchone() == (0,)


@pytest.mark.parametrize("act", [ACTS["moved"], exchange])
def test_the_end_of_a_run_is_not_written_into_another_store(tmp_path: Path, act: Act) -> None:
    crawler, context, _ = make_crawler(tmp_path)
    path = tmp_path / "vov.sqlite"
    context.database.connection.exec_driver_sql("PRAGMA wal_checkpoint")
    act(path)
    status, _ = end_run(crawler)
    assert (status, crawler.stats.get_value(STORE_ERRORS)) == (6, 1)
    for store in (path, path.with_suffix(".moved")):
        if store.exists():
            with closing(sqlite3.connect(store)) as after:
                assert after.execute("SELECT ended_at FROM runs").fetchall() == [(None,)]


def test_a_store_by_a_link_is_the_store_that_the_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = tmp_path / "a.sqlite"
    link.symlink_to(tmp_path / "disk" / "b.sqlite")
    database = open_database(str(link))
    database.check_place()
    link.unlink()
    with pytest.raises(StoreReplaced):
        database.check_place()
    database.close()
