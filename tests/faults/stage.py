"""What a scenario of a fault has to do with: a site, the pages of a crawl, and where the crawl keeps what it finds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sample_site.expected import expected_record
from sample_site.server import Answer, Misdeed, RequestRecord, SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from tests.conftest import Crawl, command, run_line
from tests.stores import store_at
from vovcrawl.visits import State

VOV = "https://vov.vn"


def as_urls(paths: list[str]) -> str:
    """The argument that names these pages."""
    return "urls=" + ",".join(VOV + path for path in paths)


@dataclass
class Ended(Crawl):
    """A crawl that has ended, whose store and feed may lie apart."""

    kept: Path
    fed: Path

    @property
    def store(self) -> str:
        return store_at(self.kept)

    def records(self) -> list[dict[str, Any]]:
        """The lines of the feed."""
        return [json.loads(line) for line in self.fed.read_text(encoding="utf-8").splitlines()]


@dataclass
class Stage:
    """A crawl to come, of four articles unless the scenario says otherwise; the third, `bad`, is the one at fault."""

    site: SampleServer
    elsewhere: SampleServer
    """Another server, where nothing must be asked for."""
    folder: Path
    closing: Callable[[Callable[[], object]], object]
    """Has something called when the scenario is over."""
    given: tuple[str, ...] = ()
    page: str = ""
    """The path of the page at fault."""
    healthy: set[str] = field(default_factory=set)
    """Urls of the articles that must be kept."""
    prefix: tuple[str, ...] = ()
    """What runs the command."""
    environment: dict[str, str] = field(default_factory=dict)
    mirror: str | None = None
    requests_seen: bool = True
    """Whether the server sees the requests; else the crawl's own count is taken, see `count_by_log`."""
    mend: Callable[[], object] = lambda: None
    """Ends the fault, beside what the site answers."""
    afterwards: Callable[[Ended], bool] = lambda ended: True
    """What must hold of the crawl beside its row."""

    state: State | None = None
    """The state in which the page at fault is left, where it does not follow from the outcome."""
    apart: Path | None = None
    """The folder of a file system of its own, to be copied to `copied` after a crawl."""

    def __post_init__(self) -> None:
        self.store = self.folder / "vov.sqlite"
        self.feed = self.folder / "vov.jsonl"
        self.stories = [
            expected_record(story, self.site.site)["canonical_url"].removeprefix(VOV)
            for story in self.site.site.newest
            if FORBIDDEN_FOLDER not in f"/{story.path}/" and story.template != "aspnet" and story.kind == "article"
        ]
        self.bad = self.stories[2]
        self.crawl_stories(self.stories[:4])
        self.page = self.bad
        self.mirror = self.site.url

    def crawl_stories(self, paths: list[str]) -> None:
        """Makes the crawl one of these pages, all but `bad` to be kept."""
        self.given = (as_urls(paths),)
        self.healthy = {VOV + path for path in paths if path != self.bad}

    def answer(self, status: int, body: str = "lỗi", **headers: str) -> None:
        """Has the page at fault answered so."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.site.answer(self.page, status=status, body=body, headers=named)

    def misdo(self, misdeed: Misdeed) -> None:
        """Has this done to the connection whenever the page at fault is asked for."""
        self.site.answer(self.page, lambda request: misdeed)

    def when_asked(self, act: Callable[[], object]) -> None:
        """Has something happen when the page at fault is asked for first, before the site's own response."""

        def acting(request: RequestRecord) -> Answer | None:
            act()
            return None

        self.site.answer(self.page, acting, times=1)

    def count_by_log(self) -> None:
        """Has the crawl say how often it asked, where no server is there to count."""
        self.requests_seen = False
        self.options(LOG_LEVEL="DEBUG")

    def options(self, **settings: object) -> None:
        """Gives the crawl settings."""
        self.given += tuple(part for name, value in settings.items() for part in ("-s", f"{name}={value}"))

    def run(self) -> Ended:
        """Crawls."""
        ended = run_line([*self.prefix, *command(self.folder, self.mirror, self.given)], self.environment)
        if self.apart is not None:
            # SQLite takes the way into another file system for a link, and follows it to nowhere.
            shutil.copytree(self.apart, self.folder / "copied", dirs_exist_ok=True)
        return Ended(ended.returncode, ended.stderr, self.folder, self.store, self.feed)
