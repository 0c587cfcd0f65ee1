"""A store has many names and one lock, and what stands in the place of its files is never followed or waited for."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from sample_site.server import RequestRecord, SampleServer
from tests.conftest import PROJECT, ask, command, environment, kill_crawl, run_line
from vovcrawl.store import StoreError, StoreHeld, is_held, open_database, read_database

pytestmark = pytest.mark.sqlite("names of files, and links to them")

SUFFIXES = (".lock", ".waiting", "-wal", "-shm", "-journal")


_HOLD = (
    "import sys; from vovcrawl.store import open_database; held = open_database(sys.argv[1]); "
    "print('held', flush=True); sys.stdin.read()"
)
_READ = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM pages').fetchone()"


@contextmanager
def held_elsewhere(store: Path) -> Iterator[None]:
    """Has another process hold a store."""
    line = [sys.executable, "-c", _HOLD, str(store)]
    with subprocess.Popen(line, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield
        finally:
            process.stdin.close()


def make_store(folder: Path) -> Path:
    path = folder / "data" / "a.sqlite"
    path.parent.mkdir()
    open_database(str(path)).close()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store at rest."""
    return make_store(tmp_path)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store that another process holds."""
    path = make_store(tmp_path_factory.mktemp("held"))
    with held_elsewhere(path):
        yield path


def hard_link(store: Path, folder: Path) -> str:
    (folder / "b.sqlite").hardlink_to(store)
    return str(folder / "b.sqlite")


def link(store: Path, folder: Path) -> str:
    (folder / "c.sqlite").symlink_to(store)
    return str(folder / "c.sqlite")


def linked_folder(store: Path, folder: Path) -> str:
    (folder / "d").symlink_to(store.parent)
    return str(folder / "d" / store.name)


NAMES: dict[str, Callable[[Path, Path], str]] = {
    "hard link": hard_link,
    "link": link,
    "link to a hard link": lambda store, folder: link(Path(hard_link(store, folder)), folder),
    "linked folder": linked_folder,
    "dots": lambda store, folder: f"{store.parent}/../data/./{store.name}",
    "url": lambda store, folder: f"sqlite:///{store}",
    "relative": lambda store, folder: os.path.relpath(store),
    "relative url": lambda store, folder: f"sqlite:///{os.path.relpath(store)}",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_store_is_held_by_whatever_name(held: Path, tmp_path: Path, name: str) -> None:
    other = NAMES[name](held, tmp_path)
    assert is_held(other)
    with pytest.raises(StoreHeld, match="another crawl holds the store"):
        open_database(other)


def test_a_store_that_is_open_by_a_hard_link_is_held_by_its_first_name(store: Path, tmp_path: Path) -> None:
    other = hard_link(store, tmp_path)
    with closing(open_database(other)):
        assert is_held(str(store))
    assert is_held(str(store)) is False


def test_a_store_of_which_no_crawl_has_noted_a_name_is_held_by_its_file(store: Path, tmp_path: Path) -> None:
    other = hard_link(store, tmp_path)
    with held_elsewhere(store):
        with closing(sqlite3.connect(store)) as old:
            old.execute("DELETE FROM store_properties WHERE name = 'opened_as'")
            old.commit()
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with pytest.raises(StoreHeld):
            open_database(other)
    open_database(other).close()


def test_a_look_by_another_name_leaves_the_locks_of_a_crawl_in_this_process(store: Path, tmp_path: Path) -> None:
    other = hard_link(store, tmp_path)
    with closing(open_database(str(store))) as opened:
        is_held(other)
        # Whoever is the last to close a store takes its log away.
        subprocess.run([sys.executable, "-c", _READ, str(store)], check=True)
        opened.check_place()


def test_what_is_committed_is_read_by_whatever_name(store: Path, tmp_path: Path) -> None:
    other = hard_link(store, tmp_path)
    with closing(open_database(str(store))) as opened:
        opened.connection.exec_driver_sql("INSERT INTO store_properties VALUES ('a', 'in the log')")
        opened.connection.commit()
        with closing(read_database(other)) as read:
            found = read.connection.exec_driver_sql("SELECT value FROM store_properties WHERE name = 'a'").scalar()
    assert found == "in the log"
    assert {path.name for path in Path(other).parent.iterdir()} == {"b.sqlite", "data"}


def test_a_copy_that_replaced_its_original_is_a_store_of_its_own(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(store.read_bytes())
    copy.with_suffix(".again").hardlink_to(copy)
    with closing(open_database(str(store))):
        open_database(str(copy)).close()


def test_a_uri_of_sqlites_own_is_refused(store: Path) -> None:
    with pytest.raises(StoreError, match="right would be a path"):
        open_database(f"sqlite:///file:{store}?uri=true")


class Scene:
    """A crawl that was killed, one by another name after it, and what others were told meanwhile."""

    def __init__(self, site: SampleServer, folder: Path) -> None:
        given = ("sections=xa-hoi,the-thao", "related=0")
        kill_crawl(site, folder, *given)
        self.store = folder / "vov.sqlite"
        with closing(read_database(str(self.store))) as killed:
            self.kept = killed.connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one()
        self.other = folder / "other"
        self.other.mkdir()
        (self.other / self.store.name).hardlink_to(self.store)

        def meanwhile(request: RequestRecord) -> None:
            self.runs = ask("runs", self.store)
            self.merge = ask("merge", self.store, str(self.store))
            self.second = _crawl(folder, site, given)

        site.answer("/robots.txt", meanwhile, times=1)
        self.first = _crawl(self.other, site, given)


def _crawl(folder: Path, site: SampleServer, given: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    line = command(folder, site.url, given)
    return run_line(line)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with SampleServer() as server:
        yield Scene(server, tmp_path_factory.mktemp("names"))


@pytest.mark.long
def test_a_second_crawl_by_a_hard_link_ends_with_75(scene: Scene) -> None:
    assert scene.second.returncode == 75
    assert scene.second.stderr.count("\n") == 1


@pytest.mark.long
def test_a_merge_by_a_hard_link_ends_with_75(scene: Scene) -> None:
    assert scene.merge.returncode == 75


@pytest.mark.long
def test_the_list_of_runs_knows_of_a_crawl_by_a_hard_link(scene: Scene) -> None:
    assert "going on" in scene.runs.stdout


@pytest.mark.long
def test_a_killed_crawl_is_resumed_by_a_hard_link_and_nothing_is_lost(scene: Scene) -> None:
    assert scene.first.returncode == 0
    with closing(sqlite3.connect(scene.store)) as read:
        assert read.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert read.execute("SELECT count(*) FROM articles").fetchone()[0] > scene.kept > 0
        assert read.execute("SELECT exit_status FROM runs").fetchall() == [(None,), (0,)]
    assert not list(scene.other.glob("vov.sqlite?*"))


def make_socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as made:
        made.bind(str(path))


KINDS: dict[str, Callable[[Path], object]] = {
    "a named pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": make_socket,
    "a symbolic link": lambda path: path.symlink_to("elsewhere"),
}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("opens", [open_database, read_database])
def test_a_pipe_in_the_place_of_a_file_beside_the_store_is_refused(
    store: Path, suffix: str, opens: Callable[[str], object]
) -> None:
    place = Path(f"{store}{suffix}")
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    with pytest.raises(StoreError, match=f"cannot open the store {store}: a.sqlite{suffix} is a named pipe"):
        opens(str(store))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_else_is_in_the_locks_place_is_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    # The name of a socket is short.
    monkeypatch.chdir(store.parent)
    Path("a.sqlite.lock").unlink()
    KINDS[kind](Path("a.sqlite.lock"))
    with pytest.raises(StoreError, match=f"a.sqlite.lock is {kind}"):
        open_database("a.sqlite")
    assert not (store.parent / "elsewhere").exists()


@pytest.mark.parametrize("kind", ["a named pipe", "a folder", "a socket"])
def test_what_is_no_file_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    KINDS[kind](Path("b.sqlite"))
    for opens in (open_database, read_database):
        with pytest.raises(StoreError, match=f"it is {kind}"):
            opens("b.sqlite")


def test_a_link_that_leads_to_itself_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").symlink_to("a.sqlite")
    with pytest.raises(StoreError, match="it is a link that leads to itself"):
        open_database(str(tmp_path / "a.sqlite"))


def test_a_link_to_where_no_store_is_yet_makes_it_there(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "a.sqlite").symlink_to("disk/b.sqlite")
    open_database(str(tmp_path / "a.sqlite")).close()
    assert {path.name for path in (tmp_path / "disk").iterdir()} == {"b.sqlite", "b.sqlite.lock"}


def test_a_pipe_that_takes_the_place_of_a_request_for_room_is_not_waited_for(store: Path) -> None:
    with closing(open_database(str(store))) as opened:
        os.mkfifo(f"{store}.waiting")
        assert opened.is_asked_for_room(None) is False
        opened.make_room()


def test_a_feed_to_a_pipe_says_that_it_waits_and_is_read(site: SampleServer, tmp_path: Path) -> None:
    pipe = tmp_path / "feed"
    os.mkfifo(pipe)
    line = command(tmp_path, site.url, ("sections=xa-hoi", "pages=1", "related=0", "-o", f"{pipe}:jsonl"))
    with ExitStack() as stack:
        running = stack.enter_context(
            subprocess.Popen(line, cwd=PROJECT, env=environment(), stderr=subprocess.PIPE, text=True)
        )
        stack.callback(running.kill)
        assert running.stderr is not None
        waits = f"The feed {pipe} is a named pipe: waiting until another program reads it"
        assert any(waits in said for said in running.stderr)
        assert not site.requests
        written = pipe.read_text("utf-8")
        running.stderr.read()
        assert running.wait(60) == 0
    assert written.count("\n") > 1
