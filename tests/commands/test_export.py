"""`scrapy export` as a user calls it."""

from __future__ import annotations

import csv
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ask, start_line
from tests.export.exported import article, export, stored, tree
from tests.fork_server import Started
from tests.stores import open_store, store_at
from vovcrawl.export import jsonl
from vovcrawl.export.manifest import Counts
from vovcrawl.export.request import ExportRequest

FORMATS = ("jsonl", "csv", "sqlite", "txt")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of five articles."""
    return stored(tmp_path / "vov.sqlite", map(article, range(1, 6)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "exports"
    made.mkdir()
    return made


def files_of(manifest: Path, root: Path) -> dict[str, str]:
    """The hashes that a manifest names, after each was found to be right."""
    listed = json.loads(manifest.read_bytes())["files"]
    for each in listed:
        data = (root / each["path"]).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(data), sha256(data).hexdigest())
    return {each["path"]: each["sha256"] for each in listed}


def test_the_command_line_exports(store: Path, folder: Path) -> None:
    target = folder / "vov.jsonl"
    ended = ask("export", store, "jsonl", "-o", str(target), "--fields", "id,headline", "--sample", "2")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"2 articles in {target}\n"
    # Others of the group may read it, and nobody else.
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o640] * 2
    assert [list(json.loads(line)) for line in target.read_text(encoding="utf-8").splitlines()] == [
        ["id", "headline"]
    ] * 2


@pytest.mark.parametrize("name", FORMATS)
def test_two_exports_are_the_same_bytes_manifest_included(store: Path, folder: Path, name: str) -> None:
    made = [folder / "one", folder / "two"]
    for each in made:
        each.mkdir()
        assert export(store, name, "-o", str(each / "vov")).status == 0
    assert tree(made[0]) == tree(made[1])


def test_a_manifest_says_what_was_asked_for_and_what_came_of_it(store: Path, folder: Path) -> None:
    target = folder / "vov.csv"
    options = ("--since", "2026-07-01", "--kinds", "photo,article", "--fields", "headline,id", "--seed", "3")
    export(store, "csv", "-o", str(target), *options, "--sample", "4", "--no-duplicates")
    said = json.loads((folder / "vov.csv.manifest.json").read_bytes())
    assert said["arguments"] == {
        "since": "2026-07-01T00:00:00+07:00",
        "until": None,
        "sections": None,
        "kinds": ["article", "photo"],
        "no_duplicates": True,
        "fields": ["id", "headline"],
        "sample": 4,
        "seed": 3,
    }
    assert said["fields"] == ["id", "headline"]
    assert said["counts"]["articles"] == 4
    assert said["period"] == {"first": "2026-07-10T08:00:00+07:00", "last": "2026-07-10T08:00:00+07:00"}
    assert list(files_of(folder / "vov.csv.manifest.json", folder)) == ["vov.csv"]
    assert str(folder) not in json.dumps(said)


def test_the_manifest_of_a_folder_names_every_file_in_it(store: Path, folder: Path) -> None:
    export(store, "txt", "-o", str(folder / "vov"))
    found = files_of(folder / "vov" / "manifest.json", folder / "vov")
    assert set(found) == set(tree(folder / "vov")) - {"manifest.json"}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ((), "a format is to be named; right would be one of jsonl, csv, parquet, sqlite, hf, txt"),
        (("jsnl",), "unknown format 'jsnl' (did you mean 'jsonl'?)"),
        (("jsonl", "csv"), "one format is to be named, 2 were given"),
        (("jsonl",), "-o is missing"),
        (("jsonl", "-o", "{folder}/absent/x"), "-o: there is no folder '{folder}/absent'"),
        (("jsonl", "-o", "{folder}/x", "--fields", "id,headlin"), "unknown 'headlin' (did you mean 'headline'?)"),
        (("jsonl", "-o", "{folder}/x", "--fields", ","), "--fields names nothing"),
        (("jsonl", "-o", "{folder}/x", "--kinds", "foto"), "--kinds: unknown 'foto' (did you mean 'photo'?)"),
        (("jsonl", "-o", "{folder}/x", "--sections", "the-thoa"), "--sections: "),
        (("jsonl", "-o", "{folder}/x", "--since", "2026-08", "--until", "2026-07"), "--since=2026-08 lies after"),
        (("jsonl", "-o", "{folder}/x", "--since", "2026-08"), "no article of the store is one of those asked for"),
        (("jsonl", "-o", "{folder}/x", "--kinds", "live"), "no article of the store is one of those asked for"),
        (("jsonl", "-o", "{folder}/x", "--sample", "0"), "--sample: '0' is not a whole number from 1 on"),
        (("jsonl", "-o", "{folder}/x", "--seed", "1"), "--seed is that of a sample"),
        (("jsonl", "-o", "{folder}/x", "--sample", "1", "--seed", "-1"), "--seed: '-1' is not a whole number from 0"),
        (("sqlite", "-o", "{folder}/x.gz"), "sqlite is not compressed"),
        (("txt", "-o", "{folder}/x", "--fields", "id"), "--fields: txt is made of headline, description, body"),
        (("jsonl", "-o", "{folder}/x", "--frce"), "unknown option '--frce'"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(
    store: Path, folder: Path, given: tuple[str, ...], line: str
) -> None:
    ended = export(store, *(word.format(folder=folder) for word in given))
    assert ended.status == 2
    assert line.format(folder=folder) in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""
    assert list(folder.iterdir()) == []


def test_a_target_that_exists_stays_as_it_is(store: Path, folder: Path) -> None:
    (folder / "vov.jsonl").write_text("mine", encoding="utf-8")
    ended = export(store, "jsonl", "-o", str(folder / "vov.jsonl"))
    assert ended.status == 2
    assert "is there already" in ended.err
    assert tree(folder) == {"vov.jsonl": b"mine"}


@pytest.mark.sqlite("its file as a target")
def test_the_store_itself_is_never_replaced(store: Path) -> None:
    before = store.read_bytes()
    ended = export(store, "sqlite", "-o", str(store), "--force")
    assert (ended.status, store.read_bytes()) == (2, before)


def test_a_store_that_is_missing_is_one_line(folder: Path) -> None:
    ended = export(folder / "absent.sqlite", "jsonl", "-o", str(folder / "x"))
    assert (ended.status, list(folder.iterdir())) == (6, [])
    assert (
        ended.err == f"scrapy export: there is no store {store_at(folder / 'absent.sqlite')}\n"
        or "there is no store" in ended.err
    )


def test_a_full_disk_is_one_line_and_leaves_nothing(store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: ExportRequest, place: Path) -> Counts:
        place.write_text("nửa", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jsonl, "write", fail)
    ended = export(store, "jsonl", "-o", str(folder / "x"))
    assert ended.status == 1
    assert ended.err.endswith(f"cannot write '{folder / 'x'}': No space left on device\n")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_crawl_begins_and_writes_while_a_store_at_rest_is_exported(
    store: Path, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ExportRequest.articles

    def articles(request: ExportRequest) -> Iterator[Any]:
        passed = read(request)
        yield next(passed)
        crawl = open_store(store)
        crawl.connection.exec_driver_sql("UPDATE articles SET headline = 'sửa'")
        crawl.connection.commit()
        crawl.close()
        yield from passed

    plain = folder / "plain"
    export(store, name, "-o", str(plain))
    monkeypatch.setattr(ExportRequest, "articles", articles)
    assert export(store, name, "-o", str(folder / "meanwhile")).status == 0
    found = [tree(folder / each) or (folder / each).read_bytes() for each in ("plain", "meanwhile")]
    if isinstance(found[0], dict):
        for each in found:
            assert isinstance(each, dict)
            each.pop("manifest.json")
    assert found[0] == found[1]


def running(store: Path, name: str, target: Path) -> Started:
    """An export that replaces what is there."""
    replacing = ["-o", str(target), "--force", "-s", f"VOV_DATABASE={store_at(store)}"]
    return start_line([sys.executable, "-m", "scrapy", "export", name, *replacing])


def wait_until_it_writes(folder: Path) -> None:
    deadline = time.monotonic() + 30
    while not list(folder.glob(".*.export")) and time.monotonic() < deadline:
        time.sleep(0.005)
    assert list(folder.glob(".*.export"))


@pytest.fixture(scope="module")
def large_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose export takes a second."""
    days = [date(2020, 1, 1) + timedelta(number) for number in range(2_000)]
    articles = (article(number, day.isoformat()) for number, day in enumerate(days, 1))
    return stored(tmp_path_factory.mktemp("large") / "vov.sqlite", articles)


@pytest.mark.long
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing_half(large_store: Path, folder: Path, number: signal.Signals, status: int) -> None:
    export = running(large_store, "txt", folder / "vov")
    wait_until_it_writes(folder)
    export.send_signal(number)
    _, said = export.communicate(timeout=30)
    assert (export.returncode, said) == (status, "")
    assert list(folder.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("name", [*FORMATS, "parquet", "hf"])
def test_an_export_killed_at_twenty_moments_is_the_old_one_or_the_new_one(
    large_store: Path, folder: Path, name: str
) -> None:
    target = folder / "vov"
    few = stored(folder.parent / "few.sqlite", map(article, range(1, 6)))
    assert export(few, name, "-o", str(target)).status == 0
    old = tree(target) or target.read_bytes()
    assert export(large_store, name, "-o", str(folder.parent / "whole")).status == 0
    whole = folder.parent / "whole"
    new = tree(whole) or whole.read_bytes()
    chance = random.Random(7)
    for _ in range(20):
        killed = running(large_store, name, target)
        wait_until_it_writes(folder)
        time.sleep(chance.uniform(0, 1.5))
        killed.kill()
        killed.communicate(timeout=30)
        found = tree(target) or target.read_bytes()
        if isinstance(found, dict) and found != old:
            assert found == new
        assert found in (old, new)
        manifest = target / "manifest.json" if target.is_dir() else folder / "vov.manifest.json"
        if manifest.exists():
            files_of(manifest, target if target.is_dir() else folder)
    assert export(large_store, name, "-o", str(target), "--force").status == 0
    assert {each.name for each in folder.iterdir()} <= {"vov", "vov.manifest.json"}


@pytest.mark.long
def test_libreoffice_reads_each_cell_as_it_is(store: Path, folder: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("libreoffice-calc is not installed")
    kept = [
        article(1, headline='"Vua" chợ phiên, và hơn thế', description="=1+1"),
        article(2, description="+84 24 0000", body='Dòng một\n\nDòng hai; có "ngoặc" và , phẩy'),
        article(3, None, description=None, headline="001"),
    ]
    target = folder / "vov.csv"
    export(stored(folder.parent / "cells.sqlite", kept), "csv", "-o", str(target))
    # A filter that takes commas, quotes and UTF-8, and every cell for a text where it is quoted.
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{folder.parent}/office", "--headless", "--convert-to", "xlsx"),
            *("--infilter=CSV:44,34,76,1,,0,true", "--outdir", str(folder.parent / "there"), str(target)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{folder.parent}/office", "--headless", "--convert-to"),
            *("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true", "--outdir", str(folder.parent / "back")),
            str(folder.parent / "there" / "vov.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    rows = []
    for each in (target, folder.parent / "back" / "vov.csv"):
        with each.open(encoding="utf-8-sig", newline="") as file:
            rows.append(list(csv.reader(file)))
    assert rows[0] == rows[1]
