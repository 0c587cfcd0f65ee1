"""`scrapy duplicates`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.store.dumped import dumped
from tests.store.test_duplicate_store import ORIGINAL, a_text, at, near, url
from tests.stores import open_store
from vovcrawl.store import ArticleStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with two groups and an article of its own."""
    path = tmp_path / "vov.sqlite"
    database = open_store(path)
    store = ArticleStore(database.connection)
    other = a_text("other")
    store.keep(at(2, near(ORIGINAL, 1), "2026-07-12"))
    store.keep(at(1, ORIGINAL, "2026-07-10", headline="Bài \x1b[31mđầu"))
    store.keep(at(4, other, "2026-07-02", section="kinh-te"))
    store.keep(at(3, other, "2026-07-01"))
    store.keep(at(5, a_text("alone"), "2026-07-05"))
    database.connection.commit()
    database.close()
    return path


def groups(path: Path, *given: str) -> list[list[str]]:
    ended = ask("duplicates", path, "--json", *given)
    assert (ended.returncode, ended.stderr) == (0, "")
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    return [[group["canonical_url"], *(each["canonical_url"] for each in group["duplicates"])] for group in found]


def test_groups_come_with_the_leader_first_and_what_differs_below(path: Path) -> None:
    before = dumped(path)
    ended = ask("duplicates", path)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    urls = [line.strip() for line in lines if line.strip().startswith("https://")]
    assert urls == [url(3), url(4), url(1), url(2)]
    assert "      the same words" in lines
    assert any("→" in line for line in lines)
    assert any(line.endswith(" more") for line in lines)
    assert "Bài \\u001b[31mđầu" in ended.stdout
    assert "\x1b" not in ended.stdout
    assert max(map(len, lines)) <= 80
    assert dumped(path) == before


def test_as_json_a_group_is_a_line(path: Path) -> None:
    assert groups(path) == [[url(3), url(4)], [url(1), url(2)]]


def test_a_window_and_sections_choose_groups(path: Path) -> None:
    assert groups(path, "--since", "2026-07-12") == [[url(1), url(2)]]
    assert groups(path, "--until", "2026-07-01") == [[url(3), url(4)]]
    assert groups(path, "--since", "2026-07-05", "--until", "2026-07-06") == []
    assert groups(path, "--sections", "kinh-te") == [[url(3), url(4)]]


def test_a_store_without_near_duplicates_says_so(tmp_path: Path) -> None:
    open_store(tmp_path / "a.sqlite").close()
    ended = ask("duplicates", tmp_path / "a.sqlite")
    assert (ended.returncode, ended.stdout) == (0, "No article nearly repeats another.\n")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("--since", "gestern"), "--since: 'gestern' is neither"),
        (("--sections", "khong-co"), "--sections: "),
        (("--tags",), "--tags"),
        (("x",), "unknown option or argument x"),
    ],
)
def test_a_mistake_is_one_line(path: Path, given: tuple[str, ...], line: str) -> None:
    ended = ask("duplicates", path, *given)
    assert (ended.returncode, ended.stdout) == (2, "")
    (told,) = ended.stderr.splitlines()
    assert told.startswith("scrapy duplicates: ")
    assert line in told


def test_a_store_that_is_not_there_is_a_store_problem(tmp_path: Path) -> None:
    ended = ask("duplicates", tmp_path / "none.sqlite")
    assert (ended.returncode, ended.stdout) == (6, "")
    assert len(ended.stderr.splitlines()) == 1
