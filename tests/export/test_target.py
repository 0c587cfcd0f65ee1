"""An export appears where it is to stand whole, or not at all."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.export.exported import tree
from vovcrawl.crawl.values import ArgumentError
from vovcrawl.export import target as room
from vovcrawl.export.stopping import Stopped, stopped_by_signals
from vovcrawl.export.target import Target
from vovcrawl.work_folders import locked

SAID = {"made_by": "vovcrawl", "version": "1"}
KILLED = 9


def put(path: Path, text: str, *, is_folder: bool = False, force: bool = True) -> None:
    """Exports `text`, as a file or as the only file of a folder."""
    target = Target(str(path), is_folder=is_folder, force=force)
    target.check()
    with target:
        place = target.place / "a.txt" if is_folder else target.place
        place.write_text(text, encoding="utf-8")
        target.install(SAID)


def text_at(path: Path, *, is_folder: bool) -> str:
    return (path / "a.txt" if is_folder else path).read_text(encoding="utf-8")


def manifest_of(path: Path, *, is_folder: bool) -> Path:
    return path / "manifest.json" if is_folder else path.with_name(f"{path.name}.manifest.json")


def kept_promise(path: Path, *, is_folder: bool) -> bool:
    """Whether a manifest that is there fits what it stands beside."""
    manifest = manifest_of(path, is_folder=is_folder)
    if not manifest.exists():
        return not is_folder
    (listed,) = json.loads(manifest.read_bytes())["files"]
    file = path / listed["path"] if is_folder else path.with_name(listed["path"])
    return bool(listed["sha256"] == sha256(file.read_bytes()).hexdigest())


@pytest.mark.parametrize("is_folder", [False, True])
def test_an_export_stands_with_its_manifest_and_leaves_nothing_beside(tmp_path: Path, is_folder: bool) -> None:
    path = tmp_path / "out"
    put(path, "mới", is_folder=is_folder, force=False)
    assert text_at(path, is_folder=is_folder) == "mới"
    assert kept_promise(path, is_folder=is_folder)
    assert {each.name for each in tmp_path.iterdir()} == {"out"} | (set() if is_folder else {"out.manifest.json"})


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_is_there_is_replaced_only_by_force(tmp_path: Path, is_folder: bool) -> None:
    path = tmp_path / "out"
    put(path, "cũ", is_folder=is_folder)
    with pytest.raises(ArgumentError, match="is there already; right would be another path, or --force"):
        put(path, "mới", is_folder=is_folder, force=False)
    assert text_at(path, is_folder=is_folder) == "cũ"
    put(path, "mới", is_folder=is_folder)
    assert text_at(path, is_folder=is_folder) == "mới"
    assert kept_promise(path, is_folder=is_folder)


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "luan-an.docx").touch()


def a_link(path: Path) -> None:
    path.with_name("other").touch()
    path.symlink_to("other")


def a_database(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0 and so on")


def a_manifest_of_others(path: Path) -> None:
    manifest_of(path, is_folder=False).write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("is_folder", "make", "why"),
    [
        (False, a_folder, "is no file, and is not replaced by one"),
        (False, os.mkfifo, "is no file, and is not replaced by one"),
        (False, a_link, "is a symbolic link"),
        (False, a_database, "is a database without the manifest of an export"),
        (False, a_manifest_of_others, "is no manifest of an export"),
        (True, a_folder, "is a folder without the manifest.json of an export"),
        (True, Path.touch, "is no folder, and is not replaced by one"),
        (True, a_link, "is a symbolic link"),
    ],
)
def test_force_replaces_nothing_that_is_no_export(
    tmp_path: Path, is_folder: bool, make: Callable[[Path], None], why: str
) -> None:
    path = tmp_path / "out"
    make(path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArgumentError, match=why):
        put(path, "mới", is_folder=is_folder)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("path", "why"), [("absent/out", "there is no folder"), ("/", "names no file"), ("a\0", "name")]
)
def test_a_path_that_cannot_be_made_is_refused(tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(ArgumentError, match=why):
        Target(path if path == "/" else str(tmp_path / path), is_folder=False, force=False).check()


def test_what_comes_there_meanwhile_is_not_replaced_without_force(tmp_path: Path) -> None:
    path = tmp_path / "out"
    target = Target(str(path), is_folder=False, force=False)
    target.check()
    with pytest.raises(ArgumentError, match="is there already"), target:
        target.place.write_text("mới", encoding="utf-8")
        path.write_text("của người khác", encoding="utf-8")
        target.install(SAID)
    assert tree(tmp_path) == {"out": "của người khác".encode()}


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_failure_leaves_what_was_there(tmp_path: Path, is_folder: bool) -> None:
    path = tmp_path / "out"
    put(path, "cũ", is_folder=is_folder)
    before = tree(tmp_path)
    target = Target(str(path), is_folder=is_folder, force=True)
    with pytest.raises(OSError, match="full"), target:
        (target.place / "a.txt" if is_folder else target.place).write_text("nửa", encoding="utf-8")
        raise OSError("full")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_signal_while_the_place_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_folder: bool
) -> None:
    def signalled(folder: Path) -> int | None:
        # The system hands a signal to any thread, and libraries that write exports have threads of their own.
        other = threading.Thread(target=signal.raise_signal, args=(signal.SIGTERM,))
        other.start()
        other.join()
        return locked(folder)

    monkeypatch.setattr(room, "locked", signalled)
    with pytest.raises(Stopped), stopped_by_signals():
        put(tmp_path / "vov", "mới", is_folder=is_folder)
    assert list(tmp_path.iterdir()) == []


class TestKills:
    """A process that dies at any step."""

    def put_and_die(self, path: Path, is_folder: bool, step: int, monkeypatch: pytest.MonkeyPatch) -> bool:
        """Exports in a process that is killed before the step with this number; whether it came so far."""
        child = os.fork()
        if child == 0:
            left = step

            def count(call: Callable[..., Any]) -> Callable[..., Any]:
                def counted(*given: Any, **named: Any) -> Any:
                    nonlocal left
                    left -= 1
                    if left < 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return call(*given, **named)

                return counted

            for owner, name in [
                *((Path, name) for name in ("mkdir", "unlink", "rename", "replace", "write_text", "open")),
                *((room, name) for name in ("rename", "sync")),
                *((os, name) for name in ("sync", "open")),
                (room.shutil, "rmtree"),  # type: ignore[attr-defined]
            ]:
                monkeypatch.setattr(owner, name, count(getattr(owner, name)))
            try:
                put(path, "mới", is_folder=is_folder)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)

    @pytest.mark.parametrize("is_folder", [False, True])
    @pytest.mark.parametrize("knows_exchange", [True, False])
    def test_the_old_export_or_the_new_one_is_there_whole(
        self, tmp_path: Path, is_folder: bool, knows_exchange: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "out"
        if not knows_exchange:
            monkeypatch.setattr(room, "rename", lambda *given: False)
        steps, seen = 0, set()
        while True:
            put(path, "cũ", is_folder=is_folder)
            if not self.put_and_die(path, is_folder, steps, monkeypatch):
                break
            if knows_exchange or not is_folder:
                seen.add(text_at(path, is_folder=is_folder))
                assert kept_promise(path, is_folder=is_folder)
            # What the next export does first.
            Target(str(path), is_folder=is_folder, force=True).check()
            seen.add(text_at(path, is_folder=is_folder))
            assert kept_promise(path, is_folder=is_folder)
            assert manifest_of(path, is_folder=is_folder).exists() or text_at(path, is_folder=is_folder) == "cũ"
            assert not list(tmp_path.glob(".*"))
            steps += 1
        assert steps > 8
        assert seen == {"cũ", "mới"}

    def test_what_a_living_process_writes_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        with Target(str(path), is_folder=False, force=False) as living:
            living.place.write_text("còn viết", encoding="utf-8")
            put(path, "xong trước", force=False)
            assert living.place.read_text(encoding="utf-8") == "còn viết"
        assert path.read_text(encoding="utf-8") == "xong trước"

    def test_files_with_similar_names_are_left_alone(self, tmp_path: Path) -> None:
        similar = [tmp_path / name for name in (".out.export", ".out.12345678.exported", ".xout.12345678.export")]
        for each in similar:
            each.mkdir()
        put(tmp_path / "out", "mới")
        assert all(each.is_dir() for each in similar)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two folders")
def test_a_folder_that_is_replaced_is_never_away(tmp_path: Path) -> None:
    path = tmp_path / "out"
    put(path, "0", is_folder=True)
    child = os.fork()
    if child == 0:
        for number in range(30):
            put(path, str(number), is_folder=True)
        os._exit(0)
    away = 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        away += not path.exists()
        time.sleep(0)
    assert away == 0
