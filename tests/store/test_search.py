"""Searching a store, and the index that it is searched by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.store.test_merge import merged
from tests.stores import ON_POSTGRESQL, open_store, store_at
from vovcrawl.folding import words
from vovcrawl.items import Article, Author, Image, content_hash
from vovcrawl.pages.publication import VIETNAM
from vovcrawl.queries import Either, Part, Query, Term, Without, parse
from vovcrawl.search_tokens import document
from vovcrawl.store import ArticleStore, Database, Kept, read_database
from vovcrawl.store.search import COUNTED, Filter, Page, SearchStore
from vovcrawl.store.search_index import SearchIndex
from vovcrawl.store.tables import articles, search_articles, search_words


def url(number: int, section: str = "xa-hoi") -> str:
    return f"https://vov.vn/{section}/bai-post{number}.vov"


def article(number: int, headline: str = "Chợ nổi", body: str = "Chợ họp.", **fields: Any) -> Article:
    section = fields.setdefault("section", "xa-hoi")
    fields.setdefault("description", None)
    fields.setdefault("date_published", f"2026-07-{number % 28 + 1:02}T08:00:00+07:00")
    fields.setdefault("canonical_url", url(number, section))
    fields.setdefault("content_type", "article")
    return Article(
        id=f"post{number}",
        url=fields["canonical_url"],
        headline=headline,
        body=body,
        content_hash=content_hash(headline, fields["description"], body),
        template="drupal-2026",
        **fields,
    )


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database.connection)


def find(database: Database, typed: str, **options: Any) -> Page:
    return SearchStore(database.connection).find(parse(typed), **options)


def found(database: Database, typed: str, **options: Any) -> list[int]:
    """The numbers of the articles that are found, in their order."""
    return [int(hit.canonical_url[:-4].rpartition("post")[2]) for hit in find(database, typed, **options).hits]


def check_integrity(database: Database) -> None:
    if ON_POSTGRESQL:
        return
    database.connection.execute(text("INSERT INTO search_index (search_index) VALUES ('integrity-check')"))


class TestMarks:
    @pytest.mark.parametrize("typed", ["Viet Nam", "Việt Nam", "VIỆT NAM", "vietnam OR việt nam", "Viê\u0323t Nam"])
    def test_a_name_is_found_however_it_is_typed(self, database: Database, store: ArticleStore, typed: str) -> None:
        store.keep(article(1, "Việt Nam thắng"))
        store.keep(article(2, body="Đoàn VIỆT NAM về nước."))
        store.keep(article(3, body="Hãng Viet Nam Airlines."))
        store.keep(article(4, body="Năm nay viết văn."))
        assert {1, 2, 3} <= set(found(database, typed))
        if parse(typed).has_marks:
            assert 4 not in found(database, typed)

    @pytest.mark.parametrize("typed", ["hoà bình", "hòa bình", "hoa binh", "HÒA BÌNH"])
    def test_it_does_not_matter_which_letter_carries_the_tone(
        self, database: Database, store: ArticleStore, typed: str
    ) -> None:
        store.keep(article(1, "Hoà bình"))
        store.keep(article(2, "Hòa bình"))
        assert sorted(found(database, typed)) == [1, 2]

    def test_words_without_marks_find_any_and_words_with_marks_what_has_them(
        self, database: Database, store: ArticleStore
    ) -> None:
        store.keep(article(1, "Cơn bão"))
        store.keep(article(2, "Tờ báo"))
        assert sorted(found(database, "bao")) == [1, 2]
        assert found(database, "bão") == [1]

    def test_a_text_without_marks_comes_after_those_that_have_them(
        self, database: Database, store: ArticleStore
    ) -> None:
        store.keep(article(2, "Bao so 4 do bo", "Bao bao bao so 4."))
        store.keep(article(1, "Tin", "Có tin về bão, số gió 4."))
        assert found(database, "bão số 4") == [1, 2]

    def test_a_common_word_without_marks_is_none_that_lacks_them(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1, "Cơn bão"))
        store.keep(article(2, "Gói hàng", "Giá bao gồm thuế, đã bao."))
        assert found(database, "bão") == [1]

    def test_a_name_without_marks_in_a_text_with_marks_is_found(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1, "Khách sạn", "Giải diễn ra ở Da Nang Arena."))
        assert found(database, "Đà Nẵng") == [1]

    def test_where_nothing_has_the_marks_others_are_found_and_it_is_said(
        self, database: Database, store: ArticleStore
    ) -> None:
        store.keep(article(1, "Cơn bão"))
        page = find(database, "bẫo")
        assert [hit.canonical_url for hit in page.hits] == [url(1)]
        assert page.are_marks_ignored

    def test_an_index_of_decomposed_letters_is_the_same(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1, unicodedata.normalize("NFD", "Đường Đà Nẵng")))
        assert found(database, "đường") == found(database, "duong") == [1]


class TestRanking:
    def test_the_headline_comes_before_head_and_body(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(4, body="Chuyện về cầu."))
        store.keep(article(3, description="Chuyện về cầu."))
        store.keep(article(2, keywords=["cầu"]))
        store.keep(article(1, "Chuyện về cầu"))
        assert found(database, "cầu")[0] == 1
        assert found(database, "cầu")[-1] == 4

    def test_words_side_by_side_come_before_words_apart(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(2, body="Thu hoạch lúa, tượng đá."))
        store.keep(article(1, body="Ông là thủ tướng."))
        assert found(database, "thu tuong") == [1, 2]

    def test_newer_ones_come_first_among_equals(self, database: Database, store: ArticleStore) -> None:
        for number in (3, 1, 2):
            store.keep(article(number, "Cầu mới"))
        assert found(database, "cầu") == [3, 2, 1]

    def test_pages_of_hits_are_one_list(self, database: Database, store: ArticleStore) -> None:
        for number in range(1, 200):
            store.keep(article(number, body=f"Cầu {'cầu ' * (number % 7)}."))
        whole = found(database, "cầu", limit=500)
        assert len(whole) == 199
        pages = [found(database, "cầu", limit=30, offset=start) for start in range(0, 210, 30)]
        assert [number for page in pages for number in page] == whole


class TestFilters:
    def test_a_window_holds_its_first_day_and_not_the_day_after_its_last(
        self, database: Database, store: ArticleStore
    ) -> None:
        for number, day in enumerate(("2026-07-01T00:00:00", "2026-07-31T23:59:59", "2026-08-01T00:00:00")):
            store.keep(article(number, date_published=f"{day}+07:00"))
        store.keep(article(9, date_published=None))
        july = Filter(datetime(2026, 7, 1, tzinfo=VIETNAM), datetime(2026, 8, 1, tzinfo=VIETNAM))
        assert found(database, "chợ", within=july) == [1, 0]
        assert sorted(found(database, "chợ")) == [0, 1, 2, 9]

    def test_a_section_is_known_by_its_path(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1))
        store.keep(article(2, section="the-thao"))
        store.keep(article(3, section="the-thao", canonical_url="https://vov.vn/the-thao/bong-da/bai-post3.vov"))
        assert sorted(found(database, "chợ", within=Filter(sections=("https://vov.vn/the-thao",)))) == [2, 3]
        assert found(database, "chợ", within=Filter(sections=("https://vov.vn/the-thao/bong-da",))) == [3]

    def test_many_articles_of_one_moment_stay_on_their_day(self, database: Database, store: ArticleStore) -> None:
        for number in range(150):
            store.keep(article(number, date_published="2026-07-16T23:59:00+07:00" if number % 2 else "2026-07-16"))
        day = Filter(datetime(2026, 7, 16, tzinfo=VIETNAM), datetime(2026, 7, 17, tzinfo=VIETNAM))
        assert find(database, "chợ", within=day).count == 150
        check_integrity(database)


def test_a_control_character_in_a_url_or_a_quote_breaks_no_query(database: Database, store: ArticleStore) -> None:
    store.keep(article(1))
    odd = Filter(sections=('https://vov.vn/x" OR "a', "https://vov.vn/\x00"))
    assert found(database, "chợ", within=odd) == []


def test_facets_count_what_is_found(database: Database, store: ArticleStore) -> None:
    lan, mai = Author("Lan", None, "Lan"), Author("Mai", "VOV", "Mai/VOV")
    store.keep(article(1, authors=[lan, mai], keywords=["cầu", "chợ"]))
    store.keep(article(2, authors=[lan], keywords=["cầu"], section="the-thao", content_type="video"))
    store.keep(article(3, "Khác", "Khác.", authors=[mai]))
    store.keep(article(4, date_published=None))
    counted = SearchStore(database.connection).facets(parse("chợ"))
    assert counted["section"] == [("xa-hoi", 2), ("the-thao", 1)]
    assert counted["kind"] == [("article", 2), ("video", 1)]
    assert counted["month"] == [("2026-07", 2)]
    assert counted["author"] == [("Lan", 2), ("Mai", 1)]
    assert counted["tag"] == [("cầu", 2), ("chợ", 1)]


def test_an_empty_query_finds_all_the_newest_first(database: Database, store: ArticleStore) -> None:
    for number in (2, 1, 3):
        store.keep(article(number))
    assert found(database, "") == [3, 2, 1]


def test_a_word_that_is_misspelt_gets_a_suggestion(database: Database, store: ArticleStore) -> None:
    store.keep(article(1, "Nghiêng ngả"))
    assert "nghieng" in find(database, "nghienh").suggestions


def test_only_more_than_are_counted_are_not(database: Database, store: ArticleStore, monkeypatch: Any) -> None:
    monkeypatch.setattr("vovcrawl.store.search.COUNTED", 2)
    for number in range(1, 4):
        store.keep(article(number, "Ai"))
    page = find(database, "a*")
    assert (page.count, page.is_counted) == (2, False)
    assert COUNTED > 2


class TestKeeping:
    def test_a_revised_text_is_found_by_its_words_alone(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1, "Cầu cũ"))
        assert store.keep(article(1, "Cầu mới")) is Kept.REVISED
        assert found(database, "mới") == [1]
        assert found(database, "cũ") == []
        check_integrity(database)

    def test_a_document_made_elsewhere_is_taken_for_the_same_article_alone(
        self, database: Database, store: ArticleStore
    ) -> None:
        for number, headline in enumerate(["Cầu cũ", "Cầu mới"], 1):
            store.search.have_at_hand(article(number, "Cầu cũ"), document(article(number, "Đò ngang")))
            store.keep(article(number, headline))
        assert (found(database, "đò"), found(database, "cầu")) == ([1], [2])

    def test_another_date_is_found_on_another_day(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1))
        store.keep(article(1, date_published="2025-01-01T08:00:00+07:00"))
        since = Filter(datetime(2026, 1, 1, tzinfo=VIETNAM))
        assert found(database, "chợ") == [1]
        assert found(database, "chợ", within=since) == []

    def test_what_is_rolled_back_is_not_found(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(1))
        database.connection.commit()
        store.keep(article(2))
        store.keep(article(1, "Cầu"))
        database.connection.rollback()
        assert found(database, "chợ") == [1]
        check_integrity(database)

    def test_an_article_that_another_program_deleted_is_not_found(
        self, database: Database, store: ArticleStore
    ) -> None:
        store.keep(article(1, "Cầu cũ"))
        store.keep(article(2, "Cầu mới"))
        database.connection.execute(delete(articles).where(articles.c.canonical_url == url(1)))
        assert found(database, "cầu") == [2]
        assert find(database, "cầu").count == 1
        store.keep(article(1, "Cầu treo"))
        assert sorted(found(database, "cầu")) == [1, 2]
        assert found(database, "cũ") == []
        check_integrity(database)

    def test_an_article_that_another_program_changed_is_found_as_it_is_kept_next(
        self, database: Database, store: ArticleStore
    ) -> None:
        store.keep(article(1, "Cầu cũ"))
        database.connection.execute(update(articles).values(headline="Chợ"))
        store.keep(article(1, "Cầu mới"))
        assert found(database, "mới") == [1]
        assert found(database, "cũ") == []
        check_integrity(database)

    def test_filling_anew_makes_the_same_index(self, database: Database, store: ArticleStore) -> None:
        for number in range(1, 30):
            store.keep(article(number, f"Cầu {number}", keywords=["cầu"]))
        database.connection.execute(update(search_articles).values(mark=0))
        SearchIndex(database.connection).fill(store.read_all)
        assert sorted(found(database, "cầu", limit=50)) == list(range(1, 30))
        assert database.connection.scalar(select(func.count()).select_from(search_articles)) == 29
        assert (database.connection.scalar(select(func.count()).select_from(search_words)) or 0) > 29
        check_integrity(database)


def make(path: Path, kept: Sequence[Article]) -> Path:
    database = open_store(path)
    store = ArticleStore(database.connection)
    for each in kept:
        store.keep(each)
    database.connection.commit()
    database.close()
    return path


def test_what_is_merged_is_found(tmp_path: Path) -> None:
    moved = article(1, "Cầu mới", canonical_url=url(1, "kinh-te"), date_modified="2026-07-20T08:00:00+07:00")
    into = make(tmp_path / "into", [article(1, "Cầu cũ"), article(2)])
    merged(into, make(tmp_path / "other", [moved, article(3)]))
    database = read_database(store_at(into))
    assert found(database, "cầu") == [1]
    assert sorted(found(database, "chợ họp")) == [1, 2, 3]
    database.close()
    database = open_store(into)
    check_integrity(database)
    database.close()


@pytest.mark.sqlite("PostgreSQL has had no store without an index")
def test_a_store_of_an_earlier_version_is_indexed_once(tmp_path: Path) -> None:
    path = make(tmp_path / "vov.sqlite", [article(number, f"Cầu {number}") for number in range(1, 4)])
    database = open_store(path)
    for dropped in (
        "TABLE search_index",
        "TABLE search_articles",
        "TABLE search_words",
        "TRIGGER search_articles_gone",
    ):
        database.connection.execute(text(f"DROP {dropped}"))
    database.connection.execute(text("UPDATE store_properties SET value = '10' WHERE name = 'schema_version'"))
    database.connection.commit()
    database.close()
    database = open_store(path)
    assert found(database, "cầu") == [3, 2, 1]
    database.close()


# What a search finds by the definition, by looking at every article.

LINE = st.lists(st.sampled_from("bão báo bao Bao số so Đà Nẵng Da nang hoà hòa 4".split()), max_size=4).map(" ".join)
QUERIES = [
    *(
        "bão",
        "báo",
        "bao",
        "số 4",
        '"bão số"',
        '"bao so"',
        '"Đà Nẵng"',
        "da nang",
        "bão -số",
        "bao OR 4",
        "hoà",
        "-bao",
    ),
    *('bão "Đà Nẵng"', "nan*", "tag:bão", "author:bao", '("bão số" OR hòa) -4', "section:xa", "kind:video", ""),
]


def lines_of(kept: Article, field: str) -> list[str]:
    tags, authors = list(kept.keywords), [author.name_raw for author in kept.authors]
    if field:
        kinds: dict[str, list[str]] = {"tag": tags, "author": authors, "kind": [str(kept.content_type)]}
        return kinds.get(field, [(kept.section or "").replace("-", " ")])
    captions = [image.caption for image in kept.images if image.caption]
    return [kept.headline, kept.description or "", *kept.body.split("\n"), *captions, *tags, *authors]


def in_a_row(row: Sequence[str], line: Sequence[str], is_prefix: bool) -> bool:
    def fits(part: Sequence[str]) -> bool:
        *first, last = zip(row, part, strict=True)
        return all(one == other for one, other in first) and (
            last[1].startswith(last[0]) if is_prefix else last[0] == last[1]
        )

    return any(fits(line[start : start + len(row)]) for start in range(len(line) - len(row) + 1))


def has_term(kept: Article, term: Term, *, strict: bool) -> bool:
    folded = [word.folded for word in term.words]
    has_marks = any(word.spelling != word.folded for word in term.words)
    for line in lines_of(kept, term.field):
        of_line = list(words(line))
        if term.field or term.is_prefix or not has_marks:
            if in_a_row(folded, [word.folded for word in of_line], term.is_prefix):
                return True
            continue
        if in_a_row([word.spelling for word in term.words], [word.spelling for word in of_line], False):
            return True
        is_bare = all(word.spelling == word.folded for word in of_line)
        bare = [
            word.folded for word in of_line if word.spelling == word.folded and (is_bare or line[word.start].isupper())
        ]
        if not strict and in_a_row(folded, bare, False):
            return True
    return False


def has(kept: Article, part: Part, *, strict: bool = False) -> bool:
    if isinstance(part, Term):
        return has_term(kept, part, strict=strict)
    if isinstance(part, Without):
        return not has(kept, part.part, strict=True)
    parts = (has(kept, each, strict=strict) for each in part.parts)
    return any(parts) if isinstance(part, Either) else all(parts)


def scanned(store: ArticleStore, query: Query) -> set[str]:
    return {kept.canonical_url for kept in store.stream() if query.part is None or has(kept, query.part)}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["keep", "keep", "keep", "move", "delete", "forget"]),
        st.integers(1, 3),
        st.tuples(LINE, LINE, LINE, LINE),
        st.sampled_from([None, "2026-07-16", "2026-07-16T08:00:00+07:00", "2025-01-01"]),
    ),
    max_size=8,
)


def take(store: ArticleStore, database: Database, steps: Any) -> Iterator[None]:
    places = dict.fromkeys(range(1, 4), "xa-hoi")
    for step, number, (headline, body, tag, author), date in steps:
        if step == "delete":
            database.connection.execute(delete(articles).where(articles.c.id == f"post{number}"))
        elif step == "forget":
            store.forget_words(url(number, places[number]))
            database.connection.execute(delete(articles).where(articles.c.canonical_url == url(number, places[number])))
        else:
            if step == "move":
                places[number] = "the-thao" if places[number] == "xa-hoi" else "xa-hoi"
            fields: dict[str, Any] = {"keywords": [tag] if tag else [], "section": places[number]}
            fields["authors"] = [Author(author, None, author)] if author else []
            fields["images"] = [Image("https://vov.vn/a.jpg", author, None)]
            body = f"{body}\n\n{headline}"
            kind = "video" if number == 2 else "article"
            store.keep(article(number, headline, body, date_published=date, content_type=kind, **fields))
        yield


@given(STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=ONE_FIXTURE_FOR_ALL)
def test_the_index_finds_what_looking_at_every_article_finds(database: Database, steps: Any) -> None:
    connection = database.connection
    connection.rollback()
    store = ArticleStore(connection)
    for _ in take(store, database, steps):
        pass
    check_integrity(database)
    search = SearchStore(connection)
    for typed in QUERIES:
        query = parse(typed)
        page = search.find(query, limit=50)
        if not page.are_marks_ignored:
            assert {hit.canonical_url for hit in page.hits} == scanned(store, query), typed
            assert page.count == len(page.hits), typed
    connection.rollback()
