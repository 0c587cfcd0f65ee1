"""`scrapy copy`, with stores of real crawls: what is left of a crawl moves with its store."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sample_site.server import SampleServer
from tests.conftest import PROJECT, ask, command, environment, run_line, wait_for_requests
from tests.postgresql import server
from tests.store.dumped import records
from tests.stores import change, rows, tables
from vovcrawl.store import open_database

pytestmark = [pytest.mark.long, pytest.mark.sqlite("names stores in both databases by itself")]

GIVEN = ("sections=xa-hoi,kinh-te", "since=all", "related=0")
KINDS = ["sqlite", "postgresql"]

New = Callable[[str], str]
"""Makes the name of a store of a kind, where nothing is yet."""


@pytest.fixture
def new(tmp_path: Path) -> Iterator[New]:
    made: list[str] = []
    names = iter("abcdefgh")

    def name(kind: str) -> str:
        made.append(server().new_store() if kind == "postgresql" else str(tmp_path / f"{next(names)}.sqlite"))
        return made[-1]

    yield name
    for store in made:
        if "://" in store:
            server().drop_store(store)


def line_of(site: SampleServer, store: str, folder: Path, *more: str) -> list[str]:
    """The command line of the crawl into a store."""
    folder.mkdir(exist_ok=True)
    return command(folder, site.url, (*GIVEN, "-s", f"VOV_DATABASE={store}", *more))


def begun(site: SampleServer, store: str, folder: Path) -> subprocess.Popen[str]:
    """A crawl that is in the middle."""
    site.requests.clear()
    line = line_of(site, store, folder, "-s", "DOWNLOAD_DELAY=0.1")
    running = subprocess.Popen(line, cwd=PROJECT, env=environment(), stderr=subprocess.DEVNULL, text=True)
    wait_for_requests(site, 8)
    return running


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The store of a crawl that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    with SampleServer() as site:
        run_line(line_of(site, str(folder / "vov.sqlite"), folder)).check_returncode()
    return str(folder / "vov.sqlite")


@pytest.mark.parametrize(("before", "after"), [KINDS, KINDS[::-1]], ids=["to-postgresql", "to-sqlite"])
@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "going-on"])
def test_a_crawl_goes_on_in_the_copy_where_the_store_stood(
    site: SampleServer, new: New, tmp_path: Path, whole: str, before: str, after: str, is_killed: bool
) -> None:
    source, target = new(before), new(after)
    running = begun(site, source, tmp_path / "first")
    if is_killed:
        running.kill()
        running.wait(30)
    copied = ask("copy", source, target)
    running.kill()
    running.wait(30)
    assert (copied.returncode, copied.stderr) == (0, "")
    known = {url for (url,) in rows(target, "SELECT canonical_url FROM articles")}
    visited = {url for (url,) in rows(target, "SELECT url FROM pages WHERE state = 'done' AND kind = 'article'")}
    assert 0 < len(known) < len(records(whole))
    site.requests.clear()
    resumed = run_line(line_of(site, target, tmp_path / "second", "-s", "VOV_REVISIT=0d"))
    assert resumed.returncode == 0
    assert "Resuming" in resumed.stderr
    assert records(target) == records(whole)
    assert visited & {f"https://vov.vn{request.path}" for request in site.requests} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_compared_is_shown(new: New, whole: str, kind: str) -> None:
    target = new(kind)
    copied = ask("copy", whole, target)
    assert (copied.returncode, copied.stderr) == (0, "")
    head, *lines, last = copied.stdout.splitlines()
    assert head.split() == ["table", "rows", "hash", "copy"]
    shown = {line.split()[0]: line.split()[1] for line in lines}
    assert shown["articles"] == f"{len(records(whole)):,}"
    assert all(line.endswith("  the same") for line in lines)
    assert whole in last
    assert records(target) == records(whole)


def test_what_was_compared_is_shown_as_json(new: New, whole: str) -> None:
    target = new("postgresql")
    copied = ask("copy", whole, target, "--json")
    report = json.loads(copied.stdout)
    assert (report["source"], report["target"], report["same"]) == (whole, target, True)
    of_articles = next(table for table in report["tables"] if table["name"] == "articles")
    assert of_articles["rows"] == of_articles["copied_rows"] == len(records(whole))
    assert of_articles["hash"] == of_articles["copied_hash"]


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ([], 2, "one store to make is to be named"),
        (["a.sqlite", "b.sqlite"], 2, "one store to make is to be named"),
        ([""], 2, "one store to make is to be named"),
        (["mysql://127.0.0.1/vov"], 6, "right would be a path, sqlite:///... or postgresql://"),
        (["nowhere/a.sqlite"], 6, "there is no folder"),
        (["SELF"], 2, "onto itself"),
        (["THERE"], 2, "--force"),
        (["HELD", "--force"], 75, "another crawl holds the store"),
    ],
)
def test_what_cannot_be_copied_is_said_in_one_line(
    new: New, whole: str, tmp_path: Path, given: list[str], status: int, said: str
) -> None:
    there, held = new("sqlite"), new("sqlite")
    open_database(there).close()
    holder = open_database(held)
    before = sorted(tmp_path.iterdir())
    names = {"SELF": whole, "THERE": there, "HELD": held, "nowhere/a.sqlite": str(tmp_path / "nowhere" / "a.sqlite")}
    refused = ask("copy", whole, *(names.get(one, one) for one in given))
    assert (refused.returncode, refused.stdout) == (status, "")
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before
    holder.close()


def test_a_password_is_not_shown(whole: str) -> None:
    refused = ask("copy", whole, "postgresql://vov:mat-khau@127.0.0.1:1/vov")
    assert refused.returncode == 6
    assert "mat-khau" not in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_what_cannot_be_held_leaves_nothing(new: New, whole: str) -> None:
    source = new("sqlite")
    assert ask("copy", whole, source).returncode == 0
    change(source, "UPDATE related SET headline = char(27) || '[2J' || char(0) WHERE position = 0")
    target = new("postgresql")
    refused = ask("copy", source, target)
    assert (refused.returncode, refused.stdout) == (6, "")
    assert "related: https://vov.vn/" in refused.stderr
    assert "\x1b" not in refused.stderr
    assert tables(target) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_signal_ends_a_copy_and_leaves_nothing(new: New, whole: str, tmp_path: Path, kind: str) -> None:
    target = new(kind)
    line = [sys.executable, "-m", "scrapy", "copy", "-s", f"VOV_DATABASE={whole}", target]
    slow = {"PYTHONPATH": str(slowing(tmp_path))}
    running = subprocess.Popen(
        line, cwd=PROJECT, env={**environment(), **slow}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "copying").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in said
    if kind == "postgresql":
        assert tables(target) == set()
    else:
        assert [path.name for path in tmp_path.iterdir() if "sqlite" in path.name] == []


def slowing(folder: Path) -> Path:
    """A folder for `PYTHONPATH` whose module has each copy say that it has begun, and wait."""
    added = folder / "added"
    added.mkdir()
    (added / "sitecustomize.py").write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {str(PROJECT)!r})\n"
        "if 'copy' in sys.argv or 'copy' in sys.orig_argv:\n"
        "    from vovcrawl.store import table_rows\n"
        "    before = table_rows.Digest.add\n"
        "    def add(self, row):\n"
        f"        Path({str(folder / 'copying')!r}).touch()\n"
        "        time.sleep(0.05)\n"
        "        return before(self, row)\n"
        "    table_rows.Digest.add = add\n",
        encoding="utf-8",
    )
    return added
