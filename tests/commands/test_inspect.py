"""`scrapy inspect`: how one page was read, and from which place in it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from scrapy.cmdline import ScrapyArgumentParser
from scrapy.utils.project import get_project_settings

from sample_site import special_pages
from sample_site.pages import Pages
from sample_site.server import SampleServer
from tests.conftest import run_line
from tests.pages.snippets import page
from vovcrawl import __version__, project_command
from vovcrawl.commands import inspect as inspecting
from vovcrawl.items import READER_VERSION, WARNINGS, Article
from vovcrawl.pages import parse_article, parse_text

URL = "https://vov.vn/xa-hoi/cho-noi-vao-mua-nuoc-post1315001.vov"
SAVED = "Chợ nổi vào mùa nước\n\nVOV.VN - Chợ đông từ tờ mờ sáng.\n\nThuyền về kín bến từ ba giờ sáng.\n"


@dataclass
class Shown:
    """What the command left."""

    status: int
    printed: str
    error: str

    @property
    def document(self) -> dict[str, Any]:
        """What `--json` prints."""
        assert self.error == ""
        found: dict[str, Any] = json.loads(self.printed)
        return found


Inspect = Callable[..., Shown]


def inspect_site(site: SampleServer, url: str, *given: str) -> Shown:
    """`scrapy inspect` of a page of the sample site."""
    settings = ("-s", "DOWNLOAD_DELAY=0", "-s", f"VOV_MIRROR={site.url}")
    ended = run_line([sys.executable, "-m", "scrapy", "inspect", *settings, *given, url])
    return Shown(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def inspect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Inspect:
    """`scrapy inspect` in this process, of what needs no request; `text` is the standard input."""
    # This process is not the command's own.
    monkeypatch.setattr(project_command, "restrict_umask", lambda: None)

    def run(*given: str, text: str = "", **settings: str) -> Shown:
        command = inspecting.Command()
        command.settings = get_project_settings()
        command.settings.setdict(settings, priority="cmdline")
        parser = ScrapyArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        options, words = parser.parse_known_args(list(given))
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode())))
        try:
            command.process_options(words, options)
            command.run(words, options)
            status = command.exitcode
        except SystemExit as error:
            status = int(error.code or 0)
        printed, said = capsys.readouterr()
        return Shown(status, printed, said)

    return run


def values(found: dict[str, Any]) -> dict[str, Any]:
    return {one["field"]: one["value"] for one in found["fields"]}


class TestPagesOfTheSite:
    """A url is asked for as a crawl asks."""

    def test_an_article_is_read_as_a_crawl_reads_it(self, site: SampleServer) -> None:
        story = site.site.newest[0]
        body = Pages(site.site).get(story.address).body
        found = inspect_site(site, story.url, "--json").document
        assert values(found) == parse_article(body, story.url, dates=True).to_dict()
        assert (found["url"], found["size"]) == (story.url, len(body))
        assert found["sha256"] == hashlib.sha256(body).hexdigest()
        assert (found["version"], found["reader_version"]) == (__version__, READER_VERSION)
        asked = [(request.host, request.path) for request in site.requests]
        assert asked == [("vov.vn", "/robots.txt"), ("vov.vn", story.address)]
        agents = {request.user_agent for request in site.requests}
        assert agents == {f"Mozilla/5.0 (compatible; vovcrawl/{__version__})"}

    def test_a_page_that_moved_is_followed(self, site: SampleServer) -> None:
        old, new = next(iter(site.site.redirects.items()))
        found = inspect_site(site, f"https://vov.vn{old}", "--json").document
        assert found["url"] == f"https://vov.vn{new}"

    def test_a_page_of_the_firewall_ends_as_a_crawl_of_it_would(self, site: SampleServer) -> None:
        ended = inspect_site(site, f"https://vov.vn{special_pages.BLOCK_PAGE_ADDRESS}")
        assert (ended.status, ended.error) == (4, "")
        assert ended.printed.splitlines()[-1].startswith("no article: blocked by the site's firewall")

    def test_what_robots_txt_forbids_is_not_asked_for(self, site: SampleServer) -> None:
        site.answer("/robots.txt", body="User-agent: *\nDisallow: /xa-hoi/\n")
        ended = inspect_site(site, URL, "--json")
        assert (ended.status, ended.document["outcome"]) == (0, "forbidden by robots.txt")
        assert [request.path for request in site.requests] == ["/robots.txt"]

    def test_a_site_that_is_down(self, site: SampleServer) -> None:
        site.down()
        ended = inspect_site(site, URL)
        assert (ended.status, ended.error) == (5, "")
        assert "no article: " in ended.printed

    @pytest.mark.parametrize("url", ["https://english.vov.vn/a-post1.vov", "https://example.org/", "vov.vn/a b.vov"])
    def test_what_is_none_of_the_newspapers_is_refused_in_one_line(self, inspect: Inspect, url: str) -> None:
        ended = inspect(url)
        assert (ended.status, ended.printed, ended.error.count("\n")) == (2, "", 1)
        assert ended.error.startswith("scrapy inspect: the url: ")


class TestFiles:
    """Saved pages, texts and standard input."""

    def test_a_saved_page_names_its_url(self, inspect: Inspect, tmp_path: Path) -> None:
        saved = tmp_path / "a.html"
        saved.write_text(page("<p>Thuyền về.</p>"), encoding="utf-8")
        found = inspect("--json", str(saved)).document
        assert (found["url"], found["given"]) == (URL, str(saved))
        assert values(found)["source"] == "archive"

    def test_a_saved_page_that_names_none_takes_the_url_given(self, inspect: Inspect, tmp_path: Path) -> None:
        saved = tmp_path / "a.html"
        saved.write_text(page("<p>Thuyền về.</p>", address=None), encoding="utf-8")
        assert inspect("--json", str(saved)).document["url"] is None
        assert inspect("--json", str(saved), "--url", URL).document["url"] == URL

    def test_a_text(self, inspect: Inspect, tmp_path: Path) -> None:
        saved = tmp_path / "a.txt"
        saved.write_text(SAVED, encoding="utf-8")
        found = inspect("--json", str(saved)).document
        assert values(found)["body"] == parse_text(SAVED).body
        places = {one["field"]: one["places"] for one in found["fields"]}
        assert places["headline"] == [{"line": 1, "selector": "text"}]

    @pytest.mark.parametrize(("text", "layout"), [(page("<p>Thuyền về.</p>"), "drupal-2026"), (SAVED, "text")])
    def test_standard_input_is_a_page_or_a_text_by_how_it_begins(
        self, inspect: Inspect, text: str, layout: str
    ) -> None:
        assert values(inspect("--json", "-", text=text).document)["template"] == layout

    @pytest.mark.parametrize(
        ("html", "status", "reason"),
        [
            ('<html><body class="path-taxonomy"><h1>Thể thao</h1>', 0, "a listing, not an article"),
            ("<html><title>404 Not Found</title><body>", 0, "an error page"),
            (page(""), 3, "an article page without text or media"),
        ],
    )
    def test_a_page_that_is_no_article_has_its_reason(
        self, inspect: Inspect, html: str, status: int, reason: str
    ) -> None:
        ended = inspect("--json", "-", text=html)
        assert (ended.status, ended.document["fields"]) == (status, [])
        assert ended.document["reason"].startswith(reason)

    def test_each_field_of_the_record_is_shown_absent_ones_as_absent(self, inspect: Inspect) -> None:
        ended = inspect("-", text=page("<p>Thuyền về.</p>"))
        lines = {line.split()[0]: line for line in ended.printed.splitlines() if line and not line.startswith(" ")}
        assert ended.status == 0
        assert {one.name for one in fields(Article)} <= set(lines)
        assert lines["videos"].split() == ["videos", "absent", "-"]
        assert "h1.article-title" in lines["headline"]
        assert ended.printed.startswith(f"vovcrawl {__version__}, reader {READER_VERSION}, ")

    def test_a_long_list_is_shown_in_part(self, inspect: Inspect) -> None:
        links = " ".join(f'<a href="/xa-hoi/a-post{n}.vov">chợ {n}</a>' for n in range(9))
        assert "and 3 more; --json shows all" in inspect("-", text=page(f"<p>Đi {links}.</p>")).printed

    def test_warnings_are_shown_with_what_they_mean(self, inspect: Inspect) -> None:
        printed = inspect("-", text=page("<p>Thuyền về.</p>", summary_row="")).printed
        assert f"  missing:description: {WARNINGS['missing:description']}" in printed.splitlines()

    def test_a_value_is_shortened_on_a_terminal_alone(self, inspect: Inspect, monkeypatch: pytest.MonkeyPatch) -> None:
        text = ("Thuyền về kín bến. " * 40).strip()
        html = page(f"<p>{text}</p>")
        assert text in inspect("-", text=html).printed
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        printed = inspect("-", text=html).printed
        assert (text in printed, "Thuyền về" in printed) == (False, True)

    def test_what_was_stripped_is_shown_with_its_rule(self, inspect: Inspect) -> None:
        html = page("<p>A.</p><p>Mời quý độc giả theo dõi VOV.VN trên Facebook</p>")
        assert (
            "  body, rule call-to-follow: Mời quý độc giả theo dõi VOV.VN trên Facebook"
            in inspect("-", text=html).printed
        )
        assert {
            "rule": "call-to-follow",
            "field": "body",
            "text": "Mời quý độc giả theo dõi VOV.VN trên Facebook",
        } in inspect("--json", "-", text=html).document["stripped"]

    def test_what_would_steer_a_terminal_is_written_out(self, inspect: Inspect) -> None:
        html = page("<p>Một \x1b[2J hai</p>", h1='<h1 class="\x1b[31m\x9d0;a">Chợ \u202e nổi</h1>')
        for given in ((), ("--json",)):
            printed = inspect(*given, "-", text=html).printed
            assert {letter for letter in printed if not letter.isprintable()} == {"\n"}

    @pytest.mark.parametrize(
        ("given", "line"),
        [
            ((), "one url or file was expected, none was given"),
            (("a.html", "b.html"), "one url or file was expected, 2 were given"),
            (("nothing.html",), "cannot read 'nothing.html': No such file or directory"),
            (("/",), "cannot read '/': no regular file; right would be - for a pipe"),
            (("--url", "https://example.org/", "-"), "--url: 'https://example.org/' is no page of vov.vn"),
            (("--url", URL, URL), "--url is for a saved page; the page's own url was given already"),
            (("-s", "VOV_NOTHING=1", "-"), "unknown setting VOV_NOTHING"),
        ],
    )
    def test_a_mistake_is_one_line(self, inspect: Inspect, given: tuple[str, ...], line: str) -> None:
        ended = inspect(*given)
        assert (ended.status, ended.printed, ended.error.count("\n")) == (2, "", 1)
        assert ended.error.startswith(f"scrapy inspect: {line}")

    def test_a_pipe_is_not_waited_for(self, inspect: Inspect, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.html")
        assert inspect(str(tmp_path / "a.html")).status == 2

    @pytest.mark.parametrize("name", ["a.html", "-"])
    def test_more_than_the_limit_is_not_read(
        self, inspect: Inspect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.html").write_text(page("<p>A</p>"), encoding="utf-8")
        ended = inspect(name, text=page("<p>A</p>"), DOWNLOAD_MAXSIZE="100")
        assert (ended.status, "larger than 100 bytes" in ended.error) == (2, True)

    def test_a_text_in_no_known_encoding_has_its_reason(self, inspect: Inspect, tmp_path: Path) -> None:
        saved = tmp_path / "a.txt"
        saved.write_bytes(b"Ch\xff\xfe\xfd n\n\nB\n")
        ended = inspect("--json", str(saved))
        assert (ended.status, ended.document["reason"][:14]) == (3, "not UTF-8 text")

    def test_a_name_that_is_no_text_is_shown_all_the_same(self, inspect: Inspect, tmp_path: Path) -> None:
        name = os.fsdecode(bytes(tmp_path) + b"/a\xff.html")
        Path(name).write_text(page("<p>A.</p>"), encoding="utf-8")
        assert inspect("--json", name).document["given"].endswith("a\\udcff.html")
        assert inspect(name).status == 0

    def test_nothing_is_written(self, inspect: Inspect, tmp_path: Path) -> None:
        inspect("-", text=page("<p>A</p>"), VOV_DATABASE=str(tmp_path / "data" / "vov.sqlite"))
        assert list(tmp_path.iterdir()) == []


class TestRendering:
    def test_a_browser_that_does_not_answer_is_said_and_the_page_is_shown_as_served(self, site: SampleServer) -> None:
        story = site.site.newest[0]
        found = inspect_site(site, story.url, "--json", "--render", "splash", "-s", "SPLASH_URL=http://127.0.0.1:9")
        assert found.status == 3
        assert "no Splash listens at http://127.0.0.1:9" in found.document["rendering"]["error"]
        assert found.document["outcome"] == "article"

    def test_a_page_that_cannot_be_had_is_not_rendered(self, site: SampleServer) -> None:
        found = inspect_site(site, "https://vov.vn" + special_pages.GONE_ADDRESS, "--json", "--render")
        assert (found.document["outcome"], "rendering" in found.document) == ("gone", False)

    def test_a_page_without_a_url_of_the_newspaper_is_not_rendered(self, inspect: Inspect, tmp_path: Path) -> None:
        file = tmp_path / "page.html"
        file.write_text("<html><body><p>Trống</p></body></html>", encoding="utf-8")
        found = inspect("--json", "--render", "splash", str(file))
        assert "right would be --url" in found.document["rendering"]["error"]

    def test_a_text_is_not_rendered(self, inspect: Inspect) -> None:
        found = inspect("--render", "splash", "-", text=SAVED)
        assert "rendered by splash\n  a text has no scripts" in found.printed

    def test_an_unknown_browser_is_refused_in_one_line(self, site: SampleServer) -> None:
        found = inspect_site(site, URL, "--render", "lynx")
        assert (found.status, found.printed) == (2, "")
        assert found.error == (
            "scrapy inspect: --render: 'lynx' is unknown; right would be --render splash or --render playwright\n"
        )

    def test_what_stands_after_the_option_may_be_the_page(self, site: SampleServer) -> None:
        found = inspect_site(site, site.site.newest[0].url, "-s", "SPLASH_URL=http://127.0.0.1:9", "--json", "--render")
        assert found.document["rendering"]["engine"] == "splash"

    def test_fields_that_differ_stand_side_by_side(self) -> None:
        compared = inspecting._Comparison(
            "splash", None, 2, {"host": 1}, [("body", "Một.", "Một. Hai."), ("keywords", ["Ghe"], ["Ghe", "Sông"])]
        )
        assert inspecting._rendering_lines(compared)[1:] == [
            "rendered by splash",
            "  its scripts asked the site 2 times; blocked: host 1",
            "  field     without  with",
            "  body      Một.     Một. Hai.",
            "  keywords  1        2",
            "                     Sông",
        ]

    def test_a_page_that_no_script_changes_is_said_to_be_the_same(self) -> None:
        assert inspecting._rendering_lines(inspecting._Comparison("splash"))[-1] == "  no field differs"
