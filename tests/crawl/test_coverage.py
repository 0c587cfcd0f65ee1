"""What the sources list, held against the store."""

from __future__ import annotations

from collections import Counter

import pytest

from vovcrawl.crawl.coverage import Held, Report, compare
from vovcrawl.crawl.window import Window
from vovcrawl.pages.publication import from_iso
from vovcrawl.pages.sitemap import Entry
from vovcrawl.store.known import Known

URL = "https://vov.vn/xa-hoi/a-post1.vov"
MODIFIED = "2026-07-14T09:00:00+07:00"
PUBLISHED = "2026-07-13T08:00:00+07:00"
ENTRY = Entry(URL, MODIFIED)


def standing(known: Known | None) -> tuple[Held, str]:
    (story,) = compare([ENTRY], {URL: known} if known is not None else {}, Window())
    return story.held, story.day


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
        (Known("forbidden by robots.txt", None, None, None, is_stored=False), Held.EXPLAINED),
        (Known("no article", "a listing", None, None, is_stored=False), Held.EXPLAINED),
        (Known("unreadable", "the site answers 500", None, None, is_stored=False), Held.FAILED),
        (Known("blocked", None, None, None, is_stored=False), Held.FAILED),
    ],
)
def test_a_listed_story_stands_as_the_store_knows_it(known: Known | None, held: Held) -> None:
    assert standing(known)[0] is held


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
