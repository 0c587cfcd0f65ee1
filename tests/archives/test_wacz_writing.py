"""A WACZ, as others read it: zip, gzip, CDXJ and warcio."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.archives.exchanges import PAGE, SENT_AT, exchange, warcs
from tests.conftest import PROJECT
from vovcrawl.archives import wacz_writing
from vovcrawl.archives.new_file import NewFile
from vovcrawl.archives.wacz_writing import NothingToPack, PageOfArticle, warc_names, write_wacz
from vovcrawl.archives.warc_writing import Exchange, ResponseArchive

OTHER = "https://vov.vn/kinh-te/gia-gao-post2.vov"
GONE = "https://vov.vn/kinh-te/khong-co-post3.vov"
PAGES = [
    PageOfArticle(PAGE, "Cầu mới ở “bản” vùng cao", "2026-07-15T08:00:00+07:00"),
    PageOfArticle(OTHER, "Giá gạo", "2026-07-14T08:00:00+07:00"),
    PageOfArticle(GONE, "Không có trong tệp nào", None),
]
WACZ = PROJECT / ".venv-wacz" / "bin" / "wacz"


def kept(folder: Path, *exchanges: Exchange) -> None:
    """A run that keeps these."""
    responses = ResponseArchive(folder, {"software": "a"})
    for each in exchanges:
        responses.write(each)
    responses.close()


@dataclass
class Package:
    """A WACZ, read."""

    path: Path

    def __post_init__(self) -> None:
        with zipfile.ZipFile(self.path) as archive:
            assert archive.testzip() is None
            self.infos = {info.filename: info for info in archive.infolist()}
            self.files = {name: archive.read(name) for name in self.infos}

    @property
    def warcs(self) -> dict[str, bytes]:
        return {name.partition("/")[2]: data for name, data in self.files.items() if name.startswith("archive/")}

    @property
    def index(self) -> list[tuple[str, str, dict[str, str]]]:
        lines = gzip.decompress(self.files["indexes/index.cdx.gz"]).decode().splitlines()
        assert lines == sorted(lines)
        return [(key, stamp, json.loads(rest)) for key, stamp, rest in (line.split(" ", 2) for line in lines)]

    @property
    def pages(self) -> list[dict[str, Any]]:
        head, *lines = map(json.loads, self.files["pages/pages.jsonl"].decode().splitlines())
        assert head["format"] == "json-pages-1.0"
        return lines

    @property
    def description(self) -> dict[str, Any]:
        return dict(json.loads(self.files["datapackage.json"]))

    def record(self, entry: dict[str, str]) -> tuple[str, bytes]:
        """The url and the body of the record that a line of the index names."""
        data = self.warcs[entry["filename"]][int(entry["offset"]) :][: int(entry["length"])]
        assert entry["recordDigest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        record = next(iter(ArchiveIterator(BytesIO(data))))
        return record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of two runs: a page twice, another one, and one that is gone."""
    made = tmp_path / "warc"
    made.mkdir()
    kept(made, exchange(), exchange(OTHER, body=b"gao"))
    later = SENT_AT + timedelta(days=1)
    gone = exchange(GONE, head=b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n", sent_at=later)
    kept(made, exchange(body=b"moi", sent_at=later), gone)
    return made


def pack(folder: Path, target: Path, takes: Callable[[str], bool] | None = None) -> Package:
    with NewFile(str(target), force=True) as file:
        write_wacz(file, folder, warc_names(folder), PAGES, takes)
    return Package(target)


def test_warc_files_are_stored_as_they_are(folder: Path, tmp_path: Path) -> None:
    package = pack(folder, tmp_path / "a.wacz")
    assert package.warcs == {path.name: path.read_bytes() for path in warcs(folder)}
    stored = [name for name, info in package.infos.items() if info.compress_type == zipfile.ZIP_STORED]
    assert [name for name in package.infos if name.endswith(".gz")] == stored


def test_every_response_is_found_by_the_index(folder: Path, tmp_path: Path) -> None:
    package = pack(folder, tmp_path / "a.wacz")
    assert [(key, stamp, entry["status"], entry["mime"]) for key, stamp, entry in package.index] == [
        ("vn,vov)/kinh-te/gia-gao-post2.vov", "20260716050000", "200", "text/html"),
        ("vn,vov)/kinh-te/khong-co-post3.vov", "20260717050000", "404", "text/html"),
        ("vn,vov)/xa-hoi/cau-moi-post1.vov", "20260716050000", "200", "text/html"),
        ("vn,vov)/xa-hoi/cau-moi-post1.vov", "20260717050000", "200", "text/html"),
    ]
    found = [package.record(entry) for _, _, entry in package.index]
    assert [url for url, _ in found] == [OTHER, GONE, PAGE, PAGE]
    assert [body for _, body in found][::3] == [b"gao", b"moi"]


def test_blocks_of_the_index_are_found_by_the_short_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wacz_writing, "_LINES_OF_A_BLOCK", 3)
    package = pack(folder, tmp_path / "a.wacz")
    meta, *places = package.files["indexes/index.idx"].decode().splitlines()
    assert meta == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    packed, lines = package.files["indexes/index.cdx.gz"], []
    for place in places:
        key, stamp, rest = place.split(" ", 2)
        at = json.loads(rest)
        block = packed[at["offset"] :][: at["length"]]
        assert at["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        found = gzip.decompress(block).decode().splitlines()
        assert found[0].startswith(f"{key} {stamp} ")
        lines += found
    assert len(places) == 2
    assert len(lines) == len(package.index)


def test_pages_are_the_articles_with_a_response_by_their_dates(folder: Path, tmp_path: Path) -> None:
    package = pack(folder, tmp_path / "a.wacz")
    assert [(page["url"], page["ts"], page["title"]) for page in package.pages] == [
        (OTHER, "2026-07-16T05:00:00Z", "Giá gạo"),
        (PAGE, "2026-07-17T05:00:00Z", "Cầu mới ở “bản” vùng cao"),
    ]
    assert len({page["id"] for page in package.pages}) == 2


def test_every_file_is_described_with_its_digest(folder: Path, tmp_path: Path) -> None:
    package = pack(folder, tmp_path / "a.wacz")
    described = {each["path"]: (each["hash"], each["bytes"]) for each in package.description["resources"]}
    own = {"datapackage.json", "datapackage-digest.json"}
    assert described == {
        name: (f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
        for name, data in package.files.items()
        if name not in own
    }
    assert package.description["wacz_version"] == "1.1.1"
    assert package.description["created"] == "2026-07-17T05:00:00Z"
    digest = json.loads(package.files["datapackage-digest.json"])
    assert digest["hash"] == f"sha256:{hashlib.sha256(package.files['datapackage.json']).hexdigest()}"


def test_the_same_files_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = pack(folder, tmp_path / "a.wacz").path.read_bytes()
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    assert pack(folder, tmp_path / "b.wacz").path.read_bytes() == first


def test_only_what_is_wanted_is_packed_with_what_is_said_of_its_file(folder: Path, tmp_path: Path) -> None:
    package = pack(folder, tmp_path / "a.wacz", lambda key: key.endswith("post2.vov"))
    (data,) = package.warcs.values()
    kinds = [record.rec_type for record in ArchiveIterator(BytesIO(data))]
    assert kinds == ["warcinfo", "response", "request"]
    assert [package.record(entry) for _, _, entry in package.index] == [(OTHER, b"gao")]
    assert [page["url"] for page in package.pages] == [OTHER]


def test_a_file_that_is_torn_is_packed_up_to_its_last_whole_record(folder: Path, tmp_path: Path) -> None:
    whole = {path.name: path.read_bytes() for path in warcs(folder)}
    torn = warcs(folder)[0]
    with torn.open("ab") as file:
        file.write(whole[torn.name][:50])
    assert pack(folder, tmp_path / "a.wacz").warcs == whole


@pytest.mark.parametrize("takes", [None, lambda key: False], ids=["no record", "none wanted"])
def test_nothing_to_pack_leaves_nothing(folder: Path, tmp_path: Path, takes: Callable[[str], bool] | None) -> None:
    if takes is None:
        for path in warcs(folder):
            path.write_bytes(b"")
    with pytest.raises(NothingToPack):
        pack(folder, tmp_path / "a.wacz", takes)
    assert [path.name for path in tmp_path.iterdir()] == ["warc"]


def test_a_name_of_any_bytes_is_written_in_letters_that_every_program_takes(folder: Path, tmp_path: Path) -> None:
    first = warcs(folder)[0]
    first.rename(folder / os.fsdecode(b"c\xe1 \x1b.warc.gz"))
    package = pack(folder, tmp_path / "a.wacz")
    assert "c---.warc.gz" in package.warcs
    assert "c---.warc.gz" in {entry["filename"] for _, _, entry in package.index}


def test_a_link_among_the_files_is_not_followed(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(warcs(folder)[0].read_bytes())
    (folder / "z.warc.gz").symlink_to(mine)
    with pytest.raises(OSError, match="link"):
        pack(folder, tmp_path / "a.wacz")
    assert not (tmp_path / "a.wacz").exists()


def test_records_of_other_programs_are_indexed_as_far_as_they_say_when_they_were_captured(
    folder: Path, tmp_path: Path
) -> None:
    def record(date: str) -> bytes:
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <{PAGE}>\r\nWARC-Date: {date}\r\n"
        return gzip.compress(f"{head}Content-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n".encode())

    (folder / "other.warc.gz").write_bytes(record("2026-07-01T00:00:00Z") + record("2026-13-01T00:00:00Z"))
    package = pack(folder, tmp_path / "a.wacz")
    (entry,) = [entry for _, _, entry in package.index if entry["filename"] == "other.warc.gz"]
    assert entry["url"] == PAGE
    assert "mime" not in entry


@pytest.mark.skipif(not WACZ.exists(), reason="wacz has an environment of its own, which .ci/run makes in .venv-wacz")
def test_wacz_itself_finds_the_package_valid(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "a.wacz")
    said = subprocess.run(
        [WACZ, "validate", "-f", tmp_path / "a.wacz"], capture_output=True, text=True, timeout=120, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "the passed WACZ is valid" in said.stdout


@pytest.mark.skipif(not WACZ.exists(), reason="wacz has an environment of its own, which .ci/run makes in .venv-wacz")
def test_the_index_is_the_one_that_wacz_itself_makes(folder: Path, tmp_path: Path) -> None:
    unchanged = exchange(head=b"HTTP/1.1 304 Not Modified\r\nETag: a\r\n", body=b"")
    moved = exchange("https://www.vov.vn/A%20b?z=1&a=2", head=b"HTTP/1.1 301 Moved\r\nLocation: /b\r\n", body=b"")
    kept(folder, replace(unchanged, is_not_modified=True), moved)
    own = pack(folder, tmp_path / "a.wacz")
    shutil.copytree(folder, tmp_path / "copy")
    subprocess.run(
        [WACZ, "create", "-o", tmp_path / "b.wacz", *warcs(tmp_path / "copy")],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert Package(tmp_path / "b.wacz").index == own.index
