"""Pages made to cost time or memory by what they hold, alone and many in a row.

Each has its outcome, and the crawl goes on, stays within 400 MB, and can be stopped.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sample_site.server import Answer, Reply, RequestRecord, SampleServer
from tests.conftest import PROJECT, command, environment, wait_for_requests
from tests.hostile.costly import MADE_UP_NAMES, PAGES, Costly, source_of_names
from tests.hostile.watching import MOST_MEMORY, WatchedCrawl, crawl_watched, healthy

pytestmark = pytest.mark.long


def url(number: int) -> str:
    return f"https://vov.vn/xa-hoi/ton-kem-post{9_500_000 + number}.vov"


def serve(site: SampleServer, number: int, kind: Costly) -> None:
    """Puts a page of this kind on the site; it is made when it is asked for."""

    def reply(record: RequestRecord) -> Answer:
        return Answer(body=kind.make(number), headers=kind.headers)

    site.answer(url(number).removeprefix("https://vov.vn"), reply)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SampleServer, WatchedCrawl]]:
    """A crawl of a page of each kind with a healthy one after it."""
    folder = tmp_path_factory.mktemp("costly")
    with SampleServer() as site:
        wanted = []
        for number, (kind, story) in enumerate(zip(PAGES.values(), healthy(site, len(PAGES)), strict=True)):
            serve(site, number, kind)
            wanted += [url(number), story.url]
        (folder / "urls.txt").write_text("\n".join(wanted))
        yield site, crawl_watched(folder, site.url, f"urls={folder / 'urls.txt'}")


@pytest.mark.parametrize("name", [name for name, kind in PAGES.items() if kind.reason is not None])
def test_a_costly_page_is_left_unread_with_its_reason(crawled: tuple[SampleServer, WatchedCrawl], name: str) -> None:
    state, outcome, reason = crawled[1].page(url(list(PAGES).index(name)))
    assert (state, outcome) == ("failed", "unreadable")
    assert reason is not None
    assert reason.startswith(PAGES[name].reason or "")


def test_a_crawl_among_costly_pages_keeps_every_healthy_story(crawled: tuple[SampleServer, WatchedCrawl]) -> None:
    site, crawl = crawled
    assert {story.url for story in healthy(site, len(PAGES))} <= crawl.addresses()
    assert crawl.status == 3


def test_a_crawl_among_costly_pages_stays_small(crawled: tuple[SampleServer, WatchedCrawl]) -> None:
    assert crawled[1].peak < MOST_MEMORY


def test_many_pages_that_make_up_names_do_not_pile_up(tmp_path: Path) -> None:
    kinds = list(MADE_UP_NAMES.values())
    with SampleServer() as site:
        own = healthy(site, 1)[0]
        for number in range(60):
            serve(site, number, kinds[number % len(kinds)])
        (tmp_path / "urls.txt").write_text("\n".join([*map(url, range(60)), own.url]))
        crawl = crawl_watched(tmp_path, site.url, f"urls={tmp_path / 'urls.txt'}")
        assert own.url in crawl.addresses()
        assert crawl.peak < MOST_MEMORY


def test_many_sources_that_make_up_names_do_not_pile_up(tmp_path: Path) -> None:
    def of_names(root: str, number: int) -> Reply:
        return lambda _: Answer(body=source_of_names(root, number, attributes=number % 2 == 1))

    with SampleServer() as site:
        own = healthy(site, 1)[0]
        sitemaps = [f"/sitemaps/{number}/article.xml" for number in range(12)]
        feeds = [f"/rss/{number}.rss" for number in range(12)]
        for number, path in enumerate(sitemaps):
            site.answer(path, of_names("urlset", number))
        for number, path in enumerate(feeds):
            site.answer(path, of_names("rss", 12 + number))
        named = "".join(f"<sitemap><loc>https://vov.vn{path}</loc></sitemap>" for path in sitemaps)
        site.answer("/sitemap.xml", body=f"<sitemapindex>{named}</sitemapindex>")
        site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset><url><loc>{own.url}</loc></url></urlset>")
        links = "".join(f'<a href="{path}">a</a>' for path in feeds)
        site.answer("/rss", body=f"<html><body>{links}</body></html>")
        # Sections whose sources failed are walked.
        site.answer("/", body='<html><body><header><a href="/kinh-te">Kinh tế</a></header></body></html>')
        site.answer("/kinh-te", body=f'<div class="taxonomy-content"><a href="{own.address}">a</a></div>')
        crawl = crawl_watched(tmp_path, site.url, "sources=sitemap,rss", "since=all", "related=0")
        failed = crawl.rows("SELECT count(*) FROM pages WHERE state = 'failed' AND kind IN ('sitemap', 'feed')")
        assert failed == [(24,)]
        assert crawl.addresses() == {own.url}
        assert (crawl.status, crawl.peak < MOST_MEMORY) == (3, True)


@pytest.mark.parametrize("name", PAGES)
def test_a_crawl_is_stopped_while_it_reads_a_costly_page(tmp_path: Path, name: str) -> None:
    with SampleServer() as site:
        for number in range(20):
            serve(site, number, PAGES[name])
        given = ("urls=" + ",".join(map(url, range(20))),)
        log = (tmp_path / "err").open("wb")
        process = subprocess.Popen(
            command(tmp_path, site.url, given), cwd=PROJECT, env=environment(), stderr=log, stdout=log
        )
        try:
            wait_for_requests(site, 3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 143
        finally:
            process.kill()
            log.close()
