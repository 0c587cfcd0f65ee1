"""A scenario for each fault of docs/faults.md: it makes the fault, and says which crawl meets it."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from enum import StrEnum
from pathlib import Path

import pytest

from sample_site import misbehaviour
from sample_site.expected import expected_record
from sample_site.pages import Pages
from sample_site.server import Answer, RequestRecord
from sample_site.special_pages import render_block_page
from tests.archives.exchanges import records, warcs
from tests.archives.warc_files import packed, response
from tests.conftest import PROJECT, command, environment
from tests.encodings import in_windows_1258
from tests.faults.stage import VOV, Ended, Stage
from tests.hostile.deadly import DEADLY_RESPONSES, KILLING
from torture.self_killing import Point
from vovcrawl.visits import MOST_KILLS, State

Scenario = Callable[[Stage], None]

SCENARIOS: dict[str, Scenario] = {}
"""By the fault's name in the table."""

OF_FILES: set[str] = set()
"""Those that only a store in a file can meet."""

_SITEMAP = "/sitemaps/2026/7/article.xml"
_STORIES_OF_A_LONG_CRAWL = 14


def scenario(*faults: str, of_files: bool = False) -> Callable[[Scenario], Scenario]:
    """Makes a function the scenario of these faults; `of_files`: which only a store in a file can meet."""

    def named(function: Scenario) -> Scenario:
        for fault in faults:
            SCENARIOS[fault] = function
            if of_files:
                OF_FILES.add(fault)
        return function

    return named


def answered(status: int, body: str = "lỗi", **headers: str) -> Scenario:
    """The page at fault answers so."""
    return lambda stage: stage.answer(status, body, **headers)


def script(target: str) -> str:
    """A page with nothing but a script that leads to `target`."""
    return f'<html><head></head><body><script>window.location.href="{target}";</script></body></html>'


# The server

SCENARIOS |= {
    "500": answered(500),
    "502": answered(502),
    "503 with `Retry-After`": answered(503, Retry_After="1"),
    "503 without `Retry-After`": answered(503),
    "503 with a `Retry-After` of more than 5 minutes": answered(503, Retry_After="3600"),
    "429": answered(429),
    "403": answered(403, "Forbidden"),
    '"Attention Required" with status 200': answered(200, render_block_page()),
    "404 of an unknown article": answered(404),
    "410 of an unknown article": answered(410),
    "an article page without text": answered(
        200, "<html lang='vi'><body><article class='detail'><h1 class='article-title'>Tin</h1></article></body></html>"
    ),
}


def dying(stage: Stage, times: int) -> None:
    """The same crawl has died on the page at fault so often."""
    stage.site.answer(stage.page, body=KILLING, times=times)
    stage.options(DOWNLOADER_MIDDLEWARES=DEADLY_RESPONSES)
    for _ in range(times):
        assert stage.run().status == -signal.SIGKILL


@scenario("the process dies on a page three times in a row")
def _(stage: Stage) -> None:
    dying(stage, MOST_KILLS)


@scenario("the process dies on a page twice in a row")
def _(stage: Stage) -> None:
    dying(stage, MOST_KILLS - 1)


def everywhere(stage: Stage, status: int, **headers: str) -> None:
    """From the third article of a long crawl on, the site answers so."""
    paths = stage.stories[:_STORIES_OF_A_LONG_CRAWL]
    stage.crawl_stories(paths)
    for stage.page in reversed(paths[2:]):
        stage.answer(status, **headers)


@scenario("two pages in a row with such a `Retry-After`")
def _(stage: Stage) -> None:
    everywhere(stage, 503, Retry_After="3600")
    # What waited while the crawl ended has not failed.
    failed = "SELECT count(*) FROM pages WHERE state = 'failed'"
    stage.afterwards = lambda ended: ended.rows(failed) == [(2,)]


@scenario("500 for 10 pages in a row")
def _(stage: Stage) -> None:
    everywhere(stage, 500)


@scenario("500 and broken connections by turns for 10 pages in a row")
def _(stage: Stage) -> None:
    everywhere(stage, 500)
    for path in stage.stories[3:_STORIES_OF_A_LONG_CRAWL:2]:
        stage.site.answer(path, lambda request: misbehaviour.reset)


@scenario("403 for 10 pages in a row")
def _(stage: Stage) -> None:
    everywhere(stage, 403)


@scenario("robots.txt answered 500")
def _(stage: Stage) -> None:
    stage.site.answer("/robots.txt", status=500, body="lỗi")


@scenario("robots.txt answered 403")
def _(stage: Stage) -> None:
    stage.site.answer("/robots.txt", status=403, body=render_block_page())


@scenario('robots.txt answered with "Attention Required" and status 200')
def _(stage: Stage) -> None:
    stage.site.answer("/robots.txt", body=render_block_page())


def by_listings(stage: Stage, page: str, body: str, sources: str) -> None:
    """The last two days are crawled, a source of which is a page of this body."""
    stage.page = page
    stage.given = ("since=2026-07-15", "sections=kinh-te,the-thao", "related=0", f"sources={sources}")
    stage.healthy = {
        record["canonical_url"]
        for path in ("kinh-te", "the-thao")
        for story in stage.site.site.listings[path]
        if (record := expected_record(story, stage.site.site))["date_published"] >= "2026-07-15"
    }
    stage.site.answer(page, body=body)


@scenario("a sitemap with a raw `&` and a name of HTML")
def _(stage: Stage) -> None:
    whole = stage.site.pages.get(_SITEMAP).body.decode()
    slips = "<url><loc>https://vov.vn/tag/gạo&nbsp;cá&muối</loc></url>"
    by_listings(stage, _SITEMAP, whole.replace("</urlset>", f"{slips}</urlset>"), "sitemap")


@scenario("a sitemap that is broken")
def _(stage: Stage) -> None:
    whole = stage.site.pages.get(_SITEMAP).body.decode()
    by_listings(stage, _SITEMAP, whole[: len(whole) // 2], "sitemap")


@scenario("a sitemap answered with a script")
def _(stage: Stage) -> None:
    by_listings(stage, _SITEMAP, script("https%3A%2F%2Fvov.vn%2Fsitemap.xml"), "sitemap")


@scenario("a feed that is broken")
def _(stage: Stage) -> None:
    feed = "/rss/kinh-te.rss"
    whole = stage.site.pages.get(feed).body.decode()
    by_listings(stage, feed, whole[: len(whole) // 2], "rss")


def by_menu(stage: Stage) -> None:
    """All sections are crawled, of which only this morning is of interest."""
    stage.page = "/"
    stage.given = ("since=2026-07-16", "pages=1", "related=0")
    stage.healthy = {
        record["canonical_url"]
        for section in stage.site.site.sections
        for story in stage.site.site.listings[section.path]
        if (record := expected_record(story, stage.site.site))["date_published"] >= "2026-07-16"
        and not record["canonical_url"].startswith(f"{VOV}/thong-tin-doanh-nghiep/")
    }


@scenario("a front page without a menu")
def _(stage: Stage) -> None:
    by_menu(stage)
    stage.site.answer("/", body="<html lang='vi'><body><h1>Báo điện tử</h1><p>Chào bạn đọc.</p></body></html>")


# Pages that lead elsewhere


def leads_to(stage: Stage, body: str) -> None:
    """The page at fault leads to an article that is not asked for otherwise."""
    stage.site.answer(stage.bad, body=body)
    stage.healthy.add(VOV + stage.stories[5])


@scenario("a script that leads to an article")
def _(stage: Stage) -> None:
    leads_to(stage, script(f"https%3A%2F%2Fvov.vn{stage.stories[5].replace('/', '%2F')}"))


@scenario("a page that leads to an article by `meta` refresh")
def _(stage: Stage) -> None:
    leads_to(stage, f"<html><head><meta http-equiv='refresh' content='0; url={stage.stories[5]}'></head></html>")


@scenario("a redirect to an article")
def _(stage: Stage) -> None:
    stage.answer(301, Location=VOV + stage.stories[5])
    stage.healthy.add(VOV + stage.stories[5])


@scenario("a script in place of a listing")
def _(stage: Stage) -> None:
    stage.page = "/the-thao/khong-con"
    stage.given = ("sections=the-thao", "related=0", "pages=1")
    stage.page = "/the-thao"
    stage.site.answer("/the-thao", body=script("/kinh-te"))
    stage.healthy = {
        expected_record(story, stage.site.site)["canonical_url"] for story in stage.site.site.listings["kinh-te"][:15]
    }


@scenario("a script in place of the front page")
def _(stage: Stage) -> None:
    by_menu(stage)
    stage.site.answer("/", body=script("https://vov.vn/the-thao"))


@scenario("a script that leads to its own page")
def _(stage: Stage) -> None:
    stage.site.answer(stage.bad, body=script(stage.bad))


@scenario("a script that leads to its own page by a token")
def _(stage: Stage) -> None:
    def answer(request: RequestRecord) -> Answer | None:
        return None if request.path.endswith("?token=5") else Answer(body=script(f"{stage.bad}?token={next(tokens)}"))

    tokens = itertools.count(1)
    stage.site.answer(stage.bad, answer)
    stage.healthy.add(VOV + stage.bad)


@scenario("a script that leads to its own page by ever new tokens")
def _(stage: Stage) -> None:
    tokens = itertools.count(1)
    stage.site.answer(
        stage.bad, lambda request: Answer(body=script(f"https://www.vov.vn{stage.bad}?token={next(tokens)}#top"))
    )


@scenario("a script that computes where it leads")
def _(stage: Stage) -> None:
    stage.site.answer(stage.bad, body='<html><script>location.href = "/" + document.domain;</script></html>')


@scenario("a script that leads off the site")
def _(stage: Stage) -> None:
    stage.site.answer(stage.bad, body=script(f"{stage.elsewhere.url}{stage.bad}"))


@scenario("a script in place of an article that leads to the front page")
def _(stage: Stage) -> None:
    stage.site.answer(stage.bad, body=script("/"))


@scenario("more than 5 redirects and scripts in a row")
def _(stage: Stage) -> None:
    chain = [stage.bad, *(f"/a/b-post{number}.vov" for number in range(6))]
    for place, (page, following) in enumerate(itertools.pairwise(chain)):
        if place % 2:
            stage.site.answer(page, status=302, headers={"Location": following})
        else:
            stage.site.answer(page, body=script(following))
    stage.page = chain[5]


@scenario("a redirect of an article to what is none")
def _(stage: Stage) -> None:
    stage.answer(302, Location="/the-gioi")


@scenario("redirects in a circle")
def _(stage: Stage) -> None:
    other = "/a/b-post1.vov"
    stage.answer(302, Location=other)
    stage.site.answer(other, status=302, headers={"Location": stage.bad})
    stage.page = other


@scenario("a redirect to the page itself")
def _(stage: Stage) -> None:
    stage.answer(302, Location=VOV + stage.bad)


@scenario("more than 5 redirects in a row")
def _(stage: Stage) -> None:
    chain = [stage.bad, *(f"/a/b-post{number}.vov" for number in range(6))]
    for page, following in itertools.pairwise(chain):
        stage.site.answer(page, status=302, headers={"Location": following})
    stage.page = chain[5]


@scenario("a redirect to another public site")
def _(stage: Stage) -> None:
    stage.answer(302, Location=f"https://tin.example{stage.bad}")


@scenario("a redirect to a private address")
def _(stage: Stage) -> None:
    stage.answer(302, Location=stage.elsewhere.url + stage.bad)


@scenario("a redirect to another scheme")
def _(stage: Stage) -> None:
    stage.answer(302, Location="ftp://vov.vn/a-post1.vov")


# Pages that are gone


@scenario("404 of a kept article that no source lists")
def _(stage: Stage) -> None:
    assert stage.run().status == 0
    stage.site.requests.clear()
    stage.answer(404)
    stage.healthy.add(VOV + stage.bad)
    gone = "SELECT count(*) FROM articles WHERE gone_at IS NOT NULL"
    stage.afterwards = lambda ended: ended.rows(gone) == [(1,)]


def by_sections(stage: Stage, page: str) -> None:
    """Two sections are crawled, and a page of one of them is at fault."""
    stage.page = page
    stage.given = ("sections=kinh-te,xa-hoi", "related=0")
    seen = [*stage.site.site.listings["kinh-te"], *(stage.site.site.listings["xa-hoi"][:15] if "?" in page else ())]
    stage.healthy = {expected_record(story, stage.site.site)["canonical_url"] for story in seen}
    stage.answer(404)


@scenario("404 of an article that a section lists")
def _(stage: Stage) -> None:
    stage.state = State.FAILED
    site = stage.site.site
    stage.page = site.listings["kinh-te"][0].address
    stage.given = ("sections=kinh-te", "related=0")
    stage.healthy = {expected_record(story, site)["canonical_url"] for story in site.listings["kinh-te"][1:]}
    stage.answer(404)


@scenario("404 of all articles that a section lists")
def _(stage: Stage) -> None:
    stage.state = State.FAILED
    by_sections(stage, stage.site.site.listings["xa-hoi"][0].address)
    for story in stage.site.site.listings["xa-hoi"]:
        stage.site.answer(story.address, status=404, body="lỗi")
        stage.healthy.discard(expected_record(story, stage.site.site)["canonical_url"])


@scenario("404 of a section")
def _(stage: Stage) -> None:
    by_sections(stage, "/xa-hoi")


@scenario("404 of a listing's page that the pager promised")
def _(stage: Stage) -> None:
    by_sections(stage, "/xa-hoi?page=1")


# The network


@scenario("the site's name is not known")
def _(stage: Stage) -> None:
    stage.mirror = "http://khong-co.invalid:8080"
    stage.count_by_log()

    def mend() -> None:
        stage.mirror = stage.site.url

    stage.mend = mend


@scenario("connections are refused")
def _(stage: Stage) -> None:
    stage.site.down()
    stage.count_by_log()
    stage.mend = stage.site.up


@scenario("connections are refused from some page on")
def _(stage: Stage) -> None:
    stage.crawl_stories(stage.stories[:_STORIES_OF_A_LONG_CRAWL])
    stage.page = stage.stories[3]
    stage.when_asked(stage.site.down)
    stage.count_by_log()
    stage.mend = stage.site.up


SCENARIOS |= {
    "a connection is reset": lambda stage: stage.misdo(misbehaviour.reset),
    "a connection is closed without a byte": lambda stage: stage.misdo(misbehaviour.hang_up),
    "fewer bytes than announced": lambda stage: stage.misdo(misbehaviour.cut_short),
    "chunks without a last one": lambda stage: stage.misdo(misbehaviour.cut_chunks),
    "a packed page that was cut, its length right": lambda stage: stage.misdo(misbehaviour.cut_packed),
    "a page of no announced length that ends before `</html>`": lambda stage: stage.misdo(misbehaviour.cut_unannounced),
    "a page of no announced length that ends with `</html>`": lambda stage: stage.misdo(misbehaviour.whole_unannounced),
}


@scenario("no response within `DOWNLOAD_TIMEOUT`")
def _(stage: Stage) -> None:
    stage.misdo(misbehaviour.stall)
    stage.options(DOWNLOAD_TIMEOUT=1.5)


@scenario("a byte now and then, beyond `DOWNLOAD_TIMEOUT`")
def _(stage: Stage) -> None:
    stage.misdo(misbehaviour.drip)
    stage.options(DOWNLOAD_TIMEOUT=1.5)


# Encodings


def encoded(stage: Stage, body: bytes, header: str) -> None:
    """The page at fault has these bytes and this header."""
    stage.site.answer(stage.bad, lambda request: Answer(200, body, {"Content-Type": header}))


def page_of(stage: Stage, declared: str = "utf-8") -> str:
    """The page at fault as the site writes it, but for the encoding that it declares."""
    return stage.site.pages.get(stage.bad).body.decode().replace('charset="utf-8"', f'charset="{declared}"', 1)


@scenario("UTF-8, declared as another encoding by the server")
def _(stage: Stage) -> None:
    encoded(stage, page_of(stage).encode(), "text/html; charset=windows-1258")


@scenario("another encoding, declared by the page but not by the server")
def _(stage: Stage) -> None:
    encoded(stage, in_windows_1258(page_of(stage, "windows-1258")), "text/html; charset=UTF-8")


@scenario("another encoding, declared by the server but not by the page")
def _(stage: Stage) -> None:
    encoded(stage, in_windows_1258(page_of(stage)), "text/html; charset=windows-1258")


@scenario("bytes that are no UTF-8 although declared")
def _(stage: Stage) -> None:
    record = next(
        expected_record(story, stage.site.site)
        for story in stage.site.site.newest
        if expected_record(story, stage.site.site)["canonical_url"] == VOV + stage.bad
    )
    word = next(word for word in record["body"].split() if len(word) > 2 and word.isalpha() and not word.isascii())
    encoded(stage, page_of(stage).encode().replace(word.encode(), b"\xe1\xff"), "text/html; charset=UTF-8")


# The browser


@scenario("no Splash listens")
def _no_splash(stage: Stage) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _render(stage, f"http://127.0.0.1:{port}")


@scenario("something else listens in the place of Splash")
def _no_splash_but_a_site(stage: Stage) -> None:
    another = stage.site.__class__()
    another.up()
    stage.closing(another.down)
    _render(stage, another.url)


@scenario("Chromium does not start")
def _broken_chromium(stage: Stage) -> None:
    broken = stage.folder / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    _render_in_chromium(stage, str(broken))


@scenario("there is no Chromium")
def _no_chromium(stage: Stage) -> None:
    _render_in_chromium(stage, "/nowhere/chromium")


def _render_in_chromium(stage: Stage, program: str) -> None:
    options = json.dumps({"executable_path": program})
    stage.options(VOV_RENDER="playwright", VOV_RENDER_KINDS="article", PLAYWRIGHT_LAUNCH_OPTIONS=options)


def _render(stage: Stage, splash: str) -> None:
    stage.options(VOV_RENDER="splash", VOV_RENDER_KINDS="article", SPLASH_URL=splash)


# Archives


def archived(stage: Stage, paths: list[str]) -> list[bytes]:
    """Has the crawl read these pages out of a WARC file; its records, to be written as they are or damaged."""
    stage.crawl_stories(paths)
    stage.given, stage.mirror = (f"archive={stage.folder / 'site.warc.gz'}",), None
    rendered = Pages(stage.site.site)
    return [packed(response(VOV + path, rendered.get(path).body)) for path in paths]


def write_archive(stage: Stage, records: list[bytes]) -> None:
    """Writes the WARC file that the crawl reads."""
    (stage.folder / "site.warc.gz").write_bytes(b"".join(records))


@scenario("a record of a WARC file is damaged")
def _(stage: Stage) -> None:
    records = archived(stage, stage.stories[:4])
    write_archive(stage, [*records[:2], records[2][:-8] + bytes(8), records[3]])


@scenario("a WARC file breaks off within a record")
def _(stage: Stage) -> None:
    stage.bad = stage.page = stage.stories[3]
    records = archived(stage, stage.stories[:4])
    write_archive(stage, [*records[:3], records[3][:-100]])


@scenario("a WARC file is something else")
def _(stage: Stage) -> None:
    archived(stage, stage.stories[:4])
    write_archive(stage, [b"<html></html>"])
    stage.healthy = set()


@scenario("the process dies in the middle of a WARC file")
def _(stage: Stage) -> None:
    stage.bad = stage.page = ""
    write_archive(stage, archived(stage, stage.stories[:20]))
    killed = [sys.executable, "-m", "torture.self_killing", Point.COMMITTED, "10"]
    begun = subprocess.run(
        [*killed, *command(stage.folder, None, stage.given)[3:]],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert begun.returncode == -signal.SIGKILL


# The machine


class Narrow(StrEnum):
    """What a small file system of its own holds."""

    STORE = "store"
    FEED = "feed"
    RESPONSES = "responses"


_ROOM_KB = {Narrow.STORE: 700, Narrow.FEED: 50, Narrow.RESPONSES: 100}


def narrow(stage: Stage, held: Narrow) -> None:
    """A small file system of its own holds one of them."""
    folder = stage.folder / "narrow"
    size = _ROOM_KB[held]
    folder.mkdir()
    ready = subprocess.Popen(
        ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size={size}k none "$0" && echo ready && cat', str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stage.closing(ready.communicate)
    assert ready.stdout is not None
    if ready.stdout.readline() != "ready\n":
        pytest.skip("a file system of its own needs the rights of root")
    stage.prefix = ("nsenter", f"--wd={PROJECT}", "-m", "-t", str(ready.pid))
    stage.apart = Path(f"/proc/{ready.pid}/root{folder}")
    stage.given = ("sections=xa-hoi,kinh-te,the-gioi", "related=0")
    stage.healthy = {
        expected_record(story, stage.site.site)["canonical_url"]
        for path in ("xa-hoi", "kinh-te", "the-gioi")
        for story in stage.site.site.listings[path]
        if not story.path.startswith("thong-tin-doanh-nghiep")
    }
    if held is Narrow.STORE:
        stage.given += ("-s", f"VOV_DATABASE={folder / 'vov.sqlite'}")
        stage.store = stage.folder / "copied" / "vov.sqlite"
    elif held is Narrow.RESPONSES:
        stage.given += ("-s", f"VOV_WARC={folder}")
    else:
        stage.given += ("-o", str(folder / "vov.jsonl"))
        stage.feed = stage.folder / "copied" / "vov.jsonl"
    stage.mend = lambda: subprocess.run(
        [*stage.prefix, "mount", "-o", "remount,size=64m", str(folder)], check=True, timeout=30
    )


@scenario("the disk of the store is full", of_files=True)
def _(stage: Stage) -> None:
    narrow(stage, Narrow.STORE)


@scenario("the disk of the feed is full")
def _(stage: Stage) -> None:
    narrow(stage, Narrow.FEED)


@scenario("the disk of the responses is full")
def _(stage: Stage) -> None:
    narrow(stage, Narrow.RESPONSES)

    def all_is_clean(ended: Ended) -> bool:
        found = records(warcs(stage.folder / "copied"))
        answered = {record.url for record in found if record.kind == "response"}
        kept = {url for (url,) in ended.rows("SELECT url FROM articles")}
        return bool(kept) and kept <= answered and not any(record.problems for record in found)

    stage.afterwards = all_is_clean


@scenario("the crawl before was killed while it wrote a response")
def _(stage: Stage) -> None:
    stage.options(VOV_WARC=stage.folder / "warc")
    # The first one is robots.txt, so that no page is met twice.
    dying_line = command(stage.folder, stage.mirror, stage.given)
    dying_line[1:3] = ["-m", "torture.self_killing", Point.RESPONSE, "2"]
    ended = subprocess.run(dying_line, cwd=PROJECT, env=environment(), capture_output=True, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL
    stage.site.requests.clear()
    stage.healthy.add(VOV + stage.bad)
    stage.afterwards = lambda ended: not any(record.problems for record in records(warcs(stage.folder / "warc")))


_MOST_TRIES = 1_000_000


def lock_from(stage: Stage, locked: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
    """Another program locks the store as soon as it can, once the page at fault is asked for; its connection.

    A crawl writes from one article to the next, so that a lock gets in only where a transaction has just ended.
    """
    stage.crawl_stories(stage.stories[:_STORIES_OF_A_LONG_CRAWL])
    other = sqlite3.connect(stage.store, isolation_level=None, timeout=0, check_same_thread=False)
    stage.closing(other.close)

    def lock() -> None:
        for _ in range(_MOST_TRIES):
            with suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
                locked(other)
                return

    def begin() -> None:
        locking = threading.Thread(target=lock)
        stage.closing(locking.join)
        locking.start()

    stage.when_asked(begin)
    return other


@scenario("another program locks the store for less than 90 s", of_files=True)
def _(stage: Stage) -> None:
    held = threading.Event()

    def hold(other: sqlite3.Connection) -> None:
        held.set()
        threading.Timer(6.0, other.rollback).start()

    lock_from(stage, hold)
    stage.afterwards = lambda ended: held.is_set() and ended.log.count("is locked by another program") == 1


@scenario("another program locks the store for longer", of_files=True)
def _(stage: Stage) -> None:
    other = lock_from(stage, lambda other: None)
    stage.mend = other.rollback
    stage.environment = {"PYTHONPATH": str(with_less_patience(stage.folder))}


def with_less_patience(folder: Path) -> Path:
    """A folder for Python's path by which a crawl waits for a store for 4 s instead of 90."""
    made = folder / "hasty"
    made.mkdir()
    (made / "sitecustomize.py").write_text(
        f"import sys\nsys.path.append({str(PROJECT)!r})\nfrom vovcrawl.store import waiting\nwaiting.PATIENCE = 4.0\n",
        encoding="utf-8",
    )
    return made


def filled(stage: Stage) -> Path:
    """The store of an earlier crawl, with nothing left beside it."""
    earlier = stage.given
    stage.given = ("sections=xa-hoi,kinh-te", "related=0")
    assert stage.run().status == 0
    stage.given = earlier
    stage.site.requests.clear()
    return stage.folder / "vov.sqlite"


def overwrite(store: Path) -> None:
    """Writes noise over all pages of the file but the first."""
    size = 4096
    with store.open("r+b") as file:
        file.seek(size)
        file.write(b"\xa5" * (store.stat().st_size - size))


@scenario("the store is no database any more when the crawl starts", of_files=True)
def _(stage: Stage) -> None:
    filled(stage).write_bytes(b"\xa5" * 20_000)


@scenario("pages of the store are damaged when the crawl starts", of_files=True)
def _(stage: Stage) -> None:
    overwrite(filled(stage))


@scenario("pages of the store are damaged while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    store = filled(stage)
    stage.crawl_stories(stage.stories[:_STORIES_OF_A_LONG_CRAWL])
    with closing(sqlite3.connect(store)) as other:
        # What SQLite keeps in memory it does not look for in the file. Kept in the file, for whoever opens it.
        other.execute("PRAGMA default_cache_size = 10")
    stage.when_asked(lambda: overwrite(store))


def acting_on_the_store(stage: Stage, act: Callable[[], object]) -> None:
    """Another program does something to the files of the store while the page at fault is asked for."""
    stage.crawl_stories(stage.stories[:_STORIES_OF_A_LONG_CRAWL])
    stage.when_asked(act)


def articles_of(store: Path) -> set[str]:
    """The articles of a store that is whole."""
    with closing(sqlite3.connect(store)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {url for (url,) in opened.execute("SELECT canonical_url FROM articles")}


def holds_what_was_fed(stage: Stage, store: Path) -> bool:
    """Whether a store that was moved is whole and has every article of the feed."""
    fed = {record["canonical_url"] for record in map(json.loads, stage.feed.read_text("utf-8").splitlines())}
    return bool(fed) and fed <= articles_of(store)


@scenario("the store is deleted while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    acting_on_the_store(stage, stage.store.unlink)
    stage.afterwards = lambda ended: not stage.store.exists()
    stage.mend = stage.feed.unlink


@scenario("the store is moved while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    elsewhere = stage.folder / "moved.sqlite"
    acting_on_the_store(stage, lambda: stage.store.rename(elsewhere))
    stage.afterwards = lambda ended: holds_what_was_fed(stage, elsewhere) and not stage.store.exists()
    stage.mend = lambda: elsewhere.rename(stage.store)


@scenario("a copy is moved into the place of the store while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    copy, feed = stage.folder / "copy.sqlite", stage.folder / "copy.jsonl"
    shutil.copy(filled(stage), copy)
    shutil.copy(stage.feed, feed)
    before = copy.read_bytes()
    acting_on_the_store(stage, lambda: copy.replace(stage.store))
    stage.afterwards = lambda ended: stage.store.read_bytes() == before
    stage.healthy |= articles_of(copy)
    stage.mend = lambda: feed.replace(stage.feed)


@scenario("another store is written over the store while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    other, feed = stage.folder / "other.sqlite", stage.folder / "other.jsonl"
    filled(stage).rename(other)
    stage.feed.rename(feed)
    before = other.read_bytes()
    acting_on_the_store(stage, lambda: shutil.copyfile(other, stage.store))
    stage.afterwards = lambda ended: stage.store.read_bytes() == before
    stage.healthy |= articles_of(other)
    stage.mend = lambda: feed.replace(stage.feed)


@scenario("the log beside the store is deleted while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    acting_on_the_store(stage, Path(f"{stage.store}-wal").unlink)
    stage.afterwards = lambda ended: holds_what_was_fed(stage, stage.store)


def in_a_folder(stage: Stage) -> Path:
    """The store is in a folder of its own, where another program acts on it."""
    folder = stage.folder / "kept"
    folder.mkdir()
    stage.store = folder / "vov.sqlite"
    return folder


@scenario("the folder of the store is moved while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    folder, elsewhere = in_a_folder(stage), stage.folder / "moved"
    acting_on_the_store(stage, lambda: folder.rename(elsewhere))
    stage.options(VOV_DATABASE=stage.store)
    stage.afterwards = lambda ended: holds_what_was_fed(stage, elsewhere / "vov.sqlite") and not folder.exists()
    stage.mend = lambda: elsewhere.rename(folder)


@scenario("the folder of the store is deleted while the crawl runs", of_files=True)
def _(stage: Stage) -> None:
    folder = in_a_folder(stage)
    acting_on_the_store(stage, lambda: shutil.rmtree(folder))
    stage.options(VOV_DATABASE=stage.store)
    stage.afterwards = lambda ended: not folder.exists()

    def mend() -> None:
        folder.mkdir()
        stage.feed.unlink()

    stage.mend = mend


@scenario("the clock is set back while the crawl runs")
def _(stage: Stage) -> None:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if library is None:
        pytest.skip("libfaketime is not there: apt-get install faketime")
    clock = stage.folder / "clock"
    clock.write_text("+0")
    stage.environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        # As on a real machine, whose clock for intervals is another one.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    stage.when_asked(lambda: clock.write_text("-10d"))
    stage.afterwards = lambda ended: ended.rows("SELECT ended_at < started_at FROM runs") == [(1,)]
