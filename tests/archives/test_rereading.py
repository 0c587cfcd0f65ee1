"""Reading kept pages again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scrapy.settings import Settings

from sample_site.render_article import render_article
from sample_site.replica import Replica
from vovcrawl.archives.captures import Capture, Skipped
from vovcrawl.archives.rereading import Became, Rereader
from vovcrawl.commands.reread import completing
from vovcrawl.evidence import Evidence, page_hash
from vovcrawl.items import READER_VERSION, Article, content_hash
from vovcrawl.pages import flat_text, parse_article
from vovcrawl.pages.publication import from_iso
from vovcrawl.store import ArticleStore, Database, Kept
from vovcrawl.store.rereadings import Rereading, Rereadings

SITE = Replica(days=1, a_day=4, older=0)
PAGES = {story.url: render_article(story, SITE).encode() for story in SITE.newest}
COMPLETING = completing(Settings())


def captures() -> list[Capture]:
    return [Capture(url, data, f"page {number}") for number, (url, data) in enumerate(PAGES.items(), 1)]


def kept_now(url: str) -> Article:
    """What a crawl keeps of a page today."""
    article = parse_article(PAGES[url], url, dates=True)
    article.fetched_at = "2026-07-16T01:00:00+00:00"
    article.extra = {"mood": 0.5}
    return article


def by_earlier_reader(article: Article) -> Article:
    earlier = replace(article, headline="Tựa cũ", keywords=[], reader_version=READER_VERSION - 1)
    earlier.content_hash = content_hash(earlier.headline, earlier.description, earlier.body)
    return earlier


@pytest.fixture
def store(database: Database) -> ArticleStore:
    """A store in which an earlier reader read the first of the pages, and today's the others."""
    made = ArticleStore(database.connection)
    for number, (url, data) in enumerate(PAGES.items()):
        article = kept_now(url)
        made.keep(article if number else by_earlier_reader(article), Evidence(page_hash(data)))
    return made


def reread(store: ArticleStore, given: list[Capture | Skipped] | list[Capture]) -> tuple[Rereader, Rereadings]:
    found = Rereadings(store.pages())
    rereader = Rereader(store, found, COMPLETING)
    assert all(line is None for line in rereader.run(given))
    return rereader, found


def test_only_what_is_read_otherwise_is_a_difference_field_by_field(store: ArticleStore) -> None:
    rereader, found = reread(store, captures())
    (first, *_) = PAGES
    now = kept_now(first)
    (changed,) = [one for one in found if one.changed]
    assert changed.canonical_url == first
    assert changed.changed["headline"] == ("Tựa cũ", now.headline)
    assert changed.changed["keywords"] == ([], now.keywords)
    assert changed.changed.keys() == {"headline", "keywords", "content_hash"}
    assert changed.unsaid == {"reader_version": (READER_VERSION - 1, READER_VERSION)}
    assert rereader.counts == {Became.CHANGED: 1, Became.SAME: len(PAGES) - 1}


def test_what_was_found_is_kept_as_readings_and_a_crawl_then_finds_all_of_it_unchanged(store: ArticleStore) -> None:
    _, found = reread(store, captures())
    assert [store.apply(one) for one in found] == [Kept.REREAD]
    (first, *_) = PAGES
    assert [one.replaced_by for one in store.history(first)] == ["reading", None]
    for url, data in PAGES.items():
        assert store.keep(kept_now(url), Evidence(page_hash(data))) is Kept.UNCHANGED
        assert store.read(url) == kept_now(url)
    _, again = reread(store, captures())
    assert list(again) == []


def test_what_a_pipeline_of_the_users_added_stays(store: ArticleStore) -> None:
    _, found = reread(store, captures())
    for one in found:
        store.apply(one)
    assert {one.extra.get("mood") for one in store.stream()} == {0.5}


def test_an_article_that_was_read_otherwise_in_the_meantime_stays(store: ArticleStore) -> None:
    _, found = reread(store, captures())
    (first, *_) = PAGES
    store.keep(replace(kept_now(first), keywords=["khác"]), Evidence(page_hash(PAGES[first])))
    assert [store.apply(one) for one in found] == [Kept.UNCHANGED]


def test_a_page_that_only_another_reader_read_is_the_same_and_says_who_read_it_last(database: Database) -> None:
    store = ArticleStore(database.connection)
    (url, *_) = PAGES
    store.keep(replace(kept_now(url), reader_version=READER_VERSION - 1), Evidence(page_hash(PAGES[url])))
    rereader, found = reread(store, captures()[:1])
    assert rereader.counts[Became.SAME] == 1
    assert [store.apply(one) for one in found] == [Kept.UNCHANGED]
    (kept,) = store.history(url)
    assert kept.article.reader_version == READER_VERSION


def test_captures_that_the_store_does_not_have_are_counted_by_what_they_are(store: ArticleStore) -> None:
    (first, *_) = PAGES
    given = [
        Capture(first, b"<html>another page of it</html>", "a"),
        Capture("https://vov.vn/xa-hoi/la-post99999999.vov", b"<html>unknown</html>", "b"),
        Capture("https://vov.vn/xa-hoi", b"<html>a listing</html>", "c"),
        *captures(),
        *captures(),
    ]
    rereader, _ = reread(store, given)
    assert rereader.counts[Became.OTHER_PAGE] == 1
    assert rereader.counts[Became.NOT_KEPT] == 1
    assert rereader.counts[Became.CHANGED] + rereader.counts[Became.SAME] == len(PAGES)


def test_a_page_that_cannot_be_read_any_more_is_named_and_keeps_what_it_has(database: Database) -> None:
    store = ArticleStore(database.connection)
    (url, *_) = PAGES
    data = b"<html><body>no article</body></html>"
    store.keep(kept_now(url), Evidence(page_hash(data)))
    rereader = Rereader(store, Rereadings(store.pages()), COMPLETING)
    (line,) = rereader.run([Capture(url, data, "a.html")])
    assert line is not None
    assert line.startswith(f"{url} (a.html): ")
    assert rereader.counts == {Became.UNREADABLE: 1}
    assert store.read(url) == kept_now(url)


def test_an_article_that_stands_under_its_own_url_stays_there(database: Database) -> None:
    store = ArticleStore(database.connection)
    url, other = list(PAGES)[:2]
    data = PAGES[url].replace(f'rel="canonical" href="{url}"'.encode(), f'rel="canonical" href="{other}"'.encode())
    assert data != PAGES[url]
    store.keep(kept_now(other), Evidence(page_hash(PAGES[other])))
    store.keep(parse_article(data, url, dates=True), Evidence(page_hash(data)))
    assert {one.canonical_url for one in store.stream()} == {url, other}
    rereader, found = reread(store, [Capture(url, data, "a")])
    assert rereader.counts == {Became.SAME: 1}
    assert list(found) == []


def test_a_text_keeps_the_date_that_it_was_read_with(database: Database) -> None:
    store = ArticleStore(database.connection)
    text = "Cầu mới thông xe\nCây cầu nối hai bờ sông.\nNgười dân qua cầu từ sáng sớm."
    article = flat_text.read(text, None, from_iso("2023-10-14T14:05:00+07:00")).article
    article.source = "archive"
    for complete in COMPLETING:
        article = complete(article)
    store.keep(article, Evidence(page_hash(text.encode())))
    rereader, _ = reread(store, [Capture(None, text.encode(), "a.txt", is_text=True)])
    assert rereader.counts == {Became.SAME: 1}


def test_rereadings_come_back_in_their_order_whatever_their_names_are() -> None:
    found = Rereadings([(None, "https://vov.vn/a-post1.vov"), ("h", "https://vov.vn/b-post2.vov")] * 2)
    one = Rereading("https://vov.vn/b-post2.vov", "h", "tệp \udcff.html", {"keywords": ([], ["cầu"])}, {})
    found.add(one)
    found.add(replace(one, where="khác"))
    assert [each.where for each in found] == ["tệp \udcff.html", "khác"]
    assert next(iter(found)) == one
    assert (found.articles_of("h"), found.articles_of("x")) == (["https://vov.vn/b-post2.vov"], [])
    assert found.holds("https://vov.vn/a-post1.vov")
    assert (found.is_first("h"), found.is_first("h")) == (True, False)


def test_a_pipeline_of_the_projects_that_is_switched_off_has_no_part() -> None:
    switched = {"ITEM_PIPELINES": {"vovcrawl.pipelines.tag_dates.TagDates": None}}
    assert [len(COMPLETING), len(completing(Settings(switched, priority="cmdline")))] == [3, 2]


def test_what_a_kill_left_is_found_the_next_time(database: Database) -> None:
    store = ArticleStore(database.connection)
    for url, data in PAGES.items():
        store.keep(by_earlier_reader(kept_now(url)), Evidence(page_hash(data)))
    _, found = reread(store, captures())
    first, *rest = found
    store.apply(first)
    _, again = reread(store, captures())
    assert list(again) == rest
