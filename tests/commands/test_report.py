"""`scrapy report`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, ask, environment
from tests.report.made import filled
from tests.stores import open_store, store_at
from vovcrawl.commands.report import _write


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("report") / "vov.sqlite")


@pytest.mark.sqlite("the bytes of a file")
def test_a_page_is_written_and_the_store_stays_as_it_is(store: Path, tmp_path: Path) -> None:
    before = store.read_bytes()
    ended = ask("report", store, "-o", str(tmp_path / "report.html"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Chưa trọn vẹn: 3 ngày không có bài; mẫu trang đã thay đổi" in page
    assert list(tmp_path.iterdir()) == [tmp_path / "report.html"]
    assert store.read_bytes() == before


def test_a_window_and_a_language_are_those_that_are_asked_for(store: Path, tmp_path: Path) -> None:
    given = ("--lang", "en", "--since", "2026-02", "--until", "2026-02-07")
    assert ask("report", store, "-o", str(tmp_path / "a.html"), *given).returncode == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "Only articles published from 1 February 2026 to 7 February 2026 count." in page
    assert "Whole: no day" in page or "Nearly whole: no day" in page


def test_a_file_that_is_there_is_replaced_only_with_force(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("mine")
    ended = ask("report", store, "-o", str(target))
    assert (ended.returncode, target.read_text()) == (2, "mine")
    right = "right would be another path, or --force to replace it"
    assert ended.stderr == f"scrapy report: -o: '{target}' is there already; {right}\n"
    assert ask("report", store, "-o", str(target), "--force").returncode == 0
    assert "<!doctype html>" in target.read_text("utf-8")


@pytest.mark.sqlite("a file that is the store")
def test_the_store_is_never_replaced(store: Path) -> None:
    before = store.read_bytes()
    ended = ask("report", store, "-o", str(store), "--force")
    assert (ended.returncode, store.read_bytes() == before) == (2, True)
    assert "is the store" in ended.stderr


def test_a_file_that_somebody_makes_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("theirs")
    with pytest.raises(FileExistsError):
        _write(target, "page", force=False)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.html", "theirs")]


def test_a_page_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(OSError):
        _write(tmp_path / "report.html", "page", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        _write(tmp_path / "report.html", "page", force=False)
    finally:
        os.umask(before)
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ((), "no file to write to; right would be -o report.html"),
        (("-o", "FOLDER/a.html", "--lang", "fr"), "--lang: 'fr' is unknown; right would be vi or en"),
        (("-o", "FOLDER"), "is no file; right would be -o report.html"),
        (("-o", "FOLDER/none/a.html"), "there is no folder "),
        (("-o", "FOLDER/a.html", "--since", "gestern"), "--since: 'gestern' is neither"),
        (("-o", "FOLDER/a.html", "--since", "2026-02", "--until", "2026-01"), "lies after --until"),
        (("-o", "FOLDER/a.html", "x"), "unknown option or argument x"),
        (("-o", "/dev/null"), "is no file"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(
    store: Path, tmp_path: Path, given: tuple[str, ...], line: str
) -> None:
    ended = ask("report", store, *(part.replace("FOLDER", str(tmp_path)) for part in given))
    assert (ended.returncode, ended.stdout) == (2, "")
    (told,) = ended.stderr.splitlines()
    assert told.startswith("scrapy report: ")
    assert line in told
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_is_not_there_is_a_store_problem(tmp_path: Path) -> None:
    ended = ask("report", tmp_path / "none.sqlite", "-o", str(tmp_path / "a.html"))
    assert (ended.returncode, ended.stdout) == (6, "")
    assert len(ended.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_page_is_made_while_a_crawl_holds_the_store(tmp_path: Path) -> None:
    path = filled(tmp_path / "vov.sqlite")
    database = open_store(path)
    database.connection.exec_driver_sql("UPDATE articles SET headline = 'Chưa ghi xong'")
    try:
        ended = ask("report", path, "-o", str(tmp_path / "a.html"))
    finally:
        database.close()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Chưa ghi xong" not in (tmp_path / "a.html").read_text("utf-8")


@pytest.mark.parametrize("library", ["vl_convert", "jinja2"])
def test_without_a_library_one_line_says_how_to_get_it(store: Path, tmp_path: Path, library: str) -> None:
    code = f"import sys; sys.modules[{library!r}] = None; from scrapy.cmdline import execute; execute()"
    target = tmp_path / "a.html"
    ended = subprocess.run(
        [sys.executable, "-c", code, "report", "-s", f"VOV_DATABASE={store_at(store)}", "-o", str(target)],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (told,) = ended.stderr.splitlines()
    assert told.endswith(f" report: a report needs the Python package {library}: pip install 'vovcrawl[report]'")
    assert not target.exists()
