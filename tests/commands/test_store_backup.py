"""A backup that is made while a crawl writes, and what a crawl into it asks for."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.docs import manual
from tests.faults.stage import VOV, Stage
from vovcrawl.store import open_database, read_database

pytestmark = [pytest.mark.long, pytest.mark.sqlite("copies of a file, by SQLite's own ways")]

_OPERATIONS = next(page for page in manual.PAGES if page.name == "operations.md")


@pytest.fixture
def stage(site: SampleServer, tmp_path: Path) -> Iterator[Stage]:
    """A crawl to come."""
    with SampleServer() as elsewhere, ExitStack() as stack:
        yield Stage(site, elsewhere, tmp_path, stack.callback)


def line_of_the_manual(word: str) -> str:
    """The first line that the manual shows with this word."""
    shown = (line for block in manual.blocks("sh") if block.page == _OPERATIONS for line in block.text.splitlines())
    return next(line for line in shown if word in line)


def back_up(store: Path, backup: Path) -> None:
    """Does what the manual says, with other names."""
    line = line_of_the_manual("VACUUM INTO").replace("backup.sqlite", str(backup))
    subprocess.run(line.replace("data/vov.sqlite", str(store)), shell=True, check=True, timeout=60)


def test_a_backup_beside_a_crawl_is_whole_and_is_gone_on_with(stage: Stage) -> None:
    backup = stage.folder / "backup.sqlite"
    stage.crawl_stories(stage.stories[:14])
    stage.when_asked(lambda: back_up(stage.store, backup))
    assert stage.run().status == 0
    with closing(sqlite3.connect(backup)) as made:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        held = {url for (url,) in made.execute("SELECT canonical_url FROM articles")}
    assert held
    assert len(held) < 14

    stage.feed.unlink()
    restore = line_of_the_manual("rm -f data").replace("copy.sqlite", str(backup))
    subprocess.run(restore.replace("data/vov.sqlite", str(stage.store)), shell=True, check=True, timeout=60)
    stage.site.requests.clear()
    again = stage.run()
    assert again.status == 0
    asked = {VOV + request.path for request in stage.site.requests}
    assert asked & held == set()
    assert again.addresses() == stage.healthy | {VOV + stage.bad} == held | (asked - {f"{VOV}/robots.txt"})


def test_a_backup_ends_however_often_the_store_is_written_to(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "a.sqlite"))
    other = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    count = 0

    def write() -> int:
        nonlocal count
        count += 1
        database.connection.exec_driver_sql("INSERT INTO crawls (arguments, started_at, seeded) VALUES ('', '', 1)")
        database.connection.commit()
        return 0

    # Between any few steps of the copy something is written.
    other.set_progress_handler(write, 50)
    other.execute("VACUUM INTO ?", (str(tmp_path / "backup.sqlite"),))
    other.close()
    database.close()
    assert count > 10
    copied = read_database(str(tmp_path / "backup.sqlite"))
    assert copied.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    copied.close()
