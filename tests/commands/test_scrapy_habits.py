"""What a user of Scrapy does out of habit: its other commands, spiders of the user's own, scripts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests.conftest import PROJECT, run_line

pytestmark = pytest.mark.long

ARTICLE = "https://vov.vn/giai-tri/phim-tai-lieu-ve-doan-xiec-lang-ra-mat-khan-gia-post1315150.vov"
HEADLINE = "Phim tài liệu về đoàn xiếc làng ra mắt khán giả"


class Folder:
    """A project's folder, with the sample site in the newspaper's place."""

    def __init__(self, path: Path, site: SampleServer) -> None:
        self.path = path
        self.site = site

    def run(self, *given: str, mirror: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command of Scrapy, and how it ended."""
        settings = [
            f"VOV_MIRROR={mirror or self.site.url}",
            f"VOV_NOW={NOW.isoformat()}",
            "DOWNLOAD_DELAY=0",
            "RETRY_TIMES=0",
        ]
        options = [part for setting in settings for part in ("-s", setting)]
        return self.ran(sys.executable, "-m", "scrapy", *given, *options)

    def ran(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A program, and how it ended."""
        return run_line(command, {"BROWSER": "true"}, self.path)

    def kept(self) -> dict[str, bytes]:
        """Every file below the folder, but what Python compiles."""
        files = (path for path in self.path.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return {str(path.relative_to(self.path)): path.read_bytes() for path in files}

    def articles(self) -> int:
        """Lines of the feed."""
        return len((self.path / "data" / "vov.jsonl").read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def served() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture(scope="module")
def unfinished(served: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A folder of this project with a crawl that was stopped half way."""
    path = tmp_path_factory.mktemp("project")
    shutil.copy(PROJECT / "scrapy.cfg", path)
    folder = Folder(path, served)
    stopped = folder.run("crawl", "vov", "-a", "since=all", "-s", "CLOSESPIDER_PAGECOUNT=9")
    assert stopped.returncode == 3, stopped.stderr
    return folder


class TestCommandsThatCrawlNothing:
    """They work as in any project, and leave the store of an unfinished crawl as it is."""

    @pytest.mark.parametrize(
        ("command", "shown"),
        [
            (("fetch", ARTICLE), HEADLINE),
            (("fetch", "--spider=vov", ARTICLE), HEADLINE),
            (("view", ARTICLE), ""),
            (("list",), "vov\n"),
            (("parse", "--pipelines", "-d", "2", ARTICLE), HEADLINE),
            (("parse", "https://vov.vn/the-thao"), "<GET https://vov.vn/the-thao/"),
            (("parse", "https://vov.vn/sitemaps/2026/7/article.xml"), f"<GET {ARTICLE}>"),
            (("shell", ARTICLE, "-c", "[one.value for one in article.time_expressions]"), "2026-07-17"),
            (("shell", "./scrapy.cfg", "-c", "response.text"), "vovcrawl.settings"),
            (("check",), ""),
            (("check", "-l"), "vov\n  * parse"),
            (("bench", "-s", "CLOSESPIDER_TIMEOUT=1"), ""),
        ],
        ids=lambda value: " ".join(value)[:50] if isinstance(value, tuple) else "",
    )
    def test_they_work_and_the_store_stays_as_it_is(
        self, unfinished: Folder, command: tuple[str, ...], shown: str
    ) -> None:
        before = unfinished.kept()
        ended = unfinished.run(*command)
        assert ended.returncode == 0, ended.stderr
        assert "Traceback" not in ended.stderr
        assert shown in ended.stdout
        assert unfinished.kept() == before

    def test_parse_says_in_a_line_that_a_page_holds_no_article(self, unfinished: Folder) -> None:
        ended = unfinished.run("parse", "https://vov.vn/robots.txt")
        assert "No article, and nothing that leads to one: https://vov.vn/robots.txt" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_an_address_of_nobody_is_fetched_as_in_any_project(self, unfinished: Folder) -> None:
        ended = unfinished.run("fetch", f"{unfinished.site.url}/robots.txt")
        assert "User-agent" in ended.stdout

    def test_the_crawl_is_resumed_after_all_of_them(self, unfinished: Folder) -> None:
        unfinished.run("shell", ARTICLE, "-c", "article")
        ended = unfinished.run("crawl", "vov", "-a", "since=all")
        assert ended.returncode == 0, ended.stderr
        assert "Resuming the unfinished crawl" in ended.stderr


@pytest.fixture
def other(served: SampleServer, tmp_path: Path) -> Folder:
    """A project of the user's own, as `scrapy startproject` makes it, with a subclass and a spider of another site."""
    folder = Folder(tmp_path, served)
    made = folder.ran(sys.executable, "-m", "scrapy", "startproject", "other", ".")
    assert made.returncode == 0, made.stderr
    spiders = tmp_path / "other" / "spiders"
    (spiders / "mine.py").write_text(
        "from vovcrawl.spiders.vov import VovSpider\n\n\nclass Mine(VovSpider):\n    name = 'mine'\n", "utf-8"
    )
    (spiders / "others.py").write_text(
        "import scrapy\n\n\n"
        "class Others(scrapy.Spider):\n"
        "    name = 'others'\n"
        f"    start_urls = ['{served.url}/robots.txt']\n\n"
        "    def parse(self, response):\n"
        "        yield {'length': len(response.body)}\n",
        "utf-8",
    )
    return folder


def take_settings_over(folder: Folder) -> None:
    """Begins the project's settings with this project's."""
    settings = folder.path / "other" / "settings.py"
    own = "SPIDER_MODULES = ['other.spiders']\nNEWSPIDER_MODULE = 'other.spiders'\n"
    settings.write_text(f"from vovcrawl.settings import *\n{own}", "utf-8")


NOBODY = "http://127.0.0.1:1"


class TestAnotherProject:
    """A subclass of `VovSpider` brings all that it needs."""

    def test_its_articles_are_kept_beside_its_own_project(self, other: Folder) -> None:
        ended = other.run("crawl", "mine", "-a", "since=all")
        assert ended.returncode == 0, ended.stderr
        assert other.articles() > 80
        assert (other.path / "data" / "vov.sqlite").exists()

    def test_it_stays_polite(self, other: Folder) -> None:
        asked = len(other.site.requests)
        other.run("crawl", "mine", "-a", f"urls={ARTICLE}")
        robots, article = other.site.requests[asked:]
        assert robots.path == "/robots.txt"
        assert "vovcrawl/" in article.headers["user-agent"]

    @pytest.mark.parametrize("takes_over", [False, True], ids=["own settings", "settings taken over"])
    def test_a_wrong_argument_is_one_line_and_status_2(self, other: Folder, takes_over: bool) -> None:
        if takes_over:
            take_settings_over(other)
        feed = other.path / "kept.jsonl"
        feed.write_text("{}\n", "utf-8")
        ended = other.run("crawl", "mine", "-a", "since=gestern", "-O", "kept.jsonl", "-L", "ERROR")
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
        assert ended.stderr.startswith("scrapy crawl: -a since: 'gestern'")
        assert feed.read_text("utf-8") == "{}\n"
        assert not (other.path / "data").exists()

    @pytest.mark.parametrize("takes_over", [False, True], ids=["own settings", "settings taken over"])
    def test_a_site_that_is_not_there_is_status_5(self, other: Folder, takes_over: bool) -> None:
        if takes_over:
            take_settings_over(other)
        assert other.run("crawl", "mine", mirror=NOBODY).returncode == 5

    def test_a_spider_of_another_site_keeps_nothing_in_the_store(self, other: Folder) -> None:
        take_settings_over(other)
        ended = other.run("crawl", "others", "-O", "others.json")
        assert ended.returncode == 0, ended.stderr
        assert json.loads((other.path / "others.json").read_text("utf-8"))[0]["length"] > 0
        assert not (other.path / "data").exists()

    def test_an_unknown_spider_is_refused_with_those_that_are_there(self, other: Folder) -> None:
        take_settings_over(other)
        ended = other.run("crawl", "vo")
        assert ended.returncode == 2
        assert ended.stderr == "scrapy crawl: unknown spider 'vo'; the project has mine, others\n"


class TestRunspider:
    """A file with a subclass is crawled as by `scrapy crawl`."""

    @pytest.fixture
    def file(self, unfinished: Folder) -> str:
        (unfinished.path / "mine.py").write_text(
            "from vovcrawl.spiders.vov import VovSpider\n\n\nclass Mine(VovSpider):\n    name = 'mine'\n"
            "    custom_settings = {'VOV_DATABASE': 'mine.sqlite'}\n",
            "utf-8",
        )
        return "mine.py"

    def test_its_articles_are_kept_where_the_spider_says(self, unfinished: Folder, file: str) -> None:
        ended = unfinished.run("runspider", file, "-a", f"urls={ARTICLE}")
        assert ended.returncode == 0, ended.stderr
        assert (unfinished.path / "mine.jsonl").read_text("utf-8").count("\n") == 1

    @pytest.mark.parametrize(
        ("given", "status"),
        [(("-a", "nothing=1"), 2), (("-s", "VOV_MIRROR=nowhere"), 2), (("-s", "VOV_DATABASE=/dev/null/x"), 6)],
    )
    def test_it_is_refused_as_by_crawl(
        self, unfinished: Folder, file: str, given: tuple[str, ...], status: int
    ) -> None:
        ended = unfinished.ran(sys.executable, "-m", "scrapy", "runspider", file, *given)
        assert (ended.returncode, ended.stderr.count("\n")) == (status, 1), ended.stderr

    def test_a_site_that_is_not_there_is_status_5(self, unfinished: Folder, file: str) -> None:
        assert unfinished.run("runspider", file, "-a", "since=1d", mirror=NOBODY).returncode == 5


class TestScripts:
    """`CrawlerProcess` needs no settings of this project."""

    def script(self, folder: Folder, arguments: str) -> subprocess.CompletedProcess[str]:
        text = f"""
import sys
from scrapy.crawler import CrawlerProcess
from vovcrawl.spiders.vov import VovSpider

process = CrawlerProcess({{"VOV_MIRROR": {folder.site.url!r}, "DOWNLOAD_DELAY": 0, "VOV_NOW": {NOW.isoformat()!r}}})
crawler = process.create_crawler(VovSpider)
process.crawl(crawler, {arguments})
process.start()
sys.exit(1 if process.bootstrap_failed else crawler.stats.get_value("vov/exit_status"))
"""
        return folder.ran(sys.executable, "-c", text)

    def test_the_articles_are_kept_in_the_current_folder(self, served: SampleServer, tmp_path: Path) -> None:
        folder = Folder(tmp_path, served)
        ended = self.script(folder, 'since="all"')
        assert ended.returncode == 0, ended.stderr
        assert folder.articles() > 50

    def test_a_wrong_argument_is_an_error_that_says_so(self, served: SampleServer, tmp_path: Path) -> None:
        ended = self.script(Folder(tmp_path, served), 'since="gestern"')
        assert ended.returncode == 1
        assert "ArgumentError: -a since: 'gestern'" in ended.stderr
