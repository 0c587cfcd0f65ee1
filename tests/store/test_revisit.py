"""Which known pages are visited again."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from tests.store.opened import EDITED, LISTING, PUBLISHED, A, B, Begin, article_at, keep_one, read
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore
from vovcrawl.store.tables import articles
from vovcrawl.visits import Discovered, Outcome, VisitResult


class TestSecondWalk:
    """What a later crawl visits again."""

    @pytest.mark.parametrize(
        ("outcome", "visited"),
        [
            (Outcome.ARTICLE, False),
            (Outcome.NO_ARTICLE, False),
            (Outcome.UNREADABLE, True),
            (Outcome.BLOCKED, True),
            (Outcome.GONE, True),
            (Outcome.FORBIDDEN, True),
        ],
    )
    def test_a_known_article_is_visited_again_only_if_it_was_not_read(
        self, begin: Begin, outcome: Outcome, visited: bool
    ) -> None:
        first = begin()
        first.add(article_at(A))
        first.next()
        first.keep(VisitResult(A, outcome, canonical_url=A))
        first.end()
        second = begin()
        second.add(article_at(A))
        assert (second.next() is not None) is visited

    def test_a_listing_is_visited_again(self, begin: Begin) -> None:
        first = begin()
        first.add(Discovered(LISTING, "listing"))
        first.next()
        first.keep(VisitResult(LISTING, Outcome.LISTING))
        first.end()
        second = begin()
        second.add(Discovered(LISTING, "listing"))
        assert second.next() is not None

    def test_an_article_that_the_user_names_is_visited_again(self, begin: Begin) -> None:
        first = begin()
        first.add(article_at(A))
        read(first, A)
        first.end()
        second = begin()
        second.add(article_at(A, requested=True))
        assert second.next() is not None

    @pytest.mark.parametrize(("inside", "visited"), [(True, True), (False, False)])
    def test_an_article_left_out_for_its_date_is_visited_when_the_window_holds_it(
        self, begin: Begin, inside: bool, visited: bool
    ) -> None:
        first = begin()
        first.add(article_at(A))
        first.next()
        first.keep(VisitResult(A, Outcome.OUTSIDE_WINDOW, canonical_url=A, published="2023-10-14T14:05:00+07:00"))
        first.end()
        second = begin(in_window=lambda published: inside)
        second.add(article_at(A))
        assert (second.next() is not None) is visited


@pytest.mark.parametrize("outcome", [Outcome.UNREADABLE, Outcome.OUTSIDE_WINDOW])
def test_a_known_redirect_leads_to_a_target_that_is_still_wanted(begin: Begin, outcome: Outcome) -> None:
    first = begin()
    first.add(article_at(A))
    first.next()
    first.add(article_at(B, discovered_on=A))
    first.keep(VisitResult(A, Outcome.ALIAS, canonical_url=B))
    first.next()
    first.keep(VisitResult(B, outcome, published="2023-10-14T14:05:00+07:00"))
    first.end()
    second = begin()
    second.add(article_at(A))
    page = second.next()
    assert page is not None
    assert (page.url, page.depth) == (B, 0)


def test_a_page_requested_as_another_kind_is_visited_as_that_kind(begin: Begin) -> None:
    first = begin()
    first.add(article_at(LISTING, requested=True))
    first.next()
    first.keep(VisitResult(LISTING, Outcome.NO_ARTICLE))
    first.end()
    second = begin()
    second.add(Discovered(LISTING, "listing"))
    page = second.next()
    assert page is not None
    assert page.kind == "listing"


class TestAgain:
    """What is known is asked for again only where it may have changed."""

    def test_an_article_that_the_source_says_is_unchanged_is_left_alone(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        assert begin(may_have_changed=lambda _: True).add(article_at(A, modified=PUBLISHED)) == 0

    def test_an_article_with_another_date_of_change_is_requested(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        assert begin().add(article_at(A, modified=EDITED)) == 1

    def test_the_new_date_of_change_is_the_known_one_from_then_on(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        keep_one(begin(), A, modified=EDITED)
        assert begin().add(article_at(A, modified=EDITED)) == 0

    def test_a_young_article_of_a_source_without_dates_is_requested(self, begin: Begin) -> None:
        keep_one(begin(), A)
        assert begin(may_have_changed=lambda published: published == PUBLISHED).add(article_at(A)) == 1

    @pytest.mark.parametrize(("dated_by", "requested"), [(PUBLISHED, 1), (EDITED, 0)])
    def test_a_source_that_dates_edited_articles_by_their_publication_is_not_believed(
        self, begin: Begin, connection: Connection, dated_by: str, requested: int
    ) -> None:
        crawl = begin()
        for number in range(5):
            url = f"https://vov.vn/xa-hoi/tin-post{number}.vov"
            edited = Article(
                id=f"post{number}",
                url=url,
                canonical_url=url,
                content_type="article",
                headline="Tin",
                date_published=PUBLISHED,
                date_modified=EDITED,
                template="drupal-2026",
            )
            ArticleStore(connection).keep(edited)
            crawl.add(article_at(url, modified=dated_by))
            crawl.next()
            crawl.keep(VisitResult(url, Outcome.ARTICLE, canonical_url=url, published=PUBLISHED))
        crawl.end()
        again = begin(may_have_changed=lambda _: True, reads_dates_of_change=True)
        assert again.add(article_at("https://vov.vn/xa-hoi/tin-post1.vov", modified=dated_by)) == requested

    def test_an_old_article_of_a_source_without_dates_is_left_alone(self, begin: Begin) -> None:
        keep_one(begin(), A)
        assert begin(may_have_changed=lambda _: False).add(article_at(A)) == 0

    def test_a_date_of_change_met_for_the_first_time_is_compared_with_the_page_s_own(self, begin: Begin) -> None:
        keep_one(begin(), A)
        assert begin().add(article_at(A, modified=PUBLISHED)) == 0
        assert begin("other").add(article_at(A, modified=PUBLISHED)) == 0

    def test_a_changed_article_outside_the_window_is_left_alone(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        assert begin(in_window=lambda _: False).add(article_at(A, modified=EDITED)) == 0

    def test_an_article_that_one_source_says_is_unchanged_is_not_requested_because_another_is_silent(
        self, begin: Begin
    ) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        crawl = begin(may_have_changed=lambda _: True, reads_dates_of_change=True)
        assert crawl.add(article_at(A)) == 0
        assert crawl.add(article_at(A, modified=PUBLISHED)) == 0

    def test_a_visit_to_a_known_article_has_what_the_server_said_of_it(self, begin: Begin) -> None:
        keep_one(begin(), A, etag='"v1"', last_modified="Fri, 10 Jul 2026 01:00:00 GMT")
        crawl = begin(may_have_changed=lambda _: True)
        crawl.add(article_at(A))
        page = crawl.next()
        assert page is not None
        assert (page.is_known, page.etag, page.last_modified) == (True, '"v1"', "Fri, 10 Jul 2026 01:00:00 GMT")

    def test_an_article_that_is_gone_is_asked_for_again_where_a_source_lists_it(self, begin: Begin) -> None:
        crawl = begin()
        crawl.add(article_at(A, modified=PUBLISHED, listed=True))
        crawl.next()
        crawl.keep(VisitResult(A, Outcome.GONE))
        crawl.end()
        assert begin().add(article_at(A, modified=PUBLISHED, listed=True)) == 1

    def test_a_kept_article_that_vanishes_is_marked_until_it_returns(
        self, begin: Begin, connection: Connection
    ) -> None:
        kept = Article(
            id="post1", url=A, canonical_url=A, content_type="article", headline="Tin", template="drupal-2026"
        )
        ArticleStore(connection).keep(kept)
        keep_one(begin(), A, modified=PUBLISHED)
        vanishing = begin()
        vanishing.add(article_at(A, modified=EDITED))
        vanishing.next()
        vanishing.keep(VisitResult(A, Outcome.GONE))
        vanishing.end()
        assert connection.scalar(select(articles.c.gone_at)) is not None
        keep_one(begin(), A, modified="2026-07-13T09:00:00+07:00")
        assert connection.scalar(select(articles.c.gone_at)) is None
