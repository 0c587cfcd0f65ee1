"""A file that appears whole or not at all."""

from __future__ import annotations

import fcntl
import stat
from pathlib import Path

import pytest

from vovcrawl.archives.new_file import NewFile
from vovcrawl.crawl.values import ArgumentError


def test_a_file_appears_when_it_is_installed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with NewFile(str(path), force=False) as new:
        new.file.write(b"whole")
        assert not path.exists()
        new.install()
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) & 0o137 == 0


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), NewFile(str(path), force=True) as new:
        new.file.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_removed_but_for_what_is_written_and_what_is_of_others(tmp_path: Path) -> None:
    dead, others, written = (tmp_path / f".{name}.part" for name in ("a.0123abcd", "b.0123abcd", "a.4567abcd"))
    for path in (dead, others, written):
        path.touch()
    with written.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with NewFile(str(tmp_path / "a"), force=False) as new:
            new.install()
    assert sorted(tmp_path.iterdir()) == sorted([others, written, tmp_path / "a"])


@pytest.mark.parametrize(
    ("name", "force", "line"),
    [
        ("there", False, "is there already; right would be another path, or --force"),
        ("folder", True, "is no file"),
        ("link", True, "is no file"),
        ("none/a", False, "there is no folder"),
        ("n\0ul", False, "no file can have that name"),
        ("x" * 300, False, "cannot be written: File name too long"),
    ],
)
def test_a_place_that_is_wrong_is_refused_in_one_line(tmp_path: Path, name: str, force: bool, line: str) -> None:
    (tmp_path / "there").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(ArgumentError, match=line):
        NewFile(str(tmp_path / name), force=force).check()


def test_what_came_there_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with NewFile(str(path), force=False) as new:
        path.write_bytes(b"of another")
        with pytest.raises(ArgumentError, match="is there already"):
            new.install()
    assert path.read_bytes() == b"of another"
