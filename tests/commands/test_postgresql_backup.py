"""A dump of PostgreSQL that is made while a crawl writes, and what a crawl into the restored store asks for.

The lines are the manual's, with another url.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from sample_site.server import SampleServer
from tests.conftest import PROJECT, command, environment, run_line, wait_for_requests
from tests.docs import manual
from tests.postgresql import need_server, server
from tests.store.dumped import dumped, records
from tests.store.test_copying import article, fill, found
from tests.stores import change, rows, tables
from vovcrawl.store import ArticleStore, open_database
from vovcrawl.store.tables import runs

pytestmark = [pytest.mark.long, pytest.mark.sqlite("names stores in both databases by itself")]

_OPERATIONS = next(page for page in manual.PAGES if page.name == "operations.md")
_SERVER = "postgresql://vovcrawl@db.example.org/vov"
GIVEN = ("sections=xa-hoi,kinh-te", "since=all", "related=0")


@pytest.fixture
def url() -> Iterator[str]:
    """The url of a database of its own, which has no store yet."""
    here = server()
    name = f"backup_{time.monotonic_ns()}"
    here.run(f"CREATE DATABASE {name}")
    yield here.url().replace("/tests", f"/{name}")
    here.run(f"DROP DATABASE {name} WITH (FORCE)")


another = url
"""One more of these."""


def do(program: str, url: str, dump: Path) -> None:
    """Runs the line that the manual shows for a program."""
    shown = (line for block in manual.blocks("sh") if block.page == _OPERATIONS for line in block.text.splitlines())
    line = next(line for line in shown if line.startswith(program))
    assert _SERVER in line
    line = line.replace(_SERVER, url.replace("+psycopg", "")).replace("vov.dump", str(dump))
    path = f"{need_server()}:/usr/bin:/bin"
    ran = subprocess.run(line, shell=True, capture_output=True, text=True, env={"PATH": path}, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, "")


def line_of(site: SampleServer, store: str, folder: Path, *more: str) -> list[str]:
    folder.mkdir(exist_ok=True)
    return command(folder, site.url, (*GIVEN, "-s", f"VOV_DATABASE={store}", *more))


def test_a_dump_beside_a_crawl_is_whole_and_the_crawl_is_resumed_in_it(
    site: SampleServer, url: str, another: str, tmp_path: Path
) -> None:
    running = subprocess.Popen(
        line_of(site, url, tmp_path / "first", "-s", "DOWNLOAD_DELAY=0.1"),
        cwd=PROJECT,
        env=environment(),
        stderr=subprocess.DEVNULL,
    )
    wait_for_requests(site, 8)
    do("pg_dump", url, tmp_path / "vov.dump")
    assert running.poll() is None
    running.wait(120)
    assert running.returncode == 0
    do("pg_restore", another, tmp_path / "vov.dump")
    held = {canonical_url for (canonical_url,) in rows(another, "SELECT canonical_url FROM articles")}
    assert 0 < len(held) < len(records(url))
    visited = {page for (page,) in rows(another, "SELECT url FROM pages WHERE state = 'done' AND kind = 'article'")}
    site.requests.clear()
    resumed = run_line(line_of(site, another, tmp_path / "second", "-s", "VOV_REVISIT=0d"))
    assert resumed.returncode == 0
    assert "Resuming" in resumed.stderr
    assert records(another) == records(url)
    assert visited & {f"https://vov.vn{request.path}" for request in site.requests} == set()


def test_a_store_that_has_changed_since_is_put_back_as_it_was(url: str, tmp_path: Path) -> None:
    fill(url)
    before = dumped(url)
    do("pg_dump", url, tmp_path / "vov.dump")
    change(url, "DELETE FROM articles; DELETE FROM search_articles; DELETE FROM claims")
    change(url, "CREATE TABLE songs (title text)")
    do("pg_restore", url, tmp_path / "vov.dump")
    assert tables(url) >= {"songs"}
    change(url, "DROP TABLE songs")
    assert dumped(url) == before
    assert len(found(url, "cau")) == 7


def test_what_is_kept_after_a_restore_gets_numbers_that_nothing_has(url: str, another: str, tmp_path: Path) -> None:
    fill(url)
    do("pg_dump", url, tmp_path / "vov.dump")
    do("pg_restore", another, tmp_path / "vov.dump")
    database = open_database(another)
    made = database.connection.execute(insert(runs).values(arguments="{}", started_at=""))
    assert made.inserted_primary_key == (2,)
    ArticleStore(database.connection).keep(article(60))
    database.connection.commit()
    database.close()
    assert len(found(another, "cau")) == 8
