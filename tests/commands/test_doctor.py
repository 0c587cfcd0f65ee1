"""`scrapy doctor`, on a machine and against a site."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sample_site import special_pages
from sample_site.pages import Page
from sample_site.server import Answer, RequestRecord, SampleServer
from sample_site.site import NOW
from tests.conftest import PROJECT, environment, run_line, wait_for_requests
from tests.stores import store_at
from vovcrawl import __version__
from vovcrawl.commands import doctor as doctoring
from vovcrawl.crawl.assumptions import ASSUMPTIONS, Finding, Verdict
from vovcrawl.crawl.examination import MOST_REQUESTS


class AlteredServer(SampleServer):
    """The sample site with something renamed on all pages."""

    renamed: tuple[bytes, bytes] = (b"", b"")

    def respond(self, record: RequestRecord) -> Page:
        page = super().respond(record)
        return Page(page.body.replace(*self.renamed), page.content_type, page.status) if self.renamed[0] else page


def command(folder: Path, mirror: str, *given: str) -> list[str]:
    settings = [f"VOV_MIRROR={mirror}", f"VOV_NOW={NOW.isoformat()}", f"VOV_DATABASE={store_at(folder / 'vov.sqlite')}"]
    options = [part for setting in (*settings, "DOWNLOAD_DELAY=0") for part in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "doctor", *options, *given]


def doctor(folder: Path, mirror: str, *given: str) -> subprocess.CompletedProcess[str]:
    """`scrapy doctor` against a server, its store in `folder`."""
    return run_line(command(folder, mirror, *given))


def report(folder: Path, mirror: str, *given: str) -> dict[str, Any]:
    """What `scrapy doctor --json` prints."""
    ended = doctor(folder, mirror, "--json", *given)
    assert ended.stderr == ""
    found: dict[str, Any] = json.loads(ended.stdout)
    assert found["exit_status"] == ended.returncode
    return found


def differing(found: dict[str, Any]) -> list[str]:
    return [one["name"] for part in ("machine", "site") for one in found[part] if one["verdict"] == "differs"]


def test_a_healthy_site_takes_a_dozen_polite_requests_and_nothing_is_written(
    site: SampleServer, tmp_path: Path
) -> None:
    ended = doctor(tmp_path, site.url)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.rstrip().splitlines()[-1] == "All is as it should be. Next: scrapy crawl vov"
    lines = [line.split("  ")[1:] for line in ended.stdout.splitlines() if line.startswith("  ")]
    assert {assumption.name for assumption in ASSUMPTIONS} <= {word.strip() for line in lines for word in line}
    assert 8 < len(site.requests) <= MOST_REQUESTS
    assert site.requests[0].path == "/robots.txt"
    assert [request.path for request in site.requests].count("/robots.txt") == 1
    assert {request.user_agent for request in site.requests} == {f"Mozilla/5.0 (compatible; vovcrawl/{__version__})"}
    assert site.requests[-1].status == 304
    assert list(tmp_path.iterdir()) == []


def test_a_renamed_title_class_has_its_own_line_and_status_7(tmp_path: Path) -> None:
    with AlteredServer() as site:
        site.renamed = (b"article-title", b"article-headline")
        found = report(tmp_path, site.url)
    assert (found["exit_status"], differing(found)) == (7, ["headline"])
    (line,) = [one for one in found["site"] if one["name"] == "headline"]
    assert "h1.article-title" in line["expected"]
    assert "h1.article-headline" in line["met"]
    assert "scrapy inspect" in found["next"]


def test_a_menu_without_sections_has_its_own_line(site: SampleServer, tmp_path: Path) -> None:
    site.answer("/", body="<html><body><header></header><p>Trang chủ</p></body></html>")
    ended = doctor(tmp_path, site.url)
    assert ended.returncode == 7
    (line,) = [line for line in ended.stdout.splitlines() if line.startswith("  differs")]
    assert line.split(maxsplit=2)[1] == "menu"


def test_a_site_without_a_sitemap_of_this_month_has_its_own_line(site: SampleServer, tmp_path: Path) -> None:
    site.answer("/sitemaps/2026/7/article.xml", status=404)
    found = report(tmp_path, site.url)
    assert (found["exit_status"], differing(found)) == (7, ["this month"])


def test_a_firewall_is_told_after_few_requests(site: SampleServer, tmp_path: Path) -> None:
    class Firewall(SampleServer):
        def respond(self, record: RequestRecord) -> Page:
            return Page(special_pages.render_block_page().encode(), status=403)

    with Firewall() as blocked:
        ended = doctor(tmp_path, blocked.url)
        assert (ended.returncode, len(blocked.requests)) == (4, 3)
    assert "The site blocks this machine" in ended.stdout
    assert "  differs" not in ended.stdout


def test_no_network(site: SampleServer, tmp_path: Path) -> None:
    site.down()
    ended = doctor(tmp_path, site.url)
    assert (ended.returncode, ended.stderr) == (5, "")
    assert "could not be asked" in ended.stdout
    assert "  differs" not in ended.stdout


def test_redirects_are_requests_too(site: SampleServer, tmp_path: Path) -> None:
    def lead_on(record: RequestRecord) -> Answer:
        return Answer(301, headers={"Location": f"https://www.vov.vn{record.path}"})

    for path in ("/", "/sitemap.xml", "/sitemaps/2026/7/article.xml", "/rss", "/xa-hoi"):
        site.answer(path, lead_on, times=1)
    found = report(tmp_path, site.url)
    assert len(site.requests) == found["requests"] == MOST_REQUESTS
    # What was left over by then could not be asked.
    assert (found["exit_status"], differing(found)) == (5, [])


def test_rules_that_are_not_obeyed_are_looked_at_all_the_same(site: SampleServer, tmp_path: Path) -> None:
    found = report(tmp_path, site.url, "-s", "ROBOTSTXT_OBEY=0")
    assert (found["exit_status"], differing(found)) == (0, [])
    assert [request.path for request in site.requests].count("/robots.txt") == 1


def test_a_store_of_something_else_is_a_problem_of_this_machine(site: SampleServer, tmp_path: Path) -> None:
    (tmp_path / "vov.sqlite").write_bytes(b"no database at all, but long enough to be looked at by SQLite" * 20)
    before = (tmp_path / "vov.sqlite").read_bytes()
    found = report(tmp_path, site.url)
    assert (found["exit_status"], differing(found)) == (6, ["store"])
    assert (tmp_path / "vov.sqlite").read_bytes() == before


def test_a_mistake_is_one_line_and_nothing_is_asked(site: SampleServer, tmp_path: Path) -> None:
    ended = doctor(tmp_path, site.url, "the-thao")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "scrapy doctor: unknown option or argument the-thao; right would be [options]\n"
    assert site.requests == []


def test_what_would_steer_a_terminal_is_written_out(capsys: pytest.CaptureFixture[str]) -> None:
    said = "\x1b[2J\u202ehttps://vov.vn/\x9d0;a"
    verdicts = [Finding(said, said, verdict, said) for verdict in Verdict]
    doctoring._print(said, verdicts)
    printed = capsys.readouterr().out
    assert {letter for letter in printed if not letter.isprintable()} == {"\n"}


def test_ctrl_c_ends_it(site: SampleServer, tmp_path: Path) -> None:
    running = subprocess.Popen(
        command(tmp_path, site.url, "-s", "DOWNLOAD_DELAY=1"),
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_requests(site, 2)
    begun = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=30)
    assert (running.returncode, "Traceback" in error) == (130, False)
    assert time.monotonic() - begun < 10


def test_a_browser_that_does_not_answer_is_a_note_and_asks_the_site_nothing(site: SampleServer, tmp_path: Path) -> None:
    settings = ("-s", "VOV_RENDER=splash", "-s", "SPLASH_URL=http://127.0.0.1:9")
    found = report(tmp_path, site.url, *settings)
    noted = next(one for one in found["site"] if one["name"] == "browser")
    assert (found["exit_status"], noted["verdict"]) == (0, "note")
    assert "no Splash listens at http://127.0.0.1:9" in noted["met"]
    assert len(site.requests) == found["requests"] <= MOST_REQUESTS
