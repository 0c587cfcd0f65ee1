"""`scrapy export`."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, environment
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore, open_database


def article(number: int, headline: str = "Cầu mới") -> Article:
    url = f"https://vov.vn/xa-hoi/cau-moi-post{number}.vov"
    return Article(
        id=f"post{number}",
        url=url,
        canonical_url=url,
        content_type="article",
        headline=headline,
        keywords=["cầu"],
        date_published=f"2026-07-{number:02}T23:00:00+07:00",
        content_hash=headline,
        fetched_at="2026-07-16T05:00:00+00:00",
        template="drupal-2026",
    )


KEPT = [article(12), article(10), article(11)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Holds a store of three articles, the first of which was revised before the others were kept."""
    database = open_database(str(tmp_path / "vov.sqlite"))
    store = ArticleStore(database.connection)
    for each in (article(12, "Cầu"), *KEPT):
        store.keep(each)
    database.connection.commit()
    database.close()
    return tmp_path


def export(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """`scrapy export` of the store in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "export", "-s", f"VOV_DATABASE={folder / 'vov.sqlite'}", *given],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_article_is_a_line_as_in_a_feed(folder: Path) -> None:
    ended = export(folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "".join(f"{each.to_json()}\n" for each in KEPT)


def test_a_window_is_of_days_of_publication_the_last_one_included(folder: Path) -> None:
    ended = export(folder, "--since", "2026-07-11", "--until", "2026-07-11")
    assert [json.loads(line)["id"] for line in ended.stdout.splitlines()] == ["post11"]


def test_any_format_of_a_feed_will_do(folder: Path) -> None:
    found = csv.DictReader(io.StringIO(export(folder, "--format", "csv").stdout, newline=""))
    assert [row["id"] for row in found] == ["post12", "post10", "post11"]


def test_the_store_may_be_held_by_a_crawl(folder: Path) -> None:
    held = open_database(str(folder / "vov.sqlite"))
    ended = export(folder)
    held.close()
    assert len(ended.stdout.splitlines()) == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--format", "docx"), "--format: 'docx' is none of csv, "),
        (("--since", "hôm qua"), "--since"),
        (("extra",), "unknown option or argument extra"),
    ],
)
def test_a_mistake_is_one_line(folder: Path, given: tuple[str, ...], said: str) -> None:
    ended = export(folder, *given)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert said in ended.stderr


def test_a_store_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    ended = export(tmp_path)
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1)
    assert "there is no store" in ended.stderr
