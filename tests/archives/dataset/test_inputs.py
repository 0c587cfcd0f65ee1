"""Which files an archive is, on this machine and on object storage."""

from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from tests.archives.dataset.made import made_here, mixed_up, records_of
from vovcrawl.archives.dataset import inputs
from vovcrawl.crawl.values import ArgumentError


@pytest.fixture
def bucket() -> str:
    """An empty folder of fsspec's storage in memory."""
    files = fsspec.filesystem("memory")
    if files.exists("/bucket"):
        files.rm("/bucket", recursive=True)
    return "memory://bucket"


def test_object_storage_gives_the_same_records_as_the_disk(tmp_path: Path, bucket: str) -> None:
    paths = mixed_up(tmp_path / "archive", seed=6, records=40)
    for path in paths:
        fsspec.filesystem("memory").pipe_file(f"/bucket/{path.name}", path.read_bytes())
    made_here(sorted(paths), tmp_path / "here")
    made_here([bucket], tmp_path / "there", slice_bytes=4_000)
    assert records_of(tmp_path / "there") == records_of(tmp_path / "here")


def test_a_pattern_names_the_files_that_it_fits(bucket: str) -> None:
    for name in ("a.warc.gz", "b.warc.gz", "c.txt", "d.jsonl"):
        fsspec.filesystem("memory").pipe_file(f"/bucket/{name}", b"x")
    assert [file.name for file in inputs.find([f"{bucket}/*.warc.gz"])] == ["a.warc.gz", "b.warc.gz"]


@pytest.mark.parametrize("named", ["memory://bucket/none.warc.gz", "memory://bucket/*.warc", "none://bucket/a.warc"])
def test_what_is_not_there_is_refused_with_one_line(bucket: str, named: str) -> None:
    with pytest.raises(ArgumentError) as error:
        inputs.find([named])
    assert "\n" not in str(error.value)
    assert named in str(error.value)


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"")
    assert len(inputs.find([tmp_path, tmp_path / "a.warc.gz"])) == 1


def test_keys_of_object_storage_are_not_shown(bucket: str) -> None:
    fsspec.filesystem("memory").pipe_file("/bucket/a.warc.gz", b"x")
    (file,) = inputs.find([f"{bucket}/a.warc.gz"], {"secret": "hush"})
    assert "hush" not in repr(file)
