"""Crawls under watch: what they contacted, what they wrote, and how much memory they took."""

from __future__ import annotations

import ast
import json
import os
import socket
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sample_site.server import SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from sample_site.story import Story
from tests.conftest import PROJECT, Crawl, command, environment

MOST_MEMORY = 400
"""MB of resident memory that a crawl may reach."""

_AUDIT = Path(__file__).parent / "audit"


class Elsewhere:
    """A server on loopback that nobody is to contact."""

    def __init__(self) -> None:
        self.contacts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.contacts += 1
            connection.close()


@dataclass
class WatchedCrawl(Crawl):
    """A crawl that has ended, and what it did."""

    peak: float
    """MB of resident memory at its highest."""
    events: list[tuple[str, list[str]]]
    """Audit events with their arguments as text."""
    output: str = ""
    """What it said on stdout."""

    def contacted(self) -> set[tuple[str, int]]:
        """The addresses that it connected or sent to."""
        sent = ("socket.connect", "socket.sendto")
        found = [ast.literal_eval(what[1]) for event, what in self.events if event in sent]
        return {(str(host), int(port)) for host, port, *_ in found}

    def looked_up(self) -> set[str]:
        """The names of hosts that it asked the resolver for."""
        names = {what[0] for event, what in self.events if event.startswith("socket.get")}
        return names - {"127.0.0.1", "None"}

    def started(self) -> list[list[str]]:
        """The programs that it started, but the one that Python's `platform` asks for the machine's name."""
        programs = [what for event, what in self.events if event.startswith(("subprocess", "os."))]
        return [program for program in programs if program[0] != "uname"]

    def written(self) -> set[str]:
        """The files that it opened to write, by Python; SQLite opens its own."""
        return {what[0] for event, what in self.events if event == "open"}

    def page(self, address: str) -> tuple[str, str | None, str | None]:
        """State, outcome and reason of a page in the store."""
        (row,) = self.rows("SELECT state, outcome, reason FROM pages WHERE url = ?", address)
        return row[0], row[1], row[2]

    def stays_at(self, site: SampleServer) -> bool:
        """Whether it contacted the site's server and nothing else, and asked for no name."""
        return self.contacted() == {("127.0.0.1", int(site.url.rpartition(":")[2]))} and not self.looked_up()


def crawl_watched(folder: Path, mirror: str | None, *given: str, own: dict[str, str] | None = None) -> WatchedCrawl:
    """Runs `scrapy crawl vov` and watches it; `own` goes to its environment."""
    log = folder / "audit.jsonl"
    variables = {**environment(), "AUDIT_LOG": str(log), **(own or {})}
    variables["PYTHONPATH"] = f"{_AUDIT}{os.pathsep}{variables['PYTHONPATH']}"
    # Whatever does not go to the mirror would go to a proxy of the user's.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        variables.setdefault(name, "")
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(command(folder, mirror, given), cwd=PROJECT, env=variables, stdout=out, stderr=err)
        killer = threading.Timer(240, process.kill)
        killer.start()
        try:
            process.wait()
        finally:
            killer.cancel()
    events = [(line[0], line[1]) for line in map(json.loads, log.read_text().splitlines())]
    (peak,) = (int(what[0]) for event, what in events if event == "peak")
    return WatchedCrawl(
        process.returncode,
        (folder / "err").read_bytes().decode("utf-8", "surrogateescape"),
        folder,
        peak / 1024,
        events,
        (folder / "out").read_text(encoding="utf-8", errors="surrogateescape"),
    )


def healthy(site: SampleServer, count: int = 5) -> list[Story]:
    """Articles of the site that are as they should be."""
    allowed = [story for story in site.site.newest if not story.address.startswith(FORBIDDEN_FOLDER)]
    return [story for story in allowed if not story.traps and story.template != "aspnet"][:count]
