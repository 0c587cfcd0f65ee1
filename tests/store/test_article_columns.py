"""Articles read back field by field."""

from __future__ import annotations

from tests.export.invented import article, full_article
from vovcrawl.store import ArticleStore, Database
from vovcrawl.store.article_columns import ArticleColumns, Columns

FIELDS = ("headline", "authors", "keywords", "extra")


def keep(database: Database) -> list[str]:
    """The urls of two articles that are kept, the second one with something in its lists."""
    made = [article(2), full_article(1, None)]
    for each in made:
        ArticleStore(database.connection).keep(each)
    return [each.canonical_url for each in made]


def test_articles_come_sorted_by_url_whatever_the_order_asked_for(database: Database) -> None:
    urls = keep(database)
    found = ArticleColumns(database.connection, FIELDS).read(urls)
    assert list(found.urls) == sorted(urls)
    assert list(found.scalars["headline"]) == ["Bến thuyền số 1", "Bến thuyền số 2"]


def test_the_elements_of_a_list_stand_one_article_after_the_other(database: Database) -> None:
    found = ArticleColumns(database.connection, FIELDS).read(keep(database))
    authors, keywords = found.lists["authors"], found.lists["keywords"]
    assert (list(authors.lengths), list(keywords.lengths)) == ([2, 0], [2, 0])
    assert [list(part) for part in authors.parts] == [["Lê A", "Cô Ba"], ["VOV.VN", None], ["Lê A/VOV.VN", "Cô Ba"]]
    assert [list(part) for part in keywords.parts] == [["chợ nổi", "ghe, thuyền"]]


def test_an_object_is_json(database: Database) -> None:
    found = ArticleColumns(database.connection, FIELDS).read(keep(database))
    assert list(found.scalars["extra"]) == ['{"mood":"vui","parts":[1,2.5,null]}', "{}"]


def test_only_the_fields_asked_for_are_read(database: Database) -> None:
    found = ArticleColumns(database.connection, ("headline", "links")).read(keep(database))
    assert (list(found.scalars), list(found.lists)) == (["headline"], ["links"])


def test_articles_that_are_not_there_are_left_out(database: Database) -> None:
    one, _ = keep(database)
    reader = ArticleColumns(database.connection, ("keywords",))
    assert list(reader.read([one, "https://vov.vn/khong-co-post9.vov"]).urls) == [one]
    none = reader.read(["https://vov.vn/khong-co-post9.vov"])
    assert isinstance(none, Columns)
    assert (list(none.urls), list(none.lists["keywords"].lengths)) == ([], [])
