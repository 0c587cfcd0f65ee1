"""`scrapy search`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ask
from tests.store.test_search import article, make
from vovcrawl.commands import search
from vovcrawl.snippets import Excerpt


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two articles."""
    kept = [
        article(1, "Bão số 4 vào Đà Nẵng", "Mưa lũ\x1b[31m lớn.\n\nCầu hỏng."),
        article(2, "Cầu mới ở Đà Nẵng", "Khánh thành.", section="the-thao"),
    ]
    return make(tmp_path_factory.mktemp("search") / "vov.sqlite", kept)


def searched(path: Path, *given: str) -> subprocess.CompletedProcess[str]:
    return ask("search", path, *given)


def test_articles_are_shown_with_the_words_where_they_stand(path: Path) -> None:
    ended = searched(path, "da nang", "lu")
    assert (ended.returncode, ended.stderr) == (0, "")
    first, *_, last = ended.stdout.splitlines()
    assert first.endswith("Bão số 4 vào Đà Nẵng")
    assert "https://vov.vn/xa-hoi/bai-post1.vov" in ended.stdout
    assert "Mưa lũ\\u001b[31m lớn." in ended.stdout
    assert last == "1 article"


def test_in_json_the_places_of_the_words_are_offsets(path: Path) -> None:
    ended = searched(path, "da nang", "--json", "--sections", "the-thao")
    (line,) = [json.loads(each) for each in ended.stdout.splitlines()]
    assert [line["headline"][start:end] for start, end in line["headline_marks"]] == ["Đà", "Nẵng"]
    assert (line["section"], line["content_type"]) == ("the-thao", "article")


def test_a_word_with_a_minus_is_no_option(path: Path) -> None:
    ended = searched(path, "nẵng", "-số", "-hà")
    assert (ended.returncode, "bai-post1" in ended.stdout, "bai-post2" in ended.stdout) == (0, False, True)


def test_nothing_found_is_said_with_what_might_be_meant(path: Path) -> None:
    ended = searched(path, "khanhh thành")
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[0] == "No article has what is searched for."
    assert "khanh thành" in ended.stdout


def test_marks_that_nothing_has_are_left_out_of_account_and_it_is_said(path: Path) -> None:
    ended = searched(path, "bẫo")
    assert "bai-post1" in ended.stdout
    assert "other marks" in ended.stderr


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((), "the words to search for are missing"),
        (("x", "--limit", "0"), "--limit: '0' is not a whole number"),
        (("x", "--limt", "3"), "unknown option --limt"),
        (("x", "--since", "gestern"), "--since"),
    ],
)
def test_a_mistake_is_one_line(path: Path, given: tuple[str, ...], message: str) -> None:
    ended = searched(path, *given)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_store_that_is_not_there_is_status_6(tmp_path: Path) -> None:
    ended = searched(tmp_path / "none.sqlite", "x")
    assert (ended.returncode, ended.stderr.count("\n")) == (6, 1)


def test_on_a_terminal_words_are_bold_and_nothing_else_steers_it() -> None:
    marked = search._marked(Excerpt("Ở Đà\x07 đó", ((2, 5),), "body"), is_bold=True)
    assert marked == "Ở \x1b[1mĐà\\u0007\x1b[22m đó"
