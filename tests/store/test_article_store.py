"""Keeping articles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.strategies import articles as articles_of_any_kind
from vovcrawl.items import Article, Author, Block, Image, Related, TimeExpression, content_hash
from vovcrawl.store import ArticleStore, Database, Kept
from vovcrawl.store.tables import articles, lists, metadata, revisions


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
    scalars = [f.name for f in fields(Article) if f.name not in lists]
    written = {name: getattr(kept, name) for name in scalars} | {"extra": "{}"}
    assert {name: row[name] for name in scalars} == written


def test_what_a_pipeline_adds_is_kept_and_another_value_is_no_revision(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.keep(article(extra={"cảm xúc": 0.25, "people": [{"name": "Hà An"}]}))
    kept = store.read(article().canonical_url)
    assert kept is not None
    assert kept.extra == {"cảm xúc": 0.25, "people": [{"name": "Hà An"}]}
    assert store.keep(article(extra={"cảm xúc": 0.5})) is Kept.UNCHANGED
    again = store.read(article().canonical_url)
    assert again is not None
    assert again.extra == {"cảm xúc": 0.5}


def test_the_store_says_of_a_text_in_which_order_by_which_run_and_when_it_was_kept(database: Database) -> None:
    store = ArticleStore(database.connection)
    store.run = 7
    store.keep(article())
    store.keep(article(canonical_url="https://vov.vn/xa-hoi/khac-post2.vov"))
    store.keep(article(headline="Cầu thông xe"))
    table = articles.c
    found = database.connection.execute(
        select(table.sequence, table.run, table.revision, table.gone_at).order_by(table.sequence)
    ).all()
    assert [tuple(row) for row in found] == [(2, 7, 1, None), (3, 7, 2, None)]
    assert (store.revisions_kept, store.last_sequence) == (3, 3)


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


def of_statements(database: Database, then: Callable[[], object]) -> list[str]:
    """The statements that SQLite runs meanwhile."""
    driver = database.connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    seen: list[str] = []
    driver.set_trace_callback(seen.append)
    then()
    driver.set_trace_callback(None)
    return [statement.split()[0] for statement in seen if not statement.startswith(("BEGIN", "--"))]


class TestUnchanged:
    """An article that the store holds already."""

    @pytest.mark.sqlite("what its driver says of statements")
    def test_one_that_was_read_the_same_costs_two_statements(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article(fetched_at="2026-07-16T01:00:00+00:00"))
        again = article(fetched_at="2026-07-17T01:00:00+00:00")
        assert of_statements(database, lambda: store.keep(again)) == ["SELECT", "UPDATE"]

    def test_one_that_was_read_the_same_stays_as_it_is_but_was_seen_later(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        first = article(fetched_at="2026-07-16T01:00:00+00:00")
        store.keep(first)
        database.connection.execute(update(articles).values(last_seen="2020-01-01T00:00:00+00:00"))
        assert store.keep(article(fetched_at="2026-07-17T01:00:00+00:00")) is Kept.UNCHANGED
        assert store.read(first.canonical_url) == first
        assert str(database.connection.scalar(select(articles.c.last_seen))) > "2020-01-02"

    def test_one_that_a_later_reader_read_is_its_reading_in_all_fields(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article(fetched_at="2026-07-16T01:00:00+00:00", warnings=["missing:date_published"]))
        later = article(
            fetched_at="2026-07-17T01:00:00+00:00",
            reader_version=99,
            date_published="2026-07-15T08:00:00+07:00",
            authors=[],
            blocks=[Block("quote", 0, 20)],
            images=[Image("https://media.vov.vn/b.jpg", None, None)],
        )
        assert store.keep(later) is Kept.UNCHANGED
        assert store.read(later.canonical_url) == later
        assert database.connection.scalar(select(func.count()).select_from(revisions)) == 0

    def test_it_keeps_its_place_and_its_run(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.run = 1
        store.keep(article())
        store.run = 2
        store.keep(article(keywords=["sông"]))
        (revision,) = store.history(article().canonical_url)
        assert (revision.number, revision.sequence, revision.run) == (1, 1, 1)
        assert store.revisions_kept == 1


class TestLaterWork:
    """What is found out about an article after it was read."""

    ORIGINAL = "https://vov.vn/xa-hoi/ban-goc-post0.vov"
    BODY = " ".join(f"chữ{number}" for number in range(80))

    @pytest.fixture
    def store(self, database: Database) -> ArticleStore:
        made = ArticleStore(database.connection)
        first = article(id="post0", canonical_url=self.ORIGINAL, url=self.ORIGINAL, body=self.BODY)
        made.keep(replace(first, date_published="2026-07-10T08:00:00+07:00"))
        made.keep(self.repetition())
        database.connection.execute(update(articles).values(gone_at="2026-07-16"))
        return made

    def repetition(self, **changes: Any) -> Article:
        return article(body=self.BODY, date_published="2026-07-11T08:00:00+07:00", **changes)

    @pytest.mark.parametrize("changes", [{}, {"keywords": ["sông"]}, {"headline": "Cầu thông xe"}])
    def test_keeping_the_article_again_erases_none_of_it(
        self, database: Database, store: ArticleStore, changes: dict[str, Any]
    ) -> None:
        store.keep(self.repetition(**changes))
        found = select(articles.c.duplicate_of, articles.c.gone_at)
        row = database.connection.execute(found.where(articles.c.canonical_url == article().canonical_url)).one()
        assert tuple(row) == (self.ORIGINAL, "2026-07-16")

    def test_the_feed_gets_it_with_the_revised_article(self, store: ArticleStore) -> None:
        revised = self.repetition(headline="Cầu thông xe")
        store.keep(revised)
        assert revised.duplicate_of == self.ORIGINAL
        assert store.read(revised.canonical_url) == revised


class TestReading:
    """Articles as the store gives them back."""

    @pytest.mark.long
    @given(written=articles_of_any_kind())
    @settings(deadline=None, suppress_health_check=ONE_FIXTURE_FOR_ALL)
    def test_what_is_read_is_what_a_feed_wrote(self, database: Database, written: Article) -> None:
        store = ArticleStore(database.connection)
        store.keep(written)
        read = store.read(written.canonical_url)
        streamed = list(store.stream())
        database.connection.rollback()
        assert read == Article.from_dict(json.loads(written.to_json()))
        assert streamed == [read]

    def test_an_article_that_is_not_there_is_none(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        assert store.read("https://vov.vn/a-post1.vov") is None
        assert store.history("https://vov.vn/a-post1.vov") == []

    def test_all_come_in_the_order_in_which_their_texts_were_kept(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        kept = [numbered(number) for number in (3, 1, 2)]
        for each in kept:
            store.keep(each)
        revised = numbered(3, headline="Cầu thông xe")
        store.keep(revised)
        assert list(store.stream()) == [kept[1], kept[2], revised]

    @pytest.mark.sqlite("what its driver says of statements")
    def test_many_come_with_one_statement_a_list(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        kept = [numbered(number) for number in range(450)]
        for each in kept:
            store.keep(each)
        found: list[Article] = []
        statements = of_statements(database, lambda: found.extend(store.stream()))
        assert found == kept
        assert len(statements) == 3 * (1 + len(lists)) + 1

    @pytest.mark.parametrize(
        ("since", "until", "ids"),
        [
            (None, None, ["post10", "post11", "post12", "post1"]),
            ("2026-07-11", None, ["post11", "post12"]),
            (None, "2026-07-11", ["post10"]),
            ("2026-07-10T08:00:00+07:00", "2026-07-12", ["post10", "post11"]),
        ],
    )
    def test_a_window_is_of_days_of_publication(
        self, database: Database, since: str | None, until: str | None, ids: list[str]
    ) -> None:
        store = ArticleStore(database.connection)
        for number in (10, 11, 12):
            store.keep(numbered(number, date_published=f"2026-07-{number}T08:00:00+07:00"))
        store.keep(article())
        assert [each.id for each in store.stream(since, until)] == ids


def numbered(number: int, **changes: object) -> Article:
    url = f"https://vov.vn/xa-hoi/cau-moi-post{number}.vov"
    return article(id=f"post{number}", url=url, canonical_url=url, **changes)


class TestRevisions:
    """The texts that an article had before its current one."""

    @staticmethod
    def rows(database: Database) -> list[tuple[int, dict[str, Any]]]:
        found = database.connection.execute(
            select(revisions.c.number, revisions.c.earlier).order_by(revisions.c.number)
        )
        return [(row.number, json.loads(row.earlier)) for row in found]

    def test_an_article_that_was_never_revised_has_none(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article())
        store.keep(article(keywords=["sông"]))
        assert self.rows(database) == []

    def test_one_holds_what_the_article_said_before_of_what_has_changed(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article(headline="Cầu thông xe", keywords=["cầu"], date_modified="2026-07-16T09:00:00+07:00"))
        assert self.rows(database) == [
            (1, {"headline": "Cầu mới thông xe", "keywords": ["cầu", "giao thông"], "date_modified": None})
        ]

    def test_one_can_be_read_by_people(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article(headline="Cầu thông xe"))
        assert database.connection.scalar(select(revisions.c.earlier)) == '{"headline":"Cầu mới thông xe"}'

    def test_one_has_the_hash_the_run_and_the_times_of_its_text(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.run = 1
        first = article()
        store.keep(first)
        times = {"first_seen": "2020-01-01T00:00:00+00:00", "last_seen": "2020-01-02T00:00:00+00:00"}
        database.connection.execute(update(articles).values(times))
        store.run = 2
        store.keep(article(headline="Cầu thông xe"))
        row = database.connection.execute(select(revisions)).one()
        assert (row.sequence, row.run, row.content_hash) == (1, 1, first.content_hash)
        assert (row.first_seen, row.last_seen) == tuple(times.values())

    def test_only_the_current_text_is_seen_again(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article(headline="Cầu thông xe"))
        long_ago = "2020-01-01T00:00:00+00:00"
        database.connection.execute(update(revisions).values(last_seen=long_ago))
        database.connection.execute(update(articles).values(last_seen=long_ago))
        store.seen(article().canonical_url)
        first, second = store.history(article().canonical_url)
        assert first.last_seen == long_ago
        assert second.last_seen > "2020-01-02"

    def test_an_article_that_is_deleted_takes_its_history_with_it(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.keep(article())
        store.keep(article(headline="Cầu thông xe"))
        database.connection.execute(delete(articles))
        assert self.rows(database) == []

    def test_reading_the_current_text_otherwise_changes_no_earlier_one(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        first, second = article(), article(headline="Cầu thông xe", keywords=["cầu"])
        store.keep(first)
        store.keep(second)
        store.keep(article(headline="Cầu thông xe", keywords=["cầu", "giao thông"], authors=[]))
        assert store.history(first.canonical_url)[0].article == first
        assert self.rows(database) == [
            (1, {"headline": first.headline, "authors": [asdict(first.authors[0])]}),
        ]

    @pytest.mark.long
    @given(visits=st.lists(st.tuples(articles_of_any_kind(), st.booleans()), min_size=1, max_size=6))
    @settings(
        deadline=None,
        max_examples=60,
        suppress_health_check=ONE_FIXTURE_FOR_ALL,
    )
    def test_every_earlier_text_can_be_put_together_again(
        self, database: Database, visits: list[tuple[Article, bool]]
    ) -> None:
        store = ArticleStore(database.connection)
        expected: list[Article] = []
        for read, is_same_text in visits:
            if is_same_text and expected:
                last = expected[-1]
                read = replace(read, headline=last.headline, description=last.description, body=last.body)
                read = replace(read, content_hash=last.content_hash, time_expressions=last.time_expressions)
            kept = store.keep(read)
            current = store.read(read.canonical_url)
            assert current is not None
            if kept is Kept.UNCHANGED:
                expected[-1] = current
            else:
                assert current == read
                expected.append(current)
        history = store.history(expected[0].canonical_url)
        database.connection.rollback()
        assert [revision.article for revision in history] == expected
        assert [revision.number for revision in history] == list(range(1, len(expected) + 1))


class TestOwed:
    """What a feed gets of a run."""

    def test_the_texts_that_a_run_kept_come_in_their_order(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.run = 1
        store.keep(numbered(5))
        store.run = 2
        texts = [numbered(2), numbered(1), numbered(2, headline="Cầu thông xe"), numbered(5, headline="Cầu đóng")]
        for each in texts:
            store.keep(each)
        assert list(store.owed(2, 0)) == texts
        assert list(store.owed(2, 3)) == texts[2:]
        assert list(store.owed(1, 0)) == [numbered(5)]

    def test_more_than_are_read_at_a_time_come_all(self, database: Database) -> None:
        store = ArticleStore(database.connection)
        store.run = 1
        for number in range(450):
            store.keep(numbered(number))
        assert [each.id for each in store.owed(1, 0)] == [f"post{number}" for number in range(450)]


def test_the_tables_can_be_made_in_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made = "".join(str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables)
    indexes = [
        str(CreateIndex(index).compile(dialect=dialect))
        for table in metadata.tables.values()
        for index in table.indexes
    ]
    assert "ROWID" not in made
    assert made.count("PRIMARY KEY (canonical_url, position)") == len(lists)
    assert any("(first_day, last_day) WHERE first_day IS NOT NULL" in index for index in indexes)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT sentence FROM time_expressions WHERE first_day <= '2023-10-07' AND last_day >= '2023-10-07'", "days"),
        ("SELECT headline FROM articles WHERE date_published BETWEEN '2023-10-01' AND '2023-11-01'", "date_published"),
        ("SELECT canonical_url FROM keywords WHERE keyword = 'cầu'", "keyword"),
        ("SELECT canonical_url FROM authors WHERE name = 'Lan Anh'", "name"),
        ("SELECT number, earlier FROM revisions WHERE canonical_url = 'a'", "revisions_"),
    ],
)
def test_a_plain_question_is_answered_by_an_index(database: Database, query: str, index: str) -> None:
    connection = database.connection
    if connection.dialect.name == "sqlite":
        ((*_, plan),) = connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))
        assert plan.startswith("SEARCH")
    else:
        # Of so few rows all would be read; this asks for an index where there is one that helps.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(connection.scalars(text(f"EXPLAIN {query}")))
        assert "Seq Scan" not in plan
    assert index in plan
