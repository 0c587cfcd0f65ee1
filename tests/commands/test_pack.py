"""`scrapy pack` on what a crawl of the sample site has kept."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sample_site.expected import expected_record
from sample_site.server import SampleServer
from tests.archives.exchanges import Record, records, warcs
from tests.conftest import PROJECT, ask, command, environment
from tests.stores import open_store
from vovcrawl.store.article_urls import article_urls

VOV = "https://vov.vn"
MOVED = "/xa-hoi/da-chuyen-post999.vov"
TWICE = "/xa-hoi/da-chuyen-nua-post998.vov"


class Kept:
    """A crawl that kept its responses."""

    def __init__(self, site: SampleServer, folder: Path) -> None:
        stories = site.site.listings["xa-hoi"][:6]
        self.records = [expected_record(story, site.site) for story in stories]
        site.answer(MOVED, status=301, headers={"Location": f"{VOV}{stories[5].address}"})
        site.answer(TWICE, status=301, headers={"Location": f"{VOV}{MOVED}"})
        self.store, self.warc = folder / "vov.sqlite", folder / "warc"
        urls = ",".join(VOV + path for path in [*(story.address for story in stories[:5]), TWICE])
        line = command(folder, site.url, (f"urls={urls}", "-s", f"VOV_WARC={self.warc}"))
        subprocess.run(line, cwd=PROJECT, env=environment(), check=True, capture_output=True, timeout=120)

    def pack(self, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
        return ask("pack", self.store, "-s", f"VOV_WARC={self.warc}", "-o", str(target), *options)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with SampleServer() as server:
        yield Kept(server, tmp_path_factory.mktemp("kept"))


def titles(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("pages/pages.jsonl").decode().splitlines()[1:]
    return {page["url"]: page["title"] for page in map(json.loads, lines)}


def test_all_that_was_kept_is_packed_with_the_articles_as_pages(kept: Kept, tmp_path: Path) -> None:
    said = kept.pack(tmp_path / "a.wacz")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("9 responses of 1 files, 6 articles")
    assert sorted(titles(tmp_path / "a.wacz").values()) == sorted(record["headline"] for record in kept.records)


def test_a_window_takes_its_articles_alone_and_what_led_to_them(kept: Kept, tmp_path: Path) -> None:
    day = kept.records[5]["date_published"][:10]
    wanted = [record for record in kept.records if record["date_published"].startswith(day)]
    assert len(wanted) < len(kept.records)
    assert kept.pack(tmp_path / "a.wacz", "--since", day, "--until", day).returncode == 0
    assert sorted(titles(tmp_path / "a.wacz").values()) == sorted(record["headline"] for record in wanted)
    with zipfile.ZipFile(tmp_path / "a.wacz") as archive:
        (name,) = [name for name in archive.namelist() if name.startswith("archive/")]
        archive.extract(name, tmp_path)
    urls = [record.url for record in of_kind(tmp_path / name, "response")]
    assert len(urls) == len(wanted) + 2
    assert {VOV + MOVED, VOV + TWICE} < set(urls)


def of_kind(path: Path, kind: str) -> list[Record]:
    return [record for record in records([path]) if record.kind == kind]


def test_every_url_that_led_to_an_article_is_known(kept: Kept, tmp_path: Path) -> None:
    shutil.copy(kept.store, tmp_path / "a.sqlite")
    database = open_store(tmp_path / "a.sqlite")
    last = kept.records[5]["canonical_url"]
    found = {each.url for each in article_urls(database.connection) if each.canonical_url == last}
    database.close()
    assert found == {last, VOV + MOVED, VOV + TWICE}


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--since", "2030-01-01"), "there is nothing to pack: no response in that window is kept in"),
        (("-s", "VOV_WARC="), "VOV_WARC is not set"),
        (("-s", f"VOV_WARC={PROJECT / 'docs'}"), "holds no .warc.gz file"),
        (("-o", "a.zip"), "is no name of a WACZ; right would be a.zip.wacz"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(
    kept: Kept, tmp_path: Path, options: tuple[str, ...], line: str
) -> None:
    said = kept.pack(tmp_path / "a.wacz", *options)
    assert said.returncode == 2
    assert len(said.stderr.splitlines()) == 1
    assert line in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_not_there_is_a_store_problem(kept: Kept, tmp_path: Path) -> None:
    said = ask("pack", tmp_path / "a.sqlite", "-s", f"VOV_WARC={kept.warc}", "-o", str(tmp_path / "a.wacz"))
    assert said.returncode == 6
    assert "there is no store" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_by_force_alone_and_by_the_same_bytes(kept: Kept, tmp_path: Path) -> None:
    target = tmp_path / "a.wacz"
    target.write_bytes(b"before")
    said = kept.pack(target)
    assert said.returncode == 2
    assert "is there already" in said.stderr
    assert target.read_bytes() == b"before"
    assert kept.pack(target, "--force").returncode == 0
    first = target.read_bytes()
    assert kept.pack(target, "--force").returncode == 0
    assert target.read_bytes() == first


def test_a_torn_file_is_said_to_be(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    shutil.copytree(kept.warc, folder)
    (path,) = warcs(folder)
    with path.open("ab") as file:
        file.write(b"\x1f\x8b")
    said = ask("pack", kept.store, "-s", f"VOV_WARC={folder}", "-o", str(tmp_path / "a.wacz"))
    assert said.returncode == 0
    assert said.stderr == f"scrapy pack: {path.name} was packed up to its last whole record\n"


@pytest.mark.long
def test_a_pack_that_is_killed_or_stopped_at_any_moment_leaves_the_old_file_or_the_new_one(
    kept: Kept, tmp_path: Path
) -> None:
    target = tmp_path / "a.wacz"
    folder = tmp_path / "warc"
    folder.mkdir()
    data = warcs(kept.warc)[0].read_bytes()
    for number in range(60):
        (folder / f"{number:03}.warc.gz").write_bytes(data)
    line = [sys.executable, "-m", "scrapy", "pack", "-s", f"VOV_WARC={folder}", "-s", f"VOV_DATABASE={kept.store}"]
    line += ["-o", str(target), "--force"]
    began = time.monotonic()
    subprocess.run(line, cwd=PROJECT, env=environment(), check=True, capture_output=True)
    whole_s, whole = time.monotonic() - began, target.read_bytes()
    random, interrupted = Random(1), 0
    for number in range(20):
        target.write_bytes(b"before")
        running = subprocess.Popen(line, cwd=PROJECT, env=environment(), stdout=subprocess.DEVNULL)
        time.sleep(random.uniform(whole_s * 0.3, whole_s))
        running.send_signal(signal.SIGTERM if number % 4 == 0 else signal.SIGKILL)
        interrupted += running.wait(30) != 0
        assert target.read_bytes() in (b"before", whole)
    assert interrupted >= 5
    subprocess.run(line, cwd=PROJECT, env=environment(), check=True, capture_output=True)
    assert target.read_bytes() == whole
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []
