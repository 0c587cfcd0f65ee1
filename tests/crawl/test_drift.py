"""A changed template is noticed at the end of a crawl, and an unchanged one never is."""

from __future__ import annotations

import re
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drift import RENAMED, Seen, false_alarms, frozen, kept, pages_of, renamed, seen, tallied
from sample_site.replica import Replica
from sample_site.site import load_site
from vovcrawl.crawl import drift
from vovcrawl.items import WARNINGS
from vovcrawl.pages import PageError, Reason, markup
from vovcrawl.pages.layout import TEMPLATES

REPLICA = pages_of(Replica(days=3, a_day=50))
DAY = REPLICA[:30]
BEFORE = [kept(tallied(REPLICA[start : start + 30])) for start in (30, 60, 90)]
FIELD = {
    **{"article-author": "authors", "article-content": "body", "text-long": "body", "article-summary": "description"},
    **{"article-date": "date_published_raw", "col-md-4": "date_published_raw", "article-title": "headline"},
    **{"article-tags": "keywords", "breadcrumb": "breadcrumbs", "detail": "template"},
    **dict.fromkeys(
        ("article-card", "article-media", "card-body", "card-title", "media-body", "media-title"), "related"
    ),
    "field-related-article": "related",
}


def fields(pages: list[Seen], earlier: list[drift.Earlier] | None = None) -> list[str]:
    return [change.field for change in drift.changes(tallied(pages), earlier or [])]


class TestOfAChangedTemplate:
    @pytest.mark.parametrize("name", RENAMED)
    @pytest.mark.parametrize("every", [1, 2])
    def test_a_class_renamed_on_all_or_half_of_the_pages_is_noticed_by_its_field(self, name: str, every: int) -> None:
        changed = renamed(DAY, name, every)
        assert fields(changed) == [FIELD[name]]
        assert fields(changed, BEFORE) == [FIELD[name]]

    def test_three_urls_show_it(self) -> None:
        (change,) = drift.changes(tallied(renamed(DAY, "article-title")), [])
        assert len(set(change.examples)) == 3
        assert {page.url for page in DAY}.issuperset(change.examples)
        assert change.line.startswith("headline: from h1 on 0 of 30 pages (drupal; at least 95% are expected); instead")

    def test_a_later_crawl_is_told_what_the_last_ones_had(self) -> None:
        (change,) = drift.changes(tallied(renamed(DAY, "article-title")), BEFORE)
        assert "100% of 90 in the last runs" in change.line

    def test_each_field_has_one_line(self) -> None:
        broken = renamed(renamed(DAY, "article-media"), "field-related-article")
        assert fields(renamed(broken, "article-title")).count("related") == 1

    def test_a_text_that_is_cut_off_is_noticed_by_its_length(self) -> None:
        short = []
        for page in DAY:
            first, end, rest = page.html.partition(b"</p>")
            short.append(seen(first + end + re.sub(rb"(?s)<p[ >].*?</p>", b"", rest), page.url))
        earlier = [kept(tallied(REPLICA[start : start + 24])) for start in range(30, 150, 24)]
        assert "body" in fields(short, earlier)

    def test_pages_that_say_they_are_articles_and_have_no_layout_are_noticed(self) -> None:
        unknown = renamed(renamed(DAY, "detail"), "page-node-type-article")
        unknown = renamed(renamed(unknown, "page-node-type-audiobook"), "article-title")
        assert fields(unknown)[0] == "article page"

    def test_five_pages_are_enough_where_all_lack_what_nearly_every_page_has(self) -> None:
        assert fields(renamed(DAY[:5], "article-title")) == ["headline"]
        assert fields(renamed(DAY[:4], "article-title")) == []

    def test_small_crawls_are_looked_at_together(self) -> None:
        earlier = [kept(tallied(renamed(DAY[start : start + 3], "article-title"))) for start in (3, 6)] + BEFORE
        broken = renamed(DAY[:3], "article-title")
        assert fields(broken, BEFORE) == []
        (change,) = drift.changes(tallied(broken), earlier)
        assert "0 of 9 pages of this run and those before" in change.line

    def test_a_small_crawl_of_mended_pages_is_not_blamed_for_those_before(self) -> None:
        earlier = [kept(tallied(renamed(DAY[3:30], "article-title"))), *BEFORE]
        assert fields(DAY[:3], earlier) == []

    def test_crawls_that_noticed_it_are_nothing_to_compare_with(self) -> None:
        counts = kept(tallied(renamed(DAY, "article-title"))).counts
        noticed = [drift.Earlier(counts, is_sound=False)] * 20
        assert fields(renamed(DAY, "article-title"), [*noticed, *BEFORE]) == ["headline"]

    def test_what_the_owner_takes_for_right_is_no_change_any_more(self) -> None:
        changed = tallied(renamed(DAY, "article-title"))
        accepted = kept(changed)
        again = tallied(renamed(REPLICA[30:60], "article-title"))
        assert drift.changes(again, [accepted], accepted.counts) == []
        other = tallied(renamed(renamed(REPLICA[30:60], "article-title"), "article-author"))
        assert [change.field for change in drift.changes(other, [accepted], accepted.counts)] == ["authors"]


class TestOfAnUnchangedSite:
    @pytest.mark.parametrize("pages", [pages_of(load_site()) + frozen(), REPLICA], ids=["sample", "replica"])
    def test_no_window_and_no_series_of_fifty_crawls_seems_changed(self, pages: list[Seen]) -> None:
        first, series, said = false_alarms(pages, first=400, series=6, seed=3)
        assert (first, series, said) == (0, 0, [])

    def test_every_single_page_is_as_expected_however_often_it_is_asked_for(self) -> None:
        odd = {page.url: fields([page] * 3) for page in [*pages_of(load_site()), *frozen()]}
        assert {url: found for url, found in odd.items() if found} == {}

    def test_a_crawl_without_a_page_is_as_expected(self) -> None:
        assert fields([], BEFORE) == []

    def test_nobody_signing_is_no_change_of_a_first_crawl(self) -> None:
        unsigned = [seen(_without_authors(page.html), page.url) for page in DAY]
        assert all("missing:authors" in page.shapes[0].warnings for page in unsigned)
        assert fields(unsigned) == []


def _without_authors(html: bytes) -> bytes:
    begin = html.index(b'<div class="row article-author">')
    end = html.index(b'<div class="row article-tags"', begin)
    return html[:begin] + b'<div class="row article-author"><div class="col"></div></div>' + html[end:]


class TestOfSources:
    def test_a_front_page_without_sections_is_noticed_at_once(self) -> None:
        observed = drift.Observed()
        observed.add(drift.of_menu(frozenset(), 0), "https://vov.vn/")
        assert [change.field for change in drift.changes(drift.tallied(observed), [])] == ["menu"]

    @pytest.mark.parametrize(
        ("marks", "found"), [({"main-menu"}, []), ({"main-menu", "vovvn-header", "nav-link", "sub-menu"}, ["menu"])]
    )
    def test_a_name_is_missed_only_where_the_menu_has_most_of_them(self, marks: set[str], found: list[str]) -> None:
        observed = drift.Observed()
        observed.add(drift.of_menu(frozenset(marks), 20), "https://vov.vn/")
        assert [change.field for change in drift.changes(drift.tallied(observed), [])] == found

    def test_listings_without_articles_are_noticed(self) -> None:
        observed = drift.Observed()
        for page in range(12):
            observed.add(drift.of_listing(frozenset(), 0), f"https://vov.vn/xa-hoi?page={page}")
        assert [change.field for change in drift.changes(drift.tallied(observed), [])] == ["listing"]

    def test_sections_without_an_article_are_listings_all_the_same(self) -> None:
        observed = drift.Observed()
        for page in range(100):
            shape = drift.of_listing(
                frozenset({"listing container", *markup.RELATED_CARDS, *markup.LISTING_PARTS}), page % 2
            )
            observed.add(shape, f"https://vov.vn/xa-hoi?page={page}")
        assert drift.changes(drift.tallied(observed), []) == []

    def test_listed_articles_that_are_none_are_noticed(self) -> None:
        observed = drift.Observed()
        for number in range(30):
            refused = PageError(Reason.NO_ARTICLE) if number % 2 else None
            observed.add(drift.of_article_page(refused, listed=True), f"https://vov.vn/x-post{number}.vov")
        assert [change.field for change in drift.changes(drift.tallied(observed), [])] == ["article page"]

    def test_block_pages_are_noticed(self) -> None:
        observed = drift.Observed()
        for number in range(30):
            refused = PageError(Reason.BLOCKED) if number % 2 else None
            observed.add(drift.of_article_page(refused, listed=False), f"https://vov.vn/x-post{number}.vov")
        (change,) = drift.changes(drift.tallied(observed), [])
        assert "no block page on 15 of 30" in change.line


class TestOfTheTable:
    @pytest.mark.parametrize("line", drift.expectations(), ids=lambda line: line.what)
    def test_a_line_is_of_pages_and_warnings_that_there_are(self, line: drift.Expected) -> None:
        known = {*TEMPLATES, "drupal", drift.ARTICLE_PAGE, drift.LISTING, drift.MENU}
        assert set(line.layouts) <= known
        assert not line.without or line.without in WARNINGS
        assert 0 <= line.share < 1
        assert 0 < line.falls_to < 1

    def test_no_two_lines_count_the_same_of_the_same_pages(self) -> None:
        lines = [
            (line.what, layout, line.kinds, line.apart) for line in drift.expectations() for layout in line.layouts
        ]
        assert len(lines) == len(set(lines))


class TestOfChance:
    @given(st.integers(1, 60), st.data(), st.fractions("1/20", "19/20", max_denominator=20))
    def test_a_binomial_tail_is_the_exact_sum(self, pages: int, data: st.DataObject, share: Fraction) -> None:
        held = data.draw(st.integers(0, pages))
        exact = sum(comb(pages, k) * share**k * (1 - share) ** (pages - k) for k in range(held + 1))
        assert drift.binomial_tail(held, pages, float(share)) == pytest.approx(float(exact), rel=1e-6)

    @given(st.integers(1, 40), st.integers(1, 40), st.data())
    def test_a_hypergeometric_tail_is_the_exact_sum(self, pages: int, known: int, data: st.DataObject) -> None:
        held, known_held = data.draw(st.integers(0, pages)), data.draw(st.integers(0, known))
        having = held + known_held
        ways = sum(comb(having, k) * comb(pages + known - having, pages - k) for k in range(held + 1))
        exact = Fraction(ways, comb(pages + known, pages))
        assert drift.hypergeometric_tail(held, pages, known_held, known) == pytest.approx(float(exact), rel=1e-6)


def test_shapes_of_a_run_are_bounded() -> None:
    observed = drift.Observed()
    for number in range(5000):
        observed.add(drift.Shape("drupal-2026", str(number)), "https://vov.vn/")
        observed.add(drift.Shape("drupal-2026"), f"https://vov.vn/{number}")
    assert len(observed.shapes) == 2000
    assert observed.shapes[drift.Shape("drupal-2026")] == (5000, [f"https://vov.vn/{number}" for number in range(3)])
