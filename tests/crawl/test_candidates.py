"""Which articles of a sitemap may lie in the window."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vovcrawl.crawl.arguments import Arguments
from vovcrawl.crawl.candidates import candidates, of_sections
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import VIETNAM, to_iso
from vovcrawl.pages.sitemap import Entry

SITE = "https://vov.vn"


def day(number: int, month: int = 7, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=VIETNAM)


def entry(number: int, modified: datetime | None) -> Entry:
    return Entry(f"{SITE}/xa-hoi/tin-post{number}.vov", to_iso(modified) if modified is not None else None)


def a_month(edited: dict[int, datetime]) -> list[Entry]:
    """An article an hour from 1 July on, ids 1000 onwards; some edited later."""
    return [entry(1000 + hour, edited.get(hour, day(1) + timedelta(hours=hour))) for hour in range(360)]


def wanted(entries: list[Entry], window: Window) -> list[int]:
    """The hours of the articles that are asked for."""
    return [
        int(one.url.rpartition("post")[2].removesuffix(".vov")) - 1000 for one in candidates(entries, window).wanted
    ]


class TestCandidates:
    WINDOW = Window(day(5), day(8))
    """Hours 96 to 167."""

    def test_the_articles_of_the_window_and_a_few_after_it(self) -> None:
        assert wanted(a_month({}), self.WINDOW) == list(range(96, 168 + 5))

    @given(st.integers(1, 60), st.integers(0, 400))
    def test_later_ids_of_an_old_date_hide_no_article_of_the_window(self, count: int, ago: int) -> None:
        rogues = [entry(5000 + place, day(1) - timedelta(hours=ago)) for place in range(count)]
        since = Window(day(14), None)
        assert set(wanted([*a_month({}), *rogues], since)) >= set(wanted(a_month({}), since)) == set(range(312, 360))

    @given(st.sets(st.integers(0, 359), max_size=100))
    def test_ids_of_an_old_date_among_the_others_hide_none_as_long_as_they_are_fewer(self, rogues: set[int]) -> None:
        month = a_month(dict.fromkeys(rogues, day(1)))
        since = Window(day(12), None)
        assert set(wanted(month, since)) >= set(range(264, 360)) - rogues

    def test_an_old_article_among_too_few_others_is_asked_for(self) -> None:
        assert 2 in wanted(a_month({2: day(6)}), self.WINDOW)

    def test_what_is_left_out_is_told(self) -> None:
        found = candidates(a_month({20: day(7), 26: day(6)}), self.WINDOW)
        assert [one.url.rpartition("post")[2] for one in found.left_out] == ["1020.vov", "1026.vov"]

    def test_an_article_begun_a_day_before_its_publication_is_asked_for(self) -> None:
        assert 72 in wanted(a_month({72: day(5) + timedelta(hours=1)}), self.WINDOW)

    def test_an_old_article_edited_within_the_window_is_left_out(self) -> None:
        assert 26 not in wanted(a_month({26: day(6)}), self.WINDOW)

    def test_a_article_of_the_window_edited_after_it_is_asked_for(self) -> None:
        assert 120 in wanted(a_month({120: day(14)}), self.WINDOW)

    def test_the_last_articles_of_the_window_edited_after_it_are_asked_for(self) -> None:
        edited = {hour: day(14) for hour in (165, 166, 167)}
        assert {165, 166, 167} <= set(wanted(a_month(edited), self.WINDOW))

    def test_a_window_without_an_end_asks_for_nothing_more(self) -> None:
        assert wanted(a_month({}), Window(day(15), None)) == list(range(336, 360))

    def test_without_dates_everything_is_asked_for(self) -> None:
        entries = [entry(number, None) for number in range(10)]
        assert candidates(entries, self.WINDOW).wanted == entries

    def test_a_few_ids_wildly_out_of_order_hide_nothing(self) -> None:
        rogues = [entry(5000 + place, day(1)) for place in range(4)]
        assert set(wanted(a_month({}), self.WINDOW)) <= set(wanted([*a_month({}), *rogues], self.WINDOW))

    def test_an_id_ahead_of_its_time_makes_none_of_those_before_it_be_asked_for(self) -> None:
        assert wanted(a_month({190: day(7)}), self.WINDOW) == [*range(96, 168 + 6), 190]

    def test_an_id_ahead_of_its_time_shows_that_others_edited_after_the_window_may_be_of_it(self) -> None:
        assert wanted(a_month({190: day(7), 180: day(14)}), self.WINDOW) == [*range(96, 168 + 6), 180, 190]

    def test_articles_before_the_window_are_left_out_wherever_their_ids_lie(self) -> None:
        assert 170 not in wanted(a_month({170: day(2)}), self.WINDOW)

    def test_ids_without_post_are_a_series_of_their_own(self) -> None:
        old = Entry(f"{SITE}/xa-hoi/tin-999999.vov", to_iso(day(6)))
        assert old in candidates([*a_month({}), old], self.WINDOW).wanted

    @given(st.data())
    def test_no_unedited_article_of_the_window_is_left_out_though_ids_are_given_a_day_before(
        self, data: st.DataObject
    ) -> None:
        drafts = data.draw(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 24)), min_size=1, max_size=60))
        # Begun in this order, published up to a day later.
        published = [day(1) + timedelta(hours=begun + waited) for begun, waited in sorted(drafts)]
        entries = [entry(place, moment) for place, moment in enumerate(published)]
        window = Window(day(8), day(15))
        kept = {one.url for one in candidates(entries, window).wanted}
        inside = {one.url for one in entries if window.holds_iso(one.modified or "")}
        assert inside <= kept

    def test_sections_are_known_by_the_url(self) -> None:
        entries = [Entry(f"{SITE}/the-thao/a-post1.vov", None), Entry(f"{SITE}/the-thao-va-doi-song/a-post2.vov", None)]
        asked = Arguments(sections=(f"{SITE}/the-thao",))
        assert of_sections(entries, asked) == entries[:1]

    def test_the_articles_below_other_paths_of_a_section_are_not_lost(self) -> None:
        paths = ("oto-xe-may", "o-to-xe-may", "o-to-xe-may/oto", "Oto-Xe-May", "xa-hoi")
        entries = [Entry(f"{SITE}/{path}/tin-post{number}.vov", None) for number, path in enumerate(paths, 1)]
        asked = Arguments(sections=(f"{SITE}/oto-xe-may",))
        assert of_sections(entries, asked) == entries[:4]
