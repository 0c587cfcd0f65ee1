"""Crawls that have a real Chromium render pages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from sample_site.render_article import render_article
from sample_site.server import SampleServer
from tests.archives.exchanges import records, warcs
from tests.conftest import PROJECT, Crawl, Crawler, command, environment, wait_for_requests
from tests.render.chromium import chromiums_below, need_chromium
from vovcrawl.crawl.configuration import RENDER_KINDS
from vovcrawl.visits import RENDERED, UNRENDERED

pytestmark = pytest.mark.long

_SETTINGS = ("VOV_RENDER=playwright", f"VOV_RENDER_KINDS={','.join(RENDER_KINDS)}")
RENDERING = tuple(part for setting in _SETTINGS for part in ("-s", setting))
API = "/api/vovvn/tin"
_SMALL = ("sections=xa-hoi", "related=0")


@pytest.fixture(autouse=True)
def _chromium() -> None:
    need_chromium()


def by_url(crawl: Crawl) -> dict[str, dict[str, Any]]:
    """The records of a crawl, but for what differs with every one."""
    found = {record["canonical_url"]: record for record in crawl.records()}
    for record in found.values():
        del record["fetched_at"], record["source"]
    return found


def story_with(site: SampleServer, script: str) -> str:
    """The url of an article of the site at the end of whose page a script stands."""
    story = next(story for story in site.site.newest if story.kind == "article" and story.template.startswith("drupal"))
    head, body, rest = render_article(story, site.site).rpartition("</body>")
    site.answer(
        story.url.removeprefix("https://vov.vn"),
        body=f"{head}<script>{script}</script>{body}{rest}",
        headers={"Content-Type": "text/html"},
    )
    return story.url


def test_every_page_of_a_section_gives_the_record_that_it_gives_unrendered(crawl: Crawler, tmp_path: Path) -> None:
    plain = by_url(crawl(*_SMALL, folder=_folder(tmp_path / "plain")))
    ended = crawl(*_SMALL, *RENDERING, folder=_folder(tmp_path / "rendered"))
    found = by_url(ended)
    assert ended.status == 0, ended.log
    for record in found.values():
        assert record["warnings"].pop(0) == RENDERED
    assert found == plain


def test_what_a_script_writes_from_data_of_the_site_is_read_and_kept_in_archives(
    crawl: Crawler, site: SampleServer, tmp_path: Path
) -> None:
    site.answer(API, body="Câu viết bằng script.", headers={"Access-Control-Allow-Origin": "*"})
    url = story_with(
        site,
        f"(async () => {{ const p = document.createElement('p'); p.textContent = await (await fetch('{API}')).text();"
        "document.querySelector('.text-long').append(p) })()",
    )
    ended = crawl(f"urls={url}", *RENDERING, "-s", f"VOV_WARC={tmp_path / 'warc'}", folder=_folder(tmp_path / "a"))
    (record,) = ended.records()
    assert "Câu viết bằng script." in record["body"].split("\n\n"), ended.log
    assert [(one.host, one.path) for one in site.requests if one.path == API] == [("vov.vn", API)]
    kept = records(warcs(tmp_path / "warc"))
    assert {one.kind for one in kept if one.url == f"https://vov.vn{API}"} == {"request", "response"}
    assert {one.kind for one in kept if one.url == url} == {"request", "response", "conversion"}
    again = crawl(f"archive={tmp_path / 'warc'}", folder=_folder(tmp_path / "b"))
    assert by_url(again) == by_url(ended)


def test_a_chromium_that_does_not_start_leaves_every_page_as_served(
    crawl: Crawler, site: SampleServer, tmp_path: Path
) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    options = json.dumps({"executable_path": str(broken)})
    url = site.site.newest[0].url
    ended = crawl(f"urls={url}", *RENDERING, "-s", f"PLAYWRIGHT_LAUNCH_OPTIONS={options}")
    (record,) = ended.records()
    assert (ended.status, record["warnings"]) == (0, [UNRENDERED]), ended.log
    assert ended.log.count("Not rendered, and read as served") == 1
    assert "Chromium does not start" in ended.log
    assert "Traceback" not in ended.log


def test_without_a_chromium_nothing_is_requested(crawl: Crawler, site: SampleServer) -> None:
    options = json.dumps({"executable_path": "/nirgends/chromium"})
    ended = crawl(*_SMALL, *RENDERING, "-s", f"PLAYWRIGHT_LAUNCH_OPTIONS={options}")
    assert ended.status == 2
    assert "executable_path '/nirgends/chromium' is no program" in ended.log
    assert site.requests == []


class Running:
    """A crawl that is on its way, slow enough to be met amid its pages."""

    def __init__(self, folder: Path, site: SampleServer) -> None:
        self._log = folder / "log"
        self._feed = folder / "vov.jsonl"
        with self._log.open("wb") as log:
            line = command(folder, site.url, (*_SMALL, *RENDERING))
            self.process = subprocess.Popen(line, cwd=PROJECT, env=environment(), stderr=log)

    def chromium(self) -> int:
        """The process of its browser, once there is one."""
        return _awaited(lambda: next(iter(chromiums_below(self.process.pid)), 0))

    def log(self) -> str:
        return self._log.read_text()

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._feed.read_text().splitlines()]


def _awaited(look: Any) -> int:
    deadline = time.monotonic() + 60
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found
    return int(found)


def test_chromium_killed_again_and_again_in_mid_crawl_costs_no_page(
    crawl: Crawler, site: SampleServer, tmp_path: Path
) -> None:
    expected = by_url(crawl(*_SMALL, folder=_folder(tmp_path / "plain"))).keys()
    running = Running(tmp_path, site)
    begun = len(site.requests)
    for number in (5, 9, 13):
        wait_for_requests(site, begun + number)
        os.kill(running.chromium(), signal.SIGKILL)
    assert running.process.wait(180) == 0, running.log()
    found = running.records()
    assert {record["canonical_url"] for record in found} == expected
    assert all(record["warnings"][:1] == [RENDERED] for record in found)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_chromium_outlives_a_crawl_however_it_ends(site: SampleServer, tmp_path: Path, number: int) -> None:
    running = Running(tmp_path, site)
    pid = running.chromium()
    wait_for_requests(site, 6)
    running.process.send_signal(number)
    running.process.wait(60)
    _awaited(lambda: not Path(f"/proc/{pid}/statm").exists() or not Path(f"/proc/{pid}/statm").read_text().split()[1])
    assert "Traceback" not in running.log()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
