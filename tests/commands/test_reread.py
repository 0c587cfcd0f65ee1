"""`scrapy reread`, with stores that an earlier reader filled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.archives.test_rereading import PAGES, by_earlier_reader, kept_now
from tests.conftest import ask
from tests.store.dumped import dumped
from tests.stores import open_store, store_at
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore, Kept, read_database
from vovcrawl.store.tables import articles

FIRST, SECOND = list(PAGES)[:2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some saved pages."""
    made = tmp_path / "saved"
    made.mkdir()
    for number, data in enumerate(PAGES.values()):
        (made / f"{number}.html").write_bytes(data)
    return made


def make(path: Path, read: Callable[[Article], Article]) -> Path:
    database = open_store(path)
    for url, data in PAGES.items():
        article = kept_now(url)
        ArticleStore(database.connection).keep(read(article) if url == FIRST else article, Evidence(page_hash(data)))
    database.connection.commit()
    database.close()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in which an earlier reader read the first of them."""
    return make(tmp_path / "vov.sqlite", by_earlier_reader)


def test_what_is_read_otherwise_is_kept_and_a_second_time_changes_nothing(store: Path, folder: Path) -> None:
    ended = ask("reread", store, "--archive", str(folder))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"{len(PAGES)} pages read again: 1 changed, {len(PAGES) - 1} the same\n"
    database = read_database(store_at(store))
    told = [(one.article.headline, one.replaced_by) for one in ArticleStore(database.connection).history(FIRST)]
    database.close()
    assert told == [("Tựa cũ", "reading"), (kept_now(FIRST).headline, None)]
    once = dumped(store)
    ended = ask("reread", store, "--archive", str(folder))
    assert ended.stdout == f"{len(PAGES)} pages read again: 0 changed, {len(PAGES)} the same\n"
    assert dumped(store) == once


def test_a_dry_run_shows_each_field_and_writes_nothing(store: Path, folder: Path) -> None:
    before = dumped(store)
    ended = ask("reread", store, "--archive", str(folder), "--diff", "--dry-run")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0] == f"{FIRST} ({folder / '0.html'})"
    assert f'  headline: "Tựa cũ" → "{kept_now(FIRST).headline}"' in lines
    assert lines[-1] == f"{len(PAGES)} pages read again: 1 would change, {len(PAGES) - 1} the same"
    assert dumped(store) == before


def test_json_has_an_object_for_each_page_and_one_of_counts(store: Path, folder: Path) -> None:
    ended = ask("reread", store, "--archive", str(folder), "--diff", "--json")
    page, counts = map(json.loads, ended.stdout.splitlines())
    assert (page["canonical_url"], page["page_hash"]) == (FIRST, page_hash(PAGES[FIRST]))
    assert page["fields"]["headline"] == {"before": "Tựa cũ", "after": kept_now(FIRST).headline}
    assert counts["counts"] == {
        **{"read": len(PAGES), "changed": 1, "the same": len(PAGES) - 1, "unreadable": 0},
        **{"other pages of kept articles": 0, "not in the store": 0},
    }


def test_what_changes_in_a_long_text_is_shown_in_its_words_without_what_steers_a_terminal(
    tmp_path: Path, folder: Path
) -> None:
    def longer(article: Article) -> Article:
        article.body = f"{article.body} thừa\x1b[31mra"
        return article

    store = make(tmp_path / "vov.sqlite", longer)
    ended = ask("reread", store, "--archive", str(folder), "--diff", "--dry-run")
    (body,) = [line for line in ended.stdout.splitlines() if line.startswith("  body: ")]
    assert len(body) < 200
    assert "thừa" in body
    assert "\x1b" not in ended.stdout


def test_a_page_that_cannot_be_read_any_more_is_named_and_the_others_are_kept(store: Path, folder: Path) -> None:
    data = b"<html><body>nothing</body></html>"
    (folder / "0a.html").write_bytes(data)
    database = open_store(store)
    ArticleStore(database.connection).keep(kept_now(SECOND), Evidence(page_hash(PAGES[SECOND])))
    of_second = articles.c.canonical_url == SECOND
    database.connection.execute(update(articles).where(of_second).values(page_hash=page_hash(data)))
    database.connection.commit()
    database.close()
    ended = ask("reread", store, "--archive", str(folder))
    assert ended.returncode == 3
    assert ended.stderr.startswith(f"scrapy reread: not readable: {SECOND} ({folder / '0a.html'}): ")
    assert "1 changed, " in ended.stdout
    assert "; 1 not readable; 1 not in the store (" in ended.stdout


def test_a_store_that_a_crawl_holds_is_not_reread_but_may_be_compared(store: Path, folder: Path) -> None:
    held = open_store(store)
    try:
        ended = ask("reread", store, "--archive", str(folder))
        assert ended.returncode == 75
        assert ended.stderr.count("\n") == 1
        assert ask("reread", store, "--archive", str(folder), "--dry-run").returncode == 0
    finally:
        held.close()


def test_a_crawl_afterwards_finds_the_article_unchanged(store: Path, folder: Path) -> None:
    ask("reread", store, "--archive", str(folder))
    database = open_store(store)
    kept = ArticleStore(database.connection).keep(kept_now(FIRST), Evidence(page_hash(PAGES[FIRST])))
    database.close()
    assert kept is Kept.UNCHANGED


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "no archive is named; right would be --archive PATH, or -s VOV_WARC=FOLDER"),
        (("--archive", "nowhere"), "--archive: there is no file or folder 'nowhere'"),
        (("x",), "unknown option or argument x"),
    ],
)
def test_a_mistake_is_one_line(store: Path, given: tuple[str, ...], says: str) -> None:
    before = dumped(store)
    ended = ask("reread", store, *given)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"scrapy reread: {says}")
    assert ended.stderr.count("\n") == 1
    assert dumped(store) == before


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path, folder: Path) -> None:
    ended = ask("reread", tmp_path / "none.sqlite", "--archive", str(folder))
    assert ended.returncode == 6
    assert not (tmp_path / "none.sqlite").exists()
