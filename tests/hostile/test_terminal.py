"""Control characters and terminal escapes in whatever a site says: logs, tables and records stay harmless."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pytest

from sample_site.server import SampleServer
from tests.conftest import run_line
from tests.hostile.watching import WatchedCrawl, crawl_watched
from tests.pages.snippets import page
from vovcrawl.items import Article
from vovcrawl.pages import parse_article

pytestmark = pytest.mark.long

ESCAPES = {
    "screen": "\x1b[2J\x1b[31m",
    "title": "\x1b]0;tin\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\",
    "eight bits": "\x9b31m\x9d0;tin\x9c",
    "bell": "\x07\x08\x08\x7f",
    "return": "tin\r2026-07-16 12:00:00 [vov] INFO: forged",
    "line": "tin\n2026-07-16 12:00:00 [vov] INFO: forged",
    "direction": "\u202etxt.exe\u2066\u2069\u200f",
    "separators": "a\u2028b\u2029c\x85d",
    "invisible": "a\u200bb\ufeffc\xadd",
}


@dataclass
class Scene:
    """A crawl of a site that speaks in escapes, and what it left."""

    site: SampleServer
    crawl: WatchedCrawl
    log_file: str


def address(kind: str, number: int) -> str:
    return f"/xa-hoi/{kind}-post{9_500_000 + number}.vov"


def article(escapes: str, path: str) -> str:
    """An article whose every field holds escapes."""
    url = f"https://vov.vn{path}"
    written = escape(escapes)
    reference = "".join(f"&#{ord(letter)};" for letter in escapes)
    head = (
        f'<meta name="keywords" content="{written},b{written}"><meta property="article:tag" content="t{reference}">'
        f'<meta property="article:modified_time" content="{written}">'
    )
    body = (
        f"<p>Một {written} hai {reference} ba <a href='https://evil.example/{reference}x'>nối {written}</a></p>"
        f"<figure><img src='/a{reference}.jpg'><figcaption>Ảnh {reference}</figcaption></figure>"
        f"<p><video src='https://vov.vn/{reference}.mp4'></video></p>"
    )
    box = f'<div class="field-related-article"><a href="/xa-hoi/khac-post1.vov">Khác {reference}</a></div>'
    title = f'<h1 class="article-title">Tiêu đề {written}{reference}</h1>'
    return page(body, address=url, head=head, h1=title, outside=box)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("terminal")
    with SampleServer() as site:
        paths = []
        for number, escapes in enumerate(ESCAPES.values()):
            as_header = escapes.encode().decode("latin-1").replace("\n", "").replace("\r", "")
            for kind in ("bai", "loi", "chuyen", "dau"):
                paths.append(address(kind, number))
            site.answer(address("bai", number), body=article(escapes, address("bai", number)))
            site.answer(address("loi", number), body=f"<html><title>404 Not Found {escape(escapes)}</title><body>")
            away = {"Location": f"http://evil.example/{as_header}"}
            site.answer(address("chuyen", number), status=302, headers=away)
            marks = {"ETag": f'"{as_header}"', "Last-Modified": as_header, "Content-Encoding": as_header}
            site.answer(address("dau", number), status=500, headers={**marks, "Retry-After": as_header})
        robots = "".join(f"Disallow: /{escapes}\nSitemap: {escapes}\n" for escapes in ESCAPES.values())
        site.answer("/robots.txt", body=f"User-agent: *\n{robots}")
        wanted = folder / "addresses.txt"
        wanted.write_text("\n".join(f"https://vov.vn{path}" for path in paths))
        log_file = folder / "log"
        crawl = crawl_watched(folder, site.url, f"urls={wanted}", "-s", "RETRY_TIMES=0", "-s", "LOG_LEVEL=DEBUG")
        second = folder / "second"
        second.mkdir()
        crawl_watched(second, site.url, f"urls={wanted}", "-s", "RETRY_TIMES=0", "-s", f"LOG_FILE={log_file}")
        yield Scene(site, crawl, log_file.read_text(encoding="utf-8"))


def steering(text: str) -> set[str]:
    """What of a text would steer a terminal, but its line ends."""
    return {letter for letter in text if not letter.isprintable()} - {"\n"}


def printed(scene: Scene, *words: str) -> str:
    """What one of the project's commands prints of the store."""
    given = [sys.executable, "-m", "scrapy", *words, "-s", f"VOV_DATABASE={scene.crawl.store}"]
    given += ["-s", f"VOV_MIRROR={scene.site.url}", "-s", "DOWNLOAD_DELAY=0"]
    ended = run_line(given)
    return ended.stdout + ended.stderr


def test_the_log_on_the_terminal_stays_harmless(scene: Scene) -> None:
    assert steering(scene.crawl.log) == set()


def test_the_log_in_a_file_stays_harmless(scene: Scene) -> None:
    assert steering(scene.log_file) == set()


def test_no_line_of_the_log_is_forged(scene: Scene) -> None:
    assert not any(line.endswith("INFO: forged") and "404" not in line for line in scene.crawl.log.splitlines())


def test_what_the_site_said_can_still_be_seen_in_the_log(scene: Scene) -> None:
    assert "http://evil.example/" in scene.crawl.log


def test_the_reasons_in_the_store_stay_harmless(scene: Scene) -> None:
    reasons = scene.crawl.rows("SELECT DISTINCT reason FROM pages WHERE reason IS NOT NULL")
    assert len(reasons) > 5
    assert set().union(*(steering(reason) for (reason,) in reasons)) == set()


def test_the_records_hold_no_control_characters(scene: Scene) -> None:
    assert len(scene.crawl.records()) == len(ESCAPES)
    lines = (scene.crawl.folder / "vov.jsonl").read_text(encoding="utf-8")
    assert steering(lines) == set()


def test_the_list_of_runs_stays_harmless(scene: Scene) -> None:
    assert steering(printed(scene, "runs")) == set()


def test_the_report_of_coverage_stays_harmless(scene: Scene) -> None:
    entries = "".join(
        f"<url><loc>https://vov.vn{address('dau', number)}</loc></url><url><loc>https://vov.vn/{escape(escapes)}"
        f"-post{9_600_000 + number}.vov</loc></url>"
        for number, escapes in enumerate(ESCAPES.values())
    )
    scene.site.answer("/sitemaps/2026/7/article.xml", body=f"<urlset>{entries}</urlset>")
    scene.site.answer("/sitemaps/2026/6/article.xml", body="<html><title>404 \x1b[2J\u202e</title></html>")
    for form in ((), ("--json",)):
        report = printed(scene, "coverage", "--since", "2026-06-01", "--until", "2026-07-31", *form)
        assert "post9500000" in report
        assert steering(report) == set()


@pytest.mark.parametrize("name", ESCAPES)
def test_the_reader_takes_no_escapes_into_a_record(name: str) -> None:
    record: Article = parse_article(article(ESCAPES[name], address("bai", 0)), f"https://vov.vn{address('bai', 0)}")
    texts = [record.headline, record.body.replace("\n\n", ""), *record.keywords]
    texts += [part.url for part in record.images] + [part.url for part in record.videos]
    texts += [part.url for part in record.links]
    texts += [part.headline for part in record.related]
    assert record.images
    assert record.links
    assert set().union(*map(steering, texts)) == set()
