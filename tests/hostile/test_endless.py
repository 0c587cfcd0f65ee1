"""Listings, sitemaps, menus and lists of feeds without an end: they are left, in one line, with status 3."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.http import Response

from sample_site.server import Answer, Reply, RequestRecord, SampleServer
from tests.crawlers import make_crawler
from tests.hostile.watching import MOST_MEMORY, WatchedCrawl, crawl_watched, healthy
from vovcrawl.crawl.visit_results import VisitResults
from vovcrawl.visits import PAGE

pytestmark = pytest.mark.long

SECTION = "https://vov.vn/kinh-te"
LEFT_OUT = "it names too much: 19801 more are left out"
FROM_MENU = "SELECT count(*) FROM pages WHERE kind = 'listing' AND discovered_on = 'https://vov.vn/'"


def number_of(record: RequestRecord) -> int:
    return int(parse_qs(urlsplit(record.path).query).get("page", ["0"])[0])


def endless(*stories: str) -> Reply:
    """A listing whose pager always promises a next page; `{}` in its articles is the number of the page."""

    def reply(record: RequestRecord) -> Answer:
        page = number_of(record)
        links = "".join(f'<a href="{story.format(page)}">tin</a>' for story in stories)
        pager = f'<ul class="pagination"><li><a href="/kinh-te?page={page + 1}">tiếp</a></li></ul>'
        return Answer(body=f'<html><body><div class="taxonomy-content">{links}</div>{pager}</body></html>')

    return reply


def pages_asked(site: SampleServer, path: str) -> int:
    return sum(urlsplit(record.path).path == path for record in site.requests)


def lines_with(crawl: WatchedCrawl, words: str) -> list[str]:
    return [line for line in crawl.log.splitlines() if words in line]


PLAIN = ("-s", "VOV_DRIFT=accept")
"""For crawls of listings that are plainer than the site's."""

# Listings


@pytest.mark.parametrize("window", ["since=all", "since=2020-01-01"])
def test_a_listing_of_stories_that_are_not_there_is_left(tmp_path: Path, window: str) -> None:
    with SampleServer() as site:
        own = healthy(site, 1)[0]
        site.answer("/kinh-te", endless("/kinh-te/khong-co-post94{:05}.vov"))
        crawl = crawl_watched(tmp_path, site.url, "sections=kinh-te", window, f"urls={own.url}", "related=0", *PLAIN)
        assert pages_asked(site, "/kinh-te") == 101
        assert crawl.page(f"{SECTION}?page=100") == (
            "failed",
            "unreadable",
            "no article on 100 pages in a row could be read: left here",
        )
        assert len(lines_with(crawl, "left here")) == 1
        assert (crawl.status, crawl.addresses()) == (3, {own.url})


def test_a_listing_that_repeats_its_stories_is_left(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site, 3)
        site.answer("/kinh-te", endless(*(story.address for story in own)))
        crawl = crawl_watched(tmp_path, site.url, "sections=kinh-te", "related=0")
        assert pages_asked(site, "/kinh-te") == 3
        assert crawl.addresses() == {story.url for story in own}


def test_a_long_listing_is_walked_on_where_stories_can_be_read(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site, 1)[0]
        page = site.pages.get(own.address).body.decode()

        def story(record: RequestRecord) -> Answer:
            return Answer(body=page.replace(own.url, f"https://vov.vn{record.path}"))

        for number in range(0, 250, 50):
            site.answer(f"/kinh-te/mot-tin-post94{number:05}.vov", story)
        site.answer("/kinh-te", endless("/kinh-te/mot-tin-post94{:05}.vov"))
        crawl = crawl_watched(tmp_path, site.url, "sections=kinh-te", "related=0", "pages=250", *PLAIN)
        assert pages_asked(site, "/kinh-te") == 250
        assert len(crawl.addresses()) == 5
        # Of the others the site says that they are gone.
        assert crawl.status == 3


def test_a_listing_longer_than_all_that_the_site_has_published_is_left(tmp_path: Path) -> None:
    page = f"{SECTION}?page=100000"
    crawler, context, spider = make_crawler(tmp_path, sections="kinh-te")
    answer = endless("/kinh-te/mot-tin-post94{:05}.vov")(RequestRecord("GET", "vov.vn", page))
    assert isinstance(answer, Answer)
    request = Request(page, meta={PAGE: page})
    assert list(spider.parse_listing(Response(page, body=str(answer.body).encode(), request=request))) == []
    context.close()
    ended = VisitResults.of(crawler).open(page)
    assert (ended.outcome, ended.reason) == ("unreadable", "the listing has more than 100000 pages")


# Menus and feeds


def test_of_an_endless_menu_the_first_sections_are_walked(tmp_path: Path) -> None:
    with SampleServer() as site:
        links = "".join(f'<a href="/muc-{number}">Mục</a>' for number in range(20_000))
        site.answer("/", body=f'<html><body><header><a href="/kinh-te">Kinh tế</a>{links}</header></body></html>')
        crawl = crawl_watched(tmp_path, site.url, "sources=listing", "sections=all", "since=2d", "related=0")
        assert crawl.page("https://vov.vn/") == ("failed", "unreadable", LEFT_OUT)
        assert crawl.rows(FROM_MENU) == [(200,)]
        assert crawl.addresses()
        assert crawl.status == 3
        assert crawl.peak < MOST_MEMORY


def test_of_an_endless_list_of_feeds_the_first_ones_are_read(tmp_path: Path) -> None:
    with SampleServer() as site:
        links = "".join(f'<a href="/rss/muc-{number}.rss">Mục</a>' for number in range(20_000))
        site.answer("/rss", body=f'<html><body><a href="/rss/kinh-te.rss">Kinh tế</a>{links}</body></html>')
        crawl = crawl_watched(tmp_path, site.url, "sources=rss", "since=2d", "related=0")
        assert crawl.page("https://vov.vn/rss") == (
            "failed",
            "unreadable",
            "it names too much: 19801 more are left out",
        )
        assert crawl.rows("SELECT count(*) FROM pages WHERE kind = 'feed'") == [(200,)]
        assert crawl.addresses()
        assert crawl.status == 3


# Sitemaps


def index(*names: str) -> str:
    entries = "".join(f"<sitemap><loc>https://vov.vn/sitemaps/{name}.xml</loc></sitemap>" for name in names)
    return f"<sitemapindex>{entries}</sitemapindex>"


def test_an_index_that_another_one_names_is_not_followed(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site, 1)[0]

        def reply(record: RequestRecord) -> Answer:
            name = record.path.removeprefix("/sitemaps/").removesuffix(".xml")
            return Answer(body=index(f"{name}1", f"{name}2"))

        site.answer("/sitemap.xml", body=index("a", "b"))
        site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset><url><loc>{own.url}</loc></url></urlset>")
        for name in ("a", "b"):
            site.answer(f"/sitemaps/{name}.xml", reply)
        site.answer("/", body='<html><body><header><a href="/kinh-te">a</a></header></body></html>')
        site.answer("/kinh-te", body=f'<div class="taxonomy-content"><a href="{own.address}">a</a></div>')
        crawl = crawl_watched(tmp_path, site.url, "sources=sitemap", "since=all", "related=0")
        sitemaps = [record.path for record in site.requests if "sitemap" in record.path]
        assert set(sitemaps) == {"/sitemap.xml", "/sitemaps/2026/7/article.xml", "/sitemaps/a.xml", "/sitemaps/b.xml"}
        state, _, reason = crawl.page("https://vov.vn/sitemaps/a.xml")
        assert (state, reason) == ("failed", "not the XML it should be: an index of sitemaps that another one names")
        assert (crawl.status, crawl.addresses()) == (3, {own.url})


def test_of_an_endless_index_the_first_sitemaps_are_read(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site, 1)[0]
        site.answer("/sitemap.xml", body=index(*(f"x{number}" for number in range(49_000))))
        site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset><url><loc>{own.url}</loc></url></urlset>")
        site.answer("/", body="<html><body><header><a href='/kinh-te'>a</a></header></body></html>")
        site.answer("/kinh-te", body=f'<div class="taxonomy-content"><a href="{own.address}">a</a></div>')
        crawl = crawl_watched(tmp_path, site.url, "sources=sitemap", "since=all", "related=0")
        _, _, reason = crawl.page("https://vov.vn/sitemap.xml")
        assert reason == "it names too much: 48500 more are left out"
        assert crawl.rows("SELECT count(*) FROM pages WHERE discovered_on = 'https://vov.vn/sitemap.xml'") == [(500,)]
        assert (crawl.status, crawl.addresses()) == (3, {own.url})


def test_an_index_of_a_million_sitemaps_is_a_source_that_failed(tmp_path: Path) -> None:
    with SampleServer() as site:
        own = healthy(site, 1)[0]
        site.answer("/sitemap.xml", body=index(*map(str, range(1_000_000))))
        site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset><url><loc>{own.url}</loc></url></urlset>")
        site.answer("/", body="<html><body><header><a href='/kinh-te'>a</a></header></body></html>")
        site.answer("/kinh-te", body=f'<div class="taxonomy-content"><a href="{own.address}">a</a></div>')
        crawl = crawl_watched(tmp_path, site.url, "sources=sitemap", "since=all", "related=0")
        assert crawl.page("https://vov.vn/sitemap.xml")[0] == "failed"
        assert (crawl.status, crawl.addresses()) == (3, {own.url})
        assert crawl.peak < MOST_MEMORY
