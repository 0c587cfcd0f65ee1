"""The tables of a store in PostgreSQL below the pages, as Datasette serves them from a copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy.engine import make_url

from tests.browse.conftest import Site
from tests.export.exported import article
from tests.postgresql import need_server, schema_of, server
from vovcrawl.store import ArticleStore, Database, open_database

pytestmark = pytest.mark.long


@pytest.fixture
def crawled() -> Iterator[Database]:
    """A store of three articles, open for more."""
    need_server()
    url = server().new_store()
    database = open_database(url)
    for number in range(1, 4):
        ArticleStore(database.connection).keep(article(number))
    database.connection.commit()
    yield database
    database.close()
    server().drop_store(url)


@pytest.fixture
def site(crawled: Database) -> Iterator[Site]:
    """Its pages, read by a role that may do nothing else."""
    url = crawled.connection.engine.url
    schema, role = schema_of(url.render_as_string()), f"reader_{token_hex(4)}"
    server().run(f"CREATE ROLE {role} LOGIN")
    server().run(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    server().run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")
    opened = Site(make_url(url).set(username=role).render_as_string(hide_password=False))
    yield opened
    opened.close()
    server().run(f"DROP OWNED BY {role}")
    server().run(f"DROP ROLE {role}")


def count(site: Site) -> str:
    return site.get("/vov.csv?sql=select+count(*)+from+articles").text.split()[-1]


def test_they_say_how_old_they_are(site: Site) -> None:
    assert site.get("/vov/articles").status == 200
    assert "A copy of the store as it was at 20" in site.get("/vov/articles").text
    assert "A copy of the store as it was at 20" in site.get("/vov").text


def test_they_are_brought_up_to_date_once_they_are_old(
    site: Site, crawled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(site) == "3"
    ArticleStore(crawled.connection).keep(article(4))
    crawled.connection.commit()
    assert count(site) == "3"
    monkeypatch.setattr("vovcrawl.browse.fresh_tables.OLDEST", timedelta(0))
    assert count(site) == "4"


def test_the_pages_show_what_was_committed_just_before(site: Site, crawled: Database) -> None:
    ArticleStore(crawled.connection).keep(article(4, headline="Chợ nổi"))
    assert "Chợ nổi" not in site.get("/search").words()
    crawled.connection.commit()
    assert "Chợ nổi" in site.get("/search?q=cho+noi").words()


def test_where_there_is_no_place_for_a_copy_the_pages_are_all_that_there_is(
    crawled: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    opened = Site(crawled.connection.engine.url.render_as_string(hide_password=False))
    assert opened.get("/").status == 200
    assert opened.get("/vov").status == 404
    opened.close()
    assert "so the tables are not served" in caplog.text


def test_a_store_that_cannot_be_read_is_one_line(
    site: Site, crawled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.get("/vov").status == 200
    monkeypatch.setattr("vovcrawl.browse.fresh_tables.OLDEST", timedelta(0))
    schema = schema_of(crawled.connection.engine.url.render_as_string())
    server().run(f"ALTER TABLE {schema}.articles RENAME TO gone")
    found = site.get("/vov")
    assert (found.status, found.text.count("\n")) == (503, 1)
