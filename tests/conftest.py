"""What tests share: the sample site on loopback, and crawls of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from scrapy import crawler as scrapy_crawler

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests.crawlers import make_crawler
from tests.fork_server import ForkServer, Started
from tests.making import Making, give_downloader
from tests.postgresql import share_server
from tests.stores import ON_POSTGRESQL, dropping_stores, open_store, rows, store_at
from vovcrawl.crawl.context import CrawlContext
from vovcrawl.store import Database

PROJECT = Path(__file__).resolve().parent.parent

# A busy machine is no defect. In CI hypothesis has a profile of its own that says the same.
if settings.get_current_profile_name() == "default":
    settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """The processes that run tests side by side share one PostgreSQL."""
    if ON_POSTGRESQL and not hasattr(config, "workerinput"):
        share_server()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is about SQLite's files alone, where stores are in PostgreSQL."""
    if not ON_POSTGRESQL:
        return
    of_files = [item for item in items if item.get_closest_marker("sqlite") is not None]
    config.hook.pytest_deselected(items=of_files)
    items[:] = [item for item in items if item.get_closest_marker("sqlite") is None]


@pytest.fixture(autouse=True)
def _stores() -> Iterator[None]:
    """Stores end with the test that has made them; those of fixtures for several tests, with the process."""
    with dropping_stores():
        yield


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new store."""
    opened = open_store(tmp_path / "a.sqlite")
    yield opened
    opened.close()


@dataclass
class Crawl:
    """A crawl that has ended."""

    status: int
    log: str
    folder: Path

    @property
    def store(self) -> str:
        """Its path, or its url."""
        return store_at(self.folder / "vov.sqlite")

    @property
    def file(self) -> Path:
        """The store in SQLite."""
        return self.folder / "vov.sqlite"

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store answers to a statement."""
        return rows(self.store, statement, *values)

    def records(self) -> list[dict[str, Any]]:
        """The lines of the feed."""
        feed = self.folder / "vov.jsonl"
        return [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]

    def addresses(self) -> set[str]:
        """The canonical urls of the articles kept."""
        return {row[0] for row in self.rows("SELECT canonical_url FROM articles")}


Crawler = Callable[..., Crawl]


def command(folder: Path, mirror: str | None, given: tuple[str, ...]) -> list[str]:
    """The command line of a crawl that keeps everything in `folder`."""
    settings = [f"VOV_DATABASE={store_at(folder / 'vov.sqlite')}", f"VOV_NOW={NOW.isoformat()}", "DOWNLOAD_DELAY=0"]
    if mirror is not None:
        settings.append(f"VOV_MIRROR={mirror}")
    options = [part for setting in settings for part in ("-s", setting)]
    if not any(part in ("-o", "-O") for part in given):
        options += ["-o", str(folder / "vov.jsonl")]
    return [sys.executable, "-m", "scrapy", "crawl", "vov", *options, *_as_options(given)]


def _as_options(given: tuple[str, ...]) -> list[str]:
    """`name=value` as `-a name=value`; whatever begins with a dash, and what follows it, as it is."""
    options: list[str] = []
    literal = False
    for part in given:
        if part.startswith("-") or literal:
            options.append(part)
            literal = part.startswith("-")
        else:
            options += ["-a", part]
    return options


def environment() -> dict[str, str]:
    """The environment of a crawl: this one, with the project importable."""
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # Whichever test of this process read the project's settings first has set it, for every project.
    others = {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}
    return {**others, "PYTHONPATH": os.pathsep.join(paths)}


_FORK_SERVER = ForkServer(environment())


def run_line(
    line: Sequence[str], own: Mapping[str, str] | None = None, cwd: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """Runs a command line to its end, `own` added to its environment; forked, where it is one of Scrapy."""
    return _FORK_SERVER.run(line, cwd, {**environment(), **(own or {})})


def start_line(line: Sequence[str], own: Mapping[str, str] | None = None, cwd: Path = PROJECT) -> Started:
    """As `run_line`, without waiting for the end."""
    return _FORK_SERVER.start(line, cwd, {**environment(), **(own or {})})


def wait_for_requests(site: SampleServer, number: int) -> None:
    """Waits until the site has been asked so often."""
    deadline = time.monotonic() + 30
    while len(site.requests) < number and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(site.requests) >= number


def ask(name: str, store: Path | str, *given: str) -> subprocess.CompletedProcess[str]:
    """What a command of the project that is no crawl says of a store, or does with it."""
    line = [sys.executable, "-m", "scrapy", name, "-s", f"VOV_DATABASE={store_at(store)}", *given]
    return run_line(line)


def kill_crawl(site: SampleServer, folder: Path, *given: str) -> None:
    """Begins a crawl and kills it when the site has been asked 8 times."""
    site.requests.clear()
    running = start_line(command(folder, site.url, (*given, "-s", "DOWNLOAD_DELAY=0.1")))
    wait_for_requests(site, 8)
    running.kill()
    running.communicate(timeout=30)


@pytest.fixture
def site() -> Iterator[SampleServer]:
    """The sample site, served on loopback."""
    with SampleServer() as server:
        yield server


@pytest.fixture
def crawl(site: SampleServer, tmp_path: Path) -> Crawler:
    """Runs `scrapy crawl vov` on the sample site; arguments as `name=value`, options as they are."""

    def run(*given: str, mirror: str | None = site.url, folder: Path = tmp_path) -> Crawl:
        ended = run_line(command(folder, mirror, given))
        return Crawl(ended.returncode, ended.stderr, folder)

    return run


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    """Makes crawlers with a downloader, of settings given."""
    contexts: list[CrawlContext] = []

    def make(**settings: object) -> scrapy_crawler.Crawler:
        crawler, context, _ = make_crawler(tmp_path, own=settings)
        contexts.append(context)
        give_downloader(crawler)
        return crawler

    yield make
    for context in contexts:
        context.close()
