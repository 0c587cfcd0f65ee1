"""What a crawl writes, listens at and unpacks: nothing but what its user named."""

from __future__ import annotations

import tarfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from sample_site.server import Answer, RequestRecord, SampleServer
from tests.hostile.watching import crawl_watched, healthy
from tests.pages.snippets import page
from tests.store.dumped import dumped
from tests.stores import store_at

pytestmark = pytest.mark.long

CLIMBING = ["../climbed.html", "/tmp/climbed.html", "a/../../climbed.html", "..\\climbed.html"]


def listening(pid: int) -> list[str]:
    """The local addresses, in hexadecimal, that a process listens at."""
    own = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            waits = parts[3] == "0A" or table.startswith("udp")
            if waits and f"socket:[{parts[9]}]" in own:
                found.append(parts[1])
    return found


def crawling(folder: Path) -> int:
    """The process of the crawl that keeps its store in a folder."""
    given = f"VOV_DATABASE={store_at(folder / 'vov.sqlite')}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if given in (process / "cmdline").read_bytes().split(b"\0"):
                return int(process.name)
    raise AssertionError("no crawl is going on")


def test_nothing_listens_while_a_crawl_goes_on(tmp_path: Path) -> None:
    ports: list[list[str]] = []
    with SampleServer() as site:
        own = healthy(site, 1)[0]

        def look(record: RequestRecord) -> Answer | None:
            ports.append(listening(crawling(tmp_path)))
            return None

        site.answer(own.address, look)
        crawl = crawl_watched(tmp_path, site.url, f"urls={own.url}")
        assert crawl.status == 0
    assert ports == [[]]


def test_a_crawl_writes_its_store_and_its_feed_and_nothing_else(tmp_path: Path) -> None:
    with SampleServer() as site:
        crawl = crawl_watched(tmp_path, site.url, "sections=the-thao", "related=1")
    assert crawl.status == 0
    assert crawl.written() <= {str(tmp_path / name) for name in ("vov.jsonl", "vov.sqlite", "vov.sqlite.lock")} | {
        "/dev/null"
    }
    assert crawl.started() == []


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.html.zip"])
def test_a_packed_archive_is_refused_and_nothing_is_unpacked(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    packed = folder / name
    if name.endswith("tar"):
        with tarfile.open(packed, "w") as tar:
            for entry in CLIMBING:
                tar.addfile(tarfile.TarInfo(entry))
    else:
        with zipfile.ZipFile(packed, "w") as archive:
            for entry in CLIMBING:
                archive.writestr(entry, page("<p>Một.</p>"))
    crawl = crawl_watched(tmp_path, None, f"archive={packed}")
    assert crawl.status == 2
    assert len(crawl.log.splitlines()) == 1
    assert crawl.written() == set()
    assert [path.name for path in folder.iterdir()] == [name]
    assert not list(tmp_path.rglob("climbed*"))
    assert not Path("/tmp/climbed.html").exists()


def test_nothing_of_a_wacz_is_written_to_the_disk_whatever_its_members_are_called(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "a.html").write_text(page("<p>Một.</p>"))
    with zipfile.ZipFile(folder / "a.wacz", "w") as archive:
        for entry in (*CLIMBING, "archive/../../climbed.warc", "archive/a.warc"):
            archive.writestr(entry, page("<p>Một.</p>"))
    crawl = crawl_watched(tmp_path, None, f"archive={folder}")
    assert crawl.status == 3
    assert sorted(path.name for path in folder.iterdir()) == ["a.html", "a.wacz"]
    assert not list(tmp_path.rglob("climbed*"))
    assert not Path("/tmp/climbed.html").exists()


def test_packed_archives_in_a_folder_are_left_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "a.html").write_text(page("<p>Một.</p>"))
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("../climbed.html", page("<p>Hai.</p>"))
    crawl = crawl_watched(tmp_path, None, f"archive={folder}")
    assert len(crawl.addresses()) == 1
    assert "1 files of the archive are not .html, .txt, .warc[.gz], .wacz or .jsonl[.gz|.zst]" in crawl.log
    assert not list(tmp_path.rglob("climbed*"))


def test_a_link_in_an_archive_does_not_fetch_a_file_from_outside(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("Mật khẩu của tôi\nkhông phải của ai\n")
    (folder / "a.html").write_text(page("<p>Một.</p>"))
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "c.txt").symlink_to("../secret.txt")
    (folder / "d.html").symlink_to("a.html")
    (folder / "e.txt").symlink_to("e.txt")
    crawl = crawl_watched(tmp_path, None, f"archive={folder}")
    for name in ("b.txt", "c.txt"):
        state, outcome, reason = crawl.page((folder / name).as_uri())
        assert (state, outcome, reason) == ("failed", "unreadable", "a link that leads out of the archive's folder")
    assert crawl.page((folder / "d.html").as_uri())[1] == "article"
    assert crawl.page((folder / "e.txt").as_uri())[0] == "failed"
    assert "Mật khẩu" not in "".join(dumped(crawl.store))
    assert crawl.status == 3


def test_a_link_that_the_user_named_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("<p>Một.</p>"))
    (tmp_path / "named.html").symlink_to("a.html")
    crawl = crawl_watched(tmp_path, None, f"archive={tmp_path / 'named.html'}")
    assert crawl.status == 0
    assert len(crawl.addresses()) == 1


@pytest.mark.parametrize("line", ["file:///etc/passwd", "http://127.0.0.1/", "https://vov.vn@evil.example/", "../../a"])
def test_a_list_of_addresses_names_pages_of_the_newspaper_only(tmp_path: Path, line: str) -> None:
    wanted = tmp_path / "addresses.txt"
    wanted.write_text(f"https://vov.vn/xa-hoi/a-post1.vov\n{line}\n")
    crawl = crawl_watched(tmp_path, None, f"urls={wanted}")
    assert crawl.status == 2
    assert not crawl.contacted()
