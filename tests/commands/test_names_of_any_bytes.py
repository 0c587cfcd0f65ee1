"""Archives whose names are no UTF-8, or hold what urls and logs have other uses for, crawled for real."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Crawl, Crawler, run_line
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.pool import ReaderPool

NAMES = ("tr\udcffang.txt", "a\nb.txt", "50%41%ff#?;+.txt", "\x1b[31m.txt", "tệp.txt", f"{'x' * 250}\udcfe.txt")
UNREADABLE = "h\udcffong.txt"
FOLDER = "l\udcff\n%20u#"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of texts with such names, one of which cannot be read."""
    made = tmp_path / FOLDER
    made.mkdir()
    for number, name in enumerate(NAMES):
        text = f"Tin số {number}\n\nVOV.VN - Sáng nay, cầu thông xe.\n\nĐoạn {number}.\n"
        (made / name).write_text(text, encoding="utf-8")
    (made / UNREADABLE).write_bytes(b"\xe1\xba tin")
    return made


def test_every_file_is_read_once_and_the_same_command_adds_nothing(crawl: Crawler, folder: Path) -> None:
    ended = crawl(f"archive={folder}", mirror=None)
    assert ended.status == 3
    assert "Traceback" not in ended.log
    assert {record["headline"] for record in ended.records()} == {f"Tin số {number}" for number in range(len(NAMES))}
    pages = ended.rows("SELECT url FROM pages WHERE state = 'done'")
    assert {url for (url,) in pages} == {(folder / name).as_uri() for name in NAMES}
    again = crawl(f"archive={folder}", mirror=None)
    assert "Traceback" not in again.log
    assert len(again.records()) == len(NAMES)


def test_one_file_is_read(crawl: Crawler, folder: Path) -> None:
    ended = crawl(f"archive={folder / NAMES[0]}", mirror=None)
    assert (ended.status, len(ended.records())) == (0, 1)


def test_what_is_not_read_is_named_in_a_log_of_its_own(crawl: Crawler, folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    crawl(f"archive={folder}", "--logfile", str(log), mirror=None)
    written = log.read_text(encoding="utf-8")
    assert f"Not read: {(folder / UNREADABLE).as_uri()} (not UTF-8 text" in written
    assert "\x1b" not in written


def test_the_run_is_listed_as_it_was_typed(crawl: Crawler, folder: Path) -> None:
    ended = crawl(f"archive={folder}", mirror=None)
    arguments = json.dumps({"archive": str(folder)}, ensure_ascii=False).replace("\udcff", "\\udcff")
    assert ended.rows("SELECT arguments FROM runs") == [(arguments,)]
    command = [sys.executable, "-m", "scrapy", "runs", "--json", "-s", f"VOV_DATABASE={ended.store}"]
    listed = run_line(command)
    assert listed.returncode == 0
    assert json.loads(listed.stdout)["arguments"] == {"archive": str(folder)}


def test_other_processes_read_them_too(tmp_path: Path) -> None:
    paths = [tmp_path / f"tr\udcffang {number}\n.txt" for number in range(100)]
    for path in paths:
        path.write_text("Tin\n\nMột đoạn.\n", encoding="utf-8")
    with ReaderPool(len(paths)) as pool:
        read = pool.submit([ArchiveFile.of(path) for path in paths]).result()
    assert [type(one).__name__ for one in read] == ["Found"] * len(paths)


@pytest.mark.parametrize(
    "given",
    [
        ("archive=/khong-co/\udcff.txt",),
        ("urls=\udcff.txt",),
        ("urls=https://vov.vn/\udcff",),
        ("sections=th\udcff",),
        ("tags=\udcff-tag1",),
        ("since=2023\udcff",),
        ("only=\udcff",),
        ("\udcff=1",),
    ],
)
def test_a_name_of_such_bytes_that_means_nothing_is_one_line(crawl: Crawler, given: tuple[str, ...]) -> None:
    ended: Crawl = crawl(*given)
    assert ended.status == 2
    assert ended.log.startswith("scrapy crawl: ")
    assert ended.log.removesuffix("\n").isprintable()
