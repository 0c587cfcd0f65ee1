"""Keeping articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from vovcrawl.items import Article, Author, Block, Image, Related, TimeExpression, content_hash
from vovcrawl.store import ArticleStore, Database, Kept, open_database
from vovcrawl.store.tables import articles, lists, revisions


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(str(tmp_path / "a.sqlite"))
    yield opened
    opened.close()


def article(**changes: object) -> Article:
    made = Article(
        id="post1",
        url="https://vov.vn/xa-hoi/cau-moi-post1.vov",
        canonical_url="https://vov.vn/xa-hoi/cau-moi-post1.vov",
        content_type="article",
        headline="Cầu mới thông xe",
        description="Cây cầu nối hai bờ sông.",
        body="Đoạn một.\n\nĐoạn hai.",
        blocks=[Block("paragraph", 0, 9), Block("paragraph", 11, 20)],
        authors=[Author("Lan Anh", "VOV.VN", "Lan Anh/VOV.VN")],
        keywords=["cầu", "giao thông"],
        images=[Image("https://media.vov.vn/a.jpg", "Cầu", None)],
        related=[Related("post2", "https://vov.vn/xa-hoi/b-post2.vov", "Tin khác", None, "related")],
        template="drupal-2026",
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made


def test_a_first_article_is_new_and_every_scalar_is_in_its_column(database: Database) -> None:
    kept = article()
    assert ArticleStore(database.connection).keep(kept) is Kept.NEW
    row = database.connection.execute(select(articles)).one()._mapping
    assert {name: row[name] for name in row} == {
        **{f.name: getattr(kept, f.name) for f in fields(Article) if f.name not in lists},
        "gone_at": None,
    }


def test_lists_stand_in_their_tables_with_positions_from_zero(database: Database) -> None:
    ArticleStore(database.connection).keep(article())
    table = lists["keywords"].table
    rows = database.connection.execute(select(table.c.position, table.c.keyword).order_by(table.c.position)).all()
    assert [tuple(row) for row in rows] == [(0, "cầu"), (1, "giao thông")]


def test_every_list_field_has_a_table_of_its_name() -> None:
    listed = {f.name for f in fields(Article) if "list" in str(f.type)}
    assert set(lists) == listed
    for table in lists.values():
        assert {"canonical_url", "position"} <= set(table.table.c.keys())


def test_the_same_article_again_is_unchanged_and_adds_no_row(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.keep(article())
    assert store.keep(article()) is Kept.UNCHANGED
    for table in (articles, *(listed.table for listed in lists.values())):
        rows = database.connection.execute(select(table)).all()
        assert len(rows) == len(set(rows))
    assert database.connection.scalar(select(func.count()).select_from(lists["keywords"].table)) == 2


def test_another_text_is_a_revision_and_replaces_the_lists(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.keep(article())
    edited = article(headline="Cầu mới thông xe sớm", keywords=["cầu"])
    assert store.keep(edited) is Kept.REVISED
    assert database.connection.scalar(select(articles.c.headline)) == "Cầu mới thông xe sớm"
    assert database.connection.scalars(select(lists["keywords"].table.c.keyword)).all() == ["cầu"]


def test_new_keywords_are_kept_without_being_a_revision(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.keep(article())
    assert store.keep(article(keywords=["cầu", "sông"])) is Kept.UNCHANGED
    assert database.connection.scalars(select(lists["keywords"].table.c.keyword)).all() == ["cầu", "sông"]


def test_a_saved_copy_does_not_replace_what_the_site_said(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.keep(article())
    assert store.keep(article(source="archive", headline="Bản cũ")) is Kept.UNCHANGED
    assert database.connection.scalar(select(articles.c.headline)) == "Cầu mới thông xe"


def test_an_older_revision_does_not_replace_a_later_one(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.keep(article(date_modified="2026-07-16T09:00:00+07:00"))
    older = article(date_modified="2026-07-16T08:00:00+07:00", headline="Bản sáng sớm")
    assert store.keep(older) is Kept.UNCHANGED
    assert database.connection.scalar(select(articles.c.headline)) == "Cầu mới thông xe"


def test_text_that_looks_like_sql_is_only_text(database: Database) -> None:
    hostile = "'); DROP TABLE articles; --"
    ArticleStore(database.connection).keep(article(headline=hostile, keywords=[hostile]))
    assert database.connection.scalar(select(articles.c.headline)) == hostile


def test_a_time_expression_is_kept_with_its_days_and_its_sentence(database: Database) -> None:
    body = "Trời mưa.\n\nTừ ngày 5 đến 9/10, TP. Huế đón khách. Vé bán trong 3 ngày."
    found = [
        TimeExpression("body", 14, 28, "ngày 5 đến 9/10", "DATE", "2023-10-05/2023-10-09", None, False),
        TimeExpression("body", 62, 68, "3 ngày", "DURATION", "P3D", None, False),
    ]
    ArticleStore(database.connection).keep(article(body=body, time_expressions=found))
    table = lists["time_expressions"].table
    rows = database.connection.execute(
        select(table.c.value, table.c.first_day, table.c.last_day, table.c.sentence).order_by(table.c.position)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("2023-10-05/2023-10-09", "2023-10-05", "2023-10-09", "Từ ngày 5 đến 9/10, TP. Huế đón khách."),
        ("P3D", None, None, "Vé bán trong 3 ngày."),
    ]


def test_every_sentence_that_speaks_of_a_day_is_one_query(database: Database) -> None:
    body = "Hội mở ngày 7/10. Hội kéo dài từ 5 đến 9/10. Năm sau mở lại. Quý IV bận rộn."
    found = [
        TimeExpression("body", 7, 16, "ngày 7/10", "DATE", "2023-10-07", None, False),
        TimeExpression("body", 33, 43, "5 đến 9/10", "DATE", "2023-10-05/2023-10-09", None, False),
        TimeExpression("body", 45, 52, "Năm sau", "DATE", "2024", None, False),
        TimeExpression("body", 61, 67, "Quý IV", "DATE", "2023-Q4", None, False),
    ]
    ArticleStore(database.connection).keep(article(body=body, time_expressions=found))
    table = lists["time_expressions"].table
    sentences = database.connection.scalars(
        select(table.c.sentence)
        .where(table.c.first_day <= "2023-10-07", table.c.last_day >= "2023-10-07")
        .order_by(table.c.position)
    ).all()
    assert sentences == ["Hội mở ngày 7/10.", "Hội kéo dài từ 5 đến 9/10.", "Quý IV bận rộn."]


class TestRevisions:
    """Every text that an article has had."""

    @staticmethod
    def rows(database: Database) -> list[tuple[int, str, list[str]]]:
        table = revisions
        found = database.connection.execute(
            select(table.c.number, table.c.record, table.c.changed).order_by(table.c.number)
        )
        return [(row.number, json.loads(row.record)["headline"], json.loads(row.changed)) for row in found]

    def test_the_first_text_is_the_first_revision(self, database: Database) -> None:
        ArticleStore(database.connection).keep(article())
        assert self.rows(database) == [(1, "Cầu mới thông xe", [])]

    def test_an_edited_text_is_another_with_the_names_of_what_changed(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article(headline="Cầu thông xe", keywords=["cầu"], date_modified="2026-07-16T09:00:00+07:00"))
        assert self.rows(database) == [
            (1, "Cầu mới thông xe", []),
            (2, "Cầu thông xe", ["headline", "keywords", "date_modified"]),
        ]

    def test_the_same_text_again_is_no_other_revision_but_seen_later(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        database.connection.execute(update(revisions).values(last_seen="2020-01-01T00:00:00+00:00"))
        store.keep(article())
        assert len(self.rows(database)) == 1
        assert str(database.connection.scalar(select(revisions.c.last_seen))) > "2020-01-02"

    def test_a_record_in_a_revision_is_whole(self, database: Database) -> None:
        kept = article()
        ArticleStore(database.connection).keep(kept)
        (written,) = database.connection.scalars(select(revisions.c.record))
        assert json.loads(written) == asdict(kept)

    def test_only_the_last_revision_is_seen_again(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article(headline="Cầu thông xe"))
        database.connection.execute(update(revisions).values(last_seen="2020-01-01T00:00:00+00:00"))
        store.seen(article().canonical_url)
        seen = database.connection.scalars(select(revisions.c.last_seen).order_by(revisions.c.number)).all()
        assert seen[0] == "2020-01-01T00:00:00+00:00"
        assert seen[1] > "2020-01-02"
