"""Others of the folder's group read the store, though they may write neither to its file nor beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import PROJECT, Crawler, environment, kill_crawl
from tests.faults.stage import Stage
from vovcrawl.store import open_database

pytestmark = [pytest.mark.long, pytest.mark.sqlite("rights of files, and other programs that open them")]

OTHER = 65534
AS_OTHER = ("setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups")
GIVEN = ("sections=xa-hoi,kinh-te,the-gioi", "related=0")

_IN_PYTHON = (
    "import sqlite3, sys; print(*sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True).execute(sys.argv[2]))"
)
_COUNT = "SELECT count(*) > 0 FROM runs"
READERS: dict[str, Callable[[Path], list[str]]] = {
    "scrapy runs": lambda store: [sys.executable, "-m", "scrapy", "runs", "-s", f"VOV_DATABASE={store}"],
    "Python": lambda store: [sys.executable, "-c", _IN_PYTHON, str(store), _COUNT],
    "sqlite3": lambda store: ["sqlite3", str(store), _COUNT],
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose files are of the other user's group, in which that user may write nothing."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("another user's rights need those of root, and setpriv")
    reaches = [*AS_OTHER, sys.executable, "-c", "import scrapy, vovcrawl"]
    if subprocess.run(reaches, cwd="/", env=environment(), capture_output=True, check=False).returncode != 0:
        pytest.skip("another user may not come to this Python, or to this checkout")
    made = Path(tempfile.mkdtemp(dir="/tmp"))
    os.chown(made, -1, OTHER)
    made.chmod(0o2750)
    yield made
    shutil.rmtree(made)


def read_by_other(reader: str, store: Path) -> str:
    """What a reader without rights is told: how the last run ended, or whether there is one."""
    line = READERS[reader](store)
    if shutil.which(line[0]) is None:
        pytest.skip(f"{line[0]} is not installed")
    read = subprocess.run(
        [*AS_OTHER, *line], cwd=PROJECT, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert (read.returncode, read.stderr) == (0, "")
    return read.stdout


def is_told(said: str, reader: str, end: str) -> bool:
    """Whether a reader was told how the last run ended, or that there is one."""
    return end in said if reader == "scrapy runs" else said.strip("(,)\n") == "1"


@pytest.mark.parametrize("reader", READERS)
def test_a_store_at_rest_is_read_and_is_one_file(crawl: Crawler, folder: Path, reader: str) -> None:
    store = crawl(*GIVEN, folder=folder).file
    assert {path.name for path in folder.iterdir()} == {store.name, f"{store.name}.lock", "vov.jsonl"}
    assert is_told(read_by_other(reader, store), reader, "complete")
    assert {path.name for path in folder.iterdir()} == {store.name, f"{store.name}.lock", "vov.jsonl"}


@pytest.mark.parametrize("reader", READERS)
def test_a_store_is_read_while_a_crawl_writes_to_it(site: SampleServer, folder: Path, reader: str) -> None:
    said: list[str] = []
    with SampleServer() as elsewhere, ExitStack() as stack:
        stage = Stage(site, elsewhere, folder, stack.callback)
        stage.when_asked(lambda: said.append(read_by_other(reader, stage.store)))
        assert stage.run().status == 0
    assert is_told(said[0], reader, "going on")


@pytest.mark.parametrize("reader", READERS)
def test_a_store_whose_crawl_was_killed_is_read(site: SampleServer, folder: Path, reader: str) -> None:
    kill_crawl(site, folder, *GIVEN)
    assert is_told(read_by_other(reader, folder / "vov.sqlite"), reader, "killed")


def test_a_store_that_its_last_reader_left_in_wal_mode_is_read_by_the_commands(crawl: Crawler, folder: Path) -> None:
    store = crawl(*GIVEN, folder=folder).file
    with closing(sqlite3.connect(store)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM runs").fetchone()
    assert not Path(f"{store}-wal").exists()
    assert "complete" in read_by_other("scrapy runs", store)


def test_a_reader_keeps_no_crawl_from_beginning_or_ending(crawl: Crawler, tmp_path: Path) -> None:
    store = crawl(*GIVEN).file
    with closing(sqlite3.connect(store)) as reader:
        reader.execute("SELECT count(*) FROM articles").fetchone()
        reading = reader.execute("SELECT canonical_url FROM articles")
        reading.fetchone()
        reading.close()
        assert crawl(*GIVEN).status == 0
        assert reader.execute("SELECT count(*) FROM runs").fetchone() == (2,)
    assert crawl(*GIVEN).status == 0
    assert store.read_bytes()[18:20] == b"\x01\x01"


def test_a_store_with_an_open_reader_is_closed_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    database = open_database(str(path))
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT count(*) FROM articles").fetchone()
        database.close()
        assert path.read_bytes()[18:20] == b"\x02\x02"
    open_database(str(path)).close()
    assert path.read_bytes()[18:20] == b"\x01\x01"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o640), (0o027, 0o640), (0o077, 0o600)])
def test_files_are_made_for_their_group_unless_the_umask_is_stricter(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        database = open_database(str(tmp_path / "a.sqlite"))
        made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(before)
    names = ("a.sqlite", "a.sqlite-wal", "a.sqlite-shm", "a.sqlite.lock")
    assert made == dict.fromkeys(names, mode)


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    open_database(str(path)).close()
    path.chmod(0o664)
    open_database(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_all_that_a_crawl_makes_is_for_its_group(crawl: Crawler, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    before = os.umask(0o022)
    try:
        crawl("sections=xa-hoi", "related=0", "pages=1", "--logfile", str(made / "vov.log"), folder=made)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in made.iterdir()}
    assert modes == dict.fromkeys(("vov.sqlite", "vov.sqlite.lock", "vov.jsonl", "vov.log"), 0o640)
