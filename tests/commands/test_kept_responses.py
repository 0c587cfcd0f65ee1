"""Crawls of the sample site that keep every response."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from sample_site.site import HOSTS
from tests.archives.exchanges import Record, records, warcs
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, kill_crawl
from tests.stores import tables

pytestmark = pytest.mark.long

SECTION = ("sections=xa-hoi", "related=0", "pages=1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


def asked(site: SampleServer) -> Counter[str]:
    """How often each page was asked for."""
    return Counter(f"https://{request.host}{request.path}" for request in site.requests)


def of_kind(folder: Path, *kinds: str) -> list[Record]:
    return [record for record in records(warcs(folder)) if record.kind in kinds]


def without_response(ended: Crawl, folder: Path) -> set[str]:
    """The urls of kept articles that have no response in the files."""
    answered = {record.url for record in of_kind(folder, "response")}
    return {url for (url,) in ended.rows("SELECT url FROM articles")} - answered


def test_every_response_is_kept_with_its_request(crawl: Crawler, site: SampleServer, folder: Path) -> None:
    ended = crawl(*SECTION, "-s", f"VOV_WARC={folder}")
    assert ended.status == 0
    seen = asked(site)
    assert "https://vov.vn/robots.txt" in seen
    for kinds in (("response",), ("request",)):
        found = of_kind(folder, *kinds)
        assert Counter(record.url for record in found) == seen
        assert all(record.problems == () for record in found)
    assert without_response(ended, folder) == set()
    assert [path.suffix for path in folder.iterdir()] == [".gz"]


def test_responses_stand_as_they_came(crawl: Crawler, site: SampleServer, folder: Path) -> None:
    story = site.site.listings["xa-hoi"][0].address
    packed = gzip.compress(site.pages.get(story).body, mtime=0)
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html; charset=UTF-8", "x-TEST": "Caf\xe9  au"}
    site.answer(story, status=200, body=packed, headers=headers)
    assert crawl(f"urls=https://vov.vn{story}", "-s", f"VOV_WARC={folder}").status == 0
    (response,) = [record for record in of_kind(folder, "response") if record.url == f"https://vov.vn{story}"]
    assert response.body == packed
    assert "Content-Encoding: gzip\r\n" in response.head
    assert f"Content-Length: {len(packed)}\r\n" in response.head
    assert "x-TEST: Caf\xe9  au\r\n" in response.head


def test_attempts_redirects_and_unchanged_pages_are_kept(crawl: Crawler, site: SampleServer, folder: Path) -> None:
    first, second = (story.address for story in site.site.listings["xa-hoi"][:2])
    moved = "/xa-hoi/da-chuyen-post999.vov"
    site.answer(moved, status=301, headers={"Location": f"https://vov.vn{second}"})
    site.answer(first, status=503, body="lỗi", headers={"Retry-After": "0"}, times=1)
    urls = f"urls=https://vov.vn{first},https://vov.vn{moved}"
    assert crawl(urls, "-s", f"VOV_WARC={folder}").status == 0
    assert crawl(urls, "-s", f"VOV_WARC={folder}").status == 0
    found = [(record.url, record.head.split(" ")[1]) for record in of_kind(folder, "response", "revisit")]
    assert Counter(url for url, _ in found) == asked(site)
    assert [status for url, status in found if url == f"https://vov.vn{first}"][:2] == ["503", "200"]
    assert (f"https://vov.vn{moved}", "301") in found
    assert (f"https://vov.vn{second}", "200") in found
    assert {record.head.split(" ")[1] for record in of_kind(folder, "revisit")} <= {"304"}


def test_an_unchanged_page_is_kept_as_a_revisit(crawl: Crawler, folder: Path) -> None:
    window = ("sections=xa-hoi", "since=2026-07-15", "sources=listing", "related=0")
    crawl(*window)
    assert crawl(*window, "-s", f"VOV_WARC={folder}").status == 0
    revisits = of_kind(folder, "revisit")
    assert revisits
    assert all(record.body == b"" and " 304 " in record.head for record in revisits)


def test_a_mirror_and_its_password_are_nowhere_in_the_files(crawl: Crawler, site: SampleServer, folder: Path) -> None:
    first, second = (story.address for story in site.site.listings["xa-hoi"][:2])
    site.answer(first, status=302, headers={"Location": f"{site.url}{second}"})
    secret = site.url.replace("//", "//user:kingfisher-4711@")
    assert crawl(f"urls=https://vov.vn{first}", "-s", f"VOV_WARC={folder}", mirror=secret).status == 0
    (data,) = [gzip.decompress(path.read_bytes()) for path in warcs(folder)]
    for hidden in (b"kingfisher", b"uthorization", b"127.0.0.1", site.url.encode()):
        assert hidden not in data
    assert f"Location: https://vov.vn{second}".encode() in data
    assert {record.head.partition("Host: ")[2].partition("\r")[0] for record in of_kind(folder, "request")} <= {*HOSTS}


def test_the_files_say_who_wrote_them_and_what_for(crawl: Crawler, folder: Path) -> None:
    assert crawl(*SECTION, "-s", f"VOV_WARC={folder}", "-s", "VOV_CONTACT=ai@lab.example").status == 0
    (about,) = of_kind(folder, "warcinfo")
    said = dict(line.split(": ", 1) for line in about.body.decode().splitlines())
    assert said["software"].startswith("vovcrawl/")
    assert said["format"] == "WARC File Format 1.1"
    assert said["arguments"] == '{"sections": "xa-hoi", "related": "0", "pages": "1"}'
    assert said["robots"] == "obeyed as vovcrawl"
    assert "ai@lab.example" in said["http-header-user-agent"]
    assert said["operator"] == "ai@lab.example"


def test_without_the_setting_nothing_of_it_is_loaded(site: SampleServer, tmp_path: Path) -> None:
    say = (
        "import sys; from scrapy.cmdline import execute\n"
        "try: execute()\n"
        "finally: print([name for name in sys.modules if name.startswith(('warcio', 'vovcrawl.downloader.warc'))])"
    )
    line = command(tmp_path, site.url, (f"urls=https://vov.vn{site.site.listings['xa-hoi'][0].address}",))
    ended = subprocess.run(
        [sys.executable, "-c", say, *line[3:]], cwd=PROJECT, env=environment(), capture_output=True, text=True
    )
    assert ended.stdout.strip().splitlines()[-1] == "[]"


def test_saved_pages_are_read_without_writing_any(crawl: Crawler, site: SampleServer, folder: Path) -> None:
    (folder.parent / "a.html").write_bytes(site.pages.get(site.site.listings["xa-hoi"][0].address).body)
    assert crawl(f"archive={folder.parent / 'a.html'}", "-s", f"VOV_WARC={folder}").status == 0
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_asked_for(
    crawl: Crawler, site: SampleServer, tmp_path: Path
) -> None:
    (tmp_path / "warc").touch()
    ended = crawl(*SECTION, "-s", f"VOV_WARC={tmp_path / 'warc'}")
    assert ended.status == 2
    assert len(ended.log.strip().splitlines()) == 1
    assert "VOV_WARC: the folder" in ended.log
    assert site.requests == []
    assert tables(ended.store) == set()


def test_a_crawl_that_was_killed_is_resumed_and_every_article_has_its_response(
    crawl: Crawler, site: SampleServer, tmp_path: Path, folder: Path
) -> None:
    given = ("sections=xa-hoi", "related=0", "-s", f"VOV_WARC={folder}")
    kill_crawl(site, tmp_path, *given)
    (left,) = folder.glob("*.open")
    with (folder / left.name.removesuffix(".open")).open("ab") as file:
        file.write(b"\x1f\x8b torn")
    ended = crawl(*given)
    assert ended.status == 0
    assert "Cut 7 bytes of a torn record off vovcrawl-" in ended.log
    assert [path.name for path in folder.iterdir() if path.suffix == ".open"] == []
    assert without_response(ended, folder) == set()
    assert all(record.problems == () for record in records(warcs(folder)))
