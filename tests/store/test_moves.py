"""One article, one record: articles that the site moves, and pages that name the canonical link of another article."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from tests.properties import ONE_FIXTURE_FOR_ALL
from tests.store.opened import Begin, OpenedCrawl
from vovcrawl import urls
from vovcrawl.items import Article, Author, Related, content_hash
from vovcrawl.store import ArticleStore, Database, Kept
from vovcrawl.store.known import known
from vovcrawl.store.tables import articles, lists, pages, revisions
from vovcrawl.visits import Discovered, Outcome, VisitResult

OLD = "https://vov.vn/xa-hoi/cau-moi-post1.vov"
NEW = "https://vov.vn/kinh-te/cau-moi-thong-xe-post1.vov"
OTHER = "https://vov.vn/xa-hoi/cho-noi-post2.vov"
THIRD = "https://vov.vn/van-hoa/dem-cheo-post3.vov"
TEXTS = {"1": "Cầu mới thông xe", "2": "Chợ nổi họp sớm", "3": "Đêm chèo sân đình"}
DISAGREES = "disagree:canonical_url"


def article(url: str, canonical_url: str | None = None, **changes: object) -> Article:
    """The article that the page `url` shows, with the canonical link that it names."""
    own, named = urls.article(url), urls.article(canonical_url or url)
    assert own is not None
    assert own.number is not None
    assert named is not None
    assert named.id is not None
    made = Article(
        id=named.id,
        url=url,
        canonical_url=named.url,
        content_type="article",
        headline=TEXTS.get(own.number, "Tin khác"),
        description=f"Tin số {own.number}.",
        body=f"Đoạn của tin số {own.number}.",
        section=named.section,
        authors=[Author("Lan Anh", None, "Lan Anh")],
        keywords=["cầu"],
        related=[Related("post9", "https://vov.vn/a/b-post9.vov", "Tin bên", None, "related")],
        warnings=[DISAGREES] if own.number != named.number else [],
        date_published="2026-07-16T08:46:00+07:00",
        template="drupal-2026",
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    made.content_hash = content_hash(made.headline, made.description, made.body)
    return made


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database.connection)


def kept(store: ArticleStore) -> dict[str, Article]:
    return {one.canonical_url: one for one in store.stream()}


class TestMoves:
    def test_an_article_with_another_slug_is_the_same_article_revised(self, store: ArticleStore) -> None:
        store.keep(article(OLD))
        assert store.keep(article(NEW)) is Kept.REVISED
        assert kept(store) == {NEW: article(NEW)}

    def test_its_lists_and_its_history_move_with_it(self, database: Database, store: ArticleStore) -> None:
        store.keep(article(OLD))
        store.keep(article(OLD, body="Đoạn một, sửa."))
        store.keep(article(NEW, body="Đoạn một, sửa lần nữa."))
        for listed in lists.values():
            assert set(database.connection.scalars(select(listed.table.c.canonical_url))) <= {NEW}
        assert set(database.connection.scalars(select(revisions.c.canonical_url))) == {NEW}
        told = [(text.number, text.article.canonical_url, text.article.body) for text in store.history(NEW)]
        assert told == [
            (1, OLD, article(OLD).body),
            (2, OLD, "Đoạn một, sửa."),
            (3, NEW, "Đoạn một, sửa lần nữa."),
        ]
        assert store.history(OLD) == []

    def test_a_move_is_owed_to_the_feeds_of_its_run(self, store: ArticleStore) -> None:
        store.run = 1
        store.keep(article(OLD))
        store.run = 2
        store.keep(article(NEW))
        assert [one.canonical_url for one in store.owed(2, 0)] == [NEW]
        assert [one.canonical_url for one in store.owed(1, 0)] == [OLD]

    def test_a_page_that_names_another_canonical_link_than_before_moves_its_article(self, store: ArticleStore) -> None:
        store.keep(article(OLD))
        assert store.keep(article(OLD, NEW)) is Kept.REVISED
        assert kept(store).keys() == {NEW}

    def test_a_canonical_link_with_another_id_that_leads_to_nothing_known_moves_it_too(
        self, store: ArticleStore
    ) -> None:
        store.keep(article(OLD))
        store.keep(article(OLD, THIRD))
        assert kept(store).keys() == {THIRD}
        assert store.keep(article(OLD, THIRD)) is Kept.UNCHANGED

    def test_an_article_read_again_under_its_new_url_is_unchanged(self, store: ArticleStore) -> None:
        store.keep(article(OLD))
        store.keep(article(NEW))
        assert store.keep(article(NEW)) is Kept.UNCHANGED
        assert len(store.history(NEW)) == 2

    def test_an_article_may_move_back(self, store: ArticleStore) -> None:
        for url in (OLD, NEW, OLD):
            store.keep(article(url))
        assert [text.article.canonical_url for text in store.history(OLD)] == [OLD, NEW, OLD]

    def test_a_saved_copy_from_before_the_move_does_not_move_it_back(self, store: ArticleStore) -> None:
        store.keep(article(NEW))
        saved = article(OLD, source="archive")
        assert store.keep(saved) is Kept.UNCHANGED
        assert saved.canonical_url == NEW
        assert kept(store).keys() == {NEW}

    @pytest.mark.parametrize("dates", [(None, None), ("2026-07-16T09:00:00+07:00", "2026-07-17T09:00:00+07:00")])
    def test_of_two_saved_copies_the_same_one_wins_in_either_order(
        self, database: Database, dates: tuple[str | None, str | None]
    ) -> None:
        ended = []
        copies = [
            article(url, source="archive", date_modified=date) for url, date in zip((NEW, OLD), dates, strict=True)
        ]
        for order in permutations(copies):
            store = ArticleStore(database.connection)
            database.connection.execute(delete(articles))
            for copy in order:
                store.keep(replace(copy))
            ended.append(kept(store))
        assert ended[0] == ended[1]
        assert len(ended[0]) == 1

    def test_an_old_number_with_the_same_text_is_the_article_with_post(self, store: ArticleStore) -> None:
        old, new = "https://vov.vn/xa-hoi/cau-moi-890562.vov", "https://vov.vn/xa-hoi/cau-moi-post890562.vov"
        store.keep(article(old))
        store.keep(article(new))
        assert kept(store).keys() == {new}

    def test_a_number_that_two_systems_gave_to_two_articles_joins_none(self, store: ArticleStore) -> None:
        one, other = "https://vov.vn/xa-hoi/cau-moi-890562.vov", "https://vov.vn/the-thao/dua-ghe-890562.vov"
        store.keep(article(one))
        store.keep(article(other, headline="Đua ghe", description="Ghe nào nhanh.", date_published=None))
        assert kept(store).keys() == {one, other}

    def test_a_text_without_a_url_moves_nowhere(self, store: ArticleStore) -> None:
        text = article(OLD)
        text.url, text.canonical_url, text.id = None, urls.text_key(text.headline, text.body), "1"
        store.keep(article(OLD))
        store.keep(text)
        assert len(kept(store)) == 2


class TestOneCanonicalLink:
    PAGES = (article(OLD), article(OTHER, OLD), article(THIRD, OLD))

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_each_article_is_kept_under_its_own_url(self, store: ArticleStore, order: tuple[int, ...]) -> None:
        for place in order:
            store.keep(replace(self.PAGES[place]))
        found = kept(store)
        assert {url: one.body for url, one in found.items()} == {
            url: f"Đoạn của tin số {number}." for number, url in enumerate((OLD, OTHER, THIRD), 1)
        }
        assert {url: (one.id, one.section, one.warnings) for url, one in found.items()} == {
            OLD: ("post1", "xa-hoi", []),
            OTHER: ("post2", "xa-hoi", [DISAGREES]),
            THIRD: ("post3", "van-hoa", [DISAGREES]),
        }

    def test_two_that_name_a_third_which_nobody_has_seen_are_kept_too(self, store: ArticleStore) -> None:
        for one in (article(OTHER, OLD), article(THIRD, OLD)):
            store.keep(one)
        assert kept(store).keys() == {OTHER, THIRD}

    @given(st.lists(st.sampled_from(range(3)), min_size=1, max_size=8))
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=ONE_FIXTURE_FOR_ALL,
    )
    def test_reading_them_again_in_any_order_changes_nothing(self, database: Database, again: list[int]) -> None:
        database.connection.execute(delete(articles))
        store = ArticleStore(database.connection)
        for one in self.PAGES:
            store.keep(replace(one))
        before = kept(store)
        assert {store.keep(replace(self.PAGES[place])) for place in again} == {Kept.UNCHANGED}
        assert kept(store) == before

    def test_the_one_that_is_put_under_its_own_url_is_owed_to_the_feeds(self, store: ArticleStore) -> None:
        store.run = 1
        store.keep(article(OTHER, OLD))
        store.keep(article(OLD))
        assert [one.canonical_url for one in store.set_apart] == [OTHER]
        assert [one.canonical_url for one in store.owed(1, 0)] == [OLD, OTHER, OLD]
        assert store.revisions_kept == 3

    @pytest.mark.parametrize("order", list(permutations(range(2))))
    def test_a_copy_of_an_article_under_another_url_is_that_article(
        self, store: ArticleStore, order: tuple[int, ...]
    ) -> None:
        text = {"headline": "Cầu mới", "description": "Thông xe.", "body": "Một đoạn."}
        copies = (article(OLD, **text), article(OTHER, OLD, **text))
        for place in order:
            store.keep(copies[place])
        assert kept(store) == {OLD: copies[0]}

    def test_a_page_that_is_corrected_has_its_article_under_its_own_url(
        self, database: Database, store: ArticleStore
    ) -> None:
        store.keep(article(OTHER, OLD))
        store.keep(article(OLD))
        store.keep(article(OTHER))
        assert {url: one.warnings for url, one in kept(store).items()} == {OLD: [], OTHER: []}
        assert database.connection.scalar(select(func.count()).select_from(articles)) == 2


class TestPages:
    @staticmethod
    def visit(crawl: OpenedCrawl, url: str, canonical_url: str | None = None) -> None:
        crawl.add(Discovered(url, "article", requested=True))
        page = crawl.next()
        assert page is not None
        assert page.url == url
        crawl.keep(VisitResult(url, Outcome.ARTICLE, article=article(url, canonical_url)))

    @staticmethod
    def redirect(crawl: OpenedCrawl, url: str, target: str) -> None:
        crawl.add(Discovered(url, "article", requested=True))
        page = crawl.next()
        assert page is not None
        assert page.url == url
        crawl.keep(
            VisitResult(
                url, Outcome.ALIAS, canonical_url=target, discovered=[Discovered(target, "article", discovered_on=url)]
            )
        )

    def test_the_old_url_leads_to_an_article_that_was_moved(self, begin: Begin) -> None:
        crawl = begin()
        self.visit(crawl, OLD)
        crawl = begin('{"since": "2d"}')
        self.redirect(crawl, OLD, NEW)
        page = crawl.next()
        assert page is not None
        crawl.keep(VisitResult(page.url, Outcome.ARTICLE, article=article(NEW)))
        assert kept(crawl.articles).keys() == {NEW}
        found = known(crawl.connection, [OLD, NEW])
        assert {url: (one.canonical_url, one.is_stored) for url, one in found.items()} == {
            OLD: (NEW, True),
            NEW: (NEW, True),
        }

    def test_an_article_met_under_its_new_url_first_is_not_kept_twice(self, begin: Begin) -> None:
        crawl = begin()
        self.visit(crawl, OLD)
        self.visit(crawl, NEW)
        assert kept(crawl.articles).keys() == {NEW}
        assert known(crawl.connection, [OLD])[OLD].canonical_url == NEW

    @pytest.mark.parametrize("redirect_first", [True, False])
    def test_a_redirect_to_another_number_joins_articles_of_one_text(self, begin: Begin, redirect_first: bool) -> None:
        crawl = begin()
        same = {"headline": "Cầu mới", "description": "Thông xe.", "body": "Một đoạn."}
        crawl.add(Discovered(OLD, "article"))
        crawl.next()
        crawl.keep(VisitResult(OLD, Outcome.ARTICLE, article=article(OLD, **same)))
        crawl = begin('{"since": "2d"}')
        if redirect_first:
            self.redirect(crawl, OLD, OTHER)
        else:
            crawl.add(Discovered(OTHER, "article"))
        crawl.next()
        crawl.keep(VisitResult(OTHER, Outcome.ARTICLE, article=article(OTHER, **same)))
        if not redirect_first:
            self.redirect(crawl, OLD, OTHER)
        assert [text.article.canonical_url for text in crawl.articles.history(OTHER)] == [OLD, OTHER]
        assert kept(crawl.articles).keys() == {OTHER}
        assert known(crawl.connection, [OLD])[OLD].canonical_url == OTHER

    def test_a_redirect_to_an_article_with_another_text_joins_nothing(self, begin: Begin) -> None:
        crawl = begin()
        self.visit(crawl, OLD)
        self.visit(crawl, OTHER)
        crawl = begin('{"since": "2d"}')
        self.redirect(crawl, OLD, OTHER)
        assert kept(crawl.articles).keys() == {OLD, OTHER}

    def test_the_page_of_another_article_is_visited_though_its_url_was_named(self, begin: Begin) -> None:
        crawl = begin()
        crawl.add(Discovered(OTHER, "article"), Discovered(OLD, "article"))
        crawl.next()
        crawl.keep(VisitResult(OTHER, Outcome.ARTICLE, article=article(OTHER, OLD)))
        page = crawl.next()
        assert page is not None
        assert page.url == OLD
        crawl.keep(VisitResult(OLD, Outcome.ARTICLE, article=article(OLD)))
        rows = crawl.connection.execute(select(pages.c.url, pages.c.canonical_url).order_by(pages.c.url)).all()
        assert [tuple(row) for row in rows] == [(OLD, OLD), (OTHER, OTHER)]


def test_joined_histories_are_told_in_their_order(store: ArticleStore) -> None:
    for body in ("Một.", "Hai."):
        store.keep(article(OLD, body=body, headline="Cầu mới"))
    for body in ("Ba.", "Bốn."):
        store.keep(article(OTHER, body=body, headline="Cầu mới"))
    store.lead(OLD, OTHER)
    told = [(text.number, text.article.canonical_url, text.article.body) for text in store.history(OTHER)]
    assert told == [(1, OLD, "Một."), (2, OLD, "Hai."), (3, OTHER, "Ba."), (4, OTHER, "Bốn.")]
    assert [text.sequence for text in store.history(OTHER)] == [1, 2, 3, 4]
