"""Crawls that share a store in PostgreSQL, and what they do when its server goes away."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

from sample_site.server import SampleServer
from sample_site.site import NOW
from tests.conftest import PROJECT, ask, environment, wait_for_requests
from tests.faults.scenarios import with_less_patience
from tests.postgresql import Server, need_server, server
from tests.stores import rows

pytestmark = pytest.mark.long

WHOLE = ("-a", "since=all", "-a", "sources=listing", "-a", "related=0")
SLOW = ("-s", "DOWNLOAD_DELAY=0.1", "-s", "DOWNLOAD_DELAY_JITTER=0", "-s", "AUTOTHROTTLE_ENABLED=0")


@dataclass
class Scene:
    """A site, a store in PostgreSQL, and crawls of the one into the other."""

    site: SampleServer
    store: str
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def start(self, feed: str | None, *given: str) -> subprocess.Popen[str]:
        """Starts a crawl, which is killed in the end if it goes on."""
        settings = {"VOV_DATABASE": self.store, "VOV_NOW": NOW.isoformat(), "VOV_MIRROR": self.site.url}
        line = [sys.executable, "-m", "scrapy", "crawl", "vov"]
        line += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        line += [*SLOW, *(("-o", str(self.folder / feed)) if feed is not None else ()), *given]
        log = self.stack.enter_context((self.folder / f"{feed}.log").open("a"))
        variables = {**environment(), **self.variables}
        started = subprocess.Popen(line, cwd=PROJECT, env=variables, stderr=log, text=True)
        self.stack.callback(_end, started)
        return started

    def log(self, feed: str | None) -> str:
        """What a crawl has said so far."""
        return (self.folder / f"{feed}.log").read_text(encoding="utf-8")

    def lines(self) -> Counter[str]:
        """How often each article stands in the feeds."""
        lines = [line for feed in self.folder.glob("*.jsonl") for line in feed.read_text("utf-8").splitlines()]
        return Counter(json.loads(line)["canonical_url"] for line in lines)

    def kept(self) -> set[str]:
        """The articles of the store."""
        return {url for (url,) in rows(self.store, "SELECT canonical_url FROM articles")}


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


@pytest.fixture
def scene(site: SampleServer, tmp_path: Path) -> Iterator[Scene]:
    """With the server that tests share."""
    store = server().new_store()
    with Scene(site, store, tmp_path) as made:
        yield made
    server().drop_store(store)


@pytest.fixture
def own() -> Iterator[Server]:
    """A server that may be stopped."""
    made = Server(need_server())
    yield made
    made.remove()


def expected(folder: Path) -> set[str]:
    """What a crawl of the same site keeps that nothing disturbs."""
    with SampleServer() as site, Scene(site, server().new_store(), folder) as scene:
        assert scene.start("alone.jsonl", *WHOLE).wait(120) == 0
        return scene.kept()


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return expected(tmp_path_factory.mktemp("alone"))


class TestSharing:
    def test_two_share_the_pages_and_each_has_a_feed(self, scene: Scene, articles: set[str]) -> None:
        first = scene.start("a.jsonl", *WHOLE)
        wait_for_requests(scene.site, 10)
        second = scene.start("b.jsonl", *WHOLE)
        assert (first.wait(120), second.wait(120)) == (0, 0)
        assert scene.kept() == articles
        assert scene.lines() == dict.fromkeys(articles, 1)
        assert "Sharing the crawl of these arguments with 1 other workers" in scene.log("b.jsonl")
        asked = Counter(request.path for request in scene.site.requests)
        assert {path for path, count in asked.items() if count > 1} <= {"/robots.txt"}
        news = rows(scene.store, "SELECT new FROM runs")
        assert len(news) == 2
        assert all(new > 0 for (new,) in news)

    def test_a_pause_that_the_site_asks_for_holds_for_all(self, scene: Scene) -> None:
        first, second = scene.start("a.jsonl", *WHOLE), scene.start("b.jsonl", *WHOLE)
        wait_for_requests(scene.site, 30)
        busy = scene.site.site.listings["the-thao"][0].address
        scene.site.answer(busy, status=503, headers={"Retry-After": "4"}, times=1)
        assert (first.wait(120), second.wait(120)) == (0, 0)
        (at, *_) = (request.at for request in scene.site.requests if request.status == 503)
        assert not [request.path for request in scene.site.requests if at < request.at < at + 3.9]

    def test_one_that_does_not_share_refuses_company(self, scene: Scene) -> None:
        first = scene.start("a.jsonl", *WHOLE, "-s", "VOV_WORKERS_SHARE=0")
        wait_for_requests(scene.site, 5)
        second = scene.start("b.jsonl", *WHOLE)
        assert second.wait(60) == 75
        assert "another crawl holds the store" in scene.log("b.jsonl")
        assert first.poll() is None

    def test_fresh_does_not_forget_what_others_are_at(self, scene: Scene) -> None:
        first = scene.start("a.jsonl", *WHOLE)
        wait_for_requests(scene.site, 5)
        assert scene.start("b.jsonl", *WHOLE, "-a", "fresh=1").wait(60) == 75
        assert first.poll() is None

    def test_a_feed_that_another_worker_writes_is_refused(self, scene: Scene) -> None:
        scene.start("a.jsonl", *WHOLE)
        wait_for_requests(scene.site, 5)
        assert scene.start("a.jsonl", *WHOLE).wait(60) == 2
        assert f"another worker writes to the feed {scene.folder / 'a.jsonl'}" in scene.log("a.jsonl")

    def test_all_that_are_at_work_are_shown(self, scene: Scene) -> None:
        first, second = scene.start("a.jsonl", *WHOLE), scene.start("b.jsonl", *WHOLE)
        wait_for_requests(scene.site, 25)
        first.kill()
        first.wait()
        ended = ask("runs", scene.store, "--json")
        assert sorted(json.loads(line)["ended"] for line in ended.stdout.splitlines()) == ["going on", "killed"]
        assert second.poll() is None


def restart(server: Server) -> None:
    server.stop()
    time.sleep(2)
    server.start()


def crash(server: Server) -> None:
    server.stop("immediate")
    time.sleep(1)
    server.start()


def cut(server: Server) -> None:
    for _ in range(2):
        server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vovcrawl'")
        time.sleep(3)


class TestServer:
    @pytest.mark.parametrize("fault", [restart, crash, cut])
    def test_a_crawl_waits_for_it_and_goes_on(
        self, own: Server, site: SampleServer, tmp_path: Path, articles: set[str], fault: Callable[[Server], None]
    ) -> None:
        with Scene(site, own.new_store(), tmp_path) as scene:
            workers = [scene.start(feed, *WHOLE) for feed in ("a.jsonl", "b.jsonl")]
            wait_for_requests(site, 40)
            fault(own)
            assert [worker.wait(120) for worker in workers] == [0, 0]
            assert scene.kept() == articles
            assert scene.lines() == dict.fromkeys(articles, 1)
            assert "The store's server answers again: resumed" in scene.log("a.jsonl")
            # Nobody was killed.
            assert rows(scene.store, "SELECT count(*) FROM pages WHERE kills > 0") == [(0,)]

    def test_one_that_stays_away_ends_it_with_6(
        self, own: Server, site: SampleServer, tmp_path: Path, articles: set[str]
    ) -> None:
        with Scene(site, own.new_store(), tmp_path) as scene:
            scene.variables = {"PYTHONPATH": str(with_less_patience(tmp_path))}
            crawl = scene.start("a.jsonl", *WHOLE)
            wait_for_requests(site, 40)
            own.stop()
            assert crawl.wait(60) == 6
            own.start()
            assert scene.start("a.jsonl", *WHOLE).wait(120) == 0
            assert scene.kept() == articles
            assert scene.lines() == dict.fromkeys(articles, 1)

    def test_a_signal_ends_the_waiting(self, own: Server, site: SampleServer, tmp_path: Path) -> None:
        with Scene(site, own.new_store(), tmp_path) as scene:
            crawl = scene.start("a.jsonl", *WHOLE)
            wait_for_requests(site, 20)
            own.stop()
            deadline = time.monotonic() + 30
            while "Waiting for the store's server" not in scene.log("a.jsonl"):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            crawl.send_signal(signal.SIGTERM)
            assert crawl.wait(15) == 143

    def test_a_full_disk_ends_it_with_6_and_loses_nothing(
        self, site: SampleServer, tmp_path: Path, articles: set[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # A path that a socket's name has room for.
        small = Path(tempfile.mkdtemp(prefix="small-"))
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160M", "tmpfs", str(small)], check=False).returncode:
            small.rmdir()
            pytest.skip("needs the right to mount a small file system")
        small.chmod(0o711)
        monkeypatch.setattr(tempfile, "tempdir", str(small))
        made = None
        try:
            made = Server(need_server())
            with Scene(site, made.new_store(), tmp_path) as scene:
                scene.variables = {"PYTHONPATH": str(with_less_patience(tmp_path))}
                crawl = scene.start("a.jsonl", *WHOLE)
                wait_for_requests(site, 40)
                ballast = small / "ballast"
                with suppress(OSError), ballast.open("wb") as file:
                    while True:
                        file.write(bytes(65_536))
                        file.flush()
                assert crawl.wait(120) == 6
                ballast.unlink()
                # It may have crashed over it.
                time.sleep(1)
                with suppress(AssertionError):
                    made.start()
                assert scene.start("a.jsonl", *WHOLE).wait(120) == 0
                assert scene.kept() == articles
                assert scene.lines() == dict.fromkeys(articles, 1)
        finally:
            if made is not None:
                made.remove()
            subprocess.run(["umount", "-l", str(small)], check=True)
            small.rmdir()
