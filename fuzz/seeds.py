"""Ordinary inputs: the project's own pages, feeds, texts and sentences."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from sample_site import special_pages
from sample_site.pages import Pages
from sample_site.site import load_site
from tests.dates.marked_sentences import load

FROZEN = Path(__file__).resolve().parent.parent / "tests" / "frozen"
_ANY_STORY = "https://vov.vn/xa-hoi/mot-trang-post1300000.vov"
_STORIES = 40
"""Stories of the sample site that are seeds: a few of every kind and template."""


@cache
def _site() -> Pages:
    return Pages(load_site())


@cache
def html_pages() -> tuple[tuple[str, bytes], ...]:
    """Pages by url: the frozen ones, and stories, listings and special pages of the sample site."""
    pages = [
        (json.loads(path.read_text("utf-8")).get("url") or _ANY_STORY, path.with_suffix(".html").read_bytes())
        for path in sorted(FROZEN.glob("*.json"))
    ]
    site = _site()
    stories = list(site.site.stories.values())
    kinds: dict[tuple[str, str], int] = {}
    for story in stories:
        kind = (story.template, urlsplit(story.url).path.split("/")[1])
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= 1 and len(pages) < _STORIES + len(stories):
            pages.append((story.url, site.get(story.address).body))
    special = (
        special_pages.EMPTY_SHELL_ADDRESS,
        special_pages.BLOCK_PAGE_ADDRESS,
        special_pages.SOFT_ERROR_ADDRESS,
        special_pages.SCRIPT_REDIRECT_ADDRESS,
        special_pages.MISSING_ADDRESS,
    )
    return (*pages, *((f"https://vov.vn{path}", site.get(path).body) for path in special), *listing_pages()[:3])


def numbers() -> list[bytes]:
    """Numbers that choose a page, a place in it and what is put there."""
    return [bytes((page, place, kind)) for page in range(6) for place, kind in ((0, 0), (3, 20))]


@cache
def listing_pages() -> tuple[tuple[str, bytes], ...]:
    """The front page, listings and the page of the feeds, by url."""
    site = _site()
    paths = ["/", "/rss", *(f"/{path}" for path in list(site.site.listings)[:12])]
    return tuple((f"https://vov.vn{path}", site.get(path).body) for path in paths)


def articles() -> list[bytes]:
    """Pages after a line with their url, and for some an encoding that the server declares."""
    charsets = ("", "", "", " utf-8", " windows-1258", " decoded")
    return [
        f"{url}{charsets[number % len(charsets)]}\n".encode() + page for number, (url, page) in enumerate(html_pages())
    ]


def ordinary_articles() -> list[bytes]:
    """Articles of the current design after a line with their url."""
    return [f"{url}\n".encode() + page for url, page in html_pages() if b"text-long" in page]


def listings() -> list[bytes]:
    """Listings after a line with their url, and a few articles."""
    return [f"{url}\n".encode() + page for url, page in (*listing_pages(), *html_pages()[:8])]


def texts() -> list[bytes]:
    """Flat texts after a line with a url or none and a publication time or none."""
    found = []
    for number, path in enumerate(sorted(FROZEN.glob("*.json"))):
        record = json.loads(path.read_text("utf-8")).get("record")
        if record:
            related = [line for one in record.get("related", []) for line in _card(one["headline"], one["description"])]
            lines = [
                record.get("section_name") or "Trang chủ",
                record["headline"],
                record.get("date_published_raw") or "",
                f"VOV.VN - {record.get('description') or record['headline']}",
                *record.get("body", "").split("\n\n"),
                *(author["name_raw"] for author in record.get("authors", [])),
                "Mời quý độc giả theo dõi VOV.VN trên",
                "Từ khóa: " + ", ".join(record.get("keywords", [])),
                "Tin liên quan",
                *related,
                "Viết bình luận",
            ]
            head = f"{record['canonical_url'] if number % 2 else ''} {record.get('date_published') or ''}"
            found.append("\n".join([head, *lines]).encode())
    return found


def _card(headline: str, description: str | None) -> list[str]:
    return [headline, headline, f"VOV.VN - {description}"] if description else [headline, headline]


def sentences() -> list[bytes]:
    """The marked sentences, a file at a time and some of them alone, after a line with their time of publication."""
    every = load()
    found = [f"{one.reference or ''}\n{one.text}".encode() for one in every[::25]]
    for category in sorted({one.category for one in every}):
        texts = [one.text for one in every if one.category == category]
        found.append("\n".join(["2023-10-14T14:05", *texts]).encode())
    return found


def sitemaps() -> list[bytes]:
    """The index of sitemaps and those of months, one of them packed."""
    site = _site()
    months = [f"/sitemaps/{year}/{month}/article.xml" for year, month in site.site.months()[:6]]
    bodies = [site.get(path).body for path in ("/sitemap.xml", *months)]
    return [*bodies, gzip.compress(bodies[1], mtime=0), *(page for _, page in html_pages()[-6:])]


def feeds() -> list[bytes]:
    """Feeds of sections, an Atom feed, and the page that names the feeds."""
    site = _site()
    index = site.get("/rss").body
    names = re.findall(rb"/rss/[a-z0-9/-]+\.rss", index)[:6]
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Mưa lớn</title><link rel='alternate' "
        "href='https://vov.vn/xa-hoi/mua-lon-post1300001.vov'/><published>2023-10-14T14:05:00+07:00</published>"
        "</entry></feed>"
    )
    return [*(site.get(name.decode()).body for name in dict.fromkeys(names)), atom.encode(), index]


def written_urls() -> list[bytes]:
    """Urls as pages write them, each with the url of a page on the next line."""
    found: dict[bytes, None] = {}
    for url, page in html_pages():
        for written in re.findall(rb"(?:href|src|content)=[\"']([^\"']{1,300})[\"']", page)[::20]:
            found[written + b"\n" + url.encode()] = None
    odd = ("//vov.vn:443/a-1.vov", "HTTPS://www.vov.vn/a/../b-post1.vov?page=2#x", "javascript:;", "/tag/a+b?page=3")
    return [*found][:400] + [f"{url}\nhttps://vov.vn/".encode() for url in odd]


def web_archives() -> list[bytes]:
    """Small WARC files of some pages: plain, gzipped by record, and as a whole."""
    records = []
    for number, (url, html) in enumerate(html_pages()[:4]):
        body = html[:2000]
        packing = "Content-Encoding: gzip\r\n" if number % 2 else ""
        sent = gzip.compress(body, mtime=0) if number % 2 else body
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{packing}\r\n".encode() + sent
        fields = f"WARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(block)}\r\n\r\n"
        records.append(f"WARC/1.1\r\n{fields}".encode() + block + b"\r\n\r\n")
    whole = b"".join(records)
    return [whole, b"".join(gzip.compress(one, mtime=0) for one in records), gzip.compress(whole, mtime=0)]


def json_lines() -> list[bytes]:
    """Texts as corpora of the web have them."""
    found = [text.partition(b"\n")[2].decode() for text in texts()[:4]]
    lines = [json.dumps({"text": text, "url": f"https://vov.vn/a-post{n}.vov"}) for n, text in enumerate(found)]
    return ["\n".join(lines).encode()]
