"""Whatever only reads a store says the same of one in SQLite and one in PostgreSQL with the same articles.

The one in PostgreSQL is read by a role that may do nothing but SELECT, while another program is writing to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.engine import make_url

from tests.conftest import ask
from tests.export.exported import article, export, tree
from tests.postgresql import need_server, schema_of, server
from vovcrawl.items import Image
from vovcrawl.store import ArticleStore, Database, open_database
from vovcrawl.store.tables import runs

pytestmark = pytest.mark.long

FORMATS = ("jsonl", "csv", "sqlite", "txt", "parquet", "hf")
Pair = tuple[Path, str]


def fill(database: Database) -> None:
    articles = ArticleStore(database.connection)
    for number in range(1, 30):
        published = f"2026-0{1 + number % 3}-{1 + number % 9:02}" if number % 10 else None
        odd = [Image("https://media.vov.vn/b.jpg", "Ảnh: đò ngang", "Lành")] if number % 4 else []
        articles.keep(article(number, published, images=odd, section=("xa-hoi", "kinh-te", "Đời")[number % 3]))
    articles.keep(article(1, "2026-02-02", headline="Chợ phiên đã đóng cửa"))
    # It nearly repeats another one.
    articles.keep(article(40, "2026-03-09", body=article(2).body, headline=article(2).headline))
    run = {"job": "vov", "started_at": "2026-07-11T05:00:00+00:00", "ended_at": "2026-07-11T05:10:00+00:00"}
    known = {column.name for column in runs.columns}
    others: dict[str, Any] = {"arguments": "{}", "exit_status": 0, "version": "1", "finish_reason": "finished"}
    values = {name: value for name, value in {**run, **others}.items() if name in known}
    database.connection.execute(insert(runs).values(values))
    database.connection.commit()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A file, and the url of a schema for a role that may only read, to which a transaction writes meanwhile."""
    need_server()
    path = tmp_path_factory.mktemp("both") / "vov.sqlite"
    url, role = server().new_store(), f"reader_{token_hex(4)}"
    for target in (str(path), url):
        database = open_database(target)
        fill(database)
        database.close()
    schema = schema_of(url)
    for statement in (
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
    ):
        server().run(statement)
    writing = open_database(url)
    ArticleStore(writing.connection).keep(article(90, "2026-03-09", headline="Chưa ai thấy"))
    yield path, make_url(url).set(username=role).render_as_string(hide_password=False)
    writing.close()
    server().drop_store(url)
    server().run(f"DROP ROLE {role}")


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_has_the_same_bytes(stores: Pair, tmp_path: Path, name: str) -> None:
    made = []
    for place, store in (("file", stores[0]), ("server", stores[1])):
        folder = tmp_path / place
        folder.mkdir()
        ended = export(store, name, "-o", str(folder / "out"))  # type: ignore[arg-type]
        assert (ended.status, ended.err) == (0, "")
        files = tree(folder)
        for manifest in [each for each in files if each.endswith("manifest.json")]:
            said = json.loads(files[manifest])
            said.pop("store", None)
            files[manifest] = json.dumps(said).encode()
        made.append(files)
    assert made[0] == made[1]


def test_a_report_has_the_same_bytes(stores: Pair, tmp_path: Path) -> None:
    for place, store in (("file", stores[0]), ("server", stores[1])):
        ended = ask("report", store, "-o", str(tmp_path / place), "-s", "VOV_NOW=2026-07-20T08:00:00+07:00")
        assert (ended.returncode, ended.stderr) == (0, "")
    of_file, of_server = ((tmp_path / place).read_text("utf-8") for place in ("file", "server"))
    assert of_file.replace("vov.sqlite", "tests") == of_server


@pytest.mark.parametrize(
    "line",
    [
        ("coverage", "--json"),
        ("duplicates", "--json"),
        ("runs", "--json"),
        ("search", "chợ phiên", "--json", "--limit", "50"),
        ("search", "mở -đóng"),
        ("inspect", "https://vov.vn/xa-hoi/tin-post3.vov"),
    ],
    ids=" ".join,
)
def test_a_command_says_the_same(stores: Pair, line: tuple[str, ...]) -> None:
    of_file, of_server = (ask(line[0], store, *line[1:]) for store in stores)
    assert of_file.returncode == of_server.returncode
    assert of_file.stdout == of_server.stdout
    assert "Traceback" not in of_server.stderr
