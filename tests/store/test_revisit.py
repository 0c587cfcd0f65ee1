"""Which known pages are visited again."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from tests.store.opened import (
    ANYTHING,
    EDITED,
    LISTING,
    NOTHING,
    PUBLISHED,
    A,
    B,
    Begin,
    C,
    OpenedCrawl,
    article_at,
    keep_one,
    pointing,
    read,
    state_of,
)
from vovcrawl.items import Article
from vovcrawl.store import ArticleStore
from vovcrawl.store.tables import articles
from vovcrawl.visits import Discovered, Outcome, State, VisitResult


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


class TestUnread:
    """When a page is asked for again that could not be read, or that is gone."""

    FIRST = datetime(2026, 7, 10, 0, 0, tzinfo=UTC)

    def asked_after(self, begin: Begin, hours: Iterable[int]) -> list[int]:
        """The hours at which an article that is gone is asked for, of crawls that a source lists it to."""
        asked = []
        for number, hour in enumerate(hours):
            now = self.FIRST + timedelta(hours=hour)
            crawl = begin(f"{number}", now=now)
            if crawl.add(article_at(A, modified=PUBLISHED, listed=True)):
                asked.append(hour)
                crawl.next()
                crawl.keep(VisitResult(A, Outcome.GONE))
            crawl.end()
        return asked

    def test_one_that_is_gone_is_asked_for_after_growing_pauses(self, begin: Begin) -> None:
        asked = self.asked_after(begin, range(0, 240, 4))
        assert asked[:8] == [0, 4, 8, 12, 16, 20, 24, 32]
        pauses = [later - earlier for earlier, later in itertools.pairwise(asked)]
        assert pauses[6:] == sorted(pauses[6:])
        assert len(asked) < 20

    def test_it_is_asked_for_no_more_after_the_time_to_revisit(self, begin: Begin) -> None:
        assert self.asked_after(begin, (0, 30 * 24, 31 * 24)) == [0, 30 * 24]

    def test_it_is_asked_for_at_once_where_a_source_dates_it_anew(self, begin: Begin) -> None:
        assert self.asked_after(begin, (0, 4, 8)) == [0, 4, 8]
        crawl = begin("anew", now=self.FIRST + timedelta(hours=9))
        assert crawl.add(article_at(A, modified=EDITED, listed=True)) == 1

    @pytest.mark.parametrize(("hours", "marked"), [(23, False), (24, True)])
    def test_a_listed_article_is_marked_as_gone_by_two_answers_a_day_apart(
        self, begin: Begin, connection: Connection, hours: int, marked: bool
    ) -> None:
        ArticleStore(connection).keep(pointing(A))
        keep_one(begin(now=self.FIRST), A)
        for number, hour in enumerate((0, hours)):
            crawl = begin(f"{number}", now=self.FIRST + timedelta(hours=hour))
            crawl.add(article_at(A, modified=f"2026-07-1{number}T09:00:00+07:00", listed=True))
            crawl.next()
            crawl.keep(VisitResult(A, Outcome.GONE))
            crawl.end()
        assert (connection.scalar(select(articles.c.gone_at)) is not None) is marked

    @pytest.mark.parametrize(("listed", "dropped", "asked"), [(True, False, 1), (False, False, 0), (True, True, 0)])
    def test_one_that_was_no_article_is_asked_for_again_if_it_is_listed_and_was_not_dropped(
        self, begin: Begin, listed: bool, dropped: bool, asked: int
    ) -> None:
        crawl = begin()
        crawl.add(article_at(A, listed=listed))
        crawl.next()
        crawl.keep(VisitResult(A, Outcome.NO_ARTICLE, dropped=dropped))
        crawl.end()
        assert begin().add(article_at(A, listed=listed)) == asked

    def test_a_failure_in_between_begins_the_day_anew(self, begin: Begin, connection: Connection) -> None:
        ArticleStore(connection).keep(pointing(A))
        keep_one(begin(now=self.FIRST), A)
        outcomes = (Outcome.GONE, Outcome.UNREADABLE, Outcome.GONE)
        for number, outcome in enumerate(outcomes):
            crawl = begin(f"{number}", now=self.FIRST + timedelta(hours=20 * number))
            crawl.add(article_at(A, modified=f"2026-07-1{number}T09:00:00+07:00", listed=True))
            crawl.next()
            crawl.keep(VisitResult(A, outcome))
            crawl.end()
        assert connection.scalar(select(articles.c.gone_at)) is None

    def test_only_an_article_that_is_listed_and_was_not_gone_before_is_newly_gone(self, begin: Begin) -> None:
        for number, (listed, newly_gone) in enumerate(((True, True), (True, False))):
            crawl = begin(f"{number}")
            crawl.add(article_at(A, listed=listed))
            crawl.next()
            assert crawl.visits.keep(VisitResult(A, Outcome.GONE)).newly_gone is newly_gone
            crawl.end()
        crawl = begin("unlisted")
        crawl.add(article_at(B))
        crawl.next()
        assert not crawl.visits.keep(VisitResult(B, Outcome.GONE)).newly_gone


class TestDates:
    """A date of change counts as known with the visit that followed it."""

    def test_one_whose_visit_was_forgotten_is_news(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        interrupted = begin()
        interrupted.add(article_at(A, modified=EDITED))
        interrupted.seeded()
        assert begin(fresh=True).add(article_at(A, modified=EDITED)) == 1

    def test_one_whose_visit_failed_is_news(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        failing = begin()
        failing.add(article_at(A, modified=EDITED))
        failing.next()
        failing.keep(VisitResult(A, Outcome.UNREADABLE))
        failing.end()
        assert begin().add(article_at(A, modified=EDITED)) == 1

    def test_one_that_was_followed_is_not(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=EDITED)
        assert begin().add(article_at(A, modified=EDITED)) == 0

    def test_one_that_follows_a_word_without_a_date_in_the_same_crawl_is_news(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        crawl = begin(reads_dates_of_change=True)
        assert crawl.add(article_at(A)) == 0
        assert crawl.add(article_at(A, modified=EDITED)) == 1

    def test_a_later_one_than_a_page_read_by_a_link_gives_is_news(self, begin: Begin) -> None:
        keep_one(begin(), A)
        assert begin().add(article_at(A, modified=EDITED)) == 1

    @pytest.mark.parametrize("outcome", [Outcome.NO_ARTICLE, Outcome.ALIAS])
    def test_what_was_no_article_is_looked_at_again_once_it_has_changed(
        self, begin: Begin, connection: Connection, outcome: Outcome
    ) -> None:
        crawl = begin()
        crawl.add(article_at(A, modified=PUBLISHED))
        crawl.next()
        crawl.keep(VisitResult(A, outcome, canonical_url=B))
        crawl.end()
        begin().add(article_at(A, modified=PUBLISHED))
        assert state_of(connection, A) == State.DONE
        begin("changed").add(article_at(A, modified=EDITED))
        assert state_of(connection, A) == State.QUEUED


class TestOutsideTheWindow:
    """Listed articles that lie before the window."""

    def outside(self, begin: Begin, *, keeps_fresh: bool = True) -> OpenedCrawl:
        return begin("window", in_window=NOTHING, keeps_fresh=ANYTHING if keeps_fresh else NOTHING)

    def test_an_unknown_one_is_left(self, begin: Begin) -> None:
        assert self.outside(begin).add(article_at(A, modified=EDITED, listed=True, if_known=True)) == 0

    @pytest.mark.parametrize(("modified", "queued"), [(PUBLISHED, 0), (EDITED, 1)])
    def test_a_known_one_is_visited_if_it_has_changed(self, begin: Begin, modified: str, queued: int) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        crawl = self.outside(begin)
        assert crawl.add(article_at(A, modified=modified, listed=True, if_known=True)) == queued

    def test_an_old_one_is_left(self, begin: Begin) -> None:
        keep_one(begin(), A, modified=PUBLISHED)
        crawl = self.outside(begin, keeps_fresh=False)
        assert crawl.add(article_at(A, modified=EDITED, listed=True, if_known=True)) == 0

    @pytest.mark.parametrize("outcome", [Outcome.UNREADABLE, Outcome.GONE])
    def test_one_that_was_not_read_is_visited(self, begin: Begin, outcome: Outcome) -> None:
        crawl = begin()
        crawl.add(article_at(A, modified=PUBLISHED, listed=True))
        crawl.next()
        crawl.keep(VisitResult(A, outcome))
        crawl.end()
        again = self.outside(begin)
        assert again.add(article_at(A, modified=PUBLISHED, listed=True, if_known=True)) == 1
        assert again.frontier.was_asked_for(A, PUBLISHED)


class TestDelisted:
    """Articles that a sitemap lists no more."""

    SITEMAP = "https://vov.vn/sitemaps/2026/7/article.xml"

    def listing(self, begin: Begin, *urls: str, name: str = "{}") -> OpenedCrawl:
        """A crawl in the middle of its visit to the sitemap, which lists these."""
        crawl = begin(name)
        crawl.add(Discovered(self.SITEMAP, "sitemap", priority=1))
        crawl.next()
        found = [article_at(url, discovered_on=self.SITEMAP, modified=PUBLISHED, listed=True) for url in urls]
        self.delisted = crawl.frontier.delisted(self.SITEMAP, set(urls))
        crawl.keep(VisitResult(self.SITEMAP, Outcome.SITEMAP, discovered=found))
        return crawl

    @pytest.fixture
    def kept(self, begin: Begin, connection: Connection) -> None:
        """Two articles that the sitemap lists."""
        store = ArticleStore(connection)
        crawl = self.listing(begin, A, B)
        for url in (A, B):
            store.keep(pointing(url))
            read(crawl, url, PUBLISHED)
        crawl.end()

    @pytest.mark.usefixtures("kept")
    def test_they_are_the_kept_ones_that_it_listed_before(self, begin: Begin) -> None:
        self.listing(begin, A, C, name="next")
        assert self.delisted == [B]

    @pytest.mark.usefixtures("kept")
    @pytest.mark.parametrize("outcome", [Outcome.ARTICLE, Outcome.GONE])
    def test_they_are_asked_for_once(self, begin: Begin, connection: Connection, outcome: Outcome) -> None:
        crawl = self.listing(begin, A, name="next")
        assert crawl.add(article_at(B, delisted=True)) == 1
        crawl.next()
        canonical = B if outcome is Outcome.ARTICLE else None
        crawl.keep(VisitResult(B, outcome, canonical_url=canonical, published=PUBLISHED))
        crawl.end()
        assert (connection.scalar(select(articles.c.gone_at).where(articles.c.canonical_url == B)) is None) is (
            outcome is Outcome.ARTICLE
        )
        self.listing(begin, A, name="last")
        assert self.delisted == []
