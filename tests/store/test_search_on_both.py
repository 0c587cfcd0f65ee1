"""What a search finds in SQLite and in PostgreSQL is the same: articles, order, scores, pieces of text and counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.postgresql import need_server, server
from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.store.test_search import QUERIES, STEPS, article, take
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.queries import parse
from vovcrawl.store import ArticleStore, Database, open_database
from vovcrawl.store.search import Facets, Filter, Page, SearchStore

pytestmark = pytest.mark.long

WORDS = "bão báo bao Bao số so 4 Đà Nẵng Da nang hoà hòa b* n* na* so* ⑴ x⑵y ½ AND OR NOT".split()
WORDS += ["-bao", "-số", "(", ")", '"', '"so 4"', '"Đà Nẵng"', "tag:bão", "tag:ba*", "author:bao", "section:x*"]
WORDS += ["section:xa", "kind:video", "kind:v*", "'", "\\", "&", "bao'", "%", "khong"]
WITHIN = [
    Filter(),
    Filter(start=datetime(2026, 7, 16, tzinfo=VIETNAM)),
    Filter(end=datetime(2026, 7, 16, tzinfo=VIETNAM)),
    Filter(sections=("https://vov.vn/xa-hoi",)),
    Filter(sections=("https://vov.vn/the-thao", "https://vov.vn/A.b c'\\%")),
]
Pair = tuple[Database, Database]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Pair]:
    """A store in SQLite and one in PostgreSQL."""
    need_server()
    url = server().new_store()
    pair = open_database(str(tmp_path / "a.sqlite")), open_database(url)
    yield pair
    for each in pair:
        each.close()
    server().drop_store(url)


def asked(database: Database, typed: str, within: Filter, limit: int = 20) -> tuple[Page, Facets]:
    search = SearchStore(database.connection)
    query = parse(typed)
    return search.find(query, limit=limit, within=within), search.facets(query, within=within)


@pytest.mark.long
@given(
    steps=STEPS,
    typed=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=8),
    within=st.sampled_from(WITHIN),
)
@settings(max_examples=20, deadline=None, suppress_health_check=ONE_FIXTURE_FOR_ALL)
def test_what_is_found_is_the_same(both: Pair, steps: Any, typed: list[str], within: Filter) -> None:
    for database in both:
        for _ in take(ArticleStore(database.connection), database, steps):
            pass
    for each in (*typed, *QUERIES):
        of_file, of_server = (asked(database, each, within) for database in both)
        assert of_file == of_server, each
    for database in both:
        database.connection.rollback()


def test_more_than_are_looked_at_closely_are_found_in_the_same_order(both: Pair) -> None:
    for database in both:
        store = ArticleStore(database.connection)
        for number in range(1, 200):
            words = ("bão số", "số bão", "bao so", "Bao so 4")[number % 4]
            headline = words if number % 5 == 0 else "Tin"
            store.keep(article(number, headline, f"{words} {'gió ' * (number % 7)}{words}.", keywords=[words[:3]]))
    for typed in ("bão số", "bao so", '"so bao"', "b*", "bão -gió", "bão OR gió", "tag:bao số"):
        of_file, of_server = (asked(database, typed, Filter(), 300) for database in both)
        assert of_file == of_server, typed


@pytest.mark.parametrize("length", [8, 39])
def test_words_at_the_end_of_a_very_long_article_are_found(both: Pair, length: int) -> None:
    # With long words there are more bytes of them than PostgreSQL allows in a vector.
    names = [f"tụ{number:0{length - 2}}" for number in range(14_000)]
    body = " ".join(f"{name} gió" for name in names) + " cuối cùng là bão số 4."
    typed = ('"cuối cùng"', "bão", '"số 4"', '"gió gió"', f'"{names[-1]} gió"', "cuô* -bão", "c*", "gio OR bao")
    for database in both:
        store = ArticleStore(database.connection)
        store.keep(article(1, body=body))
        store.keep(article(2, "Cuối cùng"))
    for each in typed:
        of_file, of_server = (asked(database, each, Filter()) for database in both)
        assert of_file == of_server, each
    assert asked(both[1], '"cuối cùng là bão"', Filter())[0].count == 1
    kept = both[1].connection.exec_driver_sql("SELECT count(*) FROM search_index WHERE vector IS NULL").scalar()
    assert kept == (length == 39)
