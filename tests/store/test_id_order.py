"""What ids say of publication."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from tests.store.opened import Begin, OpenedCrawl, article_at, state_of
from vovcrawl.visits import Outcome, State, VisitResult


class TestIds:
    """Ids say when articles without a date were published, where enough others with a date agree."""

    BEFORE, AFTER = "2026-07-05T00:00:00+07:00", "2026-07-10T00:00:00+07:00"

    @staticmethod
    def url_of(number: int) -> str:
        return f"https://vov.vn/xa-hoi/tin-post{number}.vov"

    def learnt(self, begin: Begin, published: str, first: int, count: int = 5) -> OpenedCrawl:
        """A crawl of `count` articles from the id `first` on, then one whose window is the 6th to the 9th."""
        crawl = begin()
        for number in range(first, first + count):
            crawl.add(article_at(self.url_of(number)))
            crawl.next()
            crawl.keep(VisitResult(self.url_of(number), Outcome.OUTSIDE_WINDOW, published=published))
        crawl.end()
        return begin("window", long_before=self.BEFORE, long_after=self.AFTER)

    def test_an_article_with_a_later_id_than_those_after_the_window_is_left_out(
        self, begin: Begin, connection: Connection
    ) -> None:
        crawl = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        crawl.add(article_at(self.url_of(200)))
        assert crawl.next() is None
        assert crawl.frontier.left_out_by_id == 1
        assert state_of(connection, self.url_of(200)) == State.DONE

    def test_an_article_with_an_earlier_id_than_those_before_the_window_is_left_out(self, begin: Begin) -> None:
        crawl = self.learnt(begin, "2026-07-01T00:00:00+07:00", 100)
        crawl.add(article_at(self.url_of(50)))
        assert crawl.next() is None

    @pytest.mark.parametrize("options", [{"modified": "2026-07-08T00:00:00+07:00"}, {"requested": True}])
    def test_an_article_that_a_source_dates_or_the_user_named_is_visited(
        self, begin: Begin, options: dict[str, Any]
    ) -> None:
        crawl = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        crawl.add(article_at(self.url_of(200), **options))
        assert crawl.next() is not None

    def test_a_few_articles_tell_nothing(self, begin: Begin) -> None:
        crawl = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100, count=4)
        crawl.add(article_at(self.url_of(200)))
        assert crawl.next() is not None

    def test_ids_of_another_form_tell_nothing(self, begin: Begin) -> None:
        crawl = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        crawl.add(article_at("https://vov.vn/xa-hoi/tin-200.vov"))
        assert crawl.next() is not None

    def test_what_was_left_out_is_looked_at_by_a_crawl_of_another_window(self, begin: Begin) -> None:
        crawl = self.learnt(begin, "2026-07-12T00:00:00+07:00", 100)
        crawl.add(article_at(self.url_of(200)))
        crawl.next()
        crawl.end()
        assert begin("open").add(article_at(self.url_of(200))) == 1

    def among(self, begin: Begin, published: dict[int, str]) -> OpenedCrawl:
        """A crawl of articles with these ids and dates, then one whose window is the 6th to the 9th."""
        crawl = begin()
        for number, day in published.items():
            crawl.add(article_at(self.url_of(number)))
            crawl.next()
            crawl.keep(VisitResult(self.url_of(number), Outcome.ARTICLE, published=f"2026-07-{day}T00:00:00+07:00"))
        crawl.end()
        return begin("window", long_before=self.BEFORE, long_after=self.AFTER)

    def test_old_articles_with_late_ids_hide_none_of_the_window(self, begin: Begin) -> None:
        window = dict.fromkeys(range(100, 110), "07")
        late = dict.fromkeys(range(900, 905), "01")
        crawl = self.among(begin, window | late)
        crawl.add(article_at(self.url_of(200)))
        assert crawl.next() is not None

    def test_nor_do_they_among_many_old_ones_where_none_of_the_window_is_known(self, begin: Begin) -> None:
        old = dict.fromkeys(range(100, 140), "01")
        late = dict.fromkeys(range(900, 905), "02")
        crawl = self.among(begin, old | late)
        crawl.add(article_at(self.url_of(200)))
        assert crawl.next() is not None

    def test_young_articles_with_early_ids_hide_none_of_the_window(self, begin: Begin) -> None:
        window = dict.fromkeys(range(300, 310), "07")
        early = dict.fromkeys(range(10, 15), "12")
        crawl = self.among(begin, window | early)
        crawl.add(article_at(self.url_of(200)))
        assert crawl.next() is not None
