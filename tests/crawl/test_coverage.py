"""What the sources list, held against the store."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from vovcrawl.crawl.coverage import Held, Hole, Report, Span, compare, holes, span_of
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import VIETNAM, from_iso
from vovcrawl.pages.sitemap import Entry
from vovcrawl.store.crawls import WholeCrawl
from vovcrawl.store.known import Known

URL = "https://vov.vn/xa-hoi/a-post1.vov"
MODIFIED = "2026-07-14T09:00:00+07:00"
PUBLISHED = "2026-07-13T08:00:00+07:00"
ENTRY = Entry(URL, MODIFIED)


def standing(known: Known | None) -> tuple[Held, str]:
    (story,) = compare([ENTRY], {URL: known} if known is not None else {}, Window())
    return story.held, story.day


def gone_for(hours: int) -> Known:
    """A listed article, gone by two answers so far apart."""
    first = datetime(2026, 7, 14, tzinfo=UTC)
    last = first + timedelta(hours=hours)
    return Known("gone", None, None, None, False, first.isoformat(), last.isoformat())


@pytest.mark.parametrize(
    ("known", "held"),
    [
        (None, Held.MISSING),
        (Known(None, None, None, None, is_stored=False), Held.MISSING),
        (Known("article", None, URL, PUBLISHED, is_stored=True), Held.STORED),
        (Known("article", None, URL.replace("a-post", "b-post"), PUBLISHED, is_stored=True), Held.DUPLICATE),
        (Known("redirected", None, URL.replace("a-post", "b-post"), None, is_stored=True), Held.DUPLICATE),
        (Known("redirected", None, URL.replace("a-post", "b-post"), None, is_stored=False), Held.MISSING),
        (Known("gone", "the site answers 404", None, None, is_stored=False), Held.EXPLAINED),
        (gone_for(hours=23), Held.FAILED),
        (gone_for(hours=24), Held.EXPLAINED),
        (Known("forbidden by robots.txt", None, None, None, is_stored=False), Held.EXPLAINED),
        (Known("no article", "a listing", None, None, is_stored=False), Held.EXPLAINED),
        (Known("unreadable", "the site answers 500", None, None, is_stored=False), Held.FAILED),
        (Known("blocked", None, None, None, is_stored=False), Held.FAILED),
    ],
)
def test_a_listed_story_stands_as_the_store_knows_it(known: Known | None, held: Held) -> None:
    assert standing(known)[0] is held


def test_one_that_a_crawl_leaves_out_is_told_apart_as_long_as_it_is_unknown() -> None:
    (story,) = compare([ENTRY], {}, Window(), {URL})
    assert story.held is Held.LEFT_OUT
    known = {URL: Known("article", None, URL, PUBLISHED, is_stored=True)}
    (story,) = compare([ENTRY], known, Window(), {URL})
    assert story.held is Held.STORED


def test_the_day_is_that_of_publication_and_else_of_the_last_change() -> None:
    assert standing(Known("article", None, URL, PUBLISHED, is_stored=True))[1] == "2026-07-13"
    assert standing(None)[1] == "2026-07-14"


def test_a_story_known_to_lie_outside_the_window_is_not_counted() -> None:
    window = Window(from_iso("2026-07-14T00:00:00+07:00"), None)
    known = {URL: Known("outside window", None, URL, PUBLISHED, is_stored=False)}
    assert compare([ENTRY], known, window) == []


def test_a_report_counts_by_day_and_section() -> None:
    other = Entry("https://vov.vn/the-thao/b-post2.vov", MODIFIED)
    report = Report(compare([ENTRY, other], {URL: Known("article", None, URL, MODIFIED, is_stored=True)}, Window()))
    assert report.rows() == [
        ("2026-07-14", "the-thao", Counter({Held.MISSING: 1})),
        ("2026-07-14", "xa-hoi", Counter({Held.STORED: 1})),
    ]


@pytest.mark.parametrize(
    ("known", "failed", "complete"),
    [
        (Known("article", None, URL, PUBLISHED, is_stored=True), {}, True),
        (Known("gone", None, None, None, is_stored=False), {}, True),
        (Known("unreadable", None, None, None, is_stored=False), {}, False),
        (None, {}, False),
        (Known("article", None, URL, PUBLISHED, is_stored=True), {"https://vov.vn/sitemap.xml": "403"}, False),
    ],
)
def test_only_what_is_kept_or_explained_is_complete(
    known: Known | None, failed: dict[str, str], complete: bool
) -> None:
    stories = compare([ENTRY], {URL: known} if known is not None else {}, Window())
    assert Report(stories, failed).is_complete is complete


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, tzinfo=VIETNAM)


class TestHoles:
    """Times between whole crawls that none of them was to cover."""

    def test_spans_that_meet_leave_none(self) -> None:
        assert holes([Span(at(8), at(10, 7)), Span(at(10), at(12))], Window()) == []

    def test_one_is_between_the_end_of_a_crawl_and_the_window_of_the_next(self) -> None:
        assert holes([Span(at(14), at(16)), Span(at(8), at(10, 7))], Window()) == [Hole(at(10, 7), at(14))]

    def test_an_earlier_crawl_that_reached_further_counts(self) -> None:
        assert holes([Span(at(1), at(13)), Span(at(8), at(10)), Span(at(12), at(16))], Window()) == []

    def test_only_what_lies_in_the_window_counts(self) -> None:
        spans = [Span(at(1), at(2)), Span(at(10), at(11)), Span(at(20), at(21))]
        assert holes(spans, Window(at(5), at(15))) == [Hole(at(5), at(10)), Hole(at(11), at(15))]

    @pytest.mark.parametrize(
        ("arguments", "span"),
        [
            ({}, Span(at(14), at(16))),
            ({"since": "2d", "sections": "all"}, Span(at(14), at(16))),
            ({"until": "2026-07-14"}, Span(at(14), at(15))),
            ({"until": "2026-07-30"}, Span(at(14), at(16))),
            ({"sections": "xa-hoi"}, None),
            ({"urls": URL}, None),
            ({"sources": "rss"}, None),
        ],
    )
    def test_a_crawl_of_all_sections_covers_its_window_up_to_its_moment(
        self, arguments: dict[str, str], span: Span | None
    ) -> None:
        crawl = WholeCrawl(json.dumps(arguments), at(14).isoformat(), at(16).isoformat())
        assert span_of(crawl) == span
