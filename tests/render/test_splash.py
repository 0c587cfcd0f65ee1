"""Crawls that have a real Splash render pages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sample_site.render_article import render_article
from sample_site.server import SampleServer
from tests.archives.exchanges import records, warcs
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, run_line, wait_for_requests
from tests.splash import Splash, need_splash, splash
from vovcrawl.crawl.configuration import RENDER_KINDS
from vovcrawl.render.scope import allows
from vovcrawl.visits import RENDERED, UNRENDERED

pytestmark = pytest.mark.long

ALL = ",".join(RENDER_KINDS)
_SCRAPY = [sys.executable, "-m", "scrapy"]
API = "https://vov-api.vov.vn/api/vovvn/tin"


@pytest.fixture
def server() -> Splash:
    """The Splash that these tests share."""
    return splash()


@pytest.fixture
def own_server() -> Iterator[Splash]:
    """A Splash of a test that kills it."""
    need_splash()
    made = Splash()
    yield made
    made.stop()


def rendering(server: Splash, kinds: str = ALL, **settings: object) -> tuple[str, ...]:
    """The options of a crawl that renders."""
    given = {"VOV_RENDER": "splash", "SPLASH_URL": server.url, "VOV_RENDER_KINDS": kinds, **settings}
    return tuple(part for name, value in given.items() for part in ("-s", f"{name}={value}"))


def by_url(crawl: Crawl) -> dict[str, dict[str, Any]]:
    """The records of a crawl, but for what differs with every one."""
    found = {record["canonical_url"]: record for record in crawl.records()}
    for record in found.values():
        del record["fetched_at"], record["source"]
    return found


def story_with(site: SampleServer, script: str, *, is_at_end: bool = True) -> str:
    """The url of an article of the site in whose page a script stands, as first or as last of its body."""
    story = next(story for story in site.site.newest if story.kind == "article" and story.template.startswith("drupal"))
    page = render_article(story, site.site)
    mark = "</body>" if is_at_end else "<body"
    at = page.rindex(mark) if is_at_end else page.index(">", page.index(mark)) + 1
    path = story.url.removeprefix("https://vov.vn")
    site.answer(path, body=f"{page[:at]}<script>{script}</script>{page[at:]}", headers={"Content-Type": "text/html"})
    return story.url


def test_an_api_whose_rules_cannot_be_had_is_not_asked_and_no_fault_of_the_crawl(
    crawl: Crawler, server: Splash, site: SampleServer
) -> None:
    site.answer("vov-api.vov.vn/robots.txt", status=503)
    url = story_with(site, f"var asked = new XMLHttpRequest(); asked.open('GET', '{API}'); asked.send();")
    ended = crawl(f"urls={url}", *rendering(server), "-s", "RETRY_TIMES=0")
    assert ended.status == 0, ended.log
    assert [one.path for one in site.requests if one.host.startswith("vov-api")] == ["/robots.txt"]
    assert "'vov/render/blocked/robots.txt': 1" in ended.log


def test_what_a_script_writes_from_data_of_the_site_is_read(crawl: Crawler, server: Splash, site: SampleServer) -> None:
    site.answer("/robots.txt", body="User-agent: *\nDisallow: /bi-mat/\n")
    site.answer("/api/vovvn/tin", body="Câu viết bằng script.", headers={"Access-Control-Allow-Origin": "*"})
    url = story_with(
        site,
        f"var asked = new XMLHttpRequest(); asked.open('GET', '{API}'); asked.onload = function () {{"
        "var p = document.createElement('p'); p.textContent = asked.responseText;"
        "document.querySelector('.text-long').appendChild(p); }; asked.send();",
    )
    ended = crawl(f"urls={url}", *rendering(server))
    (record,) = ended.records()
    assert "Câu viết bằng script." in record["body"].split("\n\n"), ended.log
    assert [(one.host, one.path) for one in site.requests if "vovvn" in one.path] == [
        ("vov-api.vov.vn", "/api/vovvn/tin")
    ]
    assert "'vov/render/asked': 1" in ended.log


def test_robots_txt_holds_for_what_scripts_ask_for(crawl: Crawler, server: Splash, site: SampleServer) -> None:
    rules = (
        "User-agent: *\nDisallow: /api/\nAllow: /api/vovvn/*/tin$\n"
        "Allow: /api/b\nDisallow: /api/b*d\nDisallow: /*.php$\n"
    )
    site.answer("/robots.txt", body=rules, headers={"Content-Type": "text/plain"})
    paths = (
        "/api/x /api/vovvn/a/tin /api/vovvn/a/b/tin /api/vovvn/a/tin/c /api/b /api/bcd /api/bcde /c.php /c.php5".split()
    )
    asking = "".join(f"var x = new XMLHttpRequest(); x.open('GET', '{path}'); x.send();" for path in paths)
    url = story_with(site, asking)
    crawl(f"urls={url}", *rendering(server))
    asked = {one.path for one in site.requests}
    allowed = {path for path in paths if allows(rules, f"https://vov.vn{path}")}
    assert 0 < len(allowed) < len(paths)
    assert asked & set(paths) == allowed


@pytest.mark.parametrize(
    "script", ["document.querySelector('article').remove()", "document.open(); document.write('<p>'); document.close()"]
)
def test_a_page_that_scripts_have_spoilt_is_read_as_served(
    crawl: Crawler, server: Splash, site: SampleServer, script: str
) -> None:
    url = story_with(site, f"window.onload = function () {{ {script} }}")
    ended = crawl(f"urls={url}", *rendering(server))
    (record,) = ended.records()
    assert (ended.status, record["warnings"]) == (0, [UNRENDERED]), ended.log


def test_an_archive_of_a_crawl_that_rendered_gives_its_records(
    crawl: Crawler, server: Splash, site: SampleServer, tmp_path: Path
) -> None:
    adding = "document.querySelector('.text-long p').textContent += ' Thêm bằng script.'"
    url = story_with(site, adding)
    first = crawl(f"urls={url}", *rendering(server, VOV_WARC=tmp_path / "warc"), folder=_folder(tmp_path / "a"))
    again = crawl(f"archive={tmp_path / 'warc'}", folder=_folder(tmp_path / "b"))
    assert by_url(again) == by_url(first)
    assert "Thêm bằng script." in by_url(first)[url]["body"]
    assert [one.kind for one in records(warcs(tmp_path / "warc")) if one.url == url] == [
        *("response", "request", "conversion")
    ]
    reread = run_line(
        [*_SCRAPY, "reread", "--dry-run", "--archive", str(tmp_path / "warc"), "-s", f"VOV_DATABASE={first.store}"]
    )
    assert "0 would change, 1 the same" in reread.stdout + reread.stderr


def test_without_splash_every_page_is_read_as_served(crawl: Crawler, server: Splash, site: SampleServer) -> None:
    url = site.site.newest[0].url
    ended = crawl(f"urls={url}", *rendering(server), "-s", "SPLASH_URL=http://127.0.0.1:1")
    (record,) = ended.records()
    assert (ended.status, record["warnings"]) == (0, [UNRENDERED])
    assert ended.log.count("Not rendered, and read as served") == 1
    assert "no Splash listens at http://127.0.0.1:1/" in ended.log


def test_splash_killed_again_and_again_in_mid_crawl_costs_no_page(
    own_server: Splash, site: SampleServer, tmp_path: Path
) -> None:
    line = command(tmp_path, site.url, ("sections=xa-hoi", "related=0", *rendering(own_server)))
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(line, cwd=PROJECT, env=environment(), stderr=log)
        for number in (6, 10):
            wait_for_requests(site, number)
            own_server.kill()
        assert running.wait(180) == 0, (tmp_path / "log").read_text()
    found = [json.loads(line) for line in (tmp_path / "vov.jsonl").read_text().splitlines()]
    assert {record["canonical_url"] for record in found} >= {
        record["canonical_url"] for record in found if record["section"] == "xa-hoi"
    }
    assert "0 not read" in (tmp_path / "log").read_text()
    assert all(record["warnings"][:1] == [RENDERED] for record in found)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
