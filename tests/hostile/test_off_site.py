"""Whatever a page, a redirect, a feed or a sitemap names, nothing but the newspaper is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.hostile.targets import not_public, off_site
from tests.hostile.watching import Elsewhere, WatchedCrawl, crawl_watched, healthy
from tests.pages.snippets import page

pytestmark = pytest.mark.long

COUNT = len(off_site(1))
STAND_INS = {
    "script": '<script>window.location.href = "{0}";</script>',
    "replace": "<script>location.replace('{0}')</script>",
    "refresh": '<meta http-equiv="refresh" content="0; url={0}">',
    "frame": '<iframe src="{0}"></iframe>',
    "base": '<base href="{0}"><a href="a-post1.vov">tin</a>',
}
"""Pages that send a browser elsewhere."""


@dataclass
class Scene:
    """A site under watch, and what a crawl of it did."""

    site: SampleServer
    elsewhere: Elsewhere
    crawl: WatchedCrawl

    def stayed(self) -> bool:
        return self.crawl.stays_at(self.site) and not self.elsewhere.contacts and not self.crawl.started()

    def strangers(self) -> list[str]:
        """Urls in the queue that are not the newspaper's."""
        return [row[0] for row in self.crawl.rows("SELECT url FROM pages WHERE url NOT LIKE 'https://vov.vn/%'")]


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        yield server


def story(name: str, number: int) -> str:
    """The url of a page below the host."""
    return f"/xa-hoi/{name}-post{9_000_000 + number}.vov"


def links(targets: list[str]) -> str:
    return "".join(f'<p><a href="{escape(target)}">tin {place}</a></p>' for place, target in enumerate(targets))


# Redirects


@pytest.fixture(scope="module")
def redirected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("redirected")
    with SampleServer() as site, Elsewhere() as elsewhere:
        paths = []
        for number, target in enumerate(off_site(elsewhere.port)):
            paths.append(story("chuyen-huong", number))
            status = (301, 302, 303, 307, 308)[number % 5]
            site.answer(paths[-1], status=status, headers={"Location": target})
        wanted = folder / "addresses.txt"
        wanted.write_text("\n".join(f"https://vov.vn{path}" for path in paths) + "\n")
        with wanted.open("a") as file:
            file.writelines(f"{story.url}\n" for story in healthy(site))
        yield Scene(site, elsewhere, crawl_watched(folder, site.url, f"urls={wanted}"))


@pytest.mark.parametrize("number", range(COUNT))
def test_a_redirect_off_the_site_is_not_followed(redirected: Scene, number: int) -> None:
    state, outcome, reason = redirected.crawl.page(f"https://vov.vn{story('chuyen-huong', number)}")
    is_public = number >= len(not_public(1))
    assert (state, outcome) == (("done", "out of scope") if is_public else ("failed", "unreadable"))
    assert reason is not None
    assert reason.startswith("redirects ")


def test_redirects_off_the_site_contact_nobody(redirected: Scene) -> None:
    assert redirected.stayed()


def test_redirects_off_the_site_do_not_disturb_the_crawl(redirected: Scene) -> None:
    # Those to private addresses leave their pages unread.
    assert redirected.crawl.status == 3
    assert redirected.crawl.addresses() == {story.url for story in healthy(redirected.site)}


# Links and pages that stand in for an article


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("linked")
    with SampleServer() as site, Elsewhere() as elsewhere:
        targets = off_site(elsewhere.port)
        box = f'<div class="field-related-article">{links(targets)}</div>'
        own = f"https://vov.vn{story('lien-ket', 0)}"
        site.answer(story("lien-ket", 0), body=page(f"<p>Một.</p>{links(targets)}", address=own, outside=box))
        paths = [story("lien-ket", 0)]
        for number, target in enumerate(targets):
            path = story("canonical", number)
            paths.append(path)
            site.answer(path, body=page("<p>Một.</p>", address=escape(target)))
        for place, (name, markup) in enumerate(STAND_INS.items()):
            path = story(name, place)
            paths.append(path)
            target = f"http://127.0.0.1:{elsewhere.port}/"
            site.answer(path, body=f"<html><head>{markup.format(target)}</head><body></body></html>")
        wanted = folder / "addresses.txt"
        wanted.write_text("".join(f"https://vov.vn{path}\n" for path in paths))
        with wanted.open("a") as file:
            file.writelines(f"{story.url}\n" for story in healthy(site))
        yield Scene(site, elsewhere, crawl_watched(folder, site.url, f"urls={wanted}", "related=2"))


def test_links_off_the_site_contact_nobody(linked: Scene) -> None:
    assert linked.stayed()


def test_links_off_the_site_do_not_come_into_the_walk(linked: Scene) -> None:
    assert linked.strangers() == []


def test_an_article_with_links_off_the_site_is_kept(linked: Scene) -> None:
    assert f"https://vov.vn{story('lien-ket', 0)}" in linked.crawl.addresses()


@pytest.mark.parametrize("number", range(COUNT))
def test_a_canonical_link_off_the_site_gives_no_article_an_identity_there(linked: Scene, number: int) -> None:
    address = f"https://vov.vn{story('canonical', number)}"
    _, outcome, _ = linked.crawl.page(address)
    assert outcome in ("no article", "article")
    assert (outcome == "article") == (address in linked.crawl.addresses())


def test_no_article_is_kept_under_an_address_off_the_site(linked: Scene) -> None:
    assert all(address.startswith("https://vov.vn/") for address in linked.crawl.addresses())


@pytest.mark.parametrize(("place", "name"), list(enumerate(STAND_INS)))
def test_a_page_that_sends_browsers_elsewhere_is_no_article(linked: Scene, place: int, name: str) -> None:
    _, outcome, _ = linked.crawl.page(f"https://vov.vn{story(name, place)}")
    assert outcome in ("unreadable", "no article")


def test_healthy_stories_beside_such_pages_are_kept(linked: Scene) -> None:
    assert {story.url for story in healthy(linked.site)} <= linked.crawl.addresses()


# Sources


def test_links_off_the_site_in_menu_and_listings_are_not_followed(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with SampleServer() as site:
        found = links(off_site(elsewhere.port))
        own = healthy(site)[0]
        pager = f'<ul class="pagination">{links([f"http://127.0.0.1:{elsewhere.port}/xa-hoi?page=1"])}</ul>'
        listing = f'<div class="taxonomy-content">{found}<a href="{own.address}">tin</a></div>{pager}'
        site.answer("/", body=f'<html><body><header>{found}<a href="/xa-hoi">Xã hội</a></header></body></html>')
        site.answer("/xa-hoi", body=f"<html><body>{listing}</body></html>")
        crawl = crawl_watched(tmp_path, site.url, "sources=listing", "sections=all", "related=0")
        scene = Scene(site, elsewhere, crawl)
        assert scene.stayed()
        assert scene.strangers() == []
        assert (crawl.status, crawl.addresses()) == (0, {own.url})


def test_links_off_the_site_in_sitemaps_and_feeds_are_not_followed(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with SampleServer() as site:
        targets = off_site(elsewhere.port)
        own = healthy(site)[0]
        stories = "".join(f"<url><loc>{escape(target)}</loc></url>" for target in [*targets, own.url])
        months = "".join(
            f"<sitemap><loc>{escape(target)}</loc></sitemap>"
            for target in [*targets, f"http://127.0.0.1:{elsewhere.port}/sitemaps/2026/6/article.xml"]
        )
        items = "".join(f"<item><title>a</title><link>{escape(target)}</link></item>" for target in [*targets, own.url])
        site.answer("/sitemap.xml", body=f"<sitemapindex>{months}</sitemapindex>")
        site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset>{stories}</urlset>")
        site.answer("/rss", body=f'<html><body>{links(targets)}<a href="/rss/xa-hoi.rss">Xã hội</a></body></html>')
        site.answer("/rss/xa-hoi.rss", body=f"<rss><channel>{items}</channel></rss>")
        crawl = crawl_watched(tmp_path, site.url, "sources=sitemap,rss", "since=all", "related=0")
        scene = Scene(site, elsewhere, crawl)
        assert scene.stayed()
        assert scene.strangers() == []
        assert own.url in crawl.addresses()


@pytest.mark.parametrize("host", ["127.0.0.1", "vov.vn"])
def test_robots_txt_is_not_fetched_from_elsewhere(elsewhere: Elsewhere, tmp_path: Path, host: str) -> None:
    with SampleServer() as site:
        site.answer("/robots.txt", status=301, headers={"Location": f"http://{host}:{elsewhere.port}/robots.txt"})
        crawl = crawl_watched(tmp_path, site.url, f"urls={healthy(site)[0].url}")
        assert Scene(site, elsewhere, crawl).stayed()
        assert crawl.status == 5


def test_a_sitemap_that_robots_txt_names_elsewhere_is_not_fetched(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with SampleServer() as site:
        site.answer("/robots.txt", body=f"Sitemap: http://127.0.0.1:{elsewhere.port}/sitemap.xml\nHost: evil.example\n")
        crawl = crawl_watched(tmp_path, site.url, f"urls={healthy(site)[0].url}")
        assert Scene(site, elsewhere, crawl).stayed()
        assert crawl.status == 0


@pytest.mark.parametrize("kind", ["sitemap", "listing", "rss"])
def test_a_source_that_redirects_elsewhere_fails(elsewhere: Elsewhere, tmp_path: Path, kind: str) -> None:
    with SampleServer() as site:
        away = {"Location": f"http://127.0.0.1:{elsewhere.port}/"}
        for path in ("/sitemaps/2026/7/article.xml", "/rss", "/"):
            site.answer(path, status=302, headers=away)
        crawl = crawl_watched(tmp_path, site.url, f"sources={kind}", "since=2d")
        assert Scene(site, elsewhere, crawl).stayed()
        assert crawl.status == 3
        assert crawl.addresses()
