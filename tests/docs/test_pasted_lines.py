"""What the manual shows can be pasted: command lines, SQL and Python run on the sample site.

They run in a folder that is laid out like the project's, with a store, a feed and WARC files of the sample site in
`data/`, so that the data of this checkout stays as it is.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard

from sample_site.render_article import render_article
from sample_site.server import SampleServer
from sample_site.site import NOW
from tests.archives.warc_files import packed, response
from tests.conftest import PROJECT
from tests.docs import manual
from tests.postgresql import server

pytestmark = pytest.mark.long

NOT_RUN = {
    "apt": "installs programs",
    "make": "sets up an environment",
    "sudo": "changes the machine",
    "pip": "installs libraries",
    "--scheduler": "needs a cluster, and object storage",
    "browse": "goes on until it is stopped",
    ".venv-scrapyd/bin/scrapyd-deploy": "sends to a scrapyd: run by tests/test_scrapyd.py",
    ".venv-scrapyd/bin/scrapyd-client": "asks a scrapyd: run by tests/test_scrapyd.py",
    "curl": "asks a scrapyd: run by tests/test_scrapyd.py",
    "docker": "needs Docker",
    "createuser": "changes a server",
    "createdb": "changes a server",
    "pg_dump": "asks a server of the reader's: run by tests/commands/test_postgresql_backup.py",
    "pg_restore": "changes a server: run by tests/commands/test_postgresql_backup.py",
    "journalctl": "asks for the log of a service that is not installed here",
}
"""Words of lines that are checked in their form only, and why."""

_NOTE = re.compile(r" +# [^'\"]*$")
"""What a line says beside its command."""

SERVER = "postgresql://vovcrawl@db.example.org/vov"
"""What the manual calls the reader's own store in PostgreSQL."""

ARTICLE = "giai-tri/phim-tai-lieu-ve-doan-xiec-lang-ra-mat-khan-gia-post1315150.vov"


def lines_of(text: str) -> list[str]:
    """The lines of a block as a shell takes them: a quoted text may be longer than one."""
    found: list[str] = []
    open_line = ""
    for line in text.splitlines():
        open_line += f"{line}\n"
        try:
            words = shlex.split(open_line, comments=True)
        except ValueError:
            continue
        if words:
            found.append(_NOTE.sub("", open_line).strip())
        open_line = ""
    assert not open_line, f"a quoted text is not closed: {open_line}"
    return found


LINES = list(dict.fromkeys(line for block in manual.blocks("sh") for line in lines_of(block.text)))


def words_of(line: str) -> list[str]:
    return shlex.split(line, comments=True)


def is_run(line: str) -> bool:
    return not NOT_RUN.keys() & {*words_of(line.replace("(", " "))}


RUN = [line for line in LINES if is_run(line)]
CHECKED = [line for line in LINES if not is_run(line)]


@dataclass(frozen=True)
class Folder:
    """A folder like the project's, beside the sample site."""

    path: Path
    site: str

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as someone would who has activated the environment."""
        environment = {
            **os.environ,
            "PATH": f"{self.path / '.venv' / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.path),
            "SCRAPY_SETTINGS_MODULE": "of_the_sample_site",
        }
        return subprocess.run(
            command, cwd=self.path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    path = tmp_path_factory.mktemp("vovcrawl")
    shutil.copy(PROJECT / "scrapy.cfg", path)
    for name in ("vovcrawl", "deploy"):
        (path / name).symlink_to(PROJECT / name)
    (path / "data").mkdir()
    programs = path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, module in (("scrapy", " -m scrapy"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{module} "$@"\n')
        (programs / name).chmod(0o755)
    with SampleServer() as server:
        (path / "of_the_sample_site.py").write_text(
            "from vovcrawl.settings import *\n"
            f"VOV_MIRROR = {server.url!r}\nVOV_NOW = {NOW.isoformat()!r}\nDOWNLOAD_DELAY = 0\n"
        )
        give_files(path, server)
        made = Folder(path, server.url)
        crawled = made.run("scrapy", "crawl", "vov", "-a", "since=all", "-s", "VOV_WARC=data/warc/")
        assert crawled.returncode == 0, crawled.stderr
        shutil.copy(path / "data" / "vov.sqlite", path / "copy.sqlite")
        yield made


def give_files(path: Path, server: SampleServer) -> None:
    """The files that lines of the manual name as the reader's own."""
    (story,) = (story for story in server.site.stories.values() if story.url.endswith(ARTICLE))
    page = render_article(story, server.site)
    (path / "page.html").write_text(page, encoding="utf-8")
    (path / "saved").mkdir()
    (path / "saved" / "page.html").write_text(page, encoding="utf-8")
    (path / "dump.txt").write_text("Chợ nổi vào mùa nước\nVOV.VN - Chợ đông.\nGhe thuyền đậu kín bến.\n", "utf-8")
    (path / "data" / "warc").mkdir(parents=True, exist_ok=True)
    one = packed(response(story.url, page.encode()))
    for name in ("data/warc/a.warc.gz", "crawl.warc.gz"):
        (path / name).write_bytes(one)
    with zipfile.ZipFile(path / "more.wacz", "w") as wacz:
        wacz.writestr("archive/a.warc.gz", one)
    line = {"content": "Chợ nổi vào mùa nước\n\nGhe thuyền đậu kín bến.", "source_url": story.url}
    (path / "corpus.jsonl.zst").write_bytes(zstandard.compress(json.dumps(line).encode()))
    rule = {"name": "bye", "where": "block", "text": ["chào nhé"], "before": "Chào nhé", "after": ""}
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in rule.items())
    (path / "my-rules.toml").write_text("[[rule]]\n" + "".join(lines), encoding="utf-8")
    (path / "urls.txt").write_text(f"# of July\nhttps://vov.vn/{ARTICLE}\n", encoding="utf-8")


def parameters(*languages: str) -> list[object]:
    """The blocks of these languages, as parameters of a test."""
    return [pytest.param(block, id=block.name) for block in manual.blocks(*languages)]


@pytest.fixture
def on_server() -> Iterator[str]:
    """The url of a store in PostgreSQL that is not made yet."""
    made = server().new_store()
    yield made
    server().drop_store(made)


@pytest.mark.parametrize("line", RUN, ids=lambda line: " ".join(line.split()))
def test_a_pasted_line_runs(line: str, folder: Folder, request: pytest.FixtureRequest) -> None:
    for program in ("sqlite3", "jq"):
        if program in words_of(line) and shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    if SERVER in line:
        store = request.getfixturevalue("on_server")
        if f"copy {SERVER}" not in line:
            copied = folder.run("scrapy", "copy", store)
            assert copied.returncode == 0, copied.stderr
        line = line.replace(SERVER, store)
    ran = folder.run("bash", "-e", "-o", "pipefail", "-c", line)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("line", CHECKED, ids=lambda line: " ".join(line.split()))
def test_a_line_that_is_not_run_is_well_formed_and_names_what_is_there(line: str) -> None:
    checked = subprocess.run(["bash", "-n", "-c", line], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    words = words_of(line.replace(")", " ").replace(";", " "))
    files = [word for word in words if word.startswith(("deploy/", "requirements"))]
    assert [name for name in files if not (PROJECT / name).exists()] == []
    targets = {
        line.partition(":")[0] for line in (PROJECT / "Makefile").read_text("utf-8").splitlines() if "##" in line
    }
    assert words[0] != "make" or words[1] in targets
    given = [word.removeprefix("ARGS=") for word in words if word.startswith("ARGS=tests")]
    assert [name for names in given for name in names.split() if not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("block", parameters("sql"))
def test_a_query_is_answered(block: manual.Block, folder: Folder) -> None:
    with closing(sqlite3.connect(f"file:{folder.path / 'data' / 'vov.sqlite'}?mode=ro", uri=True)) as store:
        store.execute(block.text).fetchall()


@pytest.mark.parametrize("block", parameters("python"))
def test_python_runs(block: manual.Block, folder: Folder) -> None:
    ran = folder.run("python", "-c", block.text)
    assert ran.returncode == 0, ran.stderr


def agree(shown: object, kept: object) -> bool:
    """Whether what a page shows is what is kept, but for what it leaves out: fields, and text at a `…`."""
    if isinstance(shown, str) and isinstance(kept, str):
        return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), kept, re.DOTALL) is not None
    if isinstance(shown, dict) and isinstance(kept, dict):
        return all(name in kept and agree(value, kept[name]) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(kept, list):
        return len(shown) == len(kept) and all(map(agree, shown, kept))
    return shown == kept


@pytest.mark.parametrize("block", parameters("json"))
def test_a_record_that_is_shown_is_the_one_that_is_kept(block: manual.Block, folder: Folder) -> None:
    shown = json.loads(block.text)
    with (folder.path / "data" / "vov.jsonl").open(encoding="utf-8") as lines:
        kept = {record["canonical_url"]: record for record in map(json.loads, lines)}
    assert agree(shown, kept[shown["canonical_url"]])
    assert not agree({**shown, "headline": "Chợ nổi"}, kept[shown["canonical_url"]])


def test_the_command_of_dates_prints_what_its_page_shows(folder: Folder) -> None:
    (line,) = (line for line in RUN if "--reference" in line)
    printed = folder.run("bash", "-c", line).stdout.strip()
    assert f"`{printed}`" in manual.read(PROJECT / "docs" / "dates.md")


def test_the_runs_are_shown_under_the_heads_that_the_command_prints(folder: Folder) -> None:
    head = folder.run("scrapy", "runs", "-n", "1").stdout.splitlines()[0].split()
    assert head in [block.text.splitlines()[0].split() for block in manual.blocks("")]


def test_a_crawl_s_lines_are_among_those_that_run() -> None:
    assert sum(line.startswith("scrapy crawl vov") for line in RUN) > 5
    own = [line for line in CHECKED if re.match(r"scrapy|python|sqlite3|jq|echo", line)]
    # The one serves pages until it is stopped (tests/browse), the other needs a cluster (tests/archives).
    assert [line for line in own if line != "scrapy browse" and "--scheduler" not in line] == []


def test_no_page_of_the_manual_names_where_a_checkout_comes_from() -> None:
    assert [page.name for page in manual.PAGES if re.search(r"git clone|github\.com/vovcrawl", manual.read(page))] == []
