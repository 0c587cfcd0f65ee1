"""The tables of a store on a server as a file of SQLite."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.engine import make_url

from tests.export.exported import article
from tests.postgresql import need_server, server
from vovcrawl.store import ArticleStore, Database, open_database
from vovcrawl.store.table_copy import CopyFailed, TableCopy
from vovcrawl.store.tables import articles

pytestmark = pytest.mark.long


@pytest.fixture
def url() -> Iterator[str]:
    """A store that is not made yet."""
    need_server()
    made = server().new_store()
    yield made
    server().drop_store(made)


@pytest.fixture
def crawled(url: str) -> Iterator[Database]:
    """A store of 12 articles, open for more."""
    database = open_database(url)
    for number in range(1, 13):
        ArticleStore(database.connection).keep(article(number))
    database.connection.commit()
    yield database
    database.close()


def rows(copy: TableCopy, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(copy.path)) as file:
        return file.execute(statement).fetchall()


def refreshed(copy: TableCopy) -> int:
    """How many articles were copied to bring it up to date."""
    copy.refresh()
    return copy.progress


def test_it_has_articles_and_their_lists(crawled: Database, url: str, tmp_path: Path) -> None:
    copy = TableCopy(url, tmp_path / "copies")
    assert refreshed(copy) == 12
    assert rows(copy, "SELECT count(*), max(headline) FROM articles") == [(12, "Chợ phiên số 9 mở cửa")]
    assert rows(copy, "SELECT count(*) FROM keywords") == [(24,)]
    assert rows(copy, "SELECT authors FROM articles_overview LIMIT 1") == [("Bích Thuận; Vũ Mến",)]


def test_only_what_has_changed_is_copied_again(crawled: Database, url: str, tmp_path: Path) -> None:
    copy = TableCopy(url, tmp_path / "copies")
    copy.refresh()
    assert refreshed(copy) == 0
    ArticleStore(crawled.connection).keep(article(3, headline="Chợ nổi", keywords=["chợ nổi"]))
    ArticleStore(crawled.connection).keep(article(13))
    crawled.connection.execute(delete(articles).where(articles.c.id == "post5"))
    crawled.connection.execute(update(articles).where(articles.c.id == "post6").values(section="kinh-te"))
    crawled.connection.commit()
    again = TableCopy(url, tmp_path / "copies")
    assert refreshed(again) == 3
    assert rows(again, "SELECT count(*) FROM articles") == [(12,)]
    assert rows(again, "SELECT headline FROM articles WHERE id = 'post3'") == [("Chợ nổi",)]
    assert rows(again, "SELECT keyword FROM keywords WHERE canonical_url LIKE '%post3.vov'") == [("chợ nổi",)]
    assert rows(again, "SELECT section FROM articles WHERE id = 'post6'") == [("kinh-te",)]


def test_what_is_not_committed_is_not_copied_and_is_not_waited_for(crawled: Database, url: str, tmp_path: Path) -> None:
    ArticleStore(crawled.connection).keep(article(3, headline="Chợ nổi"))
    copy = TableCopy(url, tmp_path / "copies")
    copy.refresh()
    assert rows(copy, "SELECT headline FROM articles WHERE id = 'post3'") == [("Chợ phiên số 3 mở cửa",)]


def test_nobody_else_may_read_it_and_no_password_is_in_it(crawled: Database, url: str, tmp_path: Path) -> None:
    secret = make_url(url).set(password="hush").render_as_string(hide_password=False)
    copy = TableCopy(secret, tmp_path / "copies")
    copy.refresh()
    made = list((tmp_path / "copies").iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE((tmp_path / "copies").stat().st_mode) == 0o700
    assert copy.path == TableCopy(url, tmp_path / "copies").path
    assert all(b"hush" not in path.read_bytes() for path in made)


def test_a_folder_that_is_a_link_or_cannot_be_made_is_refused_in_one_line(url: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "copies").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").touch()
    for folder in (tmp_path / "copies", tmp_path / "file"):
        with pytest.raises(CopyFailed, match=r"^cannot keep a copy of the tables in .*: [^\n]+$"):
            TableCopy(url, folder)


def test_a_damaged_file_is_made_anew(crawled: Database, url: str, tmp_path: Path) -> None:
    path = TableCopy(url, tmp_path / "copies").path
    path.write_bytes(b"no database" * 1000)
    copy = TableCopy(url, tmp_path / "copies")
    assert refreshed(copy) == 12
    assert rows(copy, "SELECT count(*) FROM articles") == [(12,)]


def test_a_copy_that_is_stopped_is_completed_by_the_next(
    crawled: Database, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vovcrawl.store.table_copy._BATCH", 2)
    monkeypatch.setattr("vovcrawl.store.table_copy._STEPS_A_COMMIT", 1)
    copy = TableCopy(url, tmp_path / "copies")
    with pytest.raises(CopyFailed, match="before the copy of the tables was whole"):
        copy.refresh(lambda: copy.progress < 6)
    assert copy.fresh_at is None
    assert refreshed(copy) == 6
    assert rows(copy, "SELECT count(*) FROM articles") == [(12,)]
