"""The files that responses are written to, and what becomes of those of a crawl that was killed."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archives.exchanges import exchange, records, warcs
from tests.conftest import PROJECT
from vovcrawl.archives.warc_files import UnwrittenResponse, prepare_folder, repair
from vovcrawl.archives.warc_writing import ResponseArchive
from vovcrawl.crawl.values import ArgumentError

NAME = "vovcrawl-20260716120000-0123abcd-00001.warc.gz"


def written(folder: Path, pages: int = 2, largest: int = 10**9) -> list[Path]:
    """The files of a run that has ended."""
    responses = ResponseArchive(folder, {"software": "a"}, largest)
    for _ in range(pages):
        responses.write(exchange())
    responses.close()
    return warcs(folder)


def left_by_a_kill(folder: Path, torn: int) -> Path:
    """A file that lacks its last bytes, with its marker."""
    (path,) = written(folder)
    os.truncate(path, path.stat().st_size - torn)
    path.with_name(f"{path.name}.open").touch()
    return path


def test_a_file_is_full_at_its_size_and_the_next_one_begins_like_the_first(tmp_path: Path) -> None:
    files = written(tmp_path, pages=3, largest=1)
    assert [path.name[-13:] for path in files] == ["00001.warc.gz", "00002.warc.gz", "00003.warc.gz"]
    for path in files:
        info, response, request = records([path])
        assert (info.kind, response.kind, request.kind) == ("warcinfo", "response", "request")
        assert info.fields["WARC-Filename"] == path.name
        assert {response.fields["WARC-Warcinfo-ID"], request.fields["WARC-Warcinfo-ID"]} == {info.id}


def test_a_run_that_is_answered_nothing_leaves_no_file(tmp_path: Path) -> None:
    ResponseArchive(tmp_path, {}).close()
    assert list(tmp_path.iterdir()) == []


def test_others_may_read_nothing_of_a_file(tmp_path: Path) -> None:
    (path,) = written(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) & 0o137 == 0


def test_a_marker_stands_beside_a_file_as_long_as_it_is_written(tmp_path: Path) -> None:
    responses = ResponseArchive(tmp_path, {})
    responses.write(exchange())
    (path,) = warcs(tmp_path)
    marker = path.with_name(f"{path.name}.open")
    assert marker.exists()
    responses.close()
    assert not marker.exists()


@pytest.mark.parametrize("torn", [1, 50])
def test_a_torn_record_is_cut_off_and_the_whole_ones_stay(tmp_path: Path, torn: int) -> None:
    path = left_by_a_kill(tmp_path, torn)
    (line,) = repair(tmp_path)
    assert line.startswith("Cut ")
    assert path.name in line
    found = records([path])
    assert [record.kind for record in found] == ["warcinfo", "response", "request", "response"]
    assert all(record.problems == () for record in found)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_whole_file_of_a_killed_crawl_stays_as_it_is(tmp_path: Path) -> None:
    path = left_by_a_kill(tmp_path, 0)
    before = path.read_bytes()
    assert repair(tmp_path) == []
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_a_file_without_a_whole_record_is_removed(tmp_path: Path) -> None:
    left_by_a_kill(tmp_path, 0).write_bytes(b"\x1f\x8b")
    (line,) = repair(tmp_path)
    assert "holds no whole record" in line
    assert list(tmp_path.iterdir()) == []


def test_a_marker_whose_file_was_never_made_is_removed(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.open").touch()
    assert repair(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_what_another_process_holds_is_left_alone(tmp_path: Path) -> None:
    path = left_by_a_kill(tmp_path, 1)
    before = path.read_bytes()
    marker = path.with_name(f"{path.name}.open")
    held = f"import fcntl, sys; f = open({str(marker)!r}); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert repair(tmp_path) == []
        assert marker.exists()
        assert path.read_bytes() == before
        other.communicate("\n")


@pytest.mark.parametrize("name", ["others.warc.gz", "vovcrawl-20260716120000.warc.gz"])
def test_files_of_other_programs_are_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"torn")
    (tmp_path / f"{name}.open").touch()
    (tmp_path / NAME).write_bytes(b"torn, and without a marker")
    before = sorted(tmp_path.iterdir())
    assert repair(tmp_path) == []
    assert sorted(tmp_path.iterdir()) == before


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    mine, folder = tmp_path / "mine", tmp_path / "warc"
    mine.write_bytes(b"mine")
    folder.mkdir()
    (folder / NAME).symlink_to(mine)
    (folder / f"{NAME}.open").touch()
    with pytest.raises(OSError, match="symbolic link"):
        repair(folder)
    assert mine.read_bytes() == b"mine"


def test_a_marker_taken_for_that_of_a_dead_process_costs_a_name_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = fcntl.flock
    taken: list[Path] = []

    def take_first(descriptor: int, operation: int) -> None:
        if not taken:
            taken.extend(tmp_path.iterdir())
            taken[0].unlink()
        locked(descriptor, operation)

    monkeypatch.setattr("fcntl.flock", take_first)
    (path,) = written(tmp_path)
    assert path.name.endswith("-00002.warc.gz")
    assert list(tmp_path.iterdir()) == [path]


class Disk:
    """Writes so many bytes and no more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._write = os.write

    def write(self, descriptor: int, data: memoryview) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = self._write(descriptor, data[: self.room])
        self.room -= written
        return written


def test_a_disk_that_gets_full_leaves_whole_records_and_fails_ever_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = ResponseArchive(tmp_path, {})
    responses.write(exchange())
    (path,) = warcs(tmp_path)
    whole = path.stat().st_size
    disk = Disk(100)
    monkeypatch.setattr("os.write", disk.write)
    with pytest.raises(UnwrittenResponse, match=r"cannot be written to .*\.warc\.gz: No space left on device"):
        responses.write(exchange())
    assert path.stat().st_size == whole
    disk.room = 10**6
    for fails in (responses.sync, lambda: responses.write(exchange())):
        with pytest.raises(UnwrittenResponse):
            fails()
    responses.close()
    assert path.stat().st_size == whole


def test_a_file_that_cannot_even_be_cut_is_left_to_the_next_crawl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = ResponseArchive(tmp_path, {})
    responses.write(exchange())

    def fail(descriptor: int, length: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("os.write", Disk(100).write)
        patch.setattr("os.ftruncate", fail)
        with pytest.raises(UnwrittenResponse):
            responses.write(exchange())
    responses.close()
    (line,) = repair(tmp_path)
    assert line.startswith("Cut 100 bytes")


def test_a_sync_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    responses = ResponseArchive(tmp_path, {})
    responses.write(exchange())

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(UnwrittenResponse, match="Input/output error"):
        responses.sync()
    responses.close()


def test_a_sync_reaches_the_disk_once_for_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    responses = ResponseArchive(tmp_path, {})
    responses.write(exchange())
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    responses.sync()
    responses.sync()
    assert len(synced) == 1
    responses.close()


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("name", ["file", "file/below", "n\0ul"])
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArgumentError, match=r"VOV_WARC: the folder .* cannot be made"):
        prepare_folder(tmp_path / name)


def test_a_folder_that_may_not_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write everywhere.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(ArgumentError, match="VOV_WARC: nothing may be written into the folder"):
        prepare_folder(tmp_path)
