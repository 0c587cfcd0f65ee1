"""Reading files in other processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import PROJECT, environment
from vovcrawl.archives.files import FileOptions, Found, UnreadableFile
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.pool import ReaderPool
from vovcrawl.cleaning import templates
from vovcrawl.cleaning.rules import Rule, Where, use_also
from vovcrawl.pages import NotAnArticle, Reason
from vovcrawl.search_tokens import document

TEXT = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nGhe thuyền đậu kín bến."

_READ_ON = """
import sys, time
from pathlib import Path
from vovcrawl.archives.paths import ArchiveFile
from vovcrawl.archives.pool import ReaderPool

if __name__ == "__main__":
    pool = ReaderPool(1000)
    pool.submit([ArchiveFile.of(Path(sys.argv[1]))]).result()
    print("read", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "bai.txt"
    made.write_text(TEXT, encoding="utf-8")
    return made


@pytest.mark.parametrize("files", [1, 1000])
def test_files_are_read_in_this_process_or_another_in_their_order(file: Path, files: int) -> None:
    with ReaderPool(files) as pool:
        found = pool.submit([ArchiveFile.of(path) for path in (file, file.with_name("khong-co.txt"), file)]).result()
    assert [type(one) for one in found] == [Found, UnreadableFile, Found]


def test_what_is_searched_by_comes_from_the_other_process_if_it_is_asked_for(file: Path) -> None:
    with ReaderPool(1000) as pool:
        (without,) = pool.submit([ArchiveFile.of(file)]).result()
        pool.use(FileOptions(document=True))
        (found,) = pool.submit([ArchiveFile.of(file)]).result()
    assert isinstance(without, Found)
    assert isinstance(found, Found)
    assert without.document is None
    assert found.document == document(found.reading.article)


def test_a_page_that_another_process_refuses_comes_back_with_the_reason(file: Path) -> None:
    page = file.with_name("chuyen-trang.html")
    page.write_text("<html><body><script>window.location.href='/x-post1.vov';</script></body></html>", encoding="utf-8")
    with ReaderPool(1000) as pool:
        (refused,) = pool.submit([ArchiveFile.of(page)]).result()
    assert isinstance(refused, NotAnArticle)
    assert (refused.reason, refused.target) == (Reason.REDIRECT, "/x-post1.vov")


def test_a_file_on_which_a_reader_dies_is_unreadable_and_the_others_are_read(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = file.with_name("chet.txt")
    deadly.write_text(TEXT, encoding="utf-8")
    with ReaderPool(1) as pool:
        monkeypatch.setattr(pool, "_read", _dies_at_deadly)
        first, second = pool.read_each([ArchiveFile.of(file), ArchiveFile.of(deadly)])
    assert isinstance(first, UnreadableFile)
    assert str(first) == "it is well"
    assert str(second) == "reading it ended the process that read it"


def _dies_at_deadly(file: ArchiveFile) -> UnreadableFile:
    if file.name == "chet.txt":
        os._exit(9)
    return UnreadableFile("it is well")


def test_readers_end_with_the_process_they_read_for_even_if_it_is_killed(file: Path, tmp_path: Path) -> None:
    script = tmp_path / "read_on.py"
    script.write_text(_READ_ON, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script), str(file)], stdout=subprocess.PIPE, cwd=PROJECT, env=environment()
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"read\n"
    readers = [int(pid) for pid in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()]
    assert readers
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 20
    while any(_runs(reader) for reader in readers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_runs(reader) for reader in readers)


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("files", [1, 1000])
def test_files_are_cleaned_by_the_user_s_own_rules_in_this_process_or_another(file: Path, files: int) -> None:
    rule = Rule("bay", Where.BLOCK, (templates.read("ghe thuyền đậu kín [bến]."),), "Ghe thuyền đậu kín.", "")
    file.write_text(f"{TEXT}\n\nTrời sáng dần.", encoding="utf-8")
    try:
        with ReaderPool(files) as pool:
            pool.use(FileOptions(own_rules=(rule,)))
            (found,) = pool.submit([ArchiveFile.of(file)]).result()
    finally:
        use_also(())
    assert isinstance(found, Found)
    assert (found.reading.article.body, found.reading.stripped) == ("Trời sáng dần.", [])
