"""No secret of the user's is shown or kept: in no message, log, list of runs or store, nor in any other file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import ask, command, run_line
from tests.hostile.watching import healthy

pytestmark = pytest.mark.long

SECRET = "kingfisher-4711"
REFUSED = {
    "store": f"postgresql://user:{SECRET}@127.0.0.1:9/db?sslpassword={SECRET}",
    "store of no kind": f"foosql://user:{SECRET}@127.0.0.1/db?password={SECRET}",
    "store with a wrong port": f"postgresql://user:{SECRET}@127.0.0.1:port/db",
}


def places_of(secret: str, said: subprocess.CompletedProcess[str], folder: Path) -> list[str]:
    """Where a secret is to be seen."""
    texts = {"stdout": said.stdout.encode(), "stderr": said.stderr.encode()}
    texts |= {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [name for name, text in texts.items() if secret.encode() in text]


def run(line: list[str], **own: str) -> subprocess.CompletedProcess[str]:
    return run_line(line, own)


class Scene:
    """A crawl that was given secrets wherever it takes any, and the list of its runs."""

    def __init__(self, site: SampleServer, folder: Path) -> None:
        self.folder = folder
        self.sent = site.requests
        feeds = {f"ftp://user:{SECRET}@127.0.0.1:9/a.jsonl": {"format": "jsonl"}}
        options = ("LOG_LEVEL=DEBUG", f"FTP_PASSWORD={SECRET}", f"AWS_SECRET_ACCESS_KEY={SECRET}")
        given = [part for option in (*options, f"FEEDS={json.dumps(feeds)}") for part in ("-s", option)]
        mirror = site.url.replace("//", f"//user:{SECRET}@")
        urls = f"urls={healthy(site, 1)[0].url}?token={SECRET}"
        line = command(folder, mirror, (urls, *given, "-o", str(folder / "vov.jsonl")))
        # The feed that cannot be written gives a traceback.
        self.crawl = run(line, http_proxy=f"http://user:{SECRET}@127.0.0.1:9")
        self.runs = ask("runs", folder / "vov.sqlite", "--json")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with SampleServer() as server:
        yield Scene(server, tmp_path_factory.mktemp("secrets"))


def test_a_crawl_shows_and_keeps_no_secret(scene: Scene) -> None:
    assert not places_of(SECRET, scene.crawl, scene.folder)
    assert "'FTP_PASSWORD': '***'" in scene.crawl.stderr


def test_the_list_of_runs_shows_no_secret(scene: Scene) -> None:
    assert "?token=***" in scene.runs.stdout
    assert not places_of(SECRET, scene.runs, scene.folder)


def test_a_mirror_gets_its_user_and_password_as_a_header(scene: Scene) -> None:
    assert {record.headers["authorization"] for record in scene.sent} == {"Basic dXNlcjpraW5nZmlzaGVyLTQ3MTE="}


def test_a_mirror_does_not_get_the_password_of_the_proxy(scene: Scene) -> None:
    assert scene.sent
    assert not [record for record in scene.sent if "proxy-authorization" in record.headers]


def test_a_proxy_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    proxy = f"http://user:{SECRET}@127.0.0.1:9"
    line = command(tmp_path, None, ("sections=xa-hoi", "-s", "LOG_LEVEL=DEBUG", "-s", "RETRY_TIMES=0"))
    said = run(line, http_proxy=proxy, https_proxy=proxy)
    assert said.returncode == 5
    assert not places_of(SECRET, said, tmp_path)


@pytest.mark.parametrize("store", REFUSED.values(), ids=REFUSED)
def test_a_store_that_is_refused_is_named_without_its_secrets(tmp_path: Path, store: str) -> None:
    said = run([*command(tmp_path, None, ()), "-s", f"VOV_DATABASE={store}"])
    assert (said.returncode, said.stderr.count("\n")) == (6, 1)
    assert not places_of(SECRET, said, tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        (f"urls=https://user:{SECRET}@vov.vn/xa-hoi/a-post1.vov",),
        ("sections=xa-hoi", "-s", f"VOV_MIRROR=http://user:{SECRET}@127.0.0.1/path"),
        ("sections=xa-hoi", "-o", f"ftp://user:{SECRET}@127.0.0.1/a.none"),
    ],
    ids=["url", "mirror", "feed"],
)
def test_what_is_refused_is_named_without_its_secrets(tmp_path: Path, given: tuple[str, ...]) -> None:
    said = run(command(tmp_path, None, given))
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert not places_of(SECRET, said, tmp_path)


def test_a_program_of_the_users_own_logs_no_secret(tmp_path: Path) -> None:
    program = tmp_path / "own.py"
    program.write_text(
        "from scrapy.crawler import CrawlerProcess\n"
        "from scrapy.utils.project import get_project_settings\n"
        "from vovcrawl.spiders.vov import VovSpider\n"
        "settings = get_project_settings()\n"
        f"settings.set('VOV_DATABASE', {str(tmp_path / 'vov.sqlite')!r})\n"
        "settings.set('FTP_PASSWORD', 'kingfisher' + '-4711')\n"
        "process = CrawlerProcess(settings)\n"
        f"process.crawl(VovSpider, archive={str(tmp_path / 'a.txt')!r})\n"
        "process.start()\n",
        "utf-8",
    )
    (tmp_path / "a.txt").write_text("Tin\n\nMột đoạn.\n", "utf-8")
    said = run([sys.executable, str(program)])
    assert "'FTP_PASSWORD': '***'" in said.stderr
    assert not places_of(SECRET, said, tmp_path)
