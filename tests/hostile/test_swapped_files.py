"""Archives whose files are swapped for something else after the crawl has checked them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.hostile.swapping import QUEUED, SECRET
from tests.hostile.watching import WatchedCrawl, crawl_watched
from tests.pages.snippets import page
from vovcrawl.archives.files import FileOptions, UnreadableFile, read_one
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.pages import NotAnArticle

HEALTHY = 6

WORDS = "mật ong rừng"
"""What the article says that nobody named."""

SWAPPED = {
    "given/to-secret.html": "a link that is not followed",
    "given/to-passwd.txt": "a link that is not followed",
    "given/to-zero.txt": "a link that is not followed",
    "given/to-healthy.html": "a link that is not followed",
    "given/pipe.html": "no regular file",
    "given/folder.html": "no regular file",
    "given/grown.html": "larger than 1000000 bytes",
    "given/gone.html": "No such file or directory",
    "given/room/a.html": "a link or a file stands where its folder was",
    "given/rooms/deep/a.html": "a link or a file stands where its folder was",
    "second/a.html": "a link or a file stands where its folder was",
    "alone.html": "a link that is not followed",
}


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> WatchedCrawl:
    """A crawl in which all of `SWAPPED` are swapped, for what their names say, before the first file is read."""
    folder = tmp_path_factory.mktemp("swapped")
    for number, name in enumerate((*SWAPPED, *(f"given/healthy-{number}.html" for number in range(HEALTHY)))):
        _write(folder / name, number)
    for name in (SECRET, "elsewhere/a.html"):
        _write(folder / name, 0, WORDS)
    _write(folder / "given" / "dates.html", -1, "Năm 2020, năm 2021. " * 1001)
    (folder / "given" / "link.html").symlink_to("healthy-1.html")
    (folder / "named.html").symlink_to("given/healthy-2.html")
    return crawl_watched(
        folder,
        None,
        f"archive={','.join(str(folder / name) for name in ('given', 'second', 'alone.html', 'named.html'))}",
        "-s",
        'ADDONS={"tests.hostile.swapping.Addon": 1}',
        "-s",
        "DOWNLOAD_MAXSIZE=1000000",
        # The pages are plainer than the site's.
        "-s",
        "VOV_DRIFT=accept",
        own={"SWAP_FOLDER": str(folder)},
    )


def _write(path: Path, number: int, words: str = "Chợ họp sớm") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    address = f"https://vov.vn/xa-hoi/cho-noi-post{1315001 + number}.vov"
    path.write_text(page(f"<p>{words} {number}.</p>", address=address), encoding="utf-8")


@pytest.mark.parametrize("name", SWAPPED)
def test_a_file_that_was_swapped_is_a_failure_with_its_reason(swapped: WatchedCrawl, name: str) -> None:
    assert swapped.page((swapped.folder / name).as_uri()) == ("failed", "unreadable", SWAPPED[name])


def test_the_other_files_are_read(swapped: WatchedCrawl) -> None:
    assert len(swapped.addresses()) == HEALTHY + len(["dates.html"])
    assert swapped.status == 3


@pytest.mark.parametrize("name", ["given/link.html", "named.html"])
def test_a_link_is_read_where_it_led_when_it_was_checked(swapped: WatchedCrawl, name: str) -> None:
    state, outcome, _ = swapped.page((swapped.folder / name).as_uri())
    assert (state, outcome) == ("done", "article")


def test_a_file_that_nobody_named_is_not_read_though_it_is_queued(swapped: WatchedCrawl) -> None:
    assert swapped.page(QUEUED) == ("failed", "unreadable", "no file of the archive")


def test_of_a_page_full_of_dates_the_first_ones_are_kept(swapped: WatchedCrawl) -> None:
    (record,) = (each for each in swapped.records() if each["canonical_url"].endswith("-post1315000.vov"))
    assert len(record["time_expressions"]) == 2000
    assert "only the first 2000 dates are kept" in swapped.log


def test_nothing_of_a_file_that_nobody_named_comes_in(swapped: WatchedCrawl) -> None:
    kept = [swapped.log, swapped.output, *(path.read_text("utf-8", "replace") for path in swapped.folder.glob("vov.*"))]
    assert any("Chợ họp sớm" in text for text in kept)
    for secret in (WORDS, "root:"):
        assert not any(secret in text for text in kept)


def test_a_device_is_not_read() -> None:
    found = read_one(ArchiveFile("a.txt", "/dev", "zero"), FileOptions())
    assert (type(found), str(found)) == (UnreadableFile, "no regular file")


def test_a_file_that_says_it_is_empty_is_not_read_beyond_the_limit() -> None:
    # So it is with a file that grows once it is open.
    endless = ArchiveFile("a.txt", f"/proc/{os.getpid()}", "maps")
    found = read_one(endless, FileOptions(largest=10))
    assert (type(found), str(found)) == (UnreadableFile, "larger than 10 bytes")


def test_without_a_limit_a_file_that_grows_is_not_read_beyond_its_length_when_it_was_opened() -> None:
    found = read_one(ArchiveFile("a.html", f"/proc/{os.getpid()}", "maps"), FileOptions())
    assert isinstance(found, NotAnArticle)
    assert "no markup at all" in str(found)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.html").write_text(page("<p>Một.</p>"), encoding="utf-8")
    (tmp_path / "room" / "link").symlink_to("a.html")
    places = ["room/a.html", "room/link", "room", "room/a.html/b", "none/a", "room/none"]
    before = _open()
    for largest in (0, 3, 1_000_000):
        for place in places:
            read_one(ArchiveFile("a.html", str(tmp_path), place), FileOptions(largest=largest))
    assert _open() == before


def _open() -> int:
    """How many descriptors this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))
